"""Days that are not as usual: a series of days against its own history. Pure.

What is usual is a robust regression (statsmodels' RLM with Tukey's biweight, which gives outliers of the past no say)
of the logarithm on weekday, place in the month and trend. What is left is brought to its median over the last weeks, so
that a new level is the usual one soon, and measured in robust standard deviations (MAD). That scatter is not the same
on all days: few documents scatter more than many, as Poisson's law says.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd

from o2c_orchestration.domain.policy_anomalies import Anomalies

Array = Any
# `count`: documents; `part`: how many of the day's documents; `sum`: their money; `rate`: a share, a time, a size or
# a quotient, of so many documents.
Kind = Literal["count", "part", "sum", "rate"]
# Few or short is no trouble for some figures.
Side = Literal["both", "up"]
# Beyond Poisson's law, days differ by so much for reasons that nobody knows.
_RESTLESS = 0.05
# Weeks whose median is the level of today, and history from which each day of the month has an effect of its own.
_LEVEL_DAYS, _EVERY_DAY_FROM = 28, 180
_TURNS = (1, 2, 3, 15, 16)
# Counts that are decided by contracts scatter less than chance would have it, but not by any factor. Where most days
# have none, the scatter of most days says nothing, and chance is the least.
_SCALE_MIN = {"count": 0.5, "sum": 0.5, "rate": 0.5, "part": 1.0}
# A part is told when so much of the day's documents is more than expected: a few of many are somebody's habit.
_PART = 0.2
# From so many expected documents on a series may have a threshold of its own (`weight_of_many`).
_MANY = 5.0
_MAD = 1.4826
_COUNTS = ("count", "part")


@dataclass(frozen=True)
class Series:
    """One figure, day by day without gaps. Sums are in minor units; a rate is missing (None) on days without events.

    `events` are the documents that it is made of; `asset` is where people look for it. `side`: whether less than usual
    is unusual too; `weight`: by what the policy's threshold is multiplied for it; `weight_of_many`: the same on days
    for which five documents or more are expected, where it differs.
    """

    name: str
    kind: Kind
    asset: str
    first: date
    values: tuple[float | None, ...]
    events: tuple[float, ...]
    currency: str | None = None
    side: Side = "both"
    weight: float = 1.0
    weight_of_many: float | None = None

    @property
    def key(self) -> str:
        """`invoices.count.usd`."""
        return f"{self.name}.{self.currency}" if self.currency else self.name


@dataclass(frozen=True)
class Judgement:
    """A day of a series: what it was, what was expected, from where to where it would be usual, and by how many robust
    standard deviations it is off. `why_not`: why it was not judged, in words."""

    series: str
    asset: str
    day: date
    actual: float | None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    deviations: float = 0.0
    unusual: bool = False
    why_not: str | None = None


def judge(found: Sequence[Series], policy: Anomalies, days: int | None = None) -> list[Judgement]:
    """The last `days` days of each series (the policy's by default), by the series' order."""
    wanted = [each for each in found if each.name not in policy.ignored and each.key not in policy.ignored]
    return [row for each in wanted for row in _judge(each, policy, days or policy.days)]


def _judge(series: Series, policy: Anomalies, days: int) -> list[Judgement]:
    frame = _frame(series).iloc[-(policy.history_days + days) :]
    before, last = frame.iloc[:-days], frame.iloc[-days:]
    usable = before[before["y"].notna()]
    if len(usable) < policy.learning_days:
        why = f"{len(usable)} days of history, {policy.learning_days} are needed"
        return [_unjudged(series, day, row, why) for day, row in last.iterrows()]
    return [_told(series, policy, day, row) for day, row in _expect(series.kind, usable, last).iterrows()]


def _frame(series: Series) -> pd.DataFrame:
    index = pd.date_range(series.first, periods=len(series.values), freq="D")
    frame = pd.DataFrame({"value": series.values, "events": series.events}, index=index, dtype=float)
    frame["y"] = np.log1p(frame["value"]) if series.kind != "rate" else np.log(frame["value"].clip(lower=1e-9))
    return frame


def _expect(kind: Kind, usable: pd.DataFrame, last: pd.DataFrame) -> pd.DataFrame:
    """The days to judge, with what was expected (`fit`, as a logarithm), robust deviations of it, and their scale."""
    every = _features(pd.concat([usable, last]).index, len(usable))
    shown = (every.iloc[: len(usable)] != 0).any()
    features, unheard = every.loc[:, shown], (every.loc[:, ~shown] != 0).any(axis=1)
    known, new = features.iloc[: len(usable)], features.iloc[len(usable) :]
    fit = features @ _fit(known, usable["y"])
    # Documents are their own events.
    events = fit if kind == "count" else features @ _fit(known, np.log1p(usable["events"]))
    expected = np.expm1(np.clip(events, 0, 30))
    left = usable["y"] - fit.iloc[: len(usable)]
    usual = fit.iloc[: len(usable)] + left.rolling(_LEVEL_DAYS, min_periods=7, center=True).median()
    around = _even(kind, usable["y"], usual) / _noise(kind, usual, expected.iloc[: len(usable)])
    scale = max(_MAD * float(np.nanmedian(np.abs(around))), _SCALE_MIN[kind])
    told = last.assign(
        fit=(fit + float(np.median(left.iloc[-_LEVEL_DAYS:]))).iloc[len(usable) :],
        expected_events=expected.iloc[len(usable) :],
        unheard=unheard.iloc[len(usable) :],
    )
    noise = _noise(kind, told["fit"], told["expected_events"])
    told["scale"] = scale * noise * np.sqrt(1 + 1.6 / _LEVEL_DAYS + _leverage(known, new))
    return told.assign(deviations=_even(kind, told["y"], told["fit"]) / told["scale"])


def _even(kind: Kind, y: Array, fit: Array) -> Array:
    """The difference of two logarithms on a scale on which scatter is even: for counts Anscombe's square root."""
    return y - fit if kind not in _COUNTS else _root(np.expm1(y)) - _root(np.expm1(fit))


def _root(count: Array) -> Array:
    return 2 * np.sqrt(np.maximum(count, 0) + 0.375)


def _noise(kind: Kind, fit: Array, events: Array) -> Array:
    """How much chance alone scatters on that scale, by Poisson's law and a little beyond it."""
    if kind in _COUNTS:
        return np.sqrt(1 + np.maximum(np.expm1(fit), 0) * _RESTLESS**2)
    return np.sqrt(1 / (events + 1) + _RESTLESS**2)


def _features(index: Any, history: int) -> pd.DataFrame:
    """Weekday, place in the month, trend. With little history only the turns of the month have a place of their own."""
    left = index.days_in_month - index.day
    columns: dict[str, Array] = {"one": np.ones(len(index)), "trend": np.arange(len(index)) / 365.0}
    columns |= {f"weekday {day}": index.day_of_week == day for day in range(1, 7)}
    every = history >= _EVERY_DAY_FROM
    columns |= {f"day {day}": index.day == day for day in (range(1, 27) if every else _TURNS) if day != 20}
    columns |= {f"{days} before the end": left == days for days in range(3 if every else 2)}
    return pd.DataFrame(columns, index=index).astype(float)


def _fit(features: pd.DataFrame, y: "pd.Series[float]") -> Array:
    # Imported here: it takes a second and a half, which only those who judge should wait for.
    from statsmodels.robust.norms import TukeyBiweight
    from statsmodels.robust.robust_linear_model import RLM

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a scale of zero, where a series is the same each day
        found = RLM(y.to_numpy(), features.to_numpy(), M=TukeyBiweight()).fit(maxiter=30, tol=1e-3).params
    if not np.isfinite(found).all():
        found = np.linalg.lstsq(features.to_numpy(), y.to_numpy(), rcond=None)[0]
    return pd.Series(found, index=features.columns)


def _leverage(known: pd.DataFrame, new: pd.DataFrame) -> Array:
    """How far each new day is from what the history tells of: its own place in the month seen twice says little."""
    x, at = known.to_numpy(), new.to_numpy()
    inverse = np.linalg.pinv(x.T @ x)
    return np.einsum("ij,jk,ik->i", at, inverse, at)


def _told(series: Series, policy: Anomalies, day: Any, row: "pd.Series[Any]") -> Judgement:
    why = _why_not(series, policy, row)
    if why:
        return _unjudged(series, day, row, why)
    threshold = policy.threshold_of(series.name, series.key, _weight(series, row))
    expected, low, high = (_bound(series, row, sign * threshold) for sign in (0, -1, 1))
    deviations, actual = float(row["deviations"]), float(row["value"])
    enough = abs(actual - expected) >= _least(series, policy, row, expected)
    unusual = enough and (deviations >= threshold or (deviations <= -threshold and series.side == "both"))
    return Judgement(
        series.key, series.asset, day.date(), actual, expected, low if series.side == "both" else 0.0, high,
        deviations, unusual,
    )  # fmt: skip


def _weight(series: Series, row: "pd.Series[Any]") -> float:
    if series.weight_of_many is None or row["expected_events"] < _MANY:
        return series.weight
    return series.weight_of_many


def _least(series: Series, policy: Anomalies, row: "pd.Series[Any]", expected: float) -> float:
    """By how much a day must be off at least to be worth telling."""
    least = policy.share * max(expected, 1e-12)
    if series.kind == "part":
        return max(least, _PART * float(row["events"]))
    if series.kind == "sum":
        return max(least, policy.materiality_minor.get(series.currency or "", 0))
    return least


def _why_not(series: Series, policy: Anomalies, row: "pd.Series[Any]") -> str | None:
    if pd.isna(row["y"]):
        return "nothing to measure on this day"
    if row["unheard"]:
        return "the history has no such day of the month"
    if series.kind == "sum" and row["expected_events"] < policy.events:
        return f"fewer than {policy.events:g} documents are expected"
    if series.kind == "rate" and row["events"] < policy.events:
        return f"of fewer than {policy.events:g} documents"
    return None


def _unjudged(series: Series, day: Any, row: "pd.Series[Any]", why: str) -> Judgement:
    actual = None if pd.isna(row["value"]) else float(row["value"])
    return Judgement(series.key, series.asset, day.date(), actual, why_not=why)


def _bound(series: Series, row: "pd.Series[Any]", deviations: float) -> float:
    """Where the series would be with so many deviations from what is expected."""
    fit, off = float(row["fit"]), deviations * float(row["scale"])
    if series.kind == "rate":
        return float(np.exp(fit + off))
    if series.kind == "sum":
        return max(float(np.expm1(fit + off)), 0.0)
    root = max(float(_root(np.expm1(fit))) + off, 0.0) / 2
    return max(root**2 - 0.375, 0.0)
