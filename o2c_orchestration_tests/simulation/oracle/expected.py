"""The differences that two sets of books have, as an accountant would write them down: one mistake, one line.

What belongs here: from `Books` to the gaps that must be open. What does not: what the product says about it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from o2c_orchestration_tests.simulation.oracle.books import Bill, Books, Document, Receipt, object_of
from o2c_orchestration_tests.simulation.oracle.deposits import on_suspense
from o2c_orchestration_tests.simulation.oracle.movements import Due

ABSENT = "absent"


@dataclass(frozen=True)
class Difference:
    """One difference. `kind` is `absent` where a document is missing and the reason decides what it is called.

    `document` is the internal id where the difference is about that document and not about the Stripe object, `of`
    the key of a document that is missing, if it is not the Stripe object's own.
    """

    kind: str
    stripe_id: str | None
    document: str | None
    currency: str
    expected: int | None
    actual: int | None
    of: str = ""

    @property
    def key(self) -> tuple[str, str | None, str | None]:
        """What tells one difference from another."""
        return self.kind, self.stripe_id, self.document


def differences(books: Books, refused: Collection[str]) -> list[Difference]:
    """All differences. `refused` are the bills that cannot be booked: what pays them is then told by their gap."""
    found = [*_strays(books), *_extras(books)]
    payments = [each for receipt in books.receipts.values() for each in _payment(books, receipt, refused)]
    # The day of a payment settles nothing, and so explains no status.
    explained = {each.stripe_id for each in payments if each.kind != "period_mismatch"}
    moved = list(_movements(books))
    for bill in books.bills.values():
        of_bill = list(_invoice(books, bill))
        payers = {key for key, receipt in books.receipts.items() if bill.id in receipt.pays}
        told = any(each.stripe_id == bill.id for each in (*found, *moved))
        outside = list(_outside(books, bill, refused))
        found += [*of_bill, *outside]
        if not of_bill and not told and not outside and not payers & explained:
            found += _status(books, bill)
    return [*found, *payments, *moved, *_residuals(books)]


def _invoice(books: Books, bill: Bill) -> Iterator[Difference]:
    documents = books.of(bill.id, "invoice")
    if not bill.billed and not documents:
        return
    if not documents:
        yield Difference(ABSENT, bill.id, None, bill.currency, bill.total, 0)
    elif bill.status not in ("void", "draft"):
        yield from _compared(books, bill, documents[0])


def _compared(books: Books, bill: Bill, document: Document) -> Iterator[Difference]:
    if document.currency != bill.currency:
        yield Difference("currency_mismatch", bill.id, None, bill.currency, bill.total, None)
    elif document.total - document.tax != bill.total - bill.tax and document.total != bill.total:
        yield Difference("amount_mismatch", bill.id, None, bill.currency, bill.total, document.total)
    elif document.tax != bill.tax:
        yield Difference("tax_mismatch", bill.id, None, bill.currency, bill.tax, document.tax)
    whole = bill.id, None, bill.currency, bill.total, document.total
    if books.customers.get(document.customer) != bill.customer:
        yield Difference("customer_mismatch", *whole)
    if bill.date is not None and (document.date.year, document.date.month) != (bill.date.year, bill.date.month):
        yield Difference("period_mismatch", *whole)


def _outside(books: Books, bill: Bill, refused: Collection[str]) -> Iterator[Difference]:
    """What was paid outside Stripe, which the simulation's policy leaves to a person."""
    if bill.billed and bill.outside and bill.id not in refused and not books.there("op-" + bill.id):
        yield Difference("payment_missing", bill.id, None, bill.currency, bill.outside, 0)


def _status(books: Books, bill: Bill) -> Iterator[Difference]:
    documents = books.of(bill.id, "invoice")
    if not documents:
        return
    # What was written off is closed by a credit memo, while in Stripe it stays unpaid for good.
    owed = 0 if bill.status in ("void", "draft", "uncollectible") else bill.remaining
    is_open = documents[0].open
    if (is_open > 0) != (owed > 0):
        yield Difference("status_mismatch", bill.id, None, bill.currency, owed, is_open)


