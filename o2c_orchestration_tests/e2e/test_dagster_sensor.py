"""Events of Stripe become runs for single objects; schedules sweep the days behind."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import requests
import time_machine
from dagster._core.events import DagsterEvent

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.policy_live import Live
from o2c_orchestration.domain.stripe_events import Expected, read_event
from o2c_orchestration.orchestration.assets.common import STRIPE_TYPES
from o2c_orchestration.orchestration.build import JOB
from o2c_orchestration.orchestration.changes import CHANGES
from o2c_orchestration.orchestration.events import poll_events
from o2c_orchestration.store import inbox, journal, rows, run_lock
from o2c_orchestration.store.events import record
from o2c_orchestration.store.gaps import list_gaps
from o2c_orchestration_tests.e2e.cli_fixtures import QUIET, World, definitions, sandbox

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
        job = self.defs.resolve_job_def(request.job_name or "")
        return job.execute_in_process(instance=self.instance, tags=dict(request.tags), run_config=QUIET)

    def run_all(self) -> None:
        """The run that the sensor asks for, after which it asks for nothing."""
        (request,) = self.tick()
        assert self.run(request).success
        assert self.tick() == []

    def materialized(self, *key: str) -> set[str]:
        """Partitions of an asset that were recorded."""
        return set(self.instance.get_materialized_partitions(dg.AssetKey(key)))

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
        return {item.object_id for item in inbox.take(self.assembly.engine, 1000)}


@pytest.fixture
def watch(database_url: str, tmp_path: Path) -> Iterator[Watch]:
    """An empty sandbox, a fresh database and an instance of Dagster's own."""
    with (
        sandbox(tmp_path, database_url) as world,
        world.assembly(live={"linger_seconds": 0, "poll_seconds": 1}) as assembly,
        dg.DagsterInstance.ephemeral() as instance,
    ):
        yield Watch(world, assembly, instance)


def _next_second() -> None:
    """Events carry whole seconds, and the second that is not over is left for the next look, a second later."""
    time.sleep(1.1)


def _customer(key: str, created: datetime) -> dict[str, Any]:
    return {"id": key, "object": "customer", "created": int(created.timestamp()), "name": key, "email": None}


def test_a_new_invoice_is_written_through_the_sensor(watch: Watch):
    """An invoice that is made and paid leads to one run, which writes customer, invoice and payment, once."""
    paid = watch.world.invoice(12_300)
    _next_second()
    (request,) = watch.tick()
    assert request.job_name == CHANGES
    outcome = watch.run(request)
    assert outcome.success
    day = datetime.fromtimestamp(paid["created"], UTC).date().isoformat()
    for key in (("stripe", "invoices"), ("validated", "payments"), ("apply", "netsuite_documents")):
        assert watch.materialized(*key) == {day}, key
    told = watch.instance.get_latest_materialization_event(dg.AssetKey(["validated", "invoices"]))
    assert told is not None
    assert told.asset_materialization is not None
    assert told.asset_materialization.metadata["total USD"].value == 123.0
    assert watch.waiting() == set()
    paths = [each["path"] for each in watch.world.asked("stripe") if each["method"] == "GET"]
    assert "/v1/invoices" not in paths, "a run for single objects reads no window"
    written = watch.world.record_writes()
    assert written == 3

    watch.world.invoice(700, customer=paid["customer"], pay=False)
    _next_second()
    watch.run_all()
    assert watch.world.record_writes() == written + 1
    done = [each.external_id for each in journal.entries(watch.assembly.engine, ["done"])]
    assert len(done) == len(set(done)) == 4
    assert list_gaps(watch.assembly.engine) == []


