"""Section of `o2c.yaml` on deals: what becomes of an opportunity that is won, or of an order that is activated."""

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from o2c_orchestration.domain.salesforce_fields import Source
from o2c_orchestration.domain.section import RecordName, Section


class Earlier(Section):
    """How a deal says that it follows an earlier one.

    `field` is a field of the deal that holds the earlier one's id, or the way to it over one record, such as
    `SBQQ__RenewedContract__r.SBQQ__Opportunity__c`. With `values` it is one that only says so, by one of these: then
    nobody knows which deal the earlier one is.
    """

    field: str = Field(pattern=r"^\w+(\.\w+)?$")
    values: tuple[str, ...] = ()


class Deals(Section):
    """What a deal of Salesforce becomes, and what goes back.

    `source`: what a deal is, a won opportunity or an activated order; never both, or it would be written twice.
    `orders`: a NetSuite sales order. `recurring`: what bills a deal with recurring lines, `one_off` one without any;
    both are made in Stripe, for which STRIPE_API_KEY has to be allowed to write. `write_back`: ids, status and money
    are written to Salesforce. Deals before `since` (close date; of an order its start date) are left alone; None means
    books.start. `tax`: what is sold is net; who puts tax on it. `none`: nobody is asked. `stripe`: Stripe calculates it
    on what bills a deal (automatic tax), and the order stays net. `netsuite`: what NetSuite adds to an order is none of
    its terms; Stripe then bills no deals, or it would bill them without.
    """

    source: Source = "opportunities"
    orders: bool = True
    recurring: Literal["none", "subscription"] = "none"
    one_off: Literal["none", "invoice", "payment_link"] = "none"
    write_back: bool = True
    tax: Literal["none", "stripe", "netsuite"] = "none"
    since: date | None = None
    # What an org with one currency sells in: it does not say so with each record.
    currency: str = Field(default="usd", pattern="^[a-z]{3}$")
    days_until_due: int = Field(default=30, ge=0)
    proration: Literal["none", "create_prorations", "always_invoice"] = "create_prorations"
    after_term: Literal["release", "cancel"] = "release"
    fractions: Literal["refuse", "one"] = "refuse"
    price_differs: Literal["refuse", "inline"] = "refuse"
    # Product code or Product2 id → NetSuite item; PricebookEntry id or product code → Stripe price. Both beat fields.
    items: dict[str, RecordName] = Field(default_factory=dict)
    prices: dict[str, str] = Field(default_factory=dict)
    # By how many days a deal may wait for its first invoice before that is a gap.
    billed_within_days: int = Field(default=5, ge=0)
    overlap_minutes: int = Field(default=10, ge=0)
    # The channel of Change Data Capture that tells at once what polling finds within half a minute; None: only polling.
    change_events: str | None = Field(default=None, pattern=r"^/data/\w+$")

    # What renews an earlier deal and begins where that one ends; what changes an earlier one and is no deal itself.
    renews: Earlier | None = None
    amends: Earlier | None = None

    @model_validator(mode="after")
    def _one_tax(self) -> "Deals":
        if self.tax == "netsuite" and self.bills:
            raise ValueError(
                "tax: netsuite is for deals that Stripe does not bill, or its bills would be without the tax: set "
                "recurring and one_off to none, or tax to stripe or none"
            )
        return self

    @property
    def earlier_fields(self) -> tuple[str, ...]:
        """The fields of deals by which they name earlier ones. Nothing is written while they cannot be seen."""
        return tuple(dict.fromkeys(each.field for each in (self.renews, self.amends) if each is not None))

    @property
    def renewal_field(self) -> str | None:
        """The field that names what a deal renews; None where there is none, or it only says that it renews."""
        return self.renews.field if self.renews is not None and not self.renews.values else None

    @property
    def bills(self) -> bool:
        """Whether anything is written to Stripe."""
        return self.recurring != "none" or self.one_off != "none"
