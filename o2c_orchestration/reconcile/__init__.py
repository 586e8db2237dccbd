"""From two ledgers to gaps. The comparison itself runs as SQL where the data lie (`store.comparison`)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.store import gaps
from o2c_orchestration.store.gaps import Gap, GapChange

_POLICY = Policy()


def reconcile(engine: Engine, policy: Policy = _POLICY, *, full: bool = False) -> GapChange:
    """Compare what changed since the last reconciliation, or everything: both give the same gaps."""
    return gaps.reconcile(engine, policy, full=full)


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
