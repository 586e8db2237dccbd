"""What is wrong now, by cause: open gaps grouped by what has to be done about them, checks and jobs that fail."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.alerts import ASSET_OF_LEG, KINDS, Cause, Trouble
from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor

_SAID_MAX = 300
_DROPPED = "given up by a person (`o2c dead-letters list --dropped`): enter the document by hand, or retry it"

# A gap is told by a refusal if it repeats its words: the journal's, or else the planner's. What differs from object to
# object in what is to be done (words with digits, such as ids and dates; names in quotes) makes no cause of its own.
_GAPS = r"""
WITH refusals AS (
    SELECT stripe_id, error_code AS code, rtrim(error_detail, '.') AS words, fix, state = 'dropped' AS dropped,
           1 AS place FROM o2c.journal WHERE state IN ('refused', 'dead', 'dropped')
    UNION ALL
    SELECT stripe_id, code, rtrim(reason, '.'), fix, false, 2 FROM o2c.plan_entries WHERE outcome = 'refused'),
open AS (
    SELECT gap_id, leg, kind, currency, first_seen_at, effective_date, reason,
           CASE WHEN leg LIKE 'salesforce%%' THEN salesforce_id ELSE stripe_id END AS subject,
           coalesce(stripe_id, salesforce_id, netsuite_id) AS object,
           coalesce(nullif(abs(difference_minor), 0), abs(coalesce(nullif(expected_minor, 0), actual_minor, 0)))
               AS stake,
           CASE WHEN cardinality(%(apart)s::text[]) > 0 AND o2c.account_of(stripe_id) = ANY(%(apart)s)
               THEN o2c.account_of(stripe_id) ELSE '' END AS account
    FROM o2c.gaps WHERE state = 'open' AND first_seen_at <= %(before)s),
matched AS (
    SELECT DISTINCT ON (o.gap_id) o.gap_id, r.code, r.words, r.fix, r.dropped
    FROM open o JOIN refusals r ON r.stripe_id = o.subject
    WHERE strpos(o.reason, r.words) > 0 ORDER BY o.gap_id, r.place),
told AS (
    SELECT o.*, coalesce(m.code, '') AS code, m.words, m.fix,
           CASE WHEN m.dropped THEN 'dropped' ELSE regexp_replace(coalesce(m.fix, ''),
               '(\m\w*[0-9]\w*|''[^'']*''|"[^"]*")', '*', 'g') END AS class
    FROM open o LEFT JOIN matched m USING (gap_id))
SELECT leg, kind, code, class, currency, count(*), sum(stake)::bigint, min(first_seen_at), min(effective_date),
       (array_agg(fix ORDER BY stake DESC, gap_id))[1], (array_agg(words ORDER BY stake DESC, gap_id))[1],
       (array_agg(object ORDER BY stake DESC, gap_id))[1:%(objects)s], account
