"""What `o2c check` says of the channels of alerts. Nothing is sent for it."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from o2c_orchestration.clients.alert_channels import read_channels
from o2c_orchestration.domain.policy_alerts import Alerts
from o2c_orchestration.preflight.alerts import alert_channels

_LINKS: dict[str, Any] = {"dagster_url": "https://dagster.example.com", "pages_url": "https://pages.example.com"}


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Somebody who would notice if anything were sent."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        found.listen()
        found.setblocking(False)
        yield found


def test_each_channel_is_told_by_name_and_no_address_is_shown(listener: socket.socket) -> None:
    """One that can be used, one that Apprise does not know, one in the clear, and one that only o2c.yaml names."""
    port = listener.getsockname()[1]
    addresses = {
        "good": f"json://127.0.0.1:{port}/canary",
        "odd": "nosuchservice://canary",
        "open": "json://example.com/canary",
    }
    found = alert_channels(read_channels(json.dumps(addresses)), Alerts(**_LINKS, digest_channels=["pager"]))
    assert [(each.what, each.ok) for each in found] == [
        ("alerts to good", True),
        ("alerts to odd", False),
        ("alerts to open", False),
        ("alerts to pager", False),
    ]
    assert "none that Apprise knows" in found[1].detail
    assert "unencrypted" in found[2].detail
    assert "no address" in found[3].detail
    assert all(each.to_do and each.otherwise for each in found if not each.ok)
    assert "canary" not in repr(found)
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_no_channels_at_all_is_off() -> None:
    """Nobody has to have alerts."""
    (found,) = alert_channels({}, Alerts())
    assert (found.what, found.mark) == ("alerts", "off")


@pytest.mark.parametrize("lacking", sorted(_LINKS))
def test_messages_that_cannot_link_are_a_hint(lacking: str) -> None:
    """Each address that messages make links of is asked for where there are channels, and stops nobody."""
    there = read_channels(json.dumps({"good": "json://127.0.0.1:1/canary"}))
    links = {name: value for name, value in _LINKS.items() if name != lacking}
    assert [(each.what, each.mark) for each in alert_channels(there, Alerts(**links))] == [
        ("alerts to good", "ok"),
        (f"alerts.{lacking}", "hint"),
    ]
    assert [each.mark for each in alert_channels(there, Alerts(**_LINKS))] == ["ok"]
