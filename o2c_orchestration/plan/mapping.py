"""The mapping of o2c.yaml, laid over a document that was planned: the one place for documents of every type.

What belongs here: rules to values, and what is said where one fails. What does not: which fields there are
(domain/mapping_fields), how rules are read (domain/policy_mapping), what they can see (mapping_facts).
"""

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import Any

from o2c_orchestration.domain.documents import Command, CustomerRow, Refusal
from o2c_orchestration.domain.expressions import MONEY, Value, WrongType, shown, truth
from o2c_orchestration.domain.mapping_fields import RECORD_TYPES, is_named, kind_of, sublists_of
from o2c_orchestration.domain.mapping_kinds import wrong_value
from o2c_orchestration.domain.mapping_rules import Fields, Rule, reference_kind
from o2c_orchestration.domain.mapping_sources import Trace
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.mapping_facts import MADE_OF, FactBook, Facts, NeverRead
from o2c_orchestration.plan.outcome import Skip, refuse_command

Outcome = Command | Refusal | Skip
Traces = MutableMapping[str, tuple[Trace, ...]]


class _Failed(Exception):
    """A rule that gives no value: what is wrong, and the fix."""

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(reason)
        self.reason, self.fix = reason, fix


@dataclass(frozen=True)
class _Place:
    """Where a rule stands: a type of document as o2c.yaml calls it, header or lines, the field."""

    document: str
    level: str
    field: str

    def key(self, number: int, rules: int) -> str:
        """The key of o2c.yaml; which of several rules it is."""
        which = f"[{number}]" if rules > 1 else ""
        return f"mapping.{self.document}.{self.level}.{self.field}{which}"


class Mapper:
    """Lays the policy's mapping over commands. `traces`, if given, is told what was set in each document, by its key.

    `customers` are those who are about to be made: a document of one whose own mapping fails is refused with him.
    """

    def __init__(
        self,
        policy: Policy,
        facts: FactBook,
        customers: Mapping[str, Callable[[], Command]] | None = None,
        traces: Traces | None = None,
    ) -> None:
        self._policy, self._facts, self._traces = policy, facts, traces
        self._customers, self._people = customers or {}, dict[str, Refusal | None]()

    def check(self, item: Outcome) -> Outcome:
        """The command with its fields, or why it cannot have them; refusals and skips are left as they are."""
        if not isinstance(item, Command):
            return item
        return self._of_refused_customer(item) or self._mapped(item)

    def _of_refused_customer(self, command: Command) -> Refusal | None:
        for key in command.depends_on:
            if key in self._customers:
                if key not in self._people:
                    found = self._mapped(self._customers[key]())
                    self._people[key] = found if isinstance(found, Refusal) else None
                refusal = self._people[key]
                if refusal is not None:
                    reason = f"its customer {key} cannot be made: {refusal.reason}"
                    return refuse_command(command, refusal.code, reason, refusal.fix)
        return None

    def _mapped(self, command: Command) -> Command | Refusal:
        document = RECORD_TYPES.get(command.document)
        if document is None:
            return command
        mapping = self._policy.mapping.of(document)
        if not mapping.header and not mapping.lines:
            return replace(command, body=_stripped(command.body)) if self._policy.mapping.maps_lines else command
        try:
            return self._laid_over(command, document)
        except _Failed as failed:
            return refuse_command(command, "MAPPING", failed.reason, failed.fix)

    def _laid_over(self, command: Command, document: str) -> Command:
        mapping, facts = self._policy.mapping.of(document), self._facts.of(command)
        traces: list[Trace] = []
        body = dict(command.body)
        if mapping.lines:
            body |= self._lines(command, document, mapping.lines, facts, traces)
        body = self._set(body, _Place(document, "header", ""), mapping.header, facts, "", traces)
        if self._traces is not None:
            self._traces[command.external_id] = tuple(traces)
        return replace(command, body=_stripped(body))

    def _lines(
        self, command: Command, document: str, rules: Fields, facts: Facts, traces: list[Trace]
    ) -> dict[str, Any]:
        found: dict[str, Any] = {}
        place = _Place(document, "lines", "")
        for name in dict.fromkeys(name for field in rules for name in sublists_of(command.document, field)):
            lines = command.body.get(name, {}).get("items", [])
            here = {field: rule for field, rule in rules.items() if name in sublists_of(command.document, field)}
            made = [
                self._set(line, place, here, facts.of_line(made_of(name, line)), f"{name}[{number}].", traces)
                for number, line in enumerate(lines, start=1)
            ]
            found |= {name: {"items": made}} if made else {}
        return found

    def _set(
        self, into: Mapping[str, Any], place: _Place, rules: Fields, facts: Facts, prefix: str, traces: list[Trace]
    ) -> dict[str, Any]:
        """The record or line with what its rules set and take away."""
        found = dict(into)
        for field, several in rules.items():
            here = replace(place, field=field)
            if several is None:
                if found.pop(field, None) is not None:
                    traces.append(Trace(f"{prefix}{field}", None, "taken away", here.key(1, 1)))
                continue
            for number, rule in enumerate(several, start=1):
                key = here.key(number, len(several))
                if not self._applies(rule, facts, key, prefix):
                    continue
                value = self._value(rule, facts, here, key, prefix)
                if value is not None:
                    found[field] = value
                    traces.append(Trace(f"{prefix}{field}", value, source_of(rule), key))
                break
        return found

    def _applies(self, rule: Rule, facts: Facts, key: str, prefix: str) -> bool:
        condition = rule.condition
        return condition is None or truth(_seen(lambda: condition.value(facts.look), key, prefix))

    def _value(self, rule: Rule, facts: Facts, place: _Place, key: str, prefix: str) -> Any:
        value = self._found(rule, facts, key, prefix)
        if value is None or value == "":
            value = rule.default
        if value is None:
            if rule.missing == "omit":
                return None
            text = f"{source_of(rule)} has no value"
            fix = f"set it in Stripe, or give {key} in o2c.yaml a default, missing: omit, or a `when`"
            raise _Failed(_words(prefix, key, text), fix)
        return self._written(value, rule, place, key, prefix, str(facts.look("currency")))

    def _found(self, rule: Rule, facts: Facts, key: str, prefix: str) -> Value:
        if rule.constant is not None:
            return rule.constant
        if rule.formula is not None:
            formula = rule.formula
            return _seen(lambda: formula.value(facts.look), key, prefix)
        path = rule.source or rule.by or ""
        value = _seen(lambda: facts.look(path), key, prefix)
        if rule.lookup is None or value is None or value == "":
            return value
        row = str(value).lower() if isinstance(value, bool) else str(value)
        table = self._policy.mapping.tables[rule.lookup]
        if row not in table and rule.default is None and rule.missing == "refuse":
            text = f"the table {rule.lookup} has no row for {shown(value)}, which is {path}"
            fix = f"add {row!r} to mapping.tables.{rule.lookup} in o2c.yaml, or give {key} a default"
            raise _Failed(_words(prefix, key, text), fix)
        return table.get(row)

    def _written(self, value: Value, rule: Rule, place: _Place, key: str, prefix: str, currency: str) -> Any:
        """The value as it stands in a record body. Raises where it is of another kind than the field."""
        named = reference_kind(place.document, place.level, place.field, rule)
        wrong = wrong_value(value, named, kind_of(place.document, place.level, place.field) or "any")
        if wrong is not None:
            fix = f"correct the value in Stripe, or {key} in o2c.yaml"
            raise _Failed(_words(prefix, key, f"{shown(value)} {wrong}"), fix)
        if isinstance(value, tuple):
            return {MONEY: [value[1], currency]}
        if is_named(named):
            return {f"${named}": str(value)}
        if named is not None:
            return {"id": str(value)}
        kind = kind_of(place.document, place.level, place.field) or "any"
        if kind == "c":
            return {"id": value}
        return str(value) if kind.startswith("s") else value


