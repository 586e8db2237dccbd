"""Plain ways to put rows, documents and journal entries into a store, all of them through its own functions."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from o2c_orchestration.domain.documents import Command, DocumentType, Refusal
from o2c_orchestration.store import journal, ledger, rows
from o2c_orchestration.store.ledger import LedgerDocument, document_hash

DAY = date(2026, 2, 15)
MOMENT = datetime(2026, 2, 15, 12, 0, tzinfo=UTC)

DEFAULTS: dict[str, dict[str, Any]] = {
    "customers": {"name": "Ann", "email": None, "deleted": False, "created_at": MOMENT, "balances": "{}"},
    "invoices": {
        "customer_id": "cus_1",
        "number": None,
        "currency": "usd",
        "status": "open",
        "total_minor": 100,
        "tax_minor": 0,
        "amount_paid_minor": 0,
        "amount_remaining_minor": 100,
        "shipping_minor": 0,
        "issue_date": DAY,
        "due_date": None,
        "closed_date": None,
        "paid_date": None,
        "created_at": MOMENT,
        "lines": "[]",
        "zero_lines": False,
        "balance_minor": 0,
        "overpaid_minor": 0,
    },
    "payments": {
        "customer_id": "cus_1",
        "payment_intent": None,
        "currency": "usd",
        "status": "succeeded",
        "amount_minor": 100,
        "refunded_minor": 0,
        "payment_date": DAY,
        "created_at": MOMENT,
    },
    "invoice_payments": {
        "payment_intent": None,
        "charge_id": None,
        "currency": "usd",
        "status": "paid",
        "amount_minor": 100,
        "created_at": MOMENT,
    },
    "credit_notes": {
        "invoice_id": "in_1",
        "customer_id": "cus_1",
        "currency": "usd",
        "status": "issued",
        "total_minor": 100,
        "tax_minor": 0,
        "pre_payment_minor": 0,
        "shipping_minor": 0,
        "issue_date": DAY,
        "created_at": MOMENT,
        "lines": "[]",
        "refunds": "[]",
        "balance_minor": 0,
    },
    "refunds": {
        "charge_id": "ch_1",
        "currency": "usd",
        "status": "succeeded",
        "amount_minor": 100,
        "balance_transaction": "txn_refund",
        "failure_transaction": None,
        "refund_date": DAY,
        "created_at": MOMENT,
    },
    "disputes": {
        "charge_id": "ch_1",
        "currency": "usd",
        "status": "lost",
        "amount_minor": 100,
        "withdrawn_date": DAY,
        "reinstated_date": None,
        "partly_reinstated": False,
        "reinstated_minor": None,
        "created_at": MOMENT,
    },
    "balance_transactions": {
        "type": "charge",
        "category": "charge",
        "source_id": None,
        "currency": "usd",
        "amount_minor": 100,
        "fee_minor": 0,
        "net_minor": 100,
        "fees": "[]",
        "booked_date": DAY,
        "created_at": MOMENT,
    },
    "customer_balance_transactions": {"booked_date": DAY},
    "payouts": {
        "currency": "usd",
        "status": "paid",
        "amount_minor": 100,
        "automatic": True,
        "reconciliation": "completed",
        "failure_transaction": None,
        "arrival_date": DAY,
        "created_at": MOMENT,
    },
}


def as_owner(engine: Engine, *statements: str) -> None:
    """Run statements on the engine's database as its owner, in one transaction: what the product's role may not do."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]


@contextmanager
def login(url: str, options: str = "") -> Iterator[str]:
    """The database's URL for a login of its own that may create tables and nothing else; both end with the context."""
    name = f"login_{uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {name} LOGIN {options}")  # type: ignore[call-overload]
        admin.execute(f"GRANT CREATE, TEMPORARY ON DATABASE {admin.info.dbname} TO {name}")  # type: ignore[call-overload]
        try:
            yield make_url(url).set(username=name, password=None).render_as_string(hide_password=False)
        finally:
            admin.execute(f"DROP OWNED BY {name} CASCADE")  # type: ignore[call-overload]
            admin.execute(f"DROP ROLE {name}")  # type: ignore[call-overload]


