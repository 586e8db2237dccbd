"""The command line: what it prints, how it ends, and the one line that it says when it cannot go on."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from o2c_orchestration.sandbox.company import Company
from o2c_orchestration.validate.flatten import line as line_row
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e.cli_fixtures import (
    CommandLine,
    Told,
    World,
    company,
    sandbox,
    today,
)
from o2c_orchestration_tests.integration_store.builders import accept

DAYS = 4
GAP_FIELDS = [
    "gap_id", "leg", "kind", "state", "stripe_id", "netsuite_id", "salesforce_id", "customer", "currency",
    "expected_minor", "actual_minor", "difference_minor", "effective_date", "first_seen_at", "last_seen_at", "reason",
]  # fmt: skip
CANARIES = {
    "STRIPE_WEBHOOK_SECRETS": "whsec_canary1",
    "NETSUITE_CONSUMER_SECRET": "canary2consumer",
    "NETSUITE_TOKEN_SECRET": "canary3token",
}
WRONG_KEY = "sk_live_canary5wrong"
NOWHERE = "http://127.0.0.1:9"


@dataclass
class Desk:
    """A person's terminal: commands against one sandbox and one database."""

    world: World
    run: CommandLine
    first: date
    truth: list[dict[str, Any]]

    def variables(self, mode: str = "sync", **changes: str) -> dict[str, str]:
        """The environment of a command; an empty value takes the variable away."""
        found = {**self.world.environment(mode), **CANARIES, **changes}
        return {name: value for name, value in found.items() if value}

    def o2c(self, *arguments: str, mode: str = "sync", **changes: str) -> Told:
        return self.run(*arguments, **self.variables(mode, **changes))

    def json(self, *arguments: str, mode: str = "sync") -> Any:
        return json.loads(self.o2c(*arguments, "--json", mode=mode).out)


