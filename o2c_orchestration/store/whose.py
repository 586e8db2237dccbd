"""Under which NetSuite customer a document has to be booked, and what need not be booked at all, for the comparison.

A document of a Stripe customer may be under the NetSuite customer that has its id, and under the one that its metadata
names: what was written before the metadata was set stays where it is. In mode `global` it has to be under the common
customer; so may be documents of charges that have no customer in Stripe, in any mode.
"""

from o2c_orchestration.domain.policy import Customers, Policy
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.metadata import common_customer

_OWN = "(%(account)s::text IS NULL OR o2c.account_of({pairs}.stripe_id) = %(account)s)"
_NAMED = f"""
UPDATE {{pairs}} SET strange = false FROM o2c.stripe_metadata m
WHERE {{pairs}}.strange AND {_OWN} AND m.stripe_id = {{pairs}}.customer_id AND m.name = 'netsuite_customer_id'
  AND m.netsuite_id = {{pairs}}.ns_entity"""
_NOBODYS = f"""
UPDATE {{pairs}} SET strange = false
WHERE strange AND customer_id IS NULL AND ns_entity = %(common)s::bigint AND {_OWN}"""

_LEFT_OUT = "DELETE FROM {pairs} p USING o2c.uncompared l WHERE p.netsuite_id IS NULL AND l.stripe_id = p.{key}"


def strange(cursor: Cursor, policy: Policy, customer_id: str, stripe_id: str) -> str:
    """SQL that tells whether a document `d` of the NetSuite customer `c` is booked under another customer than due.

    `customer_id` is the column of the Stripe customer, `stripe_id` that of the object, whose Stripe account decides
    where entities differ in this. Where a common customer is not known, nothing is judged.
    """
    cases = [(account, _strange(cursor, own.customers, customer_id)) for account, own in policy.each()]
    if len({text for _, text in cases}) == 1:
        return cases[0][1]
    told = " ".join(f"WHEN '{account}' THEN {text}" for account, text in cases)
    return f"(CASE o2c.account_of({stripe_id}) {told} END)"


def _strange(cursor: Cursor, customers: Customers, customer_id: str) -> str:
    if customers.mode == "each":
        return f"c.external_id IS DISTINCT FROM {customer_id}"
    common = common_customer(cursor, customers.common)
    return "false" if common is None else f"d.entity_id IS DISTINCT FROM {common:d}"


def forgive(cursor: Cursor, policy: Policy, pairs: str) -> None:
    """Clear `strange` in a table of pairs where metadata or the common customer allow what the ids do not."""
    for account, own in policy.each():
        if own.customers.mode == "each":
            common = common_customer(cursor, own.customers.common)
            given = {"common": common, "account": account if policy.entities else None}
            cursor.execute(sql(_NAMED.format(pairs=pairs)), given)
            cursor.execute(sql(_NOBODYS.format(pairs=pairs)), given)


def leave_out(cursor: Cursor, pairs: str, key: str = "stripe_id") -> None:
    """Take what needs no document, and has none, out of a table of pairs: metadata blocks it, or it is too old."""
    cursor.execute(sql(_LEFT_OUT.format(pairs=pairs, key=key)))
