"""Lines of invoices and credit memos: Stripe's lines, their discounts, shipping and tax, each on its NetSuite item."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from o2c_orchestration.domain.documents import LineRow, PlanLine
from o2c_orchestration.domain.metadata import COUPON_UNREAD, PRICE_UNREAD, internal_id
from o2c_orchestration.domain.policy import Policy, Revenue
from o2c_orchestration.domain.service import ServicePeriod, service_period
from o2c_orchestration.plan.mapping_facts import MADE_OF, line_facts


@dataclass(frozen=True)
class Entry:
    """A line as people read it, the NetSuite item it goes on (None: no item is set), in minor units.

    `named`: the item comes from metadata, where it has to be an internal id. `period`: when it is delivered. `origin`
    is the line of Stripe's that it is made of, `role` what it is of that.
    """

    line: PlanLine
    item: str | None
    named: bool = False
    period: ServicePeriod | None = None
    origin: LineRow | None = None
    role: str = "other"

    @classmethod
    def of(cls, text: str, amount_minor: int, item: str | None) -> "Entry":
        """A line of one amount."""
        return cls(PlanLine(text, amount_minor), item)


def entries(
    policy: Policy,
    lines: Iterable[LineRow],
    shipping_minor: int,
    tax_minor: int,
    default: str | None,
    since: date | None = None,
) -> list[Entry]:
    """Each line before discount and without tax, its discounts on the discount item, all taxes on the tax item.

    Revenue stays gross of discounts, as Stripe shows it. `default` takes lines whose price has no item of its own. What
    takes lines back on a day `since` takes back what is to be delivered from then on.
    """
    found = [entry for line in lines for entry in _line_entries(policy, line, default, since)]
    if shipping_minor:
        found.append(Entry(PlanLine("Shipping", shipping_minor), policy.items.shipping, role="shipping"))
    if tax_minor:
        found.append(Entry(PlanLine("Tax", tax_minor), policy.items.tax, role="tax"))
    return found


def _line_entries(policy: Policy, line: LineRow, default: str | None, since: date | None) -> list[Entry]:
    """The line net of inclusive tax, then its discount and what billing credits pay of it.

    What o2c.yaml maps beats metadata.
    """
    items = policy.items
    mapped = items.prices.get(line.price_id or "") or items.prices.get(line.product_id or "")
    period = _period(policy, line, since) if policy.revenue.told else None
    told = PlanLine(line.description, line.amount_minor - line.tax_inclusive_minor)
    named = mapped is None and line.item is not None
    found = [Entry(told, mapped or line.item or default, named, period, line, "item")]
    found += _discounts(policy, line, period)
    if line.grant_minor:
        told = PlanLine(f"Credit grant: {line.description}", -line.grant_minor)
        found.append(Entry(told, items.grant, False, period, line, "grant"))
    return found


def _discounts(policy: Policy, line: LineRow, period: ServicePeriod | None) -> list[Entry]:
    """What coupons take that name an item, each on that; the rest on one."""
    named = dict.fromkeys(item for item, _ in line.coupons)
    parts: list[tuple[str | None, int, bool]] = [
        (item, sum(minor for name, minor in line.coupons if name == item), True) for item in named
    ]
    rest = line.discount_minor - sum(minor for _, minor in line.coupons)
    parts.append((line.discount_item or policy.items.discount, rest, line.discount_item is not None))
    text = f"Discount: {line.description}"
    return [Entry(PlanLine(text, -minor), item, own, period, line, "discount") for item, minor, own in parts if minor]


def _period(policy: Policy, line: LineRow, since: date | None) -> ServicePeriod | None:
    whole_days, zone = policy.revenue.whole_days, policy.books.zone
    period = service_period(line.period_start, line.period_end, zone, whole_days=whole_days)
    return period.left_on(since) if period and since else period


def total(found: Iterable[Entry]) -> int:
    """What the lines add up to, in minor units."""
    return sum(entry.line.amount_minor for entry in found)


def unmapped(found: Iterable[Entry]) -> str | None:
    """The text of the first line that has no item."""
    return next((entry.line.text for entry in found if entry.item is None), None)


def misnamed(found: Iterable[Entry]) -> tuple[str, str, str] | None:
    """Code, reason and fix of the first line whose metadata names what is no item."""
    for entry in found:
        if entry.named and entry.item == PRICE_UNREAD:
            text = f"the price of the line {entry.line.text!r} has not been read, and its metadata may name an item"
            fix = "let the Stripe key read prices, map the price in items.prices, or set items.price_metadata: false"
            return "PRICE_UNREAD", text, fix
        if entry.named and entry.item == COUPON_UNREAD:
            text = f"the coupon of {entry.line.text!r} has not been read, and its metadata may name an item"
            fix = "let the Stripe key read coupons, or set items.price_metadata: false"
            return "COUPON_UNREAD", text, fix
        if entry.named and internal_id(entry.item or "") is None:
            text = f"metadata names item {entry.item!r} for the line {entry.line.text!r}, which is no internal id"
            return "ITEM_NAMED", text, "map its price in items.prices of o2c.yaml, or correct the metadata in Stripe"
    return None


def item_lines(policy: Policy, found: Sequence[Entry], currency: str) -> dict[str, Any]:
    """The `item` sublist of a record body."""
    return {"items": [_item_line(policy, entry, currency) for entry in found]}


def _item_line(policy: Policy, entry: Entry, currency: str) -> dict[str, Any]:
    amount = {"$minor": [entry.line.amount_minor, currency]}
    text = entry.line.text[:999]
    item = {"$item_id" if entry.named else "$item": entry.item}
    line = {"item": item, "quantity": 1, "description": text, "rate": amount, "amount": amount}
    made_of = {MADE_OF: _facts(entry)} if policy.mapping.maps_lines else {}
    return line | _recognition(policy.revenue, entry) | made_of


def _facts(entry: Entry) -> dict[str, Any]:
    told = {"description": entry.line.text, "amount_minor": entry.line.amount_minor, "item": entry.item}
    return line_facts(entry.origin, entry.role) | told


def _recognition(revenue: Revenue, entry: Entry) -> dict[str, Any]:
    """Over which days the revenue of a line is recognized, and by which template; nothing for tax and shipping."""
    if entry.period is None:
        return {}
    fields: dict[str, Any] = {}
    if revenue.start_field is not None and revenue.end_field is not None:
        fields[revenue.start_field] = entry.period.first.isoformat()
        fields[revenue.end_field] = entry.period.last.isoformat()
    template = revenue.template_of(entry.item)
    if revenue.template_field is not None and template is not None:
        fields[revenue.template_field] = {"id": template}
    return fields
