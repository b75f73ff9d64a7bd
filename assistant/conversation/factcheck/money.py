"""Amounts of money: `R$ 1.870,00`, `1870 reais`, `R$ 1,8 mil`, `mil e oitocentos reais`, `870 conto`, `870,00`.

An amount must be a tool's to the cent; "about" excuses nothing. Other currencies never have a source.
"""

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from assistant.conversation.factcheck.claim import Claim, Setting
from assistant.conversation.factcheck.evidence import Amount, Evidence
from assistant.conversation.factcheck.kinds import Kind
from assistant.conversation.factcheck.numbers import NUMBER, value
from assistant.conversation.factcheck.reading import Reading

REAL_SIGN = r"(?:\br\s?s?\$|\bbrl\b)\s*"
FOREIGN_SIGN = r"(?:\bu(?:s|sd)?\s?\$|\b(?:usd|eur)\b|[€£$])\s*"
REAL_WORD = r"\s*(?:reais|real|contos?|pilas?|paus?|mangos?|pratas?)\b"
FOREIGN_WORD = r"\s*(?:dolar(?:es)?|euros?|libras?)\b"
CENTS = rf"(?:\s*(?:,|e)?\s*(?P<cents>{NUMBER})\s+centavos?\b)?"
PATTERNS = (
    re.compile(rf"(?:{REAL_SIGN}|(?P<foreign>{FOREIGN_SIGN}))(?P<number>{NUMBER})(?:{REAL_WORD})?{CENTS}"),
    re.compile(rf"(?P<number>{NUMBER})(?:(?:\s+de)?{REAL_WORD}|(?P<foreign>{FOREIGN_WORD})){CENTS}"),
    re.compile(rf"(?P<number>{NUMBER})\s+centavos\b"),
    re.compile(r"(?<![\w.,])(?P<number>\d{1,3}(?:\.?\d{3})*,\d{2})(?![\d%])"),
)
CENTS_ONLY = PATTERNS[2]

_JOIN = (
    r"^\s*(?:ja|que|ainda|estao|esta|foram|foi|segue|seguem|fica|ficam|continua)?(?:\s+(?:ja|foram|foi|estao|esta))?\s*"
)
OPEN_AFTER = re.compile(rf"{_JOIN}(?:em aberto|a pagar|restantes?|pendentes?)\b")
PAID_AFTER = re.compile(rf"{_JOIN}(?:pag(?:o|os|a|as)|recebid[oa]s?|quitad[oa]s?|cai(?:u|ram))\b")
TOTAL_AFTER = re.compile(r"^ (?:no|ao|em|de) total\b")
WITHOUT = re.compile(r"\b(?:sem|tirando|menos|fora) (?:o|a|os|as)\b")
LAST_AMOUNT = re.compile(r"r\$\s*[\d.,]*\d")


class Role(StrEnum):
    """What an amount is called."""

    OPEN = "open"
    PAID = "paid"
    APPROVED, PROPOSED = "approved", "proposed"
    TOTAL = "total"
    QUOTED = "quoted"
    REDUCED = "reduced"
    """A total less something: "sem o óleo, o total fica em"."""


CUES: Mapping[Role, re.Pattern[str]] = {
    Role.OPEN: re.compile(
        r"\b(?:faltam?|faltando|em aberto|saldo(?: (?:devedor|em aberto|restante))?|restante|restam?|a pagar|devedor)\b"
        r"(?: (?:pagar|acertar|quitar|o pagamento))?"
    ),
    Role.PAID: re.compile(
        r"(?<!ser )\b(?:pag(?:o|os|a|as|ou)|pagamos|pagamentos?(?= (?:de|no valor))|recebemos|recebid[oa]s?|"
        r"quitad[oa]s?|pix(?= (?:de|no valor)))\b"
    ),
    Role.APPROVED: re.compile(r"\b(?:aprovad[oa]s?|aprovou|autorizad[oa]s?|autorizou)\b"),
    Role.TOTAL: re.compile(r"\b(?:total|soma|somam|somando|somou|totaliza\w*)\b"),
    Role.QUOTED: re.compile(
        r"\borcamento\b(?:\b(?:(?!r\$)[^.;:])*\b(?:e|ficou|fica|deu|foi|esta|saiu)\s+(?:de|em|por)?\s*$"
        r"| (?:no valor )?de\s*$|[^.;:]{0,30}, (?:no valor )?de\s*$)"
    ),
}
"""The words before an amount that say which one it is; the nearest counts."""
INNER_FIELDS = ("item", "part", "payment", "paid")
OPEN_FIELDS = ("balance", "open", "owed", "due", "remaining", "outstanding", "aberto", "saldo")
APPROVED = "approved"
PAID_FIELDS = ("paid", "payment", "pago")


@dataclass(frozen=True)
class AmountClaim(Claim):
    """So many reais; None for another currency."""

    kind: ClassVar[Kind] = Kind.AMOUNT
    value: Decimal | None

    @property
    def key(self) -> Hashable:
        return self.value

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        role = _role(setting)
        meant = [amount for amount in evidence.amounts if _fits(amount, role, evidence)]
        return any(amount.value == self.value for amount in meant)

    def teach(self, evidence: Evidence) -> None:
        if self.value is not None:
            evidence.amounts.append(Amount(self.value, ()))


def find(reading: Reading) -> Iterator[AmountClaim]:
    """Every amount in `reading`; one found by several patterns is given once, in its longest form."""
    matches = [match for pattern in PATTERNS for match in pattern.finditer(reading.plain)]
    end = -1
    for match in sorted(matches, key=lambda found: (found.start(), -found.end())):
        if match.start() >= end:
            end = match.end()
            yield AmountClaim(match.start(), end, reading.text[match.start() : end], _value(match))


def _value(match: re.Match[str]) -> Decimal | None:
    groups = match.groupdict()
    if groups.get("foreign"):
        return None
    if match.re is CENTS_ONLY:
        return value(match["number"]) / 100
    cents = groups.get("cents")
    return value(match["number"]) + (value(cents) / 100 if cents else 0)


def _role(setting: Setting) -> Role | None:
    """What the words around an amount call it; None when they call it nothing."""
    if OPEN_AFTER.search(setting.after):
        return Role.OPEN
    if PAID_AFTER.search(setting.after):
        return Role.PAID
    near = LAST_AMOUNT.split(setting.before)[-1]
    cues = [(found.end(), role) for role, cue in CUES.items() for found in cue.finditer(near)]
    if cues:
        role = max(cues, key=lambda cue: cue[0])[1]
        return Role.REDUCED if role is Role.TOTAL and WITHOUT.search(setting.before) else role
    return Role.TOTAL if TOTAL_AFTER.search(setting.after) else None


def _fits(amount: Amount, role: Role | None, evidence: Evidence) -> bool:
    """What is called open, paid, approved or a total must come from a field of that meaning, if it has a name."""
    if not amount.path or role is None:
        return True
    name = amount.path[-1]
    inner = any(word in part for part in amount.path for word in INNER_FIELDS)
    match role:
        case Role.OPEN:
            return any(word in name for word in OPEN_FIELDS)
        case Role.PAID:
            return any(word in part for part in amount.path for word in PAID_FIELDS)
        case Role.APPROVED:
            known = any(other.path and APPROVED in other.path[-1] for other in evidence.amounts)
            return APPROVED in name if known else True
        case Role.REDUCED if any(other.path and PROPOSED in other.path[-1] for other in evidence.amounts):
            return PROPOSED in name
        case Role.TOTAL | Role.QUOTED | Role.REDUCED:
            return "total" in name and not inner and not any(word in name for word in OPEN_FIELDS)
