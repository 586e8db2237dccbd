"""A customer's personal data deleted at his request: nothing of it is left, comes back, or changes a number."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from o2c_orchestration.domain.errors import PermissionDenied
from o2c_orchestration.domain.months import Month
from o2c_orchestration.reconcile import reconcile_and_tie
from o2c_orchestration.reconcile.close import close_month
from o2c_orchestration.store import audit, forget, forgotten, invariants, journal, planning
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.forget import SubjectInUse, UnknownSubject
from o2c_orchestration.store.gaps import list_gaps
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash.world import Policy, run, sandbox
from o2c_orchestration_tests.e2e.conftest import Company, fresh_books, opened
from o2c_orchestration_tests.e2e.test_customer_details import billed

NAME, EMAIL, PHONE = "Canaria Vögelein", "canary@vogel.example", "+49 341 4711 0815"
STREET, CITY, CODE, DEPOT = "Kanarienweg 77", "Zwitscherstadt", "04109-CNRY", "Volierenhof 3"
CANARIES = (NAME, EMAIL, PHONE, STREET, CITY, CODE, DEPOT, "Vögelein")
ADDRESS = {"line1": STREET, "line2": None, "city": CITY, "state": None, "postal_code": CODE, "country": "DE"}
CHANGE = {
    **{"name": NAME, "email": EMAIL, "phone": PHONE, "address": ADDRESS, "description": f"Spoke to {NAME}"},
    "shipping": {"name": NAME, "address": {**ADDRESS, "line1": DEPOT}, "phone": PHONE},
}
ASKED = {"billing_address": "stripe", "shipping_address": "stripe", "phone": "stripe"}
POLICY: Policy = {"customers": {"details": ASKED}}


@contextmanager
def company(tmp_path: Path, keys: Path, new_database: NewDatabase, *, written: bool = True) -> Iterator[Company]:
    """A small company, one of whose customers is the canary; in observe mode until it is `written`."""
    books = fresh_books()
    canary = billed(books)[0]
    canary.update(CHANGE)
    for each in books.stripe:
        if each["object"] in ("invoice", "charge") and each.get("customer") == canary["id"]:
            each["description"] = f"For {NAME}, {EMAIL}"
            each.update({"customer_name": NAME} if each["object"] == "invoice" else {})
    with new_database() as url, sandbox(tmp_path / "state", keys) as world:
        world.load(books)
        with opened(world, books, url, "sync" if written else "observe", POLICY) as made:
            run(made.product, books.span)
            yield made


def left(made: Company) -> dict[str, list[str]]:
    """Canaries by the table where they are, in any column of any table of the database."""
    found: dict[str, list[str]] = {}
    with raw_cursor(made.product.engine) as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(
            """SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
               WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"""
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
            text = str(cursor.fetchone()[0]).lower()
            escaped = (json.dumps(each)[1:-1].lower() for each in CANARIES)
            if told := [
                one for one, other in zip(CANARIES, escaped, strict=True) if one.lower() in text or other in text
            ]:
                found[table] = told
    return found


def books_of(made: Company) -> dict[str, Any]:
    """What must be the same before and after: equations, gaps, plan, journal, invariants."""
    engine, policy = made.product.engine, made.product.policy
    ties = reconcile_and_tie(engine, policy)[1]
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT external_key, state, digest, netsuite_id, amount_minor, currency, effective_date, depends_on
               FROM o2c.journal ORDER BY 1"""
        )
        journal = cursor.fetchall()
        cursor.execute("SELECT external_key, outcome, amount_minor FROM o2c.plan_entries ORDER BY 1")
        plan = cursor.fetchall()
    broken = [
        invariants.journal_has_no_orphans(engine),
        invariants.one_document_per_key(engine),
        invariants.applied_within_total(engine),
        invariants.settled_is_not_planned(engine),
    ]
    month = Month.of(made.books.span[1])
    close = close_month(engine, policy, month, datetime(2026, 12, 5, tzinfo=UTC))
    gaps = [(gap.gap_id, gap.state, gap.expected_minor, gap.actual_minor) for gap in list_gaps(engine, None)]
    return {
        "ties": ties,
        "journal": journal,
        "plan": plan,
        "broken": broken,
        "gaps": gaps,
        "close": (close.evidence, close.ready),
    }


def stored_at(made: Company, key: str) -> Any:
    """When the customer last changed, and his objects, as the gate has it."""
    with raw_cursor(made.product.engine) as cursor:
        cursor.execute(
            "SELECT id, stored_at FROM o2c.stripe_objects WHERE id = %s OR payload ->> 'customer' = %s ORDER BY id",
            (key, key),
        )
        return cursor.fetchall()


