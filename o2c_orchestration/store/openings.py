"""Opening balances: what is declared of a Stripe account, what Stripe held then, and what payouts took of it since.

    declared − taken by deposits = Stripe's balance then − of it documents that NetSuite has − of it deposited since

Per account and currency, in minor units. Declared and taken are of NetSuite, the right side is Stripe's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.policy import MAIN, Policy
from o2c_orchestration.store.bulk import Cursor, folded, sql
from o2c_orchestration.store.database import raw_cursor, reading_cursor
from o2c_orchestration.store.older import note_older

# What a member's document is called; one that has none of its own is asked for in vain.
_KEY = """CASE WHEN b.type IN ('refund_failure', 'payment_failure_refund') OR b.category = 'refund_failure'
                   THEN 'rf-' || b.source_id
               WHEN b.category = 'dispute_reversal' THEN 'rp-' || b.source_id ELSE b.source_id END"""

# Members from before of payouts since: with a document of their own, deposited, or on Suspense under their own name.
_FIGURES = f"""
WITH given AS MATERIALIZED (
    SELECT * FROM unnest(%(accounts)s::text[], %(currencies)s::text[], %(names)s::text[], %(amounts)s::bigint[])
        g (account, currency, name, amount)),
deposit AS MATERIALIZED (
    SELECT d.id, d.currency, p.id AS payout_id FROM o2c.payouts p
    JOIN o2c.netsuite_documents d ON o2c.stripe_id_of(d.stripe_ref) = p.id AND d.document = 'deposit'
         AND d.deleted_at IS NULL AND NOT d.voided
    WHERE p.created_at >= %(cut_over)s),
line AS MATERIALIZED (
    SELECT d.payout_id, d.currency, l.memo, l.amount_minor, lower(a.name) AS name, a.id
    FROM deposit d JOIN o2c.netsuite_deposit_lines l ON l.deposit_id = d.id
    JOIN o2c.netsuite_reference a ON a.kind = 'account' AND a.id = l.account_id::text),
member AS MATERIALIZED (
    SELECT coalesce(k.account, 'main') AS account, b.currency, b.amount_minor - b.fee_minor AS net,
           EXISTS (SELECT FROM o2c.netsuite_documents d WHERE d.stripe_ref = {_KEY}
                     AND d.deleted_at IS NULL AND NOT d.voided) AS adopted,
           EXISTS (SELECT FROM deposit d WHERE d.payout_id = m.payout_id) AND NOT EXISTS (
               SELECT FROM line l WHERE l.payout_id = m.payout_id AND split_part(l.memo, ' ', 1) = b.id
                 AND (l.name = ANY(%(suspense)s) OR l.id = ANY(%(suspense)s))) AS opened
    FROM o2c.balance_transactions b
    JOIN o2c.payout_members m ON m.transaction_id = b.id
    JOIN o2c.payouts p ON p.id = m.payout_id AND p.created_at >= %(cut_over)s AND p.currency = b.currency
    LEFT JOIN o2c.further_accounts k ON k.id = p.id
    WHERE b.created_at < %(cut_over)s),
moved AS (
    SELECT account, currency, coalesce(sum(net) FILTER (WHERE adopted), 0) AS adopted,
           coalesce(sum(net) FILTER (WHERE opened AND NOT adopted), 0) AS opened
    FROM member GROUP BY 1, 2),
taken AS (
    SELECT g.account, g.currency, sum(l.amount_minor) AS taken FROM given g
    JOIN line l ON l.currency = g.currency AND g.name IN (l.name, l.id)
    WHERE o2c.account_of(l.payout_id) = g.account GROUP BY 1, 2)
SELECT account, currency, g.amount, s.balance_minor, coalesce(m.adopted, 0)::bigint, coalesce(m.opened, 0)::bigint,
       coalesce(t.taken, 0)::bigint
FROM given g
FULL JOIN (SELECT * FROM o2c.stripe_openings WHERE cut_over = %(cut_over)s) s USING (account, currency)
LEFT JOIN moved m USING (account, currency) LEFT JOIN taken t USING (account, currency)
ORDER BY account <> 'main', account, currency"""

_SINCE = """
SELECT coalesce(payload ->> 'currency', ''), bool_and(coalesce(payload ->> 'net', '') ~ '^-?[0-9]{1,15}$'),
       sum(CASE WHEN payload ->> 'net' ~ '^-?[0-9]{1,15}$' THEN (payload ->> 'net')::bigint END)::bigint
FROM o2c.stripe_objects
WHERE object = 'balance_transaction' AND created_at >= %s AND account = %s
  AND coalesce(payload ->> 'balance_type', 'payments') = 'payments' GROUP BY 1"""


@dataclass(frozen=True)
class OpeningBalance:
    """What an account had in one currency when the books started, in minor units. None: not declared, not known.

    `adopted` is what of Stripe's `balance` NetSuite has documents for, `opened` what payouts that are deposited brought
    of the rest; `taken` is what their deposits hold on the account of the opening balance.
    """

    account: str
    currency: str
    declared_minor: int | None
    balance_minor: int | None
    adopted_minor: int
    opened_minor: int
    taken_minor: int

    @property
    def due_minor(self) -> int | None:
        """What there is to declare: Stripe's balance, less what stands in NetSuite as documents."""
        return None if self.balance_minor is None else self.balance_minor - self.adopted_minor

    @property
    def still_minor(self) -> int | None:
        """What of that time no deposit has taken yet, by Stripe."""
        return None if self.due_minor is None else self.due_minor - self.opened_minor

    @property
    def left_minor(self) -> int | None:
        """What is left of the declared amount."""
        return None if self.declared_minor is None else self.declared_minor - self.taken_minor

    @property
    def residual_minor(self) -> int | None:
        """What the books hold too much; has to be 0. None: one of both sides is not known."""
        if self.left_minor is None or self.still_minor is None:
            return None
        return self.left_minor - self.still_minor


