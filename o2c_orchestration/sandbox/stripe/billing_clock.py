"""Time passes: schedules start and enter phases, subscriptions renew, drafts are finalized an hour later.

Everything happens at its own moment and in its order, however late it is noticed.
"""

from __future__ import annotations

from o2c_orchestration.sandbox.stripe import schedules, subscriptions
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import StripeStore
from o2c_orchestration.sandbox.stripe.webhooks.outbox import Outbox

# A day interval over some years; more than that is a mistake of whoever sets the clock.
HAPPENINGS_MAX = 100_000


def catch_up(store: StripeStore, outbox: Outbox) -> int:
    """Let happen whatever is due by now; returns how much that was."""
    until, count = store.now(), 0
    with store.transaction():
        while (due := store.first_due(until)) is not None:
            identifier, moment = due
            _happen(Ledger(store, outbox).as_of(moment), identifier)
            count += 1
            if count > HAPPENINGS_MAX:
                raise ValueError(f"more than {HAPPENINGS_MAX} happenings until {until}")
    return count


def _happen(ledger: Ledger, identifier: str) -> None:
    wire = ledger.store.get(identifier)
    if wire is None or wire["object"] not in ("subscription_schedule", "subscription", "invoice"):
        ledger.store.set_due(identifier, None)
    elif wire["object"] == "subscription_schedule":
        schedules.go_on(ledger, wire)
    elif wire["object"] == "subscription":
        subscriptions.renew(ledger, wire)
    elif wire["status"] == "draft":
        subscriptions.finalize(ledger, identifier)
    else:
        ledger.store.set_due(identifier, None)
