"""Reads and writes one NetSuite account over REST.

What belongs here: SuiteQL, records, and what a good answer holds. What does not: transport (`netsuite_account`),
login (`netsuite_auth`), which answer is which error (`netsuite_answers`), and what to write.

Reader and writer are two classes, so that whoever only looks can be given something that cannot touch. The reader
retries. The writer never does: it says what became of the one request it sent.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlsplit

import requests

from o2c_orchestration.clients._http import Answer, NoAnswer, NotSent, told_time
from o2c_orchestration.clients.netsuite_account import NetSuiteAccount
from o2c_orchestration.clients.netsuite_answers import NETWORK_FIX, no_answer, read_error, unknown, write_error
from o2c_orchestration.clients.suiteql import PAGE_SIZE, SuiteQLPage, onward, page_of
from o2c_orchestration.domain.errors import ObjectMissing, ProtocolError, TooManyRows
from o2c_orchestration.domain.netsuite_role import Held

__all__ = ["NetSuiteAccount", "NetSuiteReader", "NetSuiteWriter", "SuiteQLPage"]

RECORD_PATH = "/services/rest/record/v1/"
SUITEQL_PATH = "/services/rest/query/v1/suiteql"
_CATALOG_PATH = RECORD_PATH + "metadata-catalog"
LIMITS_PATH = "/services/rest/system/v1/governanceLimits"
# NetSuite answers no more rows than this to one paged query; beyond it, keyset paging.
OFFSET_ROWS_MAX = 100_000
_AFTER = "{after}"
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_RECORD_TYPE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_CREATED_AT = re.compile(r"/record/v1/[A-Za-z0-9_]+/(\d+)/?$")


class NetSuiteReader:
    """Reads; every method may be repeated at will and is, a bounded number of times.

    All methods raise AuthenticationError, PermissionDenied, Refused (NetSuite does not take the query or holds the
    record back), ProtocolError, and, once the attempts are used up, RateLimited, UnreachableError, TransientError.
    """

    def __init__(self, account: NetSuiteAccount) -> None:
        self._account = account

    def suiteql_page(
        self, query: str, params: Sequence[str | int] = (), *, limit: int = PAGE_SIZE, offset: int = 0
    ) -> SuiteQLPage:
        """One page. `params` fill the `?` of the query; `offset` must be a multiple of `limit` (1 to 1000)."""
        if not 1 <= limit <= PAGE_SIZE or offset % limit:
            raise ValueError("limit is 1 to 1000 and offset a multiple of it")
        body: dict[str, Any] = {"q": query}
        if params:
            body["params"] = [str(value) for value in params]
        answer = self._ask(
            "POST", SUITEQL_PATH, "run a query", params={"limit": str(limit), "offset": str(offset)}, body=body
        )
        return page_of(answer, limit)

    def suiteql(self, query: str, params: Sequence[str | int] = ()) -> Iterator[dict[str, str]]:
        """All rows of a query of up to 100,000 rows, page by page.

        The query must ORDER BY a unique column: NetSuite repeats and drops rows between unordered pages. Raises
        TooManyRows for a longer one.
        """
        _require_order(query)
        limit, offset = PAGE_SIZE, 0
        while offset < OFFSET_ROWS_MAX:
            page = self.suiteql_page(query, params, limit=limit, offset=offset)
            yield from page.rows
            if not page.has_more:
                return
            # NetSuite may give less than was asked for: only its own link then says where it goes on.
            limit, offset = onward(page, limit, offset)
        what = f"a NetSuite query has more than {OFFSET_ROWS_MAX} rows"
        raise TooManyRows(what, "read it with suiteql_keyset, or in parts", system="netsuite")

    def suiteql_keyset(
        self,
        query: str,
        params: Sequence[str | int] = (),
        *,
        key: str = "id",
        after: int = 0,
        page_size: int = PAGE_SIZE,
    ) -> Iterator[SuiteQLPage]:
        """Pages of a query of any length, walked along a unique whole-number column.

        The query holds `{after}` once and orders by the key, for example
        `SELECT t.id, t.total FROM transaction t WHERE t.type = ? AND t.id > {after} ORDER BY t.id`. `params` fill
        only its own `?`. `key` is the column's name in the answer. Rows added or removed meanwhile shift nothing,
        as they would with offsets. Raises ProtocolError when the keys do not rise: rows would be lost.
        """
        bound, position = _bind_after(query)
        while True:
            filled = [*params[:position], after, *params[position:]]
            page = self.suiteql_page(bound, filled, limit=page_size)
            after = _last_key(page.rows, key, after)
            if page.rows:
                yield page
            if not page.rows or (not page.has_more and len(page.rows) < page_size):
                return

    def record(
        self, record_type: str, internal_id: str | int, *, sublists: bool = False
    ) -> tuple[dict[str, Any], datetime]:
        """One record as NetSuite renders it, amounts as Decimal, and the UTC start of the read.

        `sublists` brings the lines along. Raises ObjectMissing when there is none.
        """
        params = {"expandSubResources": "true"} if sublists else None
        path = _record_path(record_type, _internal(internal_id))
        answer = self._ask("GET", path, f"read {record_type} {internal_id}", params=params)
        return _object(answer), answer.asked_at

    def customer_currencies(self, internal_id: str | int) -> list[str]:
        """Internal ids of the currencies of one customer: the primary one, then those of the sublist.

        Empty where the account has one currency only. Raises ObjectMissing when there is no such customer.
        """
        record, _ = self.record("customer", internal_id, sublists=True)
        listed = (record.get("currencyList") or {}).get("items") or []
        references = [record.get("currency"), *(line.get("currency") for line in listed)]
        return list(dict.fromkeys(str(each["id"]) for each in references if each and each.get("id")))

    def find_by_external_id(self, record_type: str, external_id: str) -> str | None:
        """Internal id of the record with this external id, or None when NetSuite says that there is none.

        Only NetSuite's own "no such record" counts as none; any other failure raises.
        """
        path = _record_path(record_type, _external(external_id))
        try:
            answer = self._ask("GET", path, f"look up {record_type} {external_id}")
        except ObjectMissing:
            return None
        record = _object(answer)
        if str(record.get("externalId", external_id)) != external_id:
            # NetSuite folds case, Stripe does not: this is the document of another Stripe object.
            return None
        found = record.get("id")
        if not isinstance(found, str | int) or not str(found).isdigit():
            what = f"NetSuite's answer about {record_type} {external_id} holds no internal id"
            raise ProtocolError(what, "try again", system="netsuite")
        return str(found)

    def concurrency_limits(self) -> dict[str, Any]:
        """The account's and the integration's concurrency limits. PermissionDenied for all but administrators."""
        return _object(self._ask("GET", LIMITS_PATH, "read the concurrency limits"))

    def own_role(self) -> str | None:
        """Internal id of the role that the integration works as; None where the login does not tell."""
        return self._account.role()

    def role_permissions(self, role: str) -> list[Held]:
        """What a role may do, by key; levels from 1 (view) to 4 (full). Needs a role that may see roles, else it is
        Refused, or empty (Oracle: Use Case for Retrieving Permissions Assigned to a Role).
        """
        query = "SELECT permkey, name, permlevel FROM rolepermissions WHERE role = ? ORDER BY permkey"
        return [_held(row) for row in self.suiteql(query, [role])]

    def record_schema(self, record_type: str) -> dict[str, Any]:
        """A record type as this account has it, as JSON schema: custom fields too, and `required` where it is told.

        Whether NetSuite tells of fields that a form or workflow makes mandatory is not documented.
        """
        path = f"{_CATALOG_PATH}/{_checked_type(record_type)}"
        headers = {"Accept": "application/schema+json"}
        return _object(self._ask("GET", path, f"read the catalog of {record_type}", headers=headers))

    def server_time(self) -> datetime:
        """NetSuite's clock in UTC, to the second.

        Taken from the Date header of a small query: SuiteQL itself answers in the time zone of the login's user.
        """
        params = {"limit": "1", "offset": "0"}
        body = {"q": "SELECT id FROM item ORDER BY id"}
        answer = self._ask("POST", SUITEQL_PATH, "read its clock", params=params, body=body)
        told = told_time(answer.headers)
        if told is None:
            what = "NetSuite's answer carries no time"
            raise ProtocolError(what, "check what stands between here and NetSuite", system="netsuite")
        return told

    def _ask(
        self,
        method: str,
        path: str,
        target: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        headers = {"Prefer": "transient"} if path == SUITEQL_PATH else headers

        def once() -> Answer:
            try:
                # It is little beside what is written, and who reads decides what is to be written next.
                answer = self._account.send(method, path, params=params, body=body, headers=headers, ahead=True)
            except (NotSent, NoAnswer) as error:
                raise no_answer(target, error) from error
            if answer.status == requests.codes.ok:
                return answer
            raise read_error(answer, target, self._account.secrets)

        return self._account.retry.run(once, system="netsuite")


class NetSuiteWriter:
    """Writes. Each method sends one request once and says what became of it:

    - it returns: NetSuite did it;
    - Refused, ObjectMissing, AuthenticationError: NetSuite did nothing, and would not next time;
    - TransientError (RateLimited, UnreachableError): NetSuite surely did nothing; send it again later;
    - OutcomeUnknown: nobody knows. Look the document up by its external id before anything else.
    """

    def __init__(self, account: NetSuiteAccount) -> None:
        self._account = account

    def create(self, record_type: str, body: Mapping[str, Any]) -> str:
        """Create a record and return its internal id. Give it an `externalId`, or it cannot be looked up."""
        target = f"create {record_type} {body.get('externalId', '')}".rstrip()
        return _new_id(self._write("POST", _record_path(record_type), target, body), target)

    def upsert(
        self, record_type: str, external_id: str, body: Mapping[str, Any], replace: Sequence[str] = ("item",)
    ) -> str | None:
        """Create or update the record with this external id. The internal id, or None when NetSuite keeps it back.

        `replace` names the sublists in the body that are to be replaced. Without it NetSuite appends the lines, and
        a repeated upsert doubles them.
        """
        target = f"upsert {record_type} {external_id}"
        path = _record_path(record_type, _external(external_id))
        answer = self._write("PUT", path, target, body, _replacing(replace, body))
        if answer.status == requests.codes.no_content and "Location" not in answer.headers:
            return None
        return _new_id(answer, target)

    def patch(
        self, record_type: str, internal_id: str | int, body: Mapping[str, Any], replace: Sequence[str] = ()
    ) -> None:
        """Change the fields in the body; a null clears one. Raises ObjectMissing when there is no such record."""
        path = _record_path(record_type, _internal(internal_id))
        target = f"change {record_type} {internal_id}"
        answer = self._write("PATCH", path, target, body, _replacing(replace, body))
        if answer.status not in (requests.codes.ok, requests.codes.no_content):
            raise unknown(target, f"HTTP {answer.status}", answer.status)

    def transform(
        self,
        source_type: str,
        internal_id: str | int,
        target_type: str,
        body: Mapping[str, Any],
        replace: Sequence[str] = (),
    ) -> str:
        """Make one record out of another (invoice → creditMemo) and return the new internal id."""
        _checked_type(target_type)
        path = f"{_record_path(source_type, _internal(internal_id))}/!transform/{target_type}"
        target = f"make a {target_type} of {source_type} {internal_id}"
        return _new_id(self._write("POST", path, target, body, _replacing(replace, body)), target)

    def _write(
        self, method: str, path: str, target: str, body: Mapping[str, Any], params: Mapping[str, str] | None = None
    ) -> Answer:
        # Without this header NetSuite drops misspelt field names silently.
        headers = {"X-NetSuite-PropertyNameValidation": "error"}
        try:
            answer = self._account.send(method, path, params=params, body=body, headers=headers)
        except NotSent as error:
            raise no_answer(target, error) from error
        except NoAnswer as error:
            raise unknown(target, str(error)) from error
        if requests.codes.ok <= answer.status < requests.codes.multiple_choices:
            return answer
        raise write_error(answer, target, self._account.secrets)


def _record_path(record_type: str, *segments: str) -> str:
    return RECORD_PATH + "/".join([_checked_type(record_type), *segments])


def _checked_type(record_type: str) -> str:
    if not _RECORD_TYPE.fullmatch(record_type):
        raise ValueError(f"{record_type!r} is not a NetSuite record type")
    return record_type


def _internal(internal_id: str | int) -> str:
    text = str(internal_id)
    if not re.fullmatch(r"-?\d+", text):
        raise ValueError(f"{text!r} is not a NetSuite internal id")
    return text


def _external(external_id: str) -> str:
    if not external_id:
        raise ValueError("an empty external id names nothing")
    return "eid:" + quote(external_id, safe="")


def _replacing(replace: Sequence[str], body: Mapping[str, Any]) -> dict[str, str] | None:
    """The `replace` parameter, for those sublists that the body holds."""
    named = [name for name in replace if name in body]
    return {"replace": ",".join(named)} if named else None


def _new_id(answer: Answer, target: str) -> str:
    """Internal id from the Location header. A job's address or none at all leaves the outcome unknown."""
    match = _CREATED_AT.search(urlsplit(answer.headers.get("Location", "")).path)
    if match is None:
        raise unknown(target, f"HTTP {answer.status} names no record", answer.status)
    return match[1]


