"""Discounts of an invoice and their coupons. Stripe shows neither elsewhere: a discount cannot be read by its id.

Since 2025-09-30.clover a discount names its coupon in `source` (docs.stripe.com/api/discounts/object); before it was in
`coupon`, whole.
"""

from datetime import datetime
from typing import Any

from o2c_orchestration.clients.stripe_read import StripeReader
from o2c_orchestration.domain.errors import Refused
from o2c_orchestration.domain.keys import coupon_key

Payload = dict[str, Any]

# A coupon that was deleted is nowhere but here: so it is asked for with its discount, if Stripe lets us.
_DISCOUNTS = "total_discount_amounts.discount"
_WITH_COUPON = f"{_DISCOUNTS}.source.coupon"


def of_invoice(reader: StripeReader, path: str, account: str) -> tuple[list[Payload], list[str], datetime]:
    """Discounts (`id`, `object`, `created`, `coupon`) and coupons of the invoice at a path; when they were read (UTC).

    `coupon` is its key, by the account that is read (domain.keys.coupon_key).
    Second: ids of discounts whose coupon Stripe does not show. Raises PermissionDenied where the key may not read them,
    ObjectMissing where there is no such invoice.
    """
    payload, read_at = _read(reader, path)
    found, hidden = list[Payload](), list[str]()
    amounts = payload.get("total_discount_amounts")
    for each in amounts if isinstance(amounts, list) else []:
        discount = each.get("discount") if isinstance(each, dict) else None
        coupon = _coupon(discount) if isinstance(discount, dict) else None
        if isinstance(discount, dict) and coupon is not None:
            what = {"id": _id(discount), "object": "discount", "created": discount.get("start")}
            found.append({**what, "coupon": coupon_key(account, str(_id(coupon)))})
            # Of one that was deleted no more than its id may be left, and what it said before counts.
            if isinstance(coupon, dict) and not coupon.get("deleted"):
                found.append({**coupon, "object": "coupon"})
        elif name := _id(discount):
            hidden.append(name)
    return found, hidden, read_at


def _read(reader: StripeReader, path: str) -> tuple[Payload, datetime]:
    try:
        return reader.retrieve(path, {"expand": [_WITH_COUPON]})
    except Refused:
        return reader.retrieve(path, {"expand": [_DISCOUNTS]})


def _coupon(discount: Payload) -> Payload | str | None:
    """The coupon of a discount, whole or by its id; None: there is none to see."""
    source = discount.get("source")
    found = source.get("coupon") if isinstance(source, dict) else discount.get("coupon")
    return found if _id(found) and _id(discount) else None


def _id(value: Any) -> str | None:
    named = value.get("id") if isinstance(value, dict) else value
    # PostgreSQL's text holds no NUL, and no id of Stripe's does.
    return named if isinstance(named, str) and named and "\0" not in named else None
