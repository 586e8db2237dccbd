"""External ids: one function per document derives the id, and nothing else builds one.

They are the ids that Stripe's own NetSuite connector writes, so what it already made is adopted.
NetSuite folds case when it compares external ids and keeps one namespace for all transactions;
Stripe ids are case-sensitive, so two of them may collide: `fold` and `collisions` find that.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from o2c_orchestration.domain.salesforce_fields import ORDER_PREFIX

# A Stripe id of the objects that NetSuite documents mirror, wherever a person wrote it down.
STRIPE_REFERENCE = re.compile(r"\b((?:in|ch|py|cus|cn|re|pyr|dp|du|po)_[A-Za-z0-9]{6,})\b")
# Documents that stand for a second thing that happened to one Stripe object.
DERIVED = ("cm", "ri", "rf", "rp", "pf", "rc", "op", "cb", "bi", "bo", "ni", "si", "bg", "bd")
_SECOND = re.compile(r"[a-z]{2}")
# What Stripe's own connector calls the credit memo of a refund.
_CONNECTOR_MEMO = "ns_memo:"
_SALESFORCE_ID = re.compile(r"[A-Za-z0-9]{15}[A-Z0-5]{3}")
# Ids of what is a deal begin so: opportunities, orders.
DEALS: Final = ("006", ORDER_PREFIX)
# Keys of customers begin so: of one that NetSuite knows by its internal id alone, and of the common one.
NAMED_CUSTOMER, COMMON_CUSTOMER = "netsuite:", "global:"
CUSTOMERS: Final = ("cus_", NAMED_CUSTOMER, COMMON_CUSTOMER)
_COUPON = "coupon:"
_DISPUTE = ("dp_", "du_")
_REFUND = ("re_", "pyr_")


def customer_key(customer_id: str) -> str:
    """NetSuite customer of a Stripe customer ``cus_…``, or the one that a charge without one names (see below)."""
    return _checked(customer_id, "cus_", NAMED_CUSTOMER)


def named_customer_key(value: str) -> str:
    """The NetSuite customer that a charge's metadata names, as it was typed: ``netsuite:107``."""
    return NAMED_CUSTOMER + value


def common_customer_key(name: str) -> str:
    """The NetSuite customer that takes documents of many Stripe customers, or of none; by internal id or name."""
    return COMMON_CUSTOMER + name


def in_stripe(customer: str | None) -> str | None:
    """The same customer where Stripe (or Salesforce) has him too; None for one whom NetSuite alone knows."""
    return None if customer is None or customer.startswith((NAMED_CUSTOMER, COMMON_CUSTOMER)) else customer


def common_customer_name(key: str) -> str | None:
    """The internal id or name in such a key, or None for any other key."""
    return key.removeprefix(COMMON_CUSTOMER) if key.startswith(COMMON_CUSTOMER) else None


def coupon_key(account: str, coupon_id: str) -> str:
    """What a coupon is stored as: ``coupon:main:SUMMER``. People choose its id, and another account, or a price of old,
    may have the same one.
    """
    return f"{_COUPON}{account}:{coupon_id}"


def stored_as(kind: str | None, identifier: str, account: str) -> str:
    """What an object of Stripe's is stored as: its id, unless that is one only among its own account's coupons."""
    return coupon_key(account, identifier) if kind == "coupon" else identifier


def coupon_of(key: str) -> tuple[str | None, str]:
    """The account in such a key, and Stripe's id; of anything else no account, and itself."""
    if not key.startswith(_COUPON):
        return None, key
    account, _, coupon_id = key.removeprefix(_COUPON).partition(":")
    return account, coupon_id


def relationship_key(customer: str, subsidiary: str) -> str:
    """What puts a NetSuite customer into a further subsidiary, both by internal id: ``cs-107-2``."""
    return f"cs-{customer}-{subsidiary}"


def customer_currency_key(customer: str, currency: str) -> str:
    """What adds a currency to a NetSuite customer, by internal id and code: ``cc-107-eur``."""
    return f"cc-{customer}-{currency}"


def payer_field_key(journal_id: int, name: str) -> str:
    """What changes a field of a Stripe customer, by the write in the journal that it follows: ``stripe:cf:12-name``."""
    return f"stripe:cf:{journal_id}-{fold(name)}"


def customer_field_key(journal_id: int, name: str) -> str:
    """What changes a field of a NetSuite customer, by the write in the journal that it follows: ``cf-12-companyname``.

    Each change leans on the value that was written before it, so that a value that comes back is a change of its own.
    """
    return f"cf-{journal_id}-{fold(name)}"


