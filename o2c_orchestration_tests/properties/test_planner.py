"""The planner for any rows: pure, idempotent, independent of order and batches, and never off by a cent."""

import copy
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.domain.documents import (
    ApplicationRow,
    CustomerRow,
    InvoiceRow,
    KnownDocument,
    LineRow,
    PaymentRow,
    Plan,
    Rows,
)
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan

MOMENT = datetime(2026, 2, 15, 12, tzinfo=UTC)
DAY = date(2026, 2, 15)
POLICIES = st.sampled_from(
    [
        Policy(),
        Policy.model_validate({"items": {"tax": None}}),
        Policy.model_validate({"items": {"default": None, "prices": {"price_1": "Seats"}}}),
        Policy.model_validate({"books": {"subsidiary": None}, "netsuite": {"payment_account": 7}}),
        Policy.model_validate({"reversals": {"uninvoiced": "sale"}}),
        Policy.model_validate({"reversals": {"uninvoiced": "deposit"}}),
    ]
)
AMOUNT = st.integers(-500, 5000)
CUSTOMER_IDS = st.sampled_from(["cus_1", "cus_1", "cus_2", "cus_2", "cus_3", None])
INVOICE_IDS = [f"in_{number}" for number in range(6)]
CHARGE_IDS = [f"ch_{number}" for number in range(5)]


@st.composite
def lines(draw: Any) -> tuple[LineRow, ...]:
    made = st.builds(
        LineRow,
        id=st.just("il"),
        description=st.sampled_from(["Seats", "Usage", ""]),
        amount_minor=AMOUNT,
        discount_minor=st.sampled_from([0, 0, 50]),
        tax_exclusive_minor=st.sampled_from([0, 19]),
        tax_inclusive_minor=st.sampled_from([0, 7]),
        price_id=st.sampled_from([None, "price_1", "price_2"]),
    )
    return tuple(draw(st.lists(made, max_size=4)))


@st.composite
def invoice(draw: Any, key: str) -> InvoiceRow:
    items = draw(lines())
    shipping = draw(st.sampled_from([0, 0, 30]))
    tax = sum(item.tax_exclusive_minor + item.tax_inclusive_minor for item in items)
    total = sum(item.amount_minor - item.discount_minor + item.tax_exclusive_minor for item in items) + shipping
    # Once in a while Stripe's total has something in it that we do not understand.
    total += draw(st.sampled_from([0, 0, 0, 1, -100]))
    return InvoiceRow(
        id=key,
        customer_id=draw(CUSTOMER_IDS),
        number=draw(st.sampled_from([None, "A-1"])),
        currency=draw(st.sampled_from(["usd", "jpy", "kwd"])),
        status=draw(st.sampled_from(["open", "paid", "uncollectible"])),
        total_minor=total,
        tax_minor=tax,
        amount_remaining_minor=0,
        issue_date=draw(st.sampled_from([DAY, DAY, None])),
        due_date=draw(st.sampled_from([None, date(2026, 1, 1), date(2026, 4, 1)])),
        created_at=MOMENT,
        lines=items,
        shipping_minor=shipping,
    )


@st.composite
def payment(draw: Any, key: str) -> PaymentRow:
    targets = draw(st.lists(st.sampled_from(INVOICE_IDS), unique=True, max_size=3))
    parts = tuple(ApplicationRow(target, draw(st.integers(1, 900))) for target in targets)
    amount = sum(part.amount_minor for part in parts) + draw(st.sampled_from([0, 100, -1]))
    return PaymentRow(key, draw(CUSTOMER_IDS), draw(st.sampled_from(["usd", "jpy"])), amount, DAY, MOMENT, parts)


@st.composite
def rows(draw: Any) -> dict[str, Any]:
    customers = [
        CustomerRow(key, "Ann", None, MOMENT, ("usd",)) for key in draw(st.sets(st.sampled_from(["cus_1", "cus_2"])))
    ]
    invoices = [draw(invoice(key)) for key in draw(st.lists(st.sampled_from(INVOICE_IDS), unique=True))]
    payments = [draw(payment(key)) for key in draw(st.lists(st.sampled_from(CHARGE_IDS), unique=True))]
    document = st.builds(
        KnownDocument,
        netsuite_id=st.just("7"),
        currency=st.sampled_from([None, "usd"]),
        remaining_minor=st.sampled_from([None, 0, 500]),
    )
    pool = [*INVOICE_IDS[:3], *CHARGE_IDS[:2], "cus_2", "cus_3"]
    known = draw(st.dictionaries(st.sampled_from(pool), document, max_size=3))
    return {"customers": customers, "invoices": invoices, "payments": payments, "known": known}


def plan_of(policy: Policy, found: dict[str, Any], elsewhere: Sequence[str] = ()) -> Plan:
    batch = Rows(tuple(found["customers"]), tuple(found["invoices"]), tuple(found["payments"]))
    return make_plan(policy, batch, found["known"], elsewhere)


