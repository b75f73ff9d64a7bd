"""Dates: `23/11/2026`, `23/11`, `23 de novembro`, `dia 12`, `sexta`, `amanhã`, `semana que vem`, `em novembro`.

Each is turned into the spans of days it may mean on the day of the turn; it holds when a source's day lies in one.
Those with a number or a month's name are read in `written.py`; distances ("em 3 dias", "há 14 meses") in
`distances.py`.
"""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from assistant.conversation.factcheck.calendar import WEEKDAYS, Days, month_of, one, week_of
from assistant.conversation.factcheck.claim import Claim, Setting, Topic
from assistant.conversation.factcheck.evidence import Evidence, Moment
from assistant.conversation.factcheck.kinds import Kind
from assistant.conversation.factcheck.opening import fits_day, fits_weekdays
from assistant.conversation.factcheck.reading import Reading
from assistant.conversation.factcheck.topics import OPENING
from assistant.conversation.factcheck.written import written_dates

OF_NEXT_WEEK = r"\s*,?\s*da (?:semana que vem|proxima semana|outra semana)"
NEXT = r"(?:\s*,?\s*que vem|\s+seguinte|\s+proxim[oa])"
ORDINAL_NOUNS = (
    r"(?!\s+(?:opcao|via|vez|ordem|os\b|visita|etapa|fase|revisao|parcela|mao\b|marcha|troca|unidade|pergunta|parte|chance|"
    r"peca|duvida|mensagem|placa|geracao))"
)
WEEKDAY = (
    r"(?P<weekday>segunda|terca|quarta|quinta|sexta|sabado|domingo)(?P<plural>s?)"
    rf"(?:[- ]feiras?)?{ORDINAL_NOUNS}\b"
)
ONE_WEEKDAY = re.compile(
    rf"(?:\b(?P<recurring>aos|as|todo|toda|todos os|todas as)\s+)?(?P<next>\bproxim[oa]\s+)?"
    rf"\b{WEEKDAY}(?:(?P<next_week>{OF_NEXT_WEEK})|(?P<later>{NEXT})|(?P<before_last>\s+retrasad[oa]))?"
)
WEEKDAY_RANGE = re.compile(
    rf"\b{WEEKDAY}\s*(?:a|ate|as|-)\s*(?:a\s+)?"
    rf"{WEEKDAY.replace('P<weekday>', 'P<to>').replace('P<plural>', 'P<plural2>')}"
)

EVERY_DAY = re.compile(r"\b(?:todos os dias|todo dia|diariamente|todos los dias|every day)\b(?! (?:ut|da semana))")
RELATIVE: dict[str, int] = {
    r"depois de amanha|pasado manana|day after tomorrow": 2,
    r"amanha|manana|tomorrow": 1,
    r"hoje|hoy|today|tonight": 0,
    r"ontem|ayer|yesterday": -1,
    r"anteontem|antes de ontem|anteayer": -2,
}
RELATIVE_DAY = re.compile(rf"\b(?:{'|'.join(RELATIVE)})\b")
FOREIGN_WEEKDAYS: dict[str, int] = {
    r"monday|lunes": 0,
    r"tuesday|martes": 1,
    r"wednesday|miercoles": 2,
    r"thursday|jueves": 3,
    r"friday|viernes": 4,
    r"saturday": 5,
    r"sunday": 6,
}
"""The assistant answers in English and Spanish too; `sabado` and `domingo` are the same word."""
SPANS = re.compile(
    r"\b(?:(?P<next>(?:a |na |n?o )?proxim[oa]s? (?P<unit1>semana|mes|ano)"
    r"|(?P<unit2>semana|mes|ano)(?: que vem| seguinte))"
    r"|(?P<last>(?P<unit3>semana|mes|ano)(?: passad[oa]| retrasad[oa])|ultim[oa] (?P<unit4>semana|mes|ano))"
    r"|(?P<this>(?:n?es[st][ea] |ainda (?:na|no) |fim d[eao] |final d[eao] )(?P<unit5>semana|mes|ano)|fim de semana))\b"
)
HOURS_REACH = 30
IS_A_DAY = re.compile(rf"\s*(?:e|eh|,)\s*(?:uma? )?(?:{'|'.join(WEEKDAYS)})(?:-feira)?\b")
NOT_TODAY = re.compile(r"\s*,?\s*(?:(?:ainda|infelizmente) )?(?:nao|nenhum\w*)\b")
AS_IT_IS = re.compile(r"[\s,]*(?:[oas]{1,2} |seu |sua |el[ea] )?(?:\w+ ){0,5}?(?:esta|estao|segue|consta)\b")
""" "Hoje a sua visita está na terça": as things stand."""
FAREWELL = re.compile(
    r"\W*(?:[\w ,]{0,25}\W+)?(?:ate|nos vemos|bom|otimo|excelente) (?:amanha|segunda|sabado|domingo|fim de semana)\W*"
)


