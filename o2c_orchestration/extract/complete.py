"""What rows of a span of days point to and the store lacks, fetched round by round."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Protocol

from sqlalchemy import Engine

from o2c_orchestration.domain.policy import Items
from o2c_orchestration.domain.policy_books import Books
from o2c_orchestration.extract.stripe import Extracted
from o2c_orchestration.store import customer_credits, movements, rows

_ITEMS, _BOOKS = Items(), Books()


class Reads(Protocol):
    """Reads what rows and ledger point to, of one Stripe account or of several."""

    def objects(self, object_type: str, ids: Sequence[str]) -> Extracted:
        """Single objects, by id."""

    def invoice_payments_of(self, payment_intents: Sequence[str]) -> Extracted:
        """The invoice payments that a PaymentIntent made."""

    def balance_movements_of(self, customers: Sequence[str]) -> Extracted:
        """Every movement of the balances of these customers."""

    def members_of(self, payouts: Sequence[str]) -> Extracted:
        """The balance transactions of payouts."""


# Each round may uncover more: a charge its invoice, the invoice its customer. Five hops are the longest chain.
_HOPS = 5


def complete_all(
    extractor: Reads,
    engine: Engine,
    first: date,
    last: date,
    items: Items,
    books: Books,
    validate: Callable[[str], object],
) -> dict[str, Extracted]:
    """`complete` with what it brings validated, until nothing is missing; the last result of each type."""
    totals: dict[str, Extracted] = {}
    for _ in range(_HOPS):
        progress = 0
        for kind, result in complete(extractor, engine, first, last, items, books):
            totals[kind] = result
            validate(kind)
            progress += result.changed + len(result.absent)
        if progress == 0:
            break
    return totals


def complete(
    extractor: Reads, engine: Engine, first: date, last: date, items: Items = _ITEMS, books: Books = _BOOKS
) -> Iterator[tuple[str, Extracted]]:
    """Fetch what validated rows of [first, last] point to and the store lacks. Validate between the rounds.

    Prices are fetched for what their metadata may say, unless `items` maps them or does not want it.

    Yields (object type, result) and must be exhausted; each round may uncover more, so the caller repeats
    until a round brings nothing.
    """
    intents = rows.payments_without_invoice_payment(engine, first, last)
    if intents:
        yield "invoice_payment", extractor.invoice_payments_of(intents)
    stale = rows.stale_invoices(engine)
    if stale:
        yield "invoice", extractor.objects("invoice", stale)
    payouts = movements.payouts_to_read(engine, first, last)
    if payouts:
        yield "balance_transaction", extractor.members_of(payouts)
    prices = rows.unread_prices(engine, list(items.prices)) if items.price_metadata else []
    if prices:
        yield "price", extractor.objects("price", prices)
    asked = customer_credits.customers_to_ask(engine, books.cut_over)
    if asked:
        # The balance that is known may be older than the invoice that used it.
        yield "customer", extractor.objects("customer", asked)
        yield "customer_balance_transaction", extractor.balance_movements_of(asked)
    for find in (rows.missing_references, movements.missing_references):
        for object_type, ids in find(engine).items():
            yield object_type, extractor.objects(object_type, ids)
