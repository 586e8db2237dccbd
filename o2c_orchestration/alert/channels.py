"""Channels over Apprise: Slack, e-mail, Teams, PagerDuty, webhooks and some two hundred more.

Addresses hold secrets, and so may what the library logs or raises: none of its words leave this module. What went
wrong is told by the HTTP status, or in words of our own.
"""

import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from o2c_orchestration.clients.alert_channels import VARIABLE, AlertChannel
from o2c_orchestration.clients.credentials import is_loopback

# Seconds for a connection, for an answer, and for a message altogether, whatever its address says.
_CONNECT, _ANSWER, _ALTOGETHER = 5.0, 8.0, 10.0
_STATUS = re.compile(r"error=(\d{3})")
# Answers that are about what the message says, and not about the channel.
_ABOUT_THE_MESSAGE = frozenset({400, 413, 422})
_WORDS = {
    401: "it does not accept the credentials of the address",
    403: "it does not accept the credentials of the address",
    404: "it does not know the address",
    410: "it does not know the address any more",
    413: "the message is too long for it",
    429: "too many messages",
}
_TYPES = {"all_clear": "SUCCESS", "digest": "INFO", "test": "INFO"}
_CUT = "\n… cut here: `o2c alerts list` has all of it"


@dataclass(frozen=True)
class Outcome:
    """What became of a message: `error` is empty when the channel took it. `refused`: for what it says."""

    error: str = ""
    refused: bool = False

    @property
    def sent(self) -> bool:
        return not self.error


@dataclass(frozen=True)
class Text:
    """What is to be said: `kind` a kind of message or `test`; plain and as Markdown."""

    kind: str
    severity: str
    title: str
    text: str
    markdown: str


class Channel:
    """One channel. `problem` says why nothing can be sent to it, empty if something can."""

    def __init__(self, name: str, service: Any, problem: str = "") -> None:
        self.name = name
        self.problem = problem
        self._service = service

    def send(self, text: Text) -> Outcome:
        """Send it now, in ten seconds at most. Never raises."""
        if self.problem:
            return Outcome(self.problem)
        try:
            return self._notify(text)
        except Exception as error:  # whatever a library of two hundred services may raise
            return Outcome(f"it could not be sent ({type(error).__name__})")

    def _notify(self, text: Text) -> Outcome:
        apprise = _library()
        # What it takes best, or what `?format=` in its address says.
        plain = self._service.resolve_format() == apprise.NotifyFormat.TEXT
        sender = apprise.Apprise(asset=self._service.asset)
        sender.add(self._service)
        result = sender.notify(
            title=text.title,
            body=self._fitting(text.text if plain else text.markdown, len(text.title)),
            body_format=apprise.NotifyFormat.TEXT if plain else apprise.NotifyFormat.MARKDOWN,
            notify_type=apprise.NotifyType[_type(text)],
            timeout=_ALTOGETHER,
        )
        if result:
            return Outcome()
        return _failure(result.status.name, [entry.message for entry in result.logs()])

    def _fitting(self, body: str, title: int) -> str:
        """Apprise would leave it to the service to cut, and services refuse instead."""
        room = int(self._service.body_maxlen) - title - 8
        return body if len(body) <= room else body[: room - len(_CUT)] + _CUT


def _type(text: Text) -> str:
    return _TYPES.get(text.kind) or ("WARNING" if text.severity == "warning" else "FAILURE")


def _failure(status: str, said: Iterable[str]) -> Outcome:
    if status == "TIMEOUT":
        return Outcome(f"no answer within {_ALTOGETHER:g} s")
    words = " ".join(said)
    found = _STATUS.search(words)
    if found:
        code = int(found[1])
        told = f": {_WORDS[code]}" if code in _WORDS else ""
        return Outcome(f"it answered {code}{told}", refused=code in _ABOUT_THE_MESSAGE)
    return Outcome("no connection" if "onnection" in words else "it did not take the message")


def open_channel(address: AlertChannel) -> Channel:
    """The channel of an address; one that must not or cannot be used says so as its problem."""
    apprise = _library()
    asset = apprise.AppriseAsset(http_redirects=False, service_timeout=_ALTOGETHER, storage_mode="memory")
    try:
        service = apprise.Apprise.instantiate(address.address, asset=asset, suppress_exceptions=True)
    except Exception:
        service = None
    if service is None:
        return Channel(address.name, None, f"its address in {VARIABLE} is none that Apprise knows")
    if _in_the_clear(service):
        return Channel(address.name, None, f"its address in {VARIABLE} is unencrypted and of another machine")
    service.socket_connect_timeout = min(_CONNECT, service.socket_connect_timeout)
    service.socket_read_timeout = _ANSWER
    service.retry = 0
    service.redirects = False
    return Channel(address.name, service)


def open_channels(addresses: Mapping[str, AlertChannel], names: Iterable[str]) -> dict[str, Channel]:
    """The named channels; one without an address has that as its problem."""
    missing = f"{VARIABLE} has no address for it"
    return {
        name: open_channel(addresses[name]) if name in addresses else Channel(name, None, missing) for name in names
    }


def _in_the_clear(service: Any) -> bool:
    """Whether it would speak to another machine without encryption: the plain one of a service's two schemes."""
    plain = service.protocol or ()
    schemes = (plain,) if isinstance(plain, str) else tuple(plain)
    return service.schema in schemes and not service.secure and not is_loopback(f"//{service.host}")


def _tells_a_failure(record: logging.LogRecord) -> bool:
    """Only what `_failure` reads is logged at all; the rest may quote an address."""
    said = record.getMessage()
    return _STATUS.search(said) is not None or "onnection" in said


@cache
def _library() -> Any:
    """Apprise, which takes a second to load, with its mouth shut: it logs addresses."""
    logger = logging.getLogger("apprise")
    logger.setLevel(logging.WARNING)
    logger.addFilter(_tells_a_failure)
    logger.addHandler(logging.NullHandler())
    logger.propagate = False
    # On its lowest level it logs paths, which are secrets of web hooks.
    logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)
    import apprise

    return apprise
