"""The sensor that tells finance: checks and runs that fail, as Dagster's event log has them, and what else is wrong.

The log is tailed and not asked run by run, since evaluations that were reported without a run are in it too.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import dagster as dg
from sqlalchemy import Engine

from o2c_orchestration.alert.outbox import look, send_due
from o2c_orchestration.domain.errors import O2CError
from o2c_orchestration.orchestration.resources import AssemblySource
from o2c_orchestration.orchestration.ticks import traced
from o2c_orchestration.store import inbox
from o2c_orchestration.store.alert_causes import Signal, forget_signals, take_signals

# A tick has 60 seconds before the daemon gives it up, whatever it was doing.
_READ_SECONDS, _SEND_SECONDS = 10.0, 25.0
_PAGE = 500
_WORDS_MAX = 300
# A figure of checks that says nothing of what is wrong.
_LIMIT = "at most"
# Events are numbered before they are committed, so that one may turn up behind those that were read already.
_OVERLAP = 2000
# What an instance did before anybody listened is of no interest, but for the last day.
_FIRST_LOOK = timedelta(days=1)
_WILL_RETRY = "dagster/will_retry"
_BLOCKED = "DagsterAssetCheckFailedError"
_ENDS = (dg.DagsterEventType.RUN_FAILURE, dg.DagsterEventType.RUN_SUCCESS)


def finance_alerts_sensor(source: AssemblySource) -> dg.SensorDefinition:
    """Looks at what is wrong every half minute, and tells it."""

    @dg.sensor(
        name="finance_alerts",
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Failing asset checks (of runs, and reported without one), failed runs and gaps become alerts, one "
        "for each cause, and their messages are sent to the channels of O2C_ALERT_CHANNELS.",
    )
    @traced
    def finance_alerts(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        assembly = source.get()
        policy, addresses = assembly.policy, assembly.settings.alert_channels
        if not follow(context.instance, assembly.engine, known_subjects(context)):
            return dg.SkipReason("reading Dagster's event log; alerts come when it is read")
        queued = look(assembly.engine, policy, addresses.keys(), datetime.now(UTC))
        if not addresses:
            return dg.SkipReason("O2C_ALERT_CHANNELS is not set: alerts are kept, see `o2c alerts list`")
        sent = send_due(assembly.engine, policy, addresses, _SEND_SECONDS)
        failed = "; ".join(f"{name}: {why}" for name, why in sorted(sent.failed.items()))
        return dg.SkipReason(f"{queued} to be told, {sent.sent} sent" + (f"; {failed}" if failed else ""))

    return finance_alerts


def known_subjects(context: dg.SensorEvaluationContext) -> dict[str, list[str]] | None:
    """Checks and jobs of the code location; None where there is none to ask."""
    repository = context.repository_def
    if repository is None:
        return None
    keys = repository.asset_graph.asset_check_keys
    checks = [f"{key.asset_key.to_user_string()}:{key.name}" for key in keys]
    return {"check": checks, "run": [job.name for job in repository.get_all_jobs()]}


def follow(instance: dg.DagsterInstance, engine: Engine, known: Mapping[str, Sequence[str]] | None = None) -> bool:
    """Take what the event log says that nobody has taken yet; whether that was all of it.

    `known` are the checks and jobs that there are: the log may have those of other code locations.
    """
    tail = _Tail(instance, engine, known)
    whole = tail.read(dg.DagsterEventType.ASSET_CHECK_EVALUATION, tail.check)
    for end in _ENDS:
        whole = whole and tail.read(end, tail.run)
    for kind, names in (known or {}).items():
        forget_signals(engine, kind, names)
    return whole


class _Tail:
    """Reads one event log on from where it was left."""

    def __init__(self, instance: dg.DagsterInstance, engine: Engine, known: Mapping[str, Sequence[str]] | None) -> None:
        self._instance, self._engine = instance, engine
        self._known = None if known is None else {kind: frozenset(names) for kind, names in known.items()}
        # Positions of another log mean nothing here.
        self._origin = str(instance.run_storage.get_run_storage_id())  # type: ignore[attr-defined]
        self._deadline = time.monotonic() + _READ_SECONDS

    def read(self, event: dg.DagsterEventType, understand: Callable[[Any], Signal | None]) -> bool:
        """All events of a type; False when there was not the time for it."""
        name = f"alerts {event.value} {self._origin}"
        value = inbox.read_cursor(self._engine, name)
        at = None if value is None else int(value)
        for records in self._pages(event, at):
            signals = [signal for record in records if (signal := understand(record)) is not None]
            at = max(at or 0, records[-1].storage_id)
            take_signals(self._engine, [each for each in signals if self._is_known(each)], name, str(at))
            if time.monotonic() > self._deadline:
                return False
        return True

    def _pages(self, event: dg.DagsterEventType, at: int | None) -> Iterator[Sequence[Any]]:
        after = None if at is None else max(0, at - _OVERLAP)
        since = (datetime.now(UTC) - _FIRST_LOOK).timestamp() if at is None else None
        while True:
            wanted = dg.EventRecordsFilter(event_type=event, after_cursor=after, after_timestamp=since)
            records = self._instance.event_log_storage.get_event_records(wanted, limit=_PAGE, ascending=True)
            if records:
                yield records
            if len(records) < _PAGE:
                return
            after = records[-1].storage_id

    def _is_known(self, signal: Signal) -> bool:
        return self._known is None or signal.subject in self._known.get(signal.kind, ())

    def check(self, record: Any) -> Signal | None:
        """What an evaluation of a check says."""
        entry = record.event_log_entry
        found = entry.asset_check_evaluation
        if found is None:
            return None
        words, to_do = _words(found)
        return Signal(
            origin=self._origin,
            kind="check",
            subject=f"{found.asset_key.to_user_string()}:{found.check_name}",
            position=record.storage_id,
            failing=not found.passed,
            severity="warning" if found.severity == dg.AssetCheckSeverity.WARN else "error",
            # Evaluations that were reported without a run have no id, or an empty one.
            run_id=entry.run_id or None,
            words=words,
            to_do=to_do,
            at=datetime.fromtimestamp(entry.timestamp, UTC),
        )

    def run(self, record: Any) -> Signal | None:
        """What the end of a run says of its job; nothing where Dagster tries again, or a check has said it."""
        entry = record.event_log_entry
        failing = entry.dagster_event_type == dg.DagsterEventType.RUN_FAILURE
        run = self._instance.get_run_by_id(entry.run_id)
        if run is None:
            return None
        words = self._failure(run) if failing else ""
        if words is None:
            return None
        first, last = days_of(run.tags)
        return Signal(
            origin=self._origin,
            kind="run",
            subject=run.job_name,
            position=record.storage_id,
            failing=failing,
            severity="error",
            run_id=run.run_id,
            words=words,
            at=datetime.fromtimestamp(entry.timestamp, UTC),
            first_day=first,
            last_day=last,
        )

    def _failure(self, run: dg.DagsterRun) -> str | None:
        """In which step and why; None where Dagster tries it again, or a check has said it."""
        if run.tags.get(_WILL_RETRY) == "true":
            return None
        found = self._instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE, limit=20)
        steps = [_step_failure(record.event_log_entry.dagster_event) for record in found.records]
        if not steps:
            return "it ended before any step failed"
        return None if all(name == _BLOCKED for name, _ in steps) else steps[0][1]


def days_of(tags: Mapping[str, str]) -> tuple[date | None, date | None]:
    """The days that a run is for, by its tags; None for one that is for none."""
    one = tags.get("dagster/partition")
    first, last = (
        tags.get("dagster/asset_partition_range_start", one),
        tags.get("dagster/asset_partition_range_end", one),
    )
    try:
        return (date.fromisoformat(first), date.fromisoformat(last)) if first and last else (None, None)
    except ValueError:
        return None, None


def _step_failure(event: Any) -> tuple[str, str]:
    """Name of the error; in which step, and what it says: words only of errors of ours, which hold no secrets."""
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    name = "" if error is None else str(error.cls_name)
    text = f"{event.step_key}: {name}"
    if error is not None and name in _names(O2CError):
        text = f"{event.step_key}: {' '.join(error.message.partition(':')[2].split())}"
    return name, text


def _names(error: type[O2CError]) -> set[str]:
    """The names of a class of errors and of all that are derived from it."""
    return {error.__name__}.union(*(_names(each) for each in error.__subclasses__()))


def _words(evaluation: Any) -> tuple[str, str]:
    """What a failing check says of itself, and what it says to do: its description or figures, and its first case."""
    if evaluation.passed:
        return "", ""
    figures: list[str] = []
    first: dict[str, str] = {}
    for name, value in evaluation.metadata.items():
        if isinstance(value.value, int | float) and name != _LIMIT:
            figures.append(f"{name}: {value.value}")
        if isinstance(value, dg.MarkdownMetadataValue):
            first = first or _first_row(value.value or "")
    case = ", ".join(f"{head}: {cell}" for head, cell in first.items() if head != "to do" and cell)
    told = filter(None, (evaluation.description or ", ".join(figures), case))
    return "; ".join(told)[:_WORDS_MAX], first.get("to do", "")


def _first_row(markdown: str) -> dict[str, str]:
    """The first row of a table that `metadata.table` wrote, by its heads."""
    lines = markdown.split("\n")
    if len(lines) < 3 or not lines[1].startswith("|-"):
        return {}
    heads, cells = (re.split(r"(?<!\\)\|", line)[1:-1] for line in (lines[0], lines[2]))
    return dict(zip(heads, cells, strict=False))
