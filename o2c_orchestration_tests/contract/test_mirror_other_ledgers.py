"""The mirror against ledgers that answer as NetSuite may, and as the sandbox does not."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from o2c_orchestration.domain.errors import PermissionDenied
from o2c_orchestration.domain.policy import Books, Policy
from o2c_orchestration.mirror.read import LedgerReader, read_reference
from o2c_orchestration.store import ledger
from o2c_orchestration_tests.contract.test_client_netsuite_read import failure, reader, rows
from o2c_orchestration_tests.wire_fake import Reply, Seen, WireFake

OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
CURRENCIES = [{"id": "1", "name": "USD"}, {"id": "4", "name": "EUR"}]
ITEMS = [{"id": "20", "name": "Stripe Item"}, {"id": "22", "name": "Stripe Tax"}]


def invoice(identifier: int, **more: Any) -> dict[str, Any]:
    row = {"id": str(identifier), "type": "CustInvc", "externalid": f"in_Other{identifier:06d}", "entity": "7"}
    row |= {"currency": "1", "foreigntotal": "12.5", "status": "A", "voided": "F", "unpaid": "12.5"}
    return {**row, "trandate": "2026-10-05", "modified": "2026-10-05 10:00:00", **more}


class Ledger:
    """Answers queries by the table that they read, pages of at most `page` rows along the id."""

    def __init__(self, tables: Mapping[str, Sequence[dict[str, Any]] | Reply], page: int = 1000) -> None:
        self._tables, self._page = tables, page
        self.asked: list[str] = []

    def __call__(self, seen: Seen) -> Reply:
        query = seen.json()["q"]
        self.asked.append(query)
        table = re.search(r"FROM (\w+)", query)
        found = self._tables.get(table[1] if table else "", [])
        if isinstance(found, Reply):
            return found
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
