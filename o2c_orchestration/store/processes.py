"""Dagster's own processes, by what they write into the same database: the daemon's sign of life, and runs by status.

Counts and ages only. They serve no figures themselves, and a run ends before anybody asks it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.store.bulk import Cursor
from o2c_orchestration.store.database import raw_cursor

_MAY = """SELECT bool_and(to_regclass(name) IS NOT NULL AND has_table_privilege(to_regclass(name), 'SELECT'))
          FROM unnest(ARRAY['public.daemon_heartbeats', 'public.runs']) name"""
# Dagster writes times without a zone, and means UTC.
_BEATS = """SELECT daemon_type, extract(epoch FROM (clock_timestamp() AT TIME ZONE 'UTC') - "timestamp")
            FROM public.daemon_heartbeats ORDER BY daemon_type"""
# By the index of the status: runs that ended are not counted, for they grow with history.
_RUNS = "SELECT status, count(*) FROM public.runs WHERE status = ANY(%s) GROUP BY status"
_FAILED = """SELECT count(*) FROM public.runs WHERE status = 'FAILURE'
             AND update_timestamp > (clock_timestamp() AT TIME ZONE 'UTC') - interval '1 hour'"""
# Dagster's words, which it writes in capitals.
_UNENDED = ("not_started", "queued", "starting", "started", "canceling")


@dataclass(frozen=True)
class Processes:
    """Seconds since each of the daemon's threads was heard of; runs that have not ended, by status; how many failed
    within the last hour."""

    beats: Mapping[str, float]
    runs: Mapping[str, int]
    failed: int


def processes(engine: Engine, patience: str | None = None) -> Processes | None:
    """How Dagster's processes stand now; None where its tables are elsewhere, or not this login's.

    `patience` as of `raw_cursor`.
    """
    with raw_cursor(engine, patience) as cursor:
        # They are the login's and not the worker's.
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(_MAY)
        if not _rows(cursor)[0][0]:
            return None
        cursor.execute(_BEATS)
        beats = {str(row[0]): float(row[1]) for row in _rows(cursor)}
        cursor.execute(_RUNS, ([status.upper() for status in _UNENDED],))
        runs = {str(status).lower(): int(number) for status, number in _rows(cursor)}
        cursor.execute(_FAILED)
        (failed,) = _rows(cursor)[0]
    return Processes(beats, {status: runs.get(status, 0) for status in _UNENDED}, failed)


def _rows(cursor: Cursor) -> list[Any]:
    return list(cursor.fetchall())
