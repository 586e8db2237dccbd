"""Intents of earlier runs that the world has overtaken: adopted, worded anew, parked; everything else left alone."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from o2c_orchestration.domain.documents import Command, Plan
from o2c_orchestration.store import journal, planning, unsettled
from o2c_orchestration.store.overtaken import overtaken
from o2c_orchestration_tests.integration_store.builders import (
    DAY,
    command,
    journal_id,
    ledger_customer,
    ledger_document,
    mirror,
    refusal,
    state_of,
)

LEASE = 60.0
HISTORY = """SELECT note FROM o2c.journal_history h JOIN o2c.journal j ON j.id = h.journal_id
             WHERE j.external_id = :key ORDER BY h.at"""


def row(engine: Engine, key: str) -> dict[str, Any]:
    """A journal row, its next time told as a word."""
    query = """SELECT to_jsonb(j) || jsonb_build_object('when',
                   CASE WHEN next_attempt_at = 'infinity' THEN 'parked'
                        WHEN next_attempt_at <= clock_timestamp() THEN 'due' ELSE 'later' END)
               FROM o2c.journal j WHERE external_id = :key"""
    with engine.connect() as connection:
        return dict(connection.execute(text(query), {"key": key}).scalar_one())


def notes(engine: Engine, key: str) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(text(HISTORY), {"key": key}).scalars())


def intend(engine: Engine, *commands: Command) -> None:
    journal.intend(engine, commands)


def keep(engine: Engine, *commands: Command, refused: Sequence[str] = ()) -> None:
    """Make these the plan of the day."""
    planning.save_plan(engine, Plan(commands, tuple(refusal("invoice", key) for key in refused)), DAY, DAY)


def dirty(engine: Engine) -> set[str]:
    with engine.begin() as connection:
        return set(connection.execute(text("DELETE FROM o2c.dirty RETURNING key")).scalars())


def test_what_was_entered_meanwhile_is_adopted(engine):
    """The first living document that names the object, of the kind that was to be written."""
    intend(engine, command("invoice", "in_1"), command("invoice", "in_2"))
    keep(engine, command("invoice", "in_1"), command("invoice", "in_2"))
    mirror(engine, [ledger_document(9, stripe_ref="in_1"), ledger_document(8, stripe_ref="in_1")])
    dirty(engine)
    assert 1 == overtaken(engine, [])
    adopted = row(engine, "in_1")
    assert ("done", True, 8) == (adopted["state"], adopted["adopted"], adopted["netsuite_id"])
    assert adopted["answered_at"] is not None
    assert adopted["error_code"] is adopted["error_detail"] is adopted["fix"] is None
    assert ["planned", "found in NetSuite, adopted"] == notes(engine, "in_1")
    assert {"in_1"} == dirty(engine)
    assert "intent" == state_of(engine, "in_2")
    assert 0 == overtaken(engine, [])


def test_what_is_something_else_or_gone_is_not_adopted(engine):
    """Neither a payment that names the invoice, nor a deleted document, nor one of another invoice."""
    intend(engine, command("invoice", "in_1"), command("customer", "cus_1"))
    keep(engine, command("invoice", "in_1"), command("customer", "cus_1"))
    strangers = [ledger_document(1, "customerPayment", stripe_ref="in_1"), ledger_document(2, stripe_ref="in_3")]
    mirror(engine, [*strangers, ledger_document(3, stripe_ref="in_1")], gone=[3])
    ledger_customer(engine, 5, "cus_2")
    ledger_customer(engine, 6, "in_1")
    assert 0 == overtaken(engine, [])
    assert ("intent", "intent") == (state_of(engine, "in_1"), state_of(engine, "cus_1"))


def test_a_customer_that_is_there_is_adopted(engine):
    """Customers lie in a table of their own."""
    intend(engine, command("customer", "cus_1"))
    ledger_customer(engine, 5, "cus_1")
    assert 1 == overtaken(engine, [command("customer", "cus_1")])
    assert ("done", 5) == (row(engine, "cus_1")["state"], row(engine, "cus_1")["netsuite_id"])


def test_only_intents_are_adopted(engine):
    """What is on its way, of unknown outcome or refused has a way of its own to find its document."""
    intend(engine, *(command("invoice", key) for key in ("in_1", "in_2", "in_3")))
    claims = [journal.claim(engine, journal_id(engine, key), LEASE) for key in ("in_1", "in_2", "in_3")]
    assert claims[1] is not None
    assert claims[2] is not None
    journal.record_unknown(engine, claims[1], "no answer", 5)
    journal.record_refused(engine, claims[2], "CODE", "no", "think")
    mirror(engine, [ledger_document(n, stripe_ref=f"in_{n}") for n in (1, 2, 3)])
    assert 0 == overtaken(engine, [])
    assert ["sent", "unknown", "refused"] == [state_of(engine, f"in_{n}") for n in (1, 2, 3)]


def test_an_intent_takes_the_newest_words(engine):
    """Money, date, body and what it leans on are those of the plan that is kept now, and it is due."""
    intend(engine, command("invoice", "in_1"), command("invoice", "in_2"))
    claim = journal.claim(engine, journal_id(engine, "in_1"), LEASE)
    assert claim is not None
    journal.record_not_written(engine, claim, "429", 3600)
    newer = Command(**{**vars(command("invoice", "in_1", amount=700, needs=["cus_9"])), "currency": "eur"})
    newer = Command(**{**vars(newer), "effective_date": DAY + timedelta(3)})
    keep(engine, newer, command("invoice", "in_2"))
    before = row(engine, "in_2")
    assert 0 == overtaken(engine, [])
    found = row(engine, "in_1")
    told = ("digest", "currency", "amount_minor", "effective_date", "depends_on", "attempts", "when", "state")
    expected = [newer.digest, "eur", 700, "2026-02-18", ["cus_9"], 0, "due", "intent"]
    assert expected == [found[name] for name in told]
    assert newer == planning.command_from(found["command"])
    assert "planned anew" == notes(engine, "in_1")[-1]
    assert before == row(engine, "in_2")
    assert ["planned"] == notes(engine, "in_2")


def test_words_are_not_taken_from_a_refusal_or_by_another_case(engine):
    """The planner's refusal is no command; an id that differs in case only is another Stripe object's."""
    intend(engine, command("invoice", "in_A"), command("invoice", "in_2"))
    keep(engine, command("invoice", "in_a", amount=700), refused=["in_2"])
    overtaken(engine, [])
    assert [100, 100] == [row(engine, key)["amount_minor"] for key in ("in_A", "in_2")]
    assert "planned anew" not in notes(engine, "in_A") + notes(engine, "in_2")


@pytest.mark.parametrize("state", ["sent", "unknown", "done", "refused"])
def test_only_intents_take_new_words(engine, state):
    """What has left keeps the words it left with."""
    intend(engine, command("invoice", "in_1"))
    claim = journal.claim(engine, journal_id(engine, "in_1"), LEASE)
    assert claim is not None
    if state == "unknown":
        journal.record_unknown(engine, claim, "no answer", 5)
    elif state == "done":
        journal.record_done(engine, claim, 7, adopted=False)
    elif state == "refused":
        journal.record_refused(engine, claim, "CODE", "no", "think")
    keep(engine, command("invoice", "in_1", amount=700))
    overtaken(engine, [])
    assert (state, 100) == (state_of(engine, "in_1"), row(engine, "in_1")["amount_minor"])
    assert "planned anew" not in notes(engine, "in_1")


def test_what_nobody_plans_any_more_is_parked_until_it_is_planned_again(engine):
    """An invoice that was voided in Stripe is not sent; finalized once more it is."""
    intend(engine, *(command("invoice", key) for key in ("in_1", "in_2", "in_Three", "in_4")))
    keep(engine, command("invoice", "in_2"), refused=["in_4"])
    overtaken(engine, [command("invoice", "in_Three")])
    assert ["parked", "due", "due", "parked"] == [
        row(engine, key)["when"] for key in ("in_1", "in_2", "in_Three", "in_4")
    ]
    assert ["planned", "no longer planned: not sent"] == notes(engine, "in_1")
    assert ["planned"] == notes(engine, "in_2") == notes(engine, "in_Three")
    overtaken(engine, [])
    assert 1 == notes(engine, "in_1").count("no longer planned: not sent")
    keep(engine, command("invoice", "in_1"))
    overtaken(engine, [])
    assert ("due", "planned anew") == (row(engine, "in_1")["when"], notes(engine, "in_1")[-1])


@pytest.mark.parametrize("state", ["unknown", "refused"])
def test_only_intents_are_parked(engine, state):
    """What may have been written is looked up whether it is planned or not."""
    intend(engine, command("invoice", "in_1"))
    claim = journal.claim(engine, journal_id(engine, "in_1"), LEASE)
    assert claim is not None
    if state == "unknown":
        journal.record_unknown(engine, claim, "no answer", 0)
    else:
        journal.record_refused(engine, claim, "CODE", "no", "think")
    overtaken(engine, [])
    assert "parked" != row(engine, "in_1")["when"]
    assert state == state_of(engine, "in_1")


def test_known_documents_are_found_by_id(engine):
    """Of the ids that are asked for: living documents of the kinds we write, customers, and what the journal wrote."""
    mirror(engine, [ledger_document(n, stripe_ref=ref) for n, ref in ((9, "in_1"), (8, "in_1"), (7, "in_2"))])
    mirror(engine, [ledger_document(6, stripe_ref="in_3")])
    mirror(engine, gone=[6])
    ledger_customer(engine, 5, "cus_1")
    ledger_customer(engine, 4, "cus_2")
    intend(engine, command("invoice", "in_4"), command("invoice", "in_5"), command("invoice", "in_6"))
    for number, key in enumerate(("in_4", "in_5"), start=20):
        claim = journal.claim(engine, journal_id(engine, key), LEASE)
        assert claim is not None
        journal.record_done(engine, claim, number, adopted=False)
    asked = ["in_1", "in_3", "in_4", "in_6", "cus_1", "in_7"]
    assert {"in_1": 8, "in_4": 20, "cus_1": 5} == journal.netsuite_ids(engine, asked)


def test_the_next_row_that_is_due_is_told_in_seconds(engine):
    """Whatever waits for a refused document or is parked does not count; nothing open is None."""
    assert unsettled.next_due_in(engine, ["invoice"]) is None
    intend(
        engine, command("invoice", "in_1"), command("customer", "cus_1"), command("invoice", "in_2", needs=["cus_1"])
    )
    claim = journal.claim(engine, journal_id(engine, "in_1"), LEASE)
    assert claim is not None
    journal.record_not_written(engine, claim, "429", 300)
    found = unsettled.next_due_in(engine, ["invoice"])
    assert found is not None
    assert 290 < found <= 300
    overtaken(engine, [])
    assert unsettled.next_due_in(engine, ["invoice"]) is None


@pytest.mark.parametrize("before", ["cs-1:cus_1", "cc-eur:cus_1"])
def test_an_intent_that_waits_for_what_its_customer_has_by_now_goes_on(engine, before):
    """Somebody put the customer into the subsidiary, or gave it the currency: the plan does not ask for that again."""
    intend(engine, command("invoice", "in_1", needs=["cus_1", before]), command("invoice", "in_2", needs=[before]))
    keep(engine, command("invoice", "in_1", needs=["cus_1"]), command("invoice", "in_2", needs=[before]))
    kept = row(engine, "in_2")
    overtaken(engine, [])
    assert row(engine, "in_1")["depends_on"] == ["cus_1"]
    assert row(engine, "in_2") == kept
    assert notes(engine, "in_2") == ["planned"]


def test_metadata_of_a_document_says_nothing_of_its_customer(engine):
    """A document is found by the journal whatever its own metadata names."""
    intend(engine, command("invoice", "in_1"))
    claim = journal.claim(engine, journal_id(engine, "in_1"), LEASE)
    assert claim is not None
    journal.record_done(engine, claim, 20, adopted=False)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO o2c.stripe_metadata VALUES ('in_1', 'netsuite_invoice_id', '20', 20)"))
    assert journal.netsuite_ids(engine, ["in_1"]) == {"in_1": 20}
