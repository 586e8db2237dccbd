"""Stripe payloads as flat rows: every field from where Stripe keeps it, nothing guessed."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from o2c_orchestration.extract.redact import redact
from o2c_orchestration.store.rows import columns
from o2c_orchestration.validate.fields import OlderShape
from o2c_orchestration.validate.flatten import FLATTEN, charge, customer, invoice, invoice_payment, line
from o2c_orchestration.validate.schemas import TABLES

ANGELES = ZoneInfo("America/Los_Angeles")
# 2026-03-01 05:30 UTC is still February in Los Angeles.
MARCH_UTC = int(datetime(2026, 3, 1, 5, 30, tzinfo=UTC).timestamp())

INVOICE = {
    "id": "in_1",
    "object": "invoice",
    "customer": "cus_1",
    "number": "A-1",
    "currency": "usd",
    "status": "paid",
    "total": 1210,
    "total_taxes": [{"amount": 200}, {"amount": 10}],
    "amount_paid": 1210,
    "amount_remaining": 0,
    "shipping_cost": {"amount_subtotal": 100, "amount_total": 110},
    "status_transitions": {"finalized_at": MARCH_UTC},
    "due_date": MARCH_UTC,
    "created": MARCH_UTC,
    "lines": {
        "data": [
            {
                "id": "il_1",
                "description": "Seats",
                "amount": 1000,
                "discount_amounts": [{"amount": 60}, {"amount": 40}],
                "taxes": [{"amount": 200, "tax_behavior": "exclusive"}, {"amount": 10, "tax_behavior": "inclusive"}],
                "quantity": 3,
                "pricing": {"price_details": {"price": "price_1", "product": "prod_1"}},
                "period": {"start": MARCH_UTC, "end": MARCH_UTC + 60},
                "parent": {"subscription_item_details": {"proration": True}},
            }
        ]
    },
}


@pytest.mark.parametrize("object_type", sorted(FLATTEN))
def test_a_row_has_exactly_the_columns_of_its_table(object_type):
    """Flattening and storing agree on the columns, even of an empty payload where that can be read."""
    assert set(columns(TABLES[object_type])) == set(FLATTEN[object_type]({}, ANGELES))


def older(**changed):
    """The invoice as Stripe rendered it before 2025-03-31.basil: no taxes or prices where we look."""
    found = {name: value for name, value in INVOICE.items() if name != "total_taxes"}
    (one,) = INVOICE["lines"]["data"]
    kept = {name: value for name, value in one.items() if name not in ("taxes", "pricing")}
    return {**found, "lines": {"data": [{**kept, **changed.pop("line", {})}]}, **changed}


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (
            older(tax=261, total_tax_amounts=[{"amount": 261, "inclusive": True}]),
            "total_tax_amounts and no total_taxes",
        ),
        (older(tax=261), "tax and no total_taxes"),
        (older(line={"tax_amounts": [{"amount": 261, "inclusive": True}]}), "a line with tax_amounts and no taxes"),
        (older(line={"price": {"id": "price_1", "object": "price"}}), "a line with price and no pricing"),
        (older(line={"plan": {"id": "gold", "object": "plan"}}), "a line with plan and no pricing"),
    ],
)
def test_an_invoice_of_an_older_api_is_not_read_as_one_without_taxes_or_prices(payload, words):
    """Its total would agree, and its taxes be booked as revenue."""
    with pytest.raises(OlderShape, match=words):
        invoice(redact(payload, None), ANGELES)


def test_a_credit_note_of_an_older_api_is_not_read_either():
    """Its taxes were in tax_amounts."""
    with pytest.raises(OlderShape, match="tax_amounts and no total_taxes"):
        FLATTEN["credit_note"](
            redact({"id": "cn_1", "tax_amounts": [{"amount": 5, "inclusive": False}]}, None), ANGELES
        )


def test_both_shapes_at_once_are_read_by_the_newer():
    """As Stripe rendered invoices around the change."""
    both = {**INVOICE, "tax": 210, "total_tax_amounts": [{"amount": 210, "inclusive": False}]}
    assert invoice(both, ANGELES)["tax_minor"] == 210


def test_an_invoice_keeps_its_amounts():
    """Total, taxes summed, paid, remaining and shipping before tax, in minor units as Stripe wrote them."""
    row = invoice(INVOICE, ANGELES)
    names = ("total_minor", "tax_minor", "amount_paid_minor", "amount_remaining_minor", "shipping_minor")
    assert (1210, 210, 1210, 0, 100) == tuple(row[name] for name in names)


def test_dates_are_those_of_the_books():
    """Issue and due date are days in the books' time zone, `created` stays a moment in UTC."""
    row = invoice(INVOICE, ANGELES)
    assert (date(2026, 2, 28), date(2026, 2, 28)) == (row["issue_date"], row["due_date"])
    assert date(2026, 3, 1) == invoice(INVOICE, ZoneInfo("UTC"))["issue_date"]
    assert datetime(2026, 3, 1, 5, 30, tzinfo=UTC) == row["created_at"]


