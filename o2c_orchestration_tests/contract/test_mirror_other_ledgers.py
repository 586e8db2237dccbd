"""The mirror against ledgers that answer as NetSuite may, and as the sandbox does not."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from o2c_orchestration.domain.errors import PermissionDenied, ProtocolError
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.policy_books import Books
from o2c_orchestration.domain.policy_unusual import Periods
from o2c_orchestration.mirror.clock import on_their_clock
from o2c_orchestration.mirror.read import LedgerReader
from o2c_orchestration.mirror.reference import read_reference
from o2c_orchestration.store import inbox, ledger
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.periods import read_periods
from o2c_orchestration_tests.contract.test_client_netsuite_read import failure, reader, rows
from o2c_orchestration_tests.wire_fake import Reply, Seen, WireFake

OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
CURRENCIES = [{"id": "1", "name": "USD"}, {"id": "4", "name": "EUR"}]
ITEMS = [{"id": "20", "name": "Stripe Item"}, {"id": "22", "name": "Stripe Tax"}]


def invoice(identifier: int, **more: Any) -> dict[str, Any]:
    row = {"id": str(identifier), "type": "CustInvc", "externalid": f"in_Other{identifier:06d}", "entity": "7"}
    row |= {"currency": "1", "foreigntotal": "12.5", "status": "A", "voided": "F", "unpaid": "12.5"}
    return {**row, "trandate": "2026-10-05", "modified": "2026-10-05 10:00:00", **more}


Table = Sequence[dict[str, Any]] | Reply | Callable[[str], Reply]


class Ledger:
    """Answers queries by the table that they read, pages of at most `page` rows along the id."""

    def __init__(self, tables: Mapping[str, Table], page: int = 1000, clock: Reply | None = None) -> None:
        self._tables, self._page, self._clock = tables, page, clock or rows()
        self.asked: list[str] = []

    def __call__(self, seen: Seen) -> Reply:
        query = seen.json()["q"]
        self.asked.append(query)
        if "SYS_EXTRACT_UTC" in query:
            return self._clock
        table = re.search(r"FROM (\w+)", query)
        if "AS tax FROM" in query:
            return rows()
        found = self._tables.get(table[1] if table else "", [])
        if isinstance(found, Reply):
            return found
        if callable(found):
            return found(query)
        after = re.search(r"\bid > (\d+)", query)
        if after is None:
            return rows(*found)
        left = [row for row in found if int(row["id"]) > int(after[1])]
        return rows(*left[: self._page], more=len(left) > self._page)


def mirror(engine: Engine, tables: Mapping[str, Any], policy: Policy | None = None, page: int = 1000) -> Ledger:
    """Read reference data and the ledger of October from such a ledger."""
    policy, answering = policy or Policy(), Ledger({"currency": CURRENCIES, "item": ITEMS, **tables}, page)
    with WireFake(answering) as fake:
        client = reader(fake.base_url)
        read_reference(engine, client, policy)
        LedgerReader(engine, client, policy).read(*OCTOBER)
    return answering


def test_pages_shorter_than_asked_for_lose_no_document(engine: Engine) -> None:
    """NetSuite says whether there is more; a document on a page that was not read would count as deleted."""
    tables = {"transaction": [invoice(number) for number in range(1, 8)], "customer": [{"id": "7"}, {"id": "8"}]}
    mirror(engine, tables, page=1)
    mirror(engine, tables, page=3)
    assert ledger.mirrored_ids(engine, *OCTOBER) == set(range(1, 8))


def test_lines_of_several_accounting_books_are_those_of_the_primary_one(engine: Engine) -> None:
    """With Multi-Book Accounting each line is there once for each book, perhaps on another account."""
    deposit = invoice(5, type="Deposit", externalid="po_Other000005")
    lines = [
        {"deposit": "5", "line": line, "account": account, "amount": "-3", "book": book, "memo": "x"}
        for line, book, account in (("1", "1", "12"), ("1", "2", "99"), ("2", "1", "13"), ("2", "2", "99"))
    ]
    mirror(engine, {"transaction": [deposit], "transactionline": lines})
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT line, account_id, amount_minor FROM o2c.netsuite_deposit_lines ORDER BY line")
        assert cursor.fetchall() == [(1, 12, 300), (2, 13, 300)]


def test_lines_are_read_where_books_cannot_be_seen(engine: Engine) -> None:
    """Without them each line is there once."""
    refused = failure(400, "INVALID_PARAMETER", "Search error occurred: Unknown identifier 'accountingbook'.")
    line = {"deposit": "5", "line": "1", "account": "12", "amount": "-3", "memo": "x"}

    def lines(query: str) -> Reply:
        return refused if "accountingbook" in query else rows(line)

    deposit = invoice(5, type="Deposit", externalid="po_Other000005")
    mirror(engine, {"transaction": [deposit], "transactionline": lines})
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT line, account_id, amount_minor FROM o2c.netsuite_deposit_lines ORDER BY line")
        assert cursor.fetchall() == [(1, 12, 300)]


def missing(record: str) -> Reply:
    said = (
        f"Invalid search query. Detailed unprocessed description follows. Search error occurred: Record '{record}' was"
    )
    return failure(400, "INVALID_PARAMETER", f"{said} not found.")


def test_an_account_without_multiple_currencies(engine: Engine) -> None:
    """It has no currency records and no such column: books.currency names what it keeps, and neither is asked for."""
    row = invoice(1, foreigntotal="12", unpaid="12")
    del row["currency"]
    policy = Policy(books=Books(currency="jpy", subsidiary=None))
    asked = mirror(engine, {"transaction": [row], "currency": missing("currency")}, policy).asked
    assert ledger.totals(engine, "invoice", *OCTOBER) == [("jpy", 1, 12)]
    assert not [query for query in asked if "FROM currency" in query or "t.currency" in query]


def test_without_that_setting_it_is_named(engine: Engine) -> None:
    """Nothing is guessed about the currency of somebody's books."""
    with pytest.raises(PermissionDenied, match="Record 'currency' was not found") as caught:
        mirror(engine, {"currency": missing("currency")})
    assert "books.currency" in caught.value.what_to_do


