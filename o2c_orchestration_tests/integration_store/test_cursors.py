"""The two ways to the database: a transaction, or a single question without one."""

import pytest
from psycopg.errors import DivisionByZero
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine

from o2c_orchestration.store.database import raw_cursor, reading_cursor


def test_a_question_begins_nothing(engine: Engine) -> None:
    """No transaction stays open around it, and the connection's next user has one again."""
    with reading_cursor(engine) as cursor:
        assert cursor.execute("SELECT 1").fetchone() == (1,)
        assert cursor.connection.info.transaction_status == TransactionStatus.IDLE
        backend = cursor.connection.info.backend_pid
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT 1")
        assert cursor.connection.info.backend_pid == backend
        assert cursor.connection.info.transaction_status == TransactionStatus.INTRANS


def test_what_fails_in_a_transaction_has_not_happened(engine: Engine) -> None:
    """Also on a connection that has just answered a question."""
    with reading_cursor(engine) as cursor:
        cursor.execute("SELECT 1")
    with pytest.raises(DivisionByZero), raw_cursor(engine) as cursor:
        cursor.execute("INSERT INTO o2c.cursors (name, value) VALUES ('x', 'y'); SELECT 1 / 0")
    with reading_cursor(engine) as cursor:
        assert cursor.execute("SELECT count(*) FROM o2c.cursors WHERE name = 'x'").fetchone() == (0,)
