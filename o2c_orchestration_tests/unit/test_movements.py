"""Credit notes, refunds, disputes, balance transactions and payouts: flat rows, and schemas that spare neighbours."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from o2c_orchestration.extract.redact import redact
from o2c_orchestration.validate.flatten import FLATTEN
from o2c_orchestration.validate.schemas import failures

ANGELES = ZoneInfo("America/Los_Angeles")
# 2026-03-01 05:30 UTC is still February in Los Angeles.
MARCH_UTC = int(datetime(2026, 3, 1, 5, 30, tzinfo=UTC).timestamp())
MOMENT = datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
DAY_UTC = 86400

PAYLOADS: dict[str, dict[str, Any]] = {
    "credit_note": {
        "id": "cn_1",
        "object": "credit_note",
        "invoice": "in_1",
        "customer": "cus_1",
        "currency": "usd",
        "status": "issued",
        "total": 1210,
        "total_taxes": [{"amount": 200}, {"amount": 10}],
        "pre_payment_amount": 210,
        "post_payment_amount": 1000,
        "shipping_cost": {"amount_subtotal": 100, "amount_total": 110},
        "effective_at": None,
        "created": MARCH_UTC,
        "refunds": [{"refund": "re_1", "amount_refunded": 600}, {"refund": None, "amount_refunded": 5}],
        "lines": {
            "data": [
                {
                    "id": "cnli_1",
                    "description": "Seats",
                    "amount": 1000,
                    "discount_amounts": [{"amount": 60}, {"amount": 40}],
                    "taxes": [
                        {"amount": 200, "tax_behavior": "exclusive"},
                        {"amount": 10, "tax_behavior": "inclusive"},
                    ],
                    "quantity": 3,
                    "invoice_line_item": "il_1",
                }
            ]
        },
    },
    "refund": {
        "id": "re_1",
        "object": "refund",
        "charge": "ch_1",
        "currency": "usd",
        "status": "succeeded",
        "amount": 600,
        "balance_transaction": "txn_1",
        "failure_balance_transaction": None,
        "created": MARCH_UTC,
    },
    "dispute": {
        "id": "dp_1",
        "object": "dispute",
        "charge": "ch_1",
        "currency": "usd",
        "status": "needs_response",
        "amount": 1000,
        "balance_transactions": [{"id": "txn_1", "amount": -1000, "created": MARCH_UTC}],
        "created": MARCH_UTC - DAY_UTC,
    },
    "balance_transaction": {
        "id": "txn_1",
        "object": "balance_transaction",
        "type": "charge",
        "reporting_category": "charge",
        "source": "ch_1",
        "currency": "usd",
        "amount": 1000,
        "fee": 59,
        "net": 941,
        "fee_details": [{"type": "stripe_fee", "amount": 59}],
        "created": MARCH_UTC,
    },
    "payout": {
        "id": "po_1",
        "object": "payout",
        "currency": "usd",
        "status": "paid",
        "amount": 941,
        "automatic": True,
        "reconciliation_status": "completed",
        "failure_balance_transaction": None,
        "arrival_date": int(datetime(2026, 3, 4, tzinfo=UTC).timestamp()),
        "created": MARCH_UTC,
    },
}


def flat(kind, **changes):
    return FLATTEN[kind]({**PAYLOADS[kind], **changes}, ANGELES)


def test_a_credit_note_keeps_its_amounts_apart():
    """Total, taxes summed, the part before payment, shipping before tax, the refunds that pay it out."""
    row = flat("credit_note")
    names = ("total_minor", "tax_minor", "pre_payment_minor", "shipping_minor", "refunds")
    assert (1210, 210, 210, 100, [["re_1", 600]]) == tuple(row[name] for name in names)
    assert ("in_1", "cus_1", "issued") == (row["invoice_id"], row["customer_id"], row["status"])
    [line] = row["lines"]
    assert (1000, 100, 200, 10, "3", "il_1") == (
        line["amount_minor"],
        line["discount_minor"],
        line["tax_exclusive_minor"],
        line["tax_inclusive_minor"],
        line["quantity"],
        line["origin"],
    )


def test_a_credit_note_is_dated_when_it_takes_effect():
    """In the time zone of the books: the legal date, or else the day on which it was made."""
    assert date(2026, 2, 28) == flat("credit_note")["issue_date"]
    assert date(2026, 3, 10) == flat("credit_note", effective_at=MARCH_UTC + 10 * DAY_UTC)["issue_date"]


def test_a_refund_says_whether_its_money_moved_and_came_back():
    """By its balance transactions, expanded or not; one without a status has succeeded."""
    row = flat("refund", status=None, failure_balance_transaction={"id": "txn_2"})
    assert ("txn_1", "txn_2", "succeeded", date(2026, 2, 28), 600) == (
        row["balance_transaction"],
        row["failure_transaction"],
        row["status"],
        row["refund_date"],
        row["amount_minor"],
    )
    assert flat("refund", balance_transaction=None)["balance_transaction"] is None


@pytest.mark.parametrize(
    ("moves", "withdrawn", "reinstated", "part"),
    [
        ([], None, None, None),
        ([(-1000, 0)], date(2026, 2, 28), None, None),
        ([(-1000, 0), (1000, 20)], date(2026, 2, 28), date(2026, 3, 20), None),
        ([(1000, 20), (-1000, 0)], date(2026, 2, 28), date(2026, 3, 20), None),
        ([(-1000, 0), (400, 20)], date(2026, 2, 28), date(2026, 3, 20), 400),
        ([(-1000, 0), (400, 20), (600, 21)], date(2026, 2, 28), date(2026, 3, 21), None),
    ],
)
def test_a_disputes_money_is_told_by_its_balance_transactions(moves, withdrawn, reinstated, part):
    """Not by its status: an inquiry has none, a lost one only its withdrawal, a won one got it back or a part."""
    row = flat("dispute", balance_transactions=_moves("usd", moves))
    assert (withdrawn, reinstated, part) == (row["withdrawn_date"], row["reinstated_date"], row["reinstated_minor"])
    assert row["partly_reinstated"] is False


def _moves(currency, moves):
    return [{"amount": amount, "created": MARCH_UTC + days * DAY_UTC, "currency": currency} for amount, days in moves]


@pytest.mark.parametrize(
    ("status", "back", "reinstated", "partly"),
    [
        ("won", 880, date(2026, 3, 20), False),
        ("won", 850, date(2026, 3, 20), False),
        ("won", 900, date(2026, 3, 20), False),
        ("won", 400, None, True),
        ("lost", 850, None, True),
    ],
)
def test_a_converted_dispute_comes_back_at_another_days_rate(status, back, reinstated, partly):
    """One that was won gave all of it back, though the balance got less; what cannot be told is not guessed."""
    row = flat("dispute", status=status, balance_transactions=_moves("eur", [(-880, 0), (back, 20)]))
    assert (reinstated, partly, None) == (row["reinstated_date"], row["partly_reinstated"], row["reinstated_minor"])


def test_a_balance_transaction_keeps_its_fees_by_type():
    """In Stripe's order; its category is its type where Stripe gives none; its source may be expanded."""
    row = flat("balance_transaction", source={"id": "ch_2"}, reporting_category=None)
    assert (1000, 59, 941, [["stripe_fee", 59]]) == tuple(
        row[name] for name in ("amount_minor", "fee_minor", "net_minor", "fees")
    )
    assert ("ch_2", "charge", date(2026, 2, 28)) == (row["source_id"], row["category"], row["booked_date"])


