"""Promises of the Salesforce sandbox's queries: what a condition means, how results look, how they are paged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.salesforce.ids import make
from o2c_orchestration.sandbox.server import SandboxServer
from o2c_orchestration_tests.contract.sandbox_salesforce_org import OrgClient

ACME, BOLT, CUT = (make("001", place, "tst") for place in range(3))
DEALS = [make("006", place, "tst") for place in range(4)]


def record(kind: str, **fields: Any) -> dict[str, Any]:
    return {"attributes": {"type": kind}, **fields}


RECORDS = [
    record("Account", Id=ACME, Name="Acme", BillingCity="Leeds", AnnualRevenue=350_000_000, NumberOfEmployees=7),
    record("Account", Id=BOLT, Name="Bolt 100%", Stripe_Customer_Id__c="cus_1", AnnualRevenue=5),
    record("Account", Id=CUT, Name="O'Cut", ParentId=ACME, Description="long", Stripe_Customer_Id__c="cus_2"),
    record("Product2", Id=make("01t", 1, "tst"), Name="Plan", ProductCode="PLAN"),
    record(
        "PricebookEntry", Id=make("01u", 1, "tst"), Name="Plan", Product2Id=make("01t", 1, "tst"), UnitPrice=10,
        Stripe_Price_Id__c="price_1",
    ),
    *(
        record(
            "Opportunity", Id=identifier, Name=f"Deal {place}", AccountId=(ACME, BOLT, ACME, None)[place],
            StageName=("Closed Won", "Prospecting", "Closed Lost", "Closed Won")[place],
            CloseDate=f"2026-11-0{place + 1}", SystemModstamp=f"2026-11-0{place + 1}T10:00:00.000+0000",
        )
        for place, identifier in enumerate(DEALS)
    ),
    *(
        record(
            "OpportunityLineItem", Id=make("00k", place, "tst"), OpportunityId=DEALS[0],
            PricebookEntryId=make("01u", 1, "tst"), Quantity=place + 1, UnitPrice=10, SortOrder=3 - place,
        )
        for place in range(3)
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OrgClient]:
    with SandboxServer(tmp_path_factory.mktemp("soql")) as server:
        client = OrgClient(server)
        client.load(*RECORDS)
        yield client


@pytest.mark.parametrize(
    ("condition", "places"),
    [
        ("StageName = 'closed won'", [0, 3]),
        ("StageName != 'Closed Won'", [1, 2]),
        ("IsWon = true AND AccountId != null", [0]),
        ("AccountId = null", [3]),
        (f"AccountId NOT IN ('{ACME}')", [1, 3]),
        ("NOT (Account.Name LIKE 'A%')", [1, 3]),
        ("NOT Account.Name = 'Acme'", [1, 3]),
        ("(StageName = 'Prospecting' OR IsWon = TRUE) AND CloseDate < 2026-11-03", [0, 1]),
        ("CloseDate >= 2026-11-02 AND CloseDate <= 2026-11-03", [1, 2]),
        ("CloseDate IN (2026-11-01, 2026-11-04)", [0, 3]),
        ("SystemModstamp > 2026-11-02T10:00:00Z", [2, 3]),
        ("SystemModstamp >= 2026-11-02T10:00:00+00:00", [1, 2, 3]),
        ("SystemModstamp >= 2026-11-02T12:00:00+02:00", [1, 2, 3]),
        # A real org ignores the milliseconds of a moment.
        ("SystemModstamp >= 2026-11-04T10:00:00.900Z", [3]),
        ("Amount > 59.99 AND Amount <= 60", [0]),
        ("Amount = null", [1, 2, 3]),
        ("StageName IN ('Closed Lost', 'Prospecting')", [1, 2]),
        ("Name LIKE 'deal _'", [0, 1, 2, 3]),
        (f"Id = '{DEALS[2][:15]}'", [2]),
        ("AccountId IN (SELECT Id FROM Account WHERE Name LIKE 'Bolt%')", [1]),
        ("Id NOT IN (SELECT OpportunityId FROM OpportunityLineItem)", [1, 2, 3]),
        ("HasOpportunityLineItem = true", [0]),
    ],
)
def test_conditions(org: OrgClient, condition: str, places: list[int]) -> None:
    """A condition finds what it finds in an org: no case in text, two values of truth, 15 or 18 characters of an id."""
    assert org.column(f"SELECT Id FROM Opportunity WHERE {condition} ORDER BY Name") == [DEALS[each] for each in places]


def test_escapes(org: OrgClient) -> None:
    """A quote and a wildcard can be meant as themselves."""
    assert org.column(r"SELECT Name FROM Account WHERE Name = 'O\'Cut'") == ["O'Cut"]
    assert org.column(r"SELECT Name FROM Account WHERE Name LIKE '%\%'") == ["Bolt 100%"]
    assert org.column("SELECT Name FROM Account WHERE Stripe_Customer_Id__c = ''") == ["Acme"]


def test_date_literals_count_from_today(org: OrgClient) -> None:
    """TODAY, LAST_N_DAYS and the like cover whole days in UTC."""
    accounts = "SELECT count() FROM Account WHERE CreatedDate"
    assert org.query(f"{accounts} = TODAY")["totalSize"] == 3
    assert org.query(f"{accounts} > TODAY")["totalSize"] == 0
    assert org.query(f"{accounts} = LAST_N_DAYS:3")["totalSize"] == 3
    assert org.query(f"{accounts} < LAST_N_DAYS:3")["totalSize"] == 0
    assert org.query("SELECT count() FROM Opportunity WHERE CloseDate = YESTERDAY OR CloseDate > NEXT_YEAR")[
        "totalSize"
    ] in (0, 1)


def test_order_and_nulls(org: OrgClient) -> None:
    """Nulls come first in both directions unless they are sent to the end; LIMIT and OFFSET cut what is ordered."""
    assert org.column("SELECT Name FROM Account ORDER BY AnnualRevenue ASC") == ["O'Cut", "Bolt 100%", "Acme"]
    assert org.column("SELECT Name FROM Account ORDER BY AnnualRevenue DESC") == ["O'Cut", "Acme", "Bolt 100%"]
    assert org.column("SELECT Name FROM Account ORDER BY AnnualRevenue DESC NULLS LAST, Name LIMIT 2") == [
        "Acme",
        "Bolt 100%",
    ]
    assert org.column("SELECT Name FROM Account ORDER BY Name LIMIT 5 OFFSET 2") == ["O'Cut"]


def test_a_record_has_parents_and_children(org: OrgClient) -> None:
    """Parents are nested with their own attributes and null when there is none; children are a result of their own."""
    soql = (
        "SELECT Name, Account.Name, Account.Parent.Name, (SELECT Quantity, PricebookEntry.Product2.ProductCode,"
        " PricebookEntry.Stripe_Price_Id__c FROM OpportunityLineItems WHERE Quantity > 1 ORDER BY SortOrder)"
        " FROM Opportunity ORDER BY Name"
    )
    first, second, *_, last = org.query(soql)["records"]
    assert first["attributes"] == {
        "type": "Opportunity",
        "url": f"/services/data/v68.0/sobjects/Opportunity/{DEALS[0]}",
    }
    assert first["Account"]["attributes"]["url"].endswith(f"/Account/{ACME}")
    assert (first["Account"]["Name"], first["Account"]["Parent"], last["Account"]) == ("Acme", None, None)
    lines = first["OpportunityLineItems"]
    assert (lines["totalSize"], lines["done"]) == (2, True)
    assert [each["Quantity"] for each in lines["records"]] == [3.0, 2.0]
    entry = lines["records"][0]["PricebookEntry"]
    assert (entry["Product2"]["ProductCode"], entry["Stripe_Price_Id__c"]) == ("PLAN", "price_1")
    assert second["OpportunityLineItems"] is None


def test_counts_and_groups(org: OrgClient) -> None:
    """COUNT() is told by the size alone; aggregates come as AggregateResult, nameless ones as expr0."""
    assert org.query("SELECT COUNT() FROM Opportunity") == {"totalSize": 4, "done": True, "records": []}
    found = org.query(
        "SELECT StageName, COUNT(Id), SUM(Amount) total FROM Opportunity GROUP BY StageName"
        " HAVING COUNT(Id) > 1 ORDER BY StageName"
    )
    assert found["records"] == [
        {"attributes": {"type": "AggregateResult"}, "StageName": "Closed Won", "expr0": 2, "total": 60.0}
    ]
    assert org.rows("SELECT MAX(CloseDate) last, COUNT_DISTINCT(AccountId) n FROM Opportunity") == [
        {"last": "2026-11-04", "n": 2}
    ]
    assert org.column("SELECT Account.Name who FROM Opportunity GROUP BY Account.Name ORDER BY Account.Name DESC") == [
        None,
        "Bolt 100%",
        "Acme",
    ]
    assert org.refused("GET", "query", params={"q": "SELECT Name who FROM Account"}) == (400, "MALFORMED_QUERY")


def test_numbers_are_written_as_java_writes_them(org: OrgClient) -> None:
    """A large amount has an exponent, which a client that reads text must cope with; booleans are booleans."""
    answer = org.send("GET", "query", params={"q": "SELECT AnnualRevenue, IsDeleted FROM Account WHERE Name = 'Acme'"})
    assert '"AnnualRevenue":3.5E8,"IsDeleted":false' in answer.text
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"


def test_an_address_is_put_together(org: OrgClient) -> None:
    """The compound address has all its parts, and is null when none is there."""
    assert org.column("SELECT BillingAddress FROM Account ORDER BY Name")[:2] == [
        {
            "street": None,
            "city": "Leeds",
            "state": None,
            "postalCode": None,
            "country": None,
            "geocodeAccuracy": None,
            "latitude": None,
            "longitude": None,
        },
        None,
    ]


@pytest.mark.parametrize(
    ("soql", "code", "words"),
    [
        ("SELECT Nope FROM Account", "INVALID_FIELD", "ERROR at Row:1:Column:8\nNo such column 'Nope' on entity"),
        ("SELECT Owner.Nope FROM Account", "INVALID_FIELD", "No such column 'Nope' on entity 'User'"),
        ("SELECT Nope.Name FROM Account", "INVALID_FIELD", "Didn't understand relationship 'Nope' in field path"),
        ("SELECT Id, (SELECT Id FROM Nopes) FROM Account", "INVALID_TYPE", "relationship 'Nopes' in FROM part"),
        ("SELECT Id FROM Nope__c", "INVALID_TYPE", "sObject type 'Nope__c' is not supported"),
        ("SELECT FROM Account", "MALFORMED_QUERY", "unexpected token: 'FROM'"),
        ("SELECT Id FROM", "MALFORMED_QUERY", "unexpected token: '<EOF>'"),
        ("SELECT Id FROM Account WHERE Name = 'a", "MALFORMED_QUERY", "unexpected token: '''"),
        ("SELECT Id FROM Account WHERE Name = 'a' AND Site = 'b' OR Site = 'c'", "MALFORMED_QUERY", "'OR'"),
        ("SELECT Id, Id FROM Account", "MALFORMED_QUERY", "duplicate field selected: Id"),
        ("SELECT Name, COUNT(Id) FROM Account", "MALFORMED_QUERY", "must be grouped or aggregated: Name"),
        # What a client sends that forgets to encode the plus.
        ("SELECT Id FROM Account WHERE CreatedDate > 2026-01-01T00:00:00 00:00", "MALFORMED_QUERY", "unexpected token"),
        ("SELECT Id FROM Account WHERE CreatedDate > '2026-01-01'", "INVALID_FIELD", "must be of type dateTime"),
        ("SELECT Id FROM Account WHERE CreatedDate > 2026-01-01", "INVALID_FIELD", "must be of type dateTime"),
        ("SELECT Id FROM Opportunity WHERE CloseDate > 2026-01-01T00:00:00Z", "INVALID_FIELD", "must be of type date "),
        ("SELECT Id FROM Account WHERE Name = 5", "INVALID_FIELD", "should be enclosed in quotes"),
        ("SELECT Id FROM Opportunity WHERE Amount = '5'", "INVALID_FIELD", "should not be enclosed in quotes"),
        ("SELECT Id FROM Account WHERE Description = 'x'", "INVALID_FIELD", "can not be filtered"),
        ("SELECT Id FROM Account WHERE Id = 'abc'", "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: abc"),
        ("SELECT Id FROM Account OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "2000"),
        ("SELECT Id FROM Account WHERE COUNT(Id) > 1", "MALFORMED_QUERY", "Aggregate expressions"),
        ("SELECT Id FROM Account ORDER BY COUNT(Id)", "MALFORMED_QUERY", "Aggregate expressions"),
        ("SELECT Id FROM Account WHERE CreatedDate = LAST_N_DAYS:999999999", "MALFORMED_QUERY", "LAST_N_DAYS"),
        ("SELECT Id FROM Account WHERE CreatedDate = SOMEDAY", "MALFORMED_QUERY", "SOMEDAY"),
        ("SELECT FIELDS(ALL) FROM Account", "MALFORMED_QUERY", "LIMIT"),
    ],
)
def test_refusals(org: OrgClient, soql: str, code: str, words: str) -> None:
    """A query that cannot be run is refused with Salesforce's code, and a pointer to the place."""
    answer = org.send("GET", "query", params={"q": soql})
    assert (answer.status_code, answer.json()[0]["errorCode"]) == (400, code)
    assert words in answer.json()[0]["message"]


