"""What customers have to their credit or owe with their next invoice: given by hand or credit notes, used by invoices.

A negative balance is a credit to the customer, as on Stripe's wire.
"""

from __future__ import annotations

from o2c_orchestration.sandbox.stripe import form, money_shapes
from o2c_orchestration.sandbox.stripe.errors import StripeError, no_such
from o2c_orchestration.sandbox.stripe.form import Params, required
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import Cursor, StripeStore, Wire

# What Stripe charges at least, in minor units; of other currencies nothing is too small here.
CHARGE_MIN = {"usd": 50, "eur": 50, "gbp": 30, "cad": 50}


def create(ledger: Ledger, customer: str, params: Params) -> Wire:
    """POST /v1/customers/{id}/balance_transactions: an adjustment by hand.

    Raises StripeError for another currency than the customer's.
    """
    form.only(params, ("amount", "currency", "description", "metadata"))
    amount = form.to_integer("amount", required(params, "amount"))
    fields = {
        "currency": required(params, "currency").lower(),
        "description": form.text(params, "description"),
        "metadata": form.metadata(params),
        "type": "adjustment",
    }
    return move(ledger, ledger.at("customer", customer), amount, fields)


def update(ledger: Ledger, path: str, params: Params) -> Wire:
    """POST /v1/customers/{id}/balance_transactions/{id}: description and metadata."""
    form.only(params, ("description", "metadata"))
    wire = of_customer(ledger.store, path)
    if "description" in params:
        wire["description"] = form.text(params, "description")
    if "metadata" in params:
        wire["metadata"] = form.metadata(params, wire.get("metadata"))
    ledger.store.save(wire)
    return wire


def of_customer(store: StripeStore, path: str) -> Wire:
    """The transaction of `cus_…/cbtxn_…`. Raises StripeError when that customer has none such."""
    customer, _, identifier = path.partition("/")
    wire = store.get(identifier, "customer_balance_transaction")
    if wire is None or wire["customer"] != customer:
        raise no_such("customer balance transaction", identifier, param="transaction")
    return wire


def move(ledger: Ledger, customer: Wire, amount: int, fields: Wire) -> Wire:
    """Change a customer's balance by `amount`; `fields` hold at least currency and type.

    Raises StripeError for a deleted customer, or for another currency than the customer's.
    """
    if customer.get("deleted"):
        raise no_such("customer", customer["id"], param="customer")
    ours = customer.get("currency") or fields["currency"]
    if ours != fields["currency"]:
        message = f"You cannot combine currencies on a single customer. This customer has a balance in {ours}."
        raise StripeError(400, message, param="currency")
    ending = (customer.get("balance") or 0) + amount
    wire = money_shapes.customer_balance_transaction(
        ledger.new_id("cbtxn"), ledger.now, customer, {**fields, "amount": amount, "ending_balance": ending}
    )
    ledger.store.save(wire)
    # Stripe announces the customer only.
    ledger.changed(customer, {"balance": ending, "currency": ours}, "customer.updated")
    return wire


def apply(ledger: Ledger, invoice: Wire) -> None:
    """Let an invoice that is being finalized use its customer's balance: starting, ending and due amounts.

    A total below zero becomes a credit; what is too small to be charged waits for the next invoice. Not saved.
    """
    customer = ledger.store.get(invoice["customer"] or "", "customer") or {}
    same = (customer.get("currency") or invoice["currency"]) == invoice["currency"]
    starting = (customer.get("balance") or 0) if same else 0
    total = invoice["total"]
    due = max(total + starting, 0) if total >= 0 else 0
    moved = total - due
    kind = "applied_to_invoice"
    if 0 < due < CHARGE_MIN.get(invoice["currency"], 0):
        moved, due, kind = moved + due, 0, "invoice_too_small"
    invoice |= {"starting_balance": starting, "ending_balance": starting + moved}
    invoice |= {"amount_due": due, "amount_remaining": due}
    if moved:
        move(ledger, customer, moved, {"currency": invoice["currency"], "invoice": invoice["id"], "type": kind})


def keep_surplus(ledger: Ledger, invoice: Wire, amount: int) -> None:
    """Credit the customer with what was paid beyond an invoice; not saved there."""
    customer = ledger.must("customer", invoice["customer"])
    fields = {"currency": invoice["currency"], "invoice": invoice["id"], "type": "invoice_overpaid"}
    move(ledger, customer, -amount, fields)
    invoice["amount_overpaid"] += amount


def unapply(ledger: Ledger, invoice: Wire) -> None:
    """Give back what a voided invoice used of its customer's balance."""
    where = ["owner = ?", "kind IN ('applied_to_invoice', 'invoice_too_small')"]
    for applied in ledger.store.find("customer_balance_transaction", where, [invoice["id"]], Cursor(1)):
        customer = ledger.store.get(invoice["customer"], "customer")
        if customer is not None and not customer.get("deleted"):
            fields = {"currency": invoice["currency"], "invoice": invoice["id"], "type": "unapplied_from_invoice"}
            move(ledger, customer, -applied["amount"], fields)
