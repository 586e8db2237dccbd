"""A record of Salesforce that does not take what it is told of its deal or account."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

# So the words end of a record that was told all but the fields which Salesforce refused.
ALL_ELSE: Final = "all else of it is told"


@dataclass(frozen=True)
class NotTaken:
    """What Salesforce said the last time, of the record of `object` that goes by `key`: its id, or one of Stripe's."""

    object: str
    key: str
    code: str
    words: str

    @property
    def partly(self) -> bool:
        """Whether it is only a part of the record that was not taken."""
        return self.words.endswith(ALL_ELSE)


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
