"""Lines that others booked, each beside the line of Stripe's that it stands for. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from o2c_orchestration.domain.money import MoneyError, to_minor
from o2c_orchestration.reconcile.fields import Held, Sample, held_in_line

# (amount without taxes that are in it, in minor units; what Stripe says of the line, by path)
ToldLine = tuple[int, Mapping[str, str]]


@dataclass(frozen=True)
class HeldLine:
    """A line of a NetSuite document: its amount as NetSuite gives it, and what its fields hold, by name."""

    amount: Any
    fields: Mapping[str, Held | None]


def held_lines(document: str, record: Mapping[str, Any]) -> list[HeldLine]:
    """The item lines of a record as NetSuite renders it."""
    lines = (record.get("item") or {}).get("items") or []
    return [HeldLine(each.get("amount"), held_in_line(document, each)) for each in lines]


def line_samples(held: Sequence[HeldLine], told: Sequence[ToldLine], currency: str) -> list[Sample]:
    """Lines that are each other's: those whose amount no other line of the document has, here and there."""
    here = [(_minor(each.amount, currency), each.fields) for each in held]
    ours, theirs = Counter(minor for minor, _ in here), Counter(minor for minor, _ in told)
    facts = dict(told)
    return [
        Sample({("lines", name): value for name, value in fields.items()}, facts[minor])
        for minor, fields in here
        if minor is not None and ours[minor] == 1 == theirs[minor]
    ]


def _minor(amount: Any, currency: str) -> int | None:
    try:
        return to_minor(Decimal(str(amount)), currency)
    except (InvalidOperation, MoneyError):
        return None