def order_key(deal_id: str) -> str:
    """NetSuite sales order of a Salesforce opportunity ``006…`` or order ``801…``, by its 18 characters."""
    return _salesforce(deal_id, *DEALS)


def account_key(account_id: str) -> str:
    """NetSuite customer of a Salesforce account ``001…`` that has no Stripe customer."""
    return _salesforce(account_id, "001")


def stripe_customer_key(account_id: str) -> str:
    """What makes the Stripe customer of a Salesforce account. Keys with a colon are no external ids of NetSuite's."""
    return "stripe:cus:" + _salesforce(account_id, "001")


def billing_key(kind: str, deal_id: str) -> str:
    """What bills a deal in Stripe; kind `sub_sched`, `plink`, `invoice`, `invoice_lines` or `invoice_final`."""
    return f"stripe:{kind}:" + _salesforce(deal_id, *DEALS)


def _salesforce(identifier: str, *prefixes: str) -> str:
    """The id itself: 18 characters, which differ whether or not case counts; one of 15 would not."""
    if not _SALESFORCE_ID.fullmatch(identifier) or not identifier.startswith(prefixes):
        wanted = " or ".join(prefixes)
        raise ValueError(f"{identifier!r} is not a Salesforce id of 18 characters that starts with {wanted}")
    return identifier


def invoice_key(invoice_id: str) -> str:
    """NetSuite invoice of a Stripe invoice ``in_…``."""
    return _checked(invoice_id, "in_")


def payment_key(charge_id: str) -> str:
    """NetSuite customer payment of a Stripe charge ``ch_…`` or ``py_…``."""
    return _checked(charge_id, "ch_", "py_")


def credit_note_key(credit_note_id: str) -> str:
    """NetSuite credit memo of a Stripe credit note ``cn_…``."""
    return _checked(credit_note_id, "cn_")


def credit_memo_key(stripe_id: str) -> str:
    """NetSuite credit memo ``cm-…`` of a voided or written-off invoice, a refund or a dispute."""
    return "cm-" + _checked(stripe_id, "in_", *_REFUND, *_DISPUTE)


def refund_key(refund_id: str) -> str:
    """NetSuite customer refund of a Stripe refund ``re_…`` or ``pyr_…``."""
    return _checked(refund_id, *_REFUND)


def dispute_key(dispute_id: str) -> str:
    """NetSuite customer refund of the funds that a dispute ``dp_…`` or ``du_…`` withdrew."""
    return _checked(dispute_id, *_DISPUTE)


def reinstated_invoice_key(stripe_id: str) -> str:
    """NetSuite invoice ``ri-…`` that restores what a credit memo took: a dispute that was won, a write-off paid."""
    return "ri-" + _checked(stripe_id, "in_", *_DISPUTE)


def returned_refund_key(refund_id: str) -> str:
    """NetSuite customer payment ``rf-…``: a refund failed and its money came back."""
    return "rf-" + _checked(refund_id, *_REFUND)


def returned_dispute_key(dispute_id: str) -> str:
    """NetSuite customer payment ``rp-…``: a dispute was won and its money came back."""
    return "rp-" + _checked(dispute_id, *_DISPUTE)


def off_stripe_key(invoice_id: str) -> str:
    """NetSuite customer payment ``op-…`` of what was paid of an invoice outside Stripe."""
    return "op-" + _checked(invoice_id, "in_")


def balance_used_key(stripe_id: str) -> str:
    """NetSuite credit memo ``cb-…``: what a customer's balance pays of a Stripe invoice, or is taken off it by hand."""
    return "cb-" + _checked(stripe_id, "in_", "cbtxn_")


def balance_kept_key(stripe_id: str) -> str:
    """NetSuite invoice ``bi-…`` against which money goes to a balance: an invoice's, a credit note's, or by hand."""
    return "bi-" + _checked(stripe_id, "in_", "cn_", "cbtxn_")


def balance_given_key(transaction_id: str) -> str:
    """NetSuite credit memo ``bg-…`` of what a customer was given on his balance by hand ``cbtxn_…``."""
    return "bg-" + _checked(transaction_id, "cbtxn_")


def balance_charged_key(transaction_id: str) -> str:
    """NetSuite invoice ``bd-…`` of what a customer was charged (debited) on his balance by hand ``cbtxn_…``."""
    return "bd-" + _checked(transaction_id, "cbtxn_")


