"""Pandera schemas of the flat rows: types, enums, ids, signs. A row that fails goes to quarantine, alone."""

from typing import Any

import pandas as pd
import pandera.pandas as pa

_CURRENCY = pa.Check.str_matches(r"^[a-z]{3}$", error="currency is not a three-letter lower-case code")


def _id(*prefixes: str, nullable: bool = False) -> pa.Column:
    pattern = rf"^(?:{'|'.join(prefixes)})_[A-Za-z0-9_]+$"
    check = pa.Check.str_matches(pattern, error=f"not an id of the form {' or '.join(prefixes)}_…")
    return pa.Column(object, check, nullable=nullable)


def _money(*, nullable: bool = False, signed: bool = False) -> pa.Column:
    """Integer minor units. Coercion would accept 10.0 or "10"; Stripe sends integers and nothing else."""
    checks = [pa.Check(_is_integer, element_wise=True, error="not an integer of minor units")]
    if not signed:
        checks.append(pa.Check(_not_negative, element_wise=True, error="negative"))
    return pa.Column(object, checks, nullable=nullable)


def _is_integer(value: Any) -> bool:
    """Within PostgreSQL's bigint too: one number beyond it would fail the COPY of all its neighbours."""
    return isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63


def _not_negative(value: Any) -> bool:
    return not _is_integer(value) or value >= 0


def _status(*values: str) -> pa.Column:
    return pa.Column(object, pa.Check.isin(values, error=f"status is none of {', '.join(values)}"))


def _text() -> pa.Column:
    return pa.Column(object, nullable=True)


def _lines_sound(lines: list[dict[str, Any]]) -> bool:
    keys = ("amount_minor", "discount_minor", "tax_exclusive_minor", "tax_inclusive_minor")
    return all(_is_integer(line[key]) for line in lines for key in keys)


def _issued(frame: pd.DataFrame) -> pd.Series:
    return frame["issue_date"].notna() | frame["status"].isin(["draft", "void"])


SCHEMAS: dict[str, pa.DataFrameSchema] = {
    "customer": pa.DataFrameSchema(
        {
            "id": _id("cus"),
            "name": _text(),
            "email": _text(),
            "deleted": pa.Column(object),
            "created_at": pa.Column(object),
        },
        strict=True,
        name="Stripe customers",
    ),
    "invoice": pa.DataFrameSchema(
        {
            "id": _id("in"),
            "customer_id": _id("cus", nullable=True),
            "number": _text(),
            "currency": pa.Column(object, _CURRENCY),
            "status": _status("draft", "open", "paid", "uncollectible", "void"),
            "total_minor": _money(signed=True),
            "tax_minor": _money(signed=True),
            "amount_paid_minor": _money(),
            "amount_remaining_minor": _money(),
            "shipping_minor": _money(),
            "issue_date": pa.Column(object, nullable=True),
            "due_date": pa.Column(object, nullable=True),
            "created_at": pa.Column(object),
            "lines": pa.Column(object, pa.Check(_lines_sound, element_wise=True, error="a line has no integer amount")),
            "zero_lines": pa.Column(object),
        },
        checks=pa.Check(_issued, error="finalized without an issue date", name="issued"),
        strict=True,
        name="Stripe invoices",
    ),
    "charge": pa.DataFrameSchema(
        {
            "id": _id("ch", "py"),
            "customer_id": _id("cus", nullable=True),
            "payment_intent": _id("pi", nullable=True),
            "currency": pa.Column(object, _CURRENCY),
            "status": _status("succeeded", "pending", "failed", "uncaptured"),
            "amount_minor": _money(),
            "refunded_minor": _money(),
            "payment_date": pa.Column(object),
            "created_at": pa.Column(object),
        },
        strict=True,
        name="Stripe charges",
    ),
    "invoice_payment": pa.DataFrameSchema(
        {
            "id": pa.Column(object),
            "invoice_id": _id("in"),
            "payment_intent": _id("pi", nullable=True),
            "charge_id": _id("ch", "py", nullable=True),
            "currency": pa.Column(object, _CURRENCY),
            "status": _status("open", "paid", "canceled"),
            "amount_minor": _money(nullable=True),
            "created_at": pa.Column(object),
        },
        strict=True,
        name="Stripe invoice payments",
    ),
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
