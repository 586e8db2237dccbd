"""What breaks in one world: drawn once from the seed, so that each seed has a character of its own.

A world in which everything breaks all the time reaches few states; so each seed switches on some faults only, and
each with a rate of its own ("swarm testing").
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from o2c_orchestration_tests.simulation.network import FAULTS

_HOUR = 3600.0
# Anywhere, or with a write to NetSuite about to leave, or with its answer in hand.
PAUSES = ("", "request POST /services/rest/record", "answer POST /services/rest/record")


@dataclass(frozen=True)
class Character:
    """The faults of a seed: rates by kind, how many crashes and pauses, a second runner, wrong clocks, bad events."""

    rates: dict[str, float]
    crashes: int
    pauses: int
    paused_at: str
    second_runner: bool
    skew: float
    events: frozenset[str] = field(default_factory=frozenset)
    behind_our_back: int = 0

    @classmethod
    def of(cls, rng: random.Random) -> "Character":
        """Drawn from the seed."""
        chosen = [name for name in FAULTS if rng.random() < 0.45]
        return cls(
            rates={name: rng.choice((0.005, 0.02, 0.08, 0.25)) for name in chosen},
            crashes=rng.choice((0, 0, 1, 2, 4)),
            pauses=rng.choice((0, 0, 0, 1)),
            paused_at=rng.choice(PAUSES),
            second_runner=rng.random() < 0.35,
            skew=rng.choice((0.0, 0.0, 0.0, -240.0, 45.0, 400.0)),
            events=frozenset(name for name in ("doubled", "reordered", "late", "lost") if rng.random() < 0.3),
            behind_our_back=rng.choice((0, 0, 1, 3)),
        )

    def distortion(self, rng: random.Random, counts: Counter[str]) -> Callable[[list[Any]], list[Any]] | None:
        """What happens to a page of events on its way, None if nothing does."""
        return (lambda events: _distort(events, self.events, rng, counts)) if self.events else None


def _distort(events: list[Any], kinds: frozenset[str], rng: random.Random, counts: Counter[str]) -> list[Any]:
    seen: list[Any] = []
    for event in events:
        fate = rng.random()
        # One that comes late is in no page now, and in the next one if that reaches back so far.
        if ("lost" in kinds and fate < 0.15) or ("late" in kinds and 0.15 <= fate < 0.4):
            counts["events lost" if fate < 0.15 else "events late"] += 1
            continue
        seen.append(event)
        if "doubled" in kinds and fate > 0.8:
            counts["events doubled"] += 1
            seen.append({**event, "id": event["id"] + "x"})
    if "reordered" in kinds and len(seen) > 1:
        # The last stays where it is: a cursor pages on from it.
        counts["events reordered"] += 1
        head = seen[:-1]
        rng.shuffle(head)
        seen = [*head, seen[-1]]
    return seen
