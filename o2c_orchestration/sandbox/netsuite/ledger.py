"""The ledger's front: create, change, upsert, delete, transform and load records.

Every method is one SQLite transaction, committed before it returns; a refusal leaves nothing behind.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from o2c_orchestration.sandbox.netsuite import (
    cash,
    catalog,
    customer_deposits,
    deposits,
    documents,
    entities,
    group,
)
from o2c_orchestration.sandbox.netsuite.bodies import BodyReader
from o2c_orchestration.sandbox.netsuite.drafts import (
    CLOSED_FOR_EDITING,
    Draft,
    Request,
    posting_period,
    refuse_closed,
    transaction_date,
)
from o2c_orchestration.sandbox.netsuite.errors import (
    NetSuiteError,
    invalid_content,
    method_not_allowed,
    record_not_found,
    unknown_record_type,
    user_error,
)
from o2c_orchestration.sandbox.netsuite.merge import merge
from o2c_orchestration.sandbox.netsuite.posting import delete_transaction, write_transaction
from o2c_orchestration.sandbox.netsuite.records import RECORD_TYPES, RecordType
from o2c_orchestration.sandbox.netsuite.store import Store
from o2c_orchestration.sandbox.netsuite.transforms import changed, transformed

Json = dict[str, Any]

LINKED = "This transaction cannot be deleted because it is linked to by one or more transactions."
# Not verified: NetSuite refuses such changes, in words that were not found.
VOIDED = "This transaction has been voided. You may not edit it."
DEPOSITED = "This transaction has been deposited. Remove it from the deposit before you change it."
_LEANED_ON = {"CustInvc", "CustCred", "CustPymt", "CustDep", "DepAppl", "CustRfnd"}
_DRAFTERS: dict[str, Callable[[Request], Draft]] = {
    "invoice": documents.draft_invoice,
    "creditMemo": documents.draft_credit_memo,
    "salesOrder": documents.draft_sales_order,
    "customerPayment": cash.draft_payment,
    "customerDeposit": customer_deposits.draft_customer_deposit,
    "depositApplication": customer_deposits.draft_application,
    "customerRefund": cash.draft_refund,
    "deposit": deposits.draft_deposit,
    "journalEntry": cash.draft_journal,
}


@dataclass(frozen=True)
class Options:
    """How a body is to be taken: name validation, and sublists to replace (lower-case names)."""

    validation: str = "warning"
    replace: frozenset[str] = frozenset()


DEFAULTS = Options()


@dataclass
class Result:
    """A write that succeeded: internal id, and the unknown properties that were dropped."""

    id: int
    warnings: list[str] = field(default_factory=list)


def record_type(name: str) -> RecordType:
    """The record type of a URL segment, in any case. Raises 404 for an unknown one."""
    record = RECORD_TYPES.get(name.lower())
    if record is None:
        raise unknown_record_type(name)
    return record


class NetSuiteLedger:
    """The books of one account, kept in `state_dir`."""

    def __init__(self, state_dir: Path) -> None:
        self.store = Store(state_dir)

    def close(self) -> None:
        """Close the files."""
        self.store.close()

    def create(self, name: str, body: object, options: Options = DEFAULTS) -> Result:
        """Make a record. Raises NetSuiteError when NetSuite would refuse it."""
        record = _writable(name)
        if record.code == "DepAppl":
            raise method_not_allowed()
        with self.store.write() as connection:
            reader = BodyReader(connection, options.validation)
            patch = reader.read(record, body)
            catalog.demand(connection, record, patch)
            return _save(reader, record, patch, None, options)

    def update(self, name: str, key: str, body: object, options: Options = DEFAULTS) -> Result:
        """Change the record under an internal id or `eid:…`."""
        record = _writable(name)
        with self.store.write() as connection:
            row = find(connection, record, key)
            reader = BodyReader(connection, options.validation)
            return _save(reader, record, reader.read(record, body), row, options)

    def upsert(self, name: str, key: str, body: object, options: Options = DEFAULTS) -> Result:
        """Change the record under `eid:…`, or make it. Another key is refused with 405."""
        record = _writable(name)
        if not key.lower().startswith("eid:") or len(key) == 4:
            raise method_not_allowed()
        with self.store.write() as connection:
            reader = BodyReader(connection, options.validation)
            patch = reader.read(record, body)
            patch["externalId"] = patch.get("externalId") or key[4:]
            try:
                row = find(connection, record, key)
            except NetSuiteError:
                return _save(reader, record, patch, None, options)
            patch["externalId"] = row["externalid"]
            return _save(reader, record, patch, row, options)

    def delete(self, name: str, key: str) -> None:
        """Remove a record that nothing depends on."""
        record = _writable(name)
        with self.store.write() as connection:
            row = find(connection, record, key)
            if record.table == "customer":
                entities.delete_customer(connection, row)
            elif record.table == "item":
                entities.delete_item(connection, row)
            elif record.table == "x_relationship":
                group.delete_relationship(connection, row)
            else:
                _delete_transaction(connection, record, row)

    def transform(self, source: str, key: str, target: str, body: object, options: Options = DEFAULTS) -> Result:
        """Make `target` out of a record, with the body's properties on top of the defaults."""
        source_type, target_type = record_type(source), _writable(target)
        with self.store.write() as connection:
            row = find(connection, source_type, key)
            stored = stored_doc(connection, row["id"])
            defaults = transformed(connection, source_type.name, target_type.name, row, stored)
            reader = BodyReader(connection, options.validation)
            patch = reader.read(target_type, body)
            doc = changed(source_type.name, target_type, defaults, patch, options.replace)
            return _write(reader, target_type, doc, None)

    def load(self, records: list[Json]) -> dict[str, str]:
        """Make many records in one transaction; all or none.

        Each is `{"recordType", "body"}`; a body's `_key` names it, and later bodies refer to it by
        `{"id": "@key"}`. Returns internal ids by key. Raises ValueError that names the refused record.
        """
        ids: dict[str, str] = {}
        with self.store.write() as connection:
            for index, entry in enumerate(records):
                body = dict(_with_decimals(entry["body"]))
                key = body.pop("_key", None)
                reader = BodyReader(connection, "error", aliases=ids)
                record = _writable(str(entry["recordType"]))
                try:
                    result = _save(reader, record, reader.read(record, body), None, Options())
                except NetSuiteError as error:
                    named = f"netsuite record {index} ({record.name} {key or ''})"
                    raise ValueError(f"{named}: {error.detail} {error.path or ''}") from error
                if key is not None:
                    ids[f"@{key}"] = str(result.id)
        return {key[1:]: value for key, value in ids.items()}


