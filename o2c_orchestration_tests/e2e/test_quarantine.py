"""`o2c quarantine`: what was set aside is shown as it is kept, goes on after a fix, and never leaves silently."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from o2c_orchestration.domain.policy_live import Live
from o2c_orchestration.store import actor, events, quarantine, salesforce
from o2c_orchestration.store.audit import verify
from o2c_orchestration.store.database import open_database
from o2c_orchestration.store.gate import StripeObject, admit
from o2c_orchestration.store.salesforce import SalesforceRecord
from o2c_orchestration.validate import run as validate_run
from o2c_orchestration.validate.records import judge
from o2c_orchestration.validate.replay import Replay
from o2c_orchestration.validate.run import validate_pending
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e.cli_fixtures import CommandLine, Told

ZONE = ZoneInfo("America/Los_Angeles")
CREATED = int((datetime.now(UTC) - timedelta(days=2)).timestamp())
EVENT = {
    "id": "evt_1", "object": "event", "type": "invoice.paid", "created": CREATED, "livemode": False,
    "data": {"object": {"id": "in_1", "object": "invoice"}},
}  # fmt: skip


class Desk:
    """A database of a test's own, and the command line on it."""

    def __init__(self, run: CommandLine, url: str, home: Path) -> None:
        self._run, self._home, self.url = run, home, url
        self.engine: Engine = open_database(url)

    def __call__(self, *arguments: str) -> Told:
        return self._run(*arguments, O2C_DATABASE_URL=self.url, O2C_HOME=str(self._home))

    def listed(self, *options: str) -> list[dict[str, Any]]:
        return list(json.loads(self("quarantine", "list", "--json", *options).out))

    def audit(self) -> list[tuple[str, str, str]]:
        """(actor, why, outcome) of what left quarantine."""
        query = """SELECT actor, why, after ->> 'outcome' FROM o2c.audit
                   WHERE action IN ('quarantine_released', 'deleted', 'truncated') ORDER BY seq"""
        with self.engine.connect() as connection:
            return [(str(row[0]), str(row[1]), row[2]) for row in connection.execute(text(query))]


@pytest.fixture
def desk(new_database: NewDatabase, tmp_path: Path) -> Iterator[Desk]:
    actor.act_as(None)  # a run of Dagster in this process may have left its own
    with new_database() as url:
        run = CommandLine(tmp_path)
        made = Desk(run, url, tmp_path)
        yield made
        made.engine.dispose()


def invoice(**more: Any) -> dict[str, Any]:
    line = {"id": "il_1", "amount": 100, "description": "Seats"}
    return {
        "id": "in_1", "object": "invoice", "customer": "cus_1", "number": "A-1", "currency": "usd", "status": "open",
        "total": 100, "amount_paid": 0, "amount_remaining": 100, "status_transitions": {"finalized_at": CREATED},
        "lines": {"data": [line]}, "created": CREATED, **more,
    }  # fmt: skip


def let_in(engine: Engine, payload: dict[str, Any], second: int = 0) -> None:
    began = datetime.now(UTC) - timedelta(hours=1) + timedelta(seconds=second)
    admit(engine, [StripeObject.of(payload, began)], proven=True)
    validate_pending(engine, str(payload["object"]), ZONE)


