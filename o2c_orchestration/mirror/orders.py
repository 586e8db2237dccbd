"""NetSuite's sales orders → their mirror: those that changed since the last read, and those that are gone.

Orders are read whoever entered them: one that a person made for a deal is told from a missing one.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.domain.money import ONLY_CURRENCY, exponent, to_minor
from o2c_orchestration.domain.policy_books import Books
from o2c_orchestration.mirror.clock import anywhere
from o2c_orchestration.mirror.sound import sound
from o2c_orchestration.store import inbox, ledger, orders
from o2c_orchestration.store.orders import ORDERS_CURSOR, TAXED_CURSOR, OrderValues

_PAGE = 1000
# Ids in one look for deleted ones, or for taxes.
_IDS_AT_ONCE = 500


def _query(since: datetime, after: int, *, currency: bool) -> str:
    moment = f"{since:%Y-%m-%d %H:%M:%S}"
    told = ", t.currency" if currency else ""
    return (
        "SELECT t.id, t.externalid, t.tranid, t.status, t.foreigntotal, t.entity, "
        f"TO_CHAR(t.trandate, 'YYYY-MM-DD') AS trandate{told} FROM transaction t "
        f"WHERE t.type = 'SalesOrd' AND t.id > {after:d} "
        f"AND t.lastmodifieddate >= TO_DATE('{moment}', 'YYYY-MM-DD HH24:MI:SS') ORDER BY t.id"
    )


def _tax_query(ids: Sequence[int]) -> str:
    """NetSuite's own tax lines of these orders."""
    named = ", ".join(f"{each:d}" for each in ids)
    return (
        "SELECT tl.transaction AS id, SUM(tl.foreignamount) AS tax "
        "FROM transactionline tl INNER JOIN transaction t ON t.id = tl.transaction "
        f"WHERE t.type = 'SalesOrd' AND t.id IN ({named}) AND tl.taxline = 'T' "
        "GROUP BY tl.transaction ORDER BY tl.transaction"
    )


def read_orders(
    engine: Engine,
    reader: NetSuiteReader,
    books: Books,
    overlap: timedelta,
    progress: Callable[[int], None] = lambda count: None,
    *,
    taxes: bool = False,
) -> tuple[int, int, int]:
    """Mirror the orders that changed since the last read, or since the books began; (read, changed, deleted).

    `taxes`: with what NetSuite adds to them as tax, for which all are read once.
    """
    started = datetime.now(UTC)
    mark = TAXED_CURSOR if taxes else ORDERS_CURSOR
    cursor = inbox.read_cursor(engine, mark)
    since = books.start_of_day
    if cursor is not None:
        since = anywhere(datetime.fromisoformat(cursor) - overlap)
    currencies = ledger.currency_codes(ledger.reference(engine))
    read = changed = after = 0
    while rows := (page := reader.suiteql_page(_query(since, after, currency=books.currency is None))).rows:
        sound(engine, "netsuite_order", rows)
        added = _taxes(reader, rows) if taxes else {}
        seen, new = orders.merge_orders(engine, [_values(row, currencies, added) for row in rows], started)
        read, changed, after = read + seen, changed + new, int(rows[-1]["id"])
        progress(seen)
        if not page.has_more and len(rows) < _PAGE:
            break
    inbox.write_cursor(engine, mark, started.isoformat())
    return read, changed, _deleted(engine, reader)


def _deleted(engine: Engine, reader: NetSuiteReader) -> int:
    """Nothing tells of a deleted order: the ids that are known are asked for."""
    known = orders.living(engine)
    gone: list[int] = []
    for start in range(0, len(known), _IDS_AT_ONCE):
        some = known[start : start + _IDS_AT_ONCE]
        listed = ", ".join(f"{identifier:d}" for identifier in some)
        query = f"SELECT t.id FROM transaction t WHERE t.type = 'SalesOrd' AND t.id IN ({listed}) ORDER BY t.id"
        there = {int(row["id"]) for row in reader.suiteql(query)}
        gone += [identifier for identifier in some if identifier not in there]
    return orders.mark_deleted(engine, gone) if gone else 0


def _taxes(reader: NetSuiteReader, rows: Sequence[Mapping[str, Any]]) -> dict[int, Any]:
    ids = [int(row["id"]) for row in rows]
    parts = (ids[start : start + _IDS_AT_ONCE] for start in range(0, len(ids), _IDS_AT_ONCE))
    return {int(row["id"]): row.get("tax") for part in parts for row in reader.suiteql(_tax_query(part))}


def _minor(value: Any, currency: str) -> int:
    """The amount without its sign: lines of sales are credits."""
    amount = Decimal(str(value or 0)).quantize(Decimal(1).scaleb(-exponent(currency)))
    return abs(to_minor(amount, currency))


def _values(row: Mapping[str, Any], currencies: Mapping[str, str], taxes: Mapping[int, Any]) -> OrderValues:
    currency = currencies.get(str(row.get("currency", ONLY_CURRENCY)), str(row.get("currency")))
    return (
        int(row["id"]),
        row.get("externalid"),
        row.get("tranid"),
        # Some accounts answer with the letter alone, others with the type before it.
        str(row.get("status") or "").rpartition(":")[2],
        currency,
        _minor(row.get("foreigntotal"), currency),
        date.fromisoformat(str(row["trandate"])),
        int(row["entity"]) if row.get("entity") else None,
        _minor(taxes.get(int(row["id"])), currency),
    )
