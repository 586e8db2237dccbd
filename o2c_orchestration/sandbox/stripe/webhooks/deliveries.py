"""What is owed to which endpoint, in a table beside the objects; committed together with them.

`waiting` deliveries go out when they are `due`; the others are `delivered`, `failed` (given up), `dropped` (by a
fault, never sent) or `canceled` (the endpoint went away or was switched off). An event may be owed to an endpoint
more than once: a fault sends it twice, a person sends it again.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any, Literal

State = Literal["waiting", "delivered", "failed", "dropped", "canceled"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS delivery (
  id INTEGER PRIMARY KEY, event TEXT NOT NULL, endpoint TEXT NOT NULL, created REAL NOT NULL, due REAL NOT NULL,
  state TEXT NOT NULL, held INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, answer TEXT);
CREATE INDEX IF NOT EXISTS delivery_waiting ON delivery (endpoint, due, id) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS delivery_event ON delivery (event, endpoint);
"""

# An endpoint that got an event once has it, whatever became of a second copy.
SET_PENDING = """
UPDATE object SET payload = json_set(payload, '$.pending_webhooks', (
  SELECT count(DISTINCT endpoint) FROM delivery AS owed
  WHERE event = object.id AND state NOT IN ('delivered', 'canceled') AND NOT EXISTS (
    SELECT 1 FROM delivery WHERE event = owed.event AND endpoint = owed.endpoint AND state = 'delivered')))
"""
LOG_COLUMNS = ("id", "event", "endpoint", "state", "attempts", "answer", "created", "due")
LOG_LIMIT = 1000


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one endpoint; times are seconds since 1970 UTC."""

    id: int
    event: str
    endpoint: str
    created: float
    due: float
    attempts: int


class Deliveries:
    """The table of deliveries, on the connection of the Stripe store."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        db.executescript(SCHEMA)

    def add(self, event: str, endpoint: str, now: float, due: float, *, state: State, held: bool = False) -> None:
        """Owe an event to an endpoint from `due` on. A `held` one goes out earlier: once a later one has been sent."""
        self._db.execute(
            "INSERT INTO delivery (event, endpoint, created, due, state, held) VALUES (?, ?, ?, ?, ?, ?)",
            (event, endpoint, now, due, state, int(held)),
        )

    def any_waiting(self) -> bool:
        """Whether anything is still to go out, now or later."""
        return self._db.execute("SELECT 1 FROM delivery WHERE state = 'waiting' LIMIT 1").fetchone() is not None

    def any_held(self, endpoint: str) -> bool:
        """Whether an endpoint has a delivery that waits to be overtaken."""
        query = "SELECT 1 FROM delivery WHERE state = 'waiting' AND endpoint = ? AND held = 1 LIMIT 1"
        return self._db.execute(query, (endpoint,)).fetchone() is not None

    def waiting(self, endpoint: str, limit: int) -> list[Delivery]:
        """The next deliveries to an endpoint, the one that is due first in front."""
        rows = self._db.execute(
            """SELECT id, event, endpoint, created, due, attempts FROM delivery
               WHERE state = 'waiting' AND endpoint = ? ORDER BY due, id LIMIT ?""",
            (endpoint, limit),
        )
        return [Delivery(*row) for row in rows]

    def settle(self, delivery: Delivery, state: State, answer: str, due: float = 0.0) -> None:
        """Note what came of an attempt, unless the delivery was canceled meanwhile.

        One that is `waiting` again has a new `due`; one that is `canceled` was not sent.
        """
        self._db.execute(
            "UPDATE delivery SET state = ?, answer = ?, due = ?, attempts = attempts + ?, held = 0 "
            "WHERE id = ? AND state = 'waiting'",
            (state, answer, due or delivery.due, int(state != "canceled"), delivery.id),
        )
        self._db.execute(f"{SET_PENDING} WHERE id = ?", (delivery.event,))

    def overtaken(self, delivery: Delivery, now: float) -> None:
        """What was held back until a later delivery had been sent may go now."""
        self._db.execute(
            "UPDATE delivery SET due = min(due, ?), held = 0 "
            "WHERE state = 'waiting' AND endpoint = ? AND held = 1 AND id < ?",
            (now, delivery.endpoint, delivery.id),
        )

    def cancel_all(self, endpoint: str) -> None:
        """An endpoint is gone, and nothing is owed to it any more."""
        owed = "FROM delivery WHERE endpoint = ? AND state NOT IN ('delivered', 'canceled')"
        events = [row[0] for row in self._db.execute(f"SELECT DISTINCT event {owed}", (endpoint,))]
        self._db.execute(
            "UPDATE delivery SET state = 'canceled' WHERE endpoint = ? AND state NOT IN ('delivered', 'canceled')",
            (endpoint,),
        )
        self._db.executemany(f"{SET_PENDING} WHERE id = ?", [(event,) for event in events])

    def stats(self, endpoint: str | None = None) -> dict[str, int]:
        """How many POSTs went out and what came of them, to one endpoint or to all."""
        where, arguments = ("WHERE endpoint = ?", [endpoint]) if endpoint else ("", [])
        rows = self._db.execute(
            f"SELECT state, count(*), sum(attempts) FROM delivery {where} GROUP BY state", arguments
        ).fetchall()
        by_state = {state: count for state, count, _ in rows}
        posted, delivered = sum(attempts for _, _, attempts in rows), by_state.get("delivered", 0)
        return {
            "posted": posted,
            "delivered": delivered,
            "failed": posted - delivered,
            "waiting": by_state.get("waiting", 0),
            "given_up": by_state.get("failed", 0),
            "dropped": by_state.get("dropped", 0),
            "canceled": by_state.get("canceled", 0),
        }

    def log(self, column: Literal["event", "endpoint"] | None = None, value: str = "") -> list[dict[str, Any]]:
        """The latest deliveries, newest first; of one event or endpoint when `column` says which."""
        where, arguments = (f"WHERE {column} = ?", [value]) if column else ("", [])
        rows = self._db.execute(
            f"SELECT {', '.join(LOG_COLUMNS)} FROM delivery {where} ORDER BY id DESC LIMIT {LOG_LIMIT}", arguments
        )
        return [dict(zip(LOG_COLUMNS, row, strict=True)) for row in rows]
