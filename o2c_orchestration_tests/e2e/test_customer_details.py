"""Details of customers the whole way: what Stripe says of them, on the record that NetSuite shows, if o2c.yaml asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.gaps import list_gaps
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash.world import Books, Policy, run, sandbox
from o2c_orchestration_tests.e2e.conftest import Company, fresh_books, opened

ASKED = {"billing_address": "stripe", "shipping_address": "stripe", "phone": "stripe", "person": "split_name"}
STREET = {"line1": "1 Main Street", "line2": "Floor 3", "city": "Portland", "state": "oregon", "postal_code": "97205"}
DEPOT = {"line1": "Lager 4", "city": "Leipzig", "postal_code": "04109", "country": "DE", "state": None, "line2": None}


def billed(books: Books) -> list[dict[str, Any]]:
    """Its customers with an invoice, each of whom gets a NetSuite customer."""
    named = {invoice["customer"] for invoice in books.of("invoice") if invoice["status"] in ("open", "paid")}
    return [customer for customer in books.of("customer") if customer["id"] in named]


@contextmanager
def company(
    tmp_path: Path, keys: Path, new_database: NewDatabase, changes: list[dict[str, Any]], details: Any
) -> Iterator[Company]:
    """A small company whose first customers are as `changes` say, after one run."""
    books = fresh_books()
    for customer, change in zip(billed(books), changes, strict=False):
        customer.update(change)
    policy: Policy = {"customers": {"details": details}} if details else {}
    with new_database() as url, sandbox(tmp_path / "state", keys) as world:
        world.load(books)
        with opened(world, books, url, policy=policy) as made:
            run(made.product, books.span)
            yield made


def record(made: Company, customer: dict[str, Any]) -> dict[str, Any]:
    """A customer as NetSuite shows it, with its address book."""
    found = made.product.ledger.find_by_external_id("customer", customer["id"])
    assert found is not None
    shown: dict[str, Any] = made.product.ledger.record("customer", found, sublists=True)[0]
    return shown


def book(shown: dict[str, Any]) -> list[tuple[bool, bool, dict[str, Any]]]:
    """The address book: default for bills, default for goods, the address."""
    lines = shown["addressBook"]["items"]
    return [(line["defaultBilling"], line["defaultShipping"], line["addressBookAddress"]) for line in lines]


def stored(made: Company) -> str:
    """Everything in the database that a payload, a plan or a write has left, as one text."""
    found = []
    with raw_cursor(made.product.engine) as cursor:
        cursor.execute("SELECT format('o2c.%I', tablename) FROM pg_tables WHERE schemaname = 'o2c'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")
            found.append(str(cursor.fetchone()[0]))
    return " ".join(found)


def history(made: Company, key: str) -> str:
    """What is told of a write."""
    with raw_cursor(made.product.engine) as cursor:
        cursor.execute(
            """SELECT string_agg(h.note, ' | ' ORDER BY h.at) FROM o2c.journal_history h
               JOIN o2c.journal j ON j.id = h.journal_id WHERE j.external_id = %s""",
            (key,),
        )
        return str(cursor.fetchone()[0])


def why(made: Company, key: str) -> str:
    """What the plan said of a customer who is written by now."""
    with raw_cursor(made.product.engine) as cursor:
        cursor.execute("SELECT command ->> 'why' FROM o2c.journal WHERE external_id = %s", (key,))
        found = cursor.fetchone()
        return str(found[0]) if found else ""


def test_netsuite_shows_what_stripe_says(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """Street and place, country and state in short, where goods go, who is a person, and by which number."""
    changes = [
        {"name": "Ann Lee Smith", "phone": "+1 503 555 0100", "address": {**STREET, "country": "US"}},
        {"shipping": {"name": "Depot", "address": DEPOT, "phone": None}},
    ]
    with company(tmp_path, keys, new_database, changes, ASKED) as made:
        first, second = billed(made.books)[:2]
        ann = record(made, first)
        assert (True, "Ann", "Lee Smith") == (ann["isPerson"], ann["firstName"], ann["lastName"])
        assert "+1 503 555 0100" == ann["phone"]
        portland = {"addressee": "Ann Lee Smith", "addr1": "1 Main Street", "addr2": "Floor 3", "city": "Portland"}
        portland |= {"state": "OR", "zip": "97205", "country": {"id": "US", "refName": "United States"}}
        assert [(True, False, portland)] == book(ann)
        billing, shipping = book(record(made, second))
        assert (True, False, second["address"]["line1"]) == (*billing[:2], billing[2]["addr1"])
        leipzig = {"addressee": "Depot", "addr1": "Lager 4", "city": "Leipzig", "zip": "04109"}
        assert (False, True, leipzig | {"country": {"id": "DE", "refName": "Germany"}}) == shipping
        assert [] == list_gaps(made.product.engine)
        made.run()
        assert [] == made.world.writes()


def test_by_default_nothing_of_it_is_kept_or_written(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """A company that asks for none of it has none of it, neither in NetSuite nor in its database."""
    change = {"phone": "+1 503 555 0100", "address": {**STREET, "country": "US"}}
    with company(tmp_path, keys, new_database, [change], None) as made:
        shown = record(made, billed(made.books)[0])
        assert ([], None, False) == (shown["addressBook"]["items"], shown.get("phone"), shown["isPerson"])
        text = stored(made)
        assert ("1 Main Street" in text, "555 0100" in text) == (False, False)


def test_only_the_field_that_is_asked_for_is_kept(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """The street, since bills go there; not the number, nor where goods go."""
    shipping = {"name": "Depot", "address": DEPOT, "phone": "0341 4711"}
    change = {"phone": "+1 503 555 0100", "address": {**STREET, "country": "US"}, "shipping": shipping}
    with company(tmp_path, keys, new_database, [change], {"billing_address": "stripe"}) as made:
        text = stored(made)
        assert (True, False, False) == ("1 Main Street" in text, "555 0100" in text, "Lager 4" in text)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"address": {**STREET, "country": "Atlantis"}}, "billing address: no country is known as 'Atlantis'"),
        ({"address": {**STREET, "country": None}}, "billing address: it names no country"),
        ({"address": {**STREET, "country": "US", "state": "Calif."}}, "billing address: 'Calif.' is no state of US"),
        ({"phone": "0100"}, "phone number: it has 4 characters, and NetSuite takes 7 to 32 characters"),
        ({"name": "Prince"}, "first and last name: there is only one"),
    ],
)
def test_what_makes_no_sense_is_left_out_and_told(
    tmp_path: Path,
    keys: Path,
    new_database: NewDatabase,
    change: dict[str, Any],
    words: str,
) -> None:
    """The customer is made and his invoice booked; plan and log say what he was made without, and why."""
    with (
        capture_logs([merge_contextvars]) as lines,
        company(tmp_path, keys, new_database, [change], ASKED) as made,
    ):
        customer = billed(made.books)[0]
        shown = record(made, customer)
        assert f"Made without {words}" in why(made, customer["id"])
        (line,) = [each for each in lines if "customer is made without details" in each["event"]]
        assert customer["id"] in str(line)
        assert ("address" in change) == ([] == shown["addressBook"]["items"])
        assert [] == list_gaps(made.product.engine)


def test_what_netsuite_does_not_take_holds_up_nobody(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """A state that its administrator's list lacks: the customer is made without his details, once, and it is told."""
    change = {"address": {**DEPOT, "state": "Sachsen"}, "phone": "0341 4711 00"}
    with company(tmp_path, keys, new_database, [change], {**ASKED, "person": "never"}) as made:
        customer = billed(made.books)[0]
        shown = record(made, customer)
        assert ([], None) == (shown["addressBook"]["items"], shown.get("phone"))
        said = "made without addressBook, phone, since NetSuite said: You have entered an Invalid Field Value Sachsen"
        assert said in history(made, customer["id"]).replace("Error while accessing a resource. ", "")
        assert [] == list_gaps(made.product.engine)


