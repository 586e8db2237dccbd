"""What is asked once for each document finds its rows by an index: the cost does not grow with what was written."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, text

from o2c_orchestration.domain.policy import Customers
from o2c_orchestration.store import gone, journal, planning, rows, unsettled, written
from o2c_orchestration.store.plan_rows import plan_input
from o2c_orchestration_tests.integration_store.builders import DAY, accept, as_owner, command, journal_id
from o2c_orchestration_tests.integration_store.test_planning import LINES

ROWS, INTENTS = 4000, 200
_FILL = f"""
INSERT INTO o2c.journal (external_key, document, external_id, stripe_id, currency, amount_minor, effective_date,
                         partition_date, state, command, digest, depends_on, netsuite_id)
SELECT 'in_' || n, 'invoice', 'in_' || n, 'in_' || n, 'usd', 1, '{DAY}', '{DAY}', 'done', '{{}}', '', '{{}}', n
FROM generate_series(1, {ROWS}) n"""
_PLANNED = f"""
INSERT INTO o2c.plan_entries (external_key, document, external_id, stripe_id, currency, amount_minor, effective_date,
                              partition_date, outcome, code, reason, fix)
SELECT 'in_' || n, 'invoice', 'in_' || n, 'in_' || n, 'usd', 1, day, day, 'refused', 'TEST', 'no', 'think'
FROM generate_series(1, {ROWS}) n CROSS JOIN LATERAL (SELECT date '2020-01-01' + n AS day)"""
_CUSTOMERS = f"""
INSERT INTO o2c.netsuite_customers (id, external_id, name, inactive, read_at)
SELECT 100 + n, 'cus_' || n, 'Customer', false, now() FROM generate_series(1, {ROWS}) n"""
_PAYMENTS = f"""
INSERT INTO o2c.payments (id, customer_id, payment_intent, currency, status, amount_minor, refunded_minor,
                          payment_date, created_at)
SELECT 'ch_' || n, 'cus_' || n, 'pi_' || n, 'usd', 'succeeded', 1, 0, day, day
FROM generate_series(1, {ROWS}) n CROSS JOIN LATERAL (SELECT date '2010-01-01' + n % 1000 AS day)"""
_INVOICES = f"""
INSERT INTO o2c.invoices (id, customer_id, number, currency, status, total_minor, tax_minor, amount_paid_minor,
                          amount_remaining_minor, shipping_minor, issue_date, created_at, zero_lines)
SELECT 'in_' || n, 'cus_' || n, 'N-' || n, 'usd', 'open', 1, 0, 0, 1, 0, day, day, false
FROM generate_series(1, {ROWS}) n CROSS JOIN LATERAL (SELECT date '2010-01-01' + n % 1000 AS day)"""
_VOIDED = f"""
INSERT INTO o2c.stripe_events (id, type, object, object_id, created_at, source)
SELECT 'evt_' || n, 'invoice.voided', 'invoice', 'in_' || n, now(), 'webhook' FROM generate_series(1, {ROWS}) n"""
_READ_OBJECTS = f"""
INSERT INTO o2c.stripe_objects (id, object, created_at, read_at, payload_hash, payload)
SELECT 'ch_' || n, 'charge', timestamptz '2026-01-01' + n % 100 * interval '1 day', now(), '\\x00', '{{}}'
FROM generate_series(1, {ROWS}) n"""
_DONE = "UPDATE o2c.stripe_objects SET validated_hash = payload_hash WHERE id = ANY(:ids)"
_NEWS = f"""
INSERT INTO o2c.inbox (object_id, object, hint, version)
SELECT 'ch_' || n, 'charge', 'evt_' || n, 1 FROM generate_series(1, {ROWS}) n"""
_READ = """
SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables WHERE schemaname = 'o2c'"""


def read_so_far(engine: Engine) -> int:
    """Rows that PostgreSQL looked at until now. A server process tells what it did at the end of a transaction."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_stat_force_next_flush()"))
    with engine.begin() as connection:
        return int(str(connection.scalar(text(_READ))))


