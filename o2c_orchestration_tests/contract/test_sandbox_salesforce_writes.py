"""Promises of the Salesforce sandbox's single writes: what is refused, what Salesforce works out, what is stamped."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from o2c_orchestration.sandbox.salesforce.ids import full, make
from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration_tests.contract.sandbox_salesforce_org import OrgClient, simple_salesforce

NOBODY = make("001", 999, "non")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxServer]:
    with SandboxServer(tmp_path_factory.mktemp("writes")) as running:
        yield running


@pytest.fixture(scope="module")
def org(server: SandboxServer) -> OrgClient:
    return OrgClient(server)


def test_ids_repair_their_case() -> None:
    """The suffix is the one that Salesforce documents: two ids recorded by CumulusCI, and one of ours."""
    for recorded in ("0015500001QdQWaAAN", "0065500000KQ12XAAT", "0035500001H9kaAAAR"):
        assert full(recorded[:15]) == recorded
    assert full(make("006", 5)[:15]) == make("006", 5)
    assert (full("abc"), full("001gK000000000-")) == (None, None)
    assert make("001", 9) < make("001", 10) < make("001", 36) < make("001", 62)


def test_create_read_change_delete(org: OrgClient) -> None:
    """A record's life: 201 with its id, all fields by GET, 204 for a change, 204 and then 404 for a deletion."""
    answer = org.send("POST", "sobjects/Account/", {"Name": " Acme ", "BillingCity": "Leeds", "O2C_Open__c": 12.345})
    identifier = answer.json()["id"]
    assert (answer.status_code, answer.json()) == (201, {"id": identifier, "success": True, "errors": []})
    record = org.send("GET", f"sobjects/Account/{identifier[:15]}").json()
    assert (record["Id"], record["Name"], record["O2C_Open__c"], record["CurrencyIsoCode"]) == (
        identifier,
        "Acme",
        12.35,
        "USD",
    )
    assert record["attributes"] == {"type": "Account", "url": f"/services/data/v68.0/sobjects/Account/{identifier}"}
    org.change("Account", identifier, BillingCity=None, Name="Acme Ltd")
    few = org.send("GET", f"sobjects/Account/{identifier}?fields=Name,BillingCity").json()
    assert (few["Name"], few["BillingCity"], len(few)) == ("Acme Ltd", None, 3)
    assert org.send("DELETE", f"sobjects/Account/{identifier}").status_code == 204
    for method in ("DELETE", "GET"):
        assert org.refused(method, f"sobjects/Account/{identifier}") == (404, "ENTITY_IS_DELETED")
    assert org.refused("PATCH", f"sobjects/Account/{identifier}", {"Name": "x"}) == (404, "ENTITY_IS_DELETED")


@pytest.mark.parametrize(
    ("kind", "fields", "code", "named", "words"),
    [
        ("Account", {}, "REQUIRED_FIELD_MISSING", ["Name"], "Required fields are missing: [Name]"),
        ("Opportunity", {"Name": "D"}, "REQUIRED_FIELD_MISSING", ["StageName", "CloseDate"], "[StageName, CloseDate]"),
        ("Account", {"Name": "  "}, "REQUIRED_FIELD_MISSING", ["Name"], "Name"),
        ("Account", {"Name": "x" * 256}, "STRING_TOO_LONG", ["Name"], "(max length=255)"),
        ("Account", {"Name": "A", "Nope__c": 1}, "INVALID_FIELD", None, "No such column 'Nope__c' on sobject of type"),
        ("Account", {"Name": "A", "Id": NOBODY}, "INVALID_FIELD", [], "The Id field should not be specified"),
        (
            "Opportunity",
            {"Name": "D", "IsWon": True, "CreatedDate": "2026-01-01T00:00:00Z"},
            "INVALID_FIELD_FOR_INSERT_UPDATE",
            ["IsWon", "CreatedDate"],
            "Unable to create/update fields: IsWon, CreatedDate. Please check the security settings of this field",
        ),
        (
            "Account",
            {"Name": "A", "O2C_Credit_Standing__c": "Dubious"},
            "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            ["O2C_Credit_Standing__c"],
            "Credit Standing: bad value for restricted picklist field: Dubious",
        ),
        ("Account", {"Name": 5}, "JSON_PARSER_ERROR", None, "Cannot deserialize instance of string from VALUE_NUMBER"),
        ("Account", {"Name": "A", "O2C_Open__c": "a lot"}, "JSON_PARSER_ERROR", None, "instance of currency"),
        ("Opportunity", {"CloseDate": "2026-02-30"}, "JSON_PARSER_ERROR", None, "instance of date from VALUE_STRING"),
        ("Account", {"Name": "A", "O2C_Open__c": 1e17}, "NUMBER_OUTSIDE_VALID_RANGE", ["O2C_Open__c"], "valid range"),
        ("Account", {"Name": "A", "ParentId": "abc"}, "MALFORMED_ID", ["ParentId"], "id value of incorrect type: abc"),
        ("Account", {"Name": "A", "ParentId": make("003", 1)}, "FIELD_INTEGRITY_EXCEPTION", ["ParentId"], "incorrect"),
        ("Account", {"Name": "A", "ParentId": NOBODY}, "INVALID_CROSS_REFERENCE_KEY", [], "invalid cross reference id"),
        ("Contact", {"LastName": "A", "Email": "nobody"}, "INVALID_EMAIL_ADDRESS", ["Email"], "invalid email address"),
        ("User", {"LastName": "A"}, "INVALID_TYPE_FOR_OPERATION", None, "does not support create"),
    ],
)
def test_a_create_that_is_refused(
    org: OrgClient, kind: str, fields: dict[str, Any], code: str, named: list[str] | None, words: str
) -> None:
    """Each refusal has Salesforce's code, its words, and the fields where Salesforce names them."""
    before = org.query(f"SELECT COUNT() FROM {kind}")["totalSize"]
    answer = org.send("POST", f"sobjects/{kind}", fields)
    (problem,) = answer.json()
    assert (answer.status_code, problem["errorCode"], problem.get("fields")) == (400, code, named)
    assert words in problem["message"]
    assert org.query(f"SELECT COUNT() FROM {kind}")["totalSize"] == before


