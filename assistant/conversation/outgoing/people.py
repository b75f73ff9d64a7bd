"""Other people in a text: plates that are not the customer's, and words that may be somebody's name.

Whose a name is, the database knows (`integrations/workshop/customers.py`); here it is only found.
"""

import re
from collections.abc import Iterator, Sequence

from assistant.conversation.factcheck.claim import Claim
from assistant.conversation.factcheck.identifiers import OrderClaim, PlateClaim
from assistant.conversation.factcheck.reading import Reading, plain
from integrations.contact import folded_name, name_key, normal_plate

SPACED_PLATE = re.compile(
    r"(?<!\w)[a-z][\s._*/-]{1,2}[a-z][\s._*/-]{1,2}[a-z][\s._*/-]{0,3}\d[\s._*/-]{0,2}[a-z\d][\s._*/-]{0,2}\d[\s._*/-]{0,2}\d(?!\w)"
    r"|(?<!\w)[a-z]{3}[\s._*/·:-]{1,3}\d[\s._*/·-]{0,2}[a-z][\s._*/·-]{0,2}\d[\s._*/·-]{0,2}\d(?!\w)"
)
GREETING = (
    r"(?:oi+e?|ola|opa|hey|hi|hello|hola|bom dia|boa tarde|boa noite|prezad[oa]|caro|cara|sr\.?|sra\.?|senhora?|claro"
    r"|certo|entendi|perfeito|pronto|beleza|obrigad[oa]|tudo bem)"
)
ADDRESSED = re.compile(
    rf"(?:^|[.!?\n]\s*)(?:{GREETING}[\s,!]+)*(?P<name>[a-z]{{3,}})(?=\s*[,!])|\b{GREETING}[\s,]+(?P<after>[a-z]{{3,}})\b"
)
PARTICLES = frozenset({"de", "da", "do", "das", "dos", "e"})
FAR = 4
"""Words from a first name to the last one."""


def find_plates(reading: Reading, claims: Sequence[Claim]) -> Iterator[tuple[str, str]]:
    """Every plate in the text, as written and in normal form, also one that is spelled out."""
    for claim in claims:
        if isinstance(claim, PlateClaim):
            yield claim.fragment, claim.plate
    known = [(claim.start, claim.end) for claim in claims if isinstance(claim, PlateClaim | OrderClaim)]
    for match in SPACED_PLATE.finditer(reading.without(known).plain):
        plate = normal_plate(re.sub(r"[^a-z\d]", "", match.group()))
        if plate is not None:
            yield reading.text[match.start() : match.end()], plate


def full_names(text: str) -> frozenset[str]:
    """`name_key`s of every run of words that may be a full name: two neighbours, or capitals further apart."""
    found: set[str] = set()
    for part in re.split(r"[.,;:!?\n()*\"“”]+", text):
        words = re.findall(r"[^\W\d_]+", part)
        for at, first in enumerate(words):
            for last in range(at + 1, min(at + FAR + 1, len(words))):
                if last == at + 1 or _capitals(words[at : last + 1]):
                    key = name_key(f"{first} {words[last]}")
                    found |= {key} if key else set()
    return frozenset(found)


def addressed(text: str) -> frozenset[str]:
    """First names to which the text seems to speak ("Oi, Maria!")."""
    found = [match["name"] or match["after"] for match in ADDRESSED.finditer(plain(text))]
    return frozenset(found)


def words_of(*texts: str | None) -> frozenset[str]:
    """All words of these texts, as names are compared."""
    return frozenset(word for text in texts for word in folded_name(text).split())


def _capitals(words: Sequence[str]) -> bool:
    return all(word[0].isupper() or word.lower() in PARTICLES for word in words)
