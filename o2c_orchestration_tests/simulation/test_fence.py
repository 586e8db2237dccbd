"""The watch over the journal's leases sees who speaks out of turn, and lets everybody speak who may."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from o2c_orchestration.store import journal, letters
from o2c_orchestration.store.database import open_database
from o2c_orchestration.store.overtaken import overtaken
from o2c_orchestration_tests.integration_store.builders import command, journal_id
from o2c_orchestration_tests.simulation import fence


@pytest.fixture
def watched(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection, as process "sleeper", to a database with the watch in it."""
    with psycopg.connect(database_url, autocommit=True, application_name="sleeper") as connection:
        connection.execute("CREATE SCHEMA sim")
        for statement in fence.WATCH:
            connection.execute(statement)  # type: ignore[arg-type]
        yield connection


@pytest.fixture
def engines(database_url: str, watched: object) -> Iterator[list[Engine]]:
    """The product's engines of two processes, "sleeper" and "other"."""
    names = [make_url(database_url).update_query_dict({"application_name": name}) for name in ("sleeper", "other")]
    opened = [open_database(name.render_as_string(hide_password=False)) for name in names]
    yield opened
    for engine in opened:
        engine.dispose()


def breaches(connection: psycopg.Connection[Any]) -> list[str]:
    return [row[0] for row in connection.execute(fence.BREACHES).fetchall()]


def claimed(engine: Engine, key: str) -> journal.Claim:
    journal.intend(engine, [command("invoice", key)])
    return again(engine, key)


def again(engine: Engine, key: str) -> journal.Claim:
    claim = journal.claim(engine, journal_id(engine, key), 60.0)
    assert claim is not None
    return claim


def taken_over(engine: Engine) -> journal.Claim:
    (claim,) = journal.claim_unknown(engine, 10, 60.0, takeover=True)
    return claim


def test_what_the_product_does_is_no_breach(watched: psycopg.Connection[Any], engines: list[Engine]) -> None:
    """Claimed and recorded, taken over and adopted, refused and taken up again; a late word that is not heard."""
    sleeper, other = engines
    assert journal.record_done(sleeper, claimed(sleeper, "in_1"), 7, adopted=False)
    late = claimed(sleeper, "in_2")
    assert journal.record_done(other, taken_over(other), 8, adopted=True)
    assert not journal.record_done(sleeper, late, 8, adopted=False)
    assert journal.record_refused(sleeper, claimed(sleeper, "in_3"), "USER_ERROR", "closed", "open it")
    letters.reopen(other, ["in_3"], actor="ann")
    overtaken(other, [command("invoice", "in_3")])
    assert journal.record_not_written(other, again(other, "in_3"), "busy", 0.0)
    assert breaches(watched) == []


def test_a_word_about_what_another_has_in_hand_is_a_breach(
    watched: psycopg.Connection[Any], engines: list[Engine]
) -> None:
    """Whatever it says; that its token is right does not make it the one who took it."""
    sleeper, other = engines
    for number, record in enumerate((_done, _refused, _unknown, _not_written)):
        claimed(sleeper, f"in_{number}")
        assert record(sleeper, taken_over(other))
    states = ("done", "refused", "unknown", "intent")
    expected = [
        f'sleeper says "{state}" of in_{number}, which other had in hand' for number, state in enumerate(states)
    ]
    assert breaches(watched) == sorted(expected)


def test_a_word_about_what_is_settled_is_a_breach(watched: psycopg.Connection[Any], engines: list[Engine]) -> None:
    """Its successor has recorded an outcome, and nobody has it in hand any more."""
    sleeper, other = engines
    late = claimed(sleeper, "in_1")
    assert _done(other, taken_over(other))
    assert breaches(watched) == []
    watched.execute("UPDATE o2c.journal SET answered_at = clock_timestamp() WHERE id = %s", (late.id,))
    assert breaches(watched) == ['sleeper says "done" of in_1, which is "done" and in nobody\'s hand']


def _done(engine: Engine, claim: journal.Claim) -> bool:
    return journal.record_done(engine, claim, 8, adopted=True)


def _refused(engine: Engine, claim: journal.Claim) -> bool:
    return journal.record_refused(engine, claim, "USER_ERROR", "closed", "open it")


def _unknown(engine: Engine, claim: journal.Claim) -> bool:
    return journal.record_unknown(engine, claim, "no answer", 60.0)


def _not_written(engine: Engine, claim: journal.Claim) -> bool:
    return journal.record_not_written(engine, claim, "busy", 60.0)