def test_all_problems_of_a_record_come_together(org: OrgClient) -> None:
    """Two fields that do not fit are two entries."""
    body = {"Name": "A", "Phone": "1" * 41, "O2C_Credit_Standing__c": "Dubious"}
    found = org.send("POST", "sobjects/Account", body).json()
    assert [each["errorCode"] for each in found] == ["STRING_TOO_LONG", "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "sobjects/Account/001none", 404, "NOT_FOUND"),
        ("GET", f"sobjects/Account/{NOBODY}", 404, "NOT_FOUND"),
        ("PATCH", f"sobjects/Account/{NOBODY}", 404, "NOT_FOUND"),
        ("GET", "sobjects/Nope", 404, "NOT_FOUND"),
        ("PUT", "sobjects/Account", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "sobjects/Account/Phone/5", 404, "NOT_FOUND"),
        ("PATCH", "sobjects/Account/Nope__c/5", 404, "NOT_FOUND"),
        ("GET", "sobjects/Account/Stripe_Customer_Id__c/cus_nobody", 404, "NOT_FOUND"),
    ],
)
def test_paths_to_nothing(org: OrgClient, method: str, path: str, status: int, code: str) -> None:
    """What is not there is 404 in Salesforce's words, a method that a path has not 405."""
    assert org.refused(method, path, None if method == "GET" else {"Name": "x"}) == (status, code)


def test_a_body_that_is_no_json(org: OrgClient) -> None:
    """Half a body is told, not guessed."""
    answer = org._session.post(f"{org.base_url}/services/data/v68.0/sobjects/Account", data=b"{", timeout=10)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "JSON_PARSER_ERROR")


def test_upsert_by_external_id(org: OrgClient) -> None:
    """201 and created for a new record, 200 for a known one; before version 46 that was an empty 204."""
    path = "sobjects/Account/Stripe_Customer_Id__c/cus_up%2F1+x"
    new = org.send("PATCH", path, {"Name": "Up"})
    same = org.send("PATCH", path, {"Name": "Upper"})
    assert (new.status_code, new.json()["created"], same.status_code) == (201, True, 200)
    assert same.json() == {"id": new.json()["id"], "success": True, "errors": [], "created": False}
    old = org.send("PATCH", f"/services/data/v45.0/{path}", {"Name": "Uppest"})
    assert (old.status_code, old.content) == (204, b"")
    # The value is taken as it was sent: a slash in it is no separator, a plus no blank.
    record = org.send("GET", path).json()
    assert (record["Stripe_Customer_Id__c"], record["Name"]) == ("cus_up/1+x", "Uppest")
    assert org.refused("PATCH", path, {"Name": "x", "Stripe_Customer_Id__c": "y"}) == (400, "INVALID_FIELD")
    assert org.refused("PATCH", "sobjects/Account/Stripe_Customer_Id__c/cus_no?updateOnly=true", {"Name": "x"}) == (
        404,
        "NOT_FOUND",
    )


