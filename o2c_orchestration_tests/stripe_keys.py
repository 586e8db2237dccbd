"""The table of Stripe's permissions in docs/security.md, as tests make restricted keys of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_PAGE = Path(__file__).parents[1] / "docs" / "security.md"
_LEVEL = r"None|Read|Write"
_ROW = re.compile(
    rf"^\| (?P<shown>[^|]+) \| (?P<names>[^|]+) \| (?P<reader>{_LEVEL}) \| (?P<writer>{_LEVEL}) \| (?P<asked>[^|]+) \|",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Row:
    """One permission: how the Dashboard calls it, its names in Stripe's refusals, the level that each key has, and the
    requests that it is for: method and path, with `ID` for an id."""

    shown: str
    names: tuple[str, ...]
    reader: str
    writer: str
    requests: tuple[tuple[str, str], ...]

    def allows(self, method: str, path: str) -> bool:
        """Whether the row is about this request."""
        return any(
            method == own and re.fullmatch(known.replace("ID", "[^/]+"), path) is not None
            for own, known in self.requests
        )


def rows() -> list[Row]:
    """The table, in its order."""
    return [
        Row(
            found["shown"],
            tuple(re.findall(r"`(\w+)`", found["names"])),
            found["reader"],
            found["writer"],
            tuple(_requests(found["asked"])),
        )
        for found in _ROW.finditer(_PAGE.read_text())
    ]


def _requests(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(";"):
        method, *_ = part.split()
        for path in re.findall(r"`([^`]+)`", part):
            yield method, path


def permissions(levels: dict[str, str]) -> tuple[str, ...]:
    """What the sandbox gives a restricted key for these levels by name of a permission."""
    return tuple(f"{name}_{level.lower()}" for name, level in levels.items() if level != "None")


def levels(key: str) -> dict[str, str]:
    """The levels of the `reader` or the `writer`, by name of a permission."""
    return {name: getattr(row, key) for row in rows() for name in row.names}
