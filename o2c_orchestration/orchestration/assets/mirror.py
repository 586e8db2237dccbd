"""mirror: what NetSuite says after the writes, read back and never assumed."""

from collections.abc import Sequence
from typing import Any

import dagster as dg
from sqlalchemy import Engine

from o2c_orchestration.orchestration.assets.common import Shared, off, result
from o2c_orchestration.orchestration.metadata import money
from o2c_orchestration.orchestration.partitions import days
from o2c_orchestration.store import ledger

_NAMES = {
    "invoice_mirrors": "invoice",
    "payment_mirrors": "customerPayment",
    "credit_memo_mirrors": "creditMemo",
    "refund_mirrors": "customerRefund",
    "deposit_mirrors": "deposit",
}


def mirror_assets(shared: Shared) -> Sequence[dg.AssetsDefinition]:
    """The assets of this stage: invoices first, whose read brings all the others along."""
    return [_mirror(shared, name) for name in _NAMES]


def _mirror(shared: Shared, name: str) -> dg.AssetsDefinition:
    key = ["netsuite", name]
    deps = [["apply", "netsuite_documents"]] if name == "invoice_mirrors" else [["netsuite", "invoice_mirrors"]]

    @dg.asset(
        key=key,
        deps=deps,
        description=f"NetSuite {name.removesuffix('_mirrors').replace('_', ' ')}s dated in the partition, read back by "
        "SuiteQL after the writes, in transaction currency; edits and deletes in NetSuite show here.",
        check_specs=[
            dg.AssetCheckSpec(
                "one_document_per_stripe_object", asset=key, description="No Stripe object has a second document."
            )
        ],
        **shared.options("mirror", "netsuite", "postgres", pool="netsuite"),
    )
    def mirrors(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        assembly = shared.source.get()
        if assembly.settings.netsuite is None:
            return off("NetSuite", "NETSUITE_ACCOUNT_ID", _doubled_check(assembly.engine, name))
        first, last = days(context)
        metadata: dict[str, Any] = {}
        if name == "invoice_mirrors":
            read = assembly.read_ledger(first, last)
            metadata = {"read": read.read, "changed": read.changed, "deleted in NetSuite": read.deleted}
        totals = money(ledger.totals(assembly.engine, _NAMES[name], first, last))
        return result(metadata | totals, _doubled_check(assembly.engine, name))

    return mirrors


def _doubled_check(engine: Engine, name: str) -> dg.AssetCheckResult:
    doubled = ledger.doubled(engine, _NAMES[name])
    return dg.AssetCheckResult(
        check_name="one_document_per_stripe_object",
        passed=not doubled,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"Stripe objects with several documents": len(doubled), "ids": ", ".join(doubled[:50])},
    )
