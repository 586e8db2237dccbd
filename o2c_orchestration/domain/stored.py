"""Validated rows of Stripe's objects, one class a table: the one definition of their fields.

The store's columns and the Pandera schemas come from these annotations. Money is in minor units, times are UTC, days
those of the books' time zone (a payout's arrival: UTC). A field that may be empty says `| None`; `Literal` is an enum
whose other values are refused, since it decides about a document; `Known` one whose other values are let in and told;
marks in `Annotated` say what a type does not.
"""

import types
import typing
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Literal


@dataclass(frozen=True)
class Id:
    """A Stripe id with one of these prefixes."""

    prefixes: tuple[str, ...]


@dataclass(frozen=True)
class Payer:
    """A Stripe customer, or the key of the one whom metadata names (domain.keys.named_customer_key)."""


@dataclass(frozen=True)
class NotNegative:
    """An amount that is never below zero."""


@dataclass(frozen=True)
class CurrencyCode:
    """Three letters in lower case, as Stripe writes currencies."""


@dataclass(frozen=True)
class Free:
    """Text that people type: whatever it is, it is kept as text."""


@dataclass(frozen=True)
class Holds:
    """What is in a list or map: `lines` (domain.documents.LineRow), `pairs` (name, minor units), `refunds` (the same,
    by refund), `balances`, `amounts` (minor units, currency).
    """

    what: Literal["lines", "pairs", "refunds", "balances", "amounts"]


@dataclass(frozen=True)
class Known:
    """A word of which we know these values, and which has no document made by one that we do not know: another value
    passes, does nothing, and is told as drift. `path` is its field in Stripe's object, if not the same.
    """

    values: tuple[str, ...]
    path: str = ""


CustomerId = Annotated[str, Id(("cus",))]
PayerId = Annotated[str, Payer()]
InvoiceId = Annotated[str, Id(("in",))]
IntentId = Annotated[str, Id(("pi",))]
ChargeId = Annotated[str, Id(("ch", "py"))]
TransactionId = Annotated[str, Id(("txn",))]
FreeText = Annotated[str, Free()]
Minor = Annotated[int, NotNegative()]
SignedMinor = int
Currency = Annotated[str, CurrencyCode()]
Lines = Annotated[list[Any], Holds("lines")]
Pairs = Annotated[list[Any], Holds("pairs")]
REFUND = Id(("re", "pyr"))


@dataclass(frozen=True)
class StoredCustomer:
    """`balances` by currency; below zero is a credit to the customer."""

    id: CustomerId
    name: FreeText | None
    email: FreeText | None
    deleted: bool
    created_at: datetime
    balances: Annotated[dict[str, Any], Holds("balances")]


@dataclass(frozen=True)
class StoredInvoice:
    """As domain.documents.InvoiceRow. `zero_lines`: its total and all of its lines are zero."""

    id: InvoiceId
    customer_id: CustomerId | None
    number: FreeText | None
    currency: Currency
    status: Literal["draft", "open", "paid", "uncollectible", "void"]
    total_minor: SignedMinor
    tax_minor: SignedMinor
    amount_paid_minor: Minor
    amount_remaining_minor: Minor
    shipping_minor: Minor
    issue_date: date | None
    due_date: date | None
    closed_date: date | None
    paid_date: date | None
    created_at: datetime
    lines: Lines
    zero_lines: bool
    balance_minor: SignedMinor
    overpaid_minor: Minor


@dataclass(frozen=True)
class StoredPrice:
    """A price, whose id may be of people's own making; of it only the metadata matters."""

    id: str
    product_id: str | None
    created_at: datetime


@dataclass(frozen=True)
class StoredCoupon:
    """A coupon, whose id may be of people's own making; of it only the metadata matters."""

    id: str
    created_at: datetime


@dataclass(frozen=True)
class StoredDiscount:
    """A discount on invoices, and the coupon that it is of."""

    id: str
    coupon_id: str
    created_at: datetime


@dataclass(frozen=True)
class StoredPayment:
    """A charge; `uncaptured` is our word for one that has paid nothing yet."""

    id: ChargeId
    customer_id: PayerId | None
    payment_intent: IntentId | None
    currency: Currency
    status: Literal["succeeded", "pending", "failed", "uncaptured"]
    amount_minor: Minor
    refunded_minor: Minor
    payment_date: date
    created_at: datetime


@dataclass(frozen=True)
class StoredInvoicePayment:
    """The part of a payment that pays one invoice; its amount is empty while it is open."""

    id: str
    invoice_id: InvoiceId
    payment_intent: IntentId | None
    charge_id: ChargeId | None
    currency: Currency
    status: Literal["open", "paid", "canceled"]
    amount_minor: Minor | None
    created_at: datetime


