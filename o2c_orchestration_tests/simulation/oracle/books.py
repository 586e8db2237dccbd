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

from o2c_orchestration_tests.simulation.oracle.adjustments import adjustments
from o2c_orchestration_tests.simulation.oracle.movements import Due, Member, dues, id_of, members
from o2c_orchestration_tests.simulation.oracle.view import Wire, World

BOOKS_ZONE = ZoneInfo("America/Los_Angeles")
BILLED = ("open", "paid", "uncollectible")
_DOCUMENT_OF = {
    **{"in": "invoice", "ch": "customerPayment", "py": "customerPayment", "cus": "customer", "cn": "creditMemo"},
    **dict.fromkeys(("re", "pyr", "dp", "du"), "customerRefund"),
    "po": "deposit",
}
# Documents that stand for a second thing that happened to one Stripe object, by the prefix of their external id.
_DERIVED = {
    **{"cm": "creditMemo", "ri": "invoice", "rf": "customerPayment", "rp": "customerPayment"},
    **{"pf": "journalEntry", "rc": "deposit", "op": "customerPayment"},
    **{"cb": "creditMemo", "ni": "creditMemo", "bi": "invoice", "bo": "invoice", "si": "invoice"},
    **{"bg": "creditMemo", "bd": "invoice"},
}
_STRIPE_ID = re.compile(r"\b(?:in|ch|py)_[A-Za-z0-9]{8,}")
# Decimals that are not two, from Stripe's page on currencies and NetSuite's own list: both systems must agree.
_NO_DECIMALS, _THREE_DECIMALS = ("jpy", "krw", "vnd", "clp"), ("kwd", "bhd", "jod", "omr", "tnd")


def scale_of(currency: str) -> int:
    """Minor units in one unit of a currency."""
    code = currency.lower()
    return 1 if code in _NO_DECIMALS else 1000 if code in _THREE_DECIMALS else 100


@dataclass(frozen=True)
class Bill:
    """A Stripe invoice: what is owed, by whom, since which date of the books. `date` is None for a draft.

    `outside` is what was paid of it outside Stripe.
    """

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
    outside: int = 0


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

    @property
    def sale(self) -> str:
        """The key of the invoice that books it as a sale, where it pays no other and the company has it so."""
        return "si-" + self.id


@dataclass(frozen=True)
class Document:
    """A living transaction of NetSuite. `open` is what is unpaid of it, or not applied; `owed`: a customer deposit.

    `deposited` are the documents that a deposit takes, `postings` its amounts on accounts: (account, minor, memo).
    """

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
    deposited: tuple[str, ...] = ()
    postings: tuple[tuple[str, int, str], ...] = ()
    owed: bool = False

    @property
    def own(self) -> tuple[object, ...]:
        """Everything that only an edit can change: what settles an invoice is left out."""
        applied = tuple(sorted(self.applied.items()))
        told = (self.external_id, self.words, self.date, self.currency, self.total, self.tax, self.customer)
        return (*told, applied, self.deposited, self.postings)


@dataclass
class Books:
    """Both sides, and which document belongs to which Stripe object (`refs`: internal id → key).

    A key is a Stripe id, or one with a prefix for a second document of that object; `dues` are the documents that
    movements of money oblige to or allow, `members` the documents of each payout's balance transactions. `needless`
    are keys of dues of which nobody misses anything: see `sales`. `charge_of` are the charges of disputes.
    """

    ids: set[str] = field(default_factory=set)
    bills: dict[str, Bill] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    stripe_customers: set[str] = field(default_factory=set)
    customers: dict[str, str | None] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    refs: dict[str, str] = field(default_factory=dict)
    dues: dict[str, Due] = field(default_factory=dict)
    members: dict[str, list[Member]] = field(default_factory=dict)
    needless: set[str] = field(default_factory=set)
    charge_of: dict[str, str] = field(default_factory=dict)

    def known(self, key: str) -> bool:
        """Whether Stripe has the very object that this key is of."""
        return object_of(key) in self.ids

    def is_draft(self, identifier: str) -> bool:
        """Whether this is an invoice that is not finalized: it says nothing yet."""
        return identifier in self.bills and self.bills[identifier].status == "draft"

    def of(self, key: str, kind: str) -> list[Document]:
        """Living documents of one key: the one with its external id first, then by age."""
        found = [self.documents[identifier] for identifier, ref in self.refs.items() if ref == key]
        found = [each for each in found if each.kind == kind]
        return sorted(found, key=lambda each: (each.external_id != key, int(each.id)))

    def stands_for(self, identifier: str) -> str | None:
        """The Stripe invoice (or other object) that a document is of, also where it restores one that was closed."""
        ref = self.refs.get(identifier)
        return None if ref is None else object_of(ref)

    def claims(self, receipt: Receipt) -> Mapping[str, int]:
        """What a charge has to be applied to: its invoices, or the sale that stands for it, under the charge's id."""
        return receipt.pays or ({receipt.id: receipt.amount} if self.there(receipt.sale) else {})

    def there(self, key: str) -> bool:
        """Whether NetSuite has the document of this key."""
        return bool(self.of(key, document_kind(key) or ""))


