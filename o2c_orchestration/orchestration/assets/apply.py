"""apply: the plan written to NetSuite through the journal; in observe mode nothing is written."""

from collections.abc import Sequence
from typing import Any

import dagster as dg
from sqlalchemy import Engine

from o2c_orchestration.orchestration.assets.common import Shared, off, result
from o2c_orchestration.orchestration.metadata import table
from o2c_orchestration.orchestration.partitions import days
from o2c_orchestration.orchestration.telling import telling
from o2c_orchestration.store import journal

APPLY_KEY = ["apply", "netsuite_documents"]
OUTCOME_CHECK = "every_write_has_an_outcome"


def apply_assets(shared: Shared) -> Sequence[dg.AssetsDefinition]:
    """The assets of this stage."""

    @dg.asset(
        key=APPLY_KEY,
        deps=[["plan", "netsuite_documents"]],
        description="Documents written to NetSuite, each once: intent, sent, outcome, all in the journal. "
        "With mode: observe this asset writes to no system.",
        check_specs=[
            dg.AssetCheckSpec(OUTCOME_CHECK, asset=APPLY_KEY, description="No write is left unknown or dead."),
            dg.AssetCheckSpec("netsuite_refused_nothing", asset=APPLY_KEY, description="NetSuite took every document."),
        ],
        **shared.options("apply", "netsuite", "postgres", pool="netsuite"),
    )
    def netsuite_documents(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        assembly = shared.source.get()
        on = assembly.settings.netsuite is not None
        with telling(assembly, context.log.info):
            outcome = assembly.apply(*days(context)) if on else None
        checks = (outcome_check(assembly.engine), refused_check(assembly.engine))
        if not on:
            return off("NetSuite", "NETSUITE_ACCOUNT_ID", *checks)
        if outcome is None:
            return result({"status": "mode is observe: nothing was written", "dagster/row_count": 0}, *checks)
        values = {
            "written": outcome.written,
            "adopted": outcome.adopted,
            "refused": outcome.refused,
            "open": outcome.open,
            "unknown": outcome.unknown,
        }
        return result({"dagster/row_count": outcome.written + outcome.adopted, **values}, *checks)

    return [netsuite_documents]


def outcome_check(engine: Engine) -> dg.AssetCheckResult:
    """Whether every request has an outcome; fails while one is unknown, though it may settle by itself."""
    entries = journal.entries(engine, ["sent", "unknown", "dead"])
    return _check(OUTCOME_CHECK, entries, dg.AssetCheckSeverity.ERROR)


def refused_check(engine: Engine) -> dg.AssetCheckResult:
    """Whether NetSuite took every document."""
    entries = journal.entries(engine, ["refused"])
    return _check("netsuite_refused_nothing", entries, dg.AssetCheckSeverity.WARN)


def _check(name: str, entries: list[journal.JournalEntry], severity: dg.AssetCheckSeverity) -> dg.AssetCheckResult:
    records = [
        {
            "document": e.document,
            "external id": e.external_id,
            "state": e.state,
            "NetSuite says": e.error_detail,
            "to do": e.fix,
        }
        for e in entries
    ]
    metadata: dict[str, Any] = {"documents": len(records), "list": table(records)}
    return dg.AssetCheckResult(check_name=name, passed=not records, severity=severity, metadata=metadata)
