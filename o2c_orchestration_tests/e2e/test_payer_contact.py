"""How a customer in Stripe is reached, by his account in Salesforce: from contact and account to what Stripe shows."""

import json
from typing import Any

import pytest

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.store import gaps, journal
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.forget import forget
from o2c_orchestration_tests.e2e.cli_fixtures import World
from o2c_orchestration_tests.e2e.seller import Seller
from o2c_orchestration_tests.e2e.test_account_merges import billed
from o2c_orchestration_tests.e2e.test_deal_faults import faults
from o2c_orchestration_tests.e2e.test_deals import go, listed
from o2c_orchestration_tests.e2e.test_payer_changes import SOON, product, writes

EVERYTHING: dict[str, Any] = dict.fromkeys(("email", "phone", "billing_address"), "salesforce")
PLACE = {
    **{"BillingStreet": "Main St 1\nDoor 2", "BillingCity": "Portland", "BillingState": "Oregon"},
    **{"BillingPostalCode": "97201", "BillingCountry": "United States"},
}
SHOWN = {
    **{"line1": "Main St 1", "line2": "Door 2", "city": "Portland", "state": "OR"},
    **{"postal_code": "97201", "country": "US"},
}


def acme(world: World, seller: Seller) -> str:
    account = seller.account("Acme Inc", Phone="+1 503 555 0100", **PLACE)
    billed(world, seller, account, "SEAT")
    return account


def buyer(seller: Seller, account: str) -> str:
    [contact] = seller.query(f"SELECT Id FROM Contact WHERE AccountId = '{account}'")
    return str(contact["Id"])


def reached(world: World) -> tuple[str, str | None, Any]:
    """E-mail address, phone number and address of the only customer."""
    [found] = listed(world, "customers")
    return str(found["email"]), found["phone"], found["address"]


def told(made: Assembly) -> list[str]:
    return [gap.reason for gap in gaps.list_gaps(made.engine) if gap.kind == "customer_differs"]


def twice(made: Assembly) -> None:
    for _ in range(2):
        go(made)


def test_by_default_stripe_hears_of_none_of_it(world: World, seller: Seller) -> None:
    """Nothing is written, told or asked for."""
    account = acme(world, seller)
    with product(world, {}) as made:
        twice(made)
        seller.change("Account", account, Phone="+1 503 555 0199", BillingCity="Salem")
        seller.change("Contact", buyer(seller, account), Email="new@example.com")
        twice(made)
        assert (reached(world), writes(world), told(made)) == (("acme@example.com", None, None), [], [])
        assert "BillingStreet" not in json.dumps(stored(made, account))


def stored(made: Assembly, account: str) -> Any:
    with raw_cursor(made.engine) as cursor:
        cursor.execute("SELECT payload FROM o2c.salesforce_objects WHERE id = %s", (account,))
        [(payload,)] = cursor.fetchall()
        return payload


def test_what_its_account_says_is_written_field_by_field_and_once(world: World, seller: Seller) -> None:
    """He is made with it; then each change, there and back, and each further run writes nothing."""
    account = acme(world, seller)
    with product(world, EVERYTHING) as made:
        twice(made)
        assert reached(world) == ("acme@example.com", "+1 503 555 0100", SHOWN)
        assert writes(world) == []
        for email, phone, city in (
            ("new@example.com", "+1 503 555 0199", "Salem"),
            ("acme@example.com", "+1 503 555 0100", "Portland"),
        ):
            seller.change("Contact", buyer(seller, account), Email=email)
            seller.change("Account", account, Phone=phone, BillingCity=city)
            go(made)
            assert reached(world) == (email, phone, SHOWN | {"city": city})
        count = len(writes(world))
        twice(made)
        assert (len(writes(world)), count, gaps.list_gaps(made.engine)) == (6, 6, [])
        assert journal.counts(made.engine).keys() == {"done"}


def test_who_was_made_without_gets_it_once_policy_says_so(world: World, seller: Seller) -> None:
    """And what Stripe does not take is told, and was no reason not to make him."""
    account = acme(world, seller)
    with product(world, {}) as made:
        twice(made)
        assert reached(world)[1:] == (None, None)
    with product(world, EVERYTHING) as made:
        twice(made)
        assert (reached(world)[1:], len(writes(world))) == (("+1 503 555 0100", SHOWN), 2)
    other = seller.account("Bolt GmbH", Phone="+49 341 1234567 ext. 12345", BillingCountry="Atlantis")
    billed(world, seller, other, "DESK")
    with product(world, EVERYTHING) as made:
        twice(made)
        [bolt] = [each for each in listed(world, "customers") if each["name"] == "Bolt GmbH"]
        assert (bolt["phone"], bolt["address"]) == (None, None)
        assert sorted(reason.partition(" of ")[0] for reason in told(made)) == ["billing address", "phone number"]
    assert account != other


def test_what_is_emptied_in_salesforce_stays_in_stripe(world: World, seller: Seller) -> None:
    """A contact who left and a field that was cleared say nothing."""
    account = acme(world, seller)
    with product(world, EVERYTHING) as made:
        twice(made)
        before = reached(world)
        seller.delete("Contact", buyer(seller, account))
        seller.change("Account", account, Phone=None, BillingCity=None, BillingStreet=None)
        seller.change("Account", account, BillingState=None, BillingPostalCode=None, BillingCountry=None)
        twice(made)
        assert (reached(world), told(made)) == (before, [])


