"""What every section of `o2c.yaml` has in common."""

import difflib
from collections.abc import Iterable, Sequence
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict


class Section(BaseModel):
    """Unknown keys are refused, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _as_text(value: object) -> object:
    """YAML reads `1` as a number; NetSuite's internal ids are text."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


RecordName = Annotated[str, BeforeValidator(_as_text, json_schema_input_type=str | int)]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """``: did you mean 'x'?`` where a known name is near; else nothing."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f": did you mean {near[0]!r}?" if near else ""


class Several(ValueError):
    """Several things that are wrong below one key: where below it, and what in words."""

    def __init__(self, problems: Sequence[tuple[tuple[str, ...], str]]) -> None:
        super().__init__("; ".join(f"{'.'.join(where)}: {text}" for where, text in problems))
        self.problems = tuple(problems)
