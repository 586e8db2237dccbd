"""Invoices that were voided or written off → a credit memo over what is open; paid all the same → an invoice again."""

from collections.abc import Collection, Mapping

from o2c_orchestration.domain.documents import Command, InvoiceRow, KnownDocument, PlanLine, Refusal
from o2c_orchestration.domain.keys import balance_kept_key, credit_memo_key, reinstated_invoice_key
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import lines
from o2c_orchestration.plan.bodies import Occasion, Part, item_document
from o2c_orchestration.plan.customer_balance import given_back
from o2c_orchestration.plan.entity import entity_key
from o2c_orchestration.plan.lines import Entry
from o2c_orchestration.plan.outcome import Skip, Unread, refuse

Outcome = Command | Refusal | Skip | None


def plan_closed_invoice(
    policy: Policy,
    row: InvoiceRow,
    known: Mapping[str, KnownDocument],
    planned: Collection[str],
    departed: Collection[str] = frozenset(),
) -> Outcome:
    """What a row with a `closed_date` needs besides its invoice; None where there is nothing to write.

    A void takes back what NetSuite still holds open, whatever that is: what was paid there is a gap of its own. A
    write-off takes what Stripe says was left. Nothing is written for an invoice that never was in the books; one whose
    request has left (`departed`) may be there, and is waited for.
    """
    if row.closed_date is None or entity_key(policy, row.customer_id) is None:
        return None
    if row.status == "void":
        return _void(policy, row, known, departed)
    if row.status == "uncollectible" and policy.reversals.uncollectible == "write_off":
        return _write_off(policy, row, known, planned)
    if row.status == "paid":
        return _reinstate(policy, row, known, departed)
    return None


def _void(policy: Policy, row: InvoiceRow, known: Mapping[str, KnownDocument], departed: Collection[str]) -> Outcome:
    document, key = known.get(row.id), credit_memo_key(row.id)
    if document is None and row.id in departed:
        return Unread(row.id, "whether its invoice is in NetSuite is not known yet")
    if document is None or key in known:
        return None
    left, back = document.remaining_minor, given_back(policy, row, known)
    if left is None or back is None:
        return Unread(row.id, "its NetSuite invoice has not been read back yet")
    if left + back == 0:
        return None
    if document.currency != row.currency:
        return _refuse(row, f"NetSuite invoice {document.netsuite_id} is in another currency", left)
    entries = _taken_back(policy, row, document, left + back)
    # What the customer's balance had paid of it goes back there, against an invoice that this memo settles as well.
    parts = [Part("invoice", row.id, left), Part("invoice", balance_kept_key(row.id), back)]
    why = f"Stripe invoice {row.number or row.id} is void and still open in NetSuite"
    return _memo(policy, row, entries, why, [part for part in parts if part.amount_minor])


def _taken_back(policy: Policy, row: InvoiceRow, document: KnownDocument, amount_minor: int) -> list[Entry]:
    """The invoice's own lines where all of it goes back, so that revenue and tax go back where they were booked."""
    items, day = policy.items, row.closed_date
    found = lines.entries(policy, row.lines, row.shipping_minor, row.tax_minor, items.default, day)
    whole = lines.total(found) == document.total_minor == amount_minor
    if whole and lines.misnamed(found) is None:
        return found
    return [Entry(PlanLine("What was left open of a voided invoice", amount_minor), policy.items.refund)]


def _write_off(
    policy: Policy, row: InvoiceRow, known: Mapping[str, KnownDocument], planned: Collection[str]
) -> Outcome:
    document, amount = known.get(row.id), row.amount_remaining_minor
    if credit_memo_key(row.id) in known or amount == 0 or (document is None and row.id not in planned):
        return None
    if document is not None and document.remaining_minor == 0:
        return None
    if document is not None and document.currency not in (None, row.currency):
        return _refuse(row, f"NetSuite invoice {document.netsuite_id} is in another currency", amount)
    if document is not None and document.remaining_minor is not None and document.remaining_minor < amount:
        left, wanted = (format_money(minor, row.currency) for minor in (document.remaining_minor, amount))
        text = f"NetSuite invoice {document.netsuite_id} has {left} left, not {wanted}"
        return _refuse(row, text, amount)
    entries = [Entry(PlanLine("Written off in Stripe", amount), policy.items.bad_debt)]
    why = f"Stripe invoice {row.number or row.id} is uncollectible and open in NetSuite"
    return _memo(policy, row, entries, why, [Part("invoice", row.id, amount)])


def _memo(policy: Policy, row: InvoiceRow, entries: list[Entry], why: str, parts: list[Part]) -> Outcome:
    if lines.unmapped(entries) is not None:
        return _refuse(row, f"no NetSuite item is set for {lines.unmapped(entries)!r}", lines.total(entries))
    assert row.closed_date is not None
    return item_document(policy, "creditMemo", credit_memo_key(row.id), _occasion(row, why), entries, parts)


def _reinstate(
    policy: Policy, row: InvoiceRow, known: Mapping[str, KnownDocument], departed: Collection[str]
) -> Outcome:
    """It was written off here and paid in Stripe later: the debt is booked again, so that the payment has its place."""
    memo, key = known.get(credit_memo_key(row.id)), reinstated_invoice_key(row.id)
    if memo is None and credit_memo_key(row.id) in departed:
        return Unread(row.id, "whether its write-off is in NetSuite is not known yet")
    if memo is None or key in known:
        return None
    if memo.total_minor is None:
        return Unread(row.id, "its write-off has not been read back yet")
    entries = [Entry(PlanLine("Written off, and paid after all", memo.total_minor), policy.items.bad_debt)]
    why = f"Stripe invoice {row.number or row.id} was written off and has been paid"
    return item_document(policy, "invoice", key, _occasion(row, why), entries, [])


def _occasion(row: InvoiceRow, why: str) -> Occasion:
    assert row.closed_date is not None
    day = row.paid_date if row.status == "paid" and row.paid_date else row.closed_date
    return Occasion(row.id, row.customer_id, row.currency, day, row.created_at.date(), why)


def _refuse(row: InvoiceRow, reason: str, amount_minor: int) -> Refusal:
    assert row.closed_date is not None
    fix = "correct the NetSuite invoice; the credit memo follows by itself"
    return refuse(
        row,
        "creditMemo",
        row.closed_date,
        "DOES_NOT_FIT",
        reason,
        fix,
        amount_minor=amount_minor,
        customer_id=row.customer_id,
        key=credit_memo_key(row.id),
    )
