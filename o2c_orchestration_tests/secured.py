"""An embedded server as a deployment has it: an owner `o2c` of a database `o2c`, and nobody in without a password."""

from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url

from o2c_orchestration.store.database import SORTED_BY_BYTES

OWNER = "o2c"
# The administrator of the machine comes in by the socket alone; so do tests that look at what others did.
_HBA = "local all postgres trust\nlocal all all scram-sha-256\nhost all all all reject\n"


def secured(home: Path, url: str, password: str) -> str:
    """The owner's URL, without the password. As the image of PostgreSQL does, the owner is a superuser."""
    (home / "postgres" / "pg_hba.conf").write_text(_HBA)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET password_encryption = 'scram-sha-256'")
        connection.execute(f"CREATE ROLE {OWNER} LOGIN SUPERUSER PASSWORD '{password}'")  # type: ignore[call-overload]
        connection.execute(f"CREATE DATABASE {OWNER} OWNER {OWNER} TEMPLATE template0 {SORTED_BY_BYTES}")  # type: ignore[call-overload]
        connection.execute("SELECT pg_reload_conf()")
    return as_login(url, OWNER)


def as_login(url: str, name: str, password: str | None = None) -> str:
    """The URL of the database `o2c` for a login."""
    # It needs something there, or the one of before would stay.
    parsed = make_url(url)._replace(username=name, password=password, database=OWNER)
    return parsed.render_as_string(hide_password=False)
