"""Stripe charge (succeeded) → NetSuite customer payment, applied to the invoices it paid."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from o2c_orchestration.domain.documents import (
    ApplicationRow,
    Command,
    CustomerRow,
    KnownDocument,
    PaymentRow,
    PlanLine,
    Refusal,
)
from o2c_orchestration.domain.keys import (
    credit_memo_key,
    invoice_key,
    payment_key,
    reinstated_invoice_key,
)
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.entity import entity, entity_key, leaned_on
from o2c_orchestration.plan.outcome import Skip, refuse


def plan_payment(
    policy: Policy,
    row: PaymentRow,
    customers: Mapping[str, CustomerRow],
    known: Mapping[str, KnownDocument],
    planned: Collection[str],
) -> Command | Refusal | Skip:
    """The payment's document: gross, in the customer's currency, dated in the books' time zone.

    `planned` are the invoices that this very plan writes. An application is never clamped to what is left
    on an invoice: what does not fit is refused, since the difference is somebody's mistake.
    """
    if not row.applications:
        undecided = _without_invoice(policy, row)
        if undecided:
            return undecided
    if _nobodys(policy, row, customers, known):
        text = "it has no customer in Stripe"
        return _refuse(row, "NO_CUSTOMER", text, "enter it by hand, or name customers.global in o2c.yaml")
    refusal = _applied_too_much(row) or _blocked(row, known, planned)
    return refusal or _command(policy, row, known)


def _nobodys(
    policy: Policy, row: PaymentRow, customers: Mapping[str, CustomerRow], known: Mapping[str, KnownDocument]
) -> bool:
    if row.customer_id is None or policy.customers.mode == "global":
        return entity_key(policy, row.customer_id) is None
    return row.customer_id not in customers and row.customer_id not in known


def _without_invoice(policy: Policy, row: PaymentRow) -> Refusal | Skip | None:
    """A charge that pays no invoice waits until Stripe was asked for one, and goes the way that policy says."""
    if not row.looked_up:
        return Skip(row.id, "Stripe has not been asked yet which invoice it pays")
    if policy.reversals.uninvoiced == "refuse":
        fix = "enter it by hand, or set reversals.uninvoiced: unapplied in o2c.yaml"
        return _refuse(row, "NO_INVOICE", "it pays no invoice", fix)
    return None


def _refuse(row: PaymentRow, code: str, reason: str, fix: str) -> Refusal:
    day, money = row.payment_date, row.amount_minor
    return refuse(row, "customerPayment", day, code, reason, fix, amount_minor=money, customer_id=row.customer_id)


def _applied_too_much(row: PaymentRow) -> Refusal | None:
    applied = sum(part.amount_minor for part in row.applications)
    if applied <= row.amount_minor:
        return None
    text = f"its invoices claim {format_money(applied, row.currency)} of {format_money(row.amount_minor, row.currency)}"
    return _refuse(row, "OVER_APPLIED", text, "look at the payment in Stripe")


def _blocked(row: PaymentRow, known: Mapping[str, KnownDocument], planned: Collection[str]) -> Refusal | None:
    for part in row.applications:
        target = target_of(part, known)
        document = known.get(target)
        if document is None and target not in planned:
            text = f"the invoice {part.invoice_id} that it pays has no NetSuite document"
            fix = f"settle the gap of {part.invoice_id} first; the payment follows by itself"
            return _refuse(row, "INVOICE_MISSING", text, fix)
        unfit = document and misfit(row.currency, part, document)
        if unfit:
            fix = f"correct NetSuite invoice {document.netsuite_id}; the payment follows by itself" if document else ""
            return _refuse(row, "DOES_NOT_FIT", unfit, fix)
    return None


def misfit(currency: str, part: ApplicationRow, document: KnownDocument) -> str | None:
    """Why an invoice's document cannot take this part of a payment in a currency, or None: it can."""
    if document.currency is not None and document.currency != currency:
        return f"NetSuite invoice {document.netsuite_id} is in {document.currency.upper()}, not {currency.upper()}"
    if document.remaining_minor is not None and document.remaining_minor < part.amount_minor:
        left = format_money(document.remaining_minor, currency)
        asked = format_money(part.amount_minor, currency)
        return f"NetSuite invoice {document.netsuite_id} has {left} left, not {asked}"
    return None


def target_of(part: ApplicationRow, known: Mapping[str, KnownDocument]) -> str:
    """The key of the invoice to pay: where it was written off, the one that restored what the write-off took."""
    invoice = known.get(part.invoice_id)
    written_off = credit_memo_key(part.invoice_id) in known
    if written_off and invoice and invoice.remaining_minor is not None and invoice.remaining_minor < part.amount_minor:
        return reinstated_invoice_key(part.invoice_id)
    return invoice_key(part.invoice_id)


def _command(policy: Policy, row: PaymentRow, known: Mapping[str, KnownDocument]) -> Command:
    parts = [(target_of(part, known), part) for part in row.applications]
    return Command(
        document="customerPayment",
        external_id=payment_key(row.id),
        stripe_id=row.id,
        customer_id=row.customer_id,
        currency=row.currency,
        amount_minor=row.amount_minor,
        effective_date=row.payment_date,
        partition=row.created_at.date(),
        why=f"Stripe charge {row.id} succeeded and has no NetSuite payment",
        body=_body(policy, row, parts),
        depends_on=(*leaned_on(policy, row.customer_id), *(target for target, _ in parts)),
        lines=tuple(PlanLine(f"applied to {target}", part.amount_minor) for target, part in parts)
        or (PlanLine("not applied: it pays no invoice", row.amount_minor),),
    )


def _body(policy: Policy, row: PaymentRow, parts: Sequence[tuple[str, ApplicationRow]]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "externalId": payment_key(row.id),
        "customer": entity(policy, row.customer_id),
        "currency": {"$currency": row.currency},
        "tranDate": row.payment_date.isoformat(),
        "payment": {"$minor": [row.amount_minor, row.currency]},
        "autoApply": False,
        "memo": f"Stripe: {row.id}",
    }
    if parts:
        body["apply"] = {"items": [_apply(target, part, row.currency) for target, part in parts]}
    if policy.netsuite.payment_account is not None:
        body["account"] = {"$account": policy.netsuite.payment_account}
    return body


def _apply(target: str, part: ApplicationRow, currency: str) -> dict[str, Any]:
    return {
        "doc": {"$document": ["invoice", target]},
        "apply": True,
        "amount": {"$minor": [part.amount_minor, currency]},
    }
