"""Where the newest plan is kept."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Engine

from o2c_orchestration.domain.documents import DEAL_DOCUMENTS, DOCUMENT_ORDER, Command, Plan, PlanLine, Refusal
from o2c_orchestration.domain.keys import fold
from o2c_orchestration.store import audit, forgotten
from o2c_orchestration.store.bulk import Cursor, sql, stage
from o2c_orchestration.store.database import raw_cursor, reading_cursor

# A customer's day may lie outside every window that is planned again: it goes when it exists or nothing needs it.
_FORGET_CUSTOMERS = """
DELETE FROM o2c.plan_entries c WHERE document = 'customer' AND outcome = 'write' AND (
    EXISTS (SELECT FROM o2c.netsuite_customers n WHERE n.external_id = c.external_id)
    OR EXISTS (SELECT FROM o2c.journal j WHERE j.external_key = c.external_key AND j.state = 'done')
    OR EXISTS (SELECT FROM o2c.stripe_metadata m WHERE m.stripe_id = c.external_id AND m.name = 'netsuite_customer_id')
    OR NOT EXISTS (SELECT FROM o2c.plan_entries d
                   WHERE d.customer_id = c.stripe_id AND d.document <> 'customer' AND d.outcome = 'write'))"""

# Whose documents are booked under the common customer by now: they name him still, and wait for him no more.
_FORGET_UNNEEDED = """
DELETE FROM o2c.plan_entries c
WHERE document = 'customer' AND outcome = 'write' AND external_id IN (SELECT customer_id FROM planned)
  AND NOT EXISTS (SELECT FROM o2c.plan_entries d
                  WHERE d.customer_id = c.external_id AND d.document <> 'customer' AND d.outcome = 'write'
                    AND (d.document = 'salesOrder'
                         OR c.external_id IN (SELECT json_array_elements_text(d.command -> 'depends_on'))))"""

# A refusal has a key of its own (see _refusal_row): what an earlier plan said of the same document goes, whatever day
# that was kept under, or what is refused now would be written all the same.
_CONTRADICTED = """
DELETE FROM o2c.plan_entries e USING planned p
WHERE e.external_key = CASE p.outcome WHEN 'refused' THEN lower(p.external_id) ELSE p.external_id END
  AND e.external_id = p.external_id AND e.outcome <> p.outcome"""


_DEALS = """
SELECT document, external_id, stripe_id, customer_id, currency, amount_minor, effective_date,
       partition_date, outcome, command, code, reason, fix
FROM o2c.plan_entries e
WHERE document = ANY(%(deals)s) OR document = 'customer' AND EXISTS (
    SELECT FROM o2c.plan_entries d WHERE d.document = 'salesOrder' AND d.outcome = 'write'
      AND d.customer_id = e.external_id)
