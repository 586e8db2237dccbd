"""Discounts on the NetSuite items that their coupons name, the whole way: what Stripe shows, read and written."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from o2c_orchestration.orchestration.follow import Follower
from o2c_orchestration.sandbox.company import build
from o2c_orchestration.store.gaps import list_gaps
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.contract.sandbox_stripe_account import Account
from o2c_orchestration_tests.crash.world import TODAY, Books, run, sandbox
from o2c_orchestration_tests.e2e.conftest import Company, opened
from o2c_orchestration_tests.e2e.test_follow_many import tell

Wire = dict[str, Any]
# Items of the sandbox: what discounts are on, and one that nothing is on by itself.
DISCOUNT, NAMED = "2", "4"


class Sale:
    """A company some of whose invoices have discounts, and which coupon names an item."""

    def __init__(self, company: Company, stripe: list[Wire], coupon: str) -> None:
        self.company, self.stripe, self.coupon = company, stripe, coupon
        self.source = {each["id"]: each["source"]["coupon"] for each in self.of("discount")}

    def of(self, kind: str) -> list[Wire]:
        return [each for each in self.stripe if each["object"] == kind]

    def discounted(self, *, named: bool) -> list[Wire]:
        """Invoices whose discount is of that coupon, or of another one."""
        wanted = [
            invoice
            for invoice in self.of("invoice")
            if invoice["discounts"] and (self.source[invoice["discounts"][0]] == self.coupon) is named
        ]
        return [each for each in wanted if each["status"] in ("open", "paid") and each["total"] > 0]

    def items(self, record: str, key: str) -> set[str] | None:
        """The items of a document's discounts; None: it was not written."""
        ledger = self.company.product.ledger
        found = ledger.find_by_external_id(record, key)
        if found is None:
            return None
        lines = ledger.record(record, found, sublists=True)[0]["item"]["items"]
        return {line["item"]["id"] for line in lines if line["description"].startswith("Discount: ")}


@contextmanager
def selling(folder: Path, keys: Path, new_database: NewDatabase, named: str = f" {NAMED} ") -> Iterator[Sale]:
    """Before anything was read."""
    stripe = [dict(each) for each in build(11, 150, today=TODAY, days=12).stripe]
    books = Books(stripe, days=12)
    coupon = next(each for each in stripe if each["object"] == "coupon")
    coupon["metadata"] = {"netsuite_discount_item_id": named, "colour": "green"}
    with new_database() as url, sandbox(folder / "state", keys) as world:
        world.load(books)
        with opened(world, books, url) as company:
            yield Sale(company, stripe, coupon["id"])


@pytest.fixture(scope="module")
def sale(tmp_path_factory: pytest.TempPathFactory, keys: Path, new_database: NewDatabase) -> Iterator[Sale]:
    """After one run."""
    with selling(tmp_path_factory.mktemp("coupons"), keys, new_database) as found:
        run(found.company.product, found.company.books.span)
        yield found


@pytest.mark.parametrize(("named", "item"), [(True, NAMED), (False, DISCOUNT)])
def test_discounts_are_on_the_item_that_their_coupon_names(sale: Sale, named: bool, item: str) -> None:
    found = [sale.items("invoice", each["id"]) for each in sale.discounted(named=named)]
    written = [items for items in found if items is not None]
    assert len(written) >= 3
    assert written == [{item}] * len(written)


def test_credit_notes_give_them_back_on_it(sale: Sale) -> None:
    notes = [each for each in sale.of("credit_note") if each["discount_amounts"]]
    found = {each["id"]: sale.items("creditMemo", each["id"]) for each in notes}
    wanted = {
        each["id"]: {NAMED if sale.source[each["discount_amounts"][0]["discount"]] == sale.coupon else DISCOUNT}
        for each in notes
    }
    written = {key: items for key, items in found.items() if items}
    assert written
    assert written == {key: wanted[key] for key in written}


def test_another_run_reads_no_coupon_again_and_writes_nothing(sale: Sale) -> None:
    sale.company.world.forget_requests()
    sale.company.run()
    asked = [each["path"] for each in sale.company.world.requests("stripe") if "coupons" in each["path"]]
    assert (asked, sale.company.world.writes()) == ([], [])


def test_an_invoice_that_comes_as_an_event_is_asked_for_its_coupon(
    tmp_path: Path, keys: Path, new_database: NewDatabase
) -> None:
    """One whose coupon names what is no internal id is refused by name; corrected in Stripe, it follows."""
    with selling(tmp_path, keys, new_database, "Summer") as sale:
        invoice, others = sale.discounted(named=True)[0], sale.discounted(named=False)
        tell(sale.company, [invoice, *others])
        Follower(sale.company.product).once()
        assert sale.items("invoice", invoice["id"]) is None
        assert {DISCOUNT} in [sale.items("invoice", each["id"]) for each in others]
        sale.company.run()
        [reason] = [gap.reason for gap in list_gaps(sale.company.product.engine) if gap.stripe_id == invoice["id"]]
        assert "metadata names item 'Summer'" in reason
        stripe = Account(sale.company.world.base_url)
        stripe.post(f"coupons/{sale.coupon}", {"metadata[netsuite_discount_item_id]": NAMED})
        tell(sale.company, [next(each for each in sale.of("coupon") if each["id"] == sale.coupon)])
        Follower(sale.company.product).once()
        run(sale.company.product, sale.company.books.span)
        assert sale.items("invoice", invoice["id"]) == {NAMED}
