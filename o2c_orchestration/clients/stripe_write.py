"""Makes objects in Stripe. One request, once, with an idempotency key; it says what became of it.

- it returns: Stripe did it;
- Refused, ObjectMissing, AuthenticationError, PermissionDenied: Stripe did nothing, and would not next time;
- TransientError (RateLimited, UnreachableError): Stripe surely did nothing; send it again later;
- OutcomeUnknown: nobody knows. Look the object up before anything else.

Within a day Stripe answers a repeated key with its first answer; after that the key is forgotten, and only the
metadata of what is there tells (docs.stripe.com/api/idempotent_requests).
"""

from collections.abc import Mapping
from typing import Any

import orjson
import requests

from o2c_orchestration.clients._http import Answer, BearerAuth, NoAnswer, NotSent, Timeout, exchange, open_session
from o2c_orchestration.clients.budget import RateBudget
from o2c_orchestration.clients.credentials import StripeCredentials, checked_base_url
from o2c_orchestration.clients.stripe_read import API_VERSION, classify, flatten
from o2c_orchestration.domain.errors import OutcomeUnknown, Refused, TransientError, UnreachableError

# By Stripe's code: what a person does.
_FIXES = {
    "customer_tax_location_invalid": "give the customer an address in Stripe, or have it follow the account's: "
    "customers.changes.stripe.billing_address: salesforce in o2c.yaml",
}
_LOOK = "look the object up by its metadata before anything else"


class StripeWriter:
    """Creates objects with the key of one account; safe to share between threads."""

    def __init__(self, credentials: StripeCredentials, budget: RateBudget, *, timeout: Timeout = (5, 60)) -> None:
        self._base_url = checked_base_url(credentials.base_url, "STRIPE_API_BASE")
        self._credentials = credentials
        self._budget = budget
        self._timeout = timeout
        self._session = open_session(self._base_url, budget.in_flight_max, BearerAuth(credentials.api_key))
        self._session.headers["Stripe-Version"] = API_VERSION

    def create(self, path: str, params: Mapping[str, Any], idempotency_key: str) -> str:
        """POST to a path such as `/v1/customers`; the id of what Stripe answers with."""
        if not path.startswith("/v1/") or ".." in path or "?" in path or "#" in path:
            raise ValueError(f"{path!r} is not a path of the Stripe API")
        answer = self._send(path, params, idempotency_key)
        if answer.status == requests.codes.ok:
            return _identifier(answer, path)
        raise self._error(answer, path)

    def close(self) -> None:
        """Close the pooled connections."""
        self._session.close()

    def _send(self, path: str, params: Mapping[str, Any], key: str) -> Answer:
        headers = {"Idempotency-Key": key}
        url, form = self._base_url + path, flatten(params)
        try:
            with self._budget:
                return exchange(self._session, "POST", url, data=form, headers=headers, timeout=self._timeout)
        except NotSent as error:
            fix = "check the network and STRIPE_API_BASE; status.stripe.com tells of outages"
            raise UnreachableError(f"Stripe was not reached for POST {path}: {error}", fix, system="stripe") from error
        except NoAnswer as error:
            raise OutcomeUnknown(f"Stripe did not answer POST {path}: {error}", _LOOK, system="stripe") from error

    def _error(self, answer: Answer, path: str) -> Exception:
        credentials = self._credentials
        error = classify(answer, f"POST {path}", credentials.api_key, credentials.variable)
        if answer.status >= requests.codes.server_error:
            return OutcomeUnknown(error.what, _LOOK, system="stripe", status=answer.status)
        if answer.status == requests.codes.conflict:
            # Another request with the same key is under way.
            return TransientError(error.what, "try again later", system="stripe", status=answer.status)
        if isinstance(error, Refused):
            fix = _FIXES.get(error.code, "change what the deal says, or its mapping in o2c.yaml")
            what, said = f"Stripe refused POST {path}: {error.detail}", error.detail
            return Refused(
                what, fix, system="stripe", status=error.status, code=error.code, detail=said, path=error.path
            )
        return error


def _identifier(answer: Answer, path: str) -> str:
    try:
        body = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        body = None
    found = body.get("id") if isinstance(body, dict) else None
    if not isinstance(found, str):
        raise OutcomeUnknown(f"Stripe's answer to POST {path} names no object", _LOOK, system="stripe", status=200)
    return found
