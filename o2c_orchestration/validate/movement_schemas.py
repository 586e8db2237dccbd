"""Pandera schemas of the rows of money that goes back, is disputed, or is paid out."""

from typing import Any

import pandas as pd
import pandera.pandas as pa

from o2c_orchestration.validate.columns import (
    CURRENCY,
    flag,
    identifier,
    is_integer,
    lines_sound,
    minor_units,
    status,
    text,
)


def _pairs_sound(pairs: list[list[Any]]) -> bool:
    return all(isinstance(name, str) and is_integer(amount) for name, amount in pairs)


def _net(frame: pd.DataFrame) -> pd.Series:
    parts = zip(frame["amount_minor"], frame["fee_minor"], frame["net_minor"], strict=True)
    return pd.Series([_odd(part) or part[0] - part[1] == part[2] for part in parts], index=frame.index)


def _within(frame: pd.DataFrame) -> pd.Series:
    pairs = zip(frame["pre_payment_minor"], frame["total_minor"], strict=True)
    return pd.Series([_odd(pair) or pair[0] <= pair[1] for pair in pairs], index=frame.index)


def _odd(values: tuple[Any, ...]) -> bool:
    """What is no integer is told by its column; an error here would blame the whole frame."""
    return not all(is_integer(value) for value in values)


_PAIRS = pa.Check(_pairs_sound, element_wise=True, error="a pair has no name or no integer amount")

SCHEMAS: dict[str, pa.DataFrameSchema] = {
    "credit_note": pa.DataFrameSchema(
        {
            "id": identifier("cn"),
            "invoice_id": identifier("in"),
            "customer_id": identifier("cus", nullable=True),
            "currency": pa.Column(object, CURRENCY),
            "status": status("issued", "void"),
            "total_minor": minor_units(),
            "tax_minor": minor_units(signed=True),
            "pre_payment_minor": minor_units(),
            "shipping_minor": minor_units(),
            "issue_date": pa.Column(object),
            "created_at": pa.Column(object),
            "lines": pa.Column(object, pa.Check(lines_sound, element_wise=True, error="a line has no integer amount")),
            "refunds": pa.Column(object, _PAIRS),
            "balance_minor": minor_units(),
        },
        checks=pa.Check(_within, error="credits more of the invoice than its own total", name="within"),
        strict=True,
        name="Stripe credit notes",
    ),
    "refund": pa.DataFrameSchema(
        {
            "id": identifier("re", "pyr"),
            "charge_id": identifier("ch", "py"),
            "currency": pa.Column(object, CURRENCY),
            "status": status("pending", "requires_action", "succeeded", "failed", "canceled"),
            "amount_minor": minor_units(),
            "balance_transaction": identifier("txn", nullable=True),
            "failure_transaction": identifier("txn", nullable=True),
            "refund_date": pa.Column(object),
            "created_at": pa.Column(object),
        },
        strict=True,
        name="Stripe refunds",
    ),
    "dispute": pa.DataFrameSchema(
        {
            "id": identifier("dp", "du"),
            "charge_id": identifier("ch", "py"),
            "currency": pa.Column(object, CURRENCY),
            # Stripe adds statuses; what moves money are the balance transactions, so any status is taken.
            "status": text(nullable=False),
            "amount_minor": minor_units(),
            "withdrawn_date": pa.Column(object, nullable=True),
            "reinstated_date": pa.Column(object, nullable=True),
            "partly_reinstated": pa.Column(object),
            "created_at": pa.Column(object),
        },
        strict=True,
        name="Stripe disputes",
    ),
    "balance_transaction": pa.DataFrameSchema(
        {
            "id": identifier("txn"),
            # An unknown type is not an error here: it becomes a named residual of its payout.
            "type": text(nullable=False),
            "category": text(nullable=False),
            "source_id": text(),
            "currency": pa.Column(object, CURRENCY),
            "amount_minor": minor_units(signed=True),
            "fee_minor": minor_units(signed=True),
            "net_minor": minor_units(signed=True),
            "fees": pa.Column(object, _PAIRS),
            "booked_date": pa.Column(object),
            "created_at": pa.Column(object),
        },
        checks=pa.Check(_net, error="net is not amount less fee", name="net"),
        strict=True,
        name="Stripe balance transactions",
    ),
    "customer_balance_transaction": pa.DataFrameSchema(
        {
            "id": pa.Column(object),
            "customer_id": identifier("cus"),
            "type": text(nullable=False),
            "currency": pa.Column(object, CURRENCY),
            "amount_minor": minor_units(signed=True),
            "created_at": pa.Column(object),
        },
        strict=True,
        name="Stripe customer balance transactions",
    ),
    "payout": pa.DataFrameSchema(
        {
            "id": identifier("po"),
            "currency": pa.Column(object, CURRENCY),
            "status": status("paid", "pending", "in_transit", "canceled", "failed"),
            "amount_minor": minor_units(signed=True),
            "automatic": flag(),
            "reconciliation": status("completed", "in_progress", "not_applicable"),
            "failure_transaction": identifier("txn", nullable=True),
            "arrival_date": pa.Column(object),
            "created_at": pa.Column(object),
        },
        strict=True,
        name="Stripe payouts",
    ),
}
