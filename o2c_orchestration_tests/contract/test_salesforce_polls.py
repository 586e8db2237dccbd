"""Promises of the poll of Salesforce that the sandbox gives no occasion for: how long deletions are told, what a user
may not see, fields that appear later. Against a scripted server that answers as the REST API guide says."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import time_machine
from sqlalchemy import Engine

from o2c_orchestration.clients.credentials import SalesforceCredentials
from o2c_orchestration.clients.retry import RetryPolicy
from o2c_orchestration.clients.salesforce import SalesforceReader
from o2c_orchestration.domain.errors import Refused
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.salesforce_fields import READ
from o2c_orchestration.extract.salesforce import QUICK, SalesforceExtractor
from o2c_orchestration.preflight.salesforce import salesforce_fields
from o2c_orchestration.store import inbox, salesforce
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.validate.records import judge
from o2c_orchestration_tests.wire_fake import Reply, Seen, WireFake

DEAL, ACCOUNT, LINE = "006000000000001AAA", "001000000000001AAA", "00k000000000001AAA"
NOW = datetime.now(UTC)


def told(moment: datetime) -> str:
    """As Salesforce writes moments."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def error(status: int, code: str, message: str = "It failed") -> Reply:
    return Reply(status, [{"message": message, "errorCode": code}])


class Org:
    """Records by type, what was deleted of opportunities, and what the app's user may see."""

    def __init__(self) -> None:
        old = told(NOW - timedelta(days=2))
        stamps = {"CreatedDate": old, "SystemModstamp": old, "IsDeleted": False}
        deal = {"Id": DEAL, "Name": "Deal", "AccountId": ACCOUNT, "IsWon": True, "CloseDate": "2026-11-01", **stamps}
        self.rows: dict[str, list[dict[str, Any]]] = {kind: [] for kind in READ}
        self.rows["Opportunity"] = [deal]
        self.rows["Account"] = [{"Id": ACCOUNT, "Name": "Acme", **stamps}]
        self.deleted: list[tuple[str, datetime]] = []
        self.earliest, self.log_ends = NOW - timedelta(days=400), NOW + timedelta(days=1)
        self.hidden_kinds: set[str] = set()
        self.hidden_fields: set[str] = set()
        self.refusal: Reply | None = None
        self.spans: list[dict[str, str]] = []

    def touch(self, moment: datetime) -> None:
        """Some other deal changes, and the cursor with it."""
        stamp = told(moment)
        other = {"Id": "006000000000009AAA", "Name": "Other", "IsWon": False, "CloseDate": "2026-11-02"}
        row = {**other, "CreatedDate": stamp, "SystemModstamp": stamp, "IsDeleted": False}
        self.rows["Opportunity"] = [*self.rows["Opportunity"][:1], row]

    def delete(self, moment: datetime) -> None:
        """The deal goes into the bin."""
        self.rows["Opportunity"] = [row for row in self.rows["Opportunity"] if row["Id"] != DEAL]
        self.deleted.append((DEAL, moment))

    def __call__(self, seen: Seen) -> Reply:
        if seen.path.endswith("/token"):
            return Reply(200, {"access_token": "token", "instance_url": "https://acme.my.salesforce.com"})
        if "q" in seen.query:
            return self._query(seen.query["q"])
        kind, what = seen.path.strip("/").split("/")[-2:]
        if kind in self.hidden_kinds:
            return error(404, "NOT_FOUND", "The requested resource does not exist")
        if what == "describe":
            return Reply(200, {"fields": [{"name": name} for name in READ[kind] if name not in self.hidden_fields]})
        return self._deletions(kind, seen.query)

    def _query(self, soql: str) -> Reply:
        match = re.fullmatch(r"SELECT (.+) FROM (\w+)(.*)", soql)
        assert match, soql
        fields, kind, condition = match[1].split(", "), match[2], match[3]
        for name in {*fields, *re.findall(r"(\w+) (?:IN|!=|>=)", condition)} & self.hidden_fields:
            return error(400, "INVALID_FIELD", f"No such column '{name}' on entity '{kind}'")
        since = re.search(r"SystemModstamp >= (\S+)", condition)
        ids = set(re.findall(r"'(\w+)'", condition)) if " IN " in condition else None
        named = re.search(r"(\w+) IN", condition)
        rows = [
            {"attributes": {"type": kind}, **{name: row.get(name) for name in fields}}
            for row in self.rows[kind]
            if (since is None or row["SystemModstamp"][:19] >= since[1][:19])
            and (ids is None or named is None or row.get(named[1]) in ids)
        ]
        return Reply(200, {"totalSize": len(rows), "done": True, "records": rows})

    def _deletions(self, kind: str, span: dict[str, str]) -> Reply:
        if self.refusal is not None:
            return self.refusal
        start, end = datetime.fromisoformat(span["start"]), datetime.fromisoformat(span["end"])
        if kind == "Opportunity":
            self.spans.append(span)
        gone = [(key, at) for key, at in self.deleted if kind == "Opportunity" and start <= at < end]
        kept = [(key, at) for key, at in gone if at > datetime.now(UTC) - timedelta(days=15)]
        body = {
            "deletedRecords": [{"id": key, "deletedDate": told(at)} for key, at in kept],
            "earliestDateAvailable": told(self.earliest),
            "latestDateCovered": told(min(end, self.log_ends)),
        }
        return Reply(200, body)


