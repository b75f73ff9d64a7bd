"""The check itself: every statement of a draft against the evidence of the orders that it is about.

Reads only; decides nothing about what happens to a refused draft.
"""

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from pydantic import BaseModel

from assistant.conversation.factcheck import people
from assistant.conversation.factcheck.binding import contradicts, of_another_place
from assistant.conversation.factcheck.claim import Claim, Setting, Topic
from assistant.conversation.factcheck.dates import DateClaim, TodayClaim, WeekdayClaim
from assistant.conversation.factcheck.distances import DistanceClaim
from assistant.conversation.factcheck.echo import Echo
from assistant.conversation.factcheck.evidence import Evidence, Stage
from assistant.conversation.factcheck.finders import find_all
from assistant.conversation.factcheck.kinds import Complaint, Kind, mixed, swapped, unsourced
from assistant.conversation.factcheck.reading import Reading, Sentence, plain
from assistant.conversation.factcheck.scope import IDENTITY, Scope, Scopes
from assistant.conversation.factcheck.sources import Sources, read
from assistant.conversation.factcheck.stages import StageClaim
from assistant.conversation.factcheck.sums import sums
from assistant.conversation.factcheck.times import TimeClaim
from assistant.conversation.factcheck.topics import fields_meant, topic_of
from integrations.settings import SHOP_ZONE

BESIDE = re.compile(r"[\s,()-]*(?:\b(?:as?|ate|por volta|das?|de|do|dia|partir|la pelas|as)\b[\s,]*){0,4}")
NEXT_TO = re.compile(r"[\s,(-]*(?:dia\s+)?")
JUST_AFTER = re.compile(r"[\s,(-]*(?:uma? |numa? )?")
IS_TODAY = re.compile(r",? (?:é|eh) (?:uma? )?|, ", re.IGNORECASE)
REACHED = re.compile(r"[\s,)-]*(?:(?:as )?\d{1,2}(?:h|:)(?:\d{2})?)?[\s,:-]*")
REACHED_ON = re.compile(r"[\s,(]*(?:desde|em|no|n?a partir de)\s*")
OF_A_VISIT = re.compile(r"\b(?:servico|visita|ordem|revisao|troca|conserto|passagem) de [a-z]+$")
""" "A garantia do serviço de dezembro": the month says which visit, not until when."""
FULL_STOP = re.compile(r"[.!?]+(?=\s|$)|\n")
IS_NOW = re.compile(r"\besta\b")
AROUND = 300
"""Characters on either side of a statement that can bear on what it means."""
DATED = (DateClaim, DistanceClaim, TimeClaim)
UNPROMISED = (Kind.DATE, Kind.TIME, Kind.DURATION)
ONE_AND_ANOTHER = re.compile(
    r"\b(?:uma?|[ao] primeir[ao])\b(?=.*\be (?:[ao] )?(?:outr|segund)[oa]\b)|\be (?:[ao] )?(?:outr|segund)[oa]\b"
)
""" "Uma em outubro e outra em agosto": each of its own order."""
IN_MARKS_ONLY = (Kind.AMOUNT, Kind.PERCENTAGE, Kind.PROMISE, Kind.WORK)
MOST_COMPLAINTS = 20
"""A draft with so many is written anew: more would only cost time."""
NEAREST = 3
LONGEST_SAID = 4000
LONGER_THAN_CLAIM = 4
"""A quoted text must say more than the claim itself; else any number in a note could be stated as a fact."""


def check(
    text: str,
    sources: Sequence[BaseModel],
    *,
    profile: Sequence[str] = (),
    customer_said: str = "",
    customer: str | None = None,
    now: datetime,
) -> list[Complaint]:
    """What `text` states without a source among this turn's tool results and the shop's `profile` texts.

    `now` is the aware moment of the turn; "amanhã" and "há 2 dias" are counted from it in the shop's time zone.
    `customer_said` are the messages being answered: their numbers may be asked back, not stated. `customer` is the
    name of whoever wrote them, where the server knows it: nobody else is addressed then.
    """
    local = now.astimezone(SHOP_ZONE)
    evidence = read(sources, profile, local)
    reading = Reading.of(text)
    claims = _with_their_days(find_all(reading, local, evidence.models), reading, local.weekday())
    if customer:
        evidence.shop.people.update(re.findall(r"[^\W\d_]+", plain(f"{customer} {customer_said[:LONGEST_SAID]}")))
        claims = sorted([*claims, *people.find(reading)], key=lambda claim: (claim.start, claim.end))
    judge = Judge(reading, evidence, Echo.of(customer_said[:LONGEST_SAID], local))
    return list(islice(judge.draft(Scopes(reading, claims, evidence)), MOST_COMPLAINTS))


