"""Rows of docs/coverage.md that the demo company does not have: from Stripe's API to the books that agree with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e.conftest import Company, run_everything
from o2c_orchestration_tests.e2e.shop import Shop, Wire, open_shop
from o2c_orchestration_tests.e2e.test_drift import Clerk


@pytest.fixture
def shop(tmp_path: Path, keys: Path, new_database: NewDatabase) -> Iterator[Shop]:
    """A company of which nothing is sold yet."""
    with open_shop(tmp_path, keys, new_database) as found:
        yield found


def decided(shop: Shop, dispute: Wire, amount: int) -> None:
    """It is won, and so much comes back on the balance, which is paid out."""
    body = {"dispute": dispute["id"], "won": True, "amount": amount}
    shop.company.world.ask("POST", "stripe/disputes/decide", body)
    shop.pay_out()
    shop.run()
    shop.run()


def test_a_customer_that_is_renamed_or_deleted_leaves_netsuite_as_it_is(shop: Shop) -> None:
    """What is known of a customer when his first document is written stays; later documents are his all the same."""
    ada, bob = shop.customer(), shop.customer()
    shop.bill(ada, 1_000), shop.bill(bob, 1_000)
    shop.run()
    shop.company.world.forget_requests()
    shop.stripe.post(f"customers/{ada}", name="Grace")
    key = {"Authorization": f"Bearer {shop.company.world.config.stripe_secret_key}"}
    requests.delete(f"{shop.company.world.base_url}/v1/customers/{bob}", headers=key, timeout=30).raise_for_status()
    shop.run()
    assert shop.company.world.writes() == []
    later = shop.bill(ada, 500)
    shop.run()
    assert shop.books()[later["id"]][:2] == ("invoice", 500)
    assert [each for each in shop.company.world.writes() if "/customer" in each["path"].lower()] == []
    assert shop.gaps() == []


def test_a_written_off_invoice_that_is_paid_all_the_same_is_booked_again(shop: Shop) -> None:
    """The write-off stays; an invoice on the bad-debt item takes the payment, and nothing is left open."""
    invoice = shop.bill(shop.customer(), 1_000)
    shop.run()
    shop.act(invoice, "mark_uncollectible")
    shop.run()
    assert shop.books()[f"cm-{invoice['id']}"][:2] == ("creditMemo", 1_000)
    shop.act(invoice, "pay")
    shop.run()
    books = shop.books()
    assert books[f"ri-{invoice['id']}"][:3] == ("invoice", 1_000, 0)
    assert books[shop.charge_of(invoice)][3] == {f"ri-{invoice['id']}": 1_000}
    shop.agrees()


def test_a_part_of_a_disputes_money_that_came_back_is_booked_to_the_cent(shop: Shop) -> None:
    """Of a payment that was refunded in part and then disputed whole: so much receivable and revenue is there again."""
    invoice = shop.act(shop.bill(shop.customer(), 1_000), "pay")
    charge = shop.charge_of(invoice)
    shop.run()
    dispute = shop.disputed(charge)
    shop.run()
    decided(shop, dispute, 400)
    key, books = dispute["id"], shop.books()
    assert (books[f"cm-{key}"][:2], books[f"ri-{key}"][:3]) == (("creditMemo", 1_000), ("invoice", 400, 0))
    assert books[f"rp-{key}"] == ("customerPayment", 400, 0, {f"ri-{key}": 400})
    shop.agrees()


def converted(company: Company) -> Wire:
    """A charge that settled in another currency than its own."""
    entries = {each["id"]: each for each in company.books.of("balance_transaction")}
    found = company.books.of("charge")
    return next(
        each
        for each in found
        if each["status"] == "succeeded" and entries[each["balance_transaction"]]["currency"] != each["currency"]
    )


@pytest.mark.parametrize("percent", [94, 106])
def test_a_converted_dispute_comes_back_whole_whatever_the_rate_of_the_day(fresh: Company, percent: int) -> None:
    """The balance gets less or more than was taken; the payment says what it settled for, and the deposit closes."""
    shop, charge = Shop(fresh), converted(fresh)
    shop.span = fresh.books.span[0], shop.span[1]
    shop.run()
    dispute = shop.disputed(charge["id"])
    [taken] = dispute["balance_transactions"]
    assert taken["currency"] != dispute["currency"]
    shop.run()
    decided(shop, dispute, -taken["amount"] * percent // 100)
    assert shop.books()[f"rp-{dispute['id']}"][:2] == ("customerPayment", dispute["amount"])
    # The company holds an entry that nobody knows; nothing else is left over.
    assert [reason for _, _, reason in shop.gaps() if not reason.endswith("galactic_levy")] == []


def test_a_payout_whose_list_is_not_all_of_it_waits_and_is_read_again(fresh: Company) -> None:
    """A deposit cannot be changed when the rest comes: it is a gap with the amount, and is written once the list is."""
    payout = next(each for each in fresh.books.of("payout") if each["reconciliation_status"] == "completed")
    company = fresh.world
    company.ask("POST", "load", {"stripe": [payout | {"amount": payout["amount"] + 100}], "netsuite": []})
    run_everything(fresh)
    assert f"{payout['id']}" not in Shop(fresh).books()
    [reason] = [reason for _, key, reason in Shop(fresh).gaps() if key == payout["id"]]
    assert "leave 1.00 USD of it unexplained" in reason
    company.ask("POST", "load", {"stripe": [payout], "netsuite": []})
    run_everything(fresh)
    assert Shop(fresh).books()[payout["id"]][:2] == ("deposit", payout["amount"])
    assert payout["id"] not in {key for _, key, _ in Shop(fresh).gaps()}


@pytest.fixture
def seller(tmp_path: Path, keys: Path, new_database: NewDatabase) -> Iterator[Shop]:
    """A company whose charges without an invoice are sales."""
    with open_shop(tmp_path, keys, new_database, {"reversals": {"uninvoiced": "sale"}}) as found:
        yield found


def test_a_charge_without_an_invoice_is_a_sale_where_policy_says_so(seller: Shop) -> None:
    """An invoice that its payment pays; a refund takes revenue back, a payout takes the money, and nothing is left."""
    charge = seller.stripe.charge(1_000)
    seller.run()
    key, books = f"si-{charge['id']}", seller.books()
    assert books[key][:3] == ("invoice", 1_000, 0)
    assert books[charge["id"]] == ("customerPayment", 1_000, 0, {key: 1_000})
    refund = seller.stripe.post("refunds", charge=charge["id"], amount=400)
    seller.run()
    assert seller.books()[refund["id"]][3] == {f"cm-{refund['id']}": 400}
    seller.pay_out()
    seller.run()
    seller.agrees()
    seller.company.world.forget_requests()
    seller.run()
    assert seller.company.world.writes() == []


def test_a_sale_that_somebody_deletes_or_edits_is_a_gap(seller: Shop) -> None:
    """Stripe has no invoice that would be missed: what we wrote is known by the journal."""
    kept, gone = (seller.stripe.charge(amount)["id"] for amount in (1_000, 700))
    seller.run()
    clerk = Clerk(seller.company)
    for charge in (kept, gone):
        clerk.change("customerPayment", clerk.find("customerPayment", charge)["id"], {"apply": {"items": []}}, "apply")
    clerk.delete("invoice", clerk.find("invoice", f"si-{gone}")["id"])
    line = {"items": [{"item": {"id": "1"}, "quantity": 1, "rate": 12.0, "amount": 12.0}]}
    clerk.change("invoice", clerk.find("invoice", f"si-{kept}")["id"], {"item": line}, "item")
    seller.run()
    seller.run()
    assert {("amount_mismatch", kept), ("missing_in_netsuite", gone)} <= {(kind, key) for kind, key, _ in seller.gaps()}


def test_a_sale_whose_payment_somebody_takes_off_it_is_a_gap(seller: Shop) -> None:
    """The sale stands open and the money beside it: told of the payment, until a person puts it back."""
    charge = seller.stripe.charge(1_000)["id"]
    seller.run()
    clerk = Clerk(seller.company)
    payment, sale = clerk.find("customerPayment", charge)["id"], clerk.find("invoice", f"si-{charge}")["id"]
    for amount, gaps in ((None, {("payment_unapplied", charge)}), (4.0, {("payment_mismatch", charge)}), (10.0, set())):
        put = [] if amount is None else [{"doc": {"id": sale}, "apply": True, "amount": amount}]
        clerk.change("customerPayment", payment, {"apply": {"items": put}}, "apply")
        seller.run()
        assert {(kind, key) for kind, key, _ in seller.gaps()} == gaps
