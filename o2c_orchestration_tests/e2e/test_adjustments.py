"""What customers are given or charged on their balance by hand, booked by policy, all the way to the ledger.

Whatever a story does, NetSuite's liability account holds for its customer what Stripe's balance says, to the last cent.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from o2c_orchestration.store.customer_credits import Credit, credits_of_customers
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e.shop import Shop, open_shop
from o2c_orchestration_tests.e2e.test_customer_balance import applied

POLICY = {"adjustments": {"item": "Stripe Credit"}}


@pytest.fixture
def shop(tmp_path: Path, keys: Path, new_database: NewDatabase) -> Iterator[Shop]:
    """A company that books what it gives its customers."""
    with open_shop(tmp_path, keys, new_database, POLICY) as found:
        yield found


def adjusted(shop: Shop, customer: str, amount: int) -> str:
    """A movement by hand; its id. Nothing of it is left to a person."""
    shop.given[customer] = 0
    made = shop.stripe.post(f"customers/{customer}/balance_transactions", amount=amount, currency="usd")
    return str(made["id"])


def test_what_a_customer_is_given_is_on_the_liability_and_pays_his_next_invoice(shop: Shop) -> None:
    """A memo on the company's item against an invoice on the liability; the bill takes it from there, nothing twice."""
    customer = shop.customer()
    gift = adjusted(shop, customer, -500)
    shop.run()
    books = shop.books()
    assert books[f"bi-{gift}"] == ("invoice", 500, 0, {})
    assert books[f"bg-{gift}"] == ("creditMemo", 500, 0, {f"bi-{gift}": 500})
    assert shop.liability() == {customer: 500}
    shop.agrees()
    bill = shop.bill(customer, 800)
    shop.run()
    assert shop.books()[f"cb-{bill['id']}"] == ("creditMemo", 500, 0, {bill["id"]: 500})
    shop.agrees()
    shop.company.world.forget_requests()
    shop.run()
    assert shop.company.world.writes() == []


def test_what_a_customer_is_charged_is_collected_with_his_next_invoice(shop: Shop) -> None:
    """An invoice on the company's item, which a memo on the liability settles; the next payment pays that first."""
    customer = shop.customer()
    debt = adjusted(shop, customer, 300)
    shop.run()
    books = shop.books()
    assert books[f"bd-{debt}"] == ("invoice", 300, 0, {})
    assert books[f"cb-{debt}"] == ("creditMemo", 300, 0, {f"bd-{debt}": 300})
    assert shop.liability() == {customer: -300}
    shop.agrees()
    shop.act(shop.bill(customer, 1_000), "pay")
    shop.run()
    assert shop.liability()[customer] == 0
    shop.agrees()


def test_one_that_a_person_entered_holds_ours_up_until_he_says_what_it_is(shop: Shop) -> None:
    """A memo of the same customer and amount may be the same goodwill: told, and nothing of the pair is written."""
    customer = shop.customer()
    shop.enter_customer(customer)
    shop.enter("creditMemo", customer, item="1", amount=5)
    gift = adjusted(shop, customer, -500)
    shop.run()
    assert not [key for key in shop.books() if gift in key]
    kinds = {(kind, subject) for kind, subject, _ in shop.gaps()}
    assert kinds == {("sync_failed", gift), ("unlinked_in_netsuite", None)}
    assert any("names no Stripe object" in reason for _, _, reason in shop.gaps())


def test_what_is_deleted_in_netsuite_is_a_gap_and_explains_the_balance(shop: Shop) -> None:
    """One half of a pair that somebody deleted is missed by name, and is not written again."""
    customer = shop.customer()
    gift = adjusted(shop, customer, -500)
    shop.run()
    ledger = shop.company.product.ledger
    memo = ledger.find_by_external_id("creditMemo", f"bg-{gift}")
    shop.company.world.ask("POST", "netsuite/records", {"do": "delete", "recordType": "creditMemo", "id": memo})
    shop.run()
    assert [(kind, subject) for kind, subject, _ in shop.gaps()] == [("credit_memo_missing", gift)]
    assert credits_of_customers(shop.company.product.engine) == [Credit(customer, "usd", 500, 500, 0, 0)]


