"""Promises of what goes on behind a client of the Salesforce sandbox: sessions, limits, rules, locks, faults."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from simple_salesforce.exceptions import SalesforceRefusedRequest

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration_tests.contract.sandbox_salesforce_org import OrgClient, simple_salesforce

LIMITED = (403, "REQUEST_LIMIT_EXCEEDED")
LOCKED = (400, "UNABLE_TO_LOCK_ROW")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SandboxServer]:
    with SandboxServer(tmp_path) as running:
        yield running


@pytest.fixture
def org(server: SandboxServer) -> OrgClient:
    return OrgClient(server)


def test_sessions_end(server: SandboxServer, org: OrgClient) -> None:
    """All of them at once; simple-salesforce logs in again by itself."""
    salesforce = simple_salesforce(server)
    assert org.control("sessions/expire") == {"ended": 2}
    assert org.refused("GET", "sobjects") == (401, "INVALID_SESSION_ID")
    assert salesforce.query("SELECT Id FROM User")["totalSize"] == 3
    org.log_in()
    assert org.send("GET", "sobjects").status_code == 200


def test_an_unused_session_ends_by_itself(tmp_path: Path) -> None:
    """A session lives as long as it is used within its time."""
    with SandboxServer(tmp_path, config=SandboxConfig(salesforce_session_seconds=0.0)) as server:
        assert OrgClient(server).refused("GET", "sobjects") == (401, "INVALID_SESSION_ID")


def test_the_daily_limit(server: SandboxServer, org: OrgClient) -> None:
    """The call after the last is 403 until the limit is raised; the count outlives a restart of the client."""
    assert org.control("limits", {"daily": 2, "reset": True}) == {"daily": 2, "used": 0}
    assert [org.send("GET", "limits").headers["Sforce-Limit-Info"] for _ in range(2)] == [
        "api-usage=1/2",
        "api-usage=2/2",
    ]
    assert org.refused("GET", "limits") == LIMITED
    assert org.refused("POST", "sobjects/Account", {"Name": "A"}) == LIMITED
    with pytest.raises(SalesforceRefusedRequest):
        simple_salesforce(server).query("SELECT Id FROM Account")
    # Looking in from behind costs nothing.
    assert org.control("query?q=SELECT+Id+FROM+Account", method="GET") == {"records": []}
    org.control("limits", {"daily": 3})
    assert org.send("GET", "limits").json()["DailyApiRequests"] == {"Max": 3, "Remaining": 0}


def test_a_validation_rule(org: OrgClient) -> None:
    """What meets the condition is refused and stays as it was, one by one and in collections."""
    rule = {"type": "Opportunity", "condition": "IsWon = true AND AccountId = null", "message": "Name the customer"}
    org.control("rules", {"validation": rule | {"field": "AccountId"}})
    deal = org.deal()
    answer = org.send("PATCH", f"sobjects/Opportunity/{deal}", {"StageName": "Closed Won"})
    problem = {
        "message": "Name the customer",
        "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "fields": ["AccountId"],
    }
    assert (answer.status_code, answer.json()) == (400, [problem])
    assert org.column("SELECT StageName FROM Opportunity") == ["Prospecting"]
    record = {"attributes": {"type": "Opportunity"}, "id": deal, "StageName": "Closed Won"}
    (result,) = org.send("PATCH", "composite/sobjects", {"records": [record]}).json()
    assert result["errors"][0]["statusCode"] == "FIELD_CUSTOM_VALIDATION_EXCEPTION"
    org.control("rules", method="DELETE")
    org.change("Opportunity", deal, StageName="Closed Won")


def test_a_rule_must_be_one(org: OrgClient) -> None:
    """A condition that cannot be read is refused when the rule is made."""
    rule = {"validation": {"type": "Account", "condition": "Nope = 1"}}
    answer = requests.post(f"{org.base_url}/_sandbox/salesforce/rules", json=rule, timeout=10)
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, "INVALID_FIELD")


def duplicates(org: OrgClient, **headers: str) -> Any:
    return org.send("POST", "sobjects/Account", {"Name": "ACME"}, headers=headers)


def test_a_duplicate_rule(org: OrgClient) -> None:
    """The body has the key that Salesforce misspells; only a rule that alerts can be overridden."""
    one = org.create("Account", Name="Acme")
    org.control("rules", {"duplicate": {"type": "Account", "fields": ["Name"], "block": False, "name": "Names"}})
    answer = duplicates(org)
    (problem,) = answer.json()
    result = problem["duplicateResut"]
    assert (answer.status_code, problem["errorCode"], sorted(problem)) == (
        400,
        "DUPLICATES_DETECTED",
        ["duplicateResut", "errorCode", "message"],
    )
    assert (result["allowSave"], result["duplicateRule"], result["duplicateRuleEntityType"]) == (
        True,
        "Names",
        "Account",
    )
    match = result["matchResults"][0]
    assert (match["size"], match["success"], match["matchRecords"][0]["record"]["Id"]) == (1, True, one)
    assert (
        duplicates(org, **{"Sforce-Duplicate-Rule-Header": "allowSave=true; runAsCurrentUser=true"}).status_code == 201
    )
    org.control("rules", {"duplicate": {"type": "Account", "fields": ["Name"], "block": True}})
    assert duplicates(org, **{"Sforce-Duplicate-Rule-Header": "allowSave=true"}).status_code == 400
    # A change that leaves the fields of the rule alone is none of its business.
    org.change("Account", one, Site="B")


def test_a_locked_record(org: OrgClient) -> None:
    """So many attempts find it locked, those on its children too; then it is free."""
    account, entry = org.create("Account", Name="A"), org.sellable()
    deal = org.deal(AccountId=account)
    org.control("locks", {"id": deal, "writes": 2})
    line = {"OpportunityId": deal, "PricebookEntryId": entry, "Quantity": 1, "UnitPrice": 1}
    assert org.refused("POST", "sobjects/OpportunityLineItem", line) == LOCKED
    answer = org.send("PATCH", f"sobjects/Opportunity/{deal}", {"Name": "x"})
    assert answer.json()[0] == {
        "message": f"unable to obtain exclusive access to this record or 1 records: {deal}",
        "errorCode": "UNABLE_TO_LOCK_ROW",
        "fields": [],
    }
    org.create("OpportunityLineItem", **line)
    org.control("locks", {"type": "Account", "writes": 1})
    assert org.refused("DELETE", f"sobjects/Account/{account}") == LOCKED
    assert org.send("DELETE", f"sobjects/Account/{account}").status_code == 204


def test_a_transaction_that_took_its_time(org: OrgClient) -> None:
    """A change may come to light with a stamp from before the last poll."""
    deal = org.deal()
    polled = org.column("SELECT SystemModstamp FROM Opportunity")[0]
    change = {"type": "Opportunity", "id": deal, "fields": {"Name": "Late"}, "seconds_ago": 30}
    org.control("records", change)
    assert org.column(f"SELECT Name FROM Opportunity WHERE SystemModstamp >= {polled}") == []
    assert org.column("SELECT Name FROM Opportunity WHERE SystemModstamp >= YESTERDAY") == ["Late"]


def test_the_recycle_bin(org: OrgClient) -> None:
    """An account takes its deals and their lines along, and brings them back."""
    account, entry = org.create("Account", Name="A"), org.sellable()
    deal = org.deal(AccountId=account)
    org.create("OpportunityLineItem", OpportunityId=deal, PricebookEntryId=entry, Quantity=1, UnitPrice=1)
    org.control("records", {"type": "Account", "id": account, "delete": True})
    assert org.query("SELECT COUNT() FROM OpportunityLineItem")["totalSize"] == 0
    assert org.control("undelete", {"type": "Account", "id": account}) == {"restored": 3}
    assert org.query("SELECT COUNT() FROM OpportunityLineItem WHERE Opportunity.Account.Name = 'A'")["totalSize"] == 1


def test_a_merge(org: OrgClient) -> None:
    """The duplicate is deleted and names its master, to which its deals and invoices have moved."""
    master, duplicate = (org.create("Account", Name=name) for name in "AB")
    deal = org.deal(AccountId=duplicate)
    merged = {"type": "Account", "master": master, "duplicate": duplicate}
    assert org.control("merge", merged) == {"moved": 1}
    assert org.column(f"SELECT AccountId FROM Opportunity WHERE Id = '{deal}'") == [master]
    soql = "SELECT MasterRecordId FROM Account WHERE IsDeleted = true"
    (gone,) = org.send("GET", "queryAll", params={"q": soql}).json()["records"]
    assert gone["MasterRecordId"] == master


def test_fields_may_be_added(server: SandboxServer, org: OrgClient) -> None:
    """A custom field is there at once and after a restart; loading a record makes one too."""
    org.control("fields", {"type": "Account", "name": "Legacy_Id__c", "external_id": True})
    first, second = (org.create("Account", Name=name, Legacy_Id__c="7") for name in "AB")
    assert org.send("GET", "sobjects/Account/Legacy_Id__c/7").status_code == 300
    server.stop()
    with SandboxServer(server._state_dir) as again:
        client = OrgClient(again)
        client.load({"attributes": {"type": "Account"}, "Name": "C", "Loaded__c": "x"})
        assert client.column("SELECT Legacy_Id__c FROM Account WHERE Loaded__c = null ORDER BY Id") == ["7", "7"]
        assert first < second
    server.start()


def test_faults_reach_salesforce(server: SandboxServer, org: OrgClient) -> None:
    """The switchboard breaks Salesforce as it breaks the others; a late commit happens all the same."""
    url = f"{org.base_url}/_sandbox/faults"
    rule = {"system": "salesforce", "method": "POST", "path_regex": "sobjects", "times": 1}
    requests.post(url, json=[rule | {"kind": "server_error"}], timeout=10)
    assert org.refused("POST", "sobjects/Account", {"Name": "A"}) == (500, "UNKNOWN_EXCEPTION")
    requests.post(url, json=[rule | {"kind": "rate_limit"}], timeout=10)
    assert org.refused("POST", "sobjects/Account", {"Name": "A"}) == LIMITED
    assert org.query("SELECT COUNT() FROM Account")["totalSize"] == 0
    requests.post(url, json=[rule | {"kind": "drop_after"}], timeout=10)
    with pytest.raises(requests.ConnectionError):
        org.send("POST", "sobjects/Account", {"Name": "A"})
    assert org.query("SELECT COUNT() FROM Account")["totalSize"] == 1


def test_everything_outlives_a_restart(tmp_path: Path) -> None:
    """Records, rules, the limit and the token are in the file."""
    with SandboxServer(tmp_path) as server:
        org = OrgClient(server)
        org.create("Account", Name="A")
        rule = {"type": "Account", "condition": "Name = 'B'"}
        org.control("rules", {"validation": rule})
        org.control("limits", {"daily": 50})
    with SandboxServer(tmp_path) as server:
        org.base_url = server.base_url
        assert org.column("SELECT Name FROM Account") == ["A"]
        refused = (400, "FIELD_CUSTOM_VALIDATION_EXCEPTION")
        assert org.refused("POST", "sobjects/Account", {"Name": "B"}) == refused
        limit = org.control("limits", method="GET")
        assert (limit["daily"], limit["used"]) == (50, 3)
        assert org.create("Account", Name="C")
