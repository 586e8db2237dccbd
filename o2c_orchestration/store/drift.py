"""The catalogue of what objects of other systems look like: how samples get in, how it is read, what was accepted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.drift import Catalogue, Declared, Finding, Seen, Tally
from o2c_orchestration.store.actor import current
from o2c_orchestration.store.audit import record
from o2c_orchestration.store.bulk import Cursor, stage
from o2c_orchestration.store.database import raw_cursor, reading_cursor

_ROWS = """
SELECT kind, path, what, times, at_parents, first_seen_at, last_seen_at, declared FROM o2c.seen_fields
WHERE object = %s AND api_version = %s ORDER BY path, what"""

_BEFORE = """
SELECT api_version FROM o2c.seen_objects WHERE object = %(object)s AND api_version <> %(version)s
  AND began_at < coalesce((SELECT began_at FROM o2c.seen_objects
                           WHERE object = %(object)s AND api_version = %(version)s), 'infinity')
ORDER BY began_at DESC LIMIT 1"""

# How often the parent of a field, or of the field that has a value, was seen: one of the object itself has all objects
# for parents.
_PARENTS = """
UPDATE o2c.seen_fields f SET at_parents = coalesce(p.times, o.objects)
FROM o2c.seen_objects o, showed s
LEFT JOIN o2c.seen_fields p ON p.object = %(object)s AND p.api_version = %(version)s AND p.kind = 'type'
     AND p.what = 'object' AND p.path = nullif(left(s.path, -strpos(reverse(s.path), '.')), s.path)
