"""`/_sandbox/netsuite/…`: what an accountant or administrator would do in NetSuite's own screens.

For tests and the demo, not for clients: closing periods, voiding, making records inactive, tokens, counters.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from o2c_orchestration.sandbox.netsuite.catalog import set_mandatory
from o2c_orchestration.sandbox.netsuite.clerk import at_the_desk, look_at_orders
from o2c_orchestration.sandbox.netsuite.duplicates import merge_customers
from o2c_orchestration.sandbox.netsuite.revaluation import revalue
from o2c_orchestration.sandbox.netsuite.roles import set_role
from o2c_orchestration.sandbox.netsuite.screens import by_hand, look_through
from o2c_orchestration.sandbox.netsuite.service import NetSuiteService
from o2c_orchestration.sandbox.netsuite.settling import settle
from o2c_orchestration.sandbox.netsuite.taxing import set_tax
from o2c_orchestration.sandbox.netsuite.values import mark_moment, now_utc, utc_text

Json = dict[str, Any]
Change = Callable[[NetSuiteService, Json], Json]

_PERIOD_FLAGS = {
    "closed": "closed",
    "allLocked": "alllocked",
    "arLocked": "arlocked",
    "allowNonGLChanges": "allownonglchanges",
}


def control_routes(service: NetSuiteService) -> list[Route]:
    """Routes that change the account behind its clients' backs."""
    return [
        Route("/_sandbox/netsuite/periods", _handler(service, set_period), methods=["POST"]),
        Route("/_sandbox/netsuite/void", _handler(service, void_transaction), methods=["POST"]),
        Route("/_sandbox/netsuite/inactive", _handler(service, set_inactive), methods=["POST"]),
        Route("/_sandbox/netsuite/restrict", _handler(service, restrict), methods=["POST"]),
        Route("/_sandbox/netsuite/merge", _handler(service, merge_customers), methods=["POST"]),
        Route("/_sandbox/netsuite/employees", _handler(service, hire), methods=["POST"]),
        Route("/_sandbox/netsuite/mandatory", _handler(service, set_mandatory), methods=["POST"]),
        Route("/_sandbox/netsuite/rates", _handler(service, set_rate), methods=["POST"]),
        Route("/_sandbox/netsuite/tax", _handler(service, set_tax), methods=["POST"]),
        Route("/_sandbox/netsuite/records", _handler(service, look_through), methods=["GET"]),
        Route("/_sandbox/netsuite/records", _handler(service, by_hand), methods=["POST"]),
        Route("/_sandbox/netsuite/orders", _handler(service, look_at_orders), methods=["GET"]),
        Route("/_sandbox/netsuite/orders", _handler(service, at_the_desk), methods=["POST"]),
        Route("/_sandbox/netsuite/role", _handler(service, set_role), methods=["POST"]),
        Route("/_sandbox/netsuite/tokens", _handler(service, set_tokens), methods=["POST"]),
        Route("/_sandbox/netsuite/certificates", _handler(service, set_certificates), methods=["POST"]),
        Route("/_sandbox/netsuite/stats", _handler(service, stats), methods=["GET", "DELETE"]),
    ]


_TABLES = {
    **{kind: kind for kind in ("customer", "item", "account", "subsidiary", "currency", "term", "department")},
    "location": "location",
    "class": "classification",
    "customlist_region": "x_listvalue",
}


def set_period(service: NetSuiteService, change: Json) -> Json:
    """Close, lock or open the month `name`: `{"name": "Aug 2026", "closed": true}`.

    With `"tax": true` it is the tax period of that name, which refuses nothing: what comes after it was closed is
    reported in the next one.
    """
    table, known = ("taxperiod", {"closed": "allclosed"}) if change.get("tax") else ("accountingperiod", _PERIOD_FLAGS)
    flags = {name: column for name, column in known.items() if name in change}
    values = {column: "T" if change[name] else "F" for name, column in flags.items()}
    if not values:
        raise ValueError(f"name one of {', '.join(known)}")
    assignments = ", ".join(f"{column} = ?" for column in values)
    with service.ledger.store.write() as connection:
        done = connection.execute(
            f"UPDATE {table} SET {assignments}, lastmodifieddate = ? WHERE periodname = ?",
            [*values.values(), mark_moment(now_utc()), change["name"]],
        )
        if done.rowcount == 0:
            raise ValueError(f"there is no period {change['name']!r}")
    return {"name": change["name"], **values}


def void_transaction(service: NetSuiteService, change: Json) -> Json:
    """Void the transaction `id`: what it settled opens again, its amounts become nought.

    Raises ValueError when there is none, or when a later transaction leans on it.
    """
    transaction, moment = int(change["id"]), now_utc()
    with service.ledger.store.write() as connection:
        found = connection.execute('SELECT type FROM "transaction" WHERE id = ?', (transaction,)).fetchone()
        if found is None:
            raise ValueError(f"there is no transaction {transaction}")
        if _leaned_on(connection, transaction):
            raise ValueError(f"transaction {transaction} is applied, refunded or deposited")
        touched = [
            row["previousdoc"]
            for row in connection.execute(
                "SELECT previousdoc FROM nexttransactionlinelink WHERE nextdoc = ?", (transaction,)
            )
        ]
        connection.execute("DELETE FROM nexttransactionlinelink WHERE nextdoc = ?", (transaction,))
        connection.execute(
            "UPDATE \"transaction\" SET voided = 'T', void = 'T', status = 'V', x_total = 0, x_paid = 0,"
            " x_base_total = 0, lastmodifieddate = ?, x_modified = ? WHERE id = ?",
            (mark_moment(moment), utc_text(moment), transaction),
        )
        for table in ("transactionline", "transactionaccountingline"):
            amounts = "x_amount = 0, x_base = 0" if table == "transactionline" else "x_base = 0"
            connection.execute(f'UPDATE {table} SET {amounts} WHERE "transaction" = ?', (transaction,))
        settle(connection, [transaction, *touched], moment, touched)
        revalue(connection, [transaction, *touched])
    return {"id": str(transaction), "voided": True}


