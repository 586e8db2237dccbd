"""Validated rows and the mirror: what points where, what is missing, what has to be looked at again."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from o2c_orchestration.store import ledger, rows
from o2c_orchestration.store.gate import StripeObject, admit, mark_absent
from o2c_orchestration_tests.integration_store.builders import (
    DAY,
    accept,
    ledger_customer,
    ledger_document,
    mirror,
)


def dirty(engine: Engine) -> set[str]:
    """The keys to reconcile anew, taken away."""
    with engine.begin() as connection:
        return set(connection.execute(text("DELETE FROM o2c.dirty RETURNING key")).scalars())


def document(engine: Engine, number: int) -> Any:
    with engine.connect() as connection:
        found = connection.execute(text("SELECT * FROM o2c.netsuite_documents WHERE id = :id"), {"id": number})
        return found.mappings().one()


def test_missing_references_are_found_by_type(engine):
    """Customers, invoices and charges that rows or the ledger point to, less those that Stripe does not have."""
    accept(engine, "invoices", {"id": "in_1", "customer_id": "cus_1"}, {"id": "in_2", "customer_id": "cus_2"})
    accept(engine, "payments", {"id": "ch_1", "customer_id": "cus_3"})
    accept(engine, "invoice_payments", {"id": "inpay_1", "invoice_id": "in_9", "charge_id": "py_9"})
    mirror(engine, [ledger_document(1, stripe_ref="in_7"), ledger_document(2, stripe_ref="in_8")])
    mark_absent(engine, ["in_8"], datetime.now(UTC))
    customer = {"id": "cus_1", "object": "customer", "created": 1_770_000_000}
    admit(engine, [StripeObject.of(customer, datetime.now(UTC))])
    assert {"customer": ["cus_2", "cus_3"], "invoice": ["in_7", "in_9"], "charge": ["py_9"]} == rows.missing_references(
        engine
    )


def test_payments_whose_invoice_is_not_known_are_found(engine):
    """Intents of succeeded charges without a paid invoice payment; failed charges and other days are left out."""
    accept(
        engine,
        "payments",
        {"id": "ch_1", "payment_intent": "pi_1"},
        {"id": "ch_2", "payment_intent": "pi_2"},
        {"id": "ch_3", "payment_intent": "pi_3", "status": "failed"},
        {"id": "ch_4"},
    )
    accept(engine, "invoice_payments", {"id": "a", "invoice_id": "in_1", "payment_intent": "pi_2"})
    assert ["pi_1"] == rows.payments_without_invoice_payment(engine, DAY, DAY)
    assert [] == rows.payments_without_invoice_payment(engine, DAY + timedelta(1), DAY + timedelta(1))


def test_what_the_ledger_holds_is_looked_up_whatever_its_day(engine):
    """A first run over a few days finds years of payments in NetSuite: each would be applied otherwise than in Stripe
    as long as nobody asked which invoice it paid."""
    accept(engine, "invoices", {"id": "in_1"})
    charges = [{"id": f"ch_{number}", "payment_intent": f"pi_{number}"} for number in range(1, 6)]
    accept(engine, "payments", *charges)
    accept(engine, "refunds", {"id": "re_3", "charge_id": "ch_3"})
    accept(engine, "disputes", {"id": "dp_4", "charge_id": "ch_4"})
    accept(engine, "invoice_payments", {"id": "a", "invoice_id": "in_1", "payment_intent": "pi_2"})
    booked = ("ch_1", "ch_2", "re_3", "dp_4")
    mirror(engine, [ledger_document(number, "customerPayment", stripe_ref=ref) for number, ref in enumerate(booked)])
    assert ["pi_1", "pi_3", "pi_4"] == rows.payments_without_invoice_payment(engine, date(2026, 1, 1), date(2026, 1, 2))
    mark_absent(engine, ["pi_1"], datetime.now(UTC) + timedelta(1))
    assert ["pi_3", "pi_4"] == rows.payments_without_invoice_payment(engine, date(2026, 1, 1), date(2026, 1, 2))


def test_invoices_that_payments_have_overtaken_are_stale(engine):
    """A paid invoice payment that the invoice does not show yet means: read the invoice again."""
    accept(engine, "invoices", {"id": "in_1"}, {"id": "in_2", "amount_paid_minor": 100})
    for key in ("in_1", "in_2"):
        accept(engine, "invoice_payments", {"id": f"inpay_{key}", "invoice_id": key, "payment_intent": "pi_1"})
    assert ["in_1"] == rows.stale_invoices(engine)


def test_totals_are_by_currency_and_day(engine):
    """Rows and money per currency of the window, exact beyond what a float holds."""
    big = 9_007_199_254_740_993
    accept(engine, "invoices", {"id": "in_1", "total_minor": big}, {"id": "in_2", "currency": "jpy", "total_minor": 5})
    assert [("jpy", 1, 5), ("usd", 1, big)] == rows.totals(engine, "invoices", "total_minor", DAY, DAY)
    assert [] == rows.totals(engine, "invoices", "total_minor", date(2020, 1, 1), date(2020, 1, 2))


def test_an_unchanged_document_is_left_alone(engine):
    """Reading the ledger again without a change dirties nothing."""
    mirror(engine, [ledger_document(1, stripe_ref="in_1")])
    assert {"in_1"} == dirty(engine)
    result = ledger.merge_documents(engine, ledger.Batch([ledger_document(1, stripe_ref="in_1")]))
    assert (1, 0, 0) == (result.read, result.changed, result.deleted)
    assert set() == dirty(engine)


def test_a_document_that_names_another_object_dirties_both(engine):
    """Correcting a wrong memo concerns the object named before and the one named now."""
    mirror(engine, [ledger_document(1, stripe_ref="in_1")])
    dirty(engine)
    mirror(engine, [ledger_document(1, stripe_ref="in_2")])
    assert {"in_1", "in_2"} == dirty(engine)


def test_an_older_read_of_the_ledger_does_not_win(engine):
    """Two reads that overlap end with the one that began last."""
    now = datetime.now(UTC)
    mirror(engine, [ledger_document(1, total_minor=200, read_at=now)])
    mirror(engine, [ledger_document(1, total_minor=100, read_at=now - timedelta(minutes=5))])
    assert 200 == document(engine, 1)["total_minor"]


def test_a_deleted_document_may_come_back(engine):
    """A document that a complete read missed is marked, and alive again when it is seen."""
    mirror(engine, [ledger_document(1)])
    mirror(engine, gone=[1])
    assert document(engine, 1)["deleted_at"] is not None
    assert set() == ledger.mirrored_ids(engine, DAY, DAY)
    mirror(engine, [ledger_document(1)])
    assert document(engine, 1)["deleted_at"] is None


def test_applications_are_those_of_the_newest_read(engine):
    """What a payment is no longer applied to is forgotten; both sides are looked at again."""
    pay = ledger_document(9, "customerPayment", stripe_ref="ch_1")
    mirror(engine, [ledger_document(1, stripe_ref="in_1"), ledger_document(2, stripe_ref="in_2"), pay], [(9, 1, 100)])
    dirty(engine)
    mirror(engine, [pay], [(9, 2, 60)])
    assert {"in_1", "in_2", "ch_1"} <= dirty(engine)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT invoice_id, amount_minor FROM o2c.netsuite_applications")).all()
    assert [(2, 60)] == [tuple(row) for row in found]


@pytest.mark.parametrize("field", ["tranid", "other_ref"])
def test_an_invoice_number_links_when_it_is_unique(engine, field):
    """A hand-made invoice that carries Stripe's invoice number is linked to it and keeps that link when read again."""
    accept(engine, "invoices", {"id": "in_1", "number": "A-1"}, {"id": "in_2", "number": "A-2"})
    mirror(engine, [ledger_document(1, **{field: "A-1"})])
    assert ("in_1", "number") == (document(engine, 1)["stripe_ref"], document(engine, 1)["linked_by"])
    mirror(engine, [ledger_document(1, **{field: "A-1"}, total_minor=70)])
    assert ("in_1", 70) == (document(engine, 1)["stripe_ref"], document(engine, 1)["total_minor"])


