"""Reads in which currencies customers take documents: a request for each customer, so only where it is in question."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog
from sqlalchemy import Engine

from o2c_orchestration import tracing
from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.domain.errors import ObjectMissing, PermissionDenied, Refused
from o2c_orchestration.mirror import queries
from o2c_orchestration.store import currencies, ledger

log = structlog.get_logger(__name__)


# Oracle takes no more in a list.
_AT_ONCE = 500


def ask_currencies(
    engine: Engine, reader: NetSuiteReader, doubts: Iterable[tuple[str, str]], in_flight: int, *, every: bool
) -> bool:
    """Ask for the currencies of NetSuite customers (internal id, code) where nothing shows that they have this one.

    Where `every` customer counts, of each; else not of those whose own currency it is, which one request tells of
    hundreds. Where NetSuite does not tell that, only of those all of whose documents are in other currencies. Returns
    whether anybody was asked about.
    """
    asked = currencies.unproven(engine, doubts, every=every)
    if asked and not every:
        own = main_currencies(reader, sorted({customer for customer, _, _ in asked}))
        ids = ledger.reference(engine)
        asked = [
            each for each in asked if (each[2] if own is None else own.get(each[0]) != ids.get(("currency", each[1])))
        ]
    if asked:
        read_currencies(engine, reader, sorted({customer for customer, _, _ in asked}), in_flight)
    return bool(asked)


def main_currencies(reader: NetSuiteReader, customers: Sequence[int]) -> dict[int, str] | None:
    """The internal id of each one's own currency; None where NetSuite does not tell."""
    found: dict[int, str] = {}
    try:
        for start in range(0, len(customers), _AT_ONCE):
            rows = reader.suiteql(queries.main_currencies(customers[start : start + _AT_ONCE]))
            found |= {int(row["id"]): str(row.get("currency")) for row in rows}
    except (PermissionDenied, Refused) as error:
        log.warning("the own currencies of customers cannot be read", error=str(error))
        return None
    return found


def read_currencies(engine: Engine, reader: NetSuiteReader, customers: Sequence[int], in_flight: int) -> None:
    """Keep the currencies of these NetSuite customers (internal ids).

    Whose record NetSuite does not show stays unknown: his documents are sent, and NetSuite says what is wrong.
    """

    def one(customer: int) -> list[str]:
        try:
            return reader.customer_currencies(customer)
        except (ObjectMissing, PermissionDenied, Refused) as error:
            log.warning("the currencies of a customer cannot be read", customer=customer, error=str(error))
            return []

    with ThreadPoolExecutor(in_flight, thread_name_prefix="netsuite-currencies") as pool:
        found = dict(zip(customers, pool.map(tracing.carried(one), customers), strict=True))
    currencies.keep(engine, {customer: ids for customer, ids in found.items() if ids})
