"""Days inside a sentence: "amanhã", "sexta", "dia 12", "25/11", "28 de dezembro". Times of day: `clock.py`.

A day stays as it was said (`DateMention`) until somebody says what day today is (`resolve_date`).
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from assistant.conversation.embedded.slots import plain

WEEKDAYS = {
    "segunda": 0, "terca": 1, "quarta": 2, "quinta": 3, "sexta": 4, "sabado": 5, "domingo": 6,
    "seg": 0, "qua": 2, "qui": 3, "sex": 4, "sab": 5, "dom": 6,
}  # fmt: skip
MONTHS = ("jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez")
MONTH_NAMES = (
    r"jan(?:eiro)?|fev(?:ereiro)?|mar(?:co)?|abr(?:il)?|maio?|jun(?:ho)?|jul(?:ho)?|ago(?:sto)?|set(?:embro)?|"
    r"out(?:ubro)?|nov(?:embro)?|dez(?:embro)?"
)
NOT_A_WEEKDAY = r"(?!\s+(?:via|vez|marcha|opcao|parcela|parte|vers|unidade|chamada|guerra|os\b|ordem))"
DATE = re.compile(
    r"\b(?P<numeric>(?P<d>[0-3]?\d)/(?P<m>[01]?\d)(?:/(?P<y>\d{2,4}))?)\b"
    rf"|\b(?:dia )?(?P<of>[0-3]?\d|primeiro)[oº]? (?:de )?(?P<month>{MONTH_NAMES})\b(?: de (?P<year>20\d\d)\b)?"
    r"|\bdia (?P<day>[0-3]?\d)\b(?!/|\s*(?:vezes|x\b))"
    rf"|\b(?P<weekday>segunda|terca|quarta|quinta|sexta|sabado|domingo|seg|qua|qui|sex|sab)\b{NOT_A_WEEKDAY}"
    r"|\b(?P<ordinal>[2-6])[aª]?[ -]feira\b"
    r"|\b(?P<relative>depois de amanha|dps de amanha|anteontem|amanha|amanh|amnha|a manha(?= cedo| as\b|\W*$)|hoje|hj|"
    r"ontem|(?:semana|mes) (?:que|q) vem|"
    r"proxim[ao] (?:semana|mes)|(?:semana|mes) seguinte|fim de semana|fds)\b"
)
ALSO_SAID = (
    (re.compile(r"hj"), "hoje"),
    (re.compile(r"dps de amanha"), "depois de amanha"),
    (re.compile(r"amanh|amnha|a manha"), "amanha"),
    (re.compile(r"fds"), "fim de semana"),
    (re.compile(r".*(semana|mes).*"), r"\1 que vem"),
)
"""Other words for a relative day, and the ones it is known by."""


class DateKind(StrEnum):
    """How a day was said."""

    CALENDAR = "calendar"
    DAY_OF_MONTH = "day_of_month"
    WEEKDAY = "weekday"
    RELATIVE = "relative"


@dataclass(frozen=True)
class DateMention:
    """A day as the customer said it: `text` is the normalised wording, the numbers are what it holds."""

    kind: DateKind
    text: str
    day: int | None = None
    month: int | None = None
    year: int | None = None
    weekday: int | None = None


def find_dates(text: str) -> tuple[DateMention, ...]:
    """Every day that is said, in order: "amanhã", "sexta", "dia 12", "25/11"."""
    return tuple(_mention(match) for match in DATE.finditer(plain(text)))


def _mention(match: re.Match[str]) -> DateMention:
    said = match.group()
    if match["numeric"]:
        year = int(match["y"]) if match["y"] else None
        full = 2000 + year if year is not None and year < 100 else year
        return DateMention(DateKind.CALENDAR, said, day=int(match["d"]), month=int(match["m"]), year=full)
    if match["month"]:
        day = 1 if match["of"] == "primeiro" else int(match["of"])
        month = MONTHS.index(match["month"][:3]) + 1
        return DateMention(DateKind.CALENDAR, said, day, month, int(match["year"]) if match["year"] else None)
    if match["day"]:
        return DateMention(DateKind.DAY_OF_MONTH, said, day=int(match["day"]))
    if match["weekday"] or match["ordinal"]:
        index = WEEKDAYS[match["weekday"]] if match["weekday"] else int(match["ordinal"]) - 2
        return DateMention(DateKind.WEEKDAY, said, weekday=index)
    return DateMention(DateKind.RELATIVE, _known_as(said))


def _known_as(said: str) -> str:
    """A relative day in the words by which it is looked up."""
    if said == "fim de semana":
        return said
    return next((pattern.sub(name, said) for pattern, name in ALSO_SAID if pattern.fullmatch(said)), said)


def resolve_date(mention: DateMention, today: date) -> date | None:
    """The day meant, seen from `today`; the next such day for weekdays and days of the month.

    None when it is no single day ("semana que vem") or no day of the calendar ("31/02").
    """
    if mention.kind is DateKind.RELATIVE:
        offsets = {"hoje": 0, "amanha": 1, "depois de amanha": 2, "ontem": -1, "anteontem": -2}
        return today + timedelta(days=offsets[mention.text]) if mention.text in offsets else None
    if mention.weekday is not None:
        return today + timedelta(days=(mention.weekday - today.weekday() - 1) % 7 + 1)
    return _calendar_day(mention, today)


def _calendar_day(mention: DateMention, today: date) -> date | None:
    """The first fitting day from today on; a year that was said is taken as it is."""
    if mention.day is None:
        return None
    for ahead in range(13):
        month_index = today.month - 1 + ahead
        month, year = month_index % 12 + 1, today.year + month_index // 12
        if mention.month is not None and month != mention.month:
            continue
        try:
            found = date(mention.year or year, month, mention.day)
        except ValueError:
            if mention.month is not None:
                return None
            continue
        if mention.year is not None or found >= today:
            return found
    return None
