"""Deals: an opportunity or order of Salesforce with its account and lines, and what it became in the other systems.

Money is in minor units of the deal's currency. Salesforce has decimals: what does not fit the currency's minor units
is kept as text in `trouble`, and the deal is refused by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from o2c_orchestration.domain.contact import Contact
from o2c_orchestration.domain.mapping_sources import Sources
from o2c_orchestration.domain.vanished import VanishedCustomer

Billing = Literal["one_off", "month", "year"]
Kind = Literal["opportunity", "order"]


@dataclass(frozen=True)
class AccountRow:
    """A Salesforce account. `stripe_id` and `netsuite_id` as its fields, Stripe's metadata or a person say; `contact`:
    what it says of its customer.
    """

    id: str
    name: str
    email: str | None = None
    stripe_id: str | None = None
    netsuite_id: str | None = None
    deleted: bool = False
    contact: Contact = field(default_factory=Contact)


@dataclass(frozen=True)
class PriceRow:
    """A Stripe price. `unit_minor` is None for tiers; `interval` None for one-off prices."""

    id: str
    currency: str
    unit_minor: int | None
    active: bool = True
    product_id: str | None = None
    interval: str | None = None
    interval_count: int = 1


@dataclass(frozen=True)
class DealLine:
    """A line of a deal. `total_minor` is after discount, `unit` before it, in major units as sold.

    For recurring lines both are per period. `item` and `price_id` are what Salesforce's fields name.
    """

    id: str
    name: str
    quantity: Decimal
    unit: Decimal
    total_minor: int
    discount_percent: Decimal = Decimal(0)
    billing: Billing = "one_off"
    start: date | None = None
    end: date | None = None
    product_id: str | None = None
    product_code: str | None = None
    entry_id: str | None = None
    entry_active: bool = True
    entry_currency: str | None = None
    item: str | None = None
    price_id: str | None = None


@dataclass(frozen=True)
class DealRow:
    """An opportunity of Salesforce, or an order of it, with its lines, as it was last read.

    `won` is an activated order too, and `close_date` the day on which an order starts, `end` its last one. `trouble`
    says what of it cannot be read. `written_as` is the other record of the same sale for which something was made: the
    opportunity of an order, or an order of the opportunity. A reduction order `reduces` another one ("": none named);
    what is `reduced` are the lines of those that take from this one, with totals below zero. `counted`: its lines are
    among those of a deal that is looked at.

    A deal `renews` or `amends` an earlier one ("": none named). `earlier` is the one that it renews, as far as it is
    known, and `goes_on` what bills that one beyond its term. What is `amended` are the lines that others (`amended_by`)
    add to this one. `unasked`: a field that was not read of it yet, by which it may name an earlier deal.
    """

    id: str
    name: str
    account_id: str | None
    currency: str
    amount_minor: int
    close_date: date
    created_at: datetime
    won: bool
    stage: str = ""
    start: date | None = None
    term_months: int | None = None
    deleted: bool = False
    lines: tuple[DealLine, ...] = ()
    trouble: str | None = None
    # What Salesforce says of it in the fields that we write, by field name.
    told: Mapping[str, object] = field(default_factory=dict)
    kind: Kind = "opportunity"
    end: date | None = None
    written_as: str | None = None
    reduces: str | None = None
    counted: bool = False
    reduced: tuple[DealLine, ...] = ()
    renews: str | None = None
    amends: str | None = None
    earlier: "DealRow | None" = None
    goes_on: str | None = None
    amended: tuple[DealLine, ...] = ()
    amended_by: tuple[str, ...] = ()
    unasked: str | None = None

    @property
    def by_hand(self) -> bool:
        """Whether it has no documents of its own: what it changes in those of an earlier deal, a person changes."""
        return self.reduces is not None or self.amends is not None

    @property
    def became(self) -> str:
        """Since when it is a deal, in the words of those who sell."""
        return f"won on {self.close_date}" if self.kind == "opportunity" else f"activated as of {self.close_date}"

    @property
    def over(self) -> str:
        """Why it is no deal any more."""
        if self.deleted:
            return f"the {self.kind} is deleted"
        return f"the {self.kind} is no longer {'won' if self.kind == 'opportunity' else 'activated'} ({self.stage})"

    @property
    def due(self) -> "DealRow":
        """What it comes to with all that takes from it or adds to it."""
        if not (self.reduced or self.amended):
            return self
        return replace(self, lines=(*self.lines, *self.reduced, *self.amended), reduced=(), amended=())

    @property
    def recurring(self) -> bool:
        """Whether any line comes again."""
        return any(line.billing != "one_off" for line in self.lines)

    @property
    def total_minor(self) -> int:
        """What its lines come to."""
        return sum(line.total_minor for line in self.lines)


@dataclass(frozen=True)
class OrderRow:
    """A NetSuite sales order, as it was last read. `status` is SuiteQL's letter; `tax_minor` is in the total, as far as
    it was asked for.
    """

    netsuite_id: str
    number: str | None
    status: str
    currency: str
    total_minor: int
    day: date
    tax_minor: int = 0


@dataclass(frozen=True)
class DealInvoice:
    """A Stripe invoice of a deal. `netsuite_id` is its document's."""

    id: str
    number: str | None
    status: str
    currency: str
    total_minor: int
    tax_minor: int
    remaining_minor: int
    issue_date: date | None
    due_date: date | None
    paid_date: date | None
    netsuite_id: str | None = None


