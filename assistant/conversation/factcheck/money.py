"""Amounts of money: `R$ 1.870,00`, `1870 reais`, `R$ 1,8 mil`, `mil e oitocentos reais`, `870 conto`, `870,00`.

An amount must be a tool's to the cent; "about" excuses nothing. Other currencies never have a source.
"""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from assistant.conversation.factcheck.claim import Claim, Setting
from assistant.conversation.factcheck.evidence import TOTAL_OF_VISITS, Amount, Evidence, Stage
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

_LINK = (
    r"(?: (?:so|apenas|ainda|foi|os?|de|e|em|voce|pagar|acertar|quitar|esta|fica|ficou|valor|via|por"
    r"|pelo|no|com|total|pix|[a-z0-9]+d[ao]|d[ao]s? (?:seu |sua )?[\w-]+(?: [a-z]{0,2}\d)?"
    r"(?: \([\w-]+\))?))*\s*[:=-]?\s*$"
)
OPEN_BEFORE = re.compile(rf"\b(?:falta(?:m|ndo)?|em aberto|saldo|restante|restam?|(?:a|para|pra) pagar|devedor){_LINK}")
PAID_BEFORE = re.compile(
    rf"(?<!ser )\b(?:pag(?:o|os|a|as|ou)|pagamos|recebemos|recebid[oa]s?|quitad[oa]s?){_LINK}"
    rf"|\b(?:consta|recebemos|registr\w+|houve|identific\w+) (?:um |o |seu )*(?:pagamento|pix)(?: de)?\s*$"
)
_JOIN = (
    r"^\s*(?:ja|que|ainda|estao|esta|foram|foi|segue|seguem|fica|ficam|continua)?(?:\s+(?:ja|foram|foi|estao|esta))?\s*"
)
OPEN_AFTER = re.compile(rf"{_JOIN}(?:em aberto|a pagar|restantes?|pendentes?)\b")
PAID_AFTER = re.compile(rf"{_JOIN}(?:pag(?:o|os|a|as)|recebid[oa]s?|quitad[oa]s?|caiu|cairam|entrou|entraram)\b")
APPROVED = re.compile(rf"\b(?:aprovad[oa]s?|aprovou){_LINK}")
APPROVED_AFTER = re.compile(rf"{_JOIN}aprovad[oa]s?\b")
TOTAL_AFTER = re.compile(r"^\s*(?:no|em|ao|de) total\b")
WITHOUT = re.compile(r"\bsem (?:o|a|os|as)\b|\bde fora\b")
WITHOUT_AFTER = re.compile(r"^\s*sem (?:o|a|os|as)\b")
WHOLE = re.compile(r"\b(?:aprovar|aprova|fazer) tudo\W*$")
OF_VISITS = re.compile(r"\b(?:visitas|servicos|ordens|vezes|passagens)\b")
FROM, TO = re.compile(r"\bde\s*$"), re.compile(r"^\s*para\s+(?:r\$|\d)")
""" "Passa de R$ 2.147,30 para R$ 1.947,30": what was, and is no total any more."""
OUT_OF = re.compile(r"\bdos\s*$")
PART_PAID = re.compile(r"^,? (?:voce )?(?:ja )?(?:foram pagos|pagou|recebemos)\b")
TOTAL = re.compile(r"\b(?:total|soma|somam|somando|somou|totaliza\w*)\b")
QUOTED = re.compile(
    r"\borcamento(?:\b(?:(?!r\$)[^.;:])*\b(?:e|ficou|fica|deu|foi|esta|saiu|fechou)\s+(?:de|em|por)?"
    r"|(?: d[ao] [\w-]+)?,? (?:no valor (?:total )?)?de)\s*$"
)
DECLINED = re.compile(r"\borcamento|\brecus|\bproposta|\bquote|\bdeclin|\bpresupuesto")
"""What was refused was offered, and never cost anything."""
EACH_BEFORE = re.compile(
    r"\d\s*(?:x|vezes|parcelas) (?:iguais )?de\s*$|\bcada (?!um|visita|ordem|os\b|carro|veiculo|orcamento|item"
    r"|servico)[a-z](?:(?!r\$)[^.;:])*$"
)
FOR_ONE = re.compile(r"^\s*(?:cada\b|(?:a|por) unidade\b|unitari[oa]s?\b|each\b)")
INNER_FIELDS = ("item", "part", "payment", "paid")
OPEN_FIELDS = ("balance", "open", "owed", "due", "remaining", "outstanding", "aberto", "saldo")
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
        return any(amount.value == self.value and _fits(amount, setting, evidence) for amount in evidence.amounts)

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


def _fits(amount: Amount, setting: Setting, evidence: Evidence) -> bool:
    """What is called open, paid, approved or a total must come from a field of that meaning, when it has a name."""
    if not amount.path:
        return True
    name = amount.path[-1]
    if name == TOTAL_OF_VISITS and not (OF_VISITS.search(setting.sentence) and _called_total(setting)):
        return False
    for_one = FOR_ONE.search(setting.after) or EACH_BEFORE.search(re.split(r"r\$\s*[\d.,]+", setting.before)[-1])
    if bool(for_one) is not (name == "each"):
        return False
    if Stage.DECLINED in evidence.stages and not DECLINED.search(setting.sentence):
        return False
    if OPEN_BEFORE.search(setting.before) or OPEN_AFTER.search(setting.after):
        return any(word in name for word in OPEN_FIELDS)
    if PAID_BEFORE.search(setting.before) or PAID_AFTER.search(setting.after):
        return any(word in each for each in amount.path for word in PAID_FIELDS)
    if APPROVED.search(setting.before) or APPROVED_AFTER.search(setting.after):
        return _is_of("approved", name, evidence) and "quote" not in name
    if not _called_total(setting):
        return True
    inner = any(word in each for each in amount.path for word in INNER_FIELDS)
    without = WITHOUT.search(setting.before) or WITHOUT_AFTER.search(setting.after)
    of_a_part = not without or _is_of("proposed", name, evidence)
    of_all = name.startswith("total") and max(evidence.counts.get("orders", {0})) > 1
    owed = any(word in name for word in OPEN_FIELDS) and not of_all
    priced_each = inner and re.search(r"\bcada\b", setting.before)
    return "total" in name and (not inner or bool(priced_each)) and of_a_part and not owed


def _called_total(setting: Setting) -> bool:
    near = re.split(r"r\$\s*[\d.,]+", setting.before)[-1]
    before = TOTAL.search(near) or QUOTED.search(setting.before) or WHOLE.search(setting.before)
    if FROM.search(setting.before) and TO.search(setting.after):
        return False
    out_of = OUT_OF.search(setting.before) and PART_PAID.search(setting.after)
    return bool(before or out_of or TOTAL_AFTER.search(setting.after) or WITHOUT_AFTER.search(setting.after))


def _is_of(word: str, name: str, evidence: Evidence) -> bool:
    """Whether the field is called so, or none of the record's amounts is."""
    return word in name or not any(each.path and word in each.path[-1] for each in evidence.amounts)