def test_a_run_that_died_before_it_could_say_that_it_lives_holds_nobody_up(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
):
    """Killed between its start and its lock: after five minutes it counts as dead, and the next one is asked for."""
    # The database counts as one that started long ago, also where this test is the first of all.
    monkeypatch.setattr(run_lock, "_LOCKS_AGAIN_SECONDS", 0)
    watch.world.invoice(500)
    _next_second()
    (request,) = watch.tick()
    job = watch.defs.resolve_job_def(request.job_name or "")
    now = datetime.now(UTC)
    with time_machine.travel(now - timedelta(seconds=290)):
        run = watch.instance.create_run_for_job(job)
        watch.instance.report_dagster_event(DagsterEvent("PIPELINE_START", job.name), run.run_id)
    assert watch.tick() == []
    with time_machine.travel(now + timedelta(seconds=20)):
        assert watch.tick() == [], "a run that failed is not started again at once"
    with time_machine.travel(now + timedelta(seconds=90)):
        assert [each.job_name for each in watch.tick()] == [CHANGES]
    ended = watch.instance.get_run_by_id(run.run_id)
    assert ended is not None
    assert ended.status == dg.DagsterRunStatus.FAILURE


def test_what_was_judged_is_told_to_dagster(watch: Watch):
    """A run for single objects evaluates the checks that finance looks at, and says what they judged on the asset."""
    watch.world.invoice(500)
    _next_second()
    watch.run_all()
    found = watch.instance.event_log_storage.get_asset_check_execution_history(
        dg.AssetCheckKey(dg.AssetKey(["reconciliation", "gaps"]), "no_open_gaps"), limit=1
    )
    assert [each.status.value for each in found] == ["SUCCEEDED"]
    told = watch.instance.get_latest_materialization_event(dg.AssetKey(["reconciliation", "gaps"]))
    assert told is not None
    assert told.asset_materialization is not None
    assert told.asset_materialization.metadata["open gaps"].value == 0
    assert found[0].create_timestamp >= int(told.timestamp), "else Dagster shows it as not evaluated"


def test_many_events_become_one_run(watch: Watch):
    """Objects of whatever days wait for one run; while it is under way, no other is asked for."""
    old = datetime(2026, 3, 4, tzinfo=UTC)
    now = datetime.now(UTC)
    people = [_customer(f"cus_{number}", old + timedelta(days=number)) for number in range(30)]
    watch.world.load(people)
    for number, each in enumerate(people):
        watch.event(f"evt_{number}", now - timedelta(seconds=9), each)
    (request,) = watch.tick()
    run = watch.instance.create_run_for_job(
        watch.defs.resolve_job_def(CHANGES), status=dg.DagsterRunStatus.STARTED, tags=dict(request.tags)
    )
    assert watch.tick() == []
    watch.instance.report_run_failed(run)
    assert watch.tick() == [], "what failed at once is not started again at once"
    assert watch.run(request).success
    assert len(watch.materialized("stripe", "customers")) == 30


def test_an_event_seen_twice_changes_nothing(watch: Watch):
    """An event that the overlap shows again starts no run; the same news under another id writes nothing more."""
    paid = watch.world.invoice(500)
    _next_second()
    watch.run_all()
    written = watch.world.record_writes()
    watch.event("evt_again", datetime.now(UTC) - timedelta(seconds=5), paid, "invoice.paid")
    watch.seen_until(datetime.now(UTC) - timedelta(seconds=5))
    watch.run_all()
    assert watch.world.record_writes() == written


def test_a_webhook_and_the_list_tell_the_same_event_once(watch: Watch):
    """Whichever way an event comes first, it marks its object once."""
    now = datetime.now(UTC)
    watch.seen_until(now - timedelta(seconds=60))
    watch.event("evt_both", now - timedelta(seconds=9), _customer("cus_1", now))
    hook = {"id": "evt_both", "object": "event", "type": "customer.updated", "created": int(now.timestamp())}
    hook |= {"data": {"object": {"id": "cus_1", "object": "customer"}}}
    engine = watch.assembly.engine
    assert record(engine, [read_event(hook, "webhook", Expected(), Live())]) == 1
    inbox.settle(engine, inbox.take(engine, 9))
    assert poll_events(watch.assembly, now) == 0
    assert watch.waiting() == set()


def test_late_events_within_the_overlap_are_read_and_older_ones_are_not(watch: Watch):
    """Stripe's list settles late: what turns up within the overlap counts; what lies before it is the sweep's work."""
    now = datetime.now(UTC)
    watch.seen_until(now)
    watch.event("evt_late", now - OVERLAP / 2, _customer("cus_late", now))
    watch.event("evt_old", now - 3 * OVERLAP, _customer("cus_old", now))
    assert poll_events(watch.assembly, now) == 1
    assert watch.waiting() == {"cus_late"}
    assert poll_events(watch.assembly, now) == 0


