"""What Stripe's own SDK declares of an object at the API version that it pins: path → types, and values of enums.

The SDK's annotations are generated from Stripe's specification, so nothing of this is written down by hand. Paths are
those of domain/drift.py. What may be expanded is not followed: it is an id in what we read.
"""

import inspect
import re
import types
import typing
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import stripe

from o2c_orchestration.domain.drift import Declared
from o2c_orchestration.extract.redact import DROPPED, KEPT_AS_ID

# As the SDK calls the objects that are read; what is not here has no shape that is known beforehand.
_CLASSES = {
    "customer": "Customer",
    "invoice": "Invoice",
    "price": "Price",
    "coupon": "Coupon",
    "charge": "Charge",
    "invoice_payment": "InvoicePayment",
    "credit_note": "CreditNote",
    "refund": "Refund",
    "dispute": "Dispute",
    "balance_transaction": "BalanceTransaction",
    "payout": "Payout",
    "customer_balance_transaction": "CustomerBalanceTransaction",
}
SDK_VERSION: str = stripe.VERSION
_PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", Decimal: "string", type(None): "null"}
# Lists that Stripe pages: what their SDK class leaves to its generic parent.
_LIST = {"object": "string", "has_more": "boolean", "url": "string", "total_count": "number", "data": "array"}
# An object within an object: deeper than this Stripe's objects do not go, but for what refers to itself.
_DEPTH_MAX = 7

Shape = dict[str, Declared]


@cache
def shape(object_type: str) -> Shape:
    """Every path that Stripe's SDK declares for a type of object; empty for one that it does not know."""
    name = _CLASSES.get(object_type)
    found = _fields(getattr(stripe, name), "", 0) if name else ()
    return {path: each for path, each in found if re.split(r"[.\[]", path)[0] not in DROPPED - {KEPT_AS_ID}}


def _fields(declared: Any, prefix: str, depth: int) -> Iterator[tuple[str, Declared]]:
    if depth > _DEPTH_MAX:
        return
    for name, annotation in inspect.get_annotations(declared).items():
        if name.islower():  # what is in capitals is the class's own
            # A keyword of Python's has an underscore behind it in the SDK.
            yield from _field(annotation, f"{prefix}{name.rstrip('_')}", depth)


def _field(annotation: Any, path: str, depth: int) -> Iterator[tuple[str, Declared]]:
    parts = list(_alternatives(annotation))
    found, values = {kind for part in parts for kind in _types(part)}, frozenset(_literals(parts))
    yield path, Declared(frozenset(found), values or None, any(_is_map(part) for part in parts))
    expandable = any(part is str for part in parts)
    for part in parts:
        if not expandable:
            yield from _inside(part, path, depth)


def _inside(part: Any, path: str, depth: int) -> Iterator[tuple[str, Declared]]:
    origin, arguments = typing.get_origin(part), typing.get_args(part)
    if origin is list:
        yield from _element(arguments[0], f"{path}[]", depth)
    elif _is_page(part):
        for name, kind in _LIST.items():
            yield f"{path}.{name}", Declared(frozenset({kind}))
        yield from _element(arguments[0], f"{path}.data[]", depth)
    elif _is_map(part):
        yield from _field(arguments[0] if arguments else Any, f"{path}.*", depth + 1)
    elif isinstance(part, type) and issubclass(part, stripe.StripeObject):
        yield from _fields(part, f"{path}.", depth + 1)


def _element(annotation: Any, path: str, depth: int) -> Iterator[tuple[str, Declared]]:
    """Objects with a name of their own are followed in lists only: elsewhere they lead to all of Stripe."""
    if isinstance(annotation, typing.ForwardRef):
        yield path, Declared(frozenset({"object"}))
        yield from _fields(getattr(stripe, annotation.__forward_arg__), f"{path}.", depth + 1)
    else:
        yield from _field(annotation, path, depth + 1)


def _alternatives(annotation: Any) -> Iterator[Any]:
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        for part in typing.get_args(annotation):
            yield from _alternatives(part)
    else:
        yield annotation


def _types(part: Any) -> Iterator[str]:
    if part in _PLAIN:
        yield _PLAIN[part]
    elif typing.get_origin(part) is typing.Literal:
        yield from {"boolean" if isinstance(value, bool) else "string" for value in typing.get_args(part)}
    elif typing.get_origin(part) is list:
        yield "array"
    elif part is not Any:
        yield "object"


def _literals(parts: list[Any]) -> Iterator[str]:
    for part in parts:
        if typing.get_origin(part) is typing.Literal:
            yield from (value for value in typing.get_args(part) if isinstance(value, str))


def _is_page(part: Any) -> bool:
    return getattr(typing.get_origin(part), "__name__", "") == "ListObject"


def _is_map(part: Any) -> bool:
    origin = typing.get_origin(part)
    return origin is dict or getattr(origin, "__name__", "") == "UntypedStripeObject"
