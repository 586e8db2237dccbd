"""What the planner reads from the store and how its plan is kept."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from o2c_orchestration.domain.documents import Command, Plan
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan
from o2c_orchestration.store import journal, planning
from o2c_orchestration.store.plan_rows import plan_input
from o2c_orchestration_tests.integration_store.builders import (
    DAY,
    accept,
    command,
    journal_id,
    ledger_customer,
    ledger_document,
    mirror,
    refusal,
)

LINES = (
    '[{"id": "il_1", "description": "Seats", "amount_minor": 100, "discount_minor": 0, "tax_exclusive_minor": 0, '
    '"tax_inclusive_minor": 0, "quantity": "1", "price_id": null, "product_id": null, '
    '"period_start": "2026-02-01T00:00:00+00:00", "period_end": null, "proration": false}]'
)
JANUARY = datetime(2026, 1, 5, tzinfo=UTC)


def sold(engine: Engine, customer_created: datetime = datetime(2026, 2, 15, tzinfo=UTC)) -> None:
    """A customer with one paid invoice of DAY."""
    accept(engine, "customers", {"id": "cus_1", "created_at": customer_created})
    accept(engine, "invoices", {"id": "in_1", "lines": LINES, "status": "paid"})
    accept(engine, "payments", {"id": "ch_1", "payment_intent": "pi_1"})
    accept(engine, "invoice_payments", {"id": "inpay_1", "invoice_id": "in_1", "payment_intent": "pi_1"})


def plan(engine: Engine, first: date = DAY, last: date = DAY) -> Plan:
    given = plan_input(engine, first, last, "Suspense")
    made = make_plan(Policy(), given.rows, given.known, given.planned, given.refused)
    planning.save_plan(engine, made, first, last)
    return made


def write(engine: Engine, *keys: str) -> None:
    """Pretend that these planned documents were written."""
    journal.intend(engine, planning.read_plan(engine).commands)
    for number, key in enumerate(keys):
        claim = journal.claim(engine, journal_id(engine, key), 60)
        assert claim is not None
        assert journal.record_done(engine, claim, 100 + number, adopted=False)


def keys(made: Plan) -> list[str]:
    return [item.external_id for item in made.commands]


def test_rows_become_a_plan(engine):
    """Customer, invoice and payment of a day, with lines, periods and applications as they were stored."""
    sold(engine)
    rows = plan_input(engine, DAY, DAY, "Suspense").rows
    assert ("in_1", "ch_1", "cus_1") == (rows.invoices[0].id, rows.payments[0].id, rows.customers[0].id)
    assert datetime(2026, 2, 1, tzinfo=UTC) == rows.invoices[0].lines[0].period_start
    assert [("in_1", 100)] == [(part.invoice_id, part.amount_minor) for part in rows.payments[0].applications]
    assert ("usd",) == rows.customers[0].currencies
    assert ["cus_1", "in_1", "ch_1"] == keys(plan(engine))


def test_the_kept_plan_is_the_plan(engine):
    """What is read back is what was made, commands and refusals alike, order and digest included."""
    sold(engine)
    accept(engine, "invoices", {"id": "in_2", "lines": "[]"})
    made = plan(engine)
    kept = planning.read_plan(engine, DAY, DAY)
    assert made.commands == kept.commands
    assert made.refusals == kept.refusals
    assert [item.digest for item in made.commands] == [item.digest for item in kept.commands]


def test_the_plan_one_by_one_is_the_plan(engine):
    """Whatever they are called: in the order of writing, then of days and ids, capitals before small letters."""
    several = [command("invoice", key) for key in ("in_b", "in_C", "in_a9", "in_a-1", "in_a_2")]
    older = replace(command("invoice", "in_z"), partition=DAY - timedelta(1))
    refused = [refusal("invoice", "in_r"), refusal("customer", "cus_R"), refusal("invoice", "in_Q")]
    planning.save_plan(engine, Plan((*several, older, command("customer", "cus_9")), tuple(refused)), EARLY, DAY)
    kept = planning.read_plan(engine)
    assert len(kept.refusals) == 3
    assert tuple(planning.each_planned(engine)) == kept.commands
    assert tuple(planning.each_refusal(engine)) == kept.refusals


def test_days_before_and_after_are_left_out(engine):
    """A plan is for the UTC days of its window, both ends included."""
    for number, moment in enumerate(
        ["2026-02-14T23:59:59", "2026-02-15T00:00:00", "2026-02-15T23:59:59", "2026-02-16T00:00:00"]
    ):
        accept(engine, "invoices", {"id": f"in_{number}", "created_at": datetime.fromisoformat(moment + "+00:00")})
    assert ["in_1", "in_2"] == [row.id for row in plan_input(engine, DAY, DAY, "Suspense").rows.invoices]


def test_drafts_voids_and_failed_charges_are_not_planned(engine):
    """Only finalized invoices and succeeded charges become documents."""
    for number, status in enumerate(["draft", "void", "open", "paid", "uncollectible"]):
        accept(engine, "invoices", {"id": f"in_{number}", "status": status})
    for number, status in enumerate(["failed", "pending", "uncaptured", "succeeded"]):
        accept(engine, "payments", {"id": f"ch_{number}", "status": status})
    rows = plan_input(engine, DAY, DAY, "Suspense").rows
    assert ["in_2", "in_3", "in_4"] == [row.id for row in rows.invoices]
    assert ["ch_3"] == [row.id for row in rows.payments]


def test_after_writing_the_plan_is_empty(engine):
    """Documents that the journal wrote are known, before the mirror has seen them."""
    sold(engine)
    plan(engine)
    write(engine, "cus_1", "in_1", "ch_1")
    assert Plan() == plan(engine)
    assert ((), ()) == (planning.read_plan(engine).commands, planning.read_plan(engine).refusals)


def test_documents_that_netsuite_holds_are_adopted(engine):
    """Whoever wrote them: what carries the Stripe id is known, by its own or the customer's external id."""
    sold(engine)
    ledger_customer(engine, 1, "cus_1")
    mirror(engine, [ledger_document(5, stripe_ref="in_1", external_id="in_1")])
    given = plan_input(engine, DAY, DAY, "Suspense")
    assert ((), {"cus_1", "in_1"}) == (given.rows.invoices, set(given.known))
    assert ("usd", 100, 100) == (
        given.known["in_1"].currency,
        given.known["in_1"].total_minor,
        given.known["in_1"].remaining_minor,
    )
    assert ["ch_1"] == keys(plan(engine))


