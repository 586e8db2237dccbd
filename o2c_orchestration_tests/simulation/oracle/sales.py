"""Charges without an invoice: when the invoice of a sale is owed, and what it is paid by; when money is a deposit.

What belongs here: rules over `si-` documents, and over what kind of record such a payment is. The sale comes with its
payment, so a payment that a person entered by hand brings none; one that stood once is missed, whatever becomes of its
payment.
"""

from collections.abc import Iterator

from o2c_orchestration_tests.simulation.oracle.books import Books, Document, name_of
from o2c_orchestration_tests.simulation.oracle.memory import Memory
from o2c_orchestration_tests.simulation.oracle.view import Rules


def remember_sales(books: Books, memory: Memory) -> None:
    """Take in which sales stand now."""
    memory.sold |= {ref for ref in books.refs.values() if ref.startswith("si-")}


def needless(books: Books, memory: Memory) -> set[str]:
    """Keys of sales that nobody misses."""
    return {
        receipt.sale
        for receipt in books.receipts.values()
        if receipt.sale in books.dues and receipt.sale not in memory.sold and not _written(books, receipt.id, memory)
    }


def _written(books: Books, charge: str, memory: Memory) -> bool:
    """Whether its payment is there, and not by a person."""
    return any(each.id not in memory.entered for each in books.of(charge, "customerPayment"))


def owed_as_decided(books: Books, written: list[Document], rules: Rules) -> Iterator[str]:
    """A payment of ours is a customer deposit where it pays no invoice and the company has it so, and nowhere else."""
    for document in written:
        receipt = books.receipts.get(str(document.external_id))
        if receipt is None or document.kind != "customerPayment":
            continue
        if document.owed != (rules.deposits and not receipt.pays):
            yield f"{name_of(document)} is {'a' if document.owed else 'no'} customer deposit"


def paid_by_its_payment(books: Books, written: list[Document], memory: Memory) -> Iterator[str]:
    """A sale that stands is paid by its payment, unless a person had a hand in either."""
    for document in written:
        receipt = books.receipts.get(str(document.external_id))
        if receipt is None or document.kind != "customerPayment" or document.id in memory.touched_ever:
            continue
        for sale in books.of(receipt.sale, "invoice")[:1]:
            if document.applied.get(sale.id) != receipt.amount and sale.id not in memory.touched_ever:
                yield f"{name_of(document)} does not pay {name_of(sale)}"
