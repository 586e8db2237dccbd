"""What Stripe says of single objects, by the paths that rules of the mapping read: asked for a suggestion.

It is kept nowhere: metadata that o2c.yaml does not name has no place in the store.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from o2c_orchestration.clients.stripe_read import StripeReader
from o2c_orchestration.domain.errors import O2CError
from o2c_orchestration.domain.mapping_fields import is_readable
from o2c_orchestration.extract.stripe import PATHS

_TYPES = {"in_": "invoice", "ch_": "charge", "py_": "charge", "cn_": "credit_note", "re_": "refund", "po_": "payout"}
_WITH_CUSTOMER = frozenset({"invoice", "charge", "credit_note"})


def stripe_facts(reader: StripeReader, stripe_id: str, document: str) -> dict[str, str]:
    """Metadata of an object, its customer and its subscription, its currency and its customer's name, by path of a rule
    on documents of a type (as o2c.yaml calls it); nothing of what cannot be read."""
    kind = next((each for begins, each in _TYPES.items() if stripe_id.startswith(begins)), None)
    if kind is None:
        return {}
    params = {"expand": ["customer"]} if kind in _WITH_CUSTOMER else None
    try:
        payload, _ = reader.retrieve(f"{PATHS[kind]}/{stripe_id}", params)
    except O2CError:
        return {}
    return {path: value for path, value in _paths(payload) if is_readable(document, "header", path)}


def _paths(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if isinstance(payload.get("currency"), str):
        yield "currency", payload["currency"]
    yield from _metadata("metadata.", payload)
    customer = payload.get("customer")
    if isinstance(customer, Mapping):
        yield from _metadata("customer.metadata.", customer)
    parent = payload.get("parent")
    details = parent.get("subscription_details") if isinstance(parent, Mapping) else None
    if isinstance(details, Mapping):
        yield from _metadata("subscription.metadata.", details)


def _metadata(begins: str, owner: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    found = owner.get("metadata")
    for key, value in (found if isinstance(found, Mapping) else {}).items():
        yield f"{begins}{key}", str(value)
