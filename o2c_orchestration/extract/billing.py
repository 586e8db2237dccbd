"""What bills deals, read from Stripe by id: subscription schedules, and the prices that deals name."""

from collections.abc import Iterable, Sequence
from contextlib import suppress

from sqlalchemy import Engine

from o2c_orchestration.clients.stripe_read import StripeReader
from o2c_orchestration.domain.errors import ObjectMissing
from o2c_orchestration.extract.redact import redact
from o2c_orchestration.store import billing
from o2c_orchestration.store.gate import StripeObject, admit


def read_billing(engine: Engine, reader: StripeReader, ids: Iterable[str]) -> int:
    """Subscription schedules by id, and the prices of theirs that are not known; how many changed."""
    changed = _read(engine, reader, "/v1/subscription_schedules", "subscription_schedule", list(ids))
    read_prices_of(engine, reader, billing.unread_prices(engine))
    return changed


def read_prices_of(engine: Engine, reader: StripeReader, names: Iterable[str]) -> int:
    """Prices that are not in the store yet; how many were read."""
    return _read(engine, reader, "/v1/prices", "price", billing.unknown(engine, sorted(set(names))))


def _read(engine: Engine, reader: StripeReader, path: str, kind: str, ids: Sequence[str]) -> int:
    found = []
    for identifier in ids:
        with suppress(ObjectMissing):
            payload, read_at = reader.retrieve(f"{path}/{identifier}")
            found.append(StripeObject.of(redact(payload), read_at, object_type=kind))
    return len(admit(engine, found).changed) if found else 0
