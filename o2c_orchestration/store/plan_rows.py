"""What the planner reads: the rows of a span of days, what they lean on, and what NetSuite holds already."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, LiteralString

from sqlalchemy import Engine

from o2c_orchestration.domain import keys
from o2c_orchestration.domain.documents import (
    ApplicationRow,
    ChargeHistory,
    CreditedRow,
    CreditNoteRow,
    CustomerRow,
    DisputeRow,
    InvoiceRow,
    KnownDocument,
    LineRow,
    PaymentRow,
    RefundRow,
    Rows,
)
from o2c_orchestration.domain.policy import Customers
from o2c_orchestration.domain.policy_books import Books
from o2c_orchestration.domain.policy_mapping import Mappings
from o2c_orchestration.store import subsidiaries
from o2c_orchestration.store.adjustments import read_adjustments
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.contacts import with_contacts
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.differences import read_differences
from o2c_orchestration.store.directives import read_directives
from o2c_orchestration.store.mapped import read_sources
from o2c_orchestration.store.metadata import common_customer
from o2c_orchestration.store.namesakes import NAMESAKES
from o2c_orchestration.store.off_stripe import read_off_stripe
from o2c_orchestration.store.periods import read_periods
from o2c_orchestration.store.plan_keys import leaned_on, needed_keys, shadowed
from o2c_orchestration.store.plan_payouts import read_payouts, read_residuals
from o2c_orchestration.store.unsettled import departed
from o2c_orchestration.store.unwritten import UNWRITTEN

# Without an account all of them are meant.
_WINDOW = """{t}.created_at >= %(first)s::date AND {t}.created_at < %(last)s::date + 1
  AND (%(account)s::text IS NULL OR o2c.account_of({t}.id) = %(account)s)"""

_INVOICE = """
SELECT i.id, i.customer_id, i.number, i.currency, i.status, i.total_minor, i.tax_minor,
       i.amount_remaining_minor, i.issue_date, i.due_date, i.created_at, l.lines, i.shipping_minor,
       i.closed_date, i.paid_date, i.balance_minor, i.overpaid_minor
FROM o2c.invoices i JOIN o2c.invoice_lines l ON l.invoice_id = i.id"""

_INVOICES = f"""{_INVOICE}
WHERE {_WINDOW.format(t="i")} AND i.status IN ('open', 'paid', 'uncollectible')
  AND {UNWRITTEN.format(t="i")}
ORDER BY i.created_at, i.id"""

_CLOSED = f"""{_INVOICE}
WHERE {_WINDOW.format(t="i")} AND i.closed_date IS NOT NULL ORDER BY i.created_at, i.id"""

# Charges that pay an invoice, oldest first.
_BALANCED = f"""
SELECT b.*, coalesce((SELECT array_agg(p.id ORDER BY ip.created_at, ip.id) FROM o2c.invoice_payments ip
                      JOIN o2c.payments p ON p.status = 'succeeded'
                           AND (p.id = ip.charge_id OR ip.charge_id IS NULL AND p.payment_intent = ip.payment_intent)
                      WHERE ip.invoice_id = b.id AND ip.status = 'paid' AND b.overpaid_minor > 0), '{{}}')
