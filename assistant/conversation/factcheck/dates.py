"""Dates: `23/11/2026`, `23/11`, `23 de novembro`, `dia 12`, `sexta`, `amanhã`, `semana que vem`, `em novembro`.

Each is turned into the spans of days it may mean on the day of the turn; it holds when a source's day lies in one.
Distances ("em 3 dias", "há 14 meses") are in `distances.py`.
"""

import re
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar

from assistant.conversation.factcheck.calendar import (
    MONTHS,
    WEEKDAYS,
    Days,
    month_number,
    month_of,
    month_span,
    one,
    real_day,
    week_of,
    years_around,
)
from assistant.conversation.factcheck.claim import Claim, Setting, Topic
from assistant.conversation.factcheck.evidence import Evidence, Moment
from assistant.conversation.factcheck.kinds import Kind
from assistant.conversation.factcheck.numbers import BELOW_HUNDRED, value
from assistant.conversation.factcheck.reading import Reading
from assistant.conversation.factcheck.roles import OPENING

MONTH = "(?:" + "|".join(f"{name}|{name[:3]}" for name in MONTHS) + r")\b\.?"
DAY = rf"(?:\d{{1,2}}|primeiro|{BELOW_HUNDRED})"
ISO = re.compile(r"(?<!\w)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
NUMERIC = re.compile(r"(?<![\w/])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/])")
SHORT = re.compile(r"(?<![\w/,.])(\d{1,2})/(\d{1,2})(?![\d/])")
NAMED = re.compile(
    rf"(?<!\w)(?P<day>{DAY})o?\s*(?:de\s+|/|\s|-)(?P<month>{MONTH})(?:\s*(?:de\s+|do\s+|/|\s)(?P<year>\d{{4}}))?"
)
MONTH_ONLY = re.compile(
    rf"\b(?:em|de|desde|ate|mes de|para|inicio de|comeco de|meados de|fim de|final de|proximo|ultimo)\s+"
    rf"(?P<month>{'|'.join(MONTHS)})(?:\s*(?:de\s+|/)(?P<year>\d{{4}}))?\b"
)
DAY_ONLY = re.compile(
    rf"\bdias?\s+(?P<days>{DAY}o?(?:\s*(?:,|e|ou|a|ao)\s*{DAY}o?)*)\b"
    rf"(?!\s*(?:dias|horas|uteis|reais|%|/|-\d|\.\d|de {MONTH}))"
)

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
    rf"\b{WEEKDAY}(?P<later>{NEXT})?"
)
WEEKDAY_RANGE = re.compile(
    rf"\b{WEEKDAY}\s*(?:a|ate|as|-)\s*(?:a\s+)?"
    rf"{WEEKDAY.replace('P<weekday>', 'P<to>').replace('P<plural>', 'P<plural2>')}"
)

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
FAREWELL = re.compile(
    r"\W*(?:[\w ,]{0,25}\W+)?(?:ate|nos vemos|bom) (?:amanha|segunda|sabado|domingo|fim de semana)\W*"
)


@dataclass(frozen=True)
class DateClaim(Claim):
    """A day, or a span of days, in the form of all the spans that the words may mean."""

    kind: ClassVar[Kind] = Kind.DATE
    meanings: tuple[Days, ...]

    @property
    def key(self) -> Hashable:
        return self.meanings

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        if any(self.means(moment) and setting.admits(moment, evidence) for moment in evidence.moments):
            return True
        usual_hours = evidence.shop and setting.topic is Topic.OPEN and not _opens_again(evidence, setting)
        return usual_hours and len(self.meanings) == 1 and bool(self.weekdays_meant & evidence.weekdays)

    def means(self, moment: Moment) -> bool:
        """Whether the words can be about the day of `moment`."""
        if moment.first is None or moment.last is None:
            return False
        return any(days.covers(moment.first, moment.last) for days in self.meanings)

    @property
    def weekdays_meant(self) -> frozenset[int]:
        """The weekdays of the days that the words may mean."""
        return frozenset(days.first.weekday() for days in self.meanings if days.first == days.last)

    def teach(self, evidence: Evidence) -> None:
        evidence.moments.extend(Moment(days.first, days.last, None, None, ()) for days in self.meanings)

    def neutral(self, setting: Setting) -> bool:
        return bool(FAREWELL.fullmatch(setting.sentence))


