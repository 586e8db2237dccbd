"""Stripe charge → NetSuite customer payment, applied as Stripe says, or refused."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from o2c_orchestration.domain.directives import NamedInvoice
from o2c_orchestration.domain.documents import ApplicationRow, Command, CustomerRow, KnownDocument, PaymentRow, Refusal
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.outcome import Skip
from o2c_orchestration.plan.payment import plan_payment, plan_settled

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


WITHOUT_INVOICE = replace(ROW, applications=())


def test_a_charge_without_invoice_is_to_the_customers_credit():
    """Once Stripe was asked: an unapplied payment of the gross amount."""
    command = plan(WITHOUT_INVOICE)
    assert isinstance(command, Command)
    assert ("ch_1", 1000, ("cus_1",)) == (command.external_id, command.amount_minor, command.depends_on)
    assert "apply" not in command.body
    assert [("not applied: it pays no invoice", 1000)] == [(line.text, line.amount_minor) for line in command.lines]


@pytest.mark.parametrize("uninvoiced", ["unapplied", "deposit", "refuse", "sale"])
def test_a_charge_waits_until_stripe_was_asked_for_its_invoice(uninvoiced):
    """What pays no invoice as far as we know may pay one: neither written nor refused."""
    policy = Policy.model_validate({"reversals": {"uninvoiced": uninvoiced}})
    assert isinstance(plan(replace(WITHOUT_INVOICE, looked_up=False), policy=policy), Skip)


def test_policy_may_refuse_charges_without_invoice():
    """`uninvoiced: refuse` hands them to a person; those with an invoice are written."""
    policy = Policy.model_validate({"reversals": {"uninvoiced": "refuse"}})
    refusal = plan(WITHOUT_INVOICE, policy=policy)
    assert isinstance(refusal, Refusal)
    assert ("NO_INVOICE", 1000) == (refusal.code, refusal.amount_minor)
    assert isinstance(plan(ROW, policy=policy), Command)


def test_a_write_off_is_passed_by_where_the_invoice_has_room():
    """Only what no longer fits on the written-off invoice goes to the one that restores it."""
    memo = {"cm-in_1": KnownDocument("8", "usd", 1000, 0)}
    full = plan(ROW, {"in_1": KnownDocument("7", "usd", 1000, 1000), **memo}, ["ri-in_1"])
    assert ("cus_1", "in_1") == full.depends_on
    late = plan(ROW, {"in_1": KnownDocument("7", "usd", 1000, 0), **memo}, ["ri-in_1"])
    assert ("cus_1", "ri-in_1") == late.depends_on
    missing = plan(ROW, {"in_1": KnownDocument("7", "usd", 1000, 0), **memo}, [])
    assert isinstance(missing, Refusal)
    assert "INVOICE_MISSING" == missing.code


def test_a_charge_without_an_invoice_may_be_a_customer_deposit():
    """Another record under the same key, on the same account; with an invoice it is a payment all the same."""
    policy = Policy.model_validate(
        {"reversals": {"uninvoiced": "deposit"}, "netsuite": {"payment_account": "Checking"}}
    )
    command = plan(WITHOUT_INVOICE, policy=policy)
    assert isinstance(command, Command)
    assert (command.document, command.record, command.external_id) == ("customerPayment", "customerDeposit", "ch_1")
    assert {"apply", "autoApply"}.isdisjoint(command.body)
    assert (command.body["payment"], command.body["account"]) == ({"$minor": [1000, "usd"]}, {"$account": "Checking"})
    assert [("a customer deposit: it pays no invoice", 1000)] == [
        (line.text, line.amount_minor) for line in command.lines
    ]
    paid = plan(ROW, policy=policy)
    assert isinstance(paid, Command)
    assert (paid.record, paid.body["autoApply"]) == ("customerPayment", False)


FITTING = NamedInvoice("77", "77", "invoice", None, "usd", 1000)


@pytest.mark.parametrize("uninvoiced", ["unapplied", "deposit", "sale", "refuse"])
def test_a_charge_pays_the_invoice_that_its_metadata_names(uninvoiced):
    """Whatever is decided of charges without an invoice: this one has one, though not in Stripe."""
    policy = Policy.model_validate({"reversals": {"uninvoiced": uninvoiced}})
    row = replace(WITHOUT_INVOICE, named=FITTING)
    command = plan(row, policy=policy)
    assert isinstance(command, Command)
    assert command.body["apply"] == {
        "items": [{"doc": {"id": "77"}, "apply": True, "amount": {"$minor": [1000, "usd"]}}]
    }
    assert (command.record, command.body["autoApply"]) == ("customerPayment", False)
    assert plan_settled(policy, row, command, {}) == []
    assert isinstance(plan(replace(row, looked_up=False), policy=policy), Skip)


@pytest.mark.parametrize(
    "wrong",
    [
        {"netsuite_id": None},
        {"found": None},
        {"found": "creditMemo"},
        {"stands_for": "in_9"},
        {"customer_fits": False},
        {"currency": "eur"},
        {"remaining_minor": 999},
    ],
)
def test_a_named_invoice_that_does_not_fit_is_refused(wrong):
    """By name, and nothing is paid in part."""
    refusal = plan(replace(WITHOUT_INVOICE, named=replace(FITTING, **wrong)))
    assert isinstance(refusal, Refusal)
    assert ("INVOICE_NAMED", 1000) == (refusal.code, refusal.amount_minor)
    assert "metadata of ch_1 names NetSuite invoice '77'" in refusal.reason
    assert "netsuite_invoice_id of ch_1" in refusal.fix


SALE = Policy.model_validate({"reversals": {"uninvoiced": "sale"}})


def test_a_charge_without_an_invoice_may_be_a_sale():
    """One line on the default item, on the payment's day, which pays it in full."""
    row = replace(ROW, applications=())
    payment = plan(row, policy=SALE)
    assert isinstance(payment, Command)
    [sale] = plan_settled(SALE, row, payment, {})
    assert (sale.document, sale.external_id, sale.stripe_id, sale.amount_minor) == ("invoice", "si-ch_1", "ch_1", 1000)
    assert (sale.effective_date, sale.customer_id) == (row.payment_date, "cus_1")
    assert [line["item"]["$item"] for line in sale.body["item"]["items"]] == ["Stripe Item"]
    assert [("applied to si-ch_1", 1000)] == [(line.text, line.amount_minor) for line in payment.lines]
    assert "si-ch_1" in payment.depends_on
    assert plan_settled(SALE, row, payment, {"si-ch_1": KnownDocument("7", "usd", 1000, 1000)}) == []


def test_a_sale_comes_only_with_its_payment_and_only_where_there_is_no_invoice():
    """A payment that cannot be written sells nothing; what Stripe billed is billed already."""
    nobody = replace(ROW, applications=(), customer_id=None)
    refused = plan(nobody, policy=SALE)
    assert isinstance(refused, Refusal)
    assert plan_settled(SALE, nobody, refused, {}) == []
    billed = plan(ROW, policy=SALE)
    assert plan_settled(SALE, ROW, billed, {}) == []
    part = replace(ROW, applications=(ApplicationRow("in_1", 300),))
    assert plan_settled(SALE, part, plan(part, policy=SALE), {}) == []


def test_a_sale_needs_an_item():
    """What is not mapped is refused by name, before anything is sent."""
    unmapped = Policy.model_validate({"reversals": {"uninvoiced": "sale"}, "items": {"default": None}})
    refused = plan(replace(ROW, applications=()), policy=unmapped)
    assert isinstance(refused, Refusal)
    assert (refused.code, refused.fix) == ("ITEM_UNMAPPED", "set items.default in o2c.yaml")
