"""Settled: what must hold once faults have stopped and a bounded time has passed.

What belongs here: every obligation is met or named by an open gap with the right money, every open gap is true, and
nothing is left hanging. Kinds are the accountant's (`expected`); the reason why a document is absent decides its kind.
"""

from collections.abc import Iterator, Mapping, Sequence

from o2c_orchestration_tests.simulation.oracle.adjustments import unseen
from o2c_orchestration_tests.simulation.oracle.books import Books, Receipt, name_of, read
from o2c_orchestration_tests.simulation.oracle.deposits import left_on_suspense
from o2c_orchestration_tests.simulation.oracle.excuses import refused_for_nothing, unfit
from o2c_orchestration_tests.simulation.oracle.expected import ABSENT, Difference, differences
from o2c_orchestration_tests.simulation.oracle.memory import Memory, of
from o2c_orchestration_tests.simulation.oracle.movements import Due
from o2c_orchestration_tests.simulation.oracle.sales import needless
from o2c_orchestration_tests.simulation.oracle.view import Wire, World

# Currencies of payouts for which the simulation's policy names a bank account.
BANKS = ("usd", "eur")
GIVEN_UP = ("refused", "dead", "dropped")
ABOUT_DOCUMENTS = ("duplicate_in_netsuite", "paid_twice", "unlinked_in_netsuite", "missing_in_stripe")


def judge_settled(world: World) -> list[str]:
    """Breaches as sentences, none if all is well. Judge safety first: it reads the diary that this leans on."""
    memory, books, journal = of(world), read(world), [*world.journal(), *world.kept_out()]
    gaps = {_key(row): row for row in world.gaps()}
    books.needless = needless(books, memory) | unseen(books.dues, journal)
    refused = {key for key in books.bills if _cannot_be_booked(key, books, journal, memory)}
    found = differences(books, refused)
    named = {key for each in found for key in _names(each, books, journal, memory)}
    named |= {("sync_failed", stripe_id, None) for stripe_id in _second_given_up(books, journal, memory)}
    return [
        *(breach for each in found for breach in _told(each, found, books, journal, memory, gaps)),
        *(f"false alarm: {_gap(row)}" for key, row in sorted(gaps.items(), key=str) if not _true(key, row, named)),
        *_nothing_hangs(books, journal, memory),
        *_given_up_with_words(journal),
        *refused_for_nothing(books, journal, memory),
        *left_on_suspense(books, memory, world.rules),
        *_left_open(books, journal, memory),
        *_idle_memos(books, journal, memory),
    ]


def _key(row: Wire) -> tuple[str, str | None, str | None]:
    about_document = row["kind"] in ABOUT_DOCUMENTS
    return row["kind"], row["stripe_id"], str(row["netsuite_id"]) if about_document else None


def _cannot_be_booked(bill: str, books: Books, journal: list[Wire], memory: Memory) -> bool:
    absent = not books.of(bill, "invoice")
    return absent and _why_absent(bill, books, journal, memory) in ("given up", "kept out", "unbookable")


def _names(
    difference: Difference, books: Books, journal: list[Wire], memory: Memory
) -> list[tuple[str, str | None, str | None]]:
    """The gaps that may tell of this difference: one, or those that the reason for an absence allows."""
    if difference.kind != ABSENT:
        return [difference.key]
    identifier = str(difference.stripe_id)
    if difference.of:
        return _names_of_movement(books.dues[difference.of], books, journal, memory)
    reason = _why_absent(identifier, books, journal, memory)
    kinds = {
        "given up": ("sync_failed",),
        # Nobody has asked NetSuite, so a payment is missing and no more.
        "kept out": ("payment_missing",) if identifier in books.receipts else ("sync_failed",),
        "removed": ("missing_in_netsuite", "payment_missing"),
        "behind": ("sync_failed", "missing_in_netsuite", "payment_missing"),
        "unbookable": ("sync_failed",),
        "": (),
    }[reason]
    wanted = "payment_missing" if identifier in books.receipts else "missing_in_netsuite"
    return [(kind, identifier, None) for kind in kinds if kind in ("sync_failed", wanted)]


def _names_of_movement(
    due: Due, books: Books, journal: list[Wire], memory: Memory
) -> list[tuple[str, str | None, str | None]]:
    """A document that cannot be written, or that a person took, has one of two names; any other has no excuse."""
    excused = _movement_excused(due.key, books, journal, memory)
    return [(str(due.missing), due.stripe_id, None), ("sync_failed", due.stripe_id, None)] if excused else []


