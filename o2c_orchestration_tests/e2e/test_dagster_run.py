"""The job over one day and over a range of days, with Dagster's storage in PostgreSQL; and with systems off."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from o2c_orchestration.console.launch import RunFailed, dagster_instance, run_range
from o2c_orchestration.domain.errors import O2CError
from o2c_orchestration.orchestration.assets import common
from o2c_orchestration.orchestration.partitions import days as partition_days
from o2c_orchestration.orchestration.pools import POOLS
from o2c_orchestration.store import journal
from o2c_orchestration.store.gaps import Gap, list_gaps
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e.cli_fixtures import (
    World,
    by_partition,
    checks,
    company,
    definitions,
    metadata,
    run_days,
    sandbox,
    sound_company,
    today,
)

DAYS = 4


@dataclass
class Story:
    """One day alone, then all days, then all days again; and what was seen after each."""

    first: date
    last: date
    instance: dg.DagsterInstance
    defs: dg.Definitions
    one_day: dg.ExecuteInProcessResult
    days_after_one: dict[str, set[str]]
    whole: dg.ExecuteInProcessResult
    again: dg.ExecuteInProcessResult
    writes: list[int]
    counts: list[dict[str, int]]
    gaps: list[list[Gap]]
    truth: list[dict[str, Any]]

    @property
    def keys(self) -> list[dg.AssetKey]:
        return list(self.defs.resolve_all_asset_keys())

    def materialized(self) -> dict[str, set[str]]:
        return _materialized(self.instance, self.keys)


def _materialized(instance: dg.DagsterInstance, keys: list[dg.AssetKey]) -> dict[str, set[str]]:
    return {key.to_user_string(): set(instance.get_materialized_partitions(key)) for key in keys}


@pytest.fixture(scope="module")
def story(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The small company, run three times in one database."""
    home = tmp_path_factory.mktemp("run")
    made = company(days=DAYS)
    last, first = today(), today() - timedelta(days=DAYS)
    with new_database() as url, sandbox(home, url) as world:
        world.load_company(made)
        with world.assembly() as assembly, dagster_instance(assembly) as instance:
            writes, counts, gaps, outcomes = [], [], [], []
            defs = definitions(assembly)
            after_one: dict[str, set[str]] = {}
            for begin, end in ((last - timedelta(1), last - timedelta(1)), (first, last), (first, last)):
                outcomes.append(run_days(assembly, instance, begin, end))
                writes.append(world.record_writes())
                counts.append(journal.counts(assembly.engine))
                gaps.append(list_gaps(assembly.engine))
                after_one = after_one or _materialized(instance, list(defs.resolve_all_asset_keys()))
            one, whole, again = outcomes
            yield Story(first, last, instance, defs, one, after_one, whole, again, writes, counts, gaps, made.truth)


def test_pools_are_there_before_any_step_wants_one(new_database: NewDatabase, tmp_path: Path):
    """Two processes that make one at once would fail a run; who opens the storage again finds them."""
    with new_database() as url, sandbox(tmp_path, url) as world, world.assembly() as assembly:
        for _ in range(2):
            with dagster_instance(assembly) as instance:
                limits = instance.event_log_storage.get_pool_limits()
                assert {each.name: each.limit for each in limits} == dict.fromkeys(POOLS, 1)


def test_one_day_alone_works(story: Story):
    """A single partition goes all the way, writes its own documents and counts as materialized alone."""
    day = (story.last - timedelta(1)).isoformat()
    assert story.one_day.success
    assert set(map(frozenset, story.days_after_one.values())) == {frozenset({day})}
    assert 0 < story.writes[0] < story.writes[1]
    assert metadata(story.one_day, "validated", "invoices")["dagster/row_count"] > 0


def test_every_day_of_a_range_is_materialized_by_one_run(story: Story):
    """One run over the range leaves no asset with a day missing."""
    expected = {(story.first + timedelta(days=n)).isoformat() for n in range(DAYS + 1)}
    assert story.whole.success
    assert {name: expected - days for name, days in story.materialized().items() if expected - days} == {}


