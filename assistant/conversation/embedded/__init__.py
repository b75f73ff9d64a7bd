"""The responder that needs no model and no network: what it understands, and (beside it) what it answers.

`understanding.py` is the way in. Nothing here reads the database, calls out or knows who is speaking.
"""
