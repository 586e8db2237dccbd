"""What NetSuite and Salesforce tell of their records, learned once a day for the drift report."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial

from sqlalchemy import Engine

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.clients.salesforce import SalesforceReader
from o2c_orchestration.domain.described import RECORDS, object_of, object_shape, record_shape
from o2c_orchestration.domain.drift import Tally
from o2c_orchestration.domain.errors import O2CError, TransientError
from o2c_orchestration.store import drift as store
from o2c_orchestration.validate.drift import declare, version_of

# It changes by a person's hand, or a release.
EVERY = timedelta(hours=20)


def learn_records(engine: Engine, ledger: NetSuiteReader) -> None:
    """Fields of the records that we write, by NetSuite's metadata catalog: one request each."""
    _learn(engine, {described: partial(_record, ledger, kind) for described, kind in RECORDS.items()})


def learn_objects(engine: Engine, salesforce: SalesforceReader, kinds: Iterable[str]) -> None:
    """The same of Salesforce's objects."""
    _learn(engine, {object_of(kind): partial(_object, salesforce, kind) for kind in kinds})


def _record(ledger: NetSuiteReader, kind: str) -> Tally:
    return record_shape(ledger.record_schema(kind))


def _object(salesforce: SalesforceReader, kind: str) -> Tally:
    return object_shape(salesforce.describe(kind))


def _learn(engine: Engine, asked: Mapping[str, Callable[[], Tally]]) -> None:
    """Where a system tells nothing (no such record for our role) nothing is learned: see o2c check. One that does not
    answer now is asked for no more: the next run does."""
    for described, ask in asked.items():
        version = version_of(described)
        if store.looked_at_within(engine, described, version, EVERY):
            continue
        try:
            tally = ask()
        except TransientError:
            return
        except O2CError:
            continue
        if tally.types:
            declare(engine, described)
            store.count_in(engine, described, version, tally)
