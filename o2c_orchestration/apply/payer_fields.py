"""A field of a Stripe customer who exists: written where Stripe still shows what we wrote before, and nowhere else.

Stripe has no conditional request. So the customer is read right before the request leaves, and what somebody changes in
the moment between is overwritten.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from o2c_orchestration.domain.customer_changes import comparable, conflict
from o2c_orchestration.domain.errors import Refused

DIFFERS, DELETED = "CUSTOMER_DIFFERS", "CUSTOMER_DELETED"


class Shower(Protocol):
    """What of the Stripe client's reading half shows objects."""

    def retrieve(self, path: str, params: Mapping[str, Any] | None = None) -> tuple[dict[str, Any], datetime]:
        """An object, and when it was read."""


def find(shower: Shower, body: Mapping[str, Any]) -> str | None:
    """Id of the customer, if he shows the value by now, whoever wrote it."""
    customer, shown, wanted = _looked_at(shower, body, "params")
    return customer if shown == wanted else None


def made_before(shower: Shower, body: Mapping[str, Any]) -> str | None:
    """As `find`. Raises Refused where somebody has changed the field since we wrote it, or the customer is deleted."""
    customer, shown, ours = _looked_at(shower, body, "was")
    [(name, value)] = body["params"].items()
    wanted = comparable(name, value)
    if shown == wanted:
        return customer
    if shown == ours:
        return None
    if shown is None:
        what, fix = f"Stripe customer {customer} is deleted", "name who takes his place: o2c matches confirm"
        raise Refused(what, fix, system="Stripe", code=DELETED, detail=what)
    detail = conflict(customer, name, shown, ours, wanted)
    fix = "agree on one of the two, and write it in Stripe, or on the account in Salesforce"
    raise Refused(f"Stripe customer {customer} was changed", fix, system="Stripe", code=DIFFERS, detail=detail)


def _looked_at(shower: Shower, body: Mapping[str, Any], which: str) -> tuple[str, str | None, str]:
    """The customer's id, what he shows (None: he is deleted), and what the body says under a name."""
    [(name, value)] = body[which].items()
    found, _ = shower.retrieve(str(body["path"]))
    shown = None if found.get("deleted") else comparable(name, found.get(name))
    return str(found["id"]), shown, comparable(name, value)
