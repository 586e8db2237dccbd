"""What a movement of money does to the account's balance: the entry in the currency of settlement.

A refund or dispute moves the share of what its charge brought, at the charge's own rate of exchange; the two
integer amounts of the charge and its entry are all that is computed with.
"""

from __future__ import annotations

from o2c_orchestration.sandbox.stripe import money_shapes
from o2c_orchestration.sandbox.stripe.ledger import Ledger
from o2c_orchestration.sandbox.stripe.store import Wire


def record(ledger: Ledger, kind: str, fields: Wire) -> Wire:
    """Store an entry of the balance; `fields` hold at least amount, currency and source."""
    entry = money_shapes.movement(ledger.new_id("txn"), ledger.now, kind, fields)
    ledger.store.save(entry)
    return entry


def share(ledger: Ledger, charge: Wire, amount: int, before: int = 0) -> Wire:
    """What `amount` of a charge is in its currency of settlement: amount, currency and exchange_rate.

    `before` is what was taken from the charge earlier, so that the shares of a charge add up to its whole.
    """
    entry = ledger.store.get(charge.get("balance_transaction") or "", "balance_transaction")
    if entry is None:
        return {"amount": amount, "currency": charge["currency"], "exchange_rate": None}
    settled = _part(entry["amount"], before + amount, charge["amount"]) - _part(
        entry["amount"], before, charge["amount"]
    )
    return {"amount": settled, "currency": entry["currency"], "exchange_rate": entry.get("exchange_rate")}


def _part(whole: int, numerator: int, denominator: int) -> int:
    return (2 * whole * numerator + denominator) // (2 * denominator) if denominator else 0


def back(ledger: Ledger, kind: str, entry: Wire, source: str, description: str) -> Wire:
    """Store the entry that takes `entry` back to the cent, its fee left with Stripe."""
    fields = {
        "amount": -entry["amount"],
        "currency": entry["currency"],
        "description": description,
        "exchange_rate": entry.get("exchange_rate"),
        "source": source,
    }
    return record(ledger, kind, fields)
