"""What some customers of the demo company had to their credit, and the invoices that used it.

What belongs here: invoices that a balance pays in whole or in part, the movements of those balances, and a credit memo
over one of them that was entered wrong. Nothing is drawn from the company's own chance, so the rest of it stays as it
is without this.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from .catalog import Wire
from .currencies import share, step
from .ids import IdMaker
from .invoices import Bill
from .ledger import item_line
from .ledger_money import BALANCE_ITEM, memo_body
from .mistakes import Bookkeeper, truth_row
from .payments import Collector

# Smaller companies have none.
_COUNT_FOR_ALL = 50
_HOUR = 3600


@dataclass
class Balances:
    """Movements of balances, and the external ids of the memos that a first run has to write."""

    movements: list[Wire] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def use_balances(seed: int, bills: list[Bill], collector: Collector, keeper: Bookkeeper) -> Balances:
    """One invoice of ours is paid in part and one whole, and one of the first third in part, booked with a mistake."""
    found, ids = Balances(), IdMaker(random.Random(f"balances {seed}"))
    if len(bills) < _COUNT_FOR_ALL:
        return found
    plain = _plain(bills)
    ours = [bill for bill in plain if bill.invoice["id"] not in keeper.invoice_keys]
    kept = [bill for bill in plain if bill.invoice["id"] in keeper.invoice_keys]
    for bill, parts in zip(ours, ((1, 4), (1, 1)), strict=False):
        _pay(found, ids, bill, share(bill.invoice["total"], *parts, bill.currency), collector)
        found.missing.append(f"cb-{bill.invoice['id']}")
    for bill in kept[:1]:
        used = share(bill.invoice["total"], 1, 4, bill.currency)
        _pay(found, ids, bill, used, collector)
        _keep_wrong(bill, used, keeper)
    return found


def _plain(bills: list[Bill]) -> list[Bill]:
    """Open invoices with no story, the first of each customer."""
    plain: dict[str, Bill] = {}
    for bill in bills:
        story = bill.story
        told = story.plot or story.mistake or story.partner is not None or bill.receipts
        if story.outcome == "open" and not told and bill.unpaid and bill.invoice["total"] > 100 * step(bill.currency):
            plain.setdefault(bill.customer["id"], bill)
    return list(plain.values())


def _pay(found: Balances, ids: IdMaker, bill: Bill, used: int, collector: Collector) -> None:
    """The customer was given what his invoice uses an hour later, and half of that again if it is all of it."""
    invoice, moment = bill.invoice, bill.story.finalized_at
    whole = used == invoice["total"]
    given = used + (share(used, 1, 2, bill.currency) if whole else 0)
    found.movements += [
        _movement(ids, bill, moment - _HOUR, -given, -given, "adjustment"),
        _movement(ids, bill, moment, used, used - given, "applied_to_invoice"),
    ]
    bill.customer["balance"] = used - given
    invoice.update(starting_balance=-given, ending_balance=used - given)
    invoice["amount_due"] -= used
    invoice["amount_remaining"] -= used
    collector.ask_for_the_rest(bill, moment)


def _movement(ids: IdMaker, bill: Bill, created: int, amount: int, ending: int, kind: str) -> Wire:
    return {
        "id": ids.new("cbtxn"),
        "object": "customer_balance_transaction",
        "amount": amount,
        "checkout_session": None,
        "created": created,
        "credit_note": None,
        "currency": bill.currency,
        "customer": bill.customer["id"],
        "customer_account": None,
        "description": "Goodwill" if kind == "adjustment" else None,
        "ending_balance": ending,
        "invoice": bill.invoice["id"] if kind == "applied_to_invoice" else None,
        "livemode": False,
        "metadata": {},
        "type": kind,
    }


def _keep_wrong(bill: Bill, used: int, keeper: Bookkeeper) -> None:
    wrong = used + max(share(used, 1, 5, bill.currency), step(bill.currency))
    lines = [item_line(BALANCE_ITEM, wrong, bill.currency, "Customer balance")]
    applied = {keeper.invoice_keys[bill.invoice["id"]]: wrong}
    body = memo_body(keeper.books.know(bill.customer), bill.currency, bill.issue_date, lines, applied)
    external_id = f"cb-{bill.invoice['id']}"
    key = keeper.books.keep_memo({**body, "externalId": external_id, "memo": "Paid by customer balance"})
    reason = "a credit memo for more than the customer's balance paid"
    row = ("amount_mismatch", bill.invoice["id"], f"@{key}", bill.currency, used, wrong, reason)
    keeper.truth.append(truth_row(*row))
