"""`o2c close --lock`: a month that takes nothing more, from the command line to the documents in NetSuite."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from o2c_orchestration.apply import execute
from o2c_orchestration.assembly import Assembly
from o2c_orchestration.clients.netsuite import NetSuiteWriter
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.months import Month
from o2c_orchestration.orchestration.assets.equations import _close_metadata
from o2c_orchestration.orchestration.follow import Follower
from o2c_orchestration.reconcile.close import close_month
from o2c_orchestration.store import audit, gaps, journal, planning
from o2c_orchestration.store.agreement import agreement
from o2c_orchestration.store.month_locks import lock_month, locks_of, unlock_month
from o2c_orchestration.store.periods import late_items
from o2c_orchestration_tests.crash.world import Policy, open_gaps, read_everything
from o2c_orchestration_tests.e2e.cli_fixtures import CommandLine, Told
from o2c_orchestration_tests.e2e.conftest import Company, opened, run_everything
from o2c_orchestration_tests.e2e.test_drift import Clerk, plain
from o2c_orchestration_tests.e2e.test_periods import MOVE

ANYWAY = ("--lock", "--by", "Ann", "--anyway", "--reason", "the auditors have it")


@pytest.fixture(scope="module")
def o2c(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return CommandLine(tmp_path_factory.mktemp("o2c"))


def month_of(company: Company) -> Month:
    """The month in which the company's documents lie, which is not over."""
    return Month.of(company.books.span[1])


def close(o2c: CommandLine, company: Company, *arguments: str) -> Told:
    variables = company.world.environment(company.database_url)
    return o2c("close", "--month", str(month_of(company)), *arguments, **variables)


def lock(company: Company, *months: Month) -> None:
    for month in months:
        lock_month(company.product.engine, month, "Ann", None, "{}", ready=True)


def test_a_month_that_is_not_ready_is_not_locked(synced: Company, o2c: CommandLine) -> None:
    """Exit 1 and nothing kept, unless somebody gives a reason; then who and why are in the audit trail."""
    told = close(o2c, synced, "--lock", "--by", "Ann", "--json")
    assert (told.code, json.loads(told.out)["lock"]) == (1, None)
    told = close(o2c, synced, *ANYWAY, "--json")
    assert told.code == 0, told.err
    found = json.loads(told.out)
    kept = found["lock"]
    assert (found["ready"], kept["ready"], kept["locked_by"]) == (False, False, "Ann")
    assert kept["reason"] == "the auditors have it"
    assert found["since_lock"] == []
    [entry] = audit.entries(synced.product.engine, f"month {month_of(synced)}")
    assert (entry.action, entry.actor, entry.why) == ("month_locked", "user:Ann", "the auditors have it")
    assert json.loads(entry.after or "")["sha256"] == kept["sha256"]
    again = close(o2c, synced, *ANYWAY)
    assert (again.code, "is locked already" in again.line) == (1, True)
    half = close(o2c, synced, "--lock")
    assert (half.code, "--by NAME" in half.line) == (2, True)


def test_a_month_that_can_be_closed_is_locked_and_unlocked(synced: Company, o2c: CommandLine) -> None:
    """A month before the books began, whose days were all read: no reason needed; unlocking needs one."""
    from o2c_orchestration.extract.stripe import PATHS

    month, product = Month(2026, 7), synced.product
    product.extract(list(PATHS), month.first, month.after.first)
    product.read_ledger(month.first, month.after.first)
    variables = synced.world.environment(synced.database_url, policy={"books": {"start": month.first}})
    locked = o2c("close", "--month", str(month), "--lock", "--by", "Ann", **variables)
    assert locked.code == 0, locked.err
    assert "2026-07 is locked: documents dated in it are refused, or booked later" in locked.out
    assert "Nothing of the month has changed since it was locked." in locked.out
    unlocked = ("close", "--month", str(month), "--unlock", "--by", "Bob")
    assert o2c(*unlocked, **variables).code == 2
    told = o2c(*unlocked, "--reason", "a credit note came", "--json", **variables)
    found = json.loads(told.out)
    assert (told.code, found["lock"]) == (0, None)
    [before] = found["earlier_locks"]
    assert (before["locked_by"], before["unlocked_by"], before["unlock_reason"]) == ("Ann", "Bob", "a credit note came")


def test_what_comes_after_the_lock_goes_into_the_next_month(fresh: Company) -> None:
    """By policy first_open, dated on its first day with the date it ought to have in the memo; nothing is a gap."""
    month = month_of(fresh)
    months = {Month.of(day) for day in fresh.books.span} | {month}
    lock(fresh, *months)
    with opened(fresh.world, fresh.books, fresh.database_url, policy=MOVE) as company:
        run_everything(company)
        assert open_gaps(company.product) == set()
        items = late_items(company.product.engine, month.after)
        assert {item.document for item in items} >= {"invoice", "customerPayment", "deposit"}
        assert {item.booked_date for item in items} == {month.after.first}
        assert all(agreement(company.product.engine, each) == [] for each in months)
        before = len(company.world.writes())
        for each in months:
            unlock_month(company.product.engine, each, "Bob", "late")
        run_everything(company)
        assert len(company.world.writes()) == before
        assert open_gaps(company.product) == set()


