"""What of invoices was paid outside Stripe, as far as Stripe notes it."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class OffStripeRow:
    """What of an invoice was paid outside Stripe, as Stripe says, in minor units; ``id`` is the invoice's.

    ``paid_minor`` is all that was paid of it, ``by_stripe_minor`` what payments in Stripe paid, ``payment_date`` the
    day (time zone of the books) on which it was paid in full.
    """

    id: str
    customer_id: str | None
    currency: str
    status: str
    amount_minor: int
    paid_minor: int
    by_stripe_minor: int
    payment_date: date | None
    created_at: datetime
