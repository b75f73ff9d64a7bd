"""Work done and faults found: "trocamos a correia", "o diagnóstico apontou a junta do cabeçote".

A component that the shop is said to have changed, repaired or found at fault must be in a text of the order it is
said of. What only the customer tells of the car is no such statement.
"""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from assistant.conversation.factcheck.claim import Claim, Setting
from assistant.conversation.factcheck.evidence import Evidence, Stage
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
FOUND = re.compile(r"\b(?:diagnostic|orcament|avalia|test|problema|defeito|causa|encontr|identific|achamos)\w*")
COMPONENT = re.compile(rf"\b(?P<stem>{either(*COMPONENTS)})\w{{0,4}}\b")
WORK_OVER = re.compile(
    rf"\b(?P<work>troca|substituicao|instalacao|limpeza|reparo|conserto|alinhamento|balanceamento|regulagem"
    rf"|{either(*COMPONENTS)}\w{{0,4}})\b[^.;,:\n?!]{{0,60}}? (?:foi|foram|esta|estao|ficou)(?: ja)?"
    r" (?:feit|concluid|realizad|terminad|finalizad|executad|trocad|substituid|instalad|consertad|reparad"
    r"|montad|colocad)[oa]s?\b"
)
NOT_OVER = re.compile(r"\b(?:nao|nem|nunca|se|quando|assim que|caso|depois que|qual|quais)\b")
NEAR = 14
OVER = frozenset({Stage.READY, Stage.DELIVERED})
"""Before these a work of the order is not known to be done."""
NOT_DONE = re.compile(r"\b(?:nao|nunca|nem|se|quando|assim que|caso)(?: \w+){0,2} *$")


@dataclass(frozen=True)
class WorkClaim(Claim):
    """This component was changed, or is at fault."""

    kind: ClassVar[Kind] = Kind.WORK
    stem: str
    done: bool
    """Whether it is said to be changed; a fault may be found long before."""

    @property
    def key(self) -> Hashable:
        return self.stem

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        told = (not evidence.shop or evidence.trusted) and any(self.stem in text for text in evidence.texts)
        return told and (not self.done or evidence.trusted or bool(OVER & (evidence.stages | evidence.decisions)))

    def neutral(self, setting: Setting) -> bool:
        return setting.asks


def find(reading: Reading) -> Iterator[WorkClaim]:
    """Every component named after a word of work done or a fault found, or before one that it is done."""
    for work in WORK.finditer(reading.plain):
        if not NOT_DONE.search(reading.plain[: work.start()]):
            yield from _components(reading, work, done=FOUND.search(work.group()) is None)
    for work in WORK_OVER.finditer(reading.plain):
        said = reading.plain[max(0, work.start() - NEAR) : work.end()]
        if not NOT_OVER.search(said):
            named = list(_components(reading, work, done=True))
            yield from named or [
                WorkClaim(*work.span(), reading.text[work.start() : work.end()], work["work"], done=True)
            ]


def _components(reading: Reading, work: re.Match[str], *, done: bool) -> Iterator[WorkClaim]:
    for match in COMPONENT.finditer(reading.plain, work.start(), work.end()):
        fragment = reading.text[match.start() : match.end()]
        yield WorkClaim(match.start(), match.end(), fragment, match["stem"], done)
