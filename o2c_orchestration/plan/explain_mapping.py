"""Fields of planned documents with where each came from, and what two files of settings make different."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from o2c_orchestration.domain.documents import Command, Plan, Refusal
from o2c_orchestration.domain.mapping_sources import Trace
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.standard_fields import origin_of

_NUMBER = re.compile(r"\[\d+\]")


@dataclass(frozen=True)
class ShownField:
    """A field of a document: its value as people read it, what it came from, and which rule said so."""

    field: str
    value: str | None
    source: str
    rule: str


@dataclass(frozen=True)
class ShownDocument:
    """A document field by field, or why there is none."""

    document: str
    external_id: str
    fields: tuple[ShownField, ...] = ()
    refused: str | None = None


@dataclass(frozen=True)
class Change:
    """One document that two files of settings make differently. `fields` are (field, old, new).

    `kind`: changed, new (only the second file writes it), gone, refused (only the first writes it), released.
    """

    kind: str
    document: str
    external_id: str
    stripe_id: str
    fields: tuple[tuple[str, str | None, str | None], ...] = ()
    reason: str = ""


def shown(command: Command, policy: Policy, traces: tuple[Trace, ...]) -> ShownDocument:
    """Every field of a document, the header first, and what a rule has taken away."""
    told = {trace.field: trace for trace in traces}
    values = flat(command.body)
    fields = [_field(command.document, policy, name, value, told.get(name)) for name, value in values.items()]
    gone = [trace for name, trace in told.items() if name not in values]
    fields += [ShownField(trace.field, None, trace.source, trace.rule) for trace in gone]
    return ShownDocument(command.document, command.external_id, tuple(fields))


def shown_refusal(refusal: Refusal) -> ShownDocument:
    """A document that is not written, and why."""
    return ShownDocument(refusal.document, refusal.external_id, refused=f"{refusal.reason}. To do: {refusal.fix}")


def _field(document: str, policy: Policy, name: str, value: str, trace: Trace | None) -> ShownField:
    if trace is not None:
        return ShownField(name, value, trace.source, trace.rule)
    origin = origin_of(document, _NUMBER.sub("[]", name), policy.revenue.fields)
    return ShownField(name, value, origin.text, ", ".join(origin.settings) or "standard")


def flat(body: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a record body by path (`class`, `item[1].amount`), header first, as people read their values."""
    header = {name: value for name, value in body.items() if not _is_sublist(value)}
    found = {name.removeprefix("$"): readable(value) for name, value in header.items()}
    for name, value in body.items():
        if _is_sublist(value):
            for number, line in enumerate(value["items"], start=1):
                found |= {f"{name}[{number}].{field}": readable(each) for field, each in line.items()}
    return found


def _is_sublist(value: Any) -> bool:
    return isinstance(value, Mapping) and "items" in value


def readable(value: Any) -> str:
    """A value of a body: amounts as money, references as the name that is looked up, addresses in one line."""
    if isinstance(value, Mapping):
        if "$minor" in value:
            return format_money(*value["$minor"])
        if "$document" in value:
            return str(value["$document"][1])
        if len(value) == 1:
            return str(next(iter(value.values())))
        return ", ".join(readable(part) for part in value.values())
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def changes(old: Plan, new: Plan) -> list[Change]:
    """What differs between two plans of the same rows, in the order in which documents are written."""
    before, after = _by_key(old), _by_key(new)
    found = (_change(before.get(key), after.get(key)) for key in dict.fromkeys([*before, *after]))
    return [change for change in found if change is not None]


def _by_key(plan: Plan) -> dict[str, Command | Refusal]:
    every: tuple[Command | Refusal, ...] = (*plan.commands, *plan.refusals)
    return {item.external_id: item for item in every}


def _change(old: Command | Refusal | None, new: Command | Refusal | None) -> Change | None:
    item = new or old
    assert item is not None
    head = (item.document, item.external_id, item.stripe_id)
    if isinstance(old, Command) and isinstance(new, Command):
        fields = tuple(_differences(flat(old.body), flat(new.body)))
        return Change("changed", *head, fields) if fields else None
    if isinstance(new, Refusal):
        if isinstance(old, Refusal):
            return None if old.reason == new.reason else Change("refused", *head, reason=new.reason)
        return Change("refused", *head, reason=f"{new.reason}. To do: {new.fix}")
    if isinstance(old, Refusal):
        return Change("released" if new else "gone", *head, reason=old.reason)
    return Change("new" if old is None else "gone", *head)


def _differences(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[tuple[str, str | None, str | None]]:
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield name, old.get(name), new.get(name)
