"""Conversations that go in circles: another machine, a phone's own auto-reply, the same message again and again.

Our own same answer is `repetition.py`'s.

Pure: it judges the lines of a turn, nothing else. What a person of the shop wrote begins a new count.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby

from rapidfuzz import fuzz

from assistant.conversation.responder import Author, Line, Request

SAME_WITHIN = timedelta(minutes=10)
"""In which the same message may be answered `MOST_SAME` times: who sends it once more is a machine, or not helped."""
MOST_SAME = 3
SHORT = 12
"""Shorter texts are the same only when they are equal."""
ALIKE = 92
ASKED = 60
"""A question shorter than this is a person's, whatever it speaks of."""

AUTOMATIC = re.compile(
    r"(?:[eé]|isto [eé]|trata-se de) uma (?:mensagem|resposta) autom[aá]tica"
    r"|^\W*(?:mensagem|resposta|auto) ?(?:autom[aá]tica|resposta)\W"
    r"|n[aã]o responda (?:a )?(?:esta|essa) mensagem"
    r"|no momento n[aã]o (?:posso|podemos|consigo|conseguimos|estamos podendo) (?:te |lhe |o )?(?:atend|respond)"
    r"|no momento (?:n[aã]o estou|n[aã]o estamos|estou in|estamos in)\s?dispon[ií]ve"
    r"|(?:em breve|assim que poss[ií]vel|o mais breve poss[ií]vel|assim que puder\w*),? "
    r"(?:te |lhe )?(?:retorn|respond|entrar)\w*"
    r"|(?:retornarei|retornaremos|responderemos|entraremos em contato) (?:em breve|assim que|o mais breve)"
    r"|(?:this is an automat\w+|auto[- ]?reply|automatic reply)",
    re.IGNORECASE,
)
"""What phones and companies answer by themselves."""


class Loop(StrEnum):
    """What goes in a circle."""

    AUTO_REPLY = "auto_reply"
    SAME_MESSAGE = "same_message"


def loop_before(request: Request, stopped: bool) -> Loop | None:
    """Why a turn must not be answered, or None. `stopped`: a loop was found here before, and no person came since."""
    text, lines = request.text.strip(), _since_person(request)
    if not text:
        return None
    if is_auto_reply(text) and any(line.author is not Author.CUSTOMER for line in request.history):
        return Loop.AUTO_REPLY
    earlier = _said_by(Author.CUSTOMER, lines)
    if stopped and earlier and alike(earlier[-1][1], text):
        return Loop.SAME_MESSAGE
    since = request.now - SAME_WITHIN
    same = [said for at, said in earlier if at >= since and alike(said, text)]
    return Loop.SAME_MESSAGE if len(same) >= MOST_SAME else None


def is_auto_reply(text: str) -> bool:
    """Whether a machine wrote this by itself; "essa mensagem é automática?" is a person's question."""
    asked = text.rstrip().endswith("?") and len(text) < ASKED
    return not asked and AUTOMATIC.search(text) is not None


def alike(one: str, other: str) -> bool:
    """Whether two messages are the same but for small things; other numbers make another message."""
    first, second = _plain(one), _plain(other)
    if first == second:
        return True
    if min(len(first), len(second)) < SHORT or re.findall(r"\d+", first) != re.findall(r"\d+", second):
        return False
    return fuzz.ratio(first, second) >= ALIKE


def _since_person(request: Request) -> Sequence[Line]:
    """The history after the last message of the staff."""
    lines = list(request.history)
    last = max((place for place, line in enumerate(lines) if line.author is Author.STAFF), default=-1)
    return lines[last + 1 :]


def _said_by(author: Author, lines: Sequence[Line]) -> list[tuple[datetime, str]]:
    """What one side said, its neighbouring messages as one, with the time of the last of them."""
    runs = [(who, list(run)) for who, run in groupby(lines, key=lambda line: line.author)]
    return [(run[-1].at, "\n".join(line.text for line in run)) for who, run in runs if who is author]


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
