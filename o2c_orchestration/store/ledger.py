"""The mirror of the ledger: what NetSuite said when it was last read, and the deletes that reading showed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import Engine

from o2c_orchestration.store import forgotten
from o2c_orchestration.store.bulk import Cursor, sql, stage
from o2c_orchestration.store.database import raw_cursor, reading_cursor
from o2c_orchestration.store.deposits import merge_deposits

# How far the whole ledger was read, and when; reads of what is recent have one of their own.
LEDGER_CURSOR = "netsuite_ledger"
_STAGED = """id bigint, document text, external_id text, stripe_ref text, linked_by text, tranid text,
    other_ref text, trandate date, entity_id bigint, currency text, total_minor bigint, tax_minor bigint,
    remaining_minor bigint, status text, voided boolean, modified_at timestamp, read_at timestamptz,
    row_hash bytea, original_date date, subsidiary_id bigint, record text"""

# A document that was linked by an invoice number or by metadata keeps that link: the reader cannot know it.
_MERGE = """
INSERT INTO o2c.netsuite_documents AS t
    (id, document, external_id, stripe_ref, linked_by, tranid, other_ref, trandate, entity_id, currency,
     total_minor, tax_minor, remaining_minor, status, voided, modified_at, read_at, row_hash, original_date,
     subsidiary_id, record)
SELECT s.* FROM staged s LEFT JOIN o2c.netsuite_documents t USING (id)
WHERE t.id IS NULL OR t.row_hash <> s.row_hash OR t.deleted_at IS NOT NULL
ON CONFLICT (id) DO UPDATE SET
    document = excluded.document, external_id = excluded.external_id,
    stripe_ref = CASE WHEN t.linked_by = 'metadata' AND excluded.stripe_ref IS NULL THEN t.stripe_ref
                      ELSE excluded.stripe_ref END,
    linked_by = CASE WHEN t.linked_by = 'metadata' AND excluded.stripe_ref IS NULL THEN t.linked_by
                     ELSE excluded.linked_by END, tranid = excluded.tranid, other_ref = excluded.other_ref,
    trandate = excluded.trandate, entity_id = excluded.entity_id, currency = excluded.currency,
    total_minor = excluded.total_minor, tax_minor = excluded.tax_minor,
    remaining_minor = excluded.remaining_minor, status = excluded.status, voided = excluded.voided,
    modified_at = excluded.modified_at, read_at = excluded.read_at, row_hash = excluded.row_hash,
    original_date = excluded.original_date, subsidiary_id = excluded.subsidiary_id, record = excluded.record,
    deleted_at = NULL
WHERE t.read_at <= excluded.read_at
RETURNING t.id"""

# An object that a document named until now has lost it; after the merge nobody could tell which.
_UNLINKED = """
INSERT INTO o2c.dirty (key)
SELECT o2c.stripe_id_of(t.stripe_ref) FROM staged s JOIN o2c.netsuite_documents t USING (id)
WHERE t.row_hash <> s.row_hash AND t.stripe_ref IS DISTINCT FROM s.stripe_ref AND t.stripe_ref IS NOT NULL"""

# Layer (c) of matching: a reference derived from the document itself, the invoice number, if it is unique.
_LINK_BY_NUMBER = """
UPDATE o2c.netsuite_documents d SET stripe_ref = i.id, linked_by = 'number'
FROM {invoices} i
WHERE d.stripe_ref IS NULL AND d.document = 'invoice' AND d.deleted_at IS NULL AND {documents}
  AND i.number IN (d.other_ref, d.tranid)
  AND NOT EXISTS (SELECT FROM o2c.invoices other WHERE other.number = i.number AND other.id <> i.id)
