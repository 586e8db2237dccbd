"""What may stand in the way of a document in NetSuite: a refusal that nothing in the world explains is a breach.

What belongs here: obstacles that the books and the diary show. Not what the product says about them.
"""

from calendar import month_abbr
from collections.abc import Iterator
from datetime import date

from o2c_orchestration_tests.simulation.oracle.books import Books
from o2c_orchestration_tests.simulation.oracle.memory import Memory
from o2c_orchestration_tests.simulation.oracle.view import Wire


def refused_for_nothing(books: Books, journal: list[Wire], memory: Memory) -> Iterator[str]:
    """Rows that NetSuite is said to have refused, though nobody put anything in their way."""
    for row in journal:
        if row["state"] == "refused" and not _obstacle(books, str(row["stripe_id"]), memory):
            yield f"{row['external_key']} was refused ({row['error_detail']}), and nothing was in its way"


def _obstacle(books: Books, stripe_id: str, memory: Memory) -> bool:
    if stripe_id in books.bills:
        bill = books.bills[stripe_id]
        return bill.date is None or _closed(bill.date, memory) or _customer(books, bill.customer, memory)
    if stripe_id in books.receipts:
        receipt = books.receipts[stripe_id]
        touched = any(_touched(books, paid, memory) for paid in receipt.pays)
        return touched or _closed(receipt.date, memory) or _customer(books, receipt.customer, memory)
    return False


def _closed(day: date, memory: Memory) -> bool:
    return f"{month_abbr[day.month]} {day.year}" in memory.periods_closed


def _customer(books: Books, customer: str, memory: Memory) -> bool:
    """Made inactive at some time, or billed in a currency that NetSuite was not told of when it was made."""
    stopped = any(books.customers.get(each) == customer for each in memory.customers_stopped)
    return stopped or len({bill.currency for bill in books.bills.values() if bill.customer == customer}) > 1


def _touched(books: Books, bill: str, memory: Memory) -> bool:
    """An invoice that somebody edited, took payments off, or entered may no longer take the payment."""
    documents = {each.id for each in books.of(bill, "invoice")}
    payers = {each.id for each in books.documents.values() if documents & each.applied.keys()}
    return not documents or bool((documents | payers) & memory.touched_ever)
