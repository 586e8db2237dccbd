"""A month over stored rows: which days were read, what is evidence of a sum, and whether it can be closed."""

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from o2c_orchestration.domain.months import Month
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.policy_books import Books
from o2c_orchestration.extract.stripe import PATHS
from o2c_orchestration.reconcile import reconcile
from o2c_orchestration.reconcile.close import OBJECTS, Close, close_month
from o2c_orchestration.store import inbox, journal
from o2c_orchestration.store.close_facts import facts
from o2c_orchestration.store.days import days_read, record_read
from o2c_orchestration.store.evidence import evidence
from o2c_orchestration.store.ledger import LEDGER_CURSOR
from o2c_orchestration_tests.integration_store.builders import command, journal_id
from o2c_orchestration_tests.integration_store.sound_books import BEGIN, DAY, END, document, netsuite, sound, stripe

FEBRUARY = Month(2026, 2)
NOW = datetime(2026, 3, 2, 14, tzinfo=UTC)
POLICY = Policy(books=Books(start=date(2026, 1, 1)))


def looked_at(engine: Engine, now: datetime = NOW) -> Close:
    return close_month(engine, POLICY, FEBRUARY, now)


def wrong(engine: Engine, now: datetime = NOW) -> list[str]:
    return [item.what for item in looked_at(engine, now).items if not item.ok]


@pytest.fixture
def books(engine: Engine) -> Engine:
    """Sound books, every day of the month read after it was over, and the ledger read a moment ago."""
    sound(engine)
    reconcile(engine, full=True)
    for kind in OBJECTS:
        record_read(engine, kind, date(2026, 2, 1), date(2026, 3, 1), NOW)
    inbox.write_cursor(engine, LEDGER_CURSOR, (NOW - timedelta(minutes=1)).isoformat())
    return engine


# --- days ------------------------------------------------------------------------------------------------------------


def test_a_day_counts_when_it_was_read_after_its_end(engine):
    """While it lasts, more may come: only a read that began after it has all of it."""
    day, ends = date(2026, 2, 3), datetime(2026, 2, 4, tzinfo=UTC)
    record_read(engine, "invoice", day, day, ends - timedelta(seconds=1))
    assert [("invoice", day)] == days_read(engine, ["invoice"], day, day).unread
    record_read(engine, "invoice", day, day, ends)
    found = days_read(engine, ["invoice"], day, day)
    assert ([], ends, ends) == (found.unread, found.oldest, found.newest)


def test_an_older_read_takes_nothing_back(engine):
    """Reads may end in another order than they began."""
    day, later = date(2026, 2, 3), datetime(2026, 2, 5, tzinfo=UTC)
    record_read(engine, "invoice", day, day, later)
    record_read(engine, "invoice", day, day, later - timedelta(days=3))
    assert later == days_read(engine, ["invoice"], day, day).newest


def test_every_type_of_every_day_is_asked_for(engine):
    """A type that was not read leaves each of its days unread."""
    first, last = date(2026, 2, 1), date(2026, 2, 3)
    record_read(engine, "invoice", first, last, NOW)
    assert [("refund", first + timedelta(days=n)) for n in range(3)] == days_read(
        engine, ["invoice", "refund"], first, last
    ).unread


def test_the_types_of_a_month_are_those_that_are_extracted():
    """A new type of object must not be left out of the close by oversight; customers have no date that matters."""
    assert set(PATHS) - {"customer", "price"} == set(OBJECTS)


# --- evidence --------------------------------------------------------------------------------------------------------


def test_evidence_can_be_made_again_from_the_rows(books):
    """Count, sum, and SHA-256 over the rows as lines of text, sorted: anybody can check it with other tools."""
    found = {(e.what, e.currency): e for e in evidence(books, FEBRUARY, BEGIN, END, write_off=True)}
    lines = [f"in_1|usd|10000|{DAY}", f"in_2|usd|5000|{DAY}"]
    invoices = found["Stripe: invoice", "usd"]
    assert (2, 15000) == (invoices.rows, invoices.minor)
    assert hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest() == invoices.sha256
    assert (5, 4300) == (found["Stripe: balance", "usd"].rows, found["Stripe: balance", "usd"].minor)
    assert {"NetSuite: deposit", "Stripe: deposit", "Stripe: payouts", "NetSuite: open invoices now"} <= {
        what for what, _ in found
    }


