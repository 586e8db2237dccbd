"""Invoices as Stripe renders them, before anybody has paid.

What belongs here: the invoice object with its totals. Paying, voiding and their objects are in payments.py.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from .catalog import MINUTE, Catalog, Wire
from .ids import IdMaker
from .lines import (
    Line,
    lengthen,
    line_object,
    make_tax_rates,
    sell,
    settle_lines,
    summed_taxes,
)
from .stories import DAY, Story, Window, previous_month

BOOKS_ZONE = ZoneInfo("America/Los_Angeles")
_ACCOUNT_NAME = "Norwold Works, Inc."
# How many months before the window the one closed accounting period lies.
_CLOSED_MONTHS_BACK = 3


@dataclass
class Receipt:
    """A succeeded charge, its balance transaction and what it pays: invoice id → minor units."""

    charge: Wire
    entry: Wire
    pays: dict[str, int]


@dataclass
class Bill:
    """One invoice in the making: its story, customer, lines and wire object, and later its payments.

    unpaid: the payment intent and the invoice payment that still wait for money.
    """

    story: Story
    customer: Wire
    invoice: Wire
    lines: list[Line]
    receipts: list[Receipt] = field(default_factory=list)
    unpaid: tuple[Wire, Wire] | None = None

    @property
    def currency(self) -> str:
        return str(self.invoice["currency"])

    @property
    def tax(self) -> int:
        """All taxes in minor units, inclusive and exclusive."""
        return sum(tax.amount for line in self.lines for tax in line.taxes)

    @property
    def issue_date(self) -> date:
        """The legal date of the invoice in the books' time zone."""
        return books_date(issued_at(self.invoice))


def issued_at(invoice: Wire) -> int:
    """`effective_at`, else the moment of finalization (Unix seconds)."""
    return int(invoice["effective_at"] or invoice["status_transitions"]["finalized_at"])


def books_date(moment: int) -> date:
    """The date in Los Angeles of a moment in Unix seconds."""
    return datetime.fromtimestamp(moment, BOOKS_ZONE).date()


def closed_month(window: Window) -> date:
    """The last day of the closed period: three months before the window, where nothing else happens."""
    return previous_month(books_date(window.start), _CLOSED_MONTHS_BACK)


class Biller:
    """Makes the invoices of all stories, with numbers in order of finalization."""

    def __init__(self, rng: random.Random, ids: IdMaker, window: Window, catalog: Catalog) -> None:
        self._rng, self._ids, self._window, self._catalog = rng, ids, window, catalog
        self._rates = make_tax_rates(ids)
        self._subscriptions: dict[str, str] = {}
        self._number = 0
        self._long_one_due = True

    def bill(self, story: Story, customer: Wire) -> Bill:
        """An open invoice (draft if the story says so) with nothing paid."""
        currency = customer["currency"]
        lines = sell(self._rng, self._catalog, story, currency)
        if story.layout == "many_lines" and story.finalized_at >= self._window.kept_until and self._long_one_due:
            lines, self._long_one_due = lengthen(lines), False
        lines = settle_lines(self._rng, lines, story, currency, self._rates)
        invoice_id = self._ids.new("in")
        discount_id = self._ids.new("di") if any(line.discount for line in lines) else None
        subscription = None if story.layout == "one_off" else self._subscription(customer["id"])
        objects = [line_object(self._ids, line, invoice_id, subscription, discount_id) for line in lines]
        invoice = {
            **_header(invoice_id, customer, currency),
            **_totals(lines, discount_id),
            **self._dates(story, subscription),
            **_parent(subscription, story),
            "discounts": [discount_id] if discount_id else [],
            "lines": {
                "object": "list",
                "data": objects,
                "has_more": False,
                "total_count": len(objects),
                "url": f"/v1/invoices/{invoice_id}/lines",
            },
        }
        return Bill(story, customer, invoice, lines)

    def _subscription(self, customer_id: str) -> str:
        if customer_id not in self._subscriptions:
            self._subscriptions[customer_id] = self._ids.new("sub")
        return self._subscriptions[customer_id]

    def _dates(self, story: Story, subscription: str | None) -> Wire:
        """Number, status and times. Stripe drafts a subscription's invoice an hour before it finalizes it."""
        finalized, draft = story.finalized_at, story.outcome == "draft"
        drafted = finalized - (60 * MINUTE + self._rng.randrange(90) if subscription else self._rng.randrange(2, 1800))
        by_invoice = story.outcome in ("late", "open", "shared", "two_payments", "void")
        if not draft:
            self._number += 1
        url = None if draft else f"https://invoice.example.com/i/{finalized}-{self._number}"
        return {
            "auto_advance": not draft,
            "automatically_finalizes_at": None,
            "collection_method": "send_invoice" if by_invoice else "charge_automatically",
            "created": drafted,
            "due_date": finalized + 30 * DAY if by_invoice else None,
            "effective_at": None if draft else self._effective_at(story),
            "hosted_invoice_url": url,
            "invoice_pdf": f"{url}/pdf" if url else None,
            "number": None if draft else f"NW-{self._number:06d}",
            "period_end": drafted,
            "period_start": drafted - (30 * DAY if subscription else 0),
            "status": "draft" if draft else "open",
            "status_transitions": {
                "finalized_at": None if draft else finalized,
                "marked_uncollectible_at": None,
                "paid_at": None,
                "voided_at": None,
            },
            "webhooks_delivered_at": drafted + 1,
        }

    def _effective_at(self, story: Story) -> int | None:
        if story.effective == "none":
            return None
        if story.effective == "backdated":
            return story.finalized_at - self._rng.randrange(1, 4) * DAY
        if story.effective == "closed":
            day = closed_month(self._window).replace(day=15)
            return int(datetime(day.year, day.month, day.day, 20, tzinfo=UTC).timestamp())
        return story.finalized_at


