"""Accounting and tax periods out of NetSuite: which of them take no documents any more."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import structlog
from sqlalchemy import Engine

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.domain.errors import PermissionDenied, Refused
from o2c_orchestration.mirror import queries
from o2c_orchestration.mirror.sound import sound
from o2c_orchestration.store.periods import replace_periods

log = structlog.get_logger(__name__)


def read_periods(engine: Engine, reader: NetSuiteReader) -> int | None:
    """Store the periods as they are; None where this role may not see them: NetSuite then says no to each document."""
    read_at = datetime.now(UTC)
    try:
        found = list(reader.suiteql(queries.PERIODS))
    except (Refused, PermissionDenied) as error:
        log.warning("the accounting periods cannot be read", error=str(error))
        return None
    rows = [_period(row) for row in sound(engine, "netsuite_period", found)]
    return replace_periods(engine, rows, read_at)


def read_tax_periods(engine: Engine, reader: NetSuiteReader) -> int | None:
    """Store the tax periods as they are; None where this account has none, or this role may not see them."""
    read_at, refusal = datetime.now(UTC), ""
    for query in queries.TAX_PERIODS:
        try:
            found = list(reader.suiteql(query))
        except (Refused, PermissionDenied) as error:
            refusal = str(error)
            continue
        rows = [_tax_period(row) for row in sound(engine, "netsuite_tax_period", found)]
        return replace_periods(engine, rows, read_at, tax=True)
    log.warning("the tax periods cannot be read", error=refusal)
    return None


def _period(row: Mapping[str, Any]) -> tuple[int, str, date, date, bool, bool]:
    closed = "T" in (row.get("closed"), row.get("alllocked"))
    return *_named(row), closed, row.get("arlocked") == "T"


def _tax_period(row: Mapping[str, Any]) -> tuple[int, str, date, date, bool, bool]:
    """What is in a tax return are receivables: money may still arrive in a period whose return was handed in."""
    return *_named(row), False, row.get("closed") == "T"


def _named(row: Mapping[str, Any]) -> tuple[int, str, date, date]:
    first, last = (date.fromisoformat(str(row[end])) for end in ("opens", "ends"))
    return int(row["id"]), str(row.get("periodname") or row["id"]), first, last
