"""The standard set-up of a fresh account: subsidiary, currencies, accounts, items, terms and periods.

Ids are part of the contract with the demo company and the tests, so they are written out.
"""

from __future__ import annotations

import calendar
import itertools
import json
import secrets
import sqlite3
from datetime import date
from functools import partial

from o2c_orchestration.sandbox.netsuite.values import mark_date, mark_moment, now_utc, utc_text

BASE_CURRENCY = 1
ACCOUNT_CHECKING = 1
ACCOUNT_RECEIVABLE = 2
ACCOUNT_UNDEPOSITED = 3
ACCOUNT_SALES = 4
ACCOUNT_TAX = 5
ACCOUNT_SUSPENSE = 6
ACCOUNT_FEES = 7
ACCOUNT_RETURNED_PAYOUTS = 8
ACCOUNT_RESERVES = 9
ACCOUNT_NETWORK_FEES = 10
ACCOUNT_DISPUTE_FEES = 11
ACCOUNT_FEE_TAX = 12
ACCOUNT_APPLICATION_FEES = 13
ACCOUNT_BAD_DEBT = 14
ACCOUNT_CHECKING_EUR = 15
ACCOUNT_REALIZED = 16
ACCOUNT_CUSTOMER_CREDIT = 17
ACCOUNT_CUSTOMER_DEPOSITS = 18

# id, name, ISO code, sign, decimals, rate to the base currency
CURRENCIES = [
    (1, "US Dollar", "USD", "$", 2, 1.0),
    (2, "British pound", "GBP", "£", 2, 1.27),
    (3, "Canadian Dollar", "CAD", "$", 2, 0.72),
    (4, "Euro", "EUR", "€", 2, 1.1),
    (7, "Japanese Yen", "JPY", "¥", 0, 0.0067),
    (9, "Kuwaiti Dinar", "KWD", "KD", 3, 3.25),
]
ACCOUNTS = [
    (ACCOUNT_CHECKING, "1000", "Checking", "Bank"),
    (ACCOUNT_RECEIVABLE, "1100", "Accounts Receivable", "AcctRec"),
    (ACCOUNT_UNDEPOSITED, "1200", "Undeposited Funds", "OthCurrAsset"),
    (ACCOUNT_SALES, "4000", "Sales", "Income"),
    (ACCOUNT_TAX, "2200", "Sales Tax Payable", "OthCurrLiab"),
    (ACCOUNT_SUSPENSE, "2900", "Suspense", "OthCurrLiab"),
    (ACCOUNT_FEES, "6100", "Stripe Fees", "Expense"),
    (ACCOUNT_RETURNED_PAYOUTS, "1250", "Stripe Returned Payouts", "OthCurrAsset"),
    (ACCOUNT_RESERVES, "1260", "Stripe Reserves", "OthCurrAsset"),
    (ACCOUNT_NETWORK_FEES, "6110", "Stripe Network Fees", "Expense"),
    (ACCOUNT_DISPUTE_FEES, "6120", "Stripe Dispute Fees", "Expense"),
    (ACCOUNT_FEE_TAX, "6130", "Tax on Stripe Fees", "Expense"),
    (ACCOUNT_APPLICATION_FEES, "6140", "Stripe Application Fees", "Expense"),
    (ACCOUNT_BAD_DEBT, "6200", "Bad Debt", "Expense"),
    (ACCOUNT_CHECKING_EUR, "1010", "Checking EUR", "Bank"),
    (ACCOUNT_REALIZED, "4900", "Realized Gain/Loss", "OthIncome"),
    (ACCOUNT_CUSTOMER_CREDIT, "2300", "Customer Credit Balances", "OthCurrLiab"),
    (ACCOUNT_CUSTOMER_DEPOSITS, "2310", "Customer Deposits", "OthCurrLiab"),
]
# Bank accounts are kept in one currency; any other account takes all.
BANK_CURRENCIES = {ACCOUNT_CHECKING: 1, ACCOUNT_CHECKING_EUR: 4}
# id, name, SuiteQL type, record type, account
ITEMS = [
    (1, "Stripe Item", "Service", "serviceSaleItem", ACCOUNT_SALES),
    (2, "Stripe Discount", "Discount", "discountItem", ACCOUNT_SALES),
    (3, "Stripe Tax", "OthCharge", "otherChargeSaleItem", ACCOUNT_TAX),
    (4, "Stripe Shipping", "OthCharge", "otherChargeSaleItem", ACCOUNT_SALES),
    (5, "Stripe Refund", "OthCharge", "otherChargeSaleItem", ACCOUNT_SALES),
    (6, "Stripe Dispute", "OthCharge", "otherChargeSaleItem", ACCOUNT_SALES),
    (7, "Stripe Bad Debt", "OthCharge", "otherChargeSaleItem", ACCOUNT_BAD_DEBT),
    (8, "Stripe Credit", "OthCharge", "otherChargeSaleItem", ACCOUNT_SALES),
    (9, "Stripe Customer Balance", "OthCharge", "otherChargeSaleItem", ACCOUNT_CUSTOMER_CREDIT),
    (10, "Stripe Credit Grant", "OthCharge", "otherChargeSaleItem", ACCOUNT_SALES),
]
# id, name, parent, inactive
CLASSES = [
    (1, "Software", None, "F"),
    (2, "Services", None, "F"),
    (3, "Onboarding", 2, "F"),
    (4, "Hardware", None, "T"),
]
DEPARTMENTS = [(1, "Sales", None, "F"), (2, "Customer Success", None, "F"), (3, "Finance", None, "F")]
LOCATIONS = [(1, "Americas", None, "F"), (2, "Europe", None, "F"), (3, "Berlin", 2, "F")]
# Values of the custom list that select fields of this account take.
LIST_VALUES = [(1, "EMEA", "F"), (2, "AMER", "F"), (3, "APAC", "T")]
TERMS = [(1, "Net 15", 15), (2, "Net 30", 30), (3, "Net 60", 60), (4, "Due on receipt", 0)]
FIRST_YEAR, LAST_YEAR = 2024, 2027
# The last id taken when the account is handed over, so that nobody can take an id for a row number.
LAST_IDS = {"customer": 100, "transaction": 1000, "item": 10}