@pytest.fixture
def org() -> Org:
    """An org with a won deal of one account, two days old."""
    return Org()


@pytest.fixture
def reader(org: Org) -> Iterator[SalesforceReader]:
    """A reader of it."""
    with WireFake(org) as fake:
        credentials = SalesforceCredentials(fake.base_url, "app", "secret")
        found = SalesforceReader(credentials, (1, 5), RetryPolicy(attempts=2, first_wait=0.01))
        yield found
        found.close()


@pytest.fixture
def extractor(engine: Engine, reader: SalesforceReader) -> SalesforceExtractor:
    """What reads it into the store, without overlap."""
    return SalesforceExtractor(engine, reader, timedelta(0))


def gone(engine: Engine) -> bool:
    return DEAL not in salesforce.alive_among(engine, [DEAL])


def looked_at(engine: Engine, moment: datetime) -> None:
    """As if deletions had been looked at last then."""
    inbox.write_cursor(engine, "salesforce:Opportunity:deleted", moment.isoformat())


def test_a_poll_in_a_hurry_hides_no_deletion(engine: Engine, org: Org, extractor: SalesforceExtractor) -> None:
    """It moves on what changed; what was deleted before is still found by the sweep after it."""
    extractor.poll()
    looked_at(engine, NOW - timedelta(hours=2))
    org.delete(NOW - timedelta(hours=1))
    org.touch(NOW - timedelta(minutes=1))
    extractor.poll(QUICK, deletions=False)
    assert not gone(engine)
    assert extractor.poll().deleted["Opportunity"] == 1
    assert gone(engine)


def test_deletions_are_told_for_fifteen_days(engine: Engine, org: Org, extractor: SalesforceExtractor) -> None:
    """After a longer pause Salesforce's answer is silent about the first of them: ids are compared."""
    extractor.poll()
    looked_at(engine, NOW - timedelta(days=20))
    org.delete(NOW - timedelta(days=18))
    extractor.poll()
    assert gone(engine)
    org.spans.clear()
    extractor.poll()
    assert len(org.spans) == 1


@pytest.mark.parametrize(
    "refusal",
    [
        error(400, "INVALID_REPLICATION_DATE", "startDate before org replication enabled date"),
        error(400, "INVALID_REPLICATION_DATE", "startDate cannot be more than 30 days ago"),
        error(400, "EXCEEDED_ID_LIMIT"),
        error(400, "INVALID_TYPE", "sObject type Opportunity is not replicable"),
        error(404, "NOT_FOUND", "The requested resource does not exist"),
        error(403, "INSUFFICIENT_ACCESS"),
        Reply(405, b"<html>"),
    ],
)
def test_an_org_that_cannot_tell_is_compared(
    engine: Engine, org: Org, extractor: SalesforceExtractor, refusal: Reply
) -> None:
    """Of a young org, after the bin was purged, or of too many; or nobody tells of deletions at all."""
    extractor.poll()
    looked_at(engine, NOW - timedelta(days=1))
    org.delete(NOW - timedelta(hours=3))
    org.refusal = refusal
    assert extractor.poll().closed == {}
    assert gone(engine)