def _idle_memos(books: Books, journal: list[Wire], memory: Memory) -> Iterator[str]:
    """Memos of refunds and disputes that took revenue back, and nobody was paid out of them, without a reason."""
    for key, due in books.dues.items():
        document = next(iter(books.of(key, due.kind)), None) if key.startswith("cm-") else None
        if document is None or document.open == 0 or due.stripe_id in books.bills:
            continue
        if books.there(due.stripe_id) or not _movement_excused(due.stripe_id, books, journal, memory):
            yield f"{name_of(document)} has {document.open} left that nobody was paid out of it"


def _second_given_up(books: Books, journal: list[Wire], memory: Memory) -> Iterator[str]:
    """Objects of which a second document (a memo, an invoice once more) is not there and could not be written."""
    given_up = {row["external_id"] for row in journal if row["state"] in GIVEN_UP}
    for key, due in books.dues.items():
        lost = key != due.stripe_id and not books.there(key)
        if lost and (key in given_up or any(unfit(books, each, memory) for each in due.leans)):
            yield due.stripe_id


def _movement_excused(key: str, books: Books, journal: list[Wire], memory: Memory) -> bool:
    rows = {row["external_id"]: row for row in journal}
    due, row = books.dues[key], rows.get(key)
    if due.kind == "deposit" and due.currency not in BANKS:
        return True
    if any(books.there(each) for each in due.instead):
        return True
    if row is not None and row["state"] in GIVEN_UP:
        return True
    if row is not None and row["state"] == "done" and _person_took(str(row["netsuite_id"]), books, memory):
        return True
    return _behind(row, rows) or any(unfit(books, each, memory) for each in due.leans)


def _left_open(books: Books, journal: list[Wire], memory: Memory) -> Iterator[str]:
    """Invoices that were voided or written off in Stripe and that no memo has closed, without a reason."""
    for bill in books.bills.values():
        closed = bill.status in ("void", "uncollectible") and bill.total > 0
        document = next(iter(books.of(bill.id, "invoice")), None) if closed else None
        if document is None or document.open == 0 or books.there("cm-" + bill.id):
            continue
        given_up = any(row["external_id"] == "cm-" + bill.id and row["state"] in GIVEN_UP for row in journal)
        if not given_up and not unfit(books, bill.id, memory):
            yield f"{bill.id} is {bill.status} and still open in NetSuite, and there is no reason for it"


def _why_absent(identifier: str, books: Books, journal: list[Wire], memory: Memory) -> str:
    """Why an obligation has no document: nothing but these excuses it."""
    rows = {row["external_id"]: row for row in journal}
    row = rows.get(identifier)
    if _unbookable(identifier, books):
        return "unbookable"
    if row is not None and row["state"] in GIVEN_UP:
        return "kept out" if row.get("kept_out") else "given up"
    if row is not None and row["state"] == "done" and _person_took(str(row["netsuite_id"]), books, memory):
        return "removed"
    if _behind(row, rows):
        return "behind"
    receipt = books.receipts.get(identifier)
    return "behind" if receipt is not None and not _can_be_applied(receipt, books, memory) else ""


def _can_be_applied(receipt: Receipt, books: Books, memory: Memory) -> bool:
    """Whether the documents of its invoices could take this payment as they stand; of a sale, if it was not taken."""
    if receipt.sale in memory.sold and not books.there(receipt.sale):
        return False
    return all(
        any(
            (each.currency, books.customers.get(each.customer)) == (receipt.currency, receipt.customer)
            and each.open >= amount
            for key in (bill, "ri-" + bill, "si-" + bill)
            for each in books.of(key, "invoice")[:1]
        )
        for bill, amount in books.claims(receipt).items()
    )


def _unbookable(identifier: str, books: Books) -> bool:
    """NetSuite takes no two ids that differ only in case."""
    twins = [key for key in (*books.bills, *books.receipts) if key.lower() == identifier.lower()]
    return len(twins) > 1


def _person_took(document: str, books: Books, memory: Memory) -> bool:
    """Deleted, or stripped of whatever named the Stripe object."""
    return document in memory.deleted or document in memory.touched_ever


