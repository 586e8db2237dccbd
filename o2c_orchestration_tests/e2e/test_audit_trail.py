"""The audit trail and the invariants from outside: `o2c verify-chain`, the digest, and the checks in Dagster."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import dagster as dg
import psycopg
import pytest

from o2c_orchestration.orchestration.build import INVARIANTS
from o2c_orchestration.store import audit, gaps
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash.world import database_like
from o2c_orchestration_tests.e2e.cli_fixtures import (
    QUIET,
    CommandLine,
    Told,
    World,
    checks,
    company,
    definitions,
    metadata,
    run_days,
    sandbox,
    today,
)
from o2c_orchestration_tests.integration_store.builders import login

DAYS = 4
NAMES = {
    "apply/netsuite_documents:journal_has_no_orphans",
    "plan/netsuite_documents:settled_is_not_planned",
    "netsuite/payment_mirrors:one_document_per_key",
    "netsuite/payment_mirrors:applied_within_total",
    "netsuite/payment_mirrors:mirror_keeps_its_promise",
    "alert/finance_digest:audit_chain_is_intact",
    "alert/finance_digest:alert_channels_deliver",
    "stripe/references:changes_are_followed_in_time",
}
FENCE_DOWN = "ALTER TABLE o2c.audit DISABLE TRIGGER ALL"
FIELDS = ["intact", "entries", "head_seq", "head", "heads_matched", "broken"]


@dataclass
class Office:
    """A company with mistakes after one run, and a terminal."""

    world: World
    run: CommandLine
    outcome: dg.ExecuteInProcessResult
    database_url: str

    def o2c(self, *arguments: str, url: str | None = None) -> Told:
        variables = self.world.environment("sync")
        return self.run(*arguments, **{**variables, "O2C_DATABASE_URL": url or self.database_url})

    @property
    def digest(self) -> dict[str, Any]:
        return metadata(self.outcome, "alert", "finance_digest")


@pytest.fixture(scope="module")
def office(new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The small company, run once over all days."""
    home = tmp_path_factory.mktemp("audit")
    with new_database() as url, sandbox(home, url) as world:
        run = CommandLine(home)
        world.load_company(company(days=DAYS))
        with world.assembly() as assembly, dg.DagsterInstance.ephemeral() as instance:
            outcome = run_days(assembly, instance, today() - timedelta(days=DAYS), today())
        yield Office(world, run, outcome, url)


@pytest.fixture
def spoilt(office: Office) -> Iterator[str]:
    """The database of a copy of the company, to be tampered with."""
    with database_like(office.database_url) as url:
        yield url


def tamper(url: str, *statements: str) -> None:
    with psycopg.connect(url) as connection:
        for statement in (FENCE_DOWN, *statements):
            connection.execute(statement)  # type: ignore[call-overload]


def test_a_sound_trail_is_proved(office: Office):
    """Exit 0, with how many entries there are and the head; the fields of the JSON form are these and no others."""
    told = office.o2c("verify-chain", "--json")
    found = json.loads(told.out)
    assert (told.code, told.err, list(found)) == (0, "", FIELDS)
    assert (found["intact"], found["broken"], found["heads_matched"]) == (True, None, 1)
    assert found["entries"] == found["head_seq"] > 100
    words = office.o2c("verify-chain")
    assert words.code == 0
    assert found["head"] in words.out


def test_the_digest_tells_a_head_that_proves(office: Office):
    """The head in the digest of the run is in the text that people keep, and `--head` finds it."""
    head = office.digest["audit trail: head"]
    assert f"{office.digest['audit trail: entries']} entries, head `{head}`" in office.digest["digest"]
    assert office.o2c("verify-chain", "--head", head).code == 0
    told = office.o2c("verify-chain", "--head", "0f" * 32)
    assert (told.code, "--head" in told.out) == (1, True)


@pytest.mark.parametrize("head", ["abc", "z" * 64, "0f" * 31 + " 0"])
def test_a_head_that_is_none_is_told_in_one_line(office: Office, head: str):
    """Exit 2 and what to give instead."""
    told = office.o2c("verify-chain", "--head", head)
    assert (told.code, told.out) == (2, "")
    assert "64 hexadecimal digits" in told.line


@pytest.mark.parametrize(
    ("statement", "seq", "words"),
    [
        ("UPDATE o2c.audit SET after = '{}' WHERE seq = 20", 20, "not what was hashed"),
        ("DELETE FROM o2c.audit WHERE seq = 20", 20, "is missing"),
        ("DELETE FROM o2c.audit WHERE seq > 20", 21, "was published as its head"),
        ("UPDATE o2c.audit SET seq = -seq WHERE seq IN (20, 21)", -21, "is missing"),
    ],
)
def test_tampering_is_told_with_the_entry(office: Office, spoilt: str, statement: str, seq: int, words: str):
    """Changed, taken out, cut off, reordered: exit 1, with the first entry that does not hold."""
    swap = "UPDATE o2c.audit SET seq = CASE seq WHEN -20 THEN 21 ELSE 20 END WHERE seq < 0"
    tamper(spoilt, statement, *([swap] if seq < 0 else []))
    seq, words = (20, "not what was hashed") if seq < 0 else (seq, words)
    told = office.o2c("verify-chain", "--json", url=spoilt)
    found = json.loads(told.out)
    assert (told.code, found["intact"], found["broken"]["seq"]) == (1, False, seq)
    assert words in found["broken"]["what"]
    assert "BROKEN at entry" in office.o2c("verify-chain", url=spoilt).out


