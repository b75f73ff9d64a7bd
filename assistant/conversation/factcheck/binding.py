"""What belongs together in a sentence: a line of an order with its price or its day, a payment with its day.

Each fact of such a sentence may be true for itself and the sentence still be wrong: the price of another item, the day
on which another part arrives. Answers for one claim and one order; decides nothing else.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from assistant.conversation.factcheck.claim import WARRANTY, Claim, Setting, Topic
from assistant.conversation.factcheck.dates import DateClaim
from assistant.conversation.factcheck.distances import Direction, DistanceClaim
from assistant.conversation.factcheck.evidence import Evidence, Part, Unit
from assistant.conversation.factcheck.identifiers import ContactClaim
from assistant.conversation.factcheck.money import FROM, TO, AmountClaim
from assistant.conversation.factcheck.naming import last_named, named_parts, touched_parts
from assistant.conversation.factcheck.quantities import NumberClaim
from assistant.conversation.factcheck.sums import AMOUNT, FEWEST_SUMMED, priced, sum_of

OF_WHAT = re.compile(
    r"\s*(?:\(|d[aeo]s?\b|pel[ao]s?\b|para\b|n[ao]s?\b)\s*(?:(?:o|a|os|as|seu|sua)\s+)?(?P<what>[^.,;\n$]+)"
)
NOT_OF_IT = re.compile(
    r"\btotal\w*|\bao todo\b|\btudo\b|\borcamento\b(?! d[aeo])|\b(?:sem|tirando|retirando|exceto|menos)\b"
)
"""The whole is meant, or what is left without the line."""
PRICED = re.compile(r"(?:\bde|\()\s*$")
""" "Sem o óleo de R$ 450,00" still gives the price of the oil."""
JOINTLY = re.compile(r"\bjunt[oa]s\b|\bsom(?:a|am|ad[oa]s|ando)\b")
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
    if isinstance(claim, DistanceClaim):
        return _of_another_warranty(record, claim, setting)
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


def _of_another_line(record: Evidence, claim: AmountClaim, setting: Setting) -> bool:
    lines = priced(record, claim)
    following, near = OF_WHAT.match(setting.after), AMOUNT.split(setting.before)[-1]
    after = named_parts(CLAUSE.split(following["what"])[0], lines) if following else []
    if FROM.search(setting.before) and TO.search(setting.after):
        return False
    if not after and NOT_OF_IT.search(near) and not PRICED.search(near):
        return False
    named = after or named_parts(near, lines)
    if JOINTLY.search(near) and len({part.words for part in named}) >= FEWEST_SUMMED:
        return claim.value != sum_of(named)
    named = named or touched_parts(near, lines)
    own = {amount for part in named for amount in (*part.amounts, part.price_of_one)}
    return bool(named) and claim.value not in own and claim.value != sum_of(named)


def _of_another_day(record: Evidence, claim: DateClaim, setting: Setting) -> bool:
    """The day on which another part arrives or another warranty ends."""
    if setting.fields == WARRANTY:
        named = last_named(setting.before, record.warranties)
    elif setting.topic is Topic.PARTS:
        named = last_named(setting.before, [part for part in record.parts if "waiting" in part.path[-1]])
    else:
        return False
    return bool(named) and not _any_on(claim, named)


def _of_another_warranty(record: Evidence, claim: DistanceClaim, setting: Setting) -> bool:
    """So many days of warranty that another line has."""
    if (
        claim.direction is not Direction.LENGTH
        or claim.length.unit is not Unit.DAY
        or "garantia" not in setting.sentence
    ):
        return False
    lines = [part for part in record.warranties if part.days is not None]
    following = OF_WHAT.match(setting.after)
    named = last_named(setting.before, lines) or (named_parts(following["what"], lines) if following else [])
    return bool(named) and all(part.days != claim.length.units for part in named)


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
