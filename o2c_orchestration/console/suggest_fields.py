"""Rules for fields of NetSuite, from documents that others made: read when somebody asks, and kept nowhere."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.domain.errors import O2CError
from o2c_orchestration.domain.mapping_fields import RECORD_TYPES
from o2c_orchestration.domain.policy import MAIN, Policy
from o2c_orchestration.extract.told import Asker
from o2c_orchestration.preflight.catalog import FILLED
from o2c_orchestration.reconcile.fields import (
    FieldSuggestion,
    Sample,
    Suggested,
    held_fields,
    suggest_fields,
    varying,
)
from o2c_orchestration.reconcile.line_samples import HeldLine, held_lines, line_samples
from o2c_orchestration.store.unmapped import Made, made_by_others

# Of each type, so many of the newest are looked at: a request of NetSuite each, and one of Stripe where a field varies.
_RECORDS = 12


@dataclass
class Fields:
    """What is suggested, and what had no say: by system, what could not be read and why; `unsaid` as `Suggested`."""

    found: list[FieldSuggestion] = field(default_factory=list)
    unread: dict[str, list[tuple[str, O2CError]]] = field(default_factory=dict)
    unsaid: dict[str, str] = field(default_factory=dict)

    def add(self, suggested: Suggested) -> None:
        """Of one type of document."""
        self.found += suggested.rules
        self.unsaid |= suggested.unsaid

    def failed(self, system: str, what: str, error: O2CError) -> None:
        """One that has no say."""
        self.unread.setdefault(system, []).append((what, error))

    def notes(self) -> Iterator[str]:
        """What a person has to know of it, a sentence each."""
        for system, failures in self.unread.items():
            kinds = Counter(what for what, _ in failures)
            told = ", ".join(f"{count} {what}" for what, count in kinds.most_common())
            count = f"{len(failures)} {system} record" + ("s" if len(failures) > 1 else "")
            yield f"{count} could not be read and had no say ({told}). The first: {failures[0][1]}"
        for name, why in self.unsaid.items():
            yield f"{name}: a rule is left out, since its value may be {why}, which is not shown. See it in NetSuite."


def field_suggestions(assembly: Assembly) -> Fields:
    """Of the company and of each entity, by type of document; nothing where NetSuite is off."""
    looked = Fields()
    if assembly.settings.netsuite is None:
        return looked
    for account, own in assembly.policy.each():
        made = made_by_others(assembly.engine, account if assembly.policy.entities else None, _RECORDS)
        for kind, group in groupby(made, key=lambda each: each.document):
            if kind in RECORD_TYPES:
                looked.add(_of_kind(assembly, account, own, list(group), looked))
    return looked


@dataclass(frozen=True)
class _Read:
    made: Made
    sample: Sample
    lines: Sequence[HeldLine]


def _of_kind(assembly: Assembly, account: str, own: Policy, made: Sequence[Made], looked: Fields) -> Suggested:
    kind = made[0].document
    document, mandatory = RECORD_TYPES[kind], _mandatory(assembly.ledger, kind, looked)
    taken = [(level, name) for level, fields in own.mapping.of(document).levels() for name in fields]
    taken += [("lines", name) for name in own.revenue.fields] + [("header", name) for name in FILLED[kind]]
    read = list(_records(assembly.ledger, document, made, mandatory, looked))
    samples, lines = [each.sample for each in read], list[list[Sample]]()
    each_line = (Sample({("lines", name): value for name, value in line.fields.items()})
                 for each in read for line in each.lines)  # fmt: skip
    if varying([*samples, *each_line], taken) and account in assembly.settings.stripe_accounts:
        samples, lines = _beside_stripe(assembly, account, own, read, looked)
    where = f"mapping.{document}" if account == MAIN else f"entities.{account}.mapping.{document}"
    return suggest_fields(where, samples, taken, mandatory, lines)


def _beside_stripe(
    assembly: Assembly, account: str, own: Policy, read: Sequence[_Read], looked: Fields
) -> tuple[list[Sample], list[list[Sample]]]:
    """Documents, and lines of each, beside what Stripe says of them."""

    def failed(what: str, error: O2CError) -> None:
        looked.failed("Stripe", what, error)

    asker = Asker(assembly.stripe_readers[account], failed, prices=own.items.price_metadata)
    samples, lines = [], []
    for each in read:
        told = asker.told(each.made.stripe_id, RECORD_TYPES[each.made.document])
        samples.append(Sample(each.sample.fields, told.facts))
        lines.append(line_samples(each.lines, told.lines, told.currency))
    return samples, lines


def _records(
    ledger: NetSuiteReader, document: str, made: Sequence[Made], mandatory: frozenset[str], looked: Fields
) -> Iterator[_Read]:
    for each in made:
        try:
            record, _ = ledger.record(each.document, each.netsuite_id, sublists=True)
        except O2CError as error:
            looked.failed("NetSuite", each.document, error)
            continue
        yield _Read(each, Sample(held_fields(document, record, mandatory)), held_lines(document, record))


def _mandatory(ledger: NetSuiteReader, kind: str, looked: Fields) -> frozenset[str]:
    """What the catalog calls mandatory; where it does not answer, nothing is known to be."""
    try:
        required = ledger.record_schema(kind).get("required")
    except O2CError as error:
        looked.failed("NetSuite", f"metadata of {kind}", error)
        return frozenset()
    return frozenset(str(each) for each in (required if isinstance(required, list) else ()))
