"""Documents that are mirrors because metadata says so: linked once, kept, let go; and what hangs on a block."""

from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from o2c_orchestration.domain.metadata import POINTERS
from o2c_orchestration.domain.policy import Customers, Policy
from o2c_orchestration.plan import make_plan
from o2c_orchestration.store import gate, journal, metadata, movements, rows
from o2c_orchestration.store.clearing import clearing
from o2c_orchestration.store.database import open_database, raw_cursor
from o2c_orchestration.store.gaps import list_gaps, reconcile
from o2c_orchestration.store.metadata import adopt
from o2c_orchestration.store.migrate import _config, migrate
from o2c_orchestration.store.plan_rows import plan_input
from o2c_orchestration.store.unread import note_coupons_listed
from o2c_orchestration_tests.integration_store.builders import (
    DAY,
    MOMENT,
    accept,
    dirty,
    ledger_customer,
    ledger_document,
    mirror,
)

EACH = Customers()
LINE = (
    '[{"id": "il_1", "description": "Seats", "amount_minor": 100, "discount_minor": 0, "tax_exclusive_minor": 0, '
    '"tax_inclusive_minor": 0}]'
)


def say(engine: Engine, stripe_id: str, **values: str) -> None:
    """What the metadata of an object says from now on, as its validation keeps it."""
    with raw_cursor(engine) as cursor:
        metadata.replace(cursor, [stripe_id], metadata.notes(stripe_id, {"metadata": values}))


def links(engine: Engine) -> dict[int, tuple[str | None, str | None]]:
    with engine.begin() as connection:
        found = connection.execute(text("SELECT id, stripe_ref, linked_by FROM o2c.netsuite_documents ORDER BY id"))
        return {row[0]: (row[1], row[2]) for row in found}


@pytest.fixture
def books(engine: Engine) -> Engine:
    """An invoice of cus_1, which NetSuite holds as 55 under its customer, and nobody has linked."""
    accept(engine, "customers", {"id": "cus_1"}, {"id": "cus_2"})
    accept(engine, "invoices", {"id": "in_1"}, {"id": "in_2", "customer_id": "cus_2"})
    ledger_customer(engine, 1, "cus_1")
    ledger_customer(engine, 2, "cus_2")
    mirror(engine, [ledger_document(55)])
    return engine


def test_a_document_is_linked_once_and_stays_linked(books):
    """Also when it changes in NetSuite: a read of the ledger cannot know what metadata says."""
    say(books, "in_1", netsuite_invoice_id="55")
    assert (adopt(books, EACH), adopt(books, EACH)) == (1, 0)
    assert links(books) == {55: ("in_1", "metadata")}
    dirty(books)
    mirror(books, [ledger_document(55, remaining_minor=0, status="paid")])
    assert links(books) == {55: ("in_1", "metadata")}
    assert "in_1" in dirty(books)


def test_what_a_person_writes_into_the_document_counts_more(books):
    """A Stripe id in its memo or external id is said there, by whoever keeps the books."""
    say(books, "in_1", netsuite_invoice_id="55")
    adopt(books, EACH)
    mirror(books, [ledger_document(55, stripe_ref="in_2")])
    assert links(books) == {55: ("in_2", "external_id")}


def test_other_metadata_lets_the_document_go(books):
    """It is linked to what metadata names now; the one that was let go is looked at again."""
    mirror(books, [ledger_document(56)])
    say(books, "in_1", netsuite_invoice_id="55")
    adopt(books, EACH)
    say(books, "in_1", netsuite_invoice_id="56")
    adopt(books, EACH)
    assert links(books) == {55: (None, None), 56: ("in_1", "metadata")}
    assert {"in_1", "ns:55", "ns:56"} <= dirty(books)
    say(books, "in_1")
    assert links(books) == {55: (None, None), 56: (None, None)}


