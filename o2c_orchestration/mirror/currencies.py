"""Reads in which currencies customers take documents: a request for each customer, so only where it is in question."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import structlog
from sqlalchemy import Engine

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.domain.errors import ObjectMissing, PermissionDenied, Refused
from o2c_orchestration.store import currencies

log = structlog.get_logger(__name__)


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
        found = dict(zip(customers, pool.map(one, customers), strict=True))
    currencies.keep(engine, {customer: ids for customer, ids in found.items() if ids})
