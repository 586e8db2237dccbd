"""The embedded server is the same on every machine, whatever its locale."""

import psycopg
from sqlalchemy.engine import make_url


def test_ids_sort_by_bytes_and_letters_are_letters_everywhere(postgres_url: str) -> None:
    """Its database has PostgreSQL's own locale; `lower` agrees with Python beyond English."""
    url = make_url(postgres_url).set(database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        found = connection.execute(
            """SELECT datlocprovider, 'Z' < 'a', 'a_' < 'aa', lower('GEBÜHREN'), lower('ΕΛΛΗΝΙΚΑ')
               FROM pg_database WHERE datname = current_database()"""
        ).fetchone()
    assert found == ("b", True, True, "GEBÜHREN".lower(), "ΕΛΛΗΝΙΚΑ".lower())
