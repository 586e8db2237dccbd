"""Which values a field of a kind takes: asked of constants, defaults and tables when `o2c.yaml` is read, and of what
rules come to when documents are planned. The kinds are those of mapping_fields. Pure.
"""

import re
from datetime import date
from typing import Final

from o2c_orchestration.domain.expressions import Value
from o2c_orchestration.domain.metadata import internal_id

# The same for Python and for the JSON schema that editors read.
CODE: Final = "[A-Za-z0-9_]{1,40}"
DAY: Final = r"\d{4}-\d\d-\d\d"
_CODE, _DAY = re.compile(CODE), re.compile(DAY, re.ASCII)


def characters(kind: str) -> int | None:
    """The most characters that a text of this kind may have; None: any number of them, or it is no text."""
    return int(kind[1:]) if kind[0] == "s" and kind[1:].isdigit() else None


def wrong_value(value: Value, named: str | None, kind: str) -> str | None:
    """Why a value is none that the field takes, in words that follow it; None: it is one.

    `named` is the record that it names (`reference_kind`), `kind` that of the field, `any` of a custom one.
    """
    if named is not None:
        return _no_record(value, named)
    wrong, most = None, characters(kind)
    if kind == "c" and not (isinstance(value, str) and _CODE.fullmatch(value)):
        wrong = "is none of NetSuite's words, such as en_US or PDF"
    elif kind == "b" and not isinstance(value, bool):
        wrong = "is neither true nor false"
    elif kind == "d" and not _is_day(value):
        wrong = "is no date such as 2026-11-30"
    elif kind.startswith("s") and isinstance(value, bool | tuple):
        wrong = "is no text"
    elif most is not None and len(str(value)) > most:
        wrong = f"is longer than the {most} characters that NetSuite takes"
    return wrong


def _no_record(value: Value, named: str) -> str | None:
    if isinstance(value, bool | tuple):
        return "is no record's name or internal id"
    if named == "id" and internal_id(str(value)) is None:
        return "is no internal id, and a record here is named by its internal id"
    return None


def _is_day(value: Value) -> bool:
    try:
        return isinstance(value, str) and _DAY.fullmatch(value) is not None and date.fromisoformat(value) is not None
    except ValueError:
        return False