@pytest.mark.parametrize(
    "why", ["other type", "other customer", "claimed", "two name it", "has another", "deleted", "voided"]
)
def test_what_cannot_be_the_mirror_is_not_linked(books, why):
    """Of another type or customer, claimed, named twice, or a second document of its object."""
    if why == "other type":
        mirror(books, [ledger_document(55, "creditMemo")])
    elif why == "other customer":
        mirror(books, [ledger_document(55, entity_id=2)])
    elif why == "claimed":
        mirror(books, [ledger_document(55, stripe_ref="in_2", entity_id=2)])
    elif why == "two name it":
        say(books, "in_2", netsuite_invoice_id="55")
    elif why == "has another":
        mirror(books, [ledger_document(57, stripe_ref="in_1")])
    elif why == "deleted":
        mirror(books, [], gone=[55])
    else:
        mirror(books, [ledger_document(55, voided=True)])
    say(books, "in_1", netsuite_invoice_id="55")
    assert adopt(books, EACH) == 0
    assert links(books)[55][1] != "metadata"


def test_the_customer_that_metadata_names_is_the_right_one(books):
    """netsuite_customer_id decides under which customer the document has to be, and its own no longer does."""
    say(books, "in_1", netsuite_invoice_id="55")
    say(books, "cus_1", netsuite_customer_id="2")
    assert adopt(books, EACH) == 0
    mirror(books, [ledger_document(55, entity_id=2)])
    assert adopt(books, EACH) == 1


def test_in_mode_global_the_common_customer_is_the_right_one(books):
    """Whatever customer the object has in Stripe."""
    ledger_customer(books, 9, None)
    say(books, "in_1", netsuite_invoice_id="55")
    everyone = Customers.model_validate({"mode": "global", "global": "Customer 9"})
    assert adopt(books, everyone) == 0
    mirror(books, [ledger_document(55, entity_id=9)])
    assert adopt(books, everyone) == 1


def test_a_credit_note_comes_before_the_refund_that_names_its_memo(books):
    """Both name the same memo: it is the note's."""
    accept(books, "payments", {"id": "ch_1"})
    accept(books, "refunds", {"id": "re_1"})
    accept(books, "credit_notes", {"id": "cn_1"})
    mirror(books, [ledger_document(60, "creditMemo")])
    say(books, "re_1", netsuite_credit_memo_id="60")
    say(books, "cn_1", netsuite_credit_memo_id="60")
    assert adopt(books, EACH) == 1
    assert links(books)[60] == ("cn_1", "metadata")


def test_what_a_blocked_payout_took_waits_on_both_sides(books):
    """Nobody deposits it, so its payments stay in Undeposited Funds; a deposit by hand takes them out as ever."""
    accept(books, "payments", {"id": "ch_1"})
    accept(books, "balance_transactions", {"id": "txn_1", "source_id": "ch_1"})
    accept(books, "payouts", {"id": "po_1"})
    movements.record_members(books, "po_1", ["txn_1"], MOMENT)
    mirror(books, [ledger_document(70, "customerPayment", stripe_ref="ch_1")])
    assert [each.key for each in clearing(books, "Suspense").differences] == ["ch_1"]
    say(books, "po_1", netsuite_block_integration="true")
    assert clearing(books, "Suspense").differences == []
    mirror(books, [ledger_document(71, "deposit", stripe_ref="po_1", remaining_minor=0)], deposited=[(70, 71)])
    assert clearing(books, "Suspense").differences == []


def test_views_and_planner_know_the_same_pointers(engine):
    """The table in SQL and the one in Python name the same keys for the same objects."""
    with raw_cursor(engine) as cursor:
        notes = [(f"{prefix}_1", name, "5", 5) for prefix, names in POINTERS.items() for name in names]
        metadata.replace(cursor, [f"{prefix}_1" for prefix in POINTERS], notes)
        cursor.execute("SELECT stripe_id, name FROM o2c.metadata_pointers")
        found = {(str(key), str(name)) for key, name in cursor.fetchall()}
    assert found == {(f"{prefix}_1", name) for prefix, names in POINTERS.items() for name in names}


def given(engine: Engine, customers: Customers = EACH) -> Any:
    return plan_input(engine, DAY, DAY, "Suspense", customers)


