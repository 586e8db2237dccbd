"""A clock of ours that is wrong loses no event of Stripe's, and `o2c check` tells of it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.orchestration.events import poll_events
from o2c_orchestration.preflight.clock import difference
from o2c_orchestration.preflight.run import preflight
from o2c_orchestration.store import inbox
from o2c_orchestration.store.backlog import EVENTS_CURSOR
from o2c_orchestration_tests.e2e.cli_fixtures import World, definitions, sandbox

_EVENTS, _STEP = 40, 15


@dataclass
class Stripe:
    """A Stripe whose clock is put forward, and who asks it."""

    world: World
    assembly: Assembly

    def event(self, key: str, created: datetime) -> None:
        """An event about a customer of that name."""
        wire = {"id": f"evt_{key}", "object": "event", "created": int(created.timestamp()), "type": "customer.updated"}
        wire |= {"data": {"object": {"id": f"cus_{key}", "object": "customer", "created": wire["created"]}}}
        self.world.load([{**wire, "api_version": None, "livemode": False, "pending_webhooks": 0, "request": None}])

    def read(self) -> set[str]:
        """Whose events were read."""
        return {item.object_id for item in inbox.take(self.assembly.engine, 1000)}


@pytest.fixture
def there(database_url: str, tmp_path: Path) -> Iterator[Stripe]:
    """An empty sandbox and a fresh database."""
    live = {"linger_seconds": 0, "poll_seconds": 1}
    with sandbox(tmp_path, database_url) as world, world.assembly(live=live) as assembly:
        yield Stripe(world, assembly)


@pytest.mark.parametrize("ahead", [180, 86_400, 0, -240])
def test_events_are_read_up_to_the_time_that_it_is_at_stripe(there: Stripe, ahead: int):
    """Ten minutes with a wrong clock, an event and a poll every fifteen seconds: none is missed."""
    made = set[str]()
    for number in range(_EVENTS):
        theirs = there.world.stripe_clock(later=_STEP)
        there.event(str(number), theirs - timedelta(seconds=3))
        made.add(f"cus_{number}")
        poll_events(there.assembly, theirs + timedelta(seconds=ahead))
        assert there.read() == made


def test_a_cursor_that_stripe_has_not_reached_is_taken_back(there: Stripe):
    """Written by a clock that was ahead: what happens before that moment is read all the same, at once."""
    theirs = there.world.stripe_clock()
    inbox.write_cursor(there.assembly.engine, EVENTS_CURSOR, (theirs + timedelta(hours=1)).isoformat())
    there.event("within_overlap", theirs - timedelta(seconds=100))
    assert poll_events(there.assembly, theirs) == 1
    left = inbox.read_cursor(there.assembly.engine, EVENTS_CURSOR)
    assert left is not None
    assert datetime.fromisoformat(left) <= there.world.stripe_clock()


def test_the_sensor_does_not_wait_for_a_cursor_that_lies_ahead_of_its_clock(there: Stripe):
    """A clock that is behind, or was put back: the sensor polls as often as ever."""
    definition = definitions(there.assembly)
    there.world.stripe_clock(later=3600)
    with dg.DagsterInstance.ephemeral() as instance:
        for number in range(2):
            there.event(str(number), there.world.stripe_clock() - timedelta(seconds=3))
            time.sleep(1.1)
            with dg.build_sensor_context(instance=instance, repository_def=definition.get_repository_def()) as context:
                definition.resolve_sensor_def("stripe_events").evaluate_tick(context)
            assert f"cus_{number}" in there.read()


@pytest.mark.parametrize(("later", "mark"), [(0, "ok"), (40, "hint"), (400, "WRONG")])
def test_the_check_tells_of_a_wrong_clock(there: Stripe, later: int, mark: str):
    """By how much, which way, and what to do: before webhooks and logins are refused for it."""
    there.world.stripe_clock(later=later)
    (found,) = [each for each in preflight(there.assembly) if each.what == "clock"]
    assert found.mark == mark
    if later:
        assert " seconds behind Stripe's" in found.detail
        assert "NTP" in found.to_do


@pytest.mark.parametrize(("ahead", "mark"), [(29, "ok"), (-29, "ok"), (30, "hint"), (-59, "hint"), (60, "WRONG")])
def test_a_clock_is_noticed_from_half_a_minute_on_and_wrong_from_a_minute_on(ahead: int, mark: str):
    """Ahead or behind alike."""
    assert difference(timedelta(seconds=ahead)).mark == mark
