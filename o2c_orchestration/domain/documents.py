"""What flows through the stages: rows that passed the gate, and the commands planned from them.

Rows carry money as minor units and times in UTC. A command's ``body`` is NetSuite's record/v1 body with
placeholders where an internal id is not known before it is sent:

    {"$minor": [1050, "usd"]}          an amount
    {"$document": ["invoice", "in_…"]} a document, by external id
    {"$item": "Stripe Item"}           an item, by internal id or name
    {"$item_id": "144"}                an item, by internal id only
    {"$currency": "usd"}               a currency, by ISO code
    {"$subsidiary": "1"}               a subsidiary, by internal id or name; likewise $account, $class, $department,
                                       $location, $term, $customlist_…, $customrecord_…
    {"$key": "ch_…"}                   the plain internal id of a document, by external id (lines of deposits)
    {"$written": "stripe:cus:001…"}    the id that another system gave what we made there, by its key

``$record`` at its top is the record type, where that is not the document's: a payment may be a ``customerDeposit``.

The ``body`` of what is made in Stripe is ``{"path": …, "params": …}``, with amounts in minor units.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal, get_args

from o2c_orchestration.domain.contact import Contact, System
from o2c_orchestration.domain.customer_balance import AdjustmentRow
from o2c_orchestration.domain.directives import Directives, NamedInvoice
from o2c_orchestration.domain.mapping_sources import Sources
from o2c_orchestration.domain.off_stripe import OffStripeRow
from o2c_orchestration.domain.payouts import DifferenceRow, PayoutRow, ResidualRow
from o2c_orchestration.domain.periods import PeriodRow
from o2c_orchestration.domain.vanished import VanishedCustomer

DocumentType = Literal[
    "customer",
    "customerSubsidiaryRelationship",
    "customerCurrency",
    "customerField",
    "invoice",
    "customerPayment",
    "creditMemo",
    "customerRefund",
    "deposit",
    "journalEntry",
    "salesOrder",
    "stripeCustomer",
    "subscriptionSchedule",
    "paymentLink",
    "stripeInvoice",
    "stripeInvoiceLines",
    "stripeInvoiceFinal",
    "stripeCustomerField",
]
# In the order in which they must exist.
DOCUMENT_ORDER: tuple[DocumentType, ...] = get_args(DocumentType)
CUSTOMER_DEPOSIT: Final = "customerDeposit"  # NetSuite's name of a payment that is no credit on receivables
# What is made in Stripe; all else is NetSuite's.
STRIPE_DOCUMENTS = DOCUMENT_ORDER[DOCUMENT_ORDER.index("stripeCustomer") :]


def system_of(document: str) -> str:
    """Where it is made, as people call it."""
    return "Stripe" if document in STRIPE_DOCUMENTS else "NetSuite"


# What a deal of Salesforce, or its account, calls for. A customer may be called for by either.
DEAL_DOCUMENTS: tuple[DocumentType, ...] = ("customerField", "salesOrder", *STRIPE_DOCUMENTS)
OF_CUSTOMERS: tuple[DocumentType, ...] = ("customerSubsidiaryRelationship", "customerCurrency")  # before any document


@dataclass(frozen=True)
class CustomerRow:
    """A Stripe customer. ``currencies``: those of its invoices, first use first. ``namesakes``: NetSuite customers
    without an external id that are called like it, by internal id. ``contacts``: what masters of his details say.
    """

    id: str
    name: str | None
    email: str | None
    created_at: datetime
    currencies: tuple[str, ...] = ()
    deleted: bool = False
    namesakes: tuple[int, ...] = ()
    contacts: Mapping[System, Contact] = field(default_factory=dict)


@dataclass(frozen=True)
class LineRow:
    """A line of an invoice or credit note, in minor units. ``amount`` is as Stripe shows it, before discounts.

    ``origin`` is the invoice line that a line of a credit note takes back; ``grant_minor`` what billing credits pay of
    it, as a discount would. ``item`` and ``discount_item`` are what metadata names as its items, as it was typed.
    ``discounts`` are the parts of the discount, by Stripe's id; ``coupons`` those whose coupon names an item, by that.
    """

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
    origin: str | None = None
    item: str | None = None
    discount_item: str | None = None
    grant_minor: int = 0
    discounts: tuple[tuple[str, int], ...] = ()
    coupons: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class InvoiceRow:
    """A Stripe invoice with all its lines. ``issue_date`` is the legal date in the time zone of the books.

    ``closed_date`` is the day on which it was voided or written off, if it ever was; ``paid_date`` when it was paid.
    ``balance_minor`` is what the customer's balance paid of it when it was finalized; below zero, what went to the
    balance, or what the customer owed there and is collected with it. ``overpaid_minor`` was paid beyond it and is on
    the balance; ``payers`` are its charges, oldest first, where that matters.
    """

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
    closed_date: date | None = None
    paid_date: date | None = None
    balance_minor: int = 0
    overpaid_minor: int = 0
    payers: tuple[str, ...] = ()


@dataclass(frozen=True)
class ApplicationRow:
    """The part of a payment that pays one invoice, in minor units, as Stripe tells it. ``collected_minor`` of it pays
    what the customer owed on the balance before. ``overpaid_minor`` goes to the balance: it is in the amount or comes
    on top of it, which the payment as a whole tells.
    """

    invoice_id: str
    amount_minor: int
    collected_minor: int = 0
    overpaid_minor: int = 0


@dataclass(frozen=True)
class PaymentRow:
    """A succeeded Stripe charge, gross and in the customer's currency, with the invoices it pays.

    ``looked_up`` says that Stripe was asked which invoices it pays since the charge last changed. ``named`` is an
    invoice of NetSuite's own that it pays where it pays none of Stripe's.
    """

    id: str
    customer_id: str | None
    currency: str
    amount_minor: int
    payment_date: date
    created_at: datetime
    applications: tuple[ApplicationRow, ...] = ()
    looked_up: bool = True
    named: NamedInvoice | None = None


@dataclass(frozen=True)
class CreditNoteRow:
    """A Stripe credit note with all its lines, in minor units; ``issue_date`` in the time zone of the books.

    ``pre_payment_minor`` lowers what its invoice still owes; the rest goes back to the customer, by ``refunds`` (ids)
    or otherwise. ``invoice_void``: its invoice was voided later. ``balance_minor`` went to the customer's balance.
    """

    id: str
    invoice_id: str
    customer_id: str | None
    currency: str
    status: str
    total_minor: int
    tax_minor: int
    pre_payment_minor: int
    issue_date: date
    created_at: datetime
    lines: tuple[LineRow, ...] = ()
    shipping_minor: int = 0
    refunds: tuple[str, ...] = ()
    invoice_void: bool = False
    balance_minor: int = 0


@dataclass(frozen=True)
class CreditedRow:
    """The part of a refund that a credit note accounts for, in minor units."""

    credit_note_id: str
    amount_minor: int


@dataclass(frozen=True)
class RefundRow:
    """A Stripe refund whose money moved, in the charge's currency. Dates in the time zone of the books;
    ``returned_date`` is the day on which it failed and its money came back.
    """

    id: str
    charge_id: str
    currency: str
    amount_minor: int
    refund_date: date
    created_at: datetime
    returned_date: date | None = None
    credited: tuple[CreditedRow, ...] = ()


@dataclass(frozen=True)
class DisputeRow:
    """A Stripe dispute that withdrew money. Dates in the time zone of the books.

    ``reinstated_date`` is the day on which its money came back: all of it, or ``reinstated_minor``.
    ``partly_reinstated`` says that a part of it did, and that it is not known how much that is in its currency.
    """

    id: str
    charge_id: str
    currency: str
    amount_minor: int
    status: str
    withdrawn_date: date
    created_at: datetime
    reinstated_date: date | None = None
    partly_reinstated: bool = False
    reinstated_minor: int | None = None

    @property
    def returned_minor(self) -> int:
        """What came back in minor units; zero where nothing did, or it is not known."""
        back = self.amount_minor if self.reinstated_minor is None else self.reinstated_minor
        return back if self.reinstated_date is not None else 0


@dataclass(frozen=True)
class ChargeHistory:
    """A charge with everything that took its money back, oldest first. ``payment`` as it was before.

    ``invoice`` is the one that it pays, if it pays one only and no credit note took anything of the invoice back.
    """

    payment: PaymentRow
    refunds: tuple[RefundRow, ...] = ()
    disputes: tuple[DisputeRow, ...] = ()
    invoice: InvoiceRow | None = None


@dataclass(frozen=True)
class Rows:
    """What is planned together. All but `customers` and `periods` are of one span of days: `closed` are invoices with
    a `closed_date`, `balanced` those that used or filled a customer's balance, in NetSuite or not, as `adjustments`
    are, movements of one by hand; `invoice_lines` are those that credit notes take back, by id; `directives` are what
    metadata says of them; `periods` are all that NetSuite has, none if unknown. Credit notes to a balance come also
    if they are there. `subsidiary` is the internal id of the one whose books are planned, where there are several
    entities, `sources` what the mapping reads. `departed` are minor units of documents whose requests have left,
    answered or not, by external id, `differences` what deposits of the same months took of budgets, `older` ids from
    before the books.
    """

    customers: tuple[CustomerRow, ...] = ()
    invoices: tuple[InvoiceRow, ...] = ()
    payments: tuple[PaymentRow, ...] = ()
    closed: tuple[InvoiceRow, ...] = ()
    credit_notes: tuple[CreditNoteRow, ...] = ()
    invoice_lines: Mapping[str, LineRow] = field(default_factory=dict)
    histories: tuple[ChargeHistory, ...] = ()
    payouts: tuple[PayoutRow, ...] = ()
    residuals: tuple[ResidualRow, ...] = ()
    directives: Directives = field(default_factory=Directives)
    periods: tuple[PeriodRow, ...] = ()
    off_stripe: tuple[OffStripeRow, ...] = ()
    balanced: tuple[InvoiceRow, ...] = ()
    adjustments: tuple[AdjustmentRow, ...] = ()
    subsidiary: str | None = None
    departed: Mapping[str, int] = field(default_factory=dict)
    sources: Sources = field(default_factory=Sources)
    differences: tuple[DifferenceRow, ...] = ()
    older: frozenset[str] = frozenset()


@dataclass(frozen=True)
class KnownDocument:
    """A document that NetSuite is known to hold for a Stripe object: found there, or written by us.

    ``deposit_key`` names the deposit that already holds it, by its key or else as ``ns:<internal id>``.
    ``strange_minor`` is what credit memos that name no Stripe object take of it. ``elsewhere``: whose it is if not this
    entity's (another subsidiary or Stripe account). Of a customer, as far as known: ``subsidiaries`` by internal id,
    ``currencies`` in which he takes documents, by code, and whether he has ``vanished`` since.
    """

    netsuite_id: str
    currency: str | None = None
    total_minor: int | None = None
    remaining_minor: int | None = None
    deposit_key: str | None = None
    strange_minor: int = 0
    elsewhere: str | None = None
    subsidiaries: frozenset[str] = frozenset()
    currencies: frozenset[str] = frozenset()
    vanished: VanishedCustomer | None = None


@dataclass(frozen=True)
class PlanLine:
    """A line as an accountant reads it in the plan."""

    text: str
    amount_minor: int


@dataclass(frozen=True)
class Command:
    """One document to create, or change, with everything needed to write it and to explain it."""

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
    def record(self) -> str:
        """The type of record that it is made as."""
        return str(self.body.get("$record", self.document))

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
class LeftOut:
    """A document that is not written because metadata blocks it, with its money in minor units."""

    document: DocumentType
    stripe_id: str
    currency: str
    amount_minor: int
    reason: str


@dataclass(frozen=True)
class Plan:
    """What to write, what must not be written, what a policy leaves out (Stripe id → reason), what is blocked.

    `unread` are those of `skipped` that wait until what was written for them has been read back from NetSuite.
    """

    commands: tuple[Command, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    skipped: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    unread: frozenset[str] = frozenset()
