"""What belongs together in a sentence: a line of an order with its price or its day, a payment with its day.

Each fact of such a sentence may be true for itself and the sentence still be wrong: the price of another item, the day
on which another part arrives. Answers for one claim and one order; decides nothing else.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from assistant.conversation.factcheck.claim import WARRANTY, Claim, Setting, Topic
from assistant.conversation.factcheck.dates import DateClaim
from assistant.conversation.factcheck.evidence import Evidence, Part
from assistant.conversation.factcheck.money import AmountClaim
from assistant.conversation.factcheck.naming import last_named, named_parts
from assistant.conversation.factcheck.promises import Promise, PromiseClaim

OF_WHAT = re.compile(
    r"\s*(?:\(|d[aeo]s?\b|pel[ao]s?\b|para\b|n[ao]s?\b)\s*(?:(?:o|a|os|as|seu|sua)\s+)?(?P<what>[^.,;\n$]+)"
)
AMOUNT = re.compile(r"r\$[^a-z]*|[;\n]")
NOT_OF_IT = re.compile(
    r"\btotal\b|\bao todo\b|\btudo\b|\borcamento\b(?! d[aeo])|\b(?:sem|tirando|retirando|exceto|menos)\b"
)
"""The whole is meant, or what is left without the line."""
PRICED = re.compile(r"(?:\bde|\()\s*$")
""" "Sem o óleo de R$ 450,00" still gives the price of the oil."""
SUMMED = re.compile(
    r"\bjunt[oa]s\b|\bsom(?:a|am|ad[oa]s?|ando|aria[m]?)\b|\bda\b|\bdao\b|\bfica(?:m|ria|riam)?\b|\bmais\b|\btotal\w*"
)
FEWEST_SUMMED = 2
LONGER_THAN_WORD = 4
PAID_FIELDS = ("paid", "payment")


def contradicts(record: Evidence, claim: Claim, setting: Setting) -> bool:
    """Whether the words beside `claim` name a line of `record` that has something else."""
    if isinstance(claim, AmountClaim):
        return _of_another_line(record, claim, setting)
    if isinstance(claim, DateClaim):
        return _of_another_day(record, claim, setting) or _of_another_payment(record, claim, setting)
    if isinstance(claim, PromiseClaim) and claim.promise is Promise.WARRANTY:
        named = last_named(setting.before, _warranties(record))
        return bool(named) and not any(part.runs for part in named) and not claim.says_lapsed
    return False


def sums(record: Evidence, claim: Claim, setting: Setting) -> bool:
    """Whether `claim` is the sum of the lines that the sentence names before it."""
    if not isinstance(claim, AmountClaim) or not SUMMED.search(setting.before):
        return False
    named = named_parts(AMOUNT.split(setting.before)[-1], _priced(record, claim))
    return len({part.words for part in named}) >= FEWEST_SUMMED and _sum(named) == claim.value


def _of_another_line(record: Evidence, claim: AmountClaim, setting: Setting) -> bool:
    lines = _priced(record, claim)
    following, near = OF_WHAT.match(setting.after), AMOUNT.split(setting.before)[-1]
    after = [part for part in lines if following and following["what"].startswith(part.words)]
    if not after and NOT_OF_IT.search(near) and not PRICED.search(near):
        return False
    named = after or named_parts(near, lines)
    own = {amount for part in named for amount in (*part.amounts, part.price_of_one)}
    return bool(named) and claim.value not in own and claim.value != _sum(named)


def _of_another_day(record: Evidence, claim: DateClaim, setting: Setting) -> bool:
    """The day on which another part arrives or another warranty ends."""
    if setting.fields == WARRANTY:
        named = last_named(setting.before, _warranties(record))
    elif setting.topic is Topic.PARTS:
        named = last_named(setting.before, [part for part in record.parts if "waiting" in part.path[-1]])
    else:
        return False
    return bool(named) and not _any_on(claim, named)


def _of_another_payment(record: Evidence, claim: DateClaim, setting: Setting) -> bool:
    """Neither the amount before the day nor the one after it was paid then."""
    if setting.fields != PAID_FIELDS or claim not in setting.beside:
        return False
    at = setting.beside.index(claim)
    beside = {_first_amount(reversed(setting.beside[:at])), _first_amount(setting.beside[at + 1 :])}
    told = [part for part in record.parts if part.is_payment and part.amounts & beside]
    return bool(told) and not _any_on(claim, told)


def _first_amount(claims: Iterable[Claim]) -> Decimal | None:
    return next((claim.value for claim in claims if isinstance(claim, AmountClaim)), None)


def _any_on(claim: DateClaim, parts: Sequence[Part]) -> bool:
    return any(claim.means(moment) for part in parts for moment in part.moments)


def _sum(parts: Sequence[Part]) -> Decimal:
    prices = {part.words: max(part.amounts) for part in parts}
    return sum(prices.values(), Decimal(0))


def _priced(record: Evidence, claim: AmountClaim) -> list[Part]:
    """The lines with a price; how something was paid names a payment only where the amount is one."""
    priced = [part for part in record.parts if part.amounts]
    is_paid = any(part.is_payment and claim.value in part.amounts for part in priced)
    return [part for part in priced if (is_paid if part.is_payment else len(part.words) > LONGER_THAN_WORD)]


def _warranties(record: Evidence) -> list[Part]:
    return [part for part in record.parts if "warrant" in part.path[-1]]
