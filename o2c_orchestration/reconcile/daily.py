"""From figures of days to what was unusual about the last of them: series without gaps, judged by policy."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Engine

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.reconcile.anomalies import Judgement, Kind, Series, Side, judge
from o2c_orchestration.store.daily_series import Figure, figures, last_whole_day


class Watched(NamedTuple):
    """What a figure is, the asset on whose page people look for it, and how its days are judged (see `Series`)."""

    kind: Kind
    asset: str
    side: Side = "both"
    weight: float = 1.0
    weight_of_many: float | None = None

    @property
    def threshold(self) -> tuple[Side, float, float | None]:
        """The last fields of `Series`, in its order."""
        return self.side, self.weight, self.weight_of_many


# A few large documents make a sum large by themselves: how many there are and how large they are is judged besides.
_SUM = 1.15
# Refunds and repeated documents are few: many times as many are but a few deviations, and more of them cost money.
_FEW = 0.7
# Five times the refunds of a day that chance made small are not that many more than usual. Where fewer than five are
# expected, chance goes that far too often for so low a threshold.
_REFUNDS = 0.48
FIGURES: dict[str, Watched] = {
    "invoices.count": Watched("count", "validated/invoices"),
    "invoices.amount": Watched("sum", "validated/invoices", weight=_SUM),
    "invoices.typical": Watched("rate", "validated/invoices"),
    "invoices.repeated": Watched("part", "validated/invoices", "up", _FEW),
    "payments.count": Watched("count", "validated/payments"),
    "payments.amount": Watched("sum", "validated/payments", weight=_SUM),
    "payments.typical": Watched("rate", "validated/payments"),
    "payments.repeated": Watched("part", "validated/payments", "up", _FEW),
    "refunds.count": Watched("count", "validated/refunds", "up", _FEW, _REFUNDS),
    "refunds.amount": Watched("sum", "validated/refunds", "up", _SUM),
    "refunds.repeated": Watched("part", "validated/refunds", "up", _FEW),
    "fees.rate": Watched("rate", "validated/balance_transactions"),
    "latency": Watched("rate", "apply/netsuite_documents", "up"),
    "gaps.opened": Watched("count", "reconciliation/gaps", "up"),
    "dso": Watched("rate", "reconciliation/gaps"),
}


def unusual_days(engine: Engine, policy: Policy, last: date | None = None) -> list[Judgement]:
    """The last days that were read whole (or those up to `last`), figure by figure; nothing where none was read."""
    end = last or last_whole_day(engine)
    if end is None:
        return []
    rules = policy.anomalies
    first = end - timedelta(days=rules.history_days + rules.days)
    found = figures(engine, policy.books.time_zone, max(first, policy.books.start), end)
    return judge(series(found, end), rules)


def series(found: Iterable[Figure], last: date) -> list[Series]:
    """Figures as series up to `last`, each from its own first day; a day without documents has none, and no rate."""
    rows: dict[tuple[str, str | None], dict[date, Figure]] = defaultdict(dict)
    for each in found:
        rows[each.name, each.currency][each.day] = each
    return [_series(name, currency, days, last) for (name, currency), days in sorted(rows.items(), key=str)]


def _series(name: str, currency: str | None, days: dict[date, Figure], last: date) -> Series:
    watched = FIGURES[name]
    first = min(days)
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    nothing = None if watched.kind == "rate" else 0.0
    values = tuple(days[day].value if day in days else nothing for day in span)
    events = tuple(days[day].events if day in days else 0.0 for day in span)
    return Series(name, watched.kind, watched.asset, first, values, events, currency, *watched.threshold)