def test_a_log_that_was_cut_is_not_believed(engine: Engine, org: Org, extractor: SalesforceExtractor) -> None:
    """What was deleted before the log begins is in no answer."""
    extractor.poll()
    looked_at(engine, NOW - timedelta(days=1))
    org.delete(NOW - timedelta(hours=3))
    org.deleted.clear()
    org.earliest = NOW - timedelta(hours=2)
    extractor.poll()
    assert gone(engine)


def test_the_next_look_begins_where_salesforce_says(engine: Engine, org: Org, extractor: SalesforceExtractor) -> None:
    """A deletion that was under way may be told later, with a moment before our last look."""
    extractor.poll()
    looked_at(engine, NOW - timedelta(hours=5))
    org.log_ends = NOW - timedelta(hours=4)
    extractor.poll()
    org.delete(NOW - timedelta(hours=3))
    extractor.poll()
    assert gone(engine)


def test_a_clock_that_was_ahead_at_the_first_poll_hides_no_deletion(
    engine: Engine, org: Org, extractor: SalesforceExtractor
) -> None:
    """It was an hour ahead and was put right: what is deleted within that hour is found all the same."""
    with time_machine.travel(NOW + timedelta(hours=1)):
        extractor.poll()
    org.delete(NOW + timedelta(minutes=1))
    with time_machine.travel(NOW + timedelta(minutes=30)):
        extractor.poll()
    assert gone(engine)


def test_what_came_out_of_the_bin_is_alive(engine: Engine, org: Org, extractor: SalesforceExtractor) -> None:
    """Though the log goes on naming it."""
    extractor.poll()
    looked_at(engine, NOW - timedelta(hours=2))
    org.deleted.append((DEAL, NOW - timedelta(hours=1)))
    extractor.poll()
    assert not gone(engine)


def test_what_was_hidden_for_a_while_comes_back(engine: Engine, org: Org, extractor: SalesforceExtractor) -> None:
    """A comparison takes what the user may not see for gone; the next one finds it, unchanged as it is."""
    extractor.poll()
    deals, org.rows["Opportunity"] = org.rows["Opportunity"], []
    looked_at(engine, NOW - timedelta(days=20))
    extractor.poll()
    assert gone(engine)
    org.rows["Opportunity"] = deals
    looked_at(engine, NOW - timedelta(days=20))
    extractor.poll()
    assert not gone(engine)


def test_a_field_that_can_be_seen_from_now_on_is_read(
    engine: Engine, org: Org, reader: SalesforceReader, extractor: SalesforceExtractor
) -> None:
    """Else an order that it names would be written a second time: no record changes when a permission does."""
    org.rows["Opportunity"][0]["NetSuite_Sales_Order_Id__c"] = "77"
    org.hidden_fields = {"NetSuite_Sales_Order_Id__c"}
    extractor.poll()
    org.touch(NOW)
    extractor.poll()
    org.hidden_fields = set()
    # As another process does, whose fields are fresh.
    SalesforceExtractor(engine, reader, timedelta(0)).poll()
    extractor.poll(QUICK, deletions=False)
    with raw_cursor(engine) as cursor:
        cursor.execute(
            "SELECT payload ->> 'NetSuite_Sales_Order_Id__c' FROM o2c.salesforce_objects WHERE id = %s", (DEAL,)
        )
        assert cursor.fetchone() == ("77",)