def test_nothing_of_a_customer_is_left_or_comes_back(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """No column of any table holds his name, addresses or numbers: not after it, and not after he was read again."""
    with company(tmp_path, keys, new_database) as made:
        key = billed(made.books)[0]["id"]
        before, planted = books_of(made), left(made)
        tables = ("stripe_objects", "customers", "kept_metadata", "journal", "plan_entries", "netsuite_customers")
        assert {f"o2c.{table}" for table in tables} <= planted.keys()
        told = forget.forget(made.product.engine, key, "request 12")
        assert left(made) == {}
        assert {*tables} <= {each.table for each in told.tables}
        assert books_of(made) == before
        stored = stored_at(made, key)
        made.run()
        assert made.world.writes() == []
        assert left(made) == {}
        assert books_of(made) == {**before, "plan": []}
        # What was read again is what is kept, so it is no change.
        assert stored_at(made, key) == stored
        assert audit.verify(made.product.engine).intact


def test_again_finds_nothing_and_changes_nothing(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """A second request is answered like the first, and both are in the trail, without the person."""
    with company(tmp_path, keys, new_database) as made:
        engine, key = made.product.engine, billed(made.books)[0]["id"]
        assert left(made)
        assert forget.look(engine, key).tables
        assert left(made)
        forget.forget(engine, key, f"{NAME} asked for it, {EMAIL}")
        assert forget.look(engine, key).tables == ()
        assert forget.forget(engine, key, "asked again").tables == ()
        assert left(made) == {}
        told = [entry for entry in audit.entries(engine, key) if entry.action == "personal_data_deleted"]
        assert [entry.why for entry in told] == ["[forgotten] asked for it, [forgotten]", "asked again"]
        assert audit.verify(engine).intact


def test_who_is_still_to_be_made_is_not_forgotten(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """The plan would write his name; nothing is half done. By force he is made without one, and called by his id."""
    with company(tmp_path, keys, new_database, written=False) as made:
        engine, canary = made.product.engine, billed(made.books)[0]
        before = left(made)
        with pytest.raises(SubjectInUse, match=rf"{canary['id']} \(planned\) is still to be written"):
            forget.forget(engine, canary["id"], "request 12")
        assert left(made) == before
        assert books_of(made)["plan"]
        forget.forget(engine, canary["id"], "request 12", force=True)
        assert left(made) == {}
        with opened(made.world, made.books, made.database_url, "sync", POLICY) as now:
            now.product.apply(*made.books.span)
            now.run()
            number = now.product.ledger.find_by_external_id("customer", canary["id"])
            assert number is not None
            shown = now.product.ledger.record("customer", number, sublists=True)[0]
            assert (shown["companyName"], shown.get("email"), shown.get("phone")) == (canary["id"], None, None)
            assert shown["addressBook"]["items"] == []
            assert left(now) == {}
            assert list_gaps(now.product.engine) == []


@pytest.mark.parametrize("state", ["intent", "sent", "unknown"])
def test_what_is_in_hand_holds_it_up_whatever_is_forced(
    tmp_path: Path, keys: Path, new_database: NewDatabase, state: str
) -> None:
    """A request may be on its way with the name in it."""
    with company(tmp_path, keys, new_database) as made:
        engine, key = made.product.engine, billed(made.books)[0]["id"]
        with raw_cursor(engine) as cursor:
            cursor.execute(
                "UPDATE o2c.journal SET state = %s, netsuite_id = NULL WHERE document = 'invoice' AND customer_id = %s",
                (state, key),
            )
            assert cursor.rowcount
        before = left(made)
        with pytest.raises(SubjectInUse, match=state):
            forget.forget(engine, key, "request 12", force=True)
        assert left(made) == before
        with raw_cursor(engine) as cursor:
            cursor.execute("SELECT FROM o2c.forgotten")
            assert cursor.fetchone() is None


def test_a_plan_that_was_made_before_brings_nothing_back(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """Whoever has planned him and keeps or takes up the plan after he was forgotten, makes him without a name."""
    with company(tmp_path, keys, new_database, written=False) as made:
        engine, key = made.product.engine, billed(made.books)[0]["id"]
        plan = planning.read_plan(engine)
        assert NAME in str(plan)
        forget.forget(engine, key, "request 12", force=True)
        planning.save_plan(engine, plan, *made.books.span)
        journal.intend(engine, plan.commands)
        assert left(made) == {}


def test_a_read_under_way_is_waited_for(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """Who has looked whom we forgot, and not stored yet, would bring him back: he is let finish first."""
    with company(tmp_path, keys, new_database) as made:
        engine, key = made.product.engine, billed(made.books)[0]["id"]
        done = threading.Event()

        def work() -> None:
            forget.forget(engine, key, "request 12")
            done.set()

        with raw_cursor(engine) as cursor:
            assert forgotten.ids(cursor, "stripe") == frozenset()
            thread = threading.Thread(target=work)
            thread.start()
            assert not done.wait(1)
            cursor.execute("UPDATE o2c.customers SET name = %s WHERE id = %s", (NAME, key))
        thread.join(30)
        assert left(made) == {}


def test_who_is_unknown_is_told_so(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """A slip of the hand is no done deed."""
    with company(tmp_path, keys, new_database) as made, pytest.raises(UnknownSubject, match="cus_Nobody"):
        forget.forget(made.product.engine, "cus_Nobody", "request 12")


def test_who_may_only_read_may_not_forget(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """A login that looks at the tables is refused by name, and changes nothing."""
    with company(tmp_path, keys, new_database) as made:
        key, before = billed(made.books)[0]["id"], left(made)
        with reader(made.database_url) as engine, pytest.raises(PermissionDenied, match="may not delete personal data"):
            forget.forget(engine, key, "request 12")
        assert left(made) == before


@contextmanager
def reader(url: str) -> Iterator[Engine]:
    """A login that may read our tables and nothing else."""
    name = f"reader_{uuid4().hex[:8]}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'x'; GRANT USAGE ON SCHEMA o2c TO {name}")
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA o2c TO {name}")
        engine = create_engine(make_url(url).set(drivername="postgresql+psycopg", username=name, password="x"))
        yield engine
        engine.dispose()
        connection.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")
