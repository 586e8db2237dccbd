"""NetSuite documents of objects from before the books: reads of the ledger begin with the books, so they are asked for.

An invoice that was open at the start and is paid now, or a payment that a payout brings only now, may have been booked
by whoever kept the books before. It is adopted like any other document, if it has its Stripe id for an external id.
"""

from sqlalchemy import Engine

from o2c_orchestration.domain.policy_books import Books
from o2c_orchestration.mirror.read import LedgerReader
from o2c_orchestration.store.older import not_looked_up, record_looked_up


def look_up_older(engine: Engine, reader: LedgerReader, books: Books) -> int:
    """Mirror the documents of such objects that nobody has asked for yet; how many were asked for.

    One that is entered in NetSuite later is brought by the reads of what has changed there.
    """
    asked = not_looked_up(engine, books.cut_over)
    if asked:
        reader.read_named(asked)
        record_looked_up(engine, asked)
    return len(asked)
