"""Promises of the NetSuite reader: what it asks, what it makes of the answers, and what it survives."""

import traceback
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from o2c_orchestration.clients import netsuite
from o2c_orchestration.clients.credentials import NetSuiteCredentials
from o2c_orchestration.clients.netsuite import NetSuiteAccount, NetSuiteReader
from o2c_orchestration.clients.retry import RetryPolicy
from o2c_orchestration.domain.errors import (
    AuthenticationError,
    O2CError,
    ObjectMissing,
    PermissionDenied,
    ProtocolError,
    RateLimited,
    Refused,
    TooManyRows,
    TransientError,
    UnreachableError,
)
from o2c_orchestration.domain.netsuite_role import Held
from o2c_orchestration.mirror.read import rows_between
from o2c_orchestration_tests.wire_fake import Reply, Seen, WireFake, closed_port

CANARIES = {
    "consumer_key": "canary-consumer-key",
    "consumer_secret": "canary-consumer-secret",
    "token_id": "canary-token-id",
    "token_secret": "canary-token-secret",
}
QUICK = RetryPolicy(attempts=3, first_wait=0.01, longest_wait=0.05)


def account(base_url: str, timeout: tuple[float, float] = (1, 5)) -> NetSuiteAccount:
    credentials = NetSuiteCredentials("123456_SB1", base_url, 4, **CANARIES)
    return NetSuiteAccount(credentials, timeout=timeout, retry=QUICK)


def reader(base_url: str, timeout: tuple[float, float] = (1, 5)) -> NetSuiteReader:
    return NetSuiteReader(account(base_url, timeout))


def rows(*items: dict[str, Any], more: bool = False) -> Reply:
    return Reply(body={"links": [], "count": len(items), "offset": 0, "hasMore": more, "items": list(items)})


def failure(status: int, code: str, detail: str, path: str = "") -> Reply:
    details = {"detail": detail, "o:errorCode": code, "o:errorPath": path}
    return Reply(status, {"type": "x", "title": "Bad Request", "status": status, "o:errorDetails": [details]})


GONE = failure(404, "NONEXISTENT_ID", "The record instance does not exist. Provide a valid record instance ID.")


def test_what_is_too_long_for_one_query_is_asked_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """By ranges of ids, halved until each fits; one document that is too long by itself is told."""
    monkeypatch.setattr(netsuite, "OFFSET_ROWS_MAX", 2000)

    def query(first: int, last: int) -> str:
        return f"SELECT id FROM transactionline WHERE transaction BETWEEN {first} AND {last} ORDER BY id"

    full = rows({"id": "0"}, more=True)
    with WireFake(full, full, rows({"id": "1"}), full, full, rows({"id": "2"}), rows({"id": "3"})) as fake:
        found = rows_between(reader(fake.base_url), query, 5, 8)
        asked = [seen.json()["q"].split("BETWEEN ")[1].split(" ORDER")[0] for seen in fake.seen]
    assert [row["id"] for row in found] == ["1", "2", "3"]
    assert asked == ["5 AND 8", "5 AND 8", "5 AND 6", "7 AND 8", "7 AND 8", "7 AND 7", "8 AND 8"]
    with WireFake(full, full) as fake, pytest.raises(TooManyRows):
        rows_between(reader(fake.base_url), query, 5, 5)


def test_suiteql_asks_as_netsuite_wants_it() -> None:
    """The query goes out with bound text parameters, the mandatory header and the page in the address."""
    with WireFake(rows()) as fake:
        reader(fake.base_url).suiteql_page("SELECT id FROM transaction WHERE id > ?", [7], limit=10, offset=20)
    seen = fake.seen[0]
    assert (seen.method, seen.path) == ("POST", "/services/rest/query/v1/suiteql")
    assert seen.headers["Prefer"] == "transient"
    assert seen.query == {"limit": "10", "offset": "20"}
    assert seen.json() == {"q": "SELECT id FROM transaction WHERE id > ?", "params": ["7"]}