def test_a_role_that_sees_no_subsidiaries_still_sees_the_ledger(engine: Engine) -> None:
    """Only what is to be written needs the subsidiary, and is refused by name without it."""
    mirror(engine, {"transaction": [invoice(1)], "subsidiary": missing("subsidiary")})
    assert ledger.mirrored_ids(engine, *OCTOBER) == {1}
    assert ("subsidiary", "1") not in ledger.reference(engine)


READ_AT = datetime(2026, 10, 31, 12, 0, tzinfo=UTC)


def changed_since(queries: Sequence[str]) -> datetime:
    """The moment from which on the last of the queries asked for documents."""
    query = next(each for each in reversed(queries) if "t.foreigntotal" in each)
    found = re.search(r"t.lastmodifieddate >= TO_DATE\('([^']+)'", query)
    assert found is not None
    return datetime.fromisoformat(found[1])


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles"])
def test_what_changed_is_asked_for_whatever_clock_netsuite_is_on(engine: Engine, zone: str) -> None:
    """SuiteQL compares on the clock of the login's user, which need not be that of the books. What a person entered
    since the last read and we do not see would be written a second time."""
    inbox.write_cursor(engine, ledger.LEDGER_CURSOR, READ_AT.isoformat())
    policy = Policy(books=Books(time_zone=zone))
    asked = mirror(engine, {"transaction": [invoice(1)]}, policy).asked
    westernmost = READ_AT.replace(tzinfo=None) - timedelta(hours=12)
    assert changed_since(asked) == westernmost - timedelta(minutes=policy.netsuite.overlap_minutes)


def told(here: str, utc: str) -> Reply:
    return rows({"here": f"2026-10-05 {here}", "utc": f"2026-10-05 {utc}"})


REFUSED = failure(400, "INVALID_PARAMETER", "Invalid search query. Search error occurred: Unknown function.")


@pytest.mark.parametrize(
    ("clock", "hours"),
    [
        (told("03:00:00", "10:00:00"), -7),
        (told("15:45:00", "10:15:00"), 5.5),
        (told("10:00:00", "10:00:00"), 0),
        (told("10:00:00", "10:07:00"), None),  # no time zone's
        (rows(), None),
        (REFUSED, None),
    ],
)
def test_recent_changes_are_asked_for_on_netsuites_clock(engine: Engine, clock: Reply, hours: float | None) -> None:
    """An hour before, for summer time; while NetSuite does not tell its clock, from the westernmost one."""
    with WireFake(Ledger({"currency": CURRENCIES, "item": ITEMS, "transaction": [invoice(1)]}, clock=clock)) as fake:
        client = reader(fake.base_url)
        read_reference(engine, client, Policy())
        LedgerReader(engine, client, Policy()).read(*OCTOBER)
    expected = timedelta(hours=-12) if hours is None else timedelta(hours=hours - 1)
    assert on_their_clock(engine, READ_AT) == READ_AT.replace(tzinfo=None) + expected


REGIONS = [{"id": "1", "name": "EMEA"}, {"id": "2", "name": "AMER"}]


NO_COLUMN = failure(
    400, "INVALID_PARAMETER", "Invalid search query. Search error occurred: Unknown identifier 'isinactive'."
)


