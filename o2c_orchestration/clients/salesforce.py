"""Reads Salesforce by SOQL, over simple-salesforce.

What belongs here: login, the transport under simple-salesforce, paging, error classification. What does not: writing
(`salesforce_write`), which the transport of a reader refuses.

The library is used for its requests and its query paging. What it lacks is added underneath, in the transport:
timeouts, a fixed set of hosts, and plain http to loopback hosts. Its own login renewal is left out, because it
recurses on a session that stays invalid.
"""

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple, TypeVar
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce  # type: ignore[attr-defined]
from simple_salesforce.exceptions import SalesforceAuthenticationFailed, SalesforceError, SalesforceExpiredSession

from o2c_orchestration.clients._http import Session, Timeout, open_session, scrub, unsigned
from o2c_orchestration.clients.credentials import SalesforceCredentials, checked_base_url, is_loopback
from o2c_orchestration.clients.retry import RetryPolicy
from o2c_orchestration.clients.routes import answered, asking
from o2c_orchestration.clients.salesforce_errors import LOGIN_FIX, classify, login_error, worth_another_try
from o2c_orchestration.clients.salesforce_login import API_VERSION, DOMAIN, TOKEN_PATH, log_in, login_arguments
from o2c_orchestration.domain.errors import (
    AuthenticationError,
    ObjectMissing,
    PermissionDenied,
    ProtocolError,
    Refused,
    UnreachableError,
)

# What Salesforce's logs and change events call us.
CLIENT_NAME = "o2c_orchestration"
_READS = re.compile(rf"GET |POST {TOKEN_PATH}$")
# Only by what names the record, so that a request that is made again does nothing twice.
_WRITES = re.compile(rf"GET |POST {TOKEN_PATH}$|PATCH /services/data/v\d+\.0/composite/sobjects(/\w+/\w+)?$")
_USAGE = re.compile(r"api-usage=(\d+)/(\d+)")

Result = TypeVar("Result")


@dataclass(frozen=True)
class SalesforcePage:
    """Records of one page of a query, without `attributes`; fractions as Decimal. `read_at` is the UTC start."""

    records: list[dict[str, Any]]
    read_at: datetime


class DescribedField(NamedTuple):
    """What Salesforce calls the type of a field (`string`, `currency`, `picklist`), the API names of what may be chosen
    in it now (those of inactive choices left out), and whether the app's user may give it a value, in a record that is
    there or in a new one."""

    type: str
    choices: tuple[str, ...] = ()
    updateable: bool = True
    createable: bool = True


class DescribedObject(NamedTuple):
    """An object as it is told to the app's user: its fields by name, and whether that user may make and delete records.
    What the answer does not say counts as nothing wrong: neither lacking nor too much."""

    fields: dict[str, DescribedField]
    createable: bool | None = None
    deletable: bool | None = None


@dataclass(frozen=True)
class Deletions:
    """What was deleted of a type.

    `whole_since`: what went before that may be forgotten; `covered`: the next question begins there. Both are moments
    (UTC) by Salesforce's clock, None where it names none.
    """

    ids: list[str]
    whole_since: datetime | None
    covered: datetime | None


@dataclass(frozen=True)
class SalesforceSession:
    """What another API of the same org is asked with: the token, where the org is, and its id."""

    token: str = field(repr=False)
    instance_url: str
    organization: str