def seed_chart(connection: sqlite3.Connection) -> None:
    """Write the standard set-up into empty tables."""
    moment = now_utc()
    modified = mark_moment(moment)
    connection.execute(
        "INSERT INTO subsidiary (id, name, fullname, legalname, currency, country, lastmodifieddate)"
        " VALUES (1, 'Parent Company', 'Parent Company', 'Parent Company', ?, 'US', ?)",
        (BASE_CURRENCY, modified),
    )
    connection.executemany(
        "INSERT INTO currency (id, name, symbol, displaysymbol, currencyprecision, exchangerate,"
        " isbasecurrency, lastmodifieddate) VALUES (?, ?, ?, ?, ?, ?, iif(?1 = 1, 'T', 'F'), ?7)",
        [(*row, modified) for row in CURRENCIES],
    )
    connection.executemany(
        "INSERT INTO account (id, acctnumber, accountsearchdisplayname, accountsearchdisplaynamecopy,"
        " fullname, displaynamewithhierarchy, accttype, subsidiary, lastmodifieddate, currency)"
        " VALUES (?1, ?2, ?3, ?3, ?3, ?3, ?4, '1', ?5, ?6)",
        [(*row, modified, BANK_CURRENCIES.get(row[0])) for row in ACCOUNTS],
    )
    connection.executemany("INSERT INTO term (id, name, daysuntilnetdue) VALUES (?, ?, ?)", TERMS)
    _seed_items(connection, utc_text(moment), modified)
    _seed_periods(connection, modified)
    # The tax calendar of this account is that of its books, as NetSuite sets it up.
    connection.execute(
        "INSERT INTO taxperiod (id, periodname, startdate, enddate, isquarter, isyear, lastmodifieddate)"
        " SELECT id, periodname, startdate, enddate, isquarter, isyear, lastmodifieddate FROM accountingperiod"
    )
    connection.executemany("INSERT INTO x_meta VALUES (?, ?)", [("token_secret", secrets.token_hex(32))])
    _start_sequences(connection)


def seed_segments(connection: sqlite3.Connection) -> None:
    """The account's classes, departments, locations and list values, where they are not there yet."""
    modified = mark_moment(now_utc())
    for table, rows in (("classification", CLASSES), ("department", DEPARTMENTS), ("location", LOCATIONS)):
        names = {row[0]: row[1] for row in rows}
        connection.executemany(
            f"INSERT OR IGNORE INTO {table} (id, name, fullname, parent, isinactive, lastmodifieddate)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [
                (key, name, f"{names[parent]} : {name}" if parent else name, parent, inactive, modified)
                for key, name, parent, inactive in rows
            ],
        )
    connection.executemany("INSERT OR IGNORE INTO x_listvalue VALUES (?, ?, ?)", LIST_VALUES)


def _start_sequences(connection: sqlite3.Connection) -> None:
    for table, last_id in LAST_IDS.items():
        changed = connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (last_id, table))
        if changed.rowcount == 0:
            connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last_id))


def _seed_items(connection: sqlite3.Connection, created: str, modified: str) -> None:
    for item_id, name, item_type, record, account in ITEMS:
        doc = {"itemId": name, "incomeAccount": {"id": str(account)}}
        connection.execute(
            "INSERT INTO item (id, itemid, fullname, displayname, itemtype, subtype, incomeaccount,"
            " subsidiary, createddate, lastmodifieddate, x_record, x_doc, x_created, x_modified)"
            " VALUES (?1, ?2, ?2, ?2, ?3, 'Sale', ?4, '1', ?5, ?5, ?6, ?7, ?8, ?8)",
            (item_id, name, item_type, account, modified, record, json.dumps(doc), created),
        )


def _seed_periods(connection: sqlite3.Connection, modified: str) -> None:
    ids = itertools.count(1)
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        add = partial(_period, connection, year=year, modified=modified)
        add(year_id := next(ids), f"FY {year}", first=1, months=12, parent=None)
        for quarter in range(1, 5):
            first = 3 * quarter - 2
            add(quarter_id := next(ids), f"Q{quarter} {year}", first=first, months=3, parent=year_id)
            for month in range(first, first + 3):
                name = f"{calendar.month_abbr[month]} {year}"
                add(next(ids), name, first=month, months=1, parent=quarter_id)


def _period(
    connection: sqlite3.Connection,
    period_id: int,
    name: str,
    *,
    year: int,
    first: int,
    months: int,
    parent: int | None,
    modified: str,
) -> None:
    last = first + months - 1
    end = date(year, last, calendar.monthrange(year, last)[1])
    span = {1: "month", 3: "quarter", 12: "year"}[months]
    connection.execute(
        "INSERT INTO accountingperiod (id, periodname, startdate, enddate, isquarter, isyear, isposting,"
        " parent, lastmodifieddate) VALUES (?1, ?2, ?3, ?4, iif(?5 = 'quarter', 'T', 'F'),"
        " iif(?5 = 'year', 'T', 'F'), iif(?5 = 'month', 'T', 'F'), ?6, ?7)",
        (
            period_id,
            name,
            mark_date(date(year, first, 1).isoformat()),
            mark_date(end.isoformat()),
            span,
            parent,
            modified,
        ),
    )
