"""What customers have to their credit in Stripe, all the way: from Stripe's API to documents read back, and the ledger.

Whatever a story does, NetSuite's liability account holds for its customer what Stripe's balance says, less what was
given by hand; and no gap is open.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from o2c_orchestration.store.customer_credits import Credit, credits_of_customers
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e.shop import Shop, Wire, open_shop


@pytest.fixture
def shop(tmp_path: Path, keys: Path, new_database: NewDatabase) -> Iterator[Shop]:
    """A company of which nothing is sold yet."""
    with open_shop(tmp_path, keys, new_database) as found:
        yield found


def test_what_a_balance_pays_is_a_credit_memo_at_once(shop: Shop) -> None:
    """In whole or in part, of an open invoice too: off the receivable and off the liability, and never twice."""
    part, whole, waits = shop.customer(-300), shop.customer(-1_400), shop.customer(-300)
    paid, settled, left = (shop.bill(each, 1_000) for each in (part, whole, waits))
    shop.act(paid, "pay")
    shop.run()
    books = shop.books()
    for invoice, used in ((paid, 300), (settled, 1_000), (left, 300)):
        assert books[f"cb-{invoice['id']}"] == ("creditMemo", used, 0, {invoice["id"]: used})
    assert [books[each["id"]][2] for each in (paid, settled, left)] == [0, 0, 700]
    shop.agrees()
    shop.company.world.forget_requests()
    shop.run()
    assert shop.company.world.writes() == []


def test_a_void_gives_the_balance_back(shop: Shop) -> None:
    """What was booked as used goes back against an invoice that the void's memo settles; the rest needs nothing."""
    booked, before = shop.bill(shop.customer(-300), 1_000), shop.bill(shop.customer(-300), 1_000)
    late = shop.bill(shop.customer(-300), 1_000)
    shop.act(before, "void")
    shop.run()
    assert not [key for key in shop.books() if before["id"] in key]
    for each in (booked, late):
        shop.act(each, "void")
    shop.run()
    books, key = shop.books(), booked["id"]
    assert books[f"bi-{key}"] == ("invoice", 300, 0, {})
    assert books[f"cm-{key}"] == ("creditMemo", 1_000, 0, {key: 700, f"bi-{key}": 300})
    shop.agrees()


def test_a_credit_note_to_the_balance_is_the_next_invoices_credit(shop: Shop) -> None:
    """The memo is set against what goes to the liability, and the next invoice takes it from there."""
    customer = shop.customer()
    first = shop.act(shop.bill(customer, 1_000), "pay")
    note = shop.stripe.post("credit_notes", invoice=first["id"], amount=400, credit_amount=400)
    second = shop.bill(customer, 1_000)
    shop.run()
    books = shop.books()
    assert books[f"bi-{note['id']}"] == ("invoice", 400, 0, {})
    assert books[note["id"]] == ("creditMemo", 400, 0, {f"bi-{note['id']}": 400})
    assert books[f"cb-{second['id']}"] == ("creditMemo", 400, 0, {second["id"]: 400})
    shop.agrees()


def test_what_was_overpaid_goes_to_the_balance(shop: Shop) -> None:
    """The payment is applied to its invoice and, with the surplus, to an invoice on the liability; the next uses it."""
    customer = shop.customer()
    first = shop.bill(customer, 1_000)
    intent = shop.stripe.post(
        "payment_intents",
        amount=1_250,
        currency="usd",
        customer=customer,
        confirm="true",
        payment_method="pm_card_visa",
    )
    assert shop.act(first, "attach_payment", payment_intent=intent["id"])["amount_overpaid"] == 250
    shop.run()
    books, key = shop.books(), first["id"]
    assert books[f"bo-{key}"] == ("invoice", 250, 0, {})
    assert books[intent["latest_charge"]] == ("customerPayment", 1_250, 0, {key: 1_000, f"bo-{key}": 250})
    second = shop.bill(customer, 1_000)
    shop.run()
    assert shop.books()[f"cb-{second['id']}"][3] == {second["id"]: 250}
    shop.agrees()


def test_what_was_too_little_to_charge_is_collected_with_the_next_invoice(shop: Shop) -> None:
    """The small invoice moves to the balance as a debt; the next one's payment pays that first, then the invoice."""
    customer = shop.customer()
    small, second = shop.bill(customer, 30), shop.bill(customer, 1_000)
    assert (small["status"], second["amount_due"]) == ("paid", 1_030)
    paid = shop.act(second, "pay")
    shop.run()
    books, key = shop.books(), second["id"]
    assert books[f"cb-{small['id']}"] == ("creditMemo", 30, 0, {small["id"]: 30})
    assert books[f"bi-{key}"] == ("invoice", 30, 0, {})
    (charge,) = (each for each in books if each.startswith("ch_"))
    assert books[charge] == ("customerPayment", paid["amount_paid"], 0, {key: 1_000, f"bi-{key}": 30})
    shop.agrees()


