"""Payouts for any members: the equation closes, order and duplicates change nothing, and nothing is planned twice."""

import copy
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.domain.documents import Command, KnownDocument, Refusal, Rows
from o2c_orchestration.domain.payouts import Allocation, MemberRow, PayoutRow, ResidualRow
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan
from o2c_orchestration.plan.clearing import plan_clearing
from o2c_orchestration.plan.entries import expected_net, in_order
from o2c_orchestration.plan.payout import plan_payout

MOMENT = datetime(2026, 2, 15, 12, tzinfo=UTC)
DAY = date(2026, 2, 17)
# Of the books, which the policies with an opening balance start on DAY.
LATER = timedelta(days=2)
OPENING = "Stripe Opening"
BEGINNING = [
    Policy.model_validate(
        {
            "books": {
                "start": DAY,
                "opening": {code: {"account": OPENING, "amount_minor": n} for code in ("usd", "eur")},
            },
            "accounts": {"bank": {"usd": "Checking", "eur": "Checking EUR"}},
        }
    )
    for n in (800, 0, -800)
]
POLICIES = st.sampled_from(
    [
        Policy(),
        Policy.model_validate({"accounts": {"bank": {"usd": 1, "eur": 15}, "fees": {}}}),
        Policy.model_validate({"accounts": {"bank": {"eur": "Checking EUR"}}, "books": {"subsidiary": None}}),
        Policy.model_validate(
            {
                "accounts": {"bank": {"usd": 1, "eur": 15}},
                "tolerances": {
                    "account": "Differences",
                    "net_of_fee": True,
                    "rounding_minor": {"usd": 3},
                    "monthly_budget_minor": {"usd": 4, "eur": 1},
                },
            }
        ),
        *BEGINNING,
    ]
)
AMOUNT = st.integers(-9999, 9999)
# Type and category, and the prefix of a source that goes with it, if any does.
KINDS = [
    ("charge", "charge", "ch_"),
    ("charge", "charge", "ch_"),
    ("payment", "charge", "py_"),
    ("refund", "refund", "re_"),
    ("refund_failure", "refund_failure", "re_"),
    ("payment_failure_refund", "charge_failure", "py_"),
    ("adjustment", "dispute", "dp_"),
    ("adjustment", "dispute_reversal", "dp_"),
    ("adjustment", "other_adjustment", None),
    ("stripe_fee", "fee", None),
    ("reserve_hold", "risk_reserved_funds", None),
    ("payout_failure", "payout_reversal", "po_"),
    ("galactic_levy", "other_adjustment", None),
    ("topup", "topup", None),
]
OUTGOING = {"refund", "dispute"}
FEE_KINDS = ["stripe_fee", "tax", "application_fee", "galactic_fee"]
KEYS = [prefix + str(n) for prefix in ("ch_", "py_", "re_", "rf-re_", "dp_", "rp-dp_") for n in range(3)]


@st.composite
def member(draw: Any, number: int, currency: str) -> MemberRow:
    kind, category, prefix = draw(st.sampled_from(KINDS))
    source = draw(st.sampled_from([f"{prefix}0", f"{prefix}1", f"{prefix}2"])) if prefix else None
    amount = draw(AMOUNT)
    # Most amounts have the sign that their kind has.
    if prefix and draw(st.integers(0, 4)):
        amount = -abs(amount) if category in OUTGOING else abs(amount)
    fees = tuple(draw(st.lists(st.tuples(st.sampled_from(FEE_KINDS), st.integers(-500, 500)), max_size=3)))
    fee = sum(part for _, part in fees) + draw(st.sampled_from([0, 0, 0, 7]))
    other = draw(st.sampled_from([(currency, abs(amount))] * 3 + [("gbp", 777), (None, None), (currency, 42)]))
    return MemberRow(
        id=f"txn_{number}",
        type=kind,
        category=category,
        source_id=source,
        currency=draw(st.sampled_from([currency] * 9 + ["jpy"])),
        amount_minor=amount,
        fee_minor=fee,
        net_minor=amount - fee,
        created_at=MOMENT + timedelta(hours=draw(st.integers(0, 3))) + draw(st.sampled_from([timedelta(), LATER])),
        fees=fees,
        source_currency=other[0] if source else None,
        source_minor=other[1] if source else None,
    )


