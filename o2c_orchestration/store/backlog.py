"""How far behind we are, and by when that is made up for: for the sensor, the asset check, metrics and people."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine

from o2c_orchestration.store import inbox
from o2c_orchestration.store.inbox import Backlog
from o2c_orchestration.store.invariants import Violation

RATE_CURSOR = "changes_per_second"
EVENTS_CURSOR = "stripe_events"
_WAITING_FIX = (
    "see in Dagster that the daemon runs and what the last run of changed_objects says; `o2c backlog` tells more"
)
_FAILING_FIX = "see what Stripe and NetSuite say of this object; it is tried again by itself"
_POLLING_FIX = "see that the daemon runs and the sensor stripe_events is on"


@dataclass(frozen=True)
class Lag:
    """What waits, how old the oldest change is (None: nothing waits), and when all will have been read (UTC).

    `caught_up_at` is an estimate from the pace of the last pass; None while there is none.
    """

    waiting: Backlog
    age: timedelta | None
    caught_up_at: datetime | None


def lag(engine: Engine, now: datetime | None = None) -> Lag:
    """How far behind we are now."""
    now = now or datetime.now(UTC)
    waiting = inbox.backlog(engine)
    if waiting.changed_at is None:
        return Lag(waiting, None, None)
    pace = float(inbox.read_cursor(engine, RATE_CURSOR) or 0)
    until = now + timedelta(seconds=waiting.objects / pace) if pace > 0 else None
    return Lag(waiting, now - waiting.changed_at, until)


def in_words(engine: Engine) -> str:
    """One line for a person."""
    found = lag(engine)
    if found.age is None:
        return "nothing has changed"
    text = f"{found.waiting.objects} changed objects wait, the oldest change {age_in_words(found.age)} ago"
    if found.waiting.failing:
        text += f"; {found.waiting.failing} could not be read or planned yet"
    if found.caught_up_at is not None:
        text += f"; caught up by about {found.caught_up_at:%Y-%m-%d %H:%M} UTC"
    return text


def behind(engine: Engine, bound: timedelta) -> list[Violation]:
    """What is further behind than `bound`: changes that wait, and the look at Stripe's list of events."""
    now, found = datetime.now(UTC), list[Violation]()
    late = lag(engine, now)
    if late.age is not None and late.age > bound:
        found.append(Violation("inbox", in_words(engine), _WAITING_FIX))
        found += [
            Violation(each["id"], f"tried {each['attempts']} times: {each['reason']}", _FAILING_FIX)
            for each in inbox.failing(engine)
        ]
    read = inbox.read_cursor(engine, EVENTS_CURSOR)
    if read is not None and now - datetime.fromisoformat(read) > bound:
        found.append(Violation("stripe_events", f"Stripe's events were read up to {read}", _POLLING_FIX))
    return found


def age_in_words(age: timedelta) -> str:
    """How long that is, in the largest unit of which there are two."""
    seconds = int(age.total_seconds())
    for size, name in ((86_400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{max(seconds, 0)} seconds"
