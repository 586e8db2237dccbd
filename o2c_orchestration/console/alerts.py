"""`o2c alerts`: what is wrong and who was told, sending without Dagster, and a test of the channels."""

import time
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from o2c_orchestration.alert.outbox import look, send_due, send_test
from o2c_orchestration.alert.render import age, sums
from o2c_orchestration.alert.route import owner_of
from o2c_orchestration.assembly import Assembly
from o2c_orchestration.clients.alert_channels import VARIABLE
from o2c_orchestration.console import tables
from o2c_orchestration.domain.alerts import Alert
from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import alert_messages
from o2c_orchestration.store import alerts as alert_store

app = typer.Typer(help="What is wrong, one alert for each cause, and who was told.", no_args_is_help=True)

_PATIENCE_SECONDS = 5.0
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
_NO_CHANNELS = f"{VARIABLE} is not set: alerts are kept and shown here, and sent to nobody (docs/alerts.md)."


@app.command("list")
def list_command(
    state: Annotated[str, typer.Option(help="open, closed or all.")] = "open", as_json: Json = False
) -> None:
    """Alerts as of the last look, with money, age, owner and when they were last told; exit 1 when one is open."""
    if state not in ("open", "closed", "all"):
        raise typer.BadParameter("--state is open, closed or all")
    assembly = Assembly(load_settings())
    found = alert_store.listed(assembly.engine, None if state == "all" else state)
    sent = alert_messages.last_sent(assembly.engine)
    if as_json:
        tables.print_json([_plain(alert, assembly, sent.get(alert.id)) for alert in found])
    else:
        _show(found, assembly, sent)
    raise typer.Exit(1 if any(alert.state == "open" for alert in found) else 0)


def _plain(alert: Alert, assembly: Assembly, sent: datetime | None) -> dict[str, Any]:
    cause = alert.cause
    named = {"alert": alert.id, "cause": cause.key, "state": alert.state, "severity": cause.severity}
    what = {"source": cause.source, "name": cause.name, "leg": cause.leg, "code": cause.code, "title": cause.title}
    much = {"count": cause.count, "sums_minor": dict(cause.sums), "oldest_document": cause.oldest}
    times = {"since": cause.since, "opened_at": alert.opened_at, "closed_at": alert.closed_at, "last_sent_at": sent}
    do = {"owner": owner_of(cause, assembly.policy), "to_do": cause.to_do, "objects": list(cause.objects)}
    return {**named, **what, **much, **times, **do, "channels": list(alert.channels)}


def _show(found: list[Alert], assembly: Assembly, sent: dict[int, datetime]) -> None:
    if not found:
        tables.console.print("No alerts.")
    else:
        tables.show_blocks("Alerts", [_block(alert, assembly, sent.get(alert.id)) for alert in found])
    if not assembly.settings.alert_channels:
        tables.console.print(_NO_CHANNELS, markup=False)
    for each in alert_messages.waiting(assembly.engine):
        why = f": {each.error}" if each.error else ""
        tables.console.print(f"{each.messages} waiting for {each.channel}{why}", markup=False)


def _block(alert: Alert, assembly: Assembly, sent: datetime | None) -> tuple[list[str], list[str]]:
    cause = alert.cause
    lasted = age(cause.since, alert.closed_at or datetime.now(UTC)) + (", closed" if alert.closed_at else "")
    gaps = f"{cause.count} gap{'' if cause.count == 1 else 's'}" if cause.source == "gap" else ""
    told = f"last sent {sent:%Y-%m-%d %H:%M} UTC" if sent else "never sent"
    to_do = f"To do: {cause.to_do}" if cause.to_do else ""
    owner = f"Owner: {owner_of(cause, assembly.policy)}; {told}"
    return [f"{alert.id}", cause.severity, lasted, gaps, sums(cause.sums)], [cause.title, to_do, owner]


@app.command("send")
def send_command(as_json: Json = False) -> None:
    """Look at the gaps, and send what is due: for cron, where Dagster's sensor does not run. Exit 1 if a channel fails.

    Failing checks and runs are known only as far as the sensor has read them.
    """
    assembly = Assembly(load_settings())
    addresses = assembly.settings.alert_channels
    queued = look(assembly.engine, assembly.policy, addresses.keys(), datetime.now(UTC))
    outcome = send_due(assembly.engine, assembly.policy, addresses)
    waiting = sum(each.messages for each in alert_messages.waiting(assembly.engine))
    if as_json:
        tables.print_json({"to_be_told": queued, "sent": outcome.sent, "waiting": waiting, "failed": outcome.failed})
    else:
        tables.console.print(f"{queued} to be told, {outcome.sent} messages sent, {waiting} waiting")
        _say_failed(outcome.failed)
        if not addresses:
            tables.console.print(_NO_CHANNELS, markup=False)
    raise typer.Exit(1 if outcome.failed else 0)


@app.command("test")
def try_command(
    channel: Annotated[str | None, typer.Argument(metavar="CHANNEL", help="One of them; all without.")] = None,
    as_json: Json = False,
) -> None:
    """Send a test message to the channels, now; exit 1 if one does not take it, with why."""
    addresses = load_settings().alert_channels
    if not addresses:
        raise SettingsError(f"{VARIABLE} is not set", "name at least one channel in it (docs/alerts.md)")
    if channel is not None and channel not in addresses:
        raise SettingsError(f"{VARIABLE} has no channel {channel!r}", f"it has {', '.join(sorted(addresses))}")
    results = send_test([addresses[name] for name in sorted(addresses) if channel in (None, name)])
    failed = {name: why for name, why in results.items() if why}
    if as_json:
        tables.print_json({"sent": sorted(results.keys() - failed.keys()), "failed": failed})
    else:
        for name in sorted(results.keys() - failed.keys()):
            tables.console.print(f"{name}: sent", markup=False)
        _say_failed(failed)
    raise typer.Exit(1 if failed else 0)


def _say_failed(failed: Any) -> None:
    for name, why in sorted(failed.items()):
        tables.console.print(f"{name}: {why}", markup=False)


def show_told(assembly: Assembly, where: str) -> None:
    """Look, send what is due, and say how many messages each channel has, and `where` they can be read."""
    look(assembly.engine, assembly.policy, assembly.settings.alert_channels.keys(), datetime.now(UTC))
    send_due(assembly.engine, assembly.policy, assembly.settings.alert_channels)
    # The sensor may have taken some of them, and be about to note that they were sent.
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while alert_messages.waiting(assembly.engine) and time.monotonic() < deadline:
        time.sleep(0.1)
    still = len(alert_store.listed(assembly.engine))
    rows = [
        {"channel": name, "messages": count, "open alerts": still, "read them at": where}
        for name, count in alert_messages.sent_counts(assembly.engine).items()
    ]
    tables.show("Alerts sent to finance (all runs so far)", rows, right=["messages", "open alerts"])
