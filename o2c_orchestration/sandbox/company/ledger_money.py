"""NetSuite records of money given back and money banked: credit memos, customer refunds and deposits.

What belongs here: record/v1 create bodies of right documents. Which are kept, and what is wrong with some of
them, is in cashier.py. Ids of accounts and items are those of the sandbox's chart.
"""

from __future__ import annotations

from datetime import date

from .catalog import Wire
from .currencies import NETSUITE_CURRENCY, wire_amount
from .ledger import apply_lines, plain_document

REFUND_ITEM, CREDIT_ITEM, BALANCE_ITEM = "5", "8", "9"
CHECKING = "1"
# Cash-back accounts by the type of fee.
_FEE_ACCOUNTS = {"stripe_fee": "7", "payment_method_passthrough_fee": "10", "tax": "12"}


def memo_body(customer_key: str, currency: str, day: date, lines: list[Wire], applied: dict[str, int]) -> Wire:
    """A credit memo; `applied` maps invoice keys to minor units."""
    body = plain_document(customer_key, currency, day, lines)
    return {**body, "autoApply": False, **({"apply": apply_lines(applied, currency)} if applied else {})}


def refund_body(customer_key: str, currency: str, day: date, applied: dict[str, int]) -> Wire:
    """A customer refund out of undeposited funds; `applied` maps memo or payment keys to minor units."""
    return {
        "customer": {"id": f"@{customer_key}"},
        "currency": {"id": NETSUITE_CURRENCY[currency]},
        "tranDate": day.isoformat(),
        "apply": apply_lines(applied, currency),
    }


def deposit_body(day: date, members: list[tuple[str, str, int]], fees: dict[str, int]) -> Wire:
    """A deposit in dollars: (key, currency, US cents) of each payment or refund, less the fees by type."""
    return {
        "account": {"id": CHECKING},
        "tranDate": day.isoformat(),
        "payment": {"items": [_member_line(*member) for member in members]},
        "cashBack": {
            "items": [
                {"account": {"id": _FEE_ACCOUNTS[kind]}, "amount": wire_amount(cents, "usd"), "memo": kind}
                for kind, cents in fees.items()
            ]
        },
    }


def document_link(stripe_id: str, style: str) -> Wire:
    """How a document names what it stands for: by external id, or in a memo written by hand."""
    if style == "hand":
        return {"memo": f"Stripe {stripe_id}"}
    return {"externalId": stripe_id, "memo": f"Stripe: {stripe_id}"}


def _member_line(key: str, currency: str, cents: int) -> Wire:
    line: Wire = {"id": f"@{key}", "deposit": True}
    # Only what settled in another currency has an amount of its own in the bank's.
    return line if currency == "usd" else {**line, "paymentAmount": wire_amount(cents, "usd")}
