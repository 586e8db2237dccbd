"""The whole way of a change: sandbox, signed webhook, receiver, inbox, a run that stays, document in NetSuite."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import Engine

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.stripe_events import StripeEvent
from o2c_orchestration.orchestration.follow import Follower, Pass, follow
from o2c_orchestration.store import inbox, journal
from o2c_orchestration.store.events import record
from o2c_orchestration.store.gaps import list_gaps
from o2c_orchestration.store.lock import writer_lock
from o2c_orchestration.web.receiver import Receiver
from o2c_orchestration.web.signature import parse_secrets
from o2c_orchestration_tests.contract.test_receiver import serving
from o2c_orchestration_tests.e2e.cli_fixtures import World, sandbox

SECRET = "whsec_whole_way"


@dataclass
class Way:
    """A company whose events are delivered, and the product that follows them."""

    world: World
    assembly: Assembly

    def written(self) -> dict[str, str]:
        """Documents that NetSuite took: external id → type."""
        return {each.external_id: each.document for each in journal.entries(self.assembly.engine, ["done"])}

    def delivered(self) -> None:
        """Until the sandbox has nothing more to deliver."""
        until(lambda: self._stats()["waiting"] == 0)

    def _stats(self) -> dict[str, int]:
        return dict(requests.get(f"{self.world.base_url}/_sandbox/stripe/webhook_stats", timeout=30).json())

    @contextmanager
    def following(self) -> Iterator[list[Pass]]:
        """A run that follows changes, beside what the test does; it ends with the block."""
        passes = list[Pass]()
        worker = threading.Thread(target=lambda: follow(self.assembly, passes.append))
        worker.start()
        yield passes
        worker.join(timeout=60)
        assert not worker.is_alive()


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for it, and fail when it does not come."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.1)


@pytest.fixture
def way(database_url: str, tmp_path: Path) -> Iterator[Way]:
    """Everything is up, nothing has happened yet."""
    policy = {
        "live": {"linger_seconds": 3, "reconcile_seconds": 0.5},
        "apply": {"certain_after_seconds": 4},
        "adjustments": {"item": "Stripe Credit"},
    }
    with sandbox(tmp_path, database_url) as world, world.assembly(**policy) as assembly:
        receiver = Receiver(parse_secrets(SECRET), lambda: assembly.engine, livemode=False)
        with serving(receiver) as url:
            forward = {"url": f"{url}/webhooks/stripe", "secret": SECRET}
            answer = requests.post(f"{world.base_url}/_sandbox/stripe/webhook_endpoints", json=forward, timeout=30)
            answer.raise_for_status()
            yield Way(world, assembly)


def test_an_invoice_and_its_payment_are_booked_as_they_happen(way: Way):
    """No list of events is read and no window: what webhooks name is enough, and the books agree afterwards."""
    with way.following():
        paid = way.world.invoice(12_300)
        until(lambda: {paid["id"], paid["customer"]} <= way.written().keys() and len(way.written()) == 3)
    assert sorted(way.written().values()) == ["customer", "customerPayment", "invoice"]
    assert list_gaps(way.assembly.engine) == []
    assert inbox.backlog(way.assembly.engine).objects == 0
    asked = {each["path"] for each in way.world.asked("stripe") if each["method"] == "GET"}
    assert "/v1/events" not in asked
    assert "/v1/invoices" not in asked


def test_what_a_customer_is_given_by_hand_is_booked_as_it_happens(way: Way):
    """Stripe tells by an event of the customer alone; his movements are asked for, and no other's."""
    bystander = way.world.invoice(500, pay=False)["customer"]
    customer = way.world.invoice(600, pay=False)["customer"]
    way.delivered()
    with way.following():
        until(lambda: {bystander, customer} <= way.written().keys())
        gift = way.world.stripe(f"customers/{customer}/balance_transactions", amount=-250, currency="usd")["id"]
        until(lambda: {f"bi-{gift}", f"bg-{gift}"} <= way.written().keys())
    assert list_gaps(way.assembly.engine) == []
    asked = {each["path"] for each in way.world.asked("stripe") if each["path"].endswith("/balance_transactions")}
    assert asked == {f"/v1/customers/{customer}/balance_transactions"}


