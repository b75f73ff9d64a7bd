"""Tool results and profile texts, read into evidence: one per order or vehicle, one for the shop, one for the profile.

A result that has an OS number or a plate among its own fields is a record; all below it belongs to it. Typed values
become facts of their type. Free texts of a record (a customer's or a mechanic's words) are no facts: they may be
quoted, and the numbers in them may be repeated as bare numbers, but they can neither set a price nor a date.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from pydantic import BaseModel

from assistant.conversation.factcheck import quantities, stages, vehicles
from assistant.conversation.factcheck.counts import conclude_counts, note_list
from assistant.conversation.factcheck.evidence import Amount, Evidence, Length, Moment, Path, Stage, Unit
from assistant.conversation.factcheck.finders import find_all
from assistant.conversation.factcheck.identifiers import ORDER, address_key, order_key
from assistant.conversation.factcheck.lines import WEEKDAY_FIELDS, note_lines, note_opening_hours, note_place, note_step
from assistant.conversation.factcheck.reading import Reading, plain
from assistant.conversation.factcheck.sums import total_of_visits
from integrations.contact import normal_plate
from integrations.settings import SHOP_ZONE

NUMBER_FIELDS = ("number", "order_number", "numero", "numero_os", "os", "order")
VEHICLE_FIELDS = ("vehicle", "veiculo", "model", "modelo", "car")
STAGE_FIELDS = ("stage", "status", "state", "decision", "etapa")
INNER = ("item", "part", "peca", "paid", "payment", "histor", "service", "moves")
LENGTH_FIELDS = {"minute": Unit.MINUTE, "hour": Unit.HOUR, "day": Unit.DAY, "week": Unit.WEEK, "month": Unit.MONTH}
WORK_FIELDS = ("service", "part", "work", "diagnosis", "description")
QUOTED_FIELDS = ("question", "reminder")
"""What a proposal asks: it may be quoted, and teaches nothing."""


@dataclass
class Sources:
    """All evidence of a turn."""

    now: datetime
    shop: Evidence = field(default_factory=lambda: Evidence("a oficina", shop=True))
    profile: Evidence = field(default_factory=lambda: Evidence("o perfil da oficina", shop=True, trusted=True))
    records: list[Evidence] = field(default_factory=list)

    @property
    def models(self) -> set[str]:
        """Every vehicle model that a record names."""
        return {model for record in self.records for model in record.vehicles}


def read(results: Sequence[BaseModel], profile: Sequence[str], now: datetime) -> Sources:
    """The evidence of `results` and `profile`; `now` is in the shop's time zone."""
    sources = Sources(now)
    for text in profile:
        _trusted(text, sources.profile, now)
    for result in results:
        _walk(result, (), sources.shop, sources)
    for record in sources.records:
        _conclude(record)
    sources.shop.told.update(name for record in sources.records for name in record.fields)
    conclude_counts(sources.records, sources.shop)
    sources.shop.amounts += total_of_visits(sources.records)
    return sources


def _conclude(record: Evidence) -> None:
    """What the fields of a record say together about where it stands."""
    if "approved_total" in record.fields:
        record.decisions.add(Stage.APPROVED)
    elif record.fields & {"sent_at", "quote_sent_at"} and Stage.DELIVERED not in record.stages:
        record.decisions.add(Stage.WAITING_APPROVAL)
    if "delivered_on" in record.fields:
        record.decisions.add(Stage.DELIVERED)


def _walk(value: object, path: Path, home: Evidence, sources: Sources) -> None:
    if isinstance(value, BaseModel):
        own = _record(value, home, sources)
        if own is not sources.shop:
            note_lines(value, path, own)
            note_step(value, path, own)
        note_opening_hours(value, path, own)
        note_place(value, path, own)
        for name, described in type(value).model_fields.items():
            if not described.exclude:
                _walk(getattr(value, name), (*path, name), own, sources)
    elif isinstance(value, dict):
        for key, inner in value.items():
            _walk(inner, (*path, str(key)), home, sources)
    elif isinstance(value, list | tuple | set | frozenset):
        if path:
            note_list(list(value), path[-1], sources.shop)
        for inner in value:
            _walk(inner, path, home, sources)
    elif isinstance(value, bool) and path:
        home.flags[path[-1]] = value
        home.fields |= {path[-1]} if value else set()
    elif value is not None and path:
        home.fields.add(path[-1])
        _note(value, path, home, sources.now)


def _record(result: BaseModel, home: Evidence, sources: Sources) -> Evidence:
    """The evidence that `result` belongs to: its own order or vehicle, else the one it lies in."""
    fields = {name: getattr(result, name) for name in type(result).model_fields}
    number = _order_number(fields) or _only_order_inside(fields)
    plate = next(
        (normal_plate(text) for name, text in fields.items() if isinstance(text, str) and _is_plate(name, text)), None
    )
    if number is None and (plate is None or plate in home.plates or (home is not sources.shop and not home.plates)):
        return home
    known = next((each for each in sources.records if each.order == number and (number or plate in each.plates)), None)
    record = known or Evidence(f"OS-{number}" if number else str(plate), order=number)
    if known is None:
        sources.records.append(record)
    if home is not sources.shop and home.order is None:
        record.takes_identity_of(home)
    return record


