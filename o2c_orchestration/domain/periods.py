"""Accounting periods, and how a document says that its date was moved out of a closed one.

It says so in its memo, as Stripe's own connector does.
"""

import re
from dataclasses import dataclass
from datetime import date

_ORIGINAL = "Original transaction date: "
_SAID = re.compile(re.escape(_ORIGINAL) + r"(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True)
class PeriodRow:
    """An accounting or tax period of NetSuite's, or a month locked here, first and last day included.

    ``closed``: it takes no document any more.
    ``receivables_locked``: no invoice, payment, credit memo or refund, while deposits and journal entries may still be
    dated in it. ``locked``: a month that was locked here, and takes nothing whatever NetSuite says. ``tax``: a tax
    period; one that is closed is locked for receivables.
    """

    name: str
    first: date
    last: date
    closed: bool = False
    receivables_locked: bool = False
    locked: bool = False
    tax: bool = False

    @property
    def title(self) -> str:
        """How it is called in a sentence: a tax period may have the name of an accounting period."""
        return f"the tax period {self.name}" if self.tax else self.name


def moved_memo(memo: str, day: date) -> str:
    """The memo of a document that would have been dated on `day`."""
    return f"{memo}. {_ORIGINAL}{day.isoformat()}"


def original_date(memo: str) -> date | None:
    """The day that a memo says the document would have been dated on, if it says one."""
    found = _SAID.search(memo)
    if found is None:
        return None
    try:
        return date.fromisoformat(found[1])
    except ValueError:
        return None
