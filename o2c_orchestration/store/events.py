"""Events of Stripe: each is kept once, and in the same transaction its object goes to the inbox.

Nothing in an event is believed but ids: its object is read again. What else it says of itself only decides in which
order objects are read and what a person is told.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Engine

from o2c_orchestration.domain.keys import stored_as
from o2c_orchestration.domain.policy import MAIN
from o2c_orchestration.domain.stripe_events import StripeEvent
from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor, reading_cursor
from o2c_orchestration.store.inbox import MARK, WAKE

_RECORD = f"""
WITH given AS (
    SELECT DISTINCT ON (id) * FROM unnest(
        %(id)s::text[], %(account)s::text[], %(type)s::text[], %(object)s::text[], %(object_id)s::text[],
        %(created_at)s::timestamptz[], %(source)s::text[], %(api_version)s::text[], %(ignored)s::text[],
        %(urgent)s::boolean[])
    AS t (id, account, type, object, object_id, created_at, source, api_version, ignored, urgent)
), fresh AS (
    INSERT INTO o2c.stripe_events (id, account, type, object, object_id, created_at, source, api_version, ignored)
    SELECT id, account, type, object, object_id, created_at, source, api_version, ignored FROM given
    ORDER BY id ON CONFLICT (id) DO NOTHING RETURNING id
), hints AS (
    SELECT g.object_id, g.object, g.id AS hint, g.account, g.created_at AS changed_at, g.urgent
    FROM given g JOIN fresh USING (id) WHERE g.ignored IS NULL
), marked AS ({MARK} RETURNING 1)
SELECT (SELECT count(*) FROM fresh), (SELECT count(*) FROM marked)"""

_SET_ASIDE = """
INSERT INTO o2c.quarantine (source, object, id, reason, payload, account)
VALUES ('webhook', 'event', %(id)s, %(reason)s, %(payload)s, %(account)s)
ON CONFLICT (source, object, id) DO UPDATE SET reason = excluded.reason, last_seen_at = clock_timestamp()"""

_NAMES = ("id", "account", "type", "object", "object_id", "created_at", "source", "api_version", "ignored", "urgent")

_LATEST = (
    "SELECT type, object_id, source, received_at, ignored FROM o2c.stripe_events ORDER BY received_at DESC LIMIT 1"
)


@dataclass(frozen=True)
class Received:
    """An event as it came: by which way first, when (UTC), and why nothing follows from it, if so."""

    type: str
    object_id: str | None
    source: str
    received_at: datetime
    ignored: str | None


def record(engine: Engine, events: Sequence[StripeEvent]) -> int:
    """Keep events, and mark the objects of those that are new; returns how many are. Durable when this returns.

    An event that is known already, by whichever way it came, does nothing.
    """
    if not events:
        return 0
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_RECORD), _columns(events))
        row: Any = cursor.fetchone()
        if row[1]:
            cursor.execute(WAKE)  # heard when this transaction commits
        return int(row[0])


def _columns(events: Sequence[StripeEvent]) -> dict[str, list[Any]]:
    own = [
        replace(each, object_id=each.object_id and stored_as(each.object, each.object_id, each.account or MAIN))
        for each in events
    ]
    return {name: [getattr(event, name) for event in own] for name in _NAMES}


def set_aside(engine: Engine, body: bytes, reason: str, account: str | None = None) -> None:
    """Keep a signed body that is no event in quarantine, once; `account` is the one whose secret signed it.

    One that was let go stays so: Stripe sends the same body for three days.
    """
    key = hashlib.sha256(body).hexdigest()
    payload = orjson.dumps({"body": body.decode(errors="replace").replace("\x00", "")}).decode()
    with raw_cursor(engine) as cursor:
        cursor.execute(_SET_ASIDE, {"id": key, "reason": reason, "payload": payload, "account": account})


def latest(engine: Engine) -> Received | None:
    """The event that was kept last; None before the first."""
    with reading_cursor(engine) as cursor:
        cursor.execute(_LATEST)
        row = cursor.fetchone()
        return Received(*row) if row else None
