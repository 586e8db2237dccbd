"""The gate: the one way by which an object of Stripe gets into the store, for backfill and events alike.

Order is the START of the read that brought the payload, never an event's timestamp (whole seconds, ties).
A row with an unchanged hash is left alone, and that it was seen unchanged is kept a row a batch, not a row an
object: an older read that comes later must not win over what a newer one confirmed. A payload that would take an
object back from a terminal state is not believed until a re-read of that one object proves it.

What is stored is asked for first, by id and hash. Payloads travel only where they differ: of new objects straight
into the table, of changed ones into a staging table, where everything above is decided.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

import orjson
from psycopg.errors import UniqueViolation
from sqlalchemy import Engine

from o2c_orchestration.domain import forget
from o2c_orchestration.domain.policy import MAIN
from o2c_orchestration.store import forgotten
from o2c_orchestration.store.bulk import Cursor, copy_in, sql, stage
from o2c_orchestration.store.database import raw_cursor, reading_cursor

# The escape of NUL, and not an escaped backslash that happens to be followed by "u0000".
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")

# Whose it is, wherever in a payload that stands.
_CUSTOMER = re.compile(rb'"customer":"(cus_[^"]+)"')

# No way back from these, whatever an older copy says. (An uncollectible invoice may still be paid.)
TERMINAL = ("paid", "void", "succeeded", "deleted")

_COLUMNS = "id, object, created_at, status, read_at, payload_hash, payload, account"
_TYPES = ("text", "text", "timestamptz", "text", "timestamptz", "bytea", "text", "text")

# One snapshot tells what is stored and notes what was seen unchanged. Objects that it does not return are new.
_COMPARE = """
WITH known AS MATERIALIZED (
    SELECT i.id, i.read_at, t.payload_hash = i.payload_hash AS same, t.read_at < i.read_at AS newer
    FROM unnest(%b::text[], %b::bytea[], %b::timestamptz[]) AS i (id, payload_hash, read_at)
    JOIN o2c.stripe_objects t USING (id)
), confirmed AS (
    INSERT INTO o2c.stripe_confirmed (read_at, ids)
    SELECT read_at, array_agg(id) FROM known WHERE same AND newer GROUP BY read_at
)
SELECT id, same FROM known"""

# The payload is text until it is known to be wanted: parsing JSON costs as much as copying it.
_STAGED = """id text, object text, created_at timestamptz, status text, read_at timestamptz,
             payload_hash bytea, payload text, account text"""

_REGRESSED = """
SELECT i.id FROM incoming i JOIN o2c.stripe_objects t USING (id)
WHERE t.status = ANY(%(terminal)s) AND i.status <> t.status AND NOT i.status = ANY(%(terminal)s)
  AND t.payload_hash <> i.payload_hash AND t.read_at <= i.read_at"""

# In the order of ids, so that two batches that share objects wait for each other and never both at once. An object
# stays with the account that it was first read from: no two accounts share one.
_MERGE = f"""
INSERT INTO o2c.stripe_objects AS t ({_COLUMNS})
SELECT i.id, i.object, i.created_at, i.status, i.read_at, i.payload_hash, i.payload::json, i.account
FROM incoming i LEFT JOIN o2c.stripe_objects t USING (id)
WHERE (t.id IS NULL OR (t.payload_hash <> i.payload_hash AND t.read_at <= i.read_at))
  AND NOT i.id = ANY(%(held)s)
  AND (t.id IS NULL OR NOT EXISTS (
    SELECT FROM o2c.stripe_confirmed c WHERE c.read_at > i.read_at AND i.id = ANY(c.ids)))
ORDER BY i.id
ON CONFLICT (id) DO UPDATE SET
    created_at = CASE WHEN excluded.status = 'deleted' THEN t.created_at ELSE excluded.created_at END,
    status = excluded.status, read_at = excluded.read_at,
    payload_hash = excluded.payload_hash, payload = excluded.payload, stored_at = clock_timestamp()