WHERE f.object = %(object)s AND f.api_version = %(version)s AND f.kind = s.kind AND f.path = s.path AND f.what = s.what
  AND o.object = f.object AND o.api_version = f.api_version"""

_COUNT = """
INSERT INTO o2c.seen_fields AS f (object, api_version, kind, path, what, times, first_seen_at, last_seen_at)
SELECT %(object)s, %(version)s, kind, path, what, times, clock_timestamp(), clock_timestamp() FROM showed
ORDER BY kind, path, what
ON CONFLICT (object, api_version, kind, path, what) DO UPDATE SET times = f.times + excluded.times,
    first_seen_at = coalesce(f.first_seen_at, excluded.first_seen_at), last_seen_at = excluded.last_seen_at"""


@dataclass(frozen=True)
class Accepted:
    """Drift that a person has looked at; `key` as `Finding.key`."""

    object: str
    api_version: str
    key: str
    actor: str
    reason: str
    accepted_at: datetime


def catalogue(engine: Engine, object_type: str, api_version: str) -> Catalogue:
    """What is known of a type of object at an API version; empty if nobody has looked at any."""
    with raw_cursor(engine) as cursor:
        return _catalogue(cursor, object_type, api_version)


def _catalogue(cursor: Cursor, object_type: str, api_version: str) -> Catalogue:
    where = (object_type, api_version)
    cursor.execute("SELECT objects, began_at FROM o2c.seen_objects WHERE object = %s AND api_version = %s", where)
    objects, began_at = cursor.fetchone() or (0, None)
    cursor.execute(_ROWS, where)
    rows = cursor.fetchall()
    fields, values = (tuple(Seen(*row[1:]) for row in rows if row[0] == kind) for kind in ("type", "value"))
    return Catalogue(api_version, objects, began_at, fields, values)


def catalogue_before(engine: Engine, object_type: str, api_version: str) -> Catalogue | None:
    """What was known at the API version that was used before this one; None if there was none."""
    with raw_cursor(engine) as cursor:
        cursor.execute(_BEFORE, {"object": object_type, "version": api_version})
        row = cursor.fetchone()
        return _catalogue(cursor, object_type, str(row[0])) if row else None


def declared_by(engine: Engine, object_type: str, api_version: str) -> str | None:
    """Whose declarations the catalogue holds for a type of object; None if it holds nothing of it."""
    with reading_cursor(engine) as cursor:
        cursor.execute(
            "SELECT declared_by FROM o2c.seen_objects WHERE object = %s AND api_version = %s",
            (object_type, api_version),
        )
        row = cursor.fetchone()
        return str(row[0]) if row else None


def declare(engine: Engine, object_type: str, api_version: str, by: str, shape: Mapping[str, Declared]) -> None:
    """Take what a specification declares of a type of object into the catalogue, in place of what it held before."""
    types = (("type", path, kind) for path, each in shape.items() for kind in each.types)
    values = (("value", path, value) for path, each in shape.items() for value in each.values or ())
    where = {"object": object_type, "version": api_version, "by": by}
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """INSERT INTO o2c.seen_objects (object, api_version, declared_by) VALUES (%(object)s, %(version)s, %(by)s)
               ON CONFLICT (object, api_version) DO UPDATE SET declared_by = excluded.declared_by""",
            where,
        )
        stage(cursor, "said", "kind text, path text, what text", [*types, *values])
        cursor.execute(
            """UPDATE o2c.seen_fields SET declared = false WHERE object = %(object)s AND api_version = %(version)s""",
            where,
        )
        cursor.execute(
            """INSERT INTO o2c.seen_fields (object, api_version, kind, path, what, declared)
               SELECT %(object)s, %(version)s, kind, path, what, true FROM said ORDER BY 3, 4, 5
               ON CONFLICT (object, api_version, kind, path, what) DO UPDATE SET declared = true""",
            where,
        )


def count_in(engine: Engine, object_type: str, api_version: str, tally: Tally) -> None:
    """Count a sample in; the type must have been declared."""
    where = {"object": object_type, "version": api_version, "objects": tally.objects}
    with raw_cursor(engine) as cursor:
        # Whoever counts holds the row of the type, so that two who count do not wait for each other in a circle.
        cursor.execute(
            """UPDATE o2c.seen_objects SET objects = objects + %(objects)s, looked_at = clock_timestamp()
               WHERE object = %(object)s AND api_version = %(version)s""",
            where,
        )
        stage(cursor, "showed", "kind text, path text, what text, times bigint", _rows(tally))
        cursor.execute(_COUNT, where)
        cursor.execute(_PARENTS, where)


def _rows(tally: Tally) -> Iterable[tuple[str, str, str, int]]:
    yield from (("type", path, what, times) for (path, what), times in tally.types.items())
    yield from (("value", path, what, times) for (path, what), times in tally.values.items())


def recently_known(engine: Engine, object_type: str, api_version: str) -> set[tuple[str, str, str]] | None:
    """(kind, path, type or value) that were seen, if somebody looked within ten minutes; else None."""
    with reading_cursor(engine) as cursor:
        cursor.execute(
            """SELECT f.kind, f.path, f.what FROM o2c.seen_objects o JOIN o2c.seen_fields f USING (object, api_version)
               WHERE object = %s AND api_version = %s AND f.times > 0
                 AND o.looked_at > clock_timestamp() - interval '10 minutes'""",
            (object_type, api_version),
        )
        return {tuple(row) for row in cursor.fetchall()} or None


def looked_at_within(engine: Engine, object_type: str, api_version: str, span: timedelta) -> bool:
    """Whether anything of a type was looked at so lately."""
    with reading_cursor(engine) as cursor:
        cursor.execute(
            """SELECT count(*) FROM o2c.seen_objects WHERE object = %s AND api_version = %s AND objects > 0
               AND looked_at > clock_timestamp() - %s""",
            (object_type, api_version, span),
        )
        row = cursor.fetchone()
        return bool(row and row[0])


def waiting_payloads(engine: Engine, object_type: str, limit: int) -> list[Any]:
    """Payloads of the newest stored objects of a type that wait for validation."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT payload FROM o2c.stripe_objects
               WHERE object = %s AND validated_hash IS DISTINCT FROM payload_hash ORDER BY created_at DESC LIMIT %s""",
            (object_type, limit),
        )
        return [row[0] for row in cursor.fetchall()]


def accept(engine: Engine, found: Iterable[Finding], actor: str, reason: str) -> int:
    """Keep that a person has looked at these; returns how many were not accepted before."""
    count, listed = 0, list(found)
    with raw_cursor(engine) as cursor:
        for each in listed:
            cursor.execute(
                """INSERT INTO o2c.drift_accepted (object, api_version, key, actor, reason) VALUES (%s, %s, %s, %s, %s)
                   ON CONFLICT DO NOTHING""",
                (each.object, each.api_version, _key(each), actor, reason),
            )
            count += cursor.rowcount
        keys = sorted({each.key for each in listed})
        if count:
            after = {"accepted": keys, "reason": reason}
            record(
                cursor, current(), "drift_accepted", f"drift {keys[0]}", f"accepted by {actor}: {reason}", None, after
            )
    return count


def accepted(engine: Engine) -> list[Accepted]:
    """Everything that was accepted, newest first."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT object, api_version, key, actor, reason, accepted_at FROM o2c.drift_accepted
               ORDER BY accepted_at DESC, key"""
        )
        return [Accepted(*row) for row in cursor.fetchall()]


def open_of(found: Iterable[Finding], known: Iterable[Accepted]) -> list[Finding]:
    """Those that nobody has accepted."""
    keys = {(each.object, each.api_version, each.key) for each in known}
    return [each for each in found if (each.object, each.api_version, _key(each)) not in keys]


def _key(finding: Finding) -> str:
    return f"{finding.kind} {finding.key}"
