"""Events of Stripe become runs for single objects; schedules sweep the days behind."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.orchestration.build import JOB
from o2c_orchestration.orchestration.sensors import poll_events
from o2c_orchestration.store import inbox, journal
from o2c_orchestration_tests.e2e.cli_fixtures import QUIET, World, checks, definitions, metadata, sandbox, today

OVERLAP = timedelta(seconds=120)


@dataclass
class Watch:
    """A company that is up to date, and the sensor that watches it."""

    world: World
    assembly: Assembly
    instance: dg.DagsterInstance

    def __post_init__(self) -> None:
        self.defs = definitions(self.assembly)

    def tick(self) -> list[dg.RunRequest]:
        """What the sensor asks for now; nothing for a skip."""
        with dg.build_sensor_context(instance=self.instance, repository_def=self.defs.get_repository_def()) as context:
            found = self.defs.resolve_sensor_def("stripe_events").evaluate_tick(context)
        return list(found.run_requests or [])

    def run(self, request: dg.RunRequest) -> dg.ExecuteInProcessResult:
        """The run that the daemon would start."""
        job = self.defs.resolve_job_def(JOB)
        return job.execute_in_process(
            instance=self.instance, partition_key=request.partition_key, tags=dict(request.tags), run_config=QUIET
        )

    def run_all(self) -> None:
        """Runs until the sensor asks for nothing more."""
        for _ in range(5):
            found = self.tick()
            if not found:
                return
            for request in found:
                assert self.run(request).success
        raise AssertionError("the sensor asks for runs without end")

    def seen_until(self, moment: datetime) -> None:
        """The sensor has looked at all events before `moment`."""
        inbox.write_cursor(self.assembly.engine, "stripe_events", moment.isoformat())

    def event(self, key: str, created: datetime, thing: dict[str, Any], kind: str = "customer.updated") -> None:
        """An event that Stripe shows late, or again."""
        wire = {"id": key, "object": "event", "created": int(created.timestamp()), "type": kind}
        wire |= {"data": {"object": thing}}
        self.world.load([{**wire, "api_version": None, "livemode": False, "pending_webhooks": 0, "request": None}])

    def waiting(self) -> set[str]:
        """Objects with a hint, of whatever day."""
        return {item.object_id for item in inbox.waiting(self.assembly.engine, date.min, date.max)}


@pytest.fixture
def watch(database_url: str, tmp_path: Path) -> Iterator[Watch]:
    """An empty sandbox, a fresh database and an instance of Dagster's own."""
    with (
        sandbox(tmp_path, database_url) as world,
        world.assembly() as assembly,
        dg.DagsterInstance.ephemeral() as instance,
    ):
        yield Watch(world, assembly, instance)


def _next_second() -> None:
    """Events carry whole seconds, and the second that is not over is left for the next look."""
    time.sleep(1.05 - time.time() % 1)


def _customer(key: str, created: datetime) -> dict[str, Any]:
    return {"id": key, "object": "customer", "created": int(created.timestamp()), "name": key, "email": None}


def test_a_new_invoice_is_written_through_the_sensor(watch: Watch):
    """An invoice that is made and paid leads to one run for its day, which writes invoice and payment, once."""
    paid = watch.world.invoice(12_300)
    _next_second()
    (request,) = watch.tick()
    assert request.partition_key == datetime.fromtimestamp(paid["created"], UTC).date().isoformat()
    assert request.tags["o2c/changed_only"] == "true"
    assert [each.run_key for each in watch.tick()] == [request.run_key]
    outcome = watch.run(request)
    assert outcome.success
    assert metadata(outcome, "apply", "netsuite_documents")["written"] == 3
    assert checks(outcome)["reconciliation/gaps:no_open_gaps"].passed
    assert watch.tick() == []
    paths = [each["path"] for each in watch.world.asked("stripe") if each["method"] == "GET"]
    assert "/v1/invoices" not in paths, "a run for single objects reads no window"
    written = watch.world.record_writes()

    watch.world.invoice(700, customer=paid["customer"], pay=False)
    _next_second()
    (newer,) = watch.tick()
    assert newer.partition_key == today().isoformat()
    assert newer.run_key != request.run_key
    assert watch.run(newer).success
    assert watch.world.record_writes() == written + 1
    done = [each.external_id for each in journal.entries(watch.assembly.engine, ["done"])]
    assert len(done) == len(set(done)) == 4


