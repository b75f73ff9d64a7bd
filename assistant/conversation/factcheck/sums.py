"""Amounts that no field holds and that follow from those that do: lines taken together, and what is left without one.

Arithmetic only: every figure that it starts from is a source's, or a claim of the same sentence that is judged itself.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from assistant.conversation.factcheck.claim import Claim, Setting
from assistant.conversation.factcheck.evidence import TOTAL_OF_VISITS, Amount, Evidence, Part, Stage
from assistant.conversation.factcheck.money import OPEN_AFTER, PAID_AFTER, WITHOUT, WITHOUT_AFTER, AmountClaim
from assistant.conversation.factcheck.naming import named_parts

AMOUNT = re.compile(r"r\$[^a-z]*|[;\n]")
PAID_OR_OPEN = re.compile(r"\bcada\b|\bpag\w+|\bquitad\w+|\bfalta\w*|\baberto\b|\brest\w+|\bnao\b")
"""Lines that are named together cost their sum; whether it is paid is another matter."""
ALL_OF_IT = re.compile(r"\b(?:total\w*|som(?:a|am|ando|ad[oa]s)|junt[oa]s|ao todo)\b|\bda(?:o|ria|riam)?\s*$")
FEWEST_SUMMED = 2
LISTS = re.compile(r"\s*(?::|\(|=|,? sendo\b)")
WITH_MORE = re.compile(r"\b(?:com|mais|incluindo|somando)\b")
LEAVES_OUT = re.compile(r"\b(?:tirando|retirando|exceto|menos|(?:para|pra) depois|de lado)\b")
LONGER_THAN_WORD = 4
KINDS = {"part": "pecas?", "service": "servicos?"}
"""What the lines of a kind are called together."""


def sums(record: Evidence, claim: Claim, setting: Setting) -> bool:
    """Whether `claim` follows from the lines that its sentence names, or from the amounts beside it.

    What is open and what is paid is never reckoned: it has fields of its own.
    """
    if not isinstance(claim, AmountClaim) or OPEN_AFTER.search(setting.after) or PAID_AFTER.search(setting.after):
        return False
    near = AMOUNT.split(setting.before)[-1]
    lines = priced(record, claim)
    return (
        _adds_up(claim, near, setting)
        or (not PAID_OR_OPEN.search(near) and _is_sum(named_parts(near, lines), claim))
        or any(_is_sum(_of_kind(kind, lines), claim, 1) for kind in KINDS if _names_kind(kind, near, setting.after))
        or _is_more(claim, near, lines, setting)
        or _is_left(record, claim, setting)
    )


def priced(record: Evidence, claim: AmountClaim) -> list[Part]:
    """The lines with a price; how something was paid names a payment only where the amount is one."""
    lines = [part for part in record.parts if part.amounts]
    is_paid = any(part.is_payment and claim.value in part.amounts for part in lines)
    return [part for part in lines if (is_paid if part.is_payment else len(part.words) > LONGER_THAN_WORD)]


def sum_of(parts: Sequence[Part]) -> Decimal:
    """What these lines cost together; a line that two results tell counts once."""
    prices = {part.words: max(part.amounts) for part in parts}
    return sum(prices.values(), Decimal(0))


def total_of_visits(records: Sequence[Evidence]) -> list[Amount]:
    """What all visits that are over cost together, where there are several."""
    over = [record for record in records if Stage.DELIVERED in record.stages | record.decisions]
    totals = [{amount.value for amount in record.amounts if amount.path[-1:] == ("total",)} for record in over]
    if len(totals) < FEWEST_SUMMED or not all(len(each) == 1 for each in totals):
        return []
    return [Amount(sum((value for each in totals for value in each), Decimal(0)), (TOTAL_OF_VISITS,))]


def _is_sum(parts: Sequence[Part], claim: AmountClaim, fewest: int = FEWEST_SUMMED) -> bool:
    return len({part.words for part in parts}) >= fewest and sum_of(parts) == claim.value


def _names_kind(kind: str, before: str, after: str) -> bool:
    """ "As peças somam R$ 776,80", "R$ 776,80 em peças"."""
    told = re.search(rf"\b{KINDS[kind]}\b[^.;:\n]{{0,30}}$", before)
    return bool(told or re.match(rf"\s*(?:em|de|d[ao]s|n[ao]s) {KINDS[kind]}\b", after))


def _of_kind(kind: str, lines: Sequence[Part]) -> list[Part]:
    return [part for part in lines if part.kind == kind]


def _adds_up(claim: AmountClaim, near: str, setting: Setting) -> bool:
    """ "R$ 1.655,40: R$ 1.240,00 dos discos e R$ 415,40 das pastilhas", or the sum after what it is of."""
    amounts = [each for each in setting.beside if isinstance(each, AmountClaim)]
    if amounts[0] is claim:
        amounts = [*(each for each in setting.earlier if isinstance(each, AmountClaim)), *amounts]
    if LISTS.match(setting.after) and _add(amounts, claim, after=True):
        return True
    told = ALL_OF_IT.search(near) or re.match(r"\s*(?:no total|ao todo)\b", setting.after)
    return bool(told) and _add(amounts, claim, after=False)


def _add(amounts: Sequence[AmountClaim], claim: AmountClaim, *, after: bool) -> bool:
    """Whether a run of the amounts before or after `claim` makes it."""
    values = [each.value for each in amounts if (each.start > claim.end if after else each.end < claim.start)]
    runs = (values[first:last] for first, last in combinations(range(len(values) + 1), 2))
    return any(
        len(run) >= FEWEST_SUMMED and None not in run and sum(each for each in run if each) == claim.value
        for run in runs
    )


def _is_more(claim: AmountClaim, near: str, lines: Sequence[Part], setting: Setting) -> bool:
    """ "A bateria sai por R$ 689,00; com a correia, R$ 776,80": the amount before and the lines named since."""
    told = [each for each in (*setting.earlier, *setting.beside) if isinstance(each, AmountClaim)]
    before = [each.value for each in told if each.end < claim.start]
    named = named_parts(near, lines)
    more = WITH_MORE.search(near) and bool(named) and bool(before)
    return bool(more) and before[-1] is not None and before[-1] + sum_of(named) == claim.value


def _is_left(record: Evidence, claim: AmountClaim, setting: Setting) -> bool:
    """ "Sem o alinhamento fica em R$ 1.947,30": the lines of an itemised quote but those named."""
    after = WITHOUT_AFTER.match(setting.after)
    if not (after or WITHOUT.search(setting.before) or LEAVES_OUT.search(setting.before)):
        return False
    lines = [part for part in priced(record, claim) if part.kind]
    out = named_parts(setting.after if after else setting.before, lines)
    whole = sum_of(lines)
    itemised = any(amount.value == whole and amount.path[-1] == "total" for amount in record.amounts)
    return itemised and bool(out) and whole - sum_of(out) == claim.value
