"""How often a quiet year is told as unusual, and whether what is unusual is told.

    OPENBLAS_NUM_THREADS=1 python -m benchmarks.anomalies --seeds 10

(Regressions this small are not worth a second thread, and on a machine that others use threads wait for each other.)

A simulated company: three currencies, weekdays and weekends, a billing run on the first of the month and a smaller one
on the fifteenth, growth, quiet public holidays, days that are more restless than chance, amounts of very different
sizes, fees, times from Stripe to document, gaps, days of sales outstanding. The first year is history, the second is
judged day by day as production does it. False alarms are days of series told in a year in which nothing happened;
then incidents are planted, each alone into such a year, and looked for on its day.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from benchmarks.common import say
from o2c_orchestration.domain.policy_anomalies import Anomalies
from o2c_orchestration.reconcile.anomalies import Judgement, Series, judge
from o2c_orchestration.reconcile.daily import FIGURES

FIRST, DAYS = date(2025, 1, 1), 730
# Invoices on a plain weekday.
VOLUMES = {"usd": 120.0, "eur": 40.0, "gbp": 15.0}
# Refunds for each invoice, and the logarithm of their typical amount in minor units.
_REFUNDED, _REFUND = 0.05, 8.5
_HOLIDAYS = {(1, 1), (5, 1), (7, 4), (11, 27), (12, 24), (12, 25), (12, 26), (12, 31)}


@dataclass
class Books:
    """A company's figures, day by day, by name and currency: (values, events). `refunds` by currency: how many of them
    a day let expect, before chance."""

    figures: dict[tuple[str, str | None], tuple[np.ndarray, np.ndarray]]
    refunds: dict[str, np.ndarray] = field(default_factory=dict)


def quiet(rng: np.random.Generator, scale: float = 1.0) -> Books:
    """Two years in which nothing happened."""
    figures: dict[tuple[str, str | None], tuple[np.ndarray, np.ndarray]] = {}
    rates = {currency: _expected(volume * scale * _REFUNDED, run=1.0) for currency, volume in VOLUMES.items()}
    total = np.zeros(DAYS)
    for currency, volume in VOLUMES.items():
        invoices = _counts(rng, _expected(volume * scale, run=6.0))
        payments = _counts(rng, _expected(volume * scale * 0.9, run=4.0))
        refunds = _counts(rng, rates[currency])
        for name, counts, typical in (
            ("invoices", invoices, 9.0),
            ("payments", payments, 9.0),
            ("refunds", refunds, _REFUND),
        ):
            figures[f"{name}.count", currency] = (counts, counts)
            sums, sizes = _money(rng, counts, typical)
            figures[f"{name}.amount", currency] = (sums, counts)
            figures[f"{name}.repeated", currency] = (_repeats(rng, counts), counts)
            if name != "refunds":
                figures[f"{name}.typical", currency] = (sizes, counts)
        fees = 0.031 * np.exp(rng.normal(0, 0.25, DAYS) / np.sqrt(np.maximum(payments, 1)))
        figures["fees.rate", currency] = (np.where(payments > 0, fees, np.nan), payments)
        outstanding = 34 * np.exp(0.05 * np.sin(np.arange(DAYS) / 40) + np.cumsum(rng.normal(0, 0.004, DAYS)))
        figures["dso", currency] = (outstanding, np.full(DAYS, 1000.0))
        total += invoices + payments
    waits = 40 * np.exp(rng.normal(0, 0.15, DAYS))
    figures["latency", None] = (waits, total)
    gaps = rng.poisson(2.0 * scale, DAYS).astype(float)
    figures["gaps.opened", None] = (gaps, gaps)
    return Books(figures, rates)


def _expected(volume: float, *, run: float) -> np.ndarray:
    """Documents that each day lets expect, by trend, weekday, billing run and holiday."""
    found = []
    for n in range(DAYS):
        day = FIRST + timedelta(days=n)
        expected = volume * (1 + 0.3 * n / 365) * (0.3 if day.weekday() >= 5 else 1.0 + 0.05 * (2 - day.weekday()))
        expected *= {1: run, 15: 1 + run / 4}.get(day.day, 1.0)
        found.append(expected * (0.7 if (day.month, day.day) in _HOLIDAYS else 1.0))
    return np.array(found)


def _counts(rng: np.random.Generator, expected: np.ndarray) -> np.ndarray:
    """As many as came: by Poisson's law, of a rate that is itself a tenth more restless."""
    return np.array([rng.poisson(each * rng.gamma(100, 1 / 100)) for each in expected], dtype=float)


