"""Promises of SuiteQL in the sandbox: what it shows, what it refuses, how it pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from o2c_orchestration_tests.contract.sandbox_netsuite_account import (
    SUITEQL,
    Account,
    error_of,
    running_account,
)

SEARCH = "Invalid search query. Detailed unprocessed description follows. "


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """Books with one dinar customer, three invoices, a payment over two of them, and a memo."""
    with running_account(tmp_path_factory.mktemp("netsuite")) as account:
        customer = account.customer(externalId="cus_K", currency={"id": "9"})
        lines = [
            {"item": {"id": "1"}, "amount": 12.345},
            {"item": {"id": "2"}, "amount": -2.345, "description": "d"},
        ]
        body = {"entity": {"id": customer}, "item": {"items": lines}, "tranDate": "2026-10-31"}
        one = account.create("invoice", {**body, "externalId": "in_1", "otherRefNum": "PO", "memo": "first"})
        two = account.create("invoice", {**body, "externalId": "in_2"})
        account.create("invoice", {**body, "externalId": "in_3", "tranDate": "2026-11-01"})
        account.payment(customer, 30, {one: 10, two: 4.5}, externalId="ch_1")
        account.create("creditMemo", {**body, "externalId": "cn_1"})
        yield account


def _refusal(account: Account, query: str, params: list[str] | None = None) -> str:
    answer = account.sql_page(query, params)
    assert answer.status_code == 400, answer.text
    detail = error_of(answer)
    assert detail["o:errorCode"] == "INVALID_PARAMETER"
    return str(detail["detail"]).removeprefix(SEARCH)


def test_rows_are_text_without_nulls(account: Account) -> None:
    """Values are text, keys lower case, NULL columns absent, dates in the account's format, links empty."""
    query = (
        "SELECT t.id, t.ExternalId, t.Memo AS TheMemo, t.otherRefNum, t.tranDate, t.voided, t.status,"
        " t.foreignTotal, t.foreignamountpaid, t.foreignamountunpaid FROM Transaction t"
        " WHERE t.type = 'CustInvc' ORDER BY t.id"
    )
    page = account.sql_page(query).json()
    first, second = page["items"][:2]
    assert first == {
        "links": [],
        "id": first["id"],
        "externalid": "in_1",
        "thememo": "first",
        "otherrefnum": "PO",
        "trandate": "10/31/2026",
        "voided": "F",
        "status": "B",
        "foreigntotal": "10",
        "foreignamountpaid": "10",
        "foreignamountunpaid": "0",
    }
    assert "thememo" not in second
    assert (second["foreignamountpaid"], second["foreignamountunpaid"]) == ("4.5", "5.5")


def test_lines_have_suiteqls_signs(account: Account) -> None:
    """The main line of an invoice is positive, revenue negative, discounts positive; a memo the other way."""
    query = (
        "SELECT tl.mainline, tl.taxline, BUILTIN.DF(tl.item) AS item, tl.foreignamount, tl.memo"
        " FROM transactionline tl JOIN transaction t ON t.id = tl.transaction"
        " WHERE t.externalid = ? ORDER BY tl.uniquekey"
    )
    assert account.sql(query, "in_1") == [
        {"mainline": "T", "taxline": "F", "foreignamount": "10", "memo": "first"},
        {"mainline": "F", "taxline": "F", "item": "Stripe Item", "foreignamount": "-12.345"},
        {"mainline": "F", "taxline": "F", "item": "Stripe Discount", "foreignamount": "2.345", "memo": "d"},
    ]
    assert [row["foreignamount"] for row in account.sql(query, "cn_1")] == ["-10", "12.345", "-2.345"]


def test_accounting_lines_balance_in_base(account: Account) -> None:
    """Debits equal credits in the base currency, at the rate of the transaction."""
    query = (
        "SELECT l.transaction, SUM(l.debit) AS d, SUM(l.credit) AS c FROM transactionaccountingline l"
        " WHERE l.posting = 'T' GROUP BY l.transaction ORDER BY l.transaction"
    )
    rows = account.sql(query)
    assert len(rows) == 5
    assert all(row["d"] == row["c"] for row in rows)


def test_payment_links(account: Account) -> None:
    """NextTransactionLineLink leads from an invoice to its payments with the applied amount."""
    query = (
        "SELECT NTLL.PreviousDoc AS invoice, NT.externalid, NTLL.foreignamount"
        " FROM NextTransactionLineLink NTLL JOIN transaction NT ON NT.id = NTLL.NextDoc"
        " WHERE NT.recordtype = 'customerpayment'"
        " AND NTLL.linktype = 'Payment' ORDER BY NTLL.PreviousDoc"
    )
    assert [(row["externalid"], row["foreignamount"]) for row in account.sql(query)] == [
        ("ch_1", "10"),
        ("ch_1", "4.5"),
    ]
    mirrored = account.sql(
        "SELECT COUNT(*) AS n FROM PreviousTransactionLineLink p JOIN transaction t ON t.id = p.previousdoc"
    )
    assert mirrored == [{"n": "2"}]
    unused = "SELECT foreignpaymentamountunused AS rest FROM transaction WHERE externalid = 'ch_1'"
    assert account.sql(unused) == [{"rest": "15.5"}]


