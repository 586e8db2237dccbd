"""External ids: one function per document derives the id, and nothing else builds one.

They are the ids that Stripe's own NetSuite connector writes, so what it already made is adopted.
NetSuite folds case when it compares external ids and keeps one namespace for all transactions;
Stripe ids are case-sensitive, so two of them may collide: `fold` and `collisions` find that.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable

# A Stripe id of the objects that NetSuite documents mirror, wherever a person wrote it down.
STRIPE_REFERENCE = re.compile(r"\b((?:in|ch|py|cus)_[A-Za-z0-9]{6,})\b")


def customer_key(customer_id: str) -> str:
    """NetSuite customer of a Stripe customer ``cus_…``."""
    return _checked(customer_id, "cus_")


def invoice_key(invoice_id: str) -> str:
    """NetSuite invoice of a Stripe invoice ``in_…``."""
    return _checked(invoice_id, "in_")


def payment_key(charge_id: str) -> str:
    """NetSuite customer payment of a Stripe charge ``ch_…`` or ``py_…``."""
    return _checked(charge_id, "ch_", "py_")


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
