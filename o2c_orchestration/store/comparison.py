"""Stripe against the ledger, as set-based SQL where the data lies: what differs, before it is named a gap.

`compare` leaves temporary tables behind in the caller's transaction, all of them small (only what differs):

    invoice_pairs   one row for an invoice and its document (or none) that do not agree
    payment_pairs   the same for succeeded charges and their payment documents
    extra_documents second and further documents of one Stripe object
    stray_documents documents of Stripe customers that name no Stripe object, or one that Stripe does not have

The one big join walks two covering indexes side by side (index-only scans and a merge join, next to no memory),
so the wide rows are never read; whatever else runs over everything keeps to the same indexes. It is cut into
ranges of ids, which PostgreSQL gives to several processes. Statements are written so that it can do that: no
temporary table inside the big join, no expression around an indexed column. docs/performance.md has the figures.
"""

from typing import Any

from o2c_orchestration.domain.metadata import PAYS
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.failed_payments import OTHER_PAYOUTS
from o2c_orchestration.store.whose import forgive, leave_out, strange

# The dirty keys, each once (the queue may hold one many times): Stripe ids, and ledger documents that name no Stripe
# object. In order, so that look-ups that follow one another find the same pages of an index.
_TAKE = """
WITH noted AS (DELETE FROM o2c.dirty RETURNING key),
unlinked AS (INSERT INTO scope_unlinked
             SELECT DISTINCT substr(key, 4)::bigint FROM noted WHERE starts_with(key, 'ns:'))
INSERT INTO scope (key, step)
SELECT key, 0 FROM (SELECT DISTINCT key FROM noted WHERE NOT starts_with(key, 'ns:')) taken
ORDER BY key COLLATE "C" """

# Ids that are an invoice's are not looked up among charges, nor those of charges among invoices.
_MAY_BE_INVOICE = "NOT starts_with(s.key, 'ch_') AND NOT starts_with(s.key, 'py_')"
_MAY_BE_CHARGE = "NOT starts_with(s.key, 'in_')"

# One step outwards from the keys that the last step brought, an invoice's claims first: they bring most charges, which
# then need not be looked up by their ids. Then the other claims to what was paid, and the keys that all of it brings.
# Each row is looked up once and kept for the comparison. What nobody has yet is told by hash joins, not by unique
# indexes: maintaining those costs more than the look-ups.
_WIDEN = (
    f"""INSERT INTO scope_claims
        SELECT ip.id, ip.invoice_id, ip.payment_intent, ip.charge_id, ip.status, ip.amount_minor, %(step)s
        FROM scope s JOIN o2c.invoice_payments ip ON ip.invoice_id = s.key
        WHERE s.step = %(step)s AND {_MAY_BE_INVOICE} AND NOT EXISTS (SELECT FROM scope_claims k WHERE k.id = ip.id)""",
    """INSERT INTO scope_payments
       SELECT p.id, p.customer_id, p.payment_intent, p.currency, p.status, p.amount_minor, p.payment_date, %(step)s
       FROM (SELECT DISTINCT payment_intent FROM scope_claims WHERE step = %(step)s) c
       JOIN o2c.payments p ON p.payment_intent = c.payment_intent
       WHERE NOT EXISTS (SELECT FROM scope_payments k WHERE k.id = p.id)""",
    f"""INSERT INTO scope_payments
        SELECT p.id, p.customer_id, p.payment_intent, p.currency, p.status, p.amount_minor, p.payment_date, %(step)s
        FROM scope s JOIN o2c.payments p ON p.id = s.key
        WHERE s.step = %(step)s AND {_MAY_BE_CHARGE}
          AND NOT EXISTS (SELECT FROM scope_payments k WHERE k.id = s.key)""",
    f"""INSERT INTO scope_claims
        SELECT DISTINCT id, invoice_id, payment_intent, charge_id, status, amount_minor, %(step)s + 1 FROM (
            SELECT ip.* FROM (
                SELECT payment_intent FROM scope_claims WHERE step = %(step)s
                UNION SELECT payment_intent FROM scope_payments WHERE step = %(step)s) paid
            JOIN o2c.invoice_payments ip ON ip.payment_intent = paid.payment_intent
            UNION ALL SELECT ip.* FROM scope s JOIN o2c.invoice_payments ip ON ip.charge_id = s.key
            WHERE s.step = %(step)s AND {_MAY_BE_CHARGE}) reached
        WHERE NOT EXISTS (SELECT FROM scope_claims k WHERE k.id = reached.id)""",
    """INSERT INTO scope (key, step)
       SELECT DISTINCT key, %(step)s + 1 FROM (
           SELECT invoice_id AS key FROM scope_claims WHERE step > %(step)s
           UNION ALL SELECT charge_id FROM scope_claims WHERE step >= %(step)s AND charge_id IS NOT NULL
           UNION ALL SELECT id FROM scope_payments WHERE step = %(step)s) reached
       WHERE NOT EXISTS (SELECT FROM scope k WHERE k.key = reached.key)""",
)
# What holds a balance transaction is looked at with it.
_PAYOUTS = """
INSERT INTO scope (key, step)
SELECT DISTINCT m.payout_id, %(step)s FROM scope s JOIN o2c.payout_members m ON m.transaction_id = s.key
WHERE NOT EXISTS (SELECT FROM scope k WHERE k.key = m.payout_id)"""
# What a charge names as paid by it is a stray or not by what the charge pays.
_NAMED = f"""
INSERT INTO scope_unlinked
SELECT DISTINCT m.netsuite_id FROM scope s JOIN o2c.stripe_metadata m ON m.stripe_id = s.key
WHERE m.name = '{PAYS}' AND m.netsuite_id IS NOT NULL
  AND NOT EXISTS (SELECT FROM scope_unlinked k WHERE k.id = m.netsuite_id)"""
