"""A document that somebody entered by hand, against a real PostgreSQL: recognized as one that may be ours."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from o2c_orchestration.domain.documents import Plan
from o2c_orchestration.domain.policy import Customers, Policy
from o2c_orchestration.plan import make_plan
from o2c_orchestration.reconcile import reconcile
from o2c_orchestration.store import journal, look_alikes, planning
from o2c_orchestration.store.agreement import agreement
from o2c_orchestration.store.gaps import list_gaps
from o2c_orchestration.store.overtaken import overtaken
from o2c_orchestration.store.plan_rows import plan_input
from o2c_orchestration_tests.integration_store.builders import (
    DAY,
    accept,
    command,
    journal_id,
    ledger_customer,
    ledger_document,
    mirror,
)
from o2c_orchestration_tests.integration_store.test_planning import LINES


def sold(engine: Engine) -> None:
    """A customer whom NetSuite knows, with an invoice and its charge of 100 cents each."""
    accept(engine, "customers", {"id": "cus_1"})
    accept(engine, "invoices", {"id": "in_1", "lines": LINES})
    accept(engine, "payments", {"id": "ch_1", "payment_intent": "pi_1"})
    ledger_customer(engine, 1, "cus_1")


def found(engine: Engine, days: int | None = 7, mode: str = "each") -> dict[str, str]:
    """Which document each object's may be, by Stripe id."""
    customers = Customers.model_validate({"mode": mode, "global": "House"} if mode == "global" else {})
    given = plan_input(engine, DAY, DAY, "Suspense", customers, look_alike_days=days)
    return {key: each.netsuite_id for key, each in given.rows.directives.look_alikes.items()}


def test_each_type_has_its_own(engine: Engine):
    """An invoice for the invoice, a payment for the charge; one so near that a person may have typed another day."""
    sold(engine)
    mirror(
        engine,
        [ledger_document(7, trandate=DAY + timedelta(7)), ledger_document(8, "customerPayment", total_minor=100)],
    )
    assert found(engine) == {"in_1": "7", "ch_1": "8"}


@pytest.mark.parametrize(
    "other",
    [
        {"entity_id": 2},
        {"currency": "eur"},
        {"total_minor": 101},
        {"voided": True},
        {"stripe_ref": "in_other"},
        {"trandate": DAY + timedelta(8)},
        {"trandate": DAY - timedelta(8)},
    ],
    ids=lambda other: next(iter(other)),
)
def test_what_differs_is_other_business(engine: Engine, other: dict[str, Any]):
    """Another customer, currency or amount, a voided one, one that names its object, one of another week."""
    sold(engine)
    ledger_customer(engine, 2, "cus_2")
    mirror(engine, [ledger_document(7, **other)])
    assert found(engine) == {}


def test_one_that_is_gone_is_nobodys(engine: Engine):
    """Deleted in NetSuite."""
    sold(engine)
    mirror(engine, [ledger_document(7)])
    mirror(engine, gone=[7])
    assert found(engine) == {}


def test_the_nearest_is_told(engine: Engine):
    """Of two on the same day the older."""
    sold(engine)
    near = [ledger_document(9, trandate=DAY + timedelta(1)), ledger_document(8, trandate=DAY - timedelta(1))]
    mirror(engine, [ledger_document(7, trandate=DAY + timedelta(3)), *near])
    assert found(engine) == {"in_1": "8"}


def test_a_customer_that_metadata_names_counts(engine: Engine):
    """The connector's key on the Stripe customer says who he is in NetSuite."""
    accept(engine, "customers", {"id": "cus_1"})
    accept(engine, "invoices", {"id": "in_1", "lines": LINES})
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO o2c.stripe_metadata VALUES ('cus_1', 'netsuite_customer_id', '31', 31)")
    mirror(engine, [ledger_document(7, entity_id=31)])
    assert found(engine) == {"in_1": "7"}


@pytest.mark.parametrize("asked", [{"days": None}, {"mode": "global"}], ids=str)
def test_policy_may_say_that_nothing_is_held_up(engine: Engine, asked: dict[str, Any]):
    """And under a customer in common everything looks like everything."""
    sold(engine)
    mirror(engine, [ledger_document(7)])
    assert found(engine, **asked) == {}


def test_what_a_person_dismisses_holds_up_nothing_and_is_no_gap(engine: Engine):
    """For good, with the reason on the audit trail; it may be said again, and of no document that names an object."""
    sold(engine)
    mirror(engine, [ledger_document(7), ledger_document(8, stripe_ref="in_9")])
    reconcile(engine, Policy(), full=True)
    assert "unlinked_in_netsuite" in {gap.kind for gap in list_gaps(engine)}
    assert [each.netsuite_id for each in look_alikes.unlinked(engine, dismissed=False)] == [7]
    assert look_alikes.tell_apart(engine, 7, "consulting", "ann") == "invoice"
    assert look_alikes.tell_apart(engine, 7, "consulting in May", "ann") == "invoice"
    reconcile(engine, Policy())
    assert "unlinked_in_netsuite" not in {gap.kind for gap in list_gaps(engine)}
    assert found(engine) == {}
    assert look_alikes.unlinked(engine, dismissed=False) == []
    (kept,) = look_alikes.unlinked(engine, dismissed=True)
    assert (kept.netsuite_id, kept.reason, kept.by) == (7, "consulting in May", "ann")
    with engine.connect() as connection:
        told = connection.exec_driver_sql("SELECT why FROM o2c.audit WHERE action = 'document_unrelated' ORDER BY seq")
        assert [row[0] for row in told] == ["consulting", "consulting in May"]
    assert look_alikes.tell_apart(engine, 99, "nobody knows it", "ann") is None
    with pytest.raises(look_alikes.NotApart, match="in_9"):
        look_alikes.tell_apart(engine, 8, "it names in_9", "ann")


