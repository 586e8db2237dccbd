"""A year of a company with everything in it, from nothing to closed books: what adds up, and what is found.

    python -m benchmarks.year --invoices 10000

The demo company in that size over 365 days: invoices, payments, credit notes, refunds, disputes, payouts, with its
planted mistakes. One run in sync mode writes what is missing; then every month's equations are taken, and the open
gaps are compared with the truth about the mistakes.
"""

import argparse
import logging
import time
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import structlog

from benchmarks.common import say
from benchmarks.company import DAYS, throwaway_company, truth
from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.months import Month
from o2c_orchestration.reconcile.close import Close, close_month
from o2c_orchestration.store.customer_credits import totals
from o2c_orchestration.store.gaps import Gap, list_gaps

# What customers were given by hand is booked too, and what nobody billed is owed to them: nothing is left to a person.
_POLICY = "adjustments: {item: Stripe Credit}\nreversals: {uninvoiced: deposit}\n"


def main() -> None:
    """One company, one run, two tables in Markdown."""
    parser = argparse.ArgumentParser(description="A year, closed")
    parser.add_argument("--invoices", type=int, default=10_000)
    given = parser.parse_args()
    with throwaway_company(given.invoices, _POLICY) as home:
        _year(home)


def _year(home: Path) -> None:
    from o2c_orchestration.console.launch import dagster_instance, run_range
    from o2c_orchestration.settings import load_settings

    logging.disable(logging.INFO)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    steps: list[tuple[str, float]] = []
    assembly = Assembly(load_settings(), step_done=lambda step: steps.append((step, time.perf_counter())))
    last = datetime.now(UTC).date()
    assembly.engine.connect().close()
    with dagster_instance(assembly) as instance:
        begin = time.perf_counter()
        run_range(assembly, instance, last - timedelta(days=DAYS), last)
        say(f"one run: {time.perf_counter() - begin:.0f} s")
    for (step, at), (_, before) in zip(steps, [("", begin), *steps], strict=False):
        say(f"  {step} {at - before:.0f} s")
    gaps = list_gaps(assembly.engine)
    _equations([_closed(assembly, month) for month in _months(last)], gaps)
    _found(gaps, truth(home))
    assembly.engine.dispose()


def _months(last: date) -> Iterable[Month]:
    month = Month.of(last - timedelta(days=DAYS))
    while month <= Month.of(last):
        yield month
        month = month.after


def _closed(assembly: Assembly, month: Month) -> Close:
    return close_month(assembly.engine, assembly.policy, month, datetime.now(UTC))


def _equations(months: list[Close], gaps: list[Gap]) -> None:
    settled = [each for month in months for each in month.payouts if each.sums.moved]
    told = {gap.stripe_id for gap in gaps}
    payouts = Counter("named" if each.state == "open" and each.sums.id in told else each.state for each in settled)
    ties = [tie for month in months for tie in month.ties]
    periods = [each for month in months for each in month.balance]
    waiting = [each for month in months for each in month.clearing.waiting]
    differing = [each for month in months for each in month.clearing.differences]
    suspense = [each for month in months for each in month.clearing.suspense]
    owed, owing = months[-1].receivables, months[-1].owing
    say("\n| equation | taken | close | left, named by gaps | left, unexplained |\n|---|---:|---:|---:|---:|")
    named = payouts["residuals named"] + payouts["named"]
    _row("payouts that have settled", payouts.total(), payouts["closed"], named, payouts["open"])
    _sums("documents by type, currency and month", [(t.explained_minor, t.residual_minor) for t in ties])
    closes = sum(each.closes for each in periods)
    _row("Stripe balance by currency and month", len(periods), closes, 0, len(periods) - closes)
    _sums("Undeposited Funds by currency and month", [(w.explained_minor, w.residual_minor) for w in waiting])
    _row("… documents that differ", len(differing), 0, *_split(bool(each.gaps) for each in differing))
    _sums("Suspense by currency and month", [(s.ledger_minor, s.residual_minor) for s in suspense])
    _sums("receivables by currency", [(r.explained_minor, r.residual_minor) for r in owed])
    _row("… customers that differ", len(owing), 0, *_split(not each.unexplained for each in owing))
    credits = [(c.explained_minor, c.residual_minor or c.by_hand_minor) for c in totals(months[-1].credits)]
    _sums("to customers' credit by currency, nothing by hand", credits)


def _split(named: Iterable[bool]) -> tuple[int, int]:
    counts = Counter(named)
    return counts[True], counts[False]


def _sums(what: str, left: list[tuple[int, int]]) -> None:
    """`left`: what gaps explain and what nothing does, in minor units, for each equation."""
    loose = sum(1 for _, residual in left if residual)
    named = sum(1 for explained, residual in left if explained and not residual)
    _row(what, len(left), len(left) - loose - named, named, loose)


def _row(what: str, *figures: int) -> None:
    say(f"| {what} | " + " | ".join(f"{figure:,}" for figure in figures) + " |")


def _found(gaps: list[Gap], planted: set[tuple[str, str]]) -> None:
    found = {(gap.kind, gap.stripe_id or str(gap.netsuite_id)) for gap in gaps}
    say("\n| gap | planted | found of them | reported | precision | recall |\n|---|---:|---:|---:|---:|---:|")
    for kind in [*sorted({kind for kind, _ in planted | found}), "all"]:
        there = {each for each in planted if kind in (each[0], "all")}
        told = {each for each in found if kind in (each[0], "all")}
        right = len(there & told)
        precision, recall = (f"{right / len(of):.3f}" if of else "" for of in (told, there))
        say(f"| `{kind}` | {len(there)} | {right} | {len(told)} | {precision} | {recall} |")
    for kind, name in sorted(found ^ planted):
        say(f"  {'not planted' if (kind, name) in found else 'not found'}: {kind} {name}")


if __name__ == "__main__":
    main()
