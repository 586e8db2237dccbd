"""Tells Salesforce what it does not say yet, in collections. Each record is named by its id or an external id, so that
telling it twice changes nothing: this needs no journal, only a note of what was not taken, and of what was.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Engine

from o2c_orchestration import tracing
from o2c_orchestration.clients.salesforce_write import LOCKED, SalesforceWriter, Written
from o2c_orchestration.domain.errors import ObjectMissing
from o2c_orchestration.plan.write_back import WriteBack
from o2c_orchestration.store import write_backs

log = structlog.get_logger(__name__)

# For people, and for the release before, which knows a record that was told in part by these words.
_ALL_ELSE = "all else of it is told"
# Without these nobody would know what a record belongs to.
_PARENTS = ("Opportunity__c", "Order__c", "Account__c", "Invoice__r")
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
    update, upsert = partial(writer.update, kind), partial(writer.upsert, kind, key_field)
    answers = _told(update if key_field == "Id" else upsert, key_field, records)
    for change, answer in zip(changes, answers, strict=True):
        outcome = _outcome(answer)
        tally[outcome] += 1
        if outcome == "refused":
            with tracing.lines_about(change.key):
                log.warning("Salesforce did not take it", object=kind, code=answer.code)
    write_backs.record(engine, [pair for pair in zip(changes, answers, strict=True) if _outcome(pair[1]) != "locked"])


def _told(
    write: Callable[[Sequence[Mapping[str, Any]]], list[Written]], key_field: str, records: Sequence[Mapping[str, Any]]
) -> list[Written]:
    """What became of each record. One of which Salesforce refuses some fields, and names them, is told the others."""
    answers = write(records)
    left = dict(enumerate(records))
    # Fields may be refused one after the other: each round leaves out one at least.
    while left := {n: less for n, record in left.items() if (less := _less(record, answers[n], key_field))}:
        for n, answer in zip(left, write([*left.values()]), strict=True):
            answers[n] = _both(answers[n], answer)
    return answers


def _less(record: Mapping[str, Any], answer: Written, key_field: str) -> Mapping[str, Any] | None:
    """The record without the fields that were refused; None where nothing is to be told then, or none was named."""
    kept = {name: value for name, value in record.items() if name not in answer.fields or name in _PARENTS}
    told = answer.id is not None or answer.code is None
    return None if told or kept.keys() in (record.keys(), {key_field}) or key_field not in kept else kept


def _both(before: Written, after: Written) -> Written:
    """What was refused first stays refused, whatever became of the rest: id and code together say that it was told."""
    if after.code is None:
        return Written(after.id, before.code, f"{before.detail}; {_ALL_ELSE}")
    if after.code in LOCKED:
        return after
    return Written(None, before.code, f"{before.detail}; {after.detail}", after.fields)


def _outcome(answer: Written) -> str:
    if answer.code is None:
        return "written"
    return "locked" if answer.code in LOCKED else "refused"


def _record(change: WriteBack, there: frozenset[str]) -> Mapping[str, Any]:
    known = {name: value for name, value in change.values.items() if name in there or name.endswith("__r")}
    return {change.key_field: change.key, **known}
