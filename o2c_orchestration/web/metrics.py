"""What Prometheus is told of the receiver, of what waits behind it, and of Dagster's processes."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TypeVar

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Engine

from o2c_orchestration.store.inbox import Backlog, backlog
from o2c_orchestration.store.processes import Processes, processes
from o2c_orchestration.store.pulse import Pulse, pulse

log = structlog.get_logger(__name__)
Found = TypeVar("Found")

# Of seconds that an answer takes, for whoever answers.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
# Prometheus gives a scrape ten seconds.
_TURN_SECONDS, _ANSWER = 5.0, "3s"
# What receiver.py counts. Of what first appears with a 1 Prometheus sees no increase, and no alarm follows.
OUTCOMES = (
    *("taken", "ignored", "unsigned", "bad_signature", "no_event"),
    *("too_large", "too_slow", "too_many", "not_kept", "gone"),
)


class Metrics:
    """A registry of its own, so that two receivers of one process do not mix."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine
        self._registry = CollectorRegistry()
        self._answers = Counter("o2c_webhooks", "Webhooks by outcome.", ["outcome"], registry=self._registry)
        for outcome in OUTCOMES:
            self._answers.labels(outcome)
        self._events = Counter("o2c_events", "Events kept: new, or known already.", ["known"], registry=self._registry)
        self._seconds = Histogram(
            "o2c_webhook_seconds", "Time to answer a webhook.", buckets=BUCKETS, registry=self._registry
        )
        self._gauges = dict(self._make_gauges())
        self._up = Gauge("o2c_database_up", "1 while PostgreSQL answers this, else 0.", registry=self._registry)
        self._standing = _Standing()
        self._registry.register(self._standing)
        self._asking, self._telling = threading.Lock(), threading.Lock()

    def _make_gauges(self) -> Iterator[tuple[str, Gauge]]:
        for name, text in (
            ("objects", "Changed objects that wait to be read."),
            ("urgent", "Urgent ones among them."),
            ("failing", "Those that could not be read, or planned, at the first attempt."),
            ("oldest_change_age_seconds", "Age of the oldest change that nobody has acted on."),
        ):
            yield name, Gauge(f"o2c_inbox_{name}", text, registry=self._registry)

    def answered(self, outcome: str, seconds: float) -> None:
        """A webhook was answered."""
        self._answers.labels(outcome).inc()
        self._seconds.observe(seconds)

    def kept(self, new: int, known: int) -> None:
        """Events became durable."""
        self._events.labels("no").inc(new)
        self._events.labels("yes").inc(known)

    def render(self) -> bytes:
        """Prometheus' text. While the database does not answer, what waits is not a number.

        One asks at a time, and not for long: questions that hang would take the connections with which webhooks are
        kept, and hold up who tells us to stop.
        """
        if not self._asking.acquire(timeout=_TURN_SECONDS):
            log.warning("how everything stands is not told: an earlier question still waits for the database")
            return self._told(None, None, None)
        try:
            waits = self._asked(backlog, "the inbox")
            if waits is None:
                return self._told(None, None, None)
            return self._told(waits, self._asked(pulse, "the books"), self._asked(processes, "Dagster's processes"))
        finally:
            self._asking.release()

    def _told(self, waits: Backlog | None, books: Pulse | None, running: Processes | None) -> bytes:
        with self._telling:
            self._up.set(waits is not None)
            for name, gauge in self._gauges.items():
                gauge.set(float("nan") if waits is None else _value(waits, name))
            self._standing.books, self._standing.running = books, running
            return generate_latest(self._registry)

    def _asked(self, question: Callable[[Engine, str], Found | None], what: str) -> Found | None:
        """The answer, or None: figures that are missing are an alarm of Prometheus' own, and end nothing else."""
        try:
            return question(self._engine(), _ANSWER)
        except Exception as error:
            log.warning(f"how {what} stand is not told", error=type(error).__name__)
            return None


class _Standing(Collector):
    """How the books stand and what runs, as it was found just now; None: the database does not answer."""

    books: Pulse | None = None
    running: Processes | None = None

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Told beforehand, since asking for it would need the database."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        if self.books is not None:
            yield from _families(self.books)
        if self.running is not None:
            yield from _of_dagster(self.running)


def _families(found: Pulse) -> Iterator[GaugeMetricFamily]:
    count = GaugeMetricFamily("o2c_open_gaps", "Open gaps.", labels=["leg", "kind"])
    oldest = GaugeMetricFamily(
        "o2c_open_gap_oldest_seconds", "Since the oldest of them was first seen.", labels=["leg", "kind"]
    )
    for gap in found.gaps:
        count.add_metric([gap.leg, gap.kind], gap.count)
        oldest.add_metric([gap.leg, gap.kind], gap.oldest_seconds)
    yield from (count, oldest)
    documents = GaugeMetricFamily("o2c_documents", "Documents that are not settled, by state.", labels=["state"])
    for state, number in found.documents.items():
        documents.add_metric([state], number)
    yield documents
    yield GaugeMetricFamily("o2c_quarantined_objects", "Objects that failed their schema.", value=found.quarantined)
    if found.mirror_age_seconds is not None:
        text = "Since NetSuite's ledger was last read."
        yield GaugeMetricFamily("o2c_mirror_age_seconds", text, value=found.mirror_age_seconds)


def _of_dagster(found: Processes) -> Iterator[GaugeMetricFamily]:
    beats = GaugeMetricFamily(
        "o2c_dagster_heartbeat_age_seconds", "Since a thread of Dagster's daemon was heard of.", labels=["thread"]
    )
    for thread, seconds in found.beats.items():
        beats.add_metric([thread], seconds)
    runs = GaugeMetricFamily("o2c_dagster_runs", "Runs that have not ended, by status.", labels=["status"])
    for status, number in found.runs.items():
        runs.add_metric([status], number)
    yield from (beats, runs)
    yield GaugeMetricFamily("o2c_dagster_failed_runs", "Runs that failed within the last hour.", value=found.failed)


def _value(found: Backlog, name: str) -> float:
    if name != "oldest_change_age_seconds":
        return float(getattr(found, name))
    return (datetime.now(UTC) - found.changed_at).total_seconds() if found.changed_at else 0.0
