"""Record ids: 15 characters that tell upper from lower case, and 18 with a suffix that repairs the case.

What belongs here: drawing ids, completing and checking them. Nothing here knows an object.
"""

from __future__ import annotations

import re

SHORT_ID, FULL_ID = 15, 18
PREFIX = 3
# Two letters of the instance and a reserved digit stand behind the key prefix of the object.
INSTANCE = "gK0"
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
# In this order ids of one object sort as they were made.
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SERIAL_DIGITS = 9
_SHAPE = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?\Z")


def suffix(short: str) -> str:
    """The three characters behind 15: one for each five, whose bits say which of them are upper case."""
    return "".join(
        _SUFFIX[sum(1 << place for place, each in enumerate(short[start : start + 5]) if "A" <= each <= "Z")]
        for start in range(0, SHORT_ID, 5)
    )


def full(identifier: str) -> str | None:
    """The 18 characters of an id given with 15 or 18, or None when it cannot be one."""
    if _SHAPE.match(identifier) is None:
        return None
    short = identifier[:SHORT_ID]
    return short + suffix(short)


def make(prefix: str, serial: int, instance: str = INSTANCE) -> str:
    """The id of the so-many-th record of the object with this key prefix."""
    digits = ""
    for _ in range(_SERIAL_DIGITS):
        serial, digit = divmod(serial, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    short = prefix + instance + digits
    return short + suffix(short)
