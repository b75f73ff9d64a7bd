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
from assistant.conversation.factcheck.identifiers import ContactClaim
from assistant.conversation.factcheck.money import AmountClaim
from assistant.conversation.factcheck.naming import last_named, named_parts
from assistant.conversation.factcheck.quantities import NumberClaim

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
JOINTLY = re.compile(r"\bjunt[oa]s\b|\bsom(?:a|am|ad[oa]s|ando)\b")
FEWEST_SUMMED = 2
LONGER_THAN_WORD = 4
LISTS = re.compile(r"\s*(?::|\(|=|,? sendo\b)")
CLAUSE = re.compile(r"\be\b|\bmais\b")
_WAY = r"(?P<way>pix|cartao|debito|credito|dinheiro|boleto|transferencia)\b"
METHOD_AFTER = re.compile(rf"\s*(?:por|via|no|na|em|pelo|com|de)\s+(?:o\s+|cartao de\s+)?{_WAY}")
METHOD_BEFORE = re.compile(rf"\b{_WAY} de\s*$")
CARDS = {"debito": "cart", "credito": "cart"}
TO_PAY = re.compile(r"\b(?:pode\w*|quiser|prefer\w+|da para|da pra|pagar|quitar)\b")
PAST = (Topic.EVENT, Topic.NONE)
PAID_FIELDS = ("paid", "payment")


def contradicts(record: Evidence, claim: Claim, setting: Setting) -> bool:
    """Whether the words beside `claim` name a line of `record` that has something else."""
    if isinstance(claim, AmountClaim):
        return _of_another_line(record, claim, setting) or _paid_otherwise(record, claim, setting)
    if isinstance(claim, DateClaim):
        return _of_another_day(record, claim, setting) or _of_another_payment(record, claim, setting)
    return of_another_place(record, claim, setting)


def of_another_place(record: Evidence, claim: Claim, setting: Setting) -> bool:
    """Whether a phone or a house number is said of one place of the shop and is another's."""
    if not isinstance(claim, ContactClaim | NumberClaim):
        return False
    places = [part for part in record.parts if part.digits]
    said, named = re.sub(r"\D", "", claim.fragment), last_named(setting.before, places)
    elsewhere = any(said in part.digits for part in places)
    return bool(named) and elsewhere and not any(said in part.digits for part in named)


def sums(record: Evidence, claim: Claim, setting: Setting) -> bool:
    """Whether `claim` is the sum of the lines that the sentence names before it."""
    if not isinstance(claim, AmountClaim):
        return False
    if _adds_up(claim, setting):
        return True
    if not SUMMED.search(setting.before):
        return False
    named = named_parts(AMOUNT.split(setting.before)[-1], _priced(record, claim))
    return len({part.words for part in named}) >= FEWEST_SUMMED and _sum(named) == claim.value


def _adds_up(claim: AmountClaim, setting: Setting) -> bool:
    """ "R$ 1.655,40: R$ 1.240,00 dos discos e R$ 415,40 das pastilhas": the sum of what is listed after it."""
    if not LISTS.match(setting.after) or claim not in setting.beside:
        return False
    listed = [each.value for each in setting.beside if isinstance(each, AmountClaim) and each.start > claim.end]
    return len(listed) >= FEWEST_SUMMED and None not in listed and sum(each for each in listed if each) == claim.value


def _of_another_line(record: Evidence, claim: AmountClaim, setting: Setting) -> bool:
    lines = _priced(record, claim)
    following, near = OF_WHAT.match(setting.after), AMOUNT.split(setting.before)[-1]
    after = named_parts(CLAUSE.split(following["what"])[0], lines) if following else []
    if not after and NOT_OF_IT.search(near) and not PRICED.search(near):
        return False
    named = after or named_parts(near, lines)
    if JOINTLY.search(near) and len({part.words for part in named}) >= FEWEST_SUMMED:
        return claim.value != _sum(named)
    own = {amount for part in named for amount in (*part.amounts, part.price_of_one)}
    return bool(named) and claim.value not in own and claim.value != _sum(named)


def _of_another_day(record: Evidence, claim: DateClaim, setting: Setting) -> bool:
    """The day on which another part arrives or another warranty ends."""
    if setting.fields == WARRANTY:
        named = last_named(setting.before, record.warranties)
    elif setting.topic is Topic.PARTS:
        named = last_named(setting.before, [part for part in record.parts if "waiting" in part.path[-1]])
    else:
        return False
    return bool(named) and not _any_on(claim, named)


def _of_another_payment(record: Evidence, claim: DateClaim, setting: Setting) -> bool:
    """Neither the amount before the day nor the one after it was paid then."""
    other_field = setting.fields != PAID_FIELDS and any(
        moment.path and setting.is_of_fields(moment) for moment in record.moments
    )
    if (setting.fields and other_field) or setting.topic not in PAST or claim not in setting.beside:
        return False
    payments = [part for part in record.parts if part.is_payment]
    at, paid = setting.beside.index(claim), {amount for part in payments for amount in part.amounts}
    beside = {_first_of(paid, reversed(setting.beside[:at])), _first_of(paid, setting.beside[at + 1 :])}
    told = [part for part in payments if part.amounts & beside]
    return bool(told) and not _any_on(claim, told)


def _first_of(paid: set[Decimal], claims: Iterable[Claim]) -> Decimal | None:
    """The first amount among `claims`; a number without a sign is one where so much was paid."""
    for claim in claims:
        if isinstance(claim, AmountClaim) or (isinstance(claim, NumberClaim) and claim.value in paid):
            return claim.value
    return None


def _paid_otherwise(record: Evidence, claim: AmountClaim, setting: Setting) -> bool:
    """Whether the draft says of a payment that it came another way."""
    payments = [part for part in record.parts if part.is_payment and claim.value in part.amounts]
    said = METHOD_AFTER.match(setting.after) or METHOD_BEFORE.search(setting.before)
    if not payments or not said or TO_PAY.search(setting.before):
        return False
    return not any(part.words.startswith(CARDS.get(said["way"], said["way"])) for part in payments)


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
