"""The audit trail: complete, in one order, append-only for the role that works, and proof against tampering."""

import hashlib
import json
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.command import upgrade
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from o2c_orchestration.reconcile import reconcile
from o2c_orchestration.store import actor, audit, journal, letters, overtaken, roles
from o2c_orchestration.store.audit import Entry, Verification
from o2c_orchestration.store.database import open_database, raw_cursor, start_embedded, stop_embedded
from o2c_orchestration.store.migrate import _config
from o2c_orchestration_tests.integration_store.builders import (
    accept,
    as_owner,
    command,
    journal_id,
    ledger_customer,
    login,
)

BYPASS = "ALTER TABLE o2c.audit DISABLE TRIGGER ALL"


def write(engine: Engine, key: str, *, netsuite_id: int = 7) -> None:
    """One document all the way: planned, sent, written."""
    journal.intend(engine, [command("invoice", key)])
    claim = journal.claim(engine, journal_id(engine, key), 60)
    assert claim is not None
    assert journal.depart(engine, claim, {"externalId": key}, 60)
    assert journal.record_done(engine, claim, netsuite_id, adopted=False)


def actions(engine: Engine, key: str) -> list[str]:
    return [entry.action for entry in audit.entries(engine, key)]


def everything(engine: Engine) -> list[Entry]:
    with raw_cursor(engine) as cursor:
        cursor.execute(f"SELECT {audit._FIELDS} FROM o2c.audit ORDER BY seq")  # type: ignore[arg-type]
        return [Entry(*row) for row in cursor.fetchall()]


def by_hand(entries: list[Entry]) -> bytes:
    """The head as an auditor computes it from the format that docs/security.md describes, with none of our code."""
    last = b"\0" * 32
    for entry in entries:
        at = entry.at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{entry.at.microsecond:06d}Z"
        fields = [str(entry.seq), at, entry.login, entry.actor, entry.action, entry.subject]
        fields += [entry.stripe_id, entry.why, entry.before, entry.after]  # type: ignore[list-item]
        line = "".join("-;" if field is None else f"{len(field.encode())}:{field};" for field in fields)
        last = hashlib.sha256(last + line.encode()).digest()
    return last


def broken(engine: Engine, **options: Any) -> tuple[int, str]:
    found = audit.verify(engine, **options).broken
    assert found is not None
    return found.seq, found.what


# --- what is told -------------------------------------------------------------------------------------------------


def test_a_document_is_followed_from_plan_to_ledger(engine):
    """Planned, sent, written: with amount, payload and request hashes, ids and times, in the order it happened."""
    write(engine, "in_1")
    planned, sent, written = audit.entries(engine, "in_1")
    assert [planned.action, sent.action, written.action] == ["planned", "sent", "written"]
    first, last = json.loads(planned.after), json.loads(written.after)
    assert (first["amount_minor"], first["currency"], first["state"]) == (100, "usd", "intent")
    assert first["command_sha256"] == command("invoice", "in_1").digest
    body = b'{"externalId":"in_1"}'
    assert json.loads(sent.after)["request_sha256"] == hashlib.sha256(body).hexdigest()
    assert json.loads(sent.after)["sent_at"].endswith("Z")
    assert (last["state"], last["netsuite_id"]) == ("done", 7)
    assert written.why == "NetSuite 7"
    assert planned.at <= sent.at <= written.at
    assert planned.stripe_id == "in_1"


@pytest.mark.parametrize(
    ("record", "expected", "why"),
    [
        (lambda e, c: journal.record_refused(e, c, "PERIOD", "the period is closed", "open it"), "refused", "period"),
        (lambda e, c: journal.record_unknown(e, c, "no answer", 0), "unknown", "no answer"),
        (lambda e, c: journal.record_dead(e, c, "given up", "look"), "dead", "given up"),
        (lambda e, c: journal.record_not_written(e, c, "429", 0), "not_written", "429"),
        (lambda e, c: journal.record_done(e, c, 9, adopted=True), "adopted", "NetSuite 9, adopted"),
    ],
)
def test_every_outcome_is_told_with_its_reason(engine, record, expected, why):
    """What became of a write, and NetSuite's words for it."""
    journal.intend(engine, [command("invoice", "in_1")])
    claim = journal.claim(engine, journal_id(engine, "in_1"), 60)
    assert claim is not None
    record(engine, claim)
    newest = audit.entries(engine, "in_1")[-1]
    assert newest.action == expected
    assert why in newest.why


