"""Movements of a customer's balance in Stripe that neither an invoice nor a credit note made."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class AdjustmentRow:
    """A movement that somebody made by hand (``cbtxn_…``), on its day in the time zone of the books.

    ``amount_minor``, in minor units: below zero the customer was given something, above zero he was charged.
    """

    id: str
    customer_id: str
    currency: str
    amount_minor: int
    day: date
    created_at: datetime
