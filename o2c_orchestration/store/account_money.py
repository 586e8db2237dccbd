"""What the accounts of Salesforce owe, by Stripe's invoices in the account's own currency."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.deals import AccountMoney, AccountRow
from o2c_orchestration.domain.salesforce_fields import WRITTEN
from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor

# Accounts that an id of any kind ties to a Stripe customer. Where two claim one customer neither is told of it.
_MONEY = """
WITH tied AS (
    SELECT a.id, a.payload,
           coalesce(k.stripe_id, a.payload ->> 'Stripe_Customer_Id__c', m.stripe_id, j.written_id, l.cus) AS cus
    FROM o2c.salesforce_objects a
    LEFT JOIN o2c.account_links k ON k.account_id = a.id AND k.decision = 'confirmed'
    LEFT JOIN LATERAL (
        SELECT min(m.stripe_id) AS stripe_id FROM o2c.stripe_metadata m
        WHERE m.name = 'salesforce_account_id' AND m.value = a.id HAVING count(*) = 1) m ON true
    LEFT JOIN o2c.journal j ON j.external_key = lower('stripe:cus:' || a.id)
    -- Whose customer came with an account that was merged into it.
    LEFT JOIN LATERAL (
        SELECT min(t.cus) AS cus FROM o2c.account_merges g CROSS JOIN LATERAL (
            SELECT o.payload ->> 'Stripe_Customer_Id__c' AS cus FROM o2c.salesforce_objects o WHERE o.id = g.loser
            UNION SELECT n.stripe_id FROM o2c.stripe_metadata n
                  WHERE n.name = 'salesforce_account_id' AND n.value = g.loser
            UNION SELECT w.written_id FROM o2c.journal w WHERE w.external_key = lower('stripe:cus:' || g.loser)) t
        WHERE g.winner = a.id HAVING count(DISTINCT t.cus) = 1) l ON true
    WHERE a.object = 'Account' AND NOT a.deleted
), sole AS (
    SELECT t.* FROM tied t WHERE t.cus IS NOT NULL AND NOT EXISTS (
        SELECT FROM tied o WHERE o.cus = t.cus AND o.id <> t.id))
SELECT s.id, s.payload, s.cus, i.currency, coalesce(i.open, 0), coalesce(i.overdue, 0),
       o2c.netsuite_customer(s.cus)::text
FROM sole s LEFT JOIN LATERAL (
    SELECT i.currency, sum(i.amount_remaining_minor)::bigint AS open,
           sum(i.amount_remaining_minor) FILTER (WHERE i.due_date < %(today)s)::bigint AS overdue
    FROM o2c.invoices i WHERE i.customer_id = s.cus AND i.status = 'open'
      AND i.currency = lower(coalesce(s.payload ->> 'CurrencyIsoCode', i.currency))
    GROUP BY i.currency ORDER BY 2 DESC LIMIT 1) i ON true
ORDER BY s.id"""


def read_account_money(engine: Engine, today: date) -> list[AccountMoney]:
    """Every account that is tied to one Stripe customer of its own; overdue is what was due before `today`."""
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_MONEY), {"today": today})
        rows: Sequence[Any] = cursor.fetchall()
    return [_account(row) for row in rows]


def _account(row: Sequence[Any]) -> AccountMoney:
    identifier, payload, customer, currency, outstanding, overdue, netsuite_id = row
    account = AccountRow(identifier, payload.get("Name") or identifier, None, customer, netsuite_id)
    told = {name: payload.get(name) for name in WRITTEN["Account"] if name in payload}
    code = currency or str(payload.get("CurrencyIsoCode") or "usd").lower()
    return AccountMoney(account, code, outstanding, overdue or 0, told)