@pytest.fixture(scope="module")
def desk(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A small company in the sandbox, nothing of which has been run."""
    home = tmp_path_factory.mktemp("cli")
    made = company(days=DAYS)
    with new_database() as url, sandbox(home, url) as world:
        run = CommandLine(home)
        world.load_company(made)
        yield Desk(world, run, today() - timedelta(days=DAYS), [*made.truth, _refused_by_netsuite(world, made)])


def _refused_by_netsuite(world: World, made: Company) -> dict[str, Any]:
    """The gap of an invoice that nothing speaks against until it is sent: its customer is inactive there."""
    bills = [each for each in made.stripe if each["object"] == "invoice"]
    billed = Counter(each["customer"] for each in bills)
    alone = (each for each in bills if each["status"] == "open" and billed[each["customer"]] == 1)
    invoice = next(each for each in alone if each["id"] in made.missing and each["currency"] == "usd")
    head = {"companyName": "Asleep", "externalId": invoice["customer"], "isInactive": True}
    body = {**head, "subsidiary": {"id": "1"}, "currency": {"id": "1"}}
    world.load(netsuite=[{"recordType": "customer", "body": body}])
    return {"kind": "sync_failed", "stripe_id": invoice["id"]}


# --- what cannot go on: exit 2 and one line -----------------------------------------------------------------------


def _refused(told: Told, *words: str) -> None:
    assert told.code == 2, (told.out, told.err)
    assert told.out == ""
    assert told.line.startswith("o2c: ")
    for word in words:
        assert word in told.line


def test_without_credentials_a_run_says_which_to_set(desk: Desk):
    """No key: the variable's name and what to put there, in a fresh interpreter too."""
    _refused(desk.o2c("run", STRIPE_API_KEY=""), "STRIPE_API_KEY is not set", "restricted key")
    _refused(desk.o2c("run", NETSUITE_ACCOUNT_ID=""), "NETSUITE_ACCOUNT_ID is not set", "NETSUITE_PRIVATE_KEY")
    _refused(desk.run.alone("run", **desk.variables(STRIPE_API_KEY="")), "STRIPE_API_KEY is not set")


def test_a_wrong_stripe_key_is_told_before_anything_starts(desk: Desk):
    """A key that Stripe does not accept ends the command at once."""
    told = desk.o2c("run", STRIPE_API_KEY=WRONG_KEY)
    _refused(told, "Stripe does not accept STRIPE_API_KEY", "Set STRIPE_API_KEY")
    assert told.seconds < 15


def test_a_wrong_netsuite_certificate_is_told_before_anything_starts(desk: Desk):
    """A login that NetSuite does not accept ends the command at once."""
    _refused(desk.o2c("run", NETSUITE_CERTIFICATE_ID="other"), "NetSuite", "NETSUITE_")


@pytest.mark.parametrize("variable", ["STRIPE_API_BASE", "NETSUITE_BASE_URL"])
def test_an_unreachable_host_is_told_quickly(desk: Desk, variable: str):
    """A host that does not answer is given up within half a minute."""
    told = desk.o2c("run", **{variable: NOWHERE})
    _refused(told, "not accepted", "network")
    assert told.seconds < 30


@pytest.mark.parametrize("variable", ["STRIPE_API_BASE", "NETSUITE_BASE_URL"])
def test_plain_http_to_another_machine_is_refused(desk: Desk, variable: str):
    """Credentials are never sent in the clear over a network."""
    _refused(desk.o2c("run", **{variable: "http://books.example.com"}), variable, "use https://".capitalize()[1:])


def test_an_unreachable_database_is_told(desk: Desk):
    """The server's name without its password."""
    told = desk.o2c("gaps", O2C_DATABASE_URL="postgresql://user:canary6@127.0.0.1:9/none")
    _refused(told, "PostgreSQL", "O2C_DATABASE_URL")
    assert "canary6" not in told.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "--from", "2026-13-01"], ["--from", "2026-13-01", "YYYY-MM-DD"]),
        (["run", "--to", "yesterday"], ["--to", "yesterday", "YYYY-MM-DD"]),
        (["run", "--from", "2026-11-02", "--to", "2026-11-01"], ["--from 2026-11-02 is after --to 2026-11-01", "Swap"]),
        (["run", "--to", "2031-01-01"], ["--to 2031-01-01 lies in the future"]),
        (["run", "--to", "2020-01-01"], ["books.start"]),
        (["run", "--form", "2026-11-02"], ["--form", "o2c --help"]),
        (["gasp"], ["gasp", "o2c --help"]),
        (["gaps", "--state", "lost"], ["open, resolved or all"]),
        (["dead-letters", "drop", "in_1"], ["--reason"]),
        (["dead-letters", "drop", "in_1", "--reason", " "], ["--reason", "why"]),
        (["dead-letters", "retry"], ["--all"]),
        (["dead-letters", "retry", "in_1", "--all"], ["--all"]),
        (["dead-letters", "list", "--since", "yesterday"], ["--since", "YYYY-MM-DD"]),
    ],
)
def test_bad_arguments_are_told(desk: Desk, arguments: list[str], words: list[str]):
    """Whatever is wrong with the arguments, there is one line about it and no traceback."""
    _refused(desk.o2c(*arguments), *words)


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ("books: {time_zome: Europe/Paris}", ["unknown setting 'books.time_zome'", "'time_zone'"]),
        ("mode: maybe", ["mode"]),
        ("books: [", ["is not YAML"]),
        ("books: {time_zone: Mars/Olympus}", ["time_zone", "IANA"]),
    ],
)
def test_an_o2c_yaml_that_is_wrong_is_told(desk: Desk, tmp_path: Path, policy: str, words: list[str]):
    """The setting's name, and what it may have been meant to be."""
    (tmp_path / "o2c.yaml").write_text(policy)
    told = desk.run("plan", cwd=tmp_path, **desk.variables(O2C_CONFIG="", O2C_MODE=""))
    _refused(told, "o2c.yaml", *words)


def test_wrong_variables_are_told(desk: Desk):
    """A variable of the environment is named, its value is not believed."""
    _refused(desk.o2c("gaps", O2C_MODE="maybe"), "O2C_MODE")
    _refused(desk.o2c("gaps", O2C_CONFIG="/nowhere/o2c.yaml"), "O2C_CONFIG")
    _refused(desk.o2c("run", NETSUITE_PRIVATE_KEY="/nowhere/key.pem"), "NETSUITE_PRIVATE_KEY")
    _refused(desk.o2c("run", NETSUITE_CONCURRENCY="many"), "NETSUITE_CONCURRENCY")


