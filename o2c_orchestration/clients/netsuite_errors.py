"""What NetSuite's error answers mean.

What belongs here: reading the error body and naming the refusal. What does not: transport and retries.

Nearly every business-rule refusal is HTTP 400 with the code USER_ERROR, so the code alone says little: the text is
matched too. A text that no pattern knows is `other`, which is shown in NetSuite's own words.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from o2c_orchestration.clients._http import scrub
from o2c_orchestration.domain.errors import Category, Refused


@dataclass(frozen=True)
class ErrorDetail:
    """One entry of `o:errorDetails`."""

    code: str
    detail: str
    path: str


# The first pattern that fits the code or the text decides; the narrower ones come first. A closed period, for
# example, often says "locked", and a currency that is not on the customer comes as an invalid field value.
_PATTERNS: tuple[tuple[Category, str], ...] = (
    (
        "permission",
        # SuiteQL does not say no: to a role that may not see a record, or without its feature, there is none.
        r"INSUFFICIENT_PERMISSION|does not have (the )?permission|permission violation"
        r"|search error occurred: (record '\w+' was not found|unknown identifier)",
    ),
    (
        "closed_period",
        r"TRAN_PERIOD_CLOSED|TRANS_EDIT_DISALLWD|TRAN_PRD_CLOSED|PERIOD_(CLOSED|LOCKED)"
        r"|period (that )?(has been|is|was) (closed|locked)|(closed|locked) (accounting |posting )?period",
    ),
    (
        "over_applied",
        r"TRANS_APPLIED_AMTS_UNBALNCD|total to apply|unable to find a matching line for sub-?list apply"
        r"|appl(y|ied)\b.*\b(exceed|greater than|more than)|(exceeds?|greater than|more than)\b.*\b(due|remaining|appl)"
        r"|already (been )?(fully )?paid",
    ),
    (
        "duplicate",
        r"already exists|DUP_(RCRD|ENTITY|EXTERNAL|ITEM)|UNIQUE_\w*_ID_REQD|already (in use|been used)"
        r"|must be unique",
    ),
    ("locked", r"RCRD_HAS_BEEN_CHANGED|RECORD_LOCKED|TRANS_IN_USE|locked by|record has been changed|is locked"),
    ("missing_field", r"please enter (a )?values?|MISSING_REQD|missing (a )?(required|mandatory)|USER_MUST_ENTER"),
    (
        "currency",
        r"following field: currency\b|INVALID_CURRENCY|CURRENCY_\w*(MISMATCH|NOT)"
        r"|currency\b.{0,60}\b(not|invalid|mismatch|must match)|(invalid|different|mismatched) currency",
    ),
    (
        "invalid_reference",
        r"invalid field value|INVALID_KEY_OR_REF|INVALID_INITIALIZE_REF|invalid \w+ reference|invalid reference"
        r"|NONEXISTENT_ID|does not exist|INVALID_FLD_VALUE|RCRD_DSNT_EXIST",
    ),
)
_COMPILED = tuple((category, re.compile(pattern, re.IGNORECASE)) for category, pattern in _PATTERNS)

_FIXES: dict[Category, str] = {
    "missing_field": "fill the named field: map it in o2c.yaml, or make it optional on the NetSuite form",
    "invalid_reference": "correct the named reference in o2c.yaml, or reactivate the record it points to in NetSuite",
    "closed_period": "reopen the accounting period in NetSuite, or agree on a date in an open one",
    "currency": "add the currency to the customer in NetSuite (Customer > Financial > Currencies), "
    "or set customers.currencies: add in o2c.yaml",
    "duplicate": "open the record that already carries this external id in NetSuite; it will be adopted if it matches",
    "over_applied": "see in NetSuite what else was applied to the invoice, and unapply what does not belong there",
    "permission": "give the integration's role the permission that NetSuite names (Setup > Users/Roles > Manage Roles)",
    "locked": "unlock the record in NetSuite, or let the workflow or user that holds it finish, then try again",
    "other": "read NetSuite's words, correct the record or the mapping, then try again",
}
_FIELDS = re.compile(r"please enter (?:a )?value(?:s|\(s\))? for:?\s*(.+?)\.?$", re.IGNORECASE)
_HIDDEN = re.compile(r"(record|unknown identifier) '([\w.]+)'", re.IGNORECASE)
# What else it may be, by record: an account that does not have the feature.
_WITHOUT = {
    "currency": "; an account without Multiple Currencies has none: name its currency under books.currency in o2c.yaml",
    "subsidiary": "; an account that is not OneWorld has none: set books.subsidiary to null in o2c.yaml",
}
_FORBIDDEN = 403
_TOO_MANY = 429
_SERVER_ERROR = 500
# More requests at once than the account may have. NetSuite's guide gives it 429; recorded answers have 400 too.
_BLOCKED = re.compile(
    r"CONCURRENCY_LIMIT_EXCEEDED|WS_CONCUR_SESSION_DISALLWD|WS_REQUEST_BLOCKED|concurrent request limit exceeded",
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"Accept-Language header\b.*\bvalue '([A-Za-z]{2,3}(?:[_-][A-Za-z]{2,4})?)'")
_NO_RECORD = re.compile(r"record( instance)? does not exist", re.IGNORECASE)


def error_details(body: bytes) -> list[ErrorDetail]:
    """The entries of `o:errorDetails`; empty when the body is not a NetSuite error."""
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        return []
    details = parsed.get("o:errorDetails") if isinstance(parsed, dict) else None
    if not isinstance(details, list):
        return []
    return [_detail(entry) for entry in details if isinstance(entry, dict)]


def _detail(entry: dict[str, Any]) -> ErrorDetail:
    path = entry.get("o:errorPath") or entry.get("o:errorQueryParam") or entry.get("o:errorHeader") or ""
    return ErrorDetail(str(entry.get("o:errorCode") or ""), str(entry.get("detail") or ""), str(path))


def says_too_many(status: int, body: bytes) -> bool:
    """Whether NetSuite's governance turned a request away before anything was done, by status or by its own error."""
    if status == _TOO_MANY or status >= _SERVER_ERROR:
        return status == _TOO_MANY
    return any(_BLOCKED.search(f"{detail.code} {detail.detail}") for detail in error_details(body))


