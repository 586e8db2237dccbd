"""From figures of days to what was unusual about the last of them: series without gaps, judged by policy."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import Engine

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.reconcile.anomalies import Judgement, Kind, Series, judge
from o2c_orchestration.store.daily_series import Figure, figures, last_whole_day

# Name of a figure → what it is, and the asset on whose page people look for it.
FIGURES: dict[str, tuple[Kind, str]] = {
    "invoices.count": ("count", "validated/invoices"),
    "invoices.amount": ("sum", "validated/invoices"),
    "payments.count": ("count", "validated/payments"),
    "payments.amount": ("sum", "validated/payments"),
    "refunds.count": ("count", "validated/refunds"),
    "refunds.amount": ("sum", "validated/refunds"),
    "fees.rate": ("rate", "validated/balance_transactions"),
    "latency": ("rate", "apply/netsuite_documents"),
    "gaps.opened": ("count", "reconciliation/gaps"),
    "dso": ("rate", "reconciliation/gaps"),
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
    kind, asset = FIGURES[name]
    first = min(days)
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    nothing = None if kind == "rate" else 0.0
    values = tuple(days[day].value if day in days else nothing for day in span)
    return Series(
        name, kind, asset, first, values, tuple(days[day].events if day in days else 0.0 for day in span), currency
    )
