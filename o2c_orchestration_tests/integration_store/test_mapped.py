"""Metadata that a mapping names: kept with the keys that it was read for, and read back for those rows that need it."""

from typing import Any

import pytest
from sqlalchemy import Engine

from o2c_orchestration.domain.mapping_sources import KEPT_FOR, Person
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.policy_mapping import Mappings
from o2c_orchestration.extract.redact import redact
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.mapped import note, replace, stale
from o2c_orchestration.store.plan_rows import plan_input
from o2c_orchestration_tests.integration_store.builders import DAY, accept, ledger_customer, ledger_document, mirror

MAPPING = Mappings.model_validate(
    {
        "invoice": {
            "header": {
                "custbody_a": {"source": "metadata.region"},
                "custbody_b": {"source": "customer.metadata.tier"},
                "custbody_c": {"source": "subscription.metadata.plan"},
                "custbody_d": {"source": "customer.name"},
            },
            "lines": {"custcol_a": {"source": "line.metadata.team"}, "custcol_b": {"source": "line.price.metadata.gl"}},
        }
    }
)
INVOICE = {
    "id": "in_1",
    "object": "invoice",
    "metadata": {"region": " EU ", "private": "x", "netsuite_invoice_id": "5"},
    "parent": {"type": "x", "subscription_details": {"metadata": {"plan": "gold", "secret": "y"}}},
    "lines": {"data": [{"id": "il_1", "metadata": {"team": "north", "z": "z"}}, {"id": "il_2", "metadata": {}}]},
}
LINES = (
    '[{"id": "il_1", "description": "Seats", "amount_minor": 60, "price_id": "price_1"},'
    ' {"id": "il_2", "description": "More", "amount_minor": 40}]'
)


def keep(engine: Engine, payload: dict[str, Any], mapping: Mappings = MAPPING) -> None:
    """An object as it was read under a mapping, kept as its validation keeps it."""
    with raw_cursor(engine) as cursor:
        replace(cursor, [payload["id"]], [note(payload["id"], redact(payload, mapping.kept))])


def sources(engine: Engine, mapping: Mappings = MAPPING) -> Any:
    return plan_input(engine, DAY, DAY, "Suspense", mapping=mapping).rows.sources


@pytest.fixture
def books(engine: Engine) -> Engine:
    """An invoice with two lines."""
    accept(engine, "customers", {"id": "cus_1", "name": "Ann", "email": "ann@example.com"})
    accept(engine, "invoices", {"id": "in_1", "lines": LINES})
    return engine


def test_only_what_is_named_is_kept_where_it_is_named():
    """A key of invoices is none of customers; what the connector reads stays."""
    kept = redact(INVOICE, MAPPING.kept)
    assert {"region": " EU ", "netsuite_invoice_id": "5"} == kept["metadata"]
    assert {"plan": "gold"} == kept["parent"]["subscription_details"]["metadata"]
    assert [{"team": "north"}, {}] == [line["metadata"] for line in kept["lines"]["data"]]
    assert ["line:team", "metadata:region", "subscription:plan"] == kept[KEPT_FOR]
    customer = {"id": "cus_1", "object": "customer", "metadata": {"region": "EU", "tier": "gold"}}
    assert {"tier": "gold"} == redact(customer, MAPPING.kept)["metadata"]


def test_without_a_mapping_nothing_is_noted():
    """Payloads stay what they were, so that nothing is stored anew."""
    kept = redact(INVOICE, Policy().mapping.kept)
    assert KEPT_FOR not in kept
    assert {"netsuite_invoice_id": "5"} == kept["metadata"]
    assert note("in_1", kept) is None


