"""The account's file: rows live in memory and are written through to SQLite, so that kill -9 loses nothing answered.

A change marks its row; `Journal.flush` writes all marked rows in one short transaction, before the answer that
acknowledges them leaves. It knows nothing of what the rows mean.
"""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

Row = TypeVar("Row")
Key = TypeVar("Key", bound=int | str)

SCHEMA = """
create table if not exists rows (
    kind text not null, id text not null, body blob not null, unique (kind, id)
)
"""
UPSERT = "insert into rows (kind, id, body) values (?, ?, ?) on conflict (kind, id) do update set body = excluded.body"


class UnreadableState(Exception):
    """The folder holds an account that this version cannot read."""

    def __init__(self, path: Path, kind: str) -> None:
        super().__init__(f"{path} holds {kind} rows of another version: move it away to start with a new account")


class Journal:
    """The SQLite file behind every table of one account."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        # The operating system keeps what a killed process wrote; only a power cut could lose the last moment.
        self._file.executescript("pragma journal_mode = wal; pragma synchronous = off;" + SCHEMA)
        self._dirty: dict[tuple[str, str], Callable[[], bytes] | None] = {}

    def load(self, kind: str) -> Iterator[bytes]:
        """Bodies of one kind in the order they were first written."""
        for (body,) in self._file.execute("select body from rows where kind = ? order by rowid", (kind,)):
            yield body

    def mark(self, kind: str, key: str, encode: Callable[[], bytes] | None) -> None:
        """Remember that a row changed; None means that it is gone."""
        self._dirty[kind, key] = encode

    def flush(self) -> None:
        """Write everything marked since the last call; cheap when nothing was."""
        if not self._dirty:
            return
        dirty, self._dirty = self._dirty, {}
        self._file.execute("begin")
        self._file.executemany(UPSERT, [(kind, key, row()) for (kind, key), row in dirty.items() if row])
        gone = [key for key, row in dirty.items() if row is None]
        self._file.executemany("delete from rows where kind = ? and id = ?", gone)
        self._file.execute("commit")

    def close(self) -> None:
        self.flush()
        self._file.close()


class Table(Generic[Key, Row]):
    """Rows of one kind, by key, in the order they came to be."""

    def __init__(self, journal: Journal, row_type: type[Row], key: Callable[[Row], Key], first_id: int = 1) -> None:
        self._journal = journal
        self._adapter: TypeAdapter[Row] = TypeAdapter(row_type)
        self._kind = row_type.__name__
        self._key: Callable[[Row], Key] = key
        try:
            loaded = [self._adapter.validate_json(body) for body in journal.load(self._kind)]
        except ValidationError as error:
            raise UnreadableState(journal.path, self._kind) from error
        self.rows: dict[Key, Row] = {key(row): row for row in loaded}
        self._next = max((key for key in self.rows if isinstance(key, int)), default=first_id - 1) + 1

    def next_id(self) -> int:
        """An id never given before, rising in small uneven steps like Kommo's own."""
        given = self._next
        self._next += 2
        return given

    def put(self, row: Row) -> Row:
        """Keep a new or changed row."""
        key = self._key(row)
        self.rows[key] = row
        self._journal.mark(self._kind, str(key), lambda: self._adapter.dump_json(row))
        return row

    def drop(self, key: Key) -> None:
        if self.rows.pop(key, None) is not None:
            self._journal.mark(self._kind, str(key), None)

    def get(self, key: Key) -> Row | None:
        return self.rows.get(key)
