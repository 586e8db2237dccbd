"""Payouts as the planner reads them: with their members, what those stand for, and what waits on Suspense."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from o2c_orchestration.domain import keys
from o2c_orchestration.domain.payouts import MemberRow, PayoutRow, ResidualRow
from o2c_orchestration.domain.policy_books import Books
from o2c_orchestration.store.bulk import Cursor, sql

# A payout is looked at until its deposit is there; one that may have several deposits, or that came back, longer.
_PAYOUTS = """
SELECT p.id, p.currency, p.amount_minor, p.status, p.arrival_date, p.created_at, p.automatic,
       p.reconciliation = 'completed' AND r.payout_id IS NOT NULL, t.booked_date, w.payload ->> 'destination'
FROM o2c.payouts p
LEFT JOIN o2c.stripe_objects w ON w.id = p.id
LEFT JOIN o2c.payouts_read r ON r.payout_id = p.id
LEFT JOIN o2c.balance_transactions t ON t.id = p.failure_transaction
WHERE p.created_at >= %(first)s::date AND p.created_at < %(last)s::date + 1
  AND (%(account)s::text IS NULL OR o2c.account_of(p.id) = %(account)s)
  AND (%(shadow)s OR p.failure_transaction IS NOT NULL
       OR NOT EXISTS (SELECT FROM o2c.netsuite_documents d WHERE d.stripe_ref = p.id AND d.deleted_at IS NULL)
       OR (SELECT count(*) FROM o2c.payout_members m WHERE m.payout_id = p.id) > %(members_max)s)
ORDER BY p.created_at, p.id"""

# What a member's source says in the customer's currency.
_MEMBER = """
SELECT {payout}, b.id, b.type, b.category, b.source_id, b.currency, b.amount_minor, b.fee_minor, b.net_minor,
       b.created_at, b.fees, coalesce(c.currency, f.currency, d.currency),
       coalesce(c.amount_minor, f.amount_minor,
                CASE WHEN b.category = 'dispute_reversal' THEN d.reinstated_minor END, d.amount_minor),
       array_remove(ARRAY[coalesce(f.charge_id, d.charge_id), coalesce(c.customer_id, k.customer_id)], NULL)
FROM o2c.balance_transactions b {members}
LEFT JOIN o2c.payments c ON c.id = b.source_id
LEFT JOIN o2c.refunds f ON f.id = b.source_id
LEFT JOIN o2c.disputes d ON d.id = b.source_id
LEFT JOIN o2c.payments k ON k.id = coalesce(f.charge_id, d.charge_id)
WHERE {condition} ORDER BY b.created_at, b.id"""

_MEMBERS = _MEMBER.format(
    payout="m.payout_id",
    members="JOIN o2c.payout_members m ON m.transaction_id = b.id",
    condition="m.payout_id = ANY(%(ids)s)",
)

# Stripe does not say what a manual payout holds: anything that no other payout holds may be in it.
_CANDIDATES = _MEMBER.format(
    payout="%(id)s::text",
    members="",
    condition="""b.currency = %(currency)s AND b.created_at < %(until)s AND b.type <> 'payout'
      AND (%(account)s::text IS NULL OR o2c.account_of(b.id) = %(account)s)
      AND NOT EXISTS (SELECT FROM o2c.payout_members m WHERE m.transaction_id = b.id)""",
)

# What earlier payouts brought from before the books, of those of the same account and currency.
_EARLIER = _MEMBER.format(
    payout="p.id",
    members="""JOIN o2c.payout_members m ON m.transaction_id = b.id
    JOIN o2c.payouts q ON q.id = m.payout_id AND q.currency = b.currency AND q.created_at >= %(cut_over)s
    JOIN o2c.payouts p ON p.currency = q.currency AND (q.created_at, q.id) < (p.created_at, p.id)
         AND (%(account)s::text IS NULL OR o2c.account_of(q.id) = %(account)s)""",
    condition="b.created_at < %(cut_over)s AND p.id = ANY(%(ids)s)",
)

_RESIDUALS = """
SELECT p.id, p.currency, p.amount_minor, p.status, p.arrival_date, p.created_at, p.automatic,
       d.stripe_ref, split_part(l.memo, ' ', 1), l.amount_minor,
       (SELECT w.payload ->> 'destination' FROM o2c.stripe_objects w WHERE w.id = p.id)
FROM o2c.netsuite_deposit_lines l
JOIN o2c.netsuite_documents d ON d.id = l.deposit_id AND d.deleted_at IS NULL AND d.document = 'deposit'
JOIN o2c.payout_members m ON m.transaction_id = split_part(l.memo, ' ', 1)
JOIN o2c.payouts p ON p.id = m.payout_id
JOIN o2c.netsuite_reference a ON a.kind = 'account' AND a.id = l.account_id::text
WHERE p.created_at >= %(first)s::date AND p.created_at < %(last)s::date + 1
  AND (%(account)s::text IS NULL OR o2c.account_of(p.id) = %(account)s)
  AND lower(%(suspense)s) IN (lower(a.name), a.id) AND d.stripe_ref LIKE 'po\\_%%'
  AND NOT EXISTS (SELECT FROM o2c.netsuite_documents c
                  WHERE c.stripe_ref = 'rc-' || m.transaction_id AND c.deleted_at IS NULL)
