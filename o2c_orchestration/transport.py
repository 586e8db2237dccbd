"""TLS to every machine but this one: PostgreSQL, Redis and the collector of traces.

What belongs here: which addresses are refused because what is sent there could be read on the way. What does not: the
base URLs of the three systems, which take no exception (`clients.credentials`). No message holds more of an address
than its host.
"""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.store.plaintext import unencrypted_hosts

VARIABLE = "O2C_PLAINTEXT_HOSTS"
_WITH_TLS = {
    "database": "add sslmode=verify-full (and sslrootcert=, the file of its authority) to it",
    "redis": "write it as rediss://",
    "collector": "write it as https://",
}


class PlaintextHosts:
    """The hosts that may be asked without TLS: this machine's, and those that the administrator names (`text`, comma
    separated), since nobody else can read along on the way to them.
    """

    def __init__(self, text: str) -> None:
        self._named = {each.strip().lower() for each in text.split(",") if each.strip()}

    def check_database(self, address: str | None, variable: str) -> None:
        """Raises SettingsError where libpq might ask another machine without TLS.

        What is no address of PostgreSQL is told where it is used.
        """
        self._refuse(unencrypted_hosts(address or ""), variable, "database")

    def check_redis(self, address: str | None, variable: str) -> None:
        """Raises SettingsError where another machine is asked in plain text; several sentinels are parted by `;`."""
        parts = [urlsplit(each.strip()) for each in (address or "").split(";") if each.strip()]
        named = [part for part in parts if part.scheme != "rediss"]
        self._refuse((part.hostname or "" for part in named), variable, "redis")

    def check_collector(self, address: str, variable: str) -> None:
        """Raises SettingsError for plain http:// to another machine."""
        parts = urlsplit(address)
        self._refuse([parts.hostname or ""] if parts.scheme == "http" else [], variable, "collector")

    def _refuse(self, hosts: Iterable[str], variable: str, what: str) -> None:
        for host in hosts:
            if _is_this_machine(host) or host.lower() in self._named:
                continue
            # What is odd may be a part of a password.
            shown = host if re.fullmatch(r"[\w.:-]+", host) else "a host"
            fix = f"if nobody can read along on the way there, add the host to {VARIABLE}"
            raise SettingsError(
                f"{variable} names {shown}, another machine, without TLS", f"{_WITH_TLS[what]}; or, {fix}"
            )


def _is_this_machine(host: str) -> bool:
    """A socket in a folder (or PostgreSQL's default one, which has no name), or an address of the loopback device."""
    if host in ("", "localhost") or host.startswith(("/", "@")):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
