"""The job that follows changes: one run for all that wait, which stays while more comes.

Starting a run takes seconds, its work a fraction of them: so a run stays for a while. What it touched is recorded on
the partitions of the assets, as a run over whole days records it.
"""

import time
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import dagster as dg

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.orchestration.assets.apply import APPLY_KEY, outcome_check, refused_check
from o2c_orchestration.orchestration.assets.common import STRIPE_TYPES
from o2c_orchestration.orchestration.assets.reconcile import (
    GAPS_KEY,
    gaps_check,
    gaps_metadata,
    proves_something,
    tie_check,
)
from o2c_orchestration.orchestration.assets.validate import MONEY
from o2c_orchestration.orchestration.follow import Pass, follow
from o2c_orchestration.orchestration.metadata import TABLE_ROWS_MAX, money
from o2c_orchestration.orchestration.partitions import clipped
from o2c_orchestration.orchestration.resources import ALIVE, AssemblySource
from o2c_orchestration.orchestration.retry import RETRY
from o2c_orchestration.store import inbox, rows
from o2c_orchestration.store.agreement import agreement_and_waiting
from o2c_orchestration.store.backlog import RATE_CURSOR, in_words
from o2c_orchestration.store.gap_sums import open_gaps
from o2c_orchestration.store.gaps import BOOKS
from o2c_orchestration.store.lock import follower_lock

CHANGES = "changed_objects"
# Dagster takes milliseconds for each event: what many passes touch is recorded together.
_RECORD_EVERY = timedelta(seconds=30)
# The checks look at all gaps and sums, whatever was touched.
_JUDGE_EVERY = timedelta(minutes=5)
_ASSET_OF = {kind: name for name, kinds in STRIPE_TYPES.items() for kind in kinds}
_PLAN_KEY = ["plan", "netsuite_documents"]


def changes_job(
    source: AssemblySource, partitions: dg.DailyPartitionsDefinition, resources: Mapping[str, dg.ResourceDefinition]
) -> dg.JobDefinition:
    """One run for everything that has changed, from re-reading it to its documents and gaps."""

    @dg.op(name="follow_changes", out=dg.Out(dg.Nothing), required_resource_keys={ALIVE}, retry_policy=RETRY)
    def follow_changes(context: dg.OpExecutionContext) -> None:
        assembly = source.get()
        with follower_lock(assembly.engine) as mine:
            if not mine:
                context.log.info("another process follows the changes")
                return
            context.log.info(in_words(assembly.engine))
            record = _Record(context, assembly, partitions)
            total = follow(assembly, record.passed)
            record.flush()
            record.judge()
        context.add_output_metadata(
            {"objects": total.taken, "not readable yet": total.failed, "documents written": total.written}
        )

    @dg.job(
        name=CHANGES,
        executor_def=dg.in_process_executor,
        resource_defs=resources,
        description="Re-reads the objects that webhooks and events name, and brings their documents up to date. "
        "Stays a while, since more is likely to come.",
    )
    def changed_objects() -> None:
        follow_changes()

    return changed_objects


class _Record:
    """Tells Dagster what was touched: materializations on partitions, and checks anew."""

    def __init__(
        self, context: dg.OpExecutionContext, assembly: Assembly, partitions: dg.DailyPartitionsDefinition
    ) -> None:
        self._context, self._assembly, self._partitions = context, assembly, partitions
        self._kept = Pass()
        self._judging: set[date] = set()
        self._began = self._flushed = self._judged = time.monotonic()

    def passed(self, done: Pass) -> None:
        """A pass was made."""
        now = time.monotonic()
        pace = done.taken / max(now - self._began, 0.001)
        inbox.write_cursor(self._assembly.engine, RATE_CURSOR, f"{pace:.3f}")
        self._began = now
        self._kept.add(done)
        if now - self._flushed >= _RECORD_EVERY.total_seconds():
            self.flush()

    def flush(self) -> None:
        """Record what was touched since the last time."""
        kept, self._kept = self._kept, Pass()
        self._flushed = time.monotonic()
        if not kept.taken:
            return
        self._context.log.info(
            f"{kept.taken} objects read, {kept.written} documents written; {in_words(self._assembly.engine)}"
        )
        for key, day in sorted(self._touched(kept)):
            told = self._told(key[1], date.fromisoformat(day)) if key[0] in ("stripe", "validated") else {}
            self._context.log_event(dg.AssetMaterialization(asset_key=list(key), partition=day, metadata=told))
        self._judging |= kept.planned
        if self._flushed - self._judged >= _JUDGE_EVERY.total_seconds():
            self.judge()

    def _told(self, name: str, day: date) -> dict[str, Any]:
        """Rows and money of the whole partition, as a run over the day would tell them."""
        return money(rows.totals(self._assembly.engine, *MONEY[name], day, day)) if name in MONEY else {}

    def _touched(self, kept: Pass) -> set[tuple[tuple[str, str], str]]:
        found = {(stage, day) for kind, day in kept.touched for stage in _stages(kind)}
        found |= {((_PLAN_KEY[0], _PLAN_KEY[1]), day) for day in kept.planned}
        return {(key, clipped(self._partitions, day).isoformat()) for key, day in found}

    def judge(self) -> None:
        """Record what was written and compared, and evaluate anew the checks of it that finance looks at.

        Both at once: Dagster shows a check as not evaluated from the next materialization of its asset on.
        """
        self._judged = time.monotonic()
        engine = self._assembly.engine
        found = open_gaps(engine, TABLE_ROWS_MAX, BOOKS)
        ties, waiting = agreement_and_waiting(engine)
        days, self._judging = sorted({clipped(self._partitions, day) for day in self._judging}), set()
        for key, told in ((APPLY_KEY, {}), (GAPS_KEY, gaps_metadata(found, ties))):
            for day in days:
                event = dg.AssetMaterialization(asset_key=key, partition=day.isoformat(), metadata=told)
                self._context.log_event(event)
        tied = [(GAPS_KEY, tie_check(ties, waiting))] if proves_something(ties, waiting) else []
        for key, judged in (
            (APPLY_KEY, outcome_check(engine)),
            (APPLY_KEY, refused_check(engine)),
            (GAPS_KEY, gaps_check(found)),
            *tied,
        ):
            report(self._context.instance, key, judged)


def report(instance: dg.DagsterInstance, key: list[str], judged: dg.AssetCheckResult) -> None:
    """An evaluation of an asset check outside a run of its asset."""
    assert judged.check_name is not None
    instance.report_runless_asset_event(
        dg.AssetCheckEvaluation(
            asset_key=dg.AssetKey(key),
            check_name=judged.check_name,
            passed=judged.passed,
            severity=judged.severity,
            metadata=judged.metadata,
        )
    )


def _stages(kind: str) -> Iterator[tuple[str, str]]:
    name = _ASSET_OF.get(kind)
    if name is not None:
        yield from (("stripe", name), ("validated", name))
