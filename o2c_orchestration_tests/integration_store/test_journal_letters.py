"""Dead letters against a real PostgreSQL: found, inspected, retried, dropped, and never gone in silence."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from o2c_orchestration.store import gaps, journal, letters
from o2c_orchestration_tests.integration_store.builders import accept, command, journal_id, state_of

LEASE = 60.0


def claimed(engine: Engine, key: str, document: str = "invoice") -> journal.Claim:
    journal.intend(engine, [command(document, key)])  # type: ignore[arg-type]
    claim = journal.claim(engine, journal_id(engine, key), LEASE)
    assert claim is not None
    assert journal.depart(engine, claim, {"externalId": key, "amount": 1.0}, LEASE)
    return claim


@pytest.fixture
def four(engine: Engine) -> Engine:
    """Two refused for different reasons, one given up, one of which nobody knows whether it is there."""
    journal.record_refused(engine, claimed(engine, "in_1"), "USER_ERROR", "period is closed", "open it", status=400)
    journal.record_refused(engine, claimed(engine, "cus_2", "customer"), "INVALID", "bad name", "mend it", status=400)
    journal.record_dead(engine, claimed(engine, "in_3"), "no connection", "see NetSuite")
    unknown = claimed(engine, "in_4")
    journal.record_dead(engine, unknown, "no look-up was answered", "see", code=journal.OUTCOME_UNKNOWN)
    return engine


def keys(found: list[letters.DeadLetter]) -> list[str]:
    return [letter.external_id for letter in found]


def test_letters_are_found_by_code_document_and_time(four):
    """Each filter alone and together; nothing that is done or under way is listed."""
    journal.record_done(four, claimed(four, "in_9"), 7, adopted=False)
    claimed(four, "in_8")
    assert ["in_1", "cus_2", "in_3", "in_4"] == keys(letters.listed(four))
    assert ["in_1"] == keys(letters.listed(four, code="USER_ERROR"))
    assert ["in_1", "in_3", "in_4"] == keys(letters.listed(four, document="invoice"))
    assert ["in_3"] == keys(letters.listed(four, document="invoice", code=journal.ATTEMPTS_USED_UP))
    now = datetime.now(UTC)
    assert 4 == len(letters.listed(four, since=now - timedelta(hours=1)))
    assert [] == letters.listed(four, since=now + timedelta(hours=1))


def test_a_letter_tells_request_answer_attempts_and_history(four):
    """What was sent, what NetSuite said to each attempt, and every state with its time."""
    found = letters.inspect(four, "in_1")
    assert found is not None
    assert {"externalId": "in_1", "amount": 1.0} == found.request
    assert {"externalId": "in_1", "amount": {"$minor": [100, "usd"]}} == found.planned
    assert ("USER_ERROR", "period is closed", "open it") == (
        found.letter.error_code,
        found.letter.error_detail,
        found.letter.fix,
    )
    (attempt,) = found.attempts
    assert ("refused", 400, "USER_ERROR", "period is closed") == (
        attempt.outcome,
        attempt.status,
        attempt.code,
        attempt.words,
    )
    assert attempt.sent_at <= attempt.answered_at
    assert ["intent", "sent", "refused"] == [event.state for event in found.history]


def test_what_is_no_dead_letter_is_not_inspected(four):
    """Neither an unknown id, nor one that differs in case only, nor a document that was written."""
    journal.record_done(four, claimed(four, "in_9"), 7, adopted=False)
    assert [None] * 3 == [letters.inspect(four, key) for key in ("in_none", "IN_1", "in_9")]


def test_letters_are_retried_by_reason(four):
    """Only those with the code go back in line."""
    assert ["in_1"] == letters.reopen(four, [], "ann", code="USER_ERROR")
    assert [] == letters.reopen(four, [], "ann", code="NO_SUCH_CODE")
    assert ["intent", "refused"] == [state_of(four, key) for key in ("in_1", "cus_2")]


def test_what_may_be_there_is_looked_up_before_it_is_sent(four):
    """Retried, a letter of unknown outcome is unknown, due for a look-up; the others are intents."""
    assert {"in_1", "cus_2", "in_3", "in_4"} == set(letters.reopen(four, [], "ann"))
    assert ["intent", "intent", "intent", "unknown"] == [
        state_of(four, key) for key in ("in_1", "cus_2", "in_3", "in_4")
    ]
    assert ["in_4"] == [claim.command.external_id for claim in journal.claim_unknown(four, 10, LEASE)]


def test_a_dropped_letter_stays_listed_with_who_and_why(four):
    """It moves from one list to the other; nothing else of it changes, and it can be taken up again by name."""
    (before,) = [letter for letter in letters.listed(four) if letter.external_id == "in_1"]
    assert ["in_1"] == letters.drop(four, ["in_1", "in_none"], "ann", "entered by hand")
    assert "in_1" not in keys(letters.listed(four))
    (dropped,) = letters.listed(four, letters.DROPPED)
    assert ("ann", "entered by hand") == (dropped.decided_by, dropped.decision)
    assert (before.error_code, before.error_detail, before.fix) == (
        dropped.error_code,
        dropped.error_detail,
        dropped.fix,
    )
    assert "in_1" not in letters.reopen(four, [], "bob")
    assert ["in_1"] == letters.reopen(four, ["in_1"], "bob")
    found = letters.listed(four, letters.DROPPED)
    assert [] == found


def test_the_gap_of_a_dropped_letter_says_who_and_why(four):
    """Giving up closes no gap: it stays open, in the words of who gave up."""
    accept(four, "invoices", {"id": "in_1", "status": "open", "total_minor": 100, "amount_remaining_minor": 100})
    gaps.reconcile(four)
    letters.drop(four, ["in_1"], "ann", "entered by hand.")
    gaps.reconcile(four)
    (gap,) = gaps.list_gaps(four, key="in_1")
    assert "sync_failed" == gap.kind
    assert gap.reason.startswith("dropped by ann on 2")
    assert gap.reason.endswith(": entered by hand. NetSuite had said: period is closed")