FROM ({_INVOICE} WHERE {_WINDOW.format(t="i")} AND (i.balance_minor <> 0 OR i.overpaid_minor <> 0)) b
ORDER BY b.created_at, b.id"""

# Of what a payment gives an invoice, the first part collects what the customer owed on the balance, whichever payment
# comes first; what was overpaid came with the last one.
_PAYMENT = """
SELECT p.id, p.customer_id, p.currency, p.amount_minor, p.payment_date, p.created_at,
       coalesce((SELECT json_agg(json_build_array(ip.invoice_id, ip.amount_minor,
                                     CASE WHEN i.total_minor >= 0 THEN
                                          greatest(least(-i.balance_minor - b.earlier, ip.amount_minor), 0) ELSE 0 END,
                                     CASE WHEN b.later THEN 0 ELSE coalesce(i.overpaid_minor, 0) END)
                                 ORDER BY ip.created_at, ip.invoice_id)
                 FROM o2c.invoice_payments ip
                 LEFT JOIN o2c.invoices i ON i.id = ip.invoice_id AND (i.balance_minor < 0 OR i.overpaid_minor > 0)
                 LEFT JOIN LATERAL (
                     SELECT coalesce(sum(o.amount_minor) FILTER (
                                WHERE (o.created_at, o.id) < (ip.created_at, ip.id)), 0)::bigint AS earlier,
                            bool_or((o.created_at, o.id) > (ip.created_at, ip.id)) AS later
                     FROM o2c.invoice_payments o WHERE o.invoice_id = i.id AND o.status = 'paid') b ON i.id IS NOT NULL
                 WHERE ip.status = 'paid'
                   AND (ip.charge_id = p.id OR (ip.charge_id IS NULL AND ip.payment_intent = p.payment_intent))),
                '[]'::json),
       p.payment_intent IS NULL OR EXISTS (
           SELECT FROM o2c.stripe_absent a WHERE a.id = p.payment_intent AND a.looked_up_at > p.validated_at)
FROM o2c.payments p"""

_PAYMENTS = f"""{_PAYMENT}
WHERE {_WINDOW.format(t="p")} AND p.status = 'succeeded'
  AND {UNWRITTEN.format(t="p")}
ORDER BY p.created_at, p.id"""

# Those that went to a balance come also if their memo is there: what they brought to the balance may not be.
_CREDIT_NOTES = f"""
SELECT c.id, c.invoice_id, c.customer_id, c.currency, c.status, c.total_minor, c.tax_minor, c.pre_payment_minor,
       c.issue_date, c.created_at, c.lines, c.shipping_minor, c.refunds,
       EXISTS (SELECT FROM o2c.invoices i WHERE i.id = c.invoice_id AND i.status = 'void'),
       c.balance_minor, (SELECT l.lines FROM o2c.invoice_lines l WHERE l.invoice_id = c.invoice_id)
FROM o2c.credit_notes c
WHERE {_WINDOW.format(t="c")} AND c.status = 'issued' AND (c.balance_minor > 0 OR {UNWRITTEN.format(t="c")})
ORDER BY c.created_at, c.id"""

# Charges of which something was taken back in these days, whatever is written of it already.
_REVERSED = f"""
SELECT r.charge_id FROM o2c.refunds r WHERE {_WINDOW.format(t="r")} AND r.balance_transaction IS NOT NULL
UNION SELECT d.charge_id FROM o2c.disputes d WHERE {_WINDOW.format(t="d")} AND d.withdrawn_date IS NOT NULL"""

_REVERSED_PAYMENTS = f"{_PAYMENT} WHERE p.id = ANY(%(ids)s) AND p.status = 'succeeded' ORDER BY p.created_at, p.id"

# Invoices that nothing but money was taken back of.
_UNCREDITED = f"""{_INVOICE}
WHERE i.id = ANY(%(ids)s) AND i.status = 'paid' AND i.closed_date IS NULL
  AND NOT EXISTS (SELECT FROM o2c.credit_notes c WHERE c.invoice_id = i.id AND c.status = 'issued')"""

# A refund is paid out of the credit notes of its charge's invoices that name it.
_REFUNDS = """
SELECT r.id, r.charge_id, r.currency, r.amount_minor, r.refund_date, r.created_at, t.booked_date,
       coalesce((SELECT json_agg(json_build_array(c.id, part.value -> 1) ORDER BY c.created_at, c.id)
                 FROM o2c.credit_notes c CROSS JOIN LATERAL json_array_elements(c.refunds) part
                 WHERE c.status = 'issued' AND part.value ->> 0 = r.id AND c.invoice_id IN (
                     SELECT ip.invoice_id FROM o2c.payments p
                     JOIN o2c.invoice_payments ip ON ip.payment_intent = p.payment_intent OR ip.charge_id = p.id
                     WHERE p.id = r.charge_id)), '[]'::json)
