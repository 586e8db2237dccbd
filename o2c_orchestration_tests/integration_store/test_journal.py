"""The journal of writes against a real PostgreSQL: intent, lease, fencing, outcome, people's decisions."""

import threading
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from o2c_orchestration.domain.documents import Command
from o2c_orchestration.store import journal, letters, unsettled
from o2c_orchestration.store.written import counts_by_document
from o2c_orchestration_tests.integration_store.builders import command, journal_id, state_of

LEASE = 60.0
ALL = ["intent", "sent", "unknown", "done", "refused", "dead", "dropped"]


def intend(engine: Engine, *commands: Command) -> int:
    return journal.intend(engine, commands)


def claimed(engine: Engine, key: str) -> journal.Claim:
    claim = journal.claim(engine, journal_id(engine, key), LEASE)
    assert claim is not None
    return claim


def done(engine: Engine, *keys: str) -> None:
    for number, key in enumerate(keys):
        intend(engine, command("customer" if key.startswith("cus") else "invoice", key))
        assert journal.record_done(engine, claimed(engine, key), 100 + number, adopted=False)


def refused(engine: Engine, key: str, amount: int = 100) -> None:
    intend(engine, command("invoice", key, amount=amount))
    assert journal.record_refused(engine, claimed(engine, key), "USER_ERROR", "period is closed", "open it")


def history(engine: Engine, key: str) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        found = connection.execute(
            text(
                "SELECT h.state, h.note FROM o2c.journal_history h JOIN o2c.journal j ON j.id = h.journal_id "
                "WHERE j.external_id = :key ORDER BY h.at, h.ctid"
            ),
            {"key": key},
        )
        return [(row[0], row[1]) for row in found]


def sql(engine: Engine, statement: str, **values: Any) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement), values)


def dirty(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.execute(text("SELECT key FROM o2c.dirty")).scalars())


def test_intending_twice_is_intending_once(engine):
    """The same command again, or the same document under another case of its id, makes no second row."""
    assert 2 == intend(engine, command("invoice", "in_A"), command("invoice", "in_2"))
    assert 0 == intend(engine, command("invoice", "in_A"), command("invoice", "in_2"))
    assert 0 == intend(engine, command("invoice", "in_a"))
    assert {"intent": 2} == journal.counts(engine)


def test_a_command_that_comes_twice_is_one_intent(engine):
    """A customer is planned with the documents of each span of days that lean on it."""
    assert intend(engine, command("customer", "cus_1"), command("invoice", "in_1"), command("customer", "cus_1")) == 2


def test_a_command_comes_back_as_it_was_planned(engine):
    """What a worker claims is the command, down to its digest."""
    planned = command("invoice", "in_1", needs=["cus_1"])
    done(engine, "cus_1")
    intend(engine, planned)
    claim = claimed(engine, "in_1")
    assert planned == claim.command
    assert planned.digest == claim.command.digest
    assert 1 == claim.attempts