def test_the_pointer_is_where_salesforce_draws_it(org: OrgClient) -> None:
    """The message of an unknown object is the one recorded by CumulusCI, to the letter."""
    answer = org.send("GET", "query/", params={"q": "select count() from XYZZY"})
    assert answer.json()[0] == {
        "message": "\nselect count() from XYZZY\n                    ^\nERROR at Row:1:Column:21\nsObject type 'XYZZY' "
        "is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity "
        "name. Please reference your WSDL or the describe call for the appropriate names.",
        "errorCode": "INVALID_TYPE",
    }


def test_pages(tmp_path_factory: pytest.TempPathFactory) -> None:
    """2000 rows a page, fewer when asked; a result is fixed when the query runs and outlives a restart."""
    state_dir = tmp_path_factory.mktemp("pages")
    many = [record("Account", Id=make("001", place, "pag"), Name=f"A {place:04}") for place in range(4100)]
    soql = "SELECT Name FROM Account ORDER BY Name"
    with SandboxServer(state_dir) as server:
        org = OrgClient(server)
        org.load(*many)
        first = org.query(soql)
        assert (len(first["records"]), first["totalSize"], first["done"]) == (2000, 4100, False)
        assert len(org.query(soql, **{"Sforce-Query-Options": "batchSize=200"})["records"]) == 200
        assert len(org.query(soql, **{"Sforce-Query-Options": "batchSize=1"})["records"]) == 200
        org.create("Account", Name="A 0000 newcomer")
    with SandboxServer(state_dir) as server:
        org = OrgClient(server)
        second = org.send("GET", first["nextRecordsUrl"]).json()
        third = org.send("GET", second["nextRecordsUrl"]).json()
    names = [each["Name"] for page in (first, second, third) for each in page["records"]]
    assert (names, third["done"], "nextRecordsUrl" in third) == ([each["Name"] for each in many], True, False)