@st.composite
def payout(draw: Any) -> PayoutRow:
    currency = draw(st.sampled_from(["usd", "usd", "eur"]))
    members = tuple(draw(member(number, currency)) for number in range(draw(st.integers(0, 9))))
    total = sum(row.net_minor for row in members) + draw(st.sampled_from([0, 0, 0, 1, -500, 20000, -20000]))
    automatic = draw(st.sampled_from([True, True, True, False]))
    return PayoutRow(
        id="po_1",
        currency=currency,
        amount_minor=total,
        status=draw(st.sampled_from(["paid", "paid", "paid", "failed", "in_transit"])),
        arrival_date=DAY,
        created_at=MOMENT,
        automatic=automatic,
        complete=draw(st.sampled_from([True, True, True, False])),
        members=members,
        returned_date=draw(st.sampled_from([None, None, DAY])),
        allocation=None if automatic else Allocation(draw(st.sampled_from(["unique", "unique", "ambiguous"]))),
        earlier=tuple(draw(member(number, currency)) for number in range(50, draw(st.integers(50, 53)))),
    )


def documents(row: PayoutRow) -> st.SearchStrategy[KnownDocument]:
    """What NetSuite may hold for the members: what Stripe says of one of them, or something else."""
    amounts = [(item.source_currency, item.source_minor) for item in row.members if item.source_minor is not None]
    amounts += [(item.currency, abs(item.amount_minor)) for item in row.members]
    # Nearly so, or less its fee: what policy may tolerate.
    amounts += [(money, abs(minor + off)) for money, minor in amounts[:2] for off in (-1, 1, 2)]
    amounts += [(item.currency, abs(item.amount_minor) - item.fee_minor) for item in row.members[:2]]
    return st.builds(
        lambda money, deposit: KnownDocument("7", money[0], money[1], deposit_key=deposit),
        st.sampled_from([*amounts, (None, None), ("usd", 1)]),
        st.sampled_from([None, None, None, "ns:9"]),
    )


@st.composite
def worlds(draw: Any) -> dict[str, Any]:
    row = draw(payout())
    known = draw(st.dictionaries(st.sampled_from([*KEYS, "po_1", "po_1-2", "pf-po_1"]), documents(row), max_size=8))
    planned = draw(st.sets(st.sampled_from(KEYS)))
    refused = draw(st.sets(st.sampled_from(KEYS), max_size=3))
    return {"row": row, "known": known, "planned": planned, "refused": refused}


LIMIT = st.sampled_from([1, 2, 3, 100])


def plan(policy: Policy, world: dict[str, Any], limit: int = 100, **changes: Any) -> list[Any]:
    found = {**world, **changes}
    return plan_payout(policy, *found.values(), members_max=limit)


def deposits(items: Sequence[Any]) -> list[Command]:
    return [item for item in items if isinstance(item, Command) and item.document == "deposit"]


def moved(world: dict[str, Any], command: Command) -> int:
    """What the bank account gets when NetSuite adds up the body: the documents as it holds them, and the accounts."""
    bank = command.body["account"]["$account"]
    settled = {item.source_id: item for item in world["row"].members}
    total = 0
    for line in command.body.get("payment", {"items": []})["items"]:
        key = line["id"]["$key"]
        outgoing = key.startswith(("re_", "dp_"))
        plain = abs(settled[key.removeprefix("rf-").removeprefix("rp-")].amount_minor)
        document = world["known"].get(key)
        own = document.total_minor if document and document.total_minor is not None else plain
        total += line["paymentAmount"]["$minor"][0] if "paymentAmount" in line else (-own if outgoing else own)
    for name, sign in (("other", 1), ("cashback", -1)):
        for line in command.body.get(name, {"items": []})["items"]:
            assert line["amount"]["$minor"][0] > 0
            assert line["amount"]["$minor"][1] == command.currency
            total += 0 if line["account"]["$account"] == bank else sign * line["amount"]["$minor"][0]
    return total


@given(policy=POLICIES, world=worlds(), limit=LIMIT)
def test_the_equation_of_the_payout_closes(policy: Policy, world: dict[str, Any], limit: int):
    """Σ amounts − Σ fees + residuals = payout: over all parts, in the lines that people read and in their amounts."""
    found = deposits(plan(policy, world, limit, known=world["known"].copy()))
    for command in found:
        assert command.amount_minor == sum(line.amount_minor for line in command.lines)
    if found and not any(key.startswith("po_") for key in world["known"]):
        assert world["row"].amount_minor == sum(command.amount_minor for command in found)


OFF = st.lists(st.tuples(st.integers(-3, 3), st.booleans()), min_size=1, max_size=8)