def test_what_a_person_decides_is_told(engine):
    """A retry and a drop, with who and why; also a retry that begins with a look-up."""
    journal.intend(engine, [command("invoice", "in_1")])
    for code in ("ATTEMPTS_USED_UP", journal.OUTCOME_UNKNOWN):
        as_owner(engine, f"UPDATE o2c.journal SET state = 'dead', error_code = '{code}'")
        letters.reopen(engine, ["in_1"], "ann")
        told = audit.entries(engine, "in_1")[-1]
        assert (told.action, "ann" in told.why) == ("retried", True)
    as_owner(engine, "UPDATE o2c.journal SET state = 'refused'")
    letters.drop(engine, ["in_1"], "ann", "billed twice by hand")
    told = audit.entries(engine, "in_1")[-1]
    assert told.action == "dropped"
    assert "billed twice by hand" in told.why
    assert json.loads(told.after)["decided_by"] == "ann"


def test_a_plan_that_is_taken_back_is_told(engine):
    """An intent that nothing asks for any more is held, and told so."""
    journal.intend(engine, [command("invoice", "in_1")])
    overtaken.overtaken(engine, [])
    assert actions(engine, "in_1") == ["planned", "held"]


def test_gaps_are_told_from_opening_to_end(engine):
    """A gap's opening with its money, and its end, are entries under its id and its Stripe object."""
    accept(engine, "customers", {"id": "cus_1"})
    accept(engine, "invoices", {"id": "in_1"})
    ledger_customer(engine, 1, "cus_1")
    reconcile(engine)
    accept(engine, "invoices", {"id": "in_1", "status": "void"})
    reconcile(engine)
    opened, resolved = audit.entries(engine, "in_1")
    assert (opened.action, resolved.action) == ("gap_opened", "gap_resolved")
    assert json.loads(opened.after)["expected_minor"] == 100
    assert json.loads(resolved.before) == {"state": "open"}
    assert audit.entries(engine, opened.subject) == [opened, resolved]


def test_an_unchanged_gap_is_not_told_again(engine):
    """Looking again at what differs as before adds nothing to the trail."""
    accept(engine, "customers", {"id": "cus_1"})
    accept(engine, "invoices", {"id": "in_1"})
    ledger_customer(engine, 1, "cus_1")
    reconcile(engine)
    before = len(everything(engine))
    reconcile(engine, full=True)
    assert len(everything(engine)) == before


def test_who_acts_is_told(engine):
    """A run's entries name the run, a person's name the person."""
    actor.act_as("run:4711")
    try:
        write(engine, "in_1")
    finally:
        actor.act_as(None)
    write(engine, "in_2", netsuite_id=8)
    assert {entry.actor for entry in audit.entries(engine, "in_1")} == {"run:4711"}
    assert {entry.actor for entry in audit.entries(engine, "in_2")} == {actor.person()}


def test_a_change_by_hand_is_told_too(engine):
    """Whoever changes the journal past the product is named by the database login, with before and after."""
    write(engine, "in_1")
    as_owner(engine, "UPDATE o2c.journal SET amount_minor = 1")
    newest = audit.entries(engine, "in_1")[-1]
    assert (newest.action, newest.actor) == ("changed", f"login:{newest.login}")
    assert (json.loads(newest.before), json.loads(newest.after)) == ({"amount_minor": 100}, {"amount_minor": 1})
    assert newest.why == "no reason given"
    as_owner(engine, "DELETE FROM o2c.journal_history", "DELETE FROM o2c.journal")
    assert actions(engine, "in_1")[-1] == "deleted"
    as_owner(engine, "TRUNCATE o2c.journal CASCADE")
    assert actions(engine, "journal") == ["truncated"]


