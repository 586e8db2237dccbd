"""The recycle bin: what goes along with a deleted record, what comes back with it, and merging two records.

What belongs here: changes that reach from one record to those hanging on it.
"""

from __future__ import annotations

from o2c_orchestration.sandbox.salesforce.fields import SObject
from o2c_orchestration.sandbox.salesforce.store import Row, SalesforceStore

# Objects that Salesforce merges; the one that goes then names the one that stays.
MERGED = frozenset({"Account", "Contact"})


def remove(store: SalesforceStore, kind: SObject, identifier: str, stamps: Row) -> None:
    """Delete a record and what cannot be without it."""
    store.update(kind, identifier, {"IsDeleted": 1} | stamps)
    for way in store.org.children(kind):
        if way.lookup.cascade:
            for child in store.matching(way.child, way.lookup.name, identifier):
                remove(store, way.child, child, stamps)


def restore(store: SalesforceStore, kind: SObject, identifier: str, stamps: Row) -> int:
    """Take a record back, with what was deleted in the same moment; how many records came back."""
    row = store.get(kind, identifier)
    if row is None or not row["IsDeleted"]:
        return 0
    store.update(kind, identifier, {"IsDeleted": 0} | stamps)
    restored = 1
    for way in store.org.children(kind):
        if way.lookup.cascade:
            gone = store.rows(
                f'SELECT "Id" FROM "{way.child.name}" WHERE "{way.lookup.name}" = ? AND "IsDeleted" = 1'
                ' AND "SystemModstamp" = ?',
                [identifier, row["SystemModstamp"]],
            )
            restored += sum(restore(store, way.child, each["Id"], stamps) for each in gone)
    return restored


def move_children(store: SalesforceStore, kind: SObject, duplicate: str, master: str, stamps: Row) -> int:
    """Hang on the master what hangs on the duplicate; how many records moved."""
    moved = 0
    for way in store.org.children(kind):
        for child in store.matching(way.child, way.lookup.name, duplicate):
            store.update(way.child, child, {way.lookup.name: master} | stamps)
            moved += 1
    return moved
