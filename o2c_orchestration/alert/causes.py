"""What is wrong now: gaps by cause, asset checks and jobs that fail, channels that take nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from o2c_orchestration.alert.route import graded
from o2c_orchestration.domain.alerts import Cause
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.watched import is_named
from o2c_orchestration.store.alert_causes import Signal, failing_signals, gap_causes
from o2c_orchestration.store.alert_messages import Waiting, waiting
from o2c_orchestration.store.invariants import Violation

# Attempts at one message, after which its channel is called down: a minute and a half.
DOWN_AFTER = 3
# The check that says of channels what their own alerts say.
CHANNELS_CHECK = "alert_channels_deliver"


def find_causes(engine: Engine, policy: Policy, now: datetime) -> list[Cause]:
    """All that is wrong now (UTC), each with the severity that the policy gives it."""
    alerts = policy.alerts
    owned = {account for account, entity in policy.entities.items() if entity.owner}
    apart = {account: policy.name_of(account) for account in sorted(owned | policy.routed)}
    found = gap_causes(engine, now - timedelta(minutes=alerts.grace_minutes), alerts.objects, apart)
    untold = {*alerts.checks_told_by_gaps, CHANNELS_CHECK}
    found += [_failing(signal) for signal in failing_signals(engine) if not is_named(_name(signal), untold)]
    found += channel_causes(waiting(engine))
    return [graded(cause, policy) for cause in found]


def _name(signal: Signal) -> str:
    return signal.subject.rpartition(":")[2] if signal.kind == "check" else signal.subject


def _failing(signal: Signal) -> Cause:
    name, check = _name(signal), signal.kind == "check"
    return Cause(
        key=f"{signal.kind}:{signal.subject}",
        source="check" if check else "run",
        name=name,
        severity="warning" if signal.severity == "warning" else "error",
        title=f"Check {name} fails" if check else f"The newest run of {name} failed",
        to_do=signal.to_do or ("see in Dagster what breaks it" if check else "see the run's log, then run it again"),
        since=signal.failing_since or signal.at,
        said=signal.words,
        asset=signal.subject.rpartition(":")[0] if check else "",
        run_id=signal.run_id or "",
    )


def channel_causes(found: Sequence[Waiting]) -> list[Cause]:
    """Channels that did not take a message in several attempts."""
    return [
        Cause(
            key=f"channel:{each.channel}",
            source="channel",
            name=each.channel,
            severity="error",
            title=f"Alerts do not reach {each.channel}",
            to_do=f"correct the channel, then `o2c alerts test {each.channel}`; what waits for it is sent by itself",
            since=each.failed_at or each.since,
            count=each.messages,
            said=each.error or "",
            asset="alert/finance_digest",
        )
        for each in found
        if each.attempts >= DOWN_AFTER and each.error
    ]


def undelivered(engine: Engine, bound: timedelta, now: datetime | None = None) -> list[Violation]:
    """Channels that are down, and those for which something waits longer than `bound`."""
    moment = now or datetime.now(UTC)
    found = waiting(engine)
    down = {cause.name: cause for cause in channel_causes(found)}
    late = {each.channel: each for each in found if moment - each.since > bound}
    return [
        Violation(
            f"channel {name}",
            (down[name].said if name in down else late[name].error) or "nobody sends: see that the daemon runs",
            down[name].to_do if name in down else f"`o2c alerts test {name}` tells what is wrong with it",
        )
        for name in sorted({*down, *late})
    ]
