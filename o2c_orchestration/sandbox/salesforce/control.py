"""`/_sandbox/salesforce/…`: what administrators, salespeople and time do in the org, for tests and the demo.

Bodies and answers are JSON; what cannot happen is answered with 400 and `{"error": …}`. Salesforce's own refusals come
with its status and body. `GET query?q=` reads without a session and costs no call of the API.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from o2c_orchestration.sandbox.salesforce.api import Api
from o2c_orchestration.sandbox.salesforce.auth import SECRET
from o2c_orchestration.sandbox.salesforce.errors import SalesforceError
from o2c_orchestration.sandbox.salesforce.fields import external, text
from o2c_orchestration.sandbox.salesforce.org import SALES_USER
from o2c_orchestration.sandbox.salesforce.rules import By
from o2c_orchestration.sandbox.salesforce.soql_run import Asked
from o2c_orchestration.sandbox.salesforce.values import moment_text

if TYPE_CHECKING:
    from o2c_orchestration.sandbox.salesforce.pubsub import PubSub

Json = dict[str, Any]
Change = Callable[[Api, Json], Any]
_VERSION = "v68.0"


def control_routes(api: Api) -> list[Route]:
    """Routes that change the org behind its clients' backs."""
    return [
        Route(f"/_sandbox/salesforce/{path}", _handler(api, change), methods=[method])
        for (method, path), change in CHANGES.items()
    ]


def expire_sessions(api: Api, change: Json) -> Json:
    """Every token handed out so far is invalid from now on."""
    return {"ended": api.store.end_sessions()}


def set_secret(api: Api, change: Json) -> Json:
    """`{"client_secret": "…"}`: the app's secret from now on. Sessions that the one before has opened live on."""
    api.store.set(SECRET, str(change["client_secret"]))
    return {}


def limits(api: Api, change: Json) -> Json:
    """Calls of the last 24 hours and how many are allowed."""
    return {"daily": api.daily_limit, "used": api.store.calls(time.time())}


def set_limits(api: Api, change: Json) -> Json:
    """`{"daily": 100}`: so many calls in 24 hours; `"reset": true` forgets those made."""
    if "daily" in change:
        api.store.set("daily limit", int(change["daily"]))
    if change.get("reset"):
        api.store.forget_calls()
    return limits(api, {})


def rules(api: Api, change: Json) -> Json:
    """The rules and locks in force."""
    return api.rules.all()


def add_rule(api: Api, change: Json) -> Json:
    """`{"validation": {"type", "condition", "message", "field"}}` or `{"duplicate": {"type", "fields", "block"}}`.

    The condition is SOQL about what is forbidden; see `rules.py`.
    """
    for what in change.keys() & {"validation", "duplicate"}:
        api.rules.add(what, change[what])
    return api.rules.all()


def clear_rules(api: Api, change: Json) -> Json:
    """No rules and no locks any more."""
    api.rules.clear()
    return api.rules.all()


def lock(api: Api, change: Json) -> Json:
    """`{"id": "006…", "writes": 2}`, or `type` in place of `id`: so many attempts to write find it locked."""
    if not change.keys() & {"id", "type"}:
        raise ValueError("name a record by id or an object by type")
    api.rules.lock(change)
    return api.rules.all()


def by_hand(api: Api, change: Json) -> Json:
    """What a person does: `{"type", "id", "fields", "delete", "user", "seconds_ago"}`; without `id` the record is new.

    The user is one in sales, so that a client can tell the change from its own. `seconds_ago` stamps the record as a
    transaction does that began then and is committed now: a poll in between has not seen it.
    """
    kind = api.store.org.at(change["type"])
    by = By(change.get("user", SALES_USER), _VERSION)
    identifier = change.get("id")
    if identifier is None:
        identifier = api.records.create(kind, change["fields"], by)
    elif change.get("delete"):
        api.records.delete(kind, identifier, by)
    else:
        api.records.update(kind, identifier, change["fields"], by)
    if "seconds_ago" in change:
        began = moment_text(datetime.now(UTC) - timedelta(seconds=change["seconds_ago"]), api.store.org.stamp_ms)
        api.store.update(kind, identifier, {"LastModifiedDate": began, "SystemModstamp": began})
    return {"id": identifier}


