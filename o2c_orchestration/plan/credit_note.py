"""Stripe credit note (issued) → NetSuite credit memo, applied to what its invoice still owed."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from o2c_orchestration.domain.documents import Command, CreditNoteRow, KnownDocument, LineRow, Refusal
from o2c_orchestration.domain.keys import balance_kept_key, credit_memo_key, credit_note_key, invoice_key
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import lines
from o2c_orchestration.plan.bodies import Occasion, Part, item_document
from o2c_orchestration.plan.entity import entity_key
from o2c_orchestration.plan.outcome import Skip, refuse


def plan_credit_note(
    policy: Policy,
    row: CreditNoteRow,
    invoice_lines: Mapping[str, LineRow],
    known: Mapping[str, KnownDocument],
    planned: Collection[str],
) -> Command | Refusal | Skip:
    """The memo at its full total: the part before payment applied to the invoice, the rest left for its refunds.

    `invoice_lines` (by id) tell which price a line takes back, hence its item: the one that the invoice's line is on.
    A line that takes back none goes on `items.credit`. `planned` are keys of documents that are about to be written.
    """
    if row.total_minor == 0:
        return Skip(row.id, "nothing is credited: its total is zero")
    if row.invoice_void:
        return Skip(row.id, "its invoice is void: all that NetSuite holds open of it is taken back at once")
    entries = _entries(policy, row, invoice_lines)
    refusal = _credited_already(row, known) or _misfit(policy, row, known, planned) or _unsound(policy, row, entries)
    if refusal:
        return refusal
    why = f"Stripe credit note {row.id} on {row.invoice_id} has no NetSuite credit memo"
    what = Occasion(row.id, row.customer_id, row.currency, row.issue_date, row.created_at.date(), why)
    parts = [Part("invoice", invoice_key(row.invoice_id), row.pre_payment_minor)]
    parts.append(Part("invoice", balance_kept_key(row.id), row.balance_minor))
    applied = [part for part in parts if part.amount_minor]
    return item_document(policy, "creditMemo", credit_note_key(row.id), what, entries, applied)


def plan_note_to_balance(
    policy: Policy,
    row: CreditNoteRow,
    memo: Command | Refusal | Skip | None,
    known: Mapping[str, KnownDocument],
    planned: Collection[str],
) -> list[Command | Refusal]:
    """What a credit note brings to the customer's balance: an invoice on `items.balance`, which its memo is applied to.

    It comes only with its `memo`, and with it always: a memo that is planned again leans on it. One that NetSuite
    holds without it is not changed, and that is told.
    """
    key = balance_kept_key(row.id)
    if not row.balance_minor or entity_key(policy, row.customer_id) is None or key in known:
        return []
    if isinstance(memo, Command):
        why = f"Stripe credit note {row.id} went to the customer's balance"
        what = Occasion(row.id, row.customer_id, row.currency, row.issue_date, row.created_at.date(), why)
        entry = lines.Entry.of("To the customer's balance", row.balance_minor, policy.items.balance)
        return [item_document(policy, "invoice", key, what, [entry], [])]
    if row.id not in known or key in planned:
        return []
    document, money = known[row.id].netsuite_id, format_money(row.balance_minor, row.currency)
    text = f"its NetSuite credit memo {document} is not set against the {money} that went to the customer's balance"
    fix = f"enter an invoice over it on items.balance with the external id {key}, and apply the memo to it"
    day, customer = row.issue_date, row.customer_id
    code, amount = "MEMO_BOOKED", row.balance_minor
    return [refuse(row, "invoice", day, code, text, fix, amount_minor=amount, customer_id=customer, key=key)]


def _entries(policy: Policy, row: CreditNoteRow, invoice_lines: Mapping[str, LineRow]) -> list[lines.Entry]:
    found: list[lines.Entry] = []
    for line in row.lines:
        default = policy.items.default if line.origin else policy.items.credit
        found += lines.entries(policy, [_with_price(line, invoice_lines)], 0, 0, default, row.issue_date)
    return found + lines.entries(policy, [], row.shipping_minor, row.tax_minor, None)


def _with_price(line: LineRow, invoice_lines: Mapping[str, LineRow]) -> LineRow:
    origin = invoice_lines.get(line.origin or "")
    if origin is None:
        return line
    line = replace(line, price_id=origin.price_id, product_id=origin.product_id)
    line = replace(line, period_start=origin.period_start, period_end=origin.period_end)
    return replace(line, item=origin.item, discount_item=origin.discount_item)


def _credited_already(row: CreditNoteRow, known: Mapping[str, KnownDocument]) -> Refusal | None:
    """A refund that came first has taken the revenue back with a memo of its own: a second one would do it twice."""
    booked = [credit_memo_key(refund) for refund in row.refunds if credit_memo_key(refund) in known]
    if not booked:
        return None
    text = f"its refund was booked before it, and the credit memo {booked[0]} takes the same money back"
    fix = "drop it, or enter by hand what it takes back beyond that, with its id in the memo"
    return _refuse(row, "CREDITED_ALREADY", text, fix)


def _misfit(
    policy: Policy, row: CreditNoteRow, known: Mapping[str, KnownDocument], planned: Collection[str]
) -> Refusal | None:
    document = known.get(row.invoice_id)
    if entity_key(policy, row.customer_id) is None:
        return _refuse(row, "NO_CUSTOMER", "it has no customer in Stripe", "enter the credit memo by hand")
    if document is None and row.invoice_id not in planned:
        text = f"the invoice {row.invoice_id} that it credits has no NetSuite document"
        return _refuse(row, "INVOICE_MISSING", text, f"settle the gap of {row.invoice_id} first; it follows by itself")
    if document is None or not row.pre_payment_minor:
        return None
    fix = f"correct NetSuite invoice {document.netsuite_id}; the credit memo follows by itself"
    if document.currency is not None and document.currency != row.currency:
        text = f"NetSuite invoice {document.netsuite_id} is in {document.currency.upper()}, not {row.currency.upper()}"
        return _refuse(row, "DOES_NOT_FIT", text, fix)
    if document.remaining_minor is not None and document.remaining_minor < row.pre_payment_minor:
        left = format_money(document.remaining_minor, row.currency)
        asked = format_money(row.pre_payment_minor, row.currency)
        return _refuse(
            row, "DOES_NOT_FIT", f"NetSuite invoice {document.netsuite_id} has {left} left, not {asked}", fix
        )
    return None


def _unsound(policy: Policy, row: CreditNoteRow, entries: list[lines.Entry]) -> Refusal | None:
    difference, unmapped = row.total_minor - lines.total(entries), lines.unmapped(entries)
    if difference:
        text = f"its lines, discounts and taxes leave {format_money(difference, row.currency)} of its total unexplained"
        return _refuse(row, "UNBALANCED", text, "report the id: a kind of line is not understood yet")
    if unmapped is not None:
        text = f"no NetSuite item is set for the line {unmapped!r}"
        return _refuse(row, "ITEM_UNMAPPED", text, "set items.credit, items.default or items.prices in o2c.yaml")
    if row.balance_minor and policy.items.balance is None:
        text = "a part of it went to the customer's balance, and no NetSuite item is set for that"
        return _refuse(row, "ITEM_UNMAPPED", text, "set items.balance in o2c.yaml")
    misnamed = lines.misnamed(entries)
    return _refuse(row, *misnamed) if misnamed else None


def _refuse(row: CreditNoteRow, code: str, reason: str, fix: str) -> Refusal:
    day, amount = row.issue_date, row.total_minor
    return refuse(row, "creditMemo", day, code, reason, fix, amount_minor=amount, customer_id=row.customer_id)
