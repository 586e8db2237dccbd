"""Section of `o2c.yaml` on the ledger itself: where it is kept, from which day on, and what was there before."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator

from o2c_orchestration.domain.section import RecordName, Section


class Opening(Section):
    """What a Stripe account held in one currency when the books started, and no payout had taken.

    `account` is the NetSuite account on which it stands: the company has booked it there by an entry of its own.
    `amount_minor`: in minor units, below zero where Stripe's balance was.
    """

    account: Annotated[RecordName, Field(min_length=1)]
    amount_minor: Annotated[int, Field(strict=True)]


class Place(Section):
    """Where a company is; dates of documents are in `time_zone`. `opening` is of its Stripe account, by currency."""

    time_zone: str = "America/Los_Angeles"
    subsidiary: RecordName | None = "1"
    opening: dict[str, Opening] = Field(default_factory=dict)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except Exception as error:
            raise ValueError(f"{value!r} is not an IANA time zone such as America/Los_Angeles") from error
        return value

    @field_validator("opening", "opening_credits", check_fields=False)
    @classmethod
    def _codes(cls, value: Mapping[str, Any]) -> Mapping[str, Any]:
        for code in value:
            if len(code) != 3 or not code.isascii() or not code.isalpha() or not code.islower():
                raise ValueError(f"{code!r} is no currency as Stripe writes it, such as usd")
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Books(Place):
    """How the ledger is kept. Nothing before `start` is looked at.

    `opening_credits`: what customers had to their credit in Stripe when they started, in minor units by currency (below
    zero: what they owed there), which the company has booked on the account of `items.balance` by entries of its own.
    `currency` is the one that an account without NetSuite's Multiple Currencies keeps, by its code; None where NetSuite
    lists its currencies itself.
    """

    start: date = date(2024, 1, 1)
    opening_credits: dict[str, Annotated[int, Field(strict=True)]] = Field(default_factory=dict)
    currency: Annotated[str, Field(pattern="^[a-z]{3}$")] | None = None

    @property
    def start_of_day(self) -> datetime:
        """The first moment of the books, in their own time zone."""
        return datetime.combine(self.start, time())

    @property
    def cut_over(self) -> datetime:
        """The moment (UTC) from which on Stripe's objects are read: what was created before it is from before."""
        return datetime.combine(self.start, time(), UTC)