WHERE t.read_at <= excluded.read_at
RETURNING t.id"""

_CONFIRM = """
INSERT INTO o2c.stripe_confirmed (read_at, ids)
SELECT i.read_at, array_agg(i.id) FROM incoming i JOIN o2c.stripe_objects t USING (id)
WHERE t.payload_hash = i.payload_hash AND t.read_at < i.read_at GROUP BY i.read_at"""

# Both are hashed as joins whatever their size: a list that outgrows the memory of a query would be walked for each row.
_UNSEEN = """
SELECT id FROM o2c.stripe_objects o
WHERE object = %(type)s AND created_at >= %(first)s::date AND created_at < %(last)s::date + 1
  AND account = %(account)s AND status <> 'deleted' AND read_at < %(since)s
  AND NOT EXISTS (SELECT FROM (SELECT unnest(ids) AS id FROM o2c.stripe_confirmed WHERE read_at >= %(since)s) s
                  WHERE s.id = o.id)
  AND NOT EXISTS (SELECT FROM o2c.stripe_absent a WHERE a.id = o.id)
ORDER BY id"""

# A read that began longer ago than this is not under way any more: requests time out within minutes.
_FORGET = "DELETE FROM o2c.stripe_confirmed WHERE read_at < clock_timestamp() - interval '1 day'"


@dataclass(frozen=True)
class StripeObject:
    """An object as Stripe rendered it (less what we do not keep), when the read of it began (UTC), and whose it is."""

    id: str
    object: str
    created_at: datetime
    status: str
    read_at: datetime
    payload: bytes
    account: str = MAIN

    @classmethod
    def of(
        cls, payload: dict[str, Any], read_at: datetime, *, object_type: str | None = None, account: str = MAIN
    ) -> "StripeObject":
        """From a wire object; one without a `created` (a deleted one) sorts at the epoch of its read."""
        deleted = bool(payload.get("deleted"))
        at = _moment(payload.get("created")) or read_at
        status = "deleted" if deleted else str(payload.get("status") or "").replace("\0", "")
        body = orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)
        return cls(payload["id"], object_type or payload["object"], at, status, read_at, body, account)

    @cached_property
    def digest(self) -> bytes:
        """By which two payloads are told apart."""
        return hashlib.blake2b(self.payload, digest_size=16).digest()

    def row(self) -> tuple[Any, ...]:
        """In the order of the table's columns."""
        # PostgreSQL's json accepts the escape of NUL but cannot turn it into text; Stripe never needs it.
        # The pattern looks at every byte, which costs more than all the rest of the gate: hence the tests before it.
        payload = self.payload
        if b"\\" in payload and b"\\u0000" in payload:
            payload = _NUL.sub(rb"\1", payload)
        head = (self.id, self.object, self.created_at, self.status, self.read_at)
        return (*head, self.digest, payload.decode(), self.account)


def _moment(created: Any) -> datetime | None:
    """What is no moment is told by validation; it does not keep its neighbours out."""
    with suppress(OverflowError, OSError, ValueError):
        return datetime.fromtimestamp(created, UTC) if isinstance(created, int) else None
    return None


@dataclass(frozen=True)
class Admission:
    """What the gate did: ids stored anew or changed, rows left alone, ids held back as regressions."""

    changed: tuple[str, ...] = ()
    unchanged: int = 0
    regressed: tuple[str, ...] = field(default=())


def admit(engine: Engine, objects: Iterable[StripeObject], *, proven: bool = False) -> Admission:
    """Store a batch in one transaction. `proven`: each object was re-read by itself, so believe regressions."""
    with raw_cursor(engine) as cursor:
        return _admit(cursor, objects, proven)


