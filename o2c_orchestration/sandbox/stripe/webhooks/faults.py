"""What goes wrong on purpose between Stripe and a webhook endpoint.

What belongs here: the rules and their draws, from one seeded generator, at the moment an event is made; so they
repeat when the same events come in the same order. Acting on them is the outbox's work.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal, get_args

Kind = Literal["twice", "reorder", "delay", "drop", "two_ids"]

# How long an event is held back for a later one to overtake it, when none comes.
HELD_MS = 2000


@dataclass
class WebhookFault:
    """One rule: which events to which endpoint, what happens to them, how likely, how many times (None for ever).

    `kind` is one of
    twice    the event is sent two times, the second `delay_ms` after the first;
    reorder  it is held back until a later event has been sent, at most `delay_ms` (2000);
    delay    it is sent `delay_ms` later;
    drop     it is never sent, and stays pending;
    two_ids  the change is announced by a second event with an id of its own, to every endpoint.
    `type` may have wildcards: `invoice.*`. Without `type` or `endpoint` the rule is about all of them.
    """

    kind: Kind
    probability: float = 1.0
    times: int | None = None
    delay_ms: int = 0
    endpoint: str | None = None
    type: str | None = None

    @classmethod
    def parse(cls, given: Any) -> WebhookFault:
        """From the JSON of the control interface. Raises ValueError or TypeError that says what is wrong."""
        if not isinstance(given, dict):
            raise TypeError(f"a rule is a JSON object, not {given!r}")
        unknown = given.keys() - cls.__dataclass_fields__.keys()
        if unknown:
            raise ValueError(f"unknown field in a rule: {', '.join(sorted(unknown))}")
        if given.get("kind") not in get_args(Kind):
            raise ValueError(f"kind must be one of {', '.join(get_args(Kind))}")
        if given["kind"] == "two_ids" and given.get("endpoint"):
            raise ValueError("two_ids concerns every endpoint, since it makes an event")
        return cls(**given)

    def concerns(self, event_type: str, endpoint: str) -> bool:
        """Whether the rule is about this delivery and has not been used up."""
        return (
            self.times != 0
            and self.endpoint in (None, endpoint)
            and (self.type is None or fnmatchcase(event_type, self.type))
        )


@dataclass
class Fate:
    """What is to happen to one delivery; None where nothing is."""

    dropped: bool = False
    delay_ms: int = 0
    held_ms: int | None = None
    again_after_ms: int | None = None


class WebhookFaults:
    """The rules in force."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.clear()

    def add(self, rules: list[WebhookFault]) -> None:
        """Put rules behind those in force."""
        self.rules.extend(rules)

    def clear(self) -> None:
        """Drop every rule and start the generator over, so that a run can be repeated."""
        self.rules: list[WebhookFault] = []
        self._random = random.Random(self._seed)

    def second_id(self, event_type: str) -> bool:
        """Whether this change is announced twice, by two events."""
        return bool(list(self._fired(event_type, "", {"two_ids"})))

    def fate(self, event_type: str, endpoint: str) -> Fate:
        """What happens to an event on its way to an endpoint; every rule that fires has its part."""
        fate = Fate()
        for rule in self._fired(event_type, endpoint, {"twice", "reorder", "delay", "drop"}):
            match rule.kind:
                case "drop":
                    fate.dropped = True
                case "delay":
                    fate.delay_ms += rule.delay_ms
                case "reorder":
                    fate.held_ms = rule.delay_ms or HELD_MS
                case _:
                    fate.again_after_ms = rule.delay_ms
        return fate

    def _fired(self, event_type: str, endpoint: str, kinds: set[str]) -> Iterator[WebhookFault]:
        for rule in self.rules:
            if rule.kind not in kinds or not rule.concerns(event_type, endpoint):
                continue
            if self._random.random() >= rule.probability:
                continue
            if rule.times is not None:
                rule.times -= 1
            yield rule
