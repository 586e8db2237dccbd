"""SuiteQL rows → the mirror: documents, what payments are applied to, customers, reference data, deletes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Engine

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.domain.documents import CUSTOMER_DEPOSIT
from o2c_orchestration.domain.errors import PermissionDenied, ProtocolError, TooManyRows
from o2c_orchestration.domain.keys import STRIPE_REFERENCE, key_from_external_id, key_written_down
from o2c_orchestration.domain.money import ONLY_CURRENCY, exponent, to_minor
from o2c_orchestration.domain.periods import original_date
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.mirror import clock, queries
from o2c_orchestration.mirror.applied import read_applied
from o2c_orchestration.mirror.deleted import deleted_since
from o2c_orchestration.mirror.periods import read_periods, read_tax_periods
from o2c_orchestration.mirror.sound import sound
from o2c_orchestration.store import inbox, ledger, subsidiaries
from o2c_orchestration.store.ledger import LEDGER_CURSOR, Batch, LedgerDocument, MirrorResult

log = structlog.get_logger(__name__)

Row = Mapping[str, Any]
_PAGE = 1000
# Oracle takes no more in a list.
_CUSTOMERS_AT_ONCE = 500
_IDS_AT_ONCE = 500
RECENT_CURSOR = "netsuite_ledger_recent"
# Clocks differ, and NetSuite tells whole seconds.
_RECENT_OVERLAP = timedelta(minutes=2)
_DOCUMENTS = {
    "CustInvc": "invoice",
    "CustPymt": "customerPayment",
    queries.CUSTOMER_DEPOSIT: "customerPayment",
    "CustCred": "creditMemo",
    "CustRfnd": "customerRefund",
    "Deposit": "deposit",
    "Journal": "journalEntry",
}
# What may be applied to something, and still be partly free.
_CREDITS = ("customerPayment", "creditMemo")


class LedgerReader:
    """Reads the ledger into the mirror: what changed since the last read, and all of a window of dates."""

    def __init__(
        self, engine: Engine, reader: NetSuiteReader, policy: Policy, progress: Callable[[int], None] = lambda n: None
    ) -> None:
        self._engine = engine
        self._reader = reader
        self._policy = policy
        self._progress = progress

    def read(self, first: date, last: date) -> MirrorResult:
        """Mirror what changed, and everything dated in [first, last] (with a day's margin for time zones).

        A document that the mirror holds in that window and the complete read of it does not show was deleted; those of
        other days are known by NetSuite's list of deleted records.
        """
        started, day = datetime.now(UTC), timedelta(days=1)
        read_periods(self._engine, self._reader)
        if self._policy.periods.tax == "lock":
            read_tax_periods(self._engine, self._reader)
        days = first - day, last + day
        before = ledger.mirrored_ids(self._engine, *days)
        last_read = inbox.read_cursor(self._engine, LEDGER_CURSOR)
        since = self._policy.books.start_of_day
        if last_read is not None:
            overlap = timedelta(minutes=self._policy.netsuite.overlap_minutes)
            since = clock.anywhere(datetime.fromisoformat(last_read) - overlap)
        # A customer may be older than the books, and untouched since: the first read takes all of them.
        customers_since = since if last_read is not None else datetime(1990, 1, 1)
        total, seen = self._read(queries.LedgerWindow(since, days), customers_since, started)
        gone = before - seen
        if last_read is not None:
            gone |= deleted_since(self._engine, self._reader, since)
        total = _add(total, ledger.merge_documents(self._engine, Batch([]), sorted(gone)))
        inbox.write_cursor(self._engine, LEDGER_CURSOR, started.isoformat())
        clock.look_at_their_clock(self._engine, self._reader)
        return total

    def read_recent(self) -> MirrorResult:
        """Mirror what changed since the newest read, with two minutes of overlap.

        What was deleted, and what NetSuite shows later than that, is left to `read`. Raises ValueError before the
        first `read`.
        """
        started = datetime.now(UTC)
        reads = [inbox.read_cursor(self._engine, name) for name in (LEDGER_CURSOR, RECENT_CURSOR)]
        if reads[0] is None:
            raise ValueError("the ledger was never read")
        newest = max(datetime.fromisoformat(value) for value in reads if value is not None)
        since = clock.on_their_clock(self._engine, newest - _RECENT_OVERLAP)
        total, _ = self._read(queries.LedgerWindow(since), since, started)
        inbox.write_cursor(self._engine, RECENT_CURSOR, started.isoformat())
        return total

    def read_named(self, external_ids: Sequence[str]) -> MirrorResult:
        """Mirror the documents that have these external ids, whatever their dates, as far as there are any."""
        started, reference = datetime.now(UTC), ledger.reference(self._engine)
        currencies, tax_items = ledger.currency_codes(reference), self._tax_items(reference)
        total = MirrorResult(0, 0, 0, 0)
        for start in range(0, len(external_ids), _IDS_AT_ONCE):
            some = external_ids[start : start + _IDS_AT_ONCE]
            query = queries.documents(queries.ByExternalId(len(some)), 0, **self._columns)
            found = sound(self._engine, "netsuite_transaction", list(self._reader.suiteql(query, some)))
            for page in near_one_another(found):
                batch = self._assemble(page, currencies, tax_items, started)
                total = _add(total, ledger.merge_documents(self._engine, batch))
        return total

    @property
    def _columns(self) -> dict[str, bool]:
        """Which columns there are to ask for."""
        told = bool(self._policy.entities) and self._policy.books.subsidiary is not None
        return {"subsidiary": told, "currency": self._policy.books.currency is None}

    def _tax_items(self, reference: Mapping[tuple[str, str], str]) -> list[int]:
        named = {("item", (own.items.tax or "").lower()) for _, own in self._policy.each()}
        return sorted(int(reference[name]) for name in named if name in reference)

    def _read(
        self, window: queries.LedgerWindow, customers_since: datetime, started: datetime
    ) -> tuple[MirrorResult, set[int]]:
        """What was read, and the internal ids of the documents among it."""
        self._read_customers(customers_since, started)
        if self._policy.entities:
            self._read_relationships()
        reference = ledger.reference(self._engine)
        currencies, tax_items = ledger.currency_codes(reference), self._tax_items(reference)
        total = MirrorResult(0, 0, 0, 0)
        seen: set[int] = set()
        for page in self._pages(window):
            batch = self._assemble(page, currencies, tax_items, started)
            seen |= {document.id for document in batch.documents}
            total = _add(total, ledger.merge_documents(self._engine, batch))
            self._progress(len(batch.documents))
        return total, seen

    def _read_customers(self, since: datetime, read_at: datetime) -> None:
        after = 0
        while rows := (page := self._reader.suiteql_page(queries.customers(since, after))).rows:
            sound(self._engine, "netsuite_customer", rows)
            ledger.merge_customers(self._engine, [_customer(row) for row in rows], read_at)
            after = int(rows[-1]["id"])
            if not page.has_more and len(rows) < _PAGE:
                return

    def _read_relationships(self) -> None:
        """Which subsidiaries customers are in, of those of whom that is not known."""
        common = [name for _, own in self._policy.each() if (name := own.customers.common)]
        asked = subsidiaries.to_read(self._engine, common)
        for start in range(0, len(asked), _CUSTOMERS_AT_ONCE):
            some = asked[start : start + _CUSTOMERS_AT_ONCE]
            rows = list(self._reader.suiteql(queries.relationships(some)))
            found = sound(self._engine, "netsuite_relationship", rows)
            subsidiaries.keep(self._engine, some, [(int(row["entity"]), int(row["subsidiary"])) for row in found])

    def _pages(self, window: queries.LedgerWindow) -> Iterator[list[dict[str, Any]]]:
        after = 0
        # A short page is no proof of the end: what it leaves out would count as deleted.
        while rows := (page := self._reader.suiteql_page(queries.documents(window, after, **self._columns))).rows:
            yield sound(self._engine, "netsuite_transaction", rows)
            after = int(rows[-1]["id"])
            if not page.has_more and len(rows) < _PAGE:
                return

    def _assemble(
        self, page: list[dict[str, Any]], currencies: Mapping[str, str], tax_items: Sequence[int], read_at: datetime
    ) -> Batch:
        first, last = int(page[0]["id"]), int(page[-1]["id"])
        codes = {int(row["id"]): _currency(row, currencies) for row in page}
        taxed = self._sound("tax", self._reader.suiteql(queries.taxes(first, last, tax_items)))
        taxes = {int(row["id"]): row.get("tax") for row in taxed}
        applied = read_applied(
            lambda text: self._sound("application", self._reader.suiteql(text)),
            page,
            lambda amount, document: abs(_minor(amount, codes[document])),
        )
        used: dict[int, int] = {}
        for payment, _, amount in applied:
            used[payment] = used.get(payment, 0) + amount
        found = {int(row["id"]): _document(row, codes[int(row["id"])], taxes, used, read_at) for row in page}
        # A journal entry is ours or somebody else's business; deposits say what payments they hold, whoever made them.
        kept = [item for item in found.values() if item.document != "journalEntry" or item.stripe_ref]
        return Batch(kept, applied, *self._deposits(first, last, found))

    def _deposits(
        self, first: int, last: int, found: Mapping[int, LedgerDocument]
    ) -> tuple[list[tuple[int, int]], list[tuple[int, int, int, int, str | None]]]:
        if not any(item.document == "deposit" for item in found.values()):
            return [], []
        members = [
            (int(row["document"]), int(row["deposit"]))
            for row in self._sound("deposited", rows_between(self._reader, queries.deposited, first, last))
            if int(row["deposit"]) in found
        ]
        every = self._sound("deposit_line", self._deposit_lines(first, last))
        primary = {(row["deposit"], row["line"]): row for row in reversed(every)}
        lines = [
            # Revenue side: what adds to the bank is a credit, and negative in SuiteQL.
            (deposit, int(row["line"]), int(row["account"]), -minor, row.get("memo"))
            for row in reversed(primary.values())
            if (deposit := int(row["deposit"])) in found
            and (minor := _minor(row.get("amount"), found[deposit].currency))
        ]
        return members, lines

    def _sound(self, kind: str, rows: Iterable[dict[str, str]]) -> list[dict[str, str]]:
        return sound(self._engine, f"netsuite_{kind}", list(rows))

    def _deposit_lines(self, first: int, last: int) -> list[dict[str, str]]:
        try:
            return rows_between(self._reader, queries.deposit_lines, first, last)
        except PermissionDenied:
            # A role may not see books; then there is one row for each line.
            return rows_between(self._reader, partial(queries.deposit_lines, books=False), first, last)


def near_one_another(rows: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Documents in order of id, in parts whose ids lie close together: what hangs on them is read by ranges of ids."""
    part: list[dict[str, Any]] = []
    for row in rows:
        if part and int(row["id"]) - int(part[0]["id"]) >= _PAGE:
            yield part
            part = []
        part.append(row)
    if part:
        yield part


def rows_between(
    reader: NetSuiteReader, query: Callable[[int, int], str], first: int, last: int
) -> list[dict[str, str]]:
    """Rows of a query over the documents with ids in [first, last], in parts where NetSuite gives not all at once.

    A page of documents may hold a dozen deposits of ten thousand payments. Raises TooManyRows if one alone is too long.
    """
    try:
        return list(reader.suiteql(query(first, last)))
    except TooManyRows:
        if first == last:
            raise
    middle = (first + last) // 2
    return [*rows_between(reader, query, first, middle), *rows_between(reader, query, middle + 1, last)]


def _document(
    row: Row, currency: str, taxes: Mapping[int, Any], used: Mapping[int, int], read_at: datetime
) -> LedgerDocument:
    """Raises ProtocolError for a row that makes no sense: left out, its document would be taken for missing."""
    try:
        return _read_document(row, currency, taxes, used, read_at)
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:
        raise ProtocolError(
            f"NetSuite transaction {row.get('id')} cannot be read: {type(error).__name__}: {error}",
            "look at it in NetSuite; if it is sound there, report it with the SuiteQL row",
            system="netsuite",
        ) from error


def _read_document(
    row: Row, currency: str, taxes: Mapping[int, Any], used: Mapping[int, int], read_at: datetime
) -> LedgerDocument:
    identifier = int(row["id"])
    kind = _DOCUMENTS[str(row["type"])]
    # Public queries disagree on the sign of memos and refunds; only deposits and journals could be below zero.
    total = abs(_minor(row.get("foreigntotal"), currency))
    unpaid = _remaining(row, kind, currency, total - used.get(identifier, 0))
    reference, linked_by = _link(row, kind)
    values = (
        identifier,
        kind,
        row.get("externalid"),
        reference,
        linked_by,
        row.get("tranid"),
        row.get("otherrefnum"),
        date.fromisoformat(str(row["trandate"])),
        int(row["entity"]) if row.get("entity") else None,
        currency,
        total,
        # Revenue and tax lines carry the credit side's sign.
        -_minor(taxes.get(identifier), currency),
        unpaid,
        row.get("status"),
        row.get("voided") == "T",
        datetime.fromisoformat(str(row["modified"])) if row.get("modified") else None,
    )
    moved_from = original_date(str(row.get("memo") or ""))
    # Rows that say nothing of it keep the hash that they had before this was looked for.
    content = values if moved_from is None else (*values, moved_from)
    subsidiary = int(row["subsidiary"]) if row.get("subsidiary") else None
    content = content if subsidiary is None else (*content, f"subsidiary {subsidiary}")
    # NetSuite's own kind, where ours has another name: what pays it back has to know.
    record = CUSTOMER_DEPOSIT if row["type"] == queries.CUSTOMER_DEPOSIT else None
    content = content if record is None else (*content, record)
    return LedgerDocument(*values, read_at, ledger.document_hash(content), moved_from, subsidiary, record)


def _remaining(row: Row, kind: str, currency: str, unused: int) -> int:
    """What an invoice still owes, or what of a payment or memo is applied to no invoice (it may be refunded)."""
    if kind == "invoice":
        return _minor(row.get("unpaid"), currency)
    if kind not in _CREDITS:
        return 0
    return unused


def _link(row: Row, kind: str) -> tuple[str | None, str | None]:
    """The key that a document has: by its external id, or where a person wrote a Stripe id down."""
    external = key_from_external_id(kind, str(row.get("externalid") or ""))
    if external is not None:
        return external, "external_id"
    fields = " ".join(str(row.get(field) or "") for field in ("memo", "otherrefnum", "tranid"))
    keys = [key for found in STRIPE_REFERENCE.findall(fields) if (key := key_written_down(kind, found))]
    # A payment that names its charge is the charge's, whatever invoice it names besides.
    key = next((key for key in keys if not key.startswith("op-")), keys[0] if keys else None)
    return key, "reference" if key else None


def _customer(row: Row) -> tuple[int, str | None, str | None, bool]:
    name = row.get("companyname") or row.get("entityid")
    return int(row["id"]), row.get("externalid"), name, row.get("isinactive") == "T"


def _currency(row: Row, currencies: Mapping[str, str]) -> str:
    code = currencies.get(str(row.get("currency", ONLY_CURRENCY)))
    if code is None:
        raise ProtocolError(
            f"NetSuite transaction {row.get('id')} is in currency {row.get('currency')}, which NetSuite does not list",
            "check that the role may see Lists > Currency",
        )
    return code


def _minor(value: Any, currency: str) -> int:
    """NetSuite's decimal text in minor units; decimals beyond the currency's are exchange-rate dust, rounded off."""
    if value in (None, ""):
        return 0
    amount = Decimal(str(value))
    return to_minor(amount.quantize(Decimal(1).scaleb(-exponent(currency))), currency)


def _add(left: MirrorResult, right: MirrorResult) -> MirrorResult:
    return MirrorResult(
        left.read + right.read,
        left.changed + right.changed,
        left.deleted + right.deleted,
        left.linked_by_number + right.linked_by_number,
    )