@pytest.mark.parametrize(
    "ask",
    [
        lambda engine: journal.netsuite_ids(engine, ["in_7", "cus_7"]),
        lambda engine: written.written_ids(engine, ["in_7"]),
        lambda engine: written.server_errors(engine, "in_7"),
        lambda engine: gone.rewrite(engine, ["in_7"], "ada", "a test"),
        lambda engine: planning.read_plan(engine, DAY, DAY),
        lambda engine: plan_input(engine, DAY, DAY, "Suspense", Customers(), look_alike_days=7),
    ],
    ids=["netsuite_ids", "written_ids", "server_errors", "rewrite", "read_plan", "plan_input"],
)
def test_one_document_costs_a_few_rows(engine: Engine, ask: Callable[[Engine], object]):
    """Of thousands that were written, planned and known, and of years of invoices and payments."""
    for statement in (_FILL, _PLANNED, _CUSTOMERS, _PAYMENTS, _INVOICES):
        with engine.begin() as connection:
            connection.execute(text(statement))
    accept(engine, "customers", {"id": "cus_new"})
    accept(engine, "invoices", {"id": "in_new", "customer_id": "cus_new", "lines": LINES})
    accept(engine, "payments", {"id": "ch_new", "customer_id": "cus_new", "payment_intent": "pi_new"})
    tables = ("journal", "plan_entries", "netsuite_customers", "payments", "invoices")
    as_owner(engine, *(f"ANALYZE o2c.{table}" for table in tables))
    before = read_so_far(engine)
    ask(engine)  # over the connection that was given back last, as everything here
    assert read_so_far(engine) - before < 50


def test_all_that_waits_for_validation_is_passed_once(engine: Engine):
    """However many batches it takes: what is done already is not gone through again for each of them.

    Whichever index PostgreSQL takes: of a million it took the one of all objects.
    """
    with engine.begin() as connection:
        connection.execute(text(_READ_OBJECTS))
    as_owner(engine, "DROP INDEX o2c.stripe_objects_pending", "ANALYZE o2c.stripe_objects")
    before = read_so_far(engine)
    for batch in rows.all_pending(engine, "charge", 50):
        with engine.begin() as connection:
            connection.execute(text(_DONE), {"ids": [each.id for each in batch]})
    assert rows.pending(engine, "charge", 1) == []
    assert read_so_far(engine) - before < 15 * ROWS


def test_a_customer_is_not_compared_with_every_other(engine: Engine):
    """However many there are, each row of the view is put together by a join that finds its partner."""
    people = "INSERT INTO o2c.customers (id, deleted, created_at) SELECT 'cus_' || n, false, now()"
    for statement in (f"{people} FROM generate_series(1, {ROWS}) n", _INVOICES):
        with engine.begin() as connection:
            connection.execute(text(statement))
    as_owner(engine, "ANALYZE o2c.customers", "ANALYZE o2c.invoices")
    with engine.begin() as connection:
        [plan] = connection.execute(text("EXPLAIN (ANALYZE, FORMAT JSON) SELECT * FROM o2c.customer_360")).scalars()
    assert passed_over(plan[0]["Plan"]) < ROWS


def passed_over(node: dict[str, Any]) -> int:
    """Pairs of rows that this step of a plan and those below it compared in vain."""
    own = node.get("Rows Removed by Join Filter", 0) * node.get("Actual Loops", 1)
    return int(own) + sum(passed_over(each) for each in node.get("Plans", ()))


@pytest.mark.parametrize(
    "ask",
    [
        lambda engine: journal.first(engine, ["invoice"], INTENTS),
        lambda engine: journal.ready(engine, "invoice", INTENTS),
        lambda engine: unsettled.next_due_in(engine, ["invoice"]),
        lambda engine: journal.claim(engine, journal_id(engine, "in_new7"), 60),
    ],
    ids=["first", "ready", "next_due_in", "claim"],
)
def test_news_of_others_cost_nothing(engine: Engine, ask: Callable[[Engine], object]):
    """Whether an event calls a document void is looked up for each that may leave, not gathered from all events."""
    journal.intend(engine, [command("invoice", f"in_new{n}") for n in range(INTENTS)], lambda _: 1)
    for statement in (_VOIDED, _NEWS):
        with engine.begin() as connection:
            connection.execute(text(statement))
    as_owner(engine, *(f"ANALYZE o2c.{table}" for table in ("journal", "stripe_events", "inbox")))
    before = read_so_far(engine)
    assert ask(engine) is not None
    assert read_so_far(engine) - before < 5 * INTENTS
