"""Pandera at the boundary: each bad field has its reason, and a bad row never harms its neighbours."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from o2c_orchestration.validate.schemas import failures

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
DAY = date(2026, 3, 1)
LINE: dict[str, Any] = dict.fromkeys(("discount_minor", "grant_minor", "tax_exclusive_minor", "tax_inclusive_minor"), 0)
LINE |= {"id": "il_1", "description": "Seats", "quantity": "1", "amount_minor": 100}
ROWS = {
    "customer": {
        "id": "cus_1",
        "name": "Ann",
        "email": None,
        "deleted": False,
        "created_at": MOMENT,
        "balances": {"usd": -5},
    },
    "invoice": {
        "id": "in_1",
        "customer_id": "cus_1",
        "number": None,
        "currency": "usd",
        "status": "open",
        "total_minor": 100,
        "tax_minor": 0,
        "amount_paid_minor": 0,
        "amount_remaining_minor": 100,
        "shipping_minor": 0,
        "issue_date": DAY,
        "due_date": None,
        "closed_date": None,
        "paid_date": None,
        "created_at": MOMENT,
        "lines": [LINE],
        "balance_minor": -5,
        "overpaid_minor": 0,
        "zero_lines": False,
    },
    "charge": {
        "id": "ch_1",
        "customer_id": None,
        "payment_intent": "pi_1",
        "currency": "jpy",
        "status": "succeeded",
        "amount_minor": 100,
        "refunded_minor": 0,
        "payment_date": DAY,
        "created_at": MOMENT,
    },
    "invoice_payment": {
        "id": "inpay_1",
        "invoice_id": "in_1",
        "payment_intent": "pi_1",
        "charge_id": None,
        "currency": "kwd",
        "status": "paid",
        "amount_minor": 100,
        "created_at": MOMENT,
    },
}

BAD = [
    ("customer", "id", "in_1", "not an id"),
    ("customer", "id", None, "missing"),
    ("customer", "created_at", None, "missing"),
    ("customer", "balances", {"usd": 1.5}, "no integer"),
    ("invoice", "balance_minor", 1.5, "not an integer"),
    ("invoice", "overpaid_minor", -1, "negative"),
    ("invoice", "id", "cus_1", "not an id"),
    ("invoice", "currency", "USD", "three-letter"),
    ("invoice", "currency", "usdt", "three-letter"),
    ("invoice", "currency", None, "missing"),
    ("invoice", "currency", 5, "currency"),
    ("invoice", "status", "sent", "status is none of"),
    ("invoice", "status", None, "missing"),
    ("invoice", "status", ["open"], "status"),
    ("invoice", "status", {"is": "open"}, "status"),
    ("invoice", "total_minor", 10.0, "not an integer"),
    ("invoice", "total_minor", 10.5, "not an integer"),
    ("invoice", "total_minor", "10", "not an integer"),
    ("invoice", "total_minor", True, "not an integer"),
    ("invoice", "total_minor", None, "missing"),
    ("invoice", "total_minor", 2**63, "integer"),
    ("invoice", "total_minor", -(2**63) - 1, "integer"),
    ("invoice", "tax_minor", 0.1, "not an integer"),
    ("invoice", "amount_remaining_minor", -1, "negative"),
    ("invoice", "amount_paid_minor", 2**80, "integer"),
    ("invoice", "created_at", None, "missing"),
    ("invoice", "issue_date", None, "without an issue date"),
    ("invoice", "lines", [{**LINE, "amount_minor": 1.5}], "line"),
    ("invoice", "lines", [{**LINE, "amount_minor": None}], "line"),
    ("invoice", "lines", [LINE, {**LINE, "discount_minor": "5"}], "line"),
    ("invoice", "lines", [{**LINE, "amount_minor": 2**64}], "line"),
    ("invoice", "lines", [{**LINE, "id": None}], "line"),
    ("invoice", "lines", [{**LINE, "id": {"id": "il_1"}}], "line"),
    ("invoice", "lines", [{**LINE, "description": 5}], "line"),
    ("invoice", "lines", [{**LINE, "price_id": 5}], "line"),
    ("invoice_payment", "amount_minor", None, "paid without an amount"),
    ("charge", "id", "pi_1", "not an id"),
    ("charge", "amount_minor", -5, "negative"),
    ("charge", "amount_minor", float("nan"), "missing"),
    ("charge", "status", "requires_action", "status is none of"),
    ("charge", "payment_date", None, "missing"),
    ("charge", "payment_intent", "ch_1", "not an id"),
    ("invoice_payment", "invoice_id", None, "missing"),
    ("invoice_payment", "status", "void", "status is none of"),
    ("invoice_payment", "amount_minor", 1.0, "not an integer"),
]


@pytest.mark.parametrize("object_type", sorted(ROWS))
def test_sound_rows_pass(object_type):
    """A plain row of every type has no failure."""
    assert {} == failures(object_type, [ROWS[object_type], ROWS[object_type]])


@pytest.mark.parametrize(("object_type", "field", "value", "words"), BAD, ids=lambda value: str(value)[:30])
def test_a_bad_field_fails_its_row_alone(object_type, field, value, words):
    """The reason names the field and what is wrong with it; the rows around it pass."""
    sound = ROWS[object_type]
    found = failures(object_type, [sound, {**sound, field: value}, sound])
    assert [1] == list(found)
    assert words in found[1]


def test_every_reason_of_a_row_is_told():
    """A row with two faults shows both, so that it is not sent back twice."""
    found = failures("invoice", [{**ROWS["invoice"], "currency": "USD", "total_minor": 1.5}])
    assert "currency: " in found[0]
    assert "total_minor: " in found[0]


def test_all_bad_rows_are_found():
    """Looking does not stop at the first failure."""
    sound = ROWS["charge"]
    rows = [{**sound, "amount_minor": -1} if number % 3 == 0 else sound for number in range(10)]
    assert [0, 3, 6, 9] == list(failures("charge", rows))


@pytest.mark.parametrize(("status", "passes"), [("draft", True), ("void", True), ("open", False), ("paid", False)])
def test_only_drafts_and_voids_may_lack_an_issue_date(status, passes):
    """A finalized invoice has a legal date; a draft, and a void one that never was finalized, may have none."""
    row = {**ROWS["invoice"], "status": status, "issue_date": None}
    assert passes is (failures("invoice", [row]) == {})


def test_what_may_be_missing_is_no_failure():
    """An invoice without customer or number, an open invoice payment without an amount."""
    assert {} == failures("invoice", [{**ROWS["invoice"], "customer_id": None, "number": None}, ROWS["invoice"]])
    assert {} == failures("invoice_payment", [{**ROWS["invoice_payment"], "amount_minor": None, "status": "open"}])


def test_big_amounts_do_not_become_floats():
    """Sixteen digits beside a missing value stay integers: pandas would make both floats."""
    sound = {**ROWS["invoice_payment"], "status": "open"}
    rows = [{**sound, "amount_minor": 2**53 + 1}, {**sound, "amount_minor": None}]
    assert {} == failures("invoice_payment", rows)
