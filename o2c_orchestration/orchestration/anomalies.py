"""Days that are not as usual, as asset checks of a job of their own: once a day, when the day before is whole."""

from collections.abc import Sequence

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from o2c_orchestration.domain.money import format_money
from o2c_orchestration.orchestration.assets.common import Shared
from o2c_orchestration.orchestration.metadata import table
from o2c_orchestration.orchestration.resources import ALIVE
from o2c_orchestration.orchestration.retry import RETRY
from o2c_orchestration.orchestration.schedules import checks_job, daily_schedule
from o2c_orchestration.reconcile.anomalies import Judgement
from o2c_orchestration.reconcile.daily import FIGURES, unusual_days

NAME = "days_are_as_usual"
JOB = "anomalies"


def anomaly_checks(shared: Shared) -> Sequence[dg.AssetChecksDefinition]:
    """One check for each asset that has figures."""
    assets = sorted({each.asset for each in FIGURES.values()})
    keys = {asset: dg.AssetKey(asset.split("/")) for asset in assets}
    specs = [
        dg.AssetCheckSpec(
            NAME,
            asset=key,
            description=f"{', '.join(name for name, each in FIGURES.items() if each.asset == asset)}: the last days "
            "lie within what their weekday and place in the month let expect (o2c.yaml, anomalies).",
        )
        for asset, key in keys.items()
    ]

    @dg.multi_asset_check(name=NAME, specs=specs, retry_policy=RETRY, required_resource_keys={ALIVE})
    def days_are_as_usual() -> object:
        assembly = shared.source.get()
        found = unusual_days(assembly.engine, assembly.policy)
        for asset, key in keys.items():
            yield _result(key, [each for each in found if each.asset == asset])

    return [days_are_as_usual]


def anomalies_job(checks: Sequence[dg.AssetChecksDefinition]) -> UnresolvedAssetJobDefinition:
    """The job over the checks alone."""
    return checks_job(JOB, checks, "Compares the last days with their own history.")


def anomalies_schedule(job: UnresolvedAssetJobDefinition, zone: str) -> dg.ScheduleDefinition:
    """Each morning, after the nightly catch-up has read the day before."""
    return daily_schedule("daily_anomalies", "30 5 * * *", job, zone, "Looks whether the last days were as usual.")


def _result(key: dg.AssetKey, found: Sequence[Judgement]) -> dg.AssetCheckResult:
    unusual = [each for each in found if each.unusual]
    rest = sorted((each for each in found if not each.unusual), key=lambda each: (each.day, each.series))
    return dg.AssetCheckResult(
        check_name=NAME,
        asset_key=key,
        passed=not unusual,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "unusual": len(unusual),
            "not judged": sum(each.why_not is not None for each in found),
            "days": table([row(each) for each in (*unusual, *rest)]),
        },
    )


def row(each: Judgement) -> dict[str, object]:
    """A judgement as people read it."""
    usual = f"{shown(each, each.low)} to {shown(each, each.high)}" if each.low is not None else ""
    return {
        "figure": each.series,
        "day": each.day,
        "": "UNUSUAL" if each.unusual else each.why_not or "as usual",
        "was": shown(each, each.actual),
        "expected": shown(each, each.expected),
        "usual": usual,
    }


def shown(each: Judgement, value: float | None) -> str:
    """A value in the unit of its figure."""
    if value is None:
        return ""
    name, _, currency = each.series.rpartition(".")
    if name.endswith("amount"):
        return format_money(round(value), currency)
    if name == "fees.rate":
        return f"{value:.2%}"
    if each.series == "latency":
        return f"{value:,.0f} s"
    return f"{value:,.1f} days" if name == "dso" else f"{value:,.0f}"