def _leaned_on(connection: sqlite3.Connection, transaction: int) -> bool:
    found = connection.execute(
        "SELECT 1 FROM nexttransactionlinelink WHERE previousdoc = ? LIMIT 1", (transaction,)
    ).fetchone()
    return found is not None


def set_inactive(service: NetSuiteService, change: Json) -> Json:
    """Make a record inactive or active: `{"recordType": "account", "id": "2", "inactive": true}`."""
    table = _TABLES[change["recordType"]]
    flag = "T" if change.get("inactive", True) else "F"
    changed = "" if table in ("x_listvalue", "term") else ", lastmodifieddate = :now"
    with service.ledger.store.write() as connection:
        values = {"flag": flag, "now": mark_moment(now_utc()), "id": int(change["id"])}
        connection.execute(f"UPDATE {table} SET isinactive = :flag{changed} WHERE id = :id", values)
    return {"id": str(change["id"]), "isinactive": flag}


def restrict(service: NetSuiteService, change: Json) -> Json:
    """Which subsidiary a record is open to: `{"recordType": "class", "id": "1", "subsidiary": "2", "children": false}`;
    without `subsidiary` to all.
    """
    values = (change.get("subsidiary"), "T" if change.get("children", True) else "F", int(change["id"]))
    with service.ledger.store.write() as connection:
        table = _TABLES[change["recordType"]]
        connection.execute(f"UPDATE {table} SET subsidiary = ?, includechildren = ? WHERE id = ?", values)
    return {"id": str(change["id"]), "subsidiary": values[0]}


def hire(service: NetSuiteService, change: Json) -> Json:
    """An employee: `{"email": "ann@example.com", "salesRep": true, "inactive": false}`; `id` changes one."""
    email = str(change["email"])
    flags = ["T" if change.get(name) else "F" for name in ("salesRep", "inactive")]
    with service.ledger.store.write() as connection:
        last = connection.execute("SELECT coalesce(max(id), 900) FROM employee").fetchone()[0]
        new_id = int(change.get("id") or last + 1)
        connection.execute(
            "INSERT OR REPLACE INTO employee (id, entityid, email, issalesrep, isinactive, lastmodifieddate)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (new_id, email.partition("@")[0], email, *flags, mark_moment(now_utc())),
        )
    return {"id": str(new_id)}


def set_rate(service: NetSuiteService, change: Json) -> Json:
    """The exchange rate of a currency: `{"currency": "EUR", "rate": null}` leaves it without one.

    `{"currency": "EUR", "newest": "2026-08-01", "distance": 7, "days": 10}`: the last of ten rates, one a week; a
    `newest` of null is one every day up to today.
    """
    with service.ledger.store.write() as connection:
        if "rate" in change:
            connection.execute(
                "UPDATE currency SET exchangerate = ? WHERE symbol = ?", (change["rate"], change["currency"])
            )
        if "newest" in change:
            connection.execute(
                "INSERT OR REPLACE INTO x_rate SELECT id, ?, ?, ? FROM currency WHERE symbol = ?",
                (change["newest"], change.get("distance"), change.get("days"), change["currency"]),
            )
    return {"currency": change["currency"], "rate": change.get("rate")}


def set_tokens(service: NetSuiteService, change: Json) -> Json:
    """How long access tokens live from now on (`expires_in`, seconds), and `revoke` for those issued."""
    if "expires_in" in change:
        service.issuer.token_seconds = int(change["expires_in"])
    if change.get("revoke"):
        service.issuer.revoke_all()
    return {"expires_in": service.issuer.token_seconds}


def set_certificates(service: NetSuiteService, change: Json) -> Json:
    """`{"certificate_id", "public_key_pem"}` uploads one beside those there are, `{"revoke": "…"}` takes one away.

    Until the sandbox is started again. Tokens that it has led to live on: see `tokens`.
    """
    if "revoke" in change:
        service.issuer.revoke(change["revoke"])
    else:
        service.issuer.upload(change["certificate_id"], change["public_key_pem"])
    return {}


def stats(service: NetSuiteService, change: Json) -> Json:
    """The most requests in flight at once and how many met the limit; DELETE starts counting anew."""
    if change.get("reset"):
        service.gate.reset()
    return {"max_in_flight": service.max_in_flight, "requests_refused": service.requests_refused}


def _handler(service: NetSuiteService, change: Change) -> Callable[[Request], Any]:
    async def handle(request: Request) -> Response:
        try:
            given = json.loads(await request.body() or b"{}") if request.method == "POST" else {}
            if request.method == "DELETE":
                given = {"reset": True}
            answer = await run_in_threadpool(change, service, given)
        except (ValueError, TypeError, KeyError) as error:
            return _json({"error": f"{type(error).__name__}: {error}"}, 400)
        return _json(answer)

    return handle


def _json(body: Json, status: int = 200) -> Response:
    return Response(json.dumps(body), status, media_type="application/json")
