"""What the masters of a customer's details say of him, for the planner."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import Engine

from o2c_orchestration.domain.contact import Contact, System, salesforce_contact, stripe_contact
from o2c_orchestration.domain.documents import CustomerRow
from o2c_orchestration.domain.mapping_sources import DETAIL
from o2c_orchestration.domain.policy_details import Details
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.database import reading_cursor

_TOLD = "SELECT stripe_id, keys, told -> %(kind)s FROM o2c.kept_metadata WHERE stripe_id = ANY(%(ids)s)"

# Accounts by the customer whom they are tied to: by a person's word, else by their own field or Stripe's metadata; a
# customer who has none in Stripe goes by his account's id.
_ELSEWHERE = """
NOT EXISTS (SELECT FROM o2c.account_links k
            WHERE k.account_id = {id} AND k.decision = 'confirmed' AND k.stripe_id IS NOT NULL)"""
_TIED = f"""
SELECT t.stripe_id, count(*), (array_agg(a.payload))[1]
FROM (SELECT k.stripe_id, k.account_id FROM o2c.account_links k
      WHERE k.decision = 'confirmed' AND k.stripe_id = ANY(%(ids)s)
      UNION SELECT a.payload ->> 'Stripe_Customer_Id__c', a.id FROM o2c.salesforce_objects a
      WHERE a.object = 'Account' AND a.payload ->> 'Stripe_Customer_Id__c' = ANY(%(ids)s)
        AND {_ELSEWHERE.format(id="a.id")}
      UNION SELECT m.stripe_id, m.value FROM o2c.stripe_metadata m
      WHERE m.name = 'salesforce_account_id' AND m.stripe_id = ANY(%(ids)s)
        AND {_ELSEWHERE.format(id="m.value")}
      UNION SELECT o.id, o.id FROM o2c.salesforce_objects o WHERE o.object = 'Account' AND o.id = ANY(%(ids)s)) t
JOIN o2c.salesforce_objects a ON a.id = t.account_id AND a.object = 'Account' AND NOT a.deleted
GROUP BY t.stripe_id"""
# Whoever was changed in one of the systems since we made him; whether it was a detail of his, nobody knows yet.
_CHANGED = """
SELECT j.external_id, coalesce(c.name, a.payload ->> 'Name', j.external_id), j.created_at, j.netsuite_id
FROM o2c.journal j
LEFT JOIN o2c.customers c ON c.id = j.external_id
LEFT JOIN o2c.stripe_objects o ON o.id = j.external_id
LEFT JOIN LATERAL (
    SELECT a.payload, a.facts_at FROM o2c.salesforce_objects a
    WHERE a.object = 'Account' AND NOT a.deleted
      AND (a.id = j.external_id OR a.payload ->> 'Stripe_Customer_Id__c' = j.external_id)
    ORDER BY a.facts_at DESC LIMIT 1) a ON true
WHERE j.document = 'customer' AND j.state = 'done' AND NOT j.adopted AND NOT coalesce(c.deleted, false)
  AND (%(account)s::text IS NULL OR o2c.account_of(j.stripe_id) = %(account)s)
  AND greatest(o.stored_at, a.facts_at) > j.answered_at
ORDER BY greatest(o.stored_at, a.facts_at) DESC, j.external_id LIMIT %(limit)s"""
_REPS = """
SELECT lower(name), array_agg(id ORDER BY id) FROM o2c.netsuite_reference
WHERE kind = 'employee' AND lower(name) = ANY(%(owners)s) GROUP BY 1"""
_NOBODY = Contact(trouble="no account of Salesforce is tied to the customer")
_SEVERAL = Contact(trouble="several accounts of Salesforce are tied to the customer")


def changed_since_made(
    engine: Engine, details: Details, account: str | None, limit: int
) -> list[tuple[CustomerRow, int]]:
    """Customers whom we made and whose masters have changed since, the latest first, with their ids in NetSuite."""
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_CHANGED), {"account": account, "limit": limit})
        found = {str(key): (name, made, int(netsuite)) for key, name, made, netsuite in cursor.fetchall()}
        rows = [CustomerRow(key, name, None, made) for key, (name, made, _) in found.items()]
        return [(row, found[row.id][2]) for row in with_contacts(cursor, rows, details)]


def with_contacts(cursor: Cursor, rows: Iterable[CustomerRow], details: Details) -> tuple[CustomerRow, ...]:
    """The customers, each with what the systems say of him that o2c.yaml asks."""
    found = tuple(rows)
    ids = sorted(row.id for row in found)
    told: dict[System, tuple[Mapping[str, Contact], Contact]] = {}
    if details.of_stripe:
        told["stripe"] = stripe_contacts(cursor, ids), stripe_contact({}, frozenset())
    if details.asks_salesforce:
        told["salesforce"] = _accounts(cursor, ids), _NOBODY
    if not told:
        return found
    return tuple(
        replace(row, contacts={system: known.get(row.id, nothing) for system, (known, nothing) in told.items()})
        for row in found
    )


def read_contacts(engine: Engine, ids: Iterable[str], details: Details) -> dict[str, Contact]:
    """What Stripe says of these customers, by id, where o2c.yaml asks it; of who was not read that he was not."""
    wanted = sorted(ids)
    if not details.of_stripe or not wanted:
        return {}
    with reading_cursor(engine) as cursor:
        return dict.fromkeys(wanted, stripe_contact({}, frozenset())) | stripe_contacts(cursor, wanted)


def stripe_contacts(cursor: Cursor, ids: list[str]) -> dict[str, Contact]:
    """What Stripe says of these customers, by id, as far as it was kept."""
    cursor.execute(sql(_TOLD), {"ids": ids, "kind": DETAIL})
    return {str(key): stripe_contact(told or {}, _kept(keys)) for key, keys, told in cursor.fetchall()}


def _kept(keys: Iterable[str]) -> frozenset[str]:
    named = (each.partition(":") for each in keys)
    return frozenset(name for kind, _, name in named if kind == DETAIL)


def _accounts(cursor: Cursor, ids: list[str]) -> dict[str, Contact]:
    cursor.execute(sql(_TIED), {"ids": ids})
    rows = cursor.fetchall()
    found = {str(key): salesforce_contact(payload) if count == 1 else _SEVERAL for key, count, payload in rows}
    return with_reps(cursor, found)


def with_reps(cursor: Cursor, contacts: Mapping[str, Contact]) -> dict[str, Contact]:
    """The same with the sales representatives in NetSuite, as far as they were read, who are the accounts' owners."""
    owners = {contact.owner.lower() for contact in contacts.values() if contact.owner}
    if not owners:
        return dict(contacts)
    cursor.execute(_REPS, {"owners": sorted(owners)})
    reps = {str(email): tuple(ids) for email, ids in cursor.fetchall()}
    return {key: replace(each, reps=reps.get((each.owner or "").lower(), ())) for key, each in contacts.items()}