def test_a_change_that_fails_is_not_told(engine):
    """The entry lives and dies with the transaction of the change."""
    write(engine, "in_1")
    before = everything(engine)

    def change_and_fail() -> None:
        with raw_cursor(engine) as cursor:
            cursor.execute("UPDATE o2c.journal SET amount_minor = 2")
            audit.record(cursor, "user:ann", "plan_saved", "plan", "because")
            cursor.execute("SELECT 1 / 0")

    with pytest.raises(psycopg.errors.DivisionByZero):
        change_and_fail()
    assert everything(engine) == before


def test_no_address_gets_into_the_trail(engine):
    """NetSuite's words may quote an e-mail address; the trail keeps the words without it."""
    journal.intend(engine, [command("invoice", "in_1")])
    claim = journal.claim(engine, journal_id(engine, "in_1"), 60)
    assert claim is not None
    journal.record_refused(engine, claim, "X", "customer <ann@example.com> is inactive", "see")
    assert audit.entries(engine, "in_1")[-1].why == "customer <[e-mail]> is inactive"


def test_a_policy_is_told_when_it_changes(engine):
    """Mode and policy at start: once, and again when something differs, with what it was."""
    policy = {"mode": "observe", "items": {"default": "Stripe Item", "prices": {}}}
    assert audit.note_policy(engine, policy)
    assert not audit.note_policy(engine, policy)
    assert audit.note_policy(engine, {**policy, "mode": "sync"})
    first, second = audit.entries(engine, "policy")
    assert json.loads(first.after)["items.default"] == "Stripe Item"
    assert (json.loads(second.before), second.why) == ({"mode": "observe"}, "changed: mode")


def test_a_trail_that_begins_late_says_so(empty_database):
    """A database of an earlier version gets its first entry with what was there before it."""
    with empty_database() as url:
        plain = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
        with plain.begin() as connection:
            connection.execute(text("CREATE SCHEMA o2c"))
            upgrade(_config(connection), "0001")
            connection.execute(
                text(
                    """INSERT INTO o2c.journal (external_key, document, external_id, stripe_id, currency, amount_minor,
                           effective_date, partition_date, state, command, digest, depends_on)
                       VALUES ('in_1', 'invoice', 'in_1', 'in_1', 'usd', 1, now(), now(), 'intent', '{}', 'x', '{}')"""
                )
            )
        with opened(url) as engine:
            [first] = everything(engine)
            assert (first.seq, first.action, json.loads(first.after or "")) == (
                1,
                "trail_begun",
                {"journal": 1, "gaps": 0},
            )
            assert audit.verify(engine).intact
        plain.dispose()


# --- one order ----------------------------------------------------------------------------------------------------


def test_a_second_computation_finds_the_same_head(engine):
    """The hashes can be computed outside the database, with text of any kind in the fields."""
    write(engine, "in_1")
    with raw_cursor(engine) as cursor:
        audit.record(cursor, "user:Zoë; 3:x", "plan_saved", "", "ünïcode 漢字\n", None, {"a": "é"})
    entries = everything(engine)
    found = audit.verify(engine)
    assert found.intact
    assert (found.head.hash, found.entries) == (by_hand(entries), len(entries))


def test_many_writers_make_one_chain(engine):
    """Transactions that commit at the same time get consecutive numbers, and nobody waits for ever."""

    def work(number: int) -> None:
        for turn in range(15):
            write(engine, f"in_{number}x{turn}", netsuite_id=number * 100 + turn)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    found = audit.verify(engine)
    assert found.intact
    assert found.entries == found.head.seq == 1 + 6 * 15 * 3


