"""Promises of the Salesforce sandbox's describes: the keys and the facts of those that CumulusCI recorded from an org.

The recordings (API 52.0, BSD-3) are SFDO-Tooling/CumulusCI, cumulusci/tests/shared_cassettes/GET_sobjects_*.yaml; what
is compared here are names, types and permissions, not their text.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration_tests.contract.sandbox_salesforce_org import OrgClient


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


GLOBAL_KEYS = _words(
    """
    activateable associateEntityType associateParentEntity createable custom customSetting deepCloneable deletable
    deprecatedAndHidden feedEnabled hasSubtypes isInterface isSubtype keyPrefix label labelPlural layoutable
    mergeable mruEnabled name queryable replicateable retrieveable searchable triggerable undeletable updateable
    urls
    """
)
DESCRIBE_KEYS = _words(
    """
    actionOverrides activateable associateEntityType associateParentEntity childRelationships compactLayoutable
    createable custom customSetting deepCloneable defaultImplementation deletable deprecatedAndHidden extendedBy
    extendsInterfaces feedEnabled fields hasSubtypes implementedBy implementsInterfaces isInterface isSubtype
    keyPrefix label labelPlural layoutable listviewable lookupLayoutable mergeable mruEnabled name
    namedLayoutInfos networkScopeFieldName queryable recordTypeInfos replicateable retrieveable searchLayoutable
    searchable sobjectDescribeOption supportedScopes triggerable undeletable updateable urls
    """
)
FIELD_KEYS = _words(
    """
    aggregatable aiPredictionField autoNumber byteLength calculated calculatedFormula cascadeDelete caseSensitive
    compoundFieldName controllerName createable custom defaultValue defaultValueFormula defaultedOnCreate
    dependentPicklist deprecatedAndHidden digits displayLocationInDecimal encrypted externalId extraTypeInfo
    filterable filteredLookupInfo formulaTreatNullNumberAsZero groupable highScaleNumber htmlFormatted idLookup
    inlineHelpText label length mask maskType name nameField namePointing nillable permissionable picklistValues
    polymorphicForeignKey precision queryByDistance referenceTargetField referenceTo relationshipName
    relationshipOrder restrictedDelete restrictedPicklist scale searchPrefilterable soapType sortable type unique
    updateable writeRequiresMasterRead
    """
)
CHILD_KEYS = _words(
    """
    cascadeDelete childSObject deprecatedAndHidden field junctionIdListNames junctionReferenceTo relationshipName
    restrictedDelete
    """
)
# Object, field, type, then createable, updateable, nillable, defaulted, idLookup, filterable; length, precision, scale.
FACTS = [
    ("Opportunity", "Id", "id", "dif", (18, 0, 0)),
    ("Opportunity", "IsDeleted", "boolean", "df", (0, 0, 0)),
    ("Opportunity", "AccountId", "reference", "cunf", (18, 0, 0)),
    ("Opportunity", "Name", "string", "cuif", (120, 0, 0)),
    ("Opportunity", "Description", "textarea", "cun", (32000, 0, 0)),
    ("Opportunity", "StageName", "picklist", "cuf", (255, 0, 0)),
    ("Opportunity", "Amount", "currency", "cunf", (0, 18, 2)),
    ("Opportunity", "Probability", "percent", "cundf", (0, 3, 0)),
    ("Opportunity", "ExpectedRevenue", "currency", "nf", (0, 18, 2)),
    ("Opportunity", "CloseDate", "date", "cuf", (0, 0, 0)),
    ("Opportunity", "Type", "picklist", "cunf", (255, 0, 0)),
    ("Opportunity", "IsClosed", "boolean", "df", (0, 0, 0)),
    ("Opportunity", "IsWon", "boolean", "df", (0, 0, 0)),
    ("Opportunity", "ForecastCategoryName", "picklist", "cundf", (255, 0, 0)),
    ("Opportunity", "HasOpportunityLineItem", "boolean", "df", (0, 0, 0)),
    ("Opportunity", "Pricebook2Id", "reference", "cundf", (18, 0, 0)),
    ("Opportunity", "OwnerId", "reference", "cudf", (18, 0, 0)),
    ("Opportunity", "CreatedDate", "datetime", "df", (0, 0, 0)),
    ("Opportunity", "CreatedById", "reference", "df", (18, 0, 0)),
    ("Opportunity", "LastModifiedDate", "datetime", "df", (0, 0, 0)),
    ("Opportunity", "SystemModstamp", "datetime", "df", (0, 0, 0)),
    ("Opportunity", "LastStageChangeDate", "datetime", "nf", (0, 0, 0)),
    ("Opportunity", "FiscalQuarter", "int", "nf", (0, 0, 0)),
    ("Opportunity", "ContactId", "reference", "cnf", (18, 0, 0)),
    ("Account", "Id", "id", "dif", (18, 0, 0)),
    ("Account", "Name", "string", "cuf", (255, 0, 0)),
    ("Account", "ParentId", "reference", "cunf", (18, 0, 0)),
    ("Account", "BillingStreet", "textarea", "cunf", (255, 0, 0)),
    ("Account", "BillingCity", "string", "cunf", (40, 0, 0)),
    ("Account", "BillingState", "string", "cunf", (80, 0, 0)),
    ("Account", "BillingPostalCode", "string", "cunf", (20, 0, 0)),
    ("Account", "BillingCountry", "string", "cunf", (80, 0, 0)),
    ("Account", "Phone", "phone", "cunf", (40, 0, 0)),
    ("Account", "AccountNumber", "string", "cunf", (40, 0, 0)),
    ("Account", "Website", "url", "cunf", (255, 0, 0)),
    ("Account", "AnnualRevenue", "currency", "cunf", (0, 18, 0)),
    ("Account", "NumberOfEmployees", "int", "cunf", (0, 0, 0)),
    ("Account", "Description", "textarea", "cun", (32000, 0, 0)),
    ("Account", "OwnerId", "reference", "cudf", (18, 0, 0)),
    ("Account", "MasterRecordId", "reference", "nf", (18, 0, 0)),
    ("Contact", "AccountId", "reference", "cunf", (18, 0, 0)),
    ("Contact", "LastName", "string", "cuf", (80, 0, 0)),
    ("Contact", "FirstName", "string", "cunf", (40, 0, 0)),
    ("Contact", "Name", "string", "f", (121, 0, 0)),
    ("Contact", "Email", "email", "cunif", (80, 0, 0)),
    ("Contact", "Phone", "phone", "cunf", (40, 0, 0)),
    ("Contact", "Title", "string", "cunf", (128, 0, 0)),
]
LETTERS = {
    "c": "createable",
    "u": "updateable",
    "n": "nillable",
    "d": "defaultedOnCreate",
    "i": "idLookup",
    "f": "filterable",
}
PACKAGE = {
    "Account": "Stripe_Customer_Id__c NetSuite_Customer_Id__c O2C_Open__c O2C_Overdue__c O2C_Credit_Standing__c",
    "Product2": "NetSuite_Item__c",
    "PricebookEntry": "Stripe_Price_Id__c",
    "Opportunity": "O2C_Start_Date__c O2C_Term_Months__c NetSuite_Sales_Order_Id__c NetSuite_Sales_Order_Number__c "
    "NetSuite_Order_Status__c Stripe_Billing_Id__c O2C_Billed__c O2C_Paid__c O2C_Remaining__c O2C_Payment_Status__c "
    "O2C_Last_Invoice__c O2C_Next_Due_Date__c",
    "OpportunityLineItem": "O2C_Billing__c O2C_Start_Date__c O2C_End_Date__c",
    "Order": "NetSuite_Sales_Order_Id__c NetSuite_Sales_Order_Number__c NetSuite_Order_Status__c Stripe_Billing_Id__c "
    "O2C_Billed__c O2C_Paid__c O2C_Remaining__c O2C_Payment_Status__c O2C_Last_Invoice__c O2C_Next_Due_Date__c",
    "OrderItem": "O2C_Billing__c",
    "O2C_Invoice__c": "Stripe_Invoice_Id__c Opportunity__c Order__c Account__c NetSuite_Invoice_Id__c Number__c "
    "Amount__c Remaining__c Invoice_Date__c Due_Date__c Status__c",
    "O2C_Payment__c": "Stripe_Charge_Id__c Invoice__c Account__c Amount__c Payment_Date__c Status__c",
}
FILES = Path(__file__).parents[2] / "salesforce"
SPACE = "{http://soap.sforce.com/2006/04/metadata}"
TYPES = {
    "Text": "string",
    "Currency": "currency",
    "Number": "double",
    "Date": "date",
    "Picklist": "picklist",
    "Lookup": "reference",
}


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OrgClient]:
    with SandboxServer(tmp_path_factory.mktemp("describe")) as server:
        yield OrgClient(server)


@pytest.fixture(scope="module")
def fields(org: OrgClient) -> dict[tuple[str, str], dict[str, Any]]:
    kinds = ("Account", "Contact", "Opportunity", *PACKAGE)
    described = {kind: org.send("GET", f"sobjects/{kind}/describe/").json() for kind in kinds}
    return {(kind, each["name"]): each for kind, told in described.items() for each in told["fields"]}


def test_the_objects_of_the_org(org: OrgClient) -> None:
    """All objects with the keys of a recorded list, and the key prefixes that ids begin with."""
    told = org.send("GET", "sobjects").json()
    assert (told["encoding"], told["maxBatchSize"]) == ("UTF-8", 200)
    assert {frozenset(each) for each in told["sobjects"]} == {GLOBAL_KEYS}
    prefixes = {each["name"]: each["keyPrefix"] for each in told["sobjects"]}
    assert prefixes == {
        "Account": "001",
        "Contact": "003",
        "User": "005",
        "Organization": "00D",
        "Opportunity": "006",
        "OpportunityLineItem": "00k",
        "Pricebook2": "01s",
        "Product2": "01t",
        "PricebookEntry": "01u",
        "Order": "801",
        "OrderItem": "802",
        "O2C_Invoice__c": "a01",
        "O2C_Payment__c": "a02",
    }


def test_a_describe_has_the_recorded_keys(org: OrgClient) -> None:
    """The object's, its fields' and its children's."""
    told = org.send("GET", "sobjects/Opportunity/describe").json()
    assert set(told) == DESCRIBE_KEYS
    assert {frozenset(each) for each in told["fields"]} == {FIELD_KEYS}
    assert {frozenset(each) for each in told["childRelationships"]} == {CHILD_KEYS}
    (lines,) = [each for each in told["childRelationships"] if each["childSObject"] == "OpportunityLineItem"]
    assert (lines["field"], lines["relationshipName"], lines["cascadeDelete"]) == (
        "OpportunityId",
        "OpportunityLineItems",
        True,
    )


