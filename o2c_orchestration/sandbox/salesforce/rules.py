"""What an administrator forbids: validation rules, duplicate rules, and records that somebody else holds.

What belongs here: keeping the rules and applying them to a record that has just been written, inside its transaction.
Rules outlive a restart; locks do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from o2c_orchestration.sandbox.salesforce.errors import SalesforceError, problem, refusal
from o2c_orchestration.sandbox.salesforce.fields import SObject
from o2c_orchestration.sandbox.salesforce.soql_run import Runner, attributes
from o2c_orchestration.sandbox.salesforce.store import Row, SalesforceStore

USE_EXISTING = "You're creating a duplicate record. We recommend you use an existing record instead."


@dataclass(frozen=True)
class By:
    """Who writes: the user, the API version as in `v68.0`, and whether alerts of duplicate rules are overridden."""

    user: str
    version: str = "v68.0"
    allow_duplicates: bool = False


class Rules:
    """The rules of one org.

    A validation rule is `{"type", "condition", "message", "field"}`: what meets the SOQL condition is refused; `field`
    may be left out. A duplicate rule is `{"type", "fields", "block", "name"}`: what equals another record in all of
    the fields is refused, unless `block` is false and the writer overrides it. A lock is `{"id" or "type", "writes"}`.
    """

    def __init__(self, store: SalesforceStore, runner: Runner) -> None:
        self._store, self._runner = store, runner
        self.locks: list[Row] = []

    def all(self) -> dict[str, list[Row]]:
        """What is in force."""
        return {"validation": self._kept("validation"), "duplicate": self._kept("duplicate"), "locks": self.locks}

    def add(self, what: str, rule: Row) -> None:
        """Put a rule beside those in force. Raises KeyError or SalesforceError when it is none."""
        kind = self._store.org.at(rule["type"])
        if what == "validation":
            self._runner.holds(kind, "", rule["condition"])
            rule = {"message": "This record is not allowed.", "field": None} | rule
        else:
            fields = [kind.fields[name].name for name in rule["fields"]]
            rule = {"block": True, "name": f"{kind.name}_Duplicates"} | rule | {"fields": fields}
        self._store.set(f"rules {what}", [*self._kept(what), rule])

    def clear(self) -> None:
        """Drop all rules and locks."""
        self.locks.clear()
        for what in ("validation", "duplicate"):
            self._store.set(f"rules {what}", [])

    def lock(self, held: Row) -> None:
        """Hold a record, or all of an object, for so many attempts to write."""
        self.locks.append({"id": None, "type": None, "writes": 1} | held)

    def check_locks(self, kind: SObject, row: Row) -> None:
        """A write locks the record and the parents it names. Raises SalesforceError (UNABLE_TO_LOCK_ROW)."""
        touched = {row.get("Id")} | {row.get(name) for name, each in kind.fields.items() if each.type == "reference"}
        for held in self.locks:
            if held["writes"] > 0 and (held["type"] == kind.name or held["id"] in touched - {None}):
                held["writes"] -= 1
                message = (
                    f"unable to obtain exclusive access to this record or 1 records: {held['id'] or row.get('Id')}"
                )
                raise refusal(400, "UNABLE_TO_LOCK_ROW", message, [])

    def check_saved(self, kind: SObject, identifier: str, changed: set[str], by: By) -> None:
        """Apply the rules to what has been written. Raises SalesforceError."""
        broken = [
            problem("FIELD_CUSTOM_VALIDATION_EXCEPTION", rule["message"], [rule["field"]] if rule["field"] else [])
            for rule in self._kept("validation")
            if rule["type"] == kind.name and self._runner.holds(kind, identifier, rule["condition"])
        ]
        if broken:
            raise SalesforceError(400, broken)
        for rule in self._kept("duplicate"):
            overridden = by.allow_duplicates and not rule["block"]
            if rule["type"] == kind.name and changed & set(rule["fields"]) and not overridden:
                self._check_duplicates(kind, identifier, rule, by)

    def _check_duplicates(self, kind: SObject, identifier: str, rule: Row, by: By) -> None:
        row = self._store.get(kind, identifier) or {}
        values = [row[name] for name in rule["fields"]]
        if any(value is None for value in values):
            return
        same = " AND ".join(f'"{name}" = ?' for name in rule["fields"])
        found = self._store.rows(
            f'SELECT "Id" FROM "{kind.name}" WHERE {same} AND "IsDeleted" = 0 AND "Id" <> ? ORDER BY "Id"',
            [*values, identifier],
        )
        if found:
            raise SalesforceError(400, [_duplicates(kind, rule, [each["Id"] for each in found], by.version)])

    def _kept(self, what: str) -> list[Row]:
        kept: list[Row] = self._store.setting(f"rules {what}", [])
        return kept


def _duplicates(kind: SObject, rule: Row, found: list[str], version: str) -> dict[str, Any]:
    """The body as Salesforce sends it, with the key that it misspells."""
    matches = [
        {
            "additionalInformation": [],
            "fieldDiffs": [],
            "matchConfidence": 100.0,
            "record": {"attributes": attributes(kind, each, version), "Id": each},
        }
        for each in found
    ]
    result = {
        "allowSave": not rule["block"],
        "duplicateRule": rule["name"],
        "duplicateRuleEntityType": kind.name,
        "errorMessage": USE_EXISTING,
        "matchResults": [
            {
                "entityType": kind.name,
                "errors": [],
                "matchEngine": "ExactMatchEngine",
                "matchRecords": matches,
                "rule": f"{rule['name']}_Match",
                "size": len(matches),
                "success": True,
            }
        ],
    }
    return {"duplicateResut": result, "errorCode": "DUPLICATES_DETECTED", "message": USE_EXISTING}
