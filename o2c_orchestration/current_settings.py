"""Settings of a process that stays, while somebody writes the file of secrets."""

import threading

import structlog

from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.env_file import stamp
from o2c_orchestration.settings import Environment, Settings, env_file, load_settings

log = structlog.get_logger(__name__)


class CurrentSettings:
    """Settings of a process that stays, `read` at first: read again when the file of secrets has changed, so that keys
    are replaced without a stop. What was read before stays in force where the file cannot be read, makes no sense, or
    names less than it did: editors empty a file before they write it, so taking something away needs a restart.
    """

    def __init__(self, read: Settings | None = None) -> None:
        self._lock = threading.Lock()
        self._settings = read
        self._stamp = None if read is None else stamp(env_file())

    def get(self) -> Settings:
        """The settings as they are now; the same object as long as nothing changes. Raises SettingsError at first."""
        with self._lock:
            now = stamp(env_file())
            if self._settings is None:
                self._settings = load_settings()
            elif now != self._stamp:
                self._settings = self._read_again(self._settings)
            self._stamp = now
            return self._settings

    def _read_again(self, before: Settings) -> Settings:
        try:
            found = load_settings()
        except SettingsError as error:
            log.error("the file of secrets was not read again: what it said before stays in force", error=str(error))
            return before
        lost = taken_away(before.environment, found.environment)
        if lost:
            log.warning(
                "the file of secrets names less than before: what it said before stays in force until a restart",
                variables=lost,
            )
            return before
        log.warning("the file of secrets has changed and was read again")
        return found


def taken_away(before: Environment, now: Environment) -> list[str]:
    """Names of the variables that were set and are not any more."""
    return sorted(Environment.variable(name) for name in before.model_fields_set - now.model_fields_set)
