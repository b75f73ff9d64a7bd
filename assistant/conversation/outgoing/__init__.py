"""The last look at a text before it may be sent: nothing of other customers, of the system, or leading elsewhere.

Deterministic, and the same for every writer: embedded responder, model, desk. The fact check asks whether a statement
is true of this customer; this asks whether a text may leave the house at all, so that even a model under somebody
else's control can send no link, key, number, name or instruction of its own. START HERE: `screen.py`.

    characters.py   what has no place in a chat: control and invisible characters go, look-alike letters are refused
    addresses.py    links, pix keys, e-mails, phone and document numbers, also disguised ones
    artefacts.py    instructions, tool names, JSON, UUIDs, code
    people.py       plates and names that may be somebody else's
    screen.py       what this shop and this customer may read, and the verdict

Reads the database, writes nothing, sends nothing, and changes of a text nothing but invisible characters.
"""

from assistant.conversation.outgoing.characters import tidy
from assistant.conversation.outgoing.kinds import Forbidden, Objection
from assistant.conversation.outgoing.screen import Screen

__all__ = ["Forbidden", "Objection", "Screen", "tidy"]
