"""The HTTP side of the Stripe sandbox: keys, limits, idempotency, routing and error answers."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
import time
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.stripe import (
    API_VERSION,
    billing_clock,
    customer_balance,
    errors,
    expand,
    form,
    lists,
    payouts,
    rights,
    search,
)
from o2c_orchestration.sandbox.stripe.control import control_routes
from o2c_orchestration.sandbox.stripe.errors import StripeError
from o2c_orchestration.sandbox.stripe.form import Params
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.limits import RateLimit
from o2c_orchestration.sandbox.stripe.resources import CUSTOMER_BALANCE, LIST_PARAMETERS, RESOURCES, Resource
from o2c_orchestration.sandbox.stripe.store import WITH_LINES, StripeStore, Wire
from o2c_orchestration.sandbox.stripe.webhooks import body as webhook_body
from o2c_orchestration.sandbox.stripe.webhooks import control as webhook_control
from o2c_orchestration.sandbox.stripe.webhooks.deliverer import Deliverer
from o2c_orchestration.sandbox.stripe.webhooks.faults import WebhookFaults
from o2c_orchestration.sandbox.stripe.webhooks.outbox import Outbox
from o2c_orchestration.sandbox.stripe.writes import WRITES, Write

log = logging.getLogger(__name__)

KEY_LENGTH_MAX = 255
KEYS_KEPT_SECONDS = 24 * 3600
VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(\.[a-z_]+)?(; .*)?$")
# Set by the fault switchboard: the 500 must come from here, since Stripe remembers it under the key.
FAULT_SCOPE_KEY = "sandbox.fault"


@dataclass(frozen=True)
class Call:
    """One request after parsing: shape is the path with * for each id, `identifier` those ids joined by a slash."""

    method: str
    path: str
    shape: tuple[str, ...]
    identifier: str
    params: Params
    request_id: str
    idempotency_key: str | None
    fault: str | None

    @property
    def fingerprint(self) -> str:
        """What a repeated idempotency key is compared by."""
        content = orjson.dumps([self.method, self.path, self.params], option=orjson.OPT_SORT_KEYS)
        return hashlib.sha256(content).hexdigest()


class StripeSandbox:
    """Stripe for one account, its objects in `stripe.sqlite` of the state directory."""

    def __init__(self, state_dir: Path, config: SandboxConfig) -> None:
        state_dir.mkdir(parents=True, exist_ok=True)
        self._config = config
        self._restricted = {key: frozenset(permissions) for key, permissions in config.stripe_restricted_keys}
        self._store = StripeStore(state_dir / "stripe.sqlite", config.seed)
        self._store.search_lag = config.stripe_search_lag_seconds
        self._webhook_faults = WebhookFaults(config.seed)
        self._outbox = Outbox(self._store, self._webhook_faults)
        self._deliverer = Deliverer(self._store, config)
        self._limit = RateLimit(config.stripe_requests_per_second)
        self._released = 0
        self._request_number = time.time_ns() // 1_000_000

    @property
    def routes(self) -> list[Route]:
        """The one route below which every path of v1 lies, the only one of v2, and the control routes."""
        every = Route("/v1/{path:path}", self.handle, methods=["GET", "POST", "DELETE", "PUT", "PATCH"])
        thin = Route("/v2/{path:path}", self.handle, methods=["GET"])
        switches = webhook_control.control_routes(self._store, self._webhook_faults)
        return [every, thin, *control_routes(self._store, self._outbox, self._deliverer), *switches]

    def load(self, objects: list[Wire]) -> int:
        """Store wire objects as they are, without events, money available when due; returns how many. All or none.

        Raises KeyError or TypeError for something that is no Stripe object.
        """
        self._released = 0
        return self._store.load(_of_today(each) for each in objects)

    def resume(self) -> None:
        """Go on with the webhooks that an earlier run left undelivered."""
        self._deliverer.wake()

    async def stop(self) -> None:
        """Send no more webhooks; what is undelivered waits for the next start."""
        await self._deliverer.stop()

    def close(self) -> None:
        """Close the database file."""
        self._store.close()

    async def handle(self, request: Request) -> Response:
        """Answer one request; every way out is in Stripe's shape."""
        self._request_number += 1
        request_id = f"req_{self._request_number:014d}"
        headers = {"Request-Id": request_id, "Stripe-Version": API_VERSION}
        headers["Date"] = formatdate(self._store.now(), usegmt=True)
        try:
            call = await self._read(request, request_id, headers)
            status, body = self._answer(call, headers)
            if call.method != "GET":
                self._deliverer.wake()
        except StripeError as error:
            headers |= error.headers
            status, body = error.status, orjson.dumps(error.body(request_id))
        except Exception:
            log.exception("the Stripe sandbox failed on %s %s", request.method, request.url.path)
            status, body = 500, orjson.dumps(errors.internal_error().body(request_id))
        return Response(body, status, headers, media_type="application/json")

    async def _read(self, request: Request, request_id: str, headers: dict[str, str]) -> Call:
        key = self._authenticate(request.headers.get("authorization", ""))
        headers["Stripe-Version"] = _version(request.headers.get("stripe-version"))
        if not self._limit.admits():
            raise errors.rate_limited()
        if key in self._restricted:
            account = self._config.stripe_account
            rights.check(key, account, self._restricted[key], request.method, request.url.path)
        words = request.path_params["path"].split("/")
        encoded = request.url.query
        if request.method != "GET":
            encoded = "&".join(part for part in (encoded, (await request.body()).decode("utf-8", "replace")) if part)
        once = request.headers.get("idempotency-key") if request.method != "GET" else None
        if once is not None and len(once) > KEY_LENGTH_MAX:
            raise StripeError(400, f"Idempotency keys can be at most {KEY_LENGTH_MAX} characters long.")
        return Call(
            request.method,
            request.url.path,
            # Every second word is an id, so two of them name what lies below an object.
            tuple("*" if place in (1, 3) else word for place, word in enumerate(words)),
            "/".join(words[1:4:2]),
            form.parse(encoded),
            request_id,
            once,
            request.scope.get(FAULT_SCOPE_KEY),
        )

    def _authenticate(self, header: str) -> str:
        scheme, _, credentials = header.partition(" ")
        key = credentials.strip()
        if scheme.lower() == "basic":
            try:
                key = base64.b64decode(key).decode().partition(":")[0]
            except ValueError:
                key = ""
        if scheme.lower() not in ("bearer", "basic") or not key:
            raise errors.no_api_key()
        if key != self._config.stripe_secret_key and key not in self._restricted:
            raise errors.wrong_api_key(key)
        if key in self._store.revoked_keys:
            raise errors.expired_api_key(key)
        return key

    def _answer(self, call: Call, headers: dict[str, str]) -> tuple[int, bytes]:
        self._release()
        if call.method == "GET":
            return 200, self._get(call)
        write = WRITES.get((call.method, *call.shape))
        if write is None:
            raise errors.unrecognized_url(call.method, call.path)
        if call.idempotency_key is None:
            return self._write(call, write)
        headers["Idempotency-Key"] = call.idempotency_key
        return self._write_once(call, call.idempotency_key, write, headers)

    def _write_once(self, call: Call, key: str, write: Write, headers: dict[str, str]) -> tuple[int, bytes]:
        now = self._store.now()
        self._store.forget_older_than(now - KEYS_KEPT_SECONDS)
        remembered = self._store.remembered(key)
        if remembered is not None:
            fingerprint, status, body, original = remembered
            if fingerprint != call.fingerprint:
                raise errors.idempotency_mismatch(key)
            headers |= {"Idempotent-Replayed": "true", "Original-Request": original}
            return status, body
        headers["Original-Request"] = call.request_id
        # One commit for the objects and the answer: a kill in between cannot part them.
        with self._store.transaction():
            status, body = self._write(call, write)
            self._store.remember(key, (call.fingerprint, status, body, call.request_id), now)
        return status, body

    def _write(self, call: Call, write: Write) -> tuple[int, bytes]:
        if call.fault == "server_error":
            return 500, orjson.dumps(errors.internal_error().body(call.request_id))
        with self._store.transaction():
            try:
                params = dict(call.params)
                paths = self._paths(call, params)
                ledger = Ledger(self._store, self._outbox, call.request_id, call.idempotency_key)
                wire = write(ledger, call.identifier, params)
            except StripeError as error:
                # A declined card leaves a failed charge behind; any other refusal leaves nothing.
                if error.status != 402:
                    raise
                return error.status, orjson.dumps(error.body(call.request_id))
        return 200, self._expanded(wire, paths)

    def _paths(self, call: Call, params: Params) -> list[expand.Path]:
        if "expand" not in params:
            return []
        below = call.shape[2:3] == ("balance_transactions",)
        kind = CUSTOMER_BALANCE.object if below else RESOURCES[call.shape[0]].object
        paths = expand.parse(params, kind, is_list=False)
        del params["expand"]
        return paths

    def _expanded(self, wire: Wire, paths: list[expand.Path]) -> bytes:
        expander = expand.Expander(self._store)
        for path in paths:
            expander.expand(wire, path)
        return orjson.dumps(wire)

    def _get(self, call: Call) -> bytes:
        if call.path.startswith("/v2/"):
            return self._thin_event(call)
        match call.shape:
            case ("balance",):
                form.only(call.params, ("expand",))
                return orjson.dumps(payouts.balance(self._store))
            case ("account",):
                return orjson.dumps(self._account())
            case ("accounts", "*") if call.identifier == self._config.stripe_account:
                return orjson.dumps(self._account())
            case (resource,) if resource in RESOURCES:
                return lists.list_objects(self._store, resource, call.params)
            case (resource, "*") if call.identifier == "search" and resource in search.FIELDS:
                return search.search(self._store, resource, call.params)
            case (resource, "*") if resource in RESOURCES and call.identifier:
                return self._retrieve(call)
            case (resource, "*", "lines") if resource in WITH_LINES.values():
                return lists.list_lines(self._store, resource, call.identifier, call.params)
            case ("payment_links", "*", "line_items"):
                return self._line_items(call)
            case ("charges", "*", "refunds"):
                return self._list_below(call, "charges", RESOURCES["refunds"], "owner")
            case ("customers", "*", "balance_transactions"):
                return self._list_below(call, "customers", CUSTOMER_BALANCE, "customer")
            case ("customers", "*", "balance_transactions", "*"):
                form.only(call.params, ("expand",))
                paths = expand.parse(call.params, CUSTOMER_BALANCE.object, is_list=False)
                return self._expanded(customer_balance.of_customer(self._store, call.identifier), paths)
        raise errors.unrecognized_url(call.method, call.path)

    def _release(self) -> None:
        # Once a second is as fine as Stripe's times are.
        now = self._store.now()
        if now > self._released:
            self._released = now
            self._store.release(now)
            if billing_clock.catch_up(self._store, self._outbox):
                self._deliverer.wake()

    def _list_below(self, call: Call, path: str, resource: Resource, column: str) -> bytes:
        owner = RESOURCES[path]
        if self._store.get_rendered(call.identifier, owner.object) is None:
            raise errors.no_such(owner.noun, call.identifier, param=owner.object)
        return lists.list_within(self._store, resource, call.path, call.params, {column: call.identifier})

    def _retrieve(self, call: Call) -> bytes:
        resource = RESOURCES[call.shape[0]]
        form.only(call.params, ("expand",))
        paths = expand.parse(call.params, resource.object, is_list=False)
        payload = self._store.get_rendered(call.identifier, resource.object)
        if payload is None:
            raise errors.no_such(resource.noun, call.identifier, param=resource.id_param)
        return self._expanded(orjson.loads(payload), paths) if paths else payload

    def _line_items(self, call: Call) -> bytes:
        form.only(call.params, LIST_PARAMETERS)
        if self._store.get_rendered(call.identifier, "payment_link") is None:
            raise errors.no_such("payment link", call.identifier, param="payment_link")
        # At most twenty: one page unless fewer are asked for.
        listed: Wire = self._store.hidden(call.identifier)["line_items"]
        limit = lists.read_cursor(call.params).limit
        more = len(listed["data"]) > limit
        return orjson.dumps({**listed, "data": listed["data"][:limit], "has_more": more})

    def _thin_event(self, call: Call) -> bytes:
        _, _, thin_id = call.path.partition("/v2/core/events/")
        if not thin_id:
            raise errors.unrecognized_url(call.method, call.path)
        event = self._store.get(webhook_body.snapshot_id(thin_id), "event")
        if event is None:
            raise errors.no_such("event", thin_id)
        return webhook_body.thin_event(event)

    def _account(self) -> dict[str, Any]:
        return {
            "id": self._config.stripe_account,
            "object": "account",
            "business_profile": {"name": "Sandbox", "support_email": None, "url": None},
            "business_type": "company",
            "capabilities": {"card_payments": "active", "transfers": "active"},
            "charges_enabled": True,
            "country": "US",
            "default_currency": "usd",
            "details_submitted": True,
            "email": "sandbox@example.com",
            "metadata": {},
            "payouts_enabled": True,
            "settings": {
                "dashboard": {"display_name": "Sandbox", "timezone": "Etc/UTC"},
                "payouts": {
                    "debit_negative_balances": True,
                    "schedule": {"delay_days": 2, "interval": "daily"},
                    "statement_descriptor": None,
                },
            },
            "type": "standard",
        }


def _of_today(wire: Wire) -> Wire:
    # Money whose day has come is available; one by one in the store this would take seconds for a whole history.
    due = wire.get("status") == "pending" and wire.get("available_on", time.time() + 1) <= time.time()
    return {**wire, "status": "available"} if due and wire["object"] == "balance_transaction" else wire


def _version(asked: str | None) -> str:
    if asked is None:
        return API_VERSION
    # Older versions are answered too, in the shapes of endive, so that older clients can be tried.
    if not VERSION.match(asked):
        raise StripeError(400, f"Invalid Stripe API version: {asked}")
    return asked
