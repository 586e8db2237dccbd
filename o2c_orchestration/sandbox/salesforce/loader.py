"""Putting records into the org as they are: for tests and the demo, behind the back of every rule.

What belongs here: completing what a record of the demo company leaves out. A custom field that the org does not have
is added, as an administrator would.
"""

from __future__ import annotations

from typing import Any

from o2c_orchestration.sandbox.salesforce import ids
from o2c_orchestration.sandbox.salesforce.fields import Field, SObject, text
from o2c_orchestration.sandbox.salesforce.org import ADMIN_USER
from o2c_orchestration.sandbox.salesforce.records import HOME_CURRENCY
from o2c_orchestration.sandbox.salesforce.sales import Sales, complete_line, complete_opportunity
from o2c_orchestration.sandbox.salesforce.store import Row, SalesforceStore
from o2c_orchestration.sandbox.salesforce.values import now_text, to_stored


def load(store: SalesforceStore, records: list[Row]) -> int:
    """Store records as a query gives them: `attributes.type` is needed. All or none.

    An `Id` that is left out is drawn. Raises ValueError, KeyError or SalesforceError.
    """
    stamp = now_text(store.org.stamp_ms)
    opportunities = set()
    with store.transaction():
        for record in records:
            kind = store.org.find(record["attributes"]["type"])
            if kind is None:
                raise ValueError(f"there is no object {record['attributes']['type']}")
            row = _row(store, kind, record, stamp)
            store.insert(store.org.at(kind.name), row)
            if kind.name == "OpportunityLineItem":
                opportunities.add(row["OpportunityId"])
        for each in sorted(opportunities):
            Sales(store).roll_up(each, None)
    return len(records)


def _row(store: SalesforceStore, kind: SObject, record: Row, stamp: str) -> Row:
    given: Row = {}
    for name, value in record.items():
        if name != "attributes":
            field = store.org.at(kind.name).field(name) or _added(store, kind, name)
            given[field.name] = ids.full(value) if field.type == "id" else _lenient(field, value)
    row = _defaults(store.org.at(kind.name), stamp) | {name: each for name, each in given.items() if each is not None}
    row.setdefault("LastModifiedDate", row["CreatedDate"])
    row.setdefault("SystemModstamp", row["LastModifiedDate"])
    if "Id" not in row:
        row["Id"] = store.new_id(kind)
    if kind.name == "Opportunity":
        complete_opportunity(row)
    elif kind.name == "OpportunityLineItem":
        complete_line(row, from_total="UnitPrice" not in given)
    elif kind.name in ("Contact", "User"):
        row.setdefault("Name", " ".join(filter(None, (row.get("FirstName"), row.get("LastName")))))
    return row


def _added(store: SalesforceStore, kind: SObject, name: str) -> Field:
    if not name.endswith("__c"):
        raise ValueError(f"{kind.name} has no field {name}")
    added = text(name, name.removesuffix("__c").replace("_", " "))
    store.add_field(kind, added)
    return added


def _lenient(field: Field, value: Any) -> Any:
    """The stored value; a picklist takes what was put there before it was restricted."""
    if field.restricted and isinstance(value, str):
        return value
    return to_stored(field, value)


def _defaults(kind: SObject, stamp: str) -> Row:
    row: Row = {"CreatedDate": stamp, "CreatedById": ADMIN_USER, "LastModifiedById": ADMIN_USER}
    for name, field in kind.fields.items():
        if field.default is not None:
            row[name] = int(field.default) if isinstance(field.default, bool) else field.default
    if "OwnerId" in kind.fields:
        row["OwnerId"] = ADMIN_USER
    if "CurrencyIsoCode" in kind.fields:
        row["CurrencyIsoCode"] = HOME_CURRENCY
    return row
