"""Objects of the systems as nobody should ever send them: one thing of them is missing, or is something else."""

import copy
import random
from collections.abc import Collection, Iterator, Mapping
from typing import Any

# What may stand where something else belongs: no value, other types, bounds of integers, texts that mean something.
VALUES: tuple[Any, ...] = (
    *(None, "", 0, -1, 1, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 10**12, 10**15, -(10**12), 1.5, -0.0, 1e300),
    *(True, False, [], {}, [None], [{}], {"a": None}, ["x"], [[[]]], {"id": "x"}, {"id": None}),
    *("x" * 3000, "a\0b", "\U0001f600", "in_", "IN_1", "cus_ümlaut", "zzz", "usd", "USD", "'; DROP TABLE x; --", "%s"),
    *("0", "-3", "12,5", "12.50", "1e9", "NaN", "Infinity", "2026-01-01", "2026-02-30", "9999-12-31", "May 2026"),
)
Path = tuple[str | int, ...]


def damaged(thing: Mapping[str, Any], chance: random.Random, spared: Collection[str] = ()) -> dict[str, Any]:
    """A copy with one to three of its values, at any depth, taken out or replaced; `spared` are fields at the top."""
    found = copy.deepcopy(dict(thing))
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        _spoil(found, chance, [path for path in _paths(found) if path[0] not in spared])
    return found


def _spoil(thing: Any, chance: random.Random, paths: list[Path]) -> None:
    if not paths:
        return
    *above, last = chance.choice(paths)
    for step in above:
        thing = thing[step]
    if isinstance(thing, dict) and chance.random() < 0.2:
        del thing[last]
    else:
        thing[last] = copy.deepcopy(chance.choice(VALUES))


def _paths(value: Any, above: Path = ()) -> Iterator[Path]:
    steps: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield (*above, step)
        yield from _paths(inner, (*above, step))
