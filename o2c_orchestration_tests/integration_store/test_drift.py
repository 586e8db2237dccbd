"""The catalogue of fields in the store: it is learned as objects are validated, compared ahead of it, accepted once."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan
from o2c_orchestration.store import audit
from o2c_orchestration.store import drift as store
from o2c_orchestration.store.plan_rows import plan_input
from o2c_orchestration.validate import drift
from o2c_orchestration.validate.run import validate_pending
from o2c_orchestration_tests.integration_store.test_validation import CREATED, charge, let_in

ZONE = ZoneInfo("UTC")


def whole_charge(key, **more):
    return charge(key, **{"amount_refunded": 0, "metadata": {}, **more})


def test_what_waits_is_looked_at_before_it_is_judged(engine):
    """A check tells of it while no row has failed yet, and learns nothing by it."""
    let_in(engine, whole_charge("ch_1", status="contested"))
    assert ["charge.status=contested"] == [each.key for each in drift.look(engine, "charge")]
    assert 0 == store.catalogue(engine, "charge", drift.API_VERSION).objects


def test_what_was_judged_is_in_the_catalogue(engine):
    """With its numbers and times, also when the row itself goes to quarantine."""
    let_in(engine, whole_charge("ch_1"), whole_charge("ch_2", status="contested"), whole_charge("ch_3"))
    assert 1 == len(validate_pending(engine, "charge", ZONE).rejected)
    known = store.catalogue(engine, "charge", drift.API_VERSION)
    seen = {(each.path, each.what): each for each in known.fields if each.times}
    assert 3 == known.objects
    amount = seen["amount", "number"]
    assert (3, 3, True) == (amount.times, amount.at_parents, amount.declared)
    assert amount.first_seen_at <= datetime.now(UTC)
    assert {"contested": 1, "succeeded": 2} == {
        each.what: each.times for each in known.values if each.path == "status" and each.times
    }
    assert ["charge.status=contested"] == [each.key for each in drift.look(engine, "charge")]


def payout(key: str, **more: Any) -> dict[str, Any]:
    return {
        "id": key, "object": "payout", "currency": "usd", "status": "paid", "amount": 100, "automatic": False,
        "reconciliation_status": "not_applicable", "failure_balance_transaction": None, "arrival_date": CREATED,
        "created": CREATED, **more,
    }  # fmt: skip


def refund(key: str, **more: Any) -> dict[str, Any]:
    return {
        "id": key, "object": "refund", "charge": "ch_1", "currency": "usd", "status": "succeeded", "amount": 100,
        "balance_transaction": "txn_1", "failure_balance_transaction": None, "created": CREATED, **more,
    }  # fmt: skip


@pytest.mark.parametrize("field", ["status", "reconciliation_status"])
def test_a_payout_in_a_state_that_we_do_not_know_is_told_and_waits(engine: Engine, field: str):
    """The warning comes before anything breaks: the row is let in, and no deposit is planned or refused for it."""
    let_in(engine, payout("po_1", **{"automatic": True, field: "on_the_moon"}))
    assert [] == validate_pending(engine, "payout", ZONE).rejected
    assert [f"payout.{field}=on_the_moon"] == [each.key for each in drift.look(engine, "payout") if each.read]
    day = datetime.fromtimestamp(CREATED, UTC).date()
    given = plan_input(engine, day, day, "Suspense")
    plan = make_plan(Policy(), given.rows, given.known)
    assert ((), ()) == (plan.commands, plan.refusals)
    assert "not arrived yet" in plan.skipped["po_1"]


def test_the_planner_is_told_where_a_payout_is_sent_to(engine: Engine):
    """Of payouts that were stored before somebody asked for it, too: it is in the payload."""
    let_in(engine, payout("po_1", destination="ba_2"), payout("po_2"))
    validate_pending(engine, "payout", ZONE)
    day = datetime.fromtimestamp(CREATED, UTC).date()
    payouts = plan_input(engine, day, day, "Suspense").rows.payouts
    assert {"po_1": "ba_2", "po_2": None} == {each.id: each.destination for each in payouts}


def test_a_refund_in_a_state_that_we_do_not_know_is_told_and_let_in(engine: Engine):
    """Whether its money moved is said by its balance transactions."""
    let_in(engine, refund("re_1", status="on_the_moon"))
    assert [] == validate_pending(engine, "refund", ZONE).rejected
    assert ["refund.status=on_the_moon"] == [each.key for each in drift.look(engine, "refund") if each.read]


def test_children_count_by_their_own_parents(engine):
    """How often the object that holds a field was seen is noted with the field, at any depth."""
    deep = {"outcome": {"rule": {"action": "allow"}}}
    let_in(engine, whole_charge("ch_1", **deep), whole_charge("ch_2"), whole_charge("ch_3", **deep))
    validate_pending(engine, "charge", ZONE)
    known = store.catalogue(engine, "charge", drift.API_VERSION)
    parents = {each.path: each.at_parents for each in known.fields if each.times}
    assert (3, 2, 2) == (parents["outcome"], parents["outcome.rule"], parents["outcome.rule.action"])


def test_accepted_drift_is_silent_and_in_the_audit_trail(engine):
    """Who and why; the same value of another object is still told."""
    let_in(engine, whole_charge("ch_1", status="contested"))
    validate_pending(engine, "charge", ZONE)
    (found,) = drift.look(engine, "charge")
    assert 1 == store.accept(engine, [found], "ann", "Stripe told us")
    assert 0 == store.accept(engine, [found], "bob", "again")
    assert [] == drift.look(engine, "charge")
    (entry,) = audit.entries(engine, "drift charge.status=contested")
    assert ("drift_accepted", "accepted by ann: Stripe told us") == (entry.action, entry.why)
    let_in(engine, whole_charge("ch_2", status="unheard_of"))
    assert ["charge.status=unheard_of"] == [each.key for each in drift.look(engine, "charge")]


def test_a_few_objects_that_look_as_ever_cost_no_write(engine):
    """Minutes after the last look, nothing is counted that is known already; what is new is."""
    let_in(engine, whole_charge("ch_1"))
    validate_pending(engine, "charge", ZONE)
    let_in(engine, whole_charge("ch_2"))
    validate_pending(engine, "charge", ZONE)
    assert 1 == store.catalogue(engine, "charge", drift.API_VERSION).objects
    let_in(engine, whole_charge("ch_3", extra=1))
    validate_pending(engine, "charge", ZONE)
    assert 2 == store.catalogue(engine, "charge", drift.API_VERSION).objects


def test_another_version_of_the_api_has_a_catalogue_of_its_own(engine, monkeypatch):
    """It is compared with the one that was used before it."""
    let_in(engine, whole_charge("ch_1"))
    validate_pending(engine, "charge", ZONE)
    monkeypatch.setattr(drift, "API_VERSION", "2027-01-01.next")
    let_in(engine, whole_charge("ch_2", extra=1))
    assert [("new", "extra")] == [(each.kind, each.path) for each in drift.look(engine, "charge")]
    with engine.connect() as connection:
        versions = (
            connection.execute(text("SELECT api_version FROM o2c.seen_objects ORDER BY began_at")).scalars().all()
        )
    assert 2 == len(versions)
