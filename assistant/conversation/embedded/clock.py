"""Times of day inside a sentence: "14h30", "às 9", "meio-dia", "9 da manhã", "três e meia", "as duas da tarde".

Only what the text says; whether "às 3" is in the afternoon is judged where it is known what it is about.
"""

import re
from datetime import time

from assistant.conversation.embedded.slots import plain

SPOKEN = {
    "uma": 1, "duas": 2, "tres": 3, "quatro": 4, "cinco": 5, "seis": 6, "sete": 7, "oito": 8, "nove": 9, "dez": 10,
    "onze": 11, "doze": 12,
}  # fmt: skip
FIGURES = r"[01]?\d|2[0-3]"
ANY_HOUR = rf"{FIGURES}|{'|'.join(SPOKEN)}"
SAID_AS_HOUR = r"(?= e meia\b| (?:d[ae]|pela) (?:manha|tarde|noite|matina)\b| em ponto\b| horas?\b)"
"""What follows a number that is an hour without being called one before."""
ENDS = r"(?=\W*$|\W*[?!.,;]|,? (?:por|pra|para|ou|ta|pode|la|amanha|hoje|hj|mesmo|tem|entao|na|no|do|da|de)\b)"
"""What follows "as nove", so that "as duas pastilhas" is no time."""
TIME = re.compile(
    r"\b(?:(?P<noon>meio[ -]?dia)\b"
    rf"|(?P<h>{FIGURES})\s?(?:h(?:rs?|s|oras?)?|:)\s?(?P<m>[0-5]\d)?(?:min|h)?(?![a-z0-9])"
    rf"|[aà]s (?P<bare>{FIGURES})\b(?![/.,]\d)"
    rf"|(?:[aà]s|pras|pelas) (?P<spoken>{'|'.join(SPOKEN)})\b{ENDS}"
    rf"|(?P<number>{ANY_HOUR}){SAID_AS_HOUR})(?P<half> e meia\b)?"
)


def find_time(text: str) -> time | None:
    """The first time of day that is said; one without minutes is on the hour."""
    match = TIME.search(plain(text))
    return time_of(match) if match is not None else None


def time_of(match: re.Match[str]) -> time:
    """The time that a match of `TIME` says."""
    said = match["h"] or match["bare"] or match["spoken"] or match["number"] or "12"
    minute = 30 if match["half"] else int(match["m"] or 0)
    return time(SPOKEN.get(said) or int(said), minute)