def test_a_field_that_went_is_not_asked_for_again(engine: Engine, org: Org, extractor: SalesforceExtractor) -> None:
    """The poll that finds out fails by name, the one after it goes on."""
    extractor.poll()
    org.hidden_fields = {"O2C_Start_Date__c"}
    with pytest.raises(Refused):
        extractor.poll()
    org.touch(NOW)
    assert extractor.poll().seen["Opportunity"] >= 1


def test_what_makes_no_sense_is_told_and_kept(engine: Engine, org: Org, reader: SalesforceReader) -> None:
    """By the record, when it comes and not again while it stays as it is; it is stored like any other."""
    org.rows["Opportunity"][0]["CloseDate"] = "soon"
    judging = SalesforceExtractor(engine, reader, timedelta(minutes=10), judge=partial(judge, engine))
    missing = "IsClosed: missing"
    assert judging.poll().odd[DEAL] == f"Opportunity: CloseDate: not a day; {missing}"
    assert salesforce.alive_among(engine, [DEAL]) == [DEAL]
    assert DEAL not in judging.poll().odd


@pytest.mark.parametrize("kind", ["OpportunityLineItem", "Contact"])
def test_what_the_user_may_not_see_stops_nothing(
    engine: Engine, org: Org, extractor: SalesforceExtractor, kind: str
) -> None:
    """Orgs without products, users without people: it is noted, in the very first poll."""
    org.hidden_kinds = {kind}
    found = extractor.poll()
    assert set(found.closed) == {kind}
    assert not gone(engine)


@pytest.mark.parametrize("hidden", ["StatusCode", "EffectiveDate"])
def test_orders_of_which_nothing_could_be_told_are_not_read(
    engine: Engine, org: Org, extractor: SalesforceExtractor, hidden: str
) -> None:
    """Without its category or its day none would be a deal, and nobody would hear of it."""
    stamps = {name: org.rows["Account"][0][name] for name in ("CreatedDate", "SystemModstamp", "IsDeleted")}
    org.rows["Order"] = [{"Id": "801000000000001AAA", "AccountId": ACCOUNT, "StatusCode": "Activated", **stamps}]
    org.hidden_fields = {hidden}
    assert extractor.poll().closed == {"Order": f"fields cannot be seen: {hidden}"}
    assert salesforce.counts(engine, "Order") == (0, 0)
    org.hidden_fields = set()
    assert extractor.poll().closed == {}
    assert salesforce.counts(engine, "Order") == (1, 0)


@pytest.mark.parametrize(("source", "wrong"), [("orders", {"Salesforce Order", "Salesforce OrderItem"}), (None, set())])
def test_the_preflight_asks_for_orders_where_they_are_the_deals(
    org: Org, reader: SalesforceReader, source: str | None, wrong: set[str]
) -> None:
    """An org in which they are switched off is unfit for that policy, and for no other."""
    org.hidden_kinds = {"Order", "OrderItem"}
    policy = Policy.model_validate({"deals": {"source": source} if source else {}})
    orders = {"Salesforce Order", "Salesforce OrderItem"}
    assert {each.what for each in salesforce_fields(reader, policy) if each.ok is False} & orders == wrong


def test_hidden_addresses_stop_nothing(engine: Engine, org: Org, extractor: SalesforceExtractor) -> None:
    """Nobody is asked for by an address that may not be seen."""
    org.hidden_fields = {"Email"}
    org.rows["Contact"] = [{**org.rows["Account"][0], "Id": "003000000000001AAA", "AccountId": ACCOUNT}]
    assert extractor.poll().closed == {}


def test_details_that_may_not_be_seen_are_told_to_who_asks_for_them(reader: SalesforceReader) -> None:
    """An org that shows no shipping address: an error where o2c.yaml asks for it, and none of anybody's otherwise."""
    details = {"shipping_address": "salesforce", "person": "salesforce"}
    for asked, ok in (({}, True), (details, False)):
        policy = Policy.model_validate({"customers": {"details": asked}, "deals": {"write_back": False}})
        found = {each.what: each for each in salesforce_fields(reader, policy)}["Salesforce Account"]
        assert (found.ok, "ShippingStreet" in found.detail, "IsPersonAccount" in found.detail) == (ok, not ok, False)
