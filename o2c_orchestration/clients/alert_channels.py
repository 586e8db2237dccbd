"""Where alerts go: the addresses of channels, which hold secrets, from `O2C_ALERT_CHANNELS`.

No error, repr or log of this module shows any part of an address.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from o2c_orchestration.domain.errors import SettingsError

VARIABLE = "O2C_ALERT_CHANNELS"
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_FIX = f'write {VARIABLE} as {{"name": "address", …}} or as the path of a file that holds that (docs/alerts.md)'


@dataclass(frozen=True)
class AlertChannel:
    """A channel by its name, and its address as Apprise writes it (`slack://…`, `mailtos://…`)."""

    name: str
    address: str = field(repr=False)


def read_channels(text: str | None) -> dict[str, AlertChannel]:
    """Channels by name, from a JSON object of names and addresses or from the path of a file with one.

    Raises SettingsError, which names no address.
    """
    if text is None or not text.strip():
        return {}
    found: dict[str, AlertChannel] = {}
    for name, address in _pairs(text.strip()):
        if not _NAME.fullmatch(name):
            raise SettingsError(f"{VARIABLE}: {name[:40]!r} is no name of a channel", "use lower case, digits, - and _")
        if name in found:
            raise SettingsError(f"{VARIABLE} has two addresses for {name}", "leave one of them")
        if not isinstance(address, str) or not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", address.strip()):
            raise SettingsError(f"{VARIABLE}: the address of {name} is none", "such as mailtos://user:password@host")
        found[name] = AlertChannel(name, address.strip())
    return found


def _pairs(text: str) -> list[tuple[str, Any]]:
    if not text.startswith("{"):
        text = _read(text)
    try:
        pairs = json.loads(text, object_pairs_hook=list)
    except ValueError:
        # The words of the parser are about a text that is secret.
        raise SettingsError(f"{VARIABLE} is not JSON", _FIX) from None
    if not text.lstrip().startswith("{"):
        raise SettingsError(f"{VARIABLE} is not a JSON object", _FIX)
    return list(pairs)


def _read(path: str) -> str:
    try:
        return Path(path).expanduser().read_text()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not text in UTF-8"
        # What is no file may be an address.
        raise SettingsError(f"{VARIABLE} is neither JSON nor a readable file ({reason})", _FIX) from None