def _seen(look: Callable[[], Value], key: str, prefix: str) -> Value:
    """A value, or in words why it cannot be told."""
    try:
        return look()
    except NeverRead as error:
        text = f"{error.path} of {error.stripe_id} has not been kept: it was read before the mapping named it"
        fix = "read it again: o2c run with the days on which it was created"
        raise _Failed(_words(prefix, key, text), fix) from None
    except WrongType as error:
        fix = f"correct the value in Stripe, or {key} in o2c.yaml"
        raise _Failed(_words(prefix, key, str(error)), fix) from None


def _words(prefix: str, key: str, text: str) -> str:
    line = f" (line {prefix.rstrip('.')})" if prefix else ""
    return f"{key}{line}: {text}"


def source_of(rule: Rule) -> str:
    """What a rule reads, as people say it."""
    if rule.constant is not None:
        return "constant"
    if rule.source is not None:
        return rule.source
    if rule.lookup is not None:
        return f"{rule.by} in table {rule.lookup}"
    return str(rule.expression)


def made_of(sublist: str, line: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a line tells of itself: noted when it was made, or plain from the line of a deposit or journal entry."""
    if MADE_OF in line:
        made: Mapping[str, Any] = line[MADE_OF]
        return made
    amount = line.get("amount") or line.get("debit") or line.get("credit") or {}
    role = sublist if sublist != "line" else "debit" if "debit" in line else "credit"
    account = (line.get("account") or {}).get("$account")
    minor = amount.get(MONEY, [None])[0] if isinstance(amount, Mapping) else None
    return {"role": role, "account": account, "memo": line.get("memo"), "amount_minor": minor}


def _stripped(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body without what its lines were made of."""
    if "item" not in body:
        return dict(body)
    lines: Iterable[Mapping[str, Any]] = body["item"]["items"]
    items = [{name: value for name, value in line.items() if name != MADE_OF} for line in lines]
    return {**body, "item": {"items": items}}


def customers_of(
    rows: Iterable[CustomerRow], known: Iterable[str], made: Callable[[CustomerRow], Command]
) -> dict[str, Callable[[], Command]]:
    """How the customers are made whom NetSuite does not have, by key."""
    there = set(known)
    return {row.id: (lambda row=row: made(row)) for row in rows if row.id not in there}  # type: ignore[misc]