def find(connection: sqlite3.Connection, record: RecordType, key: str) -> sqlite3.Row:
    """The row under an internal id or `eid:…`, of this very record type. Raises 404."""
    if key.lower().startswith("eid:"):
        condition, value = "x_external_key = ?", key[4:].lower()
        if record.table not in ("transaction", "customer", "item", "x_relationship"):
            raise record_not_found()
    else:
        condition, value = "id = ?", key
        if not (key.isascii() and key.isdigit() and len(key) < 16):
            raise record_not_found()
    row: sqlite3.Row | None = connection.execute(
        f'SELECT * FROM "{record.table}" WHERE {condition}', (value,)
    ).fetchone()
    if row is None or not _is_of_type(record, row):
        raise record_not_found()
    return row


def stored_doc(connection: sqlite3.Connection, transaction: int) -> Json:
    """The properties of a transaction as they were given."""
    row = connection.execute("SELECT doc FROM x_document WHERE id = ?", (transaction,)).fetchone()
    doc: Json = json.loads(row["doc"])
    return doc


def _is_of_type(record: RecordType, row: sqlite3.Row) -> bool:
    if record.table == "transaction":
        return bool(row["type"] == record.code)
    return record.table != "item" or bool(row["x_record"] == record.name)


def _writable(name: str) -> RecordType:
    record = record_type(name)
    if not record.writable:
        raise method_not_allowed()
    return record


def _save(reader: BodyReader, record: RecordType, patch: Json, row: sqlite3.Row | None, options: Options) -> Result:
    stored: Json = {}
    if row is not None:
        is_transaction = record.table == "transaction"
        stored = stored_doc(reader.connection, row["id"]) if is_transaction else json.loads(row["x_doc"])
    return _write(reader, record, merge(record, stored, patch, options.replace), row)


def _write(reader: BodyReader, record: RecordType, doc: Json, row: sqlite3.Row | None) -> Result:
    request = Request(reader.connection, record, doc, row)
    external_id = doc.get("externalId") or None
    entities.refuse_external_id(request, record.table, external_id)
    if record.table == "customer":
        new_id = entities.write_customer(request, external_id)
    elif record.table == "item":
        new_id = entities.write_item(request, external_id)
    elif record.table == "x_relationship":
        new_id = entities.write_relationship(request, external_id)
    else:
        new_id = _write_transaction(request, external_id)
    return Result(new_id, reader.warnings)


def _write_transaction(request: Request, external_id: str | None) -> int:
    if request.row is not None and request.row["voided"] == "T":
        raise user_error(VOIDED)
    transaction_date(request)
    draft = _DRAFTERS[request.record.name](request)
    _refuse_broken_ties(request, draft)
    # An order is in no period, so none that is closed or missing keeps it out.
    period = None if request.record.code == "SalesOrd" else posting_period(request, draft.posting)
    return write_transaction(request, draft, period, external_id)


def _refuse_broken_ties(request: Request, draft: Draft) -> None:
    """What later transactions lean on keeps its owner and currency, covers them, and stays as it was deposited."""
    row = request.row
    if row is None or request.record.code not in _LEANED_ON or not _kinds_of_ties(request.connection, row["id"]):
        return
    same = draft.entity == row["entity"] and draft.currency.id == row["currency"]
    if not same or (draft.sense == "debt" and draft.total < row["x_paid"]):
        raise user_error("Transaction is not in balance! The amount applied to this transaction exceeds its new total.")
    old = (row["x_total"], row["x_account"], row["exchangerate"])
    new = (draft.total, draft.account, float(draft.currency.rate))
    if old != new and deposits.DEPOSIT_LINK in _kinds_of_ties(request.connection, row["id"]):
        raise user_error(DEPOSITED)


def _kinds_of_ties(connection: sqlite3.Connection, transaction: int) -> set[str]:
    rows = connection.execute("SELECT linktype FROM nexttransactionlinelink WHERE previousdoc = ?", (transaction,))
    return {row["linktype"] for row in rows}


def _delete_transaction(connection: sqlite3.Connection, record: RecordType, row: sqlite3.Row) -> None:
    if _kinds_of_ties(connection, row["id"]):
        raise user_error(LINKED)
    if row["posting"] == "T":
        refuse_closed(connection, row["postingperiod"], record, CLOSED_FOR_EDITING)
    for each in [row, *customer_deposits.made_for(connection, row["id"])]:
        delete_transaction(connection, each)


def _with_decimals(body: object) -> Any:
    """The body with its floats as decimals: a loader may have parsed JSON the ordinary way."""
    if isinstance(body, float):
        return Decimal(str(body))
    if isinstance(body, dict):
        return {name: _with_decimals(value) for name, value in body.items()}
    if isinstance(body, list):
        return [_with_decimals(value) for value in body]
    if body is None or isinstance(body, str | int | Decimal):
        return body
    raise invalid_content()