@dataclass(frozen=True)
class Judge:
    """Weighs the statements of one draft."""

    reading: Reading
    sources: Sources
    echo: Echo

    def draft(self, scopes: Scopes) -> Iterator[Complaint]:
        """The complaints about the whole draft."""
        earlier: tuple[Claim, ...] = ()
        for sentence, scoped in scopes.sentences():
            yield from self._sentence(sentence, scoped, earlier)
            earlier = tuple(claim for claim, _ in scoped)

    def _sentence(
        self, sentence: Sentence, scoped: Sequence[tuple[Claim, Scope]], earlier: tuple[Claim, ...]
    ) -> Iterator[Complaint]:
        beside = tuple(claim for claim, _ in scoped)
        names_order = any(isinstance(claim, IDENTITY) for claim, _ in scoped)
        from_records: list[tuple[Claim, Scope, Setting]] = []
        for claim, scope in scoped:
            setting = self._setting(claim, sentence, names_order, (beside, earlier))
            if claim.kind in UNPROMISED and setting.disclaimed:
                continue
            if claim.neutral(setting) or self.echo.excuses(claim, setting) or self._said_by_shop(claim, scope, setting):
                continue
            if self._said_by_orders(claim, scope, setting):
                from_records.append((claim, scope, setting))
            else:
                yield self._complaint(claim, scope, setting)
        told_apart = [
            found.start() for found in ONE_AND_ANOTHER.finditer(self.reading.plain, sentence.start, sentence.end)
        ]
        each = [
            [fact for fact in from_records if bisect(told_apart, fact[0].start) == at]
            for at in range(len(told_apart) + 1)
        ]
        if any(self._mixes(facts) for facts in each):
            yield mixed(self.reading.text[sentence.start : sentence.end].strip())

    def _mixes(self, supported: Sequence[tuple[Claim, Scope, Setting]]) -> bool:
        """Whether the statements of a sentence come from different orders where it should be about one of several."""
        for alternatives in {scope.groups[0] for _, scope, _ in supported if len(scope.groups) == 1}:
            facts = [
                (claim, setting)
                for claim, scope, setting in supported
                if scope.groups == (alternatives,) and not isinstance(claim, IDENTITY)
            ]
            if not any(all(self._says(record, *fact) for fact in facts) for record in alternatives) and facts:
                return True
        return False

    def _said_by_shop(self, claim: Claim, scope: Scope, setting: Setting) -> bool:
        shop, profile = self.sources.shop, self.sources.profile
        if of_another_place(shop, claim, setting):
            return False
        if claim.kind is Kind.DURATION and any(
            contradicts(record, claim, setting) for group in scope.groups for record in group
        ):
            return False
        if claim.holds(profile, setting) or self._quotes(profile, claim) or self._quotes(shop, claim):
            return True
        of_an_order = claim.kind is Kind.AMOUNT and scope.named
        return not of_an_order and claim.holds(shop, setting)

    def _said_by_orders(self, claim: Claim, scope: Scope, setting: Setting) -> bool:
        supported = [
            any(self._says(record, claim, setting) for record in group) and not self._gone_while_here(claim, group)
            for group in scope.groups
        ]
        return any(supported) if isinstance(claim, IDENTITY) else all(supported)

    def _gone_while_here(self, claim: Claim, group: Sequence[Evidence]) -> bool:
        """Whether a vehicle with an order under way is called delivered because an earlier order is."""
        delivered = isinstance(claim, StageClaim) and claim.stage is Stage.DELIVERED
        under_way = any(record.stages and Stage.DELIVERED not in record.stages for record in group)
        return delivered and under_way and bool(IS_NOW.search(self.reading.plain[claim.start : claim.end]))

    def _says(self, record: Evidence, claim: Claim, setting: Setting) -> bool:
        if self._quotes(record, claim):
            return True
        if sums(record, claim, setting):
            return True
        return claim.holds(record, setting) and not contradicts(record, claim, setting)

    def _quotes(self, record: Evidence, claim: Claim) -> bool:
        """Whether the claim lies in a word-for-word quotation of one of the record's texts."""
        plain = self.reading.plain
        for text in record.texts:
            start = plain.find(text, max(0, claim.end - len(text)), claim.start + len(text))
            if start < 0 or len(text) < claim.end - claim.start + LONGER_THAN_CLAIM:
                continue
            marked = plain[max(0, start - 1) : start] in ('"', "“", "'", "‘", "«")
            if marked or claim.kind not in IN_MARKS_ONLY:
                return True
        return False

    def _complaint(self, claim: Claim, scope: Scope, setting: Setting) -> Complaint:
        others = [record.name for record in self.sources.records if claim.holds(record, setting)]
        about = sorted({record.name for group in scope.groups for record in group}) if scope.named else []
        if others and scope.named:
            return swapped(claim.kind, claim.fragment, others, about)
        return unsourced(claim.kind, claim.fragment)

    def _setting(
        self, claim: Claim, sentence: Sentence, names_order: bool, others: tuple[tuple[Claim, ...], tuple[Claim, ...]]
    ) -> Setting:
        plain = self.reading.plain
        before = plain[max(sentence.start, claim.start - AROUND) : claim.start]
        after = plain[claim.end : min(sentence.end, claim.end + AROUND)]
        whole = plain[max(sentence.start, claim.start - AROUND) : min(sentence.end, claim.end + AROUND)]
        topic = topic_of(self._since_full_stop(claim), after)
        fields = fields_meant(before, after) if isinstance(claim, DATED) else ()
        if isinstance(claim, DateClaim) and OF_A_VISIT.search(f"{before}{plain[claim.start : claim.end]}"):
            topic, fields = Topic.EVENT, ()
        today, next_one = self.sources.now.date(), plain[sentence.end : self.reading.end_after(sentence)]
        return Setting(topic, whole, before, after, sentence.asks, names_order, today, fields, *others, next_one)

    def _since_full_stop(self, claim: Claim) -> str:
        """What comes before, across semicolons: "abrimos segunda; sábado, até as 12h" has one topic."""
        before = self.reading.plain[max(0, claim.start - AROUND) : claim.start]
        return FULL_STOP.split(before)[-1]