def test_the_planner_sees_what_the_ledger_holds_under_a_pointer(books):
    """Type, whose mirror it is, the customer, and who else names it."""
    mirror(books, [ledger_document(55, "creditMemo", stripe_ref="cn_9", entity_id=2)])
    say(books, "in_1", netsuite_invoice_id="55")
    say(books, "in_2", netsuite_invoice_id="55")
    [pointer] = given(books).rows.directives.pointers["in_1"]
    assert (pointer.found, pointer.stands_for, pointer.customer_fits) == ("creditMemo", "cn_9", False)
    assert pointer.rivals == ("in_2",)


def test_an_unread_price_holds_lines_up_only_where_the_connector_was_used(books):
    """Where nothing in Stripe names anything in NetSuite, no price does, and a key that may not read prices will do."""
    accept(books, "invoices", {"id": "in_3", "customer_id": "cus_2", "lines": LINE})
    with raw_cursor(books) as cursor:
        lines = LINE.replace('"description"', '"price_id": "price_1", "description"')
        cursor.execute("UPDATE o2c.invoice_lines SET lines = %s WHERE invoice_id = 'in_3'", (lines,))
        cursor.execute("INSERT INTO o2c.prices_named VALUES ('price_1')")
    assert given(books).rows.directives.unread_prices == frozenset()
    say(books, "in_1", netsuite_invoice_id="55")
    assert given(books).rows.directives.unread_prices == {"price_1"}


def test_an_unread_coupon_holds_lines_up_only_where_the_connector_was_used(books):
    """As prices do; one that Stripe does not show, or has not any more, has nothing to say."""
    accept(books, "invoices", {"id": "in_3", "customer_id": "cus_2", "lines": LINE})
    with raw_cursor(books) as cursor:
        lines = LINE.replace('"description"', '"discounts": [["di_1", 5], ["di_2", 5], ["di_3", 5]], "description"')
        cursor.execute("UPDATE o2c.invoice_lines SET lines = %s WHERE invoice_id = 'in_3'", (lines,))
        cursor.execute("INSERT INTO o2c.discounts_named VALUES ('di_1', 'in_3'), ('di_2', 'in_3'), ('di_3', 'in_3')")
        cursor.execute("INSERT INTO o2c.discounts VALUES ('di_2', 'GONE', now())")
        cursor.execute("INSERT INTO o2c.stripe_absent (id, looked_up_at) VALUES ('GONE', now()), ('di_3', now())")
    assert given(books).rows.directives.unread_discounts == frozenset()
    say(books, "in_1", netsuite_invoice_id="55")
    assert given(books).rows.directives.unread_discounts == {"di_1"}
    note_coupons_listed(books, MOMENT)
    assert given(books).rows.directives.unread_discounts == frozenset()
    with raw_cursor(books) as cursor:
        cursor.execute("INSERT INTO o2c.coupons VALUES ('SUMMER', now())")
        cursor.execute("INSERT INTO o2c.stripe_metadata VALUES ('SUMMER', 'netsuite_discount_item_id', '22', 22)")
    assert given(books).rows.directives.unread_discounts == {"di_1"}


def test_a_named_customer_stands_for_the_stripe_customer(books):
    """For the planner and at the moment of sending; its own one does no more."""
    say(books, "cus_1", netsuite_customer_id="2")
    assert given(books).known["cus_1"].netsuite_id == "2"
    assert journal.netsuite_ids(books, ["cus_1", "cus_2"]) == {"cus_1": 2, "cus_2": 2}
    say(books, "cus_1", netsuite_customer_id="404")
    accept(books, "invoices", {"id": "in_1", "lines": LINE})
    found = given(books)
    assert ("cus_1" in found.known, [row.id for row in found.rows.customers]) == (False, ["cus_1"])
    assert journal.netsuite_ids(books, ["cus_1"]) == {}
    plan = make_plan(Policy(), found.rows, found.known)
    assert {item.code for item in plan.refusals if item.customer_id == "cus_1"} == {"CUSTOMER_NAMED"}


