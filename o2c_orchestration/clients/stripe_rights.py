"""Asks Stripe what a key may write, in a way that can write nothing whatever the key may do.

Stripe lists the permissions of a restricted key nowhere. So for each right one update is sent, of an object that cannot
exist and without a single parameter: even where such an object were there, an update of nothing would change nothing.
A key without the right gets a 403, one that has it learns that there is no such object. Paths stand here, and neither
a path nor a parameter can be given from outside.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import requests

from o2c_orchestration.clients._http import (
    Answer,
    BearerAuth,
    NoAnswer,
    NotSent,
    Timeout,
    exchange,
    open_session,
    scrub,
)
from o2c_orchestration.clients.budget import RateBudget
from o2c_orchestration.clients.credentials import StripeCredentials, checked_base_url
from o2c_orchestration.clients.retry import RetryPolicy
from o2c_orchestration.clients.stripe_read import API_VERSION, classify, error_body
from o2c_orchestration.domain.errors import AuthenticationError, TransientError, UnreachableError

# Stripe makes its ids at random; this one says to whoever finds it in the request log where it comes from.
_NOBODY = "o2cCheckAsksForRights"
_OBJECTS = {
    "refunds": "re",
    "charges": "ch",
    "payment_intents": "pi",
    "payouts": "po",
    "transfers": "tr",
    "disputes": "dp",
    "customers": "cus",
    "invoices": "in",
    "subscription_schedules": "sub_sched",
    "payment_links": "plink",
    "webhook_endpoints": "we",
}
_PATHS: Mapping[str, str] = {name: f"/v1/{name}/{prefix}_{_NOBODY}" for name, prefix in _OBJECTS.items()}
# What can be asked for, by the last word of the list's path.
RIGHTS = tuple(_PATHS)


@dataclass(frozen=True)
class Right:
    """What Stripe says of the right to write one type of object. `may` None: its answer tells nothing."""

    name: str
    may: bool | None
    said: str


class StripeRights:
    """Asks for the rights of one key. It cannot create, change or delete anything."""

    def __init__(
        self, credentials: StripeCredentials, budget: RateBudget, timeout: Timeout, retry: RetryPolicy
    ) -> None:
        self._base_url = checked_base_url(credentials.base_url, "STRIPE_API_BASE")
        self._credentials, self._budget, self._timeout, self._retry = credentials, budget, timeout, retry
        self._session = open_session(self._base_url, budget.in_flight_max, BearerAuth(credentials.api_key))
        self._session.headers["Stripe-Version"] = API_VERSION

    def ask(self, name: str) -> Right:
        """Whether the key may write objects of a type of RIGHTS. Repeated after trouble that passes.

        Raises KeyError for another type, AuthenticationError, and TransientError once the attempts are used up.
        """
        path = _PATHS[name]
        return self._retry.run(lambda: self._ask(name, path), system="stripe")

    def close(self) -> None:
        """Close the pooled connections."""
        self._session.close()

    def _ask(self, name: str, path: str) -> Right:
        answer, credentials = self._send(path), self._credentials
        error = error_body(answer)
        said = scrub(str(error.get("message") or f"HTTP {answer.status}"), [credentials.api_key])
        if answer.status == requests.codes.forbidden:
            return Right(name, False, said)
        # An endpoint that is not there is a 404 as well, without this code.
        if answer.status == requests.codes.ok or error.get("code") == "resource_missing":
            return Right(name, True, said)
        failure = classify(answer, f"POST {path}", credentials.api_key, credentials.variable)
        if isinstance(failure, AuthenticationError | TransientError):
            raise failure
        # Whether a request is looked at before rights or after, nobody promises.
        return Right(name, None, said)

    def _send(self, path: str) -> Answer:
        # No idempotency key: Stripe would repeat a day's first answer, whatever the key may do since.
        try:
            with self._budget:
                return exchange(self._session, "POST", self._base_url + path, timeout=self._timeout)
        except (NotSent, NoAnswer) as error:
            fix = "check the network and STRIPE_API_BASE; status.stripe.com tells of outages"
            what = f"Stripe did not answer POST {path}: {error}"
            raise UnreachableError(what, fix, system="stripe") from error
