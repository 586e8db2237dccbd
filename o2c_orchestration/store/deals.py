"""Deals as they lie in the store: for the planner those that lack something, for reconciliation all of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.contact import salesforce_contact
from o2c_orchestration.domain.deals import AccountRow, DealInvoice, DealPayment, OrderRow, PriceRow
from o2c_orchestration.domain.keys import fold
from o2c_orchestration.domain.salesforce_fields import Source
from o2c_orchestration.store import merges
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.contacts import with_reps
from o2c_orchestration.store.database import raw_cursor

# The lines of some deals, each with its price book entry and its product. Nothing but lines has a deal for its parent:
# to ask for their type would have PostgreSQL, where it has no statistics yet, go through all lines for each deal.
_LINES = """
coalesce((SELECT json_agg(json_build_array(l.payload, e.payload, p.payload)
                          ORDER BY nullif(l.payload -> 'SortOrder', 'null') NULLS LAST,
                                   l.payload ->> 'OrderItemNumber', l.id)
          FROM o2c.salesforce_objects l {of}
          LEFT JOIN o2c.salesforce_objects e ON e.id = l.payload ->> 'PricebookEntryId'
          LEFT JOIN o2c.salesforce_objects p
               ON p.id = coalesce(l.payload ->> 'Product2Id', e.payload ->> 'Product2Id')
          WHERE {which} AND NOT l.deleted), '[]'::json)"""
_OWN = _LINES.format(of="", which="l.parent_id = d.id")
_REDUCED = _LINES.format(
    of="JOIN o2c.salesforce_objects r ON r.id = l.parent_id AND r.object = 'Order' AND NOT r.deleted",
    which="""r.payload ->> 'OriginalOrderId' = d.id AND r.payload -> 'IsReductionOrder' = 'true'
            AND r.payload ->> 'StatusCode' = 'Activated'""",
)

# Whether something was made, or may have been, for a record: by us, by others under its id, or as it says itself, where
# that is not what the other record of the same sale says.
_MADE = """
(EXISTS (SELECT FROM o2c.journal j WHERE j.stripe_id = {it}.id AND j.state NOT IN ('refused', 'intent', 'dropped'))
 OR EXISTS (SELECT FROM o2c.sales_orders s WHERE s.external_id = {it}.id AND s.deleted_at IS NULL)
 OR EXISTS (SELECT FROM o2c.stripe_metadata m
            WHERE m.value = {it}.id AND m.name IN ('salesforce_opportunity_id', 'salesforce_order_id'))
 OR {it}.payload ->> 'NetSuite_Sales_Order_Id__c' <> coalesce(d.payload ->> 'NetSuite_Sales_Order_Id__c', '')
 OR {it}.payload ->> 'Stripe_Billing_Id__c' <> coalesce(d.payload ->> 'Stripe_Billing_Id__c', ''))"""

# Won deals of the kind that the policy names, and what was a deal once, of either kind: that for which something was
# made, whatever became of its date or of the policy.
_DEALS = f"""
SELECT d.id, d.payload, d.created_at, d.deleted, {_OWN}, {_REDUCED},
       CASE d.object
       WHEN 'Order' THEN (SELECT o.id FROM o2c.salesforce_objects o
                          WHERE o.id = d.payload ->> 'OpportunityId' AND {_MADE.format(it="o")})
       ELSE (SELECT min(o.id) FROM o2c.salesforce_objects o
             WHERE o.object = 'Order' AND o.payload ->> 'OpportunityId' = d.id AND {_MADE.format(it="o")}) END
FROM o2c.salesforce_objects d
WHERE d.object IN ('Opportunity', 'Order')
  AND (NOT d.deleted AND CASE d.object
           WHEN 'Opportunity' THEN %(source)s = 'opportunities' AND d.payload -> 'IsWon' = 'true'
                AND d.payload ->> 'CloseDate' >= %(since)s::date::text
           ELSE %(source)s = 'orders' AND d.payload ->> 'StatusCode' = 'Activated'
                AND d.payload ->> 'EffectiveDate' >= %(since)s::date::text END
       OR EXISTS (SELECT FROM o2c.journal j
                  WHERE j.stripe_id = d.id AND j.state NOT IN ('refused', 'intent', 'dropped')))
