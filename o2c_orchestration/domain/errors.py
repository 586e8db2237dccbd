"""Every failure that has a name. One class per failure, each with its data and what to do next.

What belongs here: error classes. What does not: deciding which answer is which error (that is the clients' work).

    O2CError
    ├── SettingsError              a setting is missing, wrong or unsafe                      exit 2
    ├── DatabaseNewerThanCode      a newer version has migrated the database                  exit 2
    ├── CannotGoBack               the schema cannot be taken back as far as was asked        exit 2
    ├── SchemaMismatch             the tables are not those of the revision that they name    exit 2
    ├── QuarantinedRows            rows failed their schema and were set aside
    └── SystemFailure              another system did not do what was asked
        ├── AuthenticationError    it does not accept our credentials                         exit 2
        ├── PermissionDenied       the credentials are good but may not do this               exit 2
        ├── ObjectMissing          it holds no such object
        ├── Refused                it understood and said no; asking again changes nothing
        ├── OutcomeUnknown         a write was sent and nobody knows whether it happened
        ├── ProtocolError          an answer that makes no sense
        │   └── TooManyRows        a query has more rows than NetSuite gives to one
        └── TransientError         nothing happened; the same request may be made again later
            ├── RateLimited        too many requests
            └── UnreachableError   no connection, or no answer to a read                      exit 2

A caller that writes needs three branches: `Refused` (tell a person), `TransientError` (try again later) and
`OutcomeUnknown` (look the document up first).
"""

from typing import ClassVar, Literal, get_args

Category = Literal[
    "missing_field",
    "invalid_reference",
    "closed_period",
    "currency",
    "duplicate",
    "over_applied",
    "permission",
    "locked",
    "other",
]
CATEGORIES: tuple[str, ...] = get_args(Category)


class O2CError(Exception):
    """Base of all errors that are told to a person in one line.

    Attributes:
        what: what happened, and to which object.
        what_to_do: the next step of the person who reads it.
        exit_code: what the command line ends with (1 = found something wrong, 2 = arguments or settings).
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, what_to_do: str = "") -> None:
        super().__init__(what, what_to_do)
        self.what = what
        self.what_to_do = what_to_do

    def __str__(self) -> str:
        return f"{self.what.rstrip('.')}. {_sentence(self.what_to_do)}" if self.what_to_do else self.what


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


class SettingsError(O2CError):
    """A setting is missing, wrong or unsafe."""

    exit_code = 2


class DatabaseNewerThanCode(O2CError):
    """The database was migrated by a newer version of this code."""

    exit_code = 2


class CannotGoBack(O2CError):
    """The schema cannot be taken back to the revision that was asked for."""

    exit_code = 2


class SchemaMismatch(O2CError):
    """The tables are not those of the revision that the database names: no migration starts from there."""

    exit_code = 2


class QuarantinedRows(O2CError):
    """Rows failed their schema and were set aside; their neighbours went on.

    Attributes:
        rows: how many rows are in quarantine.
        dataset: which stage and object they belong to, such as `stripe/invoices`.
    """

    def __init__(self, what: str, what_to_do: str = "", *, rows: int = 0, dataset: str = "") -> None:
        super().__init__(what, what_to_do)
        self.rows = rows
        self.dataset = dataset


class SystemFailure(O2CError):
    """Another system did not do what was asked.

    Attributes:
        system: `stripe`, `netsuite`, `salesforce`, `postgresql`, or empty.
        status: the HTTP status, or None when there was no answer.
    """

    def __init__(self, what: str, what_to_do: str = "", *, system: str = "", status: int | None = None) -> None:
        super().__init__(what, what_to_do)
        self.system = system
        self.status = status


class AuthenticationError(SystemFailure):
    """The system does not accept our credentials."""

    exit_code = 2


class PermissionDenied(SystemFailure):
    """The credentials are good but may not do this."""

    exit_code = 2


class ObjectMissing(SystemFailure):
    """The system holds no such object."""


class ProtocolError(SystemFailure):
    """An answer that makes no sense: not JSON, a missing field, a page that leads back to itself."""


class TooManyRows(ProtocolError):
    """A query has more rows than NetSuite gives to one: ask for less at a time."""


class OutcomeUnknown(SystemFailure):
    """A write was sent and nobody knows whether it happened: a timeout, a reset, a 5xx, a garbled answer.

    Never send the same write again before looking for its document.
    """


class TransientError(SystemFailure):
    """Nothing happened on the other side; the same request may be made again later."""


class RateLimited(TransientError):
    """Too many requests, too fast or too many at once. Nothing was done.

    Attributes:
        retry_after: seconds the system asked us to wait, or None.
        reason: the system's own word for which limit it was, or empty.
    """

    def __init__(
        self,
        what: str,
        what_to_do: str = "",
        *,
        system: str = "",
        status: int | None = None,
        retry_after: float | None = None,
        reason: str = "",
    ) -> None:
        super().__init__(what, what_to_do, system=system, status=status)
        self.retry_after = retry_after
        self.reason = reason


class UnreachableError(TransientError):
    """No connection could be made, or a read got no answer."""

    exit_code = 2


class Refused(SystemFailure):
    """The system understood the request and said no; the same request will be refused again.

    Attributes:
        code: the system's error code, such as `USER_ERROR`.
        detail: the system's own words.
        path: where in the request body, such as `item.items[0].item`, or empty.
        category: what kind of refusal it is; one of CATEGORIES.
        fix: what a person changes so that the next attempt succeeds (the same text as `what_to_do`).
    """

    def __init__(
        self,
        what: str,
        what_to_do: str = "",
        *,
        system: str = "",
        status: int | None = None,
        code: str = "",
        detail: str = "",
        path: str = "",
        category: Category = "other",
    ) -> None:
        super().__init__(what, what_to_do, system=system, status=status)
        self.code = code
        self.detail = detail
        self.path = path
        self.category = category

    @property
    def fix(self) -> str:
        """What a person changes so that the next attempt succeeds."""
        return self.what_to_do
