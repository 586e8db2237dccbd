"""Drift of what NetSuite and Salesforce tell of their records: from answers on the wire to what people are told."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from o2c_orchestration.domain.described import DESCRIBED, RECORDS, mapped_fields, record_shape
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.store import drift as store
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.validate import drift
from o2c_orchestration.validate.described import learn_objects, learn_records
from o2c_orchestration_tests.contract.test_client_netsuite_read import failure, reader
from o2c_orchestration_tests.contract.test_client_salesforce import reader as salesforce_reader
from o2c_orchestration_tests.contract.test_client_salesforce import token
from o2c_orchestration_tests.wire_fake import Reply, Seen, WireFake

INVOICE = "netsuite_record_invoice"
_TEXT = {"type": "string", "nullable": True}
_RECORD = {"type": "object", "properties": {"id": _TEXT, "refName": _TEXT}}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "links": {"type": "array", "items": {"$ref": "/services/rest/record/v1/metadata-catalog/nsLink"}},
        "externalId": _TEXT,
        "otherRefNum": _TEXT,
        "tranDate": {"type": "string", "format": "date", "nullable": True},
        "class": _RECORD,
        "custbody_region": _RECORD,
        "item": {
            "type": "object",
            "properties": {
                "items": {"type": "array", "items": {"type": "object", "properties": {"amount": {"type": "number"}}}}
            },
        },
    },
}


def learned(engine: Engine, schema: dict[str, Any]) -> None:
    """One look at the catalog, which tells of invoices alone."""

    def answer(seen: Seen) -> Reply:
        known = seen.path.endswith("/invoice")
        return Reply(200, schema) if known else failure(404, "NONEXISTENT_RECORD_TYPE", "There is no such record.")

    with WireFake(answer) as fake:
        learn_records(engine, reader(fake.base_url))


def days_pass(engine: Engine) -> None:
    with raw_cursor(engine) as cursor:
        for table, columns in {
            "objects": ("began_at", "looked_at"),
            "fields": ("first_seen_at", "last_seen_at"),
        }.items():
            for column in columns:
                cursor.execute(f"UPDATE o2c.seen_{table} SET {column} = {column} - interval '3 days'")


def told(engine: Engine, kind: str = INVOICE, **mapped: Any) -> list[tuple[str, str, bool]]:
    return [(each.kind, each.key, each.read) for each in drift.look(engine, kind, **mapped)]


def changed(*gone: str, **new: Any) -> dict[str, Any]:
    made = copy.deepcopy(SCHEMA)
    for name in gone:
        del made["properties"][name]
    made["properties"] |= new
    return made


def test_the_first_look_and_the_same_again_tell_nothing(engine: Engine) -> None:
    """What a company has is no drift, and asking for the report learns nothing by itself."""
    assert [each for kind in DESCRIBED for each in drift.look(engine, kind)] == []
    days_pass(engine)
    for _ in range(3):
        learned(engine, SCHEMA)
        days_pass(engine)
    assert told(engine) == []
    assert store.catalogue(engine, INVOICE, drift.RECORD_VERSION).objects == 3


def test_new_fields_are_told_until_somebody_has_looked(engine: Engine) -> None:
    """Of the header and of lines, by name; what is accepted is told no more."""
    learned(engine, SCHEMA)
    days_pass(engine)
    more = changed(custbody_contract=_TEXT)
    more["properties"]["item"]["properties"]["items"]["items"]["properties"]["custcol_seats"] = {"type": "integer"}
    learned(engine, more)
    assert told(engine) == [
        ("new", f"{INVOICE}.custbody_contract", False), ("new", f"{INVOICE}.item[].custcol_seats", False)]  # fmt: skip
    store.accept(engine, drift.look(engine, INVOICE), "ann", "ours")
    assert told(engine) == []


def test_a_field_that_is_gone_is_told_at_once_and_back_again_no_more(engine: Engine) -> None:
    """One look is enough; that our documents fill it, or o2c.yaml does, is said and comes first."""
    learned(engine, SCHEMA)
    days_pass(engine)
    learned(engine, changed("custbody_region", "otherRefNum"))
    assert told(engine) == [
        ("missing", f"{INVOICE}.otherRefNum", True), ("missing", f"{INVOICE}.custbody_region", False)]  # fmt: skip
    policy = Policy.model_validate(
        {"mapping": {"invoice": {"header": {"custbody_region": 5}, "lines": {"class": "A"}}}}
    )
    mapped = mapped_fields([policy.mapping])
    assert mapped == {INVOICE: {"custbody_region", "item[].class"}}
    assert [each.read for each in drift.report(engine, [INVOICE], mapped)] == [True, True]
    days_pass(engine)
    learned(engine, SCHEMA)
    assert told(engine) == []


def test_another_type_and_another_place_are_told(engine: Engine) -> None:
    """A list that became text; a class that is of lines now and no more of the document."""
    learned(engine, SCHEMA)
    days_pass(engine)
    other = changed("class", "custbody_region", custbody_region=_TEXT)
    other["properties"]["item"]["properties"]["items"]["items"]["properties"]["class"] = _RECORD
    learned(engine, other)
    found = {each.kind: each for each in drift.look(engine, INVOICE)}
    assert {kind: each.path for kind, each in found.items()} == {"moved": "class", "retyped": "custbody_region"}
    assert found["moved"].what.endswith("is now at item[].class")
    assert found["retyped"].what == "is string, and was object"
    days_pass(engine)
    learned(engine, SCHEMA)
    assert [each.key for each in drift.look(engine, INVOICE) if each.kind != "missing"] == []


def test_a_day_has_one_look(engine: Engine) -> None:
    """However many runs there are; a system that does not answer leaves what is known as it is."""
    learned(engine, SCHEMA)
    learned(engine, changed("class"))
    assert (store.catalogue(engine, INVOICE, drift.RECORD_VERSION).objects, told(engine)) == (1, [])
    days_pass(engine)
    with WireFake(failure(403, "INSUFFICIENT_PERMISSION", "No.")) as fake:
        learn_records(engine, reader(fake.base_url))
        assert len({each.path for each in fake.seen}) == len(RECORDS)
    assert told(engine) == []


def test_a_system_that_is_down_is_asked_for_one_record(engine: Engine) -> None:
    """Each would wait out its retries, and a run with them."""
    with WireFake(Reply(503, {"title": "Service Unavailable", "status": 503})) as fake:
        learn_records(engine, reader(fake.base_url))
        assert len({each.path for each in fake.seen}) == 1
    assert store.catalogue(engine, INVOICE, drift.RECORD_VERSION).objects == 0


@pytest.fixture
def org() -> Iterator[tuple[WireFake, dict[str, str]]]:
    """An org whose accounts have the fields that the test says."""
    fields = {"Id": "id", "Name": "string", "Stripe_Customer_Id__c": "string", "O2C_Open__c": "currency"}

    def answer(seen: Seen) -> Reply:
        if seen.path.endswith("/describe"):
            return Reply(200, {"fields": [{"name": name, "type": kind} for name, kind in fields.items()]})
        return token()

    with WireFake(answer) as fake:
        yield fake, fields


def test_salesforce_tells_its_fields_the_same_way(engine: Engine, org: tuple[WireFake, dict[str, str]]) -> None:
    """New, gone and retyped fields of an object; one that we read or write comes first."""
    fake, fields = org
    salesforce = salesforce_reader(fake.base_url)
    learn_objects(engine, salesforce, ["Account"])
    days_pass(engine)
    del fields["Stripe_Customer_Id__c"]
    fields |= {"Region__c": "picklist", "O2C_Open__c": "string"}
    learn_objects(engine, salesforce, ["Account"])
    kind = "salesforce_object_account"
    assert told(engine, kind) == [
        ("missing", f"{kind}.Stripe_Customer_Id__c", True), ("retyped", f"{kind}.O2C_Open__c", True),
        ("new", f"{kind}.Region__c", False)]  # fmt: skip


def test_sublists_that_are_only_named_have_no_lines() -> None:
    """A catalog may point to what lines look like instead of saying it."""
    tally = record_shape({"properties": {"item": {"$ref": "/x"}, "rate": {"type": "number", "format": "double"}}})
    assert dict(tally.types) == {("item", "object"): 1, ("rate", "double"): 1}


STAGES = ("Prospecting", "Closed Won", "Closed Lost")


def stages(*values: str, inactive: tuple[str, ...] = (), kind: str = "picklist") -> dict[str, Any]:
    choices = [{"value": value, "active": value not in inactive} for value in (*values, *inactive)]
    return {"name": "StageName", "type": kind, "picklistValues": choices}


def looked_at(engine: Engine, *fields: dict[str, Any], **more: Any) -> list[tuple[str, str, bool]]:
    """One look at opportunities with these fields, and what is told of them then."""
    reply = Reply(200, {"fields": [{"name": "Id", "type": "id"}, *fields]})
    with WireFake(lambda seen: reply if seen.path.endswith("/describe") else token()) as fake:
        days_pass(engine)
        learn_objects(engine, salesforce_reader(fake.base_url), ["Opportunity"], **more)
    return told(engine, DEALS)


DEALS = "salesforce_object_opportunity"


def test_new_and_removed_choices_of_picklists_that_we_read_are_told(engine: Engine) -> None:
    """By name, blanks and all, before a record has one or a write is refused; one that is inactive is none; what comes
    back is told no more."""
    assert looked_at(engine, stages(*STAGES)) == []
    assert looked_at(engine, stages(*STAGES, "Won (Legal)")) == [("new_value", f"{DEALS}.StageName=Won (Legal)", True)]
    found = looked_at(engine, stages(*STAGES[:2], "Won (Legal)", inactive=("Closed Lost",)))
    assert found == [
        ("gone_value", f"{DEALS}.StageName=Closed Lost", True),
        ("new_value", f"{DEALS}.StageName=Won (Legal)", True),
    ]
    assert {each.what for each in drift.look(engine, DEALS)} == {
        "'Closed Lost' can be chosen no more", "'Won (Legal)' can be chosen now"}  # fmt: skip
    store.accept(engine, drift.look(engine, DEALS), "ann", "as agreed")
    assert told(engine, DEALS) == []
    assert looked_at(engine, stages(*STAGES, "Won (Legal)")) == []


def test_what_may_be_chosen_is_learned_when_it_is_first_looked_at(engine: Engine) -> None:
    """An installation that has known the fields for long, and a field that o2c.yaml names only now: no news; nor is
    what is looked at no more, nor that the field itself is gone or of another type."""
    industry = {"name": "Industry", "type": "picklist", "picklistValues": [{"value": "Retail", "active": True}]}
    assert looked_at(engine, {"name": "StageName", "type": "picklist"}, industry) == []
    assert looked_at(engine, stages(*STAGES), industry) == []
    further = {DEALS: {"Industry"}}
    assert looked_at(engine, stages(*STAGES), industry, further=further) == []
    grown = {**industry, "picklistValues": [*industry["picklistValues"], {"value": "Energy", "active": True}]}
    assert looked_at(engine, stages(*STAGES), grown, further=further) == [
        ("new_value", f"{DEALS}.Industry=Energy", False)]  # fmt: skip
    assert looked_at(engine, stages(*STAGES), grown) == []
    assert looked_at(engine, stages(kind="string"), grown) == [("retyped", f"{DEALS}.StageName", True)]
    assert looked_at(engine, grown) == [("missing", f"{DEALS}.StageName", True)]


def test_a_field_that_is_not_told_of_may_be_hidden(engine: Engine) -> None:
    """A description leaves out what we may not see and does not say so: both are said, and where one sees which."""
    looked_at(engine, stages(*STAGES))
    looked_at(engine)
    (missing,) = drift.look(engine, DEALS)
    assert missing.what.startswith(
        "is not told of any more: deleted, or hidden from us. In Setup, Object Manager, Opportun"
    )
    assert "field-level security" in missing.what
    learned(engine, SCHEMA)
    days_pass(engine)
    learned(engine, changed("custbody_region"))
    (missing,) = drift.look(engine, INVOICE)
    assert "hidden from us" in missing.what
    assert "Access tab" in missing.what


def with_choices(**choices: list[str]) -> dict[str, Any]:
    """The catalog's two ways to say what may be chosen; those of the posting of an invoice are nobody's."""
    fields: dict[str, Any] = {name: {"type": "string", "enum": values} for name, values in choices.items()}
    fields["status"] = {**_RECORD, "properties": {**_RECORD["properties"], "id": {**_TEXT, "enum": choices["terms"]}}}
    return changed(**fields)


def test_choices_of_netsuites_lists_are_told_where_its_catalog_has_them(engine: Engine) -> None:
    """Of fields that our documents or o2c.yaml fill, as text or as the id of a reference."""
    further = {INVOICE: {"terms", "custbody_desk"}}

    def look_at(**choices: list[str]) -> list[tuple[str, str, bool]]:
        days_pass(engine)
        answer = Reply(200, with_choices(**choices))
        no = failure(404, "NONEXISTENT_RECORD_TYPE", "There is no such record.")
        with WireFake(lambda seen: answer if seen.path.endswith("/invoice") else no) as fake:
            learn_records(engine, reader(fake.base_url), further)
        return told(engine, mapped=further[INVOICE])

    assert look_at(terms=["1", "2"], custbody_desk=["A"]) == []
    assert look_at(terms=["1", "3"], custbody_desk=["A"]) == [
        ("gone_value", f"{INVOICE}.terms=2", True), ("new_value", f"{INVOICE}.terms=3", True)]  # fmt: skip
    assert [each.path for each in store.catalogue(engine, INVOICE, drift.RECORD_VERSION).values] == [
        "custbody_desk", "terms", "terms", "terms"]  # fmt: skip
    shown = record_shape(with_choices(terms=["1"]), {"status"})
    assert dict(shown.values) == {("status", "1"): 1}
