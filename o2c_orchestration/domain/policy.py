"""The decisions a company makes about its books, as typed by `o2c.yaml`. Unknown keys are refused."""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal, TypeVar

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from o2c_orchestration.domain.documents import STRIPE_DOCUMENTS
from o2c_orchestration.domain.mapping_sources import DETAIL, Kept
from o2c_orchestration.domain.policy_alerts import Alerts
from o2c_orchestration.domain.policy_anomalies import Anomalies
from o2c_orchestration.domain.policy_books import Books, Place
from o2c_orchestration.domain.policy_deals import Deals
from o2c_orchestration.domain.policy_details import Changes, Details
from o2c_orchestration.domain.policy_live import Live, Webhooks
from o2c_orchestration.domain.policy_mapping import Mappings, check_mappings
from o2c_orchestration.domain.policy_payouts import Accounts
from o2c_orchestration.domain.policy_retention import Retention
from o2c_orchestration.domain.policy_unusual import Adjustments, OffStripe, Periods, Reversals, Tolerances
from o2c_orchestration.domain.section import RecordName, Section, did_you_mean

# NetSuite's own limit of a synchronous REST request (15 minutes) and five minutes more.
CERTAIN_AFTER_SECONDS = 1200.0
# The Stripe account of STRIPE_API_KEY, whose id nobody has to know; further ones go by their ids.
MAIN = "main"


class Mode(StrEnum):
    """`observe` reads, mirrors, reconciles and plans but writes to no system; `sync` applies the plan."""

    OBSERVE = "observe"
    SYNC = "sync"


