"""Pandera schemas of the flat rows, made of domain/stored.py, and what must hold between their columns.

A row that fails goes to quarantine, alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import pandera.pandas as pa

from o2c_orchestration.domain.stored import STORED, TABLES, fields_of
from o2c_orchestration.validate.columns import integers, schema


def _issued(frame: pd.DataFrame) -> pd.Series:
    return frame["issue_date"].notna() | frame["status"].isin(["draft", "void"])


def _paid(frame: pd.DataFrame) -> pd.Series:
    return frame["amount_minor"].notna() | (frame["status"] != "paid")


def _net(frame: pd.DataFrame) -> pd.Series:
    sums = integers(frame, "amount_minor", "fee_minor", "net_minor")
    return pd.Series([not each or each[0] - each[1] == each[2] for each in sums], index=frame.index)


def _within(frame: pd.DataFrame) -> pd.Series:
    pairs = integers(frame, "pre_payment_minor", "total_minor")
    return pd.Series([not each or each[0] <= each[1] for each in pairs], index=frame.index)


# Only what cannot be so, whatever Stripe does; what is odd is told by store/odd_rows.py, and let in.
_BETWEEN = {
    "invoice": pa.Check(_issued, error="finalized without an issue date", name="issued"),
    "invoice_payment": pa.Check(_paid, error="paid without an amount", name="paid"),
    "credit_note": pa.Check(_within, error="credits more of the invoice than its own total", name="within"),
    "balance_transaction": pa.Check(_net, error="net is not amount less fee", name="net"),
}

SCHEMAS: dict[str, pa.DataFrameSchema] = {
    kind: schema(
        fields_of(STORED[table]), f"Stripe {table.replace('_', ' ')}", *([_BETWEEN[kind]] if kind in _BETWEEN else [])
    )
    for kind, table in TABLES.items()
}


def failures(object_type: str, rows: list[dict[str, Any]]) -> dict[int, str]:
    """Row number → reasons, for the rows that fail their schema. All rows are looked at."""
    return failing(SCHEMAS[object_type], rows)


def failing(schema: pa.DataFrameSchema, rows: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """Row number → reasons, for the rows that fail a schema of columns of objects."""
    # Object columns throughout: pandas must not turn missing integers into floats.
    frame = pd.DataFrame(rows, dtype=object)
    frame = frame.where(frame.notna(), None) if len(frame) else frame
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        return _by_row(error.failure_cases, len(frame))
    return {}


def _by_row(cases: pd.DataFrame, count: int) -> dict[int, str]:
    """A failure without a row number is the frame's (a missing column) and fails every row."""
    found: dict[int, set[str]] = {}
    for case in cases.to_dict("records"):
        rows = range(count) if pd.isna(case["index"]) else [int(case["index"])]
        name = f"{case['column']}: " if case["schema_context"] == "Column" else ""
        reason = name + _words(str(case["check"]))
        for row in rows:
            found.setdefault(row, set()).add(reason)
    return {row: "; ".join(sorted(reasons)) for row, reasons in sorted(found.items())}


def _words(check: str) -> str:
    return "missing" if check == "not_nullable" else check
