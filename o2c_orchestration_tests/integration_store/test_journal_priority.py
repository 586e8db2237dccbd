"""Which documents go first, whichever process intended them."""

from collections.abc import Callable

from sqlalchemy import Engine

from o2c_orchestration.domain.documents import Command
from o2c_orchestration.domain.policy_live import Live
from o2c_orchestration.domain.priority import CHANGE, SWEEP, URGENT, priority_of_change
from o2c_orchestration.store import journal, unsettled
from o2c_orchestration_tests.integration_store.builders import command, journal_id

DOCUMENTS = ("customer", "invoice", "customerPayment")


def intend(engine: Engine, *commands: Command, priority: int = SWEEP) -> None:
    by: Callable[[Command], int] = lambda _: priority  # noqa: E731
    journal.intend(engine, commands, by)


def first(engine: Engine) -> list[int]:
    return journal.first(engine, DOCUMENTS, 100)


def test_what_follows_a_change_goes_before_a_sweep(engine: Engine):
    """Documents of a sweep are not among the first, those of a change are, the urgent ones before the others."""
    intend(engine, command("invoice", "in_sweep"))
    intend(engine, command("invoice", "in_change"), priority=CHANGE)
    intend(engine, command("invoice", "in_urgent"), priority=URGENT)
    assert first(engine) == [journal_id(engine, key) for key in ("in_urgent", "in_change")]
    assert journal.ready(engine, "invoice", 1) == [journal_id(engine, "in_sweep")]


def test_a_customer_goes_before_the_invoice_that_leans_on_it(engine: Engine):
    """Of one urgency in the order of documents, and never before what it needs."""
    intend(engine, command("invoice", "in_1", needs=["cus_1"]), command("customer", "cus_1"), priority=CHANGE)
    assert first(engine) == [journal_id(engine, "cus_1")]


def test_what_waits_for_a_sweep_is_preferred_when_it_changes(engine: Engine):
    """The same document, intended by a backfill that has hours to go, moves up; it never moves down."""
    intend(engine, command("invoice", "in_1"))
    assert first(engine) == []
    intend(engine, command("invoice", "in_1"), priority=CHANGE)
    assert first(engine) == [journal_id(engine, "in_1")]
    intend(engine, command("invoice", "in_1"))
    assert first(engine) == [journal_id(engine, "in_1")]


def test_other_types_than_those_allowed_are_not_first(engine: Engine):
    """A document type that the policy does not let us write does not go first either."""
    intend(engine, command("invoice", "in_1"), priority=URGENT)
    assert journal.first(engine, ("customer",), 100) == []


def test_urgency_is_by_customer_or_amount():
    """As the policy says, in the document's own currency."""
    live = Live(urgent_minor={"usd": 1000}, urgent_customers=("cus_vip",))
    assert priority_of_change(command("invoice", "in_1", amount=999), live) == CHANGE
    assert priority_of_change(command("invoice", "in_1", amount=1000), live) == URGENT
    assert priority_of_change(command("customer", "cus_vip"), live) == URGENT


def test_document_types_with_something_due_in_their_order(engine: Engine):
    """What leans on another document counts, since that may be written first; what waits for its time does not."""
    assert unsettled.due_documents(engine, DOCUMENTS) == []
    intend(engine, command("customerPayment", "ch_1", needs=["cus_1"]), command("customer", "cus_1"))
    intend(engine, command("invoice", "in_1"))
    assert unsettled.due_documents(engine, DOCUMENTS) == ["customer", "invoice", "customerPayment"]
    claim = journal.claim(engine, journal_id(engine, "in_1"), 60)
    assert claim is not None
    journal.record_not_written(engine, claim, "busy", 3600)
    assert unsettled.due_documents(engine, DOCUMENTS) == ["customer", "customerPayment"]
    assert unsettled.due_documents(engine, ("customerPayment",)) == ["customerPayment"]


def test_document_types_of_which_something_is_to_be_tried_again(engine: Engine):
    """Those that were never tried are left out."""
    intend(engine, command("customer", "cus_1"), command("invoice", "in_1"))
    claim = journal.claim(engine, journal_id(engine, "in_1"), 60)
    assert claim is not None
    journal.record_not_written(engine, claim, "busy", 0)
    assert unsettled.due_documents(engine, DOCUMENTS, again=True) == ["invoice"]


def test_a_sweep_takes_nothing_urgent_that_was_never_tried(engine: Engine):
    """Its first are those whose request came to nothing; what is new is for an apply, which plans before."""
    intend(engine, command("invoice", "in_1"), priority=URGENT)
    assert journal.first(engine, DOCUMENTS, 100, again=True) == []
    claim = journal.claim(engine, journal_id(engine, "in_1"), 60)
    assert claim is not None
    journal.record_not_written(engine, claim, "busy", 0)
    assert journal.first(engine, DOCUMENTS, 100, again=True) == [journal_id(engine, "in_1")]
