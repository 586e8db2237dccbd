"""Stripe charge → NetSuite customer payment, applied as Stripe says, or refused."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from o2c_orchestration.domain.documents import ApplicationRow, Command, CustomerRow, KnownDocument, PaymentRow, Refusal
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.payment import plan_payment

MOMENT = datetime(2026, 3, 1, 5, 30, tzinfo=UTC)
CUSTOMERS = {"cus_1": CustomerRow("cus_1", "Ann", None, MOMENT)}
ROW = PaymentRow("ch_1", "cus_1", "usd", 1000, date(2026, 2, 28), MOMENT, (ApplicationRow("in_1", 1000),))


def plan(row, known=None, planned=("in_1", "in_2"), policy=Policy()):  # noqa: B008 - frozen values
    return plan_payment(policy, row, CUSTOMERS, known or {}, planned)


def test_a_plain_payment_becomes_a_command():
    """Gross amount, date in the books, applied to its invoice by hand and never by NetSuite's own guess."""
    command = plan(ROW)
    assert isinstance(command, Command)
    assert ("customerPayment", "ch_1", 1000, date(2026, 2, 28), date(2026, 3, 1)) == (
        command.document,
        command.external_id,
        command.amount_minor,
        command.effective_date,
        command.partition,
    )
    assert ("cus_1", "in_1") == command.depends_on
    assert {
        "externalId": "ch_1",
        "customer": {"$document": ["customer", "cus_1"]},
        "currency": {"$currency": "usd"},
        "tranDate": "2026-02-28",
        "payment": {"$minor": [1000, "usd"]},
        "autoApply": False,
        "memo": "Stripe: ch_1",
        "apply": {
            "items": [{"doc": {"$document": ["invoice", "in_1"]}, "apply": True, "amount": {"$minor": [1000, "usd"]}}]
        },
    } == command.body


def test_one_payment_may_pay_two_invoices():
    """Each invoice gets its part, and both must be there before the payment is."""
    command = plan(replace(ROW, applications=(ApplicationRow("in_1", 600), ApplicationRow("in_2", 400))))
    assert isinstance(command, Command)
    assert ("cus_1", "in_1", "in_2") == command.depends_on
    assert [600, 400] == [line.amount_minor for line in command.lines]


def test_a_payment_may_be_applied_in_part():
    """What is left of the payment stays unapplied."""
    command = plan(replace(ROW, applications=(ApplicationRow("in_1", 300),)))
    assert isinstance(command, Command)
    assert {"$minor": [1000, "usd"]} == command.body["payment"]
    assert {"$minor": [300, "usd"]} == command.body["apply"]["items"][0]["amount"]


@pytest.mark.parametrize(
    ("changes", "known", "planned", "code"),
    [
        ({"applications": ()}, {}, ["in_1"], "NO_INVOICE"),
        ({"customer_id": None}, {}, ["in_1"], "NO_CUSTOMER"),
        ({"customer_id": "cus_gone"}, {}, ["in_1"], "NO_CUSTOMER"),
        ({"applications": (ApplicationRow("in_1", 1001),)}, {}, ["in_1"], "OVER_APPLIED"),
        (
            {"applications": (ApplicationRow("in_1", 600), ApplicationRow("in_2", 401))},
            {},
            ["in_1", "in_2"],
            "OVER_APPLIED",
        ),
        ({}, {}, [], "INVOICE_MISSING"),
        ({}, {"in_1": KnownDocument("7", "eur", 1000, 1000)}, [], "DOES_NOT_FIT"),
        ({}, {"in_1": KnownDocument("7", "usd", 1000, 999)}, [], "DOES_NOT_FIT"),
    ],
)
def test_what_cannot_be_written_is_refused_with_a_reason_and_a_fix(changes, known, planned, code):
    """Nothing is clamped or guessed: what does not fit is somebody's mistake."""
    refusal = plan(replace(ROW, **changes), known, planned)
    assert isinstance(refusal, Refusal)
    assert code == refusal.code
    assert refusal.reason
    assert refusal.fix


@pytest.mark.parametrize(
    "document", [KnownDocument("7", "usd", 1000, 1000), KnownDocument("7"), KnownDocument("7", "usd", 5000, 5000)]
)
def test_an_invoice_that_netsuite_has_is_paid(document):
    """Exactly what is left, less than what is left, or an amount that is not known yet."""
    assert isinstance(plan(ROW, {"in_1": document}, []), Command)


def test_the_account_is_the_policys():
    """Without one NetSuite's own default, undeposited funds, is left to it."""
    command = plan(ROW, policy=Policy.model_validate({"netsuite": {"payment_account": "Checking"}}))
    assert isinstance(command, Command)
    assert {"$account": "Checking"} == command.body["account"]
