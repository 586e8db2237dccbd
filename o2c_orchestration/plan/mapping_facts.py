"""What a rule of the mapping can read of one document: the planner's own row, its customer, its lines, metadata.

A document's row is that of the Stripe object that it stands for, whichever span of days it is planned with: the same
document reads the same values always. A payment outside Stripe (`op-`) reads what Stripe says of that payment, what was
overpaid (`bo-`) comes with a payment and reads nothing of its invoice but metadata. A sale (`si-`) reads its charge.
Of a customer whom NetSuite alone knows (a charge names him by his internal id) there is nothing to read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from o2c_orchestration.domain.documents import Command, LineRow, Rows
from o2c_orchestration.domain.expressions import Value
from o2c_orchestration.domain.keys import in_stripe
from o2c_orchestration.domain.mapping_sources import Sources

# What a line of a body was made of, while it is planned; nothing of it is ever sent.
MADE_OF: Final = "$line"
_OF_LINES: Final = tuple(each.name for each in fields(LineRow))
_NO_ROW: Final = ("bo-in",)


class NeverRead(Exception):
    """Metadata that was not kept yet when its object was read: nobody knows what it says."""

    def __init__(self, path: str, stripe_id: str) -> None:
        super().__init__(f"{path} of {stripe_id}")
        self.path = path
        self.stripe_id = stripe_id


@dataclass(frozen=True)
class Facts:
    """What one document, or one of its lines, can be asked. `stripe_id` and the others are whose metadata it has.

    `values` are by path and come before fields of the `row`, days and moments as they are: few of them are ever asked.
    """

    values: Mapping[str, Any]
    row: Any
    zone: ZoneInfo
    sources: Sources
    stripe_id: str
    customer_id: str | None = None
    line: Mapping[str, Any] = field(default_factory=dict)
    line_id: str | None = None
    price_id: str | None = None

    def look(self, path: str) -> Value:
        """The value of a path, None where there is none. Raises NeverRead."""
        if "metadata." not in path:
            return plain(self._raw(path), self.zone)
        owner, name = self._owner(path)
        # An account of Salesforce has no metadata.
        if owner is None or (owner == self.stripe_id and "_" not in owner):
            return None
        told = self.sources.metadata.get(owner, {})
        if name not in told:
            raise NeverRead(path, owner)
        return told[name]

    def _raw(self, path: str) -> Any:
        if path.startswith("line."):
            return self.line.get(path.removeprefix("line."))
        return self.values[path] if path in self.values else getattr(self.row, path, None)

    def _owner(self, path: str) -> tuple[str | None, str]:
        """Whose metadata a path names, and the path under which that is kept."""
        begins, _, key = path.partition("metadata.")
        name = f"metadata.{key}"
        if begins == "customer.":
            return self.customer_id, name
        if begins == "line.price.":
            return self.price_id, name
        if begins == "line.":
            return self.line_id, name
        if begins == "subscription.":
            billed = str(self._raw("invoice_id") or self.stripe_id)
            return billed if billed.startswith("in_") else None, path
        return self.stripe_id, path

    def of_line(self, line: Mapping[str, Any]) -> "Facts":
        """The same with what one line of the body was made of."""
        # A line of a credit note is what the line says that it takes back.
        own, price = line.get("origin") or line.get("id"), line.get("price_id")
        head = (self.values, self.row, self.zone, self.sources, self.stripe_id, self.customer_id)
        return Facts(*head, line, own, price)


def plain(value: Any, zone: ZoneInfo) -> Value:
    """A value of a row as rules see it: days as text such as 2026-11-30, moments as their day in the books."""
    if isinstance(value, datetime):
        return value.astimezone(zone).date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value if isinstance(value, str | int | bool) else None


def line_facts(line: LineRow | None, role: str) -> dict[str, Any]:
    """What a line of Stripe's tells a line of NetSuite's; `role` is what it stands for there."""
    if line is None:
        return {"role": role}
    return {name: getattr(line, name) for name in _OF_LINES} | {"role": role}


class FactBook:
    """The facts of every document that is planned from these rows."""

    def __init__(self, rows: Rows, zone: ZoneInfo, further: Mapping[str, Any] | None = None) -> None:
        """`further`: rows of other systems, by the id of what they are."""
        self._zone, self._sources, self._given = zone, rows.sources, rows
        self._further = further or {}

    # Made when it is first asked: most companies map nothing, and a backfill has a million rows.
    @cached_property
    def _rows(self) -> dict[str, Any]:
        rows, found = self._given, dict(self._further)
        for each in (rows.invoices, rows.closed, rows.balanced, rows.payments, rows.credit_notes, rows.payouts):
            found |= _by_id(each)
        found |= _by_id(rows.adjustments)
        for history in rows.histories:
            found |= _by_id(history.refunds) | _by_id(history.disputes)
        return found | _by_id(rows.customers)

    @cached_property
    def _outside(self) -> dict[str, Any]:
        return _by_id(self._given.off_stripe)

    def of(self, command: Command) -> Facts:
        """The facts of a document's header."""
        kind = kind_of(command)
        row = self._outside.get(command.stripe_id) if kind == "op-in" else self._rows.get(command.stripe_id)
        values: dict[str, Any] = {
            "id": command.stripe_id,
            "key": command.external_id,
            "kind": kind,
            "currency": command.currency,
            "amount_minor": command.amount_minor,
            "date": command.effective_date,
        }
        customer = in_stripe(command.customer_id)
        person = self._sources.people.get(customer or "")
        if customer is not None:
            values["customer.id"] = customer
        if person is not None:
            values |= {"customer.name": person.name, "customer.email": person.email}
        row = None if kind in _NO_ROW else row
        return Facts(values, row, self._zone, self._sources, command.stripe_id, customer)


def kind_of(command: Command) -> str:
    """What a document is, by its key: `in`, `cn`, `cm-re`, `bi-in`, `po`, …; of a deal `order`."""
    if command.document == "salesOrder":
        return "order"
    return command.external_id.partition("_")[0]


def _by_id(rows: Iterable[Any]) -> dict[str, Any]:
    return {row.id: row for row in rows}
