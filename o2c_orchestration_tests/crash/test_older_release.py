"""An upgrade with data in flight: what an older release left when it was killed, brought to its end by this one.

`older/` is a database of that release (schema 0030) and the systems as they stood, made by its own code: see
`make_older.py`. Some of its writes were lost on the way to NetSuite, some on the way back, some were under way when it
died, some had not begun; webhooks wait that nobody followed, and alerts that their channel did not take.
"""

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from o2c_orchestration.alert.outbox import look, send_due
from o2c_orchestration.clients.alert_channels import AlertChannel
from o2c_orchestration.orchestration.follow import Follower
from o2c_orchestration.store import alert_messages, inbox, invariants
from o2c_orchestration.store.audit import verify
from o2c_orchestration.store.database import open_and_migrate
from o2c_orchestration.store.migrate import BACK_TO
from o2c_orchestration_tests.alerts.wire import hook
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.crash.conftest import Case
from o2c_orchestration_tests.crash.worker import sweep, whole_run
from o2c_orchestration_tests.crash.world import Books, open_gaps, sandbox
from o2c_orchestration_tests.e2e.documented import program

OLDER = Path(__file__).parent / "older"
# Columns that both releases have, of all that waits, is in doubt, is to be told or proves something.
_LEFT = """
SELECT 'journal', concat_ws(' ', id, document, external_id, state, attempts, netsuite_id) FROM o2c.journal
UNION ALL SELECT 'history', h::text FROM o2c.journal_history h
UNION ALL SELECT 'event', concat_ws(' ', id, type, object_id) FROM o2c.stripe_events
UNION ALL SELECT 'inbox', concat_ws(' ', object, object_id, version) FROM o2c.inbox
UNION ALL SELECT 'message', concat_ws(' ', key, channel, title, state, attempts) FROM o2c.alert_messages
UNION ALL SELECT 'alert', concat_ws(' ', id, state) FROM o2c.alerts
UNION ALL SELECT 'gap', concat_ws(' ', gap_id, state, first_seen_at) FROM o2c.gaps
UNION ALL SELECT 'object', concat_ws(' ', id, account, payload) FROM o2c.stripe_objects
UNION ALL SELECT 'audit', a::text FROM o2c.audit a
ORDER BY 1, 2"""


def left(database_url: str) -> list[tuple[str, str]]:
    """What the older release left, as rows of both schemas."""
    with psycopg.connect(database_url) as connection:
        return [(str(kind), str(row)) for kind, row in connection.execute(_LEFT)]


def _restored(database_url: str) -> None:
    command = [program("psql"), "-qX", "-v", "ON_ERROR_STOP=1", "-f", str(OLDER / "o2c.sql"), database_url]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _systems(state: Path) -> None:
    state.mkdir(parents=True)
    for name in ("stripe", "netsuite"):
        with closing(sqlite3.connect(state / f"{name}.sqlite")) as connection:
            connection.executescript((OLDER / f"{name}.sql").read_text())


def _books(state: Path) -> Books:
    """Stripe's objects, as Stripe has them."""
    with closing(sqlite3.connect(state / "stripe.sqlite")) as connection:
        rows = connection.execute("SELECT payload, hidden FROM object").fetchall()
    wires: list[dict[str, Any]] = [{**json.loads(hidden or "{}"), **json.loads(payload)} for payload, hidden in rows]
    return Books(wires, days=4)


@pytest.fixture
def older(tmp_path: Path, keys: Path, new_database: NewDatabase, empty_database: NewDatabase) -> Iterator[Case]:
    """That release's database, as yet untouched, and its systems."""
    state = tmp_path / "older" / "state"
    _systems(state)
    # The roles of the server are not part of a dump; a template that was migrated has made them.
    with new_database(), empty_database() as url, sandbox(state, keys) as world:
        _restored(url)
        case = Case(world, _books(state), url)
        try:
            yield case
        finally:
            case.end()


def test_what_was_in_flight_arrives_once(older: Case) -> None:
    """No row is lost by the migration; then every document is in the books once, and what waited has been told."""
    was = left(older.database_url)
    engine, before, _ = open_and_migrate(older.database_url)
    engine.dispose()
    assert before == BACK_TO, "another release may be gone back to: make `older/` anew with make_older.py"
    assert left(older.database_url) == was
    assert {"intent", "sent", "unknown", "done"} <= older.states().keys(), older.states()
    assert {"inbox", "event", "message", "alert", "gap", "audit"} <= {kind for kind, _ in was}
    older.time_passes()
    older.start(sweep).finish()
    older.start(whole_run).finish()
    with older.world.product(older.database_url) as assembly:
        while Follower(assembly).once().taken:
            pass
        assembly.apply()
    older.finish()
    older.check()
    older.never_asked_twice()
    check_told(older)


def check_told(older: Case) -> None:
    """Nothing waits, no gap is open, the audit trail holds over both releases, and the outbox was delivered once."""
    with older.world.product(older.database_url) as assembly, hook() as channel:
        assert inbox.backlog(assembly.engine).objects == 0
        assert open_gaps(assembly) == set()
        assert invariants.one_document_per_key(assembly.engine) == []
        assert verify(assembly.engine).intact
        addresses, now = {"finance": AlertChannel("finance", channel.address)}, datetime.now(UTC)
        waiting = [each.messages for each in alert_messages.waiting(assembly.engine)]
        assert waiting
        look(assembly.engine, assembly.policy, addresses.keys(), now)
        for _ in range(2):
            send_due(assembly.engine, assembly.policy, addresses, clock=lambda: now)
        assert alert_messages.waiting(assembly.engine) == []
        assert len(channel.titles()) >= waiting[0]
