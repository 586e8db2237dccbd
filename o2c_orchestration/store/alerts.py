"""Alerts: a row for each cause, open until it is gone, and what people were told of it.

A look at what is wrong is one transaction: alerts are opened and closed, and the messages that follow are put into the
outbox (`store.alert_messages`). Two who look at once take turns, so nothing is told twice. Times are those of the
caller, who may have them wait for the morning.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Engine

from o2c_orchestration.domain.alerts import Alert, Cause, Message, Told
from o2c_orchestration.store.alert_messages import overtake, queue
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.database import raw_cursor

# What is to be said of an alert now, if anything.
Decide = Callable[[Alert], Message | None]

# Two statements, since a conflict uses up a number of the sequence, at every look.
_KNOWN = """
UPDATE o2c.alerts SET state = 'open', facts = %(facts)s::jsonb, gone_since = NULL, closed_at = NULL,
    opened_at = CASE state WHEN 'closed' THEN %(now)s ELSE opened_at END
WHERE cause = %(cause)s AND (state = 'closed' OR gone_since IS NOT NULL OR facts <> %(facts)s::jsonb)"""
_OPEN = """
INSERT INTO o2c.alerts (cause, state, source, facts, opened_at)
SELECT %(cause)s, 'open', %(source)s, %(facts)s::jsonb, %(now)s
WHERE NOT EXISTS (SELECT FROM o2c.alerts WHERE cause = %(cause)s)"""

_GONE = """
UPDATE o2c.alerts SET gone_since = %(now)s
WHERE state = 'open' AND gone_since IS NULL AND NOT cause = ANY(%(causes)s)"""

_CLOSE = """
UPDATE o2c.alerts SET state = 'closed', closed_at = %(now)s
WHERE state = 'open' AND gone_since <= %(now)s - CASE source WHEN 'gap' THEN %(grace)s ELSE interval '0' END"""

_ALERT = "id, cause, facts, state, opened_at, closed_at, told, told_at, channels, steps"
# What may have to be said: of what is there, and of what is gone without anybody having been told so.
_SPEAK = f"""
SELECT {_ALERT} FROM o2c.alerts
WHERE state = 'open' AND gone_since IS NULL OR state = 'closed' AND told IS NOT NULL ORDER BY id"""

_SAID = """
UPDATE o2c.alerts SET told = %(told)s::jsonb, told_at = %(now)s, channels = %(channels)s, steps = steps + 1
WHERE id = %(id)s"""


def keep(engine: Engine, find: Callable[[], Sequence[Cause]], decide: Decide, now: datetime, grace: timedelta) -> int:
    """Open alerts for causes, close those that are gone, and queue what is to be said; returns how many steps.

    `find` is asked when nobody else is at it any more: what an earlier look found may be gone. A gap has to be gone for
    `grace` before its alert is closed; it may be gone for a moment only.
    """
    with raw_cursor(engine) as cursor:
        cursor.execute("LOCK TABLE o2c.alerts IN SHARE ROW EXCLUSIVE MODE")
        causes = find()
        for cause in causes:
            values = {"cause": cause.key, "source": cause.source, "facts": _facts(cause), "now": now}
            cursor.execute(_KNOWN, values)
            cursor.execute(_OPEN, values)
        cursor.execute(_GONE, {"now": now, "causes": [cause.key for cause in causes]})
        cursor.execute(_CLOSE, {"now": now, "grace": grace})
        cursor.execute(sql(_SPEAK))
        return sum(_speak(cursor, _alert(row), decide, now) for row in cursor.fetchall())


def _speak(cursor: Cursor, alert: Alert, decide: Decide, now: datetime) -> bool:
    message = decide(alert)
    if message is None:
        return False
    over = message.kind == "all_clear"
    cause = alert.cause
    told = None if over else _json(asdict(Told(cause.severity, cause.count, cause.sums)))
    channels = [] if over else sorted({*alert.channels, *message.channels})
    if message.kind in ("changed", "reminder"):
        overtake(cursor, alert.id)
    queue(cursor, f"{alert.id}.{alert.steps + 1}", message, now, alert.id)
    cursor.execute(_SAID, {"told": told, "now": now, "channels": channels, "id": alert.id})
    return True


def listed(engine: Engine, state: str | None = "open") -> list[Alert]:
    """Alerts in a state (None: all), the oldest first."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            sql(f"SELECT {_ALERT} FROM o2c.alerts WHERE %(state)s::text IS NULL OR state = %(state)s ORDER BY id"),
            {"state": state},
        )
        return [_alert(row) for row in cursor.fetchall()]


def closed_since(engine: Engine, moment: datetime) -> list[Alert]:
    """Alerts that were closed since then, in that order."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            sql(f"SELECT {_ALERT} FROM o2c.alerts WHERE state = 'closed' AND closed_at >= %s ORDER BY closed_at, id"),
            (moment,),
        )
        return [_alert(row) for row in cursor.fetchall()]


def _alert(row: Any) -> Alert:
    key, cause, facts, state, opened_at, closed_at, told, told_at, channels, steps = row
    said = None if told is None else Told(**told)
    return Alert(key, _cause(cause, facts), state, opened_at, closed_at, said, told_at, tuple(channels), steps)


def _facts(cause: Cause) -> str:
    values = asdict(cause)
    values.pop("key")
    return _json(values)


def _cause(key: str, facts: Mapping[str, Any]) -> Cause:
    values = dict(facts)
    values["since"] = datetime.fromisoformat(values["since"]).astimezone(UTC)
    values["oldest"] = date.fromisoformat(values["oldest"]) if values["oldest"] else None
    values["objects"] = tuple(values["objects"])
    return Cause(key=key, **values)


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z).decode()
