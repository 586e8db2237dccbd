"""Processes that answer HTTP: how they begin, where they find the database, and how they listen until told to stop.

What belongs here: what `o2c receiver` and `o2c pages` have in common.
"""

import logging
import threading
from collections.abc import Callable

import structlog
import uvicorn
from sqlalchemy import Engine
from starlette.applications import Starlette

from o2c_orchestration import logs, tracing
from o2c_orchestration.domain.errors import SettingsError, UnreachableError
from o2c_orchestration.settings import Settings
from o2c_orchestration.store.database import open_database, start_embedded

# More connections than this at once are answered 503: what waits beyond it would time out anyway.
_CONNECTIONS_MAX = 1000
_STOP_SECONDS = 10


class Database:
    """The engine, made when it is first to be had: the database may start after us, or go and come back."""

    def __init__(self, settings: Settings, opener: Callable[[str], Engine] = open_database) -> None:
        self._settings = settings
        self._opener = opener
        self._lock = threading.Lock()
        self._engine: Engine | None = None

    def engine(self) -> Engine:
        """Raises UnreachableError while there is no server."""
        with self._lock:
            if self._engine is None:
                url = self._settings.database_url or start_embedded(self._settings.home)
                self._engine = self._opener(url)
            return self._engine

    def look(self, without: str) -> None:
        """Look for it now; while it is away the log says what follows from that."""
        try:
            self.engine()
        except UnreachableError as error:
            structlog.get_logger(__name__).error(without, error=str(error))


def begin(service: str, settings: Settings) -> None:
    """From here on there are lines of the log and, where a collector is named, spans of this service."""
    logs.configure()
    logs.take_in_others()
    tracing.process_is(service)
    tracing.start(settings.collector)


def serve(application: Starlette, host: str, port: int) -> None:
    """Answer requests until the process is told to stop. Raises SettingsError where the port cannot be used."""
    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        # Its lines go the way of all others; below errors it tells of each request that is none.
        log_config=None,
        log_level=logging.ERROR,
        access_log=False,
        server_header=False,
        limit_concurrency=_CONNECTIONS_MAX,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )
    server = uvicorn.Server(config)
    try:
        server.run()
    except SystemExit:
        raise SettingsError(f"port {port} of {host} cannot be used", "give another one with --port") from None
    except KeyboardInterrupt:
        return  # it was told to stop, and has answered what it had taken: that is how it ends well
    if not server.started:
        raise SettingsError(f"port {port} of {host} cannot be used", "give another one with --port")
