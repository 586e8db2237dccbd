"""Messages for people, as plain text and as Markdown: how much, since when, who has it, what to do, where to look.

What other systems say is shown as code, so that nothing in it is a link, a mention or a format; e-mail addresses in it
are left out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from o2c_orchestration.alert.route import Step, owner_of
from o2c_orchestration.domain.alerts import LEG_NAMES, Alert, Cause, Message
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.policy import Policy

_EMAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")
_BRACKETS = str.maketrans({"<": "‹", ">": "›"})
_MONEY_MAX = 5


@dataclass(frozen=True)
class _Line:
    """A line of a message: a label, a value; `code` if the value is to be copied or came from elsewhere."""

    label: str
    value: str
    code: bool = False


def alert_message(alert: Alert, step: Step, policy: Policy, now: datetime) -> Message:
    """What is to be said of an alert."""
    title = _title(alert, step, now)
    lines = _gone(alert, policy, now) if step.kind == "all_clear" else _lines(alert, policy, now)
    lines.append(_Line("", f"alert {alert.id}, message {alert.steps + 1} of it"))
    severity = alert.told.severity if step.kind == "all_clear" and alert.told else alert.cause.severity
    text = "\n".join(_plain(line) for line in lines)
    markdown = "\n".join(["- " + _marked(line) for line in lines])
    return Message(step.kind, step.channels, severity, title, text, markdown)


def _title(alert: Alert, step: Step, now: datetime) -> str:
    cause = alert.cause
    what = headline(cause)
    if step.kind == "all_clear":
        return f"All clear: {_clean(cause.title)}"
    if step.kind == "reminder":
        what = f"Open for {age(cause.since, now)}: {what}"
    if step.kind == "changed":
        what = f"More of it: {what}"
    return f"URGENT: {what}" if cause.severity == "urgent" else what


def headline(cause: Cause) -> str:
    """One line: what is wrong, how many, how much."""
    money = sums(cause.sums)
    if cause.source == "gap":
        return f"{_clean(cause.title)}: {_count(cause.count, 'gap')}" + (f", {money}" if money else "")
    return _clean(cause.title)


def _lines(alert: Alert, policy: Policy, now: datetime) -> list[_Line]:
    cause = alert.cause
    more = f"{cause.count - len(cause.objects)} more: "
    more += "o2c gaps" if policy.alerts.pages_url is None else f"{policy.alerts.pages_url}/o2c/gaps"
    return [
        _amount(cause),
        _Line("Since", _since(cause, policy.books.zone, now)),
        _Line("Owner", owner_of(cause, policy)),
        _Line("To do", _clean(cause.to_do)),
        *([_Line("Words", _clean(cause.said), code=True)] if cause.said and policy.alerts.words else []),
        *(_traced(key, policy.alerts.pages_url) for key in cause.objects),
        *([_Line("", more)] if _more(cause) else []),
        *_links(cause, policy.alerts.dagster_url),
    ]


def _traced(key: str, pages: str | None) -> _Line:
    """Where the object's way can be seen: a page, or for people with a terminal the command."""
    if pages is None:
        return _Line("Trace", f"o2c trace {key}", code=True)
    return _Line("Trace", f"{pages}/o2c/trace/{quote(key, safe='')}")


def _gone(alert: Alert, policy: Policy, now: datetime) -> list[_Line]:
    told = alert.told
    lines = [_Line("Was open", age(alert.opened_at, alert.closed_at or now))]
    if told is not None and alert.cause.source == "gap":
        lines.append(_Line("At most told", f"{_count(told.count, 'gap')}, {sums(told.sums)}"))
    return [*lines, _Line("Owner", owner_of(alert.cause, policy)), *_links(alert.cause, policy.alerts.dagster_url)]