@dataclass(frozen=True)
class StoredCreditNote:
    """As domain.documents.CreditNoteRow; `refunds` are (refund, minor units)."""

    id: Annotated[str, Id(("cn",))]
    invoice_id: InvoiceId
    customer_id: CustomerId | None
    currency: Currency
    status: Literal["issued", "void"]
    total_minor: Minor
    tax_minor: SignedMinor
    pre_payment_minor: Minor
    shipping_minor: Minor
    issue_date: date
    created_at: datetime
    lines: Lines
    refunds: Annotated[list[Any], Holds("refunds")]
    balance_minor: Minor


@dataclass(frozen=True)
class StoredRefund:
    """A refund with the transaction of its money, and that of its failure: these and not its status say what moved."""

    id: Annotated[str, REFUND]
    charge_id: ChargeId
    currency: Currency
    status: Annotated[str, Known(("pending", "requires_action", "succeeded", "failed", "canceled"))]
    amount_minor: Minor
    balance_transaction: TransactionId | None
    failure_transaction: TransactionId | None
    refund_date: date
    created_at: datetime


@dataclass(frozen=True)
class StoredDispute:
    """A dispute. Stripe adds statuses; what moves money are the balance transactions, so any status is taken."""

    id: Annotated[str, Id(("dp", "du"))]
    charge_id: ChargeId
    currency: Currency
    status: str
    amount_minor: Minor
    withdrawn_date: date | None
    reinstated_date: date | None
    partly_reinstated: bool
    reinstated_minor: Minor | None
    created_at: datetime


@dataclass(frozen=True)
class StoredBalanceTransaction:
    """An entry of the Stripe balance. An unknown type is no error: it becomes a named residual of its payout."""

    id: TransactionId
    type: str
    category: str
    source_id: str | None
    currency: Currency
    amount_minor: SignedMinor
    fee_minor: SignedMinor
    net_minor: SignedMinor
    fees: Pairs
    booked_date: date
    created_at: datetime


@dataclass(frozen=True)
class StoredBalanceMovement:
    """A movement of a customer's balance; below zero it is a credit to the customer."""

    id: str
    customer_id: CustomerId
    type: str
    currency: Currency
    amount_minor: SignedMinor
    booked_date: date
    created_at: datetime


@dataclass(frozen=True)
class StoredPayout:
    """A payout. Which transactions it consists of is not on it. In a state that we do not know it has not arrived."""

    id: Annotated[str, Id(("po",))]
    currency: Currency
    status: Annotated[str, Known(("paid", "pending", "in_transit", "canceled", "failed"))]
    amount_minor: SignedMinor
    automatic: bool
    reconciliation: Annotated[str, Known(("completed", "in_progress", "not_applicable"), "reconciliation_status")]
    failure_transaction: TransactionId | None
    arrival_date: date
    created_at: datetime


# Table of the store → its rows.
STORED: dict[str, type] = {
    "customers": StoredCustomer,
    "invoices": StoredInvoice,
    "prices": StoredPrice,
    "coupons": StoredCoupon,
    "discounts": StoredDiscount,
    "payments": StoredPayment,
    "invoice_payments": StoredInvoicePayment,
    "credit_notes": StoredCreditNote,
    "refunds": StoredRefund,
    "disputes": StoredDispute,
    "balance_transactions": StoredBalanceTransaction,
    "customer_balance_transactions": StoredBalanceMovement,
    "payouts": StoredPayout,
}

# Type of object → the table of its rows.
TABLES = {
    "customer": "customers",
    "invoice": "invoices",
    "price": "prices",
    "coupon": "coupons",
    "discount": "discounts",
    "charge": "payments",
    "invoice_payment": "invoice_payments",
    "credit_note": "credit_notes",
    "refund": "refunds",
    "dispute": "disputes",
    "balance_transaction": "balance_transactions",
    "payout": "payouts",
    "customer_balance_transaction": "customer_balance_transactions",
}


@dataclass(frozen=True)
class Field:
    """What an annotation says of a field: its plain type, whether it may be empty, an enum's values, and marks."""

    name: str
    type: type
    nullable: bool
    values: tuple[str, ...] = ()
    marks: tuple[Any, ...] = ()


@cache
def fields_of(row: type) -> tuple[Field, ...]:
    """The fields of a class of rows, in their order."""
    hints = typing.get_type_hints(row, include_extras=True)
    return tuple(field_of(each.name, hints[each.name]) for each in fields(row))


def field_of(name: str, hint: Any) -> Field:
    """What a type with its marks says of a field."""
    parts = [hint]
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        parts = [part for part in typing.get_args(hint) if part is not type(None)]
    (part,) = parts
    marks: tuple[Any, ...] = ()
    if typing.get_origin(part) is Annotated:
        part, *found = typing.get_args(part)
        marks = tuple(found)
    values = typing.get_args(part) if typing.get_origin(part) is Literal else ()
    plain = str if values else typing.get_origin(part) or part
    return Field(name, plain, parts != [hint], values, marks)