def test_children_count_as_rows_of_a_page(org: OrgClient) -> None:
    """A page with many children has fewer parents, and one with more children than a page goes on by itself."""
    deal = make("006", 77, "tst")
    lines = [
        record("OpportunityLineItem", Id=make("00k", 100 + place, "tst"), OpportunityId=deal, Quantity=1, UnitPrice=1)
        for place in range(2300)
    ]
    org.load(record("Opportunity", Id=deal, Name="Deal large", StageName="Prospecting", CloseDate="2026-01-01"), *lines)
    soql = "SELECT Name, (SELECT Id FROM OpportunityLineItems) FROM Opportunity ORDER BY Name DESC"
    page = org.query(soql)
    children = page["records"][0]["OpportunityLineItems"]
    assert (len(page["records"]), page["done"], len(children["records"])) == (1, False, 2000)
    rest = org.send("GET", children["nextRecordsUrl"]).json()
    seen = {each["Id"] for each in children["records"] + rest["records"]}
    assert (children["totalSize"], rest["done"], len(seen)) == (2300, True, 2300)
    assert len(org.send("GET", page["nextRecordsUrl"]).json()["records"]) == 4
    org.control("records", {"type": "Opportunity", "id": deal, "delete": True})


@pytest.mark.parametrize(("size", "pages"), [("batchSize=2000", 2), ("batchSize=251", 10)])
def test_no_parent_is_lost_between_pages_with_children(
    tmp_path_factory: pytest.TempPathFactory, size: str, pages: int
) -> None:
    """Wherever a page ends, every deal comes once, with all its lines."""
    deals = [make("006", place, "pag") for place in range(600)]
    lines = [
        record(
            "OpportunityLineItem", Id=make("00k", 3 * place + each, "pag"), OpportunityId=deal, Quantity=1, UnitPrice=1
        )
        for place, deal in enumerate(deals)
        for each in range(3)
    ]
    opportunity = {"Name": "Deal", "StageName": "Prospecting", "CloseDate": "2026-01-01"}
    with SandboxServer(tmp_path_factory.mktemp("parents")) as server:
        org = OrgClient(server)
        org.load(*(record("Opportunity", Id=each, **opportunity) for each in deals), *lines)
        soql = "SELECT Id, (SELECT Id FROM OpportunityLineItems) FROM Opportunity ORDER BY Id"
        options = {"Sforce-Query-Options": size}
        page = org.query(soql, **options)
        found, count = page["records"], 1
        while not page["done"]:
            page = org.send("GET", page["nextRecordsUrl"], headers=options).json()
            found, count = found + page["records"], count + 1
    assert ([each["Id"] for each in found], count) == (deals, pages)
    assert all(len(each["OpportunityLineItems"]["records"]) == 3 for each in found)


