"""Stripe payout → NetSuite deposit of its members, and a journal entry if it came back.

For every payout, in minor units of its currency: Σ amounts − Σ fees = payout, or nothing is written. A member that no
document explains is a line on Suspense that says so; the deposit's total is the bank's to the cent.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from o2c_orchestration.domain.documents import (
    Command,
    DocumentType,
    KnownDocument,
    PlanLine,
    Refusal,
)
from o2c_orchestration.domain.keys import payout_key, payout_part_key, returned_payout_key
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.payouts import MemberRow, PayoutRow
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.deposit import Entry, Head, deposit_body, readable, set_bank
from o2c_orchestration.plan.differences import Differences
from o2c_orchestration.plan.entity import stated_subsidiary, subsidiary
from o2c_orchestration.plan.entries import came_to_nothing, expected_net, in_order, member_entries, settled
from o2c_orchestration.plan.holdings import Holdings
from o2c_orchestration.plan.members import classify
from o2c_orchestration.plan.opening import Drawdown
from o2c_orchestration.plan.outcome import Skip

# Stripe's connector for NetSuite names about 10,000 transactions as the practical limit of one deposit.
MEMBERS_MAX: Final = 10_000
# States of a payout whose money moved, and how people say so.
_BECAME: Final = {"paid": "is paid", "failed": "was paid out and failed", "canceled": "was canceled"}


@dataclass(frozen=True)
class _Part:
    """One of the deposits of a payout: its key, its place among `count`, and its entries."""

    key: str
    number: int
    count: int
    entries: Sequence[Entry]

    @property
    def amount_minor(self) -> int:
        return sum(entry.amount_minor for entry in self.entries)


def plan_payout(
    policy: Policy,
    row: PayoutRow,
    known: Mapping[str, KnownDocument],
    planned: Collection[str],
    refused: Collection[str],
    blocked: Collection[str] = frozenset(),
    *,
    differences: Differences | None = None,
    members_max: int = MEMBERS_MAX,
) -> list[Command | Refusal | Skip]:
    """The deposits of a payout and the journal entry of its return, as far as NetSuite lacks them.

    `known` maps document keys to documents that NetSuite holds, `planned` are keys that are about to be written,
    `refused` keys that a person has to look at first, `blocked` Stripe ids that metadata keeps out; `differences`
    holds what is left of the month's budget for documents at another amount. A member without a usable document is a
    residual on Suspense and holds up nothing else.
    """
    key, back = payout_key(row.id), returned_payout_key(row.id)
    waiting = _waiting(row)
    if waiting is not None:
        return [Skip(row.id, waiting)]
    batches = _batches(row, members_max)
    missing = [number for number in range(1, len(batches) + 1) if payout_part_key(row.id, number) not in known]
    returned = row.returned_date is not None and row.amount_minor != 0 and back not in known
    if missing and (refusal := _unallocated(row) or _no_bank(policy, row, "deposit", key) or _open_sum(row)):
        return [refusal]
    if returned and (refusal := _no_bank(policy, row, "journalEntry", back)):
        return [refusal]
    holdings = Holdings(known, planned, refused, blocked)
    if missing and (refusal := _deposited_already(policy, row, holdings)):
        return [refusal]
    differences = differences or Differences(policy)
    found = _parts(policy, row, batches, missing, holdings, differences) if missing else []
    if missing and not any(part.entries for part in found):
        return [Skip(row.id, "no money moved")]
    # The payout's own transaction may have a part to itself, and makes no line: NetSuite takes no empty deposit.
    parts = [part for part in found if part.number in missing and part.entries]
    deposits = [_deposit(policy, row, part, known) for part in parts]
    depends_on = tuple(command.external_id for command in deposits)
    return [*deposits, *([_return(policy, row, depends_on)] if returned else [])]


def _waiting(row: PayoutRow) -> str | None:
    if row.status not in _BECAME:
        return f"not arrived yet: it is {row.status.replace('_', ' ')}, due on {row.arrival_date}"
    if row.automatic and not row.complete:
        return "not arrived yet: Stripe has not settled which balance transactions belong to it"
    if row.automatic and not row.members and row.amount_minor:
        return "its balance transactions have not been read yet"
    return None


def _batches(row: PayoutRow, members_max: int) -> list[list[MemberRow]]:
    """The members of each deposit, oldest first. They do not depend on what NetSuite holds: parts keep their keys."""
    members = in_order(row.members)
    return [members[start : start + members_max] for start in range(0, len(members), members_max)] or [[]]


def _parts(
    policy: Policy,
    row: PayoutRow,
    batches: Sequence[Sequence[MemberRow]],
    missing: Collection[int],
    holdings: Holdings,
    differences: Differences,
) -> list[_Part]:
    opening, accounts, taken = Drawdown(policy, row, holdings), policy.accounts, set[str]()
    own = [[member for member in batch if not opening.holds(member)] for batch in batches]
    nothing = came_to_nothing(row, chain.from_iterable(own), holdings)
    entries = []
    for number, (batch, members) in enumerate(zip(batches, own, strict=True), 1):
        differences.begin(row, payout_part_key(row.id, number), anew=number in missing)
        single = (member_entries(accounts, row, member, holdings, taken, differences, nothing) for member in members)
        entries.append(settled([*chain.from_iterable(single), *opening.entries(batch)]))
    count = max((number for number, part in enumerate(entries, 1) if part), default=0)
    parts = [_Part(payout_part_key(row.id, number), number, count, part) for number, part in enumerate(entries, 1)]
    # The equation of the payout. If it ever does not close, a kind of member is dropped or counted twice.
    assert sum(part.amount_minor for part in parts) == row.amount_minor, f"{row.id} does not add up"
    return parts


def _unallocated(row: PayoutRow) -> Refusal | None:
    found = row.allocation
    if row.automatic or (found is not None and found.outcome == "unique"):
        return None
    money = format_money(row.amount_minor, row.currency)
    fix = "enter the deposit by hand with the payout's id in its memo"
    if found is None or found.outcome == "not_searched":
        text = f"Stripe does not say what a manual payout holds, and {money} has too many candidates to search them all"
        return _refuse(row, "deposit", payout_key(row.id), "ALLOCATION_NOT_SEARCHED", text, fix)
    if found.outcome == "none":
        text = f"no set of balance transactions adds up to {money}"
        return _refuse(row, "deposit", payout_key(row.id), "ALLOCATION_NONE", text, fix)
    one, other = (set(found.members), set(found.others))
    text = (
        f"more than one set of balance transactions adds up to {money}: one with {_some(one - other)} "
        f"where another has {_some(other - one)}"
    )
    return _refuse(row, "deposit", payout_key(row.id), "ALLOCATION_AMBIGUOUS", text, fix)


def _open_sum(row: PayoutRow) -> Refusal | None:
    """A deposit cannot be changed once it is written: what Stripe lists for the payout has to be all of it."""
    rest = row.amount_minor - sum(expected_net(row, member) for member in in_order(row.members))
    if not rest:
        return None
    money = format_money(rest, row.currency)
    count = len(in_order(row.members))
    text = f"the {count} balance transactions that Stripe lists for it leave {money} of it unexplained"
    fix = "look for balance transactions in quarantine; the payout is read again by every run over its day"
    return _refuse(row, "deposit", payout_key(row.id), "MEMBERS_DO_NOT_ADD_UP", text, fix)


def _deposited_already(policy: Policy, row: PayoutRow, holdings: Holdings) -> Refusal | None:
    """Somebody has entered this payout's deposit without its id: ours would bring the money to the bank twice.

    A document in the deposit of another payout, or one among many in a nameless deposit, is a mistake of its own and a
    residual; half of them or more in nameless deposits are this payout's own.
    """
    keys = [classify(policy.accounts, member).key for member in row.members]
    held = [document for key in keys if key and (document := holdings.known.get(key))]
    nameless = [document.deposit_key for document in held if (document.deposit_key or "").startswith("ns:")]
    if not nameless or 2 * len(nameless) < len(held):
        return None
    where = ", ".join(sorted({key.removeprefix("ns:") for key in nameless if key}))
    text = f"{len(nameless)} of its {len(held)} documents in NetSuite are in deposit {where} already"
    fix = f"write {row.id} into the memo of that deposit, if it is this payout's"
    return _refuse(row, "deposit", payout_key(row.id), "DEPOSITED_ALREADY", text, fix)


def _some(ids: Collection[str]) -> str:
    first = sorted(ids)[:5]
    more = f" and {len(ids) - len(first)} more" if len(ids) > len(first) else ""
    return (", ".join(first) or "nothing") + more


def _no_bank(policy: Policy, row: PayoutRow, document: DocumentType, key: str) -> Refusal | None:
    if policy.accounts.bank_of(row.currency, row.destination) is not None:
        return None
    text = f"no NetSuite bank account is set for payouts in {row.currency.upper()}"
    return _refuse(row, document, key, "BANK_ACCOUNT_UNMAPPED", text, set_bank(row.currency, row.destination))


def _refuse(row: PayoutRow, document: DocumentType, key: str, code: str, reason: str, fix: str) -> Refusal:
    day = row.returned_date if document == "journalEntry" and row.returned_date else row.arrival_date
    created = row.created_at.date()
    return Refusal(document, key, row.id, None, row.currency, row.amount_minor, day, created, code, reason, fix)


def _deposit(policy: Policy, row: PayoutRow, part: _Part, known: Mapping[str, KnownDocument]) -> Command:
    which = f" (part {part.number} of {part.count})" if part.count > 1 else ""
    bank = policy.accounts.bank_of(row.currency, row.destination) or ""
    head = Head(part.key, bank, row.currency, row.arrival_date, f"Stripe: {row.id}{which}")
    money = format_money(row.amount_minor, row.currency)
    keys = (entry.key for entry in part.entries if entry.key)
    return Command(
        document="deposit",
        external_id=part.key,
        stripe_id=row.id,
        customer_id=None,
        currency=row.currency,
        amount_minor=part.amount_minor,
        effective_date=row.arrival_date,
        partition=row.created_at.date(),
        why=f"Stripe payout {row.id} of {money} {_BECAME[row.status]} and has no NetSuite deposit{which}",
        body={**deposit_body(head, part.entries), **stated_subsidiary(policy)},
        depends_on=tuple(key for key in keys if key not in known),
        lines=readable(part.entries),
    )


def _return(policy: Policy, row: PayoutRow, depends_on: tuple[str, ...]) -> Command:
    """The money leaves the bank account again and waits for the payout that brings it; a debit the other way round."""
    assert row.returned_date is not None
    bank, returned = policy.accounts.bank_of(row.currency, row.destination) or "", policy.accounts.returned_payouts
    debited, credited = (returned, bank) if row.amount_minor > 0 else (bank, returned)
    amount = abs(row.amount_minor)
    return Command(
        document="journalEntry",
        external_id=returned_payout_key(row.id),
        stripe_id=row.id,
        customer_id=None,
        currency=row.currency,
        amount_minor=amount,
        effective_date=row.returned_date,
        partition=row.created_at.date(),
        why=f"Stripe payout {row.id} {_BECAME[row.status]}: its money went back, and a later payout brings it again",
        body=_return_body(policy, row, debited, credited),
        depends_on=depends_on,
        lines=(PlanLine(f"debit {debited}", amount), PlanLine(f"credit {credited}", -amount)),
    )


def _return_body(policy: Policy, row: PayoutRow, debited: str, credited: str) -> dict[str, Any]:
    assert row.returned_date is not None
    amount = {"$minor": [abs(row.amount_minor), row.currency]}
    body: dict[str, Any] = {
        "externalId": returned_payout_key(row.id),
        "currency": {"$currency": row.currency},
        "tranDate": row.returned_date.isoformat(),
        "memo": f"Stripe: {row.id}",
        "line": {
            "items": [
                {"account": {"$account": debited}, "debit": amount, "memo": row.id},
                {"account": {"$account": credited}, "credit": amount, "memo": row.id},
            ]
        },
    }
    body |= subsidiary(policy)
    return body
