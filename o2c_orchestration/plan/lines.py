"""Lines of invoices and credit memos: Stripe's lines, their discounts, shipping and tax, each on its NetSuite item."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from o2c_orchestration.domain.documents import LineRow, PlanLine
from o2c_orchestration.domain.policy import Policy


@dataclass(frozen=True)
class Entry:
    """A line as people read it, the NetSuite item it goes on (None: no item is set), in minor units."""

    line: PlanLine
    item: str | None

    @classmethod
    def of(cls, text: str, amount_minor: int, item: str | None) -> "Entry":
        """A line of one amount."""
        return cls(PlanLine(text, amount_minor), item)


def entries(
    policy: Policy, lines: Iterable[LineRow], shipping_minor: int, tax_minor: int, default: str | None
) -> list[Entry]:
    """Each line before discount and without tax, its discounts on the discount item, all taxes on the tax item.

    Revenue stays gross of discounts, as Stripe shows it. `default` takes lines whose price has no item of its own.
    """
    found = [entry for line in lines for entry in _line_entries(policy, line, default)]
    if shipping_minor:
        found.append(Entry.of("Shipping", shipping_minor, policy.items.shipping))
    if tax_minor:
        found.append(Entry.of("Tax", tax_minor, policy.items.tax))
    return found


def _line_entries(policy: Policy, line: LineRow, default: str | None) -> list[Entry]:
    """The line net of inclusive tax, then its discount and what billing credits pay of it."""
    items = policy.items
    item = items.prices.get(line.price_id or "") or items.prices.get(line.product_id or "") or default
    found = [Entry.of(line.description, line.amount_minor - line.tax_inclusive_minor, item)]
    if line.discount_minor:
        found.append(Entry.of(f"Discount: {line.description}", -line.discount_minor, items.discount))
    if line.grant_minor:
        found.append(Entry.of(f"Credit grant: {line.description}", -line.grant_minor, items.grant))
    return found


def total(found: Iterable[Entry]) -> int:
    """What the lines add up to, in minor units."""
    return sum(entry.line.amount_minor for entry in found)


def unmapped(found: Iterable[Entry]) -> str | None:
    """The text of the first line that has no item."""
    return next((entry.line.text for entry in found if entry.item is None), None)


def item_lines(found: Sequence[Entry], currency: str) -> dict[str, Any]:
    """The `item` sublist of a record body."""
    return {"items": [_item_line(entry, currency) for entry in found]}


def _item_line(entry: Entry, currency: str) -> dict[str, Any]:
    amount = {"$minor": [entry.line.amount_minor, currency]}
    text = entry.line.text[:999]
    return {"item": {"$item": entry.item}, "quantity": 1, "description": text, "rate": amount, "amount": amount}
