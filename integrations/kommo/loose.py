"""Values as Kommo writes them, read as what they mean: numbers as strings, `""` and `[]` for nothing, unix times.

Each reader raises `ValueError` for what it cannot read; the annotated types are made of them, for the models of
schemas.py.
"""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BeforeValidator, Field

NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.0*)?")
MILLISECONDS_FROM = 100_000_000_000
"""A unix time above this (year 5138 in seconds) is written in milliseconds, as Kommo's chat side does."""


def read_int(value: object) -> int | None:
    """An integer however Kommo wrote it; None for its ways to say "nothing". Raises ValueError for anything else."""
    if value is None or value == "" or value == [] or value == {} or value is False:
        return None
    if isinstance(value, int):
        text = str(int(value))
    elif isinstance(value, str | float):
        text = str(value).strip()
    else:
        raise ValueError("is no number")
    if not NUMBER.fullmatch(text):
        raise ValueError("is no number")
    return int(text.split(".")[0])


def read_moment(value: object) -> datetime | None:
    """A unix time in seconds or milliseconds as an aware datetime; None for nothing and for 0."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    number = read_int(value)
    if not number:
        return None
    try:
        return datetime.fromtimestamp(number / 1000 if abs(number) >= MILLISECONDS_FROM else number, UTC)
    except (OverflowError, OSError) as error:
        raise ValueError("is no time") from error


def read_text(value: object) -> str:
    """Text that PostgreSQL can store: no NUL, no half of a surrogate pair. Numbers are written out, nothing is `""`."""
    if value is None or isinstance(value, list | dict):
        return ""
    return str(value).replace("\x00", "").encode("utf-8", "replace").decode()


def read_bool(value: object) -> bool:
    """True for what Kommo writes as true: `true`, `1`, `"1"`, `"true"`, `"Y"`."""
    return value is True or str(value).strip().lower() in ("1", "true", "y", "yes")


def read_list(value: object) -> object:
    """A list; Kommo writes an empty one as `null`, an object with keys `"0"`, `"1"`… now and then as its values."""
    if value is None or value == "":
        return []
    return list(value.values()) if isinstance(value, dict) else value


def read_dict(value: object) -> object:
    """An object; an empty one comes as `[]` or `null`."""
    return {} if value is None or value == [] or value == "" else value


Number = Annotated[int | None, BeforeValidator(read_int)]
RequiredId = Annotated[int, BeforeValidator(read_int)]
TextId = Annotated[str, BeforeValidator(read_text), Field(min_length=1)]
Moment = Annotated[datetime | None, BeforeValidator(read_moment)]
TextValue = Annotated[str, BeforeValidator(read_text)]
Flag = Annotated[bool, BeforeValidator(read_bool)]
