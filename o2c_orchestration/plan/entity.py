"""Under which NetSuite customer a document is booked."""

from typing import Any

from o2c_orchestration.domain.keys import common_customer_key, customer_key
from o2c_orchestration.domain.policy import Policy


def entity_key(policy: Policy, customer_id: str | None) -> str | None:
    """The key of the customer: the common one in mode `global` and where Stripe names none; None: there is none."""
    customers = policy.customers
    if customers.common is not None and (customers.mode == "global" or customer_id is None):
        return common_customer_key(customers.common)
    return None if customer_id is None else customer_key(customer_id)


def entity(policy: Policy, customer_id: str | None) -> dict[str, Any]:
    """The reference to it in a record body."""
    return {"$document": ["customer", entity_key(policy, customer_id)]}


def subsidiary(policy: Policy) -> dict[str, Any]:
    """The subsidiary of a document, as a part of its record body; nothing where the account has none."""
    name = policy.books.subsidiary
    return {} if name is None else {"subsidiary": {"$subsidiary": name}}


def stated_subsidiary(policy: Policy) -> dict[str, Any]:
    """The same for documents that take their customer's or bank account's subsidiary by themselves.

    They say it where there are several entities: their customer may be in more than one.
    """
    return subsidiary(policy) if policy.entities else {}


def leaned_on(policy: Policy, customer_id: str | None) -> tuple[str, ...]:
    """The customer as what a document waits for; the common one is there already or nothing is planned."""
    own = customer_id is not None and policy.customers.mode == "each"
    return (customer_key(customer_id or ""),) if own else ()
