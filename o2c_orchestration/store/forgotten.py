"""Whose personal data are not to come back: what is read or planned of them again is stored without.

A transaction that stores what may be personal asks here first of all: `o2c forget` locks this table before anything
else, so it waits for those that have asked, and those that ask later know of it.
"""

from collections.abc import Iterable
from dataclasses import asdict, replace

from o2c_orchestration.domain import forget
from o2c_orchestration.domain.documents import Command, PlanLine
from o2c_orchestration.store.bulk import Cursor

_CUSTOMERS = ("customer", "stripeCustomer")


def ids(cursor: Cursor, *systems: str) -> frozenset[str]:
    """Ids of these systems (`stripe`, `salesforce`, `netsuite`); of NetSuite its internal ones."""
    cursor.execute("SELECT id FROM o2c.forgotten WHERE system = ANY(%s)", (list(systems),))
    return frozenset(str(row[0]) for row in cursor.fetchall())


def nameless(cursor: Cursor, commands: Iterable[Command]) -> list[Command]:
    """The commands, those that make a forgotten customer without his data: they may have been planned before."""
    gone = ids(cursor, "stripe", "salesforce")
    return [_nameless(each) if each.document in _CUSTOMERS and each.stripe_id in gone else each for each in commands]


def _nameless(made: Command) -> Command:
    found = forget.command(asdict(made), forget.Words())
    lines = tuple(PlanLine(**line) for line in found["lines"])
    return replace(made, body=found["body"], why=found["why"], lines=lines)
