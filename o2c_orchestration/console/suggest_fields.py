"""Rules for fields of NetSuite, from documents that others made: read when somebody asks, and kept nowhere."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.domain.errors import O2CError
from o2c_orchestration.domain.mapping_fields import RECORD_TYPES
from o2c_orchestration.domain.policy import MAIN, Policy
from o2c_orchestration.extract.told import stripe_facts
from o2c_orchestration.preflight.netsuite import FILLED
from o2c_orchestration.reconcile.fields import FieldSuggestion, Sample, held_fields, suggest_fields, varying
from o2c_orchestration.store.unmapped import Made, made_by_others

# Of each type, so many of the newest are looked at: a request of NetSuite each, and one of Stripe where a field varies.
_RECORDS = 12


def field_suggestions(assembly: Assembly) -> list[FieldSuggestion]:
    """Of the company and of each entity, by type of document; nothing where NetSuite is off."""
    if assembly.settings.netsuite is None:
        return []
    found = []
    for account, own in assembly.policy.each():
        made = made_by_others(assembly.engine, account if assembly.policy.entities else None, _RECORDS)
        for kind, group in groupby(made, key=lambda each: each.document):
            if kind in RECORD_TYPES:
                found += _of_kind(assembly, account, own, kind, list(group))
    return found


def _of_kind(assembly: Assembly, account: str, own: Policy, kind: str, made: Sequence[Made]) -> list[FieldSuggestion]:
    document, mandatory = RECORD_TYPES[kind], _mandatory(assembly.ledger, kind)
    taken = [(level, name) for level, fields in own.mapping.of(document).levels() for name in fields]
    taken += [("lines", name) for name in own.revenue.fields] + [("header", name) for name in FILLED[kind]]
    samples = list(_samples(assembly.ledger, document, made, mandatory))
    if varying([sample for _, sample in samples], taken) and account in assembly.settings.stripe_accounts:
        reader = assembly.stripe_readers[account]
        samples = [(each, Sample(sample.fields, stripe_facts(reader, each.stripe_id, document)))
                   for each, sample in samples]  # fmt: skip
    where = f"mapping.{document}" if account == MAIN else f"entities.{account}.mapping.{document}"
    return suggest_fields(where, [sample for _, sample in samples], taken, mandatory)


def _samples(
    ledger: NetSuiteReader, document: str, made: Sequence[Made], mandatory: frozenset[str]
) -> Iterator[tuple[Made, Sample]]:
    for each in made:
        try:
            record, _ = ledger.record(each.document, each.netsuite_id, sublists=True)
        except O2CError:
            # One that is gone, or not for this role, has no say.
            continue
        yield each, Sample(held_fields(document, record, mandatory))


def _mandatory(ledger: NetSuiteReader, kind: str) -> frozenset[str]:
    """What the catalog calls mandatory; where it does not answer, nothing is known to be."""
    try:
        required = ledger.record_schema(kind).get("required")
    except O2CError:
        return frozenset()
    return frozenset(str(each) for each in (required if isinstance(required, list) else ()))
