"""On which account the money of a payment, refund or customer deposit lies, and its two ledger lines."""

from __future__ import annotations

from o2c_orchestration.sandbox.netsuite.chart import ACCOUNT_UNDEPOSITED
from o2c_orchestration.sandbox.netsuite.drafts import (
    Currency,
    Line,
    Request,
    bank_account,
    choice,
    refuse_foreign_bank,
    segments,
)


def payment_account(request: Request, currency: Currency) -> tuple[int, bool]:
    """The account, and whether the money is deposited with that.

    Undeposited funds is NetSuite's own default; an account says where the money already lies.
    """
    if choice(request.doc, "undepFunds") in ("T", "true") or request.doc.get("account") is None:
        return ACCOUNT_UNDEPOSITED, False
    account = bank_account(request, ACCOUNT_UNDEPOSITED)
    refuse_foreign_bank(request, account, currency, "account")
    return account, account != ACCOUNT_UNDEPOSITED


def two_lines(request: Request, entity: int, main: int, other: int, total: int) -> list[Line]:
    """The main line on one account and its counterpart on the other, in minor units; debit positive."""
    memo, own = request.doc.get("memo"), segments(request.doc)
    head = Line(0, total, main, mainline=True, entity=entity, memo=memo, segments=own)
    return [head, Line(1, -total, other, entity=entity)]