def test_an_invoice_number_that_two_invoices_share_links_nothing(engine):
    """Guessing which of two is meant is not done."""
    accept(engine, "invoices", {"id": "in_1", "number": "A-1"}, {"id": "in_2", "number": "A-1"})
    mirror(engine, [ledger_document(1, other_ref="A-1")])
    assert document(engine, 1)["stripe_ref"] is None


def test_the_same_number_links_no_payment(engine):
    """Numbers are looked for on invoices only."""
    accept(engine, "invoices", {"id": "in_1", "number": "A-1"})
    mirror(engine, [ledger_document(1, "customerPayment", other_ref="A-1")])
    assert document(engine, 1)["stripe_ref"] is None


def test_a_new_link_of_a_customer_dirties_its_documents(engine):
    """Invoices of the customer, documents under it, and its own refusal are looked at again; repeats are not."""
    accept(engine, "invoices", {"id": "in_1"})
    mirror(engine, [ledger_document(5, entity_id=1)])
    dirty(engine)
    ledger_customer(engine, 1, "cus_1")
    assert {"in_1", "ns:5", "cus_1"} == dirty(engine)
    ledger_customer(engine, 1, "cus_1")
    assert set() == dirty(engine)


def test_reference_data_are_replaced_as_a_whole(engine):
    """Names are found in any case; an internal id wins over an equal name; what is gone in NetSuite is gone here."""
    now = datetime.now(UTC)
    ledger.replace_reference(engine, "item", [("1", "Old"), ("7", "Stripe Item")], now)
    ledger.replace_reference(engine, "item", [("7", "Stripe Item"), ("8", "7")], now)
    found = ledger.reference(engine)
    assert "7" == found["item", "stripe item"]
    assert "7" == found["item", "7"]
    assert ("item", "old") not in found


def test_doubled_documents_are_named(engine):
    """Stripe ids that more than one living document names; voided ones do not count."""
    mirror(
        engine,
        [
            ledger_document(1, stripe_ref="in_1"),
            ledger_document(2, stripe_ref="in_1"),
            ledger_document(3, stripe_ref="in_2"),
            ledger_document(4, stripe_ref="in_2", voided=True),
        ],
    )
    assert ["in_1"] == ledger.doubled(engine, "invoice")
