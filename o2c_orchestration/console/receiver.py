"""`o2c receiver`: Stripe's webhooks into the inbox, until it is told to stop."""

import logging
import threading
from typing import Annotated

import structlog
import typer
import uvicorn
from sqlalchemy import Engine

from o2c_orchestration.console.tables import console
from o2c_orchestration.domain.errors import O2CError, SettingsError, UnreachableError
from o2c_orchestration.settings import Settings, load_settings
from o2c_orchestration.store.database import open_database, start_embedded
from o2c_orchestration.web.receiver import PATH, Receiver
from o2c_orchestration.web.signature import parse_secrets

# More connections than this at once are answered 503: what waits beyond it would time out anyway.
_CONNECTIONS_MAX = 1000
_STOP_SECONDS = 10


class Database:
    """The engine, made when it is first to be had: the database may start after us, or go and come back."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._engine: Engine | None = None

    def engine(self) -> Engine:
        """Raises UnreachableError while there is no server."""
        with self._lock:
            if self._engine is None:
                url = self._settings.database_url or start_embedded(self._settings.home)
                self._engine = open_database(url)
            return self._engine


def serve_receiver(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8950,
) -> None:
    """Receive Stripe's webhooks until Ctrl-C: POST /webhooks/stripe, /healthz, /readyz, /metrics."""
    settings = load_settings()
    secrets = parse_secrets(settings.webhook_secrets)
    database = Database(settings)
    try:
        database.engine()
    except UnreachableError as error:
        structlog.get_logger(__name__).error("webhooks are answered 503 until there is a database", error=str(error))
    policy = settings.policy
    receiver = Receiver(secrets, database.engine, policy.webhooks, policy.live, settings.livemode)
    console.print(f"Receiver on http://{host}:{port}{PATH}: {len(secrets)} signing secret(s), mode {_mode(settings)}.")
    _serve(receiver, host, port)


def _serve(receiver: Receiver, host: str, port: int) -> None:
    config = uvicorn.Config(
        receiver.application(),
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
        raise O2CError(f"port {port} of {host} cannot be used", "give another one with --port") from None
    if not server.started:
        raise SettingsError(f"port {port} of {host} cannot be used", "give another one with --port")


def _mode(settings: Settings) -> str:
    return {True: "live", False: "test", None: "unknown"}[settings.livemode]
