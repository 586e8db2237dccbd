"""How long a connection to PostgreSQL is believed to be there while nothing comes back over it.

A server whose machine has stopped, or a firewall that has forgotten the connection, says nothing: the system's own
bounds are two hours where we wait for an answer, and a quarter of an hour where we have asked. A server that is busy
acknowledges all the same, so that a question may take as long as it takes.
"""

from sqlalchemy import URL
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from o2c_orchestration.domain.errors import SettingsError

FIX = "use postgresql://user:password@host/name, with @ : / in a password as %40 %3A %2F"

# As libpq names them: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS. A socket of
# this machine has none of it.
_PATIENCE = {
    "connect_timeout": "10",  # seconds, for each of the host's addresses
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "60000",  # milliseconds
}


def read_address(url: str, variable: str) -> URL:
    """The parts of an address. Raises SettingsError, which names its variable alone: a part may be a password's."""
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise SettingsError(f"{variable} is not a database URL", FIX) from None


def patient(url: URL) -> URL:
    """The address with these bounds; what it says itself stays."""
    return url.update_query_dict({name: value for name, value in _PATIENCE.items() if name not in url.query})


def patient_text(url: str, variable: str) -> str:
    """The same of an address as text, for those who take nothing else; it holds the password as it did.

    Raises SettingsError for what is no address.
    """
    return patient(read_address(url, variable)).render_as_string(hide_password=False)