def test_a_database_newer_than_the_code_is_refused(desk: Desk, database_url: str):
    """An older version must not write into tables that it does not know."""
    engine = create_engine(make_url(database_url).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE o2c.schema_version SET version_num = '9999'"))
    engine.dispose()
    for command in ("gaps", "migrate"):
        _refused(desk.o2c(command, O2C_DATABASE_URL=database_url), "9999", "newer")


def test_no_gap_is_no_all_clear_before_anything_was_compared(desk: Desk, database_url: str, engine: Engine):
    """What was read of Stripe agrees with nothing while NetSuite was never read; an empty store has nothing wrong."""
    told = desk.o2c("gaps", "--json", O2C_DATABASE_URL=database_url)
    assert (told.code, json.loads(told.out)) == (0, [])
    assert "nothing was compared yet" in told.err
    accept(engine, "customers", {"id": "cus_1"})
    line = line_row({"id": "il_1", "amount": 100, "description": "Seats"})
    accept(engine, "invoices", {"id": "in_1", "lines": json.dumps([line])})
    told = desk.o2c("gaps", O2C_DATABASE_URL=database_url)
    assert (told.code, told.out.strip()) == (1, "")
    assert "NetSuite was never read" in told.err
    planned = desk.o2c("plan", O2C_DATABASE_URL=database_url)
    assert (planned.code, "+ invoice in_1" in planned.out) == (0, True)
    assert "what it has already is planned too" in planned.err


# --- the whole way: observe, sync, look -----------------------------------------------------------------------------


@dataclass
class Flow:
    """What the commands of a first day said, in their order."""

    observed: Told
    plan_text: str
    plan_json: dict[str, Any]
    refused_apply: Told
    writes_in_observe: int
    applied: dict[str, Any]
    again: dict[str, Any]
    writes: tuple[int, int]


@pytest.fixture(scope="module")
def flow(desk: Desk) -> Flow:
    """Look first, then let go of the brake, then run everything again."""
    span = ["--from", desk.first.isoformat(), "--to", today().isoformat()]
    observed = desk.run.alone("run", *span, **desk.variables("observe"))
    plan_text, plan_json = desk.o2c("plan", mode="observe").out, desk.json("plan", mode="observe")
    refused, in_observe = desk.o2c("apply", mode="observe"), desk.world.record_writes()
    applied = desk.json("apply")
    written = desk.world.record_writes()
    again = desk.json("run", *span)
    writes = (written, desk.world.record_writes())
    return Flow(observed, plan_text, plan_json, refused, in_observe, applied, again, writes)


def test_observe_shows_everything_and_writes_nothing(flow: Flow):
    """A first run looks only: tables, gaps, a word about the mode, and not one writing request."""
    assert flow.observed.code == 0, flow.observed.err
    assert "Stripe against NetSuite" in flow.observed.out
    assert "Gaps by kind" in flow.observed.out
    assert "mode: observe, nothing was written" in flow.observed.out
    assert flow.writes_in_observe == 0


def test_apply_in_observe_is_refused(flow: Flow):
    """The brake is told, and how to let go of it."""
    _refused(flow.refused_apply, "mode is observe", "O2C_MODE=sync")


def test_the_plan_reads_like_a_diff(flow: Flow):
    """Each document with its customer, lines, money and why, and a sum at the end."""
    invoices = [each for each in flow.plan_json["commands"] if each["document"] == "invoice"]
    payments = [each for each in flow.plan_json["commands"] if each["document"] == "customerPayment"]
    assert invoices
    assert payments
    for each in invoices:
        assert f"+ invoice {each['external_id']}  {each['effective_date']}" in flow.plan_text
        assert f"    customer {each['customer_id']}" in flow.plan_text
        for line in each["lines"]:
            assert line["text"] in flow.plan_text
    assert f"+ customerPayment {payments[0]['external_id']}" in flow.plan_text
    assert flow.plan_text.count("    why: ") == len(flow.plan_json["commands"])
    assert f"{len(flow.plan_json['commands'])} documents to write (+)" in flow.plan_text


def test_the_plan_as_json_has_money_in_minor_units(flow: Flow):
    """Programs read integers; a command carries what the text shows."""
    assert set(flow.plan_json) == {"commands", "refusals"}
    for each in flow.plan_json["commands"]:
        assert isinstance(each["amount_minor"], int)
        assert each["why"]


def test_apply_writes_the_plan_once(desk: Desk, flow: Flow):
    """What NetSuite takes is written; what it refuses is told; a run afterwards sends nothing anew."""
    planned = len(flow.plan_json["commands"])
    assert flow.applied["written"] > 0
    assert flow.applied["written"] + flow.applied["adopted"] + flow.applied["refused"] <= planned
    assert flow.applied["refused"] == 1, "a customer who was made inactive"
    assert sorted(each["code"] for each in flow.plan_json["refusals"]) == ["CUSTOMER_CURRENCY", "PERIOD_CLOSED"]
    assert flow.writes[0] == flow.writes[1]
    assert flow.again["journal"]["done"] == flow.applied["written"] + flow.applied["adopted"]
    assert flow.again["mode"] == "sync"
    assert flow.again["open_gaps"] == len(desk.truth)


def test_gaps_as_json_keep_their_contract(desk: Desk, flow: Flow):
    """The fields of the contract, in its order, amounts as integers; exit 1 because gaps are open."""
    told = desk.o2c("gaps", "--json")
    assert told.code == 1
    found = json.loads(told.out)
    sheet = desk.o2c("gaps", "--csv")
    assert [row["gap_id"] for row in csv.DictReader(io.StringIO(sheet.out))] == [each["gap_id"] for each in found]
    assert sheet.code == 1
    assert sorted((each["kind"], each["stripe_id"] or "") for each in found) == sorted(
        (each["kind"], each["stripe_id"] or "") for each in desk.truth
    )
    for each in found:
        assert list(each) == GAP_FIELDS
        payout = each["kind"] in ("deposit_mismatch", "fee_missing", "payout_residual", "deposit_missing")
        assert each["leg"] == ("payout_deposit" if payout else "stripe_netsuite")
        assert each["state"] == "open"
        assert all(isinstance(each[name], int | None) for name in GAP_FIELDS if name.endswith("_minor"))
        assert (
            each["expected_minor"] is None
            or each["actual_minor"] is None
            or (each["difference_minor"] == each["actual_minor"] - each["expected_minor"])
        )
        date.fromisoformat(each["effective_date"])
        assert each["reason"]


def test_gaps_in_other_states(desk: Desk, flow: Flow):
    """Resolved gaps alone are nothing wrong; all of them hold the open ones too."""
    resolved = desk.o2c("gaps", "--state", "resolved", "--json")
    assert resolved.code == 0
    states = [each["state"] for each in json.loads(resolved.out)]
    assert states
    assert set(states) == {"resolved"}
    everything = desk.o2c("gaps", "--state", "all", "--json")
    assert everything.code == 1
    assert len(json.loads(everything.out)) == len(states) + len(desk.truth)
    shown = desk.o2c("gaps")
    assert shown.code == 1
    assert "Gaps by kind" in shown.out


def test_trace_follows_one_invoice_through_every_stage(desk: Desk, flow: Flow):
    """A known id is shown with times and ids; one that nobody knows is one line and exit 1."""
    key = next(
        each["external_id"]
        for each in flow.plan_json["commands"]
        if each["document"] == "invoice" and each["external_id"] not in {gap["stripe_id"] for gap in desk.truth}
    )
    told = desk.o2c("trace", key)
    assert told.code == 0
    assert f"Trace of {key}" in told.out
    stages = [step["stage"] for step in desk.json("trace", key)]
    assert {"extract", "validate", "plan", "apply", "mirror"} <= set(stages)
    unknown = desk.o2c("trace", "in_nobody")
    assert unknown.code == 1
    assert unknown.out == ""
    assert "nothing is known of in_nobody" in unknown.line
    assert json.loads(desk.o2c("trace", "in_nobody", "--json").out) == []


def test_dead_letters_are_listed_retried_and_dropped(desk: Desk, flow: Flow):
    """Refused writes with NetSuite's words; retry puts one back in line, drop gives it up, unknown ids are told."""
    listed = desk.o2c("dead-letters", "list", "--json")
    assert listed.code == 1
    letters = json.loads(listed.out)
    assert {each["state"] for each in letters} == {"refused"}
    (key,) = (each["external_id"] for each in letters)
    assert "NetSuite says" in desk.o2c("dead-letters", "list").out
    told = desk.o2c("dead-letters", "retry", key, "in_nobody", "--json")
    assert told.code == 1
    assert json.loads(told.out) == {"retried": [key], "not_found": ["in_nobody"]}
    applied = desk.o2c("apply")
    assert applied.code == 1
    assert "1 refused" in applied.out
    shown = desk.o2c("dead-letters", "show", key, "--json")
    assert shown.code == 0
    letter = json.loads(shown.out)
    assert (letter["external_id"], letter["state"]) == (key, "refused")
    assert {each["outcome"] for each in letter["attempts"]} == {"refused"}
    assert letter["attempts"][0]["words"] == letter["error_detail"]
    assert {"request", "planned", "history", "fix"} <= letter.keys()
    text = desk.o2c("dead-letters", "show", key).out
    assert letter["error_code"] in text
    assert "to do:" in text
    assert "Attempts" in text
    absent = desk.o2c("dead-letters", "show", "in_nobody")
    assert (absent.code, absent.out) == (1, "")
    assert "in_nobody is no dead letter" in absent.line
    assert desk.o2c("dead-letters", "retry", "--reason", "NO_SUCH_CODE").code == 1
    of_code = json.loads(desk.o2c("dead-letters", "list", "--reason", letter["error_code"], "--json").out)
    assert [each["external_id"] for each in of_code] == [key]
    told = desk.o2c("dead-letters", "drop", key, "--reason", "booked by hand", "--actor", "ann")
    assert told.code == 0
    assert "1 dropped" in told.out
    assert json.loads(desk.o2c("dead-letters", "list", "--json").out) == []
    gaps = {each["stripe_id"] for each in json.loads(desk.o2c("gaps", "--json").out)}
    assert key in gaps, "giving a write up closes no gap"
    given_up = desk.o2c("dead-letters", "list", "--dropped", "--json")
    assert given_up.code == 0
    (dropped,) = json.loads(given_up.out)
    assert [dropped[name] for name in ("external_id", "decided_by", "decision")] == [key, "ann", "booked by hand"]
    assert "dropped by ann" in desk.o2c("dead-letters", "list", "--dropped").out


def test_check_tells_what_is_reached_and_what_is_wrong(desk: Desk, flow: Flow):
    """Everything reached is exit 0; a wrong key is exit 1, the other findings stay, nothing raises."""
    told = desk.o2c("check", "--json")
    assert told.code == 0, told.out
    assert {"database", "Stripe", "NetSuite", "Salesforce"} <= {each["what"] for each in json.loads(told.out)}
    assert "Preflight" in desk.o2c("check").out
    wrong = desk.o2c("check", "--json", STRIPE_API_KEY=WRONG_KEY)
    assert wrong.code == 1
    found = {each["what"]: each["ok"] for each in json.loads(wrong.out)}
    assert found["Stripe"] is False
    assert found["NetSuite"] is True
    off = desk.o2c("check", "--json", STRIPE_API_KEY="", NETSUITE_ACCOUNT_ID="", SALESFORCE_BASE_URL="")
    assert off.code == 0
    assert {each["ok"] for each in json.loads(off.out) if each["what"] in ("Stripe", "NetSuite")} == {None}


def test_migrate_brings_an_empty_database_up_and_says_so(desk: Desk, empty_database: NewDatabase):
    """The revision before and after; a second time nothing changes."""
    with empty_database() as url:
        first = json.loads(desk.o2c("migrate", "--json", O2C_DATABASE_URL=url).out)
        second = json.loads(desk.o2c("migrate", "--json", O2C_DATABASE_URL=url).out)
        shown = desk.o2c("migrate", O2C_DATABASE_URL=url)
    assert first["before"] is None
    assert first["after"] == second["before"] == second["after"]
    assert shown.code == 0
    assert first["after"] in shown.out


def test_no_secret_was_ever_printed(desk: Desk, flow: Flow):
    """Neither output nor error of any command above holds a key, a secret or a part of a private key."""
    key = (desk.world.home / "sandbox" / "netsuite_private_key.pem").read_text().splitlines()[1]
    config = desk.world.config
    secrets = [config.stripe_secret_key, config.salesforce_client_secret, *CANARIES.values(), WRONG_KEY, "canary"]
    secrets += ["PRIVATE KEY", key]
    said = "\n".join(desk.run.said)
    assert len(desk.run.said) > 50
    assert [secret for secret in secrets if secret in said] == []
