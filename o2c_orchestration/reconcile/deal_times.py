"""How long deals take: days from won to the first invoice and to cash, by the month in which they were won. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from statistics import median
from typing import Any

from o2c_orchestration.domain.deals import DealFacts
from o2c_orchestration.domain.months import Month


def monthly(facts: Iterable[DealFacts]) -> list[dict[str, Any]]:
    """Medians by month of winning, newest month first; what has not happened yet does not count.

    What is counted in the deal that it takes from, or adds to, is no deal of its own here either.
    """
    groups: dict[Month, list[DealFacts]] = defaultdict(list)
    for each in facts:
        if each.deal.won and not each.deal.deleted and not each.deal.counted:
            groups[Month.of(each.deal.close_date)].append(each)
    return [_row(month, groups[month]) for month in sorted(groups, reverse=True)]


def _row(month: Month, facts: list[DealFacts]) -> dict[str, Any]:
    orders = [(min(order.day for order in each.orders) - each.deal.close_date).days for each in facts if each.orders]
    billed = [days for each in facts if (days := _to_invoice(each)) is not None]
    paid = [days for each in facts if (days := _to_cash(each)) is not None]
    return {
        "won in": str(month),
        "deals": len(facts),
        "ordered": len(orders),
        "days to order": _middle(orders),
        "billed": len(billed),
        "days to invoice": _middle(billed),
        "paid": len(paid),
        "days to cash": _middle(paid),
    }


def _to_invoice(facts: DealFacts) -> int | None:
    days = [invoice.issue_date for invoice in facts.invoices if invoice.issue_date is not None]
    return (min(days) - facts.deal.close_date).days if days else None


def _to_cash(facts: DealFacts) -> int | None:
    """To the first payment."""
    days = [payment.day for payment in facts.payments]
    return (min(days) - facts.deal.close_date).days if days else None


def _middle(values: list[int]) -> str:
    return f"{median(values):g}" if values else ""
