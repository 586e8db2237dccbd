"""SIGKILL at every edge of the journal, early and late, then a new process: nothing lost, nothing twice."""

import ast
import inspect
import signal
from dataclasses import dataclass, field
from typing import Any

import pytest

from o2c_orchestration.apply import execute, outcome
from o2c_orchestration_tests.crash.conftest import Case
from o2c_orchestration_tests.crash.worker import Death, apply_plan

LOST_ANSWERS = {"method": "POST", "kind": "drop_after", "times": 6}
LOST_REQUESTS = {"method": "POST", "kind": "drop_before", "times": 6}


@dataclass(frozen=True)
class Way:
    """How to come to an edge: on which passings to die there, under which fault and policy, books closed or not."""

    passings: tuple[int, ...] = (1, 9)
    fault: dict[str, Any] = field(default_factory=dict)
    policy: dict[str, dict[str, Any]] = field(default_factory=dict)
    closed: bool = False


WAYS = {
    "before_intent": Way((1,)),
    "after_intent": Way((1,)),
    "before_claim": Way(),
    "after_claim": Way(),
    "before_departure": Way(),
    "before_request": Way(),
    "after_response": Way(),
    "before_record_done": Way(),
    "after_record_done": Way(),
    "before_record_refused": Way((1, 6), closed=True),
    "after_record_refused": Way((1, 6), closed=True),
    "before_record_unknown": Way((1, 5), LOST_ANSWERS),
    "after_record_unknown": Way((1, 5), LOST_ANSWERS),
    "before_look_up": Way((1, 5), LOST_ANSWERS),
    "after_look_up": Way((1, 5), LOST_ANSWERS),
    "before_record_not_written": Way((1, 5), LOST_REQUESTS),
    "after_record_not_written": Way((1, 5), LOST_REQUESTS),
    "before_record_dead": Way((1, 5), LOST_REQUESTS, {"apply": {"attempts_max": 1}}),
    "after_record_dead": Way((1, 5), LOST_REQUESTS, {"apply": {"attempts_max": 1}}),
}
CASES = [(edge, passing) for edge, way in WAYS.items() for passing in way.passings]


def test_every_edge_is_tried() -> None:
    """The executor names its edges in one list, calls no others, and each of them is tried here."""
    called = {
        ast.unparse(node.args[0])
        for module in (execute, outcome)
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "_edge"
    }
    templates = {"f'before_record_{outcome}'", "f'after_record_{outcome}'"}
    assert templates < called
    literal = {ast.literal_eval(text) for text in called - templates}
    assert literal == {edge for edge in execute.EDGES if "_record_" not in edge}
    assert set(WAYS) == set(execute.EDGES)


@pytest.mark.parametrize(("edge", "passing"), CASES)
def test_a_kill_at_an_edge_loses_nothing_and_doubles_nothing(case: Case, edge: str, passing: int) -> None:
    """Killed at the edge, and finished by a new process: every document once, with the right amounts."""
    way = WAYS[edge]
    case.world.faults(*([way.fault] if way.fault else []))
    case.close_books(closed=way.closed)
    killed = case.start(apply_plan, Death(edge, passing), policy=way.policy)
    assert killed.wait() == -signal.SIGKILL, killed.log.read_text()
    # With nothing but the journal to go by: the ledger was not read since.
    case.world.faults()
    case.time_passes()
    case.start(apply_plan).finish()
    case.finish()
    if way.closed:
        case.close_books(closed=False)
        case.retry_refused()
        case.finish()
    else:
        case.never_asked_twice()
    case.check()


@pytest.mark.parametrize("edge", ["before_request", "after_response", "before_record_unknown"])
def test_a_request_leaves_its_trace_before_it_leaves(case: Case, edge: str) -> None:
    """Whenever a request may have left, the journal already says so, whatever becomes of the process."""
    if edge == "before_record_unknown":
        case.world.faults(LOST_ANSWERS)
    killed = case.start(apply_plan, Death(edge))
    assert killed.wait() == -signal.SIGKILL
    assert case.states().get("sent", 0) >= 1
