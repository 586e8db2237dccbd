"""Worlds made by hand for the oracle's own tests: one customer, a paid and an open invoice, everything in order."""

from dataclasses import dataclass, field
from typing import Any

from o2c_orchestration_tests.simulation.oracle.view import Rules

Wire = dict[str, Any]

CUSTOMER, PAID, OPEN, CHARGE = "cus_1abcdefgh", "in_1Paid00000", "in_1Open00000", "ch_1Charge000"
# 2026-11-01 05:30 UTC: still October in the books.
ISSUED = 1_793_511_000


@dataclass(eq=False)
class HandMade:
    """A world whose every part a test may spoil. Healthy as it comes."""

    stripe: dict[str, Wire] = field(default_factory=dict)
    netsuite: dict[str, Wire] = field(default_factory=dict)
    open_gaps: list[Wire] = field(default_factory=list)
    rows: list[Wire] = field(default_factory=list)
    history: list[Wire] = field(default_factory=list)
    now: int = ISSUED + 3600
    rules: Rules = field(default_factory=Rules)
    unsent: list[Wire] = field(default_factory=list)

    def stripe_objects(self) -> dict[str, Wire]:
        """Stripe's side."""
        return self.stripe

    def netsuite_records(self) -> list[Wire]:
        """NetSuite's side."""
        return list(self.netsuite.values())

    def gaps(self) -> list[Wire]:
        """The open gaps."""
        return self.open_gaps

    def journal(self) -> list[Wire]:
        """The journal."""
        return self.rows

    def kept_out(self) -> list[Wire]:
        """What was never sent; mostly nothing: what is refused in these worlds NetSuite refused."""
        return self.unsent

    def row(self, stripe_id: str) -> Wire:
        """The journal's row of a Stripe object."""
        return next(row for row in self.rows if row["stripe_id"] == stripe_id)

    def document(self, stripe_id: str) -> Wire:
        """The record with this external id."""
        return next(each for each in self.netsuite.values() if each["externalId"] == stripe_id)

    def add(self, record: Wire, *, by_hand: bool = False) -> Wire:
        """Put a record into NetSuite; a person's is noted in the diary."""
        self.netsuite[record["id"]] = record
        if by_hand:
            self.did("entered", record["id"])
        return record

    def did(self, change: str, document: str, **more: Any) -> None:
        """Note in the diary what a person did in NetSuite."""
        self.history.append({"system": "netsuite", "change": change, "document": document, "action": change, **more})

    def gap(self, kind: str, stripe_id: str | None, expected: int | None, actual: int | None, **more: Any) -> None:
        """Open a gap, in dollars unless told otherwise."""
        row = {"kind": kind, "stripe_id": stripe_id, "netsuite_id": None, "currency": "usd", "reason": "because"}
        self.open_gaps.append(row | {"expected_minor": expected, "actual_minor": actual} | more)


def healthy() -> HandMade:
    """A paid invoice with tax, its charge, an open one in another currency; all booked, nothing open."""
    world = HandMade()
    world.stripe[CUSTOMER] = {"id": CUSTOMER, "object": "customer"}
    bill(world, PAID, 11_000, tax=1000, status="paid")
    bill(world, OPEN, 5000, currency="jpy", status="open")
    charge(world, CHARGE, PAID, 11_000)
    world.add({"type": "customer", "id": "101", "externalId": CUSTOMER})
    world.add(invoice("1001", PAID, 11_000, tax=1000, amountRemaining=0))
    world.add(invoice("1002", OPEN, 5000, currency="JPY"))
    world.add(payment("1003", CHARGE, 11_000, [("1001", 11_000)]))
    world.rows = [
        journal_row("customer", CUSTOMER, "101"),
        journal_row("invoice", PAID, "1001", CUSTOMER),
        journal_row("invoice", OPEN, "1002", CUSTOMER),
        journal_row("customerPayment", CHARGE, "1003", CUSTOMER, PAID),
    ]
    return world


def bill(
    world: HandMade, identifier: str, total: int, *, tax: int = 0, currency: str = "usd", status: str = "open"
) -> Wire:
    """A Stripe invoice of the one customer."""
    drafted = status == "draft"
    wire: Wire = {
        "id": identifier,
        "object": "invoice",
        "status": status,
        "customer": CUSTOMER,
        "currency": currency,
        "total": total,
        "total_taxes": [{"amount": tax}] if tax else [],
        "amount_remaining": total if status in ("open", "draft", "uncollectible") else 0,
        "effective_at": None if drafted else ISSUED,
        "number": None if drafted else f"A-{identifier[-6:]}",
        "lines": {"data": [{"amount": total - tax}]},
        "status_transitions": {"finalized_at": None if drafted else ISSUED, "voided_at": None},
    }
    world.stripe[identifier] = wire
    return wire


def close(wire: Wire, status: str) -> None:
    """A Stripe invoice is voided or written off."""
    name = "voided_at" if status == "void" else "marked_uncollectible_at"
    wire.update(status=status, status_transitions=wire["status_transitions"] | {name: ISSUED})


def charge(world: HandMade, identifier: str, invoice_id: str, amount: int, currency: str = "usd") -> Wire:
    """A succeeded Stripe charge, and what it pays."""
    intent = f"pi_{identifier}"
    wire: Wire = {
        "id": identifier,
        "object": "charge",
        "status": "succeeded",
        "captured": True,
        "customer": CUSTOMER,
        "currency": currency,
        "amount": amount,
        "amount_captured": amount,
        "payment_intent": intent,
        "created": ISSUED,
    }
    part: Wire = {"id": f"inpay_{identifier}", "object": "invoice_payment", "status": "paid", "amount_paid": amount}
    world.stripe[identifier] = wire
    world.stripe[part["id"]] = part | {"invoice": invoice_id, "payment": {"payment_intent": intent}}
    return wire


def invoice(identifier: str, external_id: str | None, total: int, **more: Any) -> Wire:
    """A NetSuite invoice of the one customer, open unless told otherwise."""
    head = {"type": "invoice", "id": identifier, "externalId": external_id, "customer": "101", "currency": "USD"}
    texts = {"memo": "", "otherRefNum": "", "tranId": f"INV{identifier}", "tranDate": "2026-10-31"}
    return head | texts | {"total": total, "tax": 0, "amountRemaining": total, "voided": False} | more


def payment(identifier: str, external_id: str | None, total: int, applied: list[tuple[str, int]], **more: Any) -> Wire:
    """A NetSuite customer payment of the one customer."""
    record = invoice(identifier, external_id, total, type="customerPayment")
    del record["amountRemaining"]
    return record | {"applications": applied, "unapplied": total - sum(part for _, part in applied)} | more


def memo(identifier: str, external_id: str | None, total: int, applied: list[tuple[str, int]], **more: Any) -> Wire:
    """A NetSuite credit memo of the one customer."""
    return payment(identifier, external_id, total, applied, type="creditMemo", **more)


def journal_row(document: str, stripe_id: str, netsuite_id: str | None, *depends_on: str, state: str = "done") -> Wire:
    """A row of the journal."""
    return {
        "document": document,
        "external_key": stripe_id.lower(),
        "external_id": stripe_id,
        "stripe_id": stripe_id,
        "netsuite_id": netsuite_id,
        "state": state,
        "depends_on": [key.lower() for key in depends_on],
        "error_detail": None,
        "fix": None,
        "decided_by": None,
        "decision": None,
    }
