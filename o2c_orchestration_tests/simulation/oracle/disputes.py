"""Money of disputes that came back: revenue first, as it was taken, and on the lines that were, if the company says so.

What belongs here: rules over the memo `cm-` of a dispute, and the invoice `ri-` and payment `rp-` that give it back.
"""

from collections.abc import Iterator

from o2c_orchestration_tests.simulation.oracle.books import Books, Document, name_of
from o2c_orchestration_tests.simulation.oracle.memory import Memory
from o2c_orchestration_tests.simulation.oracle.view import Rules


def _standing(books: Books, written: list[Document], memory: Memory, head: str) -> Iterator[tuple[str, Document]]:
    """Dispute and document of the disputes' documents that begin like this and that nobody had a hand in."""
    for document in written:
        key = str(document.external_id)
        if (
            key.startswith((head + "dp_", head + "du_"))
            and key in books.dues
            and document.id not in memory.touched_ever
        ):
            yield key.removeprefix(head), document


def _only(books: Books, key: str, kind: str, memory: Memory) -> Document | None:
    """The document of a key, unless a person had a hand in it, or in one that was there."""
    return next((each for each in books.of(key, kind) if each.id not in memory.touched_ever), None)


def restored_as_taken(books: Books, written: list[Document], memory: Memory) -> Iterator[str]:
    """Of what came back, as much is invoiced again as the memo took, and the payment pays that and no more."""
    for dispute, payment in _standing(books, written, memory, "rp-"):
        memo = _only(books, "cm-" + dispute, "creditMemo", memory)
        invoice = _only(books, "ri-" + dispute, "invoice", memory)
        # What is not there may be one of those that somebody deleted.
        if memo is None or (invoice is None and memory.deleted):
            continue
        owed, restored = min(memo.total, payment.total), invoice.total if invoice else 0
        if restored != owed:
            yield f"{name_of(payment)} brought {payment.total} back, {owed} of it revenue, and {restored} is invoiced"
        elif invoice is not None and payment.applied.get(invoice.id) != owed:
            yield f"{name_of(payment)} does not pay {name_of(invoice)}"


def lines_as_taken(books: Books, written: list[Document], memory: Memory, rules: Rules) -> Iterator[str]:
    """The tax that a dispute takes, and gives back: none of it in one line, that of its invoice by lines."""
    for dispute, memo in _standing(books, written, memory, "cm-"):
        tax = _tax_of_all(books, dispute, memo, memory)
        if not rules.as_refunds and memo.tax:
            yield f"{name_of(memo)} takes {abs(memo.tax)} of tax back, and disputes are one line here"
        elif rules.as_refunds and tax is not None and abs(memo.tax) != tax:
            yield f"{name_of(memo)} takes all of its invoice back, and {abs(memo.tax)} of {tax} tax"
        invoice = _only(books, "ri-" + dispute, "invoice", memory)
        # In proportion, and no line is off by a whole minor unit.
        if invoice and abs(invoice.tax * memo.total - abs(memo.tax) * invoice.total) >= memo.total:
            yield f"{name_of(invoice)} restores {invoice.tax} of tax, of {abs(memo.tax)} that {name_of(memo)} took"


def _tax_of_all(books: Books, dispute: str, memo: Document, memory: Memory) -> int | None:
    """The tax of the invoice that a dispute took all of; None where it is not so, or cannot be told from here."""
    charge = books.charge_of.get(dispute)
    receipt = books.receipts.get(charge or "")
    if receipt is None or len(receipt.pays) != 1:
        return None
    [(name, paid)] = receipt.pays.items()
    bill, document = books.bills[name], next(iter(books.of(name, "invoice")), None)
    whole = memo.total == receipt.amount == paid == bill.total
    touched = document is None or document.id in memory.touched_ever
    if not whole or touched or _otherwise(books, name, receipt.id, dispute):
        return None
    return bill.tax


def _otherwise(books: Books, bill: str, charge: str, dispute: str) -> bool:
    """Whether anything else was taken of the invoice or its charge: a credit note, a refund, a customer's balance."""
    others = (due for due in books.dues.values() if due.stripe_id not in (dispute, bill))
    noted = any(bill in due.leans or charge in due.leans for due in others)
    return noted or any(key in books.dues for key in ("cb-" + bill, "bi-" + bill, "cm-" + bill))
