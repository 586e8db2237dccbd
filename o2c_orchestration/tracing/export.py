"""Spans by OpenTelemetry's SDK, in batches and beside the work. Only `tracing` imports this, where traces are on.

What belongs here: the one place that knows the SDK. A collector that is slow or away costs spans, and nothing else.
"""

import itertools
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import version
from typing import Any, ParamSpec, TypeVar

import requests
import structlog
from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

from o2c_orchestration.tracing import Collector, Span, Value, correlation_id

log = structlog.get_logger(__name__)

Given = ParamSpec("Given")
Result = TypeVar("Result")

_TIMEOUT_SECONDS = 3.0
_REDIRECTION = 3  # of a status, its hundreds
_ABOUT = contexts.create_key("o2c.correlation_id")
_CORRELATION = "o2c.correlation_id"
_wanted: ContextVar[str | None] = ContextVar("o2c_trace", default=None)


class _Ids(RandomIdGenerator):
    """Random ids, but for traces of objects: the same object, the same trace, in every process."""

    def generate_trace_id(self) -> int:
        about = _wanted.get()
        return trace_id_of(about) if about is not None else super().generate_trace_id()

    def is_trace_id_random(self) -> bool:
        return _wanted.get() is None


def trace_id_of(about: str) -> int:
    """The trace of an object: 128 bits of a hash of its id, which samplers take for random ones."""
    return int(correlation_id(about), 16)


class _Counting(BatchSpanProcessor):
    """Batches, and how many spans there were."""

    def __init__(self, exporter: SpanExporter) -> None:
        super().__init__(exporter)
        self.ended = itertools.count()  # one step of it is atomic

    def on_end(self, span: ReadableSpan) -> None:
        if span.context is not None and span.context.trace_flags.sampled:
            next(self.ended)
        super().on_end(span)


class _Telling(SpanExporter):
    """Tells once that the collector takes nothing, not for every batch; the SDK's own words are switched off."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._told = False
        self.taken = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        if result is SpanExportResult.SUCCESS:
            self.taken += len(spans)
        elif not self._told:
            self._told = True
            log.error("the collector of traces takes no spans: they are dropped, and nothing else is affected")
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()


class _Straight(requests.Session):
    """Goes to the collector and nowhere else: no redirect is followed, whatever the SDK asks for, and no cookie kept.

    An answer that points elsewhere is an error. The SDK takes it for spans that have arrived.
    """

    def __init__(self) -> None:
        super().__init__()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Nowhere, whatever the answer says."""
        return None

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send it. Raises TooManyRedirects for any 3xx."""
        response = super().send(request, **kwargs)
        if response.status_code // 100 == _REDIRECTION:
            raise requests.TooManyRedirects("the collector of traces points elsewhere")
        return response


class _Recorded:
    """A span that is recorded."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def say(self, name: str, value: Value) -> None:
        if value is not None:
            self._span.set_attribute(name, value)

    def fail(self, kind: str) -> None:
        self._span.set_status(trace.StatusCode.ERROR)
        self._span.set_attribute("error.type", kind)


class Recorder:
    """Makes spans and has them sent. `run_id`: the Dagster run that they are of."""

    def __init__(self, collector: Collector, service: str) -> None:
        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL + 1)
        session = _Straight()
        session.trust_env = collector.trust_environment
        headers = dict(collector.headers)
        exporter = OTLPSpanExporter(collector.endpoint, headers=headers, timeout=_TIMEOUT_SECONDS, session=session)
        self.run_id: str | None = None
        self._exporter = _Telling(exporter)
        self._processor = _Counting(self._exporter)
        own = {"service.name": service, "service.namespace": "o2c", "service.version": version("o2c-orchestration")}
        self._provider = TracerProvider(resource=Resource.create(own), id_generator=_Ids(), shutdown_on_exit=False)
        self._provider.add_span_processor(self._processor)
        self._tracer = self._provider.get_tracer("o2c_orchestration")
        # Python starts no thread any more while it ends.
        self._over = threading.Event()
        self._closer = threading.Thread(target=self._close, name="o2c-traces", daemon=True)
        self._closer.start()

    @contextmanager
    def span(self, name: str, said: Mapping[str, Value], about: str | None, asks: bool) -> Iterator[Span]:
        """A span around a block; an error that leaves it is told by its name."""
        made, context = self._begin(name, said, about, trace.SpanKind.CLIENT if asks else trace.SpanKind.INTERNAL)
        told, token = _Recorded(made), contexts.attach(trace.set_span_in_context(made, context))
        try:
            yield told
        except BaseException as error:
            told.fail(type(error).__name__)
            raise
        finally:
            contexts.detach(token)
            made.end()

    def happened(self, name: str, seconds: float, said: Mapping[str, Value], about: str | None) -> None:
        """A request that was answered just now."""
        began = time.time_ns() - int(seconds * 1e9)
        self._begin(name, said, about, trace.SpanKind.SERVER, began)[0].end()

    def current(self) -> Span:
        """The span that this thread is in; one that records nothing where it is in none."""
        return _Recorded(trace.get_current_span())

    def carried(self, action: Callable[Given, Result]) -> Callable[Given, Result]:
        """The action in the span of now, in whichever thread."""
        context = contexts.get_current()

        @wraps(action)
        def there(*args: Given.args, **kwargs: Given.kwargs) -> Result:
            token = contexts.attach(context)
            try:
                return action(*args, **kwargs)
            finally:
                contexts.detach(token)

        return there

    def flush(self, seconds: float) -> None:
        """Send what there is, waiting so long; the SDK's own bound is not kept by it."""
        sending = threading.Thread(target=self._provider.force_flush, name="o2c-traces-flush", daemon=True)
        sending.start()
        sending.join(seconds)

    def stop(self, seconds: float) -> None:
        """The same, and the end."""
        self._over.set()
        self._closer.join(seconds)
        dropped = next(self._processor.ended) - self._exporter.taken
        if dropped:
            log.error("spans were dropped: the collector of traces did not take them", spans=dropped)

    def _close(self) -> None:
        self._over.wait()
        self._provider.shutdown()

    def _begin(
        self, name: str, said: Mapping[str, Value], about: str | None, kind: trace.SpanKind, began: int | None = None
    ) -> tuple[trace.Span, contexts.Context]:
        """The span, and the context in which it was begun: that of its object, with a link to what it is part of."""
        context, links = contexts.get_current(), list[trace.Link]()
        if about is not None and about != contexts.get_value(_ABOUT, context):
            around = trace.get_current_span(context).get_span_context()
            links = [trace.Link(around)] if around.is_valid else []
            context = contexts.set_value(_ABOUT, about, contexts.Context())
        correlation = contexts.get_value(_ABOUT, context)
        given = {**said, _CORRELATION: str(correlation) if correlation else None, "o2c.run_id": self.run_id}
        attributes = {key: value for key, value in given.items() if value is not None}
        token = _wanted.set(about)
        try:
            made = self._tracer.start_span(name, context, kind, attributes, links, began, False, False)
        finally:
            _wanted.reset(token)
        return made, context
