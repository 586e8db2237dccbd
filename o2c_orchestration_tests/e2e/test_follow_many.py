"""Many objects change at once: they are read a hundred to a request, and what no list shows is read by itself."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

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


@contextmanager
def following(invoices: int, tmp_path: Path, keys: Path, new_database: NewDatabase) -> Iterator[Company]:
    """A company of so many invoices, of which nothing was read yet."""
    books = demo_books(invoices, 12)
    with new_database() as url, sandbox(tmp_path / "state", keys) as world:
        world.load(books)
        with opened(world, books, url, policy=POLICY) as company:
            yield company


@pytest.fixture
def many(tmp_path: Path, keys: Path, new_database: NewDatabase) -> Iterator[Company]:
    """Fewer invoices than a page of Stripe's lists holds."""
    with following(60, tmp_path, keys, new_database) as company:
        yield company


@pytest.fixture
def more(tmp_path: Path, keys: Path, new_database: NewDatabase) -> Iterator[Company]:
    """More than that."""
    with following(130, tmp_path, keys, new_database) as company:
        yield company


def test_many_new_objects_take_a_request_a_page(many: Company):
    """Nearly all invoices in one page or two; one that Stripe has not is asked for by itself; few customers one by one.

    Those that came hours after the others may be asked for by themselves too.
    """
    invoices, customers = many.books.of("invoice"), many.books.of("customer")[:3]
    gone = {**invoices[-1], "id": "in_gone"}
    tell(many, [*invoices, gone, *customers])
    many.world.forget_requests()
    done = Follower(many.product).once()
    found = reads(many)
    assert done.taken == len(invoices) + 4
    assert done.failed == 1
    assert found["/v1/invoices"] <= len(invoices) // 100 + 2
    assert sum(found[f"/v1/invoices/{invoice['id']}"] for invoice in invoices) <= 0.05 * len(invoices)
    assert found["/v1/invoices/in_gone"] == 1
    assert found["/v1/customers"] == 0


def test_old_objects_that_changed_are_read_one_by_one(more: Company):
    """The newest hundred of the list show none of them, and nobody walks on to the end."""
    oldest = sorted(more.books.of("invoice"), key=lambda thing: int(thing["created"]))[:25]
    later = max(int(thing["created"]) for thing in more.books.of("invoice"))
    tell(more, oldest, at=later)
    more.world.forget_requests()
    Follower(more.product).once()
    found = reads(more)
    assert inbox.take(more.product.engine, 9) == []
    assert found["/v1/invoices"] == 1
    assert [found[f"/v1/invoices/{invoice['id']}"] for invoice in oldest] == [1] * 25


def test_those_of_a_second_with_hundreds_of_others_take_a_request_a_page(more: Company):
    """A billing run makes hundreds in one second: a page of others of it, which come later, is passed over."""
    second = max(int(thing["created"]) for thing in more.books.of("invoice"))
    some = more.books.of("invoice")[:100]
    made = [{**thing, "id": f"in_run{number}", "created": second} for number, thing in enumerate(2 * some)]
    more.world.ask("POST", "load", {"stripe": made, "netsuite": []})
    headers = {"Authorization": f"Bearer {more.world.config.stripe_secret_key}"}
    url = f"{more.world.base_url}/v1/invoices?limit=100&created[gte]={second}"
    newest = {each["id"] for each in requests.get(url, headers=headers, timeout=30).json()["data"]}
    early = [thing for thing in made if thing["id"] not in newest]
    tell(more, early)
    more.world.forget_requests()
    Follower(more.product).once()
    found = reads(more)
    assert len(early) >= 100
    assert found["/v1/invoices"] == 2
    assert sum(found[f"/v1/invoices/{thing['id']}"] for thing in early) <= 1


def test_a_list_that_is_not_answered_costs_nothing_but_requests(many: Company):
    """The objects are read one by one then."""
    invoices = many.books.of("invoice")
    tell(many, invoices)
    many.world.faults({"kind": "server_error", "system": "stripe", "method": "GET", "path_regex": "/v1/invoices$"})
    done = Follower(many.product).once()
    assert done.failed == 0
    stored = {thing["id"] for thing in invoices}
    with many.product.engine.connect() as connection:
        held = connection.exec_driver_sql("SELECT id FROM o2c.stripe_objects WHERE object = 'invoice'")
        assert stored <= {row[0] for row in held}


def test_one_that_does_not_answer_waits_alone(many: Company):
    """The others came by the page: the pass goes on, and only this one is tried again later."""
    invoices = many.books.of("invoice")
    tell(many, [*invoices, {**invoices[0], "id": "in_silent"}])
    rule = {"kind": "drop_before", "system": "stripe", "method": "GET", "path_regex": "/v1/invoices/in_silent$"}
    many.world.faults(rule)
    done = Follower(many.product).once()
    assert (done.taken, done.failed) == (len(invoices) + 1, 1)
    assert [each["id"] for each in inbox.failing(many.product.engine)] == ["in_silent"]


def test_what_stripe_has_not_yet_is_asked_for_again(many: Company):
    """An event may come before its object can be read: 404 leaves it in the inbox, twice, and then it is believed."""
    engine, late = many.product.engine, {**many.books.of("customer")[0], "id": "cus_late"}
    tell(many, [late, {**late, "id": "cus_never"}])
    assert Follower(many.product).once().failed == 2
    assert {each["id"] for each in inbox.failing(engine)} == {"cus_late", "cus_never"}
    many.world.ask("POST", "load", {"stripe": [late], "netsuite": []})
    failed = []
    for _ in range(2):
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE o2c.inbox SET not_before = clock_timestamp()")
        failed.append(Follower(many.product).once().failed)
    assert failed == [1, 0]
    assert inbox.backlog(engine).objects == 0
    with engine.connect() as connection:
        known = connection.exec_driver_sql("SELECT id FROM o2c.stripe_objects WHERE id LIKE 'cus_%%'").scalars().all()
    assert known == ["cus_late"]