def accept(engine: Engine, table: str, *values: dict[str, Any]) -> None:
    """Store validated rows; fields that are not given are those of DEFAULTS."""
    complete = [{**DEFAULTS[table], **value} for value in values]
    names = rows.columns(table)
    rows.accept(engine, table, [tuple(value[name] for name in names) for value in complete], [], [])


def ledger_document(identifier: int, document: str = "invoice", **changes: Any) -> LedgerDocument:
    """A document as a read of the ledger gives it; `changes` are fields of LedgerDocument."""
    values: dict[str, Any] = {
        "external_id": None,
        "stripe_ref": None,
        "linked_by": "external_id" if changes.get("stripe_ref") else None,
        "tranid": None,
        "other_ref": None,
        "trandate": DAY,
        "entity_id": 1,
        "currency": "usd",
        "total_minor": 100,
        "tax_minor": 0,
        "remaining_minor": 100,
        "status": None,
        "voided": False,
        "modified_at": None,
        "read_at": datetime.now(UTC),
        **changes,
    }
    content = [identifier, document, *(value for name, value in values.items() if name != "read_at")]
    return LedgerDocument(id=identifier, document=document, row_hash=document_hash(content), **values)


def mirror(
    engine: Engine,
    documents: Iterable[LedgerDocument] = (),
    applications: Iterable[tuple[int, int, int]] = (),
    gone: Sequence[int] = (),
    deposited: Iterable[tuple[int, int]] = (),
    lines: Iterable[tuple[int, int, int, int, str | None]] = (),
) -> None:
    """Store a read of the ledger; `deposited` and `lines` as in `ledger.Batch`."""
    batch = ledger.Batch(list(documents), list(applications), list(deposited), list(lines))
    ledger.merge_documents(engine, batch, gone)


def accounts(engine: Engine) -> None:
    """The accounts of deposits: 6 Suspense, 7 Stripe Fees."""
    ledger.replace_reference(engine, "account", [("1", "Checking"), ("6", "Suspense"), ("7", "Stripe Fees")], MOMENT)


def dirty(engine: Engine) -> set[str]:
    """The keys to reconcile anew, taken away."""
    with engine.begin() as connection:
        return set(connection.execute(text("DELETE FROM o2c.dirty RETURNING key")).scalars())


def ledger_customer(engine: Engine, identifier: int, external_id: str | None) -> None:
    """Store a customer of the ledger."""
    ledger.merge_customers(engine, [(identifier, external_id, f"Customer {identifier}", False)], datetime.now(UTC))


def command(document: DocumentType, key: str, *, amount: int = 100, needs: Sequence[str] = ()) -> Command:
    """A command to create a document; another amount is another content."""
    return Command(
        document=document,
        external_id=key,
        stripe_id=key,
        customer_id="cus_1",
        currency="usd",
        amount_minor=amount,
        effective_date=DAY,
        partition=DAY,
        why="a test needs it",
        body={"externalId": key, "amount": {"$minor": [amount, "usd"]}},
        depends_on=tuple(needs),
    )


def refusal(document: DocumentType, key: str, code: str = "TEST") -> Refusal:
    """A document that the planner refuses."""
    return Refusal(document, key, key, "cus_1", "usd", 100, DAY, DAY, code, "the planner says no", "think again")


def journal_id(engine: Engine, external_id: str) -> int:
    """Id of a document's journal row."""
    states = ["intent", "sent", "unknown", "done", "refused", "dead", "dropped"]
    return next(entry.id for entry in journal.entries(engine, states) if entry.external_id == external_id)


def state_of(engine: Engine, external_id: str) -> str:
    """State of a document's journal row."""
    states = ["intent", "sent", "unknown", "done", "refused", "dead", "dropped"]
    return next(entry.state for entry in journal.entries(engine, states) if entry.external_id == external_id)
