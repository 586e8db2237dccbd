"""reconcile: the equations of payouts, and the close of a month with its evidence."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import dagster as dg
import orjson

from o2c_orchestration.domain.money import format_money, to_major
from o2c_orchestration.domain.months import months_of
from o2c_orchestration.orchestration.assets.common import Shared, result
from o2c_orchestration.orchestration.metadata import table
from o2c_orchestration.orchestration.partitions import days
from o2c_orchestration.reconcile.close import Close, close_months
from o2c_orchestration.reconcile.payouts import PayoutEquation, describe, payout_equation
from o2c_orchestration.reconcile.report import close_data
from o2c_orchestration.store.payout_sums import payouts_created

_PAYOUTS = ["reconciliation", "payouts"]
_GAPS = ["reconciliation", "gaps"]
# Of each list in the evidence of a month. A month that nobody has booked differs in every document.
_EVIDENCE_ROWS = 200


def equation_assets(shared: Shared) -> Sequence[dg.AssetsDefinition]:
    """The assets of this stage that prove sums."""
    return [_payouts(shared), _close(shared)]


def _payouts(shared: Shared) -> dg.AssetsDefinition:
    @dg.asset(
        key=_PAYOUTS,
        deps=[_GAPS],
        description="Every payout of Stripe against its deposit, as equations: members less fees make the payout, the "
        "deposit's lines make the deposit, and the bank received the payout. What nobody could book is a residual on "
        "Suspense, under the name of its transaction.",
        check_specs=[
            dg.AssetCheckSpec(
                "every_payout_closes",
                asset=_PAYOUTS,
                description="The balance transactions of every complete payout are read and add up to it.",
            ),
            dg.AssetCheckSpec(
                "no_payout_residuals", asset=_PAYOUTS, description="No deposit holds anything on Suspense."
            ),
        ],
        **shared.options("reconcile", "postgres", "sql"),
    )
    def payouts(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        assembly = shared.source.get()
        suspense = assembly.policy.suspense_accounts
        found = [payout_equation(sums) for sums in payouts_created(assembly.engine, suspense)]
        return result(_payout_metadata(found), _closing_check(found), _residual_check(found))

    return payouts


def _payout_metadata(found: list[PayoutEquation]) -> dict[str, Any]:
    values: dict[str, Any] = {"dagster/row_count": len(found), "payouts": len(found)}
    for state in ("closed", "residuals named", "open"):
        values[state] = sum(1 for each in found if each.state == state)
    paid: dict[str, int] = defaultdict(int)
    for each in found:
        paid[each.sums.currency] += each.sums.amount_minor
    values |= {f"total {code.upper()}": float(to_major(minor, code)) for code, minor in sorted(paid.items())}
    # The newest first: a table shows its first rows.
    return values | {"last payouts": _table(found[::-1])}


def _table(found: Sequence[PayoutEquation]) -> dg.MarkdownMetadataValue:
    return table([{"arrival": each.sums.arrival_date} | describe(each) | {"why": each.why} for each in found])


def _closing_check(found: list[PayoutEquation]) -> dg.AssetCheckResult:
    wrong = [each for each in found if not each.stripe_closes]
    return dg.AssetCheckResult(
        check_name="every_payout_closes",
        passed=not wrong,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"payouts that do not add up": len(wrong), "payouts": _table(wrong)},
    )


def _residual_check(found: list[PayoutEquation]) -> dg.AssetCheckResult:
    records = [
        {"payout": each.sums.id, "transaction": key, "on Suspense": format_money(minor, each.sums.currency)}
        for each in found
        for key, minor in each.residuals
    ]
    return dg.AssetCheckResult(
        check_name="no_payout_residuals",
        passed=not records,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"residuals": len(records), "transactions": table(records)},
    )


def _close(shared: Shared) -> dg.AssetsDefinition:
    @dg.asset(
        key=["reconciliation", "close"],
        deps=[_GAPS, _PAYOUTS],
        description="Whether the months of the run can be closed, the tie-out of each to the cent, and the evidence: "
        "counts, sums and SHA-256 of the rows that entered each sum, and when both sides were read; it is with the "
        "month's last day in the run. Of a locked month: who locked it (o2c close --lock), and what has changed since.",
        **shared.options("reconcile", "postgres", "sql"),
    )
    def close(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        assembly, now = shared.source.get(), datetime.now(UTC)
        first, last = days(context)
        found = close_months(assembly.engine, assembly.policy, months_of(first, last), now, _EVIDENCE_ROWS)
        for each in found:
            # On one day of its month only: on every day of every month of a backfill it would be gigabytes.
            told = {f"{each.month}: {name}": value for name, value in _close_metadata(each).items()}
            context.add_asset_metadata(told, partition_key=min(each.month.last, last).isoformat())
        months = table([{"month": each.month, "ready": each.ready, **_missing(each)} for each in found])
        return result({"dagster/row_count": len(found), "months": months})

    return close


def _missing(found: Close) -> dict[str, str]:
    return {"not yet": ", ".join(item.what for item in found.items if not item.ok)}


def _close_metadata(found: Close) -> dict[str, Any]:
    """Readiness for people, and everything with the hashes as JSON; of long lists the first rows."""
    items = [{"what": item.what, "ok": item.ok, "detail": item.detail} for item in found.items]
    data, more = close_data(found), f"more: o2c close --month {found.month} --json"
    counts = {"undeposited_differences": found.clearing.count}
    brief = {
        name: _first(value, counts.get(name, len(value)), more) if isinstance(value, list) else value
        for name, value in data.items()
    }
    told = {"readiness": table(items), "evidence": dg.MetadataValue.json(_plain(brief))}
    if found.lock is None:
        return told
    lock = f"{found.lock.locked_at:%Y-%m-%d %H:%M} UTC by {found.lock.locked_by}, figures {found.lock.sha256}"
    return told | {"locked": lock, "changed since the lock": table(_changed(_plain(data["since_lock"])))}


def _first(rows: list[Any], count: int, more: str) -> list[Any]:
    left = count - len(rows[:_EVIDENCE_ROWS])
    return rows if left <= 0 else [*rows[:_EVIDENCE_ROWS], f"and {left} {more}"]


def _changed(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"figure": each["what"], "other rows": each["rows"]}
        | {name: format_money(each[f"{name}_minor"], each["currency"]) for name in ("then", "now")}
        for each in found
    ]


def _plain(value: Any) -> Any:
    return orjson.loads(orjson.dumps(value))
