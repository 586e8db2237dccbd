"""What NetSuite refuses, slows down or limits, from one end to the other."""

from typing import Any

import pytest

from o2c_orchestration.clients.netsuite import NetSuiteWriter
from o2c_orchestration.store import gaps, journal
from o2c_orchestration_tests.crash import audit
from o2c_orchestration_tests.crash.worker import Child, command_line
from o2c_orchestration_tests.crash.world import open_gaps
from o2c_orchestration_tests.e2e.conftest import Company

EURO, DOLLAR = 4, 1


@pytest.fixture
def outcast(fresh: Company) -> tuple[Company, dict[str, Any]]:
    """A company, and an open euro invoice of a customer whom NetSuite knows in dollars only."""
    invoices = fresh.books.of("invoice")
    invoice = next(each for each in invoices if (each["currency"], each["status"]) == ("eur", "open"))
    body = {"externalId": invoice["customer"], "companyName": "Dollars only", "subsidiary": {"id": "1"}}
    record = {"recordType": "customer", "body": body | {"currency": {"id": str(DOLLAR)}}}
    fresh.world.ask("POST", "load", {"netsuite": [record]})
    return fresh, invoice


def dead_letters(company: Company, *arguments: str) -> str:
    """What `o2c dead-letters` prints."""
    child = Child(command_line, company.world.environment(company.database_url), "dead-letters", *arguments)
    child.wait()
    return child.log.read_text()


def test_a_refusal_is_one_gap_and_stops_nobody_else(fresh: Company) -> None:
    """One sync_failed gap in NetSuite's words with the fix; neighbours are written; sent again only when told to."""
    company, invoice = fresh, next(each for each in fresh.books.of("invoice") if each["status"] == "open")
    head = {"externalId": invoice["customer"], "companyName": "Asleep", "subsidiary": {"id": "1"}}
    currency = {"currency": {"id": {"usd": "1", "eur": "4"}[invoice["currency"]]}}
    [customer] = company.world.ask(
        "POST", "load", {"netsuite": [{"recordType": "customer", "body": {"_key": "c", **head, **currency}}]}
    )["netsuite"].values()
    company.world.ask("POST", "netsuite/inactive", {"recordType": "customer", "id": customer, "inactive": True})
    refused = _invoices_of(company, invoice["customer"])
    company.run()
    assert open_gaps(company.product) == {("sync_failed", key) for key in refused}
    (gap,) = gaps.list_gaps(company.product.engine, key=invoice["id"])
    assert "for the following field: entity" in gap.reason
    expected, actual = audit.expected(company.books), audit.actual(company.world.state)
    assert expected.invoices.keys() - actual.invoices.keys() == {key.lower() for key in refused}

    company.run()
    assert company.world.writes() == []
    assert invoice["id"] in dead_letters(company, "list", "--json")

    assert "1 retried" in dead_letters(company, "retry", invoice["id"])
    company.run()
    assert [each["status"] for each in company.world.writes()] == [400]
    assert open_gaps(company.product) == {("sync_failed", key) for key in refused}

    company.world.ask("POST", "netsuite/inactive", {"recordType": "customer", "id": customer, "inactive": False})
    dead_letters(company, "retry", "--all")
    company.run()
    assert audit.actual(company.world.state) == expected
    assert open_gaps(company.product) == set()


def test_a_currency_that_a_customer_lacks_is_told_before_anything_is_sent(
    outcast: tuple[Company, dict[str, Any]],
) -> None:
    """No request is refused; the gap says what to do, and once it is done the documents follow by themselves."""
    company, invoice = outcast
    refused = _invoices_of(company, invoice["customer"])
    company.run()
    assert [each["status"] for each in company.world.writes() if each["status"] >= 400] == []
    assert open_gaps(company.product) == {("sync_failed", key) for key in refused}
    (gap,) = gaps.list_gaps(company.product.engine, key=invoice["id"])
    assert "takes no documents in EUR. To do: add the currency to the customer" in gap.reason
    company.run()
    assert company.world.writes() == []
    add_currency(company, invoice["customer"])
    company.run()
    assert audit.actual(company.world.state) == audit.expected(company.books)
    assert open_gaps(company.product) == set()


def _invoices_of(company: Company, customer: str) -> set[str]:
    billed = (each for each in company.books.of("invoice") if each["status"] in ("open", "paid"))
    return {each["id"] for each in billed if each["customer"] == customer}


def add_currency(company: Company, customer: str) -> None:
    """What an administrator does on the customer's Financial tab."""
    found = company.product.ledger.find_by_external_id("customer", customer)
    listed = {"currencyList": {"items": [{"currency": {"id": str(EURO)}}]}}
    NetSuiteWriter(company.product.netsuite).patch("customer", str(found), listed)


def test_too_many_requests_are_waited_out(fresh: Company) -> None:
    """A write that is told "too many requests" is sent again until it is taken, and never given up for that."""
    fresh.world.faults({"method": "POST", "kind": "rate_limit", "times": 12})
    fresh.run()
    assert fresh.world.stats()["count_429"] == 12
    assert audit.actual(fresh.world.state) == audit.expected(fresh.books)
    assert journal.counts(fresh.product.engine).keys() == {"done"}
    assert open_gaps(fresh.product) == set()


def test_the_concurrency_limit_is_filled_and_never_exceeded(fresh: Company) -> None:
    """With slow answers there are as many requests in flight as NetSuite allows, and not one more."""
    fresh.world.faults({"kind": "latency", "latency_ms": 50})
    fresh.run()
    stats = fresh.world.stats()
    assert stats["max_concurrent_netsuite"] == fresh.world.config.netsuite_concurrency
    assert stats["count_429"] == 0
    assert audit.actual(fresh.world.state) == audit.expected(fresh.books)


def test_lost_answers_are_looked_up(fresh: Company) -> None:
    """Where the answer to a write was lost, the document is found and adopted; nothing is sent a second time."""
    fresh.world.faults({"method": "POST", "kind": "drop_after", "times": 8})
    fresh.run()
    states = journal.entries(fresh.product.engine, ["done"])
    assert sum(1 for entry in states if entry.adopted) == 8
    assert len(fresh.world.writes()) == len(states)
    assert audit.actual(fresh.world.state) == audit.expected(fresh.books)
    assert open_gaps(fresh.product) == set()
