"""One writing request's view of the store: its time, its events, and the objects it must find."""

from __future__ import annotations

from o2c_orchestration.sandbox.stripe import automatic_tax, shapes, tax_arithmetic
from o2c_orchestration.sandbox.stripe.errors import no_such
from o2c_orchestration.sandbox.stripe.store import StripeStore, Wire
from o2c_orchestration.sandbox.stripe.webhooks.outbox import Outbox


class Ledger:
    """Writes objects together with the events that announce them, all at one point in time.

    `now` is in whole seconds since 1970 UTC, as every time that Stripe shows. A `request_id` of None stands
    for what happens without any request.
    """

    def __init__(
        self, store: StripeStore, outbox: Outbox, request_id: str | None = None, idempotency_key: str | None = None
    ) -> None:
        self.store = store
        self.outbox = outbox
        self.now = store.now()
        self._request = {"id": request_id, "idempotency_key": idempotency_key}

    def as_of(self, moment: int) -> Ledger:
        """This ledger at another time: what happens then happens without a request."""
        other = Ledger(self.store, self.outbox)
        other.now = moment
        return other

    def new_id(self, prefix: str) -> str:
        """A fresh object id such as `cus_1…`."""
        return self.store.new_id(prefix)

    def must(self, kind: str, identifier: str, param: str | None = None) -> Wire:
        """The object, which `param` (or the path, when None) names. Raises StripeError when there is none."""
        wire = self.store.get(identifier, kind)
        if wire is None:
            raise no_such(kind, identifier, param=param or "id", status=400 if param else 404)
        return wire

    def at(self, kind: str, identifier: str) -> Wire:
        """The object whose id is in the path. Raises StripeError 404, which names the id by its kind."""
        wire = self.store.get(identifier, kind)
        if wire is None:
            raise no_such(kind.replace("_", " "), identifier, param="id" if kind == "credit_note" else kind)
        return wire

    def created(self, wire: Wire) -> Wire:
        """Store a new object and announce it."""
        self.store.save(wire)
        self.emit(f"{wire['object']}.created", wire)
        return wire

    def changed(self, wire: Wire, changes: Wire, kind: str) -> Wire:
        """Apply `changes`, store, and announce with the previous values."""
        previous = {name: wire.get(name) for name, value in changes.items() if wire.get(name) != value}
        wire.update(changes)
        self.store.save(wire)
        self.emit(kind, wire, previous)
        return wire

    def emit(self, kind: str, wire: Wire, previous: Wire | None = None) -> None:
        """Store one event that carries a snapshot of the object, and owe it to the webhook endpoints."""
        identifier = self.new_id("evt")
        event = shapes.event(identifier, self.now, kind, wire, previous=previous, request=self._request)
        self.outbox.announce(event)

    def append_items(self, invoice: Wire, items: list[Wire]) -> None:
        """Turn invoice items into lines of a draft and add up its totals anew."""
        added = []
        for item in items:
            item["invoice"] = invoice["id"]
            self.store.save(item)
            added.append((shapes.line(self.new_id("il"), invoice["id"], item), item["tax_rates"]))
        self.append_lines(invoice, added)

    def append_lines(self, invoice: Wire, added: list[tuple[Wire, list[Wire]]]) -> None:
        """Add lines, each with its tax rates, to a draft and add up its totals anew."""
        lines = self.store.all_lines(invoice["id"])
        for line, rates in added:
            taxed = automatic_tax.rates(self, invoice, rates)
            lines.append({**line, "taxes": tax_arithmetic.line_taxes(line["amount"], line["currency"], taxed)})
        self.store.set_lines(invoice, lines)
        invoice |= tax_arithmetic.totals(lines)
        # A negative total is carried to the customer's balance, never asked for.
        invoice["amount_due"] = invoice["amount_remaining"] = max(invoice["total"], 0)
        self.store.save(invoice)
