"""Rows that are odd are told in words and let in; rows that are as they should be are not told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
import pytest

from o2c_orchestration.store.gate import mark_absent
from o2c_orchestration.store.ledger import replace_reference
from o2c_orchestration.store.odd_rows import odd_references, odd_rows
from o2c_orchestration_tests.integration_store.builders import DAY, MOMENT, accept

LINE = dict.fromkeys(("discount_minor", "grant_minor", "tax_exclusive_minor", "tax_inclusive_minor"), 0)
FAR = date(2100, 1, 1)


def lines(**amounts: int) -> str:
    return orjson.dumps([{**LINE, "amount_minor": 100, **amounts}]).decode()


SOUND = {"invoices": {"lines": lines()}, "credit_notes": {"lines": lines()}}
ODD: list[tuple[str, dict[str, Any], str]] = [
    ("invoices", {"lines": lines(amount_minor=99)}, "do not add up"),
    ("invoices", {"lines": "[]"}, ""),
    ("invoices", {"lines": lines(discount_minor=10), "total_minor": 90}, ""),
    ("invoices", {"lines": lines(discount_minor=10)}, "do not add up"),
    ("invoices", {"lines": lines(tax_exclusive_minor=19), "tax_minor": 19, "total_minor": 119}, ""),
    ("invoices", {"lines": lines(tax_inclusive_minor=19), "tax_minor": 19}, ""),
    ("invoices", {"lines": lines(tax_exclusive_minor=18), "tax_minor": 19, "total_minor": 119}, "not its taxes"),
    ("invoices", {"lines": lines(grant_minor=30), "total_minor": 70}, ""),
    ("invoices", {"lines": lines(), "shipping_minor": 5, "total_minor": 105}, ""),
    ("invoices", {"lines": lines(amount_minor=1), "status": "draft"}, ""),
    ("invoices", {"lines": lines(), "due_date": DAY - timedelta(days=1)}, "due before"),
    ("invoices", {"lines": lines(), "issue_date": FAR}, "issued in the future"),
    ("invoices", {"lines": lines(), "created_at": datetime(2100, 1, 1, tzinfo=UTC)}, "created in the future"),
    ("invoices", {"lines": lines(), "created_at": datetime(2001, 1, 1, tzinfo=UTC)}, "before there was Stripe"),
    ("invoices", {"lines": lines(), "currency": "xts"}, "no such currency"),
    ("invoices", {"lines": lines(amount_minor=105), "total_minor": 105, "currency": "kwd"}, "does not have"),
    ("payments", {"refunded_minor": 101}, "more was refunded"),
    ("credit_notes", {"lines": lines(amount_minor=1)}, "do not add up"),
    ("disputes", {"reinstated_date": DAY - timedelta(days=1)}, "before it was taken"),
    ("disputes", {"reinstated_date": DAY, "reinstated_minor": 101}, "more came back"),
    ("balance_transactions", {"fee_minor": 3, "net_minor": 97, "fees": '[["stripe_fee", 2]]'}, "do not add up"),
    ("balance_transactions", {"fee_minor": 3, "net_minor": 97, "fees": '[["stripe_fee", 2], ["tax", 1]]'}, ""),
    ("payouts", {"arrival_date": DAY - timedelta(days=9)}, "arrived before"),
]


@pytest.mark.parametrize(("table", "changes", "words"), ODD)
def test_what_is_odd_is_told(engine, table, changes, words):
    """One row beside a sound one: only what is odd is told, and why."""
    replace_reference(engine, "currency", [("1", "USD"), ("2", "KWD")], MOMENT)
    accept(engine, table, {"id": "x_sound", **SOUND.get(table, {})}, {"id": "x_odd", **changes})
    found = odd_rows(engine, table, date(2000, 1, 1), FAR)
    assert [("x_odd", words)] * bool(words) == [(each.id, words if words in each.what else each.what) for each in found]


def test_other_days_are_left_alone(engine):
    """A run tells of its own days."""
    accept(engine, "payments", {"id": "ch_1", "refunded_minor": 101})
    assert [] == odd_rows(engine, "payments", DAY - timedelta(days=9), DAY - timedelta(days=1))
    assert ["ch_1"] == [each.id for each in odd_rows(engine, "payments", DAY, DAY)]


def test_a_row_that_does_not_fit_what_it_points_to_is_told(engine):
    """Customers, invoices and charges that Stripe does not have, other currencies, more taken back than there was."""
    mark_absent(engine, ["cus_gone", "in_gone", "ch_gone"], MOMENT)
    accept(engine, "invoices", {"id": "in_1"}, {"id": "in_2", "customer_id": "cus_gone"}, {"id": "in_3"})
    accept(engine, "payments", {"id": "ch_1"}, {"id": "ch_2"})
    accept(engine, "invoice_payments", {"id": "ip_1", "invoice_id": "in_1"}, {"id": "ip_2", "invoice_id": "in_gone"},
           {"id": "ip_3", "invoice_id": "in_1", "currency": "eur"})  # fmt: skip
    accept(engine, "refunds", {"id": "re_1"}, {"id": "re_2", "charge_id": "ch_gone"},
           {"id": "re_3", "charge_id": "ch_2", "currency": "eur", "amount_minor": 101})  # fmt: skip
    accept(engine, "credit_notes", {"id": "cn_1"}, {"id": "cn_2", "invoice_id": "in_3", "total_minor": 101},
           {"id": "cn_3", "invoice_id": "in_3", "customer_id": "cus_2", "status": "void"})  # fmt: skip
    found = {(each.id, each.what) for each in odd_references(engine, DAY, DAY)}
    assert [] == odd_references(engine, DAY + timedelta(days=1), FAR)
    assert found == {
        ("in_2", "its customer does not exist in Stripe"),
        ("ip_2", "the invoice that it is of does not exist in Stripe"),
        ("re_2", "the charge that it is of does not exist in Stripe"),
        ("ip_3", "paid in another currency than its invoice"),
        ("re_3", "of another currency than its charge"),
        ("cn_3", "billed to another customer than its invoice"),
        ("in_3", "credit notes take more of it than its total"),
        ("ch_2", "refunds take more of it than was paid"),
    }
