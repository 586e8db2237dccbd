"""Accounts that may be a customer whom Stripe knows already: what is looked at, and what a person decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.store import actor, audit
from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor

# An account that nothing ties to Stripe, and about which nobody has decided.
_UNTIED = """
a.object = 'Account' AND NOT a.deleted AND a.payload ->> 'Stripe_Customer_Id__c' IS NULL
AND NOT EXISTS (SELECT FROM o2c.account_links k WHERE k.account_id = a.id)
AND NOT EXISTS (SELECT FROM o2c.stripe_metadata m WHERE m.name = 'salesforce_account_id' AND m.value = a.id)
AND NOT EXISTS (SELECT FROM o2c.journal j WHERE j.external_key = lower('stripe:cus:' || a.id))"""

_ACCOUNTS = f"""
SELECT a.id, a.payload ->> 'Name', coalesce((
           SELECT array_agg(DISTINCT lower(c.payload ->> 'Email')) FROM o2c.salesforce_objects c
           WHERE c.parent_id = a.id AND c.object = 'Contact' AND NOT c.deleted
             AND c.payload ->> 'Email' IS NOT NULL), '{{}}'),
       a.payload ->> 'Website', a.payload ->> 'Phone', a.payload ->> 'BillingCity', a.payload ->> 'BillingCountry'
FROM o2c.salesforce_objects a WHERE {_UNTIED} ORDER BY a.id"""

# A customer that another account is tied to is not anybody else.
_CUSTOMERS = """
SELECT c.id, c.name, lower(c.email) FROM o2c.customers c
WHERE NOT c.deleted
  AND NOT EXISTS (SELECT FROM o2c.stripe_metadata m WHERE m.stripe_id = c.id AND m.name = 'salesforce_account_id')
  AND NOT EXISTS (SELECT FROM o2c.salesforce_objects a
                  WHERE a.object = 'Account' AND NOT a.deleted AND a.payload ->> 'Stripe_Customer_Id__c' = c.id)
  AND NOT EXISTS (SELECT FROM o2c.account_links k WHERE k.stripe_id = c.id AND k.decision = 'confirmed')
ORDER BY c.id"""

_DECIDE = """
INSERT INTO o2c.account_links (account_id, stripe_id, netsuite_id, decision, evidence, decided_by)
VALUES (%(account)s, %(stripe)s, %(netsuite)s, %(decision)s, %(evidence)s, %(by)s)
ON CONFLICT (account_id) DO UPDATE SET stripe_id = excluded.stripe_id, netsuite_id = excluded.netsuite_id,
    decision = excluded.decision, evidence = excluded.evidence, decided_by = excluded.decided_by,
    decided_at = clock_timestamp()"""


@dataclass(frozen=True)
class UntiedAccount:
    """A Salesforce account that no id ties to a Stripe customer; e-mail addresses in lower case."""

    id: str
    name: str
    emails: tuple[str, ...]
    website: str | None
    phone: str | None
    city: str | None
    country: str | None


@dataclass(frozen=True)
class UntiedCustomer:
    """A Stripe customer that no account is tied to."""

    id: str
    name: str | None
    email: str | None


@dataclass(frozen=True)
class Decision:
    """What a person said: the account is this customer (or none that is known)."""

    account_id: str
    stripe_id: str | None
    netsuite_id: int | None
    decision: str
    evidence: str
    decided_by: str


def untied(engine: Engine) -> tuple[list[UntiedAccount], list[UntiedCustomer]]:
    """Both sides of what may belong together, in one snapshot."""
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_ACCOUNTS))
        accounts = [UntiedAccount(row[0], row[1] or row[0], tuple(row[2]), *row[3:]) for row in cursor.fetchall()]
        cursor.execute(sql(_CUSTOMERS))
        return accounts, [UntiedCustomer(*row) for row in cursor.fetchall()]


def decide(engine: Engine, decision: Decision) -> bool:
    """Keep a decision and put it on the audit trail; False for an account that was never read."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            "SELECT FROM o2c.salesforce_objects WHERE id = %s AND object = 'Account'", (decision.account_id,)
        )
        if cursor.fetchone() is None:
            return False
        values = {
            "account": decision.account_id,
            "stripe": decision.stripe_id,
            "netsuite": decision.netsuite_id,
            "decision": decision.decision,
            "evidence": decision.evidence,
            "by": decision.decided_by,
        }
        cursor.execute(sql(_DECIDE), values)
        audit.record(
            cursor,
            actor.current(),
            f"match_{decision.decision}",
            decision.account_id,
            decision.evidence,
            after={"stripe_id": decision.stripe_id, "netsuite_id": decision.netsuite_id, "by": decision.decided_by},
        )
        return True


def decisions(engine: Engine) -> list[Decision]:
    """All that were made, by account."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT account_id, stripe_id, netsuite_id, decision, evidence, decided_by
               FROM o2c.account_links ORDER BY account_id"""
        )
        rows: Sequence[Any] = cursor.fetchall()
        return [Decision(*row) for row in rows]
