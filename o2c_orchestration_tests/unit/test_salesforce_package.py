"""The package for Salesforce defines the fields that the program reads and writes, and lets it do no more."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from o2c_orchestration.domain.salesforce_fields import BILLING, DETAILS, OF_ORDERS, OF_PERSONS, READ, SYSTEM, WRITTEN
from o2c_orchestration.extract.salesforce import QUICK

# Orders are a directory and a permission set of their own: an org in which they are switched off would refuse them.
SOURCES = Path(__file__).parents[2] / "salesforce"
SETS = {"force-app": "O2C_Integration", "orders": "O2C_Orders"}
SPACE = "{http://soap.sforce.com/2006/04/metadata}"
# What Salesforce shows to everybody who may see the record, because it is required or computed: a permission for one of
# these would fail the deployment. (Seen in permission sets of public projects, which list all other fields.)
FREE = {
    "Account": {"Name", "CurrencyIsoCode"},
    "Product2": {"Name", "IsActive"},
    "PricebookEntry": {"Product2Id", "Pricebook2Id", "UnitPrice", "IsActive", "CurrencyIsoCode"},
    "Opportunity": {"Name", "StageName", "IsWon", "IsClosed", "CloseDate", "CurrencyIsoCode"},
    "OpportunityLineItem": {
        *("OpportunityId", "PricebookEntryId", "Product2Id", "Name", "SortOrder", "Quantity", "UnitPrice"),
    },
    # These were not seen in files of others; they are what is required or computed, as above.
    "Order": {"OrderNumber", "Status", "StatusCode", "EffectiveDate", "IsReductionOrder", "CurrencyIsoCode"},
    "OrderItem": {"OrderId", "OrderItemNumber", "PricebookEntryId", "Product2Id", "Quantity", "UnitPrice"},
}
# Lines are seen by who may see the deal, entries by who may see their product and price book.
RULED_BY_OTHERS = {"OpportunityLineItem", "PricebookEntry", "OrderItem"}
# Salesforce's own order of external ids: what a record is found by when it is upserted.
KEYS = {"O2C_Invoice__c": "Stripe_Invoice_Id__c", "O2C_Payment__c": "Stripe_Charge_Id__c"}


def field(kind: str, name: str) -> ElementTree.Element:
    (found,) = SOURCES.glob(f"*/main/default/objects/{kind}/fields/{name}.field-meta.xml")
    return ElementTree.parse(found).getroot()


def told(element: ElementTree.Element, tag: str) -> str | None:
    found = element.find(f"{SPACE}{tag}")
    return None if found is None else found.text


def defined() -> set[tuple[str, str]]:
    files = SOURCES.glob("*/main/default/objects/*/fields/*.xml")
    return {(path.parent.parent.name, path.name.split(".")[0]) for path in files}


def of_orders(kind: str, name: str = "") -> bool:
    """Whether it needs orders to be switched on."""
    return kind in OF_ORDERS or name == "Order__c"


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


def permissions(source: str) -> ElementTree.Element:
    path = SOURCES / source / "main" / "default" / "permissionsets" / f"{SETS[source]}.permissionset-meta.xml"
    return ElementTree.parse(path).getroot()


def test_what_needs_orders_is_deployed_by_itself():
    """Nothing of it is in the directory that every org takes."""
    for source in SETS:
        files = (SOURCES / source).glob("main/default/objects/*/fields/*.xml")
        kinds = {of_orders(path.parent.parent.name, path.name.split(".")[0]) for path in files}
        assert kinds == {source == "orders"}


@pytest.mark.parametrize("source", SETS)
def test_the_permission_set_lets_us_write_our_own_fields_alone(source: str):
    """Edit where we write, read elsewhere."""
    editable = {
        told(each, "field")
        for each in permissions(source).iter(f"{SPACE}fieldPermissions")
        if told(each, "editable") == "true"
    }
    ours = {(kind, name) for kind, names in WRITTEN.items() for name in names if name.endswith("__c")}
    assert editable == {f"{kind}.{name}" for kind, name in ours if of_orders(kind, name) == (source == "orders")}


@pytest.mark.parametrize("source", SETS)
def test_the_permission_set_lets_us_read_what_we_ask_for_and_no_more(source: str):
    """A field without a permission is not told to us, and `o2c check` then calls the org unfit."""
    every = {(kind, name) for names in (READ, WRITTEN) for kind in names for name in names[kind]}
    asked = {(kind, name) for kind, name in every if of_orders(kind, name) == (source == "orders")}
    wanted = {(kind, "BillingAddress" if name.startswith("Billing") else name) for kind, name in asked}
    expected = {f"{kind}.{name}" for kind, name in wanted if name not in {*SYSTEM, *FREE.get(kind, ())}}
    listed = [told(each, "field") for each in permissions(source).iter(f"{SPACE}fieldPermissions")]
    assert {told(each, "readable") for each in permissions(source).iter(f"{SPACE}fieldPermissions")} == {"true"}
    assert len(listed) == len(set(listed))
    assert set(listed) == expected


def test_who_asks_for_details_is_let_read_them_and_no_more():
    """Parts of the billing address come with the address; who a person is and whose an account is everybody sees."""
    path = SOURCES / "details/main/default/permissionsets/O2C_Details.permissionset-meta.xml"
    root = ElementTree.parse(path).getroot()
    asked = {name for some in DETAILS.values() for name in some if "." not in name} - OF_PERSONS
    wanted = {"ShippingAddress" if name.startswith("Shipping") else name for name in asked}
    wanted -= {name for name in wanted if name.startswith("Billing")}
    assert [told(each, "field") for each in root.iter(f"{SPACE}fieldPermissions")] == [
        f"Account.{name}" for name in sorted(wanted)
    ]
    assert {told(each, "editable") for each in root.iter(f"{SPACE}fieldPermissions")} == {"false"}
    assert [*root.iter(f"{SPACE}objectPermissions"), *root.iter(f"{SPACE}userPermissions")] == []


@pytest.mark.parametrize("source", SETS)
def test_the_permission_set_grants_objects_as_they_are_used(source: str):
    """Edit on what we write, create on our own, delete on nothing; of people's records all, whoever owns them."""
    words = ("allowRead", "allowCreate", "allowEdit", "viewAllRecords", "allowDelete", "modifyAllRecords")
    listed = {
        told(each, "object"): [word for word in words if told(each, word) == "true"]
        for each in permissions(source).iter(f"{SPACE}objectPermissions")
    }
    expected = {kind: ["allowRead"] for kind in (*READ, "Pricebook2") if kind not in RULED_BY_OTHERS}
    expected |= {kind: ["allowRead", "viewAllRecords"] for kind in ("Account", "Contact", "Opportunity")}
    for kind in WRITTEN:
        create = ["allowCreate"] if kind.endswith("__c") else []
        expected[kind] = ["allowRead", *create, "allowEdit", "viewAllRecords"]
    assert listed == {kind: may for kind, may in expected.items() if of_orders(kind) == (source == "orders")}


