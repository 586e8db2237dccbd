"""NetSuite customers made by hand that are called like a Stripe customer, against a real PostgreSQL."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from o2c_orchestration.domain.policy import Customers, Policy
from o2c_orchestration.plan import make_plan
from o2c_orchestration.preflight.namesakes import called_alike
from o2c_orchestration.store import ledger
from o2c_orchestration.store.plan_rows import plan_input
from o2c_orchestration_tests.integration_store.builders import DAY, accept
from o2c_orchestration_tests.integration_store.test_planning import LINES

HandMade = tuple[int, str | None, str | None, bool]


def sold(engine: Engine, *there: HandMade) -> str:
    """Why the plan makes a customer of Acme's, with these customers in NetSuite."""
    accept(engine, "customers", {"id": "cus_1", "name": "Acme Ltd "})
    accept(engine, "invoices", {"id": "in_1", "lines": LINES})
    ledger.merge_customers(engine, there, datetime.now(UTC))
    given = plan_input(engine, DAY, DAY, "Suspense", Customers())
    plan = make_plan(Policy(), given.rows, given.known)
    return next(each.why for each in plan.commands if each.document == "customer")


def test_the_plan_names_who_is_called_alike(engine: Engine):
    """Whatever the letters and the spaces; it is made all the same, since a name proves nothing."""
    why = sold(engine, (7, None, "ACME ltd", False), (8, None, " Acme Ltd", False))
    assert "NetSuite 7, 8 is called like it" in why
    assert "write cus_1 there first" in why


@pytest.mark.parametrize(
    "other",
    [(7, "cus_2", "Acme Ltd", False), (7, None, "Acme", False), (7, None, "Acme Ltd", True), (7, None, None, False)],
)
def test_what_is_somebody_elses_is_not_named(engine: Engine, other: HandMade):
    """One with an external id, one of another name, an inactive one, one without a name."""
    assert "called like it" not in sold(engine, other)
    assert called_alike(engine, Policy()) == []


def test_the_preflight_counts_them(engine: Engine):
    """A hint that stops nobody, with what to do and what happens otherwise; none where all are booked under one."""
    sold(engine, (7, None, "Acme Ltd", False))
    [finding] = called_alike(engine, Policy())
    assert finding.ok is None
    assert "1 of Stripe's customers" in finding.detail
    assert "Acme Ltd (cus_1, NetSuite 7)" in finding.detail
    assert called_alike(engine, Policy(customers=Customers.model_validate({"mode": "global", "global": "House"}))) == []
