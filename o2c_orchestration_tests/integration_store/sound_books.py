"""A few movements of money that two ledgers agree on to the cent, to be broken in one place at a time.

Two invoices, one of them paid; a payment in euro that no payout has taken yet; a charge without an invoice, refunded
in part; one payout with three members, and its deposit. All through the store's own functions.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.store import ledger, movements, rows
from o2c_orchestration.store.ledger import Batch, LedgerDocument, document_hash

DAY = date(2026, 2, 15)
ARRIVAL = date(2026, 2, 18)
NOON = datetime(2026, 2, 15, 12, 0, tzinfo=UTC)
BEGIN, END = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
SUSPENSE, FEES = 6, 7

_STRIPE: dict[str, dict[str, Any]] = {
    "customers": {"name": "Ann", "email": None, "deleted": False, "balances": "{}"},
    "invoices": {
        "customer_id": "cus_1", "number": None, "currency": "usd", "status": "open", "tax_minor": 0,
        "amount_paid_minor": 0, "amount_remaining_minor": 0, "shipping_minor": 0, "issue_date": DAY, "due_date": None,
        "closed_date": None, "paid_date": None, "lines": "[]", "zero_lines": False,
        "balance_minor": 0, "overpaid_minor": 0,
    },
    "payments": {
        "customer_id": "cus_1", "payment_intent": None, "currency": "usd", "status": "succeeded",
        "refunded_minor": 0, "payment_date": DAY,
    },
    "invoice_payments": {"payment_intent": None, "charge_id": None, "currency": "usd", "status": "paid"},
    "credit_notes": {
        "customer_id": "cus_1", "currency": "usd", "status": "issued", "tax_minor": 0, "pre_payment_minor": 0,
        "shipping_minor": 0, "issue_date": DAY, "lines": "[]", "refunds": "[]",
        "balance_minor": 0,
    },
    "refunds": {
        "currency": "usd", "status": "succeeded", "balance_transaction": "txn_r", "failure_transaction": None,
        "refund_date": DAY,
    },
    "disputes": {
        "currency": "usd", "status": "lost", "withdrawn_date": DAY, "reinstated_date": None,
        "partly_reinstated": False, "reinstated_minor": None,
    },
    "balance_transactions": {
        "type": "charge", "category": "charge", "source_id": None, "currency": "usd", "fee_minor": 0, "fees": "[]",
        "booked_date": DAY,
    },
    "payouts": {
        "currency": "usd", "status": "paid", "automatic": True, "reconciliation": "completed",
        "failure_transaction": None, "arrival_date": ARRIVAL,
    },
}  # fmt: skip
_DOCUMENT: dict[str, Any] = {
    "external_id": None, "tranid": None, "other_ref": None, "trandate": DAY, "entity_id": 1, "currency": "usd",
    "tax_minor": 0, "remaining_minor": 0, "status": None, "voided": False, "modified_at": None,
}  # fmt: skip


def stripe(engine: Engine, table: str, *values: dict[str, Any]) -> None:
    """Store validated rows; a transaction's net is its amount less its fee unless it is given."""
    names = rows.columns(table)
    complete = []
    for value in values:
        row = {"created_at": NOON, **_STRIPE[table], **value}
        if table == "balance_transactions":
            row.setdefault("net_minor", row["amount_minor"] - row["fee_minor"])
        complete.append(tuple(row[name] for name in names))
    rows.accept(engine, table, complete, [], [])


def document(identifier: int, kind: str, key: str | None, total: int, **changes: Any) -> LedgerDocument:
    """A document as a read of the ledger gives it, linked by external id."""
    values = {**_DOCUMENT, "stripe_ref": key, "linked_by": "external_id" if key else None, "total_minor": total}
    values |= changes
    content = document_hash([identifier, kind, *values.values()])
    return LedgerDocument(id=identifier, document=kind, read_at=datetime.now(UTC), row_hash=content, **values)


def netsuite(
    engine: Engine,
    *documents: LedgerDocument,
    applied: Iterable[tuple[int, int, int]] = (),
    deposited: Iterable[tuple[int, int]] = (),
    lines: Iterable[tuple[int, int, int, int, str | None]] = (),
    gone: Sequence[int] = (),
) -> None:
    """Store a read of the ledger."""
    ledger.merge_documents(engine, Batch(documents, list(applied), list(deposited), list(lines)), gone)


def members(engine: Engine, payout: str, *transactions: str) -> None:
    """What Stripe lists for a payout."""
    movements.record_members(engine, payout, transactions, NOON)


DEPOSITED = [(21, 41), (23, 41), (31, 41)]
FEE_LINE = (41, 1, FEES, -400, "fees: stripe_fee")


def sound(engine: Engine) -> None:
    """Everything that the module's docstring names, on both sides."""
    stripe(engine, "customers", {"id": "cus_1"})
    stripe(
        engine,
        "invoices",
        {"id": "in_1", "status": "paid", "total_minor": 10000},
        {"id": "in_2", "total_minor": 5000, "amount_remaining_minor": 5000},
    )
    stripe(
        engine,
        "payments",
        {"id": "ch_1", "payment_intent": "pi_1", "amount_minor": 10000},
        {"id": "ch_2", "currency": "eur", "amount_minor": 4000},
        {"id": "ch_3", "amount_minor": 3000},
    )
    paid = {"id": "inpay_1", "invoice_id": "in_1", "payment_intent": "pi_1", "amount_minor": 10000}
    stripe(engine, "invoice_payments", paid)
    stripe(engine, "refunds", {"id": "re_1", "charge_id": "ch_3", "amount_minor": 1000})
    _balance(engine)
    _ledger(engine)


def _balance(engine: Engine) -> None:
    own = {"id": "txn_p", "type": "payout", "category": "payout", "source_id": "po_1", "amount_minor": -11600}
    refund = {"id": "txn_r", "type": "refund", "category": "refund", "source_id": "re_1", "amount_minor": -1000}
    stripe(
        engine,
        "balance_transactions",
        {"id": "txn_1", "source_id": "ch_1", "amount_minor": 10000, "fee_minor": 300},
        {"id": "txn_2", "source_id": "ch_2", "amount_minor": 4400, "fee_minor": 100},
        {"id": "txn_3", "source_id": "ch_3", "amount_minor": 3000, "fee_minor": 100},
        refund,
        own,
    )
    stripe(engine, "payouts", {"id": "po_1", "amount_minor": 11600})
    members(engine, "po_1", "txn_1", "txn_3", "txn_r", "txn_p")


def _ledger(engine: Engine) -> None:
    now = datetime.now(UTC)
    ledger.merge_customers(engine, [(1, "cus_1", "Ann", False)], now)
    ledger.replace_reference(engine, "account", [("1", "Checking"), ("6", "Suspense"), ("7", "Stripe Fees")], now)
    netsuite(
        engine,
        document(11, "invoice", "in_1", 10000),
        document(12, "invoice", "in_2", 5000, remaining_minor=5000),
        document(21, "customerPayment", "ch_1", 10000),
        document(22, "customerPayment", "ch_2", 4000, currency="eur", remaining_minor=4000),
        document(23, "customerPayment", "ch_3", 3000, remaining_minor=2000),
        document(31, "customerRefund", "re_1", 1000),
        document(41, "deposit", "po_1", 11600, entity_id=None, trandate=ARRIVAL),
        applied=[(21, 11, 10000), (31, 23, 1000)],
        deposited=DEPOSITED,
        lines=[FEE_LINE],
    )
