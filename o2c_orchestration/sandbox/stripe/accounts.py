"""Several Stripe accounts on one address: the key of a request says which of them it is for, as in Stripe.

Control routes of a further account lie below `/_sandbox/accounts/<account>`, objects are loaded for it under the name
`stripe:<account>`. The first account is served as if it were alone.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.stripe.routes import StripeSandbox


class StripeAccounts:
    """The accounts of `config`, each with a file of its own below the state directory."""

    def __init__(self, state_dir: Path, config: SandboxConfig) -> None:
        self.main = StripeSandbox(state_dir, config)
        self.further: dict[str, StripeSandbox] = {}
        self._by_key: dict[str, StripeSandbox] = {}
        for number, (account, key) in enumerate(config.stripe_accounts, start=1):
            # Another seed, so that no two accounts make the same ids.
            own = replace(config, stripe_account=account, stripe_secret_key=key, seed=config.seed + number)
            own = replace(own, stripe_restricted_keys=())  # those are keys of the first account
            self.further[account] = self._by_key[key] = StripeSandbox(state_dir / account, own)

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """All of Stripe's paths, and the control routes of each account."""
        if not self.further:
            return self.main.routes
        every = Route("/v1/{path:path}", self.handle, methods=["GET", "POST", "DELETE", "PUT", "PATCH"])
        own = [Mount(f"/_sandbox/accounts/{name}", routes=each.routes[1:]) for name, each in self.further.items()]
        return [every, *self.main.routes[1:], *own]

    def resume(self) -> None:
        """Go on delivering webhooks."""
        for each in (self.main, *self.further.values()):
            each.resume()

    async def stop(self) -> None:
        """Deliver no more webhooks for now."""
        for each in (self.main, *self.further.values()):
            await each.stop()

    def close(self) -> None:
        """Close the files."""
        for each in (self.main, *self.further.values()):
            each.close()

    async def handle(self, request: Request) -> Response:
        """Whoever has an unknown key is told so by the first account."""
        key = _key(request.headers.get("authorization", ""))
        return await self._by_key.get(key, self.main).handle(request)


def _key(header: str) -> str:
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() != "basic":
        return credentials.strip()
    try:
        return base64.b64decode(credentials.strip()).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
