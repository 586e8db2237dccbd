"""A field of a customer who exists: written where NetSuite still shows what we wrote before, and nowhere else.

NetSuite's REST has no conditional request. So the customer is read right before the request leaves, and what somebody
changes in the moment between is overwritten: a second, once in a customer's life.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from o2c_orchestration.apply.currencies import Changer
from o2c_orchestration.domain.customer_changes import plain
from o2c_orchestration.domain.errors import ObjectMissing, Refused
from o2c_orchestration.domain.vanished import CODE, GONE

DIFFERS = "CUSTOMER_DIFFERS"


class Shower(Protocol):
    """What of the NetSuite client's reading half shows records."""

    def record(self, record_type: str, internal_id: str | int) -> tuple[dict[str, Any], datetime]:
        """A record, and when it was read."""


def change(changer: Changer, body: Mapping[str, Any]) -> str:
    """Write the field, and nothing else of the customer; returns his internal id."""
    customer = str(body["customer"]["id"])
    try:
        changer.patch("customer", customer, body["change"])
    except ObjectMissing as error:
        raise _vanished(customer, error.status) from error
    return customer


def find(shower: Shower, body: Mapping[str, Any]) -> str | None:
    """Internal id of the customer, if he shows the value by now, whoever wrote it. One who is gone shows nothing."""
    customer = str(body["customer"]["id"])
    try:
        return customer if _shown(shower, body) == _says(body, "change") else None
    except ObjectMissing:
        return None


def made_before(shower: Shower, body: Mapping[str, Any]) -> str | None:
    """As `find`. Raises Refused where somebody has changed the field since we wrote it, or the customer is gone."""
    customer, [name] = str(body["customer"]["id"]), body["change"]
    try:
        shown = _shown(shower, body)
    except ObjectMissing as error:
        raise _vanished(customer, error.status) from error
    ours, wanted = _says(body, "was"), _says(body, "change")
    if shown == wanted:
        return customer
    if shown == ours:
        return None
    detail = f"NetSuite customer {customer} has {name} {shown!r}, and we wrote {ours!r}: somebody changed it since. "
    detail += f"Salesforce says {wanted!r}"
    fix = "agree on one of the two, and write it in NetSuite, or on the account in Salesforce"
    raise Refused(f"NetSuite customer {customer} was changed", fix, system="NetSuite", code=DIFFERS, detail=detail)


def _vanished(customer: str, status: int | None) -> Refused:
    """Trying again finds nobody either: what ends it is a person's word on who takes his place."""
    what = f"NetSuite has no customer {customer} any more: {GONE}"
    fix = "name who takes his place in NetSuite_Customer_Id__c of the account, or by o2c matches confirm; if he is "
    fix += "there, let the role see him"
    return Refused(what, fix, system="NetSuite", status=status, code=CODE, detail=what)


def _shown(shower: Shower, body: Mapping[str, Any]) -> str:
    [name] = body["change"]
    record, _ = shower.record("customer", str(body["customer"]["id"]))
    return plain(record.get(name))


def _says(body: Mapping[str, Any], which: str) -> str:
    [value] = body[which].values()
    return plain(value)
