"""A command's body as NetSuite takes it."""

import json
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from o2c_orchestration.apply.body import OtherCurrency, UnresolvedReference, document_keys, of_its_currency, resolve
from o2c_orchestration.domain.documents import Command, CustomerRow, InvoiceRow, LineRow
from o2c_orchestration.domain.money import ONLY_CURRENCY
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.invoice import plan_invoice

REFERENCE = {
    ("item", "stripe item"): "11",
    ("item", "12"): "12",
    ("currency", "usd"): "1",
    ("subsidiary", "1"): "1",
    ("account", "checking"): "20",
    ("class", "services : onboarding"): "3",
    ("department", "5"): "5",
}


def test_every_placeholder_is_replaced():
    """Documents, items, currencies, subsidiaries and accounts become internal ids, amounts decimal numbers."""
    body = {
        "entity": {"$document": ["customer", "cus_1"]},
        "currency": {"$currency": "usd"},
        "subsidiary": {"$subsidiary": "1"},
        "account": {"$account": "Checking"},
        "item": {"items": [{"item": {"$item": "Stripe Item"}, "amount": {"$minor": [1050, "usd"]}}]},
        "memo": "as it is",
        "autoApply": False,
        "dueDate": None,
    }
    assert {
        "entity": {"id": "7"},
        "currency": {"id": "1"},
        "subsidiary": {"id": "1"},
        "account": {"id": "20"},
        "item": {"items": [{"item": {"id": "11"}, "amount": 10.5}]},
        "memo": "as it is",
        "autoApply": False,
        "dueDate": None,
    } == resolve(body, {"cus_1": 7}, REFERENCE)


DEPOSIT = Command(
    document="deposit", external_id="po_1", stripe_id="po_1", customer_id=None, currency="usd", amount_minor=1,
    effective_date=date(2026, 2, 28), partition=date(2026, 2, 28), why="", body={"account": {"$account": "Checking"}},
)  # fmt: skip


@pytest.mark.parametrize(
    ("document", "kept_in", "own", "sound"),
    [
        ("deposit", {"20": "1"}, "1", True),
        ("deposit", {"20": "2"}, "1", False),
        ("deposit", {"21": "2"}, "1", True),
        ("deposit", {"20": "2"}, ONLY_CURRENCY, True),
        ("deposit", {"20": "2"}, None, True),
        ("customerPayment", {"20": "2"}, "1", True),
    ],
)
def test_a_deposit_is_on_an_account_of_its_payouts_currency(document, kept_in, own, sound):
    """Where NetSuite tells in which one it keeps the account, and has several."""
    command = replace(DEPOSIT, document=document)
    body = resolve(command.body, {}, REFERENCE)
    with nullcontext() if sound else pytest.raises(OtherCurrency, match="'Checking' in USD"):
        of_its_currency(command, body, kept_in, own)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (1, "usd", "0.01"),
        (-110, "usd", "-1.1"),
        (29, "usd", "0.29"),
        (123456789012345, "usd", "1234567890123.45"),
        (500, "jpy", "500.0"),
        (1001, "kwd", "1.001"),
        (0, "usd", "0.0"),
    ],
)
def test_amounts_print_exactly(minor, currency, text):
    """The JSON text of an amount is the exact decimal, whatever a float does in between."""
    assert text == json.dumps(resolve({"$minor": [minor, currency]}, {}, {}))


@pytest.mark.parametrize(
    ("body", "kind", "name", "advice"),
    [
        ({"$document": ["invoice", "in_9"]}, "invoice", "in_9", "in_9"),
        ({"$item": "Gone"}, "item", "Gone", "o2c.yaml"),
        ({"$currency": "xof"}, "currency", "xof", "XOF"),
        ({"$account": "Nowhere"}, "account", "Nowhere", "o2c.yaml"),
        ({"id": {"$key": "ch_9"}}, "document", "ch_9", "settle the gap of ch_9"),
    ],
)
def test_what_netsuite_lacks_is_named_with_a_fix(body, kind, name, advice):
    """A reference that cannot be resolved says which, and what a person does about it."""
    with pytest.raises(UnresolvedReference) as caught:
        resolve({"deep": [{"down": body}]}, {}, REFERENCE)
    assert (kind, name) == (caught.value.kind, caught.value.name)
    assert advice in caught.value.fix


def test_names_are_found_in_any_case_and_by_id():
    """`Stripe Item`, `STRIPE ITEM` and the internal id all work in o2c.yaml."""
    for name, found in (("STRIPE ITEM", "11"), ("12", "12")):
        assert {"id": found} == resolve({"$item": name}, {}, REFERENCE)


def test_a_deposits_line_names_its_document_by_the_plain_id():
    """`{"$key": …}` becomes the internal id itself, as a number, where `$document` becomes a reference."""
    body = {"payment": {"items": [{"id": {"$key": "ch_1"}, "deposit": True}]}}
    assert {"payment": {"items": [{"id": 7, "deposit": True}]}} == resolve(body, {"ch_1": 7}, {})
    assert {"ch_1", "re_1"} == document_keys({**body, "other": [{"id": {"$key": "re_1"}}]})


def test_document_keys_are_all_the_documents_a_body_leans_on():
    """Found at any depth, each once."""
    body = {
        "customer": {"$document": ["customer", "cus_1"]},
        "apply": {"items": [{"doc": {"$document": ["invoice", key]}} for key in ("in_1", "in_2", "in_1")]},
    }
    assert {"cus_1", "in_1", "in_2"} == document_keys(body)
    assert set() == document_keys({"memo": "none"})


def test_what_the_planner_makes_can_be_resolved():
    """A planned invoice leaves no placeholder behind, and its command is left as it was."""
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    line = (LineRow("il_1", "Seats", 1050),)
    row = InvoiceRow("in_1", "cus_1", "A-1", "usd", "open", 1050, 0, 1050, date(2026, 3, 1), None, moment, line)
    command = plan_invoice(Policy(), row, {"cus_1": CustomerRow("cus_1", "Ann", None, moment)}, {})
    assert isinstance(command, Command)
    before = command.digest
    assert "$" not in json.dumps(resolve(command.body, {"cus_1": 7}, REFERENCE))
    assert before == command.digest
    assert set(command.depends_on) == document_keys(command.body)


def test_classes_departments_and_locations_are_found_by_name_or_id():
    """As the mapping names them; one that is not there is told with what to do."""
    body = {"class": {"$class": "Services : Onboarding"}, "department": {"$department": "5"}}
    assert {"class": {"id": "3"}, "department": {"id": "5"}} == resolve(body, {}, REFERENCE)
    with pytest.raises(UnresolvedReference, match="NetSuite has no location 'Berlin'") as caught:
        resolve({"location": {"$location": "Berlin"}}, {}, REFERENCE)
    assert "o2c.yaml" in caught.value.fix


def test_an_account_of_one_currency_has_no_field_for_it():
    """The currency is left out at any depth, and a document in another one is refused all the same."""
    only = {**REFERENCE, ("currency", "usd"): ONLY_CURRENCY}
    body = {
        "currency": {"$currency": "usd"},
        "memo": "x",
        "line": {"items": [{"currency": {"$currency": "usd"}, "n": 1}]},
    }
    assert {"memo": "x", "line": {"items": [{"n": 1}]}} == resolve(body, {}, only)
    with pytest.raises(UnresolvedReference, match="NetSuite has no currency 'eur'"):
        resolve({"currency": {"$currency": "eur"}}, {}, only)