def test_a_writer_holds_up_nobody_before_its_commit(engine):
    """While one transaction has changed the journal and not committed, another one changes and commits."""
    write(engine, "in_1")
    write(engine, "in_2", netsuite_id=8)
    with raw_cursor(engine) as cursor:
        cursor.execute("UPDATE o2c.journal SET attempts = 9, state = 'unknown', netsuite_id = NULL WHERE id = 1")
        with raw_cursor(engine) as other:
            other.execute("SET LOCAL lock_timeout = '2s'")
            other.execute("UPDATE o2c.journal SET amount_minor = 5 WHERE stripe_id = 'in_2'")
    assert actions(engine, "in_2")[-1] == "changed"
    assert audit.verify(engine).intact


# --- append-only --------------------------------------------------------------------------------------------------

FORBIDDEN = [
    "UPDATE o2c.audit SET why = 'another'",
    "DELETE FROM o2c.audit",
    "TRUNCATE o2c.audit",
    "UPDATE o2c.audit_heads SET seq = 1",
    "DELETE FROM o2c.audit_heads",
    "TRUNCATE o2c.audit_heads",
]


@pytest.mark.parametrize(
    "statement",
    [
        *FORBIDDEN,
        "INSERT INTO o2c.audit SELECT seq + 1, at, login, actor, action, subject, stripe_id, why, before, after, hash "
        "FROM o2c.audit",
        "INSERT INTO o2c.audit_heads (seq, hash, published_by) VALUES (9, '', 'me')",
        "ALTER TABLE o2c.audit DISABLE TRIGGER ALL",
        "ALTER TABLE o2c.journal DISABLE TRIGGER ALL",
        "DROP TABLE o2c.audit",
        "SET session_replication_role = replica",
    ],
)
def test_the_product_may_not_change_the_trail(engine, statement):
    """The engine that the product uses gets `permission denied`, whatever it tries."""
    write(engine, "in_1")
    audit.publish_head(engine)
    before = everything(engine)
    with pytest.raises(ProgrammingError) as caught, engine.begin() as connection:
        connection.execute(text(statement))
    assert isinstance(caught.value.orig, psycopg.errors.InsufficientPrivilege)
    assert any(words in str(caught.value.orig) for words in ("permission denied", "must be owner"))
    assert everything(engine) == before


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_owner_has_to_take_the_fence_down_first(engine, statement):
    """A trigger refuses the owner too, also in a session that says it replays another server's changes."""
    for session in ("SET session_replication_role = origin", "SET session_replication_role = replica"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append-only"):
            as_owner(engine, session, statement)


def as_reader(engine: Engine) -> Connection:
    """A connection that does what a member of the reading role may do, and no more."""
    connection = create_engine(engine.url).connect()
    connection.execute(text(f"SET ROLE {roles.READER}"))
    connection.commit()
    return connection


def test_who_reads_sees_every_view_and_no_payload_as_it_came(engine):
    """Views put together from payloads are shown; the tables that hold them are not, and nothing can be changed."""
    write(engine, "in_1")
    with as_reader(engine) as connection:
        names = connection.execute(text("SELECT schemaname || '.' || viewname FROM pg_views WHERE schemaname = 'o2c'"))
        for name in [*names.scalars(), "o2c.gaps", "o2c.journal", "o2c.invoices", "o2c.audit"]:
            connection.execute(text(f"SELECT * FROM {name} LIMIT 1"))


@pytest.mark.parametrize(
    "statement",
    [
        *FORBIDDEN,
        "SELECT payload FROM o2c.stripe_objects",
        "SELECT payload FROM o2c.salesforce_objects",
        "SELECT payload FROM o2c.quarantine",
        "DELETE FROM o2c.gaps",
        "UPDATE o2c.journal SET state = 'intent'",
        "SELECT o2c.audit_append('me', 'gap_opened', 'x', NULL, 'y', NULL, '{}'::json)",
        "SELECT o2c.audit_publish('me')",
    ],
)
def test_who_reads_changes_nothing(engine, statement):
    """Not even by the functions that write the trail as its owner."""
    write(engine, "in_1")
    before = everything(engine)
    with as_reader(engine) as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text(statement))
    assert everything(engine) == before


