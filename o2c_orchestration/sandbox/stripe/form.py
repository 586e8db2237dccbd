"""Form-encoded parameters: `created[gte]=1` to `{"created": {"gte": "1"}}`, and typed reads from them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl

from o2c_orchestration.sandbox.stripe.errors import StripeError, invalid_integer, missing_parameter, unknown_parameter

Params = dict[str, Any]


def parse(encoded: str) -> Params:
    """Nested values of a query string or a form body; `a[]` and `a[0]` become lists, leaves stay text."""
    params: Params = {}
    for key, value in parse_qsl(encoded, keep_blank_values=True):
        _put(params, key.replace("]", "").split("["), value)
    return {key: value if key == "metadata" else _listed(value) for key, value in params.items()}


def _put(params: Params, parts: list[str], value: str) -> None:
    for part in parts[:-1]:
        inner = params.setdefault(part or str(len(params)), {})
        if not isinstance(inner, dict):
            raise StripeError(400, "Invalid object", param=parts[0])
        params = inner
    params[parts[-1] or str(len(params))] = value


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    # A key of metadata may well be a number.
    inner = {key: item if key == "metadata" else _listed(item) for key, item in value.items()}
    if inner and all(key.isdigit() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner


def only(params: Params, known: Iterable[str]) -> None:
    """Raises StripeError (parameter_unknown) at the first parameter that is not `known`."""
    allowed = set(known)
    for name in params:
        if name not in allowed:
            raise unknown_parameter(name)


def text(params: Params, name: str, default: str | None = None) -> str | None:
    """A text parameter; an empty one unsets, so it reads as the default. Raises on a nested value."""
    value = params.get(name)
    if value is None or value == "":
        return default
    if not isinstance(value, str):
        raise StripeError(400, f"Invalid string: {value}", param=name)
    return value


def required(params: Params, name: str) -> str:
    """A text parameter that must be there. Raises StripeError (parameter_missing)."""
    value = text(params, name)
    if value is None:
        raise missing_parameter(name)
    return value


def objects(params: Params, name: str, path: str = "") -> list[Params]:
    """A list of hashes, empty when it is absent. Raises StripeError, which names it by `path`."""
    value = params.get(name) or []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise StripeError(400, "Invalid array", param=path or name)
    return value


def hash_of(params: Params, name: str) -> Params:
    """A nested hash, empty when it is absent. Raises StripeError."""
    value = params.get(name) or {}
    if not isinstance(value, dict):
        raise StripeError(400, "Invalid object", param=name)
    return value


def integer(params: Params, name: str, default: int | None = None) -> int | None:
    """A whole number. Raises StripeError (parameter_invalid_integer)."""
    value = params.get(name)
    return default if value in (None, "") else to_integer(name, value)


def to_integer(name: str, value: Any) -> int:
    """`value` as a whole number. Raises StripeError (parameter_invalid_integer)."""
    try:
        return int(value)
    except (TypeError, ValueError):
        raise invalid_integer(name, value) from None


def flag(params: Params, name: str, default: bool) -> bool:
    """A boolean, which Stripe writes `true` or `false`."""
    value = params.get(name)
    if value in (None, ""):
        return default
    if value not in ("true", "false"):
        raise StripeError(400, f"Invalid boolean: {value}", param=name)
    return bool(value == "true")


METADATA_KEYS_MAX, METADATA_KEY_MAX, METADATA_VALUE_MAX = 50, 40, 500


def metadata(params: Params, current: dict[str, str] | None = None) -> dict[str, str]:
    """`current` with the given keys set; an empty value removes its key, an empty hash all of them."""
    given = params.get("metadata")
    if given == "":
        return {}
    merged = {**(current or {}), **(given if isinstance(given, dict) else {})}
    kept = {key: value for key, value in merged.items() if value != ""}
    _check_metadata(kept)
    return kept


def _check_metadata(kept: dict[str, str]) -> None:
    # The limits are those of docs.stripe.com/api/metadata; the sentences are not verified.
    if len(kept) > METADATA_KEYS_MAX:
        raise StripeError(400, f"Metadata can have up to {METADATA_KEYS_MAX} keys.", param="metadata")
    for key, value in kept.items():
        if len(key) > METADATA_KEY_MAX:
            raise StripeError(
                400, f"Metadata keys can be at most {METADATA_KEY_MAX} characters: {key}", param="metadata"
            )
        if len(value) > METADATA_VALUE_MAX:
            message = (
                f"Metadata values can have up to {METADATA_VALUE_MAX} characters, but you passed in a value that is"
            )
            raise StripeError(400, f"{message} {len(value)} characters.", param=f"metadata[{key}]")