def test_an_ambiguous_external_id(org: OrgClient) -> None:
    """300 with the addresses of the records, for reading, writing and deleting; nothing is changed."""
    deals = [org.deal(NetSuite_Sales_Order_Id__c="so-1") for _ in range(2)]
    path = "sobjects/Opportunity/NetSuite_Sales_Order_Id__c/so-1"
    urls = [f"/services/data/v68.0/sobjects/Opportunity/{each}" for each in deals]
    for method in ("GET", "PATCH", "DELETE"):
        answer = org.send(method, path, {"Name": "x"} if method == "PATCH" else None)
        assert (answer.status_code, answer.json()) == (300, urls)
    assert org.column("SELECT Name FROM Opportunity WHERE NetSuite_Sales_Order_Id__c = 'so-1'") == ["Deal", "Deal"]


def test_a_unique_value_is_taken_once(org: OrgClient) -> None:
    """The refusal names the record that has it; a deleted one does not count."""
    first = org.create("Account", Name="One", NetSuite_Customer_Id__c="ns-77")
    answer = org.send("POST", "sobjects/Account", {"Name": "Two", "NetSuite_Customer_Id__c": "ns-77"})
    message = f"duplicate value found: NetSuite_Customer_Id__c duplicates value on record with id: {first[:15]}"
    assert answer.json() == [{"message": message, "errorCode": "DUPLICATE_VALUE", "fields": []}]
    org.change("Account", first, NetSuite_Customer_Id__c="ns-77")
    org.send("DELETE", f"sobjects/Account/{first}")
    org.create("Account", Name="Two", NetSuite_Customer_Id__c="ns-77")


def test_ids_of_stripe_tell_case_apart(org: OrgClient) -> None:
    """Our package's unique ids are case-sensitive, in upserts and queries; a field is not unless it is made so."""
    org.control("fields", {"type": "Account", "name": "Legacy_Id__c", "external_id": True, "unique": True})
    lower, upper = (org.create("Account", Name=each, Stripe_Customer_Id__c=f"cus_{each}") for each in ("aBc", "AbC"))
    assert org.column("SELECT Id FROM Account WHERE Stripe_Customer_Id__c = 'cus_AbC'") == [upper]
    assert org.column("SELECT Id FROM Account WHERE Stripe_Customer_Id__c IN ('cus_aBc', 'cus_abc')") == [lower]
    assert org.send("PATCH", "sobjects/Account/Stripe_Customer_Id__c/cus_abc", {"Name": "x"}).status_code == 201
    org.change("Account", lower, Legacy_Id__c="abc")
    refused = (400, "DUPLICATE_VALUE")
    assert org.refused("PATCH", f"sobjects/Account/{upper}", {"Legacy_Id__c": "ABC"}) == refused
    assert org.column("SELECT Id FROM Account WHERE Legacy_Id__c = 'aBC'") == [lower]


def test_a_parent_may_be_named_by_its_external_id(org: OrgClient) -> None:
    """A lookup takes its parent's external id in place of the id."""
    account = org.create("Account", Name="Parent", Stripe_Customer_Id__c="cus_parent")
    deal = org.deal(Account={"Stripe_Customer_Id__c": "cus_parent"})
    assert org.column(f"SELECT AccountId FROM Opportunity WHERE Id = '{deal}'") == [account]
    invoice = {"Number__c": "1", "Account__r": {"Stripe_Customer_Id__c": "cus_nobody"}}
    path = "sobjects/O2C_Invoice__c/Stripe_Invoice_Id__c/in_1"
    assert org.refused("PATCH", path, invoice) == (400, "INVALID_FIELD")
    org.send("PATCH", path, {"Account__r": {"Stripe_Customer_Id__c": "cus_parent"}, "Opportunity__c": deal})
    assert org.rows("SELECT Name, Account__c, Opportunity__r.Name FROM O2C_Invoice__c") == [
        {"Name": "OI-000001", "Account__c": account, "Opportunity__r": {"Name": "Deal"}}
    ]


