"""The sensor `finance_alerts`: what Dagster's event log says becomes one message for each cause."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from sqlalchemy import Engine

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.domain.policy import Mode
from o2c_orchestration.orchestration.alerts import days_of, follow
from o2c_orchestration.orchestration.build import INVARIANTS
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import inbox
from o2c_orchestration.store.alert_causes import Signal, failing_signals, take_signals
from o2c_orchestration.store.alerts import listed
from o2c_orchestration_tests.alerts.wire import SECRET, Hook, gap, hook
from o2c_orchestration_tests.e2e.cli_fixtures import QUIET, checks, definitions, environment

TIE = "books_tie_out"
GAPS = dg.AssetKey(["reconciliation", "gaps"])


@pytest.fixture
def finance() -> Iterator[Hook]:
    """A channel."""
    with hook() as made:
        yield made


class Desk:
    """The code location on a database, an instance of Dagster's own, and the sensor."""

    def __init__(self, assembly: Assembly, instance: dg.DagsterInstance) -> None:
        self.assembly, self.instance = assembly, instance
        self.defs = definitions(assembly)

    def tick(self) -> str:
        """One tick of the sensor, and what it says."""
        with dg.build_sensor_context(instance=self.instance, repository_def=self.defs.get_repository_def()) as context:
            found = self.defs.resolve_sensor_def("finance_alerts").evaluate_tick(context)
        assert not found.run_requests
        return found.skip_message or ""

    def report(self, passed: bool, name: str = TIE, key: dg.AssetKey = GAPS, **more: Any) -> None:
        """An evaluation without a run."""
        self.instance.report_runless_asset_event(
            dg.AssetCheckEvaluation(asset_key=key, check_name=name, passed=passed, **more)
        )

    def run(self, job: str) -> dg.ExecuteInProcessResult:
        """A run of a job, which may fail."""
        found = self.defs.resolve_job_def(job)
        return found.execute_in_process(instance=self.instance, run_config=QUIET, raise_on_error=False)


@pytest.fixture
def desk(database_url: str, tmp_path: Path, finance: Hook) -> Iterator[Desk]:
    """Every system off, one channel."""
    (tmp_path / "o2c.yaml").write_text(
        "alerts: {grace_minutes: 0, digest_hour: null, dagster_url: 'http://127.0.0.1:3000'}"
    )
    variables = {
        "O2C_HOME": str(tmp_path),
        "O2C_CONFIG": str(tmp_path / "o2c.yaml"),
        "O2C_DATABASE_URL": database_url,
        "O2C_ALERT_CHANNELS": '{"finance": "' + finance.address + '"}',
    }
    with environment(variables), dg.DagsterInstance.ephemeral() as instance:
        assembly = Assembly(load_settings())
        try:
            yield Desk(assembly, instance)
        finally:
            assembly.engine.dispose()


def test_it_is_there_and_running(desk: Desk):
    """Part of the code location, on from the start, every half minute."""
    sensor = desk.defs.resolve_sensor_def("finance_alerts")
    assert sensor.default_status == dg.DefaultSensorStatus.RUNNING
    assert sensor.minimum_interval_seconds == 30


def test_a_failing_check_that_was_reported_without_a_run_is_told_once(desk: Desk, finance: Hook):
    """One message with a link to its asset, however often it fails again; all clear when it passes."""
    for _ in range(3):
        desk.report(passed=False, description="EUR is 12.00 apart")
        desk.tick()
    [message] = finance.told
    assert message["title"] == "Check books_tie_out fails"
    assert "EUR is 12.00 apart" in message["message"]
    assert "http://127.0.0.1:3000/assets/reconciliation/gaps?view=checks" in message["message"]
    desk.report(passed=True)
    desk.tick()
    desk.tick()
    assert finance.titles()[1:] == ["All clear: Check books_tie_out fails"]


def test_a_failing_check_of_a_run_is_told_with_what_breaks_it_and_what_to_do(desk: Desk, finance: Hook):
    """The job of invariants finds messages of a ledger that nobody reads: the run is green, and finance hears of it."""
    desk.assembly.settings.environment.netsuite_account_id = "TSTDRV"
    inbox.write_cursor(desk.assembly.engine, "netsuite_ledger", "2020-01-01T00:00:00+00:00")
    outcome = desk.run(INVARIANTS)
    assert outcome.success
    assert not checks(outcome)["netsuite/payment_mirrors:mirror_keeps_its_promise"].passed
    desk.tick()
    desk.tick()
    [message] = finance.told
    assert message["title"] == "Check mirror_keeps_its_promise fails"
    assert "Words: broken by: 1; object: netsuite ledger, what: read " in message["message"]
    assert "To do: see why the hourly sweep does not run or NetSuite does not answer" in message["message"]


