"""The package for Salesforce defines the fields that the program reads and writes, and lets it do no more."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from o2c_orchestration.domain.salesforce_fields import BILLING, READ, WRITTEN

PACKAGE = Path(__file__).parents[2] / "salesforce" / "force-app" / "main" / "default"
SPACE = "{http://soap.sforce.com/2006/04/metadata}"
# Salesforce's own order of external ids: what a record is found by when it is upserted.
KEYS = {"O2C_Invoice__c": "Stripe_Invoice_Id__c", "O2C_Payment__c": "Stripe_Charge_Id__c"}


def field(kind: str, name: str) -> ElementTree.Element:
    return ElementTree.parse(PACKAGE / "objects" / kind / "fields" / f"{name}.field-meta.xml").getroot()


def told(element: ElementTree.Element, tag: str) -> str | None:
    found = element.find(f"{SPACE}{tag}")
    return None if found is None else found.text


def defined() -> set[tuple[str, str]]:
    return {(path.parent.parent.name, path.name.split(".")[0]) for path in PACKAGE.glob("objects/*/fields/*.xml")}


def used() -> set[tuple[str, str]]:
    every = [*READ.items(), *WRITTEN.items()]
    return {(kind, name) for kind, names in every for name in names if name.endswith("__c")}


def test_what_is_used_is_defined_and_nothing_else():
    """No field of ours that the program does not know, none that it uses and the package lacks."""
    assert defined() == used()


@pytest.mark.parametrize(("kind", "name"), sorted(used()))
def test_a_field_is_what_its_file_says(kind: str, name: str):
    """The file's name is the field's."""
    assert told(field(kind, name), "fullName") == name
    assert told(field(kind, name), "description")


@pytest.mark.parametrize(("kind", "name"), sorted(KEYS.items()))
def test_records_are_found_by_a_unique_external_id(kind: str, name: str):
    """Or an upsert would make a second one. Stripe's ids tell case apart."""
    values = [told(field(kind, name), tag) for tag in ("externalId", "unique", "caseSensitive")]
    assert values == ["true", "true", "true"]


def test_the_ways_of_billing_are_those_that_are_understood():
    """A restricted picklist with just these values."""
    values = {each.text for each in field("OpportunityLineItem", "O2C_Billing__c").iter(f"{SPACE}fullName")}
    assert values - {"O2C_Billing__c"} == set(BILLING)


def test_the_permission_set_lets_us_write_our_own_fields_alone():
    """Edit where we write, read elsewhere, delete nowhere."""
    root = ElementTree.parse(PACKAGE / "permissionsets" / "O2C_Integration.permissionset-meta.xml").getroot()
    editable = {
        told(each, "field") for each in root.iter(f"{SPACE}fieldPermissions") if told(each, "editable") == "true"
    }
    assert editable == {f"{kind}.{name}" for kind, names in WRITTEN.items() for name in names if name.endswith("__c")}
    assert {told(each, "allowDelete") for each in root.iter(f"{SPACE}objectPermissions")} == {"false"}
