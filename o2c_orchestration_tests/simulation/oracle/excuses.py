"""What may stand in the way of a document in NetSuite: a refusal that nothing in the world explains is a breach.

What belongs here: obstacles that the books and the diary show. Not what the product says about them.
"""

from calendar import month_abbr
from collections.abc import Iterator
from datetime import date

from o2c_orchestration_tests.simulation.oracle.books import Books, document_kind, object_of
from o2c_orchestration_tests.simulation.oracle.memory import Memory
from o2c_orchestration_tests.simulation.oracle.view import Wire


def refused_for_nothing(books: Books, journal: list[Wire], memory: Memory) -> Iterator[str]:
    """Rows that NetSuite is said to have refused, though nobody put anything in their way."""
    for row in journal:
        if row["state"] == "refused" and not in_the_way(books, str(row["external_id"]), memory):
            yield f"{row['external_key']} was refused ({row['error_detail']}), and nothing was in its way"


def in_the_way(books: Books, key: str, memory: Memory) -> bool:
    """Whether anything that a person did, or that the books cannot take, stands in the way of this document."""
    if key in books.bills:
        bill = books.bills[key]
        return bill.date is None or _closed(bill.date, memory) or _customer(books, bill.customer, memory)
    if key in books.receipts:
        receipt = books.receipts[key]
        touched = any(_touched(books, paid, memory) for paid in receipt.pays)
        touched = touched or (receipt.sale in books.dues and unfit(books, receipt.sale, memory))
        return touched or _closed(receipt.date, memory) or _customer(books, receipt.customer, memory)
    due = books.dues.get(key)
    if due is None:
        return False
    if any(_closed(day, memory) for day in due.dates) or _customer(books, due.customer, memory):
        return True
    leans = [*due.leans, *(each.key for each in books.members.get(object_of(key), []) if each.key)]
    return any(unfit(books, each, memory) or in_the_way(books, each, memory) for each in leans)


def unfit(books: Books, key: str, memory: Memory) -> bool:
    """Whether a document that another one leans on is gone, or somebody had his hands on it or what is applied to it.

    Whether one that is gone has a reason for that is another question: see `settled`.
    """
    if key in books.bills:
        return _touched(books, key, memory)
    documents = {each.id for each in books.of(key, document_kind(key) or "")}
    return not documents or bool(documents & memory.touched_ever)


def _closed(day: date, memory: Memory) -> bool:
    return f"{month_abbr[day.month]} {day.year}" in memory.periods_closed


def _customer(books: Books, customer: str, memory: Memory) -> bool:
    """Made inactive at some time, or billed in a currency that NetSuite was not told of when it was made."""
    stopped = any(books.customers.get(each) == customer for each in memory.customers_stopped)
    asked = [*books.bills.values(), *books.receipts.values()]
    return stopped or len({each.currency for each in asked if each.customer == customer}) > 1


def _touched(books: Books, bill: str, memory: Memory) -> bool:
    """An invoice that somebody edited, took payments off, or entered may no longer take the payment.

    Nor may one that the memo of a voided credit note still takes a part of.
    """
    documents = {each.id for each in books.of(bill, "invoice")}
    payers = {each.id for each in books.documents.values() if documents & each.applied.keys()}
    void = any(books.dues[ref].void for ref in (books.refs.get(payer) for payer in payers) if ref in books.dues)
    return not documents or void or bool((documents | payers) & memory.touched_ever)