@dataclass(frozen=True)
class DealPayment:
    """A payment of an invoice of a deal."""

    id: str
    invoice_id: str
    currency: str
    amount_minor: int
    day: date
    status: str


@dataclass(frozen=True)
class BilledSpan:
    """What a subscription bills per period from a moment (UTC) on, in minor units; None: by no fixed amount."""

    start: datetime
    period_minor: int | None


@dataclass(frozen=True)
class BillingRow:
    """The Stripe object that bills a deal: a subscription schedule (with its spans), an invoice or a payment link."""

    id: str
    status: str = ""
    spans: tuple[BilledSpan, ...] = ()


@dataclass(frozen=True)
class DealFacts:
    """A deal with everything that is known of it in the other systems.

    `refused` are (document, words) of writes that were refused; `waiting` are documents that are about to be written,
    `made` those that we wrote once; `billing_made` is when what bills the deal was.
    """

    deal: DealRow
    account: AccountRow | None = None
    orders: tuple[OrderRow, ...] = ()
    billing: tuple[BillingRow, ...] = ()
    invoices: tuple[DealInvoice, ...] = ()
    payments: tuple[DealPayment, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()
    waiting: frozenset[str] = frozenset()
    made: frozenset[str] = frozenset()
    billing_made: date | None = None


@dataclass(frozen=True)
class DealRows:
    """What is planned together: won deals that lack a document, their accounts, the prices that they name.

    `customers` are external ids of NetSuite customers that exist, `written` keys of the journal that are done. `maybe`
    tells, by account, in words, which Stripe customer it may be: none is made for it until a person has decided.
    `sources` is what the mapping reads of Stripe's customers, `contacts` what Stripe says of their details, by id.
    `asleep` are accounts whose NetSuite customer is inactive, with his internal id; `vanished` those whose customer was
    merged or deleted there; `deleted_payers` customers that were deleted in Stripe.
    """

    deals: tuple[DealRow, ...]
    accounts: Mapping[str, AccountRow] = field(default_factory=dict)
    prices: Mapping[str, PriceRow] = field(default_factory=dict)
    orders: frozenset[str] = frozenset()
    billed: frozenset[str] = frozenset()
    maybe: Mapping[str, str] = field(default_factory=dict)
    customers: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()
    sources: Sources = field(default_factory=Sources)
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    asleep: Mapping[str, str] = field(default_factory=dict)
    vanished: Mapping[str, VanishedCustomer] = field(default_factory=dict)
    deleted_payers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class AccountMoney:
    """What an account owes, in minor units of its own currency, and what Salesforce says of it in our fields."""

    account: AccountRow
    currency: str
    open_minor: int
    overdue_minor: int
    told: Mapping[str, object] = field(default_factory=dict)