ORDER BY d.created_at, d.id"""

# Deals that others name, whatever became of them and whenever they were closed.
_EARLIER = f"""
SELECT d.id, d.payload, d.created_at, d.deleted, {_OWN}, '[]'::json, NULL
FROM o2c.salesforce_objects d WHERE d.object IN ('Opportunity', 'Order') AND d.id = ANY(%(ids)s) ORDER BY d.id"""

# What bills deals and does not end by itself with their term, by all that is known: our schedules, and what Salesforce
# names.
_GOING_ON = """
SELECT DISTINCT ON (b.deal) b.deal, b.id
FROM (SELECT j.stripe_id AS deal, j.written_id AS id FROM o2c.journal j
      WHERE j.document = 'subscriptionSchedule' AND j.state = 'done' AND j.stripe_id = ANY(%(ids)s)
      UNION SELECT d.id, d.payload ->> 'Stripe_Billing_Id__c' FROM o2c.salesforce_objects d
      WHERE d.id = ANY(%(ids)s) AND d.payload ->> 'Stripe_Billing_Id__c' LIKE 'sub%%') b
LEFT JOIN o2c.stripe_objects o ON o.id = b.id
WHERE NOT coalesce(o.payload ->> 'end_behavior' = 'cancel' OR o.status IN ('canceled', 'completed'), false)
ORDER BY b.deal, b.id"""
# A renewal of a renewal of a renewal: nobody's chain is longer.
_CHAIN_MAX = 30

# Who an account is in the other systems: what a person decided, then its own fields, then what we wrote in Stripe.
_ACCOUNTS = """
SELECT a.id, a.payload ->> 'Name', a.deleted, k.stripe_id, a.payload ->> 'Stripe_Customer_Id__c',
       (SELECT array_agg(m.stripe_id ORDER BY m.stripe_id) FROM o2c.stripe_metadata m
        JOIN o2c.customers c ON c.id = m.stripe_id AND NOT c.deleted
        WHERE m.name = 'salesforce_account_id' AND m.value = a.id),
       (SELECT j.written_id FROM o2c.journal j WHERE j.external_key = lower('stripe:cus:' || a.id)),
       coalesce(k.netsuite_id::text, a.payload ->> 'NetSuite_Customer_Id__c'),
       (SELECT c.payload ->> 'Email' FROM o2c.salesforce_objects c
        WHERE c.parent_id = a.id AND c.object = 'Contact' AND NOT c.deleted AND c.payload ->> 'Email' IS NOT NULL
        ORDER BY c.created_at, c.id LIMIT 1),
       a.payload
FROM o2c.salesforce_objects a
LEFT JOIN o2c.account_links k ON k.account_id = a.id AND k.decision = 'confirmed'
WHERE a.object = 'Account' AND a.id = ANY(%(ids)s)"""

_PRICES = """
SELECT id, payload ->> 'currency', (payload ->> 'unit_amount')::bigint, coalesce((payload ->> 'active')::boolean, true),
       payload ->> 'product', payload -> 'recurring' ->> 'interval',
       coalesce((payload -> 'recurring' ->> 'interval_count')::int, 1)
FROM o2c.stripe_objects WHERE object = 'price' AND id = ANY(%(ids)s)"""

# One that somebody else has entered is the deal's order if Salesforce names it.
_ORDERS = """
SELECT d.id, s.id::text, s.tranid, s.status, s.currency, s.total_minor, s.trandate, coalesce(x.tax_minor, 0)
FROM o2c.salesforce_objects d
JOIN o2c.sales_orders s ON s.external_id = d.id OR s.id::text = d.payload ->> 'NetSuite_Sales_Order_Id__c'
LEFT JOIN o2c.sales_order_taxes x ON x.order_id = s.id
WHERE d.id = ANY(%(ids)s) AND s.deleted_at IS NULL ORDER BY s.external_id IS DISTINCT FROM d.id, s.id"""

_INVOICES = """
SELECT m.value, i.id, i.number, i.status, i.currency, i.total_minor, i.tax_minor, i.amount_remaining_minor,
       i.issue_date, i.due_date, i.paid_date, (SELECT min(d.id)::text FROM o2c.netsuite_documents d
                     WHERE d.stripe_ref = i.id AND d.document = 'invoice' AND d.deleted_at IS NULL)