def test_what_was_given_before_the_policy_is_left_to_a_person(
    tmp_path: Path, keys: Path, new_database: NewDatabase
) -> None:
    """It may have been entered already: it is told as moved by hand, as without the policy."""
    later = {"adjustments": {"item": "Stripe Credit", "since": "2200-01-01"}}
    with open_shop(tmp_path, keys, new_database, later) as shop:
        customer = shop.customer(-500)
        shop.run()
        assert shop.books() == {}
        assert credits_of_customers(shop.company.product.engine) == [Credit(customer, "usd", 500, 0, 0, 500)]


def test_without_the_item_of_balances_it_is_a_gap(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """A decision that lacks its other half is said by name."""
    half = {**POLICY, "items": {"balance": None}}
    with open_shop(tmp_path, keys, new_database, half) as shop:
        gift = adjusted(shop, shop.customer(), -500)
        shop.run()
        ((kind, subject, reason), *_) = shop.gaps()
        assert (kind, subject, "set items.balance" in reason) == ("sync_failed", gift, True)
        assert shop.books() == {}


def test_what_is_only_planned_is_missed_and_explains_the_balance(
    tmp_path: Path, keys: Path, new_database: NewDatabase
) -> None:
    """While nothing is written both documents are gaps, and the balance is no more by hand than any other."""
    unwritten = {**POLICY, "documents": {"invoice": False, "credit_memo": False}}
    with open_shop(tmp_path, keys, new_database, unwritten) as shop:
        customer = shop.customer()
        gift = adjusted(shop, customer, -500)
        shop.run()
        kinds = {(kind, subject) for kind, subject, _ in shop.gaps()}
        assert kinds == {("missing_in_netsuite", gift), ("credit_memo_missing", gift)}
        assert credits_of_customers(shop.company.product.engine) == [Credit(customer, "usd", 500, 0, -500, 0)]


def test_a_pair_of_which_half_was_written_is_completed(shop: Shop) -> None:
    """The invoice is there, by whomever: the memo follows and is applied to it."""
    customer = shop.customer()
    shop.enter_customer(customer)
    gift = adjusted(shop, customer, -500)
    shop.enter("invoice", customer, item="9", amount=5, externalId=f"bi-{gift}")
    shop.run()
    assert shop.books()[f"bg-{gift}"] == ("creditMemo", 500, 0, {f"bi-{gift}": 500})
    shop.agrees()


def test_an_invoice_that_somebody_changed_does_not_take_the_memo(shop: Shop) -> None:
    """It has less left than was given: told with both amounts, and nothing is applied."""
    customer = shop.customer()
    shop.enter_customer(customer)
    gift = adjusted(shop, customer, -500)
    kept = shop.enter("invoice", customer, item="9", amount=5, externalId=f"bi-{gift}")
    shop.enter("creditMemo", customer, item="1", amount=2, apply=applied(kept, 2), externalId="goodwill-1")
    shop.run()
    assert any("has 3.00 USD left, not 5.00 USD" in reason for _, _, reason in shop.gaps())
    assert f"bg-{gift}" not in shop.books()


def test_what_he_had_before_the_books_is_the_companys_own_entry(
    tmp_path: Path, keys: Path, new_database: NewDatabase
) -> None:
    """Told by the figure to declare; nothing is written for it, his next invoice uses it, and the equation closes."""
    policy = {**POLICY, "books": {"start": "2026-01-01"}}
    with open_shop(tmp_path, keys, new_database, policy) as shop:
        customer = shop.customer()
        gift = adjusted(shop, customer, -700)
        wire = shop.stripe.get(f"customers/{customer}/balance_transactions/{gift}")
        shop.stripe.load({**wire, "created": int(datetime(2025, 6, 1, tzinfo=UTC).timestamp())})
        bill = shop.bill(customer, 300)
        shop.run()
        books, product = shop.books(), shop.company.product
        assert [key for key in books if gift in key] == []
        assert books[f"cb-{bill['id']}"] == ("creditMemo", 300, 0, {bill["id"]: 300})
        found = credits_of_customers(product.engine, product.policy.books.cut_over)
        assert found == [Credit(customer, "usd", 400, -300, 0, 0, 700)]
        assert (shop.judged().ok, shop.gaps()) == (True, [])
        assert "7.00 USD from before the books" in shop.judged().detail
