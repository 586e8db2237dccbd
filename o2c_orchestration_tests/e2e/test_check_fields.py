"""The preflight of fields and templates: what o2c.yaml fills is in NetSuite's catalog, and its items are there."""

from typing import Any

import pytest

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.preflight.catalog import catalog
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration_tests.contract.test_client_netsuite_read import failure, reader
from o2c_orchestration_tests.e2e.cli_fixtures import World
from o2c_orchestration_tests.e2e.test_check import look, world
from o2c_orchestration_tests.wire_fake import Reply, WireFake

__all__ = ["world"]

TEXT = {"type": "string", "nullable": True}


def test_fields_that_the_account_has_are_no_finding(world: World) -> None:
    """Custom ones of a header and of lines, standard ones, those of revenue recognition and of payments' deposits."""
    dates = {"start_field": "custcol_service_start", "end_field": "custcol_service_end"}
    mapping = {
        "invoice": {
            "header": {"custbody_note": "number", "dueDate": {"source": "due_date"}},
            "lines": {"custcol_product": "id"},
        },
        "customer": {"header": {"custentity_tier": "id"}},
        "deposit": {"lines": {"refNum": "id"}},
        "payment": {"header": {"checkNumber": "id"}},
    }
    found = look(world, mapping=mapping, revenue=dates, reversals={"uninvoiced": "deposit"})
    assert [what for what in found if what.endswith(" fields") and what.startswith("NetSuite ")] == []


def test_a_field_that_the_account_does_not_have_is_told_before_a_document_fails(world: World) -> None:
    """Of invoices by header and line, of whatever revenue recognition fills; with the nearest one that is there."""
    mapping = {
        "invoice": {"header": {"custbody_notes": "number"}, "lines": {"custcol_produkt": "id"}},
        "payment": {"header": {"custbody_elsewhere": "id"}},
    }
    dates = {"start_field": "custcol_service_began", "end_field": "custcol_service_end"}
    found = look(world, mapping=mapping, revenue=dates)
    invoice, memo = found["NetSuite invoice fields"], found["NetSuite creditMemo fields"]
    assert (invoice.ok, memo.ok) == (False, False)
    assert "custbody_notes (did you mean 'custbody_note'?)" in invoice.detail
    assert "item[].custcol_produkt (did you mean 'item[].custcol_product'?)" in invoice.detail
    assert "item[].custcol_service_began" in memo.detail
    assert ", item[].custcol_service_end" not in memo.detail
    assert "custbody_elsewhere" in found["NetSuite customerPayment fields"].detail
    assert "NetSuite customerDeposit fields" not in found
    assert "refuses each document" in invoice.otherwise
    assert "invoice" in found["NetSuite records"].detail


def of_catalog(properties: dict[str, Any], policy: dict[str, Any]) -> list[Finding]:
    """Findings where the catalog has these fields of invoices and shows nothing else."""
    with WireFake(
        lambda seen: (
            Reply(200, {"type": "object", "properties": properties})
            if seen.path.endswith("/invoice")
            else failure(404, "NONEXISTENT_ID", "The record type is not available.")
        )
    ) as fake:
        found = catalog(reader(fake.base_url), Policy.model_validate(policy))
        return [each for each in found if each.what == "NetSuite invoice fields"]


LINES = {"type": "object", "properties": {"items": {"type": "array", "items": {"type": "object", "properties": {}}}}}
NOTE = {"mapping": {"invoice": {"header": {"custbody_note": "number"}}}}
LINE = {"mapping": {"invoice": {"lines": {"custcol_x": "id"}}}}


@pytest.mark.parametrize(
    ("properties", "policy", "ok"),
    [
        ({"memo": TEXT, "custbody_other": TEXT}, NOTE, False),
        ({"memo": TEXT}, NOTE, None),
        ({"memo": TEXT, "custbody_other": TEXT}, {"mapping": {"invoice": {"header": {"fob": "number"}}}}, None),
        ({}, NOTE, "nothing"),
        ({"memo": TEXT, "item": {"$ref": "/services/rest/record/v1/metadata-catalog/x"}}, LINE, "nothing"),
        ({"memo": TEXT, "item": LINES}, LINE, "nothing"),
    ],
)
def test_what_the_catalog_does_not_tell_is_not_made_up(properties: Any, policy: Any, ok: bool | str | None) -> None:
    """Wrong only where other custom fields show that they are told; a sublist that is not described says nothing."""
    found = of_catalog(properties, policy)
    assert [each.ok for each in found] == ([] if ok == "nothing" else [ok])


def test_templates_are_of_items_that_are_there(world: World) -> None:
    """By name whatever its letters, or id; the templates' own ids nobody can check, and they are told as such."""
    templates = {"template_field": "custcol_revenue_template", "templates": {"stripe item": 7, "Gold Plan": 8}}
    found = look(world, revenue=templates)
    assert found["revenue.templates.stripe item"].ok
    gone = found["revenue.templates.Gold Plan"]
    assert (gone.ok, gone.detail) == (False, "NetSuite has no item 'Gold Plan'")
    assert "without this template" in gone.otherwise
    assert "revenue.templates.Gold Plan 8" in found["mapping ids"].detail


def test_differences_are_on_revenue_or_an_expense(world: World) -> None:
    """What an allowed difference is booked on is no place to hide money in."""
    policy = {"tolerances": {"account": "Checking"}, "accounts": {"bank": {"usd": "Checking EUR"}}}
    odd = look(world, **policy)["tolerances.account"]
    assert (odd.ok, odd.mark) == (None, "hint")
    assert "of type Bank, not revenue or an expense" in odd.detail
