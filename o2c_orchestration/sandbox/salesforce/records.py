"""Writing records: create, update, upsert and delete, with every check a real org makes first.

What belongs here: the order of the checks, and what Salesforce sets by itself. Each write is one transaction, undone
whole when anything refuses it.
"""

from __future__ import annotations

from typing import Any

from o2c_orchestration.sandbox.salesforce import ids, recycle_bin
from o2c_orchestration.sandbox.salesforce.errors import (
    SalesforceError,
    is_deleted,
    no_external_id,
    not_found,
    problem,
    refusal,
)
from o2c_orchestration.sandbox.salesforce.fields import Field, SObject
from o2c_orchestration.sandbox.salesforce.rules import By, Rules
from o2c_orchestration.sandbox.salesforce.sales import Sales
from o2c_orchestration.sandbox.salesforce.store import Row, SalesforceStore
from o2c_orchestration.sandbox.salesforce.values import now_text, to_stored

HOME_CURRENCY = "USD"


class Ambiguous(Exception):
    """An external id that several records have; the ids are its argument."""


class Records:
    """The records of one org."""

    def __init__(self, store: SalesforceStore, rules: Rules) -> None:
        self._store, self._rules = store, rules
        self._sales = Sales(store)

    def create(self, kind: SObject, body: Row, by: By) -> str:
        """A new record; its id. Raises SalesforceError."""
        if not kind.createable:
            message = f"entity type {kind.name} does not support create"
            raise refusal(400, "INVALID_TYPE_FOR_OPERATION", message)
        given = self._converted(kind, body, creating=True)
        stamp = now_text(self._store.org.stamp_ms)
        row = self._defaults(kind, by) | {name: value for name, value in given.items() if value is not None}
        row |= {"CreatedDate": stamp, "CreatedById": by.user} | _stamps(stamp, by)
        self._check(kind, row, None, set(given))
        with self._store.transaction():
            self._sales.prepare(kind, row, None, set(given), stamp)
            row = {"Id": self._store.new_id(kind)} | row
            self._number(kind, row)
            self._store.insert(kind, row)
            self._sales.settle(kind, row, stamp)
            self._rules.check_saved(kind, row["Id"], set(given), by)
        return str(row["Id"])

    def update(self, kind: SObject, identifier: str, body: Row, by: By) -> None:
        """Change a record. Raises SalesforceError."""
        old = self.existing(kind, identifier)
        given = self._converted(kind, body, creating=False)
        stamp = now_text(self._store.org.stamp_ms)
        row = old | given | _stamps(stamp, by)
        self._check(kind, row, old, set(given))
        with self._store.transaction():
            self._sales.prepare(kind, row, old, set(given), stamp)
            self._store.update(kind, old["Id"], row)
            self._sales.settle(kind, row, stamp)
            self._rules.check_saved(kind, old["Id"], set(given), by)

    def delete(self, kind: SObject, identifier: str, by: By) -> None:
        """Put a record, and what cannot be without it, into the recycle bin. Raises SalesforceError."""
        if not kind.deletable:
            raise refusal(400, "INSUFFICIENT_ACCESS_OR_READONLY", f"{kind.name} cannot be deleted", [])
        row = self.existing(kind, identifier)
        self._rules.check_locks(kind, row)
        self._sales.check_delete(kind, row)
        stamp = now_text(self._store.org.stamp_ms)
        with self._store.transaction():
            recycle_bin.remove(self._store, kind, row["Id"], _stamps(stamp, by))
            self._sales.settle(kind, row, stamp)

    def restore(self, kind: SObject, identifier: str, by: By) -> int:
        """Take a record out of the recycle bin; how many came back with it, itself counted."""
        stamp = now_text(self._store.org.stamp_ms)
        with self._store.transaction():
            return recycle_bin.restore(self._store, kind, ids.full(identifier) or "", _stamps(stamp, by))

    def merge(self, kind: SObject, master: str, duplicate: str, by: By) -> int:
        """The duplicate goes into the master; how many records moved. Raises SalesforceError or ValueError."""
        if kind.name not in recycle_bin.MERGED:
            raise ValueError(f"{kind.name} cannot be merged")
        kept, gone = self.existing(kind, master)["Id"], self.existing(kind, duplicate)["Id"]
        stamps = _stamps(now_text(self._store.org.stamp_ms), by)
        with self._store.transaction():
            moved = recycle_bin.move_children(self._store, kind, gone, kept, stamps)
            self._store.update(kind, gone, {"MasterRecordId": kept, "IsDeleted": 1} | stamps)
            self._store.update(kind, kept, stamps)
        return moved

    def upsert(self, kind: SObject, field: Field, value: str, body: Row, by: By) -> tuple[str, bool]:
        """Write by external id: the record's id, and whether it is new. Raises SalesforceError or Ambiguous."""
        found = self.by_external_id(kind, field, value)
        if len(found) > 1:
            raise Ambiguous(found)
        if found:
            self.update(kind, found[0], body, by)
            return found[0], False
        if field.name == "Id":
            raise not_found()
        return self.create(kind, body | {field.name: value}, by), True

    def by_external_id(self, kind: SObject, field: Field, value: str) -> list[str]:
        """Ids of the records with this value of a field that identifies. Raises SalesforceError (404)."""
        if not field.identifies:
            raise no_external_id(field.name)
        if field.name == "Id":
            return [self.existing(kind, value)["Id"]]
        return self._store.matching(kind, field.name, value)

    def existing(self, kind: SObject, identifier: str) -> Row:
        """A record that is not deleted. Raises SalesforceError (404)."""
        full = ids.full(identifier)
        row = self._store.get(kind, full) if full else None
        if row is None:
            raise not_found()
        if row["IsDeleted"]:
            raise is_deleted()
        return row

    def _converted(self, kind: SObject, body: Row, *, creating: bool) -> Row:
        values: Row = {}
        locked: list[str] = []
        problems: list[dict[str, Any]] = []
        for name, sent in body.items():
            if name == "attributes":
                continue
            field, value = self._addressed(kind, name, sent)
            if not (field.createable if creating else field.updateable):
                locked.append(field.name)
                continue
            try:
                values[field.name] = to_stored(field, value)
            except SalesforceError as error:
                if error.problems[0]["errorCode"] == "JSON_PARSER_ERROR":
                    raise
                problems += error.problems
        if locked:
            message = (
                f"Unable to create/update fields: {', '.join(locked)}. Please check the security settings of this "
                "field and verify that it is read/write for your profile or permission set."
            )
            raise refusal(400, "INVALID_FIELD_FOR_INSERT_UPDATE", message, locked)
        if problems:
            raise SalesforceError(400, problems)
        return values

    def _addressed(self, kind: SObject, name: str, value: Any) -> tuple[Field, Any]:
        """The field that a name of the body means, and its value; a parent may be told by its external id."""
        if name.lower() == "id":
            raise refusal(400, "INVALID_FIELD", "The Id field should not be specified in the sobject data.", [])
        field = kind.field(name)
        if field is not None:
            return field, value
        lookup = kind.relation(name)
        if lookup is None or not isinstance(value, dict):
            raise refusal(400, "INVALID_FIELD", f"No such column '{name}' on sobject of type {kind.name}")
        return lookup, self._parent_by(self._store.org.at(lookup.refers_to[0]), value)

    def _parent_by(self, parent: SObject, keys: Row) -> str:
        pairs = [(name, value) for name, value in keys.items() if name != "attributes"]
        field = parent.field(pairs[0][0]) if len(pairs) == 1 else None
        if field is None or not field.identifies:
            raise refusal(400, "INVALID_FIELD", "More than 1 field or no external id field provided in an entity", [])
        found = self._store.matching(parent, field.name, pairs[0][1])
        if len(found) != 1:
            message = (
                f"Foreign key external ID: {pairs[0][1]} {'not found' if not found else 'is ambiguous'} for field "
                f"{field.name} in entity {parent.name}"
            )
            raise refusal(400, "INVALID_FIELD", message, [])
        return found[0]

    def _defaults(self, kind: SObject, by: By) -> Row:
        row: Row = {}
        for name, field in kind.fields.items():
            if field.default is not None and field.type != "id":
                row[name] = int(field.default) if isinstance(field.default, bool) else field.default
        if "OwnerId" in kind.fields:
            row["OwnerId"] = by.user
        if "CurrencyIsoCode" in kind.fields:
            row["CurrencyIsoCode"] = HOME_CURRENCY
        return row

    def _check(self, kind: SObject, row: Row, old: Row | None, given: set[str]) -> None:
        self._rules.check_locks(kind, row)
        missing = [name for name, field in kind.fields.items() if _owed(field, row, creating=old is None)]
        if missing:
            message = f"Required fields are missing: [{', '.join(missing)}]"
            raise refusal(400, "REQUIRED_FIELD_MISSING", message, missing)
        for name in given:
            field = kind.fields[name]
            if field.type == "reference" and row.get(name) is not None:
                self._check_parent(field, row[name])
            if field.unique and row.get(name) is not None:
                self._check_unique(kind, field, row)

    def _check_parent(self, field: Field, identifier: str) -> None:
        parent = self._store.org.by_prefix(identifier)
        if parent is None or parent.name not in field.refers_to:
            message = f"{field.label}: id value of incorrect type: {identifier}"
            raise refusal(400, "FIELD_INTEGRITY_EXCEPTION", message, [field.name])
        row = self._store.get(parent, identifier)
        if row is None:
            raise refusal(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", [])
        if row["IsDeleted"]:
            raise refusal(400, "ENTITY_IS_DELETED", "entity is deleted", [])

    def _check_unique(self, kind: SObject, field: Field, row: Row) -> None:
        others = [each for each in self._store.matching(kind, field.name, row[field.name]) if each != row.get("Id")]
        if others:
            message = (
                f"duplicate value found: {field.name} duplicates value on record with id: {others[0][: ids.SHORT_ID]}"
            )
            raise SalesforceError(400, [problem("DUPLICATE_VALUE", message, [])])

    def _number(self, kind: SObject, row: Row) -> None:
        for name, field in kind.fields.items():
            if field.auto_number is not None:
                serial = self._store.count_up(f"number {kind.name}")
                row[name] = f"{field.auto_number}{serial:0{6 if field.auto_number else 8}}"


def _owed(field: Field, row: Row, *, creating: bool) -> bool:
    """Whether the record lacks what nobody but its writer can give."""
    named = field.name_field and bool(row.get("LastName"))
    given_by_salesforce = field.type == "id" or named or (creating and (field.defaulted or not field.createable))
    return field.required and row.get(field.name) is None and not given_by_salesforce


def _stamps(stamp: str, by: By) -> Row:
    return {"LastModifiedDate": stamp, "LastModifiedById": by.user, "SystemModstamp": stamp}
