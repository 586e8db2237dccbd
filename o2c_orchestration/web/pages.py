"""Pages for people who have no terminal: the open gaps, and one object through every stage. They only read.

GET /o2c/gaps             the open gaps, oldest first, and their sums
GET /o2c/trace/{id}       404 if nothing is known of it
GET /healthz              200 while this process runs
GET /metrics              for Prometheus; neither is for the outside

503 while the database does not answer. There is no password here, as Dagster's pages have none: the proxy asks for one.
"""

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

import structlog
from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from o2c_orchestration import tracing
from o2c_orchestration.domain.errors import UnreachableError
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.store.gap_sums import GapSum, some_gaps
from o2c_orchestration.store.gaps import Gap, list_gaps
from o2c_orchestration.store.replica import Offer
from o2c_orchestration.store.trace import trace
from o2c_orchestration.web.endpoints import health, text_of
from o2c_orchestration.web.page_metrics import DATABASE, REPLICA, PageMetrics
from o2c_orchestration.web.watched import Watched, pattern_of

log = structlog.get_logger(__name__)
Found = TypeVar("Found")
# For one page: within the block the replica may be asked, if there is one that is up to it.
Offered = Callable[[], AbstractContextManager[Offer]]

HOME, GAPS, TRACE = "/o2c", "/o2c/gaps", "/o2c/trace/"
GAPS_SHOWN_MAX = 500
_ID_MAX = 255
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}

# What systems say is in these pages: everything is escaped, and no script would run.
_TEMPLATES = Environment(
    loader=PackageLoader("o2c_orchestration.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def _no_replica() -> AbstractContextManager[Offer]:
    return nullcontext(Offer())


def trace_link(key: str) -> str:
    """The path of an object's page; an id is whatever somebody wrote."""
    return TRACE + quote(key, safe="")


@dataclass
class Pages:
    """What a page needs: where to ask. `engine` raises UnreachableError while there is no server.

    What `offered` gives is asked in its place where it can be, and the page says how old that is, or why not.
    """

    engine: Callable[[], Engine]
    offered: Offered = _no_replica

    def __post_init__(self) -> None:
        self._pages = [Route(HOME, _home), Route(GAPS, self._gaps), Route(TRACE + "{key:path}", self._trace)]
        self._patterns = {pattern_of(each) for each in self._pages}
        self.metrics = PageMetrics(sorted(self._patterns))

    def application(self) -> Starlette:
        """The ASGI application."""
        routes = [*self._pages, Route("/healthz", health), Route("/metrics", self._figures)]
        return Starlette(routes=routes, middleware=[Middleware(Watched, routes=routes, tell=self._told)])

    def _told(self, route: str, status: int, seconds: float, noted: dict[str, object]) -> None:
        """Of every request a figure; a span of pages alone, since the others are asked all the time.

        It is in no object's trace: whose page was asked for is what somebody typed, perhaps a name.
        """
        self.metrics.answered(route, status, seconds)
        if route in self._patterns:
            said: dict[str, tracing.Value] = {"http.route": route, "http.response.status_code": status}
            if source := noted.get("source"):
                said["o2c.source"] = str(source)
            tracing.happened(f"page {route}", seconds, said, None)

    async def _figures(self, request: Request) -> Response:
        """Without a thread of the pages': all of them may wait for a database that hangs."""
        return text_of(self.metrics.render())

    async def _gaps(self, request: Request) -> Response:
        return await self._answered(lambda: self._gaps_page(request), request)

    async def _trace(self, request: Request) -> Response:
        key = str(request.path_params["key"]).strip()
        if not key or len(key) > _ID_MAX or not key.isprintable():
            return _page("trace.html", 404, title="No such object", steps=[], gaps=[])
        return await self._answered(lambda: self._trace_page(key, request), request)

    async def _answered(self, make: Callable[[], Response], request: Request) -> Response:
        try:
            return await run_in_threadpool(make)
        except Exception as error:
            # Its words may name the database, or a customer; so may the path.
            route = TRACE if request.path_params else GAPS
            log.warning("a page could not be made", route=route, error=type(error).__name__)
            self.metrics.failed(error)
            said = {"error": "this page cannot be made now; see that the database is up, and try again"}
            return JSONResponse(said, 503, {"Retry-After": "10"})

    def _gaps_page(self, request: Request) -> Response:
        found, source = self._read(lambda engine: some_gaps(engine, GAPS_SHOWN_MAX, "open"), request)
        return _page("gaps.html", title="Open gaps", found=found, source=source)

    def _trace_page(self, key: str, request: Request) -> Response:
        (steps, gaps), source = self._read(lambda at: (trace(at, key), list_gaps(at, key=key)), request)
        status = 200 if steps else 404
        return _page("trace.html", status, title=f"Trace of {key}", steps=steps, gaps=gaps, source=source)

    def _read(self, ask: Callable[[Engine], Found], request: Request) -> tuple[Found, str | None]:
        """The answer, and what has to be said of where it comes from."""
        try:
            with self.offered() as offer:
                if offer.replica is not None:
                    found = ask(offer.replica.engine)
                    self._noted(REPLICA, request)
                    return found, offer.in_words()
        except UnreachableError as error:
            # It ends questions that its replay has waited for too long; or its login may not ask this one.
            log.warning("the replica broke a page off: the database itself is asked", reason=error.what)
            offer = Offer(why="the replica broke off")
        found = ask(self.engine())
        self._noted(DATABASE, request)
        return found, offer.in_words()

    def _noted(self, source: str, request: Request) -> None:
        self.metrics.read(source)
        request.state.source = source


async def _home(request: Request) -> Response:
    return RedirectResponse(GAPS)


def _page(template: str, status: int = 200, *, source: str | None = None, **values: Any) -> Response:
    nonce = secrets.token_urlsafe(16)
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    text = _TEMPLATES.get_template(template).render(
        nonce=nonce, home=GAPS, link=trace_link, money=_at_stake, sum_of=_sum, ids=_ids, source=source, **values
    )
    return HTMLResponse(text, status, {**_HEADERS, "Content-Security-Policy": policy})


def _at_stake(gap: Gap) -> str:
    return format_money(gap.at_stake_minor, gap.currency)


def _sum(each: GapSum) -> str:
    return format_money(each.at_stake_minor, each.currency)


def _ids(gap: Gap) -> list[str]:
    return [each for each in (gap.salesforce_id, gap.stripe_id, gap.netsuite_id) if each]