@dataclass(frozen=True)
class DateClaim(Claim):
    """A day, or a span of days, in the form of all the spans that the words may mean."""

    kind: ClassVar[Kind] = Kind.DATE
    meanings: tuple[Days, ...]
    """The nearest to today first."""

    @property
    def key(self) -> Hashable:
        return self.meanings

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        if _tells_hours(evidence, setting) and self.near_day(setting.today) is not None:
            return self._is_day_of_hours(evidence, setting)
        return any(self.means(moment) and setting.admits(moment, evidence) for moment in evidence.moments)

    def _is_day_of_hours(self, evidence: Evidence, setting: Setting) -> bool:
        day = self.near_day(setting.today)
        return day is not None and fits_day(day, evidence, setting)

    def near_day(self, today: date) -> date | None:
        """The one day that is meant, where it is near enough for the shop's hours and holidays to be known."""
        nearest = self.meanings[0] if self.meanings else None
        if nearest is None or nearest.first != nearest.last or abs((nearest.first - today).days) > HOURS_REACH:
            return None
        return nearest.first

    def repeats(self, said: Hashable) -> bool:
        """Whether one of the days that were said is the day meant."""
        return self.key == said or (isinstance(said, tuple) and self.meanings[:1] == said[:1])

    def means(self, moment: Moment) -> bool:
        """Whether the words can be about the day of `moment`."""
        if moment.first is None or moment.last is None:
            return False
        return any(days.covers(moment.first, moment.last) for days in self.meanings)

    @property
    def weekdays_meant(self) -> frozenset[int]:
        """The weekdays of the days that the words may mean."""
        return frozenset(days.first.weekday() for days in self.meanings[:1] if days.first == days.last)

    def teach(self, evidence: Evidence) -> None:
        evidence.moments.extend(Moment(days.first, days.last, None, None, ()) for days in self.meanings)

    def neutral(self, setting: Setting) -> bool:
        return bool(FAREWELL.fullmatch(setting.sentence))


@dataclass(frozen=True)
class TodayClaim(DateClaim):
    """ "Hoje" says something only of what happens today; "como posso ajudar hoje?" and "hoje ele está em…" do not."""

    def neutral(self, setting: Setting) -> bool:
        if IS_A_DAY.match(setting.after):
            return True
        if setting.topic is Topic.OPEN:
            return False
        not_today = NOT_TODAY.match(setting.after)
        as_it_is = setting.topic is Topic.EVENT and AS_IT_IS.match(setting.after)
        return setting.topic is Topic.NONE or bool(not_today or as_it_is)

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        if evidence.shop and setting.about_hours and not _opens_again(evidence, setting):
            return self._is_day_of_hours(evidence, setting) if evidence.open_on else bool(evidence.moments)
        return super().holds(evidence, setting)


@dataclass(frozen=True)
class WeekdayClaim(DateClaim):
    """A day of the week: one near today, or one of the days on which the shop opens."""

    weekdays: frozenset[int]
    recurring: bool
    day: DateClaim | None = None
    """The calendar date written right beside it, whose weekday it has to be."""

    @property
    def key(self) -> Hashable:
        return self.weekdays

    @property
    def weekdays_meant(self) -> frozenset[int]:
        return self.weekdays

    def means(self, moment: Moment) -> bool:
        if self.day is None:
            return super().means(moment)
        return self.day.means(moment) and moment.first is not None and moment.first.weekday() in self.weekdays

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        if self.day is not None:
            return self._is_of_its_day(self.day, evidence, setting)
        if evidence.shop and setting.about_hours and not _opens_again(evidence, setting):
            if fits_weekdays(self.weekdays, evidence, setting):
                return True
            if setting.topic is Topic.OPEN and evidence.open_on:
                return False
        told = [moment for moment in evidence.moments if self.means(moment) and setting.admits(moment, evidence)]
        return not self.recurring and bool(told)

    def neutral(self, setting: Setting) -> bool:
        every_day = len(self.weekdays) == len(WEEKDAYS) and setting.topic is not Topic.OPEN
        return every_day or super().neutral(setting)

    def _is_of_its_day(self, day: DateClaim, evidence: Evidence, setting: Setting) -> bool:
        told = [moment for moment in evidence.moments if day.means(moment) and setting.admits(moment, evidence)]
        if told:
            return any(self.means(moment) for moment in told)
        near = day.near_day(setting.today)
        fits = near is not None and near.weekday() in self.weekdays
        return fits and (isinstance(day, TodayClaim) or _tells_hours(evidence, setting))

    def teach(self, evidence: Evidence) -> None:
        evidence.weekdays |= self.weekdays