@pytest.mark.parametrize(
    ("source", "names"), [("force-app", ["ApiEnabled"]), ("orders", ["ActivateOrder", "EditActivatedOrders"])]
)
def test_the_permission_set_grants_the_user_no_more(source: str, names: list[str]):
    """The API; and of activated orders, that our fields on them may be written, which Salesforce ties to both."""
    assert [told(each, "name") for each in permissions(source).iter(f"{SPACE}userPermissions")] == names


def test_the_channel_of_change_events_has_what_is_polled_and_may_change_deals():
    """Each member is on the one channel, and orders are apart, for orgs in which they are switched off."""
    channel = "O2C__chn"
    (made,) = SOURCES.glob("*/main/default/platformEventChannels/*.platformEventChannel-meta.xml")
    assert made.name.split(".")[0] == channel
    assert told(ElementTree.parse(made).getroot(), "channelType") == "data"
    members = {}
    for path in SOURCES.glob("*/main/default/platformEventChannelMembers/*.platformEventChannelMember-meta.xml"):
        root = ElementTree.parse(path).getroot()
        assert told(root, "eventChannel") == channel
        members[str(told(root, "selectedEntity")).removesuffix("ChangeEvent")] = path.relative_to(SOURCES).parts[0]
    assert members == {kind: "order-events" if kind in OF_ORDERS else "events" for kind in QUICK}
