"""Pages for people who have no terminal: the open gaps, and one object through every stage. They only read.

GET /o2c/gaps             the open gaps, oldest first, and their sums
GET /o2c/trace/{id}       404 if nothing is known of it
GET /healthz              200 while this process runs

503 while the database does not answer. There is no password here, as Dagster's pages have none: the proxy asks for one.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import structlog
from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from o2c_orchestration.domain.money import format_money
from o2c_orchestration.store.gap_sums import GapSum, some_gaps
from o2c_orchestration.store.gaps import Gap, list_gaps
from o2c_orchestration.store.trace import trace

log = structlog.get_logger(__name__)

GAPS, TRACE = "/o2c/gaps", "/o2c/trace/"
GAPS_SHOWN_MAX = 500
_ID_MAX = 255
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}

# What systems say is in these pages: everything is escaped, and no script would run.
_TEMPLATES = Environment(
    loader=PackageLoader("o2c_orchestration.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def trace_link(key: str) -> str:
    """The path of an object's page; an id is whatever somebody wrote."""
    return TRACE + quote(key, safe="")


@dataclass(frozen=True)
class Pages:
    """What a page needs: where to ask. `engine` raises UnreachableError while there is no server."""

    engine: Callable[[], Engine]

    def application(self) -> Starlette:
        """The ASGI application."""
        return Starlette(
            routes=[
                Route("/o2c", _home),
                Route(GAPS, self._gaps),
                Route(TRACE + "{key:path}", self._trace),
                Route("/healthz", _health),
            ]
        )

    async def _gaps(self, request: Request) -> Response:
        return await _answered(self._gaps_page, request)

    async def _trace(self, request: Request) -> Response:
        key = str(request.path_params["key"]).strip()
        if not key or len(key) > _ID_MAX or not key.isprintable():
            return _page("trace.html", 404, title="No such object", steps=[], gaps=[])
        return await _answered(lambda: self._trace_page(key), request)

    def _gaps_page(self) -> Response:
        return _page("gaps.html", title="Open gaps", found=some_gaps(self.engine(), GAPS_SHOWN_MAX, "open"))

    def _trace_page(self, key: str) -> Response:
        engine = self.engine()
        steps, gaps = trace(engine, key), list_gaps(engine, key=key)
        return _page("trace.html", 200 if steps else 404, title=f"Trace of {key}", steps=steps, gaps=gaps)


async def _answered(make: Callable[[], Response], request: Request) -> Response:
    try:
        return await run_in_threadpool(make)
    except Exception as error:
        # Its words may name the database, or a customer.
        log.warning("a page could not be made", path=request.url.path, error=type(error).__name__)
        said = {"error": "this page cannot be made now; see that the database is up, and try again"}
        return JSONResponse(said, 503, {"Retry-After": "10"})


async def _home(request: Request) -> Response:
    return RedirectResponse(GAPS)


async def _health(request: Request) -> Response:
    return JSONResponse({"status": "up"})


def _page(template: str, status: int = 200, **values: Any) -> Response:
    nonce = secrets.token_urlsafe(16)
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    text = _TEMPLATES.get_template(template).render(
        nonce=nonce, home=GAPS, link=trace_link, money=_at_stake, sum_of=_sum, ids=_ids, **values
    )
    return HTMLResponse(text, status, {**_HEADERS, "Content-Security-Policy": policy})


def _at_stake(gap: Gap) -> str:
    return format_money(gap.at_stake_minor, gap.currency)


def _sum(each: GapSum) -> str:
    return format_money(each.at_stake_minor, each.currency)


def _ids(gap: Gap) -> list[str]:
    return [each for each in (gap.salesforce_id, gap.stripe_id, gap.netsuite_id) if each]