def overpayment_key(invoice_id: str) -> str:
    """NetSuite invoice ``bo-…`` against which what was paid beyond a Stripe invoice goes to the customer's balance."""
    return "bo-" + _checked(invoice_id, "in_")


def sale_key(charge_id: str) -> str:
    """NetSuite invoice ``si-…`` that books a charge without an invoice as a sale."""
    return "si-" + _checked(charge_id, "ch_", "py_")


def negative_invoice_key(invoice_id: str) -> str:
    """NetSuite credit memo ``ni-…`` of a Stripe invoice whose total is below zero."""
    return "ni-" + _checked(invoice_id, "in_")


def payout_key(payout_id: str) -> str:
    """NetSuite deposit of a Stripe payout ``po_…``."""
    return _checked(payout_id, "po_")


def payout_part_key(payout_id: str, part: int) -> str:
    """One of the deposits that a payout with too many members is split into, from 1: ``po_…``, ``po_…-2``, …"""
    if part < 1:
        raise ValueError(f"the parts of a payout count from 1, not {part}")
    return payout_key(payout_id) if part == 1 else f"{payout_key(payout_id)}-{part}"


def returned_payout_key(payout_id: str) -> str:
    """NetSuite journal entry ``pf-…``: a payout failed or was canceled after its deposit was written."""
    return "pf-" + _checked(payout_id, "po_")


def cleared_residual_key(transaction_id: str) -> str:
    """NetSuite deposit of zero ``rc-…`` that clears the residual of one balance transaction ``txn_…``."""
    return "rc-" + _checked(transaction_id, "txn_")


def stripe_id_of(key: str) -> str:
    """The Stripe object that a document stands for: ``in_1`` for ``in_1`` and ``cm-in_1``, ``po_1`` for ``po_1-2``.

    Whatever two letters stand before the dash, they make it a second document. The database has the same rule as the
    function ``o2c.stripe_id_of``; a test holds the two together.
    """
    prefix, dash, rest = key.partition("-")
    if dash and prefix.startswith("po_") and rest.isascii() and rest.isdecimal():
        return prefix
    return rest if dash and _SECOND.fullmatch(prefix) else key


# Of which Stripe objects a NetSuite document of a type is the mirror, if a person wrote their id down, and under
# which key: a credit memo whose memo names an invoice stands for its void or write-off.
_WRITTEN_DOWN: Final[dict[str, dict[tuple[str, ...], str]]] = {
    "invoice": {("in_",): ""},
    "customerPayment": {("ch_", "py_"): "", ("in_",): "op-"},
    "creditMemo": {("cn_",): "", ("in_", *_REFUND, *_DISPUTE): "cm-"},
    "customerRefund": {(*_REFUND, *_DISPUTE): ""},
    "deposit": {("po_",): ""},
    "journalEntry": {},
}


def key_written_down(document: str, stripe_id: str) -> str | None:
    """The key of the document of this type that a person means who notes this Stripe id on it, if any."""
    for prefixes, derived in _WRITTEN_DOWN[document].items():
        if stripe_id.startswith(prefixes):
            return derived + stripe_id
    return None


def key_from_external_id(document: str, external_id: str) -> str | None:
    """The key that an external id stands for on a document of this type, or None: it is somebody else's."""
    if external_id.startswith(_CONNECTOR_MEMO):
        external_id = "cm-" + external_id.removeprefix(_CONNECTOR_MEMO)
    if external_id.partition("-")[0] in DERIVED and "_" in external_id:
        return external_id
    return key_written_down(document, external_id)


def _checked(stripe_id: str, *prefixes: str) -> str:
    if not stripe_id.startswith(prefixes):
        raise ValueError(f"{stripe_id!r} is not an id of the form {' or '.join(prefixes)}…")
    return stripe_id


def fold(external_id: str) -> str:
    """The form in which NetSuite compares external ids."""
    return external_id.lower()


def collisions(ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Groups of different ids that NetSuite would take for one: folded id → the ids, sorted."""
    groups: dict[str, set[str]] = defaultdict(set)
    for external_id in ids:
        groups[fold(external_id)].add(external_id)
    return {key: tuple(sorted(found)) for key, found in groups.items() if len(found) > 1}


def gap_id(leg: str, kind: str, *keys: str | None) -> str:
    """A gap's identity from its leg, kind and business keys, the same in every run: ``gap_`` + 20 hex digits.

    The reconciler derives the same value in SQL; a test holds the two together.
    """
    text = "|".join([leg, kind, *(key or "" for key in keys)])
    return "gap_" + hashlib.sha256(text.encode()).hexdigest()[:20]
