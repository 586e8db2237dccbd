"""Pandera schemas of the flat rows: types, enums, ids, signs. A row that fails goes to quarantine, alone."""

from typing import Any

import pandas as pd
import pandera.pandas as pa

from o2c_orchestration.validate import movement_schemas
from o2c_orchestration.validate.columns import (
    CURRENCY,
    balances_sound,
    identifier,
    lines_sound,
    minor_units,
    status,
    text,
)


def _issued(frame: pd.DataFrame) -> pd.Series:
    return frame["issue_date"].notna() | frame["status"].isin(["draft", "void"])


SCHEMAS: dict[str, pa.DataFrameSchema] = {
    "customer": pa.DataFrameSchema(
        {
            "id": identifier("cus"),
            "name": text(),
            "email": text(),
            "deleted": pa.Column(object),
            "created_at": pa.Column(object),
            "balances": pa.Column(object, pa.Check(balances_sound, element_wise=True, error="a balance is no integer")),
        },
        strict=True,
        name="Stripe customers",
    ),
    "invoice": pa.DataFrameSchema(
        {
            "id": identifier("in"),
            "customer_id": identifier("cus", nullable=True),
            "number": text(),
            "currency": pa.Column(object, CURRENCY),
            "status": status("draft", "open", "paid", "uncollectible", "void"),
            "total_minor": minor_units(signed=True),
            "tax_minor": minor_units(signed=True),
            "amount_paid_minor": minor_units(),
            "amount_remaining_minor": minor_units(),
            "shipping_minor": minor_units(),
            "issue_date": pa.Column(object, nullable=True),
            "due_date": pa.Column(object, nullable=True),
            "closed_date": pa.Column(object, nullable=True),
            "paid_date": pa.Column(object, nullable=True),
            "created_at": pa.Column(object),
            "lines": pa.Column(object, pa.Check(lines_sound, element_wise=True, error="a line has no integer amount")),
            "balance_minor": minor_units(signed=True),
            "overpaid_minor": minor_units(),
            "zero_lines": pa.Column(object),
        },
        checks=pa.Check(_issued, error="finalized without an issue date", name="issued"),
        strict=True,
        name="Stripe invoices",
    ),
    "price": pa.DataFrameSchema(
        {"id": pa.Column(object), "product_id": text(), "created_at": pa.Column(object)},
        strict=True,
        name="Stripe prices",
    ),
    "charge": pa.DataFrameSchema(
        {
            "id": identifier("ch", "py"),
            "customer_id": identifier("cus", nullable=True),
            "payment_intent": identifier("pi", nullable=True),
            "currency": pa.Column(object, CURRENCY),
            "status": status("succeeded", "pending", "failed", "uncaptured"),
            "amount_minor": minor_units(),
            "refunded_minor": minor_units(),
            "payment_date": pa.Column(object),
            "created_at": pa.Column(object),
        },
        strict=True,
        name="Stripe charges",
    ),
    "invoice_payment": pa.DataFrameSchema(
        {
            "id": pa.Column(object),
            "invoice_id": identifier("in"),
            "payment_intent": identifier("pi", nullable=True),
            "charge_id": identifier("ch", "py", nullable=True),
            "currency": pa.Column(object, CURRENCY),
            "status": status("open", "paid", "canceled"),
            "amount_minor": minor_units(nullable=True),
            "created_at": pa.Column(object),
        },
        strict=True,
        name="Stripe invoice payments",
    ),
    **movement_schemas.SCHEMAS,
}


def failures(object_type: str, rows: list[dict[str, Any]]) -> dict[int, str]:
    """Row number → reasons, for the rows that fail their schema. All rows are looked at."""
    # Object columns throughout: pandas must not turn missing integers into floats.
    frame = pd.DataFrame(rows, dtype=object)
    frame = frame.where(frame.notna(), None) if len(frame) else frame
    try:
        SCHEMAS[object_type].validate(frame, lazy=True)
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
