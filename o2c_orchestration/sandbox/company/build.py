"""Builds the demo company: one seed, one size and one day give the same bytes every time.

What belongs here: the order in which the parts are made, and the result. No clock, no I/O.
"""

from __future__ import annotations

import gc
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from .aftermath import Aftermath
from .balance import Money
from .balances import use_balances
from .cashier import Cashier
from .catalog import Catalog, Wire, customer_currencies, make_catalog, make_customers
from .discounts import coupons_and_discounts
from .documents import documents_missing
from .events import make_events
from .ids import IdMaker
from .invoices import Bill, Biller, closed_month
from .mistakes import Bookkeeper
from .payments import Collector
from .payouts import Banker
from .stories import REFUSED_MISTAKES, Window, tell

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Company:
    """A company in Stripe and in NetSuite, and what is wrong between the two.

    stripe: wire objects, each with its `object` field; an invoice carries all its lines.
    netsuite: `{"recordType", "body"}` in loading order, with `_key` and `{"id": "@key"}` references.
    truth: the gaps still open after a `sync` run, in minor units; None where one side has no amount.
    missing, payments_missing, customers_missing: Stripe ids of invoices, of charges that pay an invoice and of
        customers that the first `sync` run has to write.
    documents_missing: NetSuite record type → external ids of everything else that it has to write.
    closed_periods: names such as `Aug 2026` of the accounting periods to close after loading.
    """

    stripe: list[Wire]
    netsuite: list[Wire]
    truth: list[Wire]
    missing: list[str] = field(default_factory=list)
    payments_missing: list[str] = field(default_factory=list)
    customers_missing: list[str] = field(default_factory=list)
    documents_missing: dict[str, list[str]] = field(default_factory=dict)
    closed_periods: list[str] = field(default_factory=list)


def build(seed: int = 7, invoices: int = 400, *, today: date, days: int = 30) -> Company:
    """The company with so many invoices on the `days` UTC days before `today`.

    All planted kinds need about 40 invoices; fewer invoices carry fewer mistakes.
    Raises ValueError when `invoices` or `days` is below 1.
    """
    if invoices < 1 or days < 1:
        raise ValueError(f"a company needs at least one invoice and one day, not {invoices} and {days}")
    with _without_garbage_collection():
        return _build(seed, invoices, Window(today, days))


def _build(seed: int, invoices: int, window: Window) -> Company:
    rng = random.Random(f"company {seed}")
    ids = IdMaker(rng)
    currencies = customer_currencies(invoices)
    stories, loose = tell(rng, window, invoices, currencies)
    catalog = make_catalog(ids, window)
    customers = make_customers(rng, ids, window, currencies, stories)
    biller = Biller(rng, ids, window, catalog)
    bills = [biller.bill(story, customers[story.customer]) for story in stories]
    collector = Collector(rng, ids, window)
    collector.collect(bills)
    keeper = Bookkeeper(rng, ids, window, customers)
    aftermath = Aftermath(rng, ids, window, collector)
    aftermath.happen(bills, keeper.regulars)
    banker = Banker(ids, window, collector.till)
    banker.pay_out()
    keeper.keep(bills, loose)
    cashier = Cashier(window, keeper)
    cashier.keep(aftermath, bills, banker.batches)
    balances = use_balances(seed, bills, collector, keeper)
    events = make_events(ids, window, customers, bills, aftermath, banker.batches, collector.money)
    missing = documents_missing(bills, aftermath, banker.batches, cashier.kept)
    missing["creditMemo"] += balances.missing
    stripe = _stripe(catalog, customers, bills, collector.money, [*balances.movements, *events])
    return _company(window, stripe, bills, keeper, aftermath, missing)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Millions of new objects and no cycles: the collector would only double the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _stripe(catalog: Catalog, customers: list[Wire], bills: list[Bill], money: Money, events: list[Wire]) -> list[Wire]:
    """Everything in Stripe, each kind in order of creation."""
    kinds = (
        catalog.products,
        catalog.price_objects,
        customers,
        [bill.invoice for bill in bills],
        coupons_and_discounts([bill.invoice for bill in bills]),
        money.payment_intents,
        money.charges,
        money.balance_transactions,
        money.invoice_payments,
        money.credit_notes,
        money.refunds,
        money.disputes,
        money.payouts,
        events,
    )
    return [
        thing for kind in kinds for thing in sorted(kind, key=lambda each: int(each.get("created") or each["start"]))
    ]


def _company(
    window: Window,
    stripe: list[Wire],
    bills: list[Bill],
    keeper: Bookkeeper,
    aftermath: Aftermath,
    documents: dict[str, list[str]],
) -> Company:
    payments = {
        receipt.charge["id"]: None
        for bill in bills
        for receipt in bill.receipts
        if receipt.charge["id"] not in keeper.payment_keys
    }
    refused = {bill.story.mistake: bill for bill in bills if bill.story.mistake in REFUSED_MISTAKES}
    written = [bill for bill in bills if _written(bill)]
    wanted = [bill.customer["id"] for bill in (*written, *refused.values())]
    wanted += [customer["id"] for customer, _ in aftermath.uninvoiced]
    month = closed_month(window)
    closed = [f"{_MONTHS[month.month - 1]} {month.year}"] if "sync_failed_period" in refused else []
    return Company(
        stripe=stripe,
        netsuite=keeper.books.records(),
        truth=keeper.truth,
        missing=[bill.invoice["id"] for bill in written],
        payments_missing=list(payments),
        customers_missing=list(dict.fromkeys(each for each in wanted if each not in keeper.books.customers)),
        documents_missing=documents,
        closed_periods=closed,
    )


def _written(bill: Bill) -> bool:
    """Whether a first run has to write the invoice: final, worth something, not kept and not refused."""
    return (
        bill.invoice["status"] in ("open", "paid", "uncollectible")
        and bill.invoice["total"] > 0
        and bill.story.keeping == "none"
        and bill.story.mistake not in REFUSED_MISTAKES
    )
