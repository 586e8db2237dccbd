"""Every Stripe object in one SQLite table: the rendered payload beside the columns that lists filter by.

Invoices and credit notes are the exception to "stored whole": their lines have a table of their own, and the
payload embeds the first ten, as the API does. Kept apart as well are fields that Stripe shows only when
expanded, and those that it never shows: their names begin with an underscore, such as `_payout`.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from o2c_orchestration.sandbox.stripe.webhooks.deliveries import Deliveries

Wire = dict[str, Any]

LINES_EMBEDDED = 10
# Objects with lines of their own, and the path below which Stripe lists them.
WITH_LINES = {"invoice": "invoices", "credit_note": "credit_notes"}
HIDDEN_UNLESS_EXPANDED = ("payments", "amount_paid_off_stripe", "line_items")
# What Stripe can search, in which metadata is looked up by an index.
SEARCHABLE = ("charge", "customer", "invoice", "payment_intent", "price", "product", "subscription")

SCHEMA = """
CREATE TABLE IF NOT EXISTS object (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, object TEXT NOT NULL, created INTEGER NOT NULL,
  customer TEXT, status TEXT, owner TEXT, link TEXT, kind TEXT, deleted INTEGER NOT NULL DEFAULT 0,
  payload TEXT NOT NULL, hidden TEXT);
CREATE INDEX IF NOT EXISTS object_created ON object (object, created, seq);
CREATE INDEX IF NOT EXISTS object_customer ON object (object, customer, created, seq);
CREATE INDEX IF NOT EXISTS object_status ON object (object, status, created, seq);
CREATE INDEX IF NOT EXISTS object_owner ON object (object, owner, created, seq);
CREATE INDEX IF NOT EXISTS object_link ON object (object, link, created, seq);
CREATE INDEX IF NOT EXISTS object_kind ON object (object, kind, created, seq);
CREATE INDEX IF NOT EXISTS object_payout ON object (json_extract(hidden, '$._payout'))
  WHERE object = 'balance_transaction';