class Customers(Section):
    """Under which NetSuite customer documents are booked: `each` Stripe customer has one, or all have the `global` one.

    `common` (`global` in o2c.yaml) is that customer, by internal id or name; in mode `each` it takes charges that have
    no customer in Stripe. `subsidiaries`: a NetSuite customer that exists and is not in the subsidiary of a document is
    put into it (`add`), or the document is refused. `currencies`: the same for one whose record lacks the currency of a
    document: added, or the document is refused. NetSuite is asked where that is in question: with `refuse` only where
    all that a customer has is in other currencies, so that it may still be NetSuite that refuses. `details`: what else
    a customer carries whom we create; `changes`: what becomes of it when his account changes afterwards.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    mode: Literal["each", "global"] = "each"
    common: RecordName | None = Field(default=None, alias="global")
    subsidiaries: Literal["add", "refuse"] = "refuse"
    currencies: Literal["add", "refuse"] = "refuse"
    details: Details = Details()
    changes: Changes = Changes()

    @model_validator(mode="after")
    def _named(self) -> "Customers":
        for name in ("phone", "sales_rep"):
            if getattr(self.changes, name) == "salesforce" and getattr(self.details, name) != "salesforce":
                raise ValueError(f"changes.{name}: salesforce needs details.{name}: salesforce, which it goes on with")
        if self.mode == "global" and self.common is None:
            raise ValueError("mode global needs the customer that takes all documents, under customers.global")
        return self


class Items(Section):
    """NetSuite items, by internal id or name. `prices` maps a Stripe price or product id to its item.

    `price_metadata`: prices are read, for the items that their metadata may name.
    """

    default: RecordName | None = "Stripe Item"
    discount: RecordName | None = "Stripe Discount"
    tax: RecordName | None = "Stripe Tax"
    shipping: RecordName | None = "Stripe Shipping"
    refund: RecordName | None = "Stripe Refund"
    dispute: RecordName | None = "Stripe Dispute"
    bad_debt: RecordName | None = "Stripe Bad Debt"
    credit: RecordName | None = "Stripe Credit"
    balance: RecordName | None = "Stripe Customer Balance"
    grant: RecordName | None = "Stripe Credit Grant"
    price_metadata: bool = True
    prices: dict[str, RecordName] = Field(default_factory=dict)


_LINE_FIELDS = frozenset({"item", "quantity", "rate", "amount", "description", "line"})


def _line_field(value: object) -> object:
    if isinstance(value, str) and (not value.isidentifier() or value in _LINE_FIELDS):
        raise ValueError(f"{value!r} is not a field that is free on a line, such as custcol_service_start")
    return value


LineField = Annotated[str, BeforeValidator(_line_field)]


class Revenue(Section):
    """Which fields of lines of invoices and credit memos say over which days revenue is recognized; null: none does.

    `start_field` and `end_field` are NetSuite's ids of date fields (`custcol_…`, or `revRecStartDate`); `templates`
    maps an item, as it is named here, to the internal id that goes into `template_field`. The last day of a period is
    the day of its last second, or (`whole_days`) the day before the one in which it ends.
    """

    start_field: LineField | None = None
    end_field: LineField | None = None
    whole_days: bool = False
    template_field: LineField | None = None
    templates: dict[str, RecordName] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _whole(self) -> "Revenue":
        if (self.start_field is None) != (self.end_field is None):
            raise ValueError("start_field and end_field go together")
        if self.templates and self.template_field is None:
            raise ValueError("templates need template_field")
        if len({name.lower() for name in self.fields}) < len(self.fields):
            raise ValueError("two settings name the same field")
        if len(self._folded) < len(self.templates):
            raise ValueError("two templates name the same item")
        return self

    def template_of(self, item: str | None) -> str | None:
        """The template of an item; NetSuite does not tell large letters of a name from small ones."""
        return self._folded.get((item or "").lower())

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {item.lower(): template for item, template in self.templates.items()}

    @property
    def fields(self) -> tuple[str, ...]:
        """Those that are written."""
        return tuple(name for name in (self.start_field, self.end_field, self.template_field) if name is not None)

    @property
    def told(self) -> bool:
        """Whether lines say anything of it."""
        return self.start_field is not None or self.template_field is not None


class Documents(Section):
    """Which documents `sync` writes; the others are planned and shown only.

    A NetSuite document that names no Stripe object, of the same customer, type, currency and amount, and dated at most
    `look_alike_days` away, holds up an object's own until a person says what it is; null: it never does.
    """

    customer: bool = True
    invoice: bool = True
    payment: bool = True
    credit_memo: bool = True
    refund: bool = True
    deposit: bool = True
    sales_order: bool = True
    billing: bool = True
    look_alike_days: int | None = Field(default=7, ge=0)

    def allows(self, document: str) -> bool:
        """Whether NetSuite documents of this type (`customer`, `invoice`, `customerPayment`, …) are written."""
        allowed: dict[str, bool] = {
            "customer": self.customer,
            "customerSubsidiaryRelationship": self.customer,
            "customerCurrency": self.customer,
            "customerField": self.customer,
            "invoice": self.invoice,
            "customerPayment": self.payment,
            "creditMemo": self.credit_memo,
            "customerRefund": self.refund,
            "deposit": self.deposit,
            "journalEntry": self.deposit,
            "salesOrder": self.sales_order,
            **dict.fromkeys(STRIPE_DOCUMENTS, self.billing),
        }
        return allowed[document]


class StripePolicy(Section):
    """The share of Stripe's rate limits that extraction may use (25 a second an endpoint by default)."""

    requests_per_second: float = Field(default=20.0, gt=0)
    requests_in_flight: int = Field(default=8, ge=1, le=64)
    event_lag_seconds: int = Field(default=10, ge=0)


class NetSuitePolicy(Section):
    """How far back a read of the ledger overlaps the one before, and how old the newest read may be, in minutes."""

    overlap_minutes: int = Field(default=120, ge=0)
    mirror_max_age_minutes: int = Field(default=180, ge=1)
    payment_account: RecordName | None = None


