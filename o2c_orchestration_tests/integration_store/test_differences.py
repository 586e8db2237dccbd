"""Differences of documents in deposits: what plans and journal took of a month's budget, and what NetSuite holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine

from o2c_orchestration.domain.documents import Command, Plan
from o2c_orchestration.domain.months import Month
from o2c_orchestration.domain.payouts import DifferenceRow, PayoutRow
from o2c_orchestration.store import journal, planning
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.differences import BookedDifferences, booked_differences, read_differences
from o2c_orchestration_tests.integration_store.builders import accounts, command
from o2c_orchestration_tests.integration_store.sound_books import ARRIVAL, document, netsuite

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
MARCH, DAY = date(2026, 3, 1), date(2026, 3, 3)


def deposit(key: str, minor: int, day: date = DAY, code: str = "rounding") -> Command:
    """A deposit with a difference, a fee and something on Suspense."""
    lines = [(minor, f"txn_1 difference: {code}"), (20, "fees: stripe_fee"), (500, "txn_2 charge")]
    items = [{"account": {"$account": "X"}, "amount": {"$minor": [each, "usd"]}, "memo": memo} for each, memo in lines]
    body = {"externalId": key, "cashback": {"items": items}, "payment": {"items": []}}
    return replace(command("deposit", key), effective_date=day, body=body)


def taken(engine: Engine, arrival: date = DAY) -> tuple[DifferenceRow, ...]:
    row = PayoutRow("po_x", "usd", 1, "paid", arrival, MOMENT, True, True)
    with raw_cursor(engine) as cursor:
        return read_differences(cursor, [row])


def test_what_is_planned_or_sent_in_the_month_counts_once(engine: Engine) -> None:
    """A deposit of the plan and its intent are one; another month's is another budget's."""
    made = Plan((deposit("po_1", 1), deposit("po_2", 2), deposit("po_3", 4, DAY + timedelta(days=40))))
    planning.save_plan(engine, made, date(2026, 1, 1), date(2026, 12, 31))
    assert taken(engine) == (
        DifferenceRow("po_1", MARCH, "usd", 1, sent=False),
        DifferenceRow("po_2", MARCH, "usd", 2, sent=False),
    )
    journal.intend(engine, made.commands[:1])
    assert [(row.key, row.minor, row.sent) for row in taken(engine)] == [("po_1", 1, True), ("po_2", 2, False)]
    assert [row.key for row in taken(engine, DAY + timedelta(days=40))] == ["po_3"]
    assert taken(engine, DAY + timedelta(days=80)) == ()


def test_what_netsuite_refused_took_nothing(engine: Engine) -> None:
    """It is not in the books, and is decided anew when it is tried again."""
    journal.intend(engine, (deposit("po_1", 1),))
    with raw_cursor(engine) as cursor:
        cursor.execute("UPDATE o2c.journal SET state = 'dead'")
    assert taken(engine) == ()


def test_what_deposits_hold_is_told_by_code_whoever_entered_it(engine: Engine) -> None:
    """By the account alone: a line without a code of ours is told as other."""
    accounts(engine)
    lines = [(41, 1, 6, -2, "txn_1 difference: rounding"), (41, 2, 6, 3, "txn_2 difference: fee"), (41, 3, 6, 7, "?")]
    netsuite(engine, document(41, "deposit", "po_1", 100, entity_id=None, trandate=ARRIVAL), deposited=[], lines=lines)
    month = Month.of(ARRIVAL)
    expected = [BookedDifferences("usd", code, 1, minor) for code, minor in (("fee", 3), ("other", 7), ("rounding", 2))]
    assert booked_differences(engine, "suspense", month) == booked_differences(engine, "6", month) == expected
    assert booked_differences(engine, "Suspense", month.after) == booked_differences(engine, None, month) == []
