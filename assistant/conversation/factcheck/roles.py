"""Which field a date must come from, by the words beside it: "entregue em" is not "enviado em".

The nearest cue before the date decides, else one right after it. A record that has no field of that meaning is not held
to it: the word may be used more freely than the fields are named.
"""

import re
from typing import NamedTuple


class Role(NamedTuple):
    """A cue and the words by which fields of its meaning are known."""

    cue: re.Pattern[str]
    fields: tuple[str, ...]


ROLES = (
    Role(re.compile(r"\bentregues?\b|\bentregamos\b|\bentregou\b|\b(?:retirou|buscou)\b"), ("deliver",)),
    Role(re.compile(r"\benvi\w+|\bmandamos\b"), ("sent",)),
    Role(re.compile(r"\bgarantia\b"), ("warranty",)),
    Role(re.compile(r"\bprevis\w*|\bchega(?:m|ra|rao)?\b|\bchegar\b"), ("expect",)),
    Role(re.compile(r"\bpag(?:o|os|a|as|ou|amento|amentos)\b|\bquitad\w+"), ("paid", "payment")),
    Role(
        re.compile(
            r"\b(?:comec|inici)(?:ou|aram)\b|\bfic(?:ou|aram) pront\w+|\bentrou (?:em (?:exec|diag|orc|serv)\w*"
            r"|na (?:fase|etapa))"
        ),
        ("since", "history"),
    ),
    Role(re.compile(r"\bpassou a\b|\b(?:aguard|esper)(?:ar|ou)\b"), ("since", "history")),
    Role(
        re.compile(
            r"\bentrou\b(?! (?:em (?:exec|diag|orc|serv)\w*|na (?:fase|etapa)))|\bdeu entrada\b|\bentrada\b"
            r"|\babert[ao]\b"
        ),
        ("opened",),
    ),
    Role(
        re.compile(r"\b(?:etapa|fase|situacao|diagnostico|execucao|aguardando)\b[^.;]*\bdesde\b"), ("since", "history")
    ),
    Role(re.compile(r"\bdesde\b"), ("since", "opened", "history")),
)
OPENING = ("next_opening",)
OPENS_AGAIN = re.compile(r"(?<!por )\bvolta(?:m|mos)?\b|\breabr\w+|\babr(?:e|imos|iremos)\b")
CLOSED_NOW = re.compile(r"\bagora\b|\bfechad[oa]s?\b|(?<!por )\bvolta(?:m|mos)?\b|\breabr\w+")
WORDS_AFTER = 5


def fields_meant(before: str, after: str) -> tuple[str, ...]:
    """Words of the fields that a date between `before` and `after` (plain) must come from; empty when any will do."""
    cues = [(found.end(), role.fields) for role in ROLES for found in role.cue.finditer(before)]
    if OPENS_AGAIN.search(before) and CLOSED_NOW.search(before):
        cues += [(found.end(), OPENING) for found in OPENS_AGAIN.finditer(before)]
    if cues:
        return max(cues, key=lambda cue: cue[0])[1]
    near = " ".join(re.split(r"\be\b|[,;]", after)[0].split()[:WORDS_AFTER])
    return next((role.fields for role in ROLES if role.cue.search(near)), ())