def test_the_legal_date_wins_over_the_moment_of_finalizing():
    """`effective_at`, which a company may set, is the issue date; without either there is none."""
    later = MARCH_UTC + 10 * 86400
    assert date(2026, 3, 10) == invoice({**INVOICE, "effective_at": later}, ANGELES)["issue_date"]
    assert invoice({**INVOICE, "status_transitions": {"finalized_at": None}}, ANGELES)["issue_date"] is None


def test_a_line_keeps_its_parts_apart():
    """Discounts summed, taxes by behaviour, price and product, period in UTC, proration."""
    row = line(INVOICE["lines"]["data"][0])
    assert (1000, 100) == (row["amount_minor"], row["discount_minor"])
    assert (200, 10) == (row["tax_exclusive_minor"], row["tax_inclusive_minor"])
    assert ("price_1", "prod_1", "3", True) == tuple(
        row[k] for k in ("price_id", "product_id", "quantity", "proration")
    )
    assert "2026-03-01T05:30:00+00:00" == row["period_start"]


def test_an_invoice_of_zero_lines_is_known_as_one():
    """Only a zero total with nothing but zero lines bills nothing; a discount down to zero does not."""
    zero = {**INVOICE, "total": 0, "lines": {"data": [{"id": "il", "amount": 0}]}}
    discounted = {**INVOICE, "total": 0}
    assert invoice(zero, ANGELES)["zero_lines"] is True
    assert invoice(discounted, ANGELES)["zero_lines"] is False
    assert invoice({**zero, "lines": {"data": []}}, ANGELES)["zero_lines"] is True


@pytest.mark.parametrize("reference", ["cus_1", {"id": "cus_1", "object": "customer"}])
def test_references_may_be_expanded(reference):
    """A reference is an id, whether Stripe expanded it or not."""
    assert "cus_1" == invoice({**INVOICE, "customer": reference}, ANGELES)["customer_id"]


def test_a_charge_pays_what_was_captured():
    """Gross and captured, dated in the books' zone; refunds are kept beside, not taken off."""
    payload = {
        "id": "ch_1",
        "customer": "cus_1",
        "payment_intent": "pi_1",
        "currency": "jpy",
        "status": "succeeded",
        "amount": 900,
        "amount_captured": 800,
        "amount_refunded": 50,
        "captured": True,
        "created": MARCH_UTC,
    }
    row = charge(payload, ANGELES)
    assert (800, 50, date(2026, 2, 28), "succeeded") == (
        row["amount_minor"],
        row["refunded_minor"],
        row["payment_date"],
        row["status"],
    )
    assert "uncaptured" == charge({**payload, "captured": False, "amount_captured": 0}, ANGELES)["status"]
    assert "failed" == charge({**payload, "status": "failed", "captured": False}, ANGELES)["status"]


def test_an_invoice_payment_names_intent_or_charge():
    """Stripe names the PaymentIntent for most and the charge for some; an open one has paid nothing yet."""
    payload = {
        "id": "inpay_1",
        "invoice": "in_1",
        "payment": {"type": "payment_intent", "payment_intent": "pi_1"},
        "currency": "usd",
        "status": "paid",
        "amount_paid": 700,
        "created": MARCH_UTC,
    }
    row = invoice_payment(payload, ANGELES)
    assert ("in_1", "pi_1", None, 700) == tuple(
        row[key] for key in ("invoice_id", "payment_intent", "charge_id", "amount_minor")
    )
    charged = invoice_payment(
        {**payload, "payment": {"type": "charge", "charge": "ch_1"}, "amount_paid": None}, ANGELES
    )
    assert ("ch_1", None, None) == (charged["charge_id"], charged["payment_intent"], charged["amount_minor"])


def test_a_deleted_customer_is_only_an_id():
    """Stripe answers a deleted customer with its id; the row says deleted."""
    row = customer({"id": "cus_1", "object": "customer", "deleted": True}, ANGELES)
    assert (True, None, None) == (row["deleted"], row["name"], row["email"])


def test_what_identifies_a_person_is_dropped():
    """Card data, contact details and links that need no login are not kept; name, e-mail and money are."""
    payload = {
        "id": "ch_1",
        "amount": 5,
        "name": "Ann",
        "email": "ann@example.com",
        "shipping_cost": {"amount_subtotal": 1},
        "payment_method_details": {"card": {"last4": "4242"}},
        "billing_details": {"phone": "1"},
        "receipt_url": "https://example.com/r",
        "hosted_invoice_url": "https://example.com/i",
        "invoice_pdf": "https://example.com/p",
        "customer_email": "ann@example.com",
        "shipping": {"address": {}},
        "phone": "1",
    }
    assert {"id", "amount", "name", "email", "shipping_cost"} == set(redact(payload))
    assert "phone" in payload