@pytest.mark.parametrize("policy", [MOVE, None], ids=["first_open", "refuse"])
def test_a_lock_that_comes_while_documents_are_being_sent_stops_the_next_one(
    fresh: Company, policy: Policy | None
) -> None:
    """Of a batch that was found ready before the lock, none is sent after it; whoever follows changes plans them again,
    with no event in between: for the next month, or they are refused."""
    months = {Month.of(day) for day in fresh.books.span} | {month_of(fresh)}
    with opened(fresh.world, fresh.books, fresh.database_url, policy=policy) as company:
        read_everything(company.product, company.books.span)
        company.product.plan(*company.books.span)
        product = company.product

        def edge(name: str) -> None:
            sent = [each for each in journal.entries(product.engine, ["done"]) if each.document == "invoice"]
            if name == "before_claim" and sent and not locks_of(product.engine, month_of(company)):
                lock(company, *months)

        apply_by_hand(product, edge)
        posted = [each["path"].rpartition("/")[2] for each in company.world.writes()]
        assert [each for each in posted if each not in ("customer", "customerSubsidiaryRelationship")] == ["invoice"]
        Follower(product).once()
        Follower(product).reconcile()
        assert journal.counts(product.engine).keys() == {"done"} if policy else {"done", "intent"}
        dates = {each.booked_date for each in late_items(product.engine, month_of(company).after)}
        assert dates == ({month_of(company).after.first} if policy else set())
        named = [gap for gap in gaps.list_gaps(product.engine) if "which was locked by o2c close" in gap.reason]
        assert bool(named) is (policy is None)


def apply_by_hand(product: Assembly, edge: Callable[[str], None]) -> None:
    """One apply with a single worker, which calls `edge` at each edge."""
    alone = 1 - execute.AHEAD
    writer, rules = NetSuiteWriter(product.netsuite), product.policy
    made = execute.Executor(
        product.engine, writer, product.ledger, rules.apply, rules.documents, concurrency=alone, edge=edge
    )
    made.run(planning.read_plan(product.engine).commands)


def test_by_default_it_is_refused_with_the_lock(fresh: Company) -> None:
    """No request is made; each document is a gap that names the lock, and is written once the month is unlocked."""
    month = month_of(fresh)
    lock(fresh, month)
    run_everything(fresh)
    written = [each for each in fresh.world.writes() if "/customer" not in each["path"]]
    assert [each for each in written if each["status"] == 400] == []
    found = [gap for gap in gaps.list_gaps(fresh.product.engine) if "which was locked by o2c close" in gap.reason]
    assert found
    assert f"o2c close --month {month} --unlock" in found[0].reason.replace("To do: O2c", "To do: o2c")
    unlock_month(fresh.product.engine, month, "Bob", "late")
    run_everything(fresh)
    assert open_gaps(fresh.product) == set()


def test_what_has_changed_since_is_told_with_both_figures(synced: Company, o2c: CommandLine) -> None:
    """Somebody edits an invoice of a locked month in NetSuite: the sum then, the sum now, by whom it was locked."""
    assert close(o2c, synced, *ANYWAY).code == 0
    invoice = next(
        each for each in synced.books.of("invoice") if each["status"] == "open" and each["currency"] == "usd"
    )
    clerk = Clerk(synced)
    clerk.change("invoice", clerk.find("invoice", invoice["id"])["id"], plain(7), "item")
    synced.run()
    product, now = synced.product, datetime.now(UTC)
    found = close_month(product.engine, product.policy, month_of(synced), now)
    told: dict[str, Any] = _close_metadata(found)
    assert told["locked"].endswith(f"by Ann, figures {found.locks[0].sha256}")
    [edited] = [line for line in str(told["changed since the lock"].value).splitlines() if "NetSuite: invoice" in line]
    data = json.loads(close(o2c, synced, "--json").out)
    [change] = [each for each in data["since_lock"] if each["what"] == "NetSuite: invoice"]
    assert change["now_minor"] - change["then_minor"] == 700 - invoice["total"]
    assert all(format_money(change[name], "usd") in edited for name in ("then_minor", "now_minor"))
    assert "Changed since the lock" in close(o2c, synced).out


def test_a_month_without_a_lock_says_nothing_of_one(synced: Company) -> None:
    """As it was before there were locks."""
    product = synced.product
    found = close_month(product.engine, product.policy, month_of(synced), datetime.now(UTC))
    assert set(_close_metadata(found)) == {"readiness", "evidence"}
