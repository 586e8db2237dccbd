"""Change events of Salesforce: what they name is read at once, nothing is lost, and nothing is done twice."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import requests

from o2c_orchestration import tracing
from o2c_orchestration.assembly import Assembly
from o2c_orchestration.orchestration.deals import DEALS
from o2c_orchestration.store import deal_changes, salesforce_marks
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e import cli_fixtures
from o2c_orchestration_tests.e2e.cli_fixtures import QUIET, World, definitions, today
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_deals import POLICY, go, orders, price
from o2c_orchestration_tests.otlp import collecting

CHANNEL = "/data/ChangeEvents"
LISTENING = {"deals": {**POLICY["deals"], "change_events": CHANNEL}}


@pytest.fixture
def world(tmp_path: Path, new_database: NewDatabase) -> Iterator[World]:
    """A sandbox with change events, which tells soon how far they have come."""
    settings = {"salesforce_events_port": 0, "salesforce_keepalive_seconds": 0.3}
    with new_database() as url, cli_fixtures.sandbox(tmp_path, url, **settings) as made:
        yield made


@pytest.fixture
def made(world: World) -> Iterator[Assembly]:
    """The product, which listens and knows by now how far events have come."""
    with world.assembly(**{**POLICY, **LISTENING}) as product:
        go(product)
        product.deals.listen(CHANNEL, 1.0)
        assert kept(product) is not None
        yield product


@pytest.fixture
def deal(world: World, seller: Seller) -> str:
    """A deal that is not won yet."""
    entry = seller.product("SEAT", 50, price=price(world, 5000))
    found = seller.deal(seller.account("Acme Inc"), today().isoformat(), stage="Prospecting")
    seller.line(found, entry, 4, 50)
    return found


def kept(made: Assembly) -> bytes | None:
    return salesforce_marks.replay_id(made.engine, CHANNEL)


def marked(made: Assembly) -> set[tuple[str, str]]:
    return {(mark.object, mark.id) for mark in salesforce_marks.take(made.engine)}


def stored(made: Assembly, identifier: str) -> Any:
    """(payload, deleted) of a record in the store."""
    with raw_cursor(made.engine) as cursor:
        cursor.execute("SELECT payload, deleted FROM o2c.salesforce_objects WHERE id = %s", (identifier,))
        return cursor.fetchone()


def stage(made: Assembly, deal: str) -> str:
    return str(stored(made, deal)[0]["StageName"])


def tick(made: Assembly, instance: dg.DagsterInstance) -> dg.SensorResult | Any:
    defs = definitions(made)
    with dg.build_sensor_context(instance=instance, repository_def=defs.get_repository_def()) as context:
        return defs.resolve_sensor_def("salesforce_events").evaluate_tick(context)


def polls(world: World) -> int:
    """How many queries have asked for what changed since a moment."""
    return sum(1 for each in world.asked("salesforce") if "SystemModstamp+%3E%3D" in str(each["query"]))


def quietly(world: World, change: Callable[[], Any]) -> None:
    """Something happens of which no event tells."""
    world.events(select=[])
    change()
    world.events(select=["Account", "Opportunity", "Order", "OrderItem"])


def test_a_deal_is_written_before_any_poll_would_have_come(
    world: World, seller: Seller, deal: str, made: Assembly
) -> None:
    """Won while the sensor listens: it starts a run within a second or two, which writes the order. Nobody polled."""
    with dg.DagsterInstance.ephemeral() as instance:
        before = polls(world)
        assert stage(made, deal) == "Prospecting"
        seller.change("Opportunity", deal, StageName="Closed Won")
        began = time.monotonic()
        (request,) = tick(made, instance).run_requests
        assert time.monotonic() - began < 5
        assert (stage(made, deal), polls(world) - before) == ("Closed Won", 0)
        job = definitions(made).resolve_job_def(DEALS)
        assert job.execute_in_process(instance=instance, partition_key=request.partition_key, run_config=QUIET).success
        assert len(orders(world)) == 1


def test_listening_is_a_span_that_says_how_many_events_came(seller: Seller, deal: str, made: Assembly) -> None:
    """Within the tick of the sensor that listens."""
    seller.change("Opportunity", deal, StageName="Closed Won")
    with collecting() as collector, dg.DagsterInstance.ephemeral() as instance:
        tracing.start(tracing.Collector(f"{collector.url}/v1/traces", trust_environment=False))
        try:
            tick(made, instance)
        finally:
            tracing.stop()
        (listened,), (ticked,) = collector.named("stage listen"), collector.named("tick salesforce_events")
    assert listened.parent == ticked.span
    assert listened.says["o2c.rows"] >= 1
    assert ticked.says["o2c.runs"] == 1


def test_what_we_write_ourselves_is_no_news(world: World, seller: Seller, deal: str, made: Assembly) -> None:
    """What Salesforce is told comes back as events of ours: nothing is marked, and nothing is read again."""
    seller.change("Opportunity", deal, StageName="Closed Won")
    go(made)
    assert seller.get("Opportunity", deal)["NetSuite_Sales_Order_Id__c"]
    heard = made.deals.listen(CHANNEL, 2.0)
    assert heard.ours >= 1
    assert {kind for kind, _ in marked(made)} <= {"Opportunity"}
    made.deals.read_marked()
    assert not deal_changes.waiting(made.engine)


def test_events_that_come_twice_do_nothing(world: World, seller: Seller, deal: str, made: Assembly) -> None:
    """The bus delivers at least once."""
    seller.change("Opportunity", deal, StageName="Closed Won")
    made.deals.listen(CHANNEL, 2.0)
    made.deals.read_marked()
    go(made)
    made.deals.poll()
    made.deals.listen(CHANNEL, 1.0)
    world.events(repeat=30)
    heard = made.deals.listen(CHANNEL, 2.0)
    assert heard.marked >= 1
    assert sum(made.deals.read_marked().changed.values()) == 0
    assert not deal_changes.waiting(made.engine)
    assert len(orders(world)) == 1


def test_more_than_a_hundred_events_are_all_heard(world: World, seller: Seller, made: Assembly) -> None:
    """A hundred are given at once, and more only when those were kept."""
    for number in range(130):
        world.events(plant={"entity": "Account", "ids": [f"001{number:015}"], "change": "UPDATE"})
    heard = made.deals.listen(CHANNEL, 10.0)
    assert (heard.events, len(marked(made))) == (130, 130)
    assert sum(made.deals.read_marked().changed.values()) == 0
    assert marked(made) == set()


def test_gap_events_are_read_again_by_their_ids(world: World, seller: Seller, deal: str, made: Assembly) -> None:
    """A gap event says which record has changed, and not what; one of a deletion that it is gone."""
    quietly(world, lambda: seller.change("Opportunity", deal, StageName="Closed Won"))
    world.events(plant={"entity": "Opportunity", "ids": [deal], "change": "GAP_UPDATE"})
    made.deals.listen(CHANNEL, 2.0)
    assert marked(made) == {("Opportunity", deal)}
    made.deals.read_marked()
    assert stage(made, deal) == "Closed Won"
    quietly(world, lambda: seller.delete("Opportunity", deal))
    world.events(plant={"entity": "Opportunity", "ids": [deal], "change": "GAP_DELETE"})
    made.deals.listen(CHANNEL, 2.0)
    made.deals.read_marked()
    assert stored(made, deal)[1] is True


@pytest.mark.parametrize(
    ("ids", "change", "broken"),
    [(["000000000000000AAA"], "GAP_OVERFLOW", False), (["006*"], "UPDATE", False), (["006"], "UPDATE", True)],
    ids=["overflow", "wildcard", "unreadable"],
)
def test_an_event_that_names_no_record_has_the_type_polled(
    world: World, seller: Seller, deal: str, made: Assembly, ids: list[str], change: str, broken: bool
) -> None:
    """Too many changes for single events, all records of a type, or an event that nobody can decode."""
    quietly(world, lambda: seller.change("Opportunity", deal, StageName="Closed Won"))
    world.events(plant={"entity": "Opportunity", "ids": ids, "change": change, "broken": broken})
    made.deals.listen(CHANNEL, 2.0)
    assert ("Opportunity", "") in marked(made)
    made.deals.read_marked()
    assert stage(made, deal) == "Closed Won"
    assert marked(made) == set()


def test_after_a_replay_id_that_has_expired_all_is_polled(
    world: World, seller: Seller, deal: str, made: Assembly
) -> None:
    """What happened meanwhile, deletions too, is found by a poll; and events are heard again from then on."""
    gone = seller.deal(seller.account("Gone Inc"), today().isoformat(), stage="Prospecting")
    made.deals.poll()
    quietly(
        world, lambda: (seller.change("Opportunity", deal, StageName="Closed Won"), seller.delete("Opportunity", gone))
    )
    world.events(expire=True)
    assert made.deals.listen(CHANNEL, 2.0).lost
    assert kept(made) is None
    made.deals.read_marked()
    assert (stage(made, deal), stored(made, gone)[1]) == ("Closed Won", True)
    made.deals.listen(CHANNEL, 1.0)
    seller.change("Opportunity", deal, StageName="Prospecting")
    assert made.deals.listen(CHANNEL, 2.0).marked >= 1
    made.deals.read_marked()
    assert stage(made, deal) == "Prospecting"


def test_a_server_that_is_down_for_a_while_is_waited_for(
    world: World, seller: Seller, deal: str, made: Assembly
) -> None:
    """A stream that breaks is made again within the same look, from where it was."""
    world.events(down_seconds=1.2)
    seller.change("Opportunity", deal, StageName="Closed Won")
    assert made.deals.listen(CHANNEL, 10.0).marked >= 1
    made.deals.read_marked()
    assert stage(made, deal) == "Closed Won"


def test_while_events_are_away_the_poll_goes_on(world: World, seller: Seller, deal: str, made: Assembly) -> None:
    """The sensor says what is wrong, and asks for a run for what the poll has found."""
    before = kept(made)
    world.events(down_seconds=60)
    with dg.DagsterInstance.ephemeral() as instance:
        assert "Salesforce's change events" in str(tick(made, instance).skip_message)
        seller.change("Opportunity", deal, StageName="Closed Won")
        made.deals.poll()
        assert len(tick(made, instance).run_requests) == 1
    assert kept(made) == before
    world.events(down_seconds=0)
    assert made.deals.listen(CHANNEL, 2.0).marked >= 1


def test_a_session_that_is_over_is_renewed(world: World, seller: Seller, deal: str, made: Assembly) -> None:
    """Both that of the poll and that of events: it is the same."""
    seller.change("Opportunity", deal, StageName="Closed Won")
    requests.post(f"{world.base_url}/_sandbox/salesforce/sessions/expire", timeout=10).raise_for_status()
    assert made.deals.listen(CHANNEL, 2.0).marked >= 1
    made.deals.read_marked()
    assert stage(made, deal) == "Closed Won"


_WORKER = f"""
from o2c_orchestration.assembly import Assembly
from o2c_orchestration.settings import load_settings
made = Assembly(load_settings())
print("ready", flush=True)
made.deals.listen({CHANNEL!r}, 20.0)
"""


def test_killed_between_hearing_and_keeping_it_hears_again(
    world: World, seller: Seller, deal: str, made: Assembly
) -> None:
    """How far was heard is kept together with what was heard, or not at all."""
    before = kept(made)
    with raw_cursor(made.engine) as cursor:
        # It waits here, with the events in its hands.
        cursor.execute("LOCK TABLE o2c.salesforce_marks IN ACCESS EXCLUSIVE MODE")
        seller.change("Opportunity", deal, StageName="Closed Won")
        listener = subprocess.Popen([sys.executable, "-c", _WORKER], stdout=subprocess.PIPE, text=True)
        try:
            assert listener.stdout is not None
            assert listener.stdout.readline() == "ready\n"
            _until(lambda: _waits_for_the_lock(made))
        finally:
            listener.kill()
            listener.wait()
    assert (kept(made), marked(made)) == (before, set())
    assert made.deals.listen(CHANNEL, 2.0).marked >= 1
    assert ("Opportunity", deal) in marked(made)


def test_what_was_marked_is_read_by_the_next_process(world: World, seller: Seller, deal: str, made: Assembly) -> None:
    """Killed between keeping and reading: the marks are there, and are read although nobody can be listened to."""
    seller.change("Opportunity", deal, StageName="Closed Won")
    made.deals.listen(CHANNEL, 2.0)
    world.events(down_seconds=60)
    with world.assembly(**{**POLICY, **LISTENING}) as other, dg.DagsterInstance.ephemeral() as instance:
        assert len(tick(other, instance).run_requests) == 1
        assert stage(other, deal) == "Closed Won"
        assert marked(other) == set()


def test_a_mark_that_is_made_again_while_it_is_read_stays(world: World, deal: str, made: Assembly) -> None:
    """A record may change once more after it was read."""
    salesforce_marks.keep(made.engine, CHANNEL, [("Opportunity", deal)], b"")
    taken = salesforce_marks.take(made.engine)
    salesforce_marks.keep(made.engine, CHANNEL, [("Opportunity", deal)], b"")
    salesforce_marks.settle(made.engine, taken)
    assert marked(made) == {("Opportunity", deal)}


def test_by_default_nobody_listens(world: World, seller: Seller) -> None:
    """Change Data Capture is for orgs that have it."""
    with world.assembly(**POLICY) as made, dg.DagsterInstance.ephemeral() as instance:
        assert "change events are off" in str(tick(made, instance).skip_message)
    assert world.events()["subscriptions"] == 0


def _until(holds: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _waits_for_the_lock(made: Assembly) -> bool:
    with raw_cursor(made.engine) as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'o2c.salesforce_marks'::regclass"
        )
        row: Any = cursor.fetchone()
        return int(row[0]) > 0
