"""A long span of days is planned by parts, and comes out as if it had been planned at once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from o2c_orchestration.extract.stripe import PATHS
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.plan_spans import parts_of
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash.world import sandbox
from o2c_orchestration_tests.e2e.conftest import Company, demo_books, opened

AT_ONCE, BY_DAY = 10**9, 1


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory, keys: Path, new_database: NewDatabase) -> Iterator[Company]:
    """The demo company, read and never written, with charges that are older than the invoices that they pay."""
    books = demo_books(160, 30)
    with new_database() as url, sandbox(tmp_path_factory.mktemp("parts") / "state", keys) as world:
        world.load(books)
        with opened(world, books, url, mode="observe") as company:
            product = company.product
            product.extract(list(PATHS), *books.span)
            product.read_reference()
            for kind in PATHS:
                product.validate(kind)
            product.read_ledger(*books.span)
            product.complete(*books.span)
            yield company


@pytest.fixture
def company(read: Company) -> Company:
    """The same with no plan at all."""
    with raw_cursor(read.product.engine) as cursor:
        cursor.execute("DELETE FROM o2c.plan_entries")
    return read


def planned(company: Company, rows_max: int) -> Any:
    """What is told of the plan, and all that is kept of it."""
    company.product.plan_rows_max = rows_max
    totals = company.product.plan(*company.books.span)
    with raw_cursor(company.product.engine) as cursor:
        cursor.execute(
            """SELECT external_key, document, customer_id, currency, amount_minor, effective_date, partition_date,
                      outcome, digest, code, reason FROM o2c.plan_entries ORDER BY 1"""
        )
        return told(totals), cursor.fetchall()


def told(totals: Any) -> Any:
    ordered = sorted(totals.left_out, key=lambda item: (item.document, item.stripe_id))
    return replace(totals, inside={}, shared={}, left_out=tuple(ordered)), totals.documents, totals.invoiced


def test_by_parts_it_is_the_same_plan(company: Company) -> None:
    """Each day by itself: the same documents, refusals, money, and what is told of them."""
    at_once = planned(company, AT_ONCE)
    assert {row[1] for row in at_once[1]} >= {"invoice", "customerPayment", "creditMemo", "deposit", "customerRefund"}
    assert len(parts_of(company.product.engine, *company.books.span, BY_DAY)) > 20
    with raw_cursor(company.product.engine) as cursor:
        cursor.execute("DELETE FROM o2c.plan_entries")
    assert planned(company, BY_DAY) == at_once


def test_a_charge_that_is_older_than_its_invoice(company: Company) -> None:
    """It leans on a later part than its own, its payout on it; what was planned before, of any part, says nothing."""
    engine, later = company.product.engine, timedelta(days=9)
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT id, created_at FROM o2c.invoices WHERE status = 'paid' ORDER BY id LIMIT 12")
        before = cursor.fetchall()
        move(cursor, [(key, at + later) for key, at in before])
    try:
        at_once = planned(company, AT_ONCE)
        with raw_cursor(engine) as cursor:
            cursor.execute("UPDATE o2c.plan_entries SET outcome = 'refused', code = 'OLD', digest = NULL")
        assert planned(company, BY_DAY) == at_once
    finally:
        with raw_cursor(engine) as cursor:
            move(cursor, before)


def test_payouts_that_do_not_say_what_they_hold_are_planned_at_once(company: Company) -> None:
    """Or two of them, in two parts, would take the same payments."""
    span = company.books.span
    with raw_cursor(company.product.engine) as cursor:
        cursor.execute("UPDATE o2c.payouts SET automatic = false WHERE id = (SELECT min(id) FROM o2c.payouts)")
    try:
        assert parts_of(company.product.engine, *span, BY_DAY) == [span]
    finally:
        with raw_cursor(company.product.engine) as cursor:
            cursor.execute("UPDATE o2c.payouts SET automatic = true WHERE NOT automatic")


def move(cursor: Any, moments: list[Any]) -> None:
    for key, at in moments:
        cursor.execute("UPDATE o2c.invoices SET created_at = %s WHERE id = %s", (at, key))
        cursor.execute("UPDATE o2c.stripe_objects SET created_at = %s WHERE id = %s", (at, key))
