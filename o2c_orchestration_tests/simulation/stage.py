"""The product set on the simulation's stage: its threads become actors, its sockets the wire.

Only what would run side by side or leave the process is replaced: four thread pools, one queue of readers, and the
transport adapter of `requests`. Every line that decides something is the product's own.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from typing import Any

import requests

from o2c_orchestration.apply import execute, hand_out
from o2c_orchestration.clients import _http, budget
from o2c_orchestration.extract import stripe
from o2c_orchestration.mirror import currencies
from o2c_orchestration.orchestration import follow
from o2c_orchestration.sandbox.netsuite import control, routes
from o2c_orchestration_tests.simulation.kernel import Workers
from o2c_orchestration_tests.simulation.network import Wire
from o2c_orchestration_tests.simulation.world import World


class Inline:
    """Stands where a single writer thread would: what is submitted is done at once."""

    def __init__(self, *_: Any, **__: Any) -> None:
        """Takes what a ThreadPoolExecutor takes."""

    def __enter__(self) -> "Inline":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to wait for."""

    def submit(self, work: Callable[..., Any], *given: Any) -> "Future[Any]":
        """A future that is settled already."""
        future: Future[Any] = Future()
        future.set_result(work(*given))
        return future


def one_after_another(tasks: Sequence[Callable[[], Iterable[Any]]], *_: Any) -> Iterator[Any]:
    """The items of all tasks, one task after the other."""
    for task in tasks:
        yield from task()


def _wait_for_change(budget: Any) -> None:
    """In simulated time, and without the lock, which whoever brings the change needs."""
    budget._changed.release()
    try:
        time.sleep(0.25)
    finally:
        budget._changed.acquire()


def _wait_for_the_team(queue: Any) -> None:
    """Until another worker has done something, without the lock."""
    before = queue._finished, queue._asking, queue._closed
    queue._changed.release()
    try:
        Workers.kernel.wait_until(lambda: (queue._finished, queue._asking, queue._closed) != before, "hand out")
    finally:
        queue._changed.acquire()


def set_on_stage(world: World) -> None:
    """Put this world behind the product."""
    for module in (execute, currencies, follow):
        replaced: Any = module
        replaced.ThreadPoolExecutor = Workers
    replaced = budget.RateBudget
    replaced._wait_for_change = _wait_for_change
    replaced = hand_out.HandOut
    replaced._wait_for_change = _wait_for_the_team
    replaced = stripe
    replaced.ThreadPoolExecutor = Inline
    replaced.side_by_side = one_after_another
    replaced = _http
    replaced.HTTPAdapter = lambda **_: Wire(
        world.kernel, world.servers, world.weather, world.asked, world.nobody, world.judge
    )
    # Salesforce's transport is an adapter of its own, which checks a request and hands it on to this.
    wire = _http.HTTPAdapter()
    replaced = requests.adapters.HTTPAdapter
    replaced.send = lambda _, request, **given: wire.send(request, **given)
    Workers.kernel = world.kernel
    # Looked for at each column of each small frame, in vain, which takes a quarter of a validation.
    sys.modules.setdefault("geopandas", None)  # type: ignore[arg-type]
    for module in (control, routes):
        replaced = module
        replaced.run_in_threadpool = _at_once


async def _at_once(work: Callable[..., Any], *given: Any) -> Any:
    return work(*given)
