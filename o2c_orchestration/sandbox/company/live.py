"""What goes on in the demo company while the demo runs: Stripe API calls that make new invoices.

What belongs here: choosing the next calls. Sending them is the caller's work; a call may use the id that an
earlier call of the same list brought back.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import datetime

from .catalog import Wire
from .currencies import list_price

Params = dict[str, str | int]
Call = tuple[str, Params]
# Where the ids of objects made by the calls before go: `POST /v1/customers` and `POST /v1/invoices`.
PLACEHOLDERS = {"/v1/customers": "{customer}", "/v1/invoices": "{invoice}"}
_WORK = (("Field report", 85), ("Data export", 25), ("Training day", 1200), ("Sensor kit", 340))
_PAID_AT_ONCE, _DECLINED = 60, 10


def next_activity(rng: random.Random, now: datetime, customers: Sequence[Wire] = ()) -> list[Call]:
    """The POST calls of one new invoice, in order, as (path, form parameters), in minor units.

    `customers` are wire customers with `id` and `currency`; without any, or once in ten times, a new one
    signs up first. Six in ten invoices are paid at once, one in ten is declined (Stripe answers that with
    402), the others are sent and stay open. `fill` puts ids in place of `{customer}` and `{invoice}`.
    """
    calls: list[Call] = []
    if customers and rng.randrange(10):
        customer = rng.choice(customers)
        customer_id, currency = str(customer["id"]), str(customer.get("currency") or "usd")
    else:
        calls.append(_sign_up(rng, now))
        customer_id, currency = PLACEHOLDERS["/v1/customers"], "usd"
    fate = rng.randrange(100)
    calls.append(("/v1/invoices", _draft(customer_id, currency, sent=fate >= _PAID_AT_ONCE + _DECLINED)))
    calls += [_item(rng, customer_id, currency) for _ in range(rng.randrange(1, 4))]
    calls.append(("/v1/invoices/{invoice}/finalize", {}))
    if fate < _PAID_AT_ONCE + _DECLINED:
        method = "pm_card_visa" if fate < _PAID_AT_ONCE else "pm_card_chargeDeclined"
        calls.append(("/v1/invoices/{invoice}/pay", {"payment_method": method}))
    return calls


def fill(call: Call, ids: Mapping[str, str]) -> Call:
    """The call with placeholders such as `{invoice}` replaced by the ids given for them."""
    path, params = call
    for placeholder, identifier in ids.items():
        path = path.replace(placeholder, identifier)
    return path, {name: ids.get(value, value) if isinstance(value, str) else value for name, value in params.items()}


def _sign_up(rng: random.Random, now: datetime) -> Call:
    name = f"Newcomer {now:%d %b %H%M} {rng.randrange(1000):03d}"
    return "/v1/customers", {"name": name, "email": f"{name.lower().replace(' ', '-')}@example.com"}


def _draft(customer_id: str, currency: str, *, sent: bool) -> Params:
    params: Params = {"customer": customer_id, "currency": currency, "auto_advance": "false"}
    if sent:
        return {**params, "collection_method": "send_invoice", "days_until_due": 30}
    return {**params, "collection_method": "charge_automatically"}


def _item(rng: random.Random, customer_id: str, currency: str) -> Call:
    name, dollars = rng.choice(_WORK)
    quantity = rng.randrange(1, 4)
    return "/v1/invoiceitems", {
        "customer": customer_id,
        "invoice": PLACEHOLDERS["/v1/invoices"],
        "amount": list_price(dollars, currency) * quantity,
        "currency": currency,
        "description": f"{quantity} x {name}",
    }
