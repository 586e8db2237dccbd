"""Hand-made worlds of companies that have decided something: sales, deposits, disputes won in part, fees kept off."""

from o2c_orchestration_tests.simulation.hand_made import (
    CHARGE,
    CUSTOMER,
    ISSUED,
    PAID,
    HandMade,
    charge,
    healthy,
    invoice,
    journal_row,
    memo,
    payment,
)
from o2c_orchestration_tests.simulation.hand_made_money import ALONE, ARRIVED, DISPUTE, PAYOUT, deposit, refund
from o2c_orchestration_tests.simulation.oracle.view import Rules

SALE, MEMO, RESTORED, RETURNED = f"si-{ALONE}", f"cm-{DISPUTE}", f"ri-{DISPUTE}", f"rp-{DISPUTE}"
ACCOUNT = "Rounding"
FEE = 349


def sold() -> HandMade:
    """A charge without an invoice, booked as a sale that its payment pays."""
    world = healthy()
    world.rules = Rules(sales=True)
    charge(world, ALONE, "", 6000)
    del world.stripe[f"inpay_{ALONE}"]
    world.add(invoice("1010", SALE, 6000, amountRemaining=0))
    world.add(payment("1011", ALONE, 6000, [("1010", 6000)]))
    world.rows += [
        journal_row("invoice", SALE, "1010", CUSTOMER) | {"stripe_id": ALONE},
        journal_row("customerPayment", ALONE, "1011", CUSTOMER, SALE),
    ]
    return world


def owed() -> HandMade:
    """A charge without an invoice, which is owed to the customer."""
    world = healthy()
    world.rules = Rules(deposits=True)
    charge(world, ALONE, "", 6000)
    del world.stripe[f"inpay_{ALONE}"]
    world.add(payment("1011", ALONE, 6000, [], owed=True))
    world.rows.append(journal_row("customerPayment", ALONE, "1011", CUSTOMER))
    return world


def won_in_part(*, as_refunds: bool = True) -> HandMade:
    """The paid invoice of 11,000 with 1,000 of tax is disputed, and 5,500 come back."""
    world = healthy()
    world.rules = Rules(as_refunds=as_refunds)
    tax = 1 if as_refunds else 0
    moves = [{"amount": -11_000, "created": ISSUED}, {"amount": 5500, "created": ISSUED}]
    head = {"id": DISPUTE, "object": "dispute", "amount": 11_000, "currency": "usd", "created": ISSUED}
    world.stripe[DISPUTE] = head | {"charge": CHARGE, "balance_transactions": moves}
    world.add(memo("1010", MEMO, 11_000, [], unapplied=0, tax=-1000 * tax))
    world.add(refund("1011", DISPUTE, 11_000, [("1010", 11_000)]))
    world.add(invoice("1012", RESTORED, 5500, amountRemaining=0, tax=500 * tax))
    world.add(payment("1013", RETURNED, 5500, [("1012", 5500)]))
    world.rows += [
        journal_row("creditMemo", MEMO, "1010", CUSTOMER) | {"stripe_id": DISPUTE},
        journal_row("customerRefund", DISPUTE, "1011", CUSTOMER, MEMO),
        journal_row("invoice", RESTORED, "1012", CUSTOMER) | {"stripe_id": DISPUTE},
        journal_row("customerPayment", RETURNED, "1013", CUSTOMER, RESTORED) | {"stripe_id": DISPUTE},
    ]
    return world


def net_of_fee() -> HandMade:
    """A clerk entered the payment less its fee; the deposit says so in a line, and the payment has its gap."""
    world = healthy()
    world.rules = Rules(differences=ACCOUNT, net_of_fee=True, budget={"usd": 500})
    _net_payment(world)
    entry = {"id": "txn_1", "object": "balance_transaction", "amount": 11_000, "currency": "usd", "created": ISSUED}
    world.stripe["txn_1"] = entry | {"type": "charge", "source": CHARGE, "payout": PAYOUT, "fee": FEE}
    state = {"automatic": True, "status": "paid", "reconciliation_status": "completed", "arrival_date": ARRIVED}
    money = {"amount": 11_000 - FEE, "currency": "usd", "created": ISSUED}
    world.stripe[PAYOUT] = {"id": PAYOUT, "object": "payout", **money, **state}
    lines = [("Stripe Fees", -FEE, "fees: stripe_fee"), (ACCOUNT, FEE, "txn_1 difference: fee")]
    world.add(deposit("1020", PAYOUT, 11_000 - FEE, deposited=["1003"], postings=lines))
    world.rows.append(journal_row("deposit", PAYOUT, "1020", CHARGE))
    return world


def _net_payment(world: HandMade) -> None:
    document = world.document(CHARGE)
    document.update(total=11_000 - FEE, applications=[("1001", 11_000 - FEE)], unapplied=0)
    world.document(PAID)["amountRemaining"] = FEE
    world.did("entered", document["id"])
    world.gap("payment_mismatch", CHARGE, 11_000, 11_000 - FEE)


def on_suspense(world: HandMade) -> HandMade:
    """The same payment, left out of the deposit."""
    lines = [("Stripe Fees", -FEE, "fees: stripe_fee"), ("Suspense", 11_000, "txn_1 charge")]
    world.document(PAYOUT).update(deposited=[], postings=lines)
    world.gap("payout_residual", "txn_1", 11_000, 0)
    return world
