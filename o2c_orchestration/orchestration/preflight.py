"""The preflight as an asset check of a daily job: what would be refused is an alarm before a document needs it."""

from collections.abc import Sequence

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from o2c_orchestration.orchestration.assets.common import Shared
from o2c_orchestration.orchestration.metadata import table
from o2c_orchestration.orchestration.resources import ALIVE
from o2c_orchestration.orchestration.schedules import checks_job, daily_schedule
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.preflight.run import preflight

PREFLIGHT = "preflight"
_ASSET = ["netsuite", "reference_data"]
_NAME = "preflight_finds_nothing_wrong"


def preflight_check(shared: Shared) -> dg.AssetChecksDefinition:
    """`o2c check` as a check of the reference data, which it refreshes; ERROR where something is wrong."""

    @dg.asset_check(
        asset=dg.AssetKey(_ASSET),
        name=_NAME,
        description="Credentials, permissions, and every name of o2c.yaml in NetSuite: there, active, of the right "
        "type and subsidiary; currencies, periods, mandatory fields; Stripe's key, payouts and webhooks. The same as "
        "`o2c check`. Hints do not fail it.",
        required_resource_keys={ALIVE},
        # It asks both systems some dozens of questions: it takes its turn as a step does.
        pool="netsuite",
    )
    def check(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
        found = preflight(shared.source.get())
        wrong, hints = ([each for each in found if each.mark == mark] for mark in ("WRONG", "hint"))
        return dg.AssetCheckResult(
            passed=not wrong,
            severity=dg.AssetCheckSeverity.ERROR,
            metadata={
                "looked at": len(found),
                "wrong": len(wrong),
                "findings": _table(wrong),
                "hints": _table(hints),
            },
        )

    return check


def preflight_job(check: dg.AssetChecksDefinition) -> UnresolvedAssetJobDefinition:
    """The job that looks, and nothing else."""
    return checks_job(PREFLIGHT, [check], "Looks whether documents would be refused, before there are any.")


def preflight_schedule(job: UnresolvedAssetJobDefinition, zone: str) -> dg.ScheduleDefinition:
    """Daily at 05:10 in the time zone of the books: before people come, after the nightly run."""
    text = "Refreshes NetSuite's reference data, and looks at all that `o2c check` looks at."
    return daily_schedule("daily_preflight", "10 5 * * *", job, zone, text)


def _table(found: Sequence[Finding]) -> dg.MarkdownMetadataValue:
    return table(
        [{"what": each.what, "detail": each.detail, "to do": each.to_do, "otherwise": each.otherwise} for each in found]
    )
