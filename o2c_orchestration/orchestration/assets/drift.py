"""Drift as an asset check on what was extracted: told before rows are judged, and never in the way of them."""

from collections.abc import Sequence

import dagster as dg
from sqlalchemy import Engine

from o2c_orchestration.domain.described import further_fields
from o2c_orchestration.domain.drift import Finding
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.orchestration.metadata import table
from o2c_orchestration.validate import drift

NAME = "fields_have_not_drifted"


def drift_spec(key: Sequence[str]) -> dg.AssetCheckSpec:
    """The check of an asset that holds what another system gave."""
    return dg.AssetCheckSpec(
        NAME,
        asset=list(key),
        description="What was read, and what NetSuite and Salesforce tell of their records, has the fields, types and "
        "values that Stripe's SDK or our own rows declare, that were seen before and that our code reads. `o2c drift "
        "accept` ends a warning that a person has looked at.",
    )


def drift_check(engine: Engine, object_types: Sequence[str], policy: Policy | None = None) -> dg.AssetCheckResult:
    """Passes when nothing drifted that nobody has accepted. What a `policy` maps counts as read by us."""
    found = drift.report(engine, object_types, further_fields(policy) if policy else None)
    return dg.AssetCheckResult(
        check_name=NAME,
        passed=not found,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "drifted": len(found),
            "read by us": sum(each.read for each in found),
            "API version": ", ".join(sorted({drift.version_of(kind) for kind in object_types})),
            "fields": table([_row(each) for each in found]),
        },
    )


def _row(finding: Finding) -> dict[str, object]:
    return {
        "field": f"{finding.object}.{finding.path}",
        "kind": finding.kind,
        "what": finding.what,
        "read by us": "yes" if finding.read else "no",
        "to do": f"o2c drift accept {finding.key} --reason '…', or have the code follow",
    }