def _money(rng: np.random.Generator, counts: np.ndarray, typical: float) -> tuple[np.ndarray, np.ndarray]:
    """Sums of the days, and the geometric means of what they are made of."""
    amounts = [np.rint(rng.lognormal(typical, 1.0, int(n))) for n in counts]
    sizes = [np.exp(np.log(each).mean()) if len(each) else np.nan for each in amounts]
    return np.array([each.sum() for each in amounts]), np.array(sizes)


def _repeats(rng: np.random.Generator, counts: np.ndarray) -> np.ndarray:
    """One in fifty documents has the customer and amount of another of its day, and on some days many have."""
    found: np.ndarray = np.minimum(rng.poisson(counts * 0.02 * rng.gamma(2, 0.5, DAYS)), counts)
    return found.astype(float)


def series(books: Books, until: int) -> list[Series]:
    """As the store builds them, up to and without day number `until`."""
    found = []
    for (name, currency), (values, events) in books.figures.items():
        watched = FIGURES[name]
        plain = tuple(None if np.isnan(value) else float(value) for value in values[:until])
        many = tuple(events[:until].tolist())
        found.append(Series(name, watched.kind, "", FIRST, plain, many, currency, *watched.threshold))
    return found


def judged(books: Books, policy: Anomalies, first: int, last: int, step: int) -> Iterator[Judgement]:
    """Days [first, last), so many at a time from what was known before them."""
    for start in range(first, last, step):
        end = min(start + step, last)
        yield from judge(series(books, end), policy, end - start)


# ---------------------------------------------------------------- incidents

Incident = Callable[[Books, int], set[str]]


def _change(books: Books, day: int, names: tuple[str, ...], factor: float, currency: str | None = "usd") -> set[str]:
    for name in names:
        values = books.figures[name, currency][0]
        documents = name.endswith(("count", "amount", "opened"))
        values[day] = np.rint(values[day] * factor) if documents else values[day] * factor
    return {f"{name}.{currency}" if currency else name for name in names}


def _as_many(books: Books, day: int, what: str, factor: float, currency: str = "usd") -> set[str]:
    """So many times the documents that there were, alike in size."""
    touched = _change(books, day, (f"{what}.count", f"{what}.amount"), factor, currency)
    if factor == 0 and what != "refunds":
        books.figures[f"{what}.typical", currency][0][day] = np.nan
        touched |= _change(books, day, (f"{what}.repeated",), 0, currency)
    return touched


def _again(books: Books, day: int, what: str, times: int, currency: str = "usd") -> set[str]:
    """Each document of the day so many times, so that as many more have the customer and amount of another."""
    repeated, counts = books.figures[f"{what}.repeated", currency]
    repeated[day] += counts[day] * (times - 1)
    return _as_many(books, day, what, float(times), currency) | {f"{what}.repeated.{currency}"}


def _twice(books: Books, day: int, currency: str = "usd") -> set[str]:
    return _again(books, day, "invoices", 2, currency)


def _at_rate(books: Books, day: int, factor: float, currency: str = "usd") -> set[str]:
    """Refunds of the day drawn anew, at so many times the rate that the day lets expect: chance is not multiplied."""
    rng = np.random.default_rng([int(books.figures["refunds.count", currency][0].sum()), day])
    counts = _counts(rng, books.refunds[currency][[day]] * factor)
    books.figures["refunds.count", currency][0][day] = counts[0]
    books.figures["refunds.amount", currency][0][day] = _money(rng, counts, _REFUND)[0][0]
    return {f"refunds.count.{currency}", f"refunds.amount.{currency}"}


def _forty(books: Books, day: int) -> set[str]:
    for array in books.figures["gaps.opened", None]:
        array[day] = 40.0
    return {"gaps.opened"}


SIZES = ("invoices.amount", "invoices.typical")
INCIDENTS: dict[str, tuple[Incident, bool]] = {
    "billing run missed": (lambda books, day: _as_many(books, day, "invoices", 0.15), True),
    "billing run doubled": (_twice, True),
    "a day without invoices": (lambda books, day: _as_many(books, day, "invoices", 0.0), False),
    "a plain day billed twice": (_twice, False),
    "a plain day billed twice in the smallest currency": (lambda books, day: _twice(books, day, "gbp"), False),
    "amounts x10": (lambda books, day: _change(books, day, SIZES, 10.0), False),
    "amounts x10 in the smallest currency": (lambda books, day: _change(books, day, SIZES, 10.0, "gbp"), False),
    "fees doubled": (lambda books, day: _change(books, day, ("fees.rate",), 2.0), False),
    "payments stop": (lambda books, day: _as_many(books, day, "payments", 0.0), False),
    "payments stop in the smallest currency": (lambda books, day: _as_many(books, day, "payments", 0.0, "gbp"), False),
    "latency x10": (lambda books, day: _change(books, day, ("latency",), 10.0, None), False),
    "each refund five times": (lambda books, day: _again(books, day, "refunds", 5), False),
    "each refund twice": (lambda books, day: _again(books, day, "refunds", 2), False),
    "refunds at five times their rate": (lambda books, day: _at_rate(books, day, 5.0), False),
    "forty gaps": (_forty, False),
    "DSO up by half": (lambda books, day: _change(books, day, ("dso",), 1.5), False),
}


