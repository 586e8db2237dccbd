"""Whether alerts have anywhere to go: each channel that has an address or that `o2c.yaml` names. Nothing is sent."""

from collections.abc import Iterator, Mapping

from o2c_orchestration.alert.channels import open_channels
from o2c_orchestration.clients.alert_channels import VARIABLE, AlertChannel
from o2c_orchestration.domain.policy_alerts import Alerts
from o2c_orchestration.preflight.finding import Finding


def alert_channels(addresses: Mapping[str, AlertChannel], alerts: Alerts) -> list[Finding]:
    """A finding for each channel, by name, and one for each kind of link that messages lack; one where there is no
    channel at all."""
    wanted = sorted({*addresses, *alerts.named_channels})
    if not wanted:
        detail = f"off: {VARIABLE} is not set; docs/alerts.md has the addresses of Slack, e-mail and others"
        return [Finding("alerts", None, detail)]
    channels = [_finding(name, channel.problem) for name, channel in open_channels(addresses, wanted).items()]
    return [*channels, *_links(alerts)]


def _links(alerts: Alerts) -> Iterator[Finding]:
    if alerts.dagster_url is None:
        yield Finding(
            "alerts.dagster_url",
            None,
            "not set: no message links to the asset or the run that it is about",
            "set the address at which people reach the Dagster UI under alerts.dagster_url in o2c.yaml",
            "who is told of something has to find the asset and the run",
        )
    if alerts.pages_url is None:
        yield Finding(
            "alerts.pages_url",
            None,
            "not set: messages say `o2c trace …` where they could link to the page of the object",
            "set the address at which people reach `o2c pages` under alerts.pages_url in o2c.yaml",
            "who is told of something needs the command line to look at it",
        )


def _finding(name: str, problem: str) -> Finding:
    what = f"alerts to {name}"
    if not problem:
        return Finding(what, True, "an address that can be used; `o2c alerts test` sends to it")
    to_do = f"set an address for {name} in {VARIABLE} (docs/alerts.md), or take the name out of alerts in o2c.yaml"
    return Finding(what, False, problem, to_do, "what it is to be told waits, and nobody hears of it")