@given(off=OFF, budget=st.integers(0, 8), order=st.randoms(use_true_random=False))
def test_differences_stay_within_their_budget_in_any_order(off: list[tuple[int, bool]], budget: int, order: Any):
    """Payments in and refunds out that are a little off, in payouts of two months: each month has its budget."""
    told = {"account": "Differences", "rounding_minor": {"usd": 3}, "monthly_budget_minor": {"usd": budget}}
    policy, rows, known = Policy.model_validate({"tolerances": told}), [], {}
    for number, (minor, out) in enumerate(off):
        key, sign = (f"re_{number}", -1) if out else (f"ch_{number}", 1)
        row = MemberRow(f"txn_{number}", "refund" if out else "charge", "", key, "usd", 900 * sign, 0, 0, MOMENT)
        arrival = DAY + timedelta(days=40 * (number % 2))
        head = f"po_{number}", "usd", 900 * sign, "paid", arrival, MOMENT, True, True
        rows.append(PayoutRow(*head, members=(row,)))
        known[key] = KnownDocument("7", "usd", 900 + minor)
    found = make_plan(policy, Rows((), payouts=tuple(rows)), known).commands
    assert found == make_plan(policy, Rows((), payouts=tuple(order.sample(rows, len(rows)))), known).commands
    spent: Counter[date] = Counter()
    for command in found:
        world = {"row": next(row for row in rows if row.id == command.stripe_id), "known": known}
        assert moved(world, command) == command.amount_minor
        lines = [line for name in ("other", "cashback") for line in command.body.get(name, {"items": []})["items"]]
        differences = [line["amount"]["$minor"][0] for line in lines if line["account"]["$account"] == "Differences"]
        spent[command.effective_date] += sum(differences)
    assert max(spent.values()) <= budget


@st.composite
def distinct(draw: Any) -> dict[str, Any]:
    """A world in which no source has two members, so that a document's amount in a body is certain."""
    world = draw(worlds())
    rows = {item.source_id or item.id: item for item in world["row"].members}
    return {**world, "row": replace(world["row"], members=tuple(rows.values()))}


@given(policy=POLICIES, world=distinct(), limit=LIMIT)
def test_netsuite_comes_to_the_same_sum(policy: Policy, world: dict[str, Any], limit: int):
    """The body, added up by NetSuite's rules from the documents it holds, moves what the command says, to the cent."""
    for command in deposits(plan(policy, world, limit)):
        assert command.amount_minor == moved(world, command)
        bank = [
            line["amount"]["$minor"][0]
            for line in command.body.get("other", {"items": []})["items"]
            if line["account"] == command.body["account"]
        ]
        assert bank == ([-command.amount_minor] if command.amount_minor < 0 else [])


@given(policy=POLICIES, world=worlds(), limit=LIMIT, order=st.randoms(use_true_random=False))
def test_order_and_duplicates_change_nothing(policy: Policy, world: dict[str, Any], limit: int, order: Any):
    """Members may come in any order and more than once; planning changes none of its inputs."""
    before = copy.deepcopy(world)
    row = world["row"]
    twice = [*row.members, *row.members[:3]]
    mixed = replace(row, members=tuple(order.sample(twice, len(twice))))
    assert plan(policy, world, limit) == plan(policy, world, limit, row=mixed)
    assert before == world


@given(policy=POLICIES, world=worlds(), limit=LIMIT)
def test_after_everything_is_written_nothing_is_planned(policy: Policy, world: dict[str, Any], limit: int):
    """Nor is half of it: with any part written, the others are planned as they were."""
    first = [item for item in plan(policy, world, limit) if isinstance(item, Command)]
    written = {command.external_id: KnownDocument("1") for command in first}
    again = plan(policy, world, limit, known=world["known"] | written)
    assert not [item for item in again if isinstance(item, Command)]
    assert not first or not again
    for command in deposits(first)[:1]:
        rest = plan(policy, world, limit, known=world["known"] | {command.external_id: KnownDocument("1")})
        assert [item.external_id for item in first if item != command] == [item.external_id for item in rest]


@given(policy=POLICIES, world=worlds(), limit=LIMIT)
def test_a_document_is_in_one_deposit_and_will_be_there(policy: Policy, world: dict[str, Any], limit: int):
    """No document twice, none that is refused or deposited elsewhere, and each is known or waited for."""
    taken = []
    for command in deposits(plan(policy, world, limit)):
        keys = [line["id"]["$key"] for line in command.body.get("payment", {"items": []})["items"]]
        assert [key for key in keys if key not in world["known"]] == list(command.depends_on)
        taken += keys
    assert len(taken) == len(set(taken))
    assert not set(taken) & world["refused"]
    assert set(taken) <= world["planned"] | world["known"].keys()
    assert all(world["known"][key].deposit_key is None for key in taken if key in world["known"])