def test_the_stage_decides(org: OrgClient) -> None:
    """Won, closed, probability, forecast and fiscal period follow from the stage and the date."""
    deal = org.deal(CloseDate="2026-05-31", Amount=200)
    fields = "IsWon, IsClosed, Probability, ForecastCategoryName, FiscalQuarter, ExpectedRevenue"
    look = f"SELECT {fields}, LastStageChangeDate FROM Opportunity WHERE Id = '{deal}'"
    before = org.rows(look)[0]
    assert list(before.values()) == [False, False, 10.0, "Pipeline", 2, 20.0, None]
    org.change("Opportunity", deal, StageName="Closed Won")
    won = org.rows(look)[0]
    assert list(won.values())[:6] == [True, True, 100.0, "Closed", 2, 200.0]
    assert won["LastStageChangeDate"] is not None
    org.change("Opportunity", deal, StageName="Negotiation/Review", Probability=55)
    assert list(org.rows(look)[0].values())[:4] == [False, False, 55.0, "Pipeline"]


def test_lines_make_the_amount(org: OrgClient) -> None:
    """Totals from quantity, price and discount; the deal's amount is their sum and cannot be set any more."""
    entry, deal = org.sellable(price=120), org.deal(Amount=1)
    line = {"OpportunityId": deal, "PricebookEntryId": entry, "Quantity": 2.5}
    one = org.create("OpportunityLineItem", **line, UnitPrice=100, Discount=10, O2C_Billing__c="Monthly")
    org.create("OpportunityLineItem", **line | {"Quantity": 3}, TotalPrice=10)
    shown = "Name, ProductCode, ListPrice, UnitPrice, Subtotal, TotalPrice"
    assert [list(each.values()) for each in org.rows(f"SELECT {shown} FROM OpportunityLineItem ORDER BY Id")] == [
        ["Deal Growth plan", "GROWTH", 120.0, 100.0, 250.0, 225.0],
        ["Deal Growth plan", "GROWTH", 120.0, 3.33, 9.99, 9.99],
    ]
    look = f"SELECT Amount, HasOpportunityLineItem, Pricebook2.IsStandard FROM Opportunity WHERE Id = '{deal}'"
    assert org.rows(look) == [{"Amount": 234.99, "HasOpportunityLineItem": True, "Pricebook2": {"IsStandard": True}}]
    org.change("Opportunity", deal, Amount=5, NextStep="Call")
    assert org.column(look) == [234.99]
    org.change("OpportunityLineItem", one, Quantity=1)
    assert org.column(look) == [99.99]
    org.send("DELETE", f"sobjects/OpportunityLineItem/{one}")
    assert org.column(look) == [9.99]


def test_a_line_that_does_not_fit_its_deal(org: OrgClient) -> None:
    """Currency, price book, an inactive price and two prices at once are refused."""
    entry, deal = org.sellable(), org.deal(CurrencyIsoCode="EUR")
    line = {"OpportunityId": deal, "PricebookEntryId": entry, "Quantity": 1, "UnitPrice": 1}
    refused = (400, "FIELD_INTEGRITY_EXCEPTION")
    assert org.refused("POST", "sobjects/OpportunityLineItem", line) == refused
    line["OpportunityId"] = org.deal()
    assert org.refused("POST", "sobjects/OpportunityLineItem", line | {"TotalPrice": 1}) == refused
    org.change("PricebookEntry", entry, IsActive=False)
    assert org.refused("POST", "sobjects/OpportunityLineItem", line) == refused
    missing = {name: value for name, value in line.items() if name != "UnitPrice"}
    org.change("PricebookEntry", entry, IsActive=True)
    assert org.refused("POST", "sobjects/OpportunityLineItem", missing) == (400, "REQUIRED_FIELD_MISSING")
    book = org.create("Pricebook2", Name="Other", IsActive=True)
    other = org.deal(Pricebook2Id=book)
    assert org.refused("POST", "sobjects/OpportunityLineItem", line | {"OpportunityId": other}) == refused


def test_a_price_needs_a_standard_price(org: OrgClient) -> None:
    """A price in another book comes after the standard one, and each price stands once in a book."""
    product, book = org.create("Product2", Name="P"), org.create("Pricebook2", Name="Partners", IsActive=True)
    standard = org.column("SELECT Id FROM Pricebook2 WHERE IsStandard = true")[0]
    price = {"Pricebook2Id": book, "Product2Id": product, "UnitPrice": 5}
    assert org.refused("POST", "sobjects/PricebookEntry", price) == (400, "STANDARD_PRICE_NOT_DEFINED")
    org.create("PricebookEntry", **price | {"Pricebook2Id": standard})
    org.create("PricebookEntry", **price)
    assert org.refused("POST", "sobjects/PricebookEntry", price) == (400, "DUPLICATE_VALUE")