def test_documents_may_stand_under_the_own_and_the_named_customer(books):
    """What was written before the metadata was set stays where it is; a third customer is a gap."""
    ledger_customer(books, 3, None)
    say(books, "cus_1", netsuite_customer_id="3")
    accept(books, "invoices", {"id": "in_3"}, {"id": "in_4"})
    documents = [ledger_document(n, stripe_ref=f"in_{n}", entity_id=entity) for n, entity in ((1, 1), (3, 3), (4, 2))]
    mirror(books, documents)
    reconcile(books)
    assert {gap.stripe_id for gap in list_gaps(books) if gap.kind == "customer_mismatch"} == {"in_4"}


def test_in_mode_global_every_document_stands_under_the_common_customer(books):
    """Also one under the customer's own is a gap then; the common one needs no Stripe id."""
    ledger_customer(books, 9, None)
    accept(books, "credit_notes", {"id": "cn_1"}, {"id": "cn_2"})
    mirror(
        books,
        [
            ledger_document(1, stripe_ref="in_1", entity_id=9),
            ledger_document(2, stripe_ref="in_2", entity_id=2),
            ledger_document(3, "creditMemo", stripe_ref="cn_1", entity_id=9),
            ledger_document(4, "creditMemo", stripe_ref="cn_2", entity_id=1),
        ],
    )
    policy = Policy.model_validate({"customers": {"mode": "global", "global": 9}})
    for full in (False, True):
        reconcile(books, policy, full=full)
        wrong = {gap.stripe_id for gap in list_gaps(books) if gap.kind == "customer_mismatch"}
        assert wrong == {"in_2", "cn_2"}


def test_the_common_customer_is_found_by_id_or_by_a_name_of_its_own(books):
    """Two of the same name are none."""
    with raw_cursor(books) as cursor:
        assert metadata.common_customer(cursor, "2") == 2
        assert metadata.common_customer(cursor, "customer 1") == 1
        cursor.execute("UPDATE o2c.netsuite_customers SET name = 'Same'")
        assert metadata.common_customer(cursor, "Same") is None
    assert journal.netsuite_ids(books, ["global:2", "global:Nobody"]) == {"global:2": 2}


def test_metadata_comes_in_with_its_object_and_goes_with_it(engine):
    """Validation keeps what the newest payload says, in the transaction that accepts it."""

    def store(values: dict[str, str]) -> None:
        payload = {"id": "cus_1", "object": "customer", "created": 1_790_000_000, "metadata": values}
        gate.admit(engine, [gate.StripeObject.of(payload, MOMENT)], proven=True)
        batch = rows.pending(engine, "customer", 10)
        values_ = ("cus_1", "Ann", None, False, MOMENT, "{}")
        rows.accept(engine, "customers", [values_], [], batch)

    def kept() -> list[Any]:
        with engine.begin() as connection:
            return list(connection.execute(text("SELECT name, value, netsuite_id FROM o2c.stripe_metadata")))

    store({"netsuite_customer_id": " 12 ", "note": "x"})
    assert kept() == [("netsuite_customer_id", "12", 12)]
    store({"netsuite_customer_id": "twelve"})
    assert kept() == [("netsuite_customer_id", "twelve", None)]
    store({})
    assert kept() == []


def test_objects_that_were_stored_before_are_validated_again(empty_database):
    """Metadata of an earlier version's objects counts from the migration on; the others are left alone."""
    with empty_database() as url:
        before = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
        with before.connect() as connection:
            connection.execute(text("CREATE SCHEMA o2c"))
            connection.commit()
            command.upgrade(_config(connection), "0006")
            for key, said in (("cus_1", '{"netsuite_customer_id": "7"}'), ("cus_2", '{"netsuiteXid": "7"}')):
                connection.execute(
                    text(
                        "INSERT INTO o2c.stripe_objects (id, object, created_at, read_at, payload_hash, validated_hash,"
                        " payload) VALUES (:id, 'customer', now(), now(), 'x', 'x', CAST(:payload AS json))"
                    ),
                    {"id": key, "payload": f'{{"metadata": {said}}}'},
                )
            connection.commit()
        migrate(before)
        before.dispose()
        opened = open_database(url)
        assert [item.id for item in rows.pending(opened, "customer", 10)] == ["cus_1"]
        opened.dispose()