def undelete(api: Api, change: Json) -> Json:
    """`{"type", "id"}`: take a record out of the recycle bin, with what was deleted along with it."""
    kind = api.store.org.at(change["type"])
    return {"restored": api.records.restore(kind, change["id"], By(change.get("user", SALES_USER)))}


def merge(api: Api, change: Json) -> Json:
    """`{"type": "Account", "master": "001…", "duplicate": "001…"}`: the duplicate goes, what hung on it moves."""
    kind = api.store.org.at(change["type"])
    by = By(change.get("user", SALES_USER))
    return {"moved": api.records.merge(kind, change["master"], change["duplicate"], by)}


def add_field(api: Api, change: Json) -> Json:
    """`{"type", "name", "external_id": false, "unique": false}`: a text field, as an administrator adds it."""
    kind, name = api.store.org.at(change["type"]), change["name"]
    if not name.endswith("__c"):
        raise ValueError("the name of a custom field ends in __c")
    label = name.removesuffix("__c").replace("_", " ")
    unique = bool(change.get("unique"))
    api.store.add_field(kind, external(name, label, unique=unique) if change.get("external_id") else text(name, label))
    return {"type": kind.name, "name": name}


def set_picklist(api: Api, change: Json) -> Json:
    """`{"type", "name", "values": ["Open"]}`: the values that a restricted picklist takes from now on."""
    kind = api.store.org.at(change["type"])
    found = kind.field(change["name"])
    if found is None or not found.restricted:
        raise ValueError(f"{kind.name} has no restricted picklist {change['name']}")
    api.store.add_field(kind, replace(found, values=tuple(change["values"])))
    return {"type": kind.name, "name": found.name, "values": list(change["values"])}


def query(api: Api, change: Json) -> Json:
    """All records of a query at once, deleted ones with `all=true`."""
    asked = Asked(_VERSION, deleted=change.get("all") == "true")
    page = api.runner.start(change["q"], asked)
    records = page["records"]
    while not page["done"]:
        page = api.runner.more(page["nextRecordsUrl"].rsplit("/", 1)[1], asked)
        records += page["records"]
    return {"records": records}


CHANGES: dict[tuple[str, str], Change] = {
    ("POST", "sessions/expire"): expire_sessions,
    ("POST", "secret"): set_secret,
    ("GET", "limits"): limits,
    ("POST", "limits"): set_limits,
    ("GET", "rules"): rules,
    ("POST", "rules"): add_rule,
    ("DELETE", "rules"): clear_rules,
    ("POST", "locks"): lock,
    ("POST", "records"): by_hand,
    ("POST", "undelete"): undelete,
    ("POST", "merge"): merge,
    ("POST", "fields"): add_field,
    ("POST", "picklists"): set_picklist,
    ("GET", "query"): query,
}


def event_routes(events: PubSub) -> list[Route]:
    """Routes about change events, where there are any."""
    return [Route("/_sandbox/salesforce/events", partial(_on_events, events), methods=["GET", "POST"])]


async def _on_events(events: PubSub, request: Request) -> Response:
    """Where events are served; POST does what is told there.

    `{"plant": {"entity", "ids", "change", "origin"}}`: an event that no change has caused, such as a gap event;
    `{"select": ["Account"]}`: the objects whose changes are told; `{"expire": true}`: replay ids so far are unknown;
    `{"down_seconds": 2}`: nobody is served; `{"repeat": 3}`: the next subscription gets so many events again.
    """
    try:
        given = orjson.loads(await request.body() or b"{}") if request.method == "POST" else {}
        return _json(events.told(given))
    except (ValueError, TypeError, KeyError) as error:
        return _json({"error": f"{type(error).__name__}: {error}"}, 400)


def _handler(api: Api, change: Change) -> Callable[[Request], Any]:
    async def handle(request: Request) -> Response:
        try:
            given = orjson.loads(await request.body() or b"{}") if request.method == "POST" else {}
            # Not in a thread: the store belongs to the event loop.
            with api.store.speaking(""):
                answer = change(api, given | dict(request.query_params))
        except SalesforceError as error:
            return _json(error.problems, error.status)
        except (ValueError, TypeError, KeyError) as error:
            return _json({"error": f"{type(error).__name__}: {error}"}, 400)
        return _json(answer)

    return handle


def _json(body: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(body), status, media_type="application/json")