@pytest.mark.parametrize("refused", [None, REFUSED, NO_COLUMN])
def test_values_of_a_list_of_the_accounts_own(engine: Engine, refused: Reply | None) -> None:
    """The active ones where NetSuite shows which are, else all; kept while the policy names the list, and no longer."""

    def answer(seen: Seen) -> Reply:
        query = seen.json()["q"]
        if "customlist_region" not in query:
            return rows(*(CURRENCIES if "currency" in query else ITEMS))
        return refused if "isinactive" in query and refused is not None else rows(*REGIONS)

    rule = {"constant": "emea", "reference": "customlist_region"}
    policy = Policy.model_validate({"mapping": {"invoice": {"header": {"custbody_region": rule}}}})
    with WireFake(answer) as fake:
        client = reader(fake.base_url)
        assert read_reference(engine, client, policy)["customlist_region"] == 2
        assert ledger.reference(engine)["customlist_region", "emea"] == "1"
        asked = [query for seen in fake.seen if "customlist_region" in (query := seen.json()["q"])]
        assert ["isinactive" in query for query in asked] == ([True] if refused is None else [True, False])
        read_reference(engine, client, Policy())
    assert not [kind for kind, _ in ledger.reference(engine) if kind.startswith("custom")]


@pytest.mark.parametrize("refused", [None, REFUSED, NO_COLUMN])
def test_accounts_are_known_also_where_they_have_no_currency_of_their_own(
    engine: Engine, refused: Reply | None
) -> None:
    """Where there is one currency only, NetSuite has no such column: then nothing is known of it, and all else is."""

    def answer(seen: Seen) -> Reply:
        query = seen.json()["q"]
        if " account " not in query:
            return rows(*(CURRENCIES if "from currency" in query.lower() else ITEMS))
        if "currency" in query:
            return refused or rows({"id": "7", "currency": "2"})
        return rows() if "isinactive" in query else rows({"id": "7", "name": "Checking"})

    with WireFake(answer) as fake:
        assert read_reference(engine, reader(fake.base_url), Policy())["account"] == 1
    assert ledger.reference(engine)["account", "checking"] == "7"
    assert ledger.kept_in(engine) == ({} if refused else {"7": "2"})


def test_a_list_that_may_not_be_seen_holds_up_nothing_else(engine: Engine) -> None:
    """What names a value of it is refused by name; all else goes on."""

    def answer(seen: Seen) -> Reply:
        query = seen.json()["q"]
        return REFUSED if "custom" in query else rows(*(CURRENCIES if "currency" in query else ITEMS))

    rule = {"constant": "emea", "reference": "customrecord_region"}
    policy = Policy.model_validate({"mapping": {"invoice": {"header": {"custbody_region": rule}}}})
    with WireFake(answer) as fake:
        assert "customrecord_region" not in read_reference(engine, reader(fake.base_url), policy)


def test_a_clock_that_is_not_told_any_more_is_forgotten(engine: Engine) -> None:
    """Another user may have another one."""
    tables = {"currency": CURRENCIES, "item": ITEMS, "transaction": [invoice(1)]}
    for clock in (told("03:00:00", "10:00:00"), REFUSED):
        with WireFake(Ledger(tables, clock=clock)) as fake:
            client = reader(fake.base_url)
            read_reference(engine, client, Policy())
            LedgerReader(engine, client, Policy()).read(*OCTOBER)
            LedgerReader(engine, client, Policy()).read_recent()
    assert on_their_clock(engine, READ_AT) == READ_AT.replace(tzinfo=None) - timedelta(hours=12)


@pytest.mark.parametrize(
    "odd", [{"trandate": "5/10/2026"}, {"foreigntotal": "12,5"}, {"modified": "yesterday"}, {"entity": "x"}]
)
def test_a_row_that_makes_no_sense_stops_the_read_by_name(engine: Engine, odd: dict[str, str]):
    """Left out, its document would be taken for missing and written a second time."""
    with pytest.raises(ProtocolError, match="NetSuite transaction 2 cannot be read"):
        mirror(engine, {"transaction": [invoice(1), invoice(2, **odd)]})


def _tax_periods(flag: str) -> Callable[[str], Reply]:
    """February is closed; SuiteQL knows the flag by one name only."""
    row = {"id": "2", "periodname": "Feb 2026", "opens": "2026-02-01", "ends": "2026-02-28", "closed": "T"}
    unknown = failure(400, "INVALID_PARAMETER", "Search error occurred: Field was not found.")
    return lambda query: rows(row) if f"p.{flag} AS closed" in query else unknown


@pytest.mark.parametrize(("flag", "found"), [("allclosed", ["Feb 2026"]), ("closed", ["Feb 2026"]), ("shut", [])])
def test_tax_periods_are_read_by_whichever_name_their_flag_has(engine: Engine, flag: str, found: list[str]) -> None:
    """Which of two it is in SuiteQL is not documented; an account that has neither is read all the same."""
    policy = Policy(periods=Periods(tax="lock"))
    mirror(engine, {"transaction": [invoice(1)], "taxperiod": _tax_periods(flag)}, policy)
    with raw_cursor(engine) as cursor:
        assert [row.name for row in read_periods(cursor) if row.tax and row.receivables_locked] == found
    assert ledger.mirrored_ids(engine, *OCTOBER) == {1}


def test_tax_periods_that_are_not_heeded_are_not_asked_for(engine: Engine) -> None:
    """Most accounts have none, and NetSuite would say so on each read."""
    assert not any("taxperiod" in query for query in mirror(engine, {}).asked)
