"""Two sets of books side by side: what Stripe's objects oblige a company to book, and what stands in NetSuite.

What belongs here: accounting facts, derived from the wire alone. Amounts are integer minor units; nothing of the
product is imported, so that its mistakes about currencies, time zones or references cannot hide themselves here.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from o2c_orchestration_tests.simulation.oracle.view import Wire, World

BOOKS_ZONE = ZoneInfo("America/Los_Angeles")
BILLED = ("open", "paid", "uncollectible")
_DOCUMENT_OF = {"in": "invoice", "ch": "customerPayment", "py": "customerPayment", "cus": "customer"}
_STRIPE_ID = re.compile(r"\b(?:in|ch|py)_[A-Za-z0-9]{8,}")
# Decimals that are not two, from Stripe's page on currencies and NetSuite's own list: both systems must agree.
_NO_DECIMALS, _THREE_DECIMALS = ("jpy", "krw", "vnd", "clp"), ("kwd", "bhd", "jod", "omr", "tnd")


def scale_of(currency: str) -> int:
    """Minor units in one unit of a currency."""
    code = currency.lower()
    return 1 if code in _NO_DECIMALS else 1000 if code in _THREE_DECIMALS else 100


@dataclass(frozen=True)
class Bill:
    """A Stripe invoice: what is owed, by whom, since which date of the books. `date` is None for a draft."""

    id: str
    status: str
    customer: str
    currency: str
    total: int
    tax: int
    remaining: int
    date: date | None
    number: str | None
    voided_at: int | None
    billed: bool


@dataclass(frozen=True)
class Receipt:
    """A Stripe charge and the invoices it pays (Stripe id → minor units)."""

    id: str
    succeeded: bool
    customer: str
    currency: str
    amount: int
    date: date
    pays: Mapping[str, int]


@dataclass(frozen=True)
class Document:
    """A living invoice or customer payment of NetSuite. `open` is what is unpaid of it, or not applied."""

    id: str
    kind: str
    external_id: str | None
    words: tuple[str, ...]
    numbers: tuple[str, ...]
    date: date
    currency: str
    total: int
    tax: int
    open: int
    customer: str
    applied: Mapping[str, int]

    @property
    def own(self) -> tuple[object, ...]:
        """Everything that only an edit can change: what settles an invoice is left out."""
        applied = tuple(sorted(self.applied.items()))
        return (self.external_id, self.words, self.date, self.currency, self.total, self.tax, self.customer, applied)


@dataclass
class Books:
    """Both sides, and which document belongs to which Stripe object (`refs`: internal id → Stripe id)."""

    bills: dict[str, Bill] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    stripe_customers: set[str] = field(default_factory=set)
    customers: dict[str, str | None] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)

    def known(self, identifier: str) -> bool:
        """Whether Stripe has an object of this very id."""
        return identifier in self.bills or identifier in self.receipts or identifier in self.stripe_customers

    def is_draft(self, identifier: str) -> bool:
        """Whether this is an invoice that is not finalized: it says nothing yet."""
        return identifier in self.bills and self.bills[identifier].status == "draft"

    def of(self, stripe_id: str, kind: str) -> list[Document]:
        """Living documents of one Stripe object: the one with its external id first, then by age."""
        found = [self.documents[key] for key, ref in self.refs.items() if ref == stripe_id]
        found = [each for each in found if each.kind == kind]
        return sorted(found, key=lambda each: (each.external_id != stripe_id, int(each.id)))


def read(world: World) -> Books:
    """The books of a world as they are now."""
    books, objects = Books(), world.stripe_objects()
    books.bills = {key: _bill(wire) for key, wire in objects.items() if wire["object"] == "invoice"}
    parts = _parts(objects.values())
    books.receipts = {key: _receipt(wire, parts) for key, wire in objects.items() if wire["object"] == "charge"}
    books.stripe_customers = {key for key, wire in objects.items() if wire["object"] == "customer"}
    for record in world.netsuite_records():
        if record["type"] == "customer":
            books.customers[str(record["id"])] = record.get("externalId") or None
        elif not record.get("voided"):
            document = _document(record)
            books.documents[document.id] = document
    numbers = Counter(bill.number for bill in books.bills.values() if bill.number)
    unique: dict[str | None, str] = {
        bill.number: bill.id for bill in books.bills.values() if bill.number and numbers[bill.number] == 1
    }
    for document in books.documents.values():
        ref = _reference(document, unique)
        if ref is not None:
            books.refs[document.id] = ref
    return books


def day_of(seconds: int) -> date:
    """The date of the books on which a moment falls."""
    # Not fromtimestamp with the zone, so that the step from UTC to the books is a visible one.
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    return moment.astimezone(BOOKS_ZONE).date()


def _bill(wire: Wire) -> Bill:
    moments = wire["status_transitions"]
    issued = wire.get("effective_at") or moments.get("finalized_at")
    zero = wire["total"] == 0 and all(line["amount"] == 0 for line in wire["lines"]["data"])
    return Bill(
        wire["id"],
        wire["status"],
        _id(wire["customer"]),
        wire["currency"],
        wire["total"],
        sum(tax["amount"] for tax in wire.get("total_taxes") or []),
        wire["amount_remaining"],
        day_of(issued) if issued else None,
        wire.get("number"),
        moments.get("voided_at"),
        wire["status"] in BILLED and not zero,
    )


def _receipt(wire: Wire, parts: Mapping[str, Mapping[str, int]]) -> Receipt:
    succeeded = wire["status"] == "succeeded" and wire.get("captured", True)
    captured = wire.get("amount_captured")
    amount: int = wire["amount"] if captured is None else captured
    pays = parts.get(wire["id"]) or parts.get(_id(wire.get("payment_intent"))) or {}
    customer, day = _id(wire["customer"]), day_of(wire["created"])
    return Receipt(wire["id"], succeeded, customer, wire["currency"], amount, day, pays if succeeded else {})


def _parts(objects: Iterable[Wire]) -> dict[str, dict[str, int]]:
    """What each payment intent, or charge without one, has paid of which invoice."""
    parts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for wire in objects:
        if wire["object"] == "invoice_payment" and wire["status"] == "paid":
            payment = wire["payment"]
            payer = _id(payment.get("payment_intent")) or _id(payment.get("charge"))
            parts[payer][_id(wire["invoice"])] += wire["amount_paid"]
    return {payer: dict(pays) for payer, pays in parts.items()}


def _document(record: Wire) -> Document:
    noted = [str(record.get(name) or "") for name in ("memo", "otherRefNum", "tranId")]
    is_invoice = record["type"] == "invoice"
    return Document(
        str(record["id"]),
        record["type"],
        record.get("externalId") or None,
        tuple(noted),
        tuple(noted[1:]) if is_invoice else (),
        date.fromisoformat(record["tranDate"]),
        record["currency"].lower(),
        record["total"],
        record.get("tax") or 0,
        record["amountRemaining"] if is_invoice else record["unapplied"],
        str(record["customer"]),
        _applications(record.get("applications") or ()),
    )


def _applications(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    applied: dict[str, int] = defaultdict(int)
    for target, amount in pairs:
        applied[str(target)] += amount
    return dict(applied)


def _reference(document: Document, numbers: Mapping[str | None, str]) -> str | None:
    """The Stripe object that a document names: by external id, by an id written down, by an invoice number."""
    named = [document.external_id or "", *(word for text in document.words for word in _STRIPE_ID.findall(text))]
    for word in named:
        if _DOCUMENT_OF.get(word.partition("_")[0]) == document.kind and "_" in word:
            return str(word)
    return next((numbers[text] for text in document.numbers if text in numbers), None)


def document_kind(stripe_id: str) -> str | None:
    """The NetSuite document that a Stripe object becomes, by its id."""
    return _DOCUMENT_OF.get(stripe_id.partition("_")[0])


def _id(value: object) -> str:
    return str(value["id"]) if isinstance(value, Mapping) else str(value or "")