class SalesforceReader:
    """Runs SOQL queries against one org; safe to share between threads. Logs in at the first query.

    `requests` counts what was sent; `usage` is what Salesforce said last of the org's day: (requests used, limit).

    Raises SettingsError when the login is incomplete or the base URL unsafe. The methods raise AuthenticationError,
    PermissionDenied, Refused (a query that Salesforce does not take), ObjectMissing, ProtocolError, and, once the
    attempts are used up, RateLimited, UnreachableError or TransientError.
    """

    _writes: ClassVar[bool] = False

    def __init__(
        self, credentials: SalesforceCredentials, timeout: Timeout = (5, 60), retry: RetryPolicy | None = None
    ) -> None:
        self.requests = 0
        self.usage: tuple[int, int] | None = None
        self.credentials = credentials
        self._base_url = checked_base_url(credentials.base_url, "SALESFORCE_BASE_URL")
        self._retry = retry or RetryPolicy()
        self._login = login_arguments(credentials, self._base_url)
        self._secrets = [credentials.client_secret, credentials.private_key]
        self._session = _session(self._base_url, Transport(self._base_url, timeout, writes=self._writes))
        self._session.hooks["response"].append(self._count)
        self._lock = threading.Lock()
        self._client: Salesforce | None = None
        self._organization: str | None = None

    def query_all(self, soql: str) -> list[dict[str, Any]]:
        """All records of the query, in memory; use `pages` for large results."""
        return [record for page in self.pages(soql) for record in page.records]

    def with_deleted(self, soql: str) -> list[dict[str, Any]]:
        """The same, what lies in the recycle bin among them."""
        return [record for page in self.pages(soql, deleted=True) for record in page.records]

    def pages(self, soql: str, *, deleted: bool = False) -> Iterator[SalesforcePage]:
        """The pages of the query, up to 2000 records each. `deleted`: also of what lies in the recycle bin."""
        read_at, answer = self._ask(lambda client: client.query(soql, include_deleted=deleted))
        while True:
            records, more = _records(answer)
            yield SalesforcePage(records, read_at)
            if more is None:
                return
            read_at, answer = self._ask(_following(more))

    def fields(self, kind: str) -> frozenset[str]:
        """Names of an object's fields that the app's user may see. Raises ObjectMissing for an object there is not."""
        return frozenset(self.describe(kind).fields)

    def describe(self, kind: str) -> DescribedObject:
        """The same, with what each is. Fields that this user may not see are not among them (field-level security).

        That `createable` and the like are said of the current user is documented of Apex's describe of the same names.
        """
        _, answer = self._ask(lambda client: client.restful(f"sobjects/{kind}/describe"))
        told: Mapping[str, Any] = answer if isinstance(answer, Mapping) else {}
        found = told.get("fields")
        if not isinstance(found, list):
            what = f"Salesforce's description of {kind} holds no fields"
            raise ProtocolError(what, "check SALESFORCE_BASE_URL", system="salesforce")
        fields = {str(field["name"]): _described(field) for field in found}
        return DescribedObject(fields, told.get("createable"), told.get("deletable"))

    def deleted(self, kind: str, since: datetime, until: datetime) -> Deletions | None:
        """What was deleted of a type in a span (UTC); None where Salesforce does not tell: only all ids do then.

        It keeps a log of deletions for 15 days, less if that grows too long, has none of before it was switched on in a
        young org or sandbox, and none of types that are not replicable (REST API guide, sObject Get Deleted).
        """
        span = {"start": _stamp(since), "end": _stamp(until)}
        try:
            _, answer = self._ask(lambda client: client.restful(f"sobjects/{kind}/deleted/", params=span))
        except (Refused, ObjectMissing, PermissionDenied, ProtocolError):
            return None
        told: Mapping[str, Any] = answer if isinstance(answer, Mapping) else {}
        found = told.get("deletedRecords")
        if not isinstance(found, list):
            what = f"Salesforce's answer about deleted {kind} records holds none"
            raise ProtocolError(what, "check SALESFORCE_BASE_URL", system="salesforce")
        ids = [str(record["id"]) for record in found if isinstance(record, Mapping) and record.get("id")]
        return Deletions(ids, _moment(told.get("earliestDateAvailable")), _moment(told.get("latestDateCovered")))

    def session(self) -> SalesforceSession:
        """The session that is open, or a new one. An API beside REST takes the same token and asks for the org's id."""
        if self._organization is None:
            self._organization = str(next((row["Id"] for row in self.query_all("SELECT Id FROM Organization")), ""))
        client = self._logged_in()
        return SalesforceSession(str(client.session_id), f"https://{client.sf_instance}", self._organization)

    def end(self, session: SalesforceSession) -> None:
        """This session is not accepted any more: whoever asks next logs in anew."""
        with self._lock:
            if self._client is not None and self._client.session_id == session.token:
                self._client = None

    def close(self) -> None:
        """Close the pooled connections."""
        self._session.close()

    def _count(self, response: requests.Response, *_: Any, **__: Any) -> None:
        self.requests += 1
        told = _USAGE.search(response.headers.get("Sforce-Limit-Info", ""))
        if told:
            self.usage = int(told[1]), int(told[2])

    def _ask(self, action: Callable[[Salesforce], Result]) -> tuple[datetime, Result]:
        return self._retry.run(lambda: self._ask_once(action), system="salesforce", again=worth_another_try)

    def _ask_once(self, action: Callable[[Salesforce], Result]) -> tuple[datetime, Result]:
        client = self._logged_in()
        read_at = datetime.now(UTC)
        try:
            return read_at, self._guarded(lambda: action(client))
        except SalesforceExpiredSession:
            self._forget(client)
        client = self._logged_in()
        try:
            return read_at, self._guarded(lambda: action(client))
        except SalesforceExpiredSession:
            what = "Salesforce does not accept the session it has just handed out"
            raise AuthenticationError(what, LOGIN_FIX, system="salesforce", status=401) from None

    def _logged_in(self) -> Salesforce:
        # The lock is held while logging in: the other threads need the very same session.
        with self._lock:
            if self._client is None:
                session_id, instance = self._guarded(lambda: log_in(self._session, self._login))
                if not session_id or not instance:
                    raise ProtocolError(
                        "Salesforce's login answer holds no session", "check SALESFORCE_BASE_URL", system="salesforce"
                    )
                self._client = Salesforce(
                    session_id=session_id,
                    instance=instance,
                    version=API_VERSION,
                    session=self._session,
                    parse_float=Decimal,
                )
            return self._client

    def _forget(self, client: Salesforce) -> None:
        with self._lock:
            if self._client is client:
                self._client = None

    def _guarded(self, action: Callable[[], Result]) -> Result:
        """The action's result, with every failure of the library and the network given its name here."""
        try:
            return action()
        except SalesforceExpiredSession:
            raise
        except SalesforceAuthenticationFailed as error:
            raise login_error(error, self._secrets) from None
        except SalesforceError as error:
            raise classify(error, self._secrets) from None
        except (ValueError, KeyError, AttributeError, TypeError, IndexError) as error:
            # What the library makes of a body that is not what it expects. JSON errors of requests are among
            # these and among the network errors too, so this comes first.
            what = f"Salesforce's answer makes no sense ({type(error).__name__})"
            raise ProtocolError(what, "check SALESFORCE_BASE_URL", system="salesforce") from None
        except requests.RequestException as error:
            what = f"Salesforce did not answer ({type(error).__name__})"
            raise UnreachableError(what, "check the network and SALESFORCE_BASE_URL", system="salesforce") from None