def test_events_of_one_second_are_all_read(watch: Watch):
    """A second event of a second that was read already, or two at its edge, are not lost."""
    edge = datetime.now(UTC).replace(microsecond=0)
    # A second that is not over, however long this machine takes.
    soon = edge + timedelta(seconds=60)
    watch.seen_until(edge - timedelta(seconds=30))
    watch.event("evt_1", soon, _customer("cus_1", soon))
    assert poll_events(watch.assembly, edge) == 0
    watch.world.stripe_clock(later=61)
    assert poll_events(watch.assembly, edge) == 1
    watch.event("evt_2", soon, _customer("cus_2", soon))
    watch.event("evt_3", soon, _customer("cus_1", soon))
    assert poll_events(watch.assembly, edge) == 2
    assert watch.waiting() == {"cus_1", "cus_2"}


def test_events_of_two_days_are_read_in_parts(watch: Watch):
    """After two days without anybody, the list is read from where it was left, as far as the time goes, and goes on."""
    now = datetime.now(UTC)
    watch.seen_until(now - timedelta(days=2))
    for hours in (1, 20, 47):
        watch.event(f"evt_{hours}", now - timedelta(hours=hours), _customer(f"cus_{hours}", now))
    assert poll_events(watch.assembly, now, seconds=0) == 0
    while poll_events(watch.assembly, now, seconds=0.2) or len(watch.waiting()) < 3:
        pass
    assert watch.waiting() == {"cus_1", "cus_20", "cus_47"}


def test_an_outage_of_days_is_healed_by_reading_everything(watch: Watch):
    """Nobody listened for forty days: events are gone, so all windows are read again, and then the outage is over."""
    now = datetime.now(UTC)
    watch.seen_until(now - timedelta(days=40))
    old = _customer("cus_old", now - timedelta(days=50))
    watch.world.load([old])
    (request,) = watch.tick()
    assert request.job_name == JOB
    start, end = watch.assembly.policy.books.start, now.date()
    assert request.tags["dagster/asset_partition_range_start"] == start.isoformat()
    assert request.tags["dagster/asset_partition_range_end"] == end.isoformat()
    assert [each.run_key for each in watch.tick()] == [request.run_key], "the same run, not a second one"
    for kinds in STRIPE_TYPES.values():
        watch.assembly.extract(kinds, start, end)
    assert watch.tick() == []
    assert "cus_old" in {item.id for item in rows.pending(watch.assembly.engine, "customer", 99)}


def test_an_object_older_than_the_books_is_read(watch: Watch):
    """A customer from before the first partition counts for the first partition, and others go on."""
    old = datetime(2019, 5, 1, tzinfo=UTC)
    now = datetime.now(UTC)
    watch.world.load([_customer("cus_ancient", old), _customer("cus_young", now)])
    watch.event("evt_ancient", now - timedelta(seconds=9), _customer("cus_ancient", old))
    watch.event("evt_young", now - timedelta(seconds=9), _customer("cus_young", now))
    watch.run_all()
    start = watch.assembly.policy.books.start
    assert watch.materialized("stripe", "customers") == {start.isoformat(), now.date().isoformat()}


def test_an_object_that_cannot_be_read_waits_alone(watch: Watch):
    """Stripe fails for one invoice: the others get their documents, and it is told with Stripe's words."""
    bad, good = watch.world.invoice(100, pay=False), watch.world.invoice(200, pay=False)
    fault = {"system": "stripe", "kind": "server_error", "path_regex": f"^/v1/invoices/{bad['id']}$"}
    requests.post(f"{watch.world.base_url}/_sandbox/faults", json=[fault], timeout=30).raise_for_status()
    _next_second()
    (request,) = watch.tick()
    assert watch.run(request).success
    (left,) = inbox.failing(watch.assembly.engine)
    assert (left["id"], left["attempts"]) == (bad["id"], 1)
    done = {each.external_id for each in journal.entries(watch.assembly.engine, ["done"])}
    assert good["id"] in done
    assert bad["id"] not in done


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
    assert request.run_key == at.isoformat()