FROM o2c.stripe_metadata m JOIN o2c.invoices i ON i.id = m.stripe_id
WHERE m.name IN ('salesforce_opportunity_id', 'salesforce_order_id') AND m.value = ANY(%(ids)s)
ORDER BY i.created_at, i.id"""

_PAYMENTS = """
SELECT ip.invoice_id, p.id, ip.invoice_id, p.currency, ip.amount_minor, p.payment_date, p.status
FROM o2c.invoice_payments ip
JOIN o2c.payments p ON p.id = ip.charge_id OR ip.charge_id IS NULL AND p.payment_intent = ip.payment_intent
WHERE ip.invoice_id = ANY(%(ids)s) AND ip.status = 'paid' AND p.status = 'succeeded' ORDER BY p.created_at, p.id"""

_JOURNAL = """
SELECT stripe_id, document, external_id, state, written_id, netsuite_id::text, error_detail, fix,
       (answered_at AT TIME ZONE 'UTC')::date
FROM o2c.journal WHERE stripe_id = ANY(%(ids)s) ORDER BY id"""

_REFUSED = """
SELECT stripe_id, document, code, reason, fix FROM o2c.plan_entries
WHERE outcome = 'refused' AND stripe_id = ANY(%(ids)s) ORDER BY external_id"""

_CUSTOMERS = """
SELECT external_id FROM o2c.netsuite_customers WHERE external_id = ANY(%(ids)s)
UNION SELECT m.stripe_id FROM o2c.stripe_metadata m JOIN o2c.netsuite_customers c ON c.id = m.netsuite_id
      WHERE m.name = 'netsuite_customer_id' AND m.stripe_id = ANY(%(ids)s)
