"""Bodies of documents that move money, as a client posts them to the sandbox's NetSuite."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from o2c_orchestration_tests.contract.sandbox_netsuite_account import Account

# The chart of a fresh account.
BANK, BANK_EUR, SUSPENSE, FEES, REALIZED = "1", "15", "6", "7", "16"
REFUND_ITEM, DISPUTE_ITEM, BAD_DEBT_ITEM, CREDIT_ITEM = "5", "6", "7", "8"


def deposit_body(
    bank: str,
    members: Mapping[str, float] | Iterable[str],
    other: list[dict[str, Any]] | None = None,
    cashback: list[dict[str, Any]] | None = None,
    **body: Any,
) -> dict[str, Any]:
    """A deposit of payments and refunds; a mapping says what each settled for."""
    settled: Mapping[str, float] = members if isinstance(members, Mapping) else {}
    lines = [
        {"id": member, "deposit": True} | ({"paymentAmount": settled[member]} if settled else {}) for member in members
    ]
    sublists = {"payment": lines, "other": other or [], "cashback": cashback or []}
    return {"account": {"id": bank}, **{name: {"items": items} for name, items in sublists.items() if items}, **body}


def money(account: str, amount: float, **line: Any) -> dict[str, Any]:
    """A line of other money or cash back."""
    return {"account": {"id": account}, "amount": amount, **line}


def refund_body(customer: str, applied: dict[str, float], **body: Any) -> dict[str, Any]:
    """A refund out of credit memos or unapplied payments."""
    return {"customer": {"id": customer}, "apply": {"items": apply_lines(applied)}, **body}


def memo_body(customer: str, amount: float, applied: dict[str, float] | None = None, **body: Any) -> dict[str, Any]:
    """A credit memo with one line, applied to invoices."""
    line = {"item": {"id": body.pop("item", CREDIT_ITEM)}, "amount": amount}
    apply = {"apply": {"items": apply_lines(applied)}} if applied else {}
    return {"entity": {"id": customer}, "item": {"items": [line]}, **apply, **body}


def apply_lines(applied: dict[str, float]) -> list[dict[str, Any]]:
    """Lines of an apply sublist."""
    return [{"doc": {"id": doc}, "apply": True, "amount": amount} for doc, amount in applied.items()]


def journal_body(*lines: tuple[str, float, float, str | None], **body: Any) -> dict[str, Any]:
    """A journal entry of (account, debit, credit, memo)."""
    items = []
    for account, debit, credit, memo in lines:
        sides = {name: amount for name, amount in (("debit", debit), ("credit", credit)) if amount}
        items.append({"account": {"id": account}, **sides, **({"memo": memo} if memo else {})})
    return {"subsidiary": {"id": "1"}, "line": {"items": items}, **body}


def euro_customer(account: Account) -> str:
    """A customer who pays in euros."""
    return account.customer(currency={"id": "4"})
