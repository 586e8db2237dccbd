"""`o2c receiver`: Stripe's webhooks into the inbox, until it is told to stop."""

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Annotated

import structlog
import typer
import uvicorn
from sqlalchemy import Engine
from starlette.applications import Starlette

from o2c_orchestration import logs, tracing
from o2c_orchestration.console.tables import console
from o2c_orchestration.domain.errors import SettingsError, UnreachableError
from o2c_orchestration.settings import CurrentSettings, Settings
from o2c_orchestration.store.database import open_database, start_embedded
from o2c_orchestration.web.receiver import PATH, Receiver
from o2c_orchestration.web.signature import WebhookSecret, parse_secrets

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


class Secrets:
    """The signing secrets as they are now: a rolled one is in force as soon as the file of secrets names it."""

    def __init__(self, current: CurrentSettings) -> None:
        self._current = current
        self._text = current.get().webhook_secrets
        self._parsed = parse_secrets(self._text)

    def __iter__(self) -> Iterator[WebhookSecret]:
        text = self._current.get().webhook_secrets
        if text != self._text:
            self._text, self._parsed = text, self._parse(text)
        return iter(self._parsed)

    def __len__(self) -> int:
        return len(self._parsed)

    def _parse(self, text: str | None) -> list[WebhookSecret]:
        try:
            return parse_secrets(text)
        except SettingsError as error:
            structlog.get_logger(__name__).error("the signing secrets before stay in force", error=str(error))
            return self._parsed


def serve_receiver(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8950,
) -> None:
    """Receive Stripe's webhooks until Ctrl-C: POST /webhooks/stripe, /healthz, /readyz, /metrics."""
    current = CurrentSettings()
    settings, secrets = current.get(), Secrets(current)
    logs.configure()
    tracing.process_is("o2c-receiver")
    tracing.start(settings.collector)
    database = Database(settings)
    try:
        database.engine()
    except UnreachableError as error:
        structlog.get_logger(__name__).error("webhooks are answered 503 until there is a database", error=str(error))
    policy = settings.policy
    receiver = Receiver(secrets, database.engine, policy.webhooks, policy.live, settings.livemode)
    console.print(f"Receiver on http://{host}:{port}{PATH}: {len(secrets)} signing secret(s), mode {_mode(settings)}.")
    serve(receiver.application(), host, port)


def serve(application: Starlette, host: str, port: int) -> None:
    """Answer requests until the process is told to stop. Raises SettingsError where the port cannot be used."""
    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        log_level=logging.CRITICAL,
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


def _mode(settings: Settings) -> str:
    return {True: "live", False: "test", None: "unknown"}[settings.livemode]