def test_an_event_seen_twice_changes_nothing(watch: Watch):
    """An event that the overlap shows again starts no run; the same news under another id writes nothing more."""
    paid = watch.world.invoice(500)
    _next_second()
    watch.run_all()
    written = watch.world.record_writes()
    assert watch.tick() == []
    watch.event("evt_again", datetime.now(UTC) - timedelta(seconds=5), paid, "invoice.paid")
    (request,) = watch.tick()
    assert watch.run(request).success
    assert watch.tick() == []
    assert watch.world.record_writes() == written


def test_late_events_within_the_overlap_are_read_and_older_ones_are_not(watch: Watch):
    """Stripe's list settles late: what turns up within the overlap counts; what lies before it is the sweep's work."""
    now = datetime.now(UTC)
    watch.seen_until(now)
    watch.event("evt_late", now - OVERLAP / 2, _customer("cus_late", now))
    watch.event("evt_old", now - 3 * OVERLAP, _customer("cus_old", now))
    assert poll_events(watch.assembly, now + timedelta(seconds=2)) == 1
    assert watch.waiting() == {"cus_late"}
    assert poll_events(watch.assembly, now + timedelta(seconds=4)) == 0


def test_events_of_one_second_are_all_read(watch: Watch):
    """A second event of a second that was read already, or two at its edge, are not lost."""
    edge = datetime.now(UTC).replace(microsecond=0)
    watch.seen_until(edge - timedelta(seconds=30))
    watch.event("evt_1", edge, _customer("cus_1", edge))
    assert poll_events(watch.assembly, edge) == 0
    assert poll_events(watch.assembly, edge + timedelta(seconds=1)) == 1
    watch.event("evt_2", edge, _customer("cus_2", edge))
    watch.event("evt_3", edge, _customer("cus_1", edge))
    assert poll_events(watch.assembly, edge + timedelta(seconds=2)) == 2
    assert watch.waiting() == {"cus_1", "cus_2"}


def test_an_object_older_than_the_books_does_not_stop_the_sensor(watch: Watch):
    """A customer from before the first partition is read by the first partition's run, and other days go on."""
    old = datetime(2019, 5, 1, tzinfo=UTC)
    now = datetime.now(UTC)
    watch.world.load([_customer("cus_ancient", old), _customer("cus_young", now)])
    watch.event("evt_ancient", now - timedelta(seconds=9), _customer("cus_ancient", old))
    watch.event("evt_young", now - timedelta(seconds=9), _customer("cus_young", now))
    found = {each.partition_key: each for each in watch.tick()}
    start = watch.assembly.policy.books.start
    assert set(found) == {start.isoformat(), now.date().isoformat()}
    assert watch.run(found[start.isoformat()]).success
    assert watch.waiting() == {"cus_young"}


def test_a_run_that_failed_is_asked_for_again_after_an_hour(watch: Watch):
    """A hint that nobody settled gets a new run key every hour, so that one failed run does not lose it."""
    watch.world.invoice(500)
    _next_second()
    (request,) = watch.tick()
    with watch.assembly.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE o2c.inbox SET hinted_at = hinted_at - interval '61 minutes'")
    (again,) = watch.tick()
    assert again.run_key != request.run_key
    assert [each.run_key for each in watch.tick()] == [again.run_key]


def test_without_stripe_the_sensor_skips(watch: Watch):
    """A sensor of a system that is off says so and asks for nothing."""
    watch.assembly.settings.environment.stripe_api_key = None
    with dg.build_sensor_context(instance=watch.instance, repository_def=watch.defs.get_repository_def()) as context:
        found = watch.defs.resolve_sensor_def("stripe_events").evaluate_tick(context)
    assert found.run_requests == []
    assert found.skip_message == "Stripe is off: STRIPE_API_KEY is not set"


@pytest.mark.parametrize(("name", "count"), [("hourly_sweep", 2), ("nightly_catch_up", 35)])
def test_schedules_ask_for_one_run_over_the_last_days(watch: Watch, name: str, count: int):
    """A schedule's tick is one run over a range of days that ends today (UTC), under a key of its own time."""
    at = datetime.now(UTC).replace(minute=17, second=0, microsecond=0)
    schedule = watch.defs.resolve_schedule_def(name)
    with dg.build_schedule_context(
        instance=watch.instance, scheduled_execution_time=at, repository_def=watch.defs.get_repository_def()
    ) as context:
        (request,) = schedule.evaluate_tick(context).run_requests or []
    assert request.tags["dagster/asset_partition_range_start"] == (at - timedelta(days=count - 1)).date().isoformat()
    assert request.tags["dagster/asset_partition_range_end"] == at.date().isoformat()
    assert "o2c/changed_only" not in request.tags
    assert request.run_key == at.isoformat()
