"""NetSuite customers who are not there any more, and what a person is told of one, whatever waits for him."""

from dataclasses import dataclass
from typing import Final

CODE: Final = "CUSTOMER_VANISHED"
# NetSuite says of a record that a role may not see what it says of one that is not there: nothing.
GONE: Final = "he was deleted, merged into another one, or hidden from our role"


@dataclass(frozen=True)
class VanishedCustomer:
    """A customer who was merged or deleted in NetSuite, or hidden from our role, which looks the same.

    `merged_into`: who has his documents now, by internal id.
    """

    netsuite_id: str
    merged_into: str | None = None

    def words(self, whose: str) -> str:
        """What became of him, who was this one's."""
        text = f"NetSuite has no customer {self.netsuite_id} any more, who was {whose}'s: "
        if self.merged_into is None:
            return f"{text}{GONE}"
        return f"{text}what was booked under him is customer {self.merged_into}'s now, so he was merged into that one"

    @property
    def successor(self) -> str:
        """Whom a person has to name, as far as it is known."""
        return self.merged_into or "the internal id of the customer that takes his place"
