"""One thread at a time: actors that run as real threads, handed a baton in an order that a seed decides.

An actor runs until it waits: for an answer, a sleep, other actors, or at any point where its process might die. Then
the kernel draws who goes on. Nothing else runs meanwhile, so the same seed gives the same run. When nobody can go on,
time jumps to the first moment at which somebody can.
"""

import random
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from o2c_orchestration_tests.simulation.clock import clock

_THREAD = threading.local()


class Crashed(BaseException):
    """The process of this actor is gone; nothing of it may have any further effect."""


class Stuck(AssertionError):
    """Everybody waits for somebody else."""


class Baton:
    """Handed from one thread to another. A bare lock: a semaphore of Python's own takes ten times as long."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lock.acquire()
        self.give, self.take = self._lock.release, self._lock.acquire


@dataclass(eq=False)
class Process:
    """What dies together: its actors, its connections. `doomed_in` counts the points until it does.

    `paused_in` counts those until it stands still, of the points whose name begins with `paused_at`.
    """

    name: str
    dead: bool = False
    doomed_in: int = -1
    paused_in: int = -1
    paused_at: str = ""
    paused_until: float = 0.0
    skew: float = 0.0


@dataclass(eq=False)
class Actor:
    """A thread of a process."""

    name: str
    process: Process
    wake: float
    waits_for: Callable[[], bool] | None = None
    done: bool = False
    error: BaseException | None = None
    turn: Baton = field(default_factory=Baton)
    where: str = "start"


class Kernel:
    """The scheduler. `on_death` and `on_pause` close what a process leaves open outside of Python.

    A `verdict` that is not empty ends the run with an AssertionError.
    """

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.trace: list[str] = []
        self.on_death: Callable[[Process], None] = lambda process: None
        self.on_pause: Callable[[Process], float] = lambda process: 0.0
        self.verdict = ""
        self._actors: list[Actor] = []
        self._back = Baton()
        clock.sleeper = self.sleep

    def note(self, what: str) -> None:
        """A line of the trace, with the time and who."""
        actor = self.current()
        self.trace.append(f"{clock.now:.3f} {actor.name if actor else 'world'} {what}")

    @staticmethod
    def current() -> Actor | None:
        """The actor that runs, None outside of the simulation's run."""
        return getattr(_THREAD, "actor", None)

    def spawn(self, name: str, process: Process, work: Callable[[], Any], delay: float = 0.0) -> Actor:
        """A new actor, which starts when it is drawn."""
        actor = Actor(name, process, clock.now + delay)
        self._actors.append(actor)
        threading.Thread(target=self._live, args=(actor, work), name=name, daemon=True).start()
        return actor

    def sleep(self, seconds: float) -> None:
        """Wait in simulated time."""
        actor = self.current()
        if actor is None:
            clock.move(seconds)
            return
        actor.wake = clock.now + max(0.0, seconds)
        self._switch(actor, "sleep")

    def point(self, where: str) -> None:
        """A point where others may go on, and where this process may die or be paused."""
        actor = self.current()
        if actor is None:
            return
        process = actor.process
        if process.doomed_in > 0:
            process.doomed_in -= 1
            if process.doomed_in == 0:
                self.crash(process, where)
        if process.paused_in > 0 and where.startswith(process.paused_at):
            process.paused_in -= 1
            if process.paused_in == 0:
                process.paused_until = clock.now + self.on_pause(process)
                self.note(f"paused at {where}")
        self._switch(actor, where)

    def join(self, actors: Iterable[Actor]) -> None:
        """Wait until all of them have ended."""
        waiting = list(actors)
        self.wait_until(lambda: all(actor.done for actor in waiting), "join")

    def wait_until(self, condition: Callable[[], bool], where: str) -> None:
        """Wait for what others of the same process bring about."""
        me = self.current()
        assert me is not None
        me.waits_for = condition
        self._switch(me, where)

    def crash(self, process: Process, where: str = "") -> None:
        """Kill a process. Its threads end the next time they would go on."""
        self.note(f"{process.name} is killed at {where}")
        process.dead = True
        self.on_death(process)

    def check_alive(self) -> None:
        """Raises Crashed in a thread of a dead process."""
        actor = self.current()
        if actor is not None and actor.process.dead:
            raise Crashed

    def run(self) -> None:
        """Until every actor has ended."""
        while living := [actor for actor in self._actors if not actor.done]:
            ready = [actor for actor in living if self._ready(actor)]
            if not ready:
                self._pass_time(living)
                continue
            actor = ready[self.rng.randrange(len(ready))]
            clock.show(actor.process.skew)
            actor.turn.give()
            self._back.take()
            clock.show(0.0)
            if self.verdict:
                raise AssertionError(self.verdict)

    @property
    def failures(self) -> list[str]:
        """What actors ended with that nobody expects; what a worker meets is passed on to who waits for it."""
        return [f"{actor.name}: {actor.error!r}" for actor in self._actors if actor.error and "/" not in actor.name]

    def end(self) -> None:
        """Unwind whoever is left, so that nothing of this world reaches into the next one."""
        for actor in self._actors:
            actor.process.dead = True
        while living := [actor for actor in self._actors if not actor.done]:
            living[0].turn.give()
            self._back.take()

    def _ready(self, actor: Actor) -> bool:
        if actor.process.dead:
            return True
        if actor.process.paused_until > clock.now or actor.wake > clock.now:
            return False
        return actor.waits_for is None or actor.waits_for()

    def _pass_time(self, living: list[Actor]) -> None:
        moments = [
            max(actor.wake, actor.process.paused_until)
            for actor in living
            if actor.waits_for is None or actor.waits_for()
        ]
        if not moments:
            raise Stuck("; ".join(f"{actor.name} at {actor.where}" for actor in living))
        clock.set(min(moments))

    def _switch(self, actor: Actor, where: str) -> None:
        actor.where = where
        self._back.give()
        actor.turn.take()
        actor.waits_for = None
        if actor.process.dead:
            raise Crashed

    def _live(self, actor: Actor, work: Callable[[], Any]) -> None:
        _THREAD.actor = actor
        actor.turn.take()
        try:
            if not actor.process.dead:
                work()
        except BaseException as error:
            # What goes wrong while a killed process unwinds is of no concern to anybody.
            actor.error = None if actor.process.dead else error
        actor.done = True
        self._back.give()


class Workers:
    """Stands where the product uses a ThreadPoolExecutor: each task may be overtaken by any other at each point."""

    kernel: Kernel

    def __init__(self, max_workers: int, thread_name_prefix: str = "") -> None:
        self._count = max_workers
        self._name = thread_name_prefix

    def __enter__(self) -> "Workers":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing waits here: `map` has waited."""

    def map(self, work: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
        """The results in the order of the items; the first error is raised when all have ended."""
        kernel, me = self.kernel, self.kernel.current()
        todo = list(enumerate(items))
        assert me is not None
        results: dict[int, Any] = {}

        def worker() -> None:
            while todo:
                place, item = todo.pop(0)
                results[place] = work(item)

        team = [
            kernel.spawn(f"{me.process.name}/{self._name}-{n}", me.process, worker)
            for n in range(min(self._count, len(todo)))
        ]
        if team:
            kernel.join(team)
        for actor in team:
            if actor.error is not None:
                raise actor.error
        return [results[place] for place in sorted(results)]
