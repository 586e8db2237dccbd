"""Which of NetSuite's customers are not there any more: merged into others, or deleted.

NetSuite tells neither: the record is gone (404 by its id, no row in SuiteQL), and its external id with it. A merger
moves the customer's transactions, and each counts as modified (Oracle's help on merge operations), so our documents
show under whom they are now. Asked for are those alone for whom something is about to be written, and of those of
Stripe's documents only whom no document in the mirror shows to be there.
"""

from collections.abc import Iterable, Mapping

import structlog
from sqlalchemy import Engine

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.domain.deals import AccountRow
from o2c_orchestration.domain.errors import SystemFailure
from o2c_orchestration.domain.vanished import VanishedCustomer
from o2c_orchestration.mirror import queries
from o2c_orchestration.store import whereabouts

log = structlog.get_logger(__name__)
# Oracle takes no more in a list.
_AT_ONCE = 500


def vanished(engine: Engine, reader: NetSuiteReader, accounts: Iterable[AccountRow]) -> dict[str, VanishedCustomer]:
    """Accounts whose NetSuite customer is not there any more. None of them where NetSuite cannot be asked."""
    known = {each.id: each for each in accounts}
    numbers = whereabouts.numbers(engine, known.values())
    return missing(engine, reader, numbers, {key: whereabouts.keys_of(account) for key, account in known.items()})


def missing(
    engine: Engine, reader: NetSuiteReader, numbers: Mapping[str, str], keys: Mapping[str, list[str]]
) -> dict[str, VanishedCustomer]:
    """Those of these customers (whosesoever, by internal id) who are gone; `keys`: what their documents call each."""
    asked = sorted({int(number) for number in numbers.values() if number.isascii() and number.isdigit()})
    try:
        there = _there(reader, asked)
    except SystemFailure as error:
        # What is to be written then finds out by itself, and what needs nothing of NetSuite goes on.
        log.warning("NetSuite's customers cannot be looked for", error=str(error))
        return {}
    gone = {whose: number for whose, number in numbers.items() if number.isdigit() and int(number) not in there}
    return {
        whose: VanishedCustomer(number, whereabouts.holder(engine, keys[whose], number))
        for whose, number in gone.items()
    }


def unseen(engine: Engine, reader: NetSuiteReader, customers: Mapping[str, str]) -> dict[str, VanishedCustomer]:
    """As `missing`, of customers of Stripe's documents by their key: asked for are those whom no document shows."""
    numbers = whereabouts.unproven(engine, customers)
    return missing(engine, reader, numbers, {key: [key] for key in numbers}) if numbers else {}


def _there(reader: NetSuiteReader, numbers: list[int]) -> set[int]:
    found: set[int] = set()
    for start in range(0, len(numbers), _AT_ONCE):
        found |= {int(row["id"]) for row in reader.suiteql(queries.customers_there(numbers[start : start + _AT_ONCE]))}
    return found
