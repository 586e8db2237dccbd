"""Reads Stripe in bulk over plain connections. It cannot write: any method but GET is refused before it is sent.

What belongs here: requests to the Stripe API, paging, retries, error classification. What does not: storing or
interpreting objects.

Why not the SDK: it builds a Python object for every nested hash of every row, which costs more than the request
itself when a backfill reads a hundred rows at a time. Here a page is parsed by orjson into plain dicts. The API
version is still the one that the pinned SDK speaks, so both see the same shapes.
"""

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import orjson
import requests
import stripe

from o2c_orchestration.clients._http import (
    Answer,
    BearerAuth,
    NoAnswer,
    NotSent,
    Timeout,
    exchange,
    open_session,
    retry_after,
    scrub,
    told_time,
)
from o2c_orchestration.clients._slices import cut
from o2c_orchestration.clients.budget import RateBudget
from o2c_orchestration.clients.credentials import StripeCredentials, checked_base_url
from o2c_orchestration.clients.retry import RetryPolicy
from o2c_orchestration.domain.errors import (
    AuthenticationError,
    ObjectMissing,
    PermissionDenied,
    ProtocolError,
    RateLimited,
    Refused,
    SystemFailure,
    TransientError,
    UnreachableError,
)

API_VERSION: str = stripe.api_version
PAGE_SIZE = 100
EVENT_TYPES_MAX = 20
_ACCOUNT = re.compile(r"\bacct_[A-Za-z0-9_]+")

Result = TypeVar("Result")


@dataclass(frozen=True)
class Page:
    """One page of a list. `read_at` is the UTC time at which the read started."""

    data: list[dict[str, Any]]
    has_more: bool
    read_at: datetime