def test_the_preflight_says_who_keeps_the_trail(office: Office):
    """`o2c check` names the role that works, and is green with the limited one."""
    found = {each["what"]: each for each in json.loads(office.o2c("check", "--json").out)}
    assert found["audit trail"]["ok"] is True
    assert "o2c_worker" in found["audit trail"]["detail"]


def test_the_preflight_warns_where_triggers_keep_the_trail_alone(office: Office, empty_database: NewDatabase):
    """A login that may take no role is no reason to stop: `o2c check` says what an administrator does, and exits 0."""
    with empty_database() as url, login(url) as own:
        told = office.o2c("check", "--json", url=own)
    found = {each["what"]: each for each in json.loads(told.out)}
    assert (told.code, found["audit trail"]["ok"]) == (0, None)
    assert "triggers alone" in found["audit trail"]["detail"]
    assert "GRANT o2c_worker TO login_" in found["audit trail"]["to_do"]


def test_the_run_is_named_in_what_it_did(office: Office):
    """Entries of a Dagster run carry its id; plan, policy and gaps are told beside the documents."""
    with office.world.assembly() as assembly:
        for gap in gaps.list_gaps(assembly.engine)[:3]:
            told = audit.entries(assembly.engine, gap.gap_id)
            assert [each.action for each in told] == ["gap_opened"]
            assert office.outcome.run_id in told[0].actor
        [policy] = audit.entries(assembly.engine, "policy")
        assert json.loads(policy.after or "")["mode"] == "sync"
        days = f"plan {today() - timedelta(days=DAYS)}..{today()}"
        [plan] = audit.entries(assembly.engine, days)
        assert plan.action == "plan_saved"
        assert "write invoice usd" in json.loads(plan.after or "")


def test_no_secret_and_no_person_is_in_the_trail(office: Office):
    """Names and addresses of customers, and the keys of the systems, are nowhere in the entries."""
    with psycopg.connect(office.database_url) as connection:
        told = str(connection.execute("SELECT string_agg(a::text, ' ') FROM o2c.audit a").fetchone())
        people = connection.execute("SELECT name, email FROM o2c.customers WHERE name IS NOT NULL").fetchall()
    secrets = [value for name, value in office.world.environment().items() if "KEY" in name or "SECRET" in name]
    assert len(people) > 3
    assert len(secrets) > 1
    for word in (*(value for person in people for value in person if value), *secrets):
        assert word not in told


# --- invariants in Dagster ----------------------------------------------------------------------------------------


def evaluated(office: Office, url: str) -> dict[str, Any]:
    """The job of the invariants alone."""
    world = World(office.world.home, url, office.world.config, office.world.server)
    with world.assembly() as assembly, dg.DagsterInstance.ephemeral() as instance:
        job = definitions(assembly).resolve_job_def(INVARIANTS)
        return checks(job.execute_in_process(instance=instance, run_config=QUIET))


def test_the_invariants_hold_after_a_run(office: Office):
    """People's mistakes are gaps, not faults of ours: every invariant is looked at in the run, and holds."""
    found = checks(office.outcome)
    assert {name: each.metadata for name, each in found.items() if name in NAMES and not each.passed} == {}
    assert found.keys() >= NAMES


def test_the_invariants_have_a_job_of_their_own(office: Office, spoilt: str):
    """Looked at without a run; each broken one is an ERROR on its own asset, naming the object."""
    found = evaluated(office, spoilt)
    assert found.keys() == NAMES
    assert all(each.passed for each in found.values())
    tamper(
        spoilt,
        "UPDATE o2c.audit SET why = 'x' WHERE seq = (SELECT max(seq) FROM o2c.audit)",
        "UPDATE o2c.cursors SET value = (now() - interval '1 day')::text WHERE name = 'netsuite_ledger'",
        "DELETE FROM o2c.cursors WHERE name = 'audit_verified'",
        "UPDATE o2c.netsuite_applications SET amount_minor = amount_minor * 3",
        "UPDATE o2c.netsuite_documents SET external_id = 'in_same' WHERE document = 'invoice'",
        """INSERT INTO o2c.inbox (object_id, object, hint, changed_at)
           VALUES ('in_late', 'invoice', 'evt_1', now() - interval '1 day')""",
        """INSERT INTO o2c.alert_messages (key, channel, kind, severity, title, body, markdown,
                                           next_attempt_at, queued_at)
           VALUES ('1.1', 'slack', 'opened', 'error', '', '', '', now(), now() - interval '1 day')""",
        "UPDATE o2c.plan_entries SET planned_at = now() + interval '1 hour'",
        """UPDATE o2c.journal SET depends_on = '{cus_nobody}', state = 'unknown', netsuite_id = NULL
           WHERE id = (SELECT max(id) FROM o2c.journal)""",
    )
    broken = evaluated(office, spoilt)
    assert {name for name, each in broken.items() if each.passed} == set()
    assert {each.severity for each in broken.values()} == {dg.AssetCheckSeverity.ERROR}
    assert "cus_nobody" in broken["apply/netsuite_documents:journal_has_no_orphans"].metadata["objects"].value


def test_the_invariants_are_scheduled_apart(office: Office):
    """A sweep that does not get through does not take the alarm with it."""
    with office.world.assembly() as assembly:
        schedule = definitions(assembly).resolve_schedule_def("hourly_invariants")
    assert schedule.job.name == INVARIANTS
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
