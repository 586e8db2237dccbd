"""A document that somebody entered by hand, against a real PostgreSQL: recognized as one that may be ours."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from o2c_orchestration.domain.policy import Customers, Policy
from o2c_orchestration.reconcile import reconcile
from o2c_orchestration.store import look_alikes
from o2c_orchestration.store.gaps import list_gaps
from o2c_orchestration.store.plan_rows import plan_input
from o2c_orchestration_tests.integration_store.builders import DAY, accept, ledger_customer, ledger_document, mirror
from o2c_orchestration_tests.integration_store.test_planning import LINES


def sold(engine: Engine) -> None:
    """A customer of 100 cents, known to NetSuite: an invoice, its charge, and a credit note of 100."""
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
    assert look_alikes.tell_apart(engine, 7, "consulting", "ann") == ("invoice", DAY)
    assert look_alikes.tell_apart(engine, 7, "consulting in May", "ann") == ("invoice", DAY)
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
    with pytest.raises(ValueError, match="in_9"):
        look_alikes.tell_apart(engine, 8, "it names in_9", "ann")
