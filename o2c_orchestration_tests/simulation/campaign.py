"""One seed from beginning to end: a company at work, faults, their end, and the judgement."""

import hashlib
import logging
import random
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog

from o2c_orchestration_tests.simulation.chaos import Character
from o2c_orchestration_tests.simulation.clock import clock
from o2c_orchestration_tests.simulation.database import SimulatedDatabase, connections_watched
from o2c_orchestration_tests.simulation.houses import HOUSES
from o2c_orchestration_tests.simulation.kernel import Process, Stuck
from o2c_orchestration_tests.simulation.life import Life, Record
from o2c_orchestration_tests.simulation.oracle import judge_deals_settled, judge_settled
from o2c_orchestration_tests.simulation.runner import Runner
from o2c_orchestration_tests.simulation.stage import set_on_stage
from o2c_orchestration_tests.simulation.world import World

_HOUR = 3600.0
# The nights on which clocks change in the books' time zone, ends of months, and a day like any other.
_STARTS = ("2026-03-07T22:00", "2026-10-31T20:00", "2026-06-30T19:00", "2026-12-31T18:00", "2026-08-12T09:00")
# Most worlds are short and busy, so that there are many: what can go wrong does so at once, or needs a longer history.
_TROUBLE_HOURS = (0.5,) * 22 + (1.0, 4.0)
# In how many worlds deals are won in Salesforce.
_SELLING = 0.3
# What is not settled within this time after the last fault never will be.
_PATIENCE_HOURS = 8.0


@dataclass(frozen=True)
class Result:
    """What became of a seed. `settled_after` is in simulated seconds since the faults stopped, -1 if never."""

    seed: int
    verdict: str
    settled_after: float
    simulated_hours: float
    digest: str
    faults: dict[str, int]
    runs: dict[str, int]
    crashes: int
    pauses: int
    documents: dict[str, int]
    duplicates: int
    losses: int

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


class Campaign:
    """Runs seeds one after the other on one database. `home` has the policy files, and in `keys` the sandbox's."""

    def __init__(self, database: SimulatedDatabase, home: Path) -> None:
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
        self._database, self._home = database, home

    def run(self, seed: int, trace_to: Path | None = None) -> Result:
        """The whole of one seed."""
        draw = random.Random(f"world {seed}")
        start = datetime.fromisoformat(draw.choice(_STARTS)).replace(tzinfo=UTC).timestamp()
        character, hours = Character.of(draw), draw.choice(_TROUBLE_HOURS)
        house = HOUSES[seed % len(HOUSES)]
        world = World(seed, start, self._database, self._home, house, sells=draw.random() < _SELLING)
        try:
            drama = _Drama(world, character, hours * _HOUR)
            verdict = drama.play()
            for gap in [*world.gaps(), *world.deal_gaps()]:
                named = gap["salesforce_id"] or gap["stripe_id"] or gap["netsuite_id"]
                world.kernel.note(f"open gap {gap['kind']} {named}: {gap['reason']}")
            if trace_to is not None:
                trace_to.write_text("\n".join(world.kernel.trace) + "\n")
            return drama.result(seed, verdict, start)
        finally:
            world.close()