class StripeReader:
    """Reads objects and lists of one Stripe account; safe to share between threads.

    All methods raise AuthenticationError, PermissionDenied, Refused (a parameter that Stripe does not take),
    ProtocolError, and, once the attempts are used up, RateLimited, UnreachableError or TransientError.
    """

    def __init__(
        self,
        credentials: StripeCredentials,
        budget: RateBudget,
        timeout: Timeout = (5, 60),
        retry: RetryPolicy | None = None,
    ) -> None:
        if not credentials.api_key.strip():
            raise AuthenticationError(
                f"{credentials.variable} is empty", _key_fix(credentials.variable), system="stripe"
            )
        self._variable = credentials.variable
        self._base_url = checked_base_url(credentials.base_url, "STRIPE_API_BASE")
        self._api_key = credentials.api_key.strip()
        self._budget = budget
        self._timeout = timeout
        self._retry = retry or RetryPolicy()
        self._session = open_session(self._base_url, budget.in_flight_max, BearerAuth(self._api_key))
        self._session.headers.update({"Stripe-Version": API_VERSION, "User-Agent": "o2c-orchestration"})

    def with_retry(self, retry: RetryPolicy) -> "StripeReader":
        """The same reader, its connections and budget shared, that tries again by another policy."""
        other = copy.copy(self)
        other._retry = retry
        return other

    def page(self, path: str, params: Mapping[str, Any] | None = None) -> Page:
        """One page of the list at `path`, such as `/v1/invoices`.

        `params` may be nested as the SDK takes them: `{"created": {"gte": 1}, "expand": ["data.payments"]}`.
        """
        return _page(self._fetch(path, params), path)

    def iterate(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[Page]:
        """All pages of a list, newest objects first, one hundred objects a page unless `params` has a `limit`."""
        query: dict[str, Any] = {"limit": PAGE_SIZE, **(params or {})}
        while True:
            page = self.page(path, query)
            yield page
            if not page.has_more:
                return
            query["starting_after"] = _next_cursor(page.data[-1] if page.data else {}, query, path)

    def convert(
        self, path: str, params: Mapping[str, Any], each: Callable[[dict[str, Any], datetime], Result]
    ) -> Iterator[list[Result]]:
        """What `each` makes of the objects of a list, page by page: the cheap way through many pages.

        `each` gets an object and the UTC time at which the read of its page started. Objects are parsed one at a
        time and forgotten. `each` may be called twice for the same object of a page.
        """
        query: dict[str, Any] = {"limit": PAGE_SIZE, **params}
        while True:
            answer = self._fetch(path, query)
            results, last, has_more = _converted(answer, path, each)
            yield results
            if not has_more:
                return
            query["starting_after"] = _next_cursor(last, query, path)

    def retrieve(self, path: str, params: Mapping[str, Any] | None = None) -> tuple[dict[str, Any], datetime]:
        """One object and the UTC time at which the read started. Raises ObjectMissing when Stripe has none."""
        answer = self._fetch(path, params)
        return _parsed(answer, path), answer.asked_at

    def events(self, since: datetime, until: datetime | None = None, types: Sequence[str] = ()) -> Iterator[Page]:
        """Events created from `since` up to, not including, `until` (whole seconds, UTC), newest first.

        Stripe keeps events for 30 days. An event says that an object changed; read the object to learn how.
        At most twenty `types` at once.
        """
        if since.tzinfo is None or (until is not None and until.tzinfo is None):
            raise ValueError("times need a time zone")
        if len(types) > EVENT_TYPES_MAX:
            raise ValueError(f"Stripe takes at most {EVENT_TYPES_MAX} event types at once")
        created = {"gte": int(since.timestamp())}
        if until is not None:
            created["lt"] = int(until.timestamp())
        params: dict[str, Any] = {"created": created}
        if types:
            params["types"] = list(types)
        return self.iterate("/v1/events", params)

    def server_time(self) -> datetime | None:
        """Stripe's clock in UTC, to the second, by the Date header of a small read of its list of events; None where
        what stands between here and Stripe has taken it away."""
        return told_time(self._fetch("/v1/events", {"limit": 1}).headers)

    def account_id(self) -> str | None:
        """The id of the account that the key belongs to; None where Stripe does not say.

        Restricted keys may not read it, but the words with which Stripe refuses them name it (stripe-node#2246).
        """
        try:
            account = self.retrieve("/v1/account")[0].get("id")
        except PermissionDenied as error:
            named = _ACCOUNT.search(error.what)
            return named.group() if named else None
        return account if isinstance(account, str) else None

    def request(self, method: str, path: str, params: Mapping[str, Any] | None = None) -> Answer:
        """One GET, once, without retries; the way every request of this class takes.

        Raises ValueError for any other method: this class reads.
        """
        if method != "GET":
            raise ValueError(f"the Stripe reader does not send {method}")
        if not path.startswith("/v1/") or ".." in path or "?" in path or "#" in path:
            raise ValueError(f"{path!r} is not a path of the Stripe API")
        try:
            with self._budget:
                return exchange(
                    self._session, "GET", self._base_url + path, params=flatten(params or {}), timeout=self._timeout
                )
        except (NotSent, NoAnswer) as error:
            raise UnreachableError(
                f"Stripe did not answer GET {path}: {error}",
                "check the network and STRIPE_API_BASE; status.stripe.com tells of outages",
                system="stripe",
            ) from error

    def close(self) -> None:
        """Close the pooled connections."""
        self._session.close()

    def _fetch(self, path: str, params: Mapping[str, Any] | None) -> Answer:
        return self._retry.run(lambda: self._fetch_once(path, params), system="stripe")

    def _fetch_once(self, path: str, params: Mapping[str, Any] | None) -> Answer:
        answer = self.request("GET", path, params)
        if answer.status == requests.codes.ok:
            return answer
        error = classify(answer, path, self._api_key, self._variable)
        # Locks on one object and limits of one resource say nothing about our pace.
        if isinstance(error, RateLimited) and error.reason not in ("lock_timeout", "resource-specific"):
            self._budget.throttled(concurrency=error.reason.endswith("concurrency"))
        raise error


def _key_fix(variable: str) -> str:
    return f"set {variable} to a key of this account (Dashboard > Developers > API keys; read-only will do)"


# What Stripe never answers.
ODD_FIX = "check STRIPE_API_BASE; if it is right, report the request id to Stripe"


def _page(answer: Answer, path: str) -> Page:
    body = _parsed(answer, path)
    data, has_more = body.get("data"), body.get("has_more")
    if not isinstance(data, list) or not isinstance(has_more, bool):
        raise ProtocolError(f"Stripe's answer to {path} is not a list", ODD_FIX, system="stripe")
    return Page(data, has_more, answer.asked_at)


def _converted(
    answer: Answer, path: str, each: Callable[[dict[str, Any], datetime], Result]
) -> tuple[list[Result], Any, bool]:
    """The results of a page, its last object, and whether there are more pages."""
    pieces = cut(answer.body)
    if pieces is not None:
        results: list[Result] = []
        try:
            for piece in pieces[0]:
                item = orjson.loads(piece)
                results.append(each(item, answer.asked_at))
        except orjson.JSONDecodeError:
            pass  # not cut where objects end: take the page whole
        else:
            return results, item, pieces[1]
    page = _page(answer, path)
    return [each(item, page.read_at) for item in page.data], page.data[-1] if page.data else {}, page.has_more


def _next_cursor(last: Any, query: Mapping[str, Any], path: str) -> str:
    """The id to go on after. Without a new one the walk would never end."""
    cursor = last.get("id")
    if not isinstance(cursor, str) or cursor == query.get("starting_after"):
        raise ProtocolError(f"Stripe's list {path} has more pages but no way on", ODD_FIX, system="stripe")
    return cursor


def _parsed(answer: Answer, path: str) -> dict[str, Any]:
    try:
        body = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise ProtocolError(f"Stripe's answer to {path} is not a JSON object", ODD_FIX, system="stripe")
    return body


def classify(answer: Answer, path: str, api_key: str, variable: str) -> SystemFailure:
    """The error that an answer other than 200 stands for."""
    status, error = answer.status, error_body(answer)
    said = scrub(str(error.get("message") or f"HTTP {status}"), [api_key])
    if status == requests.codes.unauthorized:
        # Stripe's own text repeats part of the key, so it stays out.
        what = f"Stripe does not accept {variable}"
        return AuthenticationError(what, _key_fix(variable), system="stripe", status=status)
    if status == requests.codes.forbidden:
        fix = f"give the restricted key in {variable} read permission for this resource"
        return PermissionDenied(f"Stripe does not let the key read {path}: {said}", fix, system="stripe", status=status)
    if status == requests.codes.not_found:
        fix = "it may have been deleted, or belong to another account or mode (live, test)"
        return ObjectMissing(f"Stripe has no {path}: {said}", fix, system="stripe", status=status)
    if status == requests.codes.too_many_requests:
        return _rate_limited(answer, error, path)
    if status == requests.codes.conflict or status >= requests.codes.server_error:
        what = f"Stripe answered GET {path} with {status}"
        return TransientError(what, "try again later; see status.stripe.com", system="stripe", status=status)
    return _refused(status, error, path, said)


def _refused(status: int, error: Mapping[str, Any], path: str, said: str) -> SystemFailure:
    if not error:
        return ProtocolError(f"Stripe answered GET {path} with {status}", ODD_FIX, system="stripe", status=status)
    return Refused(
        f"Stripe refused GET {path}: {said}",
        "correct the request; this is a mistake in the program, not in the books",
        system="stripe",
        status=status,
        code=str(error.get("code") or error.get("type") or ""),
        detail=said,
        path=str(error.get("param") or ""),
    )


def _rate_limited(answer: Answer, error: Mapping[str, Any], path: str) -> RateLimited:
    reason = answer.headers.get("Stripe-Rate-Limited-Reason", "")
    if not reason and error.get("code") == "lock_timeout":
        reason = "lock_timeout"
    return RateLimited(
        f"Stripe is asked too often for {path} ({reason or 'no reason given'})",
        "lower stripe.requests_per_second or stripe.requests_in_flight in o2c.yaml",
        system="stripe",
        status=answer.status,
        retry_after=retry_after(answer.headers),
        reason=reason,
    )


def error_body(answer: Answer) -> Mapping[str, Any]:
    """What Stripe says of an answer other than 200; empty where it says nothing in its own shape."""
    try:
        body = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return {}
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else {}


def flatten(params: Mapping[str, Any]) -> dict[str, str]:
    """Nested parameters in Stripe's form notation: `{"created": {"gte": 1}}` becomes `{"created[gte]": "1"}`."""
    flat: dict[str, str] = {}
    for key, value in params.items():
        _flatten_into(flat, key, value)
    return flat


def _flatten_into(flat: dict[str, str], key: str, value: Any) -> None:
    if isinstance(value, Mapping):
        for inner, item in value.items():
            _flatten_into(flat, f"{key}[{inner}]", item)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            _flatten_into(flat, f"{key}[{index}]", item)
    elif isinstance(value, bool):
        flat[key] = "true" if value else "false"
    elif isinstance(value, datetime):
        flat[key] = str(int(value.astimezone(UTC).timestamp()))
    elif value is not None:
        flat[key] = str(value)
