"""What is wrong now, as finance is told: causes, and for every kind of gap how grave it is and what a person does.

A cause is what one message is about, however many objects it has.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal

Source = Literal["gap", "check", "run", "channel"]
Severity = Literal["warning", "error", "urgent"]
# Of one alert, in the order in which they may come.
MessageKind = Literal["opened", "changed", "reminder", "all_clear", "digest"]


@dataclass(frozen=True)
class Trouble:
    """What is known of a kind of gap: its severity, what people call it, and what a person does about it."""

    severity: Severity
    title: str
    to_do: str


_ENTER = "run the days again (`o2c run`); if it stays, enter the document with the Stripe id in its memo"
_CORRECT = "correct the document in NetSuite: nothing is ever overwritten"
_KEEP_ONE = "void all but one in NetSuite, and find out who entered the others"

KINDS: Final[Mapping[str, Trouble]] = {
    "missing_in_netsuite": Trouble("error", "Invoices have no NetSuite document", _ENTER),
    "missing_in_stripe": Trouble(
        "error", "NetSuite documents name Stripe objects that do not exist", "correct the Stripe id in the document"
    ),
    "unlinked_in_netsuite": Trouble(
        "warning",
        "Documents of Stripe customers name no Stripe object",
        "write the Stripe id into the memo, or o2c unlinked dismiss",
    ),
    "duplicate_in_netsuite": Trouble("error", "A second document for one object", _KEEP_ONE),
    "amount_mismatch": Trouble("error", "Amounts differ", _CORRECT),
    "tax_mismatch": Trouble("error", "Tax differs", _CORRECT),
    "currency_mismatch": Trouble("error", "Booked in another currency", _CORRECT),
    "customer_mismatch": Trouble("warning", "Booked under another customer", _CORRECT),
    "customer_differs": Trouble(
        "warning", "Customers are otherwise in Salesforce", "say which one is right, and correct the other"
    ),
    "subsidiary_mismatch": Trouble("warning", "Booked in another subsidiary", _CORRECT),
    "status_mismatch": Trouble("warning", "Open here, settled there", "look at one with `o2c trace`, and settle it"),
    "period_mismatch": Trouble("warning", "Booked in another month", "move the document into its month, or explain it"),
    "payment_missing": Trouble("error", "Payments are not booked", _ENTER),
    "payment_unapplied": Trouble("warning", "Payments pay no invoice", "apply the payment to its invoice in NetSuite"),
    "payment_mismatch": Trouble("error", "Payments are booked otherwise", _CORRECT),
    "paid_twice": Trouble("error", "Payments are booked twice", _KEEP_ONE),
    "credit_memo_missing": Trouble("error", "Credit memos are missing", _ENTER),
    "refund_missing": Trouble("error", "Refunds are not booked", _ENTER),
    "dispute_missing": Trouble("error", "Disputes are not booked", _ENTER),
    "fee_missing": Trouble("error", "Deposits lack their fees", "add the line of fees to the deposit in NetSuite"),
    "deposit_missing": Trouble("error", "Payouts are not deposited", _ENTER),
    "deposit_mismatch": Trouble("error", "Deposits differ from their payouts", _CORRECT),
    "payout_residual": Trouble(
        "warning", "Money lies on Suspense", "see docs/operations.md, When something is on Suspense"
    ),
    "opening_mismatch": Trouble(
        "error",
        "An opening balance is not what Stripe held",
        "correct books.opening in o2c.yaml, or the entry in NetSuite that it stands for",
    ),
    "order_missing": Trouble("error", "Won deals have no sales order", "run `o2c run`; if it stays, look at its trace"),
    "order_not_billed": Trouble("error", "Won deals are not billed", "bill the deal in Stripe, or correct its dates"),
    "terms_mismatch": Trouble("warning", "Ordered or billed otherwise than won", "agree with sales which one is right"),
    "sync_failed": Trouble("error", "Documents cannot be written", "do what it says, then `o2c dead-letters retry`"),
}

# Where people look at the gaps of a leg in Dagster.
ASSET_OF_LEG: Final[Mapping[str, str]] = {
    "stripe_netsuite": "reconciliation/gaps",
    "payout_deposit": "reconciliation/payouts",
    "salesforce_stripe": "reconciliation/deals",
    "salesforce_netsuite": "reconciliation/deals",
}
LEG_NAMES: Final[Mapping[str, str]] = {
    "stripe_netsuite": "Stripe against NetSuite",
    "payout_deposit": "payouts against deposits",
    "salesforce_stripe": "deals against Stripe",
    "salesforce_netsuite": "deals against NetSuite",
}


@dataclass(frozen=True)
class Cause:
    """Something that is wrong now, with everything that a message tells.

    `key` is its identity from look to look. `name` is what routes and owners go by: a kind of gap, the name of a
    check, a job, a channel. `sums` are minor units by currency; `since` (UTC) is when it was first seen, `oldest` the
    date of its oldest document. `objects` are some of its ids, the largest first, for `o2c trace`; `said` the words of
    the system that refused. `asset` is an asset's key with slashes; `account` the Stripe account of
    an entity with an owner of its own.
    """

    key: str
    source: Source
    name: str
    severity: Severity
    title: str
    to_do: str
    since: datetime
    count: int = 1
    sums: Mapping[str, int] = field(default_factory=dict)
    oldest: date | None = None
    leg: str = ""
    code: str = ""
    objects: tuple[str, ...] = ()
    said: str = ""
    asset: str = ""
    run_id: str = ""
    account: str = ""


@dataclass(frozen=True)
class Told:
    """What people were last told of an alert: how grave, how many, how much (minor units by currency)."""

    severity: Severity
    count: int
    sums: Mapping[str, int]


@dataclass(frozen=True)
class Alert:
    """A cause and its life: open until it is gone. `told` and `told_at` (UTC) are of the last message about it.

    `channels` were told that it is open, and are told when it is not. `steps` counts its messages, over all channels
    once.
    """

    id: int
    cause: Cause
    state: Literal["open", "closed"]
    opened_at: datetime
    closed_at: datetime | None
    told: Told | None
    told_at: datetime | None
    channels: tuple[str, ...]
    steps: int


@dataclass(frozen=True)
class Message:
    """A message for some channels, as plain text and as Markdown. `not_before`: UTC; None is now."""

    kind: MessageKind
    channels: tuple[str, ...]
    severity: Severity
    title: str
    text: str
    markdown: str
