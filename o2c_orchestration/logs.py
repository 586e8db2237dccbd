"""How lines of the log look, in every process of ours: one JSON object a line, on standard error.

A line that is about one object has `object_id` and `correlation_id` (`tracing.lines_about`), one of a run `run_id`.
"""

import logging
import sys

import structlog

from o2c_orchestration import tracing


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