@pytest.mark.parametrize("locator", ["0r8gK000000009zAAA-2000", "nonsense", "0r8gK000000001AAAA-x"])
def test_an_unknown_locator(org: OrgClient, locator: str) -> None:
    """A locator that was never handed out, or is too old, is refused."""
    assert org.refused("GET", f"query/{locator}") == (400, "INVALID_QUERY_LOCATOR")


@pytest.mark.parametrize(("letters", "padding", "status"), [(10_000, 0, 200), (17_000, 0, 414), (10_000, 7_000, 431)])
def test_a_query_may_be_too_long_for_an_address(org: OrgClient, letters: int, padding: int, status: int) -> None:
    """16,384 bytes for the address, and for address and headers together; the refusal is no JSON."""
    soql = f"SELECT Id FROM Account WHERE Name = '{'x' * letters}'"
    answer = org.send("GET", "query", params={"q": soql}, headers={"X-Padding": "x" * padding})
    assert answer.status_code == status
    if status != 200:
        assert answer.text.startswith(f"<h1>Bad Message {status}</h1>")


def test_query_all_sees_deleted_records(org: OrgClient) -> None:
    """What is deleted is in queryAll only, as are the children that went with it."""
    account = org.create("Account", Name="Gone")
    org.create("Contact", LastName="Gone", AccountId=account)
    org.send("DELETE", f"sobjects/Account/{account}")
    soql = "SELECT Name, IsDeleted, (SELECT Name FROM Contacts) FROM Account WHERE Name = 'Gone'"
    assert org.rows(soql) == []
    (found,) = org.send("GET", "queryAll", params={"q": soql}).json()["records"]
    assert (found["IsDeleted"], found["Contacts"]["totalSize"]) == (True, 1)


