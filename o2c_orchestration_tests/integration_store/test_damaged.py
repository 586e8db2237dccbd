"""Stripe's objects, damaged at random, through gate, validation, plan and reconciliation against a real PostgreSQL."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest
from sqlalchemy import Engine, text

from o2c_orchestration.domain.policy import Customers, Policy
from o2c_orchestration.extract.redact import redact
from o2c_orchestration.extract.stripe import EVERY_PATH
from o2c_orchestration.plan import make_plan
from o2c_orchestration.reconcile import reconcile
from o2c_orchestration.sandbox.company import build
from o2c_orchestration.store.gate import StripeObject, admit
from o2c_orchestration.store.plan_rows import plan_input
from o2c_orchestration.validate.run import validate_pending
from o2c_orchestration.validate.schemas import TABLES
from o2c_orchestration_tests.damage import damaged

TODAY = date(2026, 3, 31)
UTC_ZONE = ZoneInfo("UTC")
Wire = dict[str, Any]


@cache
def sound() -> tuple[Wire, ...]:
    """Every object of a small company that has a path of its own."""
    made = build(seed=11, invoices=30, today=TODAY, days=14).stripe
    return tuple(thing for thing in made if thing["object"] in EVERY_PATH)


def wire(thing: Wire) -> Wire:
    """As it comes over the network."""
    return dict(orjson.loads(orjson.dumps(thing)))


@pytest.mark.parametrize("seed", range(8))
def test_what_is_damaged_is_set_aside_and_all_else_goes_on(
    shared_engine: Engine, empty_tables: Callable[[Engine], None], seed: int
):
    """Whatever is wrong with some objects: nothing raises, each is a row or in quarantine, sound ones are rows."""
    engine, chance = shared_engine, random.Random(seed)
    empty_tables(engine)
    hit = {thing["id"] for thing in sound() if chance.random() < 0.2}
    things = [damaged(each, chance, ("id", "object")) if each["id"] in hit else each for each in sound()]
    read_at = datetime.now(UTC)
    admit(engine, [StripeObject.of(redact(wire(thing)), read_at) for thing in things], proven=True)
    rejected = {each.id for kind in TABLES for each in validate_pending(engine, kind, UTC_ZONE).rejected}
    assert rejected <= hit
    assert rows(engine) == {thing["id"] for thing in sound()} - rejected
    given = plan_input(engine, TODAY - timedelta(days=40), TODAY, "Suspense", Customers())
    assert make_plan(Policy(), given.rows, given.known).commands
    reconcile(engine)


def rows(engine: Engine) -> set[str]:
    """Ids of the accepted rows of all types."""
    with engine.connect() as connection:
        return {str(key) for name in TABLES.values() for key in connection.scalars(text(f"SELECT id FROM o2c.{name}"))}