def test_a_movement_of_a_balance_is_dated_in_the_books():
    """Not on the day in UTC; below zero the customer was given something."""
    payload = {"id": "cbtxn_1", "customer": "cus_1", "type": "adjustment", "currency": "usd", "amount": -500}
    row = FLATTEN["customer_balance_transaction"](payload | {"created": MARCH_UTC}, ANGELES)
    assert (row["booked_date"], row["amount_minor"]) == (date(2026, 2, 28), -500)


def test_a_payout_arrives_on_a_utc_day():
    """Stripe gives midnight UTC, which is the evening before in the books' time zone."""
    row = flat("payout")
    assert (date(2026, 3, 4), 941, True, "completed", MOMENT) == (
        row["arrival_date"],
        row["amount_minor"],
        row["automatic"],
        row["reconciliation"],
        row["created_at"],
    )


BAD = [
    ("credit_note", "id", "in_1", "not an id"),
    ("credit_note", "invoice_id", None, "missing"),
    ("credit_note", "status", "draft", "status is none of"),
    ("credit_note", "total_minor", 10.0, "not an integer"),
    ("credit_note", "total_minor", None, "missing"),
    ("credit_note", "total_minor", 100, "credits more of the invoice"),
    ("credit_note", "pre_payment_minor", -1, "negative"),
    ("credit_note", "pre_payment_minor", "1", "not an integer"),
    ("credit_note", "refunds", [["re_1", None]], "a refund has"),
    ("credit_note", "refunds", [["re_1", 2**70]], "a refund has"),
    ("credit_note", "refunds", [[None, 5]], "a refund has"),
    ("credit_note", "lines", [{"amount_minor": None}], "line"),
    ("credit_note", "lines", [{**flat("credit_note")["lines"][0], "amount_minor": 1.5}], "line"),
    ("refund", "charge_id", None, "missing"),
    ("refund", "charge_id", "pi_1", "not an id"),
    ("refund", "amount_minor", -1, "negative"),
    ("refund", "status", 7, "not text"),
    ("refund", "balance_transaction", "ch_1", "not an id"),
    ("refund", "created_at", None, "missing"),
    ("dispute", "id", "re_1", "not an id"),
    ("dispute", "amount_minor", 1.5, "not an integer"),
    ("dispute", "status", None, "missing"),
    ("dispute", "currency", "USD", "three-letter"),
    ("balance_transaction", "net_minor", 940, "net is not amount less fee"),
    ("balance_transaction", "net_minor", 2**63, "integer"),
    ("balance_transaction", "fee_minor", "59", "not an integer"),
    ("balance_transaction", "fees", [["stripe_fee", 0.5]], "pair"),
    ("balance_transaction", "type", None, "missing"),
    ("balance_transaction", "booked_date", None, "missing"),
    ("payout", "status", None, "missing"),
    ("payout", "reconciliation", None, "missing"),
    ("payout", "automatic", None, "missing"),
    ("payout", "automatic", "perhaps", "neither true nor false"),
    ("payout", "arrival_date", None, "missing"),
    ("payout", "amount_minor", True, "not an integer"),
]