@pytest.mark.parametrize("kind", ["twice", "reorder", "two_ids", "delay"])
def test_webhooks_that_come_twice_late_or_in_disorder_make_one_document_each(way: Way, kind: str):
    """Whatever the way does to events, there is one document for each object."""
    fault = [{"kind": kind, "delay_ms": 300}]
    url = f"{way.world.base_url}/_sandbox/stripe/webhook_faults"
    requests.post(url, json=fault, timeout=30).raise_for_status()
    with way.following():
        bills = [way.world.invoice(500 + number) for number in range(3)]
        way.delivered()
        until(lambda: len(way.written()) == 9)
    assert way.world.record_writes() == 9
    assert {each["id"] for each in bills} <= way.written().keys()
    assert list_gaps(way.assembly.engine) == []


def test_what_cannot_be_written_now_is_written_by_whoever_writes(way: Way):
    """A backfill that writes for hours takes what follows a change along; if it ends instead, the run does it."""
    engine = way.assembly.engine
    with way.following():
        with writer_lock(engine):
            paid = way.world.invoice(700)
            until(lambda: journal.counts(engine).get("intent") == 3)
            assert _priorities(engine) == [1]
            first = journal.first(engine, ["customer", "invoice", "customerPayment"], 9)
            assert len(first) == 1, "the customer; the others lean on it"
            assert way.written() == {}
        until(lambda: paid["id"] in way.written() and len(way.written()) == 3)


def test_a_void_waits_until_its_invoice_was_read_back(way: Way):
    """Who wrote the invoice died before reading it back: the void stays in the inbox until its memo is written."""
    engine, bill = way.assembly.engine, way.world.invoice(900, pay=False)["id"]
    _once(way)
    assert bill in way.written()
    way.world.stripe(f"invoices/{bill}/void")
    _once(way)
    assert f"cm-{bill}" not in way.written(), "what is open of the invoice is not known yet"
    assert {each["id"]: each["reason"] for each in inbox.failing(engine)} == {
        bill: "its NetSuite invoice has not been read back yet"
    }
    Follower(way.assembly).reconcile()
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE o2c.inbox SET not_before = now()")
    _once(way)
    assert f"cm-{bill}" in way.written()
    assert inbox.backlog(engine).objects == 0


def test_what_is_voided_while_it_is_queued_is_not_written(way: Way):
    """NetSuite is slow, the writer has its batch in hand: what has left gets a memo, the rest never goes."""
    _fault(way, "latency", latency_ms=1500)
    customer = way.world.invoice(800)["customer"]
    bills = {way.world.invoice(900 + number, customer=customer, pay=False)["id"] for number in range(20)}
    way.delivered()
    with way.following():
        until(lambda: way.written().keys() & bills)
        for bill in sorted(bills, reverse=True):
            way.world.stripe(f"invoices/{bill}/void")
        way.delivered()
    _settled(way)
    written = way.written().keys()
    assert 0 < len(bills & written) < len(bills), "some had left when they were voided, some had not"
    assert {key for key in bills if f"cm-{key}" in written} == bills & written
    assert max(_left_after_news(way.assembly.engine, "invoice.voided")) < 0.5, "seconds"
    assert list_gaps(way.assembly.engine) == []


def test_news_are_read_as_soon_while_documents_are_written_and_compared(way: Way):
    """NetSuite has all its places taken for seconds: whoever compares waits for one, and whoever looks for news not."""
    _fault(way, "latency", latency_ms=4000)
    customer = way.world.invoice(800)["customer"]
    bills = {way.world.invoice(900 + number, customer=customer, pay=False)["id"] for number in range(15)}
    way.delivered()
    with way.following():
        until(lambda: way.written().keys() & bills)
        for number in range(6):
            way.world.invoice(100 + number, customer=customer, pay=False)
            way.delivered()
            told = time.monotonic()
            until(lambda: inbox.backlog(way.assembly.engine).objects == 0)
            assert time.monotonic() - told < 2


