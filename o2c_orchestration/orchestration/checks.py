"""Invariants as asset checks: what must hold at any moment, looked at in every run and by a job of their own.

None of them blocks: what stands between a fault and a wrong write are journal, keys and locks, and the stages after
an asset are those that explain what is wrong with it. Silence would be worse.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

import dagster as dg

from o2c_orchestration.alert.causes import CHANNELS_CHECK, undelivered
from o2c_orchestration.assembly import Assembly
from o2c_orchestration.orchestration.assets.common import Shared
from o2c_orchestration.orchestration.metadata import table
from o2c_orchestration.orchestration.resources import ALIVE
from o2c_orchestration.orchestration.retry import RETRY
from o2c_orchestration.store import backlog, invariants
from o2c_orchestration.store.invariants import Violation


@dataclass(frozen=True)
class _Invariant:
    """An invariant and the asset on whose page people look for it."""

    asset: str
    name: str
    description: str
    violations: Callable[[Assembly], list[Violation]]


def _orphans(assembly: Assembly) -> list[Violation]:
    limit = assembly.policy.apply.certain_after_seconds
    return invariants.journal_has_no_orphans(assembly.engine, limit_seconds=limit)


def _mirror(assembly: Assembly) -> list[Violation]:
    if assembly.settings.netsuite is None:
        return []
    promised = timedelta(minutes=assembly.policy.netsuite.mirror_max_age_minutes)
    return invariants.mirror_keeps_its_promise(assembly.engine, promised)


def _behind(assembly: Assembly) -> list[Violation]:
    if assembly.settings.stripe is None:
        return []
    bound = timedelta(minutes=assembly.policy.live.behind_after_minutes)
    return backlog.behind(assembly.engine, bound)


def _channels(assembly: Assembly) -> list[Violation]:
    bound = timedelta(minutes=assembly.policy.alerts.waiting_minutes)
    return undelivered(assembly.engine, bound)


_INVARIANTS = (
    _Invariant(
        "stripe/references",
        "changes_are_followed_in_time",
        "No change that Stripe told of waits longer than live.behind_after_minutes, and Stripe's list of events was "
        "looked at within that time. Passes while Stripe is off.",
        _behind,
    ),
    _Invariant(
        "apply/netsuite_documents",
        "journal_has_no_orphans",
        "Every written document is in the mirror or younger than it; nothing that was sent waits beyond its lease "
        "without a look-up; no write leans on a document that is not there.",
        _orphans,
    ),
    _Invariant(
        "plan/netsuite_documents",
        "settled_is_not_planned",
        "The plan asks for no document that was written, adopted or seen in NetSuite before it was made.",
        lambda assembly: invariants.settled_is_not_planned(assembly.engine),
    ),
    _Invariant(
        "netsuite/payment_mirrors",
        "one_document_per_key",
        "No external id is carried by two living NetSuite documents, or by two customers.",
        lambda assembly: invariants.one_document_per_key(assembly.engine),
    ),
    _Invariant(
        "netsuite/payment_mirrors",
        "applied_within_total",
        "No payment is applied beyond its amount, and no invoice is paid beyond its total.",
        lambda assembly: invariants.applied_within_total(assembly.engine),
    ),
    _Invariant(
        "netsuite/payment_mirrors",
        "mirror_keeps_its_promise",
        "The ledger was read within netsuite.mirror_max_age_minutes. Passes while NetSuite is off.",
        _mirror,
    ),
    _Invariant(
        "alert/finance_digest",
        "audit_chain_is_intact",
        "What was appended to the audit trail since the last look is unbroken. `o2c verify-chain` proves all of it.",
        lambda assembly: invariants.audit_chain_is_intact(assembly.engine),
    ),
    _Invariant(
        "alert/finance_digest",
        CHANNELS_CHECK,
        "Every alert channel takes its messages: none fails several times in a row, and nothing waits longer than "
        "alerts.waiting_minutes. Passes while there are no channels.",
        _channels,
    ),
)


def invariant_checks(shared: Shared) -> Sequence[dg.AssetChecksDefinition]:
    """One check for each invariant; severity ERROR."""
    return [_check(shared, invariant) for invariant in _INVARIANTS]


def _check(shared: Shared, invariant: _Invariant) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=dg.AssetKey(invariant.asset.split("/")),
        name=invariant.name,
        description=invariant.description,
        retry_policy=RETRY,
        required_resource_keys={ALIVE},
    )
    def check(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
        found = invariant.violations(shared.source.get())
        records = [{"object": each.object, "what": each.what, "to do": each.to_do} for each in found]
        return dg.AssetCheckResult(
            passed=not found,
            severity=dg.AssetCheckSeverity.ERROR,
            metadata={"broken by": len(found), "at most": invariants.LIMIT, "objects": table(records)},
        )

    return check