def test_what_is_asked_for_no_more_is_not_kept(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """Of what was read; what was written stays in the history of the write, as its name does."""
    change = {"phone": "+1 503 555 0100", "address": {**STREET, "country": "US"}}
    with company(tmp_path, keys, new_database, [change], ASKED) as made:
        for details, kept in ((ASKED, (True, True)), ({"phone": "stripe"}, (False, True)), (None, (False, False))):
            policy: Policy = {"customers": {"details": details}} if details else {}
            with opened(made.world, made.books, made.database_url, policy=policy) as now:
                now.run()
                assert now.world.writes() == []
                with raw_cursor(now.product.engine) as cursor:
                    cursor.execute("SELECT string_agg(payload::text, ' ') FROM o2c.stripe_objects")
                    text = str(cursor.fetchone()[0])
                    cursor.execute("SELECT coalesce(string_agg(told::text, ' '), '') FROM o2c.kept_metadata")
                    text += str(cursor.fetchone()[0])
            assert ("1 Main Street" in text, "555 0100" in text) == kept


def test_who_was_read_before_is_read_again(tmp_path: Path, keys: Path, new_database: NewDatabase) -> None:
    """Customers of documents to come have their address though they were read when nobody asked for it."""
    books = fresh_books()
    with new_database() as url, sandbox(tmp_path / "state", keys) as world:
        world.load(books)
        with opened(world, books, url, "observe") as before:
            run(before.product, books.span)
        with opened(world, books, url, policy={"customers": {"details": ASKED}}) as made:
            made.product.plan(*books.span)
            run(made.product, books.span)
            written = [customer for customer in billed(books) if why(made, customer["id"])]
            assert written
            assert all(book(record(made, customer)) for customer in written)
