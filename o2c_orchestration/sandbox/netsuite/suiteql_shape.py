"""A query without its values: what a client asks again and again differs in ids and dates only.

What belongs here: taking values out of a text. What does not: what the text means (see `suiteql_dialect`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

_VALUE = re.compile(
    r"""TO_DATE\('(?P<date>[^']*)'(?!')|\bid > (?P<after>\d+)\b|\bBETWEEN (?P<low>\d+) AND (?P<high>\d+)\b"""
    r"""|(?P<given>\?)|'(?:[^']|'')*'|"[^"]*\""""
)
# In a comment a quotation mark stands alone.
_COMMENT = re.compile(r"--|/\*")


@dataclass(frozen=True)
class Shape:
    """A text with `?` for values, and what stood there, in order; None for a `?` of the client's own."""

    text: str
    values: tuple[str | int | None, ...]

    @property
    def taken(self) -> int:
        """How many values were taken out."""
        return len(self.values) - self.values.count(None)

    def bound(self, given: dict[str, object]) -> dict[str, object]:
        """The parameters p1, p2, … of the shape, from those of the text that it was made of."""
        if not self.taken:
            return given
        own = iter(given.values())
        values = (next(own) if value is None else value for value in self.values)
        return {f"p{number}": value for number, value in enumerate(values, start=1)}


def shape_of(text: str) -> Shape:
    """The shape of a query. A text of which it is not sure where its strings end has none but itself."""
    values: list[str | int | None] = []
    if _COMMENT.search(text):
        return Shape(text, ())
    return Shape(_VALUE.sub(partial(_taken, values), text), tuple(values))


def _taken(values: list[str | int | None], found: re.Match[str]) -> str:
    value = found.groupdict()
    if value["date"] is not None:
        values.append(value["date"])
        return "TO_DATE(?"
    if value["after"] is not None:
        values.append(int(value["after"]))
        return "id > ?"
    if value["low"] is not None:
        values.extend((int(value["low"]), int(value["high"])))
        return "BETWEEN ? AND ?"
    if value["given"] is not None:
        values.append(None)
    return found[0]
