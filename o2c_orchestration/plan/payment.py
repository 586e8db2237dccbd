"""Stripe charge (succeeded) → NetSuite customer payment, applied to the invoices it paid."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from o2c_orchestration.domain.documents import (
    CUSTOMER_DEPOSIT,
    Command,
    CustomerRow,
    KnownDocument,
    PaymentRow,
    PlanLine,
    Refusal,
)
from o2c_orchestration.domain.keys import (
    NAMED_CUSTOMER,
    balance_kept_key,
    credit_memo_key,
    invoice_key,
    overpayment_key,
    payment_key,
    reinstated_invoice_key,
    sale_key,
    stripe_id_of,
)
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.bodies import Occasion, Part, applied, item_document
from o2c_orchestration.plan.entity import entity, entity_key, leaned_on, stated_subsidiary
from o2c_orchestration.plan.lines import Entry
from o2c_orchestration.plan.named_invoice import applied_to_named, named_wrongly
from o2c_orchestration.plan.outcome import Skip, refuse

_LOOK = "look at the payment in Stripe"


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
    parts = _parts(row, known) or _sold(policy, row)
    refusal = _applied_too_much(row) or _unclear(policy, row) or _blocked(row, parts, known, planned)
    return refusal or _command(policy, row, parts)


def plan_settled(
    policy: Policy, row: PaymentRow, payment: Command | Refusal | Skip, known: Mapping[str, KnownDocument]
) -> list[Command]:
    """The invoices that come only with their `payment`, which is applied to them.

    One on `items.balance` for each invoice that it overpays: the surplus goes to the customer's balance. And the sale,
    where it pays no invoice and policy has it so.
    """
    if not isinstance(payment, Command):
        return []
    found = [_sale(policy, row) for part in _sold(policy, row) if part.key not in known]
    for part in row.applications:
        key = overpayment_key(part.invoice_id)
        if part.overpaid_minor and key not in known:
            why = f"{row.id} paid more than Stripe invoice {part.invoice_id} asked for: to the customer's balance"
            day, partition = row.payment_date, row.created_at.date()
            what = Occasion(part.invoice_id, row.customer_id, row.currency, day, partition, why)
            entry = Entry.of("To the customer's balance", part.overpaid_minor, policy.items.balance)
            found.append(item_document(policy, "invoice", key, what, [entry], []))
    return found


def _billed(row: PaymentRow) -> bool:
    """Whether it pays an invoice, of Stripe's or of NetSuite's own."""
    return bool(row.applications) or row.named is not None


def _sold(policy: Policy, row: PaymentRow) -> list[Part]:
    if _billed(row) or row.amount_minor <= 0 or policy.reversals.uninvoiced != "sale":
        return []
    return [Part("invoice", sale_key(row.id), row.amount_minor)]


def _sale(policy: Policy, row: PaymentRow) -> Command:
    why = f"{row.id} pays no invoice in Stripe: it is a sale"
    what = Occasion(row.id, row.customer_id, row.currency, row.payment_date, row.created_at.date(), why)
    line = Entry.of(f"Payment {row.id}", row.amount_minor, policy.items.default)
    return item_document(policy, "invoice", sale_key(row.id), what, [line], [])


def beyond(row: PaymentRow) -> bool | None:
    """Whether what was overpaid comes on top of what its invoices claim; False: it is in it. None: neither fits."""
    rest = row.amount_minor - sum(part.amount_minor for part in row.applications)
    overpaid = sum(part.overpaid_minor for part in row.applications)
    return True if rest >= overpaid else False if rest == 0 else None


def _parts(row: PaymentRow, known: Mapping[str, KnownDocument]) -> list[Part]:
    """What the customer owed on the balance comes first, then the invoice, then what goes to the balance."""
    found = []
    for part in row.applications:
        own = part.amount_minor - part.collected_minor - (0 if beyond(row) else part.overpaid_minor)
        found.append(Part("invoice", balance_kept_key(part.invoice_id), part.collected_minor))
        found.append(Part("invoice", target_of(part.invoice_id, own, known), own))
        found.append(Part("invoice", overpayment_key(part.invoice_id), part.overpaid_minor))
    return [part for part in found if part.amount_minor]


def _unclear(policy: Policy, row: PaymentRow) -> Refusal | None:
    if beyond(row) is None or any(part.amount_minor < 0 for part in _parts(row, {})):
        text = "it is not clear which part of it went to the customer's balance: neither what its invoices claim is"
        return _refuse(row, "OVERPAYMENT_UNCLEAR", f"{text} the whole payment, nor is the rest enough", _LOOK)
    if policy.items.balance is None and any(part.overpaid_minor for part in row.applications):
        text = "a part of it went to the customer's balance, and no NetSuite item is set for that"
        return _refuse(row, "ITEM_UNMAPPED", text, "set items.balance in o2c.yaml")
    if policy.items.default is None and _sold(policy, row):
        text = "it pays no invoice and is a sale, and no NetSuite item is set for that"
        return _refuse(row, "ITEM_UNMAPPED", text, "set items.default in o2c.yaml")
    return None


def _nobodys(
    policy: Policy, row: PaymentRow, customers: Mapping[str, CustomerRow], known: Mapping[str, KnownDocument]
) -> bool:
    if row.customer_id is None or policy.customers.mode == "global":
        return entity_key(policy, row.customer_id) is None
    if row.customer_id.startswith(NAMED_CUSTOMER):
        return False  # Whether NetSuite has him is looked at with what metadata of others names.
    return row.customer_id not in customers and row.customer_id not in known


def _without_invoice(policy: Policy, row: PaymentRow) -> Refusal | Skip | None:
    """A charge that pays no invoice waits until Stripe was asked for one, and goes the way that policy says."""
    if not row.looked_up:
        return Skip(row.id, "Stripe has not been asked yet which invoice it pays")
    if row.named is not None:
        wrong = named_wrongly(row, row.named)
        return _refuse(row, "INVOICE_NAMED", *wrong) if wrong else None
    if policy.reversals.uninvoiced == "refuse":
        fix = "enter it by hand, or set reversals.uninvoiced in o2c.yaml: unapplied, deposit or sale"
        return _refuse(row, "NO_INVOICE", "it pays no invoice", fix)
    return None


def _refuse(row: PaymentRow, code: str, reason: str, fix: str) -> Refusal:
    day, money = row.payment_date, row.amount_minor
    return refuse(row, "customerPayment", day, code, reason, fix, amount_minor=money, customer_id=row.customer_id)


def _applied_too_much(row: PaymentRow) -> Refusal | None:
    claimed = sum(part.amount_minor for part in row.applications)
    if claimed <= row.amount_minor:
        return None
    text = f"its invoices claim {format_money(claimed, row.currency)} of {format_money(row.amount_minor, row.currency)}"
    return _refuse(row, "OVER_APPLIED", text, _LOOK)


def _blocked(
    row: PaymentRow, parts: Sequence[Part], known: Mapping[str, KnownDocument], planned: Collection[str]
) -> Refusal | None:
    with_it = {sale_key(row.id), *(overpayment_key(part.invoice_id) for part in row.applications)}
    for part in parts:
        document = known.get(part.key)
        if document is None and part.key not in planned and part.key not in with_it:
            invoice = stripe_id_of(part.key)
            text = f"the invoice {invoice} that it pays has no NetSuite document"
            fix = f"settle the gap of {invoice} first; the payment follows by itself"
            return _refuse(row, "INVOICE_MISSING", text, fix)
        unfit = document and misfit(row.currency, part, document)
        if unfit:
            fix = f"correct NetSuite invoice {document.netsuite_id}; the payment follows by itself" if document else ""
            return _refuse(row, "DOES_NOT_FIT", unfit, fix)
    return None


def misfit(currency: str, part: Part, document: KnownDocument) -> str | None:
    """Why an invoice's document cannot take this part of a payment in a currency, or None: it can."""
    if document.currency is not None and document.currency != currency:
        return f"NetSuite invoice {document.netsuite_id} is in {document.currency.upper()}, not {currency.upper()}"
    if document.remaining_minor is not None and document.remaining_minor < part.amount_minor:
        left = format_money(document.remaining_minor, currency)
        asked = format_money(part.amount_minor, currency)
        return f"NetSuite invoice {document.netsuite_id} has {left} left, not {asked}"
    return None