FROM o2c.refunds r LEFT JOIN o2c.balance_transactions t ON t.id = r.failure_transaction
WHERE r.charge_id = ANY(%(ids)s) AND r.balance_transaction IS NOT NULL ORDER BY r.created_at, r.id"""

_DISPUTES = """
SELECT d.id, d.charge_id, d.currency, d.amount_minor, d.status, d.withdrawn_date, d.created_at, d.reinstated_date,
       d.partly_reinstated, d.reinstated_minor
FROM o2c.disputes d
WHERE d.charge_id = ANY(%(ids)s) AND d.withdrawn_date IS NOT NULL ORDER BY d.created_at, d.id"""

_CUSTOMER = f"""
SELECT c.id, c.name, c.email, c.created_at,
       coalesce((SELECT array_agg(DISTINCT i.currency) FROM (
           SELECT currency FROM o2c.invoices WHERE customer_id = c.id
           UNION ALL SELECT currency FROM o2c.payments WHERE customer_id = c.id) i), '{{}}'),
       c.deleted, {NAMESAKES.format(name="c.name")}
FROM o2c.customers c"""

# Metadata that names a NetSuite customer says which one it is, and no other will do.
_NAMED = "SELECT FROM o2c.stripe_metadata m WHERE m.stripe_id = {id} AND m.name = 'netsuite_customer_id'"
_CUSTOMERS = f"""{_CUSTOMER}
WHERE c.id = ANY(%(ids)s)
  AND NOT EXISTS (SELECT FROM o2c.netsuite_customers n
                  WHERE lower(n.external_id) = lower(c.id) AND n.external_id = c.id)
  AND NOT EXISTS (SELECT FROM o2c.journal j WHERE j.external_key = lower(c.id) AND j.external_id = c.id
                  AND j.state = 'done')
  AND NOT EXISTS ({_NAMED.format(id="c.id")})
UNION ALL {_CUSTOMER} JOIN o2c.stripe_metadata m ON m.stripe_id = c.id AND m.name = 'netsuite_customer_id'
WHERE c.id = ANY(%(ids)s) AND NOT EXISTS (SELECT FROM o2c.netsuite_customers n WHERE n.id = m.netsuite_id)
ORDER BY 1"""

_ALL_CUSTOMERS = f"{_CUSTOMER} WHERE c.id = ANY(%(ids)s) ORDER BY 1"

# What exists under these external ids.
_KNOWN = f"""
SELECT k.key, k.netsuite_id, d.currency, d.total_minor, d.remaining_minor,
       coalesce(t.stripe_ref, 'ns:' || p.deposit_id), coalesce(strange.amount, 0)
