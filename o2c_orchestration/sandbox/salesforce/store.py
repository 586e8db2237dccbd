"""The SQLite file of the Salesforce sandbox: a table for each object, sessions, cursors, rules and counters.

Nothing here knows what a record means. All of it is used from the event loop alone, so there is one connection.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from o2c_orchestration.sandbox.salesforce import ids
from o2c_orchestration.sandbox.salesforce.fields import NUMBERS, TEXTS, Field, SObject
from o2c_orchestration.sandbox.salesforce.org import ORGANIZATION, Org

Row = dict[str, Any]
SCHEMA = """
CREATE TABLE IF NOT EXISTS x_session (token TEXT PRIMARY KEY, opened REAL NOT NULL, used REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS x_cursor (token TEXT PRIMARY KEY, made REAL NOT NULL, plan TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS x_counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS x_setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS x_usage (minute INTEGER PRIMARY KEY, calls INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS x_field (object TEXT, name TEXT, definition TEXT NOT NULL, PRIMARY KEY (object, name))
WITHOUT ROWID
"""
CURSOR_SECONDS = 2 * 86_400
DAY_MINUTES = 1440


class SalesforceStore:
    """Records by object and id; makes the tables that are missing, and columns for fields that are new."""

    def __init__(self, path: Path, org: Org) -> None:
        self.org = org
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "cache_size = -32000"):
            self._db.execute(f"PRAGMA {pragma}")
        self._depth = 0
        # Who is told of each record that is written while somebody speaks: the object, the record before and after.
        self.watcher: Callable[[SObject, Row | None, Row, str], None] | None = None
        self._origin: str | None = None
        # In one transaction: a file that is new would otherwise be written a hundred times.
        with self.transaction():
            self._set_up()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what happens inside; they nest."""
        self._depth += 1
        name = f"level{self._depth}"
        self._db.execute(f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            self._db.execute(f"ROLLBACK TO {name}")
            raise
        finally:
            self._db.execute(f"RELEASE {name}")
            self._depth -= 1

    @contextmanager
    def speaking(self, origin: str) -> Iterator[None]:
        """What is written inside is written by somebody, through this API; what is not is there as if by itself."""
        self._origin = origin
        try:
            yield
        finally:
            self._origin = None

    def rows(self, statement: str, values: Iterable[Any] = ()) -> list[sqlite3.Row]:
        """What a SELECT gives."""
        return self._db.execute(statement, tuple(values)).fetchall()

    def get(self, kind: SObject, identifier: str) -> Row | None:
        """A record by its full id, deleted or not."""
        found = self.rows(f'SELECT * FROM "{kind.name}" WHERE "Id" = ?', [identifier])
        return dict(found[0]) if found else None

    def matching(self, kind: SObject, field: str, value: Any) -> list[str]:
        """Ids of the records with this value that are not deleted, oldest first."""
        statement = f'SELECT "Id" FROM "{kind.name}" WHERE "{field}" = ? AND "IsDeleted" = 0 ORDER BY "Id"'
        return [row["Id"] for row in self.rows(statement, [value])]

    def insert(self, kind: SObject, row: Row) -> None:
        """A new record; the columns that are not named stay null. One of the same id is replaced."""
        columns = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" * len(row))
        self._db.execute(f'INSERT OR REPLACE INTO "{kind.name}" ({columns}) VALUES ({marks})', tuple(row.values()))
        if self.watcher is not None and self._origin is not None:
            self.watcher(kind, None, row, self._origin)

    def update(self, kind: SObject, identifier: str, changes: Row) -> None:
        """Set columns of a record."""
        before = self.get(kind, identifier) if self.watcher is not None and self._origin is not None else None
        assignments = ", ".join(f'"{name}" = ?' for name in changes)
        self._db.execute(f'UPDATE "{kind.name}" SET {assignments} WHERE "Id" = ?', (*changes.values(), identifier))
        if self.watcher is not None and self._origin is not None and before is not None:
            self.watcher(kind, before, changes, self._origin)

    def new_id(self, kind: SObject) -> str:
        """An id never given before."""
        return ids.make(kind.prefix, self.count_up(f"id {kind.name}"))

    def count_up(self, name: str) -> int:
        """The next number of a series, from 1."""
        statement = (
            "INSERT INTO x_counter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value"
        )
        return int(self.rows(statement, [name])[0]["value"])

    def add_field(self, kind: SObject, added: Field) -> SObject:
        """A custom field, as an administrator adds it; the object as it is from now on."""
        definition = orjson.dumps(asdict(added)).decode()
        self._db.execute("INSERT OR REPLACE INTO x_field VALUES (?, ?, ?)", (kind.name, added.name, definition))
        self.org.add_field(kind.name, added)
        self._make_table(self.org.at(kind.name))
        return self.org.at(kind.name)

    def setting(self, name: str, default: Any) -> Any:
        """A value that the org keeps about itself."""
        found = self.rows("SELECT value FROM x_setting WHERE name = ?", [name])
        return orjson.loads(found[0]["value"]) if found else default

    def set(self, name: str, value: Any) -> None:
        """Keep a value under a name."""
        self._db.execute("INSERT OR REPLACE INTO x_setting VALUES (?, ?)", (name, orjson.dumps(value).decode()))

    def open_session(self, now: float) -> str:
        """A new access token."""
        token = f"{ORGANIZATION[: ids.SHORT_ID]}!{secrets.token_urlsafe(48)}"
        self._db.execute("INSERT INTO x_session VALUES (?, ?, ?)", (token, now, now))
        return token

    def knows_session(self, token: str, now: float, seconds: float) -> bool:
        """Whether the token was handed out here and used within so many seconds; this counts as a use."""
        touched = self._db.execute(
            "UPDATE x_session SET used = ? WHERE token = ? AND used >= ?", (now, token, now - seconds)
        )
        return touched.rowcount == 1

    def end_sessions(self) -> int:
        """Forget every token; how many there were."""
        return self._db.execute("DELETE FROM x_session").rowcount

    def keep_cursor(self, plan: Row) -> str:
        """Keep what is left of a query; 18 characters to ask for it with, good for two days."""
        now = time.time()
        self._db.execute("DELETE FROM x_cursor WHERE made < ?", (now - CURSOR_SECONDS,))
        token = ids.make("0r8", self.count_up("cursor"))
        self._db.execute("INSERT INTO x_cursor VALUES (?, ?, ?)", (token, now, orjson.dumps(plan).decode()))
        return token

    def cursor(self, token: str) -> Row | None:
        """What was kept under the token, unless it is too old."""
        oldest = time.time() - CURSOR_SECONDS
        found = self.rows("SELECT plan FROM x_cursor WHERE token = ? AND made >= ?", [token, oldest])
        return orjson.loads(found[0]["plan"]) if found else None

    def count_call(self, now: float) -> None:
        """One more call of the API."""
        statement = "INSERT INTO x_usage VALUES (?, 1) ON CONFLICT (minute) DO UPDATE SET calls = calls + 1"
        self._db.execute(statement, (int(now // 60),))

    def calls(self, now: float) -> int:
        """Calls within the last 24 hours."""
        since = int(now // 60) - DAY_MINUTES
        return int(self.rows("SELECT coalesce(sum(calls), 0) AS n FROM x_usage WHERE minute > ?", [since])[0]["n"])

    def forget_calls(self) -> None:
        """Start counting from nothing."""
        self._db.execute("DELETE FROM x_usage")

    def _set_up(self) -> None:
        for statement in SCHEMA.split(";\n"):
            self._db.execute(statement)
        for row in self.rows("SELECT object, definition FROM x_field ORDER BY object, name"):
            self.org.add_field(row["object"], _field_from(orjson.loads(row["definition"])))
        for known in self.org.objects:
            self._make_table(known)

    def _make_table(self, kind: SObject) -> None:
        columns = ", ".join(_column(each) for each in kind.fields.values() if each.stored)
        self._db.execute(f'CREATE TABLE IF NOT EXISTS "{kind.name}" ({columns})')
        there = {row["name"] for row in self.rows(f'PRAGMA table_info("{kind.name}")')}
        for each in kind.fields.values():
            if each.stored and each.name not in there:
                self._db.execute(f'ALTER TABLE "{kind.name}" ADD COLUMN {_column(each)}')
            if each.children or each.external_id or each.name in ("SystemModstamp", "Email"):
                index = f"x_{kind.name}_{each.name}"
                self._db.execute(f'CREATE INDEX IF NOT EXISTS "{index}" ON "{kind.name}" ("{each.name}")')


def _column(each: Field) -> str:
    name = f'"{each.name}"'
    if each.type == "id":
        return f"{name} TEXT NOT NULL PRIMARY KEY"
    if each.type in TEXTS:
        return f"{name} TEXT{'' if each.case_sensitive else ' COLLATE NOCASE'}"
    if each.type == "boolean":
        return f"{name} INTEGER NOT NULL DEFAULT {int(bool(each.default))}"
    return f"{name} {'INTEGER' if each.type == 'int' else 'REAL' if each.type in NUMBERS else 'TEXT'}"


def _field_from(definition: Row) -> Field:
    pairs: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in definition.items()
    }
    return Field(**pairs)
