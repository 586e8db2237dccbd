"""NetSuite records that were kept before the product came: customers, invoices and payments.

What belongs here: record/v1 create bodies of right documents in both styles of bookkeeping. Mistakes are made
from these by mistakes.py. A `_key` names a record; `{"id": "@key"}` refers to one loaded earlier.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from .catalog import Wire
from .currencies import NETSUITE_CURRENCY, wire_amount
from .invoices import Bill, books_date
from .lines import Line

SUBSIDIARY = "1"
ITEM, DISCOUNT_ITEM, TAX_ITEM = "1", "2", "3"


@dataclass
class Books:
    """The records by kind, in the order they have to be loaded."""

    customers: dict[str, Wire] = field(default_factory=dict)
    invoices: list[Wire] = field(default_factory=list)
    payments: list[Wire] = field(default_factory=list)
    memos: list[Wire] = field(default_factory=list)
    refunds: list[Wire] = field(default_factory=list)
    deposits: list[Wire] = field(default_factory=list)

    def know(self, customer: Wire, *currencies: str) -> str:
        """The key of a customer's record, made on first need; further currencies join those it has."""
        body = self.customers.setdefault(customer["id"], _customer_body(customer, len(self.customers) + 1))
        for currency in currencies or (customer["currency"],):
            reference = {"currency": {"id": NETSUITE_CURRENCY[currency]}}
            if reference not in body["currencyList"]["items"]:
                body["currencyList"]["items"].append(reference)
            body.setdefault("currency", reference["currency"])
        return str(body["_key"])

    def keep_invoice(self, body: Wire) -> str:
        """Add an invoice; its key."""
        return self._keep(self.invoices, "invoice", body)

    def keep_payment(self, body: Wire) -> str:
        """Add a payment; its key."""
        return self._keep(self.payments, "payment", body)

    def keep_memo(self, body: Wire) -> str:
        """Add a credit memo; its key."""
        return self._keep(self.memos, "memo", body)

    def keep_refund(self, body: Wire) -> str:
        """Add a customer refund; its key."""
        return self._keep(self.refunds, "refund", body)

    def keep_deposit(self, body: Wire) -> str:
        """Add a deposit; its key."""
        return self._keep(self.deposits, "deposit", body)

    def records(self) -> list[Wire]:
        """Everything as `{"recordType", "body"}`, each kind after those that it refers to."""
        kinds = (
            ("customer", list(self.customers.values())),
            ("invoice", self.invoices),
            ("customerPayment", self.payments),
            ("creditMemo", self.memos),
            ("customerRefund", self.refunds),
            ("deposit", self.deposits),
        )
        return [{"recordType": kind, "body": body} for kind, bodies in kinds for body in bodies]

    @staticmethod
    def _keep(records: list[Wire], kind: str, body: Wire) -> str:
        records.append(body)
        body["_key"] = f"{kind}-{len(records)}"
        return str(body["_key"])


def reference(key: str) -> Wire:
    """A reference to a record loaded earlier."""
    return {"id": f"@{key}"}


def invoice_body(bill: Bill, customer_key: str, style: str) -> Wire:
    """A right invoice, to the cent: dated in the books' zone, a line per Stripe line, discount and tax apart.

    `style` is `connector` (external id), `hand_memo`, `hand_number` or `hand_reference`.
    """
    invoice = bill.invoice
    body = plain_document(customer_key, bill.currency, bill.issue_date, item_lines(bill.lines, bill.currency))
    if invoice["due_date"]:
        body["dueDate"] = books_date(invoice["due_date"]).isoformat()
    return {**body, **_link(invoice, style, bill.issue_date)}


def item_lines(lines: list[Line], currency: str) -> list[Wire]:
    """A line per Stripe line, then discount and tax apart."""
    items = [item_line(ITEM, line.amount - line.inclusive_tax, currency, line.description) for line in lines]
    discount, tax = sum(line.discount for line in lines), sum(tax.amount for line in lines for tax in line.taxes)
    if discount:
        items.append(item_line(DISCOUNT_ITEM, -discount, currency, "Discount"))
    if tax:
        items.append(item_line(TAX_ITEM, tax, currency, "Tax"))
    return items


def plain_document(customer_key: str, currency: str, day: date, lines: list[Wire]) -> Wire:
    """An invoice or credit memo with no word about Stripe."""
    return {
        "entity": reference(customer_key),
        "subsidiary": {"id": SUBSIDIARY},
        "currency": {"id": NETSUITE_CURRENCY[currency]},
        "tranDate": day.isoformat(),
        "item": {"items": lines},
    }


def payment_body(customer_key: str, currency: str, amount: int, day: date, applied: dict[str, int]) -> Wire:
    """A payment of `amount` minor units; `applied` maps invoice keys to what each is paid."""
    body: Wire = {
        "customer": reference(customer_key),
        "currency": {"id": NETSUITE_CURRENCY[currency]},
        "payment": wire_amount(amount, currency),
        "tranDate": day.isoformat(),
        "autoApply": False,
    }
    return {**body, "apply": apply_lines(applied, currency)} if applied else body


def apply_lines(applied: dict[str, int], currency: str) -> Wire:
    """The sublist that applies so many minor units to each document, by key."""
    items = [
        {"doc": reference(key), "apply": True, "amount": wire_amount(part, currency)} for key, part in applied.items()
    ]
    return {"items": items}


def payment_link(charge_id: str, style: str) -> Wire:
    """How a payment names its charge: by external id, or in a memo written by hand."""
    if style == "connector":
        return {"externalId": charge_id, "memo": f"Stripe: {charge_id}"}
    return {"memo": f"Stripe {charge_id}"}


def one_line(amount: int, currency: str, description: str) -> list[Wire]:
    """The lines of an invoice that has only one."""
    return [item_line(ITEM, amount, currency, description)]


def item_line(item: str, amount: int, currency: str, description: str) -> Wire:
    """A line for `amount` minor units of an item."""
    return {"item": {"id": item}, "description": description, "amount": wire_amount(amount, currency)}


def _link(invoice: Wire, style: str, day: date) -> Wire:
    services = f"Services {day.strftime('%m/%Y')}"
    if style == "connector":
        return {"externalId": invoice["id"], "memo": f"Stripe: {invoice['id']}"}
    if style == "hand_memo":
        return {"memo": f"Stripe {invoice['id']}"}
    if style == "hand_number":
        return {"tranId": invoice["number"], "memo": services}
    return {"otherRefNum": invoice["number"], "memo": services}


def _customer_body(customer: Wire, serial: int) -> Wire:
    return {
        "_key": f"customer-{serial}",
        "externalId": customer["id"],
        "companyName": customer["name"],
        "email": customer["email"],
        "subsidiary": {"id": SUBSIDIARY},
        "currencyList": {"items": []},
    }
