"""The preflight of internal ids in the mapping, and of subsidiaries: whatever is named is there, and may be used."""

import json
from typing import Any

import pytest
import requests

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.preflight.facts import Facts, record_finding
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration_tests.contract.test_client_netsuite_read import reader
from o2c_orchestration_tests.e2e.cli_fixtures import World
from o2c_orchestration_tests.e2e.test_check import look, world
from o2c_orchestration_tests.e2e.test_check_netsuite import Changed, changed, inactive
from o2c_orchestration_tests.wire_fake import Reply, Seen, WireFake

__all__ = ["changed", "world"]

ID = {"reference": "id"}


def test_an_id_in_a_standard_field_is_looked_up(world: World, changed: Changed) -> None:
    """The field says what it is of: terms, a class by id, an employee. There, not there, inactive: under its key."""
    requests.post(f"{world.base_url}/_sandbox/netsuite/employees", json={"id": 9, "email": "a@b.example"}, timeout=9)
    header = {
        "terms": {"lookup": "days", "by": "metadata.days", "default": 2},
        "class": {"constant": "1", **ID},
        "location": {"constant": "77", **ID},
        "salesRep": 9,
    }
    mapping = {
        "tables": {"days": {"30": 2, "90": 7}},
        "invoice": {"header": header},
        "customer": {"header": {"receivablesAccount": 4}},
        "payment": {"header": {"department": {"constant": "88", **ID}}},
    }
    found = look(world, mapping=mapping)
    assert found["mapping.tables.days.30"].detail == "2 is NetSuite term 2"
    assert found["mapping.invoice.header.class"].ok
    wrong = {what: each for what, each in found.items() if each.ok is False}
    assert {what: each.detail.partition(",")[0] for what, each in wrong.items()} == {
        "mapping.tables.days.90": "NetSuite has no term 7",
        "mapping.invoice.header.location": "NetSuite has no location 77",
        "mapping.invoice.header.salesRep": "9 is NetSuite employee 9",
        "mapping.customer.header.receivablesAccount": "4 is NetSuite account 4",
        "mapping.payment.header.department": "NetSuite has no department 88",
    }
    assert "no sales representative" in wrong["mapping.invoice.header.salesRep"].detail
    assert "of type Income, not AcctRec" in wrong["mapping.customer.header.receivablesAccount"].detail
    assert "under mapping.tables.days.90 in o2c.yaml" in wrong["mapping.tables.days.90"].to_do
    for each in wrong.values():
        assert "invalid_reference" in each.otherwise
    inactive(changed, "term", "2")
    gone = look(world, mapping=mapping)["mapping.tables.days.30"]
    assert (gone.ok, "which is inactive" in gone.detail) == (False, True)


def test_ids_that_nobody_can_check_are_told_as_such(world: World) -> None:
    """Forms, and custom fields by id: one hint that names them all, instead of silence."""
    rule = {"constant": 5, **ID}
    mapping = {"invoice": {"header": {"customForm": 101, "custbody_x": rule}, "lines": {"custcol_y": rule}}}
    found = look(world, mapping=mapping)["mapping ids"]
    assert (found.ok, found.mark) == (None, "hint")
    for key in ("invoice.header.customForm 101", "invoice.header.custbody_x 5", "invoice.lines.custcol_y 5"):
        assert f"mapping.{key}" in found.detail
    assert "mapping ids" not in look(world)


@pytest.mark.parametrize("answer", ["refused", "empty"])
def test_of_a_kind_that_netsuite_does_not_show_nothing_is_made_up(answer: str) -> None:
    """Who may not see employees gets an empty table, or a refusal: that proves nothing of one of them."""
    shown: dict[str, Any] = {"items": [], "count": 0, "hasMore": False, "totalResults": 0, "offset": 0, "links": []}
    no = {"status": 400, "o:errorDetails": [{"detail": "Invalid search query.", "o:errorCode": "INVALID_PARAMETER"}]}
    with WireFake(lambda seen: Reply(200, shown) if answer == "empty" else Reply(400, no)) as fake:
        assert Facts(reader(fake.base_url)).records("employee", ["7"]) is None


def test_what_another_subsidiary_has_cannot_be_used(world: World, changed: Changed) -> None:
    """Any account, and classes, departments, locations by name and id; those of a parent with its children can."""
    mapping = {
        "invoice": {
            "header": {"class": "Software", "location": {"constant": "2", **ID}},
            "lines": {"department": "Sales"},
        }
    }
    keys = {"account": "accounts.fee", "class": "mapping.invoice.header.class"}
    keys |= {"location": "mapping.invoice.header.location", "department": "mapping.invoice.lines.department"}
    ids = {"account": "7", "class": "1", "location": "2", "department": "1"}
    assert all(look(world, mapping=mapping)[key].ok for key in keys.values())
    for kind, identifier in ids.items():
        record = {"recordType": kind, "id": identifier}
        back = {**record, "subsidiary": "1" if kind == "account" else None}
        changed("restrict", {**record, "subsidiary": "2", "children": False}, back)
    found = look(world, mapping=mapping)
    for key in keys.values():
        assert found[key].ok is False, key
        assert "which belongs to subsidiary 2, not 1" in found[key].detail
        assert "refuses each document" in found[key].otherwise


# Subsidiary 3 is a child of 2, which is one of 1.
GROUP = [{"id": "1", "inactive": "F"}, {"id": "2", "inactive": "F", "parent": "1"}]
GROUP += [{"id": "3", "inactive": "F", "parent": "2"}]


@pytest.mark.parametrize(
    ("told", "children", "parents", "mark"),
    [
        ("3", "F", True, "ok"),
        ("1, 3", "F", True, "ok"),
        ("1", "T", True, "ok"),
        ("2", "T", True, "ok"),
        ("4", "T", True, "WRONG"),
        ("1", "F", True, "WRONG"),
        ("1", None, True, "hint"),
        ("4", None, True, "WRONG"),
        ("1", "T", False, "ok"),
        ("1", None, False, "hint"),
        ("1", "F", False, "WRONG"),
        ("Parent Company", "F", True, "ok"),
        (None, "F", True, "ok"),
    ],
)
def test_a_parents_records_are_open_to_its_children(
    told: str | None, children: str | None, parents: bool, mark: str
) -> None:
    """Wrong only where it is certain: who is whose parent, and what includes children, NetSuite may not tell."""

    def answer(seen: Seen) -> Reply:
        if not parents and "parent" in json.loads(seen.body)["q"]:
            return Reply(400, {"status": 400, "o:errorDetails": [{"detail": "no", "o:errorCode": "INVALID_PARAMETER"}]})
        rows = [dict(each) if parents else {"id": each["id"], "inactive": "F"} for each in GROUP]
        return Reply(200, {"items": rows, "count": 3, "hasMore": False, "totalResults": 3, "offset": 0, "links": []})

    with WireFake(answer) as fake:
        client: NetSuiteReader = reader(fake.base_url)
        row = {"subsidiary": told, "children": children}
        found = record_finding(Facts(client), Finding("accounts.fee", True, "x"), "account", row, "3")
    assert found.mark == mark
