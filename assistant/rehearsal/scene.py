"""The shop as a dialogue wants it: rows and SQL on top of the demo shop. For databases made for the purpose only.

In `rows`, an id may be any name (the demo shop's are the names of its customers, plates and OS numbers), and a moment
may be told from the beginning of the dialogue: `-26h`, `+3d`.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, DateTime, Numeric, Table, Time, Uuid, insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from assistant.problem import Problem
from assistant.rehearsal.dialogue import Rows, duration
from assistant.rehearsal.loading import is_name
from integrations.brazil import local_day
from integrations.database import Base
from integrations.settings import SHOP_ZONE
from integrations.workshop.demo_orders import demo_id

AHEAD = re.compile(r"([+-])(\d+(?:min|h|d))")


async def run_lines(session: AsyncSession, lines: Sequence[str], fixtures: Mapping[str, Sequence[str]]) -> None:
    """Run SQL, and the statements that a name stands for; raises `Problem` with the statement that fails."""
    connection = await session.connection()
    for line in lines:
        for statement in fixtures[line] if is_name(line) else (line,):
            try:
                await connection.exec_driver_sql(statement)
            except SQLAlchemyError as error:
                raise Problem(f"This SQL fails: {statement}\n{error.__cause__ or error}") from None


async def write_rows(session: AsyncSession, rows: Rows, begins: datetime) -> None:
    """Write rows into the shop's tables; raises `Problem` for what cannot be written."""
    for name, written in rows.items():
        table = Base.metadata.tables.get(name)
        if table is None:
            raise Problem(f"`rows` names no table: {name}")
        for row in written:
            await _write(session, table, row, begins)


async def _write(session: AsyncSession, table: Table, row: Mapping[str, Any], begins: datetime) -> None:
    if unknown := sorted(set(row) - set(table.columns.keys())):
        raise Problem(f"`rows`: {table.name} has no column {', '.join(unknown)}")
    try:
        values = {name: _value(table.columns[name], value, begins) for name, value in row.items()}
        await session.execute(insert(table).values(values))
    except (ValueError, ArithmeticError, SQLAlchemyError) as error:
        raise Problem(f"`rows`: {table.name}: {error}") from None


def _value(column: Column[Any], value: Any, begins: datetime) -> Any:
    """A value of YAML as the column takes it."""
    if value is None:
        return None
    match column.type:
        case Uuid():
            return _id(str(value))
        case DateTime():
            moment = _moment(value, begins)
            return moment if moment.tzinfo else moment.replace(tzinfo=SHOP_ZONE)
        case Date():
            return _day(value, begins)
        case Time():
            return datetime.strptime(str(value), "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
        case Numeric():
            return Decimal(str(value))
    return value


def _id(name: str) -> UUID:
    try:
        return UUID(name)
    except ValueError:
        return demo_id(name)


def _day(value: Any, begins: datetime) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return local_day(_moment(value, begins))


def _moment(value: Any, begins: datetime) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=SHOP_ZONE)
    found = AHEAD.fullmatch(str(value))
    if found is None:
        return datetime.fromisoformat(str(value))
    time = duration(found[2])
    return begins + (time if found[1] == "+" else timedelta(0) - time)
