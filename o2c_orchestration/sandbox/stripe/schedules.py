"""Subscription schedules: phases one after the other, the subscription that they make, and how they end.

Facts: stripe-python 16.1.0, `params/_subscription_schedule_*_params.py`: a phase ends at `end_date` or after a
`duration` (endive has no `iterations` any more), starts where the one before ends, and gives its metadata to the
subscription when it is entered; the schedule's own metadata stay on the schedule. `release` leaves the subscription
alone, `cancel` ends it. Refusals of canceling and releasing are as quoted from live answers in public code. Not
verified: that `start_date` is required, the words of the other refusals. Not there: trials, discounts, thresholds,
`from_subscription`, and another set of phases once the schedule exists.
"""

from __future__ import annotations

from typing import Any

from o2c_orchestration.sandbox.stripe import automatic_tax, form, periods, subscription_shapes, subscriptions, terms
from o2c_orchestration.sandbox.stripe.errors import StripeError, missing_parameter
from o2c_orchestration.sandbox.stripe.form import Params
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import Wire
from o2c_orchestration.sandbox.stripe.terms import Item, Terms

CREATE_KNOWN = ("customer", "phases", "start_date", "end_behavior", "metadata", "default_settings", "billing_mode")
UPDATE_KNOWN = ("end_behavior", "metadata", "default_settings", "proration_behavior")
PHASE_KNOWN = (
    "items",
    "add_invoice_items",
    "duration",
    "end_date",
    "metadata",
    "proration_behavior",
    "collection_method",
    "invoice_settings",
    "description",
    "currency",
    "billing_cycle_anchor",
    "default_payment_method",
    "default_tax_rates",
)
SETTINGS_KNOWN = (
    "automatic_tax",
    "collection_method",
    "invoice_settings",
    "description",
    "default_payment_method",
    "billing_cycle_anchor",
)
END_BEHAVIORS = ("cancel", "release", "none", "renew")
PRORATIONS = ("create_prorations", "always_invoice", "none")
PHASES_MAX = 10
LIVING = ("not_started", "active")


def create_schedule(ledger: Ledger, params: Params) -> Wire:
    """POST /v1/subscription_schedules: starts at once when its first day has come."""
    form.only(params, CREATE_KNOWN)
    customer = terms.living_customer(ledger, params)
    given = form.objects(params, "phases")
    if not given:
        raise missing_parameter("phases")
    if len(given) > PHASES_MAX:
        raise StripeError(400, f"A schedule can have at most {PHASES_MAX} phases that are not over.", param="phases")
    settings = _settings(form.hash_of(params, "default_settings"))
    if settings["automatic_tax"]["enabled"]:
        automatic_tax.check(customer)
    phases, start = [], _start(ledger, params)
    for index, each in enumerate(given):
        phases.append(_phase(ledger, each, f"phases[{index}]", start, settings))
        start = phases[-1]["end_date"]
    fields = {
        "customer": customer["id"],
        "default_settings": settings,
        "end_behavior": _one_of(params, "end_behavior", END_BEHAVIORS, "release"),
        "metadata": form.metadata(params),
        "phases": phases,
    }
    wire = subscription_shapes.schedule(ledger.new_id("sub_sched"), ledger.now, fields)
    ledger.store.save(wire)
    if phases[0]["start_date"] <= ledger.now:
        enter(ledger, wire, announce=False)
    else:
        ledger.store.set_due(wire["id"], phases[0]["start_date"])
    ledger.emit("subscription_schedule.created", wire)
    return wire