def test_an_org_with_one_currency(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Without several currencies there is no CurrencyIsoCode anywhere."""
    state_dir = tmp_path_factory.mktemp("currency")
    with SandboxServer(state_dir, config=SandboxConfig(salesforce_multi_currency=False)) as server:
        org = OrgClient(server)
        soql = "SELECT CurrencyIsoCode FROM Opportunity"
        assert org.refused("GET", "query", params={"q": soql}) == (400, "INVALID_FIELD")
        product = org.create("Product2", Name="Plan")
        book = org.column("SELECT Id FROM Pricebook2")[0]
        entry = org.create("PricebookEntry", Pricebook2Id=book, Product2Id=product, UnitPrice=5, IsActive=True)
        deal = org.deal()
        org.create("OpportunityLineItem", OpportunityId=deal, PricebookEntryId=entry, Quantity=2, UnitPrice=5)
        assert org.column("SELECT Amount FROM Opportunity") == [10.0]


def test_stamps_may_be_finer_than_in_an_org(tmp_path_factory: pytest.TempPathFactory) -> None:
    """With stamps to the millisecond a condition tells milliseconds apart too."""
    state_dir = tmp_path_factory.mktemp("stamps")
    with SandboxServer(state_dir, config=SandboxConfig(salesforce_stamp_ms=1)) as server:
        org = OrgClient(server)
        for name in "ABC":
            org.create("Account", Name=name)
        stamps = org.column("SELECT SystemModstamp FROM Account ORDER BY SystemModstamp, Id")
        behind = org.column(f"SELECT SystemModstamp FROM Account WHERE SystemModstamp > {stamps[1]}")
        assert behind == [each for each in stamps if each > stamps[1]]
        assert not all(each.endswith(".000+0000") for each in stamps)
