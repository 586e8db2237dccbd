"""What a person does in NetSuite's own screens: enter, change, delete and look through records.

The rules are the ledger's, as for everybody; a person needs no token and takes no place in the concurrency limit.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from o2c_orchestration.sandbox.netsuite.errors import NetSuiteError
from o2c_orchestration.sandbox.netsuite.ledger import Options
from o2c_orchestration.sandbox.netsuite.records import RECORD_TYPES
from o2c_orchestration.sandbox.netsuite.service import NetSuiteService

Json = dict[str, Any]

_LIVING = """
SELECT t.id, t.recordtype, t.externalid, t.trandate, t.memo, t.entity, c.symbol, t.x_total, t.x_scale, t.x_paid
FROM "transaction" t JOIN currency c ON c.id = t.currency
WHERE t.type IN ('CustInvc', 'CustPymt', 'CustDep') AND t.voided = 'F' ORDER BY t.id
"""


def by_hand(service: NetSuiteService, change: Json) -> Json:
    """Do one thing: `{"do": "enter", "recordType", "body"}`, or `change` or `delete` with an `id`.

    `replace` names sublists that a change gives anew. Raises ValueError in NetSuite's words when it refuses.
    """
    options = Options(replace=frozenset(name.lower() for name in change.get("replace", ())))
    # A browser's numbers are decimal text; floats would not be.
    body = json.loads(json.dumps(change.get("body") or {}), parse_float=Decimal)
    record, identifier = str(change["recordType"]), str(change.get("id", ""))
    try:
        if change["do"] == "enter":
            return {"id": str(service.ledger.create(record, body, options).id)}
        if change["do"] == "change":
            return {"id": str(service.ledger.update(record, identifier, body, options).id)}
        if change["do"] == "delete":
            service.ledger.delete(record, identifier)
            return {"id": identifier}
    except NetSuiteError as error:
        raise ValueError(f"{error.code}: {error.detail}") from error
    raise ValueError(f"there is no such thing to do: {change['do']!r}")


def look_through(service: NetSuiteService, change: Json) -> Json:
    """Living invoices and payments with what is applied, amounts in minor units, and all customers."""
    connection = service.ledger.store.read()
    links: dict[int, list[Json]] = {}
    for row in connection.execute("SELECT nextdoc, previousdoc, x_amount FROM nexttransactionlinelink ORDER BY 1, 2"):
        links.setdefault(row["nextdoc"], []).append({"id": str(row["previousdoc"]), "amount": row["x_amount"]})
    transactions = [
        {
            "recordType": RECORD_TYPES[row["recordtype"]].name,
            "id": str(row["id"]),
            "externalId": row["externalid"],
            "tranDate": str(row["trandate"])[1:11],
            "memo": row["memo"],
            "customer": str(row["entity"]),
            "currency": row["symbol"],
            "total": row["x_total"],
            "scale": row["x_scale"],
            "applied": row["x_paid"],
            "applications": links.get(row["id"], []),
        }
        for row in connection.execute(_LIVING)
    ]
    customers = [dict(row) for row in connection.execute("SELECT id, externalid, isinactive FROM customer ORDER BY id")]
    return {"transactions": transactions, "customers": customers}