@given(policy=POLICIES, found=rows())
def test_planning_is_pure(policy: Policy, found: dict[str, Any]):
    """The same rows give the same plan, and planning changes none of them."""
    before = copy.deepcopy(found)
    assert plan_of(policy, found) == plan_of(policy, found)
    assert before == found


@given(policy=POLICIES, found=rows())
def test_after_everything_is_written_the_plan_is_empty(policy: Policy, found: dict[str, Any]):
    """Once the planned documents are known, nothing of them is planned again, and no refusal turns into a command."""
    first = plan_of(policy, found)
    written = {command.external_id: KnownDocument("1") for command in first.commands}
    second = plan_of(policy, {**found, "known": found["known"] | written})
    assert () == second.commands
    assert first.refusals == second.refusals


@given(policy=POLICIES, found=rows(), order=st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(policy: Policy, found: dict[str, Any], order: Any):
    """Rows may come in any order."""
    mixed = {key: order.sample(found[key], len(found[key])) for key in ("customers", "invoices", "payments")}
    assert plan_of(policy, found) == plan_of(policy, {**mixed, "known": found["known"]})


@given(policy=POLICIES, found=rows(), cuts=st.lists(st.integers(0, 3), min_size=11, max_size=11))
def test_splitting_into_batches_changes_nothing(policy: Policy, found: dict[str, Any], cuts: list[int]):
    """Planned batch by batch, each told what the others write, the union is the plan of the whole."""
    whole = plan_of(policy, found)
    invoices = {command.stripe_id for command in whole.commands if command.document == "invoice"}
    commands: dict[str, Any] = {}
    refusals: dict[str, Any] = {}
    for batch in range(4):
        mine = {
            "customers": found["customers"],
            "known": found["known"],
            "invoices": [row for row, cut in zip(found["invoices"], cuts, strict=False) if cut == batch],
            "payments": [row for row, cut in zip(found["payments"], cuts[6:], strict=False) if cut == batch],
        }
        part = plan_of(policy, mine, sorted(invoices))
        commands |= {command.external_id: command for command in part.commands}
        refusals |= {refusal.external_id: refusal for refusal in part.refusals}
    assert {command.external_id: command for command in whole.commands} == commands
    assert {refusal.external_id: refusal for refusal in whole.refusals} == refusals


@given(policy=POLICIES, found=rows())
def test_every_row_comes_to_exactly_one_end(policy: Policy, found: dict[str, Any]):
    """Known, written, refused or left out: no row is lost and none counted twice."""
    plan = plan_of(policy, found)
    ends = [
        *(command.stripe_id for command in plan.commands if command.document != "customer"),
        *(refusal.stripe_id for refusal in plan.refusals),
        *plan.skipped,
    ]
    all_rows = {row.id for row in (*found["invoices"], *found["payments"])} - found["known"].keys()
    assert sorted(all_rows) == sorted(ends)


@given(policy=POLICIES, found=rows())
def test_an_invoice_is_right_to_the_cent_or_refused(policy: Policy, found: dict[str, Any]):
    """The lines of every invoice command, as shown and as sent, sum to Stripe's total; what does not is refused."""
    plan = plan_of(policy, found)
    totals = {row.id: row.total_minor for row in found["invoices"]}
    for command in plan.commands:
        if command.document == "invoice":
            sent = sum(item["amount"]["$minor"][0] for item in command.body["item"]["items"])
            assert totals[command.stripe_id] == sum(line.amount_minor for line in command.lines) == sent
            assert command.amount_minor == sent >= 0
            assert all(item["item"]["$item"] for item in command.body["item"]["items"])


@given(policy=POLICIES, found=rows())
def test_no_payment_is_applied_beyond_its_amount(policy: Policy, found: dict[str, Any]):
    """A payment command applies at most what was paid, exactly as Stripe says, to documents that will be there."""
    plan = plan_of(policy, found, INVOICE_IDS)
    claims = {row.id: row for row in found["payments"]}
    will_be_there = found["known"].keys() | {command.external_id for command in plan.commands} | set(INVOICE_IDS)
    for command in plan.commands:
        if command.document == "customerPayment":
            applied = [item["amount"]["$minor"][0] for item in command.body.get("apply", {"items": []})["items"]]
            assert sum(applied) <= command.amount_minor == claims[command.stripe_id].amount_minor
            claimed = [part.amount_minor for part in claims[command.stripe_id].applications]
            sold = policy.reversals.uninvoiced == "sale" and not claimed and command.amount_minor > 0
            assert applied == ([command.amount_minor] if sold else claimed)
            owed = policy.reversals.uninvoiced == "deposit" and not claimed
            assert command.record == ("customerDeposit" if owed else "customerPayment")
            assert command.body.get("autoApply") is (None if owed else False)
            assert set(command.depends_on) <= will_be_there


@given(policy=POLICIES, found=rows())
def test_documents_come_after_what_they_lean_on(policy: Policy, found: dict[str, Any]):
    """In the order of the plan, a document's customer and invoices come first."""
    seen = set(found["known"])
    for command in plan_of(policy, found).commands:
        assert set(command.depends_on) <= seen
        seen.add(command.external_id)
