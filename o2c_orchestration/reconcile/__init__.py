"""From two ledgers to gaps. The comparison itself runs as SQL where the data lie (`store.comparison`)."""

from collections.abc import Iterable
from dataclasses import astuple
from operator import add
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.store import gaps
from o2c_orchestration.store.agreement import Agreement, agreement_and_waiting
from o2c_orchestration.store.gaps import Gap, GapChange

_POLICY = Policy()
_AGAIN = 5


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


def summarize(found: Iterable[Gap]) -> list[dict[str, Any]]:
    """Open gaps by kind and currency: count and money at stake, largest count first."""
    groups: dict[tuple[str, str], list[Gap]] = {}
    for gap in found:
        groups.setdefault((gap.kind, gap.currency), []).append(gap)
    rows = [
        {
            "kind": kind,
            "gaps": len(members),
            "at stake": format_money(sum(gap.at_stake_minor for gap in members), currency),
            "oldest": str(min(filter(None, (gap.effective_date for gap in members)), default="")),
        }
        for (kind, currency), members in groups.items()
    ]
    return sorted(rows, key=lambda row: (-row["gaps"], row["kind"], row["at stake"]))