CREATE TABLE IF NOT EXISTS line (
  invoice TEXT NOT NULL, position INTEGER NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL,
  PRIMARY KEY (invoice, position)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS line_id ON line (id);
CREATE TABLE IF NOT EXISTS idempotency (
  key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL,
  request_id TEXT NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS due (id TEXT PRIMARY KEY, at INTEGER NOT NULL, rank INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS due_at ON due (at, rank);
CREATE TABLE IF NOT EXISTS unsearchable (id TEXT PRIMARY KEY, at REAL NOT NULL, before TEXT) WITHOUT ROWID;
"""
# Made and filled when a file of an earlier version has it not.
TAGS = (
    "CREATE TABLE tag (id TEXT, key TEXT, value TEXT COLLATE NOCASE, PRIMARY KEY (id, key)) WITHOUT ROWID",
    "CREATE INDEX tag_value ON tag (key, value)",
    "INSERT INTO tag SELECT o.id, m.key, m.value FROM object o, json_each(o.payload, '$.metadata') m"
    f" WHERE o.object IN ({', '.join(repr(kind) for kind in SEARCHABLE)})",
)

# What the indexed columns hold, per object: the path of the value within the payload.
COLUMNS: dict[str, dict[str, str]] = {
    "invoice": {"owner": "parent.subscription_details.subscription"},
    "invoice_payment": {"owner": "invoice", "link": "payment.payment_intent", "kind": "payment.type"},
    "charge": {"owner": "payment_intent"},
    "balance_transaction": {"owner": "source", "kind": "type", "link": "currency"},
    "event": {"kind": "type"},
    "price": {"owner": "product", "kind": "type"},
    "invoiceitem": {"owner": "invoice"},
    "refund": {"owner": "charge", "link": "payment_intent"},
    "dispute": {"owner": "charge", "link": "payment_intent"},
    "credit_note": {"owner": "invoice"},
    "payout": {"owner": "destination", "link": "currency"},
    "subscription": {"owner": "schedule"},
    "subscription_schedule": {"owner": "subscription"},
    "customer_balance_transaction": {"owner": "invoice", "kind": "type"},
}

UPSERT = """
INSERT INTO object (id, object, created, customer, status, owner, link, kind, deleted, payload, hidden)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET customer = excluded.customer, status = excluded.status,
  owner = excluded.owner, link = excluded.link, kind = excluded.kind, deleted = excluded.deleted,
  payload = excluded.payload, hidden = coalesce(excluded.hidden, object.hidden)
"""


@dataclass(frozen=True)
class Page:
    """Rendered objects (JSON bytes), and whether more follow in the direction of travel."""

    rows: list[bytes]
    has_more: bool


@dataclass(frozen=True)
class Cursor:
    """Where a page starts: after (older than) or before (newer than) one object, at most `limit` rows."""

    limit: int
    starting_after: str | None = None
    ending_before: str | None = None


class StripeStore:
    """The objects of one account. Not safe for several threads: the event loop owns it."""

    def __init__(self, path: Path, seed: int) -> None:
        self._seed = seed
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        # WAL with NORMAL survives a killed process, which is the durability that the sandbox promises.
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(SCHEMA)
        if not self._db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'tag'").fetchone():
            for statement in TAGS:
                self._db.execute(statement)
        # How long a search knows nothing of a write, in seconds.
        self.search_lag = 0.0
        self.revoked_keys: set[str] = set()
        self.deliveries = Deliveries(self._db)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def now(self) -> int:
        """The account's time in seconds since 1970 UTC: the machine's, and as much later as it was set."""
        row = self._db.execute("SELECT value FROM counter WHERE name = 'clock'").fetchone()
        return int(time.time()) + (row[0] if row else 0)

    def advance(self, seconds: int) -> None:
        """Set the account's time forward."""
        self._db.execute(
            "INSERT INTO counter VALUES ('clock', ?1) ON CONFLICT (name) DO UPDATE SET value = value + ?1", (seconds,)
        )

    def set_due(self, identifier: str, moment: int | None, rank: int = 0) -> None:
        """Remember when something happens to an object next; None forgets it. Within a second, low ranks are first."""
        if moment is None:
            self._db.execute("DELETE FROM due WHERE id = ?", (identifier,))
        else:
            self._db.execute("INSERT OR REPLACE INTO due VALUES (?, ?, ?)", (identifier, moment, rank))

    def first_due(self, until: int) -> tuple[str, int] | None:
        """The next object that something happens to, and when, not after `until`."""
        row: tuple[str, int] | None = self._db.execute(
            "SELECT id, at FROM due WHERE at <= ? ORDER BY at, rank, id LIMIT 1", (until,)
        ).fetchone()
        return row

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is committed together before the caller goes on, or not at all."""
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def new_id(self, prefix: str) -> str:
        """The next id of this seed, 24 characters after the prefix, never given twice."""
        row = self._db.execute(
            "INSERT INTO counter VALUES ('id', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value"
        ).fetchone()
        digest = hashlib.sha256(f"{self._seed}:{prefix}:{row[0]}".encode()).hexdigest()
        return f"{prefix}_1{digest[:23]}"

    def get(self, identifier: str, kind: str | None = None) -> Wire | None:
        """The object of that id (and of that kind, when one is asked), or None."""
        payload = self.get_rendered(identifier, kind)
        return None if payload is None else orjson.loads(payload)

    def get_rendered(self, identifier: str, kind: str | None = None) -> bytes | None:
        """As `get`, still rendered."""
        row = self._db.execute(
            "SELECT object, CAST(payload AS BLOB) FROM object WHERE id = ?", (identifier,)
        ).fetchone()
        if row is None or kind not in (None, row[0]):
            return None
        return bytes(row[1])

    def hidden(self, identifier: str) -> Wire:
        """The fields of an object that are shown only when expanded, or never."""
        row = self._db.execute("SELECT hidden FROM object WHERE id = ?", (identifier,)).fetchone()
        return orjson.loads(row[0]) if row and row[0] else {}

    def load(self, objects: Iterable[Wire]) -> int:
        """Store wire objects whole, invoices and credit notes with all their lines; returns how many. All or none."""
        count = 0
        with self.transaction():
            for wire in objects:
                if wire["object"] in WITH_LINES:
                    self.set_lines(wire, wire["lines"]["data"])
                self.save(wire)
                count += 1
        return count

    def save(self, wire: Wire) -> None:
        """Insert or replace one object; its place in the order stays. Lines are not touched."""
        inner = [name for name in wire if name in HIDDEN_UNLESS_EXPANDED[1:] or name.startswith("_")]
        hidden = {name: wire.pop(name) for name in inner}
        wire.pop("payments", None)
        payload = {"id": wire["id"], "object": wire["object"], "deleted": True} if wire.get("deleted") else wire
        columns = {name: _dig(wire, path) for name, path in COLUMNS.get(wire["object"], {}).items()}
        self._before_search(wire)
        self._db.execute(
            UPSERT,
            (
                wire["id"],
                wire["object"],
                wire.get("created") or wire.get("date") or 0,
                _text(wire.get("customer")),
                _text(wire.get("status")),
                columns.get("owner"),
                columns.get("link"),
                columns.get("kind"),
                int(bool(wire.get("deleted"))),
                orjson.dumps(payload).decode(),
                orjson.dumps(hidden).decode() if hidden else None,
            ),
        )

    def _before_search(self, wire: Wire) -> None:
        """Index metadata, and keep what searches go on to see while they lag behind this write."""
        if wire["object"] not in SEARCHABLE:
            return
        if self.search_lag:
            moment = time.time()
            self._db.execute("DELETE FROM unsearchable WHERE at <= ?", (moment - self.search_lag,))
            self._db.execute(
                "INSERT OR IGNORE INTO unsearchable VALUES (?1, ?2, (SELECT payload FROM object WHERE id = ?1))",
                (wire["id"], moment),
            )
        self._db.execute("DELETE FROM tag WHERE id = ?", (wire["id"],))
        tags = [(wire["id"], key, value) for key, value in (wire.get("metadata") or {}).items()]
        if tags and not wire.get("deleted"):
            self._db.executemany("INSERT INTO tag VALUES (?, ?, ?)", tags)

    def search(self, kind: str, condition: str, arguments: list[Any], cursor: Cursor, skip: int) -> Page:
        """Objects that meet a condition over id, payload and created, newest first; as old as the lag makes them."""
        source = "(SELECT * FROM object)"
        if self.search_lag:
            # One row for each object: as it is, or as it was before a write that is too young.
            source = (
                "(SELECT o.id, o.object, o.created, o.seq, iif(u.id IS NULL, o.deleted, 0) AS deleted,"
                " iif(u.id IS NULL, o.payload, u.before) AS payload FROM object o"
                f" LEFT JOIN unsearchable u ON u.id = o.id AND u.at > {time.time() - self.search_lag})"
            )
        query = (
            f"SELECT CAST(payload AS BLOB) FROM {source} AS object WHERE object = ? AND deleted = 0"
            f" AND payload IS NOT NULL AND ({condition}) ORDER BY created DESC, seq DESC"
        )
        rows = self._db.execute(f"{query} LIMIT ? OFFSET ?", (kind, *arguments, cursor.limit + 1, skip)).fetchall()
        return Page([bytes(row[0]) for row in rows[: cursor.limit]], len(rows) > cursor.limit)

    def delete(self, identifier: str) -> None:
        """Forget an object altogether (drafts and invoice items; deleted customers stay as a stub)."""
        self._db.execute("DELETE FROM object WHERE id = ?", (identifier,))
        self._db.execute("DELETE FROM tag WHERE id = ?", (identifier,))
        self.set_due(identifier, None)
        self._db.execute("DELETE FROM line WHERE invoice = ?", (identifier,))

    def set_lines(self, wire: Wire, lines: list[Wire]) -> None:
        """Replace the lines of an invoice or credit note and embed the first ten of them in it."""
        self._db.execute("DELETE FROM line WHERE invoice = ?", (wire["id"],))
        self._db.executemany(
            "INSERT INTO line VALUES (?, ?, ?, ?)",
            [(wire["id"], position, line["id"], orjson.dumps(line).decode()) for position, line in enumerate(lines)],
        )
        wire["lines"] = {
            "object": "list",
            "data": lines[:LINES_EMBEDDED],
            "has_more": len(lines) > LINES_EMBEDDED,
            "total_count": len(lines),
            "url": f"/v1/{WITH_LINES[wire['object']]}/{wire['id']}/lines",
        }

    def all_lines(self, invoice: str) -> list[Wire]:
        """Every line of an invoice or credit note in its order."""
        rows = self._db.execute("SELECT payload FROM line WHERE invoice = ? ORDER BY position", (invoice,))
        return [orjson.loads(row[0]) for row in rows]

    def page_of_lines(self, invoice: str, cursor: Cursor) -> Page | None:
        """One page of an invoice's or credit note's lines in their order; None when the cursor names none of them."""
        where, order, arguments = "", "ASC", [invoice]
        edge = cursor.starting_after or cursor.ending_before
        if edge is not None:
            position = self._db.execute(
                "SELECT position FROM line WHERE invoice = ? AND id = ?", (invoice, edge)
            ).fetchone()
            if position is None:
                return None
            where = "AND position > ?" if cursor.starting_after else "AND position < ?"
            order = "ASC" if cursor.starting_after else "DESC"
            arguments.append(position[0])
        query = f"SELECT CAST(payload AS BLOB) FROM line WHERE invoice = ? {where} ORDER BY position {order}"
        return self._page(query, arguments, cursor)

    def page(self, kind: str, where: list[str], arguments: list[Any], cursor: Cursor) -> Page | None:
        """One page of the objects of a kind, newest first; None when the cursor names no such object.

        Within a second the object inserted last comes first, so pages neither skip nor repeat a row.
        """
        order = "DESC"
        edge = cursor.starting_after or cursor.ending_before
        conditions, values = ["object = ?", "deleted = 0", *where], [kind, *arguments]
        if edge is not None:
            place = self._db.execute(
                "SELECT created, seq FROM object WHERE id = ? AND object = ?", (edge, kind)
            ).fetchone()
            if place is None:
                return None
            conditions.append(f"(created, seq) {'<' if cursor.starting_after else '>'} (?, ?)")
            values.extend(place)
            order = "DESC" if cursor.starting_after else "ASC"
        query = (
            f"SELECT CAST(payload AS BLOB) FROM object WHERE {' AND '.join(conditions)} "
            f"ORDER BY created {order}, seq {order}"
        )
        return self._page(query, values, cursor)

    def find(self, kind: str, where: list[str], arguments: list[Any], cursor: Cursor) -> list[Wire]:
        """As `page`, parsed; the cursor must name an object that is there."""
        page = self.page(kind, where, arguments, cursor)
        assert page is not None
        return [orjson.loads(row) for row in page.rows]

    def release(self, now: int, *, everything: bool = False) -> None:
        """Entries of the balance whose day has come become available, or `everything` that is pending."""
        due = "" if everything else "AND json_extract(payload, '$.available_on') <= ?"
        earlier = "min(json_extract(payload, '$.available_on'), ?)"
        self._db.execute(
            f"""UPDATE object SET status = 'available',
                payload = json_set(payload, '$.status', 'available', '$.available_on', {earlier})
                WHERE object = 'balance_transaction' AND status = 'pending' {due}""",
            (now,) if everything else (now, now),
        )

    def summed_net(self) -> list[tuple[str, str, int]]:
        """What the entries of the balance come to, as (currency, status, minor units)."""
        return self._db.execute(
            """SELECT link, status, sum(json_extract(payload, '$.net')) FROM object
               WHERE object = 'balance_transaction' AND link IS NOT NULL AND status IS NOT NULL
                 AND coalesce(json_extract(payload, '$.balance_type'), 'payments') = 'payments'
               GROUP BY link, status"""
        ).fetchall()

    def _page(self, query: str, arguments: list[Any], cursor: Cursor) -> Page:
        rows = [
            bytes(row[0]) for row in self._db.execute(f"{query} LIMIT ?", (*arguments, cursor.limit + 1)).fetchall()
        ]
        has_more = len(rows) > cursor.limit
        rows = rows[: cursor.limit]
        if cursor.ending_before:
            rows.reverse()
        return Page(rows, has_more)

    def remembered(self, key: str) -> tuple[str, int, bytes, str] | None:
        """What an idempotency key was used for: fingerprint, status, body, request id."""
        row: tuple[str, int, bytes, str] | None = self._db.execute(
            "SELECT fingerprint, status, body, request_id FROM idempotency WHERE key = ?", (key,)
        ).fetchone()
        return row

    def remember(self, key: str, answer: tuple[str, int, bytes, str], now: int) -> None:
        """Keep fingerprint, status, body and request id of an answer under its idempotency key."""
        self._db.execute(
            "INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?, ?, ?)",
            (key, *answer, now),
        )

    def forget_older_than(self, created: int) -> None:
        """Drop idempotency keys first used before `created` (Stripe prunes after 24 hours)."""
        self._db.execute("DELETE FROM idempotency WHERE created < ?", (created,))


def _dig(wire: Wire, path: str) -> str | None:
    value: Any = wire
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return _text(value)


def _text(value: Any) -> str | None:
    # A loader may hand over an object with an expanded reference; the id is what lists filter by.
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) else None