def test_evidence_changes_with_what_entered_the_sum(books):
    """The same sum of other rows has another hash; what did not change keeps its own."""
    before = {(e.what, e.currency): e for e in evidence(books, FEBRUARY, BEGIN, END, write_off=True)}
    stripe(
        books,
        "invoices",
        {"id": "in_1", "status": "paid", "total_minor": 9000},
        {"id": "in_2", "total_minor": 6000, "amount_remaining_minor": 5000},
    )
    after = {(e.what, e.currency): e for e in evidence(books, FEBRUARY, BEGIN, END, write_off=True)}
    key = ("Stripe: invoice", "usd")
    assert before[key].minor == after[key].minor
    assert {key} == {name for name in before if before[name] != after[name]}


# --- the month -------------------------------------------------------------------------------------------------------


def test_a_sound_month_can_be_closed(books):
    """Everything holds, and the sums are there with their evidence."""
    found = looked_at(books)
    assert ([], True) == (wrong(books), found.ready)
    assert (1, "closed") == (len(found.payouts), found.payouts[0].state)
    assert 4300 == found.balance[0].closing_minor
    assert found.evidence


def test_it_is_not_ready_while_it_lasts_or_when_it_was_not_looked_at(books):
    """The end of the month, the reads of its days and the age of the mirror each say no alone."""
    assert ["the month is over"] == wrong(books, datetime(2026, 3, 1, 7, 59, tzinfo=UTC))
    assert ["NetSuite was read since"] == wrong(books, NOW + timedelta(hours=4))
    # Within the age allowed, but before the last document of the month could be written.
    inbox.write_cursor(books, LEDGER_CURSOR, datetime(2026, 3, 1, 7, 59, tzinfo=UTC).isoformat())
    assert ["NetSuite was read since"] == wrong(books, datetime(2026, 3, 1, 9, tzinfo=UTC))


def test_a_type_that_was_not_read_holds_it_up(engine):
    """A day of refunds that nobody has looked at may hold money; it is named."""
    for kind in set(OBJECTS) - {"refund"}:
        record_read(engine, kind, date(2026, 2, 1), date(2026, 3, 1), NOW)
    record_read(engine, "refund", date(2026, 2, 2), date(2026, 3, 1), NOW)
    [item] = [each for each in looked_at(engine).items if each.what == "every day was read"]
    assert not item.ok
    assert "1 were not read whole after they ended, from 2026-02-01 to 2026-02-01" in item.detail
    assert "(refund)" in item.detail


def test_a_deleted_deposit_holds_it_up(books):
    """Before the comparison the equations say so, afterwards the gap does."""
    netsuite(books, gone=[41])
    assert [
        "every payout is deposited",
        "documents tie out",
        "Undeposited Funds is what Stripe holds",
    ] == wrong(books)
    reconcile(books)
    assert ["no open gaps", "every payout is deposited"] == wrong(books)


def test_an_edited_amount_holds_it_up(books):
    """A gap of the month by kind and money, and only of that month."""
    netsuite(books, document(12, "invoice", "in_2", 5100, remaining_minor=5100))
    reconcile(books)
    assert ["no open gaps"] == wrong(books)
    [gap] = facts(books, FEBRUARY).gaps
    assert ("amount_mismatch", "usd", 1, 100) == (gap.name, gap.currency, gap.count, gap.minor)
    march = facts(books, FEBRUARY.after)
    assert ([], 1) == (march.gaps, march.earlier_gaps)


def test_a_write_without_a_good_end_holds_it_up(books):
    """Intended, refused or unknown: a document of the month is not certain to be in the books."""
    journal.intend(books, [command("invoice", "in_9")])
    assert ["every write is done"] == wrong(books)
    claim = journal.claim(books, journal_id(books, "in_9"), 60)
    assert claim is not None
    journal.record_refused(books, claim, "USER_ERROR", "The period is closed", "open the period")
    [write] = facts(books, FEBRUARY).writes
    assert ("refused", "usd", 1, 100) == (write.name, write.currency, write.count, write.minor)
    assert [] == facts(books, FEBRUARY.after).writes


def test_a_wrong_fee_and_a_missing_member_hold_it_up(books):
    """Stripe's own sums: the payout does not add up, and neither does the balance."""
    fee = {"id": "txn_1", "source_id": "ch_1", "amount_minor": 10000, "fee_minor": 299}
    stripe(books, "balance_transactions", fee)
    assert ["payouts add up", "the Stripe balance adds up"] == wrong(books)