def test_times_are_the_accounts(account: Account) -> None:
    """TO_CHAR shows seconds on the account's wall clock; without it the time is lost. SYS_EXTRACT_UTC shows UTC."""
    query = (
        "SELECT lastmodifieddate AS bare, TO_CHAR(lastmodifieddate, 'YYYY-MM-DD\"T\"HH24:MI:SS') AS full,"
        " TO_CHAR(SYS_EXTRACT_UTC(lastmodifieddate), 'YYYY-MM-DD HH24:MI:SS') AS utc"
        " FROM transaction WHERE externalid = 'in_3'"
    )
    (row,) = account.sql(query)
    record = datetime.fromisoformat(account.get("invoice/eid:in_3")["lastModifiedDate"])
    local = record.astimezone(ZoneInfo("America/Los_Angeles"))
    assert row["full"] == local.strftime("%Y-%m-%dT%H:%M:%S")
    assert row["utc"] == record.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    assert row["bare"] == f"{local.month}/{local.day}/{local.year}"
    assert abs((datetime.now(UTC) - record).total_seconds()) < 300


def test_functions(account: Account) -> None:
    """The Oracle functions that integrations use are there."""
    query = (
        "SELECT NVL(t.memo, 'none') AS a, NVL2(t.memo, 'y', 'n') AS b,"
        " DECODE(t.type, 'CustInvc', 'I', 'O') AS c, BUILTIN.DF(t.status) AS d,"
        " BUILTIN.DF(t.currency) AS e, TO_CHAR(t.trandate, 'DD.MM.YYYY') AS f,"
        " UPPER(t.externalid) || '!' AS g, ROUND(t.foreigntotal / 3, 2) AS h, TRUNC(t.trandate, 'MM') AS i,"
        " t.trandate - 30 AS j, ADD_MONTHS(t.trandate, 1) AS k, EXTRACT(MONTH FROM t.trandate) AS l,"
        " BUILTIN.DF(t.entity) AS m, COALESCE(t.memo, t.externalid) AS n, SUBSTR(t.externalid, 1, 2) AS o,"
        " TO_NUMBER('12.50') AS p, LAST_DAY(t.trandate) AS q, CASE WHEN t.status = 'A' THEN 1 ELSE 0 END AS r"
        " FROM transaction t WHERE t.externalid = 'in_3'"
    )
    (row,) = account.sql(query)
    assert row.pop("m").endswith("Acme")
    assert "".join(row) == "abcdefghijklnopqr"
    assert list(row.values()) == [
        "none",
        "n",
        "I",
        "Invoice : Open",
        "Kuwaiti Dinar",
        "01.11.2026",
        "IN_3!",
        "3.33",
        "11/1/2026",
        "10/2/2026",
        "12/1/2026",
        "11",
        "in_3",
        "in",
        "12.5",
        "11/30/2026",
        "1",
    ]


def test_dates_are_compared_through_to_date(account: Account) -> None:
    """TO_DATE with a literal or a bound parameter filters; a window is time precise."""
    query = "SELECT externalid FROM transaction WHERE trandate >= TO_DATE(?, 'YYYY-MM-DD') AND type = ? ORDER BY id"
    assert account.sql(query, "2026-11-01", "CustInvc") == [{"externalid": "in_3"}]
    window = (
        "SELECT COUNT(*) AS n FROM transaction WHERE lastmodifieddate >="
        " TO_DATE('2026-01-01 00:00:00', 'YYYY-MM-DD HH24:MI:SS')"
        " AND lastmodifieddate < TO_DATE('2099-12-31 23:59:59', 'YYYY-MM-DD HH24:MI:SS')"
    )
    assert account.sql(window) == [{"n": "5"}]


def test_parameters_bind_in_reading_order(account: Account) -> None:
    """Each question mark takes its parameter, wherever it stands; their number must fit."""
    query = (
        "SELECT ? AS first, t.externalid FROM transaction t"
        " JOIN currency c ON c.id = t.currency AND c.symbol = ?"
        " WHERE t.id BETWEEN ? AND ? AND t.externalid IN (?, ?) ORDER BY t.id"
    )
    rows = account.sql(query, "x", "KWD", "0", "99999", "in_1", "in_2")
    assert rows == [{"first": "x", "externalid": "in_1"}, {"first": "x", "externalid": "in_2"}]
    assert account.sql_page(query, ["x"]).status_code == 400


