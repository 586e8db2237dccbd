"""Who is told of a cause, how grave it is, and what is to be said of an alert now. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from o2c_orchestration.domain.alerts import Alert, Cause, MessageKind, Told
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.policy_alerts import Channels, Route
from o2c_orchestration.domain.watched import OWN, is_named

_EVERYBODY = Route()


@dataclass(frozen=True)
class Step:
    """What is to be said now, and to which channels."""

    kind: MessageKind
    channels: tuple[str, ...]


def graded(cause: Cause, policy: Policy) -> Cause:
    """The cause, `urgent` if the policy says so of its name or its money."""
    alerts = policy.alerts
    much = any(minor >= alerts.urgent_minor[code] for code, minor in cause.sums.items() if code in alerts.urgent_minor)
    return replace(cause, severity="urgent") if much or is_named(cause.name, alerts.urgent) else cause


def owner_of(cause: Cause, policy: Policy) -> str:
    """Who has it: the owner of its entity, or by its name, or its leg, or whoever owns everything."""
    entity = policy.entities.get(cause.account)
    if entity is not None and entity.owner:
        return entity.owner
    owners = policy.alerts.owners
    own = owners.get(f"{OWN}{cause.name}")
    return owners.get(cause.name) or own or owners.get(cause.leg) or policy.owner


def route_of(cause: Cause, policy: Policy) -> Route:
    """The first route that fits. That a channel is down goes to all others, unless a route is for that."""
    for route in policy.alerts.routes:
        if _fits(route, cause) and (cause.source != "channel" or "channel" in route.sources):
            return route
    return _EVERYBODY


def _fits(route: Route, cause: Cause) -> bool:
    if route.sources and cause.source not in route.sources:
        return False
    if route.severities and cause.severity not in route.severities:
        return False
    if route.legs and cause.leg not in route.legs:
        return False
    if route.entities and cause.account not in route.entities:
        return False
    named = {"gap": route.kinds, "check": route.checks, "run": route.jobs}
    if not any(named.values()):
        return True
    return is_named(cause.name, named.get(cause.source, ()))


def is_material(cause: Cause, amounts: Mapping[str, int]) -> bool:
    """Whether it is told at once: it has enough money in one currency, or one that is not named, or none at all."""
    return not cause.sums or any(minor >= amounts.get(code, 0) for code, minor in cause.sums.items())


def named(channels: Channels, known: Collection[str]) -> tuple[str, ...]:
    """The channels that are meant; none as long as no channel is known."""
    if not known:
        return ()
    return tuple(sorted(known if channels == "all" else channels))


def next_step(alert: Alert, policy: Policy, known: Collection[str], now: datetime) -> Step | None:
    """What is to be said of an alert now; None if nothing is. `known` are the channels that have an address."""
    if alert.state == "closed":
        return None if _held(alert.told, policy, now) else Step("all_clear", tuple(alert.channels))
    cause = alert.cause
    route = route_of(cause, policy)
    amounts = policy.alerts.material_minor if route.material_minor is None else route.material_minor
    channels = tuple(name for name in named(route.channels, known) if (cause.source, cause.name) != ("channel", name))
    if not channels or not is_material(cause, amounts) or _held(cause, policy, now):
        return None
    if alert.told is None or alert.told_at is None:
        return Step("opened", channels)
    if has_grown(alert.told, cause, amounts, policy.alerts.update_percent):
        return Step("changed", channels)
    return Step("reminder", channels) if now - alert.told_at >= _patience(cause, policy) else None


def _held(about: Cause | Told | None, policy: Policy, now: datetime) -> bool:
    """Whether quiet hours hold it back."""
    hours = policy.alerts.quiet_hours
    if hours is None or (about is not None and about.severity == "urgent"):
        return False
    return hours.hold(now, policy.books.zone)


def _patience(cause: Cause, policy: Policy) -> timedelta:
    alerts = policy.alerts
    return timedelta(hours=alerts.remind_urgent_hours if cause.severity == "urgent" else alerts.remind_hours)


def has_grown(told: Told, cause: Cause, amounts: Mapping[str, int], percent: float) -> bool:
    """Whether there is so much more of it than was told that it is told again. Without money, its number counts."""
    if cause.severity == "urgent" and told.severity != "urgent":
        return True
    if not any(cause.sums.values()):
        more = cause.count - told.count
        return more > 0 and more * 100 >= percent * told.count
    for code, minor in cause.sums.items():
        before = told.sums.get(code, 0)
        more = minor - before
        if more > 0 and more >= amounts.get(code, 0) and more * 100 >= percent * before:
            return True
    return False
