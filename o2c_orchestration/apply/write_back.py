"""Tells Salesforce what it does not say yet, in collections. Each record is named by its id or an external id, so that
telling it twice changes nothing: this needs no journal, only a note of what was not taken, and of what was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Engine

from o2c_orchestration import tracing
from o2c_orchestration.clients.salesforce_write import LOCKED, SalesforceWriter, Written
from o2c_orchestration.domain.errors import ObjectMissing
from o2c_orchestration.plan.write_back import WriteBack
from o2c_orchestration.store import write_backs

log = structlog.get_logger(__name__)

# A parent before what points to it.
ORDER = ("Account", "Opportunity", "Order", "O2C_Invoice__c", "O2C_Payment__c")


@dataclass(frozen=True)
class WriteBackResult:
    """How many records were written, taken as they were, locked for now, and refused; requests sent."""

    written: int = 0
    unchanged: int = 0
    locked: int = 0
    refused: int = 0
    requests: int = 0


def write_back(engine: Engine, writer: SalesforceWriter, changes: Iterable[WriteBack]) -> WriteBackResult:
    """Write what was not written like this already. Raises what the writer raises when Salesforce takes nothing."""
    wanted = list(changes)
    write_backs.forget_unwanted(engine, wanted)
    fresh = write_backs.not_written(engine, wanted)
    before, tally = writer.requests, {"written": 0, "locked": 0, "refused": 0}
    for kind in ORDER:
        _write_kind(engine, writer, [change for change in fresh if change.object == kind], tally)
    return WriteBackResult(**tally, unchanged=len(wanted) - len(fresh), requests=writer.requests - before)


def _write_kind(
    engine: Engine,
    writer: SalesforceWriter,
    changes: Sequence[WriteBack],
    tally: dict[str, int],
) -> None:
    if not changes:
        return
    kind, key_field = changes[0].object, changes[0].key_field
    try:
        there = writer.fields(kind)
    except ObjectMissing:
        # Without our package the org has no such object; `o2c check` says so.
        return
    records = [_record(change, there) for change in changes]
    answers = writer.update(kind, records) if key_field == "Id" else writer.upsert(kind, key_field, records)
    for change, answer in zip(changes, answers, strict=True):
        outcome = _outcome(answer)
        tally[outcome] += 1
        if outcome == "refused":
            with tracing.lines_about(change.key):
                log.warning("Salesforce did not take it", object=kind, code=answer.code)
    write_backs.record(engine, [pair for pair in zip(changes, answers, strict=True) if _outcome(pair[1]) != "locked"])


def _outcome(answer: Written) -> str:
    if answer.code is None:
        return "written"
    return "locked" if answer.code in LOCKED else "refused"


def _record(change: WriteBack, there: frozenset[str]) -> Mapping[str, Any]:
    known = {name: value for name, value in change.values.items() if name in there or name.endswith("__r")}
    return {change.key_field: change.key, **known}
