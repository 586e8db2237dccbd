"""Answers that are lost, requests that NetSuite carries out late, and sweeps that are killed: one document each."""

import signal
import time
from typing import Any

import psycopg
import pytest

from o2c_orchestration_tests.crash.conftest import Case
from o2c_orchestration_tests.crash.worker import Death, apply_plan, sweep
from o2c_orchestration_tests.crash.world import Policy

# An apply that waits for nothing leaves what is unknown to the janitor.
HASTY: Policy = {"apply": {"patience_seconds": 0, "resolve_after_seconds": 0.05}}
# One that does not even look up what became of its own requests.
BLIND: Policy = {"apply": {"patience_seconds": 0, "resolve_after_seconds": 60}}
CAREFUL: Policy = {"apply": {"certain_after_seconds": 4}}
LATE = {"method": "POST", "kind": "late_commit", "latency_ms": 1500, "times": 3}


def sent(case: Case) -> int:
    """How many requests to create a document NetSuite has got."""
    return len(case.world.writes())


def sweep_until_settled(case: Case, seconds: float = 30, **options: Any) -> None:
    """The janitor's schedule, in a hurry: sweeps until nothing is unknown."""
    deadline = time.monotonic() + seconds
    while case.states().get("unknown", 0) + case.states().get("sent", 0):
        assert time.monotonic() < deadline, case.states()
        case.start(sweep, **options).finish()


def test_a_request_that_is_carried_out_late_is_not_made_again(case: Case) -> None:
    """Within NetSuite's limit for a request a look-up that finds nothing proves nothing: wait, and adopt."""
    case.world.faults(LATE)
    case.start(apply_plan, policy=CAREFUL).finish()
    case.check()
    assert sent(case) == case.states()["done"]
    adopted = [words for _, state, words in case.history() if state == "done" and "adopted" in words]
    assert len(adopted) == 3


def test_a_retry_that_meets_a_late_commit_adopts_it(case: Case) -> None:
    """Where a request takes longer than any limit, NetSuite refuses the second copy, and the first is adopted."""
    # Certain at 0.3 s, the retry no sooner than 0.5 s after a look-up that found nothing. When look-ups begin depends
    # on how busy the machine is: so requests are late by steps, and some commit between a look-up and its retry.
    steps = range(600, 8000, 500)
    case.world.faults(*(LATE | {"latency_ms": late, "times": 2} for late in steps))
    case.start(apply_plan).finish()
    assert [each["status"] for each in case.world.writes()].count(400) > 0
    case.check()


def test_an_apply_does_not_wait_for_certainty(case: Case) -> None:
    """With NetSuite's real limit it ends soon and leaves the rows unknown; what leans on them waits."""
    case.world.faults({"method": "POST", "kind": "drop_before", "times": 2})
    began = time.monotonic()
    never: Policy = {"apply": {**HASTY["apply"], "certain_after_seconds": 1200}}
    case.start(apply_plan, policy=never).finish()
    assert time.monotonic() - began < 20
    states = case.states()
    assert states["unknown"] == 2
    assert states["intent"] > 0
    before = sent(case)
    for _ in range(3):
        case.time_passes()
        case.start(sweep, policy=never).finish()
    assert sent(case) == before
    assert case.states() == states


def test_look_ups_come_early_and_then_ever_less_often(case: Case) -> None:
    """Each wait is half to all of twice the one before, so that the next sweeps cost NetSuite ever less."""
    case.world.faults({"method": "POST", "kind": "drop_before", "times": 1})
    never: Policy = {"apply": {"patience_seconds": 0, "resolve_after_seconds": 60, "certain_after_seconds": 3600}}
    case.start(apply_plan, policy=never).finish()
    for number in range(4):
        wait = wait_of_the_unknown(case)
        shortest, longest = (60, 60) if number == 0 else (30 * 2**number, 60 * 2**number)
        assert shortest - 0.01 <= wait <= longest + 0.01
        case.time_passes()
        case.start(sweep, policy=never).finish()


def wait_of_the_unknown(case: Case) -> float:
    """Seconds between the last word about the one unknown row and its next look-up."""
    query = "SELECT extract(epoch FROM next_attempt_at - answered_at) FROM o2c.journal WHERE state = 'unknown'"
    with psycopg.connect(case.database_url) as connection:
        ((seconds,),) = connection.execute(query).fetchall()
        return float(seconds)


def test_a_sweep_makes_no_request_that_was_never_tried(case: Case) -> None:
    """A sweep settles what is unknown and sends it again; intents of a plan are for an apply, which plans first."""
    killed = case.start(apply_plan, Death("before_request", 1))
    assert killed.wait() == -signal.SIGKILL
    tried = case.states()["sent"]
    untried = case.states()["intent"]
    sweep_until_settled(case)
    case.time_passes()
    case.start(sweep).finish()
    assert case.states() == {"done": tried, "intent": untried}
    case.finish()
    case.check()
    case.never_asked_twice()


NOT_YET: Policy = {"apply": {"certain_after_seconds": 3600}}
LOOKED_UP = ("before_look_up", "after_look_up")
FOUND = (*LOOKED_UP, "before_record_done", "after_record_done")
SENT_AGAIN = (
    *("before_record_not_written", "after_record_not_written", "before_claim", "after_claim"),
    *("before_departure", "before_request", "after_response", "before_record_done", "after_record_done"),
)
KILLED_SWEEPS = [
    *(("drop_after", edge, None) for edge in FOUND),
    *(("drop_before", edge, None) for edge in (*LOOKED_UP, *SENT_AGAIN)),
    *(("drop_before", edge, NOT_YET) for edge in (*LOOKED_UP, "before_record_unknown", "after_record_unknown")),
]


@pytest.mark.parametrize(("kind", "edge", "policy"), KILLED_SWEEPS)
def test_a_killed_sweep_loses_nothing_and_doubles_nothing(
    case: Case, kind: str, edge: str, policy: Policy | None
) -> None:
    """Whatever the janitor was doing when it was killed, the next sweep and run settle all, each document once."""
    case.world.faults({"method": "POST", "kind": kind, "times": 3})
    case.start(apply_plan, policy=BLIND).finish()
    case.world.faults()
    codes = []
    # A sweep that has brought the rows back to the line may leave sending them to the next one.
    for _ in range(3):
        case.time_passes()
        child = case.start(sweep, Death(edge), policy=policy)
        codes.append(child.wait())
        assert codes[-1] in (0, -signal.SIGKILL), child.log.read_text()
    assert -signal.SIGKILL in codes
    sweep_until_settled(case)
    case.finish()
    case.check()
    case.never_asked_twice()


def test_a_dead_letter_of_unknown_outcome_is_looked_up_before_it_is_sent_again(case: Case) -> None:
    """Given up because no look-up was answered, although the document is there: a retry finds and adopts it."""
    lost = {"method": "POST", "kind": "drop_after", "times": 2}
    case.world.faults(lost, {"method": "GET", "kind": "server_error"})
    one_look: Policy = {"apply": {"look_ups_max": 1, "patience_seconds": 1}}
    case.start(apply_plan, patient=False, policy=one_look).finish()
    assert case.states()["dead"] == 2
    before = sent(case)
    case.world.faults()
    case.retry_refused()
    case.start(sweep).finish()
    assert sent(case) == before
    case.finish()
    case.check()
    assert sent(case) == case.states()["done"]