FROM (
    SELECT stripe_ref AS key, min(id) AS netsuite_id FROM o2c.netsuite_documents
    WHERE stripe_ref = ANY(%(ids)s) AND deleted_at IS NULL GROUP BY 1
    UNION ALL SELECT external_id, min(id) FROM o2c.netsuite_customers
    WHERE lower(external_id) = ANY(%(folded)s) AND external_id = ANY(%(ids)s)
      AND NOT EXISTS ({_NAMED.format(id="external_id")}) GROUP BY 1
    UNION ALL SELECT m.stripe_id, c.id FROM o2c.stripe_metadata m JOIN o2c.netsuite_customers c ON c.id = m.netsuite_id
    WHERE m.stripe_id = ANY(%(ids)s) AND m.name = 'netsuite_customer_id'
    UNION ALL SELECT external_id, netsuite_id FROM o2c.journal
    WHERE external_key = ANY(%(folded)s) AND external_id = ANY(%(ids)s) AND state = 'done'
      AND NOT EXISTS ({_NAMED.format(id="external_id")})
) k LEFT JOIN o2c.netsuite_documents d ON d.id = k.netsuite_id
LEFT JOIN o2c.netsuite_deposited p ON p.document_id = k.netsuite_id
LEFT JOIN o2c.netsuite_documents t ON t.id = p.deposit_id
LEFT JOIN LATERAL (
    SELECT sum(a.amount_minor)::bigint AS amount FROM o2c.netsuite_applications a
    JOIN o2c.netsuite_documents m ON m.id = a.payment_id
    WHERE a.invoice_id = d.id AND m.document = 'creditMemo' AND m.stripe_ref IS NULL AND m.deleted_at IS NULL
      AND NOT m.voided) strange ON d.document = 'invoice'"""

# There are few: those that something of the books points to.
_OLDER = """
SELECT id FROM o2c.invoices WHERE created_at < %(cut_over)s AND id = ANY(%(ids)s)
UNION ALL SELECT id FROM o2c.payments WHERE created_at < %(cut_over)s AND id = ANY(%(ids)s)"""

# Documents of other days that are about to be written; those of these days are about to be planned anew.
_PLANNED = """
SELECT external_id FROM o2c.plan_entries
WHERE outcome = 'write' AND external_key = ANY(%(folded)s) AND external_id = ANY(%(ids)s)
  AND NOT partition_date BETWEEN %(first)s AND %(last)s
  AND (%(account)s::text IS NULL OR o2c.account_of(o2c.stripe_id_of(external_id)) = %(account)s)
UNION SELECT external_id FROM o2c.journal
WHERE external_key = ANY(%(folded)s) AND external_id = ANY(%(ids)s) AND state IN ('intent', 'sent', 'unknown')
  AND (%(account)s::text IS NULL OR o2c.account_of(o2c.stripe_id_of(external_id)) = %(account)s)"""

# Documents that wait for a person. Planned anew they may be, sent they are not. A refusal's key is its id unfolded;
# one that NetSuite holds by now was entered since.
_REFUSED = """
SELECT external_id FROM o2c.plan_entries
WHERE outcome = 'refused' AND external_key = ANY(%(ids)s) AND NOT external_id = ANY(%(known)s)
  AND NOT partition_date BETWEEN %(first)s AND %(last)s
