"""validate: stored payloads become typed rows; what fails its schema goes to quarantine, alone."""

from collections.abc import Sequence
from typing import Any

import dagster as dg

from o2c_orchestration.domain.stored import TABLES
from o2c_orchestration.orchestration.assets.common import STRIPE_TYPES, Shared, result
from o2c_orchestration.orchestration.metadata import money, table
from o2c_orchestration.orchestration.partitions import days
from o2c_orchestration.store import rows
from o2c_orchestration.store.odd_rows import Odd, odd_rows

# Beyond this share of rows it is not the rows that are wrong but what we believe about them.
BAD_SHARE_MAX = 0.2
BAD_ROWS_MIN = 5
ODD_ROWS = "rows_make_sense"
MONEY = {
    "invoices": ("invoices", "total_minor"),
    "payments": ("payments", "amount_minor"),
    "credit_notes": ("credit_notes", "total_minor"),
    "refunds": ("refunds", "amount_minor"),
    "disputes": ("disputes", "amount_minor"),
    "balance_transactions": ("balance_transactions", "net_minor"),
    "payouts": ("payouts", "amount_minor"),
}


def validate_assets(shared: Shared) -> Sequence[dg.AssetsDefinition]:
    """The assets of this stage."""
    return [_validated(shared, name) for name in STRIPE_TYPES]


def _validated(shared: Shared, name: str) -> dg.AssetsDefinition:
    @dg.asset(
        key=["validated", name],
        deps=[["stripe", name]],
        description=f"Stripe {name.replace('_', ' ')} that passed their Pandera schema, as typed rows in minor units.",
        check_specs=_checks(name),
        **shared.options("validate", "pandera", "postgres"),
    )
    def validated(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        assembly = shared.source.get()
        outcomes = [assembly.validate(kind) for kind in STRIPE_TYPES[name]]
        accepted = sum(outcome.accepted for outcome in outcomes)
        rejected = sum(len(outcome.rejected) for outcome in outcomes)
        first, last = days(context)
        held = [row for kind in STRIPE_TYPES[name] for row in rows.quarantined(assembly.engine, kind, first, last)]
        sound = sum(rows.count(assembly.engine, TABLES[kind], first, last) for kind in STRIPE_TYPES[name])
        metadata: dict[str, Any] = {"newly validated": accepted, "newly quarantined": rejected}
        if name in MONEY:
            metadata |= money(rows.totals(assembly.engine, *MONEY[name], first, last))
        else:
            metadata["dagster/row_count"] = accepted
        odd = [row for kind in STRIPE_TYPES[name] for row in odd_rows(assembly.engine, TABLES[kind], first, last)]
        frame = _frame_check((accepted, rejected), (sound, len(held)))
        return result(metadata, _quarantine_check(held), frame, odd_check(ODD_ROWS, odd))

    return validated


def _checks(name: str) -> list[dg.AssetCheckSpec]:
    key = ["validated", name]
    return [
        dg.AssetCheckSpec(
            "no_rows_in_quarantine", asset=key, description="Every row of the partition passed its schema."
        ),
        dg.AssetCheckSpec(
            "frame_is_sound",
            asset=key,
            blocking=True,
            description=f"Fewer than {BAD_SHARE_MAX:.0%} of the rows fail, of the new ones and of all of these days: "
            "otherwise nothing goes on.",
        ),
        dg.AssetCheckSpec(
            ODD_ROWS,
            asset=key,
            description="Sums, dates and currencies of the partition's rows are as one would expect; rows that are not "
            "are let in all the same, since Stripe may be right.",
        ),
    ]


def odd_check(name: str, odd: list[Odd]) -> dg.AssetCheckResult:
    """Whether no row is odd; severity WARN."""
    return dg.AssetCheckResult(
        check_name=name,
        passed=not odd,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"odd": len(odd), "rows": table([{"id": each.id, "what": each.what} for each in odd])},
    )


def _quarantine_check(held: list[tuple[str, str]]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name="no_rows_in_quarantine",
        passed=not held,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"rows": len(held), "reasons": table([{"id": key, "reason": reason} for key, reason in held])},
    )


def _frame_check(new: tuple[int, int], days: tuple[int, int]) -> dg.AssetCheckResult:
    """Each pair is (sound rows, failed rows). The days count too: a second run has no new rows to judge by."""
    metadata = {
        "share of new rows that fail": _share(*new),
        "new rows that fail": new[1],
        "share of these days' rows that fail": _share(*days),
        "rows of these days that fail": days[1],
    }
    return dg.AssetCheckResult(
        check_name="frame_is_sound", passed=not (_blamed(*new) or _blamed(*days)), metadata=metadata
    )


def _share(sound: int, failed: int) -> float:
    return failed / max(sound + failed, 1)


def _blamed(sound: int, failed: int) -> bool:
    # One bad row among three is the row's fault; it takes a few to blame the frame.
    return _share(sound, failed) >= BAD_SHARE_MAX and failed >= BAD_ROWS_MIN
