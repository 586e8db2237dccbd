"""Payouts and their deposits: each document to the bank once, the bank's sum to the cent, nothing on Suspense for long.

What belongs here: rules of one moment over deposits, and what lies on Suspense. A sentence for each breach.
"""

import re
from collections import Counter
from collections.abc import Iterator

from o2c_orchestration_tests.simulation.oracle.books import Books, Document, document_kind, name_of, object_of
from o2c_orchestration_tests.simulation.oracle.differences import code_of, left_of, month_of
from o2c_orchestration_tests.simulation.oracle.memory import Memory
from o2c_orchestration_tests.simulation.oracle.movements import Member
from o2c_orchestration_tests.simulation.oracle.view import Rules

SUSPENSE = "Suspense"
_NAMED = re.compile(r"^(?:txn|po)_\w+")


def deposited_rightly(books: Books, written: list[Document], memory: Memory) -> Iterator[str]:
    """Nothing is deposited twice, and a deposit takes only the documents of its own payout."""
    times = Counter(taken for each in books.documents.values() for taken in each.deposited)
    for identifier, count in sorted(times.items()):
        if count > 1:
            yield f"{_name(books, identifier)} is in {count} deposits"
        if identifier not in books.documents and identifier not in memory.deleted:
            yield f"document {identifier} is deposited and does not exist"
    for document in written:
        if document.kind == "deposit" and document.external_id:
            yield from _of_its_payout(books, document, str(document.external_id))


def _of_its_payout(books: Books, document: Document, key: str) -> Iterator[str]:
    allowed = {member.key for member in _members_of(books, key)}
    for taken in document.deposited:
        ref = books.refs.get(taken)
        if ref is not None and ref not in allowed:
            yield f"{name_of(document)} takes {ref}, which is not in its payout"
    if document.deposited and len(set(document.deposited)) < len(document.deposited):
        yield f"{name_of(document)} takes a document twice"


def _members_of(books: Books, key: str) -> list[Member]:
    """Of a payout all its transactions, of a cleared residual the one."""
    if key.startswith("rc-"):
        return [each for found in books.members.values() for each in found if each.id == object_of(key)]
    return books.members.get(key, [])


def on_suspense(books: Books) -> Iterator[tuple[str, Document, int]]:
    """What deposits hold on Suspense and no later one has cleared: its name, the deposit, minor units."""
    for document in books.documents.values():
        if document.kind != "deposit" or (document.external_id or "").startswith("rc-"):
            continue
        for account, minor, memo in document.postings:
            named = _NAMED.match(memo)
            if account == SUSPENSE and named and not books.there("rc-" + named[0]):
                yield named[0], document, minor


def left_on_suspense(books: Books, memory: Memory, rules: Rules) -> Iterator[str]:
    """Residuals without a reason: the document of the transaction is there, as Stripe has it, and not deposited."""
    deposited = {taken for each in books.documents.values() for taken in each.deposited}
    by_id = {member.id: member for found in books.members.values() for member in found}
    for name, document, minor in on_suspense(books):
        member = by_id.get(name)
        if member is None:
            yield f"{name_of(document)} has {minor} of {name} on Suspense, which is no member of a payout"
        elif member.key is not None:
            for found in books.of(member.key, document_kind(member.key) or "")[:1]:
                as_it_should_be = (found.currency, found.total) == (member.currency, member.amount)
                fit = as_it_should_be and found.id not in memory.touched_ever
                if (fit or _within_budget(books, member, found, document, rules)) and found.id not in deposited:
                    yield f"{name} is still on Suspense, though {name_of(found)} could be deposited"


def _within_budget(books: Books, member: Member, found: Document, deposit: Document, rules: Rules) -> bool:
    """Whether it may be off by what it is off, a person's document or not, and the month of the deposit has as much."""
    off = abs(found.total - abs(member.settled))
    allowed = found.currency == deposit.currency == member.currency and code_of(rules, member, found) is not None
    return allowed and off <= left_of(books, rules, month_of(deposit))


def _name(books: Books, identifier: str) -> str:
    document = books.documents.get(identifier)
    return name_of(document) if document else f"document {identifier}"
