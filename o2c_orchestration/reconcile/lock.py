"""What has changed in a month since it was locked: its figures then, which were kept, against those of now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Figures = Mapping[str, Any]
_SIDES = {"stripe_minor": "Stripe", "ledger_minor": "NetSuite", "explained_minor": "explained by gaps"}
_BALANCE = ("opening", "movements", "closing")
# What these sums are made of is as it is now, and changes with every payment.
_NOW = " now"


@dataclass(frozen=True)
class Change:
    """A figure of a locked month that is another one now, in minor units.

    `rows`: whether other rows entered it, though it may be the same sum.
    """

    what: str
    currency: str
    then_minor: int
    now_minor: int
    rows: bool = False


def changes(then: Figures, now: Figures) -> list[Change]:
    """What differs between the figures of one month at two moments: sums of the month and balances at its end.

    Pure. What is told as of now (open invoices, receivables, customers' credit) is left out: it is of no month.
    """
    was, becomes = dict(_figures(then)), dict(_figures(now))
    found = []
    for key in sorted(was.keys() | becomes.keys()):
        # What is not there is nothing: a sum of no rows is not listed.
        old, new = was.get(key, (0, "")), becomes.get(key, (0, ""))
        if old != new:
            found.append(Change(*key, old[0], new[0], rows=old[1] != new[1]))
    return found


def _figures(data: Figures) -> Iterator[tuple[tuple[str, str], tuple[int, str]]]:
    """(what, currency) → minor units and the hash of the rows, where there is one."""
    for each in data["evidence"]:
        if not each["what"].endswith(_NOW):
            yield (each["what"], each["currency"]), (each["minor"], each["sha256"])
    for each in data["documents"]:
        yield from _sides(f"{each['document']} tie-out", each, ("explained_minor",))
    for each in data["balance"]:
        for name in _BALANCE:
            yield (f"Stripe balance, {name}{_of(each)}", each["currency"]), (each[f"{name}_minor"], "")
    for each in data["undeposited"]:
        yield from _sides("Undeposited Funds", each, tuple(_SIDES))
    for each in data["suspense"]:
        yield from _sides("Suspense", each, ("ledger_minor",))


def _sides(what: str, each: Figures, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, str], tuple[int, str]]]:
    for name in names:
        yield (f"{what}, {_SIDES[name]}{_of(each)}", each["currency"]), (each[name], "")


def _of(each: Figures) -> str:
    account = each.get("account", "main")
    return "" if account == "main" else f" ({account})"
