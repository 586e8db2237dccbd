"""What a customer's balance pays of an invoice, and what an invoice brings to it → NetSuite, on `items.balance`.

The item stands on a liability account, which holds what Stripe's balances hold: a credit memo `cb-…` takes from it and
lowers the receivable, an invoice `bi-…` adds to it, against a receivable that the document beside it settles. The
other way round where a void takes it back.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from o2c_orchestration.domain import keys
from o2c_orchestration.domain.documents import Command, DocumentType, InvoiceRow, KnownDocument, PlanLine, Refusal
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import lines
from o2c_orchestration.plan.bodies import Occasion, Part, item_document
from o2c_orchestration.plan.entity import entity_key
from o2c_orchestration.plan.lines import Entry
from o2c_orchestration.plan.outcome import Unread, refuse

Outcome = Command | Refusal | Unread
Known = Mapping[str, KnownDocument]


def plan_balance(policy: Policy, row: InvoiceRow, known: Known, planned: Collection[str]) -> list[Outcome]:
    """Documents of what an invoice did to its customer's balance, as far as NetSuite lacks them.

    Nothing for an invoice that is neither in NetSuite nor among the `planned`: its own gap tells that.
    """
    if entity_key(policy, row.customer_id) is None or row.issue_date is None or row.status == "draft":
        return []
    if is_credit(row):
        return _credit(policy, row, known)
    if row.id not in known and row.id not in planned:
        return []
    if row.status == "void":
        return _void(policy, row, known)
    found = _at_issue(policy, row, known)
    return found + _overpaid(row, known, planned)


def is_credit(row: InvoiceRow) -> bool:
    """Whether its total is below zero and all of it went to the customer's balance."""
    return row.total_minor < 0 and row.balance_minor == row.total_minor


def given_back(policy: Policy, row: InvoiceRow, known: Known) -> int | None:
    """Minor units that a void gives back to the balance: what the memo took. None while that was not read back."""
    memo, kept = known.get(keys.balance_used_key(row.id)), known.get(keys.balance_kept_key(row.id))
    if row.balance_minor <= 0 or memo is None or policy.items.balance is None:
        return 0
    return memo.total_minor if kept is None else kept.remaining_minor


def _at_issue(policy: Policy, row: InvoiceRow, known: Known) -> list[Outcome]:
    assert row.issue_date is not None
    day, number = row.issue_date, row.number or row.id
    if row.balance_minor > 0 and keys.balance_used_key(row.id) not in known:
        why = f"the customer's balance paid a part of Stripe invoice {number}"
        part = Part("invoice", keys.invoice_key(row.id), row.balance_minor)
        return [_unfit(row, known, part) or _used(policy, row, day, why, part)]
    if row.balance_minor < 0 and keys.balance_kept_key(row.id) not in known:
        why = f"Stripe invoice {number} collects what the customer owed on the balance"
        return [_kept(policy, row, day, why, -row.balance_minor)]
    return []


def _unfit(row: InvoiceRow, known: Known, part: Part) -> Refusal | None:
    """Why the memo cannot take this part of the document. What strangers took of it may be the same money."""
    document = known.get(part.key)
    if document is None:
        return None
    name, asked = f"NetSuite invoice {document.netsuite_id}", format_money(part.amount_minor, row.currency)
    fix = f"correct {name}; the credit memo follows by itself"
    if document.currency not in (None, row.currency):
        return _refuse(row, keys.balance_used_key(row.id), "DOES_NOT_FIT", f"{name} is in another currency", fix)
    if part.key == row.id and document.total_minor not in (None, row.total_minor):
        text = f"{name} is over another amount than Stripe's, perhaps less what the balance paid"
        return _refuse(row, keys.balance_used_key(row.id), "DOES_NOT_FIT", text, fix)
    if document.strange_minor:
        text = f"{name} is credited by a memo that names nothing in Stripe; it may be what the balance paid"
        key = keys.balance_used_key(row.id)
        fix = f"if it is, give that memo the external id {key}; if not, one that says what it is for"
        return _refuse(row, key, "CREDITED_ALREADY", text, fix)
    if document.remaining_minor is not None and document.remaining_minor < part.amount_minor:
        text = f"{name} has {format_money(document.remaining_minor, row.currency)} left, not {asked}"
        return _refuse(row, keys.balance_used_key(row.id), "DOES_NOT_FIT", text, fix)
    return None


def _void(policy: Policy, row: InvoiceRow, known: Known) -> list[Outcome]:
    """Stripe gives the balance back: so does this, as far as NetSuite holds that it was used."""
    assert row.issue_date is not None
    day, number = row.closed_date or row.issue_date, row.number or row.id
    used, kept = keys.balance_used_key(row.id), keys.balance_kept_key(row.id)
    back = given_back(policy, row, known)
    if back and kept not in known:
        if keys.credit_memo_key(row.id) in known:
            text = "it was closed in NetSuite before, and nothing there is left to set the balance against"
            fix = f"enter the invoice {kept} and a credit memo for it by hand"
            return [_refuse(row, kept, "CLOSED_BEFORE", text, fix, document="invoice")]
        why = f"Stripe invoice {number} is void and gave back what the customer's balance had paid"
        return [_kept(policy, row, day, why, back)]
    debit = known.get(kept)
    if row.balance_minor < 0 and debit is not None and used not in known:
        if debit.total_minor is None:
            return [Unread(row.id, f"its NetSuite invoice {kept} has not been read back yet")]
        why = f"Stripe invoice {number} is void and no longer collects what the customer owed on the balance"
        part = Part("invoice", kept, debit.total_minor)
        return [_unfit(row, known, part) or _used(policy, row, day, why, part)]
    return []


