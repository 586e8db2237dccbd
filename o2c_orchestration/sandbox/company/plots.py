"""What becomes of some invoices after they were sent: credit, refund, dispute, loss.

What belongs here: which of these stories there are, when they happen and who keeps the books of them. Dealing
them over the invoices is in stories.py, letting them happen in aftermath.py.
"""

from __future__ import annotations

from dataclasses import dataclass

ZONE, AFTER, LATE = "zone", "after", "late"


@dataclass(frozen=True)
class Plot:
    """One story.

    when: `zone` happens in the first third and others keep it in the books as `keep` says; `after` happens to
    an invoice of the first third, kept with its payment, once it is ours; `late` happens to a later invoice.
    outcome: how the invoice is left before the story begins. currencies: those of the customer, all when empty.
    apart: the money must not be in a payout that others deposit: the documents are planted wrong, or it is so much
    that the payout might be below zero.
    """

    action: str
    when: str = LATE
    outcome: str = "paid"
    keep: str | None = None
    currencies: tuple[str, ...] = ()
    by_bank: bool = False
    apart: bool = False


# The first are those that a small company has too.
EARLY_PLOTS = (
    Plot("refund_full", AFTER),
    Plot("note_refunded", ZONE, keep="connector", currencies=("usd",), apart=True),
    Plot("note_outside", ZONE, keep="amount_mismatch"),
    Plot("note_outside", ZONE, keep="duplicate"),
    Plot("note_outside_and_refund", ZONE, keep="duplicate_refund", currencies=("usd",), apart=True),
    Plot("refund_part", ZONE, keep="ns_memo", currencies=("usd",)),
    Plot("refund_full", ZONE, keep="hand", currencies=("usd",), apart=True),
    Plot("note_open", ZONE, "open", keep="connector"),
    Plot("note_outside", ZONE, keep="hand"),
    Plot("uncollectible", AFTER, "open"),
    Plot("dispute_lost", AFTER),
)
LATE_PLOTS = (
    Plot("dispute_won", currencies=("eur", "gbp")),
    Plot("refund_failed"),
    Plot("dispute_lost"),
    Plot("recovered", outcome="open"),
    Plot("note_refunded"),
    Plot("refund_twice", currencies=("eur", "gbp", "cad")),
    Plot("uncollectible", outcome="open"),
    Plot("note_open", outcome="open"),
    Plot("dispute_open"),
    Plot("refund_part", currencies=("usd",), by_bank=True),
    Plot("refund_full", currencies=("cad", "jpy")),
    Plot("note_then_paid", outcome="open"),
    Plot("note_mixed", outcome="open"),
    Plot("note_refunded_part", currencies=("jpy", "kwd")),
    Plot("note_outside"),
    Plot("dispute_inquiry"),
    Plot("note_full", outcome="open"),
    Plot("note_void", outcome="open"),
)
