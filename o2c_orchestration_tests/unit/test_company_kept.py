"""The demo company's memos, refunds and deposits that others kept: right ones agree with Stripe to the cent."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from o2c_orchestration.sandbox import company
from o2c_orchestration_tests.unit.company_ledger import CURRENCY, Ledger, Wire, applied, banked, books_date, tax, total

SIZES = [
    (7, 400, 30, date(2026, 11, 22)),
    (7, 120, 12, date(2026, 11, 20)),
    (3, 120, 12, date(2026, 3, 2)),
    (11, 400, 30, date(2027, 1, 5)),
]


@pytest.fixture(scope="module", params=SIZES, ids=["default", "short", "march", "january"])
def demo(request: pytest.FixtureRequest) -> company.Company:
    seed, size, days, today = request.param
    return company.build(seed=seed, invoices=size, today=today, days=days)


def named(ledger: Ledger, body: Wire) -> str | None:
    """The object in Stripe that a document stands for; a refund's memo names the refund."""
    own = str(body.get("externalId")).removeprefix("ns_memo:").removeprefix("cm-")
    return ledger.stripe_id(body) or (own if own.startswith("re_") else None)


def test_every_kind_of_mistake_is_planted_at_the_usual_sizes(demo: company.Company) -> None:
    """Each once at least, and a duplicate of each of three record types."""
    ledger = Ledger(demo)
    kinds = Counter(row["kind"] for row in demo.truth)
    assert {"deposit_mismatch", "fee_missing", "payout_residual", "amount_mismatch"} <= kinds.keys()
    doubled = [row["netsuite_key"] for row in demo.truth if row["kind"] == "duplicate_in_netsuite"]
    assert {ledger.bodies[key]["recordType"] for key in doubled} == {"invoice", "creditMemo", "customerRefund"}
    loose = [row["netsuite_key"] for row in demo.truth if row["kind"] == "unlinked_in_netsuite"]
    assert {ledger.bodies[key]["recordType"] for key in loose} == {"invoice", "creditMemo", "customerPayment"}
    wrong = [ledger.stripe[row["stripe_id"]]["object"] for row in demo.truth if row["kind"] == "amount_mismatch"]
    assert {"invoice", "credit_note"} <= set(wrong)


def test_every_mistake_in_a_payment_has_its_residual(demo: company.Company) -> None:
    """A payment booked with another amount cannot be deposited; neither can what nobody knows."""
    ledger = Ledger(demo)
    entries = {each["source"]: each for each in demo.stripe if each["object"] == "balance_transaction"}
    wrong = [row["stripe_id"] for row in demo.truth if row["kind"] == "payment_mismatch"]
    expected = {entries[each]["id"] for each in wrong if entries[each].get("_payout") in ledger.missing_deposits}
    assert expected
    unknown = {each["id"] for each in demo.stripe if each.get("type") == "galactic_levy"}
    assert {row["stripe_id"] for row in demo.truth if row["kind"] == "payout_residual"} == expected | unknown


def test_right_memos_agree_in_everything(demo: company.Company) -> None:
    """A credit memo has the amount, tax, date and customer of what it stands for, and comes off the invoice if due."""
    ledger = Ledger(demo)
    right = [(key, body) for key, body in ledger.of("creditMemo") if key not in ledger.planted]
    for _, body in right:
        thing = ledger.stripe[str(named(ledger, body))]
        customer = thing["customer"]
        assert total(body) == (thing["total"] if thing["object"] == "credit_note" else thing["amount"])
        assert CURRENCY[body["currency"]["id"]] == thing["currency"]
        assert ledger.bodies[body["entity"]["id"]]["body"]["externalId"] == customer
        assert date.fromisoformat(body["tranDate"]) == books_date(thing["created"])
        assert tax(body) == sum(each["amount"] for each in thing.get("total_taxes", []))
        pre = thing.get("pre_payment_amount", 0)
        assert (applied(body) if "apply" in body else 0) == pre
        if pre:
            (line,) = body["apply"]["items"]
            assert ledger.stripe_id(ledger.bodies[line["doc"]["id"]]["body"]) == thing["invoice"]
    objects = Counter(ledger.stripe[str(named(ledger, body))]["object"] for _, body in right)
    assert objects["credit_note"] >= 4
    assert objects["refund"] >= 2
    assert any("apply" in body for _, body in right)


