"""A customer's personal data deleted at his request: nothing of it is left, comes back, or changes a number."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from o2c_orchestration.reconcile import reconcile_and_tie
from o2c_orchestration.store import audit, forget, invariants
from o2c_orchestration.store.database import raw_cursor
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
    gaps = [(gap.gap_id, gap.state, gap.expected_minor, gap.actual_minor) for gap in list_gaps(engine, None)]
    return {"ties": ties, "journal": journal, "plan": plan, "broken": broken, "gaps": gaps}


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
        made.run()
        assert made.world.writes() == []
        assert left(made) == {}
        assert books_of(made) == {**before, "plan": []}
        assert audit.verify(made.product.engine).intact
