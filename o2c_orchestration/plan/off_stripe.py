"""What was paid of an invoice outside Stripe → NetSuite customer payment on the account that its money reached."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from o2c_orchestration.domain.documents import Command, KnownDocument, Refusal
from o2c_orchestration.domain.keys import off_stripe_key
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.off_stripe import OffStripeRow
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.bodies import Occasion, Part, payment_document
from o2c_orchestration.plan.entity import entity_key
from o2c_orchestration.plan.outcome import refuse
from o2c_orchestration.plan.payment import misfit, target_of


def plan_off_stripe(
    policy: Policy, row: OffStripeRow, known: Mapping[str, KnownDocument], planned: Collection[str]
) -> Command | Refusal:
    """The payment of an invoice that is paid, applied to it as a charge's would be; it never belongs to a payout.

    A document is not changed once it is written, so what was paid of an invoice in part waits for the rest.
    """
    refusal = _undecided(policy, row) or _uncertain(policy, row)
    if refusal is not None:
        return refusal
    part = Part("invoice", target_of(row.id, row.amount_minor, known), row.amount_minor)
    return _blocked(row, part, known, planned) or _command(policy, row, part)


def _undecided(policy: Policy, row: OffStripeRow) -> Refusal | None:
    if policy.off_stripe.account is not None:
        return None
    text = f"{format_money(row.amount_minor, row.currency)} of it was paid outside Stripe"
    fix = f"enter the payment by hand with {row.id} in its memo, or set off_stripe.account in o2c.yaml"
    return _refuse(row, "PAID_OUTSIDE_STRIPE", text, fix)


def _uncertain(policy: Policy, row: OffStripeRow) -> Refusal | None:
    """Whatever is not to the cent is not written: the amount, the day, who paid."""
    money = format_money(row.amount_minor, row.currency)
    if entity_key(policy, row.customer_id) is None:
        return _refuse(row, "NO_CUSTOMER", "it has no customer in Stripe", "enter the payment by hand")
    if row.status != "paid" or row.payment_date is None:
        text = f"{money} of it was paid outside Stripe, and the rest is still open"
        return _refuse(row, "PAID_IN_PART", text, "it is booked once the invoice is paid; until then the gap says so")
    if row.by_stripe_minor + row.amount_minor != row.paid_minor:
        found = format_money(row.by_stripe_minor, row.currency)
        whole = format_money(row.paid_minor, row.currency)
        text = f"{money} of it was paid outside Stripe and {found} by payments in Stripe, which is not the {whole} paid"
        return _refuse(row, "PAYMENTS_DO_NOT_ADD_UP", text, "look at the payments of the invoice in Stripe")
    return None


def _blocked(
    row: OffStripeRow, part: Part, known: Mapping[str, KnownDocument], planned: Collection[str]
) -> Refusal | None:
    document = known.get(part.key)
    if document is None and part.key not in planned:
        text = f"the invoice {part.key} that it pays has no NetSuite document"
        return _refuse(row, "INVOICE_MISSING", text, f"settle the gap of {row.id} first; the payment follows by itself")
    unfit = document and misfit(row.currency, part, document)
    if document and unfit:
        fix = f"correct NetSuite invoice {document.netsuite_id}; the payment follows by itself"
        return _refuse(row, "DOES_NOT_FIT", unfit, fix)
    return None


def _command(policy: Policy, row: OffStripeRow, part: Part) -> Command:
    assert row.payment_date is not None
    why = f"Stripe invoice {row.id} was paid outside Stripe and has no NetSuite payment"
    what = Occasion(row.id, row.customer_id, row.currency, row.payment_date, row.created_at.date(), why)
    command = payment_document(policy, off_stripe_key(row.id), what, row.amount_minor, [part])
    return replace(command, body={**command.body, "account": {"$account": policy.off_stripe.account}})


def _refuse(row: OffStripeRow, code: str, reason: str, fix: str) -> Refusal:
    return refuse(
        row,
        "customerPayment",
        row.payment_date or row.created_at.date(),
        code,
        reason,
        fix,
        amount_minor=row.amount_minor,
        customer_id=row.customer_id,
        key=off_stripe_key(row.id),
    )
