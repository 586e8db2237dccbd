"""One ASGI application for Stripe, NetSuite and Salesforce, whose paths do not clash."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.control import Loader, control_routes
from o2c_orchestration.sandbox.faults import FaultMiddleware, FaultSwitchboard, Traffic
from o2c_orchestration.sandbox.front import ROUTE as FRONT
from o2c_orchestration.sandbox.mailbox import Mailbox
from o2c_orchestration.sandbox.netsuite.routes import GATE_SCOPE_KEY, NetSuiteSandbox
from o2c_orchestration.sandbox.salesforce.routes import SalesforceSandbox
from o2c_orchestration.sandbox.stripe.accounts import StripeAccounts


def create_app(state_dir: Path, *, config: SandboxConfig | None = None) -> Starlette:
    """The sandbox with its objects in `state_dir`, which is made when it is not there."""
    config = config or SandboxConfig()
    state_dir.mkdir(parents=True, exist_ok=True)
    switchboard, traffic = FaultSwitchboard(config.seed), Traffic()
    stripe, netsuite = StripeAccounts(state_dir, config), NetSuiteSandbox(state_dir, config)
    salesforce = SalesforceSandbox(state_dir, config)
    loaders: dict[str, Loader] = {"stripe": stripe.main, "netsuite": netsuite, "salesforce": salesforce}
    loaders |= {f"stripe:{account}": each for account, each in stripe.further.items()}
    routes = [FRONT, *stripe.routes, *netsuite.routes, *salesforce.routes, *Mailbox(state_dir).routes]

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        stripe.resume()
        salesforce.start()
        yield
        await stripe.stop()
        await salesforce.stop()
        for system in (stripe, netsuite, salesforce):
            system.close()

    return Starlette(
        routes=[*routes, *control_routes(switchboard, traffic, loaders)],
        exception_handlers={ClientDisconnect: _gone},
        middleware=[
            Middleware(
                FaultMiddleware,
                switchboard=switchboard,
                traffic=traffic,
                latency_ms=config.latency_ms,
                netsuite_gate=netsuite.service.gate,
                gate_scope_key=GATE_SCOPE_KEY,
            )
        ],
        lifespan=lifespan,
    )


async def _gone(request: Request, error: Exception) -> Response:
    """The client went away while it sent its request: there is nobody to answer, and nothing to complain about."""
    return Response(status_code=499)