class Transport(HTTPAdapter):
    """What simple-salesforce lacks: timeouts, plain http to a loopback sandbox, a fence around hosts and methods.

    The library writes https:// into every URL and takes the host of later requests from the login's answer. Here a
    request leaves for a Salesforce host or, when the base URL is a loopback one, for exactly that.
    """

    def __init__(self, base_url: str, timeout: Timeout, *, writes: bool = False) -> None:
        super().__init__()
        self._may = _WRITES if writes else _READS
        self._base = urlsplit(base_url)
        self._loopback = is_loopback(base_url)
        self._timeout = timeout

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a GET, the login's POST or a writer's PATCH of a collection; PermissionDenied for anything else."""
        url = urlsplit(request.url or "")
        if not self._may.match(f"{request.method} {url.path}"):
            what = f"the Salesforce reader does not send {request.method} {url.path}"
            raise PermissionDenied(what, "this is a mistake in the program", system="salesforce")
        if self._loopback:
            request.headers["X-Forwarded-Host"] = url.netloc
            request.url = urlunsplit((self._base.scheme, self._base.netloc, url.path, url.query, ""))
        elif url.scheme != "https" or not (url.hostname or "").endswith(DOMAIN):
            what = f"Salesforce's login names the host {scrub(url.netloc, ())}, which is not one of Salesforce's"
            raise ProtocolError(what, "check SALESFORCE_BASE_URL", system="salesforce")
        # Change events name it, so that our own writes are told from those of others.
        request.headers["Sforce-Call-Options"] = f"client={CLIENT_NAME}"
        kwargs["timeout"] = self._timeout
        with asking(str(request.method), request.url or "") as span:
            response = super().send(request, *args, **kwargs)
            answered(span, response.status_code)
            return response


def _described(field: Mapping[str, Any]) -> DescribedField:
    choices = [each for each in field.get("picklistValues") or () if isinstance(each, Mapping) and each.get("active")]
    names = tuple(str(each.get("value")) for each in choices)
    may = [field.get(name) is not False for name in ("updateable", "createable")]
    return DescribedField(str(field.get("type") or "any"), names, *may)


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _session(base_url: str, transport: Transport) -> Session:
    session = open_session(base_url, 1, unsigned)
    session.mount("https://", transport)
    session.mount("http://", transport)
    return session


def _records(answer: Any) -> tuple[list[dict[str, Any]], str | None]:
    """The records of a page, and the address of the next page if there is one."""
    records = answer.get("records") if isinstance(answer, Mapping) else None
    done = answer.get("done") if isinstance(answer, Mapping) else None
    if not isinstance(records, list) or not isinstance(done, bool):
        raise ProtocolError(
            "Salesforce's answer to a query holds no records", "check SALESFORCE_BASE_URL", system="salesforce"
        )
    more = None if done else answer.get("nextRecordsUrl")
    if not done and not str(more).startswith("/services/data/"):
        raise ProtocolError("Salesforce's query has more pages but no way on", "try again", system="salesforce")
    return [{name: value for name, value in row.items() if name != "attributes"} for row in records], more


def _following(address: str) -> Callable[[Salesforce], Any]:
    return lambda client: client.query_more(address, identifier_is_url=True)