@pytest.mark.parametrize("kind", sorted(PAYLOADS))
def test_sound_rows_pass(kind):
    """A plain object of every type has no failure."""
    assert {} == failures(kind, [flat(kind), flat(kind)])


@pytest.mark.parametrize(("kind", "field", "value", "words"), BAD, ids=lambda value: str(value)[:30])
def test_a_bad_field_fails_its_row_alone(kind, field, value, words):
    """The reason says what is wrong with it; the rows around it pass."""
    found = failures(kind, [flat(kind), {**flat(kind), field: value}, flat(kind)])
    assert [1] == list(found)
    assert words in found[1]


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("credit_note", {"customer": None, "refunds": None, "lines": None, "shipping_cost": None}),
        ("dispute", {"balance_transactions": None, "status": "a status of next year"}),
        ("balance_transaction", {"type": "galactic_levy", "source": None, "amount": -1000, "net": -1059}),
        ("payout", {"amount": -941}),
        ("refund", {"charge": "py_1", "id": "pyr_1"}),
    ],
)
def test_what_may_be_is_no_failure(kind, changes):
    """What Stripe may leave out or add, and money below zero where it may be."""
    assert {} == failures(kind, [flat(kind, **changes)])


def test_a_balance_transaction_keeps_the_id_of_its_source():
    """A deposit is made of it. A card as a source is the customer's affair and is dropped."""
    payload = PAYLOADS["balance_transaction"]
    assert payload == redact(payload)
    card = {"id": "ch_1", "source": {"id": "card_1", "last4": "4242"}, "amount": 5}
    assert {"id": "ch_1", "amount": 5} == redact(card)
    assert "source" in card


@pytest.mark.parametrize(
    ("kind", "private"),
    [
        ("dispute", {"evidence": {"customer_name": "Ann"}, "evidence_details": {}, "payment_method_details": {}}),
        ("refund", {"destination_details": {}, "instructions_email": "ann@example.com", "next_action": {}}),
        ("credit_note", {"memo": "for Ann", "pdf": "https://example.com/p"}),
    ],
)
def test_what_is_said_about_the_customer_is_dropped(kind, private):
    """Of money that goes back the money is kept, and nothing that was told about the person or the card."""
    assert PAYLOADS[kind] == redact({**PAYLOADS[kind], **private})