def test_a_document_that_was_deleted_by_hand_is_no_document(engine):
    """A deleted mirror document that we did not write is planned again."""
    sold(engine)
    mirror(engine, [ledger_document(5, stripe_ref="in_1")])
    mirror(engine, gone=[5])
    assert "in_1" in keys(plan(engine))


def test_a_payment_may_lean_on_an_invoice_of_another_day(engine):
    """The invoice that another day's plan writes is there in time."""
    sold(engine)
    day_after = DAY + timedelta(1)
    accept(
        engine, "payments", {"id": "ch_1", "payment_intent": "pi_1", "created_at": datetime(2026, 2, 16, tzinfo=UTC)}
    )
    plan(engine, DAY, DAY)
    assert "ch_1" in keys(plan(engine, day_after, day_after))


def test_a_new_plan_replaces_that_of_its_days(engine):
    """What is no longer called for is gone from the window's plan; other days keep theirs."""
    planning.save_plan(engine, Plan((command("invoice", "in_1"),), (refusal("invoice", "in_2"),)), DAY, DAY)
    planning.save_plan(engine, Plan((command("invoice", "in_3"),)), DAY, DAY)
    assert ["in_3"] == keys(planning.read_plan(engine))
    planning.save_plan(engine, Plan(), DAY + timedelta(1), DAY + timedelta(9))
    assert ["in_3"] == keys(planning.read_plan(engine))


def test_what_leaves_the_plan_is_looked_at_again(engine):
    """A refusal that vanished was a gap: it is marked for reconciliation."""
    planning.save_plan(engine, Plan((), (refusal("invoice", "in_2"),)), DAY, DAY)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM o2c.dirty"))
    planning.save_plan(engine, Plan(), DAY, DAY)
    with engine.connect() as connection:
        found: Any = connection.execute(text("SELECT key FROM o2c.dirty")).scalars().all()
    assert ["in_2"] == found


def test_the_plan_of_a_window_is_whole(engine):
    """A customer of an earlier month whose first invoice is in the window is in the window's plan."""
    sold(engine, customer_created=JANUARY)
    plan(engine, DAY, DAY)
    kept = planning.read_plan(engine, DAY, DAY)
    assert {"cus_1", "in_1", "ch_1"} == set(keys(kept))


def test_a_written_customer_of_an_earlier_month_leaves_the_plan(engine):
    """After everything is written, the plan of all days is empty, whenever the customer was created."""
    sold(engine, customer_created=JANUARY)
    plan(engine, DAY, DAY)
    write(engine, "cus_1", "in_1", "ch_1")
    plan(engine, DAY, DAY)
    assert [] == keys(planning.read_plan(engine))