@pytest.mark.parametrize(("kind", "name", "of_type", "letters", "size"), FACTS)
def test_a_field_is_as_recorded(
    fields: dict[tuple[str, str], dict[str, Any]],
    kind: str,
    name: str,
    of_type: str,
    letters: str,
    size: tuple[int, int, int],
) -> None:
    """Type, permissions and size of a standard field."""
    told = fields[kind, name]
    assert told["type"] == of_type
    assert "".join(letter for letter, key in LETTERS.items() if told[key]) == letters
    assert (told["length"], told["precision"], told["scale"]) == size


def test_the_package_is_installed(fields: dict[tuple[str, str], dict[str, Any]]) -> None:
    """Every field of our package, with the external ids that are unique and the picklists that are restricted."""
    for kind, names in PACKAGE.items():
        assert set(names.split()) <= {name for of, name in fields if of == kind}
    unique = {key for key, each in fields.items() if each["externalId"] and each["unique"]}
    assert unique == {
        ("Account", "Stripe_Customer_Id__c"),
        ("Account", "NetSuite_Customer_Id__c"),
        ("O2C_Invoice__c", "Stripe_Invoice_Id__c"),
        ("O2C_Payment__c", "Stripe_Charge_Id__c"),
    }
    assert fields["Opportunity", "NetSuite_Sales_Order_Id__c"]["externalId"]
    restricted = fields["OpportunityLineItem", "O2C_Billing__c"]
    assert restricted["restrictedPicklist"]
    assert [each["value"] for each in restricted["picklistValues"]] == ["One-off", "Monthly", "Annual"]


def test_the_org_has_the_package_of_the_repository(fields: dict[tuple[str, str], dict[str, Any]]) -> None:
    """What the sandbox has installed is what the package's files say: types, sizes, ids, values, labels."""
    files = list(FILES.glob("*/main/default/objects/*/fields/*.xml"))
    assert {(each.parent.parent.name, each.name.split(".")[0]) for each in files} == {
        key for key in fields if key[1].endswith("__c")
    }
    for path in files:
        told = fields[path.parent.parent.name, path.name.split(".")[0]]
        root = ElementTree.parse(path).getroot()
        said = {each.tag.removeprefix(SPACE): each.text for each in root}
        assert told["type"] == TYPES[str(said["type"])], path
        assert told["label"] == said["label"], path
        assert told["length"] == int(said.get("length") or told["length"]), path
        assert (told["precision"], told["scale"]) == (int(said.get("precision") or 0), int(said.get("scale") or 0)), (
            path
        )
        for name in ("externalId", "unique", "caseSensitive"):
            assert told[name] == (said.get(name) == "true"), (path, name)
        values = [each.text for value in root.iter(f"{SPACE}value") for each in value.iter(f"{SPACE}fullName")]
        assert [each["value"] for each in told["picklistValues"]] == values, path