def opening_balances(engine: Engine, policy: Policy) -> list[OpeningBalance]:
    """Every account and currency of which something is declared, or Stripe's figure is known."""
    with reading_cursor(engine) as cursor:
        return _figures(cursor, policy)


def _figures(cursor: Cursor, policy: Policy) -> list[OpeningBalance]:
    declared = _declared(policy)
    given = {
        "accounts": [row[0] for row in declared],
        "currencies": [row[1] for row in declared],
        "names": [row[2].lower() for row in declared],
        "amounts": [row[3] for row in declared],
        "suspense": folded(policy.suspense_accounts),
        "cut_over": policy.books.cut_over,
    }
    cursor.execute(sql(_FIGURES), given)
    rows: Sequence[Any] = cursor.fetchall()
    return [OpeningBalance(*row) for row in rows]


def _declared(policy: Policy) -> list[tuple[str, str, str, int, datetime]]:
    return [
        (account, currency, opening.account, opening.amount_minor, own.books.cut_over)
        for account, own in policy.each()
        for currency, opening in sorted(own.books.opening.items())
    ]


def declare(cursor: Cursor, policy: Policy) -> None:
    """Keep what is declared. Where it has changed, everything that is older than the books is compared anew."""
    wanted = _declared(policy)
    cursor.execute("SELECT account, currency, netsuite_account, amount_minor, cut_over FROM o2c.openings")
    if set(cursor.fetchall()) == set(wanted):
        return
    again = "INSERT INTO o2c.dirty (key) SELECT stripe_id FROM o2c.older_objects"
    cursor.execute(again)
    cursor.execute("DELETE FROM o2c.openings")
    cursor.executemany("INSERT INTO o2c.openings VALUES (%s, %s, %s, %s, %s)", wanted)
    note_older(cursor, policy)
    cursor.execute(again)
    cursor.executemany("INSERT INTO o2c.dirty (key) VALUES (%s)", [(_name(row[0], row[1]),) for row in wanted])


def _name(account: str, currency: str) -> str:
    """What the gap of an opening balance has for a Stripe id: there is no object of Stripe's that is one."""
    return f"opening:{account}:{currency}"


def name_openings(cursor: Cursor, policy: Policy, *, full: bool) -> None:
    """Add what is left of the equation to `found`, for all accounts and currencies, whatever the scope."""
    if not full:
        # Those that were gaps are looked at with every other one: they depend on all payouts.
        cursor.execute(
            "INSERT INTO scope (key, step) SELECT stripe_id, 0 FROM o2c.gaps WHERE kind = 'opening_mismatch'"
        )
    if not _declared(policy):
        return
    for each in _figures(cursor, policy):
        if each.residual_minor:
            key = _name(each.account, each.currency)
            cursor.execute(
                "INSERT INTO found VALUES ('opening_mismatch', %s, NULL, NULL, %s, %s, %s, %s, %s, 'payout_deposit')",
                (key, each.currency, each.still_minor, each.left_minor, policy.books.start, _reason(each, policy)),
            )


def _reason(each: OpeningBalance, policy: Policy) -> str:
    """Both sides in words, so that a person can correct either."""
    minors = (each.balance_minor, each.adopted_minor, each.still_minor, each.declared_minor, each.taken_minor)
    balance, adopted, still, declared, taken = (format_money(minor or 0, each.currency) for minor in minors)
    left = format_money(each.left_minor or 0, each.currency)
    known = f", for {adopted} of which NetSuite has documents" if each.adopted_minor else ""
    setting = f"{'' if each.account == MAIN else f'entities.{each.account}.'}books.opening.{each.currency}"
    whose = "" if each.account == MAIN else f" [{policy.name_of(each.account)}]"
    return (
        f"Stripe held {balance} when the books started ({policy.books.cut_over:%Y-%m-%d %H:%M} UTC){known}, of which "
        f"{still} is not deposited yet; {setting} declares {declared}, of which deposits took {taken} and leave "
        f"{left}. To do: correct {setting} in o2c.yaml, and the entry in NetSuite that it stands for{whose}"
    )


def opening_told(engine: Engine, account: str, cut_over: datetime) -> bool:
    """Whether Stripe's balance of this account at that moment is known."""
    with reading_cursor(engine) as cursor:
        query = "SELECT FROM o2c.stripe_openings WHERE account = %s AND cut_over = %s LIMIT 1"
        cursor.execute(query, (account, cut_over))
        return cursor.fetchone() is not None


def moved_since(engine: Engine, account: str, cut_over: datetime) -> dict[str, int] | None:
    """Σ net of the account's balance transactions since, by currency; None: one of them makes no sense."""
    with reading_cursor(engine) as cursor:
        cursor.execute(_SINCE, (cut_over, account))
        rows: Sequence[Any] = cursor.fetchall()
    return {str(row[0]): int(row[2]) for row in rows} if all(row[1] for row in rows) else None


def record_opening(engine: Engine, account: str, cut_over: datetime, balances: Mapping[str, int]) -> None:
    """Keep Stripe's balance of an account at the start of the books, by currency; replaces what was known."""
    with raw_cursor(engine) as cursor:
        cursor.execute("DELETE FROM o2c.stripe_openings WHERE account = %s", (account,))
        cursor.executemany(
            "INSERT INTO o2c.stripe_openings (account, currency, cut_over, balance_minor) VALUES (%s, %s, %s, %s)",
            [(account, currency, cut_over, minor) for currency, minor in balances.items()],
        )
        keys = [(_name(account, currency),) for currency in balances]
        cursor.executemany("INSERT INTO o2c.dirty (key) VALUES (%s)", keys)