_SCOPE_TABLES = """
CREATE TEMPORARY TABLE scope (key text, step integer NOT NULL) ON COMMIT DROP;
CREATE TEMPORARY TABLE scope_unlinked (id bigint) ON COMMIT DROP;
CREATE TEMPORARY TABLE scope_payments (
    id text, customer_id text, payment_intent text, currency text, status text, amount_minor bigint,
    payment_date date, step integer) ON COMMIT DROP;
CREATE TEMPORARY TABLE scope_claims (
    id text, invoice_id text, payment_intent text, charge_id text, status text, amount_minor bigint,
    step integer) ON COMMIT DROP"""

# The ledger's documents of the scope, looked up once.
_SCOPE_DOCUMENTS = """
CREATE TEMPORARY TABLE scope_documents ON COMMIT DROP AS
SELECT d.stripe_ref, d.id, d.document, d.currency, d.total_minor, d.tax_minor, d.remaining_minor, d.trandate,
       d.entity_id, d.voided, d.deleted_at
FROM scope s JOIN o2c.netsuite_documents d ON d.stripe_ref = s.key
UNION ALL
SELECT d.stripe_ref, d.id, d.document, d.currency, d.total_minor, d.tax_minor, d.remaining_minor, d.trandate,
       d.entity_id, d.voided, d.deleted_at
FROM scope s JOIN o2c.netsuite_documents d ON o2c.stripe_id_of(d.stripe_ref) = s.key
WHERE (d.document NOT IN ('invoice', 'customerPayment') OR d.stripe_ref ~ '^[a-z][a-z]-') AND d.stripe_ref <> s.key"""
# What went to the customer's balance and has its document: looked up for the few invoices of which something did, not
# among all claims.
_SCOPE_OVERPAID = """
CREATE TEMPORARY TABLE scope_overpaid ON COMMIT DROP AS
SELECT o.payment_id, o.invoice_id, o.beyond_minor
FROM (SELECT id FROM o2c.invoices WHERE overpaid_minor > 0 OFFSET 0) i
CROSS JOIN LATERAL (SELECT * FROM o2c.overpayments WHERE invoice_id = i.id OFFSET 0) o
WHERE i.id IN (SELECT invoice_id FROM scope_claims) AND o.beyond_minor > 0 AND EXISTS (
    SELECT FROM o2c.netsuite_documents d WHERE d.stripe_ref = 'bo-' || o.invoice_id AND d.deleted_at IS NULL)"""

