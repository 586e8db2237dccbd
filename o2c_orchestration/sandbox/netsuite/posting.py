"""Writing a draft into the tables: header, ledger lines, accounting lines, links, and what they settle.

Every posted transaction balances in the transaction's currency and in the base currency.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from o2c_orchestration.sandbox.netsuite.applications import PAYMENT_LINK
from o2c_orchestration.sandbox.netsuite.drafts import Draft, Line, Link, Request, choice, reference
from o2c_orchestration.sandbox.netsuite.revaluation import revalue
from o2c_orchestration.sandbox.netsuite.settling import settle
from o2c_orchestration.sandbox.netsuite.values import (
    BASE_SCALE,
    convert,
    mark_date,
    mark_moment,
    now_utc,
    utc_text,
)


@dataclass(frozen=True)
class Written:
    """What a write needs beside its draft."""

    id: int
    period: int | None
    external_id: str | None
    moment: datetime


def write_transaction(request: Request, draft: Draft, period: int | None, external_id: str | None) -> int:
    """Insert or replace the transaction; returns its internal id."""
    connection = request.connection
    new_id = request.id if request.id is not None else _next_id(connection)
    written = Written(new_id, period, external_id, now_utc())
    base = _base_amounts(draft)
    _write_header(request, draft, written, base)
    _write_lines(request, draft, written, base)
    linked, touched = _write_links(request, draft, written)
    connection.execute(
        "INSERT OR REPLACE INTO x_document (id, doc) VALUES (?, ?)",
        (new_id, json.dumps(request.doc, separators=(",", ":"))),
    )
    settle(connection, [new_id, *linked], written.moment, touched)
    revalue(connection, [new_id, *linked])
    return new_id


def delete_transaction(connection: sqlite3.Connection, row: sqlite3.Row) -> None:
    """Remove a transaction and open again what it had settled."""
    moment = now_utc()
    touched = [
        link["previousdoc"]
        for link in connection.execute(
            "SELECT previousdoc FROM nexttransactionlinelink WHERE nextdoc = ?", (row["id"],)
        )
    ]
    for table, column in (
        ("nexttransactionlinelink", "nextdoc"),
        ("transactionaccountingline", '"transaction"'),
        ("transactionline", '"transaction"'),
        ("x_document", "id"),
        ('"transaction"', "id"),
    ):
        connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (row["id"],))
    connection.execute(
        "INSERT INTO deletedrecord VALUES (?, ?, ?, ?, ?)",
        (row["id"], row["trandisplayname"], row["type"], row["recordtype"], mark_moment(moment)),
    )
    settle(connection, touched, moment, touched)
    revalue(connection, touched)


def _next_id(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'transaction'").fetchone()
    return int(row[0]) + 1


def _base_amounts(draft: Draft) -> list[int]:
    """Each line in the base currency; the first takes what rounding leaves, so that the sum stays nought."""
    currency = draft.currency
    amounts = [
        convert(line.amount, currency.scale, currency.rate, BASE_SCALE) if line.base is None else line.base
        for line in draft.lines
    ]
    amounts[0] -= sum(amounts)
    return amounts


def _base_total(code: str, base: list[int]) -> int:
    """A journal's size is its debits; any other transaction's is its main line."""
    return sum(amount for amount in base if amount > 0) if code == "Journal" else abs(base[0])


def _write_header(request: Request, draft: Draft, written: Written, base: list[int]) -> None:
    record, doc, moment = request.record, request.doc, written.moment
    tran_id = doc.get("tranId") or f"{record.abbreviation}{written.id}"
    values: dict[str, object] = {
        "id": written.id,
        "tranid": tran_id,
        "transactionnumber": f"{record.abbreviation}{written.id}",
        "trandisplayname": f"{record.display} #{tran_id}",
        "externalid": written.external_id,
        "x_external_key": None if written.external_id is None else written.external_id.lower(),
        "type": record.code,
        "abbrevtype": record.abbreviation,
        "recordtype": record.name.lower(),
        "trandate": mark_date(doc["tranDate"]),
        "duedate": mark_date(draft.due),
        "startdate": mark_date(doc.get("startDate")),
        "enddate": mark_date(doc.get("endDate")),
        "entity": draft.entity,
        "currency": draft.currency.id,
        "exchangerate": float(draft.currency.rate),
        "postingperiod": written.period,
        "posting": "T" if draft.posting else "F",
        "status": draft.status,
        "approvalstatus": int(choice(doc, "approvalStatus") or 2) if "entity" in doc else None,
        "memo": doc.get("memo"),
        "otherrefnum": doc.get("otherRefNum"),
        "terms": reference(doc, "terms"),
        "email": doc.get("email"),
        "source": "REST Web Services",
        "lastmodifieddate": mark_moment(moment),
        "x_modified": utc_text(moment),
        "x_total": draft.total,
        "x_scale": draft.currency.scale,
        "x_base_total": _base_total(record.code, base),
        "x_base_scale": BASE_SCALE,
        "x_sense": draft.sense,
        "x_subsidiary": draft.subsidiary,
        "x_account": draft.account,
    }
    if request.row is None:
        values |= {"createddate": mark_moment(moment), "x_created": utc_text(moment)}
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        request.connection.execute(f'INSERT INTO "transaction" ({columns}) VALUES ({marks})', list(values.values()))
    else:
        assignments = ", ".join(f"{column} = ?" for column in values)
        request.connection.execute(
            f'UPDATE "transaction" SET {assignments} WHERE id = ?', [*values.values(), written.id]
        )


def _write_lines(request: Request, draft: Draft, written: Written, base: list[int]) -> None:
    connection, known = request.connection, _known_lines(request)
    modified = mark_moment(written.moment)
    created_from = reference(request.doc, "createdFrom")
    lines, accounting = [], []
    for sequence, (line, base_amount) in enumerate(zip(draft.lines, base, strict=True)):
        key, created = known.get(line.id, (None, modified))
        lines.append(
            (
                key,
                written.id,
                line.id,
                sequence,
                *_line_values(line, draft, line.created_from or created_from),
                created,
                modified,
                line.amount,
                draft.currency.scale,
                base_amount,
                BASE_SCALE,
            )
        )
        accounting.append(
            (
                written.id,
                line.id,
                line.account,
                "T" if draft.posting else "F",
                float(draft.currency.rate),
                modified,
                base_amount,
                BASE_SCALE,
            )
        )
    connection.executemany(_INSERT_LINE, lines)
    connection.executemany(_INSERT_ACCOUNTING_LINE, accounting)


_INSERT_LINE = (
    'INSERT INTO transactionline (uniquekey, "transaction", id, linesequencenumber, mainline, taxline, item, quantity,'
    " rate, memo, entity, transactiondiscount, createdfrom, subsidiary, class, department, location, linecreateddate,"
    " linelastmodifieddate, x_amount, x_scale, x_base, x_base_scale)"
    f" VALUES ({', '.join('?' * 23)})"
)
_INSERT_ACCOUNTING_LINE = (
    'INSERT INTO transactionaccountingline ("transaction", transactionline, account, posting, exchangerate,'
    f" lastmodifieddate, x_base, x_base_scale) VALUES ({', '.join('?' * 8)})"
)


def _line_values(line: Line, draft: Draft, created_from: int | None) -> tuple[object, ...]:
    return (
        "T" if line.mainline else "F",
        "T" if line.is_tax else "F",
        line.item,
        None if line.quantity is None else float(line.quantity),
        None if line.rate is None else float(line.rate),
        line.memo,
        line.entity,
        "T" if line.is_discount else "F",
        created_from,
        draft.subsidiary,
        *line.segments,
    )


def _known_lines(request: Request) -> dict[int, tuple[int, str]]:
    """Unique key and birth of the stored lines, which are removed to make room for the new ones."""
    if request.id is None:
        return {}
    rows = request.connection.execute(
        'SELECT id, uniquekey, linecreateddate FROM transactionline WHERE "transaction" = ?', (request.id,)
    ).fetchall()
    for table in ("transactionline", "transactionaccountingline"):
        request.connection.execute(f'DELETE FROM {table} WHERE "transaction" = ?', (request.id,))
    return {row["id"]: (row["uniquekey"], row["linecreateddate"]) for row in rows}


def _write_links(request: Request, draft: Draft, written: Written) -> tuple[set[int], set[int]]:
    """Replace the links that lead to this transaction.

    Returns the earlier transactions that are or were linked, and those of them whose link is not as it was.
    """
    old = _links_to(request.connection, written.id)
    request.connection.execute("DELETE FROM nexttransactionlinelink WHERE nextdoc = ?", (written.id,))
    scale, moment = draft.currency.scale, written.moment
    # The receivable is the main line of a memo, and the second line of a payment or refund.
    own_line = 0 if request.record.code == "CustCred" else 1
    wanted = [Link(doc, PAYMENT_LINK, minor, scale, own_line) for doc, minor in draft.applications.items()]
    request.connection.executemany(
        "INSERT INTO nexttransactionlinelink SELECT id, iif(type IN ('CustPymt', 'DepAppl')"
        " AND ?5 = 'Payment', 1, 0), trandate,"
        ' type, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8 FROM "transaction" WHERE id = ?9',
        [
            (
                written.id,
                link.line,
                mark_date(request.doc["tranDate"]),
                request.record.code,
                link.kind,
                mark_moment(moment),
                link.amount,
                link.scale,
                link.previous,
            )
            for link in [*wanted, *draft.links]
        ],
    )
    new = _links_to(request.connection, written.id)
    changed = set(old.items()) ^ set(new.items())
    return {previous for previous, _ in [*old, *new]}, {previous for (previous, _), _ in changed}


def _links_to(connection: sqlite3.Connection, transaction: int) -> dict[tuple[int, str], int]:
    rows = connection.execute(
        "SELECT previousdoc, linktype, x_amount FROM nexttransactionlinelink WHERE nextdoc = ?", (transaction,)
    )
    return {(row["previousdoc"], row["linktype"]): row["x_amount"] for row in rows}
