"""What the customer just wrote may be repeated to them as theirs: asked back, noted, or not found; never as a fact."""

import re
from dataclasses import dataclass
from datetime import datetime

from assistant.conversation.factcheck.claim import Claim, Setting
from assistant.conversation.factcheck.finders import find_all
from assistant.conversation.factcheck.kinds import Kind
from assistant.conversation.factcheck.quantities import CodeClaim, NumberClaim
from assistant.conversation.factcheck.reading import Reading
from assistant.conversation.factcheck.vehicles import VehicleClaim

NOTED = re.compile(
    r"\b(?:anotei|anotad[oa]|registrei|registrad[oa]|passei|repassei|encaminhei|avisei|entendi|recebi"
    r"|vou (?:passar|repassar|encaminhar|levar|avisar)|seu pedido|sua mensagem|seu recado|pedido de"
    r"|voce (?:disse|falou|mencionou|informou|pediu|quer|queria|gostaria|prefere|escreveu|perguntou|comentou|enviou"
    r"|mandou|passou|citou))\b"
)
DENIED = re.compile(
    r"\bnao (?:encontrei|encontramos|localizei|achei|consta|ha|tenho|temos|posso|consigo|vi|existe|esta|aparece)\b"
    r"|\bnenhum\w*"
)
NO_ROOM = re.compile(
    r"\bnao (?:ha|tem|temos|tenho|consta|encontrei|achei|vi)(?: mais)?(?: nenhum\w*)? "
    r"(?:vagas?|horarios?|agenda|disponibilidade|espaco)\b|\b(?:lotad[oa]|esgotad[oa]|sem vagas?|agenda cheia)\b"
)
""" "Sábado já não temos vaga": the day that the customer asked for."""
SETTLED = re.compile(r"\b(?:confirmad|agendad|marcad|reservad|aprovad|combinad|garant|fechado por)\w*")
SETTLING = re.compile(r"\b(?:confirm|aprov|fech|combin|aceit|faz|deix)\w*")
FIRST_YEAR, LAST_YEAR = 1950, 2039
NEVER = (Kind.STAGE, Kind.PROMISE, Kind.CONTACT)


@dataclass(frozen=True)
class Echo:
    """The statements in the customer's messages of this turn."""

    said: frozenset[object]

    @classmethod
    def of(cls, text: str, now: datetime) -> "Echo":
        """Read the customer's words."""
        return cls(frozenset(claim.key for claim in find_all(Reading.of(text), now) if claim.kind not in NEVER))

    def excuses(self, claim: Claim, setting: Setting) -> bool:
        """Whether `claim` only repeats the customer, and the sentence makes plain that it does."""
        if claim.kind in NEVER or not any(claim.repeats(said) for said in self.said):
            return False
        if claim.kind is Kind.VEHICLE or isinstance(claim, CodeClaim) or self._model_year(claim, setting):
            return True
        if claim.kind is Kind.AMOUNT and SETTLING.search(setting.sentence):
            return False
        if SETTLED.search(setting.sentence):
            return False
        return setting.asks or bool(NOTED.search(setting.sentence)) or self._denied(claim, setting)

    def _model_year(self, claim: Claim, setting: Setting) -> bool:
        of_a_vehicle = any(isinstance(each, VehicleClaim) and each.start < claim.start for each in setting.beside)
        return isinstance(claim, NumberClaim) and of_a_vehicle and FIRST_YEAR <= claim.value <= LAST_YEAR

    def _denied(self, claim: Claim, setting: Setting) -> bool:
        if claim.kind in (Kind.DATE, Kind.TIME):
            return bool(NO_ROOM.search(setting.sentence))
        return claim.kind in (Kind.PLATE, Kind.ORDER) and bool(DENIED.search(setting.sentence))
