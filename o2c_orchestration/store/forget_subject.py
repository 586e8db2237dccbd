"""Who is meant by a customer of Stripe's or an account of Salesforce's: all that stands for it, and its names."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from o2c_orchestration.domain import forget
from o2c_orchestration.domain.forget import Subject, Words
from o2c_orchestration.domain.mapping_sources import DETAIL
from o2c_orchestration.store.bulk import Cursor, sql

# Customers and accounts that are one, by whatever ties them: a person's word, fields of Salesforce, metadata of Stripe,
# what we made ourselves.
_TIES = """
SELECT account_id, stripe_id FROM o2c.account_links WHERE decision = 'confirmed' AND stripe_id IS NOT NULL
UNION SELECT id, payload ->> 'Stripe_Customer_Id__c' FROM o2c.salesforce_objects
      WHERE object = 'Account' AND payload ->> 'Stripe_Customer_Id__c' IS NOT NULL
UNION SELECT value, stripe_id FROM o2c.stripe_metadata WHERE name = 'salesforce_account_id'
UNION SELECT stripe_id, written_id FROM o2c.journal WHERE document = 'stripeCustomer' AND written_id IS NOT NULL"""
_ONE = f"""
WITH RECURSIVE ties (account, customer) AS MATERIALIZED ({_TIES}),
one (id) AS (
    SELECT %(subject)s::text
    UNION SELECT CASE WHEN t.account = o.id THEN t.customer ELSE t.account END
    FROM one o JOIN ties t ON o.id IN (t.account, t.customer))
SELECT id FROM one"""

# A NetSuite customer that stands for others too is nobody's of them.
_NETSUITE = """
SELECT c.id FROM o2c.netsuite_customers c
WHERE (c.external_id = ANY(%(ids)s)
       OR c.external_id IS NULL AND (
          EXISTS (SELECT FROM o2c.stripe_metadata m WHERE m.name = 'netsuite_customer_id' AND m.netsuite_id = c.id
                  AND m.stripe_id = ANY(%(ids)s))
          OR EXISTS (SELECT FROM o2c.account_links k WHERE k.netsuite_id = c.id AND k.account_id = ANY(%(ids)s))
          OR EXISTS (SELECT FROM o2c.journal j WHERE j.document = 'customer' AND j.netsuite_id = c.id
                     AND j.external_id = ANY(%(ids)s))))
  AND NOT EXISTS (SELECT FROM o2c.stripe_metadata m WHERE m.name = 'netsuite_customer_id' AND m.netsuite_id = c.id
                  AND NOT m.stripe_id = ANY(%(ids)s))
  AND NOT c.id::text = ANY(%(common)s) AND NOT coalesce(lower(c.name) = ANY(%(common)s), false)"""

_KNOWN = """
SELECT EXISTS (SELECT FROM o2c.stripe_objects WHERE id = %(id)s AND object = 'customer')
    OR EXISTS (SELECT FROM o2c.salesforce_objects WHERE id = %(id)s AND object = 'Account')
    OR EXISTS (SELECT FROM o2c.journal WHERE customer_id = %(id)s OR stripe_id = %(id)s)
    OR EXISTS (SELECT FROM o2c.netsuite_customers WHERE external_id = %(id)s)
    OR EXISTS (SELECT FROM o2c.forgotten WHERE id = %(id)s)"""

# Everything that is about it: what of Stripe's is the customer's, deals of an account and their lines.
_OWN = """
CREATE TEMPORARY TABLE own ON COMMIT DROP AS
WITH direct AS (
    SELECT unnest(%(ids)s::text[]) AS id
    UNION SELECT id FROM o2c.invoices WHERE customer_id = ANY(%(ids)s)
    UNION SELECT id FROM o2c.payments WHERE customer_id = ANY(%(ids)s)
    UNION SELECT id FROM o2c.credit_notes WHERE customer_id = ANY(%(ids)s)
    UNION SELECT id FROM o2c.customer_balance_transactions WHERE customer_id = ANY(%(ids)s)
    UNION SELECT id FROM o2c.stripe_objects WHERE object IN ('invoice', 'charge', 'credit_note')
                 AND payload ->> 'customer' = ANY(%(ids)s)
    UNION SELECT id FROM o2c.quarantine WHERE source = 'stripe' AND payload ->> 'customer' = ANY(%(ids)s)
    UNION SELECT id FROM o2c.salesforce_objects WHERE parent_id = ANY(%(ids)s))