def misunderstood(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """An invoice that is sound, and a schema of ours that does not think so."""
    let_in(desk.engine, {"id": "cus_1", "object": "customer", "name": "Ann", "created": CREATED})
    with monkeypatch.context() as patch:
        patch.setattr(validate_run, "failures", lambda kind, found: {0: "status: unknown value 'open'"})
        let_in(desk.engine, invoice())


def test_after_a_fix_of_ours_what_is_released_is_planned(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Listed with its reason, shown with its payload, released: nothing is read again, and the plan has it."""
    misunderstood(desk, monkeypatch)
    [held] = desk.listed()
    assert (held["id"], held["reason"], held["source"]) == ("in_1", "status: unknown value 'open'", "stripe")
    assert held["first_seen_at"] <= held["last_seen_at"]
    assert desk("quarantine", "list").code == 1
    assert '"amount_remaining": 100' in desk("quarantine", "show", "in_1").out
    assert [each["external_id"] for each in json.loads(desk("plan", "--json").out)["commands"]] == []
    told = desk("quarantine", "release", "in_1", "--reason", "schema fixed in 1.2", "--actor", "ann")
    assert (told.code, "1 released" in told.out) == (0, True)
    planned = [each["external_id"] for each in json.loads(desk("plan", "--json").out)["commands"]]
    assert "in_1" in planned
    assert desk.listed() == []
    assert desk("quarantine", "list").code == 0
    assert desk.audit() == [("user:ann", "schema fixed in 1.2", "passed")]
    [left] = desk.listed("--released")
    assert (left["outcome"], left["released_by"]) == ("passed", "user:ann")


def test_what_is_wrong_still_stays_with_the_reason_of_now(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reason given by a person lets nothing through; nothing is told to the trail."""
    with monkeypatch.context() as patch:
        patch.setattr(validate_run, "failures", lambda kind, found: {0: "an older reason"})
        let_in(desk.engine, invoice(currency="dollars"))
    told = desk("quarantine", "release", "--all", "--reason", "it is fine", "--json")
    assert told.code == 1
    [stays] = json.loads(told.out)["stays"]
    assert stays["id"] == "in_1"
    assert stays["reason"].startswith("currency: ")
    assert desk.audit() == []
    with desk.engine.connect() as connection:
        assert connection.execute(text("SELECT release_reason FROM o2c.quarantine")).scalar() is None


def test_what_stripe_mends_leaves_by_itself_and_is_told(desk: Desk) -> None:
    """The next payload passes: the trail has the entry too, by whoever ran, and its chain holds."""
    let_in(desk.engine, invoice(currency="dollars"))
    let_in(desk.engine, invoice(), second=5)
    [(actor, why, outcome)] = desk.audit()
    assert actor.startswith("user:")
    assert (why, outcome) == ("it passes its schema now", "passed")
    assert verify(desk.engine).intact


def test_a_hand_in_the_database_is_told(desk: Desk) -> None:
    """Deleted rows and emptied tables leave an entry."""
    let_in(desk.engine, invoice(currency="dollars"))
    with desk.engine.begin() as connection:
        connection.execute(text("DELETE FROM o2c.quarantine"))
    with desk.engine.begin() as connection:
        connection.execute(text("TRUNCATE o2c.quarantine"))
    assert len(desk.audit()) == 2


def test_a_signed_body_is_read_as_an_event_again(desk: Desk) -> None:
    """What an older version took for nonsense is an event now: its object is marked, and it leaves."""
    events.set_aside(desk.engine, json.dumps(EVENT).encode(), "what was sent is not an event of Stripe", "acct_7")
    [held] = desk.listed()
    told = desk("quarantine", "release", held["id"][:12])
    assert told.code == 0, told.out
    with desk.engine.connect() as connection:
        assert connection.execute(text("SELECT object_id, account FROM o2c.inbox")).all() == [("in_1", "acct_7")]
    assert [each[2] for each in desk.audit()] == ["event"]
    assert desk.listed() == []


def test_a_body_that_is_no_event_is_closed_by_a_person_only(desk: Desk) -> None:
    """Without a reason it stays, with --all too; with one, by its id, it is closed and the trail says by whom."""
    events.set_aside(desk.engine, b"[]", "older words")
    [held] = desk.listed()
    assert desk("quarantine", "release", held["id"]).code == 1
    assert desk("quarantine", "release", "--all", "--reason", "a test").code == 1
    [still] = desk.listed()
    assert still["reason"] == "what was sent is not an event of Stripe"
    closed = desk("quarantine", "release", held["id"], "--reason", "a test of ours", "--actor", "ann", "--json")
    assert (closed.code, json.loads(closed.out)["closed"]) == (0, [held["id"]])
    assert desk.audit() == [("user:ann", "a test of ours", "closed")]
    events.set_aside(desk.engine, b"[]", "again")
    assert desk.listed() == []


def test_what_is_not_there_is_said(desk: Desk) -> None:
    """Exit 1 for an id that is not held; exit 2 for a command that names nothing."""
    assert desk("quarantine", "release", "in_9").code == 1
    assert desk("quarantine", "show", "in_9").code == 1
    assert desk("quarantine", "release").code == 2
    assert desk("quarantine", "release", "in_9", "--all").code == 2
    assert desk("quarantine", "release", "in_9", "--reason", " ").code == 2


def test_two_who_release_the_same_do_it_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second finds nothing held: one entry in the trail, one row."""
    misunderstood(desk, monkeypatch)
    replay = Replay(desk.engine, ZONE, {}, Live())
    [(held, _)] = quarantine.find(desk.engine, "in_1")
    assert replay.objects([held], None).released == ["in_1"]
    assert replay.objects([held], None).stays == []
    assert len(desk.audit()) == 1


ACCOUNT = {
    "Id": "001Ux00000AbcDEFGH", "Name": "Acme Inc", "Phone": "+1 555 010 9999", "BillingCity": "Springfield",
    "Website": "acme.example", "CreatedDate": "2026-03-01T12:00:00Z", "SystemModstamp": "2026-03-01T12:00:00Z",
    "IsDeleted": False,
}  # fmt: skip


def read_account(desk: Desk, **more: Any) -> dict[str, str]:
    """A record as a poll takes it: stored in any case, then judged."""
    record = {**ACCOUNT, **more}
    salesforce.admit(desk.engine, [SalesforceRecord("Account", record, datetime.now(UTC))])
    return judge(desk.engine, "Account", [record])


def test_a_record_of_salesforce_that_makes_no_sense_is_kept_without_contact_details(desk: Desk) -> None:
    """Listed with its reason and shown as it came, less what nobody needs to see what is wrong with it."""
    assert read_account(desk, SystemModstamp="yesterday")
    [held] = desk.listed()
    assert (held["source"], held["object"], held["id"]) == ("salesforce", "Account", ACCOUNT["Id"])
    assert held["reason"] == "SystemModstamp: not a moment"
    shown = desk("quarantine", "show", ACCOUNT["Id"]).out
    assert '"SystemModstamp": "yesterday"' in shown
    assert "Acme Inc" in shown
    assert "555 010" not in shown
    assert "Springfield" not in shown


def test_a_record_leaves_when_it_passes_and_by_a_release_no_sooner(desk: Desk) -> None:
    """By the poll that brings it corrected; a release judges what is stored, whatever its reason says."""
    read_account(desk, SystemModstamp="yesterday")
    told = desk("quarantine", "release", ACCOUNT["Id"], "--reason", "it is fine")
    assert (told.code, len(desk.listed())) == (1, 1)
    assert read_account(desk) == {}
    assert desk.listed() == []
    assert [each[1:] for each in desk.audit()] == [("it passes its schema now", "passed")]


def test_after_a_fix_of_ours_a_record_is_released(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is read again from Salesforce for it."""
    with monkeypatch.context() as patch:
        patch.setattr("o2c_orchestration.validate.read_schemas.failures", lambda kind, found: {0: "Name: too short"})
        read_account(desk)
    assert [each["reason"] for each in desk.listed()] == ["Name: too short"]
    assert desk("quarantine", "release", "--all", "--reason", "schema fixed", "--actor", "ann").code == 0
    assert desk.listed() == []
    assert desk.audit() == [("user:ann", "schema fixed", "passed")]


def test_a_record_that_is_deleted_in_salesforce_is_held_no_more(desk: Desk) -> None:
    """Nobody can correct it any more."""
    read_account(desk, SystemModstamp="yesterday")
    assert salesforce.mark_deleted(desk.engine, [ACCOUNT["Id"]]) == [ACCOUNT["Id"]]
    assert desk.listed() == []
    assert [each[1:] for each in desk.audit()] == [("deleted in Salesforce", "closed")]
