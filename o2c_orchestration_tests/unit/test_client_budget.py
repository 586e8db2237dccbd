"""Promises of the request budget. Time is a number that the test moves."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from o2c_orchestration.clients.budget import RateBudget


class Time:
    """A clock that moves only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def seconds_for(time: Time, budget: RateBudget, requests: int) -> float:
    started = time.now
    for _ in range(requests):
        with budget:
            pass
    return time.now - started


@pytest.fixture
def time() -> Time:
    return Time()


def test_requests_are_spaced_evenly(time: Time) -> None:
    """Ten a second means a tenth of a second between any two, with no burst at the start or after a pause."""
    budget = RateBudget(10, 2, clock=time, sleep=time.sleep)
    assert pytest.approx(2.0) == seconds_for(time, budget, 21)
    time.now += 60
    assert pytest.approx(1.9) == seconds_for(time, budget, 20)
    assert budget.requests == 41


def test_429_halves_the_rate_and_it_grows_back(time: Time) -> None:
    """After a refusal the pace is halved; ten seconds later it is whole again."""
    budget = RateBudget(10, 2, clock=time, sleep=time.sleep)
    seconds_for(time, budget, 1)
    budget.throttled()
    assert seconds_for(time, budget, 4) > 0.6
    time.now += 10
    assert pytest.approx(0.9) == seconds_for(time, budget, 10)
    assert budget.refusals == 1


def test_refusals_that_come_whatever_the_pace_do_not_stop_the_work(time: Time) -> None:
    """Where one request of nine is refused at any pace, at least a fifth of the pace is kept."""
    budget = RateBudget(20, 8, clock=time, sleep=time.sleep)
    for number in range(1, 601):
        with budget:
            pass
        if number % 9 == 0:
            budget.throttled()
    assert time.now < 600 / (20 / 5)


def test_refusals_of_one_overload_count_once() -> None:
    """Eight requests in flight that are all refused tell of one overload: the rate is halved once."""
    times = Time(), Time()
    budget, other = (RateBudget(10, 8, clock=clock, sleep=clock.sleep) for clock in times)
    for _ in range(8):
        budget.throttled()
    other.throttled()
    assert seconds_for(times[1], other, 5) == seconds_for(times[0], budget, 5)
    assert budget.refusals == 8


def test_rate_never_falls_to_nothing(time: Time) -> None:
    """However often it is refused, a request is let through now and then."""
    budget = RateBudget(32, 2, clock=time, sleep=time.sleep)
    for _ in range(50):
        budget.throttled()
        time.now += 1.0
    assert seconds_for(time, budget, 3) < 3.0


def in_flight(
    budget: RateBudget,
    threads: int,
    work: Callable[[], object],
    place: Callable[[], AbstractContextManager[object]] | None = None,
) -> int:
    """The most requests that were in flight at once, each in a place of the budget or, in turn, in such a one."""
    turns = iter([budget if place is None or number % 2 else place() for number in range(threads)])
    lock, running, most = threading.Lock(), 0, 0

    def job() -> None:
        nonlocal running, most
        with next(turns):
            with lock:
                running += 1
                most = max(most, running)
            work()
            with lock:
                running -= 1

    jobs = [threading.Thread(target=job) for _ in range(threads)]
    for thread in jobs:
        thread.start()
    for thread in jobs:
        thread.join(10)
    return most


def test_no_more_in_flight_than_allowed() -> None:
    """Twelve threads, four at a time; after a concurrency refusal two."""
    budget = RateBudget(None, 4)
    assert in_flight(budget, 12, together(4)) == 4
    budget.throttled(concurrency=True)
    assert in_flight(budget, 12, together(2)) == 2


def together(count: int) -> Callable[[], object]:
    """Work that waits until so many are at it, however slow the machine, and then a moment for one too many."""
    barrier, pause = threading.Barrier(count, timeout=10), threading.Event()
    return lambda: (barrier.wait(), pause.wait(0.02))


def test_who_goes_ahead_waits_for_one_place_and_the_others_for_him() -> None:
    """Of three that wait for a place, the one that came last and goes ahead has the next; all have one in the end."""
    budget, order = RateBudget(None, 1), list[str]()

    def job(name: str, place: AbstractContextManager[object]) -> None:
        with place:
            order.append(name)
            pause.wait(0.01)

    pause = threading.Event()
    jobs = [threading.Thread(target=job, args=("behind", budget)) for _ in range(2)]
    jobs.append(threading.Thread(target=job, args=("ahead", budget.ahead())))
    with budget:
        for thread in jobs:
            thread.start()
            pause.wait(0.05)
    for thread in jobs:
        thread.join(10)
    assert order == ["ahead", "behind", "behind"]
    assert budget.requests == 4


def test_who_goes_ahead_gives_his_place_back_too() -> None:
    """Whatever happens inside, and never beyond the limit."""
    budget = RateBudget(None, 1)
    for _ in range(3):
        with pytest.raises(RuntimeError), budget.ahead():
            raise RuntimeError
    pause = threading.Event()
    assert in_flight(budget, 6, lambda: pause.wait(0.02), budget.ahead) == 1


def test_failed_request_gives_its_place_back() -> None:
    """An exception inside leaves the budget whole."""
    budget = RateBudget(None, 1)
    for _ in range(3):
        with pytest.raises(RuntimeError), budget:
            raise RuntimeError
    assert budget.requests == 3


@pytest.mark.parametrize(("per_second", "at_once"), [(0, 1), (-1, 1), (1, 0)])
def test_impossible_budget_is_refused(per_second: float, at_once: int) -> None:
    """A budget that lets nothing through is a mistake, told at once."""
    with pytest.raises(ValueError, match="budget"):
        RateBudget(per_second, at_once)
