"""By which name the customer is addressed: "Oi, Marta!", "Já está pronto, Marta." Never by another person's.

Asked only where the server knows who writes; a name is any capitalised word in a vocative's place that no source has.
"""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from assistant.conversation.factcheck.claim import Claim, Setting
from assistant.conversation.factcheck.evidence import Evidence
from assistant.conversation.factcheck.kinds import Kind
from assistant.conversation.factcheck.reading import Reading, plain
from assistant.conversation.factcheck.vehicles import BRANDS, MODELS, NAMES_ONLY
from assistant.conversation.factcheck.vocabulary import words

NAME = r"(?P<name>[A-ZÀ-Ý][a-zà-ÿ]{2,})(?= *(?:[^\w ]|$))"
GREETED = re.compile(
    r"(?:^|[.!?\n] *)(?i:oi+e?|ol[áa]|bom dia|boa tarde|boa noite|opa|hi|hello|dear|hola|obrigad[oa]|prezad[oa])"
    rf",? +{NAME}",
    re.MULTILINE,
)
CALLED = re.compile(rf"(?:^|[.!?\n] *)(?:[A-ZÀ-Ý][a-zà-ÿ]*)(?: [\w]+){{0,8}}, {NAME}(?=[!?.,])", re.MULTILINE)
NOT_NAMES = frozenset(
    (*BRANDS, *MODELS, *NAMES_ONLY, *words("segunda terca quarta quinta sexta sabado domingo pix tudo brasil centro"))
)


@dataclass(frozen=True)
class NameClaim(Claim):
    """The customer is called so."""

    kind: ClassVar[Kind] = Kind.NAME
    name: str

    @property
    def key(self) -> Hashable:
        return self.name

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        return self.name in evidence.people or any(self.name in text.split() for text in evidence.texts)


def find(reading: Reading) -> Iterator[NameClaim]:
    """Everybody who is addressed in `reading`."""
    found = {match.span("name") for pattern in (GREETED, CALLED) for match in pattern.finditer(reading.text)}
    for start, end in sorted(found):
        name = plain(reading.text[start:end])
        if name not in NOT_NAMES:
            yield NameClaim(start, end, reading.text[start:end], name)
