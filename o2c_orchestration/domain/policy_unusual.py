"""Sections of `o2c.yaml` on money that does not come or goes back, that comes elsewhere, otherwise, or too late."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from o2c_orchestration.domain.section import RecordName, Section


class Reversals(Section):
    """What a company decides about money that does not come, or goes back.

    `uncollectible`: `write_off` books a credit memo on `items.bad_debt`, `keep_open` leaves the invoice open.
    `uninvoiced`: a charge that pays no invoice becomes an `unapplied` payment, or a customer `deposit`, which is owed
    to the customer and no receivable, or a `sale`: an invoice of one line on `items.default` besides, which the payment
    pays; or the planner will `refuse` it.
    `partial_refunds`: what takes back a part of an invoice is `one_line` on `items.refund`, or `prorated` over the
    invoice's lines, discounts, shipping and tax. A refund of all of it takes these lines back either way.
    `disputes`: `one_line` on `items.dispute`, or the invoice's lines `as_refunds`; a won one restores what was taken.
    """

    uncollectible: Literal["write_off", "keep_open"] = "write_off"
    uninvoiced: Literal["unapplied", "deposit", "sale", "refuse"] = "unapplied"
    partial_refunds: Literal["one_line", "prorated"] = "one_line"
    disputes: Literal["one_line", "as_refunds"] = "one_line"


class Tolerances(Section):
    """How far a document may be from Stripe's amount and still be deposited, with a line for the difference.

    `rounding_minor`: minor units by currency; by default 1, or 10 where a currency has three decimals. `net_of_fee`: a
    payment that was entered less its fee. Either is booked on `account`, and at most `monthly_budget_minor` a month and
    currency. Without account or budget nothing is tolerated: the document's amount goes to Suspense.
    """

    account: RecordName | None = None
    rounding_minor: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)
    net_of_fee: bool = False
    monthly_budget_minor: dict[str, Annotated[int, Field(ge=0)]] = Field(default_factory=dict)


class Adjustments(Section):
    """What customers are given, or charged, on their balance by hand in Stripe, without invoice or credit note.

    `item` is the NetSuite item that stands against `items.balance`: whether goodwill is revenue or cost, its account
    says. None: such movements are told and not written. `since`: earlier ones (day in the books) are not written
    either; None: from the start of the books on.
    """

    item: RecordName | None = None
    since: date | None = None


class OffStripe(Section):
    """Payments that Stripe only notes, by bank or by cheque. `account` is where their money arrives.

    None: they are not written, and each is a gap for a person.
    """

    account: RecordName | None = None


class Periods(Section):
    """What becomes of a document whose date lies in an accounting period that takes it no more.

    `closed`: `refuse` leaves it to a person, `first_open` dates it on the first day of the first period after it that
    is open, and its memo keeps the original date.
    `tax`: `lock` takes a closed tax period for one that is locked for receivables, so that nothing is added to a tax
    return that was handed in. `ignore` leaves it to NetSuite, which reports such documents in the next tax period.
    """

    closed: Literal["refuse", "first_open"] = "refuse"
    tax: Literal["ignore", "lock"] = "ignore"
