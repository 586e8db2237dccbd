"""reconcile: the gaps between Stripe and NetSuite, and the equation that shows that nothing is left over."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import dagster as dg

from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.policy import MAIN
from o2c_orchestration.orchestration.assets.common import Shared, result
from o2c_orchestration.orchestration.metadata import TABLE_ROWS_MAX, table
from o2c_orchestration.reconcile import reconcile_and_tie, summarize
from o2c_orchestration.store.agreement import Agreement
from o2c_orchestration.store.gap_sums import SomeGaps, open_gaps
from o2c_orchestration.store.gaps import BOOKS
from o2c_orchestration.store.left_out import LeftOutSum, left_out_sums

GAPS_KEY = ["reconciliation", "gaps"]
_MIRRORS = ("invoice_mirrors", "payment_mirrors", "credit_memo_mirrors", "refund_mirrors", "deposit_mirrors")


def reconcile_assets(shared: Shared) -> Sequence[dg.AssetsDefinition]:
    """The assets of this stage."""

    @dg.asset(
        key=GAPS_KEY,
        deps=[["netsuite", name] for name in _MIRRORS],
        description="Every difference between Stripe and NetSuite, with kind, money, age and reason. A gap keeps its "
        "identity from run to run and is resolved when it is gone.",
        check_specs=[
            dg.AssetCheckSpec(
                "no_open_gaps", asset=GAPS_KEY, description="Stripe and NetSuite agree on every document."
            ),
            dg.AssetCheckSpec(
                "books_tie_out",
                asset=GAPS_KEY,
                description="Per document type and currency, Stripe's documents plus what gaps explain equal "
                "NetSuite's, to the minor unit.",
            ),
        ],
        **shared.options("reconcile", "postgres", "sql"),
    )
    def gaps(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        assembly = shared.source.get()
        engine = assembly.engine
        change, ties, waiting = reconcile_and_tie(engine, assembly.policy)
        found = open_gaps(engine, TABLE_ROWS_MAX, BOOKS)
        values: dict[str, Any] = {"keys compared": change.scope, "opened": change.opened, "resolved": change.resolved}
        values |= gaps_metadata(found, ties) | _blocked(left_out_sums(engine))
        return result(values, gaps_check(found), tie_check(ties, waiting))

    return [gaps]


def gaps_metadata(found: SomeGaps, ties: list[Agreement]) -> dict[str, Any]:
    """What stands open, by kind and currency, and the tie-out."""
    stakes: dict[str, int] = defaultdict(int)
    for each in found.sums:
        stakes[each.currency] += each.at_stake_minor
    values: dict[str, Any] = {"dagster/row_count": found.count, "open gaps": found.count}
    values |= {f"at stake {code.upper()}": format_money(minor, code) for code, minor in sorted(stakes.items())}
    return values | {"gaps by kind": table(summarize(found.sums)), "tie-out": table([_tie_row(tie) for tie in ties])}


def _blocked(sums: list[LeftOutSum]) -> dict[str, Any]:
    """What nobody compares, because metadata says that it is not to be written."""
    rows = [
        {"document": each.document, "documents": each.count, "money": format_money(each.minor, each.currency)}
        for each in sums
    ]
    return {"blocked by metadata": sum(each.count for each in sums), "blocked": table(rows)}


def _tie_row(tie: Agreement) -> dict[str, Any]:
    code = tie.currency
    return {
        "document": tie.document if tie.account == MAIN else f"{tie.account}: {tie.document}",
        "currency": code.upper(),
        "Stripe documents": tie.count,
        "agree": tie.agreed,
        "agreed": format_money(tie.agreed_minor, code),
        "Stripe": format_money(tie.stripe_minor, code),
        "NetSuite": format_money(tie.ledger_minor, code),
        "explained by gaps": format_money(tie.explained_minor, code),
        "unexplained": format_money(tie.residual_minor, code),
    }


def gaps_check(found: SomeGaps) -> dg.AssetCheckResult:
    """Whether Stripe and NetSuite agree on every document."""
    records = [
        {
            "kind": gap.kind,
            "Stripe": gap.stripe_id,
            "NetSuite": gap.netsuite_id,
            "at stake": format_money(gap.at_stake_minor, gap.currency),
            "since": gap.effective_date,
            "reason": gap.reason,
        }
        for gap in found.first
    ]
    return dg.AssetCheckResult(
        check_name="no_open_gaps",
        passed=not found.count,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"open gaps": found.count, "oldest": str(found.oldest), "gaps": table(records, found.count)},
    )


def proves_something(ties: list[Agreement], waiting: int) -> bool:
    """Whether the sums may be judged: what is unexplained while changes wait may only not have been named yet.

    A run of the asset compares again until nothing waits, a few times, and judges then whatever it finds: in a company
    where something always waits, nobody would ever hear of it otherwise.
    """
    return not waiting or not any(tie.residual_minor for tie in ties)


def tie_check(ties: list[Agreement], waiting: int = 0) -> dg.AssetCheckResult:
    """Whether the sums close, with what gaps explain; `waiting` changes (told) were not compared yet."""
    loose = [tie for tie in ties if tie.residual_minor]
    # What does not close comes first: it is what an alert tells.
    ordered = [*loose, *(tie for tie in ties if not tie.residual_minor)]
    return dg.AssetCheckResult(
        check_name="books_tie_out",
        passed=not loose,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"changed meanwhile": waiting, "tie-out": table([_tie_row(tie) for tie in ordered])},
    )
