"""Stripe customer → NetSuite customer, and the plan as a whole."""

from datetime import UTC, date, datetime

import pytest

from o2c_orchestration.domain.documents import (
    ApplicationRow,
    CustomerRow,
    InvoiceRow,
    KnownDocument,
    LineRow,
    PaymentRow,
    Rows,
)
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan
from o2c_orchestration.plan.customer import plan_customer

MOMENT = datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
ANN = CustomerRow("cus_1", "Ann", "ann@example.com", MOMENT, ("usd",))


def invoice(stripe_id="in_1", customer="cus_1", amount=1000):
    lines = (LineRow("il_1", "Seats", amount),)
    day = date(2026, 2, 28)
    return InvoiceRow(stripe_id, customer, None, "usd", "open", amount, 0, amount, day, None, MOMENT, lines)


def payment(stripe_id="ch_1", pays="in_1", amount=1000):
    return PaymentRow(stripe_id, "cus_1", "usd", amount, date(2026, 3, 1), MOMENT, (ApplicationRow(pays, amount),))


def test_a_company_with_its_e_mail_address():
    """Name, e-mail, currency, subsidiary and a note that says where it comes from."""
    command = plan_customer(Policy(), ANN)
    assert {
        "externalId": "cus_1",
        "isPerson": False,
        "companyName": "Ann",
        "currency": {"$currency": "usd"},
        "comments": "Stripe: cus_1",
        "email": "ann@example.com",
        "subsidiary": {"$subsidiary": "1"},
    } == command.body
    assert date(2026, 2, 28) == command.effective_date
    assert 0 == command.amount_minor


@pytest.mark.parametrize(
    ("name", "email", "expected"),
    [(None, "a@example.com", "a@example.com"), (None, None, "cus_1"), ("", "", "cus_1"), ("x" * 200, None, "x" * 83)],
)
def test_the_name_falls_back_and_fits(name, email, expected):
    """A customer without a name has its e-mail address or id for one; 83 characters are NetSuite's limit."""
    assert expected == plan_customer(Policy(), CustomerRow("cus_1", name, email, MOMENT)).body["companyName"]


def test_a_customer_has_a_name_even_when_stripe_has_blanks():
    """Blanks are no name: NetSuite refuses an empty company name."""
    command = plan_customer(Policy(), CustomerRow("cus_1", "   ", None, MOMENT))
    assert "cus_1" == command.body["companyName"]


def test_all_currencies_of_its_invoices_are_put_on_it():
    """NetSuite refuses a document in a currency that the customer does not have."""
    command = plan_customer(Policy(), CustomerRow("cus_1", "Ann", None, MOMENT, ("eur", "jpy")))
    assert {"$currency": "eur"} == command.body["currency"]
    assert [{"currency": {"$currency": code}} for code in ("eur", "jpy")] == command.body["currencyList"]["items"]


def planned(customers, invoices, payments, known, elsewhere=frozenset()):
    """The plan of these rows under the default policy."""
    return make_plan(Policy(), Rows(tuple(customers), tuple(invoices), tuple(payments)), known, elsewhere)


def test_only_customers_with_something_to_write_are_planned():
    """A customer whose only invoice is refused, and one without any, stay out of the ledger."""
    idle = CustomerRow("cus_2", "Bob", None, MOMENT)
    blocked = CustomerRow("cus_3", "Cy", None, MOMENT)
    refused = InvoiceRow("in_3", "cus_3", None, "usd", "open", 5, 0, 5, None, None, MOMENT)
    plan = planned([ANN, idle, blocked], [invoice(), refused], [], {})
    assert ["cus_1", "in_1"] == [command.external_id for command in plan.commands]
    assert ["in_3"] == [refusal.external_id for refusal in plan.refusals]


def test_documents_come_in_the_order_they_are_written():
    """Customers, invoices, payments."""
    plan = planned([ANN], [invoice()], [payment()], {})
    assert ["customer", "invoice", "customerPayment"] == [command.document for command in plan.commands]


def test_what_exists_is_not_planned():
    """Known documents leave the plan; a payment of a known invoice is still planned."""
    known = {"cus_1": KnownDocument("1"), "in_1": KnownDocument("2", "usd", 1000, 1000)}
    plan = planned([], [invoice()], [payment()], known)
    assert ["ch_1"] == [command.external_id for command in plan.commands]
    assert () == planned([], [invoice()], [payment()], known | {"ch_1": KnownDocument("3")}).commands


def test_a_payment_of_a_refused_invoice_waits():
    """The payment is refused with the invoice's id, since its gap explains both."""
    refused = InvoiceRow("in_1", "cus_1", None, "usd", "open", 5, 0, 5, None, None, MOMENT)
    plan = planned([ANN], [refused], [payment()], {})
    assert {"in_1": "NO_ISSUE_DATE", "ch_1": "INVOICE_MISSING"} == {r.stripe_id: r.code for r in plan.refusals}
    assert () == plan.commands


def test_a_payment_of_an_invoice_of_another_batch_is_planned():
    """`elsewhere` holds the invoices that another plan is about to write."""
    plan = planned([ANN], [], [payment()], {}, {"in_1"})
    assert ["cus_1", "ch_1"] == [command.external_id for command in plan.commands]


def test_ids_that_differ_in_case_only_are_both_refused():
    """NetSuite would take the two for one and mix their money: neither is written, each says why."""
    rows = [invoice("in_Ab"), invoice("in_aB"), invoice("in_c")]
    plan = planned([ANN], rows, [], {})
    assert ["cus_1", "in_c"] == [command.external_id for command in plan.commands]
    assert [("in_Ab", "EXTERNAL_ID_CASE"), ("in_aB", "EXTERNAL_ID_CASE")] == [
        (refusal.external_id, refusal.code) for refusal in plan.refusals
    ]


def test_an_id_that_differs_in_case_from_a_known_document_is_refused():
    """The clash with a document that is already in the ledger is as bad as one within the plan."""
    known = {"in_aB": KnownDocument("7", "usd", 1000, 1000), "cus_1": KnownDocument("1")}
    plan = planned([], [invoice("in_Ab")], [], known)
    assert ["EXTERNAL_ID_CASE"] == [refusal.code for refusal in plan.refusals]
    assert () == plan.commands


def test_a_payment_of_an_invoice_refused_for_its_case_is_refused_too():
    """Its invoice is not written, so the payment must not lean on it."""
    plan = planned([ANN], [invoice("in_Ab"), invoice("in_aB")], [payment(pays="in_Ab")], {})
    assert "INVOICE_MISSING" in {refusal.code for refusal in plan.refusals if refusal.stripe_id == "ch_1"}
    assert not [command for command in plan.commands if command.document != "customer"]


def test_what_policy_leaves_out_is_told():
    """An invoice that bills nothing is in `skipped` with its reason."""
    free = InvoiceRow("in_0", "cus_1", None, "usd", "paid", 0, 0, 0, date(2026, 3, 1), None, MOMENT)
    plan = planned([ANN], [free], [], {})
    assert {"in_0"} == set(plan.skipped)
    assert () == plan.commands
