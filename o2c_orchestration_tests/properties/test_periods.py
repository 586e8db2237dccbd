"""Closed periods, for any plan and any calendar: nothing is dated in one, nothing but the date differs."""

import calendar
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.domain.documents import Command, Rows
from o2c_orchestration.domain.periods import PeriodRow, original_date
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan
from o2c_orchestration.plan.periods import Calendar

MOVE = Policy.model_validate({"periods": {"closed": "first_open"}})
RECEIVABLE = ("invoice", "customerPayment", "creditMemo", "customerRefund")
DOCUMENTS = (*RECEIVABLE, "deposit", "journalEntry")


@st.composite
def periods(draw: Any) -> tuple[PeriodRow, ...]:
    """The months of a year, each open, locked or closed."""
    found = []
    for month in range(1, 13):
        last = date(2026, month, calendar.monthrange(2026, month)[1])
        closed, locked = draw(st.booleans()), draw(st.booleans())
        found.append(PeriodRow(f"month {month}", date(2026, month, 1), last, closed, locked))
    return tuple(draw(st.permutations(found)))


@st.composite
def commands(draw: Any) -> list[Command]:
    """Documents that lean on earlier ones, of any type and day."""
    made: list[Command] = []
    for number in range(draw(st.integers(1, 6))):
        day = draw(st.dates(date(2026, 1, 1), date(2026, 12, 31)))
        leans = draw(st.lists(st.sampled_from([each.external_id for each in made]), max_size=2)) if made else []
        body = {"tranDate": day.isoformat(), "memo": "Stripe: x", "amount": {"$minor": [number, "usd"]}}
        document, key = draw(st.sampled_from(DOCUMENTS)), f"in_{number}"
        about = draw(st.sampled_from([key, "in_0"]))
        made.append(Command(document, key, about, "cus_1", "usd", number, day, day, "why", body, tuple(leans)))
    return made


def takes(found: tuple[PeriodRow, ...], document: str, day: date) -> bool:
    (period,) = (each for each in found if each.first <= day <= each.last)
    return not period.closed and not (period.receivables_locked and document in RECEIVABLE)


@given(found=periods(), given_commands=commands())
def test_moved_documents_are_in_the_first_open_period(found: tuple[PeriodRow, ...], given_commands: list[Command]):
    """Each is where its period takes it, or in the first later one that does; money and references are the same."""
    for was, now in zip(given_commands, Calendar(MOVE, found).keep(given_commands), strict=True):
        if not isinstance(now, Command):
            continue
        assert takes(found, now.document, now.effective_date)
        assert {**now.body, "tranDate": 0, "memo": 0} == {**was.body, "tranDate": 0, "memo": 0}
        assert now.body["tranDate"] == now.effective_date.isoformat()
        if now.effective_date == was.effective_date:
            assert now == was
            continue
        assert not takes(found, was.document, was.effective_date)
        assert original_date(now.body["memo"]) == was.effective_date
        between = [each for each in found if was.effective_date <= each.last and each.last < now.effective_date]
        assert not any(takes(found, now.document, each.first) for each in between)


@given(found=periods(), given_commands=commands(), policy=st.sampled_from([Policy(), MOVE]))
def test_nothing_leans_on_what_was_refused(found: tuple[PeriodRow, ...], given_commands: list[Command], policy: Policy):
    """Neither by reference nor as the later story of one Stripe object; what is written lies in an open period."""
    refused: set[str] = set()
    for was, now in zip(given_commands, Calendar(policy, found).keep(given_commands), strict=True):
        if isinstance(now, Command):
            assert not {*now.depends_on, f"object {now.stripe_id}"} & refused
            assert takes(found, now.document, now.effective_date)
        else:
            refused |= {was.external_id, f"object {was.stripe_id}"}
            assert (now.external_id, now.amount_minor, now.code) == (was.external_id, was.amount_minor, "PERIOD_CLOSED")


@given(found=periods(), given_commands=commands(), policy=st.sampled_from([Policy(), MOVE]), month=st.integers(1, 12))
def test_a_lock_never_changes_documents_of_other_months(
    found: tuple[PeriodRow, ...], given_commands: list[Command], policy: Policy, month: int
):
    """They are dated, worded and refused as without it, but for those that lean on what the lock keeps out.

    What would have been moved into the locked month goes on to the next open one.
    """
    (own,) = (each for each in found if each.first.month == month)
    lock = replace(own, name="locked", closed=False, receivables_locked=False, locked=True)
    without, with_lock = (Calendar(policy, given).keep(given_commands) for given in (found, (*found, lock)))
    held: set[str] = set()
    for was, now in zip(without, with_lock, strict=True):
        in_month = lock.first <= was.effective_date <= lock.last
        leans = isinstance(was, Command) and {*was.depends_on, f"object {was.stripe_id}"} & held
        if was != now:
            assert in_month or leans
        if isinstance(was, Command) and not isinstance(now, Command):
            held |= {was.external_id, f"object {was.stripe_id}"}
        if isinstance(now, Command):
            assert not lock.first <= now.effective_date <= lock.last


@given(found=periods())
def test_periods_alone_plan_nothing(found: tuple[PeriodRow, ...]):
    """They are facts for documents, and no reason for one."""
    assert make_plan(MOVE, Rows(periods=found), {}).commands == ()