def test_two_payments_of_one_intent_share_nothing_twice(engine):
    """A failed and a succeeded charge of one PaymentIntent: the succeeded one alone is applied."""
    sold(engine)
    accept(engine, "payments", {"id": "ch_0", "payment_intent": "pi_1", "status": "failed"})
    rows = plan_input(engine, DAY, DAY, "Suspense").rows
    assert ["ch_1"] == [row.id for row in rows.payments]
    assert 1 == len(rows.payments[0].applications)


def test_a_customer_stays_planned_for_other_days(engine):
    """Whoever plans the day on which he signed up alone must not take him from the invoice of a later one."""
    sold(engine, customer_created=datetime(2026, 1, 10, tzinfo=UTC))
    plan(engine, DAY, DAY)
    plan(engine, date(2026, 1, 10), date(2026, 1, 10))
    assert {"cus_1", "in_1", "ch_1"} == set(keys(planning.read_plan(engine)))


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
@pytest.mark.parametrize("days", [(), (DAY, DAY)])
def test_in_batches_it_is_the_same_plan(engine, limit, days):
    """However many at a time: each document to write once, with the customer of an earlier day, and nothing else."""
    sold(engine, customer_created=datetime(2026, 1, 10, tzinfo=UTC))
    plan(engine, DAY, DAY)
    planning.save_plan(engine, Plan((), (refusal("invoice", "in_9"),)), DAY + timedelta(1), DAY + timedelta(1))
    found = list(planning.batches(engine, *days, limit=limit))
    assert sorted(key for batch in found for key in keys(Plan(tuple(batch)))) == ["ch_1", "cus_1", "in_1"]
    assert planning.count_planned(engine) == 3
    for batch in found:
        made = keys(Plan(tuple(batch)))
        assert made == [key for key in ("cus_1", "in_1", "ch_1") if key in made]


EARLY = date(2026, 1, 10)


def of_two_days(engine: Engine) -> Command:
    """A customer of EARLY is planned for an invoice of DAY, which is given back; then EARLY is planned by itself."""
    customer = replace(command("customer", "cus_A"), customer_id="cus_A", partition=EARLY)
    invoice = replace(command("invoice", "in_B", needs=["cus_A"]), customer_id="cus_A")
    planning.save_plan(engine, Plan((customer, invoice)), EARLY, DAY)
    planning.save_plan(engine, Plan(), EARLY, EARLY)
    return invoice


def test_a_customer_who_is_refused_now_is_not_made_by_an_older_plan(engine):
    """He is kept under his own day, and refused where he is needed: the newer word counts, and counts alone."""
    invoice = of_two_days(engine)
    planning.save_plan(engine, Plan((invoice,), (replace(refusal("customer", "cus_A"), partition=EARLY),)), DAY, DAY)
    assert (["in_B"], ["cus_A"]) == told(planning.read_plan(engine))
    planning.save_plan(engine, Plan((replace(command("customer", "cus_A"), customer_id="cus_A"), invoice)), DAY, DAY)
    assert (["cus_A", "in_B"], []) == told(planning.read_plan(engine))


def test_customers_whose_documents_go_under_a_common_one_are_not_made(engine):
    """Their documents name them still, and lean on them no more."""
    invoice = of_two_days(engine)
    planning.save_plan(engine, Plan((replace(invoice, depends_on=()),)), DAY, DAY)
    assert (["in_B"], []) == told(planning.read_plan(engine))


def told(kept: Plan) -> tuple[list[str], list[str]]:
    """What is to be written, and what is refused."""
    return keys(kept), [item.external_id for item in kept.refusals]


def test_what_another_day_refuses_is_known_by_its_own_letters(engine):
    """Refusals are kept by ids as they are, upper case included; they end when somebody has entered the document."""
    sold(engine)
    accept(engine, "invoices", {"id": "in_Ab", "created_at": JANUARY, "lines": LINES, "status": "paid"})
    accept(engine, "invoice_payments", {"id": "inpay_1", "invoice_id": "in_Ab", "payment_intent": "pi_1"})
    refused = replace(refusal("invoice", "in_Ab"), partition=JANUARY.date())
    planning.save_plan(engine, Plan((), (refused,)), JANUARY.date(), JANUARY.date())
    assert {"in_Ab"} == plan_input(engine, DAY, DAY, "Suspense").refused
    mirror(engine, [ledger_document(7, stripe_ref="in_Ab", external_id="in_Ab")])
    assert frozenset() == plan_input(engine, DAY, DAY, "Suspense").refused
