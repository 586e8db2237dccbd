"""A record of Salesforce that does not take what it is told of its deal or account."""

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class NotTaken:
    """What Salesforce said the last time, of the record of `object` that goes by `key`: its id, or one of Stripe's.

    `partly`: it took all but the fields that it is about.
    """

    object: str
    key: str
    code: str
    words: str
    partly: bool = False


@dataclass(frozen=True)
class NotTold:
    """The gap that this is: `salesforce_id` is the deal or account that is told wrongly until then."""

    record: NotTaken
    leg: Literal["salesforce_netsuite", "salesforce_stripe"]
    salesforce_id: str
    stripe_id: str | None
    customer: str | None
    currency: str
    day: date
    reason: str
