"""Movements by hand of any balances: pairs that settle each other, whole or not at all, in any order, once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.domain.customer_balance import AdjustmentRow
from o2c_orchestration.domain.documents import Command, CustomerRow, KnownDocument, Rows
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan

DAY = date(2026, 2, 15)
MOMENT = datetime(2026, 2, 15, 12, tzinfo=UTC)
PEOPLE = tuple(CustomerRow(f"cus_{number}", "Ann", None, MOMENT, ("usd",)) for number in range(2))
POLICIES = st.sampled_from(
    [
        Policy.model_validate(sections)
        for sections in (
            {},
            {"adjustments": {"item": "Goodwill"}},
            {"adjustments": {"item": "Goodwill", "since": DAY}},
            {"adjustments": {"item": "Goodwill"}, "items": {"balance": None}},
        )
    ]
)


@st.composite
def movements(draw: Any) -> list[AdjustmentRow]:
    found = draw(st.lists(st.integers(-500, 500).filter(bool), max_size=5))
    return [
        AdjustmentRow(
            f"cbtxn_{number}",
            draw(st.sampled_from(PEOPLE)).id,
            draw(st.sampled_from(["usd", "jpy"])),
            amount,
            DAY + timedelta(days=draw(st.integers(-1, 1))),
            MOMENT,
        )
        for number, amount in enumerate(found)
    ]


# What is there of them before: nothing, a half, or an invoice that somebody has changed.
HALVES = st.dictionaries(
    st.sampled_from([f"{prefix}-cbtxn_{number}" for prefix in ("bg", "bd", "bi", "cb") for number in range(5)]),
    st.builds(
        KnownDocument,
        netsuite_id=st.just("7"),
        currency=st.sampled_from([None, "usd"]),
        remaining_minor=st.sampled_from([None, 0, 200, 500]),
    ),
    max_size=3,
)


def planned(policy: Policy, rows: list[AdjustmentRow], known: dict[str, KnownDocument]) -> list[Command]:
    plan = make_plan(policy, Rows(customers=PEOPLE, adjustments=tuple(rows)), known)
    return [command for command in plan.commands if command.document != "customer"]


def _of(keys: set[str], row: AdjustmentRow) -> set[str]:
    return {key for key in keys if key.endswith(f"-{row.id}")}


@given(policy=POLICIES, rows=movements(), known=HALVES)
def test_what_is_planned_makes_a_pair_with_what_is_there(
    policy: Policy, rows: list[AdjustmentRow], known: dict[str, KnownDocument]
) -> None:
    """Each document is over the whole movement, and no invoice is left without the memo that settles it."""
    commands = planned(policy, rows, known)
    for row in rows:
        own = [command for command in commands if command.stripe_id == row.id]
        assert {command.amount_minor for command in own} <= {abs(row.amount_minor)}
        pair = {f"{prefix}-{row.id}" for prefix in (("bi", "bg") if row.amount_minor < 0 else ("bd", "cb"))}
        keys = {command.external_id for command in own}
        assert keys <= pair
        if keys:
            assert pair <= keys | _of(set(known), row)
            assert [command.document for command in own] in (["invoice", "creditMemo"], ["creditMemo"])
            [part] = own[-1].body["apply"]["items"]
            assert part["doc"]["$document"] == ["invoice", *(pair - {own[-1].external_id})]
            assert part["amount"]["$minor"] == [abs(row.amount_minor), row.currency]


@given(policy=POLICIES, rows=movements(), known=HALVES, order=st.randoms(use_true_random=False))
def test_the_plan_is_the_same_in_any_order_and_empty_once_written(
    policy: Policy, rows: list[AdjustmentRow], known: dict[str, KnownDocument], order: Any
) -> None:
    """Idempotent, and independent of the order of its input."""
    commands = planned(policy, rows, known)
    assert commands == planned(policy, order.sample(rows, len(rows)), known)
    there = known | {command.external_id: KnownDocument("9") for command in commands}
    assert planned(policy, rows, there) == []


@given(policy=POLICIES, rows=movements())
def test_only_what_the_company_books_is_planned(policy: Policy, rows: list[AdjustmentRow]) -> None:
    """All of it from its day on, where both items are named; nothing else."""
    decided, both = policy.adjustments, policy.adjustments.item is not None and policy.items.balance is not None
    wanted = {row.id for row in rows if both and (decided.since is None or row.day >= decided.since)}
    assert {command.stripe_id for command in planned(policy, rows, {})} == wanted
