"""Charges that pay NetSuite's own invoices, by the metadata that Stripe's connector reads: the whole way."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e.shop import Shop, open_shop
from o2c_orchestration_tests.e2e.test_drift import Clerk

ITEM = "1"


@pytest.fixture(params=["unapplied", "deposit", "sale", "refuse"])
def shop(tmp_path: Path, keys: Path, new_database: NewDatabase, request: pytest.FixtureRequest) -> Iterator[Shop]:
    """A company that bills in NetSuite and collects in Stripe, whatever it decides of charges without an invoice."""
    with open_shop(tmp_path, keys, new_database, {"reversals": {"uninvoiced": request.param}}) as found:
        yield found


@pytest.fixture
def plain(tmp_path: Path, keys: Path, new_database: NewDatabase) -> Iterator[Shop]:
    """The same with the decisions that a company starts with."""
    with open_shop(tmp_path, keys, new_database) as found:
        yield found


def known(shop: Shop) -> str:
    """A customer of both."""
    customer = shop.customer()
    shop.enter_customer(customer)
    return customer


def billed(shop: Shop, customer: str, dollars: int) -> str:
    """An invoice that NetSuite made, of which Stripe knows nothing."""
    return shop.enter("invoice", customer, item=ITEM, amount=dollars)


def charged(shop: Shop, customer: str, cents: int, invoice: str) -> str:
    charge = str(shop.stripe.charge(cents, customer=customer)["id"])
    shop.stripe.post(f"charges/{charge}", {"metadata[netsuite_invoice_id]": invoice})
    return charge


def applied(shop: Shop, charge: str) -> dict[str, float]:
    lines = Clerk(shop.company).find("customerPayment", charge)["apply"]["items"]
    return {line["doc"]["id"]: line["amount"] for line in lines}


def left(shop: Shop, invoice: str) -> float:
    found, _ = shop.company.product.ledger.record("invoice", invoice)
    return float(found["amountRemaining"])


def test_a_charge_pays_the_netsuite_invoice_that_its_metadata_names(shop: Shop) -> None:
    """In parts, as it comes; the invoice is no stray, and a refund takes revenue back beside it."""
    customer = known(shop)
    invoice = billed(shop, customer, 100)
    charges = [charged(shop, customer, cents, invoice) for cents in (3_000, 7_000)]
    shop.run()
    assert [applied(shop, each) for each in charges] == [{invoice: 30.0}, {invoice: 70.0}]
    assert left(shop, invoice) == 0
    shop.run()
    refund = shop.stripe.post("refunds", charge=charges[0], amount=1_000)["id"]
    shop.run()
    shop.run()
    assert shop.books()[refund][3] == {f"cm-{refund}": 1_000}
    shop.pay_out()
    shop.run()
    shop.agrees()
    shop.company.world.forget_requests()
    shop.run()
    assert shop.company.world.writes() == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("another's", "which is booked under another customer"),
        ("too much", "which has 20.00 USD left, not 20.01 USD"),
        ("nowhere", "which the ledger, as far as it was read, does not hold"),
        ("typed", "which is no internal id"),
        ("Stripe's", "and that is not paid by it"),
    ],
)
def test_what_cannot_be_paid_is_refused_by_name(plain: Shop, wrong: str, words: str) -> None:
    """Nothing is written instead; put right, the charge pays it."""
    customer, other = known(plain), known(plain)
    invoice = billed(plain, other if wrong == "another's" else customer, 20)
    named = {"nowhere": "99999", "typed": "INV-7"}.get(wrong, invoice)
    if wrong == "Stripe's":
        own = plain.bill(customer, 1_500)["id"]
        plain.run()
        named = Clerk(plain.company).find("invoice", own)["id"]
    charge = charged(plain, customer, 2_001 if wrong == "too much" else 2_000, named)
    plain.run()
    [reason] = [reason for kind, key, reason in plain.gaps() if (kind, key) == ("payment_missing", charge)]
    assert words in reason
    assert charge not in plain.books()
    right = billed(plain, customer, 50)
    plain.stripe.post(f"charges/{charge}", {"metadata[netsuite_invoice_id]": right})
    plain.run()
    assert list(applied(plain, charge)) == [right]


def test_a_charge_that_pays_an_invoice_of_stripes_hides_no_stray(plain: Shop) -> None:
    """Nor does one that failed: what their metadata names is paid by nobody, and told."""
    customer = known(plain)
    stray, named_by_failed = billed(plain, customer, 20), billed(plain, customer, 30)
    invoice = plain.bill(customer, 1_000)
    plain.act(invoice, "pay")
    charge = plain.charge_of(invoice)
    plain.stripe.post(f"charges/{charge}", {"metadata[netsuite_invoice_id]": stray})
    declined = {"currency": "usd", "customer": customer, "confirm": "true", "payment_method": "pm_card_chargeDeclined"}
    error = plain.stripe.post("payment_intents", amount=3_000, **declined)["error"]
    failed = error["payment_intent"]["latest_charge"]
    plain.stripe.post(f"charges/{failed}", {"metadata[netsuite_invoice_id]": named_by_failed})
    plain.run()
    plain.run()
    assert plain.books()[charge][3] == {invoice["id"]: 1_000}
    assert [kind for kind, _, _ in plain.gaps()] == ["unlinked_in_netsuite"] * 2


def test_an_invoice_is_a_stray_again_when_nothing_names_it_any_more(plain: Shop) -> None:
    """And what is named after the payment was booked changes nothing in the ledger: a person applies it."""
    customer = known(plain)
    invoice, charge = billed(plain, customer, 20), plain.stripe.charge(2_000, customer=customer)["id"]
    plain.run()
    assert plain.books()[charge][2:] == (2_000, {})
    assert [kind for kind, _, _ in plain.gaps()] == ["unlinked_in_netsuite"]
    plain.stripe.post(f"charges/{charge}", {"metadata[netsuite_invoice_id]": invoice})
    plain.company.world.forget_requests()
    plain.run()
    assert (plain.company.world.writes(), [gap[:2] for gap in plain.gaps()]) == ([], [("payment_unapplied", charge)])
    refund = plain.stripe.post("refunds", charge=charge, amount=500)["id"]
    plain.run()
    plain.run()
    assert plain.books()[refund][3] == {charge: 500}
    plain.stripe.post(f"charges/{charge}", {"metadata[netsuite_invoice_id]": ""})
    plain.run()
    assert [kind for kind, _, _ in plain.gaps()] == ["unlinked_in_netsuite"]
