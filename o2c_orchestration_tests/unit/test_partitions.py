"""What a run over a range of days is told, and how long it may take."""

from datetime import UTC, date, datetime, timedelta

import pytest
import yaml
from dagster._core.storage.tags import MAX_RUNTIME_SECONDS_TAG

from o2c_orchestration.orchestration.partitions import MAX_RUNTIME_SECONDS, daily_partitions, span
from o2c_orchestration_tests.e2e.compose import ROOT

START = date(2020, 1, 1)


@pytest.mark.parametrize(("days", "hours"), [(2, 6), (6, 6), (7, 7), (730, 730)])
def test_a_first_run_over_years_is_not_ended_by_the_clock_of_a_sweep(days: int, hours: int) -> None:
    """Monitoring ends what takes longer than this; the days that do not exist give no time."""
    tags = span(daily_partitions(START), START - timedelta(days=1000), START + timedelta(days=days - 1))
    assert tags["dagster/asset_partition_range_start"] == START.isoformat()
    assert tags[MAX_RUNTIME_SECONDS_TAG] == str(hours * 3600)


def test_a_single_day_has_what_the_instance_says() -> None:
    """A partition of its own, as a backfill by days makes it."""
    today = datetime.now(UTC).date()
    assert span(daily_partitions(START), today, today) == {"dagster/partition": today.isoformat()}


@pytest.mark.parametrize("file", ["dagster.yaml", "deploy/dagster.celery.yaml"])
def test_no_range_has_less_than_any_run(file: str) -> None:
    """What the tag replaces."""
    settings = yaml.safe_load((ROOT / file).read_text())
    assert settings["run_monitoring"]["max_runtime_seconds"] == MAX_RUNTIME_SECONDS