def read(world: World) -> Books:
    """The books of a world as they are now."""
    books, objects = Books(), world.stripe_objects()
    books.bills = {key: _bill(wire) for key, wire in objects.items() if wire["object"] == "invoice"}
    parts = _parts(objects.values())
    books.receipts = {key: _receipt(wire, parts) for key, wire in objects.items() if wire["object"] == "charge"}
    books.ids = set(objects)
    books.dues, books.members = dues(objects, day_of), members(objects)
    books.charge_of = {key: id_of(wire["charge"]) for key, wire in objects.items() if wire["object"] == "dispute"}
    if world.rules.sales:
        books.dues |= {receipt.sale: _sale(receipt) for receipt in books.receipts.values() if _sold(receipt)}
    if world.rules.adjustments:
        books.dues |= {due.key: due for due in adjustments(objects, day_of)}
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
        id_of(wire["customer"]),
        wire["currency"],
        wire["total"],
        sum(tax["amount"] for tax in wire.get("total_taxes") or []),
        wire["amount_remaining"],
        day_of(issued) if issued else None,
        wire.get("number"),
        moments.get("voided_at"),
        # One below zero is a credit memo.
        wire["status"] in BILLED and not zero and wire["total"] >= 0,
        wire.get("amount_paid_off_stripe") or 0,
    )


def _receipt(wire: Wire, parts: Mapping[str, Mapping[str, int]]) -> Receipt:
    succeeded = wire["status"] == "succeeded" and wire.get("captured", True)
    captured = wire.get("amount_captured")
    amount: int = wire["amount"] if captured is None else captured
    pays = parts.get(wire["id"]) or parts.get(id_of(wire.get("payment_intent"))) or {}
    customer, day = id_of(wire["customer"]), day_of(wire["created"])
    return Receipt(wire["id"], succeeded, customer, wire["currency"], amount, day, pays if succeeded else {})


def _sold(receipt: Receipt) -> bool:
    return receipt.succeeded and not receipt.pays and receipt.amount > 0


def _sale(receipt: Receipt) -> Due:
    """What is paid without an invoice is billed by the payment itself: the same money, on the same day."""
    head, money = (receipt.sale, "invoice", receipt.id, receipt.customer, receipt.currency), receipt.amount
    return Due(*head, money, money, frozenset({receipt.date}), "missing_in_netsuite", (money, 0))


def _parts(objects: Iterable[Wire]) -> dict[str, dict[str, int]]:
    """What each payment intent, or charge without one, has paid of which invoice."""
    parts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for wire in objects:
        if wire["object"] == "invoice_payment" and wire["status"] == "paid":
            payment = wire["payment"]
            payer = id_of(payment.get("payment_intent")) or id_of(payment.get("charge"))
            parts[payer][id_of(wire["invoice"])] += wire["amount_paid"]
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
        record["amountRemaining"] if is_invoice else record.get("unapplied", 0),
        str(record["customer"]),
        _applications(record.get("applications") or ()),
        tuple(map(str, record.get("deposited") or ())),
        tuple(record.get("postings") or ()),
        bool(record.get("owed")),
    )


def _applications(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    applied: dict[str, int] = defaultdict(int)
    for target, amount in pairs:
        applied[str(target)] += amount
    return dict(applied)


def _reference(document: Document, numbers: Mapping[str | None, str]) -> str | None:
    """The key that a document names: by external id, by a Stripe id written down, by an invoice number."""
    named = [document.external_id or "", *(word for text in document.words for word in _STRIPE_ID.findall(text))]
    for word in named:
        if document_kind(word) == document.kind:
            return str(word)
    return next((numbers[text] for text in document.numbers if text in numbers), None)


def document_kind(key: str) -> str | None:
    """The NetSuite document that a key is of."""
    head, underscore, _ = key.partition("_")
    derived, dash, _ = head.partition("-")
    return (_DERIVED.get(derived) if dash else _DOCUMENT_OF.get(head)) if underscore else None


def object_of(key: str) -> str:
    """The Stripe object that a key is of."""
    derived, dash, rest = key.partition("-")
    return rest if dash and derived in _DERIVED else key


def name_of(document: Document) -> str:
    """A document in a sentence."""
    return f"{document.kind} {document.id} ({document.external_id or 'no external id'})"
