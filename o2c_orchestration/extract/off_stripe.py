"""Asks Stripe what was paid of an invoice outside it: the field is left out unless a request names it."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import structlog
from sqlalchemy import Engine

from o2c_orchestration import tracing
from o2c_orchestration.clients.stripe_read import StripeReader
from o2c_orchestration.domain.errors import ObjectMissing
from o2c_orchestration.store import off_stripe
from o2c_orchestration.store.accounts import owners

log = structlog.get_logger(__name__)

_FIELD = "amount_paid_off_stripe"


def ask_off_stripe(engine: Engine, readers: Mapping[str, StripeReader], in_flight: int) -> int:
    """Ask for the invoices of which more was paid than payments in Stripe explain; how many were asked for.

    `readers` are those of the company's Stripe accounts; an invoice of an account that has none is not asked for.
    """
    asked_at = datetime.now(UTC)
    found = off_stripe.to_ask(engine)
    ids = [key for key, _ in found]
    whose = owners(engine, ids) if len(readers) > 1 else dict.fromkeys(ids, next(iter(readers)))
    invoices = [(key, paid) for key, paid in found if whose.get(key) in readers]
    with ThreadPoolExecutor(in_flight, thread_name_prefix="stripe-ask") as asking:
        ask = tracing.carried(lambda key: _ask(readers[whose[key]], key))
        answers = list(asking.map(ask, [key for key, _ in invoices]))
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
            with tracing.lines_about(key):
                log.warning("Stripe does not say what was paid outside it")
