"""Personal data of one customer taken out of every table that has them, in one transaction; numbers and ids stay.

Rows are rewritten here and not by SQL: what is personal of a JSON value is one rule, and the gate has the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy import Engine

from o2c_orchestration.domain.errors import O2CError, PermissionDenied
from o2c_orchestration.domain.forget import Subject
from o2c_orchestration.store import audit, forget_subject
from o2c_orchestration.store.actor import current
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.forget_dagster import scrub_logs
from o2c_orchestration.store.forget_parts import PARTS, Part

_LOCK_SECONDS = 30
# In hand: a request may be on its way with the data in it.
_IN_HAND = """
SELECT external_id, state FROM o2c.journal j
WHERE (stripe_id IN (SELECT id FROM own) OR customer_id IN (SELECT id FROM own))
  AND (state IN ('sent', 'unknown') OR state = 'intent' AND next_attempt_at < 'infinity') ORDER BY id"""
# The customer itself is still to be made, or may be taken up again.
_TO_MAKE = """
SELECT external_id, 'planned' FROM o2c.plan_entries e
WHERE document IN ('customer', 'stripeCustomer') AND outcome = 'write' AND stripe_id IN (SELECT id FROM own)
  AND NOT EXISTS (SELECT FROM o2c.journal j WHERE j.external_key = e.external_key)
  AND NOT EXISTS (SELECT FROM o2c.netsuite_customers c WHERE c.external_id = e.external_id)
UNION SELECT external_id, state FROM o2c.journal
WHERE document IN ('customer', 'stripeCustomer') AND state IN ('refused', 'dead', 'dropped')
  AND stripe_id IN (SELECT id FROM own) ORDER BY 1"""
_MAY = """
SELECT has_table_privilege('o2c.forgotten', 'INSERT')
   AND bool_and(has_table_privilege(format('o2c.%%I', name), 'UPDATE'))
