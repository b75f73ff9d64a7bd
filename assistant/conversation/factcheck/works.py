"""Work done and faults found: "trocamos a correia", "o diagnóstico apontou a junta do cabeçote".

A component that the shop is said to have changed, repaired or found at fault must be in a text of the order it is
said of. What only the customer tells of the car is no such statement.
"""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from assistant.conversation.factcheck.claim import Claim, Setting
from assistant.conversation.factcheck.evidence import Evidence
from assistant.conversation.factcheck.kinds import Kind
from assistant.conversation.factcheck.reading import Reading
from assistant.conversation.factcheck.vocabulary import either, words

COMPONENTS = words(
    "correia turbina embreagem cabecote bomba radiador pastilha disco amortecedor bieleta bandeja pivo coxim coxin",
    "vela bobina bico sensor bateria alternador filtro junta retentor rolamento volante mecatronica",
    "catalisador escapamento",
    "termostato valvula homocinetica compressor evaporador tensor virabrequim pistao injetor palheta mangueira modulo",
    "cilindro intercooler wastegate diferencial semieixo barra terminal caixa",
)
"""Stems of parts of a car."""
DONE = (
    r"\b(?:troc(?:amos|aram|ou)|(?:foi|foram) (?:tambem )?(?:trocad|substituid|instalad|consertad"
    r"|reparad)[oa]s?|substituimos"
    r"|instalamos|consertamos|reparamos|fizemos|diagnostico(?: \w+){0,3} (?:e|foi|apontou|mostrou|indicou)"
    r"|(?:problema|defeito|causa)(?: \w+){0,3} (?:era|foi)|(?:encontr|identific)(?:amos|ou|aram)|achamos)\b"
)
WORK = re.compile(rf"{DONE}[^.;\n?!]*")
COMPONENT = re.compile(rf"\b(?P<stem>{either(*COMPONENTS)})\w{{0,4}}\b")
NOT_DONE = re.compile(r"\b(?:nao|nunca|nem|se|quando|assim que|caso)(?: \w+){0,2} *$")


@dataclass(frozen=True)
class WorkClaim(Claim):
    """This component was changed, or is at fault."""

    kind: ClassVar[Kind] = Kind.WORK
    stem: str

    @property
    def key(self) -> Hashable:
        return self.stem

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        return (not evidence.shop or evidence.trusted) and any(self.stem in text for text in evidence.texts)

    def neutral(self, setting: Setting) -> bool:
        return setting.asks


def find(reading: Reading) -> Iterator[WorkClaim]:
    """Every component named after a word of work done or a fault found."""
    for work in WORK.finditer(reading.plain):
        if NOT_DONE.search(reading.plain[: work.start()]):
            continue
        for match in COMPONENT.finditer(reading.plain, work.start(), work.end()):
            yield WorkClaim(match.start(), match.end(), reading.text[match.start() : match.end()], match["stem"])
