"""The schema of documents on their way out: one that fails is refused alone, before any request."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from o2c_orchestration.domain.documents import DOCUMENT_ORDER, Command, Plan
from o2c_orchestration.domain.outgoing import is_well_formed, row_of
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.deposit import ACCOUNTS, DOCUMENTS, FEES, Entry, Head, deposit_body, readable
from o2c_orchestration.plan.invoice import plan_invoice
from o2c_orchestration.plan.members import GROUPS
from o2c_orchestration.validate.outgoing import CODE, sound
from o2c_orchestration_tests.unit.test_plan_invoice import CUSTOMERS, ROW

POLICY = Policy()


def invoice(number: int = 1, **body: Any) -> Command:
    found = plan_invoice(POLICY, replace(ROW, id=f"in_{number}"), CUSTOMERS, {})
    assert isinstance(found, Command)
    return replace(found, body={**found.body, **body})


def line(command: Command, **more: Any) -> Command:
    """The command with another first line."""
    first, *rest = command.body["item"]["items"]
    return replace(command, body={**command.body, "item": {"items": [{**first, **more}, *rest]}})


def dated(command: Command, day: date) -> Command:
    return replace(command, effective_date=day, body={**command.body, "tranDate": day.isoformat()})


TOMORROW_BUT_A_YEAR = datetime.now(UTC).date() + timedelta(days=400)
BROKEN: dict[str, tuple[Callable[[Command], Command], str]] = {
    "sum": (lambda it: line(it, amount={"$minor": [999, "usd"]}), "its lines do not add up to its amount"),
    "no lines": (lambda it: replace(it, body={**it.body, "item": {"items": []}}), "do not add up"),
    "float": (lambda it: line(it, amount={"$minor": [1000.0, "usd"]}), "not an integer of minor units"),
    "text": (lambda it: replace(it, amount_minor="1000"), "amount_minor: not an integer"),  # type: ignore[arg-type]
    "rate": (lambda it: line(it, rate={"$minor": [10.5, "usd"]}), "an amount is no integer"),
    "currency": (lambda it: replace(it, currency="USD"), "not a three-letter lower-case code"),
    "other currency": (lambda it: line(it, rate={"$minor": [1000, "jpy"]}), "in another currency than the document"),
    "key": (lambda it: replace(it, external_id="cm-in_1"), "its external id is not one of a document of its type"),
    "document": (lambda it: replace(it, document="invoise"), "document is none of"),  # type: ignore[arg-type]
    "past": (lambda it: dated(it, date(1999, 1, 1)), "before 2000 or too far ahead"),
    "future": (lambda it: dated(it, TOMORROW_BUT_A_YEAR), "before 2000 or too far ahead"),
    "day": (lambda it: replace(it, body={**it.body, "tranDate": "2026-03-01"}), "its date is not that of the plan"),
    "field": (lambda it: replace(it, body={**it.body, "clas": "1"}), "it has a field that no definition has"),
    "field of a line": (lambda it: line(it, clas="1"), "it has a field that no definition has"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_document_that_is_not_sound_is_refused_alone(what: str):
    """With what is wrong with it in words; its neighbours are written."""
    broken, words = BROKEN[what]
    plan = sound(Plan((invoice(2), broken(invoice()), invoice(3))), POLICY)
    assert [each.external_id for each in plan.commands] == ["in_2", "in_3"]
    (refusal,) = plan.refusals
    assert (refusal.code, refusal.stripe_id) == (CODE, "in_1")
    assert words in refusal.reason


def test_what_is_sound_goes_out_as_it_is():
    """Also with fields that a mapping may set, and with those that the policy names for revenue."""
    command = line(invoice(**{"class": {"$class": "1"}, "custbody_region": "EU"}), custcol_from="2026-03-01")
    revenue = {"revenue": {"start_field": "revRecStartDate", "end_field": "revRecEndDate"}}
    plan = Plan((command, line(invoice(2), revRecStartDate="2026-03-01")))
    assert sound(plan, Policy.model_validate(revenue)) is plan
    assert sound(Plan(), POLICY) == Plan()


def test_a_field_stands_on_lines_of_a_sublist_that_has_it():
    """A line that takes money out of a deposit has no number: NetSuite would refuse the whole document."""
    lines = {"items": [{"refNum": "1", "department": {"id": "2"}}]}
    deposit = replace(invoice(), document="deposit", external_id="po_1", body={"other": lines, "cashback": lines})
    assert row_of(deposit)["unknown"] == ["cashback[].refNum"]


def test_of_two_documents_of_one_external_id_neither_goes_out():
    """NetSuite would take the second for the first, whatever the case of its letters; which is right nobody knows."""
    plan = sound(Plan((invoice(1), replace(invoice(), external_id="IN_1".replace("IN", "in") + "a"),
                       replace(invoice(), external_id="in_1A"))), POLICY)  # fmt: skip
    assert [each.external_id for each in plan.commands] == ["in_1"]
    assert ["another document has its external id"] * 2 == [each.reason for each in plan.refusals]


def test_what_leans_on_a_refused_document_is_refused_with_it():
    """It would wait in the journal for a document that nobody writes."""
    first, second, third, other = (invoice(number) for number in range(1, 5))
    second = replace(second, depends_on=("in_1",))
    third = replace(third, depends_on=("in_2",))
    plan = sound(Plan((third, second, replace(first, amount_minor=1), other)), POLICY)
    assert [each.external_id for each in plan.commands] == ["in_4"]
    reasons = {each.external_id: each.reason for each in plan.refusals}
    assert reasons["in_2"] == "it leans on in_1, which is refused"
    assert reasons["in_3"] == "it leans on in_2, which is refused"


def test_nobody_is_made_a_customer_for_a_document_that_is_refused():
    """Who is needed by another one is; a subsidiary or currency of somebody who is not needed is not, either."""
    ann, bob, carl = (replace(invoice(), document="customer", external_id=f"cus_{name}", body={}) for name in "abc")
    euros = replace(bob, document="customerCurrency", external_id="cc-1-eur", depends_on=("cus_b",))
    first, second, third = invoice(1), invoice(2), invoice(3)
    plan = Plan((
        ann, bob, carl, euros,
        replace(first, amount_minor=1, depends_on=("cus_a", "cc-1-eur")),
        replace(second, depends_on=("cus_a",)),
        third,
    ))  # fmt: skip
    found = sound(plan, POLICY)
    assert [each.external_id for each in found.commands] == ["cus_a", "cus_c", "in_2", "in_3"]
    assert [each.external_id for each in found.refusals] == ["in_1"]


@pytest.mark.parametrize("debit", [1000, 900])
def test_both_sides_of_a_journal_entry_are_the_same(debit: int):
    """Debits and credits of the return of a payout."""
    lines = [{"debit": {"$minor": [debit, "usd"]}}, {"credit": {"$minor": [1000, "usd"]}}]
    body = {"tranDate": "2026-02-28", "line": {"items": lines}}
    command = replace(invoice(), document="journalEntry", external_id="pf-po_1", body=body)
    assert bool(sound(Plan((command,)), POLICY).commands) is (debit == 1000)


def deposit(*entries: Entry) -> Command:
    """A deposit of these entries on the bank account of dollars."""
    head = Head("po_1", "Checking", "usd", date(2026, 2, 28), "Stripe: po_1")
    total = sum(entry.amount_minor for entry in entries)
    made = replace(invoice(), document="deposit", external_id="po_1", amount_minor=total, lines=readable(entries))
    return replace(made, body=deposit_body(head, entries))


PAID = Entry(DOCUMENTS, GROUPS[0], 1000, key="ch_1")
EUROS = replace(PAID, key="ch_2", converted=True)
FEE = Entry(FEES, "Stripe fees", -59, account="Stripe Fees")
BACK = Entry(ACCOUNTS, "reserve", 200, account="Reserves")


@pytest.mark.parametrize("entries", [(PAID, FEE), (PAID, EUROS, FEE, BACK), (EUROS, FEE), (FEE,), (FEE, BACK)])
def test_a_deposit_comes_to_what_its_lines_say(entries: tuple[Entry, ...]):
    """With documents and without, in the bank's favour and not, in its currency and converted."""
    assert sound(Plan((deposit(*entries),)), POLICY).refusals == ()


