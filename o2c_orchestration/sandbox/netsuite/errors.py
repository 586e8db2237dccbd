"""What NetSuite answers when it refuses: one exception, and the error body it turns into.

What belongs here: status, code and wording of refusals. What does not: the rules that lead to them.
"""

from __future__ import annotations

from typing import Any

ACCESS_PREFIX = "Error while accessing a resource. "
LOGIN_DETAIL = (
    "Invalid login attempt. For more details, see the Login Audit Trail in the NetSuite UI at "
    "Setup > Users/Roles > User Management > View Login Audit Trail."
)
SEARCH_PREFIX = "Invalid search query. Detailed unprocessed description follows. "

# NetSuite titles a refused concurrent request "Bad Request" although its status is 429.
_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    429: "Bad Request",
    500: "Internal Server Error",
}


class NetSuiteError(Exception):
    """A refusal: HTTP `status`, `code` (o:errorCode), `detail` and, where known, the property `path`."""

    def __init__(self, status: int, code: str, detail: str, path: str | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.path = path

    def body(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        details: dict[str, Any] = {"detail": self.detail, "o:errorCode": self.code}
        if self.path is not None:
            details["o:errorPath"] = self.path
        return {
            "type": _type_uri(self.status),
            "title": _TITLES.get(self.status, "Bad Request"),
            "status": self.status,
            "o:errorDetails": [details],
        }


def user_error(sentence: str, path: str | None = None) -> NetSuiteError:
    """400 USER_ERROR: a rule of the business, told in NetSuite's own sentence."""
    return NetSuiteError(400, "USER_ERROR", ACCESS_PREFIX + sentence, path)


def missing_values(labels: list[str]) -> NetSuiteError:
    """400: mandatory fields are empty. `labels` are the names that the NetSuite form shows."""
    return user_error(f"Please enter value(s) for: {', '.join(labels)}.")


def invalid_field_value(value: object, field: str, path: str | None = None) -> NetSuiteError:
    """400: a reference or value that the field does not allow."""
    sentence = f"You have entered an Invalid Field Value {value} for the following field: {field}"
    return user_error(sentence, path)


def invalid_content(detail: str = "", path: str | None = None) -> NetSuiteError:
    """400 INVALID_CONTENT: the body is not what the resource takes."""
    text = "Invalid content in the request body."
    return NetSuiteError(400, "INVALID_CONTENT", f"{text} {detail}".strip(), path)


def invalid_parameter(detail: str) -> NetSuiteError:
    """400 INVALID_PARAMETER: a query or a query parameter that cannot be used."""
    return NetSuiteError(400, "INVALID_PARAMETER", detail)


def invalid_search(description: str) -> NetSuiteError:
    """400 INVALID_PARAMETER: SuiteQL that NetSuite does not run."""
    return invalid_parameter(SEARCH_PREFIX + description)


def record_not_found() -> NetSuiteError:
    """404: no record under this internal or external id."""
    detail = "The record instance does not exist. Provide a valid record instance ID."
    return NetSuiteError(404, "NONEXISTENT_ID", detail)


def unknown_record_type(name: str) -> NetSuiteError:
    """404: no such record type."""
    return NetSuiteError(404, "NOT_FOUND", f"Record type '{name}' does not exist")


def method_not_allowed() -> NetSuiteError:
    """405: the record does not support the operation."""
    return NetSuiteError(405, "INVALID_METHOD", "The HTTP method is not supported for this resource.")


def invalid_url() -> NetSuiteError:
    """400: the path is none that the service knows."""
    detail = (
        "Invalid request URL. The request URL must be constructed in the following way: "
        "<service>/v1/<recordname>/<recordid>."
    )
    return NetSuiteError(400, "INVALID_URL", detail)


def login_refused() -> NetSuiteError:
    """401: no, a wrong or an expired credential."""
    return NetSuiteError(401, "INVALID_LOGIN", LOGIN_DETAIL)


def too_many_in_flight() -> NetSuiteError:
    """429: the account already has as many requests in flight as its licence allows."""
    detail = "Concurrent request limit exceeded. Request blocked."
    return NetSuiteError(429, "CONCURRENCY_LIMIT_EXCEEDED", detail)


def _type_uri(status: int) -> str:
    if status >= 500:
        return f"https://www.rfc-editor.org/rfc/rfc9110.html#section-15.6.{status - 499}"
    return f"https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.{status - 399}"