def update_schedule(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/subscription_schedules/{id}: metadata, how it ends, and its default settings."""
    form.only(params, UPDATE_KNOWN)
    wire = _living(ledger, identifier, "update")
    changes: Wire = {}
    if "metadata" in params:
        changes["metadata"] = form.metadata(params, wire["metadata"])
    if "end_behavior" in params:
        changes["end_behavior"] = _one_of(params, "end_behavior", END_BEHAVIORS, "release")
    if "default_settings" in params:
        changes["default_settings"] = _settings(form.hash_of(params, "default_settings"))
    return ledger.changed(wire, changes, "subscription_schedule.updated")


def cancel_schedule(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/subscription_schedules/{id}/cancel: with its subscription, whose unused time is credited by default."""
    form.only(params, ("invoice_now", "prorate"))
    wire = _living(ledger, identifier, "cancel")
    if wire["subscription"] is not None:
        prorate, now = (form.flag(params, name, default=True) for name in ("prorate", "invoice_now"))
        subscription = ledger.must("subscription", wire["subscription"])
        subscriptions.end(ledger, subscription, prorate=prorate, invoice_now=now)
    ledger.store.set_due(identifier, None)
    changes = {"status": "canceled", "canceled_at": ledger.now, "current_phase": None}
    return ledger.changed(wire, changes, "subscription_schedule.canceled")


def release_schedule(ledger: Ledger, identifier: str, params: Params) -> Wire:
    """POST /v1/subscription_schedules/{id}/release: the subscription goes on without it."""
    form.only(params, ("preserve_cancel_date",))
    return _release(ledger, _living(ledger, identifier, "release"))


def enter(ledger: Ledger, wire: Wire, *, announce: bool = True) -> None:
    """Enter the phase of this moment: the first makes the subscription, a later one changes it."""
    phase = next(each for each in wire["phases"] if each["start_date"] <= ledger.now < each["end_date"])
    agreed = _terms(ledger, wire, phase)
    changes: Wire = {
        "status": "active",
        "current_phase": {"start_date": phase["start_date"], "end_date": phase["end_date"]},
    }
    if wire["subscription"] is None:
        customer = ledger.must("customer", wire["customer"])
        made = subscriptions.start(ledger, customer, agreed, phase["start_date"], schedule=wire["id"])
        changes["subscription"] = made["id"]
    else:
        subscription = ledger.must("subscription", wire["subscription"])
        subscriptions.change_items(ledger, subscription, agreed, phase["proration_behavior"])
        ledger.emit("customer.subscription.updated", subscription)
        subscriptions.await_next(ledger, subscription)
    previous = {name: wire[name] for name in changes}
    wire.update(changes)
    ledger.store.save(wire)
    if announce:
        ledger.emit("subscription_schedule.updated", wire, previous)
    ledger.store.set_due(wire["id"], phase["end_date"])


def go_on(ledger: Ledger, wire: Wire) -> None:
    """What happens to a schedule when its moment has come: the next phase, or its end."""
    if any(phase["start_date"] <= ledger.now < phase["end_date"] for phase in wire["phases"]):
        enter(ledger, wire)
    elif wire["end_behavior"] == "cancel":
        subscription = ledger.must("subscription", wire["subscription"])
        subscriptions.end(ledger, subscription)
        ledger.store.set_due(wire["id"], None)
        changes = {"status": "completed", "completed_at": ledger.now, "current_phase": None}
        ledger.changed(wire, changes, "subscription_schedule.completed")
    else:
        _release(ledger, wire)


def _release(ledger: Ledger, wire: Wire) -> Wire:
    ledger.store.set_due(wire["id"], None)
    changes = {"status": "released", "released_at": ledger.now, "current_phase": None}
    changes |= {"released_subscription": wire["subscription"], "subscription": None}
    if wire["subscription"] is not None:
        subscription = ledger.must("subscription", wire["subscription"])
        ledger.changed(subscription, {"schedule": None}, "customer.subscription.updated")
    return ledger.changed(wire, changes, "subscription_schedule.released")


def _living(ledger: Ledger, identifier: str, deed: str) -> Wire:
    wire = ledger.at("subscription_schedule", identifier)
    if wire["status"] not in LIVING:
        done = {"cancel": "canceled", "release": "released", "update": "updated"}[deed]
        message = (
            f"You cannot {deed} a subscription schedule that is currently in the `{wire['status']}` status."
            f" It must be in `{', '.join(LIVING)}` status to be {done}."
        )
        raise StripeError(400, message)
    return wire


def _start(ledger: Ledger, params: Params) -> int:
    given = form.required(params, "start_date")
    return ledger.now if given == "now" else form.to_integer("start_date", given)


def _phase(ledger: Ledger, given: Params, path: str, start: int, settings: Wire) -> Wire:
    form.only(given, PHASE_KNOWN)
    items = terms.read_items(ledger, given, "items", recurring=True, path=path)
    if not items:
        raise missing_parameter(f"{path}[items]")
    extras = terms.read_extras(ledger, given, path)
    end = _end(given, path, start)
    method = form.text(given, "collection_method")
    days = form.integer(form.hash_of(given, "invoice_settings"), "days_until_due")
    if method is not None:
        kept = settings["invoice_settings"]["days_until_due"] if method == "send_invoice" else None
        terms.check_collection(method, kept if days is None else days)
    own = None if "invoice_settings" not in given else subscription_shapes.invoice_settings(days)
    return subscription_shapes.phase(
        {
            "add_invoice_items": [_shown_extra(item) for item in extras],
            "billing_cycle_anchor": form.text(given, "billing_cycle_anchor"),
            "collection_method": method,
            "currency": terms.one_currency([*items, *extras]),
            "default_payment_method": form.text(given, "default_payment_method"),
            "default_tax_rates": terms.rates(ledger, given),
            "description": form.text(given, "description"),
            "end_date": end,
            "invoice_settings": own,
            "items": [_shown(item) for item in items],
            "metadata": form.metadata(given),
            "proration_behavior": _one_of(given, "proration_behavior", PRORATIONS, "create_prorations"),
            "start_date": start,
        }
    )


def _end(given: Params, path: str, start: int) -> int:
    duration, end = form.hash_of(given, "duration"), form.integer(given, "end_date")
    if duration and end is not None:
        raise StripeError(400, "You may only specify one of these parameters: end_date, duration.", param=path)
    if duration:
        form.only(duration, ("interval", "interval_count"))
        interval, count = form.required(duration, "interval"), form.integer(duration, "interval_count", 1) or 1
        if interval not in (*periods.DAYS, *periods.MONTHS):
            raise StripeError(400, f"Invalid interval: {interval}", param=f"{path}[duration][interval]")
        return periods.boundary(start, interval, count, 1)
    if end is None:
        raise missing_parameter(f"{path}[end_date]")
    if end <= start:
        message = "The phase end date must be after its start date."
        raise StripeError(400, message, param=f"{path}[end_date]")
    return end


def _settings(given: Params) -> Wire:
    form.only(given, SETTINGS_KNOWN)
    method = form.text(given, "collection_method", "charge_automatically")
    days = form.integer(form.hash_of(given, "invoice_settings"), "days_until_due")
    terms.check_collection(method, days)
    return subscription_shapes.default_settings(
        {
            "automatic_tax": automatic_tax.shown(enabled=automatic_tax.asked(given)),
            "billing_cycle_anchor": form.text(given, "billing_cycle_anchor", "automatic"),
            "collection_method": method,
            "default_payment_method": form.text(given, "default_payment_method"),
            "description": form.text(given, "description"),
            "invoice_settings": subscription_shapes.invoice_settings(days),
        }
    )


def _terms(ledger: Ledger, wire: Wire, phase: Wire) -> Terms:
    default = wire["default_settings"]
    method = phase["collection_method"] or default["collection_method"]
    settings = phase["invoice_settings"] or {}
    days = settings.get("days_until_due")
    days = default["invoice_settings"]["days_until_due"] if days is None else days
    return Terms(
        [_read(ledger, each) for each in phase["items"]],
        [_read(ledger, each) for each in phase["add_invoice_items"]],
        {
            "collection_method": method,
            "days_until_due": days if method == "send_invoice" else None,
            "default_payment_method": phase["default_payment_method"] or default["default_payment_method"],
            "default_tax_rates": phase["default_tax_rates"],
            "automatic_tax": default["automatic_tax"],
            "description": phase["description"] or default["description"],
            "metadata": phase["metadata"],
        },
    )


def _read(ledger: Ledger, each: Wire) -> Item:
    return Item(ledger.must("price", each["price"]), each["quantity"], each["metadata"], each["tax_rates"] or [])


def _shown(item: Item) -> Wire:
    return {
        "billing_thresholds": None,
        "discounts": [],
        "metadata": item.metadata,
        "price": item.price["id"],
        "quantity": item.quantity,
        "tax_rates": item.tax_rates,
    }


def _shown_extra(item: Item) -> Wire:
    period = {"start": {"type": "max_item_period_start"}, "end": {"type": "min_item_period_end"}}
    shown = {name: value for name, value in _shown(item).items() if name != "billing_thresholds"}
    return {**shown, "discountable": True, "period": period}


def _one_of(params: Params, name: str, allowed: tuple[str, ...], default: str) -> Any:
    value = form.text(params, name, default)
    if value not in allowed:
        raise StripeError(400, f"Invalid {name}: must be one of {', '.join(allowed)}", param=name)
    return value
