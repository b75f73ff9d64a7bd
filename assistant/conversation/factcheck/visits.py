"""That a visit still waits for the shop's word: wrong of a visit that the shop has confirmed."""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from assistant.conversation.factcheck.claim import Claim, Setting
from assistant.conversation.factcheck.evidence import BOOKED_FIELD, Evidence
from assistant.conversation.factcheck.kinds import Kind
from assistant.conversation.factcheck.reading import Reading

UNCONFIRMED = re.compile(
    r"\b(?:visita|agendamento|horario)\b[^.;\n]*?(?P<open>\bnao (?:foi|esta|ficou) confirmad[oa]\b|\bpor confirmar\b"
    r"|\b(?:falta|aguarda|espera|aguardando|esperando)(?: a)?(?: equipe)? confirma\w+)"
)


@dataclass(frozen=True)
class UnconfirmedClaim(Claim):
    """The visit is not confirmed yet."""

    kind: ClassVar[Kind] = Kind.STAGE

    @property
    def key(self) -> Hashable:
        return UnconfirmedClaim

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        if evidence.shop:
            return not evidence.trusted and BOOKED_FIELD not in evidence.told
        return evidence.flags.get("confirmed") is False


def find(reading: Reading) -> Iterator[UnconfirmedClaim]:
    """Every visit said to be open."""
    for match in UNCONFIRMED.finditer(reading.plain):
        start, end = match.span("open")
        yield UnconfirmedClaim(start, end, reading.text[start:end])
