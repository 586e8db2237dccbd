"""Promises of the NetSuite writer: one request, sent once, and the truth about what became of it."""

import threading
import time
import traceback
from decimal import Decimal

import pytest

from o2c_orchestration.clients.credentials import NetSuiteCredentials
from o2c_orchestration.clients.netsuite import NetSuiteAccount, NetSuiteReader, NetSuiteWriter
from o2c_orchestration.clients.retry import RetryPolicy
from o2c_orchestration.domain.errors import (
    AuthenticationError,
    O2CError,
    ObjectMissing,
    OutcomeUnknown,
    RateLimited,
    Refused,
    TransientError,
    UnreachableError,
)
from o2c_orchestration_tests.wire_fake import Reply, Seen, WireFake, closed_port

SECRETS = ("canary-ck", "canary-cs", "canary-tk", "canary-ts")
LOCATION = "https://123456-sb1.suitetalk.api.netsuite.com/services/rest/record/v1/invoice/647"
CREATED = Reply(204, headers={"Location": LOCATION})
BODY = {"externalId": "in_1", "entity": {"id": "7"}, "item": {"items": [{"amount": Decimal("10.10")}]}}


def account(base_url: str, timeout: tuple[float, float] = (1, 5), concurrency: int = 4) -> NetSuiteAccount:
    ck, cs, tk, ts = SECRETS
    credentials = NetSuiteCredentials(
        "123456_SB1", base_url, concurrency, consumer_key=ck, consumer_secret=cs, token_id=tk, token_secret=ts
    )
    return NetSuiteAccount(credentials, timeout=timeout, retry=RetryPolicy(attempts=3, first_wait=0.01))


def writer(base_url: str, timeout: tuple[float, float] = (1, 5)) -> NetSuiteWriter:
    return NetSuiteWriter(account(base_url, timeout))


def failure(status: int, code: str, detail: str, path: str = "") -> Reply:
    details = {"detail": detail, "o:errorCode": code, "o:errorPath": path}
    return Reply(status, {"type": "x", "title": "Bad Request", "status": status, "o:errorDetails": [details]})


GONE = failure(404, "NONEXISTENT_ID", "The record instance does not exist. Provide a valid record instance ID.")


def test_create_returns_the_id_of_the_location() -> None:
    """The internal id is the last part of the Location header; names are validated; amounts keep their digits."""
    with WireFake(CREATED) as fake:
        assert writer(fake.base_url).create("invoice", BODY) == "647"
    seen = fake.seen[0]
    assert (seen.method, seen.path) == ("POST", "/services/rest/record/v1/invoice")
    assert seen.headers["X-NetSuite-PropertyNameValidation"] == "error"
    assert b'"amount":10.10' in seen.body


def test_upsert_replaces_the_lines() -> None:
    """An upsert replaces the item sublist, so that repeating it does not double the lines."""
    with WireFake(CREATED) as fake:
        assert writer(fake.base_url).upsert("invoice", "in_1", BODY) == "647"
    assert (fake.seen[0].method, fake.seen[0].path) == ("PUT", "/services/rest/record/v1/invoice/eid:in_1")
    assert fake.seen[0].query == {"replace": "item"}


def test_upsert_without_lines_replaces_nothing() -> None:
    """Only sublists that are in the body are replaced; naming an absent one would empty it."""
    with WireFake(Reply(204)) as fake:
        assert writer(fake.base_url).upsert("invoice", "in_1", {"memo": "x"}) is None
    assert fake.seen[0].query == {}


def test_patch_and_transform() -> None:
    """A patch changes one record; a transform returns the id of the new one."""
    with WireFake(Reply(204), CREATED) as fake:
        writer(fake.base_url).patch("invoice", 7, {"memo": None})
        assert writer(fake.base_url).transform("invoice", 7, "creditMemo", {}) == "647"
    assert (fake.seen[0].method, fake.seen[0].path) == ("PATCH", "/services/rest/record/v1/invoice/7")
    assert fake.seen[1].path == "/services/rest/record/v1/invoice/7/!transform/creditMemo"


UNKNOWN = {
    "reset before it was read": Reply(breakdown="unread"),
    "reset after it was read": Reply(breakdown="unanswered"),
    "cut in the body": Reply(400, {"o:errorDetails": ["x" * 200]}, breakdown="mid_body"),
    "hang": Reply(breakdown="hang"),
    "500": failure(500, "UNEXPECTED_ERROR", "An unexpected error occurred. Error ID: jrgb"),
    "502 of a gateway": Reply(502, b"<html>"),
    "503": Reply(503),
    "408": failure(408, "X", "Timeout"),
    "400 without an error": Reply(400, b"<html>"),
    "404 without an error": Reply(404, b"<html>"),
    "redirect": Reply(302, headers={"Location": LOCATION}),
    "204 without an id": Reply(204),
    "200 with a page": Reply(200, b"<html>"),
    "202 with a job": Reply(202, headers={"Location": "https://x/services/rest/async/v1/job/123456"}),
}