def _object(answer: Answer) -> dict[str, Any]:
    try:
        body = json.loads(answer.body, parse_float=Decimal)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise ProtocolError("NetSuite's answer is not a JSON object", NETWORK_FIX, system="netsuite")
    return body


def _require_order(query: str) -> None:
    if "order by" not in " ".join(query.lower().split()):
        raise ValueError("a query of several pages needs ORDER BY a unique column")


def _bind_after(query: str) -> tuple[str, int]:
    """The query with `{after}` as a bound parameter, and that parameter's position among all `?`."""
    _require_order(query)
    if query.count(_AFTER) != 1:
        raise ValueError("a keyset query holds {after} exactly once")
    before = _LITERAL.sub("", query.partition(_AFTER)[0])
    return query.replace(_AFTER, "?"), before.count("?")


def _held(row: Mapping[str, str]) -> Held:
    level = row.get("permlevel", "")
    return Held(row.get("permkey", ""), row.get("name", ""), int(level) if level.isdecimal() else 0)


def _last_key(rows: Sequence[Mapping[str, str]], key: str, after: int) -> int:
    for row in rows:
        text = row.get(key.casefold(), "")
        if not re.fullmatch(r"-?\d+", text) or int(text) <= after:
            what = f"NetSuite's rows do not rise in {key} ({text or 'absent'} after {after}), so paging would lose rows"
            raise ProtocolError(what, "order by a unique whole-number column and select it", system="netsuite")
        after = int(text)
    return after