FROM unnest(%s::text[]) AS name"""
_STAYS = """
SELECT count(*) FROM o2c.audit
WHERE concat_ws(' ', why, before::text, after::text) ILIKE ANY(%(like)s)"""


class UnknownSubject(O2CError):
    """Nothing that is kept is about this customer or account."""


class SubjectInUse(O2CError):
    """Something is still to be written for the customer whose data are to be deleted."""


class SubjectLocked(O2CError):
    """Somebody else holds rows that are to be rewritten; nothing was done."""


@dataclass(frozen=True)
class Cleaned:
    """What one table holds, or held, of the person: how many rows, and what becomes of it."""

    table: str
    rows: int
    what: str
    becomes: str


@dataclass(frozen=True)
class Report:
    """What is found, or was done. `blocked` are documents (external id, state) that hold it up; `waiting` those that
    need `force`."""

    subject: Subject
    tables: tuple[Cleaned, ...]
    blocked: tuple[tuple[str, str], ...] = ()
    waiting: tuple[tuple[str, str], ...] = ()


def look(engine: Engine, subject: str, common: Iterable[str] = ()) -> Report:
    """What there is of a customer (`cus_…`) or account (`001…`), and what holds it up. Changes nothing.

    Raises UnknownSubject and PermissionDenied.
    """
    with raw_cursor(engine) as cursor:
        return _work(cursor, subject, common, dry=True)


def forget(engine: Engine, subject: str, reason: str, common: Iterable[str] = (), *, force: bool = False) -> Report:
    """Delete it, remember the ids, and tell the audit trail, all or nothing.

    Raises UnknownSubject, PermissionDenied, SubjectInUse (`force`: not for a customer who is still to be made, who then
    is made without a name) and SubjectLocked.
    """
    try:
        with raw_cursor(engine) as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_SECONDS}s'")
            _may(cursor)
            # First of all, so that nobody who stores such data has looked before and writes later.
            cursor.execute("LOCK TABLE o2c.forgotten IN ACCESS EXCLUSIVE MODE")
            report = _work(cursor, subject, common, dry=False)
            _refuse(report, subject, force=force)
            _remember(cursor, report.subject)
            _tell(cursor, subject, reason, report)
            return report
    except (LockNotAvailable, DeadlockDetected) as error:
        raise SubjectLocked(
            f"{subject} was not forgotten, as a run holds what is to be rewritten", "nothing was done: try again"
        ) from error


def _work(cursor: Cursor, subject: str, common: Iterable[str], *, dry: bool) -> Report:
    _may(cursor)
    if not forget_subject.is_known(cursor, subject):
        fix = "give the id as Stripe or Salesforce (18 characters) writes it; what was never read is not kept"
        raise UnknownSubject(f"nothing is kept of {subject}", fix)
    found = forget_subject.find(cursor, subject, common)
    held = tuple(_rows(cursor, _IN_HAND)), tuple(_rows(cursor, _TO_MAKE))
    tables = [Cleaned(part.table, _clean(cursor, part, found, dry=dry), part.what, part.becomes) for part in PARTS]
    tables += [
        Cleaned(table, rows, "Dagster's own log", "replaced") for table, rows in scrub_logs(cursor, found, dry=dry)
    ]
    tables.append(Cleaned("audit", _in_trail(cursor, found), "words of entries that are there", "stays: it is a chain"))
    return Report(found, tuple(each for each in tables if each.rows), *held)


def _rows(cursor: Cursor, statement: str) -> list[tuple[str, str]]:
    cursor.execute(sql(statement))
    return [(str(row[0]), str(row[1])) for row in cursor.fetchall()]


def _may(cursor: Cursor) -> None:
    cursor.execute(sql(_MAY), (sorted({part.table for part in PARTS}),))
    allowed: Any = cursor.fetchone()
    if not allowed[0]:
        fix = "run it as the login that does the work (a member of o2c_worker, docs/security.md)"
        raise PermissionDenied("this database login may not delete personal data", fix, system="postgresql")


def _refuse(report: Report, subject: str, *, force: bool) -> None:
    held = report.blocked or (() if force else report.waiting)
    if not held:
        return
    named = ", ".join(f"{key} ({state})" for key, state in held[:5]) + (", …" if len(held) > 5 else "")
    fix = "write or settle these first (o2c apply, o2c dead-letters)"
    if not report.blocked:
        fix += "; or --force: the customer is then made without a name, called by the id"
    raise SubjectInUse(f"{subject} cannot be forgotten yet: {named} is still to be written with these data", fix)


def _clean(cursor: Cursor, part: Part, subject: Subject, *, dry: bool) -> int:
    """Rewrite the rows of a part; how many differ from what they were."""
    given = {"ids": sorted(subject.external_ids), "netsuite": sorted(subject.netsuite), "like": _like(subject)}
    names, lock = ", ".join(part.columns), "" if dry else "FOR UPDATE"
    cursor.execute(sql(f"SELECT ctid::text, {names} FROM o2c.{part.table} WHERE {part.where} {lock}"), given)
    rewritten = [(row[0], list(row[1:]), list(part.rewrite(subject, row[1:]))) for row in cursor.fetchall()]
    changed = [(place, new) for place, old, new in rewritten if new != old]
    for place, new in () if dry else changed:
        _write(cursor, part, place, new)
    return len(changed)


def _write(cursor: Cursor, part: Part, place: str, row: list[Any]) -> None:
    kinds = dict(list(part.columns.items())[part.told :])
    sets = ", ".join(f"{name} = %({name})s::{kind}" for name, kind in kinds.items()) + part.also
    values = {name: _sql(kind, value) for (name, kind), value in zip(kinds.items(), row[part.told :], strict=True)}
    values |= {"place": place, **part.more(row)}
    cursor.execute(sql(f"UPDATE o2c.{part.table} SET {sets} WHERE ctid = %(place)s::tid"), values)


def _sql(kind: str, value: Any) -> Any:
    if kind not in ("json", "jsonb") or value is None:
        return value
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS, default=str).decode()


def _like(subject: Subject) -> list[str]:
    # As they are, and as JSON writes them.
    forms = {form for name in subject.words.names for form in (name, orjson.dumps(name).decode()[1:-1])}
    escaped = (form.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for form in forms)
    return [f"%{name}%" for name in sorted(escaped)]


def _in_trail(cursor: Cursor, subject: Subject) -> int:
    cursor.execute(sql(_STAYS), {"like": _like(subject)})
    found: Any = cursor.fetchone()
    return int(found[0])


def _remember(cursor: Cursor, subject: Subject) -> None:
    rows = [("stripe", key) for key in subject.stripe] + [("salesforce", key) for key in subject.salesforce]
    rows += [("netsuite", str(key)) for key in subject.netsuite]
    cursor.executemany("INSERT INTO o2c.forgotten (system, id) VALUES (%s, %s) ON CONFLICT DO NOTHING", sorted(rows))


def _tell(cursor: Cursor, subject: str, reason: str, report: Report) -> None:
    every = sorted(report.subject.external_ids | {str(key) for key in report.subject.netsuite})
    after = {"ids": every, "rows": {each.table: each.rows for each in report.tables if each.table != "audit"}}
    why = report.subject.words.out_of(reason, about=True) or ""
    stripe_id = subject if subject.startswith("cus_") else None
    audit.record(cursor, current(), "personal_data_deleted", subject, why, after=after, stripe_id=stripe_id)