def asked_language(body: bytes) -> str | None:
    """The language in which NetSuite wants to be asked, where it refuses a request for that alone.

    REST knows the company's language only: a login whose user has set another one is refused until it names that.
    """
    found = [_LANGUAGE.search(detail.detail) for detail in error_details(body) if detail.code == "INVALID_HEADER"]
    return next((match[1] for match in found if match), None)


def says_no_such_record(body: bytes) -> bool:
    """Whether a 404 is NetSuite's own "no such record".

    Any other 404 (a mistyped record type, a proxy's page) proves nothing about the record.
    """
    return any(detail.code == "NONEXISTENT_ID" or _NO_RECORD.search(detail.detail) for detail in error_details(body))


def categorize(code: str, detail: str, path: str = "") -> Category:
    """The category of one refusal, from its code and text."""
    text = f"{code} {detail}"
    found: Category = next((category for category, pattern in _COMPILED if pattern.search(text)), "other")
    if found == "invalid_reference" and path.lower().rpartition(".")[2] == "currency":
        return "currency"
    return found


def refusal(status: int, body: bytes, target: str, secrets: Iterable[str | None] = ()) -> Refused | None:
    """The refusal in an error body, or None when the body is not a NetSuite error.

    `target` says what was asked, such as `create invoice in_123`. Of several entries the first that a pattern
    knows decides; `detail` holds all texts.
    """
    details = error_details(body)
    if not details:
        return None
    known = [(categorize(entry.code, entry.detail, entry.path), entry) for entry in details]
    category, entry = next(((name, entry) for name, entry in known if name != "other"), known[0])
    if category == "other" and status == _FORBIDDEN:
        category = "permission"
    secrets = list(secrets)
    said = scrub(" ".join(item.detail for item in details) or entry.code, secrets)
    return Refused(
        f"NetSuite refused to {target}: {said}",
        fix_for(category, entry.detail),
        system="netsuite",
        status=status,
        code=scrub(entry.code, secrets),
        detail=said,
        path=scrub(entry.path, secrets),
        category=category,
    )


def fix_for(category: Category, detail: str = "") -> str:
    """What a person does about a refusal of this category, naming the field when NetSuite names it."""
    match = _FIELDS.search(" ".join(detail.split()))
    if category == "missing_field" and match:
        field = scrub(match[1], ())
        return f"fill {field}: map it in o2c.yaml, or make it optional on the NetSuite form"
    hidden = _HIDDEN.search(detail) if category == "permission" else None
    if hidden:
        what = "records" if hidden[1].lower() == "record" else "fields"
        name = hidden[2].rpartition(".")[2]
        see = f"let the integration's role see {name} {what} (docs/security.md), or turn on NetSuite's feature for them"
        return see + _WITHOUT.get(name.lower(), "")
    return _FIXES[category]