def _amount(cause: Cause) -> _Line:
    if cause.source == "gap":
        where = LEG_NAMES.get(cause.leg, cause.leg)
        return _Line("How much", f"{sums(cause.sums) or 'no money'}, {_count(cause.count, 'gap')}, {where}")
    if cause.source == "channel":
        return _Line("How much", f"{_count(cause.count, 'message')} waiting for it; posting goes on")
    return _Line("How much", "a check knows no amount" if cause.source == "check" else "a run knows no amount")


def _since(cause: Cause, zone: ZoneInfo, now: datetime) -> str:
    moment = cause.since.astimezone(zone)
    oldest = f"; the oldest document is of {cause.oldest}" if cause.oldest else ""
    return f"{moment:%Y-%m-%d %H:%M %Z} ({age(cause.since, now)}){oldest}"


def _more(cause: Cause) -> bool:
    return cause.source == "gap" and cause.count > len(cause.objects)


def _of_digest(cause: Cause, policy: Policy, now: datetime) -> list[str]:
    """What a cause is, and below it where to look: its largest object's way, its asset, its run."""
    said = f"- {headline(cause)}. For {age(cause.since, now)}; {owner_of(cause, policy)}; to do: {_clean(cause.to_do)}"
    where = [_traced(key, policy.alerts.pages_url) for key in cause.objects[:1]]
    where += _links(cause, policy.alerts.dagster_url)
    return [said, *(f"  {_marked(line)}" for line in where)]


def _links(cause: Cause, base: str | None) -> list[_Line]:
    if base is None:
        return []
    found = []
    if cause.asset:
        path = "/".join(quote(part, safe="") for part in cause.asset.split("/"))
        view = "?view=checks" if cause.source == "check" else ""
        found.append(_Line("Dagster", f"{base}/assets/{path}{view}"))
    if cause.run_id:
        found.append(_Line("Run", f"{base}/runs/{quote(cause.run_id, safe='')}"))
    return found


def sums(minor: Mapping[str, int]) -> str:
    """Amounts of several currencies, the largest number first; a few of them."""
    ordered = sorted(minor.items(), key=lambda pair: (-pair[1], pair[0]))
    told = [format_money(amount, code) for code, amount in ordered[:_MONEY_MAX]]
    rest = len(ordered) - _MONEY_MAX
    return ", ".join(told) + (f" and {rest} more currencies" if rest > 0 else "")


def age(since: datetime, now: datetime) -> str:
    """How long, in the largest unit that fits: `3 days`."""
    span = max(now - since, timedelta())
    minutes = int(span.total_seconds() // 60)
    for size, unit in ((1440, "day"), (60, "hour")):
        if minutes >= size:
            return _count(minutes // size, unit)
    return _count(minutes, "minute")


def _count(number: int, unit: str) -> str:
    return f"{number:,} {unit}" + ("" if number == 1 else "s")


def _clean(text: str) -> str:
    """One line without addresses, and without what some services read as a mention."""
    return _EMAIL.sub("[e-mail]", " ".join(text.split())).translate(_BRACKETS)


def _plain(line: _Line) -> str:
    return f"{line.label}: {line.value}" if line.label else line.value


def _marked(line: _Line) -> str:
    value = "`" + line.value.replace("`", "'") + "`" if line.code else line.value
    return f"**{line.label}**: {value}" if line.label else value


def digest_message(state: str, found: Sequence[Alert], closed: Sequence[Alert], policy: Policy, now: datetime) -> str:
    """The morning's message as Markdown, which reads as plain text too: `state` of the books, alerts open and closed
    since yesterday."""
    lines = [state]
    if found:
        lines += ["", f"{_count(len(found), 'open alert')}:", ""]
        lines += [line for alert in found for line in _of_digest(alert.cause, policy, now)]
    if closed:
        lines += ["", "Closed since the day before:", ""]
        lines += [
            f"- {_clean(alert.cause.title)}, after {age(alert.opened_at, alert.closed_at or now)}" for alert in closed
        ]
    return "\n".join(lines)
