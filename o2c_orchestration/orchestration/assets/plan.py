"""plan: commands for documents that NetSuite lacks, like a diff before anything is written."""

from collections.abc import Sequence

import dagster as dg

from o2c_orchestration.domain.documents import LeftOut
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.orchestration.assets.common import Shared, result
from o2c_orchestration.orchestration.lineage import column_metadata
from o2c_orchestration.orchestration.metadata import TABLE_ROWS_MAX, money, table
from o2c_orchestration.orchestration.partitions import days
from o2c_orchestration.plan.totals import PlanTotals


def plan_assets(shared: Shared) -> Sequence[dg.AssetsDefinition]:
    """The assets of this stage."""

    @dg.asset(
        key=["plan", "netsuite_documents"],
        deps=[["stripe", "references"], ["netsuite", "ledger"]],
        description="NetSuite documents that Stripe's objects of the partition call for and that do not exist yet. "
        "Planning is pure: the same rows give the same commands, and after apply the plan is empty.",
        check_specs=[
            dg.AssetCheckSpec(
                "everything_can_be_written",
                asset=["plan", "netsuite_documents"],
                description="No document is refused by the planner.",
            )
        ],
        **shared.options("plan", "python", "postgres"),
    )
    def netsuite_documents(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        assembly = shared.source.get()
        plan = assembly.plan(*days(context))
        return result(_metadata(plan) | column_metadata(assembly.policy), _refused_check(plan))

    return [netsuite_documents]


def _metadata(plan: PlanTotals) -> dict[str, object]:
    values = money((currency, count, minor) for currency, (count, minor) in plan.invoiced.items())
    return values | {
        "dagster/row_count": sum(plan.documents.values()),
        "documents": table([{"document": name, "to write": count} for name, count in plan.documents.items()]),
        "refused": len(plan.refusals),
        "left out by policy": len(plan.skipped) - len(plan.left_out),
        "blocked by metadata": len(plan.left_out),
        "blocked": table([_left_out(item) for item in plan.left_out]),
    }


def _left_out(item: LeftOut) -> dict[str, object]:
    money = format_money(item.amount_minor, item.currency)
    return {"document": item.document, "Stripe id": item.stripe_id, "amount": money, "reason": item.reason}


def _refused_check(plan: PlanTotals) -> dg.AssetCheckResult:
    records = [
        {
            "document": item.document,
            "Stripe id": item.stripe_id,
            "amount": format_money(item.amount_minor, item.currency),
            "reason": item.reason,
            "to do": item.fix,
        }
        for item in plan.refusals[:TABLE_ROWS_MAX]
    ]
    return dg.AssetCheckResult(
        check_name="everything_can_be_written",
        passed=not plan.refusals,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"refused": len(plan.refusals), "documents": table(records, len(plan.refusals))},
    )
