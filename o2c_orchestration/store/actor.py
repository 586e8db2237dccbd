"""Who acts, as the audit trail names them: a person at a command line, a Dagster run, a service."""

import getpass
from functools import cache

_USER = "user:"
_acting: str | None = None


@cache  # asked for at each transaction, and the list of users is read from a file each time
def person() -> str:
    """The user of the operating system, as `user:ann`."""
    try:
        return _USER + getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return _USER + "unnamed"


def current() -> str:
    """Who acts in this process now: the person, unless `act_as` says otherwise."""
    return _acting or person()


def act_as(name: str | None) -> None:
    """From now on this process acts as `name` (None: as its person). A process does one run at a time."""
    global _acting  # noqa: PLW0603
    _acting = name
