"""Rows for a spreadsheet: CSV that a program of finance opens, in which nothing that a system says is a formula."""

import csv
import sys
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from o2c_orchestration.domain.money import to_major
from o2c_orchestration.store.gaps import Gap

_COLUMNS = (
    *("since", "kind", "state", "stripe_id", "netsuite_id", "salesforce_id", "customer", "currency"),
    *("expected", "actual", "difference", "at_stake", "first_seen_at", "last_seen_at", "reason", "gap_id"),
)
# What makes a formula of a cell, or hides one that does (OWASP, "CSV Injection").
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def print_gaps(gaps: Iterable[Gap]) -> None:
    """One row for each on standard output, amounts in the currency's own units with a point, moments in UTC."""
    rows = csv.DictWriter(sys.stdout, _COLUMNS, lineterminator="\n")
    rows.writeheader()
    rows.writerows({name: cell(value) for name, value in _row(gap).items()} for gap in gaps)


def cell(value: Any) -> str:
    """As text. A text that a spreadsheet would calculate has an apostrophe before it: then it is shown as it is."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_BEGINS_A_FORMULA) else text


def _row(gap: Gap) -> dict[str, Any]:
    minor = {
        "expected": gap.expected_minor,
        "actual": gap.actual_minor,
        "difference": gap.difference_minor,
        "at_stake": gap.at_stake_minor,
    }
    amounts = {name: None if each is None else to_major(each, gap.currency) for name, each in minor.items()}
    told = {"since": gap.effective_date, "currency": gap.currency.upper(), **amounts}
    return {name: told[name] if name in told else getattr(gap, name) for name in _COLUMNS}