def test_rows_are_text_with_lower_case_names() -> None:
    """Names are folded, links and NULLs left out, and every value is text whatever JSON made of it."""
    item: dict[str, Any] = {"links": [], "Id": "7", "ForeignTotal": "10.50", "memo": None, "n": 3, "b": True}
    with WireFake(rows(item)) as fake:
        page = reader(fake.base_url).suiteql_page("SELECT 1")
    assert page.rows == [{"id": "7", "foreigntotal": "10.50", "n": "3", "b": "T"}]


def test_offset_paging_reads_to_the_end() -> None:
    """Pages of a thousand until NetSuite has no more; the offset stays a multiple of the limit."""
    with WireFake(rows({"id": "1"}, more=True), rows({"id": "2"})) as fake:
        found = list(reader(fake.base_url).suiteql("SELECT id FROM customer ORDER BY id"))
    assert found == [{"id": "1"}, {"id": "2"}]
    assert [seen.query["offset"] for seen in fake.seen] == ["0", "1000"]


def next_page(limit: int, offset: int, *items: dict[str, Any]) -> Reply:
    href = f"https://elsewhere.example.com/services/rest/query/v1/suiteql?limit={limit}&offset={offset}"
    links = [{"rel": "self", "href": "x"}, {"rel": "next", "href": href}, {"rel": "last", "href": "y"}]
    return Reply(body={"links": links, "hasMore": True, "items": list(items)})


def test_a_page_shorter_than_asked_for_leaves_nothing_out() -> None:
    """Where NetSuite gives less than a thousand rows at once, its own link says where the next page begins."""
    with WireFake(next_page(2, 2, {"id": "1"}, {"id": "2"}), rows({"id": "3"})) as fake:
        found = list(reader(fake.base_url).suiteql("SELECT id FROM customer ORDER BY id"))
    assert [row["id"] for row in found] == ["1", "2", "3"]
    assert [seen.query for seen in fake.seen] == [{"limit": "1000", "offset": "0"}, {"limit": "2", "offset": "2"}]


def test_a_next_page_that_leads_back_ends_the_walk() -> None:
    """It would never end otherwise, and give the same rows again and again."""
    with WireFake(next_page(1000, 0, {"id": "1"})) as fake, pytest.raises(ProtocolError, match="begins at 0"):
        list(reader(fake.base_url).suiteql("SELECT id FROM customer ORDER BY id"))


def test_a_full_page_without_a_word_on_more_is_not_taken_for_the_last() -> None:
    """An answer that lacks `hasMore` ends the walk only when it is not full."""
    full = Reply(body={"items": [{"id": str(number)} for number in range(1000)]})
    with WireFake(full, Reply(body={"items": []})) as fake:
        assert len(list(reader(fake.base_url).suiteql("SELECT id FROM customer ORDER BY id"))) == 1000
    assert len(fake.seen) == 2


def test_paging_without_an_order_is_refused() -> None:
    """Unordered pages lose rows, so such a query is never sent."""
    with WireFake() as fake:
        with pytest.raises(ValueError, match="ORDER BY"):
            list(reader(fake.base_url).suiteql("SELECT id FROM customer"))
        with pytest.raises(ValueError, match="ORDER BY"):
            list(reader(fake.base_url).suiteql_keyset("SELECT id FROM customer WHERE id > {after}"))
    assert fake.seen == []


KEYSET = "SELECT id FROM transaction WHERE memo <> 'why?' AND type = ? AND id > {after} AND 1 < ? ORDER BY id"


def test_keyset_walks_along_the_key() -> None:
    """Each page asks for keys above the last one, bound at its place among the other parameters."""
    with WireFake(rows({"id": "3"}, {"id": "5"}, more=True), rows({"id": "9"})) as fake:
        pages = list(reader(fake.base_url).suiteql_keyset(KEYSET, ["CustInvc", 2], page_size=2))
    assert [row["id"] for page in pages for row in page.rows] == ["3", "5", "9"]
    assert [seen.json()["params"] for seen in fake.seen] == [["CustInvc", "0", "2"], ["CustInvc", "5", "2"]]
    assert {"0"} == {seen.query["offset"] for seen in fake.seen}


