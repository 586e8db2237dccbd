"""Column lineage: which field of which source each NetSuite field of the plan comes from, standard and mapped."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from o2c_orchestration.domain.mapping_fields import RECORD_TYPES, sublists_of
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.standard_fields import ASSETS, STANDARD, read_by
from o2c_orchestration.plan.mapping import source_of

_DEALS = frozenset({"salesOrder"})
_OTHERS = frozenset(RECORD_TYPES) - _DEALS


def column_metadata(policy: Policy) -> dict[str, Any]:
    """Columns of the plan, `invoice.tranDate`, with their sources; for a materialization's metadata."""
    return _metadata([own for _, own in policy.each()], _OTHERS)


def deal_column_metadata(policy: Policy) -> dict[str, Any]:
    """The same of what deals call for, `salesOrder.tranDate`: by the company's own mapping, whatever entities say."""
    return _metadata([policy], _DEALS)


def _metadata(policies: Sequence[Policy], documents: Collection[str]) -> dict[str, Any]:
    columns, deps = dict[str, str](), dict[str, set[tuple[str, str]]]()
    for name, text, sources in _standard(documents):
        columns[name], deps[name] = text, set(sources)
    taken_away = Counter[str]()
    for own in policies:
        for name, words, paths in _mapped(own, documents):
            if words is None:
                taken_away[name] += 1
                continue
            # What has a rule may still come from the standard source where no condition holds.
            deps.setdefault(name, set()).update(paths)
            columns[name] = words
    # What one entity leaves out the others still write.
    for name in (each for each, times in taken_away.items() if times == len(policies)):
        deps.pop(name, None)
        columns.pop(name, None)
    schema = dg.TableSchema([dg.TableColumn(name, "NetSuite field", columns[name]) for name in sorted(columns)])
    return {"dagster/column_schema": schema, "dagster/column_lineage": _lineage(deps)}


def _lineage(deps: Mapping[str, set[tuple[str, str]]]) -> dg.TableColumnLineage:
    return dg.TableColumnLineage(
        {
            name: [dg.TableColumnDep(asset_key=dg.AssetKey(ASSETS[owner]), column_name=path) for owner, path in found]
            for name, each in deps.items()
            if (found := sorted((owner, path) for owner, path in each if owner in ASSETS))
        }
    )


def _standard(documents: Collection[str]) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    for document, fields in STANDARD.items():
        if document in documents:
            for field, origin in fields.items():
                words = ", ".join((origin.text, *origin.settings)) if origin.paths else origin.text
                yield f"{document}.{field}", words, [_split(path) for path in origin.paths]


def _mapped(policy: Policy, documents: Collection[str]) -> Iterator[tuple[str, str | None, list[tuple[str, str]]]]:
    """(column, what it is made of, sources); None for what is made of it: a field that is taken away."""
    for record, document in RECORD_TYPES.items():
        if record not in documents:
            continue
        for level, fields in policy.mapping.of(document).levels():
            for field, rules in fields.items():
                key = f"mapping.{document}.{level}.{field}"
                words = None if rules is None else f"{key}: {'; '.join(source_of(rule) for rule in rules)}"
                paths = [path for rule in rules or () for name in rule.paths for path in read_by(document, name)]
                for column in _columns(record, level, field):
                    yield column, words, [_split(path) for path in paths]


def _columns(record: str, level: str, field: str) -> list[str]:
    if level == "header":
        return [f"{record}.{field}"]
    return [f"{record}.{name}[].{field}" for name in sublists_of(record, field)]


def _split(path: str) -> tuple[str, str]:
    owner, _, rest = path.partition(".")
    return owner, rest