class _Drama:
    """The cast of one world: life, the product's processes, whoever starts and kills them, and the judge."""

    def __init__(self, world: World, character: Character, trouble: float) -> None:
        self._world, self._character, self._trouble_lasts = world, character, trouble
        self._kernel = world.kernel
        self._kernel.on_death = lambda process: world.database.hang_up(process.name)
        self._kernel.on_pause = self._pause
        self._settled_after = -1.0
        self._crashes = self._pauses = self._started = 0
        self._trouble = True

    def play(self) -> str:
        """Until everything is settled or patience ends; the verdict, empty when all is well."""
        world, stage = self._world, Process("stage")
        set_on_stage(world)
        with connections_watched(self._kernel):
            self._people = self._kernel.spawn("life", Process("life"), self._live)
            self._kernel.spawn("director", stage, self._direct)
            try:
                self._kernel.run()
            except (AssertionError, Stuck) as found:
                return str(found)
            finally:
                world.database.hang_up("runner%")
                self._kernel.end()
        # Whoever slept until now has had its say by now.
        if wrong := self._kernel.failures + world.database.breaches():
            return "; ".join(wrong)
        return "" if self._settled_after >= 0 else "not settled: " + "; ".join(self._unsettled())

    def result(self, seed: int, verdict: str, start: float) -> Result:
        """For the table."""
        records = [record for record in self._world.netsuite_records() if record.get("externalId")]
        ids = [str(record["externalId"]).lower() for record in records if record["type"] != "customer"]
        return Result(
            seed=seed,
            verdict=verdict,
            settled_after=self._settled_after,
            simulated_hours=round((clock.now - start) / _HOUR, 2),
            digest=hashlib.sha256("\n".join(self._kernel.trace).encode()).hexdigest()[:16],
            faults=dict(self._world.weather.counts),
            runs=dict(self._world.tally),
            crashes=self._crashes,
            pauses=self._pauses,
            documents=dict(Counter([*(str(each["type"]) for each in records), *self._made_for_deals()])),
            duplicates=len(ids) - len(set(ids)),
            losses=verdict.count("lost"),
        )

    def _made_for_deals(self) -> list[str]:
        return ["salesOrder" for _ in self._world.sales_orders()]

    def _live(self) -> None:
        """People at work, while there is trouble."""
        world = self._world
        house = world.house
        hands = {"behind_our_back": self._character.behind_our_back, "by_hand": house.by_hand}
        life = Life(world.rng, world.call, **hands, sells=world.sells, told=house.stories)
        for record in life.begin():
            self._note(record)
        while self._trouble:
            self._note(life.act())
            self._pass(world.rng.uniform(60, 1500) * min(1.0, self._trouble_lasts / _HOUR))
        # The bank's day ends: most of what is in the balance is paid out.
        last = life.do("money.pay_out") if world.rng.random() < 0.7 else None
        if last is not None:
            self._note(last)

    def _pass(self, seconds: float) -> None:
        """Until then, or until the trouble is over."""
        until = clock.now + seconds
        while self._trouble and clock.now < until:
            self._kernel.sleep(min(60.0, until - clock.now))

    def _note(self, record: Record) -> None:
        self._world.history.append(record)
        self._kernel.note(f"life: {record}"[:300])

    def _direct(self) -> None:
        """Start processes, kill and pause them, end the trouble, and wait for everything to settle."""
        kernel, world, character = self._kernel, self._world, self._character
        world.weather.rates = character.rates
        world.weather.distort = character.distortion(world.rng, world.weather.counts)
        cast = [self._start(0.0)] + ([self._start(300.0)] if character.second_runner else [])
        blows = sorted(world.rng.uniform(0.05, 1.0) * self._trouble_lasts for _ in range(character.crashes))
        for blow in blows:
            kernel.sleep(world.began + blow - clock.now)
            victim = cast.pop(world.rng.randrange(len(cast)))
            victim.doomed_in = world.rng.randrange(1, 120)
            kernel.sleep(world.rng.uniform(30, 900))
            self._crashes += victim.dead
            cast.append(self._start(0.0))
        if character.pauses and cast:
            cast[0].paused_at = character.paused_at
            cast[0].paused_in = world.rng.randrange(1, 5 if character.paused_at else 120)
        kernel.sleep(world.began + self._trouble_lasts - clock.now)
        self._calm(cast)
        kernel.join([self._people])
        self._await_settlement()
        world.over = True

    def _start(self, offset: float) -> Process:
        self._started += 1
        process = Process(f"runner{self._started}", skew=self._character.skew)
        self._kernel.spawn(process.name, process, Runner(self._world, process, offset).live)
        return process

    def _pause(self, process: Process) -> float:
        """A machine that stands still for so long that the database gives its connections up; another one starts."""
        self._pauses += 1
        self._world.database.hang_up(process.name)
        self._start(60.0)
        return self._world.rng.uniform(0.5, 3.0) * _HOUR

    def _calm(self, cast: list[Process]) -> None:
        self._trouble = False
        self._world.weather.rates, self._world.weather.distort = {}, None
        for process in cast:
            process.doomed_in = process.paused_in = -1
            process.skew = 0.0
        self._kernel.note("the faults stop")

    def _unsettled(self) -> list[str]:
        return judge_settled(self._world) + judge_deals_settled(self._world)

    def _await_settlement(self) -> None:
        stopped = clock.now
        while clock.now - stopped < _PATIENCE_HOURS * _HOUR:
            self._kernel.sleep(300.0)
            self._world.judge()
            if not self._unsettled():
                self._settled_after = clock.now - stopped
                return