def test_keyset_equals_the_whole_set() -> None:
    """Over a server that really filters, every key comes exactly once whatever the page size."""
    keys = [n * n + 1 for n in range(23)]

    def answer(seen: Seen) -> Reply:
        above, limit = int(seen.json()["params"][0]), int(seen.query["limit"])
        left = [key for key in keys if key > above]
        return rows(*({"id": str(key)} for key in left[:limit]), more=len(left) > limit)

    query = "SELECT id FROM transaction WHERE id > {after} ORDER BY id"
    with WireFake(answer) as fake:
        for size in (1, 7, 23, 24):
            pages = reader(fake.base_url).suiteql_keyset(query, page_size=size)
            assert keys == [int(row["id"]) for page in pages for row in page.rows]


@pytest.mark.parametrize("second", ["5", "4", "", "5.5", "abc"])
def test_keyset_refuses_keys_that_do_not_rise(second: str) -> None:
    """A repeated, falling or missing key would lose rows or loop for ever; it is an error instead."""
    with WireFake(rows({"id": "5"}, {"id": second}, more=True)) as fake, pytest.raises(ProtocolError, match="rise"):
        list(reader(fake.base_url).suiteql_keyset(KEYSET, ["x", 1]))


def test_record_amounts_are_exact() -> None:
    """Amounts of a record come as Decimal, digit by digit."""
    body = b'{"id": "7", "total": 0.1, "big": 12345678901234567.89}'
    with WireFake(Reply(200, body)) as fake:
        record, read_at = reader(fake.base_url).record("invoice", 7, sublists=True)
    assert (Decimal("0.1"), Decimal("12345678901234567.89")) == (record["total"], record["big"])
    assert fake.seen[0].query == {"expandSubResources": "true"}
    assert read_at.tzinfo is UTC


def test_external_id_is_looked_up() -> None:
    """A record is found under its external id, quoted into the address."""
    with WireFake(Reply(200, {"id": "107", "externalId": "in_a b"})) as fake:
        assert reader(fake.base_url).find_by_external_id("invoice", "in_a b") == "107"
    assert fake.seen[0].path == "/services/rest/record/v1/invoice/eid:in_a%20b"


def test_no_such_record_is_none() -> None:
    """Only NetSuite's own words for "no such record" mean that there is none."""
    with WireFake(GONE) as fake:
        assert reader(fake.base_url).find_by_external_id("invoice", "in_1") is None


@pytest.mark.parametrize(
    "reply",
    [
        Reply(404, b"<html>Not here</html>"),
        Reply(404),
        failure(404, "NOT_FOUND", "Record type 'invoyce' does not exist"),
        Reply(500),
        Reply(200, {}),
        Reply(200, {"id": "x"}),
    ],
)
def test_doubtful_look_up_is_never_none(reply: Reply) -> None:
    """A look-up that proves nothing raises: "none" would have the caller write a second document."""
    with WireFake(reply) as fake, pytest.raises(O2CError):
        reader(fake.base_url).find_by_external_id("invoice", "in_1")


BREAKDOWNS = {
    "reset before it was read": Reply(breakdown="unread"),
    "reset after it was read": Reply(breakdown="unanswered"),
    "cut in the body": Reply(body={"items": ["x" * 200]}, breakdown="mid_body"),
    "500": failure(500, "UNEXPECTED_ERROR", "An unexpected error occurred. Error ID: jrgb"),
    "503 without JSON": Reply(503, b"<html>"),
    "429": failure(429, "CONCURRENCY_LIMIT_EXCEEDED", "Concurrent request limit exceeded. Request blocked."),
}


@pytest.mark.parametrize("broken", BREAKDOWNS.values(), ids=BREAKDOWNS.keys())
def test_read_survives(broken: Reply) -> None:
    """A read that failed for a passing reason is made again; SuiteQL is a POST, but reads."""
    with WireFake(broken, broken, rows({"id": "1"})) as fake:
        assert reader(fake.base_url).suiteql_page("SELECT 1").rows == [{"id": "1"}]


