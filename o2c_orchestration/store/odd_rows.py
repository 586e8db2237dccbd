"""Rows that passed their schema and are odd all the same: told, never refused, since Stripe itself may be right.

One scan a table over days of `created` (UTC) looks at each row by itself; what rows say of each other is looked at once
everything that they point to was fetched.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from o2c_orchestration.domain.money import THREE_DECIMAL
from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor

LIMIT = 200


@dataclass(frozen=True)
class Odd:
    """A row and what is odd about it, in words."""

    id: str
    what: str


# Words and a condition on the row `r`. Before 2011 there was no Stripe; a day ahead is a clock, more is a mistake.
_DATED = (
    ("created before there was Stripe", "r.created_at < '2010-01-01'"),
    ("created in the future", "r.created_at > clock_timestamp() + interval '1 day'"),
)
_CURRENCY = (
    (
        "NetSuite has no such currency",
        """EXISTS (SELECT FROM o2c.netsuite_reference WHERE kind = 'currency')
           AND NOT EXISTS (SELECT FROM o2c.netsuite_reference c WHERE c.kind = 'currency'
                           AND lower(c.name) = r.currency)""",
    ),
)
_ROWS: dict[str, tuple[tuple[str, str], ...]] = {
    "customers": (("created in the future", "r.created_at > clock_timestamp() + interval '1 day'"),),
    "invoices": (
        (
            "its lines, discounts and taxes do not add up to its total",
            "r.status <> 'draft' AND s.net + r.shipping_minor + r.tax_minor <> r.total_minor",
        ),
        (
            "the taxes of its lines are not its taxes",
            "r.status <> 'draft' AND r.shipping_minor = 0 AND s.tax <> r.tax_minor",
        ),
        ("due before it was issued", "r.due_date < r.issue_date"),
        ("issued in the future", "r.issue_date > current_date + 2"),
        ("an amount that its currency does not have", "r.currency = ANY(%(three)s) AND r.total_minor %% 10 <> 0"),
        *_CURRENCY,
        *_DATED,
    ),
    "payments": (
        ("more was refunded than was paid", "r.refunded_minor > r.amount_minor"),
        ("an amount that its currency does not have", "r.currency = ANY(%(three)s) AND r.amount_minor %% 10 <> 0"),
        *_CURRENCY,
        *_DATED,
    ),
    "credit_notes": (
        (
            "its lines, discounts and taxes do not add up to its total",
            "s.net + r.shipping_minor + r.tax_minor <> r.total_minor",
        ),
        ("issued in the future", "r.issue_date > current_date + 2"),
        *_CURRENCY,
        *_DATED,
    ),
    "refunds": (*_CURRENCY, *_DATED),
    "disputes": (
        ("money came back before it was taken", "r.reinstated_date < r.withdrawn_date"),
        ("more came back than was taken", "r.reinstated_minor > r.amount_minor"),
        *_CURRENCY,
        *_DATED,
    ),
    "balance_transactions": (
        (
            "its fees do not add up to its fee",
            """json_array_length(r.fees) > 0 AND r.fee_minor <>
               (SELECT sum((f ->> 1)::bigint) FROM json_array_elements(r.fees) f)""",
        ),
        *_CURRENCY,
        *_DATED,
    ),
    "payouts": (("arrived before it was made", "r.arrival_date < r.created_at::date - 1"), *_CURRENCY, *_DATED),
}
_SUMS = """LEFT JOIN LATERAL (
    SELECT sum((l ->> 'amount_minor')::bigint - (l ->> 'tax_inclusive_minor')::bigint
               - (l ->> 'discount_minor')::bigint - (l ->> 'grant_minor')::bigint) AS net,
           sum((l ->> 'tax_inclusive_minor')::bigint + (l ->> 'tax_exclusive_minor')::bigint) AS tax
    FROM json_array_elements({lines}) l) s ON true"""
_JOINS = {
    "invoices": "JOIN o2c.invoice_lines a ON a.invoice_id = r.id " + _SUMS.format(lines="a.lines"),
    "credit_notes": _SUMS.format(lines="r.lines"),
}

_OF_DAYS = "{alias}.created_at >= %(first)s::date AND {alias}.created_at < %(last)s::date + 1"
_R, _F = _OF_DAYS.format(alias="r"), _OF_DAYS.format(alias="f")

# What rows of these days say of others. Words, and which rows.
_BETWEEN = (
    (
        "its customer does not exist in Stripe",
        f"""SELECT r.id FROM (SELECT id, customer_id, created_at FROM o2c.invoices
              UNION ALL SELECT id, customer_id, created_at FROM o2c.payments
              UNION ALL SELECT id, customer_id, created_at FROM o2c.credit_notes) r
            JOIN o2c.stripe_absent x ON x.id = r.customer_id WHERE {_R}""",
    ),
    (
        "the invoice that it is of does not exist in Stripe",
        f"""SELECT r.id FROM (SELECT id, invoice_id, created_at FROM o2c.credit_notes
              UNION ALL SELECT id, invoice_id, created_at FROM o2c.invoice_payments) r
            JOIN o2c.stripe_absent x ON x.id = r.invoice_id WHERE {_R}""",
    ),
    (
        "the charge that it is of does not exist in Stripe",
        f"""SELECT r.id FROM (SELECT id, charge_id, created_at FROM o2c.refunds
              UNION ALL SELECT id, charge_id, created_at FROM o2c.disputes) r
            JOIN o2c.stripe_absent x ON x.id = r.charge_id WHERE {_R}""",
    ),
    (
        "paid in another currency than its invoice",
        f"""SELECT r.id FROM o2c.invoice_payments r JOIN o2c.invoices i ON i.id = r.invoice_id
            WHERE i.currency <> r.currency AND {_R}""",
    ),
    (
        "of another currency than its charge",
        f"""SELECT r.id FROM (SELECT id, charge_id, currency, created_at FROM o2c.refunds
              UNION ALL SELECT id, charge_id, currency, created_at FROM o2c.disputes) r
            JOIN o2c.payments p ON p.id = r.charge_id WHERE p.currency <> r.currency AND {_R}""",
    ),
    (
        "billed to another customer than its invoice",
        f"""SELECT r.id FROM o2c.credit_notes r JOIN o2c.invoices i ON i.id = r.invoice_id
            WHERE i.customer_id <> r.customer_id AND {_R}""",
    ),
    (
        "credit notes take more of it than its total",
        f"""SELECT r.id FROM o2c.invoices r JOIN o2c.credit_notes n ON n.invoice_id = r.id AND n.status = 'issued'
            WHERE r.id IN (SELECT f.invoice_id FROM o2c.credit_notes f WHERE {_F})
            GROUP BY r.id, r.total_minor HAVING sum(n.total_minor) > r.total_minor""",
    ),
    (
        "refunds take more of it than was paid",
        f"""SELECT r.id FROM o2c.payments r JOIN o2c.refunds n ON n.charge_id = r.id AND n.status = 'succeeded'
            WHERE r.id IN (SELECT f.charge_id FROM o2c.refunds f WHERE {_F})
            GROUP BY r.id, r.amount_minor HAVING sum(n.amount_minor) > r.amount_minor""",
    ),
)


def odd_rows(engine: Engine, table: str, first: date, last: date) -> list[Odd]:
    """Rows of a table created on [first, last] (UTC days) that are odd by themselves, at most LIMIT."""
    rules = _ROWS.get(table, ())
    if not rules:
        return []
    words = ", ".join(f"CASE WHEN {condition} THEN '{text}' END" for text, condition in rules)
    statement = f"""
        SELECT id, what FROM (
            SELECT r.id, concat_ws('; ', {words}) AS what FROM o2c.{table} r {_JOINS.get(table, "")}
            WHERE {_R}) found
        WHERE what <> '' ORDER BY id LIMIT {LIMIT}"""
    values = {"first": first, "last": last, "three": sorted(THREE_DECIMAL)}
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(statement), values)
        return [Odd(str(row[0]), str(row[1])) for row in cursor.fetchall()]


def odd_references(engine: Engine, first: date, last: date) -> list[Odd]:
    """Rows created on [first, last] (UTC days) that do not fit what they point to, at most LIMIT of each kind."""
    found: list[Odd] = []
    with raw_cursor(engine) as cursor:
        for words, statement in _BETWEEN:
            text = f"SELECT DISTINCT id FROM ({statement}) found ORDER BY id LIMIT {LIMIT}"
            cursor.execute(sql(text), {"first": first, "last": last})
            found += [Odd(str(row[0]), words) for row in cursor.fetchall()]
    return found
