"""alert: the digest that finance reads in the morning."""

from collections.abc import Sequence

import dagster as dg

from o2c_orchestration.alert import digest
from o2c_orchestration.orchestration.assets.common import Shared, result
from o2c_orchestration.store.agreement import agreement
from o2c_orchestration.store.audit import publish_head
from o2c_orchestration.store.gap_sums import open_gaps


def alert_assets(shared: Shared) -> Sequence[dg.AssetsDefinition]:
    """The assets of this stage."""

    @dg.asset(
        key=["alert", "finance_digest"],
        deps=[["reconciliation", "gaps"]],
        description="What finance is told: how many documents agree, the open gaps by kind with money and age, and "
        "the head of the audit trail, by which all that came before can be proved.",
        **shared.options("alert", "markdown"),
    )
    def finance_digest(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        engine = shared.source.get().engine
        found = open_gaps(engine, 0)
        head = publish_head(engine)
        text = digest(found, agreement(engine), head)
        values = {"digest": dg.MetadataValue.md(text), "dagster/row_count": found.count}
        if head is not None:
            values |= {"audit trail: entries": head.seq, "audit trail: head": head.hash.hex()}
        return result(values)

    return [finance_digest]
