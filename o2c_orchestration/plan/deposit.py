"""The body and the readable lines of a NetSuite deposit, from signed entries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from o2c_orchestration.domain.documents import PlanLine
from o2c_orchestration.plan.members import GROUPS

# Sections of the readable lines, in this order.
DOCUMENTS, FEES, ACCOUNTS, DIFFERENCES, RESIDUALS = range(5)


@dataclass(frozen=True)
class Entry:
    """One amount of a deposit, in minor units of its currency: positive brings money to the bank.

    It is a document, by `key`, or money on an `account` with a `memo`. `converted`: the document is in another
    currency, and the amount is what it settled for.
    """

    section: int
    text: str
    amount_minor: int
    account: str | None = None
    memo: str = ""
    key: str | None = None
    converted: bool = False


@dataclass(frozen=True)
class Head:
    """What a deposit says about itself: external id, bank account, currency of that account, date, memo."""

    external_id: str
    bank: str
    currency: str
    day: date
    memo: str


def set_bank(currency: str, destination: str | None) -> str:
    """What a person does where a payout arrives on no account that is known."""
    of_its_own = f", or accounts.destinations.{destination}," if destination else ""
    return f"set accounts.bank.{currency}{of_its_own} in o2c.yaml"


def merged(entries: Iterable[Entry]) -> list[Entry]:
    """Entries that say the same of the same account as one, in a fixed order. Nothing is left of what cancels out."""
    found: dict[tuple[int, str, str | None, str], Entry] = {}
    for entry in entries:
        key = (entry.section, entry.text, entry.account, entry.memo)
        before = found[key].amount_minor if key in found else 0
        found[key] = replace(entry, amount_minor=before + entry.amount_minor)
    kept = (key for key in found if found[key].amount_minor)
    return [found[key] for key in sorted(kept, key=lambda key: (key[0], key[1], key[2] or "", key[3]))]


def readable(entries: Sequence[Entry]) -> tuple[PlanLine, ...]:
    """Documents as one line a group with their number, everything else line by line; the sum is the deposit's."""
    lines = []
    for group in GROUPS:
        amounts = [entry.amount_minor for entry in entries if entry.key and entry.text == group]
        if amounts:
            lines.append(PlanLine(f"{group} ({len(amounts)})", sum(amounts)))
    rest = sorted((entry for entry in entries if not entry.key), key=lambda entry: entry.section)
    return (*lines, *(PlanLine(entry.text, entry.amount_minor) for entry in rest))


def deposit_body(head: Head, entries: Sequence[Entry]) -> dict[str, Any]:
    """NetSuite's deposit: `payment` the documents, `other` money that comes in, `cashback` money that goes out.

    Amounts on accounts are positive on both sides. The bank receives the sum; where it pays, the deposit's total is
    zero and an `other` line takes the money from the bank account itself, for NetSuite takes no negative deposit.
    """
    total = sum(entry.amount_minor for entry in entries)
    posted = [entry for entry in entries if entry.account]
    if total < 0:
        posted.append(Entry(RESIDUALS, "", -total, account=head.bank, memo=head.memo))
    sublists = {
        "payment": [_payment(entry, head.currency) for entry in entries if entry.key],
        "other": [_posting(entry, head.currency) for entry in posted if entry.amount_minor > 0],
        "cashback": [_posting(entry, head.currency) for entry in posted if entry.amount_minor < 0],
    }
    return {
        "externalId": head.external_id,
        "account": {"$account": head.bank},
        "tranDate": head.day.isoformat(),
        "memo": head.memo,
        **{name: {"items": items} for name, items in sublists.items() if items},
    }


def _payment(entry: Entry, currency: str) -> dict[str, Any]:
    """`paymentAmount` has the sign that the line has in the deposit: negative for what goes back to a customer."""
    line: dict[str, Any] = {"id": {"$key": entry.key}, "deposit": True}
    if entry.converted:
        line["paymentAmount"] = {"$minor": [entry.amount_minor, currency]}
    return line


def _posting(entry: Entry, currency: str) -> dict[str, Any]:
    amount = {"$minor": [abs(entry.amount_minor), currency]}
    return {"account": {"$account": entry.account}, "amount": amount, "memo": entry.memo}