def test_what_an_event_calls_void_waits_until_it_was_read(way: Way):
    """Whoever writes does not send it, nor wait for it; whoever follows changes parks it."""
    engine, bill = way.assembly.engine, way.world.invoice(900, pay=False)["id"]
    way.delivered()
    Follower(way.assembly, write=lambda spans: way.assembly.intend(spans)).once()
    way.world.stripe(f"invoices/{bill}/void")
    way.delivered()
    way.assembly.apply_first([])
    assert (bill in way.written(), journal.counts(engine)["intent"]) == (False, 1)
    _once(way)
    way.assembly.apply_first([])
    assert not any(_posts_invoice(each) for each in way.world.asked("netsuite"))
    assert inbox.backlog(engine).objects == 0


def test_what_is_called_void_and_is_not_is_written_after_a_second_look(way: Way):
    """An event is believed in nothing: Stripe is asked twice, and then the invoice leaves without any further news."""
    engine, bill = way.assembly.engine, way.world.invoice(900, pay=False)["id"]
    way.delivered()
    Follower(way.assembly, write=lambda spans: way.assembly.intend(spans)).once()
    record(engine, [StripeEvent("evt_void", "invoice.voided", "invoice", bill, datetime.now(UTC), "webhook")])
    for look in range(2):
        _once(way)
        assert bill not in way.written(), look
        assert [each["reason"] for each in inbox.failing(engine)] == [
            "an event says that it is void, and Stripe does not show that, or not yet"
        ]
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE o2c.inbox SET not_before = now()")
    _once(way)
    assert bill in way.written()
    assert inbox.backlog(engine).objects == 0


@pytest.mark.parametrize(("kind", "there"), [("drop_after", True), ("drop_before", False)])
def test_a_void_waits_until_it_is_known_whether_its_invoice_was_written(way: Way, kind: str, there: bool):
    """Its answer was lost: found by a look-up, it gets its memo; where there is none, it is not sent again."""
    _fault(way, kind, times=1)
    bill = way.world.invoice(900, pay=False)["id"]
    way.delivered()
    with way.following():
        until(lambda: journal.counts(way.assembly.engine).get("unknown") == 1)
        way.world.stripe(f"invoices/{bill}/void")
        way.delivered()
    _settled(way)
    assert (bill in way.written()) == (f"cm-{bill}" in way.written()) == there
    assert sum(_posts_invoice(each) for each in way.world.asked("netsuite")) == 1
    assert list_gaps(way.assembly.engine) == []


def _fault(way: Way, kind: str, **rule: int) -> None:
    """Of requests that write an invoice."""
    faults = [{"kind": kind, "system": "netsuite", "method": "POST", "path_regex": "/record/v1/invoice$", **rule}]
    requests.post(f"{way.world.base_url}/_sandbox/faults", json=faults, timeout=30).raise_for_status()


def _left_after_news(engine: Engine, kind: str) -> list[float]:
    """How many seconds after such an event was kept the documents of its object left; less than 0: before."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            """SELECT extract(epoch FROM j.sent_at - e.received_at)::float8 FROM o2c.journal j
               JOIN o2c.stripe_events e ON e.object_id = j.external_id WHERE e.type = %s AND j.sent_at IS NOT NULL""",
            (kind,),
        )
        return list(found.scalars())


def _posts_invoice(request: Mapping[str, Any]) -> bool:
    return request["method"] == "POST" and request["path"].endswith("/record/v1/invoice")


def _settled(way: Way) -> None:
    """Until all events are there and nothing waits: runs one after the other, as the sensor starts them."""
    way.delivered()
    engine, deadline = way.assembly.engine, time.monotonic() + 60
    while inbox.backlog(engine).objects or journal.counts(engine).get("unknown"):
        assert time.monotonic() < deadline, (inbox.failing(engine), journal.counts(engine))
        follow(way.assembly, lambda done: None)
        way.assembly.apply_first([])
    Follower(way.assembly).reconcile()


def _once(way: Way) -> None:
    """A pass of a process that dies before it compares."""
    way.delivered()
    Follower(way.assembly).once()


def _priorities(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return list(connection.exec_driver_sql("SELECT DISTINCT priority FROM o2c.journal").scalars())
