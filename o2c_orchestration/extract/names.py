"""What objects of Stripe are stored as, and under which path they are read: ids that people choose are a case apart."""

from typing import Any
from urllib.parse import quote

from o2c_orchestration.domain.keys import coupon_key, coupon_of


def stored_as(payload: dict[str, Any], account: str) -> Any:
    """Its id, unless that is one only among the coupons of its own account."""
    own = payload.get("id")
    return coupon_key(account, str(own)) if payload.get("object") == "coupon" else own


def in_path(key: str) -> str:
    """The last part of the path of what is stored so; it may hold any character."""
    return quote(coupon_of(key)[1], safe="").replace("..", "%2E%2E")