def recall(seed: int, policy: Anomalies, scale: float) -> Counter[tuple[str, bool]]:
    """Each kind of incident once, on a day by chance (a weekday, or the first of a month)."""
    found: Counter[tuple[str, bool]] = Counter()
    for name, (plant, on_first) in INCIDENTS.items():
        rng = np.random.default_rng([seed, len(name)])
        books = quiet(rng, scale)
        days = [n for n in range(380, DAYS) if _suits(FIRST + timedelta(days=n), on_first)]
        day = int(rng.choice(days))
        touched = plant(books, day)
        rows = judge([each for each in series(books, day + 1) if each.key in touched], policy, 1)
        found[name, any(row.unusual for row in rows)] += 1
    return found


def refunds_of_every_day(seed: int, policy: Anomalies, scale: float, step: int) -> Counter[tuple[str, str, bool]]:
    """By currency, on how many plain days five times what chance had made would be told, and five times the rate.

    The day that is judged has no say in what is expected of it, so that each may be looked at in one judgement.
    """
    books = quiet(np.random.default_rng(seed), scale)
    books.figures = {key: value for key, value in books.figures.items() if key[0] == "refunds.count"}
    rng = np.random.default_rng([seed, step])
    found: Counter[tuple[str, str, bool]] = Counter()
    for row in judged(books, policy, 365, DAYS, step):
        if row.expected is None or row.high is None or row.actual is None or not _suits(row.day, on_first=False):
            continue
        currency = row.series.rpartition(".")[2]
        rate = books.refunds[currency][(row.day - FIRST).days] * 5
        least = max(row.high, row.expected * (1 + policy.share))
        found[currency, "what there was", row.actual * 5 >= least] += 1
        found[currency, "the rate", float(_counts(rng, np.array([rate]))[0]) >= least] += 1
    return found


def _suits(day: date, on_first: bool) -> bool:
    weekday = day.weekday() < 5 and (day.month, day.day) not in _HOLIDAYS
    return weekday and (day.day == 1) is on_first


def _tell_refunds(arguments: argparse.Namespace, policy: Anomalies) -> None:
    found: Counter[tuple[str, str, bool]] = Counter()
    for seed in range(arguments.first_seed, arguments.first_seed + arguments.seeds):
        found += refunds_of_every_day(seed, policy, arguments.scale, arguments.step)
    for currency in VOLUMES:
        for what in ("what there was", "the rate"):
            told, not_told = (found[currency, what, each] for each in (True, False))
            say(f"refunds x5 of {what}, {currency}: found on {told} of {told + not_told} plain days")


def main() -> None:
    """Quiet years, then incidents."""
    parser = argparse.ArgumentParser(description="False alarms in quiet years, and incidents that are found")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--scale", type=float, default=1.0, help="volume; 1: 175 invoices on a plain weekday")
    parser.add_argument("--threshold", type=float, default=Anomalies().threshold)
    parser.add_argument("--step", type=int, default=7, help="days judged at once; production judges two")
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--only", choices=("quiet", "incidents", "refunds"), help="a part of it")
    arguments = parser.parse_args()
    policy = Anomalies(threshold=arguments.threshold)
    if arguments.only == "refunds":
        _tell_refunds(arguments, policy)
        return
    alarms: Counter[str] = Counter()
    per_week = []
    seeds = range(arguments.first_seed, arguments.first_seed + arguments.seeds)
    for seed in seeds if arguments.only != "incidents" else ():
        told = [
            row
            for row in judged(quiet(np.random.default_rng(seed), arguments.scale), policy, 365, DAYS, arguments.step)
            if row.unusual
        ]
        alarms.update(row.series for row in told)
        per_week.append(len(told) / (365 / 7))
        say(f"  seed {seed}: {len(told)} false alarms in a year, {per_week[-1]:.2f} a week")
    found: Counter[tuple[str, bool]] = Counter()
    for seed in seeds if arguments.only != "quiet" else ():
        found += recall(seed, policy, arguments.scale)
    if per_week:
        say(f"\nfalse alarms a week, all series: mean {np.mean(per_week):.2f}, worst year {max(per_week):.2f}")
    say(f"by series: {dict(alarms.most_common())}\n\n| incident | found | of |\n|---|---:|---:|")
    for name in INCIDENTS:
        say(f"| {name} | {found[name, True]} | {found[name, True] + found[name, False]} |")


if __name__ == "__main__":
    main()
