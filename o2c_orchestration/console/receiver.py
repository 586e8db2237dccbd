"""`o2c receiver`: Stripe's webhooks into the inbox, until it is told to stop."""

from collections.abc import Iterator
from typing import Annotated

import structlog
import typer

from o2c_orchestration.console.serving import Database, begin, serve
from o2c_orchestration.console.tables import console
from o2c_orchestration.current_settings import CurrentSettings
from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.settings import Settings
from o2c_orchestration.web.receiver import PATH, Receiver
from o2c_orchestration.web.signature import WebhookSecret, parse_secrets


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
    begin("o2c-receiver", settings)
    database = Database(settings)
    database.look("webhooks are answered 503 until there is a database")
    policy = settings.policy
    receiver = Receiver(secrets, database.engine, policy.webhooks, policy.live, settings.livemode)
    console.print(f"Receiver on http://{host}:{port}{PATH}: {len(secrets)} signing secret(s), mode {_mode(settings)}.")
    serve(receiver.application(), host, port)


def _mode(settings: Settings) -> str:
    return {True: "live", False: "test", None: "unknown"}[settings.livemode]