class ApplyPolicy(Section):
    """Bounds of a write whose answer was lost, or that has to be made again.

    `certain_after_seconds` is how long after a request left NetSuite may still commit it: only a look-up that finds
    nothing later than that proves that nothing was written. NetSuite ends a REST request after 15 minutes; the rest
    is for what it may wait on our side and on the way. `attempts_max` bounds requests, `look_ups_max` look-ups,
    before a dead letter. A lease outlasts the slowest request, which the client gives 180 seconds to answer. Within
    one apply, what falls due sooner than `patience_seconds` is waited for; what is later is left to the next sweep.
    """

    attempts_max: int = Field(default=6, ge=1)
    look_ups_max: int = Field(default=30, ge=1)
    lease_seconds: int = Field(default=600, ge=5)
    resolve_after_seconds: float = Field(default=2.0, ge=0)
    certain_after_seconds: float = Field(default=CERTAIN_AFTER_SECONDS, ge=0)
    patience_seconds: float = Field(default=30.0, ge=0)


class EntityNetSuite(Section):
    """What of `netsuite` an entity may have of its own."""

    payment_account: RecordName | None = None


class Entity(Section):
    """The books of a further Stripe account. What a section here states, it states for the objects of that account.

    Everything else is as in the company's own section of that name; maps (`bank`, `fees`, `prices`) are replaced whole.
    `owner` has what is wrong with the objects of the account, whatever kind of gap it is (see `alerts.owners`).
    """

    name: str = Field(min_length=1)
    owner: str | None = Field(default=None, min_length=1)
    books: Place = Place()
    customers: Customers = Customers()
    items: Items = Items()
    revenue: Revenue = Revenue()
    accounts: Accounts = Accounts()
    off_stripe: OffStripe = OffStripe()
    adjustments: Adjustments = Adjustments()
    netsuite: EntityNetSuite = EntityNetSuite()
    mapping: Mappings = Mappings()


Part = TypeVar("Part", bound=Section)


def _laid_over(company: Part, own: Part) -> Part:
    return company.model_copy(update={name: getattr(own, name) for name in own.model_fields_set})