def test_values_in_the_text_are_what_bound_ones_are(account: Account) -> None:
    """One query with other ids and dates is another query; text that only looks like such a value stays what it is."""
    first, second, third = (row["id"] for row in account.sql("SELECT id FROM transaction ORDER BY id")[:3])
    after = "SELECT id FROM transaction WHERE id > {} AND type = ? ORDER BY id"
    assert account.sql(after.format(first), "CustInvc") == [{"id": second}, {"id": third}]
    assert account.sql(after.format(second), "CustInvc") == [{"id": third}]
    between = "SELECT ? AS x, id FROM transaction t WHERE t.id BETWEEN {} AND {} ORDER BY t.id"
    assert account.sql(between.format(second, third), "a") == [{"x": "a", "id": second}, {"x": "a", "id": third}]
    assert account.sql(between.format(third, third), "b") == [{"x": "b", "id": third}]
    dated = "SELECT COUNT(*) AS n FROM transaction WHERE type = 'CustInvc' AND trandate > TO_DATE('{}', 'YYYY-MM-DD')"
    assert [account.sql(dated.format(day))[0]["n"] for day in ("2026-10-30", "2026-10-31")] == ["3", "1"]
    quoted = "SELECT 'id > 5, ''BETWEEN 1 AND 2'' and ?' AS x, 'TO_DATE(''1' AS y FROM dual WHERE 'a' = ?"
    assert account.sql(quoted, "a") == [{"x": "id > 5, 'BETWEEN 1 AND 2' and ?", "y": "TO_DATE('1"}]
    commented = f"SELECT 'id > 5' AS x /* don't ? */ FROM transaction WHERE id > {first} AND id = ?"
    assert account.sql(commented, second) == [{"x": "id > 5"}]
    assert account.sql_page(after.format(first), []).status_code == 400
    assert 'Parse of date/time "5"' in _refusal(account, "SELECT id FROM transaction WHERE trandate BETWEEN 5 AND 6")


def test_limits_of_rows(account: Account) -> None:
    """ROWNUM and FETCH FIRST limit; ROWNUM counts before sorting, so it is nested to page."""
    assert len(account.sql("SELECT id FROM transaction WHERE ROWNUM <= 2")) == 2
    fetched = account.sql("SELECT externalid FROM transaction ORDER BY id DESC FETCH FIRST 2 ROWS ONLY")
    assert [row["externalid"] for row in fetched] == ["cn_1", "ch_1"]
    nested = (
        "SELECT * FROM (SELECT a.*, ROWNUM AS rn FROM (SELECT externalid FROM transaction ORDER BY id) a)"
        " WHERE rn BETWEEN 2 AND 3 ORDER BY rn"
    )
    assert account.sql(nested) == [{"externalid": "in_2", "rn": "2"}, {"externalid": "in_3", "rn": "3"}]


def test_other_selects(account: Account) -> None:
    """Groups, subqueries, unions, outer joins and unnamed expressions work."""
    assert account.sql("SELECT COUNT(*), MAX(foreigntotal) FROM transaction") == [{"expr1": "5", "expr2": "30"}]
    grouped = "SELECT type, SUM(foreigntotal) s FROM transaction GROUP BY type HAVING COUNT(*) > 1 ORDER BY type"
    assert account.sql(grouped) == [{"type": "CustInvc", "s": "30"}]
    exists = (
        "SELECT t.externalid, (SELECT symbol FROM currency c WHERE c.id = t.currency) AS cur"
        " FROM transaction t"
        " WHERE NOT EXISTS (SELECT 1 FROM NextTransactionLineLink n WHERE n.previousdoc = t.id)"
        " AND t.recordtype = 'invoice' ORDER BY t.id"
    )
    assert account.sql(exists) == [{"externalid": "in_3", "cur": "KWD"}]
    union = "SELECT externalid FROM customer UNION ALL SELECT externalid FROM transaction ORDER BY externalid"
    assert [row["externalid"] for row in account.sql(union)] == [
        "ch_1",
        "cn_1",
        "cus_K",
        "in_1",
        "in_2",
        "in_3",
    ]
    outer = (
        "SELECT c.symbol, COUNT(t.id) AS n FROM currency c LEFT JOIN transaction t ON t.currency = c.id"
        " GROUP BY c.symbol ORDER BY n DESC FETCH FIRST 1 ROWS ONLY"
    )
    assert account.sql(outer) == [{"symbol": "KWD", "n": "5"}]
    star = account.sql("SELECT * FROM currency WHERE symbol = 'JPY'")
    assert star[0]["currencyprecision"] == "0"
    assert account.sql("SELECT externalid FROM transaction WHERE externalid = 'IN_1'") == []


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id FROM transaction LIMIT 3",
        "WITH t AS (SELECT id FROM transaction) SELECT id FROM t",
        "SELECT id FROM transaction WHERE trandate >= DATE '2026-01-01'",
        "DELETE FROM transaction",
        "UPDATE customer SET email = 'x'",
        "SELECT id FROM transaction; SELECT id FROM customer",
        "SELECT id FROM",
        "SELECT NO_SUCH_FUNCTION(id) FROM transaction",
        "SELECT load_extension('x') FROM dual",
    ],
)
def test_refusals(account: Account, query: str) -> None:
    """What SuiteQL does not run is an invalid search."""
    assert _refusal(account, query) == "Invalid or unsupported search"


