"""What Salesforce's answers of 300 and above mean, and which of them are worth another try."""

from collections.abc import Mapping
from typing import Any

import requests
from simple_salesforce.exceptions import SalesforceAuthenticationFailed, SalesforceError

from o2c_orchestration.clients._http import scrub
from o2c_orchestration.clients.retry import is_transient
from o2c_orchestration.domain.errors import (
    AuthenticationError,
    ObjectMissing,
    PermissionDenied,
    ProtocolError,
    RateLimited,
    Refused,
    SystemFailure,
    TransientError,
)

DAILY_LIMIT = "REQUEST_LIMIT_EXCEEDED"
# What passes by itself, whatever the status.
_PASSES = frozenset({"UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "QUERY_TIMEOUT"})
LOGIN_FIX = (
    "check SALESFORCE_BASE_URL (the org's My Domain), SALESFORCE_CLIENT_ID and its secret or key, and that the app's "
    "client credentials flow has a user to run as"
)


def worth_another_try(error: BaseException) -> bool:
    """The daily request limit does not pass within a retry, and each try counts against it."""
    return is_transient(error) and not (isinstance(error, RateLimited) and error.reason == DAILY_LIMIT)


def login_error(error: SalesforceAuthenticationFailed, secrets: list[str | None]) -> SystemFailure:
    """A refused login. For an answer that is not JSON the library's code is the HTTP status."""
    status = error.code if isinstance(error.code, int) else None
    if status is not None and (status == requests.codes.too_many_requests or status >= requests.codes.server_error):
        what = f"Salesforce answered the login with {status}"
        return TransientError(what, "try again later", system="salesforce", status=status)
    if status is not None or not error.code:
        what = "Salesforce's login answer makes no sense"
        return ProtocolError(what, "check SALESFORCE_BASE_URL", system="salesforce", status=status)
    # What it says beside the code tells a wrong secret from an app without a user to run as.
    words = error.content.decode(errors="replace") if isinstance(error.content, bytes) else ""
    said = f"{error.code}: {words}" if words else str(error.code)
    what = f"Salesforce does not accept the login ({scrub(said, secrets)[:200]})"
    return AuthenticationError(what, LOGIN_FIX, system="salesforce")


def classify(error: SalesforceError, secrets: list[str | None]) -> SystemFailure:
    """The error that an answer of 300 and above stands for."""
    status = int(error.status)
    code, said = _first_error(error.content)
    said = scrub(said or f"HTTP {status}", secrets)
    what = f"Salesforce refused the query: {said}"
    if code == DAILY_LIMIT or status == requests.codes.too_many_requests:
        return _limited(what, status, code, said)
    if status == requests.codes.forbidden:
        fix = "give the user that the app runs as read access to the object and its fields"
        return PermissionDenied(what, fix, system="salesforce", status=status)
    if status == requests.codes.not_found:
        return ObjectMissing(what, "check the object's name and API version", system="salesforce", status=status)
    if status >= requests.codes.server_error or code in _PASSES:
        return TransientError(what, "try again later; see status.salesforce.com", system="salesforce", status=status)
    if not code:
        return ProtocolError(what, "check SALESFORCE_BASE_URL", system="salesforce", status=status)
    fix = "correct the query, or make the named field visible to the user that the app runs as"
    return Refused(what, fix, system="salesforce", status=status, code=code, detail=said)


def _limited(what: str, status: int, code: str, said: str) -> RateLimited:
    fix = "wait until tomorrow, or see Setup > Company Information for what else uses the org's API requests"
    if code == DAILY_LIMIT and said.startswith("ConcurrentRequests"):
        # The code of the day's limit, but this one passes within seconds: long requests at the same time.
        fix, code = "try again later; see what else uses the org's API at the same time", "CONCURRENT_REQUESTS"
    return RateLimited(what, fix, system="salesforce", status=status, reason=code)


def _first_error(content: Any) -> tuple[str, str]:
    first = content[0] if isinstance(content, list) and content else None
    if not isinstance(first, Mapping):
        return "", ""
    return str(first.get("errorCode") or ""), str(first.get("message") or "")
