"""A NetSuite customer who lacks the currency of his documents: from Stripe's API to the record read back."""

from typing import Any

import pytest

from o2c_orchestration.store import gaps, journal, letters, planning
from o2c_orchestration.store.invariants import journal_has_no_orphans, settled_is_not_planned
from o2c_orchestration_tests.crash import audit
from o2c_orchestration_tests.crash.world import Policy, open_gaps
from o2c_orchestration_tests.e2e.conftest import Company, opened
from o2c_orchestration_tests.e2e.test_drift import Clerk, Wire
from o2c_orchestration_tests.e2e.test_faults import EURO, outcast

__all__ = ["outcast"]

ADD: Policy = {"customers": {"currencies": "add"}}
Outcast = tuple[Company, Wire]


def adding(company: Company, mode: str = "sync") -> Any:
    return opened(company.world, company.books, company.database_url, mode, ADD)


def patches(company: Company) -> list[dict[str, Any]]:
    return [each for each in company.world.writes() if each["method"] == "PATCH"]


def customer_of(company: Company, invoice: Wire) -> dict[str, Any]:
    clerk = Clerk(company)
    found = clerk.find("customer", invoice["customer"])
    return company.product.ledger.record("customer", found["id"], sublists=True)[0]


def test_the_currency_is_added_once_and_the_documents_are_booked(outcast: Outcast) -> None:
    """One request that changes nothing else of the customer; the next run writes nothing."""
    company, invoice = outcast
    before = customer_of(company, invoice)
    with adding(company) as made:
        made.run()
        assert open_gaps(made.product) == set()
        assert audit.actual(made.world.state) == audit.expected(made.books)
        assert [each["status"] for each in patches(made)] == [204]
        after = customer_of(made, invoice)
        changed = {name for name in before if before[name] != after.get(name)}
        assert changed <= {"currencyList", "lastModifiedDate", "balance"}
        assert EURO in {int(line["currency"]["id"]) for line in after["currencyList"]["items"]}
        [entry] = [
            each for each in journal.entries(made.product.engine, ["done"]) if each.external_id.startswith("cc-")
        ]
        assert (entry.document, entry.adopted, str(entry.netsuite_id)) == ("customerCurrency", False, after["id"])
        assert journal_has_no_orphans(made.product.engine) == settled_is_not_planned(made.product.engine) == []
        made.run()
        assert made.world.writes() == []


def test_observe_shows_it_and_changes_nothing(outcast: Outcast) -> None:
    """It is in the plan, before the invoices that wait for it."""
    company, invoice = outcast
    with adding(company, "observe") as made:
        made.run()
        assert made.world.writes() == []
        plan = planning.read_plan(made.product.engine)
        [added] = [each for each in plan.commands if each.document == "customerCurrency"]
        waiting = next(each for each in plan.commands if each.external_id == invoice["id"])
        assert added.external_id in waiting.depends_on


@pytest.mark.parametrize(("kind", "adopted"), [("drop_after", True), ("drop_before", False)])
def test_a_lost_answer_is_looked_up_on_the_customer(outcast: Outcast, kind: str, adopted: bool) -> None:
    """It has no external id: whether it was written is read off the customer, and only then is it sent again."""
    company, _ = outcast
    with adding(company) as made:
        made.world.faults({"method": "PATCH", "kind": kind, "times": 1})
        made.run()
        [entry] = [
            each for each in journal.entries(made.product.engine, ["done"]) if each.external_id.startswith("cc-")
        ]
        assert (entry.adopted, len(patches(made))) == (adopted, 1 if adopted else 2)
        assert open_gaps(made.product) == set()


def test_what_a_person_added_meanwhile_is_not_added_again(outcast: Outcast) -> None:
    """The customer is asked before each plan that would add something."""
    company, invoice = outcast
    with adding(company, "observe") as made:
        made.run()
    customer = customer_of(company, invoice)["id"]
    Clerk(company).change("customer", customer, {"currencyList": {"items": [{"currency": {"id": str(EURO)}}]}})
    with adding(company) as made:
        made.run()
        assert [entry.document for entry in journal.entries(made.product.engine, ["done"])].count(
            "customerCurrency"
        ) == 0
        assert patches(made) == []
        assert open_gaps(made.product) == set()


def test_an_addition_that_fails_is_told_and_its_documents_wait(outcast: Outcast) -> None:
    """No invoice is sent that would be refused; the gap is the customer's, and is gone once it was retried."""
    company, invoice = outcast
    with adding(company) as made:
        made.world.faults({"method": "PATCH", "kind": "server_error"})
        made.run()
        key = f"cc-{customer_of(made, invoice)['id']}-eur"
        assert [each.external_id for each in letters.listed(made.product.engine)] == [key]
        [gap] = gaps.list_gaps(made.product.engine, key=invoice["customer"])
        assert (gap.kind, f"o2c dead-letters retry {key}" in gap.reason) == ("sync_failed", True)
        assert [each for each in made.world.writes() if each["status"] == 400] == []
        made.world.faults()
        letters.reopen(made.product.engine, [key], "tester")
        made.run()
        assert open_gaps(made.product) == set()


def test_what_a_person_adds_frees_the_documents_of_an_addition_that_failed(outcast: Outcast) -> None:
    """They are planned without it and go; the dead letter stays until somebody retries it, which finds it there."""
    company, invoice = outcast
    with adding(company) as made:
        made.world.faults({"method": "PATCH", "kind": "server_error"})
        made.run()
        made.world.faults()
        customer = customer_of(made, invoice)["id"]
        Clerk(made).change("customer", customer, {"currencyList": {"items": [{"currency": {"id": str(EURO)}}]}})
        made.run()
        assert audit.actual(made.world.state) == audit.expected(made.books)
        assert open_gaps(made.product) == {("sync_failed", invoice["customer"])}
        letters.reopen(made.product.engine, [], "tester")
        made.run()
        assert open_gaps(made.product) == set()


def test_documents_refused_before_are_taken_once_policy_adds(outcast: Outcast) -> None:
    """By default NetSuite refuses them, and the gap names the policy; then the currency, then a retry."""
    company, invoice = outcast
    company.run()
    [gap] = gaps.list_gaps(company.product.engine, key=invoice["id"])
    assert "or set customers.currencies: add in o2c.yaml" in gap.reason
    assert patches(company) == []
    with adding(company) as made:
        made.run()
        assert len(patches(made)) == 1
        letters.reopen(made.product.engine, [], "tester")
        made.run()
        assert open_gaps(made.product) == set()