ORDER BY m.transaction_id"""

# More members than this make several deposits (see plan.payout).
_MEMBERS_MAX = 10_000


def read_payouts(
    cursor: Cursor, window: dict[str, Any], books: Books, *, shadow: bool = False
) -> tuple[PayoutRow, ...]:
    """Payouts created in the window that may lack a document, oldest first, each with its members; `shadow`: all."""
    cursor.execute(sql(_PAYOUTS), {**window, "members_max": _MEMBERS_MAX, "shadow": shadow})
    heads: Sequence[Any] = cursor.fetchall()
    members = _members(cursor, _MEMBERS, {"ids": [row[0] for row in heads]})
    found = [_payout(cursor, row, members, window["account"]) for row in heads]
    # Of all payouts but the first few, nothing is from before the books.
    opened = [row.id for row in found if row.currency in books.opening and _oldest(row, books) < books.cut_over]
    given = {"ids": opened, "cut_over": books.cut_over, "account": window["account"]}
    earlier = _members(cursor, _EARLIER, given) if opened else {}
    return tuple(replace(row, earlier=tuple(earlier.get(row.id, ()))) for row in found)


def _oldest(row: PayoutRow, books: Books) -> datetime:
    return min((member.created_at for member in row.members), default=books.cut_over)


def _members(cursor: Cursor, statement: str, given: dict[str, Any]) -> dict[str, list[MemberRow]]:
    """Members by payout."""
    cursor.execute(sql(statement), given)
    found: dict[str, list[MemberRow]] = {}
    for payout, *values in cursor.fetchall():
        found.setdefault(payout, []).append(_member(values))
    return found


def _payout(cursor: Cursor, row: Any, members: dict[str, list[MemberRow]], account: str | None) -> PayoutRow:
    values: Any = (*row[:8], tuple(members.get(row[0], ())), row[8])
    payout = replace(PayoutRow(*values), destination=row[9])
    if payout.automatic or payout.members:
        return payout
    given = {"id": payout.id, "currency": payout.currency, "until": payout.created_at, "account": account}
    cursor.execute(sql(_CANDIDATES), given)
    return replace(payout, members=tuple(_member(found[1:]) for found in cursor.fetchall()))


def read_residuals(cursor: Cursor, window: dict[str, Any], suspense: str) -> tuple[ResidualRow, ...]:
    """Members that a deposit holds on the account `suspense` and that are not cleared; payouts of the window."""
    cursor.execute(sql(_RESIDUALS), {**window, "suspense": suspense})
    found: Sequence[Any] = cursor.fetchall()
    cursor.execute(sql(_MEMBERS), {"ids": [row[0] for row in found]})
    members = {values[0]: _member(values) for _, *values in cursor.fetchall()}
    return tuple(_residual(row, members[row[8]]) for row in found if row[8] in members)


def _residual(row: Any, member: MemberRow) -> ResidualRow:
    values: Any = (*row[:7], True)
    return ResidualRow(replace(PayoutRow(*values), destination=row[10]), row[7], member, row[9])


def keys_of(payouts: Iterable[PayoutRow], residuals: Iterable[ResidualRow]) -> Iterable[str]:
    """External ids of every document that these payouts and their members may have."""
    for payout in payouts:
        yield from (keys.payout_key(payout.id), keys.returned_payout_key(payout.id))
        parts = -(-len(payout.members) // _MEMBERS_MAX)
        yield from (keys.payout_part_key(payout.id, number) for number in range(2, parts + 1))
        for member in (*payout.members, *payout.earlier):
            yield from _keys_of_source(member.source_id or "")
    for residual in residuals:
        yield from (residual.deposit_key, keys.cleared_residual_key(residual.member.id))
        yield from _keys_of_source(residual.member.source_id or "")


def _keys_of_source(source: str) -> Iterable[str]:
    if source.startswith(("ch_", "py_")):
        yield source
    elif source.startswith(("re_", "pyr_")):
        yield from (keys.refund_key(source), keys.returned_refund_key(source))
    elif source.startswith(("dp_", "du_")):
        yield from (keys.dispute_key(source), keys.returned_dispute_key(source))


def _member(values: Sequence[Any]) -> MemberRow:
    fees = tuple((str(kind), int(amount)) for kind, amount in values[9])
    row: Any = (*values[:9], fees, *values[10:12], tuple(values[12]))
    return MemberRow(*row)
