"""What one balance transaction of a payout is in the ledger: a document, an amount on an account, or unknown.

Every type that Stripe's SDK names is stated here; a type that is not, or that has no document yet, goes to Suspense
under its own name and is never guessed. `type` decides, and for `adjustment` its reporting category.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from o2c_orchestration.domain.keys import (
    dispute_key,
    payment_key,
    refund_key,
    returned_dispute_key,
    returned_refund_key,
)
from o2c_orchestration.domain.payouts import MemberRow
from o2c_orchestration.domain.policy_payouts import Accounts

GROUPS: Final = ("payments", "refunds", "returned refunds", "disputes", "disputes won")


@dataclass(frozen=True)
class Meaning:
    """What a member is: the document `key` of a `group` (its amount has this `sign`), or money on an `account`.

    Neither is set where it belongs on Suspense; `problem` says why.
    """

    group: str
    key: str | None = None
    sign: int = 0
    account: str | None = None
    problem: str = ""


# Role → group of documents, how its key derives from the source, and the sign of its amount.
_DOCUMENTS: Final[dict[str, tuple[str, Callable[[str], str], int]]] = {
    "charge": ("payments", payment_key, 1),
    "payment": ("payments", payment_key, 1),
    "refund": ("refunds", refund_key, -1),
    "payment_refund": ("refunds", refund_key, -1),
    "refund_failure": ("returned refunds", returned_refund_key, 1),
    # Its source is the payment where a payment failed after all (category charge_failure): see `classify`.
    "payment_failure_refund": ("returned refunds", returned_refund_key, 1),
    "dispute": ("disputes", dispute_key, -1),
    "dispute_reversal": ("disputes won", returned_dispute_key, 1),
}
# Roles that are a fee or its return, and the type of fee whose account they use if `fees` does not name their own.
_FEES: Final = {
    "stripe_fee": "stripe_fee",
    "stripe_fx_fee": "stripe_fee",
    "tax_fee": "tax",
    "application_fee": "application_fee",
    "application_fee_refund": "application_fee",
    "network_cost": "payment_method_passthrough_fee",
}
_RESERVES: Final = frozenset(
    {
        "reserve_hold",
        "reserve_release",
        "reserve_transaction",
        "reserved_funds",
        "payment_network_reserve_hold",
        "payment_network_reserve_release",
        "payout_minimum_balance_hold",
        "payout_minimum_balance_release",
    }
)
_RETURNED: Final = frozenset({"payout_failure", "payout_cancel"})
# Reporting category of an `adjustment` → role. `other_adjustment` and all the others are unknown.
_ADJUSTMENTS: Final = {
    "dispute": "dispute",
    "dispute_reversal": "dispute_reversal",
    "refund_failure": "refund_failure",
    "fee": "stripe_fee",
    "tax": "tax_fee",
    "network_cost": "network_cost",
    "risk_reserved_funds": "reserved_funds",
    "connect_reserved_funds": "reserve_transaction",
}
# What Stripe has types for and this ledger has no document or account for, and why.
_UNBOOKED: Final[dict[str, str]] = {
    **dict.fromkeys(
        ["transfer", "transfer_cancel", "transfer_failure", "transfer_refund", "connect_collection_transfer"],
        "money between Connect accounts has no account here",
    ),
    **dict.fromkeys(
        [
            "issuing_authorization_hold",
            "issuing_authorization_release",
            "issuing_dispute",
            "issuing_dispute_provisional_credit",
            "issuing_dispute_provisional_credit_reversal",
            "issuing_transaction",
        ],
        "Stripe Issuing has no account here",
    ),
    **dict.fromkeys(
        ["advance", "advance_funding", "anticipation_repayment"], "an advance of Stripe has no account here"
    ),
    **dict.fromkeys(
        ["inbound_transfer", "inbound_transfer_reversal", "obligation_outbound", "obligation_reversal_inbound"],
        "money of a financial account has no account here",
    ),
    **dict.fromkeys(
        ["climate_order_purchase", "climate_order_refund", "contribution"], "Stripe Climate has no account here"
    ),
    **dict.fromkeys(["topup", "topup_reversal"], "a top-up of the Stripe balance has no account here"),
    **dict.fromkeys(
        ["stripe_balance_payment_debit", "stripe_balance_payment_debit_reversal"],
        "what was paid to Stripe out of the balance has no account here",
    ),
    "payment_reversal": "a payment that was taken back has no document yet",
    "payment_unreconciled": "money of a customer that no payment claims has no document yet",
    "fee_credit_funding": "a credit for fees has no account here",
    "tax_fund": "money set aside for taxes has no account here",
    "payout": "another payout is no member of this one",
}
# The types of balance transactions that this module says something about; `adjustment` by its category.
STATED_TYPES: Final = frozenset(
    {
        "adjustment",
        *(_DOCUMENTS.keys() - {"dispute", "dispute_reversal"}),
        *(_FEES.keys() - {"network_cost"}),
        *_RESERVES,
        *_RETURNED,
        *_UNBOOKED,
    }
)


def classify(accounts: Accounts, member: MemberRow) -> Meaning:
    """What the member's gross amount is; its fee is another matter."""
    role = _role(member)
    if is_failed_payment(member):
        text = f"the payment {member.source_id} failed after all, and what it had paid is open again"
        return Meaning("failed payments", problem=text)
    if role in _DOCUMENTS:
        return _document(member, *_DOCUMENTS[role])
    if role in _FEES:
        return Meaning(f"fees: {role}", account=fee_account(accounts, role))
    if role in _RESERVES:
        return Meaning(f"reserves: {role}", account=accounts.reserves)
    if role in _RETURNED:
        return Meaning(f"{role} {member.source_id or member.id}", account=accounts.returned_payouts)
    return Meaning(role, problem=_UNBOOKED.get(role) or _unknown(member))


def _role(member: MemberRow) -> str:
    if member.type == "adjustment":
        return _ADJUSTMENTS.get(member.category, f"adjustment {member.category}")
    # The name of a category that comes as a type is a type nobody has mapped.
    return member.type if member.type in STATED_TYPES else f"type {member.type}"


def _unknown(member: MemberRow) -> str:
    which = f"the category {member.category}" if member.type == "adjustment" else "this type"
    return f"nobody has said what {which} is in the ledger"


def _document(member: MemberRow, group: str, key: Callable[[str], str], sign: int) -> Meaning:
    try:
        return Meaning(group, key(member.source_id or ""), sign)
    except ValueError:
        return Meaning(group, problem=f"its source {member.source_id or '(none)'} has no document of this kind")


def is_dispute(member: MemberRow) -> bool:
    """Whether the member withdraws or reinstates a dispute's funds: its fee is what the dispute costs."""
    return member.type == "adjustment" and member.category in ("dispute", "dispute_reversal")


def is_failed_payment(member: MemberRow) -> bool:
    """Whether the member takes back the money of a payment that failed after it had been on the balance."""
    return member.type == "payment_failure_refund" and (member.source_id or "").startswith(("ch_", "py_"))


def fee_account(accounts: Accounts, kind: str) -> str:
    """The account of a type of fee: its own, that of the type it belongs to, or the one for all others."""
    return accounts.fees.get(kind) or accounts.fees.get(_FEES.get(kind, kind)) or accounts.fee
