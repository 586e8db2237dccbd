"""Charges of nobody in Stripe whose metadata names a NetSuite customer: the whole way."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from o2c_orchestration.clients.netsuite import NetSuiteWriter
from o2c_orchestration.console.mapping import _documents
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e.shop import Shop, open_shop
from o2c_orchestration_tests.e2e.test_drift import Clerk

ITEM = "1"
DOCUMENTS = {"unapplied": "customerPayment", "deposit": "customerDeposit", "sale": "customerPayment"}


@pytest.fixture(params=["unapplied", "deposit", "sale"])
def shop(tmp_path: Path, keys: Path, new_database: NewDatabase, request: pytest.FixtureRequest) -> Iterator[Shop]:
    """A company that takes money of people whom Stripe does not know, whatever it books of it."""
    with open_shop(tmp_path, keys, new_database, {"reversals": {"uninvoiced": request.param}}) as found:
        yield found


@pytest.fixture
def plain(tmp_path: Path, keys: Path, new_database: NewDatabase) -> Iterator[Shop]:
    """The same with money that is not applied."""
    with open_shop(tmp_path, keys, new_database, {"reversals": {"uninvoiced": "unapplied"}}) as found:
        yield found


def entered(shop: Shop, external_id: str) -> str:
    """A customer of NetSuite's own; the internal id."""
    shop.enter_customer(external_id)
    found = shop.company.product.ledger.find_by_external_id("customer", external_id)
    assert found is not None
    return str(found)


def charged(shop: Shop, cents: int, netsuite: str, customer: str | None = None) -> str:
    charge = str(shop.stripe.charge(cents, customer=customer)["id"]) if customer else nobodys(shop, cents)
    name(shop, charge, netsuite)
    return charge


def nobodys(shop: Shop, cents: int) -> str:
    """A charge without a customer."""
    fields = {"currency": "usd", "confirm": "true", "payment_method": "pm_card_visa"}
    return str(shop.stripe.post("payment_intents", amount=cents, **fields)["latest_charge"])


def name(shop: Shop, charge: str, netsuite: str, key: str = "netsuite_customer_id") -> None:
    shop.stripe.post(f"charges/{charge}", {f"metadata[{key}]": netsuite})


def whose(shop: Shop, record: str, key: str) -> str:
    return str(Clerk(shop.company).find(record, key)["customer"]["id"])


def test_a_charge_is_booked_under_the_customer_that_its_metadata_names(shop: Shop) -> None:
    """So is what takes it back; the payout takes it, and nothing is left to say or to write."""
    buyer = entered(shop, "CRM-12")
    charge = charged(shop, 5_000, buyer)
    shop.run()
    record = DOCUMENTS[shop.company.product.policy.reversals.uninvoiced]
    assert whose(shop, record, charge) == buyer
    refund = shop.stripe.post("refunds", charge=charge, amount=1_500)["id"]
    shop.run()
    shop.run()
    assert whose(shop, "customerRefund", refund) == buyer
    shop.pay_out()
    shop.run()
    shop.agrees()
    shop.company.world.forget_requests()
    shop.run()
    assert shop.company.world.writes() == []


def test_it_pays_an_invoice_of_that_customer_if_it_names_one(plain: Shop) -> None:
    buyer = entered(plain, "CRM-13")
    invoice = plain.enter("invoice", "CRM-13", item=ITEM, amount=20)
    charge = charged(plain, 2_000, buyer)
    name(plain, charge, invoice, "netsuite_invoice_id")
    plain.run()
    found, _ = plain.company.product.ledger.record("invoice", invoice)
    assert (whose(plain, "customerPayment", charge), float(found["amountRemaining"])) == (buyer, 0)
    assert plain.gaps() == []


@pytest.mark.parametrize(
    ("named", "words"), [("987654", "which does not exist"), ("CRM-14", "which is no internal id")]
)
def test_a_payer_whom_netsuite_does_not_have_is_refused_by_name(plain: Shop, named: str, words: str) -> None:
    """Put right, it is booked."""
    charge = charged(plain, 700, named)
    plain.run()
    [(kind, key, reason)] = plain.gaps()
    assert (kind, key) == ("payment_missing", charge)
    assert f"metadata of {charge} names NetSuite customer {named!r}, {words}" in reason
    buyer = entered(plain, "CRM-14")
    name(plain, charge, buyer)
    plain.run()
    assert (whose(plain, "customerPayment", charge), plain.gaps()) == (buyer, [])


def test_a_charge_of_a_stripe_customer_may_name_no_other(plain: Shop) -> None:
    """Which of the two is meant nobody knows: nothing is written, not even the customer."""
    own = plain.customer()
    known = entered(plain, own)
    other, stranger = entered(plain, "CRM-15"), plain.customer()
    fits, strays = charged(plain, 600, known, own), charged(plain, 700, other, own)
    new = charged(plain, 800, other, stranger)
    plain.run()
    assert whose(plain, "customerPayment", fits) == known
    reasons = {key: reason for _, key, reason in plain.gaps()}
    assert set(reasons) == {strays, new}
    assert f"names NetSuite customer {other!r}, and its customer {own} is {known}" in reasons[strays]
    assert f"and its customer {stranger} has none yet" in reasons[new]
    assert plain.company.product.ledger.find_by_external_id("customer", stranger) is None
    name(plain, strays, "")
    plain.stripe.post(f"customers/{stranger}", {"metadata[netsuite_customer_id]": other})
    plain.run()
    assert [whose(plain, "customerPayment", key) for key in (strays, new)] == [known, other]
    assert plain.gaps() == []


def test_one_that_is_named_after_the_booking_is_a_gap(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """Documents are not changed: what is under the customer of everybody stays there, and is told."""
    policy = {"reversals": {"uninvoiced": "unapplied"}, "customers": {"global": "Walk-in"}}
    with open_shop(tmp_path, keys, new_database, policy) as shop:
        body = {"companyName": "Walk-in", "subsidiary": {"id": "1"}, "currency": {"id": "1"}}
        common = NetSuiteWriter(shop.company.product.netsuite).create("customer", body)
        buyer = entered(shop, "CRM-16")
        charge = nobodys(shop, 900)
        shop.run()
        assert (whose(shop, "customerPayment", charge), shop.gaps()) == (common, [])
        name(shop, charge, buyer)
        shop.run()
        assert [gap[:2] for gap in shop.gaps()] == [("customer_mismatch", charge)]
        name(shop, charge, "")
        shop.run()
        assert shop.gaps() == []


def test_the_mapping_shows_the_customer_whom_a_charge_names(
    tmp_path: Path, keys: Path, new_database: NewDatabase
) -> None:
    """As it was booked; a rule that reads what Stripe does not know of him finds nothing, and holds up nothing."""
    rule = {"source": "customer.metadata.region", "missing": "omit"}
    policy = {"reversals": {"uninvoiced": "unapplied"}, "mapping": {"payment": {"header": {"custbody_note": rule}}}}
    with open_shop(tmp_path, keys, new_database, policy) as shop:
        buyer = entered(shop, "CRM-19")
        charge = charged(shop, 5_000, buyer)
        shop.run()
        assert whose(shop, "customerPayment", charge) == buyer
        (found,) = _documents(shop.company.product, charge)
    assert found.refused is None
    told = {each.field: each for each in found.fields}
    assert told["customer"].value == f"netsuite:{buyer}"
    assert "charge.metadata" in told["customer"].source
    assert "custbody_note" not in told
