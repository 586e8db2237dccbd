"""What the planner reads, and where the newest plan is kept."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Engine

from o2c_orchestration.domain.documents import (
    ApplicationRow,
    Command,
    CustomerRow,
    InvoiceRow,
    KnownDocument,
    LineRow,
    PaymentRow,
    Plan,
    PlanLine,
    Refusal,
)
from o2c_orchestration.domain.keys import fold
from o2c_orchestration.store import audit
from o2c_orchestration.store.bulk import Cursor, sql, stage
from o2c_orchestration.store.database import raw_cursor

# A document exists for a Stripe object when the ledger shows it or the journal wrote it.
# The journal counts only until the mirror has seen the document: a later delete in NetSuite is a finding.
_UNWRITTEN = """
NOT EXISTS (SELECT FROM o2c.netsuite_documents d WHERE d.stripe_ref = {t}.id AND d.deleted_at IS NULL)
AND NOT EXISTS (SELECT FROM o2c.journal j WHERE j.stripe_id = {t}.id AND j.state = 'done')"""

_WINDOW = "{t}.created_at >= %(first)s::date AND {t}.created_at < %(last)s::date + 1"

_INVOICES = f"""
SELECT i.id, i.customer_id, i.number, i.currency, i.status, i.total_minor, i.tax_minor,
       i.amount_remaining_minor, i.issue_date, i.due_date, i.created_at, l.lines, i.shipping_minor
FROM o2c.invoices i JOIN o2c.invoice_lines l ON l.invoice_id = i.id
WHERE {_WINDOW.format(t="i")} AND i.status IN ('open', 'paid', 'uncollectible')
  AND {_UNWRITTEN.format(t="i")}
ORDER BY i.created_at, i.id"""

_PAYMENTS = f"""
SELECT p.id, p.customer_id, p.currency, p.amount_minor, p.payment_date, p.created_at,
       coalesce((SELECT json_agg(json_build_array(ip.invoice_id, ip.amount_minor)
                                 ORDER BY ip.created_at, ip.invoice_id)
                 FROM o2c.invoice_payments ip
                 WHERE ip.status = 'paid'
                   AND (ip.charge_id = p.id OR (ip.charge_id IS NULL AND ip.payment_intent = p.payment_intent))),
                '[]'::json)
FROM o2c.payments p
WHERE {_WINDOW.format(t="p")} AND p.status = 'succeeded'
  AND {_UNWRITTEN.format(t="p")}
ORDER BY p.created_at, p.id"""

_CUSTOMERS = """
SELECT c.id, c.name, c.email, c.created_at,
       coalesce((SELECT array_agg(DISTINCT i.currency) FROM o2c.invoices i WHERE i.customer_id = c.id), '{}'),
       c.deleted
FROM o2c.customers c
WHERE c.id = ANY(%(ids)s)
  AND NOT EXISTS (SELECT FROM o2c.netsuite_customers n
                  WHERE lower(n.external_id) = lower(c.id) AND n.external_id = c.id)
  AND NOT EXISTS (SELECT FROM o2c.journal j WHERE j.stripe_id = c.id AND j.state = 'done')
