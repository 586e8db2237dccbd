"""What the systems send, damaged at random: each answer is read, or is one of our errors, whatever is wrong with it."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from o2c_orchestration.clients import netsuite_answers, stripe_read
from o2c_orchestration.clients._http import Answer
from o2c_orchestration.clients.suiteql import page_of
from o2c_orchestration.domain.errors import O2CError, SystemFailure
from o2c_orchestration.domain.policy_live import Live
from o2c_orchestration.domain.stripe_events import Expected, NotAnEvent, read_event
from o2c_orchestration.policy_file import load_policy
from o2c_orchestration_tests.damage import VALUES, damaged

Wire = dict[str, Any]
SNAPSHOT: Wire = {
    "id": "evt_1",
    "object": "event",
    "api_version": "2025-01-01",
    "created": 1770000000,
    "type": "invoice.paid",
    "livemode": False,
    "data": {"object": {"id": "in_1", "object": "invoice", "amount_due": 100, "customer": "cus_1", "currency": "usd"}},
}
THIN: Wire = {
    "id": "evt_1",
    "object": "v2.core.event",
    "type": "v1.invoice.paid",
    "created": "2026-01-01T00:00:00.000Z",
    "livemode": False,
    "related_object": {"id": "in_1", "type": "invoice", "url": "/v1/invoices/in_1"},
}
NETSUITE_ERROR: Wire = {
    "title": "Bad Request",
    "status": 400,
    "o:errorDetails": [{"detail": "Invalid value", "o:errorPath": "entity", "o:errorCode": "USER_ERROR"}],
}
SUITEQL: Wire = {
    "links": [{"rel": "next", "href": "https://x/services/rest/query/v1/suiteql?limit=1000&offset=1000"}],
    "count": 1,
    "hasMore": True,
    "items": [{"links": [], "id": "1", "total": "12.5", "memo": None}],
    "offset": 0,
    "totalResults": 2,
}
STRIPE_ERROR: Wire = {"error": {"code": "resource_missing", "message": "No such invoice", "type": "api_error"}}
STRIPE_PAGE: Wire = {"object": "list", "has_more": False, "data": [{"id": "in_1", "object": "invoice"}, {"id": "in_2"}]}
STATUSES = (400, 401, 403, 404, 409, 429, 500, 503)
NO_JSON = (b"", b"<html>", b"null", b"[]", b"1", b'"x"', b"\xff\xfe", b'{"error":', b"[[]]", b'{"error": "x"}')


def answer(status: int, body: Wire | bytes, headers: dict[str, str] | None = None) -> Answer:
    """An answer with this body."""
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return Answer(status, headers or {}, raw, datetime.now(UTC))


def _event(chance: random.Random) -> None:
    with suppress(NotAnEvent):
        read_event(damaged(chance.choice((SNAPSHOT, THIN)), chance), "webhook", Expected(), Live())
        read_event(chance.choice(VALUES), "webhook", Expected(), Live())


def _netsuite_error(chance: random.Random) -> None:
    for body in (damaged(NETSUITE_ERROR, chance), chance.choice(NO_JSON)):
        told = answer(chance.choice(STATUSES), body)
        assert isinstance(netsuite_answers.read_error(told, "x", [None, "secret"]), SystemFailure)
        assert isinstance(netsuite_answers.write_error(told, "x", ["secret"]), SystemFailure)


def _suiteql(chance: random.Random) -> None:
    with suppress(SystemFailure):
        for row in page_of(answer(200, damaged(SUITEQL, chance)), 1000).rows:
            assert all(isinstance(value, str) for value in row.values())


def _stripe_error(chance: random.Random) -> None:
    headers = {"retry-after": str(chance.choice(VALUES)), "stripe-rate-limited-reason": str(chance.choice(VALUES))}
    for body in (damaged(STRIPE_ERROR, chance), chance.choice(NO_JSON)):
        told = answer(chance.choice(STATUSES), body, headers)
        assert isinstance(stripe_read.classify(told, "/v1/x", "sk_test_x", "STRIPE_API_KEY"), SystemFailure)


@pytest.mark.parametrize("read", [_event, _netsuite_error, _suiteql, _stripe_error], ids=lambda read: read.__name__)
def test_an_answer_that_makes_no_sense_is_an_error_of_ours(read: Callable[[random.Random], None]):
    """Never a TypeError from the middle of our code: what went wrong is told with the system and what to do."""
    for seed in range(400):
        read(random.Random(seed))


def test_settings_that_make_no_sense_are_told_in_one_line(tmp_path: Path):
    """Whatever stands in o2c.yaml: it is taken, or refused with the file's name."""
    own, path = yaml.safe_load((Path(__file__).parents[2] / "o2c.yaml").read_text()), tmp_path / "o2c.yaml"
    refused = []
    for seed in range(60):
        path.write_text(yaml.safe_dump(damaged(own, random.Random(seed)), allow_unicode=True))
        try:
            load_policy(path)
        except O2CError as error:
            refused.append(error.what + error.what_to_do)
    assert len(refused) > 10
    assert [told for told in refused if "o2c.yaml" not in told] == []