_EXTRA = """
CREATE TEMPORARY TABLE extra_documents ON COMMIT DROP AS
SELECT ranked.* FROM (
    SELECT d.id, d.document, d.stripe_ref, d.currency, d.total_minor, d.trandate, d.entity_id,
           row_number() OVER (PARTITION BY d.document, d.stripe_ref
                              ORDER BY (d.linked_by = 'external_id') DESC, d.id) AS place
    FROM o2c.netsuite_documents d
    WHERE d.deleted_at IS NULL AND NOT d.voided AND d.stripe_ref IN (SELECT stripe_ref FROM doubled)
) ranked WHERE place > 1"""

_DOUBLED = "CREATE TEMPORARY TABLE doubled ON COMMIT DROP AS "
_DOUBLED_PART = """
SELECT stripe_ref FROM {documents}
WHERE deleted_at IS NULL AND NOT voided AND stripe_ref IS NOT NULL {refs}
GROUP BY stripe_ref HAVING count(*) > 1"""

# Further documents of an invoice are joined too and taken out afterwards: there are few. The months are compared
# only where the days differ.
_PAIRS = "CREATE TEMPORARY TABLE invoice_pairs ON COMMIT DROP AS "
_PAIRS_PART = """
SELECT i.id AS stripe_id, i.customer_id, i.currency, i.status, i.total_minor, i.tax_minor,
       i.amount_remaining_minor, i.issue_date, d.id AS netsuite_id, d.currency AS ns_currency,
       d.total_minor AS ns_total, d.tax_minor AS ns_tax, d.remaining_minor AS ns_remaining,
       d.trandate AS ns_date, c.external_id AS ns_customer, d.entity_id AS ns_entity, {strange} AS strange
FROM {invoices} i
LEFT JOIN (
    SELECT stripe_ref, id, currency, total_minor, tax_minor, remaining_minor, trandate, entity_id
    FROM {documents}
    WHERE document = 'invoice' AND deleted_at IS NULL AND NOT voided {refs}
) d ON d.stripe_ref = i.id
LEFT JOIN o2c.netsuite_customers c ON c.id = d.entity_id
WHERE CASE
    -- One below zero is a credit memo, which is compared with the other movements.
    WHEN i.total_minor < 0 THEN d.total_minor <> 0
    WHEN d.id IS NULL THEN i.status IN ('open', 'paid', 'uncollectible') AND NOT i.zero_lines
    WHEN i.status IN ('void', 'draft') THEN d.remaining_minor > 0
    ELSE d.currency <> i.currency OR d.total_minor <> i.total_minor OR d.tax_minor <> i.tax_minor
      OR {strange}
      OR d.trandate <> i.issue_date AND date_trunc('month', d.trandate) <> date_trunc('month', i.issue_date)
      OR (d.remaining_minor > 0) <> (i.amount_remaining_minor > 0)
      OR i.status = 'uncollectible' AND d.remaining_minor > 0
END {ids}"""

# What each payment ought to be applied to, against what the ledger says, invoice by invoice. A sale that is booked for
# it (`si-`) is its own: it goes under the payment's id on both sides. What is no mirror of anything in Stripe goes by
# its internal id: the payment's metadata may name it.
_MISAPPLIED = """
CREATE TEMPORARY TABLE misapplied ON COMMIT DROP AS
WITH claims AS (
    SELECT p.id AS payment, ip.invoice_id AS invoice, ip.amount_minor
    FROM {payments} p JOIN {claims} ip ON ip.payment_intent = p.payment_intent
    WHERE ip.status = 'paid' AND p.status = 'succeeded' AND coalesce(ip.charge_id, p.id) = p.id
    UNION ALL
    SELECT p.id, ip.invoice_id, ip.amount_minor
    FROM {payments} p JOIN {claims} ip ON ip.charge_id = p.id AND ip.payment_intent IS NULL
    WHERE ip.status = 'paid' AND p.status = 'succeeded'
    UNION ALL
    SELECT p.id, o.invoice_id, o.beyond_minor FROM {payments} p JOIN {overpaid} o ON o.payment_id = p.id
    UNION ALL
    SELECT p.id, p.id, p.amount_minor
    FROM (SELECT DISTINCT substr(stripe_ref, 4) AS id FROM {documents}
          WHERE stripe_ref LIKE 'si-%' AND document = 'invoice' AND deleted_at IS NULL AND NOT voided) sold
    JOIN {payments} p ON p.id = sold.id WHERE p.status = 'succeeded'
    UNION ALL
    SELECT p.id, 'ns:' || n.netsuite_id, p.amount_minor
    FROM o2c.paid_by_name n JOIN {payments} p ON p.id = n.stripe_id),
expected AS (SELECT payment, invoice, sum(amount_minor) AS amount FROM claims GROUP BY 1, 2),
actual AS (
    SELECT pd.stripe_ref AS payment, {applied_to} AS invoice, sum(a.amount_minor) AS amount
    FROM {booked}
    {targets}
    WHERE pd.deleted_at IS NULL AND NOT pd.voided
      AND NOT EXISTS (SELECT FROM extra_documents e WHERE e.id = pd.id)
    GROUP BY 1, 2)
SELECT payment, sum(coalesce(e.amount, 0)) AS expected, sum(coalesce(a.amount, 0)) AS actual,
       string_agg(invoice, ', ' ORDER BY invoice) AS invoices
FROM expected e FULL JOIN (SELECT * FROM actual WHERE invoice IS NOT NULL) a USING (payment, invoice)
WHERE e.amount IS DISTINCT FROM a.amount
GROUP BY payment"""