def test_unknown_identifiers(account: Account) -> None:
    """An unknown column is named beside the tables at hand; an unknown table as well; ours stay hidden."""
    assert _refusal(account, "SELECT x FROM customer") == (
        "Search error occurred: Unknown identifier 'x'. Available identifiers are: {customer=customer}"
    )
    assert "Unknown identifier" in _refusal(account, "SELECT balance FROM customer")
    assert "{t=transaction, c=customer}" in _refusal(
        account, "SELECT c.nothing FROM transaction t JOIN customer c ON c.id = t.entity"
    )
    assert _refusal(account, "SELECT id FROM foo") == "Search error occurred: Invalid search type: foo."
    for hidden in (
        "SELECT x_total FROM transaction",
        "SELECT value FROM x_meta",
        "SELECT name FROM sqlite_schema",
    ):
        assert "Search error occurred" in _refusal(account, hidden)


def test_dates_as_text_are_refused(account: Account) -> None:
    """A date column is not compared with bare text."""
    for query, params in (
        ("SELECT id FROM transaction WHERE trandate >= '2026-01-01'", []),
        ("SELECT id FROM transaction WHERE lastmodifieddate BETWEEN ? AND ?", ["2026-01-01", "2026-02-01"]),
    ):
        assert 'failed with date format "M/d/yy" in time zone America/Los_Angeles' in _refusal(account, query, params)


def test_long_lists_are_refused(account: Account) -> None:
    """A list takes a thousand items and no more."""
    numbers = [str(number) for number in range(1001)]
    assert account.sql(f"SELECT id FROM transaction WHERE id IN ({', '.join(numbers[:1000])})") == []
    assert "1000" in _refusal(account, f"SELECT id FROM transaction WHERE id IN ({', '.join(numbers)})")


def test_prefer_transient_is_required(account: Account) -> None:
    """Without the header the query is not run; neither is an empty one."""
    answer = account.call("POST", SUITEQL, {"q": "SELECT id FROM customer"})
    assert answer.status_code == 400
    answer = account.call("POST", SUITEQL, {"query": "x"}, headers={"Prefer": "transient"})
    assert error_of(answer)["o:errorCode"] == "INVALID_CONTENT"


def test_envelope_and_pages(account: Account) -> None:
    """Pages carry count, offset, hasMore, totalResults and links; their rules are kept."""
    query = "SELECT externalid FROM transaction ORDER BY id"
    page = account.sql_page(query, limit=2, offset=2).json()
    assert [row["externalid"] for row in page["items"]] == ["in_3", "ch_1"]
    assert (page["count"], page["offset"], page["hasMore"], page["totalResults"]) == (2, 2, True, 5)
    assert {link["rel"] for link in page["links"]} == {"self", "next", "last", "prev", "first"}
    last = account.sql_page(query, limit=2, offset=4).json()
    assert (last["count"], last["hasMore"]) == (1, False)
    for limit, offset in ((1001, 0), (0, 0), (2, 1)):
        assert account.sql_page(query, limit=limit, offset=offset).status_code == 400


def test_pages_without_a_unique_order_are_not_stable(account: Account) -> None:
    """Ten readings of two unordered pages do not all give every row; ordered by id they do."""

    def read(order: str) -> set[str]:
        query = f"SELECT id FROM accountingperiod {order}"
        pages = [account.sql_page(query, limit=40, offset=offset).json()["items"] for offset in (0, 40)]
        return {row["id"] for page in pages for row in page}

    complete = read("ORDER BY id")
    assert len(complete) == 68
    assert any(read("") != complete for _ in range(10))
    assert any(read("ORDER BY isyear") != complete for _ in range(10))
    assert all(read("ORDER BY isyear, id") == complete for _ in range(3))


def test_keyset_reading_finds_everything_once(account: Account) -> None:
    """Reading by `id > last` walks through the whole table."""
    seen: list[str] = []
    last = "0"
    while rows := account.sql("SELECT id FROM accountingperiod WHERE id > ? ORDER BY id FETCH FIRST 7 ROWS ONLY", last):
        seen += [row["id"] for row in rows]
        last = rows[-1]["id"]
    assert seen == [str(number) for number in range(1, 69)]