SELECT id FROM direct
UNION SELECT r.id FROM o2c.refunds r JOIN direct d ON d.id = r.charge_id
UNION SELECT k.id FROM o2c.disputes k JOIN direct d ON d.id = k.charge_id
UNION SELECT l.id FROM o2c.salesforce_objects l JOIN direct d ON d.id = l.parent_id"""


def is_known(cursor: Cursor, subject: str) -> bool:
    """Whether anything here is about this customer or account."""
    cursor.execute(sql(_KNOWN), {"id": subject})
    found: Any = cursor.fetchone()
    return bool(found[0])


def find(cursor: Cursor, subject: str, common: Iterable[str]) -> Subject:
    """The subject by all its ids and names. Leaves the ids of all that is about it in the temporary table `own`.

    `common`: NetSuite customers that documents of several have in common, by name or internal id, in lower case.
    """
    cursor.execute(sql(_ONE), {"subject": subject})
    ids = sorted(str(row[0]) for row in cursor.fetchall())
    cursor.execute(sql(_NETSUITE), {"ids": ids, "common": list(common)})
    netsuite = sorted(int(row[0]) for row in cursor.fetchall())
    cursor.execute(sql(_OWN), {"ids": ids})
    cursor.execute("ANALYZE own")
    stripe = frozenset(each for each in ids if each.startswith("cus_"))
    return Subject(stripe, frozenset(ids) - stripe, frozenset(netsuite), _words(cursor, ids, netsuite))


def _words(cursor: Cursor, ids: list[str], netsuite: list[int]) -> Words:
    found = reduce(or_, (_told(cursor, statement, make, ids) for statement, make in _TELLING), Words())
    cursor.execute("SELECT name FROM o2c.netsuite_customers WHERE id = ANY(%s)", (netsuite,))
    found |= Words.of(row[0] for row in cursor.fetchall())
    gone = {*ids, *(each.lower() for each in ids)}
    return Words(found.names - gone, found.parts - gone)


def _told(cursor: Cursor, statement: str, make: Any, ids: list[str]) -> Words:
    cursor.execute(sql(statement), {"ids": ids, "kind": DETAIL})
    return reduce(or_, (make(*row) for row in cursor.fetchall()), Words())


def _of_details(told: Any) -> Words:
    return forget.stripe_words({**(told or {}), "object": "customer"})


# What calls the person something, and how that is read.
_TELLING: tuple[tuple[str, Any], ...] = (
    ("SELECT payload FROM o2c.stripe_objects JOIN own USING (id) WHERE object IN ('customer', 'invoice')",
     forget.stripe_words),
    ("SELECT payload FROM o2c.quarantine JOIN own USING (id) WHERE source = 'stripe'", forget.stripe_words),
    ("SELECT name, email FROM o2c.customers WHERE id = ANY(%(ids)s)", lambda *names: Words.of(names)),
    ("SELECT told -> %(kind)s FROM o2c.kept_metadata WHERE stripe_id = ANY(%(ids)s)", _of_details),
    ("SELECT object, payload FROM o2c.salesforce_objects JOIN own USING (id)", forget.salesforce_words),
    ("""SELECT body FROM (
            SELECT external_id, document, command -> 'body' AS body FROM o2c.journal
            UNION ALL SELECT external_id, document, request FROM o2c.journal
            UNION ALL SELECT external_id, document, command -> 'body' FROM o2c.plan_entries) j
        WHERE document IN ('customer', 'stripeCustomer') AND regexp_replace(external_id, '^.*:', '') = ANY(%(ids)s)""",
     forget.record_words),
    ("""SELECT body FROM (
            SELECT stripe_id, document, command -> 'body' AS body FROM o2c.journal
            UNION ALL SELECT stripe_id, document, command -> 'body' FROM o2c.plan_entries) j
        WHERE document IN ('customerField', 'stripeCustomerField') AND stripe_id = ANY(%(ids)s)""",
     forget.change_words),
)  # fmt: skip