RETURNING d.id"""
_LINK = {
    "everything": _LINK_BY_NUMBER.format(invoices="o2c.invoices", documents="true"),
    "documents": _LINK_BY_NUMBER.format(invoices="o2c.invoices", documents="d.id IN (SELECT id FROM staged)"),
    "invoices": _LINK_BY_NUMBER.format(invoices="staged", documents="true"),
}

_DIRTY = """
INSERT INTO o2c.dirty (key)
SELECT coalesce(o2c.stripe_id_of(stripe_ref), 'ns:' || id) FROM o2c.netsuite_documents WHERE id = ANY(%(ids)s)
UNION SELECT o2c.stripe_id_of(d.stripe_ref) FROM o2c.netsuite_applications a
      JOIN o2c.netsuite_documents d ON d.id IN (a.payment_id, a.invoice_id)
      WHERE (a.payment_id = ANY(%(ids)s) OR a.invoice_id = ANY(%(ids)s)) AND d.stripe_ref IS NOT NULL"""


@dataclass(frozen=True)
class LedgerDocument:
    """A document as SuiteQL gives it; amounts in minor units of the transaction currency.

    `stripe_ref` is the key it has (a Stripe id, or one derived from it, see domain.keys) and `linked_by` where it says
    so: `external_id` or `reference` (memo, PO number). `original_date` is the day that it was moved from, by its memo.
    `subsidiary_id` is None where it was not asked for. `record` is NetSuite's type where `document` is not: a customer
    deposit is a payment to us.
    """

    id: int
    document: str
    external_id: str | None
    stripe_ref: str | None
    linked_by: str | None
    tranid: str | None
    other_ref: str | None
    trandate: date
    entity_id: int | None
    currency: str
    total_minor: int
    tax_minor: int
    remaining_minor: int
    status: str | None
    voided: bool
    modified_at: datetime | None
    read_at: datetime
    row_hash: bytes
    original_date: date | None = None
    subsidiary_id: int | None = None
    record: str | None = None


@dataclass(frozen=True)
class Batch:
    """Documents of one read, and what hangs on them; complete for each of the documents.

    `applications` are (from, to, minor units): payments and memos to invoices, refunds to memos and payments.
    `deposited` are (payment or refund, deposit); `deposit_lines` (deposit, line, account, minor units, memo).
    """

    documents: Sequence[LedgerDocument]
    applications: Sequence[tuple[int, int, int]] = ()
    deposited: Sequence[tuple[int, int]] = ()
    deposit_lines: Sequence[tuple[int, int, int, int, str | None]] = ()


@dataclass(frozen=True)
class MirrorResult:
    """What a read of the ledger changed in the mirror."""

    read: int
    changed: int
    deleted: int
    linked_by_number: int


def merge_documents(engine: Engine, batch: Batch, gone: Sequence[int] = ()) -> MirrorResult:
    """Store a read of the ledger in one transaction. `gone` are ids that a complete read of their dates lacked."""
    with raw_cursor(engine) as cursor:
        read = stage(cursor, "staged", _STAGED, (astuple(document) for document in batch.documents))
        # One mirror at a time: two that bring the same documents in another order would wait for each other.
        cursor.execute("LOCK TABLE o2c.netsuite_documents IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(sql(_UNLINKED))
        cursor.execute(sql(_MERGE))
        changed = {int(row[0]) for row in cursor.fetchall()}
        changed |= _merge_applications(cursor, batch.applications)
        changed |= merge_deposits(cursor, batch.deposited, batch.deposit_lines, gone)
        cursor.execute(
            """UPDATE o2c.netsuite_documents SET deleted_at = clock_timestamp()
               WHERE id = ANY(%s) AND deleted_at IS NULL RETURNING id""",
            (list(gone),),
        )
        deleted = {int(row[0]) for row in cursor.fetchall()}
        linked = link_by_number(cursor, "documents")
        cursor.execute(sql(_DIRTY), {"ids": sorted(changed | deleted)})
        return MirrorResult(read, len(changed), len(deleted), len(linked))


def _merge_applications(cursor: Cursor, applications: Iterable[tuple[int, int, int]]) -> set[int]:
    stage(cursor, "applied", "payment_id bigint, invoice_id bigint, amount_minor bigint", applications)
    cursor.execute(
        """WITH gone AS (
             DELETE FROM o2c.netsuite_applications a USING staged s
             WHERE a.payment_id = s.id
               AND NOT EXISTS (SELECT FROM applied n WHERE n.payment_id = a.payment_id
                               AND n.invoice_id = a.invoice_id)
             RETURNING a.payment_id, a.invoice_id),
           put AS (
             INSERT INTO o2c.netsuite_applications AS a SELECT * FROM applied
             ON CONFLICT (payment_id, invoice_id) DO UPDATE SET amount_minor = excluded.amount_minor
             WHERE a.amount_minor <> excluded.amount_minor
             RETURNING payment_id, invoice_id)
           SELECT payment_id FROM gone UNION SELECT invoice_id FROM gone
           UNION SELECT payment_id FROM put UNION SELECT invoice_id FROM put"""
    )
    return {int(row[0]) for row in cursor.fetchall()}


def link_by_number(cursor: Cursor, changed: str) -> set[int]:
    """Link invoices that carry a Stripe invoice's number and nothing better; returns the ids of those linked.

    Whichever of the two comes last brings the link, in the transaction that brings it: `changed` says which of them
    are in the table `staged` ("documents" or "invoices"), or "everything". A document that is not recognized before
    planning would be written a second time.
    """
    cursor.execute(sql(_LINK[changed]))
    found = {int(row[0]) for row in cursor.fetchall()}
    cursor.execute(sql(_DIRTY), {"ids": sorted(found)})
    return found


def mirrored_ids(engine: Engine, first: date, last: date) -> set[int]:
    """Ids of living mirrored documents dated in [first, last]."""
    with reading_cursor(engine) as cursor:
        cursor.execute(
            """SELECT id FROM o2c.netsuite_documents
               WHERE trandate BETWEEN %s AND %s AND deleted_at IS NULL""",
            (first, last),
        )
        return {int(str(row[0])) for row in cursor.fetchall()}


def newest_document(engine: Engine) -> int | None:
    """The highest internal id of a living mirrored document."""
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT max(id) FROM o2c.netsuite_documents WHERE deleted_at IS NULL")
        row = cursor.fetchone()
        return int(str(row[0])) if row and row[0] is not None else None


def living(engine: Engine, ids: Iterable[int]) -> set[int]:
    """Those of these ids that are living mirrored documents."""
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT id FROM o2c.netsuite_documents WHERE id = ANY(%s) AND deleted_at IS NULL", (list(ids),))
        return {int(str(row[0])) for row in cursor.fetchall()}


def merge_customers(engine: Engine, rows: Iterable[tuple[int, str | None, str | None, bool]], read_at: datetime) -> int:
    """Store NetSuite customers (id, external id, name, inactive); a new link makes their invoices dirty."""
    with raw_cursor(engine) as cursor:
        gone, people = forgotten.ids(cursor, "netsuite"), forgotten.ids(cursor, "stripe", "salesforce")
        kept = (
            (number, key, None if str(number) in gone or key in people else name, inactive)
            for number, key, name, inactive in rows
        )
        count = stage(cursor, "staged", "id bigint, external_id text, name text, inactive boolean", kept)
        cursor.execute(
            """INSERT INTO o2c.dirty (key)
               SELECT key.key FROM staged s LEFT JOIN o2c.netsuite_customers c USING (id)
               CROSS JOIN LATERAL (
                   SELECT i.id FROM o2c.invoices i WHERE i.customer_id IN (s.external_id, c.external_id)
                   UNION SELECT coalesce(o2c.stripe_id_of(d.stripe_ref), 'ns:' || d.id) FROM o2c.netsuite_documents d
                         WHERE d.entity_id = s.id
                   UNION VALUES (s.external_id), (c.external_id)) key (key)
               WHERE (c.id IS NULL OR c.external_id IS DISTINCT FROM s.external_id) AND key.key IS NOT NULL"""
        )
        cursor.execute(
            """INSERT INTO o2c.netsuite_customers AS t SELECT s.*, %s FROM staged s ORDER BY s.id
               ON CONFLICT (id) DO UPDATE SET external_id = excluded.external_id, name = excluded.name,
                   inactive = excluded.inactive, read_at = excluded.read_at
               WHERE (t.external_id, t.name, t.inactive)
                   IS DISTINCT FROM (excluded.external_id, excluded.name, excluded.inactive)""",
            (read_at,),
        )
        return count


def replace_reference(
    engine: Engine,
    kind: str,
    rows: Iterable[tuple[str, str]],
    read_at: datetime,
    inactive: Collection[str] = (),
    kept_in: Mapping[str, str] = MappingProxyType({}),
) -> int:
    """Replace the reference data of one kind (`currency`, `item`, `subsidiary`, `account`) by (id, name) rows.

    `inactive` are ids that are known, and that documents may not name any more; `kept_in` says of accounts in
    which currency each is kept, by internal ids of both.
    """
    with raw_cursor(engine) as cursor:
        # Two that replace the same kind at once would both insert it.
        cursor.execute("LOCK TABLE o2c.netsuite_reference IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("DELETE FROM o2c.netsuite_reference WHERE kind = %s", (kind,))
        values = [(kind, identifier, name, read_at, identifier in inactive) for identifier, name in rows]
        cursor.executemany(
            "INSERT INTO o2c.netsuite_reference (kind, id, name, read_at, inactive) VALUES (%s, %s, %s, %s, %s)", values
        )
        if kind == "account":
            cursor.execute("DELETE FROM o2c.netsuite_account_currencies")
            cursor.executemany("INSERT INTO o2c.netsuite_account_currencies VALUES (%s, %s)", list(kept_in.items()))
        return len(values)


def drop_own_kinds(engine: Engine, kept: Collection[str]) -> None:
    """Forget values of the account's own lists and record types but for these: they may be names of people."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            "DELETE FROM o2c.netsuite_reference WHERE kind LIKE 'custom%%' AND kind <> ALL(%s)", (list(kept),)
        )


