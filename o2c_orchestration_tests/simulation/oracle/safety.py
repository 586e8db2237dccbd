"""Safety: what must hold after every step, whatever has failed and whatever is still under way.

What belongs here: rules over the books of one moment and over two moments. A sentence for each breach.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from o2c_orchestration_tests.simulation.oracle.books import Books, Document, document_kind, name_of, read
from o2c_orchestration_tests.simulation.oracle.deposits import deposited_rightly
from o2c_orchestration_tests.simulation.oracle.differences import differences_allowed
from o2c_orchestration_tests.simulation.oracle.disputes import lines_as_taken, restored_as_taken
from o2c_orchestration_tests.simulation.oracle.memory import Memory, of
from o2c_orchestration_tests.simulation.oracle.movements import Due
from o2c_orchestration_tests.simulation.oracle.sales import owed_as_decided, paid_by_its_payment, remember_sales
from o2c_orchestration_tests.simulation.oracle.view import Wire, World

# A read, a plan and a send may each have begun before an invoice was voided; what appears later is a mistake.
VOID_KNOWN_SECONDS = 26 * 3600


def judge_safety(world: World) -> list[str]:
    """Breaches as sentences, none if all is well. Call it after every step, with the same world object."""
    memory, books, journal = of(world), read(world), list(world.journal())
    memory.read_diary(world.history)
    written = _written(books, memory)
    breaches = [
        *_one_document_each(books, written, memory),
        *_something_to_book(books, written, memory, world.now),
        *_as_stripe_says(books, written, memory),
        *_movements_as_stripe_says(books, written, memory),
        *owed_as_decided(books, written, world.rules),
        *paid_by_its_payment(books, written, memory),
        *restored_as_taken(books, written, memory),
        *lines_as_taken(books, written, memory, world.rules),
        *differences_allowed(books, written, world.rules),
        *_applied_within(books),
        *_balanced(books),
        *deposited_rightly(books, written, memory),
        *_left_alone(books, memory),
        *_journal_kept(journal, memory),
        *_journal_true(books, journal, memory),
    ]
    _remember(books, journal, memory)
    remember_sales(books, memory)
    return breaches


def _written(books: Books, memory: Memory) -> list[Document]:
    """The documents that no person entered: the product did."""
    return [each for each in books.documents.values() if each.id not in memory.entered]


def _one_document_each(books: Books, written: list[Document], memory: Memory) -> Iterator[str]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for document in written:
        name = document.external_id or books.refs.get(document.id)
        if name is None and document.id not in memory.touched_ever:
            yield f"{name_of(document)} was written without a Stripe id"
        elif name is not None:
            found[document.kind, name.lower()].append(document.id)
    for identifier, external_id in books.customers.items():
        if external_id is not None:
            found["customer", external_id.lower()].append(identifier)
    for (kind, name), ids in sorted(found.items()):
        if len(ids) > 1:
            yield f"{kind} {name} was written {len(ids)} times: {', '.join(sorted(ids))}"


def _something_to_book(books: Books, written: list[Document], memory: Memory, now: float) -> Iterator[str]:
    for document in written:
        name = document.external_id
        if name is None:
            continue
        if document_kind(name) != document.kind:
            yield f"{name_of(document)} carries {name}, which is no {document.kind}"
        elif not books.known(name):
            yield f"{name_of(document)} was written for {name}, which Stripe does not have"
        elif name in books.bills:
            yield from _never_billed(books, document, memory, now)
        elif name in books.receipts:
            if not books.receipts[name].succeeded:
                yield f"{name_of(document)} was written for a charge that did not succeed"
        elif name not in books.dues:
            yield f"{name_of(document)} was written, and nothing in Stripe asks for it"
    for identifier, external_id in books.customers.items():
        ours = external_id is not None and external_id.startswith("cus_") and identifier not in memory.entered
        if ours and external_id not in books.stripe_customers:
            yield f"customer {identifier} was written for {external_id}, which Stripe does not have"


def _never_billed(books: Books, document: Document, memory: Memory, now: float) -> Iterator[str]:
    bill = books.bills[str(document.external_id)]
    if bill.status == "draft":
        yield f"{name_of(document)} was written for a draft"
    long_ago = bill.voided_at is not None and now - bill.voided_at > VOID_KNOWN_SECONDS
    if bill.status == "void" and long_ago and document.id not in memory.seen_ids:
        yield f"{name_of(document)} was written for an invoice that had long been void"


def _as_stripe_says(books: Books, written: list[Document], memory: Memory) -> Iterator[str]:
    for document in written:
        nothing_to_say = document.external_id is None or document.id in memory.touched_ever
        if nothing_to_say or books.is_draft(str(document.external_id)):
            continue
        for what, is_, should in _facts(books, document):
            if is_ != should:
                yield f"{name_of(document)}: {what} is {is_}, Stripe says {should}"
        if document.kind == "customerPayment" and document.external_id in books.receipts:
            yield from _applied_as_stripe_says(books, document)


def _facts(books: Books, document: Document) -> Iterator[tuple[str, object, object]]:
    name = str(document.external_id)
    customer = books.customers.get(document.customer)
    if document.kind == "invoice" and name in books.bills:
        bill = books.bills[name]
        yield from (("total", document.total, bill.total), ("tax", document.tax, bill.tax))
        yield from (("currency", document.currency, bill.currency), ("date", document.date, bill.date))
        yield "customer", customer, bill.customer
    elif document.kind == "customerPayment" and name in books.receipts:
        receipt = books.receipts[name]
        yield from (("amount", document.total, receipt.amount), ("currency", document.currency, receipt.currency))
        yield from (("date", document.date, receipt.date), ("customer", customer, receipt.customer))


def _applied_as_stripe_says(books: Books, document: Document) -> Iterator[str]:
    receipt, paid = books.receipts[str(document.external_id)], Counter[str]()
    claims = books.claims(receipt)
    for target, amount in document.applied.items():
        invoice = books.stands_for(target)
        # The invoice lost its name, or went: that is a person's doing and shows as a gap.
        if invoice is not None:
            paid[invoice] += amount
    for invoice, amount in paid.items():
        # A debt that is collected with it has an invoice of its own, which a person may take away.
        split = "bi-" + invoice in books.dues
        if amount > claims.get(invoice, 0) or (amount != claims.get(invoice) and not split):
            yield f"{name_of(document)} pays {amount} of {invoice}, Stripe says {claims.get(invoice, 0)}"


def _movements_as_stripe_says(books: Books, written: list[Document], memory: Memory) -> Iterator[str]:
    """Credit memos, refunds, deposits and all documents of a second thing that happened to an object."""
    for document in written:
        due = books.dues.get(str(document.external_id))
        if due is None or due.kind != document.kind or document.id in memory.touched_ever:
            continue
        customer = "None" if due.customer == "None" else books.customers.get(document.customer)
        facts = (("currency", document.currency, due.currency), ("customer", customer, due.customer))
        for what, is_, should in facts:
            if is_ != should:
                yield f"{name_of(document)}: {what} is {is_}, Stripe says {should}"
        if document.date not in due.dates:
            yield f"{name_of(document)}: date is {document.date}, Stripe says {', '.join(map(str, due.dates))}"
        if not due.least <= document.total <= due.most:
            yield f"{name_of(document)}: total is {document.total}, Stripe says {due.most}"
        yield from _applied_as_due(books, document, due)


def _applied_as_due(books: Books, document: Document, due: Due) -> Iterator[str]:
    """A memo takes only what it is for, and a refund gives back all of itself, out of what there is for it."""
    if document.kind == "customerRefund" and sum(document.applied.values()) != document.total:
        yield f"{name_of(document)} of {document.total} pays back {sum(document.applied.values())}"
    if due.applied_to is None:
        return
    for target, amount in document.applied.items():
        key = books.refs.get(target)
        if key is not None and amount > due.applied_to.get(key, 0):
            yield f"{name_of(document)} is applied to {key} for {amount}, at most {due.applied_to.get(key, 0)} is right"
    if due.key.startswith("cn_") and set(due.applied_to.values()) - set(document.applied.values()):
        yield f"{name_of(document)} is not applied to what it takes back: {dict(document.applied)}"


def _applied_within(books: Books) -> Iterator[str]:
    received: Counter[str] = Counter()
    for document in books.documents.values():
        given = sum(document.applied.values())
        if given > document.total or min(document.applied.values(), default=0) < 0:
            yield f"{name_of(document)} of {document.total} is applied for {given}"
        received.update(document.applied)
    for target, amount in received.items():
        if target in books.documents and amount > books.documents[target].total:
            yield f"{name_of(books.documents[target])} of {books.documents[target].total} has {amount} applied to it"


def _balanced(books: Books) -> Iterator[str]:
    """Receivable per currency: what invoices debit less what payments and memos applied to them credit is open.

    A payment or memo is open by what neither an invoice nor a refund has taken of it.
    """
    debit: Counter[str] = Counter()
    credit: Counter[str] = Counter()
    open_: Counter[str] = Counter()
    paid_back = Counter[str]()
    for document in books.documents.values():
        if document.kind == "customerRefund":
            paid_back.update(document.applied)
    for document in books.documents.values():
        applied = sum(document.applied.values())
        if document.kind == "invoice":
            debit[document.currency] += document.total
            open_[document.currency] += document.open
        elif document.kind in ("customerPayment", "creditMemo"):
            credit[document.currency] += applied
            left = document.total - applied - paid_back[document.id]
            if left != document.open:
                yield f"{name_of(document)}: {document.total} less {applied} applied is not {document.open}"
    for currency in sorted(debit | credit | open_):
        if debit[currency] - credit[currency] != open_[currency]:
            sides = f"{debit[currency]} invoiced less {credit[currency]} applied"
            yield f"receivable in {currency}: {sides} is not {open_[currency]} open"


def _left_alone(books: Books, memory: Memory) -> Iterator[str]:
    """Nobody but a person changes or removes a document once it stands."""
    for identifier, before in memory.documents.items():
        now = books.documents.get(identifier)
        if identifier in memory.touched_now or identifier in memory.deleted:
            continue
        if now is None:
            yield f"{name_of(before)} vanished, and nobody deleted it"
        elif now.own != before.own:
            yield f"{name_of(before)} was changed from {before.own} to {now.own}, and no person did"


def _journal_kept(journal: list[Wire], memory: Memory) -> Iterator[str]:
    now = {str(row["external_key"]): row for row in journal}
    if len(now) != len(journal):
        yield "two rows of the journal have one key"
    for key, before in memory.journal.items():
        row = now.get(key)
        if row is None:
            yield f"the journal lost {key}, which was {before['state']}"
        elif before["state"] == "done" and (row["state"], row["netsuite_id"]) != ("done", before["netsuite_id"]):
            yield f"the journal took back {key}: done as {before['netsuite_id']}, now {row['state']}"


def _journal_true(books: Books, journal: list[Wire], memory: Memory) -> Iterator[str]:
    """What is done names a document that is there, or was."""
    existed = memory.seen_ids | memory.deleted | books.documents.keys() | books.customers.keys()
    taken: Counter[tuple[str, str]] = Counter()
    for row in journal:
        if row["state"] != "done":
            continue
        identifier, key = str(row["netsuite_id"]), str(row["external_key"])
        taken[row["document"], identifier] += 1
        if identifier not in existed:
            yield f"the journal says that {key} is document {identifier}, which never existed"
        yield from _wrong_document(books, row, identifier, memory)
    for (kind, identifier), count in taken.items():
        if count > 1:
            yield f"the journal names {kind} {identifier} for {count} Stripe objects"


def _wrong_document(books: Books, row: Wire, identifier: str, memory: Memory) -> Iterator[str]:
    document = books.documents.get(identifier)
    if row["document"] == "customer" or document is None or identifier in memory.touched_ever:
        return
    if document.kind != row["document"] or (document.external_id or "").lower() != row["external_key"]:
        yield f"the journal says that {row['external_key']} is {name_of(document)}, which is another one"


def _remember(books: Books, journal: list[Wire], memory: Memory) -> None:
    memory.documents = books.documents
    memory.seen_ids |= books.documents.keys() | books.customers.keys()
    memory.journal = {str(row["external_key"]): dict(row) for row in journal}