def test_materializations_tell_rows_and_money(story: Story):
    """Every asset says how many rows; those that hold money say how much in each currency, as text and as a number."""
    for key in story.keys:
        found = metadata(story.whole, *key.path)
        assert isinstance(found["dagster/row_count"], int), key
    for name in (("validated", "invoices"), ("validated", "payments"), ("netsuite", "invoice_mirrors")):
        found = metadata(story.whole, *name)
        assert found["dagster/row_count"] > 0
        assert found["total USD"] > 0
        assert "USD" in found["money"]
    gaps = metadata(story.whole, "reconciliation", "gaps")
    assert gaps["open gaps"] == len(story.truth)
    assert "unexplained" in gaps["tie-out"]
    assert f"{len(story.truth)} open gaps" in metadata(story.whole, "alert", "finance_digest")["digest"]


def test_payouts_and_the_close_tell_their_sums(story: Story):
    """Payouts with amount, members, fees, residual, deposit and state; the months of the run with their evidence."""
    payouts = metadata(story.whole, "reconciliation", "payouts")
    assert payouts["payouts"] == payouts["closed"] + payouts["residuals named"] + payouts["open"] > 0
    assert isinstance(payouts["total USD"], float)
    for head in ("amount", "members", "fees", "deposit", "residual", "state"):
        assert f"|{head}|" in payouts["last payouts"].replace("| ", "|").replace(" |", "|")
    found = by_partition(story.whole, "reconciliation", "close")
    every_day = [(story.first + timedelta(days=n)).isoformat() for n in range(DAYS + 1)]
    assert sorted(found) == every_day
    last_days = {day[:7]: day for day in every_day}
    assert {each["dagster/row_count"] for each in found.values()} == {len(last_days)}
    for month, day in last_days.items():
        evidence = found[day][f"{month}: evidence"]
        assert evidence["month"] == month
        assert all(len(each["sha256"]) == 64 for each in evidence["evidence"])
        assert {each["residual_minor"] for each in evidence["documents"]} <= {0}
        assert evidence["as_of"]["netsuite"]
    assert sum("evidence" in name for told in found.values() for name in told) == len(last_days), "once for a month"


# Evaluated once a day, by `daily_preflight` and `daily_anomalies`.
DAILY = ("preflight_finds_nothing_wrong", "days_are_as_usual")


def test_the_plan_tells_where_each_column_comes_from(story: Story):
    """The materialization carries what Dagster's UI draws lineage from, of the whole plan but for orders of deals."""
    found = metadata(story.whole, "plan", "netsuite_documents")
    lineage = found["dagster/column_lineage"].deps_by_column
    (number,) = lineage["invoice.otherRefNum"]
    assert (number.asset_key.to_user_string(), number.column_name) == ("stripe/invoices", "number")
    assert not [name for name in lineage if name.startswith("salesOrder")]
    assert "deposit.tranDate" in {each.name for each in found["dagster/column_schema"].columns}


def test_every_check_is_evaluated_in_every_run(story: Story):
    """A check that was not looked at would show the colour of an older run. Daily ones have runs of their own."""
    promised = {
        f"{key.asset_key.to_user_string()}:{key.name}"
        for key in story.defs.resolve_asset_graph().asset_check_keys
        if key.name not in DAILY
    }
    for outcome in (story.one_day, story.whole, story.again):
        assert set(checks(outcome)) == promised


def test_checks_say_what_is_wrong_with_the_company(story: Story):
    """Open gaps and refusals warn; what must hold whatever the books look like passes."""
    found = checks(story.whole)
    wrong = {name for name, each in found.items() if not each.passed}
    assert "reconciliation/gaps:no_open_gaps" in wrong
    assert "plan/netsuite_documents:everything_can_be_written" in wrong
    assert {name for name in wrong if found[name].severity == dg.AssetCheckSeverity.ERROR} == set()
    for name in (
        "reconciliation/gaps:books_tie_out",
        "reconciliation/payouts:every_payout_closes",
        "apply/netsuite_documents:every_write_has_an_outcome",
        "validated/invoices:no_rows_in_quarantine",
        "validated/invoices:frame_is_sound",
    ):
        assert found[name].passed, name


def test_the_gaps_are_the_planted_mistakes(story: Story):
    """Every planted mistake is found under its kind, and nothing else is reported."""
    expected = sorted((each["kind"], each["stripe_id"] or "") for each in story.truth)
    assert sorted((gap.kind, gap.stripe_id or "") for gap in story.gaps[1]) == expected


