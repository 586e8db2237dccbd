"""What the oracle has seen of a world in earlier calls, so that nothing can change or vanish between two of them.

What belongs here: remembering and comparing. The memory hangs on the world object itself and goes with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

from o2c_orchestration_tests.simulation.oracle.books import Document
from o2c_orchestration_tests.simulation.oracle.view import Wire, World

_TOUCHING = ("entered", "edited")


@dataclass
class Memory:
    """Everything seen so far."""

    diary_read: int = 0
    entered: set[str] = field(default_factory=set)
    touched_ever: set[str] = field(default_factory=set)
    touched_now: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    periods_closed: set[str] = field(default_factory=set)
    customers_stopped: set[str] = field(default_factory=set)
    sold: set[str] = field(default_factory=set)
    documents: dict[str, Document] = field(default_factory=dict)
    seen_ids: set[str] = field(default_factory=set)
    journal: dict[str, Wire] = field(default_factory=dict)

    def read_diary(self, history: Sequence[Wire]) -> None:
        """Take in what people did since the last call."""
        self.touched_now = set()
        for entry in history[self.diary_read :]:
            if entry.get("system") == "netsuite":
                self._note(entry)
        self.diary_read = len(history)

    def _note(self, entry: Wire) -> None:
        document, change = str(entry.get("document") or ""), entry.get("change")
        if change in _TOUCHING:
            self.touched_now.add(document)
            self.touched_ever.add(document)
        if change == "entered":
            self.entered.add(document)
        elif change == "deleted":
            self.deleted.add(document)
        elif change == "period":
            self.periods_closed.add(str(entry["period"]))
        elif change == "customer":
            self.customers_stopped.add(document)


_MEMORIES: "WeakKeyDictionary[Any, Memory]" = WeakKeyDictionary()


def of(world: World) -> Memory:
    """The memory of this very world; empty at the first call."""
    return _MEMORIES.setdefault(world, Memory())
