"""What every section of `o2c.yaml` has in common."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict


class Section(BaseModel):
    """Unknown keys are refused, and nothing changes once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _as_text(value: object) -> object:
    """YAML reads `1` as a number; NetSuite's internal ids are text."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


RecordName = Annotated[str, BeforeValidator(_as_text)]
