"""The catalogue of fields in the store: it is learned as objects are validated, compared ahead of it, accepted once."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import text

from o2c_orchestration.store import audit
from o2c_orchestration.store import drift as store
from o2c_orchestration.validate import drift
from o2c_orchestration.validate.run import validate_pending
from o2c_orchestration_tests.integration_store.test_validation import charge, let_in

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