FROM told GROUP BY leg, kind, code, class, currency, account ORDER BY leg, kind, code, class, currency, account"""

_UNKNOWN = Trouble("error", "Gaps", "look at one with `o2c trace`")


@dataclass(frozen=True)
class Signal:
    """The newest evaluation of an asset check (subject `asset/key:name`), or the newest end of a job.

    `position` is its place in the event log of `origin`, a Dagster instance; `severity` `warning` or `error`; `words`
    what it says of itself, `to_do` where it says that; `failing_since` (UTC) is when the first of this row of failures
    came, and `first_day` to `last_day` the days (UTC) of a run, or of all runs of that row.
    """

    origin: str
    kind: str
    subject: str
    position: int
    failing: bool
    severity: str
    run_id: str | None
    words: str
    at: datetime
    to_do: str = ""
    failing_since: datetime | None = None
    first_day: date | None = None
    last_day: date | None = None


def gap_causes(engine: Engine, before: datetime, objects: int, apart: Mapping[str, str] | None = None) -> list[Cause]:
    """Causes of open gaps that were first seen `before` (UTC), with up to so many `objects` each.

    `apart`: Stripe accounts whose gaps are causes of their own, since somebody else has them, and what they are called.
    """
    names = apart or {}
    with raw_cursor(engine) as cursor:
        cursor.execute("SET LOCAL jit = off")
        cursor.execute(sql(_GAPS), {"before": before, "objects": objects, "apart": list(names)})
        rows: Sequence[Any] = cursor.fetchall()
    groups: dict[tuple[str, ...], list[Any]] = {}
    for row in rows:
        groups.setdefault((*row[:4], row[12]), []).append(row)
    return [_of_account(_gap_cause(rows, objects), rows[0][12], names) for rows in groups.values()]


def _of_account(cause: Cause, account: str, names: Mapping[str, str]) -> Cause:
    """The cause as one of an account whose owner is somebody else."""
    if not account:
        return cause
    title = f"{cause.title}, {names[account]}"
    return replace(cause, key=f"{cause.key}:{account}", title=title, account=account)


def _gap_cause(rows: list[Any], objects: int) -> Cause:
    """Rows of one cause, one for each currency; the one with the largest number tells what to do."""
    rows = sorted(rows, key=lambda row: (-row[6], row[4]))
    leg, kind, code, group = rows[0][:4]
    count = sum(row[5] for row in rows)
    trouble = KINDS.get(kind, _UNKNOWN)
    dropped = group == "dropped"
    return Cause(
        key=":".join(["gap", leg, kind, *([code, _short(group)] if code or group else [])]),
        source="gap",
        name=kind,
        severity=trouble.severity,
        title=f"{trouble.title} ({code})" if code else trouble.title,
        to_do=_DROPPED if dropped else _for_all(rows[0][9] or trouble.to_do, code, count),
        since=min(row[7] for row in rows),
        count=count,
        sums={row[4]: row[6] for row in rows},
        oldest=min((row[8] for row in rows if row[8]), default=None),
        leg=leg,
        code=code,
        objects=tuple(key for row in rows for key in row[11] if key)[:objects],
        said=(rows[0][10] or "")[:_SAID_MAX],
        asset=ASSET_OF_LEG.get(leg, "reconciliation/gaps"),
    )


def _for_all(to_do: str, code: str, count: int) -> str:
    """What is to be done about one of several documents, as it is done about all of them."""
    return re.sub(r"(o2c dead-letters retry) \w+", rf"\1 --reason {code}", to_do) if code and count > 1 else to_do


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


_COLUMNS = """origin, kind, subject, position, failing, severity, run_id, words, at, to_do, failing_since, first_day,
    last_day"""
_NAMES = tuple(name.strip() for name in _COLUMNS.split(","))
_KEEP = f"""
INSERT INTO o2c.alert_signals ({_COLUMNS}) VALUES ({", ".join(f"%({name})s" for name in _NAMES)})
ON CONFLICT (kind, subject) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _NAMES)}"""


def take_signals(engine: Engine, signals: Sequence[Signal], cursor_name: str, position: str) -> None:
    """Keep what an event log says, and how far it was read, in one transaction.

    One that is no newer than what is known of its subject changes nothing, so the same events may be read again.
    """
    with raw_cursor(engine) as cursor:
        cursor.execute("LOCK TABLE o2c.alert_signals IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(sql(f"SELECT {_COLUMNS} FROM o2c.alert_signals"))
        known = {(row[1], row[2]): Signal(*row) for row in cursor.fetchall()}
        before = dict(known)
        for signal in sorted(signals, key=lambda each: each.position):
            key = (signal.kind, signal.subject)
            known[key] = _after(known.get(key), signal)
        cursor.executemany(sql(_KEEP), [vars(each) for key, each in known.items() if each != before.get(key)])
        cursor.execute(
            """INSERT INTO o2c.cursors (name, value) VALUES (%s, %s)
               ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = clock_timestamp()""",
            (cursor_name, position),
        )


def _after(known: Signal | None, news: Signal) -> Signal:
    """What is known of a subject after this news."""
    if known is not None and known.origin == news.origin and known.position >= news.position:
        return known
    if not news.failing:
        # A run that succeeded for some days says nothing of one that failed for others.
        stays = known is not None and known.failing and not _covers(news, known)
        return replace(known, position=news.position, origin=news.origin) if known is not None and stays else news
    if known is None or not known.failing:
        return replace(news, failing_since=news.at)
    days = [day for day in (known.first_day, news.first_day, known.last_day, news.last_day) if day is not None]
    first, last = min(days, default=None), max(days, default=None)
    return replace(news, failing_since=known.failing_since, first_day=first, last_day=last)


def _covers(news: Signal, known: Signal) -> bool:
    if known.first_day is None or known.last_day is None:
        return True
    if news.first_day is None or news.last_day is None:
        return False
    return news.first_day <= known.first_day and news.last_day >= known.last_day


def failing_signals(engine: Engine) -> list[Signal]:
    """Checks and jobs whose newest word is that they fail."""
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(f"SELECT {_COLUMNS} FROM o2c.alert_signals WHERE failing ORDER BY kind, subject"))
        return [Signal(*row) for row in cursor.fetchall()]


def forget_signals(engine: Engine, kind: str, known: Sequence[str]) -> None:
    """Forget checks, or jobs, that are not there any more."""
    with raw_cursor(engine) as cursor:
        cursor.execute("DELETE FROM o2c.alert_signals WHERE kind = %s AND NOT subject = ANY(%s)", (kind, list(known)))
