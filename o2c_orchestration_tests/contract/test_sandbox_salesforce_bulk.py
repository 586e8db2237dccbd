"""Promises of the Salesforce sandbox's calls for many records: collections of 200 and composites of 25."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from o2c_orchestration.sandbox.salesforce.ids import make
from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration_tests.contract.sandbox_salesforce_org import OrgClient, simple_salesforce

ROLLED_BACK = {
    "statusCode": "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "message": "Record rolled back because not all records were valid and the request was using AllOrNone header",
    "fields": [],
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    with SandboxServer(tmp_path_factory.mktemp("bulk")) as running:
        yield running


@pytest.fixture
def org(server: SandboxServer) -> OrgClient:
    client = OrgClient(server)
    for each in client.column("SELECT Id FROM Account"):
        client.send("DELETE", f"sobjects/Account/{each}")
    return client


def accounts(*fields: dict[str, Any], all_or_none: bool = False) -> dict[str, Any]:
    records = [{"attributes": {"type": "Account"}, **each} for each in fields]
    return {"allOrNone": all_or_none, "records": records}


def test_results_stand_in_the_order_of_the_records(org: OrgClient) -> None:
    """200 outside whatever happens inside; an error has statusCode, message and fields, and no id beside it."""
    answer = org.send("POST", "composite/sobjects", accounts({"Name": "A"}, {"Phone": "1"}, {"Name": "C"}))
    good, bad, _ = answer.json()
    assert answer.status_code == 200
    assert good == {"id": good["id"], "success": True, "errors": []}
    assert bad == {
        "success": False,
        "errors": [
            {
                "statusCode": "REQUIRED_FIELD_MISSING",
                "message": "Required fields are missing: [Name]",
                "fields": ["Name"],
            }
        ],
    }
    assert org.column("SELECT Name FROM Account ORDER BY Name") == ["A", "C"]


def test_all_or_none(org: OrgClient) -> None:
    """One that fails takes the others back, which say so."""
    body = accounts({"Name": "A"}, {"Phone": "1"}, all_or_none=True)
    good, bad = org.send("POST", "composite/sobjects", body).json()
    assert (good, bad["errors"][0]["statusCode"]) == (
        {"success": False, "errors": [ROLLED_BACK]},
        "REQUIRED_FIELD_MISSING",
    )
    assert org.column("SELECT Name FROM Account") == []


def test_upsert_by_external_id(org: OrgClient) -> None:
    """Results tell what is new; the same again changes and makes nothing; without the id it is refused."""
    path = "composite/sobjects/Account/Stripe_Customer_Id__c"
    body = accounts(
        *({"Stripe_Customer_Id__c": f"cus_{each}", "Name": f"A {each}", "O2C_Open__c": 5} for each in range(200))
    )
    first, second = (org.send("PATCH", path, body).json() for _ in range(2))
    assert [each["created"] for each in first] == [True] * 200
    assert [(each["id"], each["created"]) for each in second] == [(each["id"], False) for each in first]
    assert org.query("SELECT COUNT() FROM Account")["totalSize"] == 200
    mixed = accounts({"Name": "No id"}, {"Stripe_Customer_Id__c": "cus_1", "O2C_Credit_Standing__c": "Dubious"})
    codes = [each["errors"][0]["statusCode"] for each in org.send("PATCH", path, mixed).json()]
    assert codes == ["MISSING_ARGUMENT", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"]
    assert org.refused("PATCH", "composite/sobjects/Account/Phone", mixed) == (404, "NOT_FOUND")


def test_upsert_by_id_is_as_recorded(org: OrgClient) -> None:
    """A record whose Id is null is new: request and answer are those that CumulusCI recorded."""
    body = accounts({"Name": "Sitwell-Bluth", "AccountNumber": "420", "Id": None})
    (made,) = org.send("PATCH", "composite/sobjects/Account/Id", body).json()
    assert made == {"id": made["id"], "success": True, "errors": [], "created": True}
    (changed,) = org.send("PATCH", "composite/sobjects/Account/Id", accounts({"Id": made["id"], "Site": "B"})).json()
    assert changed == {**made, "created": False}


def test_the_same_external_id_twice_in_one_call(org: OrgClient) -> None:
    """The second takes what the first has made: there is one record."""
    body = accounts(*({"Stripe_Customer_Id__c": "cus_twice", "Name": name} for name in ("One", "Two")))
    first, second = org.send("PATCH", "composite/sobjects/Account/Stripe_Customer_Id__c", body).json()
    assert (first["created"], second["created"], first["id"] == second["id"]) == (True, False, True)


def test_change_and_delete(org: OrgClient) -> None:
    """By id; what is wrong with an id is said record by record."""
    one, two = (org.create("Account", Name=name) for name in "AB")
    wrong = ["nonsense", make("001", 99, "non"), make("003", 1)]
    body = accounts({"id": one, "Site": "X"}, *({"id": each, "Site": "X"} for each in wrong), {"Site": "X"})
    codes = [each["errors"][0]["statusCode"] for each in org.send("PATCH", "composite/sobjects", body).json()[1:]]
    assert codes == ["MALFORMED_ID", "INVALID_CROSS_REFERENCE_KEY", "MALFORMED_ID", "MISSING_ARGUMENT"]
    assert org.column("SELECT Site FROM Account ORDER BY Name") == ["X", None]
    org.send("DELETE", f"sobjects/Account/{two}")
    results = org.send("DELETE", f"composite/sobjects?ids={one},{two},{wrong[0]}").json()
    assert results[0] == {"id": one, "success": True, "errors": []}
    assert [each["errors"][0]["statusCode"] for each in results[1:]] == ["ENTITY_IS_DELETED", "MALFORMED_ID"]


def test_no_more_than_two_hundred(org: OrgClient) -> None:
    """201 records are too many, and none of them is written."""
    body = accounts(*({"Name": str(each)} for each in range(201)))
    assert org.send("POST", "composite/sobjects", body).status_code == 400
    assert org.query("SELECT COUNT() FROM Account")["totalSize"] == 0


def test_records_of_several_objects(org: OrgClient) -> None:
    """Objects may be mixed; a record without a type is told."""
    records = [
        {"attributes": {"type": "Account"}, "Name": "A"},
        {"attributes": {"type": "Contact"}, "LastName": "B"},
        {"Name": "C"},
        {"attributes": {"type": "Nope"}, "Name": "D"},
    ]
    results = org.send("POST", "composite/sobjects", {"records": records}).json()
    assert [each["success"] for each in results] == [True, True, False, False]


def test_reading_many_by_id(org: OrgClient) -> None:
    """Records in the order of the ids, null for one that is not there."""
    one = org.create("Account", Name="A")
    body = {"ids": [make("001", 99, "non"), one], "fields": ["Name"]}
    missing, found = org.send("POST", "composite/sobjects/Account", body).json()
    assert (missing, found["Name"]) == (None, "A")
    assert org.send("GET", f"composite/sobjects/Account?ids={one}&fields=Name").json() == [found]


def sub(reference: str, method: str, path: str, body: Any = None) -> dict[str, Any]:
    request = {"referenceId": reference, "method": method, "url": f"/services/data/v68.0/{path}"}
    return request | ({} if body is None else {"body": body})


def test_a_composite_refers_to_its_own_results(org: OrgClient) -> None:
    """Later subrequests take ids from earlier ones; an error inside leaves 200 outside and the others done."""
    asked = [
        sub("account", "POST", "sobjects/Account", {"Name": "A"}),
        sub("contact", "POST", "sobjects/Contact", {"LastName": "B", "AccountId": "@{account.id}"}),
        sub("wrong", "GET", "sobjects/Foo"),
        sub("all", "GET", "query?q=SELECT Name FROM Contact WHERE AccountId = '@{account.id}'"),
        sub("again", "PATCH", "sobjects/Account/@{account.id}", {"Site": "@{all.records[0].Name}"}),
    ]
    answer = org.send("POST", "composite", {"compositeRequest": asked})
    results = answer.json()["compositeResponse"]
    assert (answer.status_code, [each["httpStatusCode"] for each in results]) == (200, [201, 201, 404, 200, 204])
    assert results[2] == {
        "body": [{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}],
        "httpHeaders": {},
        "httpStatusCode": 404,
        "referenceId": "wrong",
    }
    assert org.column("SELECT Site FROM Account") == ["B"]


def test_a_composite_may_want_all_or_none(org: OrgClient) -> None:
    """One that fails takes the others back; what refers to it is halted."""
    asked = [
        sub("good", "POST", "sobjects/Account", {"Name": "A"}),
        sub("bad", "POST", "sobjects/Account", {"Phone": "1"}),
        sub("leaning", "GET", "sobjects/Account/@{bad.id}"),
    ]
    results = org.send("POST", "composite", {"allOrNone": True, "compositeRequest": asked}).json()["compositeResponse"]
    codes = [(each["httpStatusCode"], each["body"][0]["errorCode"]) for each in results]
    assert codes == [(400, "PROCESSING_HALTED"), (400, "REQUIRED_FIELD_MISSING"), (400, "PROCESSING_HALTED")]
    assert org.query("SELECT COUNT() FROM Account")["totalSize"] == 0


def test_a_composite_as_recorded(org: OrgClient) -> None:
    """Counting an object that is there and one that is not: the answer that CumulusCI recorded."""
    org.create("Account", Name="A")
    asked = [
        sub("refAccount", "GET", "query/?q=select count() from Account"),
        sub("refXYZZY", "GET", "query/?q=select count() from XYZZY"),
    ]
    good, bad = org.send("POST", "composite", {"compositeRequest": asked}).json()["compositeResponse"]
    assert good == {
        "body": {"totalSize": 1, "done": True, "records": []},
        "httpHeaders": {},
        "httpStatusCode": 200,
        "referenceId": "refAccount",
    }
    assert (bad["httpStatusCode"], bad["body"][0]["errorCode"]) == (400, "INVALID_TYPE")


def test_a_composite_holds_twenty_five(org: OrgClient) -> None:
    """The 26th subrequest is too many."""
    asked = [sub(f"r{place}", "GET", "limits") for place in range(26)]
    assert org.send("POST", "composite", {"compositeRequest": asked}).status_code == 400
    assert org.send("POST", "composite", {"compositeRequest": asked[:25]}).status_code == 200


def test_each_call_counts_once(org: OrgClient) -> None:
    """A collection of two hundred and a composite are one call each of the daily limit, which the header tells."""
    before = org.control("limits", method="GET")["used"]
    org.send("POST", "composite/sobjects", accounts(*({"Name": str(each)} for each in range(200))))
    answer = org.send("POST", "composite", {"compositeRequest": [sub("a", "GET", "limits"), sub("b", "GET", "limits")]})
    assert answer.headers["Sforce-Limit-Info"] == f"api-usage={before + 2}/100000"
    limit = answer.json()["compositeResponse"][0]["body"]["DailyApiRequests"]
    assert limit == {"Max": 100_000, "Remaining": 100_000 - before - 2}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "composite", {}),
        ("POST", "composite", {"compositeRequest": 5}),
        ("POST", "composite", {"compositeRequest": [{"method": "GET"}]}),
        ("POST", "composite/sobjects", []),
        ("POST", "composite/sobjects", {"records": "x"}),
        ("POST", "composite/sobjects/Account", {"ids": 5, "fields": ["Id"]}),
        ("PATCH", "composite/sobjects/Account/Id", 5),
    ],
)
def test_a_body_of_another_shape(org: OrgClient, method: str, path: str, body: Any) -> None:
    """What cannot be understood is refused as a whole."""
    assert org.refused(method, path, body) == (400, "JSON_PARSER_ERROR")


def test_a_record_without_a_readable_type(org: OrgClient) -> None:
    """One record's mistake is its own."""
    body = {"records": [5, {"attributes": "Account", "Name": "A"}]}
    results = org.send("POST", "composite/sobjects", body).json()
    assert [each["errors"][0]["statusCode"] for each in results] == ["INVALID_TYPE", "INVALID_TYPE"]


def test_simple_salesforce_sends_collections(server: SandboxServer, org: OrgClient) -> None:
    """Through the library's only door to them."""
    salesforce = simple_salesforce(server)
    body = accounts({"Stripe_Customer_Id__c": "cus_lib", "Name": "Library"})
    results = salesforce.restful("composite/sobjects/Account/Stripe_Customer_Id__c", method="PATCH", json=body) or []
    assert [each["created"] for each in results] == [True]