ORDER BY array_position(%(order)s::text[], document), partition_date, external_id"""


def save_plan(engine: Engine, plan: Plan, first: date, last: date) -> None:
    """Replace the plan of the days [first, last]; customers that other days need too stay planned."""
    with raw_cursor(engine) as cursor:
        plan = replace(plan, commands=tuple(forgotten.nameless(cursor, plan.commands)))
        # Two plans share customers: one at a time, or each waits for a customer that the other has put in.
        cursor.execute("LOCK TABLE o2c.plan_entries IN SHARE ROW EXCLUSIVE MODE")
        # What is no longer planned or refused must be looked at again, as what is.
        cursor.execute(
            """WITH gone AS (
                   DELETE FROM o2c.plan_entries e WHERE partition_date BETWEEN %(first)s AND %(last)s
                     AND NOT document = ANY(%(deals)s) AND NOT (document = 'customer' AND outcome = 'write' AND EXISTS (
                         SELECT FROM o2c.plan_entries d WHERE d.outcome = 'write' AND d.document <> 'customer'
                           AND d.customer_id = e.external_id AND (
                             d.document = 'salesOrder' OR NOT d.partition_date BETWEEN %(first)s AND %(last)s)))
                   RETURNING stripe_id)
               INSERT INTO o2c.dirty (key) SELECT stripe_id FROM gone""",
            {"first": first, "last": last, "deals": list(DEAL_DOCUMENTS)},
        )
        _insert_entries(cursor, plan)
        cursor.execute(sql(_FORGET_CUSTOMERS))
        cursor.execute(_FORGET_UNNEEDED)
        audit.record_plan(cursor, first, last)


def save_deals(engine: Engine, plan: Plan) -> None:
    """Replace the plan of all deals, whatever their days."""
    with raw_cursor(engine) as cursor:
        plan = replace(plan, commands=tuple(forgotten.nameless(cursor, plan.commands)))
        cursor.execute("LOCK TABLE o2c.plan_entries IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM o2c.plan_entries WHERE document = ANY(%s)", (list(DEAL_DOCUMENTS),))
        _insert_entries(cursor, plan)
        cursor.execute(sql(_FORGET_CUSTOMERS))


def _insert_entries(cursor: Cursor, plan: Plan) -> None:
    definition = "LIKE o2c.plan_entries INCLUDING DEFAULTS"
    entries = itertools.chain(map(_write_row, plan.commands), map(_refusal_row, plan.refusals))
    stage(cursor, "planned", definition, entries)
    cursor.execute(_CONTRADICTED)
    cursor.execute(
        """INSERT INTO o2c.plan_entries SELECT * FROM planned
           ON CONFLICT (external_key) DO UPDATE SET
             document = excluded.document, external_id = excluded.external_id, stripe_id = excluded.stripe_id,
             currency = excluded.currency, amount_minor = excluded.amount_minor, outcome = excluded.outcome,
             effective_date = excluded.effective_date, command = excluded.command, digest = excluded.digest,
             code = excluded.code, reason = excluded.reason, fix = excluded.fix, planned_at = excluded.planned_at"""
    )
    # A refusal is a gap of its own, so whoever looks at gaps must look at it again.
    cursor.execute("INSERT INTO o2c.dirty (key) SELECT stripe_id FROM planned")


def _write_row(command: Command) -> tuple[Any, ...]:
    body = orjson.dumps(command).decode()
    return (*_head(command), "write", body, command.digest, None, command.why, None, datetime.now().astimezone())


def _refusal_row(refusal: Refusal) -> tuple[Any, ...]:
    tail = (refusal.code, refusal.reason, refusal.fix, datetime.now().astimezone())
    # Two ids that differ in case only are refused both, and each keeps its row: hence the id unfolded.
    return (refusal.external_id, *_head(refusal)[1:], "refused", None, None, *tail)


def _head(entry: Command | Refusal) -> tuple[Any, ...]:
    return (
        fold(entry.external_id),
        entry.document,
        entry.external_id,
        entry.stripe_id,
        entry.customer_id,
        entry.currency,
        entry.amount_minor,
        entry.effective_date,
        entry.partition,
    )


_ENTRIES = """
SELECT document, external_id, stripe_id, customer_id, currency, amount_minor, effective_date, partition_date, outcome,
       command, code, reason, fix
FROM o2c.plan_entries WHERE """


def read_plan(engine: Engine, first: date | None = None, last: date | None = None) -> Plan:
    """The newest plan, documents in the order they must be written.

    Of all days, or of [first, last] and with them the planned documents of other days that they lean on: an
    invoice's customer may have signed up years before.
    """
    days = {"first": first or date.min, "last": last or date.max}
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_ENTRIES + "partition_date BETWEEN %(first)s AND %(last)s"), days)
        rows: list[Any] = list(cursor.fetchall())
        # By their keys: the plan of all days may be long, and what follows changes asks for a few of them every second.
        found = {fold(row[1]) for row in rows}
        needed = {fold(key) for row in rows if row[8] == "write" for key in row[9]["depends_on"]} - found
        cursor.execute(sql(_ENTRIES + "external_key = ANY(%(keys)s)"), {"keys": sorted(needed)})
        rows += cursor.fetchall()
    return _plan(_in_order(rows))


_EACH = f"""{_ENTRIES} outcome = %(outcome)s
ORDER BY array_position(%(order)s::text[], document), partition_date, external_id COLLATE "C\""""