@pytest.mark.parametrize(
    ("entries", "sublist", "change"),
    [
        ((PAID, FEE), "cashback", {"amount": {"$minor": [58, "usd"]}}),
        ((PAID, FEE, BACK), "other", {"amount": {"$minor": [20000, "usd"]}}),
        ((PAID, FEE), "other", {"amount": {"$minor": [59, "usd"]}, "account": {"$account": "Stripe Fees"}}),
        ((FEE, BACK), "cashback", {"amount": {"$minor": [-59, "usd"]}}),
        ((EUROS, FEE), "payment", {"paymentAmount": {"$minor": [100, "usd"]}}),
        ((FEE, BACK), "cashback", None),
        ((EUROS, FEE), "cashback", None),
    ],
)
def test_a_deposit_whose_body_says_another_sum_than_its_plan_is_refused(
    entries: tuple[Entry, ...], sublist: str, change: dict[str, Any] | None
):
    """What NetSuite would be sent counts, not what people are shown: an amount, a side, a line that is missing."""
    made = deposit(*entries)
    first = (made.body.get(sublist) or {"items": [{}]})["items"][0]
    lines = [] if change is None else [{**first, **change}]
    broken = replace(made, body={**made.body, sublist: {"items": lines}})
    (refusal,) = sound(Plan((broken,)), POLICY).refusals
    assert (refusal.code, refusal.external_id) == (CODE, "po_1")


@pytest.mark.parametrize(
    ("document", "key"),
    [
        ("customer", "cus_1"), ("customer", "001Ux00000AbcDEFGH"), ("customerSubsidiaryRelationship", "cs-107-2"),
        ("customerCurrency", "cc-107-eur"), ("customerField", "cf-12-companyname"), ("invoice", "ri-dp_1"),
        ("invoice", "bi-cbtxn_1"), ("customerPayment", "py_1"), ("customerPayment", "rf-pyr_1"),
        ("customerPayment", "op-in_1"), ("creditMemo", "cm-du_1"), ("creditMemo", "ni-in_1"),
        ("customerRefund", "re_1"), ("deposit", "po_1-2"), ("deposit", "rc-txn_1"), ("journalEntry", "pf-po_1"),
        ("salesOrder", "006Ux00000AbcDEFGH"), ("stripeCustomer", "stripe:cus:001Ux00000AbcDEFGH"),
        ("stripeInvoiceLines", "stripe:invoice_lines:006Ux00000AbcDEFGH"),
        ("stripeCustomerField", "stripe:cf:12-name"),
    ],
)  # fmt: skip
def test_each_type_of_document_has_keys_of_its_own(document: str, key: str):
    """No other type takes them, and none with something before or behind it."""
    takes = {each for each in DOCUMENT_ORDER if is_well_formed(each, key)}
    assert document in takes
    assert takes == {document} or key.startswith("stripe:")
    assert not is_well_formed(document, f" {key}")
    assert not is_well_formed(document, f"{key}'")