def test_the_product_may_do_its_work(engine):
    """As the limited role: COPY, temporary tables, their statistics, advisory locks and sequences."""
    assert roles.fence(engine) == roles.Fence(roles.WORKER, tight=True)
    write(engine, "in_1")
    with raw_cursor(engine) as cursor:
        cursor.execute("CREATE TEMPORARY TABLE mine (a integer) ON COMMIT DROP")
        with cursor.copy("COPY mine FROM STDIN") as copy:
            copy.write_row((1,))
        cursor.execute("ANALYZE mine")
        cursor.execute("SELECT pg_advisory_xact_lock(1), nextval('o2c.lease_token')")


# --- other logins -------------------------------------------------------------------------------------------------


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    yield engine
    engine.dispose()


def test_without_the_role_the_triggers_hold_alone(empty_database):
    """An owner that may take no role works under its own name; the trail is kept and refuses changes all the same."""
    with empty_database() as url, login(url) as own, opened(own) as engine:
        assert roles.fence(engine) == roles.Fence(str(make_url(own).username), tight=False)
        write(engine, "in_1")
        for statement in FORBIDDEN:
            with pytest.raises(ProgrammingError, match="append-only"), engine.begin() as connection:
                connection.execute(text(statement))
        assert audit.verify(engine).intact


def test_an_owner_that_is_given_the_role_takes_it(empty_database, new_database):
    """What an administrator is told to do: make the role, grant it, start again."""
    with new_database(), empty_database() as url, login(url) as own:
        open_database(own).dispose()
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(f"GRANT o2c_worker TO {make_url(own).username}")  # type: ignore[call-overload]
        with opened(own) as engine:
            assert roles.fence(engine) == roles.Fence(roles.WORKER, tight=True)
            write(engine, "in_1")


def test_an_owner_that_may_make_roles_makes_it():
    """With CREATEROLE nothing has to be set up: on a server without the role it is made, granted and taken."""
    home = Path(tempfile.mkdtemp(prefix="o2c-tests-"))
    try:
        with login(start_embedded(home), "CREATEROLE") as own, opened(own) as engine:
            assert roles.fence(engine) == roles.Fence(roles.WORKER, tight=True)
            write(engine, "in_1")
    finally:
        stop_embedded(home)
        shutil.rmtree(home, ignore_errors=True)


def test_a_login_that_owns_nothing_can_work(database_url):
    """The tightest set-up: the work logs in as a member of the role, and somebody else migrates."""
    with login(database_url, "IN ROLE o2c_worker") as own, opened(own) as engine:
        write(engine, "in_1")
        assert roles.fence(engine).tight
        for way_out in ("RESET ROLE", "SET ROLE NONE"):
            with psycopg.connect(own) as connection:
                connection.execute(way_out)  # type: ignore[call-overload]
                with pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"):
                    connection.execute("DELETE FROM o2c.audit")


# --- tampering ----------------------------------------------------------------------------------------------------


@pytest.fixture
def trail(engine):
    """A trail of ten entries: the first, and three documents."""
    for number in (1, 2, 3):
        write(engine, f"in_{number}", netsuite_id=number)
    assert audit.verify(engine) == Verification(10, audit.verify(engine).head, 0, None)
    return engine


@pytest.mark.parametrize(
    "column", ["at", "login", "actor", "action", "subject", "stripe_id", "why", "before", "after", "hash"]
)
def test_a_changed_field_is_found(trail, column):
    """Whichever field of an entry is changed, the entry is named."""
    values = {"at": "at + interval '1 microsecond'", "before": "'{}'", "after": "'{}'", "hash": "sha256('x')"}
    as_owner(trail, BYPASS, f"UPDATE o2c.audit SET {column} = {values.get(column, repr('other'))} WHERE seq = 5")
    assert broken(trail)[0] == 5


