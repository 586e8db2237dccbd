"""Subscriptions: started by a request or a schedule, billed period by period, changed, canceled.

Facts: stripe-python 16.1.0 (parameters and docstrings); a first invoice is drafted and left alone for an hour when a
schedule makes it (stripe-node#912) and every later one as well (stripe-java#1613), while one that is charged at once
is finalized and paid in the request; a request's event log seen live has invoice events before
customer.subscription.created, a schedule's the other way round. An invoice takes no metadata from its subscription:
they are in `parent.subscription_details` and on the lines. Not verified: a first invoice that is sent (here drafted
for an hour too), and one line for each period that a start in the past has left unbilled. Trials, discounts, usage and
pausing are not there: their parameters are unknown here.
"""

from __future__ import annotations

from o2c_orchestration.sandbox.stripe import (
    automatic_tax,
    billing,
    form,
    periods,
    prices,
    prorations,
    shapes,
    subscription_shapes,
)
from o2c_orchestration.sandbox.stripe.errors import StripeError, missing_parameter
from o2c_orchestration.sandbox.stripe.form import Params
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.money_text import money
from o2c_orchestration.sandbox.stripe.store import Cursor, Wire
from o2c_orchestration.sandbox.stripe.terms import (
    Item,
    Terms,
    check_collection,
    living_customer,
    one_currency,
    rates,
    read_extras,
    read_items,
)

CREATE_KNOWN = (
    "customer",
    "items",
    "add_invoice_items",
    "metadata",
    "currency",
    "description",
    "collection_method",
    "days_until_due",
    "default_payment_method",
    "default_tax_rates",
    "backdate_start_date",
    "cancel_at",
    "cancel_at_period_end",
    "payment_behavior",
    "proration_behavior",
    "billing_mode",
    "off_session",
)
UPDATE_KNOWN = (
    "metadata",
    "description",
    "cancel_at_period_end",
    "cancel_at",
    "days_until_due",
    "collection_method",
    "default_payment_method",
    "proration_behavior",
)
DRAFT_SECONDS = 3600
RANK = 1
NO_METHOD = (
    "This customer has no attached payment source or default payment method. Please consider adding a default payment"
    " method. For more information, visit"
    " https://stripe.com/docs/billing/subscriptions/payment-methods-setting#payment-method-priority."
)


def create_subscription(ledger: Ledger, params: Params) -> Wire:
    """POST /v1/subscriptions. Raises StripeError for a charge that has nothing to be charged to."""
    form.only(params, CREATE_KNOWN)
    customer = living_customer(ledger, params)
    if not params.get("items"):
        raise missing_parameter("items")
    method = form.text(params, "collection_method", "charge_automatically")
    days = form.integer(params, "days_until_due")
    check_collection(method, days)
    settings = {
        "collection_method": method,
        "days_until_due": days,
        "default_payment_method": form.text(params, "default_payment_method"),
        "default_tax_rates": rates(ledger, params),
        "description": form.text(params, "description"),
        "metadata": form.metadata(params),
        "cancel_at": form.integer(params, "cancel_at"),
        "cancel_at_period_end": form.flag(params, "cancel_at_period_end", default=False),
    }
    started = form.integer(params, "backdate_start_date", ledger.now) or ledger.now
    terms = Terms(read_items(ledger, params, "items", recurring=True), read_extras(ledger, params, ""), settings)
    charged = method == "charge_automatically"
    waits = form.text(params, "payment_behavior", "allow_incomplete") == "default_incomplete"
    if charged and not waits and payer(settings, customer) is None:
        raise StripeError(400, NO_METHOD, code="resource_missing")
    wire = start(ledger, customer, terms, started)
    if charged:
        collect_first(ledger, wire, waits=waits)
    ledger.emit("customer.subscription.created", wire)
    return wire


