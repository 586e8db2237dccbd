"""What takes an invoice back by its lines: from Stripe to every account of NetSuite's ledger, which is as before."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash.world import Policy
from o2c_orchestration_tests.e2e.shop import Shop, Wire, open_shop
from o2c_orchestration_tests.e2e.test_service_periods import END, START

POLICY: Policy = {"revenue": {"start_field": START, "end_field": END}}


BY_LINES: Policy = {"reversals": {"partial_refunds": "prorated", "disputes": "as_refunds"}}


@pytest.fixture
def shop(tmp_path: Path, keys: Path, new_database: NewDatabase) -> Iterator[Shop]:
    """A company that says over which days its lines are delivered, of which nothing is sold yet."""
    with open_shop(tmp_path, keys, new_database, POLICY) as found:
        yield found


@pytest.fixture
def by_lines(tmp_path: Path, keys: Path, new_database: NewDatabase) -> Iterator[Shop]:
    """The same, which takes back parts in proportion, and lines of what is disputed."""
    with open_shop(tmp_path, keys, new_database, POLICY | BY_LINES) as found:
        yield found


def taxed(shop: Shop, *amounts: int) -> Wire:
    """A paid invoice with a tax on top of each line."""
    rate = shop.stripe.post("tax_rates", display_name="VAT", percentage="19", inclusive="false")
    customer = shop.customer()
    invoice = dict(shop.stripe.invoice(*amounts, customer=customer, **{"tax_rates[0]": rate["id"]}))
    assert invoice["total"] > sum(amounts)
    return shop.act(invoice, "pay")


def refund(shop: Shop, invoice: Wire, amount: int | None = None) -> str:
    [paid] = shop.stripe.get("invoice_payments", invoice=invoice["id"])["data"]
    fields = {} if amount is None else {"amount": amount}
    found: str = shop.stripe.post("refunds", payment_intent=paid["payment"]["payment_intent"], **fields)["id"]
    return found


def on_accounts(shop: Shop, *external_ids: str) -> dict[str, float]:
    """What these documents leave on each account, debits less credits."""
    listed = ", ".join(f"'{key}'" for key in external_ids)
    rows = shop.company.product.ledger.suiteql(
        "SELECT l.account AS account, SUM(l.debit) AS debit, SUM(l.credit) AS credit FROM transactionaccountingline l "
        f"JOIN transaction t ON t.id = l.transaction WHERE t.externalid IN ({listed}) "
        "GROUP BY l.account ORDER BY l.account"
    )
    return {row["account"]: round(float(row.get("debit", 0)) - float(row.get("credit", 0)), 2) for row in rows}


def lines_of(shop: Shop, document: str, key: str) -> list[dict[str, Any]]:
    ledger = shop.company.product.ledger
    found = ledger.find_by_external_id(document, key)
    assert found is not None
    return list(ledger.record(document, found, sublists=True)[0]["item"]["items"])


def test_a_refund_of_the_whole_leaves_nothing_on_any_account(shop: Shop) -> None:
    """Sales, tax and receivables get back what the invoice put there; its days are those still to come."""
    invoice = taxed(shop, 1_000, 2_500)
    shop.run()
    memo = f"cm-{refund(shop, invoice)}"
    shop.run()
    assert shop.gaps() == []
    assert len(on_accounts(shop, invoice["id"])) > 2
    assert set(on_accounts(shop, invoice["id"], memo).values()) == {0.0}
    sold, back = lines_of(shop, "invoice", invoice["id"]), lines_of(shop, "creditMemo", memo)
    assert [(line["item"]["id"], line["amount"]) for line in back] == [
        (line["item"]["id"], line["amount"]) for line in sold
    ]
    assert [line.get(END) for line in back] == [line.get(END) for line in sold]
    assert any(END in line for line in back)
    shop.agrees()
    shop.company.world.forget_requests()
    shop.run()
    assert shop.company.world.writes() == []


def test_a_refund_of_a_part_is_one_line_as_before(shop: Shop) -> None:
    """Stripe does not say which lines it takes back; nor is it said after the rest was refunded too."""
    invoice = taxed(shop, 1_000)
    keys = [refund(shop, invoice, 500), refund(shop, invoice, invoice["total"] - 500)]
    shop.run()
    assert shop.gaps() == []
    for key in keys:
        [line] = lines_of(shop, "creditMemo", f"cm-{key}")
        assert (line["item"]["refName"], START in line) == ("Stripe Refund", False)


def test_refunds_of_parts_leave_nothing_on_any_account_in_the_end(by_lines: Shop) -> None:
    """In proportion to the lines, tax among them, booked one after the other; the last takes what is left of each."""
    shop, invoice = by_lines, taxed(by_lines, 1_000, 2_503)
    memos = []
    for amount in (1_111, 7, invoice["total"] - 1_118):
        memos.append(f"cm-{refund(shop, invoice, amount)}")
        shop.run()
    assert len(lines_of(shop, "creditMemo", memos[0])) == 3
    assert set(on_accounts(shop, invoice["id"], *memos).values()) == {0.0}
    assert shop.gaps() == []
    shop.agrees()


@pytest.mark.parametrize("outcome", ["lost", "won"])
def test_a_dispute_takes_lines_back_and_a_won_one_restores_them(by_lines: Shop, outcome: str) -> None:
    """Sales and tax go with a lost one; a won one leaves every account as if there had been none."""
    shop = by_lines
    invoice = taxed(shop, 1_000, 2_503)
    shop.run()
    before = on_accounts(shop, invoice["id"])
    key = shop.disputed(shop.charge_of(invoice))["id"]
    shop.run()
    memo = f"cm-{key}"
    assert set(on_accounts(shop, invoice["id"], memo).values()) == {0.0}
    shop.company.world.ask("POST", "stripe/disputes/decide", {"dispute": key, "won": outcome == "won"})
    shop.run()
    if outcome == "won":
        assert on_accounts(shop, invoice["id"], memo, f"ri-{key}") == before
    assert shop.gaps() == []
    shop.agrees()
