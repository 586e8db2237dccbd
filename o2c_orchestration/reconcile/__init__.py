"""From two ledgers to gaps. The comparison itself runs as SQL where the data lie (`store.comparison`)."""

from collections.abc import Iterable
from dataclasses import astuple
from operator import add
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration import tracing
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.store import gaps
from o2c_orchestration.store.agreement import Agreement, agreement_and_waiting
from o2c_orchestration.store.gap_sums import GapSum
from o2c_orchestration.store.gaps import GapChange

_POLICY = Policy()
_AGAIN = 5


@tracing.stage("reconcile", rows=lambda change: change.scope)
def reconcile(engine: Engine, policy: Policy = _POLICY, *, full: bool = False) -> GapChange:
    """Compare what changed since the last reconciliation, or everything: both give the same gaps."""
    return gaps.reconcile(engine, policy, full=full)


def reconcile_and_tie(engine: Engine, policy: Policy = _POLICY) -> tuple[GapChange, list[Agreement], int]:
    """Compare, then sum: what was opened and resolved in all, the tie-out, and how many changes wait to be compared.

    Other processes store rows meanwhile. Where they leave something unexplained, it is compared and summed again.
    """
    change = reconcile(engine, policy)
    ties, waiting = agreement_and_waiting(engine)
    for _ in range(_AGAIN):
        if not waiting or not any(tie.residual_minor for tie in ties):
            break
        more = reconcile(engine, policy)
        change = GapChange(*map(add, astuple(change), astuple(more)))
        ties, waiting = agreement_and_waiting(engine)
    return change, ties, waiting


def summarize(sums: Iterable[GapSum]) -> list[dict[str, Any]]:
    """Gaps by kind and currency for a table: count and money at stake, largest count first."""
    rows = [
        {
            "kind": each.kind,
            "gaps": each.count,
            "at stake": format_money(each.at_stake_minor, each.currency),
            "oldest": str(each.oldest or ""),
        }
        for each in sums
    ]
    return sorted(rows, key=lambda row: (-row["gaps"], row["kind"], row["at stake"]))