def _with_their_days(claims: Sequence[Claim], reading: Reading, today: int) -> list[Claim]:
    """Times of day bound to the dates around them: "amanhã (24/11) às 17h", "às 17h de amanhã", "sábado até as 12h"."""
    days = [claim for claim in claims if isinstance(claim, DateClaim)]
    plain_days = [day for day in days if not isinstance(day, WeekdayClaim)]
    bound = [_on_its_day(claim, plain_days, reading) if isinstance(claim, WeekdayClaim) else claim for claim in claims]
    days = [claim for claim in bound if isinstance(claim, DateClaim)]
    dated = [_dated(claim, days, reading, today) if isinstance(claim, TimeClaim) else claim for claim in bound]
    return [_reached_on(claim, days, reading) if isinstance(claim, StageClaim) else claim for claim in dated]


def _around(claim: Claim, days: Sequence[DateClaim]) -> tuple[list[DateClaim], list[DateClaim]]:
    """The nearest of `days`, which are in order, on either side of `claim`."""
    at = bisect(days, claim.start, key=lambda day: day.start)
    before = [day for day in days[max(0, at - NEAREST) : at] if day.end <= claim.start]
    return before, [day for day in days[at : at + NEAREST] if day.start >= claim.end]


def _on_its_day(weekday: WeekdayClaim, days: Sequence[DateClaim], reading: Reading) -> WeekdayClaim:
    """A weekday bound to the date beside it: "quinta-feira, 26/11/2026", "26/11 (quinta)"."""
    if weekday.recurring:
        return weekday
    before, after = _around(weekday, days)
    if (
        after
        and not isinstance(after[0], TodayClaim)
        and NEXT_TO.fullmatch(reading.plain[weekday.end : after[0].start])
    ):
        return replace(weekday, day=after[0])
    if before and isinstance(before[-1], TodayClaim):
        is_today = IS_TODAY.fullmatch(reading.text[before[-1].end : weekday.start])
        return replace(weekday, day=before[-1]) if is_today else weekday
    if before and JUST_AFTER.fullmatch(reading.plain[before[-1].end : weekday.start]):
        return replace(weekday, day=before[-1])
    return weekday


def _reached_on(stage: StageClaim, days: Sequence[DateClaim], reading: Reading) -> StageClaim:
    """A stage bound to the date after or before it: "em diagnóstico desde 04/12", "04/12 – Diagnóstico"."""
    before, after = _around(stage, days)
    if after and REACHED_ON.fullmatch(reading.plain[stage.end : after[0].start]):
        return replace(stage, day=after[0])
    if before and REACHED.fullmatch(reading.plain[before[-1].end : stage.start]):
        return replace(stage, day=before[-1])
    return stage


def _dated(time: TimeClaim, days: Sequence[DateClaim], reading: Reading, today: int) -> TimeClaim:
    sentence = reading.sentence_at(time.start)
    before, after = _around(time, days)
    before = [day for day in before if sentence.start <= day.start]
    after = [day for day in after if day.start < sentence.end]
    near = [day for day in after[:1] if not re.search(r"[,;]", reading.plain[time.end : day.start])]
    nearest = before[-1] if before else near[0] if near else None
    nearest = (nearest.day or nearest) if isinstance(nearest, WeekdayClaim) else nearest
    beside = [day for day in before[-1:] if BESIDE.fullmatch(reading.plain[day.end : time.start])]
    beside += [day for day in after[:1] if BESIDE.fullmatch(reading.plain[time.end : day.start])]
    now = re.search(r"\bagora\b", reading.plain[sentence.start : sentence.end])
    weekdays = nearest.weekdays_meant if nearest else frozenset({today}) if now else frozenset()
    day = next(((each.day or each) if isinstance(each, WeekdayClaim) else each for each in beside), None)
    return replace(time, day=day, weekdays=weekdays)
