"""Which currencies NetSuite has to know."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import Engine

from o2c_orchestration.store.database import reading_cursor


def needed_currencies(engine: Engine) -> set[str]:
    """Currencies of stored invoices and payments, in small letters."""
    with reading_cursor(engine) as cursor:
        cursor.execute("SELECT DISTINCT currency FROM o2c.invoices UNION SELECT DISTINCT currency FROM o2c.payments")
        return {str(row[0]) for row in cursor.fetchall()}


_ARRIVING = """
SELECT DISTINCT w.payload ->> 'destination', p.currency FROM o2c.payouts p JOIN o2c.stripe_objects w ON w.id = p.id
WHERE w.payload ->> 'destination' = ANY(%s)"""


def arriving(engine: Engine, destinations: Collection[str]) -> Mapping[str, Collection[str]]:
    """In which currencies stored payouts were sent to each of these accounts (`ba_…`), in small letters."""
    found: dict[str, set[str]] = defaultdict(set)
    if destinations:
        with reading_cursor(engine) as cursor:
            cursor.execute(_ARRIVING, (list(destinations),))
            for destination, currency in cursor.fetchall():
                found[destination].add(currency)
    return found
