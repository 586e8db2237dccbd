"""Several subsidiaries in one account (OneWorld): further ones with bank accounts of their own, customers in several.

Verified by Oracle's help and its REST browser: the record customerSubsidiaryRelationship, its properties `entity`,
`subsidiary`, `isPrimarySub` and `externalId`, and that its REST service takes POST, PATCH, PUT and DELETE; `subsidiary`
is a property of every transaction here. Not verified: NetSuite's words for a relationship that exists already and for a
subsidiary that the customer lacks (here those of any value that a field does not allow), and which subsidiary a deposit
takes that names none (here its bank account's). All subsidiaries keep their books in the same base currency here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from o2c_orchestration.sandbox.netsuite.chart import BASE_CURRENCY
from o2c_orchestration.sandbox.netsuite.drafts import Request, reference, require
from o2c_orchestration.sandbox.netsuite.errors import invalid_field_value, user_error
from o2c_orchestration.sandbox.netsuite.values import mark_moment, now_utc

Json = dict[str, Any]

RELATED_ALREADY = "This record already exists."
HAS_DEPENDENTS = "This record cannot be deleted because it has dependent records."
EURO = 4
# Ids of a further subsidiary's bank accounts: a hundred for each of them.
_CHECKING, _CHECKING_EUR = 1, 2


def add_subsidiaries(connection: sqlite3.Connection, names: Sequence[str]) -> None:
    """Further subsidiaries, from number 2, each with the bank accounts "Checking <name>" and "Checking EUR <name>"."""
    modified = mark_moment(now_utc())
    for number, name in enumerate(names, start=2):
        connection.execute(
            "INSERT OR IGNORE INTO subsidiary (id, name, fullname, legalname, currency, country, parent,"
            " lastmodifieddate) VALUES (?1, ?2, ?2, ?2, ?3, 'DE', 1, ?4)",
            (number, name, BASE_CURRENCY, modified),
        )
        banks = ((_CHECKING, f"Checking {name}", BASE_CURRENCY), (_CHECKING_EUR, f"Checking EUR {name}", EURO))
        connection.executemany(
            "INSERT OR IGNORE INTO account (id, acctnumber, accountsearchdisplayname, accountsearchdisplaynamecopy,"
            " fullname, displaynamewithhierarchy, accttype, subsidiary, lastmodifieddate, currency)"
            " VALUES (?1, ?2, ?3, ?3, ?3, ?3, 'Bank', ?4, ?5, ?6)",
            [(100 * number + n, f"1{number}0{n}", text, str(number), modified, kept_in) for n, text, kept_in in banks],
        )


def subsidiaries_of(connection: sqlite3.Connection, customer: int) -> set[int]:
    """The customer's primary subsidiary and those that it is related to."""
    rows = connection.execute(
        "SELECT subsidiary FROM customersubsidiaryrelationship WHERE entity = ?", (customer,)
    ).fetchall()
    return {int(row["subsidiary"]) for row in rows}


def relationship_values(request: Request) -> Json:
    """The columns of a relationship. Raises where the customer is in that subsidiary already."""
    require(request.doc, [("entity", "Entity"), ("subsidiary", "Subsidiary")])
    entity, subsidiary = reference(request.doc, "entity") or 0, reference(request.doc, "subsidiary") or 0
    if request.row is None and subsidiary in subsidiaries_of(request.connection, entity):
        raise user_error(RELATED_ALREADY)
    if request.row is not None and (entity, subsidiary) != (request.row["entity"], request.row["subsidiary"]):
        raise invalid_field_value(subsidiary, "subsidiary", "subsidiary")
    return {"entity": entity, "subsidiary": subsidiary}


def delete_relationship(connection: sqlite3.Connection, row: sqlite3.Row) -> None:
    """Take a customer out of a subsidiary in which it has no transaction."""
    used = connection.execute(
        'SELECT 1 FROM "transaction" WHERE entity = ? AND x_subsidiary = ? LIMIT 1', (row["entity"], row["subsidiary"])
    ).fetchone()
    if used is not None:
        raise user_error(HAS_DEPENDENTS)
    connection.execute("DELETE FROM x_relationship WHERE id = ?", (row["id"],))


def refuse_others_bank(request: Request, account: int, subsidiary: int, path: str = "account") -> None:
    """A bank account belongs to one subsidiary, and takes transactions of no other."""
    row = request.connection.execute("SELECT accttype, subsidiary FROM account WHERE id = ?", (account,)).fetchone()
    if row["accttype"] == "Bank" and row["subsidiary"] != str(subsidiary):
        raise invalid_field_value(account, "account", path)


def bank_subsidiary(request: Request, account: int) -> int:
    """The subsidiary that a bank account belongs to."""
    row = request.connection.execute("SELECT subsidiary FROM account WHERE id = ?", (account,)).fetchone()
    return int(row["subsidiary"])
