"""Documents that are not quite what Stripe settled: in a deposit with a line for what they are off, within a budget.

What belongs here: what a company has allowed (`Rules`), against the lines of deposits. Amounts are minor units.
"""

from collections import Counter
from collections.abc import Iterator

from o2c_orchestration_tests.simulation.oracle.books import Books, Document, document_kind, name_of, scale_of
from o2c_orchestration_tests.simulation.oracle.movements import Member
from o2c_orchestration_tests.simulation.oracle.view import Rules

Month = tuple[int, int, str]
_WORD = " difference: "


def code_of(rules: Rules, member: Member, document: Document) -> str | None:
    """What a document is off by, in the company's words; None where that is not allowed, or it is not off."""
    off = document.total - abs(member.settled)
    if rules.differences is None or not off or abs(member.settled) != member.amount:
        return None
    # Of three decimals Stripe rounds the last.
    if abs(off) <= (10 if scale_of(member.currency) == 1000 else 1):
        return "rounding"
    return "fee" if rules.net_of_fee and off == -member.fee else None


def spent(books: Books, rules: Rules) -> Counter[Month]:
    """What the deposits of each month and currency hold on the account of differences, without a sign."""
    found: Counter[Month] = Counter()
    for document in books.documents.values():
        lines = [minor for account, minor, _ in document.postings if account == rules.differences]
        if document.kind == "deposit":
            found[month_of(document)] += sum(map(abs, lines))
    return found


def month_of(document: Document) -> Month:
    """The month and currency of a document."""
    return document.date.year, document.date.month, document.currency


def left_of(books: Books, rules: Rules, month: Month) -> int:
    """What is left of a month's budget."""
    return rules.budget.get(month[2], 0) - spent(books, rules)[month]


def differences_allowed(books: Books, written: list[Document], rules: Rules) -> Iterator[str]:
    """Each such line is of a document of its own deposit, as much as that is off, and of a kind that is allowed."""
    by_id = {member.id: member for found in books.members.values() for member in found}
    for document in written:
        for account, minor, memo in document.postings if document.kind == "deposit" else ():
            if account == rules.differences or _WORD in memo:
                yield from _line(books, document, minor, memo, by_id.get(memo.partition(_WORD)[0]), rules)
    for month, minor in sorted(spent(books, rules).items()):
        if minor > rules.budget.get(month[2], 0):
            yield f"differences of {minor} in {month}, and {rules.budget.get(month[2], 0)} is the budget"


def _line(books: Books, deposit: Document, minor: int, memo: str, member: Member | None, rules: Rules) -> Iterator[str]:
    found = books.of(member.key, document_kind(member.key) or "")[:1] if member and member.key else []
    if member is None or not found or found[0].id not in deposit.deposited:
        yield f"{name_of(deposit)} has a difference {memo!r} of nothing that it takes"
        return
    sign = 1 if member.settled > 0 else -1
    if minor != member.settled - sign * found[0].total:
        yield f"{name_of(deposit)} has a difference of {minor}, {name_of(found[0])} says {found[0].total}"
    code = code_of(rules, member, found[0])
    if code is None or memo.partition(_WORD)[2] != code:
        yield f"{name_of(deposit)} says {memo!r} of {name_of(found[0])}, which is {code or 'nothing that is allowed'}"