def each_planned(engine: Engine) -> Iterator[Command]:
    """What `read_plan` tells to write, in the same order, without holding it: a first plan has all that ever was."""
    with reading_cursor(engine) as cursor:
        for row in cursor.stream(sql(_EACH), {"outcome": "write", "order": list(DOCUMENT_ORDER)}):
            yield command_from(row[9])


def each_refusal(engine: Engine) -> Iterator[Refusal]:
    """What it refuses, likewise."""
    with reading_cursor(engine) as cursor:
        for row in cursor.stream(sql(_EACH), {"outcome": "refused", "order": list(DOCUMENT_ORDER)}):
            yield _refusal(row)


_COUNT = """
SELECT count(*) FROM o2c.plan_entries WHERE outcome = 'write' AND partition_date BETWEEN %(first)s AND %(last)s"""
_NEXT = f"""{_ENTRIES} outcome = 'write' AND partition_date BETWEEN %(first)s AND %(last)s
  AND (partition_date, external_key) > (%(day)s, %(key)s)
ORDER BY partition_date, external_key LIMIT %(limit)s"""
_LEANED_ON = f"""{_ENTRIES} outcome = 'write' AND external_key = ANY(%(keys)s)
  AND NOT partition_date BETWEEN %(first)s AND %(last)s"""


def count_planned(engine: Engine, first: date | None = None, last: date | None = None) -> int:
    """How many documents are to be written for these days."""
    with raw_cursor(engine) as cursor:
        cursor.execute(_COUNT, {"first": first or date.min, "last": last or date.max})
        row = cursor.fetchone()
        return int(row[0]) if row else 0


def batches(
    engine: Engine, first: date | None = None, last: date | None = None, limit: int = 5000
) -> Iterator[list[Command]]:
    """What `read_plan` tells to write, oldest days first and `limit` documents at a time, each batch in the order in
    which it must be written; what other days bring along comes with the batch that leans on it.
    """
    given: dict[str, Any] = {"first": first or date.min, "last": last or date.max, "limit": limit}
    at: dict[str, Any] = {"day": date.min, "key": ""}
    brought = set[str]()
    while True:
        with raw_cursor(engine) as cursor:
            cursor.execute(sql(_NEXT), {**given, **at})
            rows: list[Any] = list(cursor.fetchall())
            if not rows:
                return
            at = {"day": rows[-1][7], "key": fold(rows[-1][1])}
            needed = {fold(key) for row in rows for key in row[9]["depends_on"]} - brought
            cursor.execute(sql(_LEANED_ON), {**given, "keys": sorted(needed)})
            others = cursor.fetchall()
        brought |= {fold(row[1]) for row in others}
        yield list(_plan(_in_order([*rows, *others])).commands)


def _in_order(rows: Iterable[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: (DOCUMENT_ORDER.index(row[0]), row[7], row[1]))


def _plan(rows: Sequence[Any]) -> Plan:
    commands = tuple(command_from(row[9]) for row in rows if row[8] == "write")
    return Plan(commands, tuple(_refusal(row) for row in rows if row[8] == "refused"))


def _refusal(row: Sequence[Any]) -> Refusal:
    return Refusal(*row[:8], *row[10:13])


def command_from(values: dict[str, Any]) -> Command:
    """A command from its JSON form."""
    return Command(
        **{
            **values,
            "effective_date": date.fromisoformat(values["effective_date"]),
            "partition": date.fromisoformat(values["partition"]),
            "depends_on": tuple(values["depends_on"]),
            "lines": tuple(PlanLine(**line) for line in values["lines"]),
        }
    )


def read_deal_plan(engine: Engine) -> Plan:
    """The newest plan of all deals, with the customers that they lean on, in the order they must be written."""
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_DEALS), {"deals": list(DEAL_DOCUMENTS), "order": list(DOCUMENT_ORDER)})
        return _plan(cursor.fetchall())


def customer_names(engine: Engine) -> dict[str, str]:
    """Names of the customers of the newest plan, by Stripe id, for a person who reads it."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT id, coalesce(name, email) FROM o2c.customers WHERE coalesce(name, email) IS NOT NULL
               AND id IN (SELECT customer_id FROM o2c.plan_entries WHERE customer_id IS NOT NULL)"""
        )
        return {str(row[0]): str(row[1]) for row in cursor.fetchall()}
