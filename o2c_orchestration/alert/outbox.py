"""The way of an alert: look at what is wrong, queue what is to be said, send what is due.

Looking and queueing are one transaction of the database, and reach no channel. Sending reaches channels only, each in
a thread of its own, so that one that hangs holds up nobody else's messages.
"""

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Engine

from o2c_orchestration.alert import digest
from o2c_orchestration.alert.causes import find_causes
from o2c_orchestration.alert.channels import Channel, Text, open_channels
from o2c_orchestration.alert.render import alert_message, digest_message
from o2c_orchestration.alert.route import named, next_step
from o2c_orchestration.clients.alert_channels import AlertChannel
from o2c_orchestration.domain.alerts import Alert, Message
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.store import alert_messages, alerts
from o2c_orchestration.store.agreement import agreement
from o2c_orchestration.store.audit import publish_head
from o2c_orchestration.store.gap_sums import open_gaps

log = structlog.get_logger(__name__)

_THREADS = 8
Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Sent:
    """What a round of sending came to: messages that were taken, and why channels did not take theirs."""

    sent: int
    failed: Mapping[str, str]


def look(engine: Engine, policy: Policy, known: Collection[str], now: datetime) -> int:
    """Open and close alerts by what is wrong at `now` (UTC), and queue what is to be said; returns how many messages,
    channels not counted. `known` are the names of channels that have an address; with none, nothing is queued."""
    said = alerts.keep(
        engine,
        partial(find_causes, engine, policy, now),
        partial(_say, policy, known, now),
        now,
        timedelta(minutes=policy.alerts.grace_minutes),
    )
    return said + _queue_digest(engine, policy, known, now)


def _say(policy: Policy, known: Collection[str], now: datetime, alert: Alert) -> Message | None:
    step = next_step(alert, policy, known, now)
    return None if step is None else alert_message(alert, step, policy, now)


def _queue_digest(engine: Engine, policy: Policy, known: Collection[str], now: datetime) -> int:
    """The morning's message, once a day, from its hour on (in the time zone of the books)."""
    local = now.astimezone(policy.books.zone)
    hour, channels = policy.alerts.digest_hour, named(policy.alerts.digest_channels, known)
    key = f"digest {local.date()}"
    if hour is None or not channels or local.hour < hour or alert_messages.is_queued(engine, key):
        return 0
    found = open_gaps(engine, 0)
    state = digest(found, agreement(engine), publish_head(engine))
    closed = alerts.closed_since(engine, now - timedelta(days=1))
    text = digest_message(state, alerts.listed(engine), closed, policy, now)
    title = f"Order to cash on {local.date()}: " + (f"{found.count} open gaps" if found.count else "all clear")
    message = Message("digest", channels, "warning", title, text, text)
    return min(1, alert_messages.queue_once(engine, key, message, now))


def send_due(
    engine: Engine,
    policy: Policy,
    addresses: Mapping[str, AlertChannel],
    seconds: float = 30.0,
    clock: Clock = _now,
) -> Sent:
    """Send what is due, each channel's messages in their order, until `seconds` are over (and ten more at most).

    Never raises because of a channel. What waits for channels that nobody names any more is given up.
    """
    now = clock()
    due = {each.channel for each in alert_messages.waiting(engine) if each.next_attempt_at <= now}
    strange = due - addresses.keys() - policy.alerts.named_channels
    if strange and addresses:
        alert_messages.drop(engine, sorted(strange), "the channel is not configured any more")
    wanted = sorted(due - strange) if addresses else []
    if not wanted:
        return Sent(0, {})
    deadline = time.monotonic() + seconds
    with ThreadPoolExecutor(min(_THREADS, len(wanted)), "alerts") as pool:
        opened = open_channels(addresses, wanted).values()
        results = list(pool.map(lambda channel: _send(engine, channel, deadline, clock), opened))
    return Sent(
        sum(count for count, _ in results), {name: why for _, failed in results for name, why in failed.items()}
    )


def _send(engine: Engine, channel: Channel, deadline: float, clock: Clock) -> tuple[int, dict[str, str]]:
    """One channel's messages, until one is not taken or the time is up."""
    sent = 0
    while time.monotonic() < deadline:
        message = alert_messages.claim(engine, channel.name, clock())
        if message is None:
            break
        outcome = channel.send(Text(message.kind, message.severity, message.title, message.text, message.markdown))
        if not outcome.sent:
            alert_messages.record_failed(engine, message, outcome.error, clock(), refused=outcome.refused)
            log.warning("message not taken", message=message.key, channel=channel.name)
            return sent, {channel.name: outcome.error}
        alert_messages.record_sent(engine, message, clock())
        log.info("message sent", message=message.key, channel=channel.name, kind=message.kind)
        sent += 1
    return sent, {}


def send_test(addresses: Iterable[AlertChannel]) -> dict[str, str]:
    """Send a test message to each of these channels, past the outbox; why each did not take it, empty if it did."""
    told = "A test of o2c alerts: nothing is wrong. Real ones say how much money, since when, who has it, what to do."
    text = Text("test", "warning", "Test of o2c alerts", told, told)
    return {address.name: _channel(address).send(text).error for address in addresses}


def _channel(address: AlertChannel) -> Channel:
    return open_channels({address.name: address}, [address.name])[address.name]
