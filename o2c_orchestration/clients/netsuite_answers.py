"""Which error an answer from NetSuite is. The one question behind it: did NetSuite do anything?

What belongs here: turning an answer, or its absence, into an error of `domain.errors`. What does not: the texts of
refusals (`netsuite_errors`).
"""

from collections.abc import Sequence

import requests

from o2c_orchestration.clients._http import Answer, retry_after
from o2c_orchestration.clients.netsuite_errors import refusal, says_no_such_record, says_too_many
from o2c_orchestration.domain.errors import (
    AuthenticationError,
    ObjectMissing,
    OutcomeUnknown,
    PermissionDenied,
    ProtocolError,
    RateLimited,
    SystemFailure,
    TransientError,
    UnreachableError,
)

_LOGIN_FIX = (
    "check the NETSUITE_ credentials, and the Login Audit Trail in NetSuite (Setup > Users/Roles > User Management)"
)
NETWORK_FIX = "check the network, NETSUITE_ACCOUNT_ID and NETSUITE_BASE_URL"
_LOOK_FIX = "it is looked up by its external id before anything is sent again"


def no_answer(target: str, error: Exception) -> UnreachableError:
    """A read that got no answer, or a write for which no connection could be made."""
    return UnreachableError(f"NetSuite could not be asked to {target}: {error}", NETWORK_FIX, system="netsuite")


def unknown(target: str, why: str, status: int | None = None) -> OutcomeUnknown:
    """A write that was sent, with nothing to tell whether NetSuite did it."""
    what = f"NetSuite was asked to {target}, and whether it did is unknown: {why}"
    return OutcomeUnknown(what, _LOOK_FIX, system="netsuite", status=status)


def _common_error(answer: Answer, target: str) -> SystemFailure | None:
    """What reads and writes have in common: answers that prove that nothing was done."""
    status = answer.status
    if status == requests.codes.unauthorized:
        return AuthenticationError(
            f"NetSuite does not accept the login to {target}", _LOGIN_FIX, system="netsuite", status=status
        )
    if status >= requests.codes.bad_request and says_too_many(status, answer.body):
        what = f"NetSuite has too many requests in flight to {target}"
        wait = retry_after(answer.headers)
        fix = "lower NETSUITE_CONCURRENCY, or see what else uses the account"
        return RateLimited(what, fix, system="netsuite", status=status, retry_after=wait, reason="concurrency")
    return None


def read_error(answer: Answer, target: str, secrets: Sequence[str | None]) -> SystemFailure:
    """The error that any answer but 200 to a read stands for. A 5xx is worth another try."""
    status = answer.status
    if error := _common_error(answer, target):
        return error
    if status == requests.codes.request_timeout or status >= requests.codes.server_error:
        what = f"NetSuite answered {status} when asked to {target}"
        return TransientError(what, "try again later", system="netsuite", status=status)
    if status == requests.codes.not_found and says_no_such_record(answer.body):
        return ObjectMissing(
            f"NetSuite has no record to {target}", "it may have been deleted there", system="netsuite", status=status
        )
    refused = refusal(status, answer.body, target, secrets)
    if refused is None:
        what = f"NetSuite answered {status} when asked to {target}, without an error that can be read"
        return ProtocolError(what, NETWORK_FIX, system="netsuite", status=status)
    if refused.category == "permission":
        return PermissionDenied(refused.what, refused.fix, system="netsuite", status=status)
    return refused


def write_error(answer: Answer, target: str, secrets: Sequence[str | None]) -> SystemFailure:
    """Only an error that NetSuite itself wrote proves that nothing was done; everything else is unknown."""
    status = answer.status
    if error := _common_error(answer, target):
        return error
    answered = requests.codes.bad_request <= status < requests.codes.server_error
    if not answered or status == requests.codes.request_timeout:
        return unknown(target, f"HTTP {status}", status)
    # A create that gets "no such record" points to a record that is not there; it is not itself missing.
    if status == requests.codes.not_found and says_no_such_record(answer.body) and not target.startswith("create"):
        what = f"NetSuite has no record to {target}"
        return ObjectMissing(what, "it may have been deleted there", system="netsuite", status=status)
    refused = refusal(status, answer.body, target, secrets)
    return refused or unknown(target, f"HTTP {status} without an error that can be read", status)