def update_subscription(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/subscriptions/{id}: metadata, collection and when it ends; items are changed by a schedule here."""
    form.only(params, UPDATE_KNOWN)
    wire = ledger.must("subscription", identifier)
    changes: Wire = {
        name: form.text(params, name)
        for name in ("description", "collection_method", "default_payment_method")
        if name in params
    }
    changes |= {name: form.integer(params, name) for name in ("days_until_due", "cancel_at") if name in params}
    if "cancel_at_period_end" in params:
        changes["cancel_at_period_end"] = form.flag(params, "cancel_at_period_end", default=False)
    if "metadata" in params:
        changes["metadata"] = form.metadata(params, wire["metadata"])
    ledger.changed(wire, changes, "customer.subscription.updated")
    await_next(ledger, wire)
    return wire


def cancel_subscription(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """DELETE /v1/subscriptions/{id}: at once; with `invoice_now` and `prorate` unused time is credited and billed."""
    form.only(params, ("invoice_now", "prorate", "cancellation_details"))
    wire = ledger.must("subscription", identifier)
    if wire["status"] == "canceled":
        raise StripeError(404, f"No such subscription: '{identifier}'", code="resource_missing", param="id")
    prorate = form.flag(params, "prorate", default=False)
    end(ledger, wire, prorate=prorate, invoice_now=form.flag(params, "invoice_now", default=False))
    if wire["schedule"]:
        schedule = ledger.must("subscription_schedule", wire["schedule"])
        ledger.store.set_due(schedule["id"], None)
        canceled = {"status": "canceled", "canceled_at": ledger.now, "current_phase": None}
        ledger.changed(schedule, canceled, "subscription_schedule.canceled")
    return wire


def start(ledger: Ledger, customer: Wire, terms: Terms, started: int, schedule: str | None = None) -> Wire:
    """A subscription with its first invoice as a draft; not yet announced."""
    currency = one_currency([*terms.items, *terms.extras])
    fields = {"currency": currency, "customer": customer["id"], "start_date": started, "schedule": schedule}
    wire = subscription_shapes.subscription(ledger.new_id("sub"), ledger.now, {**fields, **terms.settings})
    data = [_new_item(ledger, wire, item, started) for item in terms.items]
    wire["items"] = subscription_shapes.items(wire["id"], data)
    ledger.store.save(wire)
    if schedule is not None:
        ledger.emit("customer.subscription.created", wire)
    lines = []
    for item in data:
        lines.append({**item})
        while item["current_period_end"] <= ledger.now:
            _roll(wire, item)
            lines.append({**item})
    ledger.store.save(wire)
    bill(ledger, wire, lines, "subscription_create", terms.extras)
    await_next(ledger, wire)
    return wire


def change_items(ledger: Ledger, wire: Wire, terms: Terms, behavior: str) -> None:
    """Give a subscription other items from now on, with prorations for a period under way; not yet announced."""
    before = [{**item} for item in wire["items"]["data"]]
    known = {item["price"]["id"]: item for item in before}
    data = [
        _same(known[item.price["id"]], item) if item.price["id"] in known else _new_item(ledger, wire, item, ledger.now)
        for item in terms.items
    ]
    _begin_anew(ledger, wire, before, data)
    wire |= {**terms.settings, "metadata": {**wire["metadata"], **terms.settings.get("metadata", {})}}
    wire["items"] = subscription_shapes.items(wire["id"], data)
    ledger.store.save(wire)
    if behavior != "none":
        prorations.write(ledger, wire, before, data)
    for extra in terms.extras:
        _extra(ledger, wire, extra)
    if behavior == "always_invoice" and billing.pending_items(ledger, wire["customer"], wire["currency"]):
        bill(ledger, wire, [], "subscription_update", [])


def renew(ledger: Ledger, wire: Wire) -> None:
    """Bill every item whose period is over, for the next one; or end what was to end now."""
    ends = wire["cancel_at"] is not None and wire["cancel_at"] <= ledger.now
    if ends or wire["cancel_at_period_end"]:
        end(ledger, wire)
        return
    over = [item for item in wire["items"]["data"] if item["current_period_end"] <= ledger.now]
    for item in over:
        _roll(wire, item)
    ledger.changed(wire, {"items": wire["items"]}, "customer.subscription.updated")
    if over:
        bill(ledger, wire, [{**item} for item in over], "subscription_cycle", [])
    await_next(ledger, wire)


def end(ledger: Ledger, wire: Wire, *, prorate: bool = False, invoice_now: bool = False) -> None:
    """Cancel for good: drafts are no longer finalized by themselves, and nothing is billed any more."""
    if prorate:
        prorations.write(ledger, wire, wire["items"]["data"], [])
    if invoice_now and billing.pending_items(ledger, wire["customer"], wire["currency"]):
        bill(ledger, wire, [], "subscription_update", [])
    for draft in ledger.store.find("invoice", ["owner = ?", "status = 'draft'"], [wire["id"]], Cursor(100)):
        ledger.store.set_due(draft["id"], None)
        ledger.changed(draft, {"auto_advance": False, "automatically_finalizes_at": None}, "invoice.updated")
    ledger.store.set_due(wire["id"], None)
    details = {**wire["cancellation_details"], "reason": "cancellation_requested"}
    wire |= {"status": "canceled", "canceled_at": ledger.now, "ended_at": ledger.now, "cancellation_details": details}
    ledger.store.save(wire)
    ledger.emit("customer.subscription.deleted", wire)


def bill(ledger: Ledger, wire: Wire, items: list[Wire], reason: str, extras: list[Item]) -> Wire:
    """Draft an invoice for these items' periods, the extras and whatever is pending; it is finalized in an hour."""
    customer = ledger.must("customer", wire["customer"])
    days = wire["days_until_due"]
    starts = [item["current_period_start"] for item in items]
    fields = {
        "currency": wire["currency"],
        "collection_method": wire["collection_method"],
        "due_date": None if days is None else ledger.now + days * billing.SECONDS_A_DAY,
        "default_payment_method": wire["default_payment_method"],
        "default_tax_rates": wire["default_tax_rates"],
        "automatic_tax": automatic_tax.on_invoice(customer, enabled=wire["automatic_tax"]["enabled"]),
        "description": wire["description"],
        "auto_advance": True,
        "automatically_finalizes_at": ledger.now + DRAFT_SECONDS,
        "billing_reason": reason,
        "period_start": ledger.now if reason != "subscription_cycle" else min(starts, default=ledger.now),
        "parent": _parent(wire),
    }
    invoice = shapes.invoice(ledger.new_id("in"), ledger.now, customer, fields)
    ledger.append_lines(invoice, [_line(ledger, wire, invoice, item) for item in items])
    pending = billing.pending_items(ledger, customer["id"], wire["currency"])
    ledger.append_items(invoice, [*pending, *(_extra(ledger, wire, extra) for extra in extras)])
    ledger.emit("invoice.created", invoice)
    ledger.store.set_due(invoice["id"], invoice["automatically_finalizes_at"], rank=2)
    wire["latest_invoice"] = invoice["id"]
    ledger.store.save(wire)
    return invoice


def collect_first(ledger: Ledger, wire: Wire, *, waits: bool) -> None:
    """Finalize the first invoice and charge it; until it is paid the subscription is incomplete."""
    wire["status"] = "incomplete"
    ledger.store.save(wire)
    finalize(ledger, wire["latest_invoice"], charge=not waits)
    wire |= ledger.must("subscription", wire["id"])


def finalize(ledger: Ledger, identifier: str, *, charge: bool = True) -> None:
    """Finalize a subscription's draft and charge it, if there is somebody to be charged."""
    ledger.store.set_due(identifier, None)
    invoice = billing.finalize_invoice(ledger, identifier, {})
    if not charge or invoice["status"] != "open" or invoice["collection_method"] != "charge_automatically":
        return
    customer = ledger.must("customer", invoice["customer"])
    method = payer(invoice, customer)
    try:
        if method is None:
            invoice["attempted"], invoice["attempt_count"] = True, invoice["attempt_count"] + 1
            ledger.store.save(invoice)
            ledger.emit("invoice.payment_failed", invoice)
            raise StripeError(402, NO_METHOD)
        billing.pay_invoice(ledger, identifier, {"payment_method": method})
    except StripeError:
        wire = ledger.must("subscription", invoice["parent"]["subscription_details"]["subscription"])
        if wire["status"] == "active":
            ledger.changed(wire, {"status": "past_due"}, "customer.subscription.updated")


def payer(settings: Wire, customer: Wire) -> str | None:
    """The payment method that is charged, if there is one."""
    preferred = (customer.get("invoice_settings") or {}).get("default_payment_method")
    method: str | None = settings.get("default_payment_method") or preferred
    return method


def await_next(ledger: Ledger, wire: Wire) -> None:
    """Have the subscription renewed when the first of its items' periods is over, or ended before that."""
    moments = [item["current_period_end"] for item in wire["items"]["data"]]
    if wire["cancel_at"] is not None:
        moments.append(wire["cancel_at"])
    ledger.store.set_due(wire["id"], None if wire["status"] == "canceled" else min(moments, default=None), RANK)


def _new_item(ledger: Ledger, wire: Wire, item: Item, started: int) -> Wire:
    every = item.price["recurring"]
    anchor, count = wire["billing_cycle_anchor"], every["interval_count"]
    # One that joins in the middle of a period shares it with the others.
    start, end = periods.around(anchor, every["interval"], count, started)
    fields = {
        "price": item.price,
        "quantity": item.quantity,
        "metadata": item.metadata,
        "tax_rates": item.tax_rates,
        "subscription": wire["id"],
        "current_period_start": start,
        "current_period_end": end,
    }
    return subscription_shapes.item(ledger.new_id("si"), ledger.now, fields)


def _begin_anew(ledger: Ledger, wire: Wire, before: list[Wire], after: list[Wire]) -> None:
    """At the end of a period, or with another interval, new items begin a period that is billed at once."""
    intervals = [
        {(i["price"]["recurring"]["interval"], i["price"]["recurring"]["interval_count"]) for i in side}
        for side in (before, after)
    ]
    if not intervals[0] & intervals[1]:
        wire["billing_cycle_anchor"] = ledger.now
    elif not any(item["current_period_end"] <= ledger.now for item in before):
        return
    known = {item["id"] for item in before}
    for item in after:
        if item["id"] not in known:
            item["current_period_end"] = ledger.now


def _same(known: Wire, item: Item) -> Wire:
    changes = {"quantity": item.quantity, "price": item.price, "tax_rates": item.tax_rates}
    return {**known, **changes, "metadata": {**known["metadata"], **item.metadata}}


def _roll(wire: Wire, item: Wire) -> None:
    every, start = item["price"]["recurring"], item["current_period_end"]
    item["current_period_start"] = start
    item["current_period_end"] = periods.next_boundary(
        wire["billing_cycle_anchor"], every["interval"], every["interval_count"], start
    )


def _line(ledger: Ledger, wire: Wire, invoice: Wire, item: Wire) -> tuple[Wire, list[Wire]]:
    price, quantity = item["price"], item["quantity"]
    priced = {**prices.priced(price, quantity), "description": _described(ledger, price, quantity)}
    line = subscription_shapes.line(ledger.new_id("il"), invoice["id"], wire, item, priced)
    return line, item["tax_rates"] or wire["default_tax_rates"]


def _described(ledger: Ledger, price: Wire, quantity: int) -> str:
    product = ledger.must("product", price["product"])
    every = price["recurring"]
    span = every["interval"] if every["interval_count"] == 1 else f"{every['interval_count']} {every['interval']}s"
    return f"{quantity} × {product['name']} (at {money(prices.amount(price, 1), price['currency'])} / {span})"


def _extra(ledger: Ledger, wire: Wire, extra: Item) -> Wire:
    spans = wire["items"]["data"]
    fields = {
        **prices.priced(extra.price, extra.quantity),
        "customer": wire["customer"],
        "description": ledger.must("product", extra.price["product"])["name"],
        "metadata": extra.metadata,
        "parent": prorations.parent(wire, None),
        "period": {
            "start": max((item["current_period_start"] for item in spans), default=ledger.now),
            "end": min((item["current_period_end"] for item in spans), default=ledger.now),
        },
        "tax_rates": extra.tax_rates or wire["default_tax_rates"],
    }
    return ledger.created(shapes.invoice_item(ledger.new_id("ii"), ledger.now, fields))


def _parent(wire: Wire) -> Wire:
    details = {"metadata": {**wire["metadata"]}, "subscription": wire["id"]}
    return {"quote_details": None, "subscription_details": details, "type": "subscription_details"}
