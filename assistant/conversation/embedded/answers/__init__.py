"""What the embedded responder says, one module a subject.

Each answer is a function from a `Talk` (the turn, what was understood, the tools) to a `Part` of the reply: sentences
over tool results, never a fact of their own. `routing.py` says which function answers which intent; the words are
Brazilian Portuguese as a good attendant writes on WhatsApp. Nothing here writes, sends or decides for the customer.
"""