def test_a_void_no_longer_collects_the_debt(shop: Shop) -> None:
    """The debt is on the balance again, and the invoice that was to collect it is settled by a memo."""
    customer = shop.customer()
    shop.bill(customer, 30)
    second = shop.bill(customer, 1_000)
    shop.run()
    shop.agrees()
    shop.act(second, "void")
    shop.run()
    books, key = shop.books(), second["id"]
    assert books[f"cb-{key}"] == ("creditMemo", 30, 0, {f"bi-{key}": 30})
    assert books[f"cm-{key}"] == ("creditMemo", 1_000, 0, {key: 1_000})
    shop.agrees()


def test_an_invoice_below_zero_is_a_credit_memo_to_the_balance(shop: Shop) -> None:
    """Its lines the other way round, set against what goes to the liability; there is no NetSuite invoice for it."""
    invoice = shop.bill(shop.customer(), 500, -800)
    assert (invoice["total"], invoice["status"], invoice["ending_balance"]) == (-300, "paid", -300)
    shop.run()
    books, key = shop.books(), invoice["id"]
    assert books[f"bi-{key}"] == ("invoice", 300, 0, {})
    assert books[f"ni-{key}"] == ("creditMemo", 300, 0, {f"bi-{key}": 300})
    assert key not in books
    shop.agrees()


def test_an_uncollectible_invoice_is_written_off_less_what_the_balance_paid(shop: Shop) -> None:
    """Both memos together close it; what the balance paid stays paid."""
    invoice = shop.bill(shop.customer(-300), 1_000)
    shop.act(invoice, "mark_uncollectible")
    shop.run()
    books, key = shop.books(), invoice["id"]
    assert (books[f"cb-{key}"][1], books[f"cm-{key}"][1], books[key][2]) == (300, 700, 0)
    shop.agrees()


def test_billing_credits_are_lines_of_their_own(shop: Shop) -> None:
    """What a credit grant pays lowers the invoice like a discount: its lines add up, and nothing is on the balance."""
    wire = shop.bill(shop.customer(), 1_000)
    credit = {"amount": 300, "credit_balance_transaction": "cbt_1", "discount": None}
    wire["lines"]["data"][0]["pretax_credit_amounts"] = [{**credit, "type": "credit_balance_transaction"}]
    shop.stripe.load({**wire, "total": 700, "total_excluding_tax": 700, "amount_due": 700, "amount_remaining": 700})
    shop.run()
    assert shop.books()[wire["id"]][:3] == ("invoice", 700, 700)
    assert shop.liability() == {}
    shop.agrees()


def test_what_was_given_by_hand_is_named(shop: Shop) -> None:
    """An adjustment has no document: it is told by customer, and a balance that nothing explains is not let by."""
    customer = shop.customer(-500)
    shop.run()
    assert credits_of_customers(shop.company.product.engine) == [Credit(customer, "usd", 500, 0, 0, 500)]
    told = shop.judged()
    assert (told.ok, "of it 5.00 USD moved by hand" in told.detail) == (True, True)
    shop.stripe.load({**shop.stripe.get(f"customers/{customer}"), "balance": -700})
    shop.run()
    told = shop.judged()
    assert (told.ok, told.detail) == (False, f"{customer} 2.00 USD")


def test_a_memo_booked_before_its_balance_is_told_and_left_alone(shop: Shop) -> None:
    """A credit note to the balance whose memo somebody entered: a gap that says what to enter, and closes then."""
    customer = shop.customer()
    first = shop.act(shop.bill(customer, 1_000), "pay")
    shop.run()
    note = shop.stripe.post("credit_notes", invoice=first["id"], amount=400, credit_amount=400)
    memo = shop.enter("creditMemo", customer, item="1", amount=4, externalId=note["id"])
    shop.run()
    ((kind, subject, reason),) = shop.gaps()
    assert (kind, subject) == ("sync_failed", note["id"])
    assert f"external id bi-{note['id']}" in reason
    kept = shop.enter("invoice", customer, item="9", amount=4, externalId=f"bi-{note['id']}")
    shop.change("creditMemo", memo, apply=applied(kept, 4))
    shop.run()
    shop.agrees()


def test_a_strangers_memo_may_be_the_same_money(shop: Shop) -> None:
    """A memo that names nothing in Stripe credits the invoice: nothing is written until a person says what it is."""
    customer = shop.customer(-300)
    shop.run()
    shop.enter_customer(customer)
    invoice = shop.bill(customer, 1_000)
    booked = shop.enter("invoice", customer, item="1", amount=10, externalId=invoice["id"])
    memo = shop.enter("creditMemo", customer, item="9", amount=3, apply=applied(booked, 3))
    shop.run()
    assert {kind for kind, _, _ in shop.gaps()} == {"sync_failed", "unlinked_in_netsuite"}
    assert f"cb-{invoice['id']}" not in shop.books()
    shop.change("creditMemo", memo, externalId=f"cb-{invoice['id']}")
    shop.run()
    assert shop.books()[f"cb-{invoice['id']}"][3] == {invoice["id"]: 300}
    shop.agrees()


def applied(document: str, amount: int) -> Wire:
    """The `apply` sublist of a record."""
    return {"items": [{"doc": {"id": document}, "apply": True, "amount": amount}]}