def test_warnings_come_as_warnings(desk: Desk, finance: Hook):
    """A check of severity WARN is a warning for the channel too."""
    desk.report(passed=False, severity=dg.AssetCheckSeverity.WARN)
    desk.tick()
    assert finance.told[0]["type"] == "warning"


def test_a_check_that_says_what_gaps_say_is_not_told_beside_them(desk: Desk, finance: Hook):
    """One mistake is one message: the gap's, which knows the money."""
    gap(desk.assembly.engine, "in_1")
    desk.report(passed=False, name="no_open_gaps")
    desk.tick()
    assert finance.titles() == ["Invoices have no NetSuite document: 1 gap, 100.00 USD"]


def test_a_failed_run_is_told_and_cleared_by_the_next_that_succeeds(desk: Desk, finance: Hook):
    """Which job, in which step, with the words of our own error, and a link to the run."""
    settings = desk.assembly.settings
    settings.environment.netsuite_account_id = "TSTDRV"
    settings.policy = settings.policy.model_copy(update={"mode": Mode.SYNC})
    failed = desk.run("janitor")
    assert not failed.success
    desk.tick()
    desk.tick()
    [message] = finance.told
    assert message["title"] == "The newest run of janitor failed"
    assert "Words: sweep_unsettled_writes: " in message["message"]
    assert "Set what is missing" in message["message"]
    assert f"http://127.0.0.1:3000/runs/{failed.run_id}" in message["message"]
    settings.policy = settings.policy.model_copy(update={"mode": Mode.OBSERVE})
    assert desk.run("janitor").success
    desk.tick()
    assert finance.titles()[1:] == ["All clear: The newest run of janitor failed"]


def test_the_cursor_is_durable_and_late_events_are_taken(desk: Desk, finance: Hook):
    """Read again from before the cursor, nothing is told twice; an evaluation between two others is not lost."""
    desk.report(passed=False)
    assert follow(desk.instance, desk.assembly.engine)
    desk.report(passed=False, name="every_payout_closes", key=dg.AssetKey(["reconciliation", "payouts"]))
    assert follow(desk.instance, desk.assembly.engine)
    assert follow(desk.instance, desk.assembly.engine)
    assert [signal.subject.rpartition(":")[2] for signal in failing_signals(desk.assembly.engine)] == [
        TIE,
        "every_payout_closes",
    ]
    desk.tick()
    assert len(finance.told) == 2


def test_an_event_that_is_committed_late_is_taken(desk: Desk):
    """Its number lies before those that were read: a transaction that took a number first and was committed last."""
    desk.report(passed=True)
    assert follow(desk.instance, desk.assembly.engine)
    with desk.assembly.engine.connect() as connection:
        query = "SELECT name, value FROM o2c.cursors WHERE name LIKE 'alerts ASSET_CHECK%%'"
        name, value = connection.exec_driver_sql(query).one()
    inbox.write_cursor(desk.assembly.engine, name, str(int(value) + 50))
    desk.report(passed=False)
    assert follow(desk.instance, desk.assembly.engine)
    assert len(failing_signals(desk.assembly.engine)) == 1
    assert inbox.read_cursor(desk.assembly.engine, name) == str(int(value) + 50), "it never goes back"


def _broken_assets(*, blocking: bool) -> list[Any]:
    """An asset whose check fails, and one after it that fails by itself unless the check keeps it from running."""

    @dg.asset(check_specs=[dg.AssetCheckSpec("sound", asset="first", blocking=blocking)])
    def first() -> dg.MaterializeResult:
        return dg.MaterializeResult(check_results=[dg.AssetCheckResult(passed=False, check_name="sound")])

    @dg.asset(deps=[first])
    def second() -> None:
        raise SettingsError("no price for in_1", "map it")

    return [first, second]


def test_a_run_that_a_check_stopped_is_told_by_the_check(desk: Desk):
    """One mistake, one cause. Where the run failed by itself as well, both are told, with the words of our error."""
    for blocking, failing in ((True, ["check"]), (False, ["check", "run"])):
        assets = _broken_assets(blocking=blocking)
        assert not dg.materialize(assets, instance=desk.instance, raise_on_error=False, run_config=QUIET).success
        assert follow(desk.instance, desk.assembly.engine)
        assert [each.kind for each in failing_signals(desk.assembly.engine)] == failing
    assert failing_signals(desk.assembly.engine)[1].words == "second: no price for in_1. Map it"


