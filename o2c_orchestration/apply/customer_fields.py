"""A field of a customer who exists: written where NetSuite still shows what we wrote before, and nowhere else.

NetSuite's REST has no conditional request. So the customer is read right before the request leaves, and what somebody
changes in the moment between is overwritten: a second, once in a customer's life.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from o2c_orchestration.apply.currencies import Changer
from o2c_orchestration.domain.customer_changes import plain
from o2c_orchestration.domain.errors import Refused

DIFFERS = "CUSTOMER_DIFFERS"


class Shower(Protocol):
    """What of the NetSuite client's reading half shows records."""

    def record(self, record_type: str, internal_id: str | int) -> tuple[dict[str, Any], datetime]:
        """A record, and when it was read."""


def change(changer: Changer, body: Mapping[str, Any]) -> str:
    """Write the field, and nothing else of the customer; returns his internal id."""
    customer = str(body["customer"]["id"])
    changer.patch("customer", customer, body["change"])
    return customer


def find(shower: Shower, body: Mapping[str, Any]) -> str | None:
    """Internal id of the customer, if he shows the value by now, whoever wrote it."""
    customer = str(body["customer"]["id"])
    return customer if _shown(shower, body) == _says(body, "change") else None


def made_before(shower: Shower, body: Mapping[str, Any]) -> str | None:
    """As `find`. Raises Refused where somebody has changed the field since we wrote it."""
    customer, [name], shown = str(body["customer"]["id"]), body["change"], _shown(shower, body)
    ours, wanted = _says(body, "was"), _says(body, "change")
    if shown == wanted:
        return customer
    if shown == ours:
        return None
    detail = f"NetSuite customer {customer} has {name} {shown!r}, and we wrote {ours!r}: somebody changed it since. "
    detail += f"Salesforce says {wanted!r}"
    fix = "agree on one of the two, and write it in NetSuite, or on the account in Salesforce"
    raise Refused(f"NetSuite customer {customer} was changed", fix, system="NetSuite", code=DIFFERS, detail=detail)


def _shown(shower: Shower, body: Mapping[str, Any]) -> str:
    [name] = body["change"]
    record, _ = shower.record("customer", str(body["customer"]["id"]))
    return plain(record.get(name))


def _says(body: Mapping[str, Any], which: str) -> str:
    [value] = body[which].values()
    return plain(value)