UNION SELECT external_id FROM o2c.journal
      WHERE external_key = ANY(%(folded)s) AND external_id = ANY(%(ids)s)
        AND document = 'customer' AND state = 'done'"""


@dataclass(frozen=True)
class StoredDeal:
    """An opportunity or order as it lies in the store, with its lines, each with its entry and product.

    `reductions` are the lines of reduction orders that take from it; `written_as` is the other record of the same sale
    for which something was made.
    """

    id: str
    payload: Mapping[str, Any]
    created_at: datetime
    deleted: bool
    lines: tuple[tuple[Any, Any, Any], ...]
    reductions: tuple[tuple[Any, Any, Any], ...] = ()
    written_as: str | None = None

    @property
    def account_id(self) -> str | None:
        """Of the account, if it has one."""
        found = self.payload.get("AccountId")
        return found if isinstance(found, str) and found else None


@dataclass(frozen=True)
class JournalLine:
    """What the journal says of one document of a deal."""

    document: str
    external_id: str
    state: str
    written_id: str | None
    netsuite_id: str | None
    error: str | None
    fix: str | None
    answered_on: date | None = None


@dataclass(frozen=True)
class StoredDeals:
    """Deals with everything of theirs, by the deal's id (payments by the invoice's).

    `earlier` are further ones that these name in the field that says what they renew; `going_on` is what bills a deal
    and does not end with its term, by the deal's id.
    """

    deals: tuple[StoredDeal, ...]
    accounts: Mapping[str, AccountRow]
    conflicts: Mapping[str, str]
    orders: Mapping[str, tuple[OrderRow, ...]]
    invoices: Mapping[str, tuple[DealInvoice, ...]]
    payments: Mapping[str, tuple[DealPayment, ...]]
    journal: Mapping[str, tuple[JournalLine, ...]]
    refused: Mapping[str, tuple[tuple[str, str], ...]]
    earlier: tuple[StoredDeal, ...] = ()
    going_on: Mapping[str, str] = field(default_factory=dict)


def read_deals(engine: Engine, since: date, source: Source, renews: str | None = None) -> StoredDeals:
    """All deals that are won and were closed on or after `since`, or for which something was made; in one snapshot.

    `renews`: the field by which they name earlier ones, which are read too.
    """
    stored = _read_deals(engine, since, source)
    return stored if renews is None else _with_earlier(engine, stored, renews)


def _read_deals(engine: Engine, since: date, source: Source) -> StoredDeals:
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_DEALS), {"since": since, "source": source})
        deals = tuple(_stored(row) for row in cursor.fetchall())
        ids = {"ids": [deal.id for deal in deals]}
        accounts, conflicts = _accounts(cursor, sorted({deal.account_id for deal in deals if deal.account_id}))
        invoices = _grouped(cursor, _INVOICES, ids, lambda row: DealInvoice(*row))
        of_invoices = {"ids": [invoice.id for some in invoices.values() for invoice in some]}
        return StoredDeals(
            deals=deals,
            accounts=accounts,
            conflicts=conflicts,
            orders=_grouped(cursor, _ORDERS, ids, lambda row: OrderRow(*row)),
            invoices=invoices,
            payments=_payments(cursor, of_invoices),
            journal=_grouped(cursor, _JOURNAL, ids, lambda row: JournalLine(*row)),
            refused=_grouped(cursor, _REFUSED, ids, lambda row: (row[0], f"{row[2].rstrip('.')}. To do: {row[3]}")),
        )


def _with_earlier(engine: Engine, stored: StoredDeals, field_name: str) -> StoredDeals:
    """The same with the deals that these name in a field, and those that they name in turn."""
    known, found = {deal.id: deal for deal in stored.deals}, dict[str, StoredDeal]()
    with raw_cursor(engine) as cursor:
        for _ in range(_CHAIN_MAX):
            named = {str(deal.payload.get(field_name) or "") for deal in (*stored.deals, *found.values())}
            missing = sorted(named - known.keys() - found.keys() - {""})
            cursor.execute(sql(_EARLIER), {"ids": missing})
            new = {row[0]: _stored(row) for row in cursor.fetchall()}
            found |= new
            if not new:
                break
        cursor.execute(sql(_GOING_ON), {"ids": sorted(named)})
        going_on = {str(row[0]): str(row[1]) for row in cursor.fetchall()}
    return replace(stored, earlier=tuple(found.values()), going_on=going_on)


def read_prices(engine: Engine, ids: Iterable[str]) -> dict[str, PriceRow]:
    """Stripe prices that were read, by id."""
    with raw_cursor(engine) as cursor:
        cursor.execute(_PRICES, {"ids": sorted(set(ids))})
        rows: Sequence[Any] = cursor.fetchall()
        return {row[0]: PriceRow(*row) for row in rows}


def existing_customers(engine: Engine, keys: Iterable[str]) -> frozenset[str]:
    """Those of these external ids under which NetSuite has a customer, or which metadata ties to one."""
    with raw_cursor(engine) as cursor:
        ids = sorted(set(keys))
        cursor.execute(_CUSTOMERS, {"ids": ids, "folded": [fold(key) for key in ids]})
        return frozenset(str(row[0]) for row in cursor.fetchall())


_INACTIVE = """
SELECT c.id::text, c.external_id FROM o2c.netsuite_customers c
WHERE c.inactive AND (c.id::text = ANY(%(numbers)s) OR c.external_id = ANY(%(keys)s))"""


def gone_customers(engine: Engine, accounts: Iterable[AccountRow]) -> tuple[dict[str, str], frozenset[str]]:
    """Accounts whose NetSuite customer is inactive, with his internal id; customers of theirs deleted in Stripe."""
    some = list(accounts)
    with raw_cursor(engine) as cursor:
        ids = [each.stripe_id for each in some if each.stripe_id]
        cursor.execute("SELECT id FROM o2c.customers WHERE deleted AND id = ANY(%s)", (ids,))
        deleted = frozenset(str(row[0]) for row in cursor.fetchall())
        return _asleep(cursor, some), deleted


def _asleep(cursor: Cursor, accounts: Sequence[AccountRow]) -> dict[str, str]:
    """Accounts whose NetSuite customer is inactive, with his internal id: whom they name, or who has their key."""
    named = [each.netsuite_id for each in accounts if each.netsuite_id]
    keys = [each.stripe_id or each.id for each in accounts if not each.netsuite_id]
    cursor.execute(sql(_INACTIVE), {"numbers": named, "keys": keys})
    rows: list[Any] = cursor.fetchall()
    numbers, by_key = {str(row[0]) for row in rows}, {str(row[1]): str(row[0]) for row in rows}
    own = ((each.id, each.netsuite_id or by_key.get(each.stripe_id or each.id)) for each in accounts)
    return {key: number for key, number in own if number is not None and number in numbers}


def _stored(row: Sequence[Any]) -> StoredDeal:
    identifier, payload, created_at, deleted, lines, reductions, written_as = row
    own, taken = (tuple((a, b, c) for a, b, c in some) for some in (lines, reductions))
    return StoredDeal(identifier, payload, created_at, deleted, own, taken, written_as)


def _accounts(cursor: Cursor, ids: list[str]) -> tuple[dict[str, AccountRow], dict[str, str]]:
    """Accounts by id, and for those whom sources call differently, the words for it."""
    lost = merges.losers(cursor, ids)
    cursor.execute(_ACCOUNTS, {"ids": sorted({*ids, *lost})})
    rows: Sequence[Any] = cursor.fetchall()
    tied: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        tied[lost.get(row[0], row[0])].append(row)
    numbers = merges.numbers(cursor, {*lost, *lost.values()})
    found, conflicts = dict[str, AccountRow](), dict[str, str]()
    for row in rows:
        if row[0] not in lost:
            account, trouble = _account(row, [each for each in tied[row[0]] if each is not row], numbers)
            found[account.id] = account
            conflicts |= {account.id: trouble} if trouble else {}
    contacts = with_reps(cursor, {row[0]: salesforce_contact(row[-1]) for row in rows if row[0] not in lost})
    return {key: replace(row, contact=contacts[key]) for key, row in found.items()}, conflicts


def _account(row: Sequence[Any], merged: Sequence[Any], numbers: Mapping[str, str]) -> tuple[AccountRow, str | None]:
    """An account with what was tied to those that went into it, and why nobody can tell who it is."""
    identifier, name, deleted, *_, email, _ = row
    # What an account says itself goes before what came with others: whoever merges chooses what its fields keep.
    named = sorted(set(_named(row)) or {each for some in merged for each in _named(some)})
    netsuite, others = row[7], sorted({number for each in merged if (number := each[7] or numbers.get(each[0]))})
    taken = f" and those merged into it ({', '.join(each[0] for each in merged)})" if merged else ""
    if len(named) > 1:
        trouble = f"account {name}{taken} is tied to several Stripe customers: {', '.join(named)}"
        return AccountRow(identifier, name, email, None, netsuite, deleted), trouble
    stripe_id = named[0] if named else None
    if stripe_id is None and netsuite is None and identifier not in numbers:
        netsuite = others[0] if len(others) == 1 else None
        words = (
            f"account {name}{taken} has several NetSuite customers: {', '.join(others)}; name the one that stays on it"
        )
        return AccountRow(identifier, name, email, None, netsuite, deleted), words if len(others) > 1 else None
    return AccountRow(identifier, name, email, stripe_id, netsuite, deleted), None


def _named(row: Sequence[Any]) -> list[str]:
    """Stripe customers that are an account's, by whatever says so."""
    _, _, _, confirmed, own, noted, written, *_ = row
    return [confirmed] if confirmed else [each for each in (own, written, *(noted or [])) if each]


def _payments(cursor: Cursor, ids: dict[str, Any]) -> dict[str, tuple[DealPayment, ...]]:
    return _grouped(cursor, _PAYMENTS, ids, lambda row: DealPayment(*row))


def _grouped(
    cursor: Cursor, statement: str, given: Mapping[str, Any], make: Callable[[Sequence[Any]], Any]
) -> dict[str, tuple[Any, ...]]:
    cursor.execute(sql(statement), given)
    found: dict[str, list[Any]] = defaultdict(list)
    rows: Sequence[Any] = cursor.fetchall()
    for row in rows:
        found[row[0]].append(make(row[1:]))
    return {key: tuple(values) for key, values in found.items()}