def target_of(invoice_id: str, amount_minor: int, known: Mapping[str, KnownDocument]) -> str:
    """The key of the invoice to pay: where it was written off, the one that restored what the write-off took."""
    invoice = known.get(invoice_id)
    written_off = credit_memo_key(invoice_id) in known
    if written_off and invoice and invoice.remaining_minor is not None and invoice.remaining_minor < amount_minor:
        return reinstated_invoice_key(invoice_id)
    return invoice_key(invoice_id)


def _command(policy: Policy, row: PaymentRow, parts: Sequence[Part]) -> Command:
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
        depends_on=(*leaned_on(policy, row.customer_id), *(part.key for part in parts)),
        lines=tuple(PlanLine(f"applied to {part.key}", part.amount_minor) for part in parts)
        or (PlanLine(_elsewhere(policy, row), row.amount_minor),),
    )


def _elsewhere(policy: Policy, row: PaymentRow) -> str:
    if row.named is not None:
        return f"applied to NetSuite invoice {row.named.netsuite_id}, by its metadata"
    return f"{'a customer deposit' if _owed(policy, row) else 'not applied'}: it pays no invoice"


def _owed(policy: Policy, row: PaymentRow) -> bool:
    """Whether it is kept as a customer deposit."""
    return not _billed(row) and policy.reversals.uninvoiced == "deposit"


def _body(policy: Policy, row: PaymentRow, parts: Sequence[Part]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "externalId": payment_key(row.id),
        "customer": entity(policy, row.customer_id),
        "currency": {"$currency": row.currency},
        "tranDate": row.payment_date.isoformat(),
        "payment": {"$minor": [row.amount_minor, row.currency]},
        **({"$record": CUSTOMER_DEPOSIT} if _owed(policy, row) else {"autoApply": False}),
        "memo": f"Stripe: {row.id}",
        **stated_subsidiary(policy),
    }
    if parts:
        body["apply"] = applied(parts, row.currency)
    if row.named is not None:
        body["apply"] = applied_to_named(row, row.named)
    if policy.netsuite.payment_account is not None:
        body["account"] = {"$account": policy.netsuite.payment_account}
    return body
