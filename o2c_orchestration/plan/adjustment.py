"""What a customer was given, or charged, on his balance by hand → NetSuite, if the company says on which item.

Two documents that settle each other: one on `items.balance`, whose liability account holds what Stripe's balances hold,
and one on `adjustments.item`, which is revenue or cost as the company has decided. So no receivable is left, and the
customer's next invoice finds in NetSuite what Stripe takes off it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from o2c_orchestration.domain import keys
from o2c_orchestration.domain.customer_balance import AdjustmentRow
from o2c_orchestration.domain.documents import Command, KnownDocument, Refusal
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.bodies import Occasion, Part, item_document
from o2c_orchestration.plan.entity import entity_key
from o2c_orchestration.plan.lines import Entry
from o2c_orchestration.plan.outcome import refuse

Known = Mapping[str, KnownDocument]


@dataclass(frozen=True)
class _Side:
    """A document of the pair: its key, its item, the text of its line."""

    key: str
    item: str
    text: str


def plan_adjustment(policy: Policy, row: AdjustmentRow, known: Known) -> Command | Refusal | None:
    """The credit memo that is set against the other document; None where nothing is to be written."""
    sides = _sides(policy, row)
    if sides is None or sides[1].key in known:
        return None
    bill, memo = sides
    if policy.items.balance is None:
        text = "no NetSuite item is set for the customer's balance"
        return _refuse(row, memo.key, "ITEM_UNMAPPED", text, "set items.balance in o2c.yaml")
    part = Part("invoice", bill.key, abs(row.amount_minor))
    entry = Entry.of(memo.text, part.amount_minor, memo.item)
    unfit = _unfit(row, memo.key, known.get(bill.key))
    return unfit or item_document(policy, "creditMemo", memo.key, _occasion(row), [entry], [part])


def plan_adjusted(
    policy: Policy, row: AdjustmentRow, memo: Command | Refusal | None, known: Known
) -> list[Command | Refusal]:
    """The invoice that the memo is applied to. It comes only with its `memo`, and with it always."""
    sides = _sides(policy, row)
    if sides is None or not isinstance(memo, Command) or sides[0].key in known:
        return []
    entry = Entry.of(sides[0].text, abs(row.amount_minor), sides[0].item)
    return [item_document(policy, "invoice", sides[0].key, _occasion(row), [entry], [])]


def _sides(policy: Policy, row: AdjustmentRow) -> tuple[_Side, _Side] | None:
    """Invoice and credit memo, or None where the company does not book it."""
    item, since = policy.adjustments.item, policy.adjustments.since or policy.books.start
    if item is None or row.day < since or entity_key(policy, row.customer_id) is None:
        return None
    balance = policy.items.balance or ""
    if row.amount_minor < 0:
        kept = _Side(keys.balance_kept_key(row.id), balance, "To the customer's balance")
        return kept, _Side(keys.balance_given_key(row.id), item, "Given to the customer's balance")
    used = _Side(keys.balance_used_key(row.id), balance, "Off the customer's balance")
    return _Side(keys.balance_charged_key(row.id), item, "Charged to the customer's balance"), used


def _unfit(row: AdjustmentRow, key: str, bill: KnownDocument | None) -> Refusal | None:
    """Why the memo cannot be applied to an invoice that is there already: somebody has changed it or paid it."""
    if bill is None:
        return None
    name = f"NetSuite invoice {bill.netsuite_id}"
    fix = f"correct {name}; the credit memo follows by itself"
    if bill.currency not in (None, row.currency):
        return _refuse(row, key, "DOES_NOT_FIT", f"{name} is in another currency", fix)
    if bill.remaining_minor is not None and bill.remaining_minor < abs(row.amount_minor):
        left, asked = (format_money(each, row.currency) for each in (bill.remaining_minor, abs(row.amount_minor)))
        return _refuse(row, key, "DOES_NOT_FIT", f"{name} has {left} left, not {asked}", fix)
    return None


def _occasion(row: AdjustmentRow) -> Occasion:
    done = "given to" if row.amount_minor < 0 else "charged to"
    why = f"{format_money(abs(row.amount_minor), row.currency)} were {done} {row.customer_id} by hand in Stripe"
    return Occasion(row.id, row.customer_id, row.currency, row.day, row.created_at.date(), why)


def _refuse(row: AdjustmentRow, key: str, code: str, reason: str, fix: str) -> Refusal:
    amount, customer = abs(row.amount_minor), row.customer_id
    return refuse(row, "creditMemo", row.day, code, reason, fix, amount_minor=amount, customer_id=customer, key=key)
