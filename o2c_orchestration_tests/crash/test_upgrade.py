"""Another schema while something is under way: nothing that was queued, sent or in doubt is lost or doubled by it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from o2c_orchestration.domain.stripe_events import StripeEvent
from o2c_orchestration.store import events
from o2c_orchestration.store.database import go_back, open_and_migrate
from o2c_orchestration.store.migrate import BACK_TO
from o2c_orchestration_tests.crash.conftest import Case
from o2c_orchestration_tests.crash.worker import Death, apply_plan

NOW = datetime(2026, 11, 20, tzinfo=UTC)

_UNDER_WAY = """
SELECT 'journal', j::text FROM o2c.journal j UNION ALL SELECT 'history', h::text FROM o2c.journal_history h
UNION ALL SELECT 'inbox', i::text FROM o2c.inbox i UNION ALL SELECT 'dirty', d::text FROM o2c.dirty d
UNION ALL SELECT 'event', e::text FROM o2c.stripe_events e
UNION ALL SELECT 'quarantine', q::text FROM o2c.quarantine q UNION ALL SELECT 'plan', p::text FROM o2c.plan_entries p
UNION ALL SELECT 'gap', g::text FROM o2c.gaps g UNION ALL SELECT 'object', s::text FROM o2c.stripe_objects s
ORDER BY 1, 2"""


def under_way(case: Case) -> list[tuple[str, str]]:
    """Rows of all that waits, is in doubt or open."""
    with case.engine() as engine, engine.begin() as connection:
        return [(str(kind), str(row)) for kind, row in connection.execute(text(_UNDER_WAY))]


def back_and_forth(case: Case) -> None:
    """To the schema of the release before, and to this one again."""
    assert go_back(case.database_url, BACK_TO)[1] == BACK_TO
    engine, before, _ = open_and_migrate(case.database_url)
    engine.dispose()
    assert before == BACK_TO


def interrupted(case: Case) -> None:
    """Answers that were lost, and then the writer killed with a request under way; changes and a body that wait."""
    lost = {"method": "POST", "kind": "drop_after", "times": 2}
    case.world.faults(lost, {"method": "GET", "kind": "server_error"})
    case.start(apply_plan, Death("before_record_done", 4), patient=False, alone=True).wait()
    changed = case.books.of("invoice")[0]["id"]
    with case.engine() as engine:
        events.record(engine, [StripeEvent("evt_1", "invoice.updated", "invoice", changed, NOW, "webhook")])
        events.set_aside(engine, b"{}", "no event")


@pytest.mark.parametrize("twice", [False, True])
def test_a_writer_killed_before_the_upgrade_is_made_up_for_after_it(case: Case, twice: bool) -> None:
    """Rows in doubt, queued and under way, changes, events and a body in quarantine are the same rows on the other
    schema; and then every document is in the books once."""
    interrupted(case)
    assert {"intent", "sent", "unknown", "done"} <= case.states().keys(), case.states()
    was = under_way(case)
    assert {"inbox", "event", "quarantine", "plan"} <= {kind for kind, _ in was}
    for _ in range(2 if twice else 1):
        back_and_forth(case)
        assert under_way(case) == was
    case.finish()
    case.check()
    case.never_asked_twice()
