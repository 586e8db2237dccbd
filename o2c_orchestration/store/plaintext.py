"""Which servers an address of PostgreSQL might have us ask without TLS, as libpq reads it."""

from collections.abc import Iterator

from psycopg.pq import Conninfo
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

# Those that never fall back to a connection without it.
_ENCRYPTED = frozenset({"require", "verify-ca", "verify-full"})


def unencrypted_hosts(address: str) -> Iterator[str]:
    """Hosts, addresses and folders of sockets that libpq would ask with no TLS, or with none if the server likes.

    By what the address says, and else by libpq's own variables (PGSSLMODE, PGHOSTADDR, …), whose order it alone knows.
    A file of services that the address names is not read here: what it says counts as no TLS. None for what is no
    address of PostgreSQL: that is told where it is used.
    """
    try:
        url = make_url(address)
        if url.get_backend_name() not in ("postgresql", "postgres"):
            return
        url = url.set(drivername="postgresql+psycopg")
        said = url.get_dialect()().create_connect_args(url)[1]
    except (ArgumentError, ValueError):
        return
    if "service" in said and "sslmode" not in said:
        yield "a service's"
        return
    unsaid = {each.keyword.decode(): each.val.decode() for each in Conninfo.get_defaults() if each.val is not None}
    known = {**unsaid, **{name: str(value) for name, value in said.items()}}
    mode = known.get("sslmode", "prefer")
    if "sslmode" not in said and said.get("sslrootcert") == "system":
        mode = "verify-full"
    if mode not in _ENCRYPTED:
        # Where it connects to, whatever the host is called.
        yield from (known.get("hostaddr") or known.get("host") or "").split(",")
