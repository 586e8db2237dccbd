"""Currencies that a NetSuite customer lacks: added before documents that need them, or left to NetSuite's refusal."""

from dataclasses import replace
from datetime import timedelta

from o2c_orchestration.domain.documents import Command, InvoiceRow, KnownDocument, Plan, Rows
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan, together
from o2c_orchestration.plan.currencies import in_question
from o2c_orchestration_tests.unit.test_plan_metadata import DAY, INVOICE, MOMENT, ROWS

ADD = Policy.model_validate({"customers": {"currencies": "add"}})
EUROS = {"cus_1": KnownDocument("107", currencies=frozenset({"eur"}))}
KEY = "cc-107-usd"


def plan(rows: Rows = ROWS, known: dict[str, KnownDocument] = EUROS, policy: Policy = ADD) -> Plan:
    return make_plan(policy, rows, known)


def additions(found: Plan) -> list[Command]:
    return [item for item in found.commands if item.document == "customerCurrency"]


def test_a_missing_currency_is_added_once_before_every_document_that_needs_it():
    """One command, with one line and nothing else of the customer; all his documents wait for it."""
    found = plan()
    [added] = additions(found)
    assert found.commands[0] is added
    assert (added.external_id, added.stripe_id, added.currency, added.amount_minor) == (KEY, "cus_1", "usd", 0)
    assert added.body == {"customer": {"id": "107"}, "currencyList": {"items": [{"currency": {"$currency": "usd"}}]}}
    personal = [item for item in found.commands if item.document not in ("customerCurrency", "deposit")]
    assert len(personal) == 7
    assert all(KEY in item.depends_on for item in personal)


def test_nothing_is_added_where_it_is_not_known_to_lack():
    """He has it, nobody asked, he is about to be made with it, or policy does not let us."""
    held = {"cus_1": KnownDocument("107", currencies=frozenset({"eur", "usd"}))}
    for found in (plan(known=held), plan(known={"cus_1": KnownDocument("107")}), plan(known={}), plan(policy=Policy())):
        assert additions(found) == []
        assert {key for item in found.commands for key in item.depends_on if key.startswith("cc-")} == set()


def test_the_common_customer_gets_it_too():
    """Documents are booked under him, so he is the one who needs it; other customers are left alone."""
    policy = Policy.model_validate({"customers": {"mode": "global", "global": "Everybody", "currencies": "add"}})
    known = {"global:Everybody": KnownDocument("9", currencies=frozenset({"eur"}))}
    assert [item.external_id for item in additions(plan(known=known, policy=policy))] == ["cc-9-usd"]


def test_it_is_of_the_first_day_that_needs_it_in_whatever_order():
    """The order of rows changes nothing, and the plan of that day brings it."""
    earlier = replace(INVOICE, id="in_0", created_at=MOMENT - timedelta(days=3), issue_date=DAY - timedelta(days=3))
    orders: list[tuple[InvoiceRow, ...]] = [(INVOICE, earlier), (earlier, INVOICE)]
    [first, second] = [additions(plan(Rows(invoices=order))) for order in orders]
    assert first == second
    assert (first[0].partition, first[0].effective_date) == (earlier.created_at.date(), DAY - timedelta(days=3))


def test_two_entities_that_share_a_customer_add_it_once():
    """Nothing clashes where both plans need the same."""
    one = plan()
    both = together([one, plan(Rows(invoices=(replace(INVOICE, id="in_2"),)))])
    assert [item.external_id for item in additions(both)] == [KEY]
    assert both.refusals == ()


def test_in_question_is_what_is_not_known_to_be_there():
    """A customer never asked about, and one who lacked it when he was: NetSuite is asked before anything is added."""
    known = {"cus_1": KnownDocument("107"), "cus_2": KnownDocument("108", currencies=frozenset({"usd"}))}
    rows = Rows(invoices=(INVOICE, replace(INVOICE, id="in_2", customer_id="cus_2")))
    commands = make_plan(ADD, rows, known).commands
    assert in_question(ADD, known, commands) == {("107", "usd")}
    assert in_question(ADD, EUROS, plan().commands) == {("107", "usd")}
    assert in_question(ADD, {}, plan(known={}).commands) == set()