def _order_number(fields: dict[str, object]) -> str | None:
    texts = [(name, text.strip()) for name, text in fields.items() if isinstance(text, str)]
    named = [text for name, text in texts if name in NUMBER_FIELDS and re.fullmatch(r"\D{0,6}\d[\d-]*", text)]
    written = [text for _, text in texts if ORDER.fullmatch(plain(text)) and not text.isdigit()]
    return order_key((named + written)[0]) if named or written else None


def _only_order_inside(fields: dict[str, object]) -> str | None:
    """The order that a result wraps as one of its own fields: what stands beside it is about it too."""
    inner = [value for value in fields.values() if isinstance(value, BaseModel)]
    numbers = [_order_number({name: getattr(value, name) for name in type(value).model_fields}) for value in inner]
    return numbers[0] if len(numbers) == 1 else None


def _is_plate(name: str, text: str) -> bool:
    return ("plate" in name or "placa" in name) and normal_plate(text) is not None


def _note(value: object, path: Path, home: Evidence, now: datetime) -> None:
    """Add one typed value to `home`."""
    name = path[-1]
    if isinstance(value, datetime):
        local = value.astimezone(SHOP_ZONE)
        home.moments.append(Moment(local.date(), local.date(), local.time(), local, path))
    elif isinstance(value, date):
        home.moments.append(Moment(value, value, None, None, path))
    elif isinstance(value, time) and not any(
        moment.path == path and moment.weekday is not None for moment in home.moments
    ):
        home.moments.append(Moment(None, None, value, None, path))
    elif isinstance(value, timedelta):
        home.lengths.add(Length(Decimal(int(value.total_seconds() // 60)), Unit.MINUTE))
    elif isinstance(value, Decimal | int | float):
        _note_number(Decimal(str(value)), isinstance(value, Decimal), name, path, home)
    elif isinstance(value, str):
        _note_text(value, path, home, now)


def _note_number(value: Decimal, is_money: bool, name: str, path: Path, home: Evidence) -> None:
    unit = next((unit for word, unit in LENGTH_FIELDS.items() if re.search(rf"(?:^|_){word}s?(?:_|$)", name)), None)
    if any(word in name for word in WEEKDAY_FIELDS):
        home.weekdays.add(int(value) % 7)
    elif unit is not None:
        home.lengths.add(Length(value, unit))
    elif "percent" in name:
        home.percentages.add(value)
    elif "instal" in name or "parcel" in name:
        home.instalments.add(value)
    elif is_money and "quant" not in name and "km" not in name:
        home.amounts.append(Amount(value, path))
    else:
        home.numbers.add(value)


def _note_text(text: str, path: Path, home: Evidence, now: datetime) -> None:
    name = path[-1]
    home.texts.append(plain(text).strip())
    if any(word in name for word in WORK_FIELDS):
        home.described.append(plain(text).strip())
    if "problem" in name:
        home.problems.append(plain(text).strip())
    if any(word == name or name.endswith("_" + word) for word in NUMBER_FIELDS) and re.search(r"\d", text):
        home.orders.add(order_key(text))
    if _is_plate(name, text):
        home.plates.add(normal_plate(text) or "")
    if name in VEHICLE_FIELDS:
        home.vehicles |= vehicles.models_in(text)
    if any(word in name for word in STAGE_FIELDS):
        _note_stage(text, path, home)
    if home.shop and name not in QUOTED_FIELDS:
        _trusted(text, home, now)
    else:
        _bare_numbers(text, home)


def _note_stage(label: str, path: Path, home: Evidence) -> None:
    stage = stages.stage_of(label)
    if stage is None:
        return
    inner = any(word in name for name in path[:-1] for word in INNER)
    decided = "decision" in path[-1] or "status" in path[-1]
    (home.past_stages if inner else home.decisions if decided else home.stages).add(stage)


def _trusted(text: str, home: Evidence, now: datetime) -> None:
    """The shop's own words: whatever they state is a fact."""
    home.texts.append(plain(text).strip())
    home.contacts.add(address_key(text.strip()))
    for claim in find_all(Reading.of(text), now):
        claim.teach(home)
    _bare_numbers(text, home)


def _bare_numbers(text: str, home: Evidence) -> None:
    for claim in quantities.find_rest(Reading.of(text)):
        claim.teach(home)
    home.tokens.update(word for word in re.findall(r"[\w.,/-]*\d[\w.,/-]*", plain(text)))
