"""Dagster's event log, where it lies in the same database: its tables of ours may name customers."""

import json
from typing import Any

from o2c_orchestration.domain.forget import Subject
from o2c_orchestration.store.bulk import Cursor, sql

# Table, column, and by what a row is found again.
_LOGS = (
    ("event_logs", "event", "id"),
    ("asset_check_executions", "evaluation_event", "id"),
    ("asset_keys", "last_materialization", "id"),
)
# What holds words in Dagster's JSON; all else are names of its classes, steps and assets.
_WORDS = frozenset({"md_str", "text", "data", "message", "user_message", "stack"})
_MAY = "SELECT to_regclass(%(table)s) IS NOT NULL AND has_table_privilege(to_regclass(%(table)s), 'UPDATE')"


def scrub_logs(cursor: Cursor, subject: Subject, *, dry: bool) -> list[tuple[str, int]]:
    """Take the person's names out of it; rows by table. Nothing where the tables are elsewhere, or not this login's."""
    cursor.execute("SELECT current_setting('role')")
    role: Any = cursor.fetchone()
    # Dagster's tables are the login's and not the worker's.
    cursor.execute("SET LOCAL ROLE NONE")
    try:
        return [(table, _scrub(cursor, subject, table, column, key, dry=dry)) for table, column, key in _LOGS]
    finally:
        cursor.execute("SELECT set_config('role', %s, true)", (role[0],))


def _scrub(cursor: Cursor, subject: Subject, table: str, column: str, key: str, *, dry: bool) -> int:
    cursor.execute(_MAY, {"table": f"public.{table}"})
    allowed: Any = cursor.fetchone()
    if not allowed[0] or not subject.words.names:
        return 0
    # As they stand in JSON.
    names = sorted({form for name in subject.words.names for form in (name, json.dumps(name)[1:-1])})
    cursor.execute(
        sql(f"""SELECT {key}, {column} FROM public.{table} WHERE EXISTS (
                    SELECT FROM unnest(%s::text[]) n WHERE strpos(lower({column}), lower(n)) > 0)"""),
        (names,),
    )
    changed = [(new, row[0]) for row in cursor.fetchall() if (new := _without(row[1], subject)) != row[1]]
    if not dry:
        cursor.executemany(sql(f"UPDATE public.{table} SET {column} = %s WHERE {key} = %s"), changed)
    return len(changed)


def _without(text: str, subject: Subject) -> str:
    try:
        told = json.loads(text)
    except ValueError:
        return text
    found = _walk(told, subject, words=False)
    return text if found == told else json.dumps(found)


def _walk(value: Any, subject: Subject, *, words: bool) -> Any:
    if isinstance(value, str):
        return subject.words.out_of(value) if words else value
    if isinstance(value, list):
        return [_walk(each, subject, words=words) for each in value]
    if isinstance(value, dict):
        return {key: _walk(each, subject, words=words or key in _WORDS) for key, each in value.items()}
    return value
