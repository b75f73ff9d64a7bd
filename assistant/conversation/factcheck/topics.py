"""What the words around a claim are about: the nearest cue before it in the sentence, else the nearest after it.

`topic_of` tells the topic; `fields_meant` which field a date must come from ("entregue em" is not "enviado em"). A
record that has no field of that meaning is not held to it: the word may be used more freely than the fields are named.
"""

import re
from typing import NamedTuple

from assistant.conversation.factcheck.claim import Topic

AS_USUAL = r"(?:atendemos\b|atendimento (?:e |sera |segue |fica )?(?:normal|d[ae]s? \d))"
CUES: dict[Topic, tuple[str, ...]] = {
    Topic.READY: (
        r"(?:fic\w*|estar\w*|esta|sai\w*|deix\w*) (?:\w+ )?pront\w*|pront[oa]s?\b",
        r"sai(?:ra|rao)?\b(?! (?:por|em|a|de|r\$))",
        r"entreg\w*|conclu\w*|termin\w*|finaliz\w*|liberad\w*",
        r"pode\w* (?:vir )?(?:retir|busc|peg)\w*",
    ),
    Topic.PARTS: (
        r"cheg\w*|pecas?\b|fornecedor\w*",
        r"bombas?\b|kit\b|discos?\b|pastilhas?\b|amortecedor\w*|correias?\b|sensor\w*|turbina",
    ),
    Topic.OPEN: (
        r"abr(?:e|em|imos|ir|iremos|indo)\b|reabr\w*|fech\w*|funciona\w*|horarios?\b(?! (?:livre|disponi|vag"
        r"|que (?:eu )?tenho))|expediente\w*|almoco\w*|feriados?\b",
        AS_USUAL,
        r"(?<!em )abertos?\b|(?:fica|esta|estara|oficina) aberta\b|de volta\b|(?<!por )volta(?:mos|m|r)?\b",
    ),
    Topic.HOURS: (rf"(?!{AS_USUAL})atend\w*|retorn\w*|respond\w*|equipe\b|consultor\w*|agend\w*",),
    Topic.EVENT: (
        r"envi\w*|receb\w*|pag(?:o|os|a|as|ou|amento|amentos)\b|aprov\w*|recus\w*|entrou|entrada|desde",
        r"visita\w*|troca\w*|fizemos|fez|feit[oa]s?|aberta[s]?\b|ultim\w+",
        r"garantia (?:\w+ ){0,3}(?:vai|foi|vale|valia|termin\w*|venc\w*)\b",
    ),
}
FORECAST = r"previs\w*|prazo\w*(?! d[ea] garantia)"
"""A forecast of whatever the sentence is about: a part if it names one, else the car."""
_PATTERNS = {topic: re.compile(rf"\b(?:{'|'.join(cues)})") for topic, cues in CUES.items()}


_FORECAST = re.compile(rf"\b(?:{FORECAST})")
AWAITED = re.compile(r"\b(?:aguard|esper)\w+ (?:as )?pecas\b[^a-z]{1,4}(?:com |a )?previs\w*$")
""" "Aguardando peças, previsão": of the car or of the part."""
THE_CAR = re.compile(r"\b(?:carro|veiculo|conclusao|entrega|retirada)\b")
NEW_CLAUSE = re.compile(r"(?:\be|\bmas|,|:) (?:n[oa]s? |aos? |as |ja )?$")
_OPENS = re.compile(rf"[\s,]*(?:\w+ ){{0,2}}?(?:{'|'.join(CUES[Topic.OPEN])})")
""" "Está pronto e hoje ficamos abertos até as 18h": a day that begins a clause is what its verb says."""


def topic_of(before: str, after: str) -> Topic:
    """The topic of a claim that stands between `before` and `after` in its sentence (both plain)."""
    if NEW_CLAUSE.search(before) and _OPENS.match(after):
        return Topic.OPEN
    cues = [(found.end(), topic) for topic, cue in _PATTERNS.items() for found in cue.finditer(before)]
    last = max(cues, default=(0, Topic.NONE))
    forecast = [found.end() for found in _FORECAST.finditer(before)]
    if forecast and forecast[-1] > last[0]:
        if AWAITED.search(before[: forecast[-1]]):
            return Topic.EXPECTED
        of_part = last[1] is Topic.PARTS and not THE_CAR.search(before, last[0])
        return Topic.PARTS if of_part else Topic.READY
    if cues:
        return last[1]
    following = [(found.start(), topic) for topic, cue in _PATTERNS.items() if (found := cue.search(after))]
    if found := _FORECAST.search(after):
        following.append((found.start(), Topic.READY))
    return min(following, default=(0, Topic.NONE))[1]


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
UNTIL = re.compile(r"\bate(?: as?)?\s*$")
WORDS_AFTER = 5


def fields_meant(before: str, after: str) -> tuple[str, ...]:
    """Words of the fields that a date between `before` and `after` (plain) must come from; empty when any will do."""
    cues = [(found.end(), role.fields) for role in ROLES for found in role.cue.finditer(before)]
    if OPENS_AGAIN.search(before) and CLOSED_NOW.search(before) and not UNTIL.search(before):
        cues += [(found.end(), OPENING) for found in OPENS_AGAIN.finditer(before)]
    if cues:
        return max(cues, key=lambda cue: cue[0])[1]
    near = " ".join(re.split(r"\be\b|[,;]", after)[0].split()[:WORDS_AFTER])
    return next((role.fields for role in ROLES if role.cue.search(near)), ())
