"""What was told to Salesforce last, by record, and what it did not take."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import Engine

from o2c_orchestration.domain.not_told import NotTaken
from o2c_orchestration.store.database import raw_cursor

# What people correct in Salesforce does not always show in what we read of it.
_TRIED_AGAIN_SECONDS = 3600
_PARTLY = "INSERT INTO o2c.salesforce_told_partly VALUES (%s, %s) ON CONFLICT DO NOTHING"
_NOT_PARTLY = "DELETE FROM o2c.salesforce_told_partly WHERE object = %s AND key = %s"


def not_written(engine: Engine, changes: Sequence[Any]) -> list[Any]:
    """Those changes that were not written or refused like this already; what Salesforce lost since is written again.

    A record that was read after the write, and still lacks it, is told again; what was refused, after an hour.
    """
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT w.object, w.key, w.fields_hash FROM o2c.salesforce_written w
               JOIN unnest(%s::text[], %s::text[]) a (object, key) USING (object, key)
               LEFT JOIN o2c.salesforce_objects o ON o.id = w.key
               WHERE (o.id IS NULL OR o.read_at < w.written_at)
                 AND (w.error_code IS NULL OR w.written_at > clock_timestamp() - make_interval(secs => %s))""",
            ([change.object for change in changes], [change.key for change in changes], _TRIED_AGAIN_SECONDS),
        )
        rows: Sequence[Any] = cursor.fetchall()
    told = {(row[0], row[1]): bytes(row[2]) for row in rows}
    return [change for change in changes if told.get((change.object, change.key)) != _hash(change)]


def record(engine: Engine, outcomes: Iterable[tuple[Any, Any]]) -> None:
    """Keep what became of changes."""
    outcomes = list(outcomes)
    rows = [
        (change.object, change.key, _hash(change), answer.id, answer.code, answer.detail or None)
        for change, answer in outcomes
    ]
    with raw_cursor(engine) as cursor:
        cursor.executemany(
            """INSERT INTO o2c.salesforce_written (object, key, fields_hash, salesforce_id, error_code, error_detail)
               VALUES (%s, %s, %s, %s, %s, %s)
               ON CONFLICT (object, key) DO UPDATE SET fields_hash = excluded.fields_hash,
                   salesforce_id = coalesce(excluded.salesforce_id, o2c.salesforce_written.salesforce_id),
                   error_code = excluded.error_code, error_detail = excluded.error_detail,
                   written_at = clock_timestamp()""",
            rows,
        )
        cursor.executemany(_NOT_PARTLY, [(change.object, change.key) for change, _ in outcomes])
        cursor.executemany(_PARTLY, [(change.object, change.key) for change, each in outcomes if _is_partly(each)])


def forget_unwanted(engine: Engine, changes: Sequence[Any]) -> None:
    """What was refused and is not among what is to be told any more is wrong no more."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """UPDATE o2c.salesforce_written w SET error_code = NULL, error_detail = NULL
               WHERE error_code IS NOT NULL AND NOT EXISTS (
                   SELECT FROM unnest(%s::text[], %s::text[]) a (object, key)
                   WHERE a.object = w.object AND a.key = w.key)""",
            ([change.object for change in changes], [change.key for change in changes]),
        )


def refused(engine: Engine) -> list[NotTaken]:
    """What Salesforce did not take the last time."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT object, key, error_code, coalesce(error_detail, ''), EXISTS (
                   SELECT FROM o2c.salesforce_told_partly p WHERE p.object = w.object AND p.key = w.key)
               FROM o2c.salesforce_written w
               WHERE error_code IS NOT NULL ORDER BY object, key"""
        )
        rows: Sequence[Any] = cursor.fetchall()
        return [NotTaken(*row) for row in rows]


def _is_partly(answer: Any) -> bool:
    return answer.id is not None and answer.code is not None


def _hash(change: Any) -> bytes:
    body = orjson.dumps(dict(change.values), option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.blake2b(body, digest_size=16).digest()