# Under whom a payment is booked that pays an invoice or its sale, its application says: NetSuite takes none between two
# customers. Whether it claims to pay any is asked in two questions, each of which is hashed: as one, all claims are
# walked through for each payment of a customer whom metadata names.
_PAYMENT_PAIRS = """
CREATE TEMPORARY TABLE payment_pairs ON COMMIT DROP AS
SELECT p.id AS stripe_id, p.customer_id, p.currency, p.status, p.amount_minor, p.payment_date,
       d.id AS netsuite_id, d.currency AS ns_currency, d.total_minor AS ns_total, d.remaining_minor AS ns_unapplied,
       d.trandate AS ns_date, m.expected AS applied_expected, m.actual AS applied_actual,
       m.invoices AS misapplied_to, c.external_id AS ns_customer, d.entity_id AS ns_entity,
       p.customer_id IS NOT NULL AND {strange_payer} AND m.payment IS NULL
       AND NOT EXISTS (SELECT FROM {claims} k WHERE k.charge_id = p.id)
       AND NOT EXISTS (SELECT FROM {claims} k WHERE k.payment_intent = p.payment_intent)
       AND NOT EXISTS (SELECT FROM {documents} s WHERE s.stripe_ref = 'si-' || p.id AND s.document = 'invoice'
                       AND s.deleted_at IS NULL AND NOT s.voided) AS strange
FROM {payments} p
LEFT JOIN (
    SELECT stripe_ref, id, currency, total_minor, remaining_minor, trandate, entity_id FROM {documents}
    WHERE document = 'customerPayment' AND deleted_at IS NULL AND NOT voided
) d ON d.stripe_ref = p.id
LEFT JOIN o2c.netsuite_customers c ON c.id = d.entity_id
LEFT JOIN misapplied m ON m.payment = p.id
WHERE CASE
    WHEN d.id IS NULL THEN p.status = 'succeeded'
    WHEN p.status <> 'succeeded' THEN true
    ELSE d.currency <> p.currency OR d.total_minor <> p.amount_minor OR m.payment IS NOT NULL OR {strange_payer}
      OR d.trandate <> p.payment_date AND date_trunc('month', d.trandate) <> date_trunc('month', p.payment_date)
END"""

_WITHOUT_EXTRA = "DELETE FROM {pairs} USING extra_documents e WHERE netsuite_id = e.id"

_STRAY = """
CREATE TEMPORARY TABLE stray_documents ON COMMIT DROP AS
SELECT d.id, d.document, d.stripe_ref, d.currency, d.total_minor, d.trandate, c.external_id AS customer_id, d.tranid
FROM (
    SELECT u.* FROM {unlinked} u JOIN o2c.netsuite_customers n ON n.id = u.entity_id
    WHERE u.stripe_ref IS NULL AND EXISTS (SELECT FROM o2c.customers k WHERE k.id = n.external_id)
      AND NOT EXISTS (SELECT FROM o2c.other_business o WHERE o.netsuite_id = u.id)
    UNION ALL
    SELECT u.* FROM {absent} a JOIN o2c.netsuite_documents u ON u.stripe_ref = a.id
    UNION ALL
    SELECT u.* FROM {absent} a JOIN o2c.netsuite_documents u ON o2c.stripe_id_of(u.stripe_ref) = a.id
    WHERE (u.document NOT IN ('invoice', 'customerPayment') OR u.stripe_ref ~ '^[a-z][a-z]-') AND u.stripe_ref <> a.id
) d
LEFT JOIN o2c.netsuite_customers c ON c.id = d.entity_id
WHERE d.deleted_at IS NULL AND NOT d.voided"""

