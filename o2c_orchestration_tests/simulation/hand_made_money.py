"""Hand-made worlds in which money went the other way: a credit note, a refund, a lost and a won dispute, a payout."""

from typing import Any

from o2c_orchestration_tests.simulation.hand_made import (
    CHARGE,
    CUSTOMER,
    ISSUED,
    OPEN,
    HandMade,
    Wire,
    charge,
    healthy,
    journal_row,
    memo,
    payment,
)

NOTE, REFUND, DISPUTE, PAYOUT, ALONE = (
    "cn_1Note00000",
    "re_1Refund000",
    "du_1Dispute00",
    "po_1Payout000",
    "ch_1Alone0000",
)
ARRIVED = 1_793_491_200


def moved() -> HandMade:
    """A credit note on the open invoice; 4,000 of the charge refunded; a charge alone, disputed; all paid out."""
    world = healthy()
    world.stripe[OPEN]["amount_remaining"] = 4000
    world.stripe[NOTE] = _note()
    world.add(memo("1010", NOTE, 1000, [("1002", 1000)], currency="JPY"))
    world.document(OPEN)["amountRemaining"] = 4000
    charge(world, ALONE, "", 6000)
    del world.stripe[f"inpay_{ALONE}"]
    world.add(payment("1011", ALONE, 6000, [], unapplied=0))
    world.stripe[REFUND] = _object("refund", REFUND, 4000, charge=CHARGE, balance_transaction="txn_2")
    world.add(memo("1012", f"cm-{REFUND}", 4000, [], unapplied=0))
    world.add(refund("1013", REFUND, 4000, [("1012", 4000)]))
    world.stripe[DISPUTE] = _object("dispute", DISPUTE, 6000, charge=ALONE, balance_transactions=[])
    world.stripe[DISPUTE]["balance_transactions"] = [{"amount": -6000, "created": ISSUED}]
    world.add(refund("1014", DISPUTE, 6000, [("1011", 6000)]))
    _paid_out(world)
    world.rows += [
        journal_row("customerPayment", ALONE, "1011", CUSTOMER),
        journal_row("creditMemo", NOTE, "1010", CUSTOMER, OPEN),
        journal_row("creditMemo", f"cm-{REFUND}", "1012", CUSTOMER) | {"stripe_id": REFUND},
        journal_row("customerRefund", REFUND, "1013", CUSTOMER, f"cm-{REFUND}"),
        journal_row("customerRefund", DISPUTE, "1014", CUSTOMER, ALONE),
        journal_row("deposit", PAYOUT, "1015", CHARGE, REFUND),
    ]
    return world


def _object(kind: str, identifier: str, amount: int, **more: Any) -> Wire:
    return {"id": identifier, "object": kind, "amount": amount, "currency": "usd", "created": ISSUED} | more


def _note() -> Wire:
    money: Wire = {"total": 1000, "pre_payment_amount": 1000, "status": "issued", "currency": "jpy", "refunds": []}
    return _object("credit_note", NOTE, 1000, customer=CUSTOMER, invoice=OPEN, effective_at=None) | money


def _paid_out(world: HandMade) -> None:
    moves = [("txn_1", "charge", CHARGE, 11_000), ("txn_2", "refund", REFUND, -4000), ("txn_3", "charge", ALONE, 6000)]
    for identifier, kind, source, amount in moves:
        entry = _object("balance_transaction", identifier, amount, type=kind, source=source, payout=PAYOUT)
        world.stripe[identifier] = entry
    withdrawn = {"type": "adjustment", "reporting_category": "dispute", "source": DISPUTE, "payout": PAYOUT}
    world.stripe["txn_4"] = _object("balance_transaction", "txn_4", -6000, **withdrawn)
    state = {"automatic": True, "status": "paid", "reconciliation_status": "completed", "arrival_date": ARRIVED}
    world.stripe[PAYOUT] = _object("payout", PAYOUT, 6800, **state)
    taken: Wire = {
        "deposited": ["1003", "1011", "1013", "1014"],
        "postings": [("Stripe Fees", -200, "fees: stripe_fee")],
    }
    world.add(deposit("1015", PAYOUT, 6800, **taken))


def refund(identifier: str, external_id: str | None, total: int, applied: list[tuple[str, int]], **more: Any) -> Wire:
    """A NetSuite customer refund of the one customer."""
    record = payment(identifier, external_id, total, applied, type="customerRefund", **more)
    return {name: value for name, value in record.items() if name != "unapplied"}


def deposit(identifier: str, external_id: str | None, total: int, **more: Any) -> Wire:
    """A NetSuite deposit of the payout."""
    head = {"type": "deposit", "id": identifier, "externalId": external_id, "customer": None, "currency": "USD"}
    texts = {"memo": "", "otherRefNum": "", "tranId": f"DEP{identifier}", "tranDate": "2026-11-01"}
    return head | texts | {"total": total, "tax": 0, "voided": False, "deposited": [], "postings": []} | more
