"""Many objects change at once: they are read a hundred to a request, and what no list shows is read by itself."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from o2c_orchestration.domain.stripe_events import StripeEvent
from o2c_orchestration.orchestration.follow import Follower
from o2c_orchestration.store import inbox
from o2c_orchestration.store.events import record
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash.world import sandbox
from o2c_orchestration_tests.e2e.conftest import Company, demo_books, opened

POLICY = {"live": {"page_from": 20}}


def tell(company: Company, objects: list[dict[str, Any]], at: int | None = None) -> None:
    """Events of these objects, as webhooks bring them: an object changed when it was made, or `at` this moment."""
    events = [
        StripeEvent(
            f"evt_{thing['id']}",
            f"{thing['object']}.updated",
            thing["object"],
            thing["id"],
            datetime.fromtimestamp(at or thing["created"], UTC),
            "webhook",
        )
        for thing in objects
    ]
    assert record(company.product.engine, events) == len(objects)


def reads(company: Company) -> Counter[str]:
    """Requests to Stripe by what was read."""
    return Counter(each["path"] for each in company.world.requests("stripe", "GET"))


def test_many_new_objects_take_a_request_a_page(tmp_path: Path, keys: Path, new_database: NewDatabase):
    """Nearly all invoices in one page or two; one that Stripe has not is asked for by itself; few customers one by one.

    Those that came hours after the others may be asked for by themselves too.
    """
    books = demo_books(60, 12)
    with new_database() as url, sandbox(tmp_path / "state", keys) as world:
        world.load(books)
        with opened(world, books, url, policy=POLICY) as company:
            invoices, customers = books.of("invoice"), books.of("customer")[:3]
            gone = {**invoices[-1], "id": "in_gone"}
            tell(company, [*invoices, gone, *customers])
            world.forget_requests()
            done = Follower(company.product).once()
            found = reads(company)
    assert done.taken == len(invoices) + 4
    assert done.failed == 0
    assert found["/v1/invoices"] <= len(invoices) // 100 + 2
    assert sum(found[f"/v1/invoices/{invoice['id']}"] for invoice in invoices) <= 0.05 * len(invoices)
    assert found["/v1/invoices/in_gone"] == 1
    assert found["/v1/customers"] == 0


def test_old_objects_that_changed_are_read_one_by_one(tmp_path: Path, keys: Path, new_database: NewDatabase):
    """The newest hundred of the list show none of them, and nobody walks on to the end."""
    books = demo_books(130, 12)
    with new_database() as url, sandbox(tmp_path / "state", keys) as world:
        world.load(books)
        with opened(world, books, url, policy=POLICY) as company:
            oldest = sorted(books.of("invoice"), key=lambda thing: int(thing["created"]))[:25]
            later = max(int(thing["created"]) for thing in books.of("invoice"))
            tell(company, oldest, at=later)
            world.forget_requests()
            Follower(company.product).once()
            found = reads(company)
            assert inbox.take(company.product.engine, 9) == []
    assert found["/v1/invoices"] == 1
    assert [found[f"/v1/invoices/{invoice['id']}"] for invoice in oldest] == [1] * 25


def test_a_list_that_is_not_answered_costs_nothing_but_requests(tmp_path: Path, keys: Path, new_database: NewDatabase):
    """The objects are read one by one then."""
    books = demo_books(60, 12)
    with new_database() as url, sandbox(tmp_path / "state", keys) as world:
        world.load(books)
        with opened(world, books, url, policy=POLICY) as company:
            invoices = books.of("invoice")
            tell(company, invoices)
            world.faults({"kind": "server_error", "system": "stripe", "method": "GET", "path_regex": "/v1/invoices$"})
            done = Follower(company.product).once()
            assert done.failed == 0
            stored = {thing["id"] for thing in invoices}
            with company.product.engine.connect() as connection:
                held = connection.exec_driver_sql("SELECT id FROM o2c.stripe_objects WHERE object = 'invoice'")
                assert stored <= {row[0] for row in held}


def test_one_that_does_not_answer_waits_alone(tmp_path: Path, keys: Path, new_database: NewDatabase):
    """The others came by the page: the pass goes on, and only this one is tried again later."""
    books = demo_books(60, 12)
    with new_database() as url, sandbox(tmp_path / "state", keys) as world:
        world.load(books)
        with opened(world, books, url, policy=POLICY) as company:
            invoices = books.of("invoice")
            tell(company, [*invoices, {**invoices[0], "id": "in_silent"}])
            rule = {"kind": "drop_before", "system": "stripe", "method": "GET", "path_regex": "/v1/invoices/in_silent$"}
            world.faults(rule)
            done = Follower(company.product).once()
            assert (done.taken, done.failed) == (len(invoices) + 1, 1)
            assert [each["id"] for each in inbox.failing(company.product.engine)] == ["in_silent"]
