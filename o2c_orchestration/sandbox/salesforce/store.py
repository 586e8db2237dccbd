"""Accounts and sessions of the Salesforce sandbox, in SQLite."""

from __future__ import annotations

import secrets
import sqlite3
from pathlib import Path
from typing import Any

import orjson

SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
  id TEXT PRIMARY KEY, type TEXT NOT NULL, payload TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS session (token TEXT PRIMARY KEY) WITHOUT ROWID;
"""
# A 15-character id is the case-sensitive part of an 18-character one.
SHORT_ID = 15


class SalesforceStore:
    """Records by id, and the access tokens that were handed out."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def load(self, records: list[dict[str, Any]]) -> int:
        """Store records as a query gives them: `Id` and `attributes.type` are needed. All or none."""
        rows = [(each["Id"], each["attributes"]["type"], orjson.dumps(each).decode()) for each in records]
        self._db.execute("BEGIN")
        try:
            self._db.executemany("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", rows)
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
        return len(rows)

    def get(self, kind: str, identifier: str) -> dict[str, Any] | None:
        """One record by its 15 or 18 character id, or None."""
        row = self._db.execute(
            "SELECT payload FROM record WHERE type = ? AND (id = ? OR substr(id, 1, ?) = ?)",
            (kind, identifier, SHORT_ID, identifier),
        ).fetchone()
        return None if row is None else orjson.loads(row[0])

    def all(self, kind: str) -> list[dict[str, Any]]:
        """Every record of a type, by id."""
        rows = self._db.execute("SELECT payload FROM record WHERE type = ? ORDER BY id", (kind,))
        return [orjson.loads(row[0]) for row in rows]

    def open_session(self) -> str:
        """A new access token."""
        token = f"00DSB0000000001!{secrets.token_urlsafe(48)}"
        self._db.execute("INSERT INTO session VALUES (?)", (token,))
        return token

    def knows_session(self, token: str) -> bool:
        """Whether the token was handed out here, before a restart too."""
        return self._db.execute("SELECT 1 FROM session WHERE token = ?", (token,)).fetchone() is not None
