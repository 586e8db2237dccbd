"""The receiver of Stripe's webhooks: cap, signature, one durable insert, then 2xx.

POST /webhooks/stripe     200 kept (or known already)   400 not signed by Stripe, or no event   413 too large
                          408 too slow                  429 this sender's were refused too often
                          503 not kept: Stripe sends it again
GET  /healthz             200 while this process runs
GET  /readyz              200 while PostgreSQL answers, else 503
GET  /metrics             for Prometheus
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import orjson
import structlog
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from o2c_orchestration import tracing
from o2c_orchestration.domain.keys import stored_as
from o2c_orchestration.domain.policy import MAIN
from o2c_orchestration.domain.policy_live import Live, Webhooks
from o2c_orchestration.domain.stripe_events import Expected, NotAnEvent, StripeEvent, read_event
from o2c_orchestration.store import events
from o2c_orchestration.store.database import ping
from o2c_orchestration.web.endpoints import figures, health
from o2c_orchestration.web.keeper import Keeper, NotKept
from o2c_orchestration.web.metrics import Metrics
from o2c_orchestration.web.senders import Senders
from o2c_orchestration.web.signature import BadSignature, SignedTooLongAgo, WebhookSecret, signer

log = structlog.get_logger(__name__)

PATH = "/webhooks/stripe"
_TOLD_EVERY = 10.0


class _Refused(Exception):
    """The request is not taken: status, the word that counts it, and what is said."""

    def __init__(self, status: int, outcome: str, detail: str, wait: int = 0) -> None:
        super().__init__(detail)
        self.status, self.outcome, self.detail = status, outcome, detail
        self.headers = {"Retry-After": str(wait)} if wait else {}


@dataclass
class Receiver:
    """What a request needs: secrets, bounds, and where events go. `livemode` None: not known from the API key."""

    secrets: Iterable[WebhookSecret]
    engine: Callable[[], Engine]
    webhooks: Webhooks = field(default_factory=Webhooks)
    live: Live = field(default_factory=Live)
    livemode: bool | None = None

    def __post_init__(self) -> None:
        self.metrics = Metrics(self.engine)
        self.keeper = Keeper(self.engine, self.metrics.kept)
        self.senders = Senders(self.webhooks.refused_per_minute)
        self._told = 0.0

    def application(self) -> Starlette:
        """The ASGI application."""
        routes = [
            Route(PATH, self._webhook, methods=["POST"]),
            # Nobody who sends webhooks follows a redirect.
            Route(f"{PATH}/", self._webhook, methods=["POST"]),
            Route("/healthz", health),
            Route("/readyz", self._ready),
            Route("/metrics", figures(self.metrics.render)),
        ]
        return Starlette(routes=routes, lifespan=self._lifespan)

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        self.keeper.start()
        yield
        await run_in_threadpool(self.keeper.stop)

    async def _webhook(self, request: Request) -> Response:
        began = time.perf_counter()
        answer: Response
        event: StripeEvent | None = None
        try:
            event = await self._event(request)
            await self._keep(event)
            answer, outcome = JSONResponse({"received": True}), "ignored" if event.ignored else "taken"
        except _Refused as refused:
            answer, outcome = JSONResponse({"error": refused.detail}, refused.status, refused.headers), refused.outcome
            self._tell(refused, request)
        except NotKept as error:
            answer, outcome = JSONResponse({"error": str(error)}, 503, {"Retry-After": "5"}), "not_kept"
        except ClientDisconnect:
            answer, outcome = Response(status_code=400), "gone"
        seconds = time.perf_counter() - began
        self.metrics.answered(outcome, seconds)
        if tracing.is_on():
            _trace(event, outcome, answer.status_code, seconds)
        return answer

    async def _keep(self, event: StripeEvent) -> None:
        told = log.bind(event_id=event.id, type=event.type)
        with tracing.lines_about(_object_of(event)):
            try:
                await self.keeper.keep(event, self.webhooks.keep_seconds)
            except NotKept as error:
                told.warning("the event was not kept, and Stripe will send it again", reason=str(error))
                raise
            if event.ignored:
                told.info("nothing follows from this event", reason=event.ignored)
            else:
                told.info("event taken")

    async def _signed(self, request: Request) -> tuple[bytes, WebhookSecret]:
        """The body, and the secret that signed it. What is not signed counts against its sender."""
        sender = _sender(request)
        if wait := self.senders.wait_of(sender):
            raise _Refused(429, "too_many", "too much of this sender's was refused", wait)
        try:
            return await self._body_and_secret(request)
        except _Refused:
            self.senders.refused(sender)
            raise

    async def _body_and_secret(self, request: Request) -> tuple[bytes, WebhookSecret]:
        header = request.headers.get("stripe-signature")
        if not header:
            raise _Refused(400, "unsigned", "the header Stripe-Signature is missing")
        body = await self._body(request)
        try:
            return body, signer(body, header, self.secrets, self.webhooks.tolerance_seconds)
        except SignedTooLongAgo as error:
            raise _Refused(400, "bad_signature", "signed too long ago: is the clock of this machine right?") from error
        except BadSignature as error:
            raise _Refused(400, "bad_signature", "the signature is not one of Stripe's for this endpoint") from error

    async def _event(self, request: Request) -> StripeEvent:
        body, secret = await self._signed(request)
        try:
            return read_event(orjson.loads(body), "webhook", Expected(self.livemode, secret.account), self.live)
        except (orjson.JSONDecodeError, NotAnEvent) as error:
            await self._set_aside(body, str(error), secret.account)
            raise _Refused(400, "no_event", f"signed, but not an event: {error}") from None

    async def _body(self, request: Request) -> bytes:
        """The raw bytes, if there are not too many of them and they do not take too long."""
        most = self.webhooks.body_max_kib * 1024
        declared = request.headers.get("content-length", "")
        if declared.isdigit() and int(declared) > most:
            raise _Refused(413, "too_large", f"more than {most} bytes")
        try:
            async with asyncio.timeout(self.webhooks.body_seconds):
                return await _capped(request, most)
        except TimeoutError:
            raise _Refused(408, "too_slow", "the body did not come in time") from None

    async def _set_aside(self, body: bytes, reason: str, account: str | None) -> None:
        """Stripe signed it, so it is not thrown away: a person may look at it in quarantine."""
        try:
            await run_in_threadpool(lambda: events.set_aside(self.engine(), body, reason, account))
        except Exception as error:
            raise NotKept("the database did not take it") from error

    def _tell(self, refused: _Refused, request: Request) -> None:
        """A line in the log, not one for each of a flood."""
        if time.monotonic() - self._told >= _TOLD_EVERY:
            self._told = time.monotonic()
            log.warning("a webhook was refused", reason=refused.detail, status=refused.status, sender=_sender(request))

    async def _ready(self, request: Request) -> Response:
        try:
            async with asyncio.timeout(5):
                await run_in_threadpool(lambda: ping(self.engine()))
        except Exception as error:
            return JSONResponse({"status": "events cannot be kept", "reason": type(error).__name__}, 503)
        return JSONResponse({"status": "ready"})


def _sender(request: Request) -> str | None:
    return request.client.host if request.client else None


def _trace(event: StripeEvent | None, outcome: str, status: int, seconds: float) -> None:
    """A span of what was answered, in the trace of the object that the event names; of no event, only the outcome."""
    said: dict[str, tracing.Value] = {"o2c.outcome": outcome, "http.response.status_code": status}
    about = None
    if event is not None:
        said |= {"o2c.event_id": event.id, "o2c.event_type": event.type, "o2c.object_id": event.object_id}
        about = _object_of(event)
    tracing.happened("webhook", seconds, said, about)


def _object_of(event: StripeEvent) -> str | None:
    """The id under which the event's object is stored; None where it has none."""
    return event.object_id and stored_as(event.object, event.object_id, event.account or MAIN)


async def _capped(request: Request, most: int) -> bytes:
    parts, size = list[bytes](), 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise _Refused(413, "too_large", f"more than {most} bytes")
        parts.append(part)
    return b"".join(parts)