@pytest.mark.parametrize("reply", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_doubtful_write_is_unknown_and_sent_once(reply: Reply) -> None:
    """Whatever does not prove that nothing happened is unknown, and the writer does not send it again."""
    with WireFake(reply) as fake, pytest.raises(OutcomeUnknown) as caught:
        writer(fake.base_url, timeout=(1, 0.15)).create("invoice", BODY)
    assert len(fake.seen) <= 1
    assert "in_1" in caught.value.what


def test_unopened_connection_is_surely_unsent() -> None:
    """Only a connection that could not be opened proves that nothing was sent."""
    with pytest.raises(UnreachableError) as caught:
        writer(f"http://127.0.0.1:{closed_port()}").create("invoice", BODY)
    assert isinstance(caught.value, TransientError)


@pytest.mark.parametrize(
    "reply",
    [
        failure(429, "CONCURRENCY_LIMIT_EXCEEDED", "Concurrent request limit exceeded."),
        Reply(429),
        failure(400, "CONCURRENCY_LIMIT_EXCEEDED", "Concurrent request limit exceeded. Request blocked."),
        failure(400, "USER_ERROR", "Concurrent request limit exceeded. Request blocked. Verify your limits."),
    ],
)
def test_too_many_is_surely_undone_and_narrows_the_account(reply: Reply) -> None:
    """Whatever the status: nothing was done, and the account's slots are halved for a while. No person is asked."""
    with WireFake(reply) as fake:
        shared = account(fake.base_url)
        with pytest.raises(RateLimited):
            NetSuiteWriter(shared).create("invoice", BODY)
    assert (len(fake.seen), shared.slots.refusals) == (1, 1)


def language(wanted: str) -> Reply:
    detail = (
        "Invalid language. REST web services currently only support the default company language, and do not support "
        "the language specified in your user preferences. Provide the Accept-Language header with your default company "
        f"language value '{wanted}'."
    )
    entry = {"detail": detail, "o:errorHeader": "Accept-Language", "o:errorCode": "INVALID_HEADER"}
    return Reply(400, {"title": "Bad Request", "status": 400, "o:errorDetails": [entry]})


def test_netsuite_is_asked_in_the_companys_language_where_it_wants_that() -> None:
    """A user with another one in his preferences is refused; nothing was done, and from then on it is said."""

    def answer(seen: Seen) -> Reply:
        if seen.headers["Accept-Language"] != "zh":
            return language("zh")
        return Reply(204, headers={"Location": "https://x/services/rest/record/v1/invoice/7"})

    with WireFake(answer) as fake:
        writing = writer(fake.base_url)
        assert [writing.create("invoice", BODY), writing.create("invoice", BODY)] == ["7", "7"]
        assert len(fake.seen) == 3


def test_a_language_that_does_not_help_is_a_refusal() -> None:
    """Asked once more, and then told in NetSuite's words."""
    with WireFake(language("zh")) as fake:
        with pytest.raises(Refused, match="Accept-Language"):
            writer(fake.base_url).create("invoice", BODY)
        assert len(fake.seen) == 2


def test_a_server_error_is_unknown_whatever_it_says() -> None:
    """Something broke on the way: what it says of requests at once proves nothing."""
    reply = failure(503, "CONCURRENCY_LIMIT_EXCEEDED", "Concurrent request limit exceeded.")
    with WireFake(reply) as fake, pytest.raises(OutcomeUnknown):
        writer(fake.base_url).create("invoice", BODY)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (failure(400, "USER_ERROR", "Please enter value(s) for: Primary Subsidiary."), Refused),
        (failure(403, "X", "No."), Refused),
        (failure(401, "INVALID_LOGIN", "Invalid login attempt."), AuthenticationError),
        (GONE, Refused),
        (failure(400, "USER_ERROR", " ".join(SECRETS)), Refused),
    ],
)
def test_refusals_are_told_without_secrets(reply: Reply, error: type[O2CError]) -> None:
    """NetSuite's own error proves that nothing was done; the text holds no secret."""
    with WireFake(reply) as fake, pytest.raises(error) as caught:
        writer(fake.base_url).create("invoice", BODY)
    assert len(fake.seen) == 1
    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert not [secret for secret in SECRETS if secret in told]


def test_patch_of_a_missing_record() -> None:
    """Changing what is not there is ObjectMissing."""
    with WireFake(GONE) as fake, pytest.raises(ObjectMissing):
        writer(fake.base_url).patch("invoice", 7, {})


def test_refusal_carries_netsuites_words() -> None:
    """Code, words, path, category and the fix travel with the error."""
    reply = failure(400, "USER_ERROR", "Error while accessing a resource. You have entered an Invalid Field Value 9999 "
                    "for the following field: item", "item.items[0].item")  # fmt: skip
    with WireFake(reply) as fake, pytest.raises(Refused) as caught:
        writer(fake.base_url).create("invoice", BODY)
    error = caught.value
    assert (error.code, error.category, error.status) == ("USER_ERROR", "invalid_reference", 400)
    assert error.path == "item.items[0].item"
    assert "9999" in error.detail
    assert error.fix == error.what_to_do != ""


def test_reader_and_writer_share_the_slots_of_the_account() -> None:
    """However many threads read and write, no more requests are in flight than the account allows."""
    running, most, lock = 0, 0, threading.Lock()

    def answer(seen: Seen) -> Reply:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return CREATED if seen.path.endswith("invoice") else Reply(200, {"items": [], "hasMore": False})

    with WireFake(answer) as fake:
        shared = account(fake.base_url, concurrency=3)
        writing, reading = NetSuiteWriter(shared), NetSuiteReader(shared)
        jobs = [threading.Thread(target=writing.create, args=("invoice", BODY)) for _ in range(12)]
        jobs += [threading.Thread(target=reading.suiteql_page, args=("SELECT 1",)) for _ in range(12)]
        for job in jobs:
            job.start()
        for job in jobs:
            job.join()
    assert (len(fake.seen), most) == (24, 3)
