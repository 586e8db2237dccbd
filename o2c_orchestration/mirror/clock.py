"""On which clock NetSuite's queries tell and compare times: that of the login's user, who may be anywhere.

A moment that is taken too late leaves out what somebody entered meanwhile, and it would be written a second time. One
that is taken too early is read again, which changes nothing.
"""

from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import Engine

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.domain.errors import AuthenticationError, O2CError
from o2c_orchestration.mirror import queries
from o2c_orchestration.store import inbox
from o2c_orchestration.store.ledger import newest_document

log = structlog.get_logger(__name__)

CLOCK_CURSOR = "netsuite_clock"
# No clock on earth is further behind UTC, or further ahead.
_WESTERNMOST, _EASTERNMOST = timedelta(hours=-12), timedelta(hours=14)
# The clock may have been put forward or back since it was looked at.
_SUMMER_TIME = timedelta(hours=1)
_QUARTER = timedelta(minutes=15)


def anywhere(moment: datetime) -> datetime:
    """A moment (UTC) on the clock that shows it last: on any other it is later."""
    return moment.astimezone(UTC).replace(tzinfo=None) + _WESTERNMOST


def on_their_clock(engine: Engine, moment: datetime) -> datetime:
    """A moment (UTC) on NetSuite's clock or up to an hour before; `anywhere` while that clock is not known."""
    told = inbox.read_cursor(engine, CLOCK_CURSOR)
    if told is None:
        return anywhere(moment)
    return moment.astimezone(UTC).replace(tzinfo=None) + timedelta(minutes=int(told)) - _SUMMER_TIME


def look_at_their_clock(engine: Engine, reader: NetSuiteReader) -> None:
    """Keep how far NetSuite's clock is from UTC, by the time of one document on both.

    Where NetSuite does not tell, what was known before is forgotten.
    """
    newest, ahead = newest_document(engine), None
    try:
        rows = list(reader.suiteql(queries.clock(newest))) if newest is not None else []
        ahead = _ahead(rows[0]) if rows else None
    except AuthenticationError:
        raise
    except O2CError as error:
        log.info("NetSuite does not tell UTC", error=str(error))
    if ahead is None:
        inbox.forget_cursor(engine, CLOCK_CURSOR)
    else:
        inbox.write_cursor(engine, CLOCK_CURSOR, str(int(ahead.total_seconds()) // 60))


def _ahead(row: dict[str, str]) -> timedelta | None:
    """How far the clock is ahead of UTC; None for what is no time zone's."""
    try:
        ahead = datetime.fromisoformat(row["here"]) - datetime.fromisoformat(row["utc"])
    except (KeyError, ValueError):
        return None
    return ahead if _WESTERNMOST <= ahead <= _EASTERNMOST and not ahead % _QUARTER else None
