"""The planner of deals: pure, independent of order, empty once everything is there; phases say what lines say."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.domain.deal_terms import end_of, phases, start_of
from o2c_orchestration.domain.deals import AccountRow, DealLine, DealRow, DealRows
from o2c_orchestration.domain.documents import Command, Plan
from o2c_orchestration.plan.deals import plan_deals
from o2c_orchestration.plan.sales_order import entity_key_of
from o2c_orchestration_tests.unit.deal_builders import DEAL, MONTHLY, PRICES, WON, policy

ACCOUNTS = [f"001SB000000000{n}AAA" for n in range(3)]
DEALS = [f"{kind}SB000000000{n}AAA" for kind in ("006", "801") for n in range(3)]
POLICIES = st.builds(
    policy,
    recurring=st.sampled_from(["none", "subscription"]),
    one_off=st.sampled_from(["none", "invoice", "payment_link"]),
    price_differs=st.sampled_from(["refuse", "inline"]),
    fractions=st.sampled_from(["refuse", "one"]),
    orders=st.booleans(),
)


@st.composite
def line(draw: Any, n: int) -> DealLine:
    """Whole or odd quantities, with or without discount, days of its own or not, now and then nothing mapped."""
    quantity = draw(st.sampled_from(["1", "4", "1.5", "-1"]))
    billing = draw(st.sampled_from(["one_off", "month", "month", "year"]))
    total = draw(st.sampled_from([5000, 20000, 7500, 18000, 0]))
    start = draw(st.none() | st.sampled_from([0, 20, 100, 200]).map(lambda days: WON + timedelta(days=days)))
    end = draw(st.none() | st.integers(0, 400).map(lambda days: (start or WON) + timedelta(days=days)))
    price = {"one_off": "price_1", "month": "price_m"}.get(billing)
    named = draw(st.sampled_from([price, price, price, None]))
    own = {"quantity": Decimal(quantity), "total_minor": total, "billing": billing, "start": start, "end": end}
    return replace(MONTHLY, id=f"00kSB00000000{n:02d}AAA", price_id=named, **own)


@st.composite
def deal(draw: Any, identifier: str) -> DealRow:
    """With or without account, lines, term; won or not; of either kind, now and then written as another record."""
    lines = tuple(draw(line(n)) for n in range(draw(st.integers(0, 4))))
    account = draw(st.sampled_from([*ACCOUNTS, *ACCOUNTS, None]))
    own = {"won": draw(st.booleans()) or draw(st.booleans()), "term_months": draw(st.sampled_from([None, 1, 3, 12]))}
    kind = "opportunity" if identifier.startswith("006") else "order"
    seldom = [None, None, None, None]
    own |= {"kind": kind, "written_as": draw(st.sampled_from([*seldom, "other"]))}
    if kind == "order":
        own |= {
            "reduces": draw(st.sampled_from([*seldom, ""])),
            "counted": draw(st.sampled_from([*seldom, True])) is True,
        }
        own |= {"end": draw(st.none() | st.integers(0, 400).map(lambda days: WON + timedelta(days=days)))}
    return replace(DEAL, id=identifier, account_id=account, lines=lines, **own)


@st.composite
def worlds(draw: Any) -> DealRows:
    """Some deals of accounts that Stripe knows or not."""
    ids = draw(st.lists(st.sampled_from(DEALS), unique=True, min_size=1))
    accounts = {
        key: AccountRow(key, f"Company {key}", None, draw(st.sampled_from([None, f"cus_{key[-5:]}"])))
        for key in ACCOUNTS
    }
    return DealRows(tuple(draw(deal(each)) for each in ids), accounts, PRICES)


def said(plan: Plan) -> tuple[list[str], list[str]]:
    return sorted(command.digest for command in plan.commands), sorted(item.reason for item in plan.refusals)


@given(POLICIES, worlds(), st.randoms())
def test_order_changes_nothing(policy: Any, rows: DealRows, rng: Any) -> None:
    """The same documents and the same reasons, whichever deal was read first."""
    shuffled = list(rows.deals)
    rng.shuffle(shuffled)
    assert said(plan_deals(policy, rows)) == said(plan_deals(policy, replace(rows, deals=tuple(shuffled))))


@given(POLICIES, worlds())
def test_a_batch_is_the_sum_of_its_deals(policy: Any, rows: DealRows) -> None:
    """Planned one by one, deals call for the same; a customer that several need is called for once."""
    alone = [plan_deals(policy, replace(rows, deals=(each,))) for each in rows.deals]
    digests = {command.digest for plan in alone for command in plan.commands if command.document != "customer"}
    whole = plan_deals(policy, rows)
    assert {command.digest for command in whole.commands if command.document != "customer"} == digests
    keys = [command.external_id for command in whole.commands]
    assert len(keys) == len(set(keys))


@given(POLICIES, worlds())
def test_rounds_come_to_an_end(policy: Any, rows: DealRows) -> None:
    """What is written is known in the next round; after three rounds there is nothing left to write."""
    for _ in range(3):
        rows = _written(rows, plan_deals(policy, rows).commands)
    assert plan_deals(policy, rows).commands == ()


@given(POLICIES, worlds())
def test_a_refused_deal_is_written_nowhere(policy: Any, rows: DealRows) -> None:
    """One reason each, and nothing of that deal in either system."""
    plan = plan_deals(policy, rows)
    refused = [item.stripe_id for item in plan.refusals]
    assert len(refused) == len(set(refused))
    assert not {command.stripe_id for command in plan.commands} & set(refused)


@given(POLICIES, worlds())
def test_no_sale_is_written_as_two_records(policy: Any, rows: DealRows) -> None:
    """Nothing is made of what was written as another record, of a reduction order, or of what is counted elsewhere."""
    barred = {row.id for row in rows.deals if row.written_as or row.reduces is not None or row.counted}
    assert not barred & {command.stripe_id for command in plan_deals(policy, rows).commands}


@given(worlds())
def test_an_order_sells_what_was_won(rows: DealRows) -> None:
    """The amounts of its lines are the deal's, whatever the rates say."""
    for command in plan_deals(policy(recurring="none", one_off="none"), rows).commands:
        if command.document == "salesOrder":
            lines = command.body["item"]["items"]
            assert sum(each["amount"]["$minor"][0] for each in lines) == command.amount_minor
            for each in lines:
                if "rate" in each:
                    assert round(each["rate"] * each["quantity"] * 100) == each["amount"]["$minor"][0]