# For these statements only. Compiling them costs more than they take; the data are mostly in memory. Nothing waits for
# the disk: what a crash takes back (the gaps, and that their keys are done) is found again by the next run.
_PLANNER = """
SET LOCAL jit = off; SET LOCAL work_mem = '64MB'; SET LOCAL random_page_cost = 1.1;
SET LOCAL synchronous_commit = off"""
# What is looked up by key was changed a moment ago and is in memory: walking a whole index is dearer than it looks.
# What is small is small without being counted first: tables of the scope have no statistics. Starting workers takes
# longer than any of it.
_KEYED = """
SET LOCAL max_parallel_workers_per_gather = 0;
SET LOCAL random_page_cost = 0.1; SET LOCAL seq_page_cost = 0.1; SET LOCAL enable_mergejoin = off"""
# A range for each process, rather than each process through a part of the one and the whole of the other index.
_RANGES_APART = """
SET LOCAL parallel_setup_cost = 0; SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = '5TB'; SET LOCAL min_parallel_index_scan_size = '5TB'"""
# Four equal parts by the statistics that ANALYZE keeps; one part where there are none yet.
_BOUNDS = """
SELECT histogram_bounds::text::text[] FROM pg_stats
WHERE schemaname = 'o2c' AND tablename = 'invoices' AND attname = 'id' AND histogram_bounds IS NOT NULL"""


# The invoice that a document stands for: one that restores a write-off stands for the invoice written off, one that
# collects or keeps a customer's balance for the invoice that did so.
_TARGET = """CASE WHEN substr({t}.stripe_ref, 3, 1) = '-' THEN substr({t}.stripe_ref, 4)
                ELSE coalesce({t}.stripe_ref, 'ns:' || {t}.id) END"""

_EVERYTHING = {
    "invoices": "o2c.invoices",
    "payments": "o2c.payments",
    "claims": "o2c.invoice_payments",
    "overpaid": """(SELECT * FROM o2c.overpayments o WHERE beyond_minor > 0 AND EXISTS (
        SELECT FROM o2c.netsuite_documents d WHERE d.stripe_ref = 'bo-' || o.invoice_id AND d.deleted_at IS NULL))""",
    "documents": "o2c.netsuite_documents",
    "booked": """o2c.netsuite_documents pd JOIN o2c.netsuite_applications a ON a.payment_id = pd.id
                 JOIN o2c.payments p ON p.id = pd.stripe_ref""",
    "targets": "JOIN o2c.netsuite_documents inv ON inv.id = a.invoice_id AND inv.deleted_at IS NULL",
    "applied_to": _TARGET.format(t="inv"),
    "unlinked": "o2c.netsuite_documents",
    "absent": "o2c.stripe_absent",
}
_SCOPE = {
    "invoices": f"(SELECT i.* FROM scope s JOIN o2c.invoices i ON i.id = s.key WHERE {_MAY_BE_INVOICE})",
    "payments": "scope_payments",
    "claims": "scope_claims",
    "overpaid": "scope_overpaid",
    "documents": "scope_documents",
    "booked": """(SELECT d.id, d.stripe_ref, d.deleted_at, d.voided
                  FROM scope_payments p JOIN scope_documents d ON d.stripe_ref = p.id ORDER BY d.id) pd
                 CROSS JOIN LATERAL (SELECT * FROM o2c.netsuite_applications WHERE payment_id = pd.id OFFSET 0) a""",
    # Most targets are in the scope themselves; only the others are looked up.
    "targets": "LEFT JOIN scope_documents inv ON inv.id = a.invoice_id AND inv.deleted_at IS NULL",
    "applied_to": f"""CASE WHEN inv.id IS NOT NULL THEN {_TARGET.format(t="inv")} ELSE (
        SELECT {_TARGET.format(t="o")} FROM o2c.netsuite_documents o
        WHERE o.id = a.invoice_id AND o.deleted_at IS NULL) END""",
    "unlinked": "(SELECT d.* FROM scope_unlinked s JOIN o2c.netsuite_documents d USING (id))",
    "absent": "(SELECT a.* FROM scope s JOIN o2c.stripe_absent a ON a.id = s.key)",
}


