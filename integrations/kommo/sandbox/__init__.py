"""A stateful stand-in for Kommo, for the demo and the tests.

It speaks Kommo's documented formats and keeps its own state, as somebody else's system does: it imports nothing of the
product, and the product knows it only by a base URL and a token. What Kommo's documentation leaves open is marked
"assumed" beside the code that had to choose. `app.py` is the place to start reading.
"""
