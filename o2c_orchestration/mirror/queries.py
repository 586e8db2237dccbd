"""SuiteQL as text. Only integers, dates and times are put in, from typed values, never strings from outside.

Money is read in transaction currency (`foreign…`): `total` would be in the subsidiary's base currency.
Dates go through TO_CHAR, since SuiteQL shows them in the user's format and drops the time of day.
Every list is ordered by a unique column and walked by key: NetSuite's offsets skip rows otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

# Deposits are read whoever made them: they say what is no longer in Undeposited Funds.
_TYPES = "'CustInvc', 'CustPymt', 'CustDep', 'CustCred', 'CustRfnd', 'Deposit', 'Journal'"
CUSTOMER_DEPOSIT = "CustDep"


@dataclass(frozen=True)
class LedgerWindow:
    """Which documents to read: changed since a moment (NetSuite's clock), or dated in `days`, both included."""

    changed_since: datetime
    days: tuple[date, date] | None = None

    @property
    def condition(self) -> str:
        """The WHERE condition on `transaction t`."""
        since = f"{self.changed_since:%Y-%m-%d %H:%M:%S}"
        changed = f"t.lastmodifieddate >= TO_DATE('{since}', 'YYYY-MM-DD HH24:MI:SS')"
        if self.days is None:
            return changed
        first, last = (f"TO_DATE('{day:%Y-%m-%d}', 'YYYY-MM-DD')" for day in self.days)
        return f"({changed} OR t.trandate BETWEEN {first} AND {last})"


@dataclass(frozen=True)
class ByExternalId:
    """Which documents to read: those with one of so many external ids, which are parameters of the query."""

    count: int

    @property
    def condition(self) -> str:
        """The WHERE condition on `transaction t`."""
        return f"t.externalid IN ({', '.join('?' * self.count)})"


def documents(
    window: LedgerWindow | ByExternalId, after: int, *, subsidiary: bool = False, currency: bool = True
) -> str:
    """Documents of the types below with an id above `after`, in order of id; with subsidiary and currency if asked for.

    Those columns are not there in accounts that are not OneWorld, or without Multiple Currencies.
    """
    told = ", tl.subsidiary AS subsidiary" if subsidiary else ""
    told += ", t.currency" if currency else ""
    return (
        "SELECT t.id, t.type, t.externalid, t.tranid, t.otherrefnum, t.memo, t.entity, t.foreigntotal, "
        "t.status, t.voided, TO_CHAR(t.trandate, 'YYYY-MM-DD') AS trandate, "
        "TO_CHAR(t.lastmodifieddate, 'YYYY-MM-DD HH24:MI:SS') AS modified, "
        f"tl.foreignamountunpaid AS unpaid{told} "
        "FROM transaction t LEFT JOIN transactionline tl ON tl.transaction = t.id AND tl.mainline = 'T' "
        f"WHERE t.type IN ({_TYPES}) AND t.id > {after:d} AND {window.condition} ORDER BY t.id"
    )


def taxes(first_id: int, last_id: int, tax_items: Sequence[int]) -> str:
    """Tax of the invoices with ids in [first_id, last_id]: NetSuite's own tax lines and lines on the tax items."""
    item = "".join(f" OR tl.item = {item:d}" for item in tax_items)
    return (
        "SELECT tl.transaction AS id, SUM(tl.foreignamount) AS tax "
        "FROM transactionline tl INNER JOIN transaction t ON t.id = tl.transaction "
        f"WHERE t.type = 'CustInvc' AND t.id BETWEEN {first_id:d} AND {last_id:d} AND (tl.taxline = 'T'{item}) "
        "GROUP BY tl.transaction ORDER BY tl.transaction"
    )


def applications(first_id: int, last_id: int) -> str:
    """What the payments, memos and refunds with ids in [first_id, last_id] are applied to."""
    return (
        "SELECT ntll.nextdoc AS payment, ntll.previousdoc AS invoice, SUM(ntll.foreignamount) AS amount "
        "FROM NextTransactionLineLink ntll INNER JOIN transaction t ON t.id = ntll.nextdoc "
        "INNER JOIN transaction p ON p.id = ntll.previousdoc "
        f"WHERE t.type IN ('CustPymt', 'CustCred', 'CustRfnd') AND t.id BETWEEN {first_id:d} AND {last_id:d} "
        "AND p.type IN ('CustInvc', 'CustCred', 'CustPymt') "
        "GROUP BY ntll.nextdoc, ntll.previousdoc ORDER BY ntll.nextdoc, ntll.previousdoc"
    )


def deposits_applied(first_id: int, last_id: int) -> str:
    """What the customer deposits with ids in [first_id, last_id] are applied to, by deposit applications."""
    return (
        "SELECT d.previousdoc AS payment, a.previousdoc AS invoice, SUM(a.foreignamount) AS amount "
        "FROM NextTransactionLineLink d INNER JOIN transaction t ON t.id = d.previousdoc "
        "INNER JOIN transaction m ON m.id = d.nextdoc INNER JOIN NextTransactionLineLink a ON a.nextdoc = d.nextdoc "
        "INNER JOIN transaction p ON p.id = a.previousdoc "
        f"WHERE t.type = 'CustDep' AND m.type = 'DepAppl' AND t.id BETWEEN {first_id:d} AND {last_id:d} "
        "AND p.type = 'CustInvc' GROUP BY d.previousdoc, a.previousdoc ORDER BY d.previousdoc, a.previousdoc"
    )


def deposits_refunded(first_id: int, last_id: int) -> str:
    """What the refunds with ids in [first_id, last_id] pay back of customer deposits, by deposit applications."""
    return (
        "SELECT r.nextdoc AS payment, d.previousdoc AS invoice, SUM(r.foreignamount) AS amount "
        "FROM NextTransactionLineLink r INNER JOIN transaction t ON t.id = r.nextdoc "
        "INNER JOIN transaction m ON m.id = r.previousdoc INNER JOIN NextTransactionLineLink d ON d.nextdoc = m.id "
        "INNER JOIN transaction p ON p.id = d.previousdoc "
        f"WHERE t.type = 'CustRfnd' AND m.type = 'DepAppl' AND t.id BETWEEN {first_id:d} AND {last_id:d} "
        "AND p.type = 'CustDep' GROUP BY r.nextdoc, d.previousdoc ORDER BY r.nextdoc, d.previousdoc"
    )


def deposited(first_id: int, last_id: int) -> str:
    """The payments and refunds that the deposits with ids in [first_id, last_id] took out of Undeposited Funds.

    What a link is, the types at its ends say; the name of its type is not documented.
    """
    return (
        "SELECT ntll.previousdoc AS document, ntll.nextdoc AS deposit, SUM(ntll.foreignamount) AS amount "
        "FROM NextTransactionLineLink ntll INNER JOIN transaction t ON t.id = ntll.nextdoc "
        "INNER JOIN transaction p ON p.id = ntll.previousdoc "
        f"WHERE t.type = 'Deposit' AND t.id BETWEEN {first_id:d} AND {last_id:d} "
        "AND p.type IN ('CustPymt', 'CustDep', 'CustRfnd') "
        "GROUP BY ntll.previousdoc, ntll.nextdoc ORDER BY ntll.previousdoc, ntll.nextdoc"
    )


def deposit_lines(first_id: int, last_id: int, *, books: bool = True) -> str:
    """Lines of the deposits with ids in [first_id, last_id]: money that no payment brought, each on its account.

    With Multi-Book Accounting a line is there once for each book; the primary one, whose id is the lowest, comes first.
    """
    book, order = (", tal.accountingbook AS book", ", tal.accountingbook") if books else ("", "")
    return (
        "SELECT tl.transaction AS deposit, tl.id AS line, tal.account AS account, tl.foreignamount AS amount, "
        f"tl.memo AS memo{book} FROM transactionline tl INNER JOIN transaction t ON t.id = tl.transaction "
        "INNER JOIN transactionaccountingline tal ON tal.transaction = tl.transaction AND tal.transactionline = tl.id "
        f"WHERE t.type = 'Deposit' AND t.id BETWEEN {first_id:d} AND {last_id:d} AND tl.mainline = 'F' "
        "AND NOT EXISTS (SELECT 1 FROM NextTransactionLineLink ntll "
        f"WHERE ntll.nextdoc = tl.transaction AND ntll.nextline = tl.id) ORDER BY tl.transaction, tl.id{order}"
    )


def item_lines(documents: Sequence[int]) -> str:
    """Lines of these documents that are on items, taxes left out."""
    ids = ", ".join(f"{document:d}" for document in documents)
    return (
        "SELECT tl.transaction AS id, tl.id AS line, tl.item AS item, tl.foreignamount AS amount "
        f"FROM transactionline tl WHERE tl.transaction IN ({ids}) AND tl.mainline = 'F' AND tl.taxline = 'F' "
        "AND tl.item IS NOT NULL ORDER BY tl.transaction, tl.id"
    )


def deleted(since: datetime) -> str:
    """Records of any type that were deleted since a moment (NetSuite's clock)."""
    return (
        "SELECT DISTINCT d.recordid AS id FROM deletedrecord d "
        f"WHERE d.deleteddate >= TO_DATE('{since:%Y-%m-%d %H:%M:%S}', 'YYYY-MM-DD HH24:MI:SS') ORDER BY d.recordid"
    )


def present(documents: Sequence[int]) -> str:
    """Those of these documents that are there."""
    ids = ", ".join(f"{document:d}" for document in documents)
    return f"SELECT t.id FROM transaction t WHERE t.id IN ({ids}) ORDER BY t.id"


def customers_there(numbers: Sequence[int]) -> str:
    """Those of these customers who are there."""
    ids = ", ".join(f"{number:d}" for number in numbers)
    return f"SELECT c.id FROM customer c WHERE c.id IN ({ids}) ORDER BY c.id"


def customers(changed_since: datetime, after: int) -> str:
    """Customers changed since a moment, with an id above `after`, in order of id."""
    since = changed_since.strftime("%Y-%m-%d %H:%M:%S")
    return (
        "SELECT c.id, c.externalid, c.entityid, c.companyname, c.isinactive FROM customer c "
        f"WHERE c.id > {after:d} AND c.lastmodifieddate >= TO_DATE('{since}', 'YYYY-MM-DD HH24:MI:SS') ORDER BY c.id"
    )


def main_currencies(customers: Sequence[int]) -> str:
    """The own currency of these customers, who may take documents in others too."""
    ids = ", ".join(f"{customer:d}" for customer in customers)
    return f"SELECT c.id, c.currency FROM customer c WHERE c.id IN ({ids}) ORDER BY c.id"


def relationships(customers: Sequence[int]) -> str:
    """The subsidiaries of these customers, the primary one among them."""
    ids = ", ".join(f"{customer:d}" for customer in customers)
    return (
        "SELECT r.id, r.entity, r.subsidiary FROM customersubsidiaryrelationship r "
        f"WHERE r.entity IN ({ids}) ORDER BY r.id"
    )


def clock(document: int) -> str:
    """When a document was changed last: on the clock of the login's user, and in UTC."""
    told = "'YYYY-MM-DD HH24:MI:SS'"
    return (
        f"SELECT TO_CHAR(t.lastmodifieddate, {told}) AS here, "
        f"TO_CHAR(SYS_EXTRACT_UTC(t.lastmodifieddate), {told}) AS utc "
        f"FROM transaction t WHERE t.id = {document:d} ORDER BY t.id"
    )


# Periods that documents are dated in; an adjustment period takes none by its date.
PERIODS = (
    "SELECT p.id, p.periodname, TO_CHAR(p.startdate, 'YYYY-MM-DD') AS opens, TO_CHAR(p.enddate, 'YYYY-MM-DD') AS ends, "
    "p.closed, p.alllocked, p.arlocked FROM accountingperiod p "
    "WHERE p.isyear = 'F' AND p.isquarter = 'F' AND p.isadjust = 'F' ORDER BY p.id"
)

# Tax periods, where an edition has them, which are closed as a whole. By the records browser of 2022.1 their flag is
# called `allclosed` on the record; whether SuiteQL calls it so, or like that of accounting periods, is not documented.
TAX_PERIODS = tuple(
    "SELECT p.id, p.periodname, TO_CHAR(p.startdate, 'YYYY-MM-DD') AS opens, TO_CHAR(p.enddate, 'YYYY-MM-DD') AS ends, "
    f"p.{flag} AS closed FROM taxperiod p WHERE p.isyear = 'F' AND p.isquarter = 'F' ORDER BY p.id"
    for flag in ("allclosed", "closed")
)

# Reference data by kind: a query with the columns id and name.
REFERENCE = {
    "currency": "SELECT id, symbol AS name FROM currency ORDER BY id",
    "item": "SELECT id, itemid AS name FROM item WHERE isinactive = 'F' ORDER BY id",
    "subsidiary": "SELECT id, name FROM subsidiary ORDER BY id",
    "account": "SELECT id, fullname AS name FROM account ORDER BY id",
    # By full names, such as "Sales : East": two of a name may have different parents.
    "class": "SELECT id, fullname AS name FROM classification WHERE isinactive = 'F' ORDER BY id",
    "department": "SELECT id, fullname AS name FROM department WHERE isinactive = 'F' ORDER BY id",
    "location": "SELECT id, fullname AS name FROM location WHERE isinactive = 'F' ORDER BY id",
    "term": "SELECT id, name FROM term WHERE isinactive = 'F' ORDER BY id",
    # Of employees those alone who may be a customer's sales representative, and nothing but how they are found.
    "employee": (
        "SELECT id, email AS name FROM employee "
        "WHERE issalesrep = 'T' AND isinactive = 'F' AND email IS NOT NULL ORDER BY id"
    ),
}
# The same of a list or record type of the account's own; not every one shows whether a value is inactive.
_OWN = ("SELECT id, name FROM {kind} WHERE isinactive = 'F' ORDER BY id", "SELECT id, name FROM {kind} ORDER BY id")


def reference(kind: str) -> tuple[str, ...]:
    """Queries with the columns id and name of the reference data of a kind, the most telling first."""
    return (REFERENCE[kind],) if kind in REFERENCE else tuple(query.format(kind=kind) for query in _OWN)


# Inactive ones stay known by name, and no document may name them. Of items there are too many.
INACTIVE = {kind: f"SELECT id FROM {kind} WHERE isinactive = 'T' ORDER BY id" for kind in ("subsidiary", "account")}

# In which currency an account is kept, where there are several.
KEPT_IN = "SELECT id, currency FROM account WHERE currency IS NOT NULL ORDER BY id"

# For a preflight only, the most telling first: an account without several currencies or subsidiaries may lack columns.
ACCOUNT_FACTS = tuple(
    f"SELECT id, accttype AS type{more} FROM account ORDER BY id"
    for more in (
        ", isinactive AS inactive, subsidiary, includechildren AS children, currency",
        ", isinactive AS inactive, subsidiary, currency",
        ", isinactive AS inactive, currency",
        ", isinactive AS inactive, subsidiary",
        ", isinactive AS inactive",
        "",
    )
)
INACTIVE_ITEMS = ("SELECT id, itemid AS name FROM item WHERE isinactive = 'T' ORDER BY id",)
SUBSIDIARY_FACTS = tuple(
    f"SELECT id, isinactive AS inactive{more} FROM subsidiary ORDER BY id"
    for more in (", parent, currency", ", parent", "")
)
CURRENCY_FACTS = tuple(
    f"SELECT id, symbol AS name, isinactive AS inactive{more} FROM currency ORDER BY id"
    for more in (", isbasecurrency AS base, exchangerate AS rate", "")
)


def exchange_rates(today: date) -> tuple[str, ...]:
    """By base currency and currency: first and last day from which a rate counts, up to today, and how many there are.

    Table and columns are those that others query (timdietrich.me, 2021); Oracle documents the record alone.
    """
    return (
        "SELECT r.basecurrency AS base, r.transactioncurrency AS currency, "
        "TO_CHAR(MAX(r.effectivedate), 'YYYY-MM-DD') AS newest, TO_CHAR(MIN(r.effectivedate), 'YYYY-MM-DD') AS oldest, "
        "COUNT(DISTINCT r.effectivedate) AS days FROM currencyrate r "
        f"WHERE r.effectivedate <= TO_DATE('{today:%Y-%m-%d}', 'YYYY-MM-DD') "
        "GROUP BY r.basecurrency, r.transactioncurrency ORDER BY r.basecurrency, r.transactioncurrency",
    )


_TABLES = {"class": "classification"}
_OF_SUBSIDIARIES = (", subsidiary, includechildren AS children", ", subsidiary", "")
_MORE = {
    **dict.fromkeys(("class", "department", "location"), _OF_SUBSIDIARIES),
    "employee": (", issalesrep AS rep", ""),
}


def record_facts(kind: str, ids: Sequence[int]) -> tuple[str, ...]:
    """What the preflight asks about these records of a kind, the most telling first; none has to show what is inactive.

    Whether classes, departments and locations have `includechildren` in SuiteQL, as their records have it by name, is
    not documented; nor which tables there are for every kind.
    """
    table, named = _TABLES.get(kind, kind), ", ".join(f"{each:d}" for each in sorted(ids))
    shown = [*(f", isinactive AS inactive{more}" for more in _MORE.get(kind, ("",))), ""]
    return tuple(f"SELECT id{more} FROM {table} WHERE id IN ({named}) ORDER BY id" for more in shown)


def any_of(kind: str) -> str:
    """Whether NetSuite shows us any record of a kind: ask for one row."""
    return f"SELECT id FROM {_TABLES.get(kind, kind)} ORDER BY id"


def item_facts(ids: Sequence[int]) -> tuple[str, ...]:
    """What the preflight asks about these items, the most telling first."""
    named = ", ".join(f"{each:d}" for each in sorted(ids))
    return tuple(
        f"SELECT id, isinactive AS inactive{more} FROM item WHERE id IN ({named}) ORDER BY id"
        for more in (
            ", incomeaccount AS account, subsidiary, includechildren AS children",
            ", incomeaccount AS account",
        )
    )
