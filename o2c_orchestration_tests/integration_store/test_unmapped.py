"""What is mapped to nothing, and what others booked it on, from the store."""

from datetime import UTC, datetime

import orjson
from sqlalchemy import text

from o2c_orchestration.domain import metadata
from o2c_orchestration.store import journal
from o2c_orchestration.store.gate import StripeObject, admit
from o2c_orchestration.store.movements import record_members
from o2c_orchestration.store.unmapped import fee_votes, hand_made, unmapped_fees, unmapped_prices
from o2c_orchestration_tests.integration_store.builders import MOMENT, accept, command, ledger_document, mirror

LINE = dict.fromkeys(("discount_minor", "grant_minor", "tax_exclusive_minor", "tax_inclusive_minor"), 0)


def lines(*found):
    return orjson.dumps([{**LINE, **each} for each in found]).decode()


def line(price, amount, **more):
    return {
        "price_id": price,
        "product_id": f"prod_{price}",
        "description": f"Plan {price}",
        "amount_minor": amount,
        **more,
    }


def test_prices_without_an_item_come_with_their_money(engine):
    """Mapped by price or product, or named by the line's own metadata, they are no question any more."""
    accept(engine, "invoices",
           {"id": "in_1", "lines": lines(line("p1", 100), line("p2", 50), line("p3", 7), line("p4", 5, item="77"))},
           {"id": "in_2", "lines": lines(line("p1", 300), {"amount_minor": 9, "description": "by hand"})},
           {"id": "in_3", "lines": lines(line("p1", 1)), "status": "draft"})  # fmt: skip
    found = unmapped_prices(engine, ["p2", "prod_p3"], metadata.ITEMS)
    assert [(each.key, each.text, each.currency, each.count, each.minor) for each in found] == [
        ("p1", "Plan p1", "usd", 2, 400)]  # fmt: skip


def test_only_documents_of_others_are_evidence(engine):
    """Not what we wrote ourselves, not what is void or deleted, the newest first."""
    for n in (1, 2, 3, 4):
        accept(engine, "invoices", {"id": f"in_{n}", "lines": lines(line("p1", 100 * n, tax_inclusive_minor=n))})
    mirror(engine, [ledger_document(n, stripe_ref=f"in_{n}", voided=n == 2) for n in (1, 2, 3, 4)])
    journal.intend(engine, [command("invoice", "in_3")])
    with engine.begin() as connection:
        connection.execute(text("UPDATE o2c.journal SET state = 'done', netsuite_id = 3 WHERE stripe_id = 'in_3'"))
    assert [(each.netsuite_id, each.price, each.amount_minor) for each in hand_made(engine, ["p1"], 9)] == [
        (1, "p1", 99), (4, "p1", 396)]  # fmt: skip
    assert [each.netsuite_id for each in hand_made(engine, ["p1"], 1)] == [4]
    assert hand_made(engine, ["p2"], 9) == []


def test_fees_are_voted_for_by_deposits_of_others(engine):
    """One line of a deposit that is just the fees of a type; two such lines say nothing."""
    fees = {"fees": '[["stripe_fee", 3], ["radar_fee", 2]]', "fee_minor": 5, "net_minor": 95}
    accept(engine, "balance_transactions", {"id": "txn_1", **fees}, {"id": "txn_2", **fees}, {"id": "txn_3", **fees})
    accept(engine, "payouts", {"id": "po_1"}, {"id": "po_2"})
    stored = [{"id": f"txn_{n}", "object": "balance_transaction", "created": 1_770_000_000} for n in (1, 2, 3)]
    admit(engine, [StripeObject.of(each, MOMENT) for each in stored])
    record_members(engine, "po_1", ["txn_1", "txn_2"], datetime.now(UTC))
    record_members(engine, "po_2", ["txn_3"], datetime.now(UTC))
    deposits = [ledger_document(1, "deposit", stripe_ref="po_1"), ledger_document(2, "deposit", stripe_ref="po_2")]
    booked = [(1, 1, 70, -6), (1, 2, 71, -4), (2, 1, 70, -3), (2, 2, 71, -2), (2, 3, 72, -2)]
    mirror(engine, deposits, lines=[(*each, None) for each in booked])
    found = unmapped_fees(engine, ["stripe_fee"])
    assert [(each.key, each.count, each.minor) for each in found] == [("radar_fee", 3, 6)]
    assert [(each.key, each.account_id, each.count) for each in fee_votes(engine, ["stripe_fee", "radar_fee"])] == [
        ("radar_fee", "71", 1), ("stripe_fee", "70", 2)]  # fmt: skip
