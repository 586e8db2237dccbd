"""What the masters of a customer's details say of him, for the planner."""

from collections.abc import Iterable
from dataclasses import replace

from o2c_orchestration.domain.contact import Contact, stripe_contact
from o2c_orchestration.domain.documents import CustomerRow
from o2c_orchestration.domain.mapping_sources import DETAIL
from o2c_orchestration.domain.policy_details import Details
from o2c_orchestration.store.bulk import Cursor, sql

_TOLD = "SELECT stripe_id, keys, told -> %(kind)s FROM o2c.kept_metadata WHERE stripe_id = ANY(%(ids)s)"


def with_contacts(cursor: Cursor, rows: Iterable[CustomerRow], details: Details) -> tuple[CustomerRow, ...]:
    """The customers, each with what the systems say of him that o2c.yaml asks."""
    found = tuple(rows)
    if not details.of_stripe:
        return found
    stripe = stripe_contacts(cursor, {row.id for row in found})
    nothing = stripe_contact({}, frozenset())
    return tuple(replace(row, contacts={"stripe": stripe.get(row.id, nothing)}) for row in found)


def stripe_contacts(cursor: Cursor, ids: Iterable[str]) -> dict[str, Contact]:
    """What Stripe says of these customers, by id, as far as it was kept."""
    cursor.execute(sql(_TOLD), {"ids": sorted(ids), "kind": DETAIL})
    return {str(key): stripe_contact(told or {}, _kept(keys)) for key, keys, told in cursor.fetchall()}


def _kept(keys: Iterable[str]) -> frozenset[str]:
    named = (each.partition(":") for each in keys)
    return frozenset(name for kind, _, name in named if kind == DETAIL)
