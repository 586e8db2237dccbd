"""Days in UTC, by the Stripe object's `created`; ranges of days run as one run."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import dagster as dg

from o2c_orchestration.domain.months import Month

# As in dagster.yaml: what a run may take that says nothing else.
MAX_RUNTIME_SECONDS = 21_600


def daily_partitions(start: date) -> dg.DailyPartitionsDefinition:
    """Days from `start` to today, today included: its partition can be materialized while it lasts."""
    return dg.DailyPartitionsDefinition(start_date=start.isoformat(), timezone="UTC", end_offset=1)


def days(context: dg.AssetExecutionContext) -> tuple[date, date]:
    """First and last day of the run, both included."""
    keys = context.partition_key_range
    return date.fromisoformat(keys.start), date.fromisoformat(keys.end)


def clipped(partitions: dg.DailyPartitionsDefinition, day: date) -> date:
    """The day, or the first or last one that has a partition: those stand for what lies before and after."""
    keys = partitions.get_partition_keys()
    return date.fromisoformat(min(max(day.isoformat(), keys[0]), keys[-1]))


def span(partitions: dg.DailyPartitionsDefinition, first: date, last: date) -> dict[str, str]:
    """Run tags that make one run of the days [first, last], clipped to the days that exist.

    The run may take an hour for each of them, and never less than `run_monitoring.max_runtime_seconds` of dagster.yaml,
    which would end a first run over years.
    """
    keys = partitions.get_partition_keys()
    low, high = max(first.isoformat(), keys[0]), min(last.isoformat(), keys[-1])
    if low == high:
        return {"dagster/partition": low}
    days = (date.fromisoformat(high) - date.fromisoformat(low)).days + 1
    return {
        "dagster/asset_partition_range_start": low,
        "dagster/asset_partition_range_end": high,
        "dagster/max_runtime": str(max(days * 3600, MAX_RUNTIME_SECONDS)),
    }


def recent(now: datetime, count: int) -> tuple[date, date]:
    """The last `count` days up to the day of `now` (UTC)."""
    return (now - timedelta(days=count - 1)).date(), now.date()


def month_to_close(day: date, zone: ZoneInfo) -> tuple[date, date]:
    """UTC days of the month before `day`: on all of them something of it was created, in the books' time zone."""
    return Month.of(day).before.days_in_utc(zone)