def _credit(policy: Policy, row: InvoiceRow, known: Known) -> list[Outcome]:
    """An invoice below zero is a credit memo of its lines, set against what goes to the balance."""
    assert row.issue_date is not None
    memo, kept, number = keys.negative_invoice_key(row.id), keys.balance_kept_key(row.id), row.number or row.id
    if memo in known:
        return []
    positive = lines.entries(policy, row.lines, row.shipping_minor, row.tax_minor, policy.items.default)
    entries = [replace(each, line=PlanLine(each.line.text, -each.line.amount_minor)) for each in positive]
    difference, unmapped = -row.total_minor - lines.total(entries), lines.unmapped(entries)
    if difference:
        text = f"its lines leave {format_money(difference, row.currency)} of its total unexplained"
        return [_refuse(row, memo, "UNBALANCED", text, "report the id: a kind of line is not understood yet")]
    if unmapped is not None:
        text = f"no NetSuite item is set for the line {unmapped!r}"
        return [_refuse(row, memo, "ITEM_UNMAPPED", text, "set items.default or items.prices in o2c.yaml")]
    misnamed = lines.misnamed(entries)
    if misnamed is not None:
        return [_refuse(row, memo, *misnamed)]
    against = _kept(policy, row, row.issue_date, f"Stripe invoice {number} is below zero: a credit", -row.total_minor)
    what = _occasion(row, row.issue_date, f"Stripe invoice {number} is below zero and has no NetSuite credit memo")
    part = Part("invoice", kept, -row.total_minor)
    command = item_document(policy, "creditMemo", memo, what, entries, [part])
    if isinstance(against, Refusal):
        return [against]
    return [command] if kept in known else [against, command]


def _overpaid(row: InvoiceRow, known: Known, planned: Collection[str]) -> list[Outcome]:
    """The document is planned with its payment. A payment that stands without it is not changed, and that is told."""
    key = keys.overpayment_key(row.id)
    booked = row.payers and row.payers[-1] in known
    if row.overpaid_minor <= 0 or key in known or key in planned or not booked:
        return []
    money = format_money(row.overpaid_minor, row.currency)
    text = f"its payment {row.payers[-1]} is in NetSuite without the {money} that went to the customer's balance"
    fix = f"enter an invoice over it on items.balance with the external id {key}, and apply the payment to it"
    return [_refuse(row, key, "PAYMENT_BOOKED", text, fix, document="invoice", amount_minor=row.overpaid_minor)]


def _used(policy: Policy, row: InvoiceRow, day: date, why: str, part: Part) -> Outcome:
    key = keys.balance_used_key(row.id)
    entry = Entry.of("Customer balance", part.amount_minor, policy.items.balance)
    if policy.items.balance is None:
        return unmapped_balance(row, "creditMemo", key, day, part.amount_minor)
    return item_document(policy, "creditMemo", key, _occasion(row, day, why), [entry], [part])


def _kept(policy: Policy, row: InvoiceRow, day: date, why: str, amount_minor: int) -> Outcome:
    key = keys.balance_kept_key(row.id)
    entry = Entry.of("To the customer's balance", amount_minor, policy.items.balance)
    if policy.items.balance is None:
        return unmapped_balance(row, "invoice", key, day, amount_minor)
    return item_document(policy, "invoice", key, _occasion(row, day, why), [entry], [])


def unmapped_balance(row: InvoiceRow, document: DocumentType, key: str, day: date, amount_minor: int) -> Refusal:
    """A document on `items.balance`, which is not set."""
    text, fix = "no NetSuite item is set for the customer's balance", "set items.balance in o2c.yaml"
    code, customer = "ITEM_UNMAPPED", row.customer_id
    return refuse(row, document, day, code, text, fix, amount_minor=amount_minor, customer_id=customer, key=key)


def _occasion(row: InvoiceRow, day: date, why: str) -> Occasion:
    return Occasion(row.id, row.customer_id, row.currency, day, row.created_at.date(), why)


def _refuse(
    row: InvoiceRow,
    key: str,
    code: str,
    reason: str,
    fix: str,
    *,
    document: DocumentType = "creditMemo",
    amount_minor: int | None = None,
) -> Refusal:
    day = (row.closed_date if row.status == "void" else None) or row.issue_date or row.created_at.date()
    amount = abs(row.balance_minor) if amount_minor is None else amount_minor
    return refuse(row, document, day, code, reason, fix, amount_minor=amount, customer_id=row.customer_id, key=key)