UNION SELECT external_id FROM o2c.journal
WHERE external_key = ANY(%(folded)s) AND external_id = ANY(%(ids)s) AND state IN ('refused', 'dead', 'dropped')"""


@dataclass(frozen=True)
class PlanInput:
    """Everything the planner looks at for one span of days, read in one snapshot.

    `leans_on`: Stripe ids of objects of other days whose documents decide what is planned.
    """

    rows: Rows
    known: dict[str, KnownDocument]
    planned: frozenset[str]
    refused: frozenset[str]
    leans_on: frozenset[str] = frozenset()


_CUSTOMERS_OF_ALL = Customers()
_NOTHING_MAPPED = Mappings()
_BOOKS = Books()


def plan_input(
    engine: Engine,
    first: date,
    last: date,
    suspense: str,
    customers: Customers = _CUSTOMERS_OF_ALL,
    *,
    price_metadata: bool = True,
    account: str | None = None,
    subsidiary: str | None = None,
    mapping: Mappings = _NOTHING_MAPPED,
    shadow: bool = False,
    look_alike_days: int | None = None,
    tolerates: bool = False,
    books: Books = _BOOKS,
) -> PlanInput:
    """Objects created in [first, last] (UTC days) that have no document yet, and what they lean on.

    `suspense` is the account, by name or internal id, on which deposits keep what no document explained; `customers`
    tells whether documents are booked under a customer that they have in common, `price_metadata` whether what prices
    name as items counts, `account` is the Stripe account whose objects are planned (None: all of them), `subsidiary`
    its own, by name or internal id, `mapping` what reads metadata and customers. `shadow`: as if nothing of these days
    was written yet, and all of others was. `look_alike_days`: how near a document must lie that may be an object's own.
    `tolerates`: whether deposits may book differences of documents, so that what others took of the budget is needed.
    `books` tell from when on objects are theirs, and in which currencies an opening balance is declared.
    """
    with raw_cursor(engine) as cursor:
        window = {"first": first, "last": last, "account": account}
        rows = _rows(cursor, window, suspense, books, shadow=shadow)
        common = common_customer(cursor, customers.common)
        directives = read_directives(
            cursor, rows, customers, common, prices=price_metadata, look_alike_days=look_alike_days
        )
        people = with_contacts(cursor, rows.customers, customers.details)
        rows = replace(rows, customers=people, directives=directives, sources=read_sources(cursor, rows, mapping))
        external_ids = sorted(needed_keys(rows))
        asked = {"ids": external_ids, "folded": sorted({key.lower() for key in external_ids}), **window}
        cursor.execute(sql(_OLDER), {"ids": external_ids, "cut_over": books.cut_over})
        rows = replace(rows, older=frozenset(str(row[0]) for row in cursor.fetchall()))
        cursor.execute(sql(_KNOWN), asked)
        known = {str(row[0]): KnownDocument(str(row[1]), *row[2:]) for row in cursor.fetchall()}
        rows = replace(rows, departed={} if shadow else departed(cursor, external_ids))
        if tolerates and not shadow:
            payouts = (*rows.payouts, *(residual.payout for residual in rows.residuals))
            rows = replace(rows, differences=read_differences(cursor, payouts))
        known = shadowed(rows, known, external_ids) if shadow else known
        if common is not None and customers.common is not None:
            known[keys.common_customer_key(customers.common)] = KnownDocument(str(common))
        if account is not None:
            own = subsidiaries.internal_id(cursor, subsidiary)
            known = subsidiaries.told(cursor, known, account, own)
            rows = replace(rows, subsidiary=own)
        if shadow:
            return PlanInput(rows, known, frozenset(), frozenset())
        planned, refused = (_keys(cursor, each, {**asked, "known": [*known]}) for each in (_PLANNED, _REFUSED))
        return PlanInput(rows, known, planned, refused, leaned_on(rows, external_ids))


def _keys(cursor: Cursor, statement: str, asked: dict[str, Any]) -> frozenset[str]:
    cursor.execute(sql(statement), asked)
    return frozenset(str(row[0]) for row in cursor.fetchall())


def _rows(cursor: Cursor, window: dict[str, Any], suspense: str, books: Books, *, shadow: bool) -> Rows:
    # Row by row, so that the plain rows of a long backfill do not live beside what is made of them.
    cursor.execute(_whatever_is_written(_INVOICES, "i", shadow), window)
    invoices = tuple(_invoice(row) for row in cursor)
    cursor.execute(_whatever_is_written(_PAYMENTS, "p", shadow), window)
    payments = tuple(_payment(row) for row in cursor)
    cursor.execute(sql(_CLOSED), window)
    closed = tuple(_invoice(row) for row in cursor)
    cursor.execute(sql(_BALANCED), window)
    balanced = tuple(_balanced(row) for row in cursor)
    cursor.execute(_whatever_is_written(_CREDIT_NOTES, "c", shadow), window)
    noted: Sequence[Any] = cursor.fetchall()
    histories = _histories(cursor, window)
    outside, adjustments = read_off_stripe(cursor, window), read_adjustments(cursor, window)
    credit_notes = tuple(_credit_note(row) for row in noted)
    payers = [item.customer_id for item in (*invoices, *closed)] + [item.customer_id for item in payments]
    payers += [item.customer_id for item in balanced] + [item.customer_id for item in credit_notes]
    payers += [item.customer_id for item in outside] + [item.customer_id for item in adjustments]
    payers += [history.payment.customer_id for history in histories]
    cursor.execute(sql(_ALL_CUSTOMERS if shadow else _CUSTOMERS), {"ids": sorted({key for key in payers if key})})
    customers = tuple(_customer(row) for row in cursor.fetchall())
    lines = {line["id"]: _line(line) for row in noted for line in row[-1] or []}
    return Rows(
        customers=customers,
        invoices=invoices,
        payments=payments,
        closed=closed,
        credit_notes=credit_notes,
        invoice_lines=lines,
        histories=histories,
        payouts=read_payouts(cursor, window, books, shadow=shadow),
        residuals=() if shadow else read_residuals(cursor, window, suspense),
        balanced=balanced,
        adjustments=adjustments,
        periods=read_periods(cursor),
        off_stripe=outside,
    )


def _whatever_is_written(statement: str, table: str, shadow: bool) -> LiteralString:
    return sql(statement.replace(UNWRITTEN.format(t=table), "true") if shadow else statement)


def _histories(cursor: Cursor, window: dict[str, Any]) -> tuple[ChargeHistory, ...]:
    cursor.execute(sql(_REVERSED), window)
    charges = {"ids": sorted(str(row[0]) for row in cursor.fetchall())}
    cursor.execute(sql(_REFUNDS), charges)
    refunds = [_refund(row) for row in cursor.fetchall()]
    cursor.execute(sql(_DISPUTES), charges)
    disputes = [DisputeRow(*row) for row in cursor.fetchall()]
    cursor.execute(sql(_REVERSED_PAYMENTS), charges)
    payments = [_payment(row) for row in cursor.fetchall()]
    paid = {row.id: row.applications[0].invoice_id for row in payments if len(row.applications) == 1}
    cursor.execute(sql(_UNCREDITED), {"ids": sorted(set(paid.values()))})
    invoices = {row[0]: _invoice(row) for row in cursor.fetchall()}
    return tuple(
        ChargeHistory(
            payment,
            tuple(row for row in refunds if row.charge_id == payment.id),
            tuple(row for row in disputes if row.charge_id == payment.id),
            invoices.get(paid.get(payment.id, "")),
        )
        for payment in payments
    )


def _invoice(row: Any) -> InvoiceRow:
    lines, *rest = row[11:]
    values: Any = (*row[:11], tuple(_line(line) for line in lines), *rest)
    return InvoiceRow(*values)


def _balanced(row: Any) -> InvoiceRow:
    return replace(_invoice(row[:-1]), payers=tuple(row[-1]))


def _line(values: dict[str, Any]) -> LineRow:
    moments = {key: datetime.fromisoformat(values[key]) for key in ("period_start", "period_end") if values.get(key)}
    discounts = tuple((str(name), int(amount)) for name, amount in values.get("discounts", ()))
    return LineRow(**{**values, **moments, "discounts": discounts})


def _payment(row: Any) -> PaymentRow:
    applications = tuple(ApplicationRow(*part) for part in row[6])
    values: Any = (*row[:6], applications, row[7])
    return PaymentRow(*values)


def _credit_note(row: Any) -> CreditNoteRow:
    lines, refunds = tuple(_line(line) for line in row[10]), tuple(refund for refund, _ in row[12])
    values: Any = (*row[:10], lines, row[11], refunds, row[13], row[14])
    return CreditNoteRow(*values)


def _refund(row: Any) -> RefundRow:
    credited = tuple(CreditedRow(note, amount) for note, amount in row[7])
    values: Any = (*row[:7], credited)
    return RefundRow(*values)


def _customer(row: Any) -> CustomerRow:
    identifier, name, email, created_at, currencies, deleted, namesakes = row
    return CustomerRow(identifier, name, email, created_at, tuple(sorted(currencies)), deleted, tuple(namesakes))