@given(policy=POLICIES, world=worlds())
def test_whatever_is_not_documented_is_named(policy: Policy, world: dict[str, Any]):
    """Every member with a source is a document of the deposit or a line under its own id."""
    for command in deposits(plan(policy, world)):
        keys = {line["id"]["$key"] for line in command.body.get("payment", {"items": []})["items"]}
        named = " ".join(line.text for line in command.lines)
        for item in world["row"].members:
            before = policy.books.opening and item.created_at < policy.books.cut_over and "opening balance" in named
            if item.amount_minor and item.source_id and item.type != "payout_failure" and not before:
                assert any(key.endswith(item.source_id) for key in keys) or f"{item.id} " in named


def of_the_opening(command: Command) -> list[tuple[str, int]]:
    """Account and signed amount of the lines that are of the opening balance, or beyond it."""
    return [
        (line["account"]["$account"], sign * line["amount"]["$minor"][0])
        for name, sign in (("other", 1), ("cashback", -1))
        for line in command.body.get(name, {"items": []})["items"]
        if "opening balance" in line["memo"]
    ]


# Categories that mean nothing in the ledger.
UNKNOWN = ("other_adjustment", "topup")


def documented(world: dict[str, Any], item: MemberRow) -> bool:
    """Whether the member's own document is there, or about to be: by its category, told apart from the planner."""
    prefix = {"refund_failure": "rf-", "dispute_reversal": "rp-"}.get(item.category, "")
    key = f"{prefix}{item.source_id}"
    return item.category not in ("charge_failure", "payout_reversal") and key in {*world["known"], *world["planned"]}


def arrived(row: PayoutRow) -> PayoutRow:
    """The same payout, paid and complete, of the amount that its members make, and nothing of it taken before."""
    total = sum(expected_net(row, item) for item in in_order(row.members))
    return replace(
        row, amount_minor=total, status="paid", automatic=True, complete=True, earlier=(), returned_date=None
    )


@given(policy=st.sampled_from(BEGINNING), world=worlds(), limit=LIMIT, count=st.integers(1, 4))
def test_an_opening_balance_is_never_overdrawn(policy: Policy, world: dict[str, Any], limit: int, count: int):
    """Payout after payout takes no more than is declared; what they took and what was beyond it are all of before."""
    known = {key: item for key, item in world["known"].items() if not key.startswith("po_")}
    world, declared = {**world, "known": known}, policy.books.opening[world["row"].currency]
    row, earlier, lines = arrived(world["row"]), tuple[MemberRow, ...](), list[tuple[str, int]]()
    for number in range(count):
        members = tuple(replace(item, id=f"{item.id}_{number}") for item in row.members)
        found = deposits(plan(policy, world, limit, row=replace(row, members=members, earlier=earlier)))
        if any(isinstance(item, Refusal) for item in plan(policy, world, limit, row=row)):
            return
        earlier += members
        lines += [line for command in found for line in of_the_opening(command)]
    taken = sum(minor for account, minor in lines if account == OPENING)
    old = [item for item in in_order(earlier) if item.created_at < policy.books.cut_over]
    old = [item for item in old if item.currency == row.currency and not documented(world, item)]
    net, strange = (sum(item.amount_minor - item.fee_minor for item in some)
                    for some in (old, [item for item in old if item.category in UNKNOWN]))  # fmt: skip
    assert net - strange == sum(minor for _, minor in lines)
    sign = (declared.amount_minor > 0) - (declared.amount_minor < 0)
    assert taken + strange == sign * min(sign * net, abs(declared.amount_minor))


@given(policy=POLICIES, world=worlds(), order=st.randoms(use_true_random=False))
def test_what_was_cleared_comes_to_nought_once(policy: Policy, world: dict[str, Any], order: Any):
    """A clearing takes one document, comes to zero, and is not planned again; the order does not matter."""
    row = world["row"]
    rows = [ResidualRow(row, "po_1", item, item.amount_minor) for item in row.members]
    known = world["known"] | {"po_1": KnownDocument("1")}
    first = plan_clearing(policy, rows, known, world["planned"], world["refused"])
    mixed = order.sample([*rows, *rows[:2]], len(rows) + len(rows[:2]))
    assert first == plan_clearing(policy, mixed, known, world["planned"], world["refused"])
    written = {}
    for command in first:
        if isinstance(command, Command):
            (line,) = command.body["payment"]["items"]
            assert 0 == command.amount_minor == sum(part.amount_minor for part in command.lines)
            assert not world["refused"] & {line["id"]["$key"]}
            written |= {command.external_id: KnownDocument("2")}
            # It is in a deposit from now on.
            written |= {line["id"]["$key"]: KnownDocument("3", deposit_key=command.external_id)}
    again = plan_clearing(policy, rows, known | written, world["planned"], world["refused"])
    assert not [item for item in again if isinstance(item, Command)]
