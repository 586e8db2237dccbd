"""Whether alerts have anywhere to go: each channel that has an address or that `o2c.yaml` names. Nothing is sent."""

from collections.abc import Collection, Mapping

from o2c_orchestration.alert.channels import open_channels
from o2c_orchestration.clients.alert_channels import VARIABLE, AlertChannel
from o2c_orchestration.preflight.finding import Finding


def alert_channels(addresses: Mapping[str, AlertChannel], named: Collection[str]) -> list[Finding]:
    """A finding for each channel, by name; one where there is none at all."""
    wanted = sorted({*addresses, *named})
    if not wanted:
        return [Finding("alerts", None, f"off: {VARIABLE} is not set")]
    return [_finding(name, channel.problem) for name, channel in open_channels(addresses, wanted).items()]


def _finding(name: str, problem: str) -> Finding:
    what = f"alerts to {name}"
    if not problem:
        return Finding(what, True, "an address that can be used; `o2c alerts test` sends to it")
    to_do = f"set an address for {name} in {VARIABLE} (docs/alerts.md), or take the name out of alerts in o2c.yaml"
    return Finding(what, False, problem, to_do, "what it is to be told waits, and nobody hears of it")
