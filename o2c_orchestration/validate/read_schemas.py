"""Pandera schemas of what SuiteQL and SOQL give: made of domain/read_rows.py."""

from collections.abc import Sequence
from typing import Any

import pandera.pandas as pa

from o2c_orchestration.domain.read_rows import READ_ROWS
from o2c_orchestration.validate.columns import schema
from o2c_orchestration.validate.read_rows import Row
from o2c_orchestration.validate.schemas import failing

SCHEMAS: dict[str, pa.DataFrameSchema] = {kind: schema(fields, kind) for kind, fields in READ_ROWS.items()}


def failures(kind: str, rows: Sequence[Row]) -> dict[int, str]:
    """Row number → reasons, for the rows of a kind of domain/read_rows.py that fail their schema.

    A column that is not there is empty, and one that nobody asked for is not looked at.
    """
    names = [each.name for each in READ_ROWS[kind]]
    return failing(SCHEMAS[kind], [{name: _empty_as_none(row.get(name)) for name in names} for row in rows])


def _empty_as_none(value: Any) -> Any:
    return None if value == "" else value
