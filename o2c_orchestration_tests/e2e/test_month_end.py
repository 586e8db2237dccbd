"""`month_end_close`: on the first business day, at six in the morning of the books, for the month before."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from o2c_orchestration.definitions import defs

ZONE = ZoneInfo("America/Los_Angeles")


def tick(year: int, month: int, day: int) -> Any:
    schedule = defs.resolve_schedule_def("month_end_close")
    at = datetime(year, month, day, 6, tzinfo=ZONE)
    with dg.build_schedule_context(
        scheduled_execution_time=at, repository_def=defs.get_repository_def()
    ) as context:  # fmt: skip
        return schedule.evaluate_tick(context)


def test_it_looks_on_the_first_three_days_at_six():
    """One of them is a business day; the hour is that of the books, also when clocks change."""
    schedule = defs.resolve_schedule_def("month_end_close")
    assert schedule.cron_schedule == "0 6 1-3 * *"
    assert schedule.execution_timezone == "America/Los_Angeles"


@pytest.mark.parametrize(("day", "first", "last"), [((2026, 10, 1), "2026-09-01", "2026-10-01"),
                                                    ((2026, 11, 2), "2026-10-01", "2026-11-01")])  # fmt: skip
def test_the_first_business_day_closes_the_month_before(day: tuple[int, int, int], first: str, last: str):
    """One run over every UTC day on which something of that month was created, under the month's own key."""
    (request,) = tick(*day).run_requests or []
    assert request.tags["dagster/asset_partition_range_start"] == first
    assert request.tags["dagster/asset_partition_range_end"] == last
    assert request.run_key == f"close {first[:7]}"


@pytest.mark.parametrize("day", [(2026, 10, 2), (2026, 11, 1), (2026, 11, 3)])
def test_other_days_do_nothing(day: tuple[int, int, int]):
    """A weekend, and the days after the first business day."""
    found = tick(*day)
    assert not found.run_requests
    assert "not the month's first business day" in str(found.skip_message)
