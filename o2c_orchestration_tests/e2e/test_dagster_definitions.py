"""The code location as Dagster sees it, before anything is run."""

import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
import yaml

from o2c_orchestration.console.files import deployed_file
from o2c_orchestration.definitions import defs
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.policy_deals import Deals
from o2c_orchestration.domain.watched import CHECKS, JOBS
from o2c_orchestration.orchestration.build import build_definitions
from o2c_orchestration.orchestration.pools import POOLS
from o2c_orchestration.orchestration.resources import FromSettings
from o2c_orchestration_tests.e2e.cli_fixtures import environment

STAGES = {"extract", "validate", "plan", "apply", "mirror", "reconcile", "alert"}
NAMED = (
    "stripe/invoices",
    "stripe/payments",
    "netsuite/invoice_mirrors",
    "netsuite/payment_mirrors",
    "reconciliation/gaps",
    "reconciliation/payouts",
    "reconciliation/close",
)
# An import that connects or looks a host name up ends with what it tried.
_IMPORT = """
import sys
def refuse(event, args):
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise SystemExit(f"{event} {args}")
sys.addaudithook(refuse)
from o2c_orchestration.definitions import defs
print(len(list(defs.resolve_all_asset_specs())))
"""


def _assets() -> list[dg.AssetsDefinition]:
    return [asset for asset in defs.assets or [] if isinstance(asset, dg.AssetsDefinition)]


def _specs() -> list[dg.AssetSpec]:
    return list(defs.resolve_all_asset_specs())


def test_each_pool_is_made_before_steps_want_it():
    """Those of all assets and ops, and no others: a pool that is not made beforehand may fail the first run."""
    wanted = {node.pool for job in defs.resolve_all_job_defs() for node in job.all_node_defs if hasattr(node, "pool")}
    assert wanted - {None} == set(POOLS)


def test_importing_the_definitions_touches_nothing(tmp_path: Path):
    """A code server starts without an environment, a database or a network, and writes nothing."""
    place = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", _IMPORT], cwd=tmp_path, env=place, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len(_specs())
    assert list(tmp_path.iterdir()) == []


def test_every_asset_says_whose_it_is_and_what_it_holds():
    """Owner, description, stage and kinds are there for whoever opens the catalogue."""
    for spec in _specs():
        name = spec.key.to_user_string()
        assert spec.owners, name
        assert spec.description, name
        assert spec.group_name in STAGES, name
        assert spec.kinds, name


def test_every_stage_has_assets_and_the_promised_keys_exist():
    """The names that dashboards and other code locations lean on."""
    specs = _specs()
    assert {spec.group_name for spec in specs} == STAGES
    assert {spec.key.to_user_string() for spec in specs} >= set(NAMED)


def test_assets_have_daily_partitions_that_backfill_as_one_run():
    """Two years are one run, days begin and end in UTC, and today is the last of them."""
    for asset in _assets():
        partitions = asset.partitions_def
        assert isinstance(partitions, dg.DailyPartitionsDefinition)
        assert partitions.timezone == "UTC"
        assert asset.backfill_policy == dg.BackfillPolicy.single_run()


def test_assets_that_touch_a_system_share_its_pool():
    """Two runs at once must not break a system's limits: whoever calls Stripe or NetSuite takes its pool."""
    for asset in _assets():
        touched = {kind for spec in asset.specs for kind in spec.kinds} & {"stripe", "netsuite", "salesforce"}
        assert asset.op.pools == touched, asset.key.to_user_string()


def test_the_sensor_and_the_schedules_run_from_the_start():
    """Nobody has to find a switch before events are read and days are swept."""
    sensor = defs.resolve_sensor_def("stripe_events")
    assert sensor.default_status == dg.DefaultSensorStatus.RUNNING
    for name in ("hourly_sweep", "nightly_catch_up", "month_end_close"):
        assert defs.resolve_schedule_def(name).default_status == dg.DefaultScheduleStatus.RUNNING


@pytest.mark.parametrize("channel", [None, "/data/O2C__chn"])
def test_whoever_listens_to_no_channel_has_no_sensor_that_ticks(channel: str | None):
    """Every five seconds for nothing; a policy that names a channel sets it going by itself."""
    policy = Policy(deals=Deals(change_events=channel))
    sensor = build_definitions(FromSettings(), policy).resolve_sensor_def("salesforce_events")
    assert (sensor.default_status == dg.DefaultSensorStatus.RUNNING) == (channel is not None)


def test_a_frame_that_is_not_sound_blocks():
    """Each validated asset carries a check that stops what comes after it, and one that only warns."""
    blocking = {spec.key.to_user_string(): spec.blocking for asset in _assets() for spec in asset.check_specs}
    for name in ("customers", "invoices", "payments"):
        assert blocking[f"validated/{name}:frame_is_sound"]
        assert not blocking[f"validated/{name}:no_rows_in_quarantine"]


def test_payouts_carry_the_checks_that_finance_looks_at():
    """One that is an error, for Stripe's own sums, and one that warns of what is on Suspense."""
    checks = {key.to_user_string() for asset in _assets() for key in asset.check_keys}
    assert {
        "reconciliation/payouts:every_payout_closes",
        "reconciliation/payouts:no_payout_residuals",
        "reconciliation/gaps:books_tie_out",
    } <= checks


def test_the_whole_graph_is_valid_for_dagster():
    """Dagster accepts the definitions, and the job covers every asset."""
    dg.Definitions.validate_loadable(defs)
    job = defs.resolve_job_def("order_to_cash")
    assert {key.to_user_string() for key in job.asset_layer.executable_asset_keys} == {
        spec.key.to_user_string() for spec in _specs()
    }


def test_the_checks_and_jobs_that_alerts_may_name_are_those_that_there_are():
    """o2c.yaml is read without Dagster: a check or job that is new, renamed or gone must be so in both places."""
    repository = defs.get_repository_def()
    assert sorted({key.name for key in repository.asset_graph.asset_check_keys}) == sorted(CHECKS)
    assert sorted(job.name for job in repository.get_all_jobs()) == sorted(JOBS)


def test_the_deployments_files_load(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """dagster.yaml gives an instance whose storage is our PostgreSQL, and workspace.yaml names our module."""
    (tmp_path / "dagster.yaml").write_text(deployed_file("dagster.yaml").read_text())
    with (
        environment({"O2C_DATABASE_URL": database_url}),
        dg.DagsterInstance.from_config(str(tmp_path)) as instance,
    ):
        assert instance.get_runs(limit=1) == []
        assert "postgres" in type(instance.event_log_storage).__module__
        assert instance.run_retries_enabled
        assert instance.run_monitoring_enabled
    targets = yaml.safe_load(deployed_file("workspace.yaml").read_text())["load_from"]
    assert [each["python_module"]["module_name"] for each in targets] == ["o2c_orchestration.definitions"]
