"""Asks Stripe what was paid of an invoice outside it: the field is left out unless a request names it."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import structlog
from sqlalchemy import Engine

from o2c_orchestration.clients.stripe_read import StripeReader
from o2c_orchestration.domain.errors import ObjectMissing
from o2c_orchestration.store import off_stripe

log = structlog.get_logger(__name__)

_FIELD = "amount_paid_off_stripe"


def ask_off_stripe(engine: Engine, reader: StripeReader, in_flight: int) -> int:
    """Ask for the invoices of which more was paid than payments in Stripe explain; how many were asked for."""
    asked_at = datetime.now(UTC)
    invoices = off_stripe.to_ask(engine)
    with ThreadPoolExecutor(in_flight, thread_name_prefix="stripe-ask") as readers:
        answers = list(readers.map(lambda key: _ask(reader, key), [key for key, _ in invoices]))
    off_stripe.record(engine, _told(invoices, answers), asked_at)
    return len(invoices)


def _ask(reader: StripeReader, key: str) -> object:
    try:
        payload, _ = reader.retrieve(f"/v1/invoices/{key}", {"expand": [_FIELD]})
    except ObjectMissing:
        return None
    return payload.get(_FIELD)


def _told(invoices: Sequence[tuple[str, int]], answers: Sequence[object]) -> Iterator[tuple[str, int, int]]:
    for (key, paid), answer in zip(invoices, answers, strict=True):
        if isinstance(answer, int):
            yield key, answer, paid
        else:
            log.warning("Stripe does not say what was paid outside it", invoice=key)