def test_the_planner_gets_what_it_was_kept_for(books):
    """Trimmed; a key that is not there is told apart from one that was never looked for."""
    keep(books, INVOICE)
    keep(books, {"id": "cus_1", "object": "customer", "metadata": {}})
    keep(books, {"id": "price_1", "object": "price", "metadata": {"gl": "4000"}})
    found = sources(books)
    assert {"metadata.region": "EU", "subscription.metadata.plan": "gold"} == found.metadata["in_1"]
    assert {"metadata.tier": None} == found.metadata["cus_1"]
    assert {"metadata.team": "north"} == found.metadata["il_1"]
    assert {"metadata.team": None} == found.metadata["il_2"]
    assert {"metadata.gl": "4000"} == found.metadata["price_1"]
    assert {"cus_1": Person("Ann", "ann@example.com")} == found.people
    assert {} == sources(books, Mappings()).metadata
    assert {} == sources(books, Mappings()).people


def test_a_line_of_a_credit_note_has_what_its_invoice_line_says(books):
    """The invoice was read, and the note's lines have ids of their own."""
    lines = '[{"id": "cnli_1", "description": "Seats", "amount_minor": 60, "origin": "il_1"}]'
    accept(books, "credit_notes", {"id": "cn_1", "lines": lines})
    keep(books, INVOICE)
    with raw_cursor(books) as cursor:
        cursor.execute("UPDATE o2c.invoices SET status = 'draft'")
    found = sources(books).metadata
    assert ({"metadata.team": "north"}, False) == (found["il_1"], "cnli_1" in found)


def test_what_it_says_changes_with_the_object(books):
    """A newer read replaces it; one that was kept for nothing takes it away."""
    keep(books, INVOICE)
    keep(books, {**INVOICE, "metadata": {}})
    assert None is sources(books).metadata["in_1"]["metadata.region"]
    keep(books, INVOICE, Mappings())
    assert {} == sources(books).metadata


def test_what_was_read_before_a_key_was_named_is_found(books):
    """Invoices and customers of the days, and no others; once they are read again nothing is."""
    assert {"customer": [], "invoice": [], "price": []} == stale(books, MAPPING.kept, DAY, DAY, None)
    with raw_cursor(books) as cursor:
        cursor.execute(
            """INSERT INTO o2c.stripe_objects (id, object, created_at, status, read_at, payload_hash, payload, account)
               SELECT id, object, now(), '', now(), '\\x00', '{}', 'main'
               FROM (VALUES ('in_1', 'invoice'), ('cus_1', 'customer')) o (id, object)"""
        )
    assert {"customer": ["cus_1"], "invoice": ["in_1"], "price": []} == stale(books, MAPPING.kept, DAY, DAY, None)
    keep(
        books, INVOICE, Mappings.model_validate({"invoice": {"header": {"custbody_a": {"source": "metadata.region"}}}})
    )
    assert ["in_1"] == stale(books, MAPPING.kept, DAY, DAY, None)["invoice"]
    keep(books, INVOICE)
    keep(books, {"id": "cus_1", "object": "customer", "metadata": {}})
    assert {"customer": [], "invoice": [], "price": []} == stale(books, MAPPING.kept, DAY, DAY, None)


def test_a_shadow_plan_reads_what_is_written_already(books):
    """As if nothing of these days was there, and everything that they lean on was."""
    ledger_customer(books, 1, "cus_1")
    other = ledger_document(54, stripe_ref="in_0", linked_by="external_id", remaining_minor=0)
    mirror(books, [other, ledger_document(55, stripe_ref="in_1", linked_by="external_id")])
    accept(books, "payments", {"id": "ch_1", "payment_intent": "pi_1"})
    accept(books, "invoice_payments", {"id": "inpay_1", "invoice_id": "in_0", "payment_intent": "pi_1"})
    plain = plan_input(books, DAY, DAY, "Suspense")
    shadow = plan_input(books, DAY, DAY, "Suspense", shadow=True)
    assert ([], ["in_1"]) == ([row.id for row in plain.rows.invoices], [row.id for row in shadow.rows.invoices])
    assert ([], ["cus_1"]) == ([row.id for row in plain.rows.customers], [row.id for row in shadow.rows.customers])
    assert {"in_0"} == set(shadow.known)
    assert ("54", None) == (shadow.known["in_0"].netsuite_id, shadow.known["in_0"].remaining_minor)
