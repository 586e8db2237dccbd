"""What objects of Stripe are stored as, and under which path they are read: ids that people choose are a case apart."""

from typing import Any
from urllib.parse import quote

from o2c_orchestration.domain import keys


def stored_as(payload: dict[str, Any], account: str) -> Any:
    """As domain.keys.stored_as, of a payload, which may have no id at all."""
    return keys.stored_as(payload.get("object"), str(payload["id"]), account) if "id" in payload else None


def in_path(key: str) -> str:
    """The last part of the path of what is stored so; it may hold any character."""
    return quote(keys.coupon_of(key)[1], safe="").replace("..", "%2E%2E")