def test_an_entry_that_is_taken_out_is_found(trail):
    """A hole in the numbers, at the start or in the middle."""
    as_owner(trail, BYPASS, "DELETE FROM o2c.audit WHERE seq = 6")
    assert broken(trail) == (6, "entry 6 is missing: 5 is followed by 7")
    as_owner(trail, BYPASS, "DELETE FROM o2c.audit WHERE seq = 1")
    assert broken(trail)[0] == 1


def test_a_hole_that_is_closed_is_found(trail):
    """Entries moved up into the hole have other numbers than were hashed."""
    as_owner(trail, BYPASS, "DELETE FROM o2c.audit WHERE seq = 6", "UPDATE o2c.audit SET seq = seq - 1 WHERE seq > 6")
    assert broken(trail)[0] == 6


def test_entries_that_change_places_are_found(trail):
    """The order is part of the proof."""
    swap = "UPDATE o2c.audit SET seq = CASE seq WHEN 4 THEN -5 ELSE -4 END WHERE seq IN (4, 5)"
    as_owner(trail, BYPASS, swap, "UPDATE o2c.audit SET seq = -seq WHERE seq < 0")
    assert broken(trail)[0] == 4


def test_a_tail_cut_off_behind_a_published_head_is_found(trail):
    """What people were told must still be there; without a head nobody could tell."""
    head = audit.publish_head(trail)
    assert head is not None
    as_owner(trail, BYPASS, "DELETE FROM o2c.audit WHERE seq > 8")
    assert broken(trail) == (9, "the trail ends at 8, but entry 10 was published as its head")


def test_a_rewritten_trail_is_found_by_the_heads(trail):
    """Somebody who computes all hashes anew contradicts the heads in the database, or the one in an old digest."""
    head = audit.publish_head(trail)
    assert head is not None
    *_, before, last = everything(trail)
    changed = Entry(**{**vars(last), "why": "nothing happened"})
    value = audit.digest(changed, before.hash).hex()
    as_owner(trail, BYPASS, f"UPDATE o2c.audit SET why = 'nothing happened', hash = '\\x{value}' WHERE seq = 10")
    assert broken(trail) == (10, "entry 10 is not the one whose hash was published")
    as_owner(trail, "ALTER TABLE o2c.audit_heads DISABLE TRIGGER ALL", "DELETE FROM o2c.audit_heads")
    assert audit.verify(trail).intact
    assert broken(trail, expected=head.hash) == (10, "no entry has the hash that was given with --head")


def test_a_head_that_was_kept_is_proved(trail):
    """An old digest's head is found among the entries, however many came after."""
    head = audit.publish_head(trail)
    assert head is not None
    assert (head.seq, head.hash) == (10, by_hand(everything(trail)))
    write(trail, "in_4", netsuite_id=4)
    found = audit.verify(trail, expected=head.hash)
    assert found.intact
    assert (found.entries, found.heads_matched) == (13, 1)


def test_the_same_head_is_published_once(trail):
    """Two digests without a change between them tell the same head."""
    assert audit.publish_head(trail) == audit.publish_head(trail)


def test_proving_again_reads_what_is_new(trail):
    """The check in production goes on where it ended, and sees when that place has changed."""
    assert audit.verify_new(trail).entries == 10
    write(trail, "in_4", netsuite_id=4)
    assert audit.verify_new(trail).entries == 3
    assert audit.verify_new(trail).entries == 0
    as_owner(trail, BYPASS, "UPDATE o2c.audit SET hash = sha256('x') WHERE seq = 13")
    assert audit.verify_new(trail).broken == audit.Broken(
        13, "entry 13 is another one than when the trail was last proved"
    )
    as_owner(trail, BYPASS, "DELETE FROM o2c.audit WHERE seq > 4")
    assert audit.verify_new(trail).broken == audit.Broken(13, "entry 13 is gone")
