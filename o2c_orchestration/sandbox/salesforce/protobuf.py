"""Protocol Buffers as bytes: just what the messages of the Pub/Sub API need, written by hand.

So the sandbox shares with its client neither descriptors nor a mistake in them. A message is a list of fields
`(number, value)`: whole numbers and flags travel as varints, text and bytes with their length.
"""

from __future__ import annotations

from collections.abc import Iterable

Value = int | bytes
_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5


def encode(fields: Iterable[tuple[int, int | bytes | str]]) -> bytes:
    """The bytes of a message; fields that are zero or empty are left out, as proto3 does."""
    made = bytearray()
    for number, value in fields:
        if not value:
            continue
        if isinstance(value, int):
            made += _varint(number << 3 | _VARINT) + _varint(int(value))
            continue
        body = value.encode() if isinstance(value, str) else value
        made += _varint(number << 3 | _LENGTH) + _varint(len(body)) + body
    return bytes(made)


def decode(body: bytes) -> dict[int, Value]:
    """The fields of a message by number, the last of each. Raises ValueError."""
    found: dict[int, Value] = {}
    at = 0
    while at < len(body):
        key, at = _read_varint(body, at)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            found[number], at = _read_varint(body, at)
        elif kind == _LENGTH:
            length, at = _read_varint(body, at)
            found[number], at = body[at : at + length], at + length
        elif kind in (_FIXED64, _FIXED32):
            at += 8 if kind == _FIXED64 else 4
        else:
            raise ValueError(f"wire type {kind}")
    return found


def text(fields: dict[int, Value], number: int) -> str:
    """A field as text."""
    value = fields.get(number, b"")
    return value.decode() if isinstance(value, bytes) else ""


def _varint(value: int) -> bytes:
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*made, value])


def _read_varint(body: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(body):
            raise ValueError("a number that does not end")
        value |= (body[at] & 0x7F) << shift
        shift += 7
        at += 1
        if not body[at - 1] & 0x80:
            return value, at
