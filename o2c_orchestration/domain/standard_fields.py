"""Where each field of a NetSuite document comes from when no mapping says otherwise: docs/mapping.md as a table.

What belongs here: the origins that people are told and that Dagster shows as column lineage. What does not: making the
documents (plan/); a test keeps the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from o2c_orchestration.domain.mapping_fields import RECORD_TYPES


@dataclass(frozen=True)
class Origin:
    """What a field is made of: paths such as `invoice.number`, and the settings of o2c.yaml that have a say."""

    paths: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    words: str = ""

    @property
    def text(self) -> str:
        """As people read it."""
        return self.words or ", ".join(self.paths) or "o2c.yaml"


def _of(*paths: str, by: tuple[str, ...] | str = (), words: str = "") -> Origin:
    return Origin(paths, (by,) if isinstance(by, str) else by, words)


_SUBSIDIARY: Final = _of(by="books.subsidiary")
_OBJECTS: Final = {
    "invoice": ("invoice",),
    "creditMemo": ("credit_note", "invoice", "refund", "dispute"),
    "customerPayment": ("charge",),
    "customerRefund": ("refund", "dispute"),
    "deposit": ("payout",),
    "journalEntry": ("payout",),
}
_ITEM: Final = _of(
    *("invoice.lines.price", "invoice.lines.metadata", "price.metadata"),
    by=("items.prices", "items.default", "items.tax", "items.discount", "items.shipping"),
)
_LINES: Final[Mapping[str, Origin]] = {
    "item[].item": _ITEM,
    "item[].quantity": _of(words="always 1: the rate is the line's amount"),
    "item[].rate": _of("invoice.lines.amount"),
    "item[].amount": _of(
        *("invoice.lines.amount", "invoice.lines.taxes", "invoice.lines.discount_amounts", "invoice.total_taxes"),
        words="the line's amount without inclusive tax; discounts, shipping and tax on lines of their own",
    ),
    "item[].description": _of("invoice.lines.description"),
}


def _head(document: str, customer: str) -> dict[str, Origin]:
    objects = _OBJECTS[document]
    return {
        "externalId": _of(*(f"{name}.id" for name in objects)),
        "memo": _of(*(f"{name}.id" for name in objects)),
        customer: _of(*(f"{name}.customer" for name in objects), by="customers.mode"),
        "currency": _of(*(f"{name}.currency" for name in objects)),
        "subsidiary": _SUBSIDIARY,
    }


_APPLIED: Final = {
    "apply[].doc": _of("invoice_payment.invoice", "credit_note.invoice", "refund.charge"),
    "apply[].apply": _of(words="always true"),
    "apply[].amount": _of("invoice_payment.amount_paid", "credit_note.pre_payment_amount", "refund.amount"),
}
_POSTED: Final = {
    "account": _of("balance_transaction.fee_details.type", by="accounts"),
    "amount": _of("balance_transaction.fee_details.amount", "balance_transaction.amount"),
    "memo": _of("balance_transaction.id", "balance_transaction.fee_details.type"),
}

STANDARD: Final[Mapping[str, Mapping[str, Origin]]] = {
    "customer": {
        "externalId": _of("customer.id"),
        "companyName": _of("customer.name", "customer.email", "customer.id", words="name, else e-mail, else id"),
        "email": _of("customer.email"),
        "currency": _of("invoice.currency"),
        "currencyList[].currency": _of("invoice.currency"),
        "comments": _of("customer.id"),
        "isPerson": _of("customer.name", by="customers.details", words="false, or by the name"),
        "firstName": _of("customer.name", by="customers.details"),
        "lastName": _of("customer.name", by="customers.details"),
        "phone": _of("customer.phone", by="customers.details"),
        "terms": _of(by="customers.details"),
        "salesRep": _of(by="customers.details", words="the owner of the account in Salesforce"),
        "addressBook[].addressBookAddress": _of("customer.address", "customer.shipping", by="customers.details"),
        "addressBook[].defaultBilling": _of(words="true for the address of bills"),
        "addressBook[].defaultShipping": _of(words="true for the address of goods"),
        "subsidiary": _SUBSIDIARY,
    },
    "invoice": {
        **_head("invoice", "entity"),
        "tranDate": _of(
            *("invoice.effective_at", "invoice.status_transitions.finalized_at"),
            by=("books.time_zone", "periods.closed"),
            words="effective_at, else finalized_at",
        ),
        "dueDate": _of("invoice.due_date", by="books.time_zone"),
        "otherRefNum": _of("invoice.number"),
        **_LINES,
    },
    "creditMemo": {
        **_head("creditMemo", "entity"),
        "tranDate": _of(
            *("credit_note.effective_at", "credit_note.created", "invoice.status_transitions.voided_at"),
            *("refund.created", "dispute.created"),
            by=("books.time_zone", "periods.closed"),
        ),
        **_LINES,
        **_APPLIED,
    },
    "customerPayment": {
        **_head("customerPayment", "customer"),
        "customer": _of("charge.customer", "charge.metadata", by="customers.mode"),
        "tranDate": _of("charge.created", by=("books.time_zone", "periods.closed")),
        "payment": _of("charge.amount_captured"),
        "autoApply": _of(words="always false: Stripe says what it pays"),
        "record": _of(words="a customer deposit", by=("reversals.uninvoiced",)),
        "account": _of(by=("netsuite.payment_account", "off_stripe.account")),
        **_APPLIED,
    },
    "customerRefund": {
        **_head("customerRefund", "customer"),
        "tranDate": _of("refund.created", "dispute.created", by=("books.time_zone", "periods.closed")),
        **_APPLIED,
    },
    "deposit": {
        "externalId": _of("payout.id"),
        "memo": _of("payout.id"),
        "account": _of("payout.destination", "payout.currency", by=("accounts.destinations", "accounts.bank")),
        "tranDate": _of("payout.arrival_date", by="periods.closed"),
        "subsidiary": _SUBSIDIARY,
        "payment[].id": _of("balance_transaction.source"),
        "payment[].deposit": _of(words="always true"),
        "payment[].paymentAmount": _of("balance_transaction.amount"),
        **{f"{name}[].{field}": origin for name in ("other", "cashback") for field, origin in _POSTED.items()},
    },
    "journalEntry": {
        "externalId": _of("payout.id"),
        "memo": _of("payout.id"),
        "currency": _of("payout.currency"),
        "tranDate": _of("balance_transaction.created", by=("books.time_zone", "periods.closed")),
        "subsidiary": _SUBSIDIARY,
        "line[].account": _of(
            *("payout.destination", "payout.currency"),
            by=("accounts.returned_payouts", "accounts.destinations", "accounts.bank"),
        ),
        "line[].debit": _of("payout.amount"),
        "line[].credit": _of("payout.amount"),
        "line[].memo": _of("payout.id"),
    },
    "salesOrder": {
        "externalId": _of("Opportunity.Id", "Order.Id"),
        "entity": _of("Opportunity.AccountId", "Order.AccountId"),
        "currency": _of("Opportunity.CurrencyIsoCode", "Order.CurrencyIsoCode", by="deals.currency"),
        "tranDate": _of("Opportunity.CloseDate", "Order.EffectiveDate"),
        "memo": _of("Opportunity.Name", "Order.Name"),
        "startDate": _of(
            *("Opportunity.O2C_Start_Date__c", "Order.EffectiveDate"), words="its start, else the day it was closed"
        ),
        "endDate": _of("Opportunity.O2C_Term_Months__c", "Order.EndDate", words="start and term"),
        "subsidiary": _SUBSIDIARY,
        "item[].item": _of("OpportunityLineItem.Product2", "OrderItem.Product2", by="deals.items"),
        "item[].quantity": _of("OpportunityLineItem.Quantity", "OrderItem.Quantity"),
        "item[].amount": _of("OpportunityLineItem.TotalPrice", "OrderItem.TotalPrice"),
        "item[].rate": _of("OpportunityLineItem.UnitPrice", "OrderItem.UnitPrice"),
        "item[].price": _of(words="custom: the rate is what was sold"),
        "item[].description": _of("OpportunityLineItem.Product2", "OrderItem.Product2"),
    },
}

# The assets of Dagster that read these objects.
ASSETS: Final[Mapping[str, tuple[str, str]]] = {
    "customer": ("stripe", "customers"),
    "invoice": ("stripe", "invoices"),
    "price": ("stripe", "invoices"),
    "charge": ("stripe", "payments"),
    "invoice_payment": ("stripe", "payments"),
    "credit_note": ("stripe", "credit_notes"),
    "refund": ("stripe", "refunds"),
    "dispute": ("stripe", "disputes"),
    "balance_transaction": ("stripe", "balance_transactions"),
    "payout": ("stripe", "payouts"),
    "Opportunity": ("salesforce", "opportunities"),
    "OpportunityLineItem": ("salesforce", "opportunities"),
    "Order": ("salesforce", "orders"),
    "OrderItem": ("salesforce", "orders"),
}


def origin_of(document: str, field: str, revenue: tuple[str, ...] = ()) -> Origin:
    """Where a field of a NetSuite document comes from; `field` without numbers of lines, such as `item[].amount`."""
    if field.rpartition(".")[2] in revenue:
        return Origin(("invoice.lines.period",), ("revenue",), "the line's service period")
    return STANDARD.get(document, {}).get(field, Origin(words="not known here"))


# What a rule of a sales order reads, as Salesforce calls it: of an opportunity, and of an order where that has it.
_DEALS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("Opportunity.Id", "Order.Id"),
    "key": ("Opportunity.Id", "Order.Id"),
    "currency": ("Opportunity.CurrencyIsoCode", "Order.CurrencyIsoCode"),
    "amount_minor": ("Opportunity.Amount", "Order.TotalAmount"),
    "date": ("Opportunity.CloseDate", "Order.EffectiveDate"),
    "name": ("Opportunity.Name", "Order.Name"),
    "stage": ("Opportunity.StageName", "Order.Status"),
    "close_date": ("Opportunity.CloseDate", "Order.EffectiveDate"),
    "start": ("Opportunity.O2C_Start_Date__c", "Order.EffectiveDate"),
    "term_months": ("Opportunity.O2C_Term_Months__c", "Order.EndDate"),
    "recurring": ("OpportunityLineItem.O2C_Billing__c", "OrderItem.O2C_Billing__c"),
    "created_at": ("Opportunity.CreatedDate", "Order.CreatedDate"),
    "line.description": ("OpportunityLineItem.Product2", "OrderItem.Product2"),
    "line.amount_minor": ("OpportunityLineItem.TotalPrice", "OrderItem.TotalPrice"),
    "line.item": ("OpportunityLineItem.Product2", "OrderItem.Product2"),
    "line.id": ("OpportunityLineItem.Id", "OrderItem.Id"),
    "line.price_id": ("OpportunityLineItem.PricebookEntryId", "OrderItem.PricebookEntryId"),
    "line.product_id": ("OpportunityLineItem.Product2Id", "OrderItem.Product2Id"),
    "line.product_code": ("OpportunityLineItem.ProductCode", "OrderItem.ProductCode"),
    "line.quantity": ("OpportunityLineItem.Quantity", "OrderItem.Quantity"),
    "line.billing": ("OpportunityLineItem.O2C_Billing__c", "OrderItem.O2C_Billing__c"),
    "line.start": ("OpportunityLineItem.ServiceDate", "OrderItem.ServiceDate"),
    "line.end": ("OpportunityLineItem.O2C_End_Date__c", "OrderItem.EndDate"),
}


def read_by(document: str, path: str) -> tuple[str, ...]:
    """The same paths of what a rule of the mapping reads: `number` of an invoice is `invoice.number`."""
    if document == "sales_order" and not path.startswith("customer."):
        return _DEALS.get(path, ())
    if path.startswith("line.price.metadata."):
        return (f"price.{path.removeprefix('line.price.')}",)
    if path.startswith("line."):
        return (f"invoice.lines.{path.removeprefix('line.')}",)
    if path.startswith("subscription."):
        return (f"invoice.{path}",)
    if path.startswith("customer."):
        return (path,)
    names = {name: record for record, name in RECORD_TYPES.items()}
    objects = _OBJECTS.get(names[document], ("customer",) if document == "customer" else ())
    return tuple(f"{name}.{path}" for name in objects)
