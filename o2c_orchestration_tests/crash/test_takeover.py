"""Two processes that both think that they are the writer: one waits, or one has been replaced and may do nothing."""

import signal
import time
from pathlib import Path

import psycopg
import pytest

from o2c_orchestration_tests.crash import audit
from o2c_orchestration_tests.crash.conftest import Case
from o2c_orchestration_tests.crash.worker import PLANNED, Child, Death, apply_plan, sweep

# The key of the writer lock: this test looks at PostgreSQL itself, not at our word for it.
WRITER = 723_002


def writers(case: Case) -> list[int]:
    """Server processes that hold the writer lock of this database."""
    query = """SELECT l.pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database
               WHERE locktype = 'advisory' AND objid = %s AND granted AND datname = current_database()"""
    with psycopg.connect(case.database_url) as connection:
        return [row[0] for row in connection.execute(query, (WRITER,))]


def take_the_lock_away(case: Case) -> None:
    """Cut the connection that holds the writer lock, as a restarted firewall does; its process knows nothing."""
    (holder,) = writers(case)
    with psycopg.connect(case.database_url) as connection:
        assert connection.execute("SELECT pg_terminate_backend(%s)", (holder,)).fetchone() == (True,)
    while writers(case):
        time.sleep(0.01)


def until_planned(child: Child, seconds: float = 30) -> None:
    """Wait until a process is about to ask for the lock."""
    deadline = time.monotonic() + seconds
    while PLANNED not in child.log.read_text():
        assert child.process.exitcode is None, child.log.read_text()
        assert time.monotonic() < deadline, child.log.read_text()
        time.sleep(0.01)


@pytest.mark.parametrize("edge", ["before_claim", "before_departure", "before_request", "before_record_done"])
def test_a_second_writer_waits_for_the_first(case: Case, edge: str) -> None:
    """While one process holds the lock, even asleep, another neither looks up its rows nor sends anything."""
    first = case.start(apply_plan, Death(edge, 3, signal.SIGSTOP))
    first.wait_stopped()
    asked = until_quiet(case)
    second = case.start(apply_plan)
    until_planned(second)
    time.sleep(1.5)
    assert second.process.exitcode is None
    assert len(case.world.requests("netsuite")) == asked
    first.kill(signal.SIGCONT)
    first.finish()
    second.finish()
    case.check()
    case.never_asked_twice()


def until_quiet(case: Case) -> int:
    """How many requests NetSuite has got, once those on their way have arrived."""
    count = -1
    while count != (count := len(case.world.requests("netsuite"))):
        time.sleep(0.2)
    return count


def test_a_sweep_leaves_a_living_writer_alone(case: Case) -> None:
    """The janitor does not wait long for a writer that is at work, and touches none of its rows."""
    first = case.start(apply_plan, Death("before_request", 3, signal.SIGSTOP))
    first.wait_stopped()
    asked, before = until_quiet(case), case.states()
    janitor = case.start(sweep)
    assert janitor.wait() == 1
    assert "WriterBusy" in janitor.log.read_text()
    assert (len(case.world.requests("netsuite")), case.states()) == (asked, before)
    first.kill(signal.SIGCONT)
    first.finish()
    case.check()


def sleeper(case: Case, edge: str) -> Child:
    """A process that fell asleep at an edge and has lost the writer lock since."""
    child = case.start(apply_plan, Death(edge, 5, signal.SIGSTOP), alone=True)
    child.wait_stopped()
    take_the_lock_away(case)
    return child


def wake(child: Child, code: int | None = None) -> None:
    """Let it go on to its end."""
    child.kill(signal.SIGCONT)
    assert child.wait() == code or code is None, child.log.read_text()


@pytest.mark.parametrize("edge", ["after_claim", "before_departure"])
def test_a_stale_lease_holder_sends_nothing(case: Case, edge: str) -> None:
    """Asleep between claim and request while another takes over and finishes: its own request never leaves."""
    child = sleeper(case, edge)
    case.finish()
    case.check()
    before, asked = case.history(), len(case.world.writes())
    wake(child)
    assert len(case.world.writes()) == asked
    assert case.history() == before
    case.never_asked_twice()


def test_a_replaced_writer_claims_nothing_new(case: Case) -> None:
    """Asleep before a claim, with work left: awake again it finds that its term is over and stops."""
    child = sleeper(case, "before_claim")
    asked = until_quiet(case)
    short = case.start(apply_plan, Death("after_intent"))
    assert short.wait() == -signal.SIGKILL
    before = case.states()
    assert before["intent"] > 0
    wake(child, 1)
    assert "WriterReplaced" in child.log.read_text()
    assert len(case.world.writes()) <= asked
    assert case.states()["intent"] == before["intent"]
    case.finish()
    case.check()
    case.never_asked_twice()


def test_a_request_that_slept_past_every_limit_doubles_nothing(case: Case) -> None:
    """Asleep with the request at the socket, nothing can hold it back: NetSuite refuses it, and no row changes."""
    child = sleeper(case, "before_request")
    case.finish()
    case.check()
    before = case.history()
    wake(child)
    assert [each["status"] for each in case.world.writes()].count(400) == 1, child.log.read_text()
    assert case.history() == before
    case.check()


@pytest.mark.parametrize("edge", ["after_response", "before_record_done"])
def test_a_stale_lease_holder_records_nothing(case: Case, edge: str) -> None:
    """Asleep with the answer in hand while another adopts the document: its late word changes nothing."""
    child = sleeper(case, edge)
    case.finish()
    before = case.history()
    wake(child)
    assert case.history() == before
    assert audit.doubled(case.world.state, case.books) == []
    case.check()
    case.never_asked_twice()


def test_two_applies_at_once_send_each_document_once(case: Case) -> None:
    """Three processes with the same plan, one of them killed on its way: one request a document, but for its last."""
    children = [case.start(apply_plan), case.start(apply_plan), case.start(apply_plan, Death("after_response", 4))]
    codes = [child.wait() for child in children]
    assert set(codes) <= {0, -signal.SIGKILL}, [Path(child.log).read_text() for child in children]
    case.finish()
    case.check()
    case.never_asked_twice()
    # A request that a kill cut off halfway was none.
    assert [each["status"] for each in case.world.writes()].count(204) == case.states()["done"]
