"""How a document says that its date was moved out of a closed period: as Stripe's own connector does, in its memo."""

import re
from datetime import date

_ORIGINAL = "Original transaction date: "
_SAID = re.compile(re.escape(_ORIGINAL) + r"(\d{4}-\d{2}-\d{2})")


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
