"""What NetSuite and Salesforce tell of their records, learned once a day for the drift report."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import timedelta
from functools import partial

from sqlalchemy import Engine

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.clients.salesforce import SalesforceReader
from o2c_orchestration.domain.described import RECORDS, object_of, object_shape, record_shape, used_fields
from o2c_orchestration.domain.drift import Tally
from o2c_orchestration.domain.errors import O2CError, TransientError
from o2c_orchestration.store import drift as store
from o2c_orchestration.validate.drift import declare, version_of

# It changes by a person's hand, or a release.
EVERY = timedelta(hours=20)


Further = Mapping[str, Collection[str]]


def learn_records(engine: Engine, ledger: NetSuiteReader, further: Further | None = None) -> None:
    """Fields of the records that we write, by NetSuite's metadata catalog: one request each. What may be chosen is kept
    of fields that our documents fill, and of those that are named in `further`, by description."""

    def ask(described: str) -> Tally:
        return record_shape(ledger.record_schema(RECORDS[described]), _ours(described, further))

    _learn(engine, {described: partial(ask, described) for described in RECORDS})


def learn_objects(
    engine: Engine, salesforce: SalesforceReader, kinds: Iterable[str], further: Further | None = None
) -> None:
    """The same of Salesforce's objects, and of the picklists that we read or write."""

    def ask(kind: str) -> Tally:
        fields = {name: (each.type, each.choices) for name, each in salesforce.describe(kind).fields.items()}
        return object_shape(fields, _ours(object_of(kind), further))

    _learn(engine, {object_of(kind): partial(ask, kind) for kind in kinds})


def _ours(described: str, further: Further | None) -> frozenset[str]:
    return used_fields(described) | frozenset((further or {}).get(described, ()))


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
