"""What Prometheus is told of the pages: requests, how long they took, what could not be read, and where it was read."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from o2c_orchestration.web.metrics import BUCKETS

REPLICA, DATABASE = "replica", "database"


class PageMetrics:
    """A registry of its own. `pages` are routes that read the database: their failures are told from the first on."""

    def __init__(self, pages: Iterable[str]) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "o2c_page_requests", "Requests by route and status.", ["route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "o2c_page_seconds", "Time to answer, by route.", ["route"], buckets=BUCKETS, registry=self._registry
        )
        self._failures = Counter(
            "o2c_page_failures",
            "Pages that could not be made, by the name of the error.",
            ["error"],
            registry=self._registry,
        )
        self._reads = Counter("o2c_page_reads", "Pages by where they were read.", ["source"], registry=self._registry)
        for route in pages:
            # What first appears with a 1 has not increased for Prometheus.
            for status in ("500", "503"):
                self._requests.labels(route, status)
        for source in (REPLICA, DATABASE):
            self._reads.labels(source)

    def answered(self, route: str, status: int, seconds: float) -> None:
        """A request was; `route` is a pattern, so that there are few."""
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def failed(self, error: Exception) -> None:
        """A page could not be made."""
        self._failures.labels(type(error).__name__).inc()

    def read(self, source: str) -> None:
        """A page was made of what stands in REPLICA or DATABASE."""
        self._reads.labels(source).inc()

    def render(self) -> bytes:
        """Prometheus' text. It asks nobody, so it is told while the database is away, too."""
        return generate_latest(self._registry)