def test_stamps(org: OrgClient) -> None:
    """Whole seconds in UTC. A line touches its deal's SystemModstamp, not its LastModifiedDate."""
    entry, deal = org.sellable(), org.deal()
    look = f"SELECT CreatedDate, LastModifiedDate, SystemModstamp FROM Opportunity WHERE Id = '{deal}'"
    before = org.rows(look)[0]
    assert len(set(before.values())) == 1
    assert before["CreatedDate"].endswith(".000+0000")
    time.sleep(1.1)
    org.create("OpportunityLineItem", OpportunityId=deal, PricebookEntryId=entry, Quantity=1, UnitPrice=1)
    touched = org.rows(look)[0]
    assert touched["SystemModstamp"] > before["SystemModstamp"]
    assert touched["LastModifiedDate"] == before["LastModifiedDate"]


def test_the_writer_is_known(org: OrgClient) -> None:
    """A client's own writes carry its user, which the login tells; a person's carry theirs."""
    mine = org.log_in()["id"].rsplit("/", 1)[1]
    deal = org.deal()
    look = f"SELECT CreatedById, LastModifiedById, LastModifiedBy.Name FROM Opportunity WHERE Id = '{deal}'"
    first = org.rows(look)[0]
    assert (first["CreatedById"], first["LastModifiedById"]) == (mine, mine)
    org.control("records", {"type": "Opportunity", "id": deal, "fields": {"StageName": "Closed Won"}})
    second = org.rows(look)[0]
    assert (second["CreatedById"], second["LastModifiedBy"]["Name"]) == (mine, "Sam Seller")
    assert org.send("GET", "/services/oauth2/userinfo").json()["user_id"] == mine


def test_what_changed_and_what_went(org: OrgClient) -> None:
    """getUpdated and getDeleted over a span; longer ago than 30 days, or a span that is none, is refused."""
    kept, gone = (org.create("O2C_Payment__c", Stripe_Charge_Id__c=f"ch_{place}") for place in range(2))
    org.send("DELETE", f"sobjects/O2C_Payment__c/{gone}")
    now = time.time()
    span = {
        name: time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(moment))
        for name, moment in (("start", now - 3600), ("end", now + 3600))
    }
    updated = org.send("GET", "sobjects/O2C_Payment__c/updated", params=span).json()
    deleted = org.send("GET", "sobjects/O2C_Payment__c/deleted/", params=span).json()
    assert updated["ids"] == [kept]
    assert [each["id"] for each in deleted["deletedRecords"]] == [gone]
    assert deleted["deletedRecords"][0]["deletedDate"].endswith(".000+0000")
    # Nobody can say yet what the rest of the hour brings.
    assert updated["latestDateCovered"] <= time.strftime("%Y-%m-%dT%H:%M:%S.000+0000", time.gmtime())
    for wrong in ({"start": "2026-01-01T00:00:00+00:00"}, {"end": span["start"]}, {"start": "yesterday"}):
        assert org.refused("GET", "sobjects/Account/updated", params=span | wrong) == (400, "INVALID_REPLICATION_DATE")


def test_simple_salesforce_writes(server: SandboxServer, org: OrgClient) -> None:
    """The library as it comes creates, upserts, changes, reads, describes and asks for changes."""
    salesforce = simple_salesforce(server)
    made = salesforce.Account.create({"Name": "Simple"})
    assert salesforce.Account.upsert("Stripe_Customer_Id__c/cus_simple", {"Name": "Simpler"}) == 201
    assert salesforce.Account.upsert("Stripe_Customer_Id__c/cus_simple", {"Name": "Simplest"}) == 200
    assert salesforce.Account.update(made["id"], {"BillingCity": "Leeds"}) == 204
    assert salesforce.Account.get(made["id"])["BillingCity"] == "Leeds"
    assert salesforce.Account.get_by_custom_id("Stripe_Customer_Id__c", "cus_simple")["Name"] == "Simplest"
    assert "Stripe_Customer_Id__c" in {each["name"] for each in salesforce.Account.describe()["fields"]}
    assert salesforce.Account.delete(made["id"]) == 204
    assert salesforce.limits()["DailyApiRequests"]["Max"] == 100_000
    assert salesforce.api_usage["api-usage"].total == 100_000


def test_a_head_request_has_no_body(org: OrgClient) -> None:
    """HEAD answers as GET, without a body."""
    answer: requests.Response = org.send("HEAD", "sobjects/Account")
    assert (answer.status_code, answer.content) == (200, b"")