ORDER BY c.id"""

_DOCUMENTS = """
SELECT k.stripe_id, k.netsuite_id, d.currency, d.total_minor, d.remaining_minor
FROM (
    SELECT stripe_ref AS stripe_id, min(id) AS netsuite_id FROM o2c.netsuite_documents
    WHERE stripe_ref = ANY(%(ids)s) AND deleted_at IS NULL GROUP BY 1
    UNION ALL SELECT external_id, min(id) FROM o2c.netsuite_customers
    WHERE lower(external_id) = ANY(%(folded)s) AND external_id = ANY(%(ids)s) GROUP BY 1
    UNION ALL SELECT stripe_id, netsuite_id FROM o2c.journal WHERE stripe_id = ANY(%(ids)s) AND state = 'done'
) k LEFT JOIN o2c.netsuite_documents d ON d.id = k.netsuite_id"""

# Documents of other days that are about to be written.
_PLANNED = """
SELECT stripe_id FROM o2c.plan_entries WHERE outcome = 'write' AND stripe_id = ANY(%(ids)s)
UNION SELECT stripe_id FROM o2c.journal WHERE stripe_id = ANY(%(ids)s) AND state IN ('intent', 'sent', 'unknown')"""


# A customer's day may lie outside every window that is planned again: it goes when it exists or nothing needs it.
_FORGET_CUSTOMERS = """
DELETE FROM o2c.plan_entries c WHERE document = 'customer' AND outcome = 'write' AND (
    EXISTS (SELECT FROM o2c.netsuite_customers n WHERE n.external_id = c.stripe_id)
    OR EXISTS (SELECT FROM o2c.journal j WHERE j.stripe_id = c.stripe_id AND j.state = 'done')
    OR NOT EXISTS (SELECT FROM o2c.plan_entries d
                   WHERE d.customer_id = c.stripe_id AND d.document <> 'customer' AND d.outcome = 'write'))"""


@dataclass(frozen=True)
class PlanInput:
    """Everything the planner looks at for one span of days, read in one snapshot."""

    invoices: tuple[InvoiceRow, ...]
    payments: tuple[PaymentRow, ...]
    customers: tuple[CustomerRow, ...]
    known: dict[str, KnownDocument]
    planned: frozenset[str]


def plan_input(engine: Engine, first: date, last: date) -> PlanInput:
    """Objects created in [first, last] (UTC days) that have no document yet, and what they lean on."""
    with raw_cursor(engine) as cursor:
        window = {"first": first, "last": last}
        cursor.execute(sql(_INVOICES), window)
        # Row by row, so that the plain rows of a long backfill do not live beside what is made of them.
        invoices = tuple(_invoice(row) for row in cursor)
        cursor.execute(sql(_PAYMENTS), window)
        payments = tuple(_payment(row) for row in cursor)
        customer_ids = {key for key in [*(i.customer_id for i in invoices), *(p.customer_id for p in payments)] if key}
        cursor.execute(sql(_CUSTOMERS), {"ids": sorted(customer_ids)})
        customers = tuple(_customer(row) for row in cursor.fetchall())
        needed = customer_ids | {part.invoice_id for row in payments for part in row.applications}
        cursor.execute(sql(_DOCUMENTS), {"ids": sorted(needed), "folded": sorted(key.lower() for key in needed)})
        known = {str(row[0]): KnownDocument(str(row[1]), *row[2:]) for row in cursor.fetchall()}
        cursor.execute(sql(_PLANNED), {"ids": sorted(needed)})
        planned = frozenset(str(row[0]) for row in cursor.fetchall())
        return PlanInput(invoices, payments, customers, known, planned)


def _invoice(row: Any) -> InvoiceRow:
    lines, shipping = row[-2:]
    values: Any = (*row[:11], tuple(_line(line) for line in lines), shipping)
    return InvoiceRow(*values)


def _line(values: dict[str, Any]) -> LineRow:
    moments = {key: datetime.fromisoformat(values[key]) for key in ("period_start", "period_end") if values.get(key)}
    return LineRow(**{**values, **moments})


def _payment(row: Any) -> PaymentRow:
    applications = tuple(ApplicationRow(invoice, amount) for invoice, amount in row[-1])
    values: Any = (*row[:-1], applications)
    return PaymentRow(*values)


def _customer(row: Any) -> CustomerRow:
    identifier, name, email, created_at, currencies, deleted = row
    return CustomerRow(identifier, name, email, created_at, tuple(sorted(currencies)), deleted)


def save_plan(engine: Engine, plan: Plan, first: date, last: date) -> None:
    """Replace the plan of the days [first, last]; customers that other days need too stay planned."""
    with raw_cursor(engine) as cursor:
        # Two plans share customers: one at a time, or each waits for a customer that the other has put in.
        cursor.execute("LOCK TABLE o2c.plan_entries IN SHARE ROW EXCLUSIVE MODE")
        # What is no longer planned or refused must be looked at again, as what is.
        cursor.execute(
            """WITH gone AS (DELETE FROM o2c.plan_entries WHERE partition_date BETWEEN %s AND %s RETURNING stripe_id)
               INSERT INTO o2c.dirty (key) SELECT stripe_id FROM gone""",
            (first, last),
        )
        _insert_entries(cursor, plan)
        cursor.execute(sql(_FORGET_CUSTOMERS))
        audit.record_plan(cursor, first, last)


def _insert_entries(cursor: Cursor, plan: Plan) -> None:
    definition = "LIKE o2c.plan_entries INCLUDING DEFAULTS"
    entries = itertools.chain(map(_write_row, plan.commands), map(_refusal_row, plan.refusals))
    stage(cursor, "planned", definition, entries)
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


def read_plan(engine: Engine, first: date | None = None, last: date | None = None) -> Plan:
    """The newest plan, documents in the order they must be written.

    Of all days, or of [first, last] and with them the planned documents of other days that they lean on: an
    invoice's customer may have signed up years before.
    """
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT document, external_id, stripe_id, customer_id, currency, amount_minor, effective_date,
                      partition_date, outcome, command, code, reason, fix
               FROM o2c.plan_entries
               WHERE partition_date BETWEEN coalesce(%(first)s::date, '-infinity')
                                        AND coalesce(%(last)s::date, 'infinity')
                  OR external_id IN (
                     SELECT json_array_elements_text(command -> 'depends_on') FROM o2c.plan_entries
                     WHERE outcome = 'write' AND partition_date BETWEEN %(first)s AND %(last)s)
               ORDER BY array_position(ARRAY['customer', 'invoice', 'customerPayment'], document),
                        partition_date, external_id""",
            {"first": first, "last": last},
        )
        rows: Sequence[Any] = cursor.fetchall()
    commands = tuple(command_from(row[9]) for row in rows if row[8] == "write")
    refusals = tuple(Refusal(*row[:8], *row[10:13]) for row in rows if row[8] == "refused")
    return Plan(commands, refusals)


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
