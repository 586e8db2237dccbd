"""Gaps with a life of their own: named from what differs, kept under a stable id, open until they are gone."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.documents import DEAL_DOCUMENTS
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.comparison import compare, take_scope
from o2c_orchestration.store.database import raw_cursor, reading_cursor
from o2c_orchestration.store.gone import gone
from o2c_orchestration.store.ledger import link_by_number
from o2c_orchestration.store.metadata import adopt_named
from o2c_orchestration.store.movement_gaps import name_movements
from o2c_orchestration.store.older import note_older, note_older_of_scope
from o2c_orchestration.store.openings import declare, name_openings
from o2c_orchestration.store.subsidiaries import name_misplaced

_FOUND = """
CREATE TEMPORARY TABLE found (
    kind text, stripe_id text, netsuite_id text, customer text, currency text,
    expected_minor bigint, actual_minor bigint, effective_date date, reason text,
    leg text DEFAULT 'stripe_netsuite') ON COMMIT DROP"""

# What was refused, by NetSuite (journal) or by the planner before it was sent. The journal knows better. Deals have
# legs of their own.
_REFUSED = """
CREATE TEMPORARY TABLE refused ON COMMIT DROP AS
SELECT DISTINCT ON (external_id) * FROM (
    SELECT external_id, stripe_id, document, customer_id, currency, amount_minor, effective_date, 'netsuite' AS said_by,
           error_code AS code, CASE WHEN state <> 'dropped' THEN error_detail
               ELSE concat('dropped by ', decided_by, ' on ', to_char(decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'),
                           ': ', rtrim(decision, '.'), '. NetSuite had said: ' || error_detail) END AS reason,
           CASE WHEN state <> 'dropped' THEN fix END AS fix, 1 AS place
    FROM o2c.journal WHERE state IN ('refused', 'dead', 'dropped') AND NOT document = ANY(%(deals)s)
    UNION ALL
    SELECT external_id, stripe_id, document, customer_id, currency, amount_minor, effective_date, 'planner',
           code, reason, fix, 2 FROM o2c.plan_entries WHERE outcome = 'refused' AND NOT document = ANY(%(deals)s)
) every {scoped} ORDER BY external_id, place"""

# A document that cannot be written is one gap, sync_failed, not also a missing one.
_INVOICES = f"""
INSERT INTO found
SELECT CASE WHEN r.stripe_id IS NULL THEN 'missing_in_netsuite' ELSE 'sync_failed' END,
       i.stripe_id, NULL, i.customer_id, i.currency, i.total_minor, 0, i.issue_date,
       CASE WHEN r.stripe_id IS NULL
            THEN 'Stripe invoice ' || coalesce(v.number, v.id) || ' has no NetSuite document'
                 || coalesce({gone("i.stripe_id", "'invoice'")}, '')
            ELSE rtrim(r.reason, '.') || coalesce('. To do: ' || r.fix, '') END
FROM invoice_pairs i JOIN o2c.invoices v ON v.id = i.stripe_id LEFT JOIN refused r ON r.external_id = i.stripe_id
WHERE i.netsuite_id IS NULL
UNION ALL
SELECT 'currency_mismatch', stripe_id, netsuite_id::text, customer_id, currency, total_minor, NULL, issue_date,
       'billed in ' || upper(currency) || ', booked in ' || upper(ns_currency)
FROM invoice_pairs WHERE netsuite_id IS NOT NULL AND status NOT IN ('void', 'draft') AND ns_currency <> currency
UNION ALL
SELECT 'amount_mismatch', stripe_id, netsuite_id::text, customer_id, currency, total_minor, ns_total, issue_date,
       'total differs, and not by tax alone'
FROM invoice_pairs WHERE status NOT IN ('void', 'draft') AND ns_currency = currency
     AND ns_total <> total_minor AND ns_total - ns_tax <> total_minor - tax_minor
UNION ALL
SELECT 'tax_mismatch', stripe_id, netsuite_id::text, customer_id, currency, tax_minor, ns_tax, issue_date,
       CASE WHEN ns_total = total_minor THEN 'the same total, split differently into net and tax'
            ELSE 'net agrees, tax differs' END
FROM invoice_pairs WHERE status NOT IN ('void', 'draft') AND ns_currency = currency AND ns_tax <> tax_minor
     AND (ns_total = total_minor OR ns_total - ns_tax = total_minor - tax_minor)
UNION ALL
SELECT 'customer_mismatch', stripe_id, netsuite_id::text, customer_id, currency, total_minor, ns_total, issue_date,
       'booked under ' || coalesce('the customer of ' || ns_customer, 'a customer without a Stripe id')
FROM invoice_pairs WHERE netsuite_id IS NOT NULL AND status NOT IN ('void', 'draft') AND strange
UNION ALL
SELECT 'period_mismatch', stripe_id, netsuite_id::text, customer_id, currency, total_minor, ns_total, issue_date,
       'issued in ' || to_char(issue_date, 'YYYY-MM') || ', booked in ' || to_char(ns_date, 'YYYY-MM')
FROM invoice_pairs WHERE netsuite_id IS NOT NULL AND status NOT IN ('void', 'draft')
     AND date_trunc('month', ns_date) <> date_trunc('month', issue_date)
     AND NOT EXISTS (SELECT FROM o2c.moved_documents m WHERE m.id = netsuite_id AND m.original_date = issue_date)"""

_EXTRAS = """
INSERT INTO found
SELECT CASE e.document WHEN 'customerPayment' THEN 'paid_twice' ELSE 'duplicate_in_netsuite' END,
       o2c.stripe_id_of(e.stripe_ref), e.id::text, c.external_id, e.currency, 0, e.total_minor, e.trandate,
       CASE e.document WHEN 'invoice' THEN 'a second NetSuite invoice for one Stripe invoice'
                       WHEN 'customerPayment' THEN 'a second NetSuite payment for one Stripe charge'
                       ELSE 'a second NetSuite ' || e.document || ' for ' || e.stripe_ref END,
       CASE WHEN e.document IN ('deposit', 'journalEntry') THEN 'payout_deposit' ELSE 'stripe_netsuite' END
FROM extra_documents e LEFT JOIN o2c.netsuite_customers c ON c.id = e.entity_id
UNION ALL
SELECT CASE WHEN stripe_ref IS NULL THEN 'unlinked_in_netsuite' ELSE 'missing_in_stripe' END,
       o2c.stripe_id_of(stripe_ref), id::text, customer_id, currency, 0, total_minor, trandate,
       CASE WHEN stripe_ref IS NULL
            THEN document || ' ' || coalesce(tranid, id::text) || ' of a Stripe customer names no Stripe object'
            ELSE 'names ' || stripe_ref || ', which Stripe does not have' END,
       'stripe_netsuite'
FROM stray_documents"""

# A payment that cannot be written because its invoice cannot is told by the invoice's gap.
_PAYMENTS = f"""
INSERT INTO found
SELECT CASE WHEN r.said_by = 'netsuite' THEN 'sync_failed' ELSE 'payment_missing' END,
       p.stripe_id, NULL, p.customer_id, p.currency, p.amount_minor, 0, p.payment_date,
       coalesce(rtrim(r.reason, '.') || coalesce('. To do: ' || r.fix, ''),
                'Stripe charge has no NetSuite payment' || coalesce({gone("p.stripe_id", "'customerPayment'")}, ''))
FROM payment_pairs p LEFT JOIN refused r ON r.external_id = p.stripe_id
WHERE p.netsuite_id IS NULL AND NOT EXISTS (
    SELECT FROM o2c.payments k
    JOIN o2c.invoice_payments ip ON ip.payment_intent = k.payment_intent OR ip.charge_id = k.id
    JOIN found f ON f.stripe_id = ip.invoice_id AND f.kind = 'sync_failed'
    WHERE k.id = p.stripe_id)
UNION ALL
SELECT 'payment_unapplied', stripe_id, netsuite_id::text, customer_id, currency, applied_expected, 0, payment_date,
       'booked, but applied to no invoice'
FROM payment_pairs WHERE netsuite_id IS NOT NULL AND status = 'succeeded' AND ns_currency = currency
     AND ns_total = amount_minor AND applied_expected > 0 AND ns_unapplied = ns_total
UNION ALL
SELECT 'payment_mismatch', stripe_id, netsuite_id::text, customer_id, currency,
       CASE WHEN status = 'succeeded' THEN amount_minor ELSE 0 END,
       CASE WHEN ns_currency = currency THEN ns_total END, payment_date,
       CASE WHEN status <> 'succeeded' THEN 'booked, but the charge is ' || status || ' in Stripe' || coalesce((
                SELECT ': its money went back on ' || b.booked_date || ' (' || b.id || '). To do: take it back by '
                       'hand, with a customer refund, and let what it had paid be open again'
                FROM o2c.balance_transactions b WHERE b.source_id = p.stripe_id AND b.type = 'payment_failure_refund'
                ORDER BY b.id LIMIT 1), '')
            WHEN ns_currency <> currency THEN 'paid in ' || upper(currency) || ', booked in ' || upper(ns_currency)
            WHEN ns_total <> amount_minor THEN 'booked with another amount'
            ELSE 'applied otherwise than in Stripe: ' || misapplied_to END
FROM payment_pairs p WHERE netsuite_id IS NOT NULL AND NOT (
     status = 'succeeded' AND ns_currency = currency AND ns_total = amount_minor
     AND (applied_expected IS NULL OR applied_expected > 0 AND ns_unapplied = ns_total))
UNION ALL
SELECT 'customer_mismatch', stripe_id, netsuite_id::text, customer_id, currency, amount_minor, ns_total, payment_date,
       'booked under ' || coalesce('the customer of ' || ns_customer, 'a customer without a Stripe id')
FROM payment_pairs WHERE netsuite_id IS NOT NULL AND status = 'succeeded' AND strange
UNION ALL
SELECT 'period_mismatch', stripe_id, netsuite_id::text, customer_id, currency, amount_minor, ns_total, payment_date,
       'paid in ' || to_char(payment_date, 'YYYY-MM') || ', booked in ' || to_char(ns_date, 'YYYY-MM')
FROM payment_pairs WHERE netsuite_id IS NOT NULL AND status = 'succeeded'
     AND date_trunc('month', ns_date) <> date_trunc('month', payment_date)
     AND NOT EXISTS (SELECT FROM o2c.moved_documents m WHERE m.id = netsuite_id AND m.original_date = payment_date)"""

# Open or settled differs, and no other gap of the invoice or of its payments explains it.
_STATUS = """
INSERT INTO found
SELECT 'status_mismatch', i.stripe_id, i.netsuite_id::text, i.customer_id, i.currency,
       CASE WHEN i.status IN ('void', 'draft') OR i.status = 'uncollectible' AND %(write_off)s THEN 0
            ELSE i.amount_remaining_minor END, i.ns_remaining, i.issue_date,
       CASE WHEN i.status IN ('void', 'draft') THEN i.status || ' in Stripe, open in NetSuite'
            WHEN i.ns_remaining > 0 THEN i.status || ' in Stripe, open in NetSuite'
            ELSE 'open in Stripe, paid in NetSuite' END
       || coalesce('. ' || rtrim(r.reason, '.') || coalesce('. To do: ' || r.fix, ''), '')
       || coalesce((SELECT '. Its payment ' || min(k.id) || ' is blocked by metadata' FROM o2c.invoice_payments ip
                    JOIN o2c.payments k ON k.payment_intent = ip.payment_intent OR k.id = ip.charge_id
                    JOIN o2c.left_out l ON l.stripe_id = k.id WHERE ip.invoice_id = i.stripe_id), '')
FROM invoice_pairs i LEFT JOIN refused r ON r.external_id = 'cm-' || i.stripe_id
WHERE i.netsuite_id IS NOT NULL
  AND (CASE WHEN i.status IN ('void', 'draft') THEN i.ns_remaining > 0
            -- Written off: a credit memo closes it here, while in Stripe what was not paid stays for good.
            WHEN i.status = 'uncollectible' AND %(write_off)s THEN i.ns_remaining > 0
            ELSE (i.ns_remaining > 0) <> (i.amount_remaining_minor > 0) END)
  AND NOT EXISTS (SELECT FROM found f WHERE f.stripe_id = i.stripe_id)
  AND NOT EXISTS (
    SELECT FROM o2c.invoice_payments ip
    JOIN o2c.payments k ON k.payment_intent = ip.payment_intent OR k.id = ip.charge_id
    JOIN found f ON f.stripe_id = k.id AND f.kind <> 'period_mismatch' WHERE ip.invoice_id = i.stripe_id)"""

_CUSTOMERS = """
INSERT INTO found
SELECT 'sync_failed', stripe_id, NULL, customer_id, currency, 0, 0, effective_date,
       rtrim(reason, '.') || coalesce('. To do: ' || fix, '')
FROM refused r WHERE document = 'customer'
     AND NOT EXISTS (SELECT FROM o2c.netsuite_customers c WHERE c.external_id = r.stripe_id)"""

# A second document of a Stripe object (a memo of a void, the invoice after a write-off, money of a dispute in part)
# that cannot be written, where no gap of that object tells it.
_SECOND = """
INSERT INTO found
SELECT 'sync_failed', stripe_id, NULL, customer_id, currency, amount_minor, 0, effective_date,
       rtrim(reason, '.') || coalesce('. To do: ' || fix, ''),
       CASE WHEN document IN ('deposit', 'journalEntry') THEN 'payout_deposit' ELSE 'stripe_netsuite' END
FROM refused r WHERE external_id <> stripe_id
     AND NOT EXISTS (SELECT FROM found f WHERE f.stripe_id = r.stripe_id)
     AND NOT EXISTS (SELECT FROM o2c.netsuite_documents d
                     WHERE d.stripe_ref = r.external_id AND d.deleted_at IS NULL AND NOT d.voided)"""

# In whose books it is, where there are several; gaps of the main account say nothing of it.
_ENTITIES = """
UPDATE found f SET reason = f.reason || ' [' || n.name || ']'
FROM unnest(%(accounts)s::text[], %(names)s::text[]) n (account, name)
WHERE o2c.account_of(coalesce(f.stripe_id, f.customer)) = n.account"""

# Identity: leg, kind and business keys (see domain.keys.gap_id, which says the same in Python). Where several
# documents of one Stripe object fail alike (both sides of a dispute), they are one gap: it tells of the first of them
# by date, and stays open under its id until the last of them is settled.
_KEEP = """
WITH kept_now AS (
INSERT INTO o2c.gaps AS g (gap_id, leg, kind, state, stripe_id, netsuite_id, customer, currency, expected_minor,
    actual_minor, difference_minor, effective_date, reason, first_seen_at, last_seen_at)
SELECT DISTINCT ON (1)
       'gap_' || substr(encode(sha256(convert_to(concat(leg, '|', kind, '|', coalesce(stripe_id, ''), '|',
           CASE WHEN kind IN ('duplicate_in_netsuite', 'paid_twice', 'unlinked_in_netsuite', 'missing_in_stripe')
                THEN netsuite_id ELSE '' END), 'UTF8')), 'hex'), 1, 20),
       leg, kind, 'open', stripe_id, netsuite_id, customer, currency, expected_minor, actual_minor,
       actual_minor - expected_minor, effective_date, reason, now(), now()
FROM found
ORDER BY 1, effective_date, netsuite_id::bigint, expected_minor, actual_minor, reason
ON CONFLICT (gap_id) DO UPDATE SET
    state = 'open', netsuite_id = excluded.netsuite_id, customer = excluded.customer, currency = excluded.currency,
    expected_minor = excluded.expected_minor, actual_minor = excluded.actual_minor,
    difference_minor = excluded.difference_minor, effective_date = excluded.effective_date,
    reason = excluded.reason, last_seen_at = excluded.last_seen_at, resolved_at = NULL
RETURNING gap_id, (xmax = 0) AS fresh)
INSERT INTO kept SELECT * FROM kept_now"""

_RESOLVE = """
UPDATE o2c.gaps g SET state = 'resolved', resolved_at = now()
WHERE state = 'open' AND g.leg = ANY(%(books)s)
  AND NOT EXISTS (SELECT FROM kept k WHERE k.gap_id = g.gap_id) {scoped}"""

# A gap of a document alone is also in scope when that document now names a Stripe object of the scope.
_SCOPED_GAPS = """AND (g.stripe_id IN (SELECT key FROM scope)
                  OR g.netsuite_id IN (SELECT id::text FROM scope_unlinked
                                       UNION ALL SELECT id::text FROM scope_documents))"""


_POLICY = Policy()
# Between Stripe and NetSuite; deals have legs of their own.
BOOKS = ("stripe_netsuite", "payout_deposit")


@dataclass(frozen=True)
class GapChange:
    """What one reconciliation did. `scope` is the number of keys looked at, -1 for all."""

    scope: int
    found: int
    opened: int
    resolved: int


@dataclass(frozen=True)
class Gap:
    """A gap as `o2c gaps --json` prints it. Amounts in minor units; difference = actual - expected."""

    gap_id: str
    leg: str
    kind: str
    state: str
    stripe_id: str | None
    netsuite_id: str | None
    salesforce_id: str | None
    customer: str | None
    currency: str
    expected_minor: int | None
    actual_minor: int | None
    difference_minor: int | None
    effective_date: date | None
    first_seen_at: Any
    last_seen_at: Any
    reason: str

    @property
    def at_stake_minor(self) -> int:
        """The money that the gap is about: the difference, or the document where no amount differs."""
        return abs(self.difference_minor or 0) or abs(self.expected_minor or self.actual_minor or 0)


def reconcile(engine: Engine, policy: Policy = _POLICY, *, full: bool = False) -> GapChange:
    """Compare, name, keep: in one transaction, over what changed since the last time or over everything.

    `policy` tells which lines of deposits are fees or on Suspense, and whether an uncollectible invoice is written off.
    """
    with raw_cursor(engine) as cursor:
        # One at a time: each names and resolves gaps in an order of its own.
        cursor.execute("LOCK TABLE o2c.gaps IN SHARE ROW EXCLUSIVE MODE")
        if full:
            link_by_number(cursor, "everything")
            for account, own in policy.each():
                adopt_named(cursor, own.customers, account if policy.entities else None)
        declare(cursor, policy)
        scope = take_scope(cursor, full=full)
        if scope == 0:
            return GapChange(0, 0, 0, 0)
        (note_older if full else note_older_of_scope)(cursor, policy)
        compare(cursor, policy, full=full)
        _name(cursor, policy, full=full)
        return _keep(cursor, scope, full=full)


def _name(cursor: Cursor, policy: Policy, *, full: bool) -> None:
    cursor.execute(_FOUND)
    scoped = "" if full else "WHERE stripe_id IN (SELECT key FROM scope)"
    cursor.execute(sql(_REFUSED.format(scoped=scoped)), {"deals": list(DEAL_DOCUMENTS)})
    for statement in (_INVOICES, _EXTRAS, _PAYMENTS):
        cursor.execute(sql(statement))
    name_movements(cursor, policy, full=full)
    cursor.execute(sql(_STATUS), {"write_off": policy.reversals.uncollectible == "write_off"})
    cursor.execute(sql(_CUSTOMERS))
    cursor.execute(sql(_SECOND))
    name_openings(cursor, policy, full=full)
    if policy.entities:
        name_misplaced(cursor, policy, full=full)
        names = {account: policy.name_of(account) for account in policy.entities}
        cursor.execute(sql(_ENTITIES), {"accounts": list(names), "names": list(names.values())})


def _keep(cursor: Cursor, scope: int, *, full: bool) -> GapChange:
    # Before anything is written there may be as many as invoices: they stay in the database.
    cursor.execute("CREATE TEMP TABLE kept (gap_id text, fresh boolean) ON COMMIT DROP")
    cursor.execute(sql(_KEEP))
    cursor.execute("SELECT count(*), count(*) FILTER (WHERE fresh) FROM kept")
    ((found, opened),) = cursor.fetchall()
    cursor.execute(sql(_RESOLVE.format(scoped="" if full else _SCOPED_GAPS)), {"books": list(BOOKS)})
    return GapChange(scope, found, opened, cursor.rowcount)


_GAP = """gap_id, leg, kind, state, stripe_id, netsuite_id, salesforce_id, customer, currency, expected_minor,
          actual_minor, difference_minor, effective_date, first_seen_at, last_seen_at, reason"""
_LIST = sql(
    f"""SELECT {_GAP} FROM o2c.gaps
        WHERE (%(legs)s::text[] IS NULL OR leg = ANY(%(legs)s))
          AND (%(state)s::text IS NULL OR state = %(state)s)
          AND (%(key)s::text IS NULL OR %(key)s IN (stripe_id, netsuite_id, salesforce_id, gap_id))
        ORDER BY effective_date, kind, gap_id LIMIT %(limit)s"""
)


def list_gaps(
    engine: Engine,
    state: str | None = "open",
    key: str | None = None,
    legs: Collection[str] | None = None,
    limit: int | None = None,
) -> list[Gap]:
    """Gaps in one state (None: all), oldest first, at most `limit`; `key` narrows to one id of any system, `legs` to
    those of them.
    """
    with reading_cursor(engine) as cursor:
        cursor.execute(
            _LIST, {"state": state, "key": key, "legs": None if legs is None else list(legs), "limit": limit}
        )
        rows: Sequence[Any] = cursor.fetchall()
        return [Gap(*row) for row in rows]


def each_gap(engine: Engine, state: str | None = "open") -> Iterator[Gap]:
    """The same, of as many as there are, without holding them: before anything is written, one for each invoice."""
    # In the stream of one statement: between pages the server would take a reader who pauses for one who has left.
    with reading_cursor(engine) as cursor:
        for row in cursor.stream(_LIST, {"state": state, "key": None, "legs": None, "limit": None}):
            yield Gap(*row)
