"""What flows through the stages: rows that passed the gate, and the commands planned from them.

Rows carry money as minor units and times in UTC. A command's ``body`` is NetSuite's record/v1 body with
placeholders where an internal id is not known before it is sent:

    {"$minor": [1050, "usd"]}          an amount
    {"$document": ["invoice", "in_…"]} a document, by external id
    {"$item": "Stripe Item"}           an item, by internal id or name
    {"$currency": "usd"}               a currency, by ISO code
    {"$subsidiary": "1"}               a subsidiary, by internal id or name
    {"$account": "Undeposited Funds"}  an account, by internal id or name
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

DocumentType = Literal["customer", "invoice", "customerPayment"]


@dataclass(frozen=True)
class CustomerRow:
    """A Stripe customer. ``currencies``: those of its invoices, first use first."""

    id: str
    name: str | None
    email: str | None
    created_at: datetime
    currencies: tuple[str, ...] = ()
    deleted: bool = False


@dataclass(frozen=True)
class LineRow:
    """One invoice line, in minor units. ``amount`` is as Stripe shows it, before discounts."""

    id: str
    description: str
    amount_minor: int
    discount_minor: int = 0
    tax_exclusive_minor: int = 0
    tax_inclusive_minor: int = 0
    quantity: str = "1"
    price_id: str | None = None
    product_id: str | None = None
    period_start: datetime | None = None
    period_end: datetime | None = None
    proration: bool = False


@dataclass(frozen=True)
class InvoiceRow:
    """A Stripe invoice with all its lines. ``issue_date`` is the legal date in the time zone of the books."""

    id: str
    customer_id: str | None
    number: str | None
    currency: str
    status: str
    total_minor: int
    tax_minor: int
    amount_remaining_minor: int
    issue_date: date | None
    due_date: date | None
    created_at: datetime
    lines: tuple[LineRow, ...] = ()
    shipping_minor: int = 0


@dataclass(frozen=True)
class ApplicationRow:
    """The part of a payment that pays one invoice, in minor units."""

    invoice_id: str
    amount_minor: int


@dataclass(frozen=True)
class PaymentRow:
    """A succeeded Stripe charge, gross and in the customer's currency, with the invoices it pays."""

    id: str
    customer_id: str | None
    currency: str
    amount_minor: int
    payment_date: date
    created_at: datetime
    applications: tuple[ApplicationRow, ...] = ()


@dataclass(frozen=True)
class KnownDocument:
    """A document that NetSuite is known to hold for a Stripe object: found there, or written by us."""

    netsuite_id: str
    currency: str | None = None
    total_minor: int | None = None
    remaining_minor: int | None = None


@dataclass(frozen=True)
class PlanLine:
    """A line as an accountant reads it in the plan."""

    text: str
    amount_minor: int


@dataclass(frozen=True)
class Command:
    """One NetSuite document to create, with everything needed to write it and to explain it."""

    document: DocumentType
    external_id: str
    stripe_id: str
    customer_id: str | None
    currency: str
    amount_minor: int
    effective_date: date
    partition: date
    why: str
    body: Mapping[str, Any]
    depends_on: tuple[str, ...] = ()
    lines: tuple[PlanLine, ...] = field(default=())

    @property
    def digest(self) -> str:
        """Names the content: two commands with the same digest ask for the same document."""
        text = json.dumps([self.document, self.external_id, self.body], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Refusal:
    """A document that must not be written as things stand, and what a person can do about it."""

    document: DocumentType
    external_id: str
    stripe_id: str
    customer_id: str | None
    currency: str
    amount_minor: int
    effective_date: date
    partition: date
    code: str
    reason: str
    fix: str


@dataclass(frozen=True)
class Plan:
    """What to write, what must not be written, and what a policy leaves out (Stripe id → reason)."""

    commands: tuple[Command, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    skipped: Mapping[str, str] = field(default_factory=dict)