def test_the_next_contact_counts_once_the_first_is_deleted(world: World, seller: Seller) -> None:
    """His address is read then, and nobody's who has another account."""
    account = acme(world, seller)
    with product(world, EVERYTHING) as made:
        twice(made)
        stranger = seller.account("Stranger AG")
        seller.create("Contact", AccountId=account, LastName="Second", Email="second@example.com")
        seller.delete("Contact", buyer_called(seller, account, "Buyer"))
        twice(made)
        assert reached(world)[0] == "second@example.com"
        with raw_cursor(made.engine) as cursor:
            cursor.execute("SELECT DISTINCT parent_id FROM o2c.salesforce_objects WHERE object = 'Contact'")
            assert cursor.fetchall() == [(account,)]
        assert stranger != account


def buyer_called(seller: Seller, account: str, name: str) -> str:
    query = f"SELECT Id FROM Contact WHERE AccountId = '{account}' AND LastName = '{name}'"
    return str(seller.query(query)[0]["Id"])


# Long enough to be in no id and no hash by chance.
PHONES = ("503 555 0100", "971 555 0142", "971 555 0143")
CHANGED = {
    "email": ({"email": "theirs@example.com"}, "e-mail address"),
    "phone": ({"phone": "+49 341 1234567"}, "phone number"),
    "billing_address": ({"address[line1]": "Elsewhere 9", "address[country]": "DE"}, "billing address"),
}


@pytest.mark.parametrize("field", CHANGED)
def test_what_somebody_changed_in_stripe_is_not_overwritten(world: World, seller: Seller, field: str) -> None:
    """A gap that quotes neither, and what the account says of other fields is written all the same."""
    account = acme(world, seller)
    theirs, words = CHANGED[field]
    with product(world, EVERYTHING) as made:
        twice(made)
        [customer] = listed(world, "customers")
        world.stripe(f"customers/{customer['id']}", **theirs)
        before = dict(zip(CHANGED, reached(world), strict=True))[field]
        seller.change("Contact", buyer(seller, account), Email="new@example.com")
        seller.change("Account", account, Phone="+1 503 555 0199", BillingCity="Salem")
        twice(made)
        after = dict(zip(CHANGED, reached(world), strict=True))
        assert after[field] == before
        wanted = {"email": "new@example.com", "phone": "+1 503 555 0199", "billing_address": SHOWN | {"city": "Salem"}}
        assert {name: after[name] for name in CHANGED if name != field} == {
            name: wanted[name] for name in CHANGED if name != field
        }
        [reason] = told(made)
        assert f"has another {words} than we wrote: somebody changed it since" in reason
        assert [each for each in ("example.com", "503 555", "341 123", "Elsewhere", "Salem") if each in reason] == []


@pytest.mark.parametrize(("kind", "adopted"), [("drop_after", True), ("drop_before", False)])
def test_a_lost_answer_is_looked_up(world: World, seller: Seller, kind: str, adopted: bool) -> None:
    """Whether the address was written is read off the customer, and only then is it sent again."""
    account = acme(world, seller)
    with product(world, EVERYTHING, apply=SOON) as made:
        twice(made)
        seller.change("Account", account, BillingCity="Salem")
        faults(world, {"system": "stripe", "method": "POST", "kind": kind, "times": 1, "path_regex": "customers/cus_"})
        twice(made)
        entry = [each for each in journal.entries(made.engine, ["done"]) if each.document == "stripeCustomerField"][-1]
        assert (entry.adopted, reached(world)[2], told(made)) == (adopted, SHOWN | {"city": "Salem"}, [])


def test_all_of_it_is_forgotten_with_the_person(world: World, seller: Seller) -> None:
    """Old values and new ones, in journal, plan, gaps and wherever else they lay."""
    account = acme(world, seller)
    with product(world, EVERYTHING) as made:
        twice(made)
        seller.change("Contact", buyer(seller, account), Email="hanna.newton@example.com")
        seller.change("Account", account, Phone="+1 971 555 0142", BillingStreet="Umbrella Lane 77")
        twice(made)
        seller.change("Account", account, Phone="+1 971 555 0143", BillingStreet="Windmill Lane 78")
        made.deals.poll()
        made.deals.plan()
        stripes_words(made, "Stripe refused to send mail to Umbrella Lane 77, which it was told before")
        canaries = ("acme@example.com", "hanna.newton", *PHONES, "Main St", "Umbrella", "Windmill")
        assert [each for each in canaries if each not in everything(made)] == []
        forget(made.engine, account, "asked for it")
        digits = [each.replace(" ", "") for each in PHONES]
        assert [each for each in (*canaries, *digits) if each in everything(made)] == []


def stripes_words(made: Assembly, words: str) -> None:
    """A change was refused in words that repeat an older value."""
    with raw_cursor(made.engine) as cursor:
        cursor.execute("UPDATE o2c.journal SET error_detail = %s WHERE document = 'stripeCustomerField'", (words,))


def everything(made: Assembly) -> str:
    """Every column of every table of ours, as text."""
    with raw_cursor(made.engine) as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'o2c'")
        tables = [str(row[0]) for row in cursor.fetchall()]
        found = []
        for table in sorted(tables):
            cursor.execute(f"SELECT t::text FROM o2c.{table} t")
            found += [str(row[0]) for row in cursor.fetchall()]
        return "\n".join(found)