def _admit(cursor: Cursor, objects: Iterable[StripeObject], proven: bool) -> Admission:
    gone = forgotten.ids(cursor, "stripe")
    came = list(objects)
    batch = [_without_person(item, gone) for item in _newest(came)] if gone else _newest(came)
    same = _compare(cursor, batch)
    new = [item for item in batch if item.id not in same]
    differing = [item for item in batch if same.get(item.id) is False]
    if not _insert(cursor, new):
        new, differing = [], sorted(new + differing, key=lambda item: item.id)
    replaced, held = _replace(cursor, differing, proven) if differing else ((), ())
    cursor.execute(_FORGET)
    cursor.execute("DELETE FROM o2c.stripe_absent WHERE id = ANY(%s)", ([item.id for item in batch],), prepare=False)
    changed = (*(item.id for item in new), *replaced)
    return Admission(changed, len(came) - len(changed) - len(held), held)


def _without_person(item: StripeObject, gone: frozenset[str]) -> StripeObject:
    """The object as it is kept of who was forgotten; any other as it is."""
    if item.id not in gone and gone.isdisjoint(key.decode() for key in _CUSTOMER.findall(item.payload)):
        return item
    body = orjson.dumps(forget.stripe_object(orjson.loads(item.payload)), option=orjson.OPT_SORT_KEYS)
    return replace(item, payload=body)


def _newest(objects: Iterable[StripeObject]) -> list[StripeObject]:
    """The newest copy of each object, in the order of ids: pages that overlap bring an object twice."""
    newest: dict[str, StripeObject] = {}
    for item in objects:
        other = newest.get(item.id)
        if other is None or other.read_at <= item.read_at:
            newest[item.id] = item
    return [newest[key] for key in sorted(newest)]


def _compare(cursor: Cursor, batch: Sequence[StripeObject]) -> dict[str, bool]:
    """Of the objects that are stored already: whether their payload is the same. Notes those that are."""
    known = ([item.id for item in batch], [item.digest for item in batch], [item.read_at for item in batch])
    # Never a prepared plan: one made while the table was small would read all of it when it is large.
    cursor.execute(_COMPARE, known, prepare=False)
    return dict(cursor.fetchall())


def _insert(cursor: Cursor, new: Sequence[StripeObject]) -> bool:
    """Store objects that nobody has stored; False and nothing done if somebody did in the meantime."""
    with suppress(UniqueViolation), cursor.connection.transaction():
        if new:
            copy_in(cursor, f"o2c.stripe_objects ({_COLUMNS})", (item.row() for item in new), _TYPES)
        return True
    return False


def _replace(cursor: Cursor, batch: Sequence[StripeObject], proven: bool) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids that were stored, and ids held back, of objects that differ from what is stored."""
    stage(cursor, "incoming", _STAGED, (item.row() for item in batch))
    held: tuple[str, ...] = ()
    if not proven:
        cursor.execute(_REGRESSED, {"terminal": list(TERMINAL)})
        held = tuple(row[0] for row in cursor.fetchall())
    cursor.execute(_CONFIRM)
    cursor.execute(sql(_MERGE), {"held": list(held)})
    return tuple(row[0] for row in cursor.fetchall()), held


def unseen(
    engine: Engine, object_type: str, first: date, last: date, since: datetime, account: str = MAIN
) -> list[str]:
    """Stored objects of an account, created in [first, last] (UTC days), that no read since `since` has seen.

    Of a window that was read whole since: those that Stripe lists no more. Known to be deleted they are not among them.
    """
    values = {"type": object_type, "first": first, "last": last, "since": since, "account": account}
    with reading_cursor(engine) as cursor:
        cursor.execute(_UNSEEN, values, prepare=False)
        return [str(row[0]) for row in cursor.fetchall()]


def mark_absent(engine: Engine, ids: Sequence[str], looked_up_at: datetime) -> None:
    """Record ids that Stripe answered 404 for, so that the ledger's references to them are a finding."""
    with raw_cursor(engine) as cursor:
        cursor.executemany(
            """INSERT INTO o2c.stripe_absent VALUES (%s, %s)
               ON CONFLICT (id) DO UPDATE SET looked_up_at = excluded.looked_up_at""",
            [(absent, looked_up_at) for absent in ids],
        )
        cursor.execute(
            "INSERT INTO o2c.dirty (key) SELECT unnest(%s::text[])",
            [list(ids)],
        )