def _tells_hours(evidence: Evidence, setting: Setting) -> bool:
    """Whether the shop's usual hours decide: nothing else says on which days it opens."""
    opens = evidence.shop and setting.topic is Topic.OPEN and bool(evidence.open_on or evidence.weekdays)
    return opens and not _opens_again(evidence, setting)


def _opens_again(evidence: Evidence, setting: Setting) -> bool:
    """Whether the day is the one on which the shop opens next, and a source says which that is."""
    return setting.fields == OPENING and any(setting.is_of_fields(moment) for moment in evidence.moments if moment.path)


def find(reading: Reading, today: date) -> Iterator[DateClaim]:
    """Every date in `reading`, as meant on `today`; never two for the same words."""
    end = -1
    for claim in sorted(_candidates(reading, today), key=lambda found: (found.start, -found.end)):
        if claim.start >= end:
            end = claim.end
            yield claim


def _candidates(reading: Reading, today: date) -> Iterator[DateClaim]:
    for start, end, meanings in written_dates(reading.plain, today):
        nearest_first = tuple(sorted(meanings, key=lambda days: abs((days.first - today).days)))
        yield DateClaim(start, end, reading.text[start:end], nearest_first)
    yield from _relative(reading, today)
    yield from _weekdays(reading, today)
    yield from _foreign_weekdays(reading, today)


def _relative(reading: Reading, today: date) -> Iterator[DateClaim]:
    for match in RELATIVE_DAY.finditer(reading.plain):
        shift = next(days for words, days in RELATIVE.items() if re.fullmatch(words, match.group()))
        kind = TodayClaim if shift == 0 else DateClaim
        yield kind(match.start(), match.end(), match.group(), (one(today + timedelta(days=shift)),))
    for match in SPANS.finditer(reading.plain):
        ahead = 1 if match["next"] else -1 if match["last"] else 0
        unit = next((match[f"unit{at}"] for at in range(1, 6) if match[f"unit{at}"]), "semana")
        yield DateClaim(match.start(), match.end(), match.group(), (_span(unit, ahead, today),))


def _weekdays(reading: Reading, today: date) -> Iterator[DateClaim]:
    for match in WEEKDAY_RANGE.finditer(reading.plain):
        first, last = WEEKDAYS.index(match["weekday"]), WEEKDAYS.index(match["to"])
        span = frozenset((first + step) % 7 for step in range((last - first) % 7 + 1))
        yield WeekdayClaim(match.start(), match.end(), match.group(), (), span, recurring=True)
    for match in EVERY_DAY.finditer(reading.plain):
        yield WeekdayClaim(match.start(), match.end(), match.group(), (), frozenset(range(7)), recurring=True)
    for match in ONE_WEEKDAY.finditer(reading.plain):
        weekday = WEEKDAYS.index(match["weekday"])
        recurring = bool(match["recurring"] or match["plural"])
        reach = range(1, 15) if match["next"] or match["later"] else range(-7, 8)
        reach = range(-14, -6) if match["before_last"] else reach
        reach = range(7 - today.weekday(), 14 - today.weekday()) if match["next_week"] else reach
        near = [today + timedelta(days=step) for step in reach]
        meanings = tuple(one(day) for day in near if day.weekday() == weekday and not recurring)
        yield WeekdayClaim(match.start(), match.end(), match.group(), meanings, frozenset({weekday}), recurring)


def _foreign_weekdays(reading: Reading, today: date) -> Iterator[DateClaim]:
    for names, weekday in FOREIGN_WEEKDAYS.items():
        for match in re.finditer(rf"\b(?:{names})s?\b", reading.plain):
            near = [today + timedelta(days=step) for step in range(-7, 8)]
            meanings = tuple(one(day) for day in near if day.weekday() == weekday)
            yield WeekdayClaim(
                match.start(), match.end(), match.group(), meanings, frozenset({weekday}), recurring=False
            )


def _span(unit: str, ahead: int, today: date) -> Days:
    if unit == "semana":
        return week_of(today, ahead)
    if unit == "mes":
        return month_of(today, ahead)
    return Days(date(today.year + ahead, 1, 1), date(today.year + ahead, 12, 31))