def test_right_refunds_agree_in_everything(demo: company.Company) -> None:
    """A customer refund has the refund's amount, date and customer and takes it from the memo of the same matter."""
    ledger = Ledger(demo)
    linked = {
        each["refund"]: note["id"]
        for note in demo.stripe
        if note["object"] == "credit_note"
        for each in note["refunds"]
    }
    right = [body for key, body in ledger.of("customerRefund") if key not in ledger.planted]
    assert len(right) >= 4
    for body in right:
        refund = ledger.stripe[str(ledger.stripe_id(body))]
        assert applied(body) == refund["amount"]
        assert date.fromisoformat(body["tranDate"]) == books_date(refund["created"])
        assert ledger.bodies[body["customer"]["id"]]["body"]["externalId"] == refund["customer"]
        (line,) = body["apply"]["items"]
        memo = ledger.bodies[line["doc"]["id"]]["body"]
        assert named(ledger, memo) == linked.get(refund["id"], refund["id"])


def test_right_deposits_are_the_payout(demo: company.Company) -> None:
    """A deposit has all members and fees of its payout, and the day on which the bank got it."""
    ledger = Ledger(demo)
    deposits = ledger.of("deposit")
    right = [body for key, body in deposits if key not in ledger.planted]
    assert len(deposits) - 2 == len(right) >= 1
    wrong = {row["stripe_id"] for row in demo.truth if row["kind"].startswith("pa") and row["leg"] == "stripe_netsuite"}
    for body in right:
        payout = ledger.stripe[str(ledger.stripe_id(body))]
        members = ledger.members(payout["id"])
        taken = {ledger.stripe_id(ledger.bodies[line["id"]]["body"]) for line in body["payment"]["items"]}
        assert banked(ledger, body) == payout["amount"] > 0
        assert taken == {member["source"] for member in members}
        assert not taken & wrong
        assert body["tranDate"] == datetime.fromtimestamp(payout["arrival_date"], UTC).date().isoformat()
        foreign = [line for line in body["payment"]["items"] if "paymentAmount" in line]
        assert len(foreign) == sum(1 for member in members if member["exchange_rate"] is not None)


def test_a_document_is_in_one_deposit_at_most(demo: company.Company) -> None:
    """Money cannot be banked twice, and what is in a deposit is neither a duplicate nor planted wrong."""
    ledger = Ledger(demo)
    taken = [line["id"] for _, body in ledger.of("deposit") for line in body["payment"]["items"]]
    assert len(taken) == len(set(taken))
    assert not set(taken) & ledger.planted


def test_both_styles_of_bookkeeping_occur(demo: company.Company) -> None:
    """The connector's external ids, its own one for the memo of a refund, and memos written by hand."""
    ledger = Ledger(demo)
    own = [str(body.get("externalId")) for _, body in ledger.of("creditMemo")]
    assert sum(1 for each in own if each.startswith("ns_memo:re_")) == 1
    for kind, prefix in (("creditMemo", "cn_"), ("creditMemo", "re_"), ("customerRefund", "re_")):
        bodies = [body for key, body in ledger.of(kind) if key not in ledger.planted]
        assert any("externalId" not in body and body["memo"].startswith(f"Stripe {prefix}") for body in bodies)
    assert any(str(body.get("externalId")).startswith("po_") for _, body in ledger.of("deposit"))


def test_a_deposit_written_by_hand_occurs_at_the_default_size() -> None:
    """One deposit names its payout in the memo only."""
    ledger = Ledger(company.build(today=date(2026, 11, 22)))
    assert any("externalId" not in body and body["memo"].startswith("Stripe po_") for _, body in ledger.of("deposit"))