def test_lasting_failures_are_named() -> None:
    """After the last attempt the error says what stayed wrong."""
    with WireFake(BREAKDOWNS["429"]) as fake, pytest.raises(RateLimited, match="tried 3 times"):
        reader(fake.base_url).suiteql_page("SELECT 1")
    with WireFake(BREAKDOWNS["500"]) as fake, pytest.raises(TransientError):
        reader(fake.base_url).suiteql_page("SELECT 1")
    with WireFake(Reply(breakdown="hang")) as fake, pytest.raises(UnreachableError):
        reader(fake.base_url, timeout=(1, 0.1)).suiteql_page("SELECT 1")
    with pytest.raises(UnreachableError, match="tried 3 times"):
        reader(f"http://127.0.0.1:{closed_port()}").suiteql_page("SELECT 1")


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (failure(400, "INVALID_PARAMETER", "Invalid search query. Unknown identifier 'x'."), Refused),
        (failure(400, "USER_ERROR", "This record has been locked by a user defined workflow."), Refused),
        (failure(403, "INSUFFICIENT_PERMISSION", "Permission Violation"), PermissionDenied),
        (failure(400, "USER_ERROR", "Your current role does not have permission to perform this action."),
         PermissionDenied),
        (failure(401, "INVALID_LOGIN", f"Invalid login attempt by {CANARIES['token_id']}."), AuthenticationError),
        (GONE, ObjectMissing),
        (Reply(200, b"<html>"), ProtocolError),
        (Reply(400, b"<html>"), ProtocolError),
        (Reply(302, headers={"Location": "http://127.0.0.1:1"}), ProtocolError),
        (failure(400, "USER_ERROR", f"It is {CANARIES['token_secret']} and {CANARIES['consumer_key']}"), Refused),
    ],
)  # fmt: skip
def test_what_no_retry_can_mend_is_told_at_once_and_without_secrets(reply: Reply, error: type[O2CError]) -> None:
    """One request, the right error class, and no secret in any text."""
    with WireFake(reply) as fake, pytest.raises(error) as caught:
        reader(fake.base_url).suiteql_page("SELECT 1")
    assert len(fake.seen) == 1
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert not [secret for secret in CANARIES.values() if secret in told]


def test_server_time_is_that_of_the_answer() -> None:
    """NetSuite's clock is read from the answer's date, in UTC."""
    with WireFake(rows()) as fake:
        assert abs((reader(fake.base_url).server_time() - datetime.now(UTC)).total_seconds()) < 5


def test_concurrency_limits_are_told() -> None:
    """The governance answer comes as it is."""
    with WireFake(Reply(200, {"accountConcurrencyLimit": 5})) as fake:
        assert reader(fake.base_url).concurrency_limits() == {"accountConcurrencyLimit": 5}


def test_permissions_of_a_role_are_told_with_their_levels() -> None:
    """As Oracle's use case shows them: numbers as text, and some without a name."""
    fields = {"role": "1028", "permkey": "ADMI_CUSTFIELD", "name": "Custom Fields", "permlevel": "4"}
    with WireFake(rows({**fields, "restriction": "-1"}, {"permkey": "TRAN_FIND", "permlevel": "1"}), rows()) as fake:
        found = reader(fake.base_url).role_permissions("1028")
        assert reader(fake.base_url).role_permissions("1029") == []
        asked = fake.seen[0].json()
    assert found == [Held("ADMI_CUSTFIELD", "Custom Fields", 4), Held("TRAN_FIND", "", 1)]
    assert asked["params"] == ["1028"]


def test_token_based_logins_tell_no_role() -> None:
    """And nothing is asked to find out."""
    with WireFake() as fake:
        assert reader(fake.base_url).own_role() is None
        assert fake.seen == []


@pytest.mark.parametrize("bad", ["", "invoice/7", "../x", "invoice?x=1"])
def test_record_type_cannot_leave_its_place(bad: str) -> None:
    """What goes into an address is checked, so that no id can turn it into another one."""
    with WireFake() as fake:
        with pytest.raises(ValueError, match="record type"):
            reader(fake.base_url).record(bad, 7)
        with pytest.raises(ValueError, match="internal id"):
            reader(fake.base_url).record("invoice", bad)
    assert fake.seen == []
