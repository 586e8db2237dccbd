"""Spans: what was asked of whom, how long it took, and which object it was for; sent as OpenTelemetry's OTLP over HTTP.

What belongs here: where spans begin and end, what they may say, and how they are handed from thread to thread. They say
kinds, counts, states and ids, and never a payload, an amount, a person or a secret. Off until somebody calls `start`:
then OpenTelemetry is loaded, and not before. It imports nothing of ours, so every part may use it.

A span that is `about` an object begins in the trace of that object, whichever process makes it: its trace id is made of
the object's id. So webhook, read and document of an invoice are one trace, and nothing has to be carried through the
store to make them one. All spans in it have that id as `o2c.correlation_id`. Lines of the log within it have the
object's id and the trace's, also while traces are off.
"""

import atexit
import contextvars
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

import structlog

if TYPE_CHECKING:
    from o2c_orchestration.tracing.export import Recorder

log = structlog.get_logger(__name__)

Value = str | int | bool | Sequence[str] | None
Given = ParamSpec("Given")
Result = TypeVar("Result")

# How long the end of a process or run may wait for a collector that does not answer.
PATIENCE_SECONDS = 2.0
# So many ids of what a pass is for are told: a span is no list of a day's invoices.
IDS_MAX = 100


@dataclass(frozen=True)
class Collector:
    """Where spans go: the whole address, such as `http://127.0.0.1:4318/v1/traces`, and headers of the requests.

    `service` is what the processes are called; None: each by what it does (`o2c-receiver`, `o2c-run`, …).
    """

    endpoint: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    service: str | None = None
    trust_environment: bool = True


class Span(Protocol):
    """What is being done."""

    def say(self, name: str, value: Value) -> None:
        """Add an attribute; None says nothing."""

    def fail(self, kind: str) -> None:
        """It failed, and in which way: a status or the name of an error, never its words."""


class _Nothing:
    """The span while traces are off."""

    def __enter__(self) -> Span:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing ends."""

    def say(self, name: str, value: Value) -> None:
        """Nobody listens."""

    def fail(self, kind: str) -> None:
        """Nobody listens."""


_NOTHING = _Nothing()
_recorder: "Recorder | None" = None
_service = "o2c-sensor"
_run: str | None = None
_retry: contextvars.ContextVar[int] = contextvars.ContextVar("o2c_retry", default=0)


def process_is(service: str) -> None:
    """What this process is, for spans of a collector that is not told otherwise. To be said before `start`."""
    global _service  # noqa: PLW0603 (there is one process)
    _service = service


def start(collector: Collector | None) -> None:
    """Send spans to this collector from here on; None, or a second time in a process: nothing happens.

    Whoever posts does not stop because nobody can watch: what OpenTelemetry does not take is told in the log.
    """
    global _recorder  # noqa: PLW0603 (there is one process)
    if collector is None or _recorder is not None:
        return
    try:
        from o2c_orchestration.tracing.export import Recorder

        _recorder = Recorder(collector, collector.service or _service)
    except Exception as error:
        log.error("traces are off: OpenTelemetry does not take its settings", error=type(error).__name__)
        return
    atexit.register(stop)


def stop(seconds: float = PATIENCE_SECONDS) -> None:
    """Send what has not been sent, for so long and no longer, and be off."""
    global _recorder
    recorder, _recorder = _recorder, None
    if recorder is not None:
        atexit.unregister(stop)
        recorder.stop(seconds)


def flush(seconds: float = PATIENCE_SECONDS) -> None:
    """Send what has not been sent, for so long and no longer: not every process of Dagster or Celery ends by itself."""
    if _recorder is not None:
        _recorder.flush(seconds)


def is_on() -> bool:
    """Whether spans are made: for what costs something to find out before one is."""
    return _recorder is not None


def run_is(run_id: str | None) -> None:
    """All spans and lines of this process are of this Dagster run, until the next is named."""
    global _run  # noqa: PLW0603 (a process does one run at a time)
    _run = run_id
    if _recorder is not None:
        _recorder.run_id = run_id


def span(
    name: str, said: Mapping[str, Value] | None = None, *, about: str | None = None, asks: bool = False
) -> AbstractContextManager[Span]:
    """A span around a block. `about`: the object that it is for; `asks`: it is a request to another system."""
    made = _NOTHING if _recorder is None else _recorder.span(name, said or {}, about, asks)
    return made if about is None else _with_lines(made, about)


@contextmanager
def _with_lines(made: AbstractContextManager[Span], about: str) -> Iterator[Span]:
    with lines_about(about), made as told:
        yield told


def correlation_id(about: str) -> str:
    """The trace of an object: 128 bits of a hash of its id as 32 digits, the same in every process and for years."""
    return hashlib.sha256(f"o2c:{about}".encode()).hexdigest()[:32]


def lines_about(about: str | None) -> AbstractContextManager[None]:
    """Lines of the log within the block have this object's id and that of its trace; None says nothing."""
    said = {} if about is None else {"object_id": about, "correlation_id": correlation_id(about)}
    return structlog.contextvars.bound_contextvars(**said)


def of_this_run(logger: object, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A processor of the log: each line of a run has its id, in whichever thread."""
    if _run is not None:
        line.setdefault("run_id", _run)
    return line


def happened(name: str, seconds: float, said: Mapping[str, Value], about: str | None) -> None:
    """A span that ends now and took so long, for what is known to be about an object only when it is done."""
    if _recorder is not None:
        _recorder.happened(name, seconds, said, about)


def say(name: str, value: Value) -> None:
    """Add an attribute to the span that this is part of, if there is one."""
    if _recorder is not None:
        _recorder.current().say(name, value)


def carried(action: Callable[Given, Result]) -> Callable[Given, Result]:
    """The action, for another thread: what it does there is part of the span in which this was called."""
    return action if _recorder is None else _recorder.carried(action)


def retry(number: int) -> None:
    """What is asked from here on, in this thread, was asked so many times before."""
    if _recorder is not None:
        _retry.set(number)


def retries() -> int:
    """As `retry` said."""
    return _retry.get()


def some(ids: Iterable[str]) -> list[str]:
    """As many ids as a span may tell."""
    return [key for _, key in zip(range(IDS_MAX), ids, strict=False)]


class _Traced(Protocol):
    """A decorator that leaves the type of what it decorates as it is."""

    def __call__(self, action: Callable[Given, Result], /) -> Callable[Given, Result]:
        """The decorated function."""


def stage(name: str, rows: Callable[[Any], int | None] = lambda result: None) -> _Traced:
    """Make each call a span of a stage; `rows` counts what it returns.

    The first and last of its arguments that are days are told as the span of days.
    """

    def decorate(action: Callable[Given, Result]) -> Callable[Given, Result]:
        @wraps(action)
        def traced(*args: Given.args, **kwargs: Given.kwargs) -> Result:
            if _recorder is None:
                return action(*args, **kwargs)
            days = [each.isoformat() for each in args if isinstance(each, date)]
            said = {"o2c.first_day": days[0], "o2c.last_day": days[-1]} if days else {}
            with span(f"stage {name}", {"o2c.stage": name, **said}) as told:
                result = action(*args, **kwargs)
                told.say("o2c.rows", rows(result))
                return result

        return traced

    return decorate
