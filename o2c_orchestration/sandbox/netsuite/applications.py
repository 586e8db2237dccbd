"""Applying money to debts: the `apply` sublist of payments, credit memos and refunds.

Amounts are integer minor units of the transaction's currency. A target must belong to the same customer,
carry the same currency, be posted and still have enough open.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from o2c_orchestration.sandbox.netsuite.drafts import Currency, Request, amount, reference
from o2c_orchestration.sandbox.netsuite.errors import (
    NetSuiteError,
    invalid_field_value,
    missing_values,
    user_error,
)
from o2c_orchestration.sandbox.netsuite.values import dollars, to_decimal, to_minor

Json = dict[str, Any]

PAYMENT_LINK = "Payment"
_TARGET_TYPES = {
    "customerPayment": ("CustInvc",),
    "creditMemo": ("CustInvc",),
    "depositApplication": ("CustInvc",),
    "customerRefund": ("CustCred", "CustPymt", "DepAppl"),
}


def planned_applications(
    request: Request, customer: int, currency: Currency, capacity: int | None, subsidiary: int
) -> dict[int, int]:
    """Target id to applied minor units, out of the body's `apply` lines, checked against what is open.

    `capacity` is the money to apply, None when it follows from the lines. The stored lines are rewritten
    with the amounts that resulted. Raises NetSuiteError for foreign targets (of another customer or subsidiary, or in
    another currency) and for over-application.
    """
    own = _own_applications(request)
    planned: dict[int, int] = {}
    for index, line in enumerate(request.doc.get("apply") or []):
        target = _target(request, line, customer, currency, f"apply.items[{index}].doc")
        if target["x_subsidiary"] != subsidiary:
            raise invalid_field_value(target["id"], "doc", f"apply.items[{index}].doc")
        open_minor = target["x_total"] - target["x_paid"] + own.get(target["id"], 0)
        free = None if capacity is None else capacity - sum(planned.values())
        minor = _line_minor(line, currency.scale, open_minor, free)
        if minor < 0 or minor > open_minor:
            raise _unbalanced(open_minor, minor, currency.scale, f"apply.items[{index}].amount")
        if minor:
            planned[target["id"]] = minor
    if request.doc.get("autoApply") and capacity is not None:
        for invoice, rest in _oldest_first(request, customer, currency, own, subsidiary):
            free = capacity - sum(planned.values())
            if invoice not in planned and min(free, rest) > 0:
                planned[invoice] = min(free, rest)
    _refuse_excess(request, capacity, planned, currency.scale)
    _rewrite_lines(request, planned, currency.scale)
    return planned


def _own_applications(request: Request) -> dict[int, int]:
    if request.id is None:
        return {}
    rows = request.connection.execute(
        "SELECT previousdoc, x_amount FROM nexttransactionlinelink WHERE nextdoc = ? AND linktype = ?",
        (request.id, PAYMENT_LINK),
    )
    return {row["previousdoc"]: row["x_amount"] for row in rows}


def _target(request: Request, line: Json, customer: int, currency: Currency, path: str) -> sqlite3.Row:
    target_id = reference(line, "doc")
    if target_id is None:
        raise missing_values(["Doc"])
    row: sqlite3.Row = request.connection.execute(
        "SELECT id, type, entity, currency, posting, voided, x_total, x_paid, x_subsidiary"
        ' FROM "transaction" WHERE id = ?',
        (target_id,),
    ).fetchone()
    fits = (
        row is not None
        and row["type"] in _TARGET_TYPES[request.record.name]
        and row["entity"] == customer
        and row["currency"] == currency.id
        and row["posting"] == "T"
        and row["voided"] == "F"
    )
    if not fits:
        raise invalid_field_value(target_id, "doc", path)
    return row


def _line_minor(line: Json, scale: int, open_minor: int, free: int | None) -> int:
    if line.get("apply") is False:
        return 0
    given = amount(line, "amount")
    if given is not None:
        return to_minor(given, scale)
    return open_minor if free is None else max(0, min(open_minor, free))


def _oldest_first(
    request: Request, customer: int, currency: Currency, own: dict[int, int], subsidiary: int
) -> list[tuple[int, int]]:
    """The customer's open invoices with what is open on them."""
    rows = request.connection.execute(
        'SELECT id, x_total, x_paid FROM "transaction" WHERE entity = ? AND type = ? AND currency = ?'
        " AND posting = 'T' AND voided = 'F' AND x_subsidiary = ? ORDER BY trandate, id",
        (customer, "CustInvc", currency.id, subsidiary),
    ).fetchall()
    return [(row["id"], row["x_total"] - row["x_paid"] + own.get(row["id"], 0)) for row in rows]


def _refuse_excess(request: Request, capacity: int | None, planned: dict[int, int], scale: int) -> None:
    if capacity is None:
        return
    # What was refunded out of this payment or memo is no longer there to be applied.
    refunded = 0
    if request.id is not None:
        row = request.connection.execute(
            "SELECT total(x_amount) FROM nexttransactionlinelink WHERE previousdoc = ? AND linktype = ?",
            (request.id, PAYMENT_LINK),
        ).fetchone()
        refunded = int(row[0])
    applied = sum(planned.values()) + refunded
    if applied > capacity:
        raise _unbalanced(capacity, applied, scale, None)


def _unbalanced(available: int, applied: int, scale: int, path: str | None) -> NetSuiteError:
    unapplied = max(available - applied, 0)
    sentence = (
        f"Transaction is not in balance! Total to apply of {dollars(available, scale)} does not equal sum of"
        f" applied {dollars(applied, scale)} and unapplied {dollars(unapplied, scale)}"
    )
    return user_error(sentence, path)


def _rewrite_lines(request: Request, planned: dict[int, int], scale: int) -> None:
    stored = {reference(line, "doc"): line for line in request.doc.get("apply") or []}
    request.doc["apply"] = [
        {
            **stored.get(target, {"doc": {"id": str(target)}}),
            "apply": True,
            "amount": format(to_decimal(minor, scale), "f"),
            "line": str(index),
        }
        for index, (target, minor) in enumerate(planned.items())
    ]