def take_scope(cursor: Cursor, *, full: bool) -> int:
    """Take the dirty keys into `scope` and `scope_unlinked`, widened to whole groups of invoices and payments.

    Returns how many keys; -1 for a full run, which has no scope. The keys are given back if the transaction fails.
    """
    cursor.execute(_PLANNER)
    if full:
        cursor.execute("DELETE FROM o2c.dirty")
        return -1
    cursor.execute(_KEYED)
    cursor.execute(_SCOPE_TABLES)
    cursor.execute(_TAKE)
    step, reached = 0, cursor.rowcount
    # Groups are small (an invoice, its payments, their other invoices); a few steps reach all of one.
    while reached:
        for statement in _WIDEN:
            cursor.execute(sql(statement), {"step": step})
        step, reached = step + 1, cursor.rowcount
    cursor.execute(_PAYOUTS, {"step": step})
    cursor.execute(sql(OTHER_PAYOUTS), {"step": step})
    cursor.execute(sql(_NAMED))
    cursor.execute(sql(_SCOPE_DOCUMENTS))
    cursor.execute(_SCOPE_OVERPAID)
    cursor.execute("SELECT (SELECT count(*) FROM scope) + (SELECT count(*) FROM scope_unlinked)")
    return int((cursor.fetchone() or (0,))[0])


def compare(cursor: Cursor, policy: Policy, *, full: bool) -> None:
    """Build the temporary tables named in the module's docstring, for the scope or for everything."""
    parts, bounds = _EVERYTHING, _bounds(cursor) if full else []
    if full:
        cursor.execute(_RANGES_APART)
        cursor.execute("SET LOCAL enable_hashagg = off")  # the index has them in order
    else:
        parts = _SCOPE
    parts = {**parts, "strange": strange(cursor, policy, "i.customer_id", "i.id")}
    parts["strange_payer"] = strange(cursor, policy, "p.customer_id", "p.id")
    _in_ranges(cursor, _DOUBLED, _DOUBLED_PART, parts, bounds)
    cursor.execute("SET LOCAL enable_hashagg = on")
    _in_ranges(cursor, _PAIRS, _PAIRS_PART, parts, bounds)
    cursor.execute(sql(_EXTRA.format(**parts)))
    if not full:
        cursor.execute("SET LOCAL enable_nestloop = off")
    for statement in (_MISAPPLIED, _PAYMENT_PAIRS):
        cursor.execute(sql(statement.format(**parts)))
    if not full:
        cursor.execute("SET LOCAL enable_nestloop = on; SET LOCAL enable_sort = on")
    cursor.execute(sql(_STRAY.format(**parts)))
    for pairs in ("invoice_pairs", "payment_pairs"):
        cursor.execute(sql(_WITHOUT_EXTRA.format(pairs=pairs)))
        leave_out(cursor, pairs)
        forgive(cursor, policy, pairs)


def _bounds(cursor: Cursor) -> list[str]:
    cursor.execute(_BOUNDS)
    row = cursor.fetchone()
    histogram: list[str] = row[0] if row else []
    quarter = len(histogram) // 4
    return [histogram[quarter * n] for n in (1, 2, 3)] if quarter else []


def _in_ranges(cursor: Cursor, create: str, part: str, parts: dict[str, str], bounds: list[str]) -> None:
    """Run `part` once for each range of Stripe ids between the bounds, as one statement."""
    given: dict[str, Any] = {f"b{n}": bound for n, bound in enumerate(bounds)}
    ranges = []
    for n in range(len(bounds) + 1):
        tests = ([f"{{0}} >= %(b{n - 1})s"] if n else []) + ([f"{{0}} < %(b{n})s"] if n < len(bounds) else [])
        condition = "".join(f" AND {test}" for test in tests)
        ranges.append(part.format(**parts, ids=condition.format("i.id"), refs=condition.format("stripe_ref")))
    cursor.execute(sql(create + " UNION ALL ".join(ranges)), given)