def test_one_worker_gets_an_intent(engine):
    """Of eight workers that reach for one row at once, exactly one may send."""
    intend(engine, command("invoice", "in_1"))
    number = journal_id(engine, "in_1")
    claims: list[Any] = []
    start = threading.Barrier(8)

    def reach() -> None:
        start.wait()
        claims.append(journal.claim(engine, number, LEASE))

    threads = [threading.Thread(target=reach) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 8 == len(claims)
    assert 1 == len([claim for claim in claims if claim])
    assert "sent" == state_of(engine, "in_1")


def test_sent_is_on_record_before_the_answer(engine):
    """After the claim a second connection sees `sent`: a crash from here on leaves a row that tells of it."""
    intend(engine, command("invoice", "in_1"))
    claimed(engine, "in_1")
    assert ["in_1"] == [entry.external_id for entry in journal.entries(engine, ["sent"])]
    assert journal.claim(engine, journal_id(engine, "in_1"), LEASE) is None


@pytest.mark.parametrize(
    "record",
    [
        lambda engine, claim: journal.record_done(engine, claim, 7, adopted=False),
        lambda engine, claim: journal.record_refused(engine, claim, "X", "no", "fix"),
        lambda engine, claim: journal.record_unknown(engine, claim, "timeout", 0),
        lambda engine, claim: journal.record_not_written(engine, claim, "429", 0),
        lambda engine, claim: journal.record_dead(engine, claim, "no", "fix"),
    ],
    ids=["done", "refused", "unknown", "not written", "dead"],
)
def test_a_stale_token_records_nothing(engine, record):
    """A worker that lost its lease to another can change neither state nor history, whatever it has to say."""
    intend(engine, command("invoice", "in_1"))
    stale = claimed(engine, "in_1")
    [fresh] = journal.claim_unknown(engine, 10, LEASE, takeover=True)
    before = (history(engine, "in_1"), journal.entries(engine, ALL))
    assert record(engine, stale) is False
    assert before == (history(engine, "in_1"), journal.entries(engine, ALL))
    assert record(engine, fresh) is True
    assert record(engine, fresh) is False


def test_every_claim_has_a_token_of_its_own(engine):
    """Tokens only grow, over rows and over claims of one row."""
    intend(engine, command("invoice", "in_1"), command("invoice", "in_2"))
    tokens = [claimed(engine, "in_1").token, claimed(engine, "in_2").token]
    tokens += [claim.token for claim in journal.claim_unknown(engine, 10, LEASE, takeover=True)]
    assert sorted(set(tokens)) == tokens


def test_a_running_lease_is_left_alone(engine):
    """Only a lease that ran out makes a sent row's outcome unknown; then it is looked up, never sent again."""
    intend(engine, command("invoice", "in_1"))
    claimed(engine, "in_1")
    assert [] == journal.claim_unknown(engine, 10, LEASE)
    sql(engine, "UPDATE o2c.journal SET lease_until = clock_timestamp() - interval '1 second'")
    [claim] = journal.claim_unknown(engine, 10, LEASE)
    assert ("in_1", "unknown") == (claim.command.external_id, state_of(engine, "in_1"))
    assert [] == journal.ready(engine, "invoice", 10)


def test_the_holder_of_the_writer_lock_takes_over_at_once(engine):
    """With `takeover` a sent row is looked up without waiting for its lease."""
    intend(engine, command("invoice", "in_1"))
    claimed(engine, "in_1")
    assert 1 == len(journal.claim_unknown(engine, 10, LEASE, takeover=True))
    # Now the look-up holds a lease of its own: nobody else looks up the same row meanwhile.
    assert [] == journal.claim_unknown(engine, 10, LEASE)


def test_an_unknown_outcome_is_looked_up_when_it_is_due(engine):
    """Not before its time, and not by two workers."""
    intend(engine, command("invoice", "in_1"))
    journal.record_unknown(engine, claimed(engine, "in_1"), "timeout", 3600)
    assert [] == journal.claim_unknown(engine, 10, LEASE)
    sql(engine, "UPDATE o2c.journal SET next_attempt_at = clock_timestamp()")
    assert 1 == len(journal.claim_unknown(engine, 10, LEASE))
    assert [] == journal.claim_unknown(engine, 10, LEASE)


def test_a_look_up_that_died_is_made_again(engine):
    """When the process that looked up dies, its lease runs out and the next one looks up."""
    intend(engine, command("invoice", "in_1"))
    journal.record_unknown(engine, claimed(engine, "in_1"), "timeout", 0)
    [lost] = journal.claim_unknown(engine, 10, 0)
    [found] = journal.claim_unknown(engine, 10, LEASE)
    assert found.token > lost.token
    assert journal.record_done(engine, lost, 7, adopted=True) is False
    assert journal.record_done(engine, found, 7, adopted=True) is True


def test_what_was_not_written_is_tried_again_in_time(engine):
    """A refused connection puts the row back to intent, to be sent after the wait, attempts counted."""
    intend(engine, command("invoice", "in_1"))
    journal.record_not_written(engine, claimed(engine, "in_1"), "429", 3600)
    assert [] == journal.ready(engine, "invoice", 10)
    wait = unsettled.next_due_in(engine, ["invoice"])
    assert wait is not None
    assert 3590 < wait <= 3600
    sql(engine, "UPDATE o2c.journal SET next_attempt_at = clock_timestamp()")
    assert [journal_id(engine, "in_1")] == journal.ready(engine, "invoice", 10)
    assert 2 == claimed(engine, "in_1").attempts


def test_written_documents_are_not_written_again(engine):
    """Once done, neither the same nor another command for the document makes it an intent."""
    done(engine, "in_1")
    assert 1 == intend(engine, command("invoice", "in_1"), command("customer", "cus_9"))
    assert 0 == intend(engine, command("invoice", "in_1", amount=999))
    [entry] = journal.entries(engine, ["done"])
    assert ("in_1", 100, 100) == (entry.external_id, entry.netsuite_id, entry.amount_minor)


@pytest.mark.parametrize("state", ["intent", "sent", "unknown"])
def test_what_is_in_hand_is_left_alone(engine, state):
    """A row that is being worked on keeps its command, even if the plan has changed meanwhile."""
    intend(engine, command("invoice", "in_1"))
    if state != "intent":
        claim = claimed(engine, "in_1")
        if state == "unknown":
            journal.record_unknown(engine, claim, "timeout", 3600)
    assert 0 == intend(engine, command("invoice", "in_1", amount=999))
    [entry] = journal.entries(engine, [state])
    assert 100 == entry.amount_minor


def test_what_was_refused_is_tried_again_only_when_it_changed(engine):
    """The same digest stays refused; another one becomes an intent with a clean slate."""
    refused(engine, "in_1")
    assert 0 == intend(engine, command("invoice", "in_1"))
    assert "refused" == state_of(engine, "in_1")
    assert 1 == intend(engine, command("invoice", "in_1", amount=90))
    [entry] = journal.entries(engine, ["intent"])
    assert (90, 0, None, None) == (entry.amount_minor, entry.attempts, entry.error_code, entry.fix)
    assert 90 == claimed(engine, "in_1").command.amount_minor


def test_a_refusal_that_is_tried_again_is_looked_at_again(engine):
    """Its gap says sync_failed until reconciliation sees that it no longer is."""
    refused(engine, "in_1")
    sql(engine, "DELETE FROM o2c.dirty")
    intend(engine, command("invoice", "in_1", amount=90))
    assert {"in_1"} == dirty(engine)


def test_documents_wait_for_what_they_lean_on(engine):
    """An invoice is ready when its customer is done, a payment when both its invoices are."""
    intend(
        engine,
        command("customer", "cus_1"),
        command("invoice", "in_1", needs=["cus_1"]),
        command("customerPayment", "ch_1", needs=["cus_1", "in_1"]),
    )
    assert ([1], [], []) == tuple(
        [1] * len(journal.ready(engine, document, 10)) for document in ("customer", "invoice", "customerPayment")
    )
    journal.record_done(engine, claimed(engine, "cus_1"), 1, adopted=False)
    assert [journal_id(engine, "in_1")] == journal.ready(engine, "invoice", 10)
    assert [] == journal.ready(engine, "customerPayment", 10)
    journal.record_done(engine, claimed(engine, "in_1"), 2, adopted=False)
    assert [journal_id(engine, "ch_1")] == journal.ready(engine, "customerPayment", 10)


def test_what_leans_on_a_refused_document_waits_without_a_time(engine):
    """It is neither ready nor due: a person has to settle the refusal first."""
    refused(engine, "in_1")
    intend(engine, command("customerPayment", "ch_1", needs=["in_1"]))
    assert [] == journal.ready(engine, "customerPayment", 10)
    assert unsettled.next_due_in(engine, ["customerPayment"]) is None


def test_what_the_journal_does_not_know_holds_nothing_up(engine):
    """A document that NetSuite had before us is in no journal row."""
    intend(engine, command("customerPayment", "ch_1", needs=["in_old"]))
    assert 1 == len(journal.ready(engine, "customerPayment", 10))


def test_documents_that_policy_holds_back_are_not_due(engine):
    """Only the document types that may be written are waited for."""
    intend(engine, command("invoice", "in_1"))
    assert unsettled.next_due_in(engine, ["customer"]) is None
    assert unsettled.next_due_in(engine, ["invoice"]) is not None


def test_a_person_may_retry(engine):
    """Refused and dead rows go back to intent with who did it; others are left alone."""
    refused(engine, "in_1")
    done(engine, "in_2")
    assert ["in_1"] == letters.reopen(engine, [], "ann")
    assert [] == letters.reopen(engine, ["in_2"], "ann")
    assert ("intent", "retried by ann") == history(engine, "in_1")[-1]
    assert 1 == claimed(engine, "in_1").attempts
    assert "done" == state_of(engine, "in_2")


def test_a_person_may_give_up(engine):
    """A dropped row keeps its refusal and says who dropped it and why; the same command does not revive it."""
    refused(engine, "in_1")
    refused(engine, "in_2")
    sql(engine, "DELETE FROM o2c.dirty")
    assert ["in_1"] == letters.drop(engine, ["in_1"], "ann", "entered by hand")
    assert [("intent"), ("sent"), ("refused"), ("dropped")] == [state for state, _ in history(engine, "in_1")]
    assert "dropped by ann: entered by hand" == history(engine, "in_1")[-1][1]
    assert {"in_1"} == dirty(engine)
    assert 0 == intend(engine, command("invoice", "in_1"))
    assert ("dropped", "refused") == (state_of(engine, "in_1"), state_of(engine, "in_2"))


def test_dead_letters_can_be_retried(engine):
    """Attempts start anew after a person said so."""
    intend(engine, command("invoice", "in_1"))
    journal.record_dead(engine, claimed(engine, "in_1"), "no answer", "see NetSuite")
    assert {"dead": 1} == journal.counts(engine)
    assert ["in_1"] == letters.reopen(engine, ["in_1"], "ann")
    assert 1 == claimed(engine, "in_1").attempts


def test_a_retry_of_a_written_document_names_its_ids(engine):
    """Documents that were written are found by their external id, in the journal alone too."""
    done(engine, "cus_1", "in_1")
    assert {"cus_1": 100, "in_1": 101} == journal.netsuite_ids(engine, ["cus_1", "in_1", "in_9"])


def test_a_done_row_has_a_netsuite_id_and_no_other_has(engine):
    """The database itself refuses a document that is done without an id."""
    intend(engine, command("invoice", "in_1"))
    with pytest.raises(IntegrityError, match="violates check"):
        sql(engine, "UPDATE o2c.journal SET state = 'done'")


def test_counts_are_told_by_document(engine):
    """Written, adopted, refused and waiting for each type, in the order they are written."""
    done(engine, "cus_1")
    refused(engine, "in_1")
    intend(engine, command("invoice", "in_2"), command("invoice", "in_3"))
    journal.record_done(engine, claimed(engine, "in_2"), 9, adopted=True)
    assert [
        {"document": "customer", "written": 1, "adopted": 0, "refused": 0, "waiting": 0},
        {"document": "invoice", "written": 0, "adopted": 1, "refused": 1, "waiting": 1},
    ] == counts_by_document(engine)


def test_every_step_is_in_the_history(engine):
    """An auditor sees each state with its note, in order."""
    intend(engine, command("invoice", "in_1"))
    journal.record_unknown(engine, claimed(engine, "in_1"), "timeout", 0)
    [claim] = journal.claim_unknown(engine, 10, LEASE)
    journal.record_done(engine, claim, 77, adopted=True)
    assert [
        ("intent", "planned"),
        ("sent", "request about to leave"),
        ("unknown", "timeout"),
        ("unknown", "outcome to be looked up"),
        ("done", "NetSuite 77, adopted"),
    ] == history(engine, "in_1")
