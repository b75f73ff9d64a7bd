"""Dates written with a number or a month's name: where they stand, and the spans of days they may mean.

Portuguese, Spanish and English; a day without a month may be of the months around today and of those that its sentence
names. Plain functions over text; nothing here knows of evidence.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from assistant.conversation.factcheck.calendar import (
    MONTHS,
    Days,
    month_number,
    month_of,
    month_span,
    real_day,
    years_around,
)
from assistant.conversation.factcheck.numbers import BELOW_HUNDRED, value
from assistant.conversation.factcheck.vocabulary import words

SPANISH = words("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre")
ENGLISH = words("january february march april may june july august september october november december")
MONTH = "(?:" + "|".join(f"{name}|{name[:3]}" for name in (*MONTHS, *SPANISH, *ENGLISH)) + r")\b\.?"
DAY = rf"(?:\d{{1,2}}|primeiro|{BELOW_HUNDRED})"
ISO = re.compile(r"(?<!\w)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
NUMERIC = re.compile(r"(?<![\w/])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\d/])")
SHORT = re.compile(r"(?<![\w/,.])(\d{1,2})/(\d{1,2})(?![\d/])")
NAMED = re.compile(
    rf"(?<!\w)(?P<day>{DAY})o?\s*(?:de\s+|/|\s|-)(?P<month>{MONTH})(?:\s*(?:de\s+|do\s+|/|\s)(?P<year>\d{{4}}))?"
)
MONTH_FIRST = re.compile(
    rf"\b(?P<month>{'|'.join(f'{name}|{name[:3]}' for name in ENGLISH)})\b\.?\s+(?:the\s+)?"
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(?P<year>\d{4}))?(?![\d:/]|\s*[ap]m)"
)
MONTH_ONLY = re.compile(
    rf"\b(?:em|de|desde|ate|mes de|para|inicio de|comeco de|meados de|fim de|final de|proximo|ultimo)\s+"
    rf"(?P<month>{'|'.join(MONTHS)})\b"
    r"(?:\s*(?:de\s+|/)(?P<year>\d{4})\b|\s+(?P<of>deste ano|desse ano|(?:do ano )?passado|do ano que vem))?"
)
DAY_ONLY = re.compile(
    rf"\bdias?\s+(?P<days>{DAY}o?(?:\s*(?:,|e|ou|a|ao)\s*{DAY}o?)*)\b"
    rf"(?!\s*(?:dias|horas|uteis|reais|%|/|-\d|\.\d|de {MONTH}))"
)
DAY_IN_BRACKETS = re.compile(
    r"(?:segunda|terca|quarta|quinta|sexta|sabado|domingo)(?:-feira)?,?\s*\((?P<days>\d{1,2})\)"
)
MONTH_SAID = re.compile(rf"\b(?P<name>{'|'.join(MONTHS)})\b|(?<![\d/])\d{{1,2}}/(?P<number>\d{{1,2}})(?!\d)")
END = re.compile(r"[.!?;](?=\s)|\n")
BETWEEN_DAYS = re.compile(r"\s*(?:,|\be\b|\bou\b|\ba\b|\bao\b)\s*")
YEARS = {"deste ano": 0, "desse ano": 0, "do ano passado": -1, "do ano que vem": 1}


class Written(NamedTuple):
    """A date at `start`–`end` of a text."""

    start: int
    end: int
    meanings: tuple[Days, ...]


def written_dates(plain: str, today: date) -> Iterator[Written]:
    """Every date with a number or a month's name; the same words may be given twice."""
    for match, meanings in _matches(plain, today):
        yield Written(match.start(), match.end(), tuple(meanings))
    for match in DAY_IN_BRACKETS.finditer(plain):
        yield Written(*match.span("days"), tuple(_near_days(int(match["days"]), today)))


def _matches(plain: str, today: date) -> Iterator[tuple[re.Match[str], Iterable[Days]]]:
    for match in ISO.finditer(plain):
        yield match, _days(int(match[1]), int(match[2]), int(match[3]))
    for match in NUMERIC.finditer(plain):
        yield match, _days(_full_year(match[4]), int(match[3]), int(match[1]))
    for match in SHORT.finditer(plain):
        yield match, _any_year(int(match[2]), int(match[1]), today)
    for match in (*NAMED.finditer(plain), *MONTH_FIRST.finditer(plain)):
        month, day = _month(match["month"].rstrip(".")), _day_number(match["day"])
        yield match, _days(int(match["year"]), month, day) if match["year"] else _any_year(month, day, today)
    for match in MONTH_ONLY.finditer(plain):
        yield match, [month_span(year, _month(match["month"])) for year in _years(match, today) if year >= 1]
    for match in DAY_ONLY.finditer(plain):
        days = [_day_number(part) for part in BETWEEN_DAYS.split(match["days"])]
        yield match, [*_of_months_said(days, plain, match, today), *(d for day in days for d in _near_days(day, today))]


def _month(word: str) -> int:
    for names in (SPANISH, ENGLISH):
        if word in names or (month_number(word) is None and word in [name[:3] for name in names]):
            return next(at for at, name in enumerate(names, 1) if name.startswith(word))
    return month_number(word) or 0


def _years(match: re.Match[str], today: date) -> list[int]:
    if match["year"]:
        return [int(match["year"])]
    if match["of"] in YEARS:
        return [today.year + YEARS[match["of"]]]
    return [today.year, today.year - 1] if match["of"] else list(years_around(today))


def _days(year: int, month: int, day: int) -> list[Days]:
    found = real_day(year, month, day)
    return [found] if found else []


def _any_year(month: int, day: int, today: date) -> list[Days]:
    return [days for year in years_around(today) for days in _days(year, month, day)]


def _near_days(day: int, today: date) -> list[Days]:
    """The days with this number in the months around today."""
    months = [month_of(today, ahead).first for ahead in (-2, -1, 0, 1, 2)]
    return [days for first in months for days in _days(first.year, first.month, day)]


def _of_months_said(days: list[int], plain: str, match: re.Match[str], today: date) -> Iterator[Days]:
    """ "Em agosto: entrou dia 3": the days with these numbers in the months that the sentence names."""
    start = max((found.end() for found in END.finditer(plain, 0, match.start())), default=0)
    end = END.search(plain, match.end())
    for said in MONTH_SAID.finditer(plain, start, end.start() if end else len(plain)):
        month = int(said["number"]) if said["number"] else _month(said["name"])
        for day in days:
            yield from _any_year(month, day, today)


def _day_number(written: str) -> int:
    bare = written if written in ("primeiro",) or not written[:-1].isdigit() else written.rstrip("o")
    return 1 if bare == "primeiro" else int(value(bare))


def _full_year(written: str) -> int:
    return int(written) if len(written) == 4 else 2000 + int(written)