def test_a_run_that_dagster_tries_again_is_not_told_yet(desk: Desk):
    """A process that died is no news while its run is started anew."""
    tags = {"dagster/will_retry": "true"}
    assets = _broken_assets(blocking=False)
    dg.materialize(assets, instance=desk.instance, raise_on_error=False, run_config=QUIET, tags=tags)
    assert follow(desk.instance, desk.assembly.engine)
    assert [each.kind for each in failing_signals(desk.assembly.engine)] == ["check"]


def test_words_of_errors_that_are_not_ours_stay_in_the_log(desk: Desk):
    """They may hold anything: the kind of error and its step are told, and the run is linked."""

    @dg.asset
    def leaking() -> None:
        raise ValueError(f"https://user:{SECRET}@host")

    dg.materialize([leaking], instance=desk.instance, raise_on_error=False, run_config=QUIET)
    assert follow(desk.instance, desk.assembly.engine)
    assert [each.words for each in failing_signals(desk.assembly.engine)] == ["leaking: ValueError"]


def test_checks_of_other_code_locations_are_theirs(desk: Desk, finance: Hook):
    """The event log is the instance's: what is no check of ours is not told to finance."""
    desk.report(passed=False, key=dg.AssetKey(["marketing", "clicks"]), name="fresh")
    desk.tick()
    assert finance.told == []
    assert listed(desk.assembly.engine) == []


def test_a_channel_that_is_down_does_not_fail_the_sensor(desk: Desk, finance: Hook):
    """It says so in its own words, and the next tick goes on."""
    finance.status = 500
    desk.report(passed=False)
    assert desk.tick() == "1 to be told, 0 sent; finance: it answered 500"
    assert SECRET not in desk.tick()


def test_without_channels_it_says_so(desk: Desk):
    """Alerts are kept all the same."""
    desk.assembly.settings.alert_channels.clear()
    desk.report(passed=False)
    assert "O2C_ALERT_CHANNELS is not set: alerts are kept" in desk.tick()
    assert len(listed(desk.assembly.engine)) == 1


def _end(position: int, *, failing: bool, first: int | None = None, last: int | None = None) -> Signal:
    days = [None if day is None else date(2026, 3, day) for day in (first, last)]
    at = datetime(2026, 3, 9, position, tzinfo=UTC)
    return Signal("log", "run", "order_to_cash", position, failing, "error", f"run {position}", "", at, "", None, *days)


@pytest.mark.parametrize(
    ("ends", "since"),
    [
        ([(True, 1, 5), (False, 4, 5)], 1),
        ([(True, 1, 5), (False, 1, 5)], None),
        ([(True, 1, 5), (True, 4, 7), (False, 4, 7)], 1),
        ([(True, 1, 5), (True, 4, 7), (False, 1, 9)], None),
        ([(True, None, None), (False, 1, 2)], None),
        ([(True, 1, 5), (False, None, None)], 1),
        ([(True, 1, 5), (False, 1, 5), (True, 2, 3)], 3),
    ],
)
def test_a_failed_run_is_cleared_by_one_that_covers_its_days(engine: Engine, ends, since: int | None):
    """An hourly sweep that succeeds says nothing of a backfill that failed; whatever the order of reading."""
    signals = [_end(at, failing=failing, first=a, last=b) for at, (failing, a, b) in enumerate(ends, start=1)]
    for _ in range(2):
        take_signals(engine, signals, "cursor", "9")
        found = failing_signals(engine)
        assert [each.failing_since and each.failing_since.hour for each in found] == ([since] if since else [])


def test_days_of_a_run_are_those_of_its_tags():
    """One partition, a range, or none."""
    day = date(2026, 3, 1)
    assert days_of({"dagster/partition": "2026-03-01"}) == (day, day)
    tags = {"dagster/asset_partition_range_start": "2026-03-01", "dagster/asset_partition_range_end": "2026-03-09"}
    assert days_of(tags) == (day, date(2026, 3, 9))
    assert days_of({"dagster/partition": "all"}) == (None, None)
    assert days_of({}) == (None, None)


def test_an_older_evaluation_that_turns_up_late_changes_nothing(engine: Engine):
    """Events are numbered before they are committed: the newest by number counts, whenever it is read."""
    take_signals(engine, [_end(2, failing=False)], "cursor", "2")
    take_signals(engine, [_end(1, failing=True)], "cursor", "2")
    assert failing_signals(engine) == []
    other = replace(_end(1, failing=True), subject="janitor")
    take_signals(engine, [other], "cursor", "2")
    assert [each.subject for each in failing_signals(engine)] == ["janitor"]
