"""Connections whose server went away while they lay in the pool, with real ones that are really ended."""

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from o2c_orchestration.store import database
from o2c_orchestration.store.database import ping


def _end_all(engine: Engine) -> None:
    """As a server that is started again does."""
    with psycopg.connect(engine.url.set(drivername="postgresql").render_as_string(hide_password=False)) as other:
        ended = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                   WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
        assert other.execute(ended).fetchall() != []


def test_one_that_lay_for_a_while_is_looked_at_first(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody hears that the server was away meanwhile."""
    ping(engine)
    _end_all(engine)
    monkeypatch.setattr(database, "_TRUSTED_SECONDS", 0)
    assert ping(engine)


def test_one_that_was_used_just_now_is_not_asked_again(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever uses it is told that it is gone; those after them get new connections, however many lay there."""
    monkeypatch.setattr(database, "_TRUSTED_SECONDS", 3600)
    with engine.connect() as one, engine.connect() as another:
        for connection in (one, another):
            connection.execute(text("SELECT 1"))
    _end_all(engine)
    with pytest.raises(OperationalError):
        ping(engine)
    assert ping(engine)
    assert ping(engine)
