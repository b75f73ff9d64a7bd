"""Results whose fields belong together: a line with its price or day, a stage with its moment, a day with its hours.

Adds to an `Evidence`; what the fields say each for itself is read in `sources.py`.
"""

import re
from datetime import date, datetime, time
from decimal import Decimal

from pydantic import BaseModel

from assistant.conversation.factcheck import stages
from assistant.conversation.factcheck.calendar import WEEKDAYS
from assistant.conversation.factcheck.evidence import Amount, Evidence, Moment, Part, Path
from assistant.conversation.factcheck.reading import plain
from integrations.settings import SHOP_ZONE

WEEKDAY_FIELDS = ("weekday", "dia_semana")
LINES = ("item", "part", "peca", "paid", "payment", "warrant")
EACH = "each"
"""The field of what one piece of a line costs."""


def note_lines(result: BaseModel, path: Path, home: Evidence) -> None:
    """Remember a line's words beside its amounts and days, so that those of one are not given for another."""
    if not path or not any(word in path[-1] for word in LINES):
        return
    fields = {name: getattr(result, name) for name in type(result).model_fields}
    texts = [value for value in fields.values() if isinstance(value, str)]
    amounts = {value for name, value in fields.items() if isinstance(value, Decimal) and "quant" not in name}
    moments = [_moment(value, (*path, name)) for name, value in fields.items() if isinstance(value, date)]
    if not (amounts or moments or "part" in path[-1]):
        return
    one, runs, days = _price_of_one(fields), fields.get("runs"), fields.get("warranty_days")
    for text in _texts(fields.get("items")) or texts[:1]:
        told = runs if isinstance(runs, bool) else None
        part = Part(plain(text), path, amounts, moments, price_of_one=one, runs=told)
        part.kind, part.days = plain(str(fields.get("kind") or "")), days if isinstance(days, int) else None
        home.parts.append(part)
    if one is not None:
        home.amounts.append(Amount(one, (*path, EACH)))


def note_place(result: BaseModel, path: Path, home: Evidence) -> None:
    """A place of the shop, known by its name, with the digits of its phone and address."""
    name = getattr(result, "name", None)
    if not path or "unit" not in path[-1] or not isinstance(name, str):
        return
    texts = [value for field in type(result).model_fields if isinstance(value := getattr(result, field), str)]
    numbers = {number for text in texts for number in (re.sub(r"\D", "", text), *re.findall(r"\d+", text)) if number}
    home.parts.append(Part(plain(name), path, digits=numbers))


def note_step(result: BaseModel, path: Path, home: Evidence) -> None:
    """A stage beside the moment at which it was reached."""
    if not path or "histor" not in path[-1]:
        return
    values = [getattr(result, name) for name in type(result).model_fields]
    labels = [stages.stage_of(value) for value in values if isinstance(value, str)]
    moments = [_moment(value, path) for value in values if isinstance(value, date)]
    home.steps.extend((label, moment) for label in labels if label for moment in moments)


def note_opening_hours(result: BaseModel, path: Path, home: Evidence) -> None:
    """The times that stand beside a weekday are that weekday's."""
    fields = {name: getattr(result, name) for name in type(result).model_fields}
    named = next((text for name, text in fields.items() if name in WEEKDAY_FIELDS), None)
    found = [word for word in WEEKDAYS if isinstance(named, str) and plain(named).startswith(word)]
    weekday = WEEKDAYS.index(found[0]) if found else named if isinstance(named, int) else None
    if weekday is not None:
        times = [(name, at) for name, at in fields.items() if isinstance(at, time)]
        home.moments.extend(Moment(None, None, at, None, (*path, name), weekday) for name, at in times)
        home.open_on |= {weekday} if times else set()


def _price_of_one(fields: dict[str, object]) -> Decimal | None:
    quantity, total = fields.get("quantity"), fields.get("total")
    if isinstance(times := fields.get("instalments"), int) and isinstance(paid := fields.get("amount"), Decimal):
        return paid / times if times > 1 else None
    if isinstance(quantity, Decimal) and isinstance(total, Decimal) and quantity > 0:
        return total / quantity
    return None


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, tuple | list) else []


def _moment(value: date, path: Path) -> Moment:
    if not isinstance(value, datetime):
        return Moment(value, value, None, None, path)
    local = value.astimezone(SHOP_ZONE)
    return Moment(local.date(), local.date(), local.time(), local, path)