@given(deal(DEALS[0]))
def test_every_recurring_line_of_what_is_billed_is_in_a_phase(row: DealRow) -> None:
    """A line that no phase bills would be lost without a word."""
    known = {key: AccountRow(key, "Company", None, "cus_1") for key in ACCOUNTS}
    given_to = policy(price_differs="inline", fractions="one")
    planned = plan_deals(given_to, DealRows((_plain(row),), known, PRICES)).commands
    if any(command.document == "subscriptionSchedule" for command in planned):
        active = {line.id for phase in phases(row) for line in phase.lines}
        assert active == {line.id for line in row.lines if line.billing != "one_off"}


@given(deal(DEALS[0]), st.integers(-10, 2000))
def test_phases_say_on_each_day_what_lines_say(row: DealRow, days: int) -> None:
    """A line is in the phase of a day just when the day lies in its own span; phases follow each other."""
    day, found = WON + timedelta(days=days), phases(row)
    active = {line.id for phase in found if _within(day, phase.start, phase.end) for line in phase.lines}
    recurring = [line for line in row.lines if line.billing != "one_off"]
    assert active == {line.id for line in recurring if _within(day, line.start or start_of(row), _end(row, line))}
    for one, other in pairwise(found):
        assert one.end is not None
        assert one.end <= other.start


def _plain(row: DealRow) -> DealRow:
    return replace(row, won=True, account_id=ACCOUNTS[0], written_as=None)


def _end(row: DealRow, line: DealLine) -> date | None:
    return line.end + timedelta(days=1) if line.end is not None else end_of(row)


def _within(day: date, start: date, end: date | None) -> bool:
    return start <= day and (end is None or day < end)


def _written(rows: DealRows, commands: tuple[Command, ...]) -> DealRows:
    """The rows after these commands were carried out."""
    made = {command.stripe_id for command in commands if command.document == "stripeCustomer"}
    accounts = {
        key: replace(each, stripe_id=f"cus_{key[-5:]}") if key in made else each for key, each in rows.accounts.items()
    }
    kinds = ("subscriptionSchedule", "paymentLink", "stripeInvoiceFinal")
    return replace(
        rows,
        accounts=accounts,
        orders=rows.orders | {command.stripe_id for command in commands if command.document == "salesOrder"},
        billed=rows.billed | {command.stripe_id for command in commands if command.document in kinds},
        customers=rows.customers | {entity_key_of(each) for each in accounts.values() if each.stripe_id},
    )