def test_a_second_run_writes_nothing(story: Story):
    """The same range again sends no writing request, and neither journal nor gaps move."""
    assert story.again.success
    assert story.writes[2] == story.writes[1]
    assert story.counts[2] == story.counts[1]
    assert [gap.gap_id for gap in story.gaps[2]] == [gap.gap_id for gap in story.gaps[1]]
    assert [gap.first_seen_at for gap in story.gaps[2]] == [gap.first_seen_at for gap in story.gaps[1]]


def test_history_is_kept_in_postgresql(story: Story):
    """Runs and their materializations are read back from the database, not from memory."""
    found = {run.run_id: run.status for run in story.instance.get_runs()}
    assert {each.run_id for each in (story.one_day, story.whole, story.again)} <= set(found)
    assert set(found.values()) == {dg.DagsterRunStatus.SUCCESS}
    assert "postgres" in type(story.instance.run_storage).__module__


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """A sandbox with a company that nobody has kept books for yet."""
    with sandbox(tmp_path, database_url) as made:
        made.load_company(sound_company())
        yield made


def _run(world: World, mode: str = "sync", *without: str) -> dg.ExecuteInProcessResult:
    with world.assembly(mode, without) as assembly, dg.DagsterInstance.ephemeral() as instance:
        return run_days(assembly, instance, today() - timedelta(days=DAYS), today())


def test_without_netsuite_the_assets_say_so(world: World):
    """NetSuite without credentials is off: its assets say it, Stripe's go on, nothing crashes or is written."""
    outcome = _run(world, "sync", "NETSUITE_")
    assert outcome.success
    for name in ("reference_data", "ledger", "invoice_mirrors", "payment_mirrors"):
        assert metadata(outcome, "netsuite", name)["status"] == "NetSuite is off: NETSUITE_ACCOUNT_ID is not set"
    assert "NetSuite is off" in metadata(outcome, "apply", "netsuite_documents")["status"]
    assert metadata(outcome, "validated", "invoices")["dagster/row_count"] > 0
    assert world.asked("netsuite") == []


def test_without_stripe_the_assets_say_so(world: World):
    """Stripe without credentials is off: its assets say it, NetSuite is still mirrored, nothing crashes."""
    outcome = _run(world, "sync", "STRIPE_")
    assert outcome.success
    for name in ("customers", "invoices", "payments", "references"):
        assert metadata(outcome, "stripe", name)["status"] == "Stripe is off: STRIPE_API_KEY is not set"
    assert metadata(outcome, "netsuite", "reference_data")["dagster/row_count"] > 0
    assert world.asked("stripe") == []
    assert world.record_writes() == 0


def test_observe_says_that_nothing_was_written(world: World):
    """In observe mode the plan is full, apply says that nothing was written, and no writing request was sent."""
    outcome = _run(world, "observe")
    assert outcome.success
    assert metadata(outcome, "plan", "netsuite_documents")["dagster/row_count"] > 0
    applied = metadata(outcome, "apply", "netsuite_documents")
    assert applied["status"] == "mode is observe: nothing was written"
    assert applied["dagster/row_count"] == 0
    assert world.record_writes() == 0
    assert {each["method"] for each in world.asked("stripe")} == {"GET"}


def test_a_failed_run_tells_the_stages_error_in_one_line(world: World, monkeypatch: pytest.MonkeyPatch):
    """Whoever starts a run from code gets the failed step, what happened and the exit code that goes with it."""
    monkeypatch.setattr(common, "RETRY", dg.RetryPolicy(max_retries=0))
    with world.assembly() as assembly, dg.DagsterInstance.ephemeral() as instance:
        assembly.settings.environment.stripe_api_base = "http://example.com"
        with pytest.raises(RunFailed) as caught:
            run_range(assembly, instance, today(), today())
    assert isinstance(caught.value, O2CError)
    assert "step stripe__" in str(caught.value)
    assert "STRIPE_API_BASE is plain http to another machine" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_partition_days_are_both_included():
    """A run's days are its first and last partition."""
    context = dg.build_asset_context(partition_key_range=dg.PartitionKeyRange("2026-11-01", "2026-11-03"))
    assert partition_days(context) == (date(2026, 11, 1), date(2026, 11, 3))