def wrote(engine: Engine, document: str, key: str, netsuite_id: int) -> None:
    """Our journal says that we wrote this document."""
    journal.intend(engine, [command(document, key)])  # type: ignore[arg-type]
    claim = journal.claim(engine, journal_id(engine, key), 60)
    assert claim is not None
    assert journal.record_done(engine, claim, netsuite_id, adopted=False)


def test_what_we_wrote_is_ours_whatever_a_clerk_took_off_it(engine: Engine):
    """It holds up no other object of the same amount, and nobody can say that it is nobody's."""
    sold(engine)
    wrote(engine, "invoice", "in_0", 7)
    mirror(engine, [ledger_document(7)])
    assert found(engine) == {}
    with pytest.raises(look_alikes.NotApart, match="in_0"):
        look_alikes.tell_apart(engine, 7, "consulting", "ann")


def test_a_customer_of_that_number_is_no_document(engine: Engine):
    """NetSuite numbers customers and transactions apart."""
    sold(engine)
    wrote(engine, "customer", "cus_9", 7)
    mirror(engine, [ledger_document(7)])
    assert found(engine) == {"in_1": "7"}


def test_the_customer_that_metadata_names_is_the_only_one(engine: Engine):
    """Not also the one under his own id."""
    sold(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO o2c.stripe_metadata VALUES ('cus_1', 'netsuite_customer_id', '31', 31)")
    mirror(engine, [ledger_document(7, entity_id=1)])
    assert found(engine) == {}


def test_an_intent_beside_which_a_document_appears_is_not_sent(engine: Engine):
    """Somebody entered it between the plan and the write: it waits, and goes on when that is dismissed."""
    sold(engine)
    journal.intend(engine, [command("invoice", "in_1"), command("invoice", "in_2", amount=200)])
    keep = Plan((command("invoice", "in_1"), command("invoice", "in_2", amount=200)), ())
    planning.save_plan(engine, keep, DAY, DAY)
    mirror(engine, [ledger_document(7)])
    assert overtaken(engine, keep.commands, 7) == 0
    ready = journal.ready(engine, "invoice", 9)
    assert ready == [journal_id(engine, "in_2")]
    look_alikes.tell_apart(engine, 7, "consulting", "ann")
    overtaken(engine, keep.commands, 7)
    assert journal.ready(engine, "invoice", 9) == [journal_id(engine, "in_1"), journal_id(engine, "in_2")]


def test_objects_that_a_document_holds_up_are_told_with_their_days(engine: Engine):
    """For the person who decides."""
    sold(engine)
    mirror(engine, [ledger_document(7)])
    given = plan_input(engine, DAY, DAY, "Suspense", look_alike_days=7)
    planning.save_plan(engine, make_plan(Policy(), given.rows, given.known), DAY, DAY)
    assert look_alikes.held_by(engine, 7) == [("in_1", DAY)]
    assert [each.holds_up for each in look_alikes.unlinked(engine, dismissed=False)] == [["in_1"]]
    assert look_alikes.held_by(engine, 8) == []


def test_a_credit_note_has_its_memo(engine: Engine):
    """As the other documents."""
    sold(engine)
    accept(engine, "credit_notes", {"id": "cn_1", "total_minor": 60})
    mirror(engine, [ledger_document(7, "creditMemo", total_minor=60)])
    assert found(engine) == {"cn_1": "7"}


def test_refunds_disputes_and_their_memos_have_theirs(engine: Engine):
    """A refund that somebody entered is two documents: a memo, and the refund that pays it out."""
    sold(engine)
    accept(engine, "refunds", {"id": "re_1", "amount_minor": 40})
    mirror(
        engine,
        [ledger_document(7, "creditMemo", total_minor=40), ledger_document(8, "customerRefund", total_minor=40)],
    )
    assert found(engine) == {"cm-re_1": "7", "re_1": "8"}


def test_a_deposit_is_told_by_its_amount(engine: Engine):
    """It has no customer; one that names a payout, or is of another amount, is another one."""
    accept(engine, "payouts", {"id": "po_1", "amount_minor": 1234})
    mirror(engine, [ledger_document(7, "deposit", total_minor=1234, entity_id=None)])
    assert found(engine) == {"po_1": "7"}
    mirror(engine, [ledger_document(7, "deposit", total_minor=1234, entity_id=None, stripe_ref="po_9")])
    assert found(engine) == {}


def test_what_was_dismissed_counts_on_neither_side(engine: Engine):
    """It is no gap, so it must not be left over in the tie-out either."""
    accept(engine, "customers", {"id": "cus_1"})
    ledger_customer(engine, 1, "cus_1")
    mirror(engine, [ledger_document(7)])
    reconcile(engine, Policy(), full=True)
    assert [(each.ledger_minor, each.residual_minor) for each in agreement(engine)] == [(100, 0)]
    look_alikes.tell_apart(engine, 7, "consulting", "ann")
    reconcile(engine, Policy())
    assert [each for each in agreement(engine) if each.residual_minor] == []
