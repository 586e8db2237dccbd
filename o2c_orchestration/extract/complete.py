"""What rows of a span of days point to and the store lacks, fetched round by round."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import Engine

from o2c_orchestration.domain.errors import Refused
from o2c_orchestration.domain.policy import Items
from o2c_orchestration.domain.policy_books import Books
from o2c_orchestration.extract.stripe import Extracted
from o2c_orchestration.store import customer_credits, movements, rows, unread

log = structlog.get_logger(__name__)

_ITEMS, _BOOKS = Items(), Books()
# Stripe is no older.
_FIRST_COUPON = date(2010, 1, 1)
# Not in each round, but well within an hour: a sweep of the next hour must not take a new coupon for one without item.
_LIST_AGAIN = timedelta(minutes=5)


class Reads(Protocol):
    """Reads what rows and ledger point to, of one Stripe account or of several."""

    def objects(self, object_type: str, ids: Sequence[str]) -> Extracted:
        """Single objects, by id."""

    def invoice_payments_of(self, payment_intents: Sequence[str]) -> Extracted:
        """The invoice payments that a PaymentIntent made."""

    def balance_movements_of(self, customers: Sequence[str]) -> Extracted:
        """Every movement of the balances of these customers."""

    def window(self, object_type: str, first: date, last: date) -> Extracted:
        """All objects of a type created on the UTC days [first, last]."""

    def discounts_of(self, invoices: Sequence[str]) -> Extracted:
        """The discounts of invoices, and their coupons."""

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

    Prices and coupons are fetched for what their metadata may say, unless `items` maps them or does not want it.

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
    if items.price_metadata:
        yield from named_by_lines(extractor, engine, items)
    asked = customer_credits.customers_to_ask(engine, books.cut_over)
    if asked:
        # The balance that is known may be older than the invoice that used it.
        yield "customer", extractor.objects("customer", asked)
        yield "customer_balance_transaction", extractor.balance_movements_of(asked)
    for find in (rows.missing_references, movements.missing_references):
        for object_type, ids in find(engine).items():
            yield object_type, extractor.objects(object_type, ids)


def named_by_lines(
    extractor: Reads, engine: Engine, items: Items, invoices: Sequence[str] | None = None
) -> Iterator[tuple[str, Extracted]]:
    """What lines of all invoices, or only of these, name and nobody has read. As in `complete`.

    Of which coupon a discount is costs a request each: it is asked where some coupon names an item.
    """
    yield from _coupons(extractor, engine)
    prices = unread.unread_prices(engine, list(items.prices), invoices)
    if prices:
        yield "price", extractor.objects("price", prices)
    discounted = unread.discounted_invoices(engine, invoices)
    if discounted:
        yield "coupon", (found := extractor.discounts_of(discounted))
        yield "discount", found
    coupons = unread.unread_coupons(engine)
    if coupons:
        yield "coupon", extractor.objects("coupon", coupons)


def _coupons(extractor: Reads, engine: Engine) -> Iterator[tuple[str, Extracted]]:
    """All coupons once, as soon as there is a discount; then the new ones. Changes of others come as events.

    For want of their list nothing stops.
    """
    now, (listed, asked) = datetime.now(UTC), unread.coupons_listed(engine)
    if not unread.any_discount(engine) or (asked is not None and now - asked < _LIST_AGAIN):
        return
    first = _FIRST_COUPON if listed is None else listed.date()
    try:
        found = extractor.window("coupon", first, now.date())
    except Refused as error:
        log.warning("coupons cannot be listed", error=str(error))
        found = Extracted()
    yield "coupon", found
    unread.note_coupons_listed(engine, now, readable=found.unreadable is None)
