"""Identifiers that look like Stripe's.

What belongs here: drawing ids. NetSuite compares external ids without regard to case, so no two ids
of one company are equal when folded to lower case; that holds by construction, not by luck.
"""

from __future__ import annotations

import random

_FOLDED = "0123456789abcdefghijklmnopqrstuvwxyz"
_ALPHABET = _FOLDED + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SERIAL_DIGITS = 5
_SERIALS = 36**_SERIAL_DIGITS
# Coprime with 36, so multiplying permutes the serials and neighbours look unrelated.
_STEP = 23_456_789
# Stripe writes the generation of an id as its first character; customers and products have none.
_LEAD = {
    "in": "1",
    "il": "1",
    "ii": "1",
    "sub": "1",
    "price": "1",
    "inpay": "1",
    "evt": "1",
    "di": "1",
    "txr": "1",
    "pm": "1",
    "pi": "3",
    "ch": "3",
    "py": "3",
    "txn": "3",
    "re": "3",
    "pyr": "3",
    "cn": "1",
    "cnli": "1",
    "dp": "1",
    "du": "1",
    "po": "1",
    "ba": "1",
}
_SHORT = {"cus": 14, "prod": 14, "si": 14}


class IdMaker:
    """Draws ids such as `in_1…`: 24 characters after the prefix, 14 for `cus`, `prod` and `si`."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._drawn = 0

    def new(self, prefix: str) -> str:
        """An id never drawn before. Raises OverflowError after 60 million of them."""
        self._drawn += 1
        if self._drawn >= _SERIALS:
            raise OverflowError("one company cannot hold more than 60 million Stripe ids")
        lead = _LEAD.get(prefix, "")
        noise = "".join(self._rng.choices(_ALPHABET, k=_SHORT.get(prefix, 24) - len(lead) - _SERIAL_DIGITS))
        return f"{prefix}_{lead}{noise}{self._serial()}"

    def _serial(self) -> str:
        value = self._drawn * _STEP % _SERIALS
        upper = self._rng.getrandbits(_SERIAL_DIGITS)
        digits = []
        for place in range(_SERIAL_DIGITS):
            value, digit = divmod(value, 36)
            character = _FOLDED[digit]
            digits.append(character.upper() if upper >> place & 1 else character)
        return "".join(digits)