def currency_codes(known: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Internal id → code in lower case of the currencies of `reference`."""
    return {value: name for (kind, name), value in known.items() if kind == "currency" and not name.isdigit()}


def reference(engine: Engine, *, usable: bool = False) -> dict[tuple[str, str], str]:
    """(kind, folded name or id) → internal id; an id wins over an equal name. `usable`: without inactive ones."""
    with reading_cursor(engine) as cursor:
        cursor.execute(
            "SELECT kind, id, name FROM o2c.netsuite_reference WHERE NOT (inactive AND %s) ORDER BY kind, id DESC",
            (usable,),
        )
        rows: list[Any] = cursor.fetchall()
    found = {(kind, name.lower()): identifier for kind, identifier, name in rows}
    return found | {(kind, identifier): identifier for kind, identifier, _ in rows}


def kept_in(engine: Engine) -> dict[str, str]:
    """Internal id of the currency of each account whose own NetSuite tells, by the account's id."""
    with reading_cursor(engine) as cursor:
        cursor.execute("SELECT account, currency FROM o2c.netsuite_account_currencies")
        return dict(cursor.fetchall())


def find(reference: Mapping[tuple[str, str], str], kind: str, name: str) -> str | None:
    """The internal id of what o2c.yaml names, by id or by name, whose letters may be large or small."""
    return reference.get((kind, name)) or reference.get((kind, name.lower()))


def document_hash(values: Sequence[object]) -> bytes:
    """Names a mirrored row's content, read time left out."""
    import hashlib

    return hashlib.blake2b(orjson.dumps(values, default=str), digest_size=16).digest()


def totals(engine: Engine, document: str, first: date, last: date) -> list[tuple[str, int, int]]:
    """(currency, documents, minor units) of living mirrored documents dated in [first, last]."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT currency, count(*), sum(total_minor)::bigint FROM o2c.netsuite_documents
               WHERE document = %s AND trandate BETWEEN %s AND %s AND deleted_at IS NULL GROUP BY 1 ORDER BY 1""",
            (document, first, last),
        )
        rows: Sequence[Any] = cursor.fetchall()
        return [(row[0], row[1], row[2]) for row in rows]


def doubled(engine: Engine, document: str) -> list[str]:
    """Stripe ids that more than one living document names."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT stripe_ref FROM o2c.netsuite_documents
               WHERE document = %s AND deleted_at IS NULL AND NOT voided AND stripe_ref IS NOT NULL
               GROUP BY 1 HAVING count(*) > 1 ORDER BY 1""",
            (document,),
        )
        return [str(row[0]) for row in cursor.fetchall()]