class Policy(Section):
    """All of `o2c.yaml`. `entities` are further Stripe accounts, by their ids."""

    mode: Mode = Mode.OBSERVE
    owner: str = "team:finance-systems"
    books: Books = Books()
    customers: Customers = Customers()
    items: Items = Items()
    revenue: Revenue = Revenue()
    accounts: Accounts = Accounts()
    documents: Documents = Documents()
    reversals: Reversals = Reversals()
    off_stripe: OffStripe = OffStripe()
    adjustments: Adjustments = Adjustments()
    tolerances: Tolerances = Tolerances()
    periods: Periods = Periods()
    deals: Deals = Deals()
    stripe: StripePolicy = StripePolicy()
    netsuite: NetSuitePolicy = NetSuitePolicy()
    live: Live = Live()
    webhooks: Webhooks = Webhooks()
    retention: Retention = Retention()
    apply: ApplyPolicy = ApplyPolicy()
    alerts: Alerts = Alerts()
    anomalies: Anomalies = Anomalies()
    mapping: Mappings = Mappings()
    entities: dict[str, Entity] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _apart(self) -> "Policy":
        names = [entity.name for entity in self.entities.values()]
        for account, entity in self.entities.items():
            where = f"entities.{account}"
            if not re.fullmatch(r"acct_[A-Za-z0-9_]+", account):
                raise ValueError(f"{where}: the id of a Stripe account begins with acct_")
            if names.count(entity.name) > 1:
                raise ValueError(f"{where}: another entity has the same name")
            if self._in_another_subsidiary(entity) and not {"bank", "destinations"} & entity.accounts.model_fields_set:
                text = "is of another subsidiary than books.subsidiary, so it needs bank accounts of its own"
                raise ValueError(f"{where} {text}, under accounts.bank or accounts.destinations")
        for account in sorted(self.routed - self.entities.keys()):
            near = did_you_mean(account, self.entities)
            raise ValueError(f"alerts.routes: {account!r} is no account under entities{near}")
        used = {name.lower() for _, own in self.each() for name in own.accounts.names()}
        if (self.tolerances.account or "").lower() in used:
            text = f"{self.tolerances.account!r} is named under accounts too: differences need an account of their own"
            raise ValueError(f"tolerances.account: {text}")
        for account, own in self.each():
            own._opening_apart("" if account == MAIN else f"entities.{account}.")
        check_mappings((account, own.mapping, own.revenue) for account, own in self.each())
        return self

    def _opening_apart(self, where: str) -> None:
        """What payouts took of an opening balance is told by its account, so nothing else of a deposit may be on it."""
        used = {name.lower() for name in self.accounts.names()}
        for currency, opening in self.books.opening.items():
            if opening.account.lower() in used:
                text = f"{opening.account!r} is named under {where}accounts too: an opening balance needs an account"
                raise ValueError(f"{where}books.opening.{currency}.account: {text} that deposits use for nothing else")

    def _in_another_subsidiary(self, entity: Entity) -> bool:
        return _laid_over(self.books, entity.books).subsidiary != self.books.subsidiary

    @property
    def routed(self) -> set[str]:
        """Stripe accounts whose gaps somebody is told of by themselves."""
        return {account for route in self.alerts.routes for account in route.entities}

    @property
    def stripe_accounts(self) -> tuple[str, ...]:
        """The main account and the further ones."""
        return (MAIN, *self.entities)

    def of(self, account: str) -> "Policy":
        """The policy for the objects of one Stripe account. Raises KeyError for one that has no entity.

        Money that arrives outside Stripe is no business of another subsidiary's account, so that one is not inherited.
        Nor is what the company's own Stripe account held when the books started, nor are bank accounts.
        """
        if account == MAIN:
            return self
        entity = self.entities[account]
        elsewhere = self._in_another_subsidiary(entity)
        outside = OffStripe() if elsewhere else self.off_stripe
        own: dict[str, object] = {name: _laid_over(getattr(self, name), getattr(entity, name)) for name in _OVERRIDDEN}
        own |= {"accounts": _laid_over(self.accounts.without_banks if elsewhere else self.accounts, entity.accounts)}
        books = _laid_over(self.books, entity.books).model_copy(update={"opening": entity.books.opening})
        own |= {"off_stripe": _laid_over(outside, entity.off_stripe), "mapping": entity.mapping.over(self.mapping)}
        return self.model_copy(update=own | {"books": books})

    def each(self) -> Iterator[tuple[str, "Policy"]]:
        """Every Stripe account with its policy."""
        return ((account, self.of(account)) for account in self.stripe_accounts)

    @property
    def kept(self) -> Kept:
        """What of Stripe's objects is stored that not every policy needs; nothing of customers where none are made."""
        details = self.customers.details.of_stripe if self.customers.mode == "each" else frozenset()
        if not details:
            return self.mapping.kept
        return {**self.mapping.kept, "customer": {**self.mapping.kept.get("customer", {}), DETAIL: details}}

    @property
    def detail_kinds(self) -> tuple[str, ...]:
        """The kinds of NetSuite's records that customers' details name: terms, employees."""
        details = [own.customers.details for _, own in self.each()]
        terms = ("term",) if any(each.terms is not None for each in details) else ()
        return (*terms, *(("employee",) if any(each.sales_rep != "none" for each in details) else ()))

    @property
    def account_fields(self) -> tuple[str, ...]:
        """The fields of Salesforce's accounts that some entity's customers need, besides those that are always read.

        Deals, and so customers in Stripe who follow their accounts, are the main account's.
        """
        details = (name for _, own in self.each() for name in own.customers.details.of_salesforce)
        return tuple(dict.fromkeys((*details, *self.customers.changes.stripe.of_salesforce)))

    @property
    def suspense_accounts(self) -> set[str]:
        """The accounts on which any entity's deposits keep what no document explains."""
        return {own.accounts.suspense for _, own in self.each()}

    @property
    def fee_accounts(self) -> set[str]:
        """The accounts of any entity's fees."""
        return {name for _, own in self.each() for name in (own.accounts.fee, *own.accounts.fees.values())}

    def name_of(self, account: str) -> str:
        """How people call the books of a Stripe account."""
        entity = self.entities.get(account)
        return account if entity is None else entity.name


_OVERRIDDEN = ("customers", "items", "revenue", "accounts", "adjustments", "netsuite")