def _payment(books: Books, receipt: Receipt, refused: Collection[str]) -> Iterator[Difference]:
    documents = books.of(receipt.id, "customerPayment")
    if not documents:
        told_by_invoice = any(bill in refused for bill in receipt.pays)
        if receipt.succeeded and not told_by_invoice:
            yield Difference(ABSENT, receipt.id, None, receipt.currency, receipt.amount, 0)
        return
    document = documents[0]
    booked = document.total if document.currency == receipt.currency else None
    claims = books.claims(receipt)
    if not receipt.succeeded:
        yield Difference("payment_mismatch", receipt.id, None, receipt.currency, 0, booked)
    elif booked == receipt.amount and claims and document.open == document.total:
        yield Difference("payment_unapplied", receipt.id, None, receipt.currency, sum(claims.values()), 0)
    elif booked != receipt.amount or _applied(books, document) != dict(claims):
        yield Difference("payment_mismatch", receipt.id, None, receipt.currency, receipt.amount, booked)
    told = receipt.pays or books.there(receipt.sale) or _applied(books, document) != dict(claims)
    if receipt.succeeded and not told and books.customers.get(document.customer) != receipt.customer:
        yield Difference("customer_mismatch", receipt.id, None, receipt.currency, receipt.amount, document.total)
    if receipt.succeeded and _elsewhere(document.date, receipt.date):
        yield Difference("period_mismatch", receipt.id, None, receipt.currency, receipt.amount, document.total)


def _elsewhere(booked: date, due: date | None) -> bool:
    return due is not None and (booked.year, booked.month) != (due.year, due.month)


def _applied(books: Books, document: Document) -> dict[str, int]:
    applied: dict[str, int] = {}
    for target, amount in document.applied.items():
        name = books.stands_for(target) or f"document {target}"
        applied[name] = applied.get(name, 0) + amount
    return applied


def _movements(books: Books) -> Iterator[Difference]:
    """Credit memos, refunds, disputes and payouts that are not in NetSuite, or not as they should be."""
    for due in books.dues.values():
        documents = books.of(due.key, due.kind)
        if due.void:
            yield from (
                Difference("status_mismatch", due.key, None, due.currency, 0, each.total) for each in documents[:1]
            )
        unneeded = due.once and not books.there(due.once)
        unneeded = unneeded or due.key in books.needless
        if due.missing is None or unneeded or (due.key.startswith("pf-") and not books.there(due.stripe_id)):
            # What a payout that came back left on the bank account is told once there is something.
            continue
        if not documents:
            yield Difference(ABSENT, due.stripe_id, None, due.currency, *due.told, of=due.key)
        elif due.customer != "None":
            yield from _as_due(books, due, documents[0])
        elif due.kind == "deposit" and all(_elsewhere(documents[0].date, day) for day in due.dates):
            yield Difference("period_mismatch", due.stripe_id, None, due.currency, due.most, documents[0].total)


def _as_due(books: Books, due: Due, document: Document) -> Iterator[Difference]:
    whole = due.stripe_id, None, due.currency, due.most, document.total
    if document.currency != due.currency:
        yield Difference("currency_mismatch", due.stripe_id, None, due.currency, due.most, None)
    elif document.total != due.most:
        yield Difference("amount_mismatch", *whole)
    if books.customers.get(document.customer) != due.customer:
        yield Difference("customer_mismatch", *whole)
    if all((document.date.year, document.date.month) != (day.year, day.month) for day in due.dates):
        yield Difference("period_mismatch", *whole)


def _residuals(books: Books) -> Iterator[Difference]:
    for name, document, minor in on_suspense(books):
        yield Difference("payout_residual", name, None, document.currency, minor, 0)


def _extras(books: Books) -> Iterator[Difference]:
    for kind in sorted({document.kind for document in books.documents.values()}):
        name = "paid_twice" if kind == "customerPayment" else "duplicate_in_netsuite"
        refs = {ref for key, ref in books.refs.items() if books.documents[key].kind == kind}
        for ref in sorted(refs):
            for extra in books.of(ref, kind)[1:]:
                yield Difference(name, object_of(ref), extra.id, extra.currency, 0, extra.total)


def _strays(books: Books) -> Iterator[Difference]:
    for document in books.documents.values():
        ref = books.refs.get(document.id)
        if ref is None and books.customers.get(document.customer) in books.stripe_customers:
            yield Difference("unlinked_in_netsuite", None, document.id, document.currency, 0, document.total)
        elif ref is not None and not books.known(ref):
            yield Difference("missing_in_stripe", ref, document.id, document.currency, 0, document.total)