def _header(invoice_id: str, customer: Wire, currency: str) -> Wire:
    return {
        "id": invoice_id,
        "object": "invoice",
        "account_country": "US",
        "account_name": _ACCOUNT_NAME,
        "account_tax_ids": None,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_shipping": 0,
        "application": None,
        "attempt_count": 0,
        "attempted": False,
        "automatic_tax": {
            "disabled_reason": None,
            "enabled": False,
            "liability": None,
            "provider": None,
            "status": None,
        },
        "currency": currency,
        "custom_fields": None,
        "customer": customer["id"],
        "customer_account": None,
        "customer_address": dict(customer["address"]),
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_phone": None,
        "customer_shipping": None,
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
        "default_payment_method": None,
        "default_source": None,
        "default_tax_rates": [],
        "description": None,
        "ending_balance": 0,
        "footer": None,
        "from_invoice": None,
        "issuer": {"type": "self"},
        "last_finalization_error": None,
        "latest_revision": None,
        "livemode": False,
        "metadata": {},
        "next_payment_attempt": None,
        "on_behalf_of": None,
        "payment_settings": {
            "default_mandate": None,
            "payment_method_options": None,
            "payment_method_types": None,
        },
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "receipt_number": None,
        "rendering": None,
        "shipping_cost": None,
        "shipping_details": None,
        "starting_balance": 0,
        "statement_descriptor": None,
        "status_details": None,
        "test_clock": None,
        "threshold_reason": None,
    }


def _totals(lines: list[Line], discount_id: str | None) -> Wire:
    """total = sum of lines - discounts + exclusive tax; nothing is paid yet."""
    subtotal, discount = sum(line.amount for line in lines), sum(line.discount for line in lines)
    inclusive = sum(line.inclusive_tax for line in lines)
    taxes = [tax for line in lines for tax in line.taxes]
    every_tax = sum(tax.amount for tax in taxes)
    total = subtotal - discount + every_tax - inclusive
    discounts = [{"amount": discount, "discount": discount_id}] if discount_id else []
    return {
        "amount_due": total,
        "amount_remaining": total,
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal - inclusive,
        "total": total,
        "total_discount_amounts": discounts,
        "total_excluding_tax": total - every_tax,
        "total_pretax_credit_amounts": [{**each, "type": "discount"} for each in discounts],
        "total_taxes": summed_taxes(taxes),
    }


def _parent(subscription: str | None, story: Story) -> Wire:
    if subscription is None:
        return {"billing_reason": "manual", "parent": None}
    reason = {"trial": "subscription_create", "proration": "subscription_update"}.get(
        story.layout, "subscription_cycle"
    )
    details = {"metadata": {}, "subscription": subscription}
    return {
        "billing_reason": reason,
        "parent": {"quote_details": None, "subscription_details": details, "type": "subscription_details"},
    }