def _behind(row: Wire | None, rows: Mapping[str, Wire]) -> bool:
    """Whether a document waits for another that was given up."""
    if row is None or row["state"] != "intent":
        return False
    states = {other["external_key"]: other for other in rows.values()}
    return _waits(row, states, set())


def _waits(row: Wire, states: Mapping[str, Wire], seen: set[str]) -> bool:
    for key in row["depends_on"] or ():
        other = states.get(key.lower())
        if other is None or key in seen:
            continue
        if other["state"] in GIVEN_UP or (other["state"] == "intent" and _waits(other, states, seen | {key})):
            return True
    return False


def _told(
    difference: Difference,
    found: Sequence[Difference],
    books: Books,
    journal: list[Wire],
    memory: Memory,
    gaps: Mapping[tuple[str, str | None, str | None], Wire],
) -> Iterator[str]:
    names = _names(difference, books, journal, memory)
    if not names:
        yield f"{difference.stripe_id} has no document, and there is no reason for it"
        return
    row = next((gaps[name] for name in names if name in gaps), None)
    if row is None:
        yield f"no open gap says {names[0][0]} for {difference.stripe_id or difference.document}"
        return
    money = row["currency"], row["expected_minor"], row["actual_minor"]
    should = difference.currency, difference.expected, difference.actual
    # Of several documents of one object that cannot be written, one gap tells, with the money of one of them.
    others = (each for each in found if each.kind == ABSENT and each.stripe_id == difference.stripe_id)
    alike = {(each.currency, each.expected, each.actual) for each in others if row["kind"] == "sync_failed"}
    if money != should and money not in alike:
        yield f"{_gap(row)} says {money}, the books say {should}"
    if not (row["reason"] or "").strip():
        yield f"{_gap(row)} has no reason"


def _true(key: tuple[str, str | None, str | None], row: Wire, named: set[tuple[str, str | None, str | None]]) -> bool:
    """Whether the gap tells of a difference that there is. A refused customer owes no document of its own."""
    return key in named or (row["kind"] == "sync_failed" and str(row["stripe_id"]).startswith("cus_"))


def _nothing_hangs(books: Books, journal: list[Wire], memory: Memory) -> Iterator[str]:
    states = {row["external_key"]: row for row in journal}
    for row in journal:
        if row["state"] in ("unknown", "sent"):
            yield f"the journal still has {row['external_key']} as {row['state']}"
        elif row["state"] != "intent" or _waits(row, states, set()):
            continue
        elif states[row["external_key"]]["state"] in GIVEN_UP:
            # It was meant to be written before anybody knew that it cannot be.
            continue
        elif _still_owed(row["external_id"], books, memory):
            yield f"the journal still means to write {row['external_key']}, and nothing is in its way"


def _still_owed(key: str, books: Books, memory: Memory) -> bool:
    """Whether somebody still has to write it: an invoice voided before it was written is left as it is."""
    if key in books.bills:
        return books.bills[key].billed and not books.of(key, "invoice")
    if key in books.receipts:
        receipt = books.receipts[key]
        return receipt.succeeded and _can_be_applied(receipt, books, memory)
    due = books.dues.get(key)
    if due is None or (due.missing is None and due.key == due.stripe_id):
        return False
    # A payment that a person entered brings no sale.
    unneeded = (due.once and not books.there(due.once)) or (key in books.needless and books.there(due.stripe_id))
    if unneeded or books.there(key) or any(unfit(books, each, memory) for each in due.leans):
        return False
    if due.missing is None and due.stripe_id in books.bills:
        bill = books.bills[due.stripe_id]
        return bill.status != "paid" and any(each.open for each in books.of(bill.id, "invoice"))
    # The memo of a refund or dispute is needed as long as that has no document.
    return not books.there(due.stripe_id)


def _given_up_with_words(journal: list[Wire]) -> Iterator[str]:
    for row in journal:
        if row["state"] in ("refused", "dead") and not (row["error_detail"] and row["fix"]):
            yield f"{row['external_key']} was given up as {row['state']} without a reason and what to do"
        if row["state"] == "dropped" and not (row["decided_by"] and row["decision"]):
            yield f"{row['external_key']} was dropped without actor and reason"


def _gap(row: Wire) -> str:
    return f"{row['kind']} of {row['stripe_id'] or 'document ' + str(row['netsuite_id'])}"