@dataclass(frozen=True)
class TodayClaim(DateClaim):
    """ "Hoje" says something only of what happens today; "como posso ajudar hoje?" and "hoje ele está em…" do not."""

    def neutral(self, setting: Setting) -> bool:
        return setting.topic is Topic.NONE or bool(re.match(r"\s*(?:ainda )?nao\b", setting.after))

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        if evidence.shop and setting.about_hours and not _opens_again(evidence, setting):
            return bool(evidence.weekdays or evidence.moments)
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

    def holds(self, evidence: Evidence, setting: Setting) -> bool:
        if self.day is not None:
            day = self.day
            told = (moment for moment in evidence.moments if day.means(moment) and setting.admits(moment, evidence))
            return any(moment.first is not None and moment.first.weekday() in self.weekdays for moment in told)
        if (
            evidence.shop
            and setting.about_hours
            and not _opens_again(evidence, setting)
            and self._known(evidence, setting)
        ):
            return True
        return not self.recurring and super().holds(evidence, setting)

    def _known(self, evidence: Evidence, setting: Setting) -> bool:
        closed = bool(re.search(r"\bfechad|\bnao (?:abr|atend|funcion)", setting.sentence)) and bool(evidence.weekdays)
        return closed or self.weekdays <= evidence.weekdays

    def teach(self, evidence: Evidence) -> None:
        evidence.weekdays |= self.weekdays


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
    for match, meanings in _written(reading.plain, today):
        yield DateClaim(match.start(), match.end(), reading.text[match.start() : match.end()], tuple(meanings))
    yield from _relative(reading, today)
    yield from _weekdays(reading, today)
    yield from _foreign_weekdays(reading, today)


def _written(plain: str, today: date) -> Iterator[tuple[re.Match[str], Iterable[Days]]]:
    """Dates with a number or a month's name."""
    for match in ISO.finditer(plain):
        yield match, _days(int(match[1]), int(match[2]), int(match[3]))
    for match in NUMERIC.finditer(plain):
        yield match, _days(_full_year(match[4]), int(match[3]), int(match[1]))
    for match in SHORT.finditer(plain):
        yield match, _any_year(int(match[2]), int(match[1]), today)
    for match in NAMED.finditer(plain):
        month, day = month_number(match["month"].rstrip(".")) or 0, _day_number(match["day"])
        yield match, _days(int(match["year"]), month, day) if match["year"] else _any_year(month, day, today)
    for match in MONTH_ONLY.finditer(plain):
        month = month_number(match["month"]) or 0
        years = [int(match["year"])] if match["year"] else list(years_around(today))
        yield match, [month_span(year, month) for year in years if year >= 1]
    for match in DAY_ONLY.finditer(plain):
        days = [_day_number(part) for part in re.split(r"\s*(?:,|\be\b|\bou\b|\ba\b|\bao\b)\s*", match["days"])]
        yield match, [days for day in days for days in _near_days(day, today)]


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
    for match in ONE_WEEKDAY.finditer(reading.plain):
        weekday = WEEKDAYS.index(match["weekday"])
        recurring = bool(match["recurring"] or match["plural"])
        reach = range(1, 15) if match["next"] or match["later"] else range(-7, 8)
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


def _days(year: int, month: int, day: int) -> list[Days]:
    found = real_day(year, month, day)
    return [found] if found else []


def _any_year(month: int, day: int, today: date) -> list[Days]:
    return [days for year in years_around(today) for days in _days(year, month, day)]


def _near_days(day: int, today: date) -> list[Days]:
    """The days with this number in the months around today."""
    months = [month_of(today, ahead).first for ahead in (-2, -1, 0, 1, 2)]
    return [days for first in months for days in _days(first.year, first.month, day)]


def _day_number(written: str) -> int:
    bare = written if written in ("primeiro",) or not written[:-1].isdigit() else written.rstrip("o")
    return 1 if bare == "primeiro" else int(value(bare))


def _full_year(written: str) -> int:
    return int(written) if len(written) == 4 else 2000 + int(written)
