"""Records as record/v1 shows them: links, references with names, enumerations, sublists."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from o2c_orchestration.sandbox.netsuite.addresses import shown_text
from o2c_orchestration.sandbox.netsuite.chart import ACCOUNT_UNDEPOSITED
from o2c_orchestration.sandbox.netsuite.deposits import sign_of
from o2c_orchestration.sandbox.netsuite.drafts import reference
from o2c_orchestration.sandbox.netsuite.errors import invalid_parameter
from o2c_orchestration.sandbox.netsuite.orders import order_lines
from o2c_orchestration.sandbox.netsuite.records import (
    APPROVAL_NAMES,
    BY_CODE,
    RECORD_TYPES,
    STATUS_NAMES,
    RecordType,
    Sublist,
)
from o2c_orchestration.sandbox.netsuite.values import parse_marked, to_decimal, to_number

Json = dict[str, Any]

# Reference target: table, column with the name people read.
_NAMES = {
    "customer": ("customer", "entitytitle"),
    "item": ("item", "itemid"),
    "account": ("account", "fullname"),
    "currency": ("currency", "name"),
    "subsidiary": ("subsidiary", "name"),
    "term": ("term", "name"),
    "accountingPeriod": ("accountingperiod", "periodname"),
    "transaction": ("transaction", "trandisplayname"),
    "classification": ("classification", "name"),
    "department": ("department", "name"),
    "location": ("location", "name"),
    "customList": ("x_listvalue", "name"),
    "employee": ("employee", "entityid"),
}
_TIMES = {"customer": ("dateCreated", "lastModifiedDate")}


@dataclass(frozen=True)
class Renderer:
    """Renders for one request; `base` is the URL of record/v1, without a slash at the end."""

    connection: sqlite3.Connection
    base: str

    def href(self, record: RecordType, record_id: int | str) -> str:
        """The address of a record."""
        return f"{self.base}/{record.name}/{record_id}"

    def record(
        self, record: RecordType, row: sqlite3.Row, *, expand: bool = False, fields: list[str] | None = None
    ) -> Json:
        """The whole record; with `fields` only those body properties; with `expand` sublists in full."""
        self_href = self.href(record, row["id"])
        if not record.writable:
            properties = self._listed(record, row)
        else:
            doc = self._doc(record, row)
            properties = self._properties(record, doc) | self._computed(record, row)
            properties |= self._sublists(record, row, doc, self_href, expand)
        if fields is not None:
            properties = _selected(record, properties, fields)
        return {"links": [{"rel": "self", "href": self_href}], **properties, "id": str(row["id"])}

    def sublist(self, record: RecordType, row: sqlite3.Row, name: str) -> Json | None:
        """One sublist in full, or None when the record type has none of that name."""
        sublist = record.sublists.get(name.lower())
        if sublist is None:
            return None
        href = f"{self.href(record, row['id'])}/{sublist.name}"
        return self._lines(sublist, self._doc(record, row).get(sublist.name) or [], href, row)

    def named(self, target: str, record_id: int) -> Json:
        """A reference with its name: `{"links", "id", "refName"}`."""
        result: Json = {"links": [], "id": str(record_id)}
        segment = target
        if target in _NAMES:
            table, column = _NAMES[target]
            row = self.connection.execute(f'SELECT * FROM "{table}" WHERE id = ?', (record_id,)).fetchone()
            if row is not None:
                result["refName"] = row[column]
                segment = self._segment(target, row)
        result["links"] = [{"rel": "self", "href": f"{self.base}/{segment}/{record_id}"}]
        return result

    def _segment(self, target: str, row: sqlite3.Row) -> str:
        if target == "transaction":
            return BY_CODE[row["type"]].name
        return str(row["x_record"]) if target == "item" else target

    def _doc(self, record: RecordType, row: sqlite3.Row) -> Json:
        text = row["x_doc"] if record.table != "transaction" else None
        if text is None:
            found = self.connection.execute("SELECT doc FROM x_document WHERE id = ?", (row["id"],))
            text = found.fetchone()["doc"]
        doc: Json = json.loads(text)
        return doc

    def _properties(self, record: RecordType, doc: Json) -> Json:
        kinds = dict(record.fields.values())
        return {name: self._value(kinds[name], name, value) for name, value in doc.items() if name in kinds}

    def _value(self, kind: str, name: str, value: Any) -> Any:
        if value is None:
            return None
        if kind == "n":
            return to_number(Decimal(value))
        if kind.startswith("r."):
            return self.named(kind[2:], int(value["id"]))
        if kind == "e" and name == "approvalStatus":
            return {"id": value["id"], "refName": APPROVAL_NAMES.get(value["id"], value["id"])}
        return value

    def _sublists(self, record: RecordType, row: sqlite3.Row, doc: Json, self_href: str, expand: bool) -> Json:
        result: Json = {}
        for sublist in record.sublists.values():
            href = f"{self_href}/{sublist.name}"
            if expand:
                result[sublist.name] = self._lines(sublist, doc.get(sublist.name) or [], href, row)
            else:
                result[sublist.name] = {"links": [{"rel": "self", "href": href}]}
        return result

    def _lines(self, sublist: Sublist, lines: list[Json], href: str, row: sqlite3.Row) -> Json:
        kinds = dict(sublist.fields.values())
        items = []
        for line in lines:
            # Lines of a sublist that shows no numbers have them all the same.
            shown = {name: self._value(kinds[name], name, value) for name, value in line.items() if name in kinds}
            shown["links"] = [{"rel": "self", "href": f"{href}/{line.get('line')}"}]
            if sublist.name == "item" and "amount" not in shown:
                shown["amount"] = self._line_amount(row, int(line["line"]))
            # A customer's row has no type.
            if sublist.name == "item" and row["type"] == "SalesOrd":
                shown |= self._ordered(row["id"], int(line["line"]))
            if sublist.name == "apply":
                shown |= self._applied_to(line)
            if sublist.name == "payment":
                shown |= self._deposited(line, row)
            if sublist.name == "addressBook" and line.get("addressBookAddress"):
                shown |= {"addressId": str(line.get("line")), "internalId": int(line["line"])}
                shown["addressBookAddress_text"] = shown_text(line["addressBookAddress"])
            items.append(shown)
        return {
            "links": [{"rel": "self", "href": href}],
            "items": items,
            "count": len(items),
            "hasMore": False,
            "offset": 0,
            "totalResults": len(items),
        }

    def _ordered(self, order: int, line: int) -> Json:
        state = next(each for each in order_lines(self.connection, order) if each.line == line)
        return {
            "quantityBilled": to_number(state.billed),
            "quantityFulfilled": to_number(state.fulfilled),
            "isClosed": state.closed,
            "isOpen": not (state.closed or state.is_billed),
            "linked": state.bills > 0,
        }

    def _line_amount(self, row: sqlite3.Row, line: int) -> int | float:
        found = self.connection.execute(
            'SELECT x_amount FROM transactionline WHERE "transaction" = ? AND id = ?', (row["id"], line)
        ).fetchone()
        sign = 1 if row["type"] == "CustCred" else -1
        return to_number(to_decimal(sign * found["x_amount"], row["x_scale"]))

    def _applied_to(self, line: Json) -> Json:
        target = self.connection.execute(
            'SELECT type, tranid, trandate, x_total, x_paid, x_scale FROM "transaction" WHERE id = ?',
            (reference(line, "doc"),),
        ).fetchone()
        scale = target["x_scale"]
        return {
            "type": BY_CODE[target["type"]].display,
            "refNum": target["tranid"],
            "applyDate": _iso(target["trandate"]),
            "total": to_number(to_decimal(target["x_total"], scale)),
            "due": to_number(to_decimal(target["x_total"] - target["x_paid"], scale)),
        }

    def _deposited(self, line: Json, deposit: sqlite3.Row) -> Json:
        payment = self.connection.execute(
            "SELECT p.type, p.tranid, p.trandate, p.entity, p.currency, p.memo, p.x_total, p.x_scale,"
            ' l.id AS line, l.x_amount, l.x_scale AS l_scale FROM "transaction" p JOIN transactionline l'
            ' ON l.createdfrom = p.id WHERE p.id = ? AND l."transaction" = ?',
            (int(line["id"]), deposit["id"]),
        ).fetchone()
        if payment is None:  # the deposit was voided
            return {}
        own = sign_of(payment["type"]) * payment["x_total"]
        return {
            "id": int(line["id"]),
            "deposit": True,
            "lineId": payment["line"],
            "type": {"id": payment["type"], "refName": BY_CODE[payment["type"]].display},
            "docNumber": payment["tranid"],
            "docDate": _iso(payment["trandate"]),
            "entity": self.named("customer", payment["entity"]),
            "currency": self.named("currency", payment["currency"]),
            "memo": payment["memo"],
            "transactionAmount": to_number(to_decimal(own, payment["x_scale"])),
            "paymentAmount": to_number(to_decimal(-payment["x_amount"], payment["l_scale"])),
        }

    def _computed(self, record: RecordType, row: sqlite3.Row) -> Json:
        created, modified = _TIMES.get(record.name, ("createdDate", "lastModifiedDate"))
        times = {created: row["x_created"], modified: row["x_modified"]}
        if record.table == "transaction":
            return times | self._transaction_values(record, row)
        if record.table == "x_relationship":
            return {modified: row["x_modified"], "isPrimarySub": False}
        if record.table == "customer":
            return times | {
                "entityId": row["entityid"],
                "isInactive": row["isinactive"] == "T",
                "isPerson": row["isperson"] == "T",
                "currency": self.named("currency", row["currency"]),
                "balance": self._balance(row["id"]),
            }
        return times | {
            "isInactive": row["isinactive"] == "T",
            "incomeAccount": self.named("account", row["incomeaccount"]),
        }

    def _transaction_values(self, record: RecordType, row: sqlite3.Row) -> Json:
        names = STATUS_NAMES[record.name]
        values: Json = {
            "tranId": row["tranid"],
            "transactionNumber": row["transactionnumber"],
            "tranDate": _iso(row["trandate"]),
            "status": {"id": row["status"], "refName": names.get(row["status"], row["status"])},
            "currency": self.named("currency", row["currency"]),
            "exchangeRate": row["exchangerate"],
            "subsidiary": self.named("subsidiary", row["x_subsidiary"]),
        }
        if row["postingperiod"] is not None:
            values["postingPeriod"] = self.named("accountingPeriod", row["postingperiod"])
        total, paid = (to_decimal(row[name], row["x_scale"]) for name in ("x_total", "x_paid"))
        values["total"] = to_number(total)
        rest = to_number(total - paid)
        if record.name == "invoice":
            values |= {"amountPaid": to_number(paid), "amountRemaining": rest}
            values |= {"dueDate": _iso(row["duedate"]), "subtotal": to_number(total), "taxTotal": 0}
        elif record.name == "salesOrder":
            tax = to_decimal(self._tax(row["id"]), row["x_scale"])
            values |= {"orderStatus": values["status"], "subtotal": to_number(total - tax), "taxTotal": to_number(tax)}
        elif record.name in ("creditMemo", "customerPayment", "depositApplication"):
            values |= {"applied": to_number(paid), "unapplied": rest}
        if record.name == "creditMemo":
            values |= {"amountPaid": to_number(paid), "amountRemaining": rest}
            values |= {"subtotal": to_number(total), "taxTotal": 0}
        if record.name in ("customerPayment", "customerDeposit"):
            values["undepFunds"] = {"id": "T" if row["x_account"] == ACCOUNT_UNDEPOSITED else "F"}
        if record.name in ("customerPayment", "customerDeposit", "customerRefund", "deposit"):
            values["account"] = self.named("account", row["x_account"])
        return values

    def _tax(self, transaction: int) -> int:
        row = self.connection.execute(
            "SELECT coalesce(sum(x_amount), 0) FROM transactionline WHERE \"transaction\" = ? AND taxline = 'T'",
            (transaction,),
        ).fetchone()
        return -int(row[0])

    def _balance(self, customer: int) -> int | float:
        row = self.connection.execute(
            "SELECT coalesce(sum(l.x_base), 0) FROM transactionaccountingline l JOIN account a"
            ' ON a.id = l.account JOIN "transaction" t ON t.id = l."transaction"'
            " WHERE t.entity = ? AND a.accttype = 'AcctRec' AND l.posting = 'T'",
            (customer,),
        ).fetchone()
        return to_number(to_decimal(row[0], 100))

    def _listed(self, record: RecordType, row: sqlite3.Row) -> Json:
        if record.name == "currency":
            return {
                "name": row["name"],
                "symbol": row["symbol"],
                "displaySymbol": row["displaysymbol"],
                "currencyPrecision": {"id": str(row["currencyprecision"])},
                "exchangeRate": row["exchangerate"],
                "isBaseCurrency": row["isbasecurrency"] == "T",
                "isInactive": row["isinactive"] == "T",
            }
        if record.name == "accountingPeriod":
            return _period(row)
        if record.name == "account":
            return {
                "acctName": row["fullname"],
                "acctNumber": row["acctnumber"],
                "acctType": {"id": row["accttype"], "refName": row["accttype"]},
                "currency": None if row["currency"] is None else self.named("currency", row["currency"]),
                "isInactive": row["isinactive"] == "T",
            }
        values: Json = {"name": row["name"], "isInactive": row["isinactive"] == "T"}
        if record.name == "subsidiary":
            values["currency"] = self.named("currency", row["currency"])
        else:
            values["daysUntilNetDue"] = row["daysuntilnetdue"]
        return values


def _period(row: sqlite3.Row) -> Json:
    flags = {
        "closed": "closed",
        "allLocked": "alllocked",
        "arLocked": "arlocked",
        "apLocked": "aplocked",
        "allowNonGLChanges": "allownonglchanges",
        "isAdjust": "isadjust",
        "isQuarter": "isquarter",
        "isYear": "isyear",
    }
    return {
        "periodName": row["periodname"],
        "startDate": _iso(row["startdate"]),
        "endDate": _iso(row["enddate"]),
        **{name: row[column] == "T" for name, column in flags.items()},
    }


def _selected(record: RecordType, properties: Json, fields: list[str]) -> Json:
    by_lower = {name.lower(): name for name in properties}
    known = set(record.fields) | set(by_lower)
    for name in fields:
        if name.lower() not in known or name.lower() in record.sublists:
            raise invalid_parameter(f"Invalid value for the query parameter 'fields': {name}.")
    wanted = [by_lower[name.lower()] for name in fields if name.lower() in by_lower]
    return {name: properties[name] for name in wanted}


def _iso(marked: str | None) -> str | None:
    return None if marked is None else parse_marked(marked).date().isoformat()


def segment_record(name: str) -> RecordType:
    """The record type behind a canonical name."""
    return RECORD_TYPES[name.lower()]
