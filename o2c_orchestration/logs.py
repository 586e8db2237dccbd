"""How lines of the log look, in every process of ours: one JSON object a line, on standard error.

A line that is about one object has `object_id` and `correlation_id` (`tracing.lines_about`), one of a run `run_id`.
"""

import logging
import re
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path

import structlog

from o2c_orchestration import tracing

_PASSWORD = re.compile(r"://[^\s/@]*@")
# The innermost ones tell which call it was.
_FRAMES = 4


def configure(level: int = logging.INFO) -> None:
    """Lines of at least this level from here on."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            tracing.of_this_run,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def configure_once() -> None:
    """The same, unless whoever started this process has said how its lines look."""
    if not structlog.is_configured():
        configure()


def take_in_others() -> None:
    """From here on, lines of libraries look like ours, as do warnings and exceptions that end a thread.

    For processes that stay. What an exception says is left out, since it may hold what was asked of the database or an
    address with a password: its name and the place where it came from remain.
    """
    logging.basicConfig(level=logging.WARNING, handlers=[_AsOurs()], force=True)
    logging.captureWarnings(capture=True)
    threading.excepthook = _thread_ended


class _AsOurs(logging.Handler):
    """Hands a line of Python's own logging on to structlog."""

    def emit(self, record: logging.LogRecord) -> None:
        said = {"logger": record.name}
        if record.exc_info and record.exc_info[1] is not None:
            said |= _named(record.exc_info[1])
        # Nobody reads standard error any more, say: Python's own handler would print the line and all that it holds.
        with suppress(Exception):
            structlog.get_logger().log(record.levelno, _first_line(record), **said)


def _first_line(record: logging.LogRecord) -> str:
    """What follows on further lines is objects and exceptions, written out."""
    try:
        text = record.getMessage()
    except Exception:
        text = str(record.msg)
    return _PASSWORD.sub("://…@", text.strip().partition("\n")[0])


def _named(error: BaseException) -> dict[str, str]:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    where = " < ".join(f"{Path(each.filename).name}:{each.lineno} {each.name}" for each in reversed(frames))
    return {"error": type(error).__name__, "where": where}


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None and not isinstance(ended.exc_value, SystemExit):
        structlog.get_logger().error("an exception ended a thread", **_named(ended.exc_value))
