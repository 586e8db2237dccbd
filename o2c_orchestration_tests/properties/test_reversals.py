"""The planner of credit notes, closed invoices and charge histories, for any of them: pure, idempotent, to the cent."""

import copy
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.domain.documents import (
    ApplicationRow,
    ChargeHistory,
    Command,
    CreditedRow,
    CreditNoteRow,
    CustomerRow,
    DisputeRow,
    InvoiceRow,
    KnownDocument,
    LineRow,
    PaymentRow,
    Plan,
    RefundRow,
    Rows,
)
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan

START = datetime(2026, 2, 15, 12, tzinfo=UTC)
POLICIES = st.sampled_from(
    [
        Policy(),
        Policy.model_validate({"items": {"credit": None}}),
        Policy.model_validate({"reversals": {"uncollectible": "keep_open", "uninvoiced": "refuse"}}),
        Policy.model_validate({"reversals": {"uninvoiced": "sale"}}),
        Policy.model_validate({"reversals": {"uninvoiced": "deposit"}}),
    ]
)
BY_LINES = st.sampled_from(
    [
        Policy.model_validate({"reversals": {"partial_refunds": "prorated"}}),
        Policy.model_validate({"reversals": {"disputes": "as_refunds"}}),
        Policy.model_validate({"reversals": {"partial_refunds": "prorated", "disputes": "as_refunds"}}),
    ]
)
ANY_POLICY = POLICIES | BY_LINES
INVOICES, NOTES, CHARGES = ("in_0", "in_1", "in_2"), ("cn_0", "cn_1"), ("ch_0", "ch_1", "ch_2")
DAYS = st.integers(0, 9)
SOMEBODY = st.sampled_from(["cus_1", "cus_1", "cus_1", None])
CURRENCY = st.sampled_from(["usd", "usd", "usd", "jpy"])
CUSTOMERS = (CustomerRow("cus_1", "Ann", None, START, ("usd",)),)


def day(days: int) -> date:
    return date(2026, 2, 15) + timedelta(days)


@st.composite
def credit_note(draw: Any, key: str) -> CreditNoteRow:
    amounts = draw(st.lists(st.integers(0, 500), max_size=3))
    lines = tuple(
        LineRow(f"{key}-{number}", "Seats", amount, origin=draw(st.sampled_from([None, "il_1", "il_gone"])))
        for number, amount in enumerate(amounts)
    )
    total = sum(amounts) + draw(st.sampled_from([0, 0, 0, 1]))
    before = draw(st.integers(0, total))
    moment = START + timedelta(draw(DAYS))
    values = draw(st.sampled_from(INVOICES)), draw(SOMEBODY), draw(CURRENCY), "issued", total, 0, before
    return CreditNoteRow(key, *values, moment.date(), moment, lines)


@st.composite
def closed_invoice(draw: Any, key: str) -> InvoiceRow:
    total, left = 1000, draw(st.sampled_from([0, 300, 1000]))
    return InvoiceRow(
        id=key,
        customer_id=draw(SOMEBODY),
        number=None,
        currency=draw(CURRENCY),
        status=draw(st.sampled_from(["void", "uncollectible", "paid"])),
        total_minor=total,
        tax_minor=0,
        amount_remaining_minor=left,
        issue_date=day(0),
        due_date=None,
        created_at=START,
        lines=(LineRow("il_1", "Seats", total, price_id="price_1"),),
        closed_date=day(draw(DAYS)),
        paid_date=day(9),
    )


@st.composite
def refund(draw: Any, key: str, charge: PaymentRow) -> RefundRow:
    amount, days = draw(st.integers(1, 900)), draw(DAYS)
    notes = draw(st.lists(st.sampled_from(NOTES), unique=True, max_size=2))
    credited = tuple(CreditedRow(note, draw(st.integers(1, 300))) for note in notes)
    returned = draw(st.sampled_from([None, None, days, days + 2]))
    back = None if returned is None else day(returned)
    return RefundRow(key, charge.id, draw(CURRENCY), amount, day(days), START + timedelta(days), back, credited)


@st.composite
def dispute(draw: Any, key: str, charge: PaymentRow) -> DisputeRow:
    amount, days = draw(st.integers(1, 900)), draw(DAYS)
    end = draw(st.sampled_from(["lost", "won", "part"]))
    back = day(days + 3) if end == "won" else None
    moment = START + timedelta(days)
    return DisputeRow(key, charge.id, draw(CURRENCY), amount, end, day(days), moment, back, end == "part")


@st.composite
def repaid(draw: Any, payment: PaymentRow) -> ChargeHistory:
    """All or a part of a charge goes back, perhaps again, beside an invoice that is as large, or nearly."""
    [part] = payment.applications
    tax, split = draw(st.sampled_from([0, 1])), draw(st.integers(0, part.amount_minor))
    total = part.amount_minor + draw(st.sampled_from([0, 0, 0, 1]))
    lines = (LineRow("il_a", "Seats", split), LineRow("il_b", "Usage", part.amount_minor - split - tax))
    invoice = InvoiceRow(
        part.invoice_id, payment.customer_id, None, payment.currency, "paid", total, tax, 0, day(0), None, START, lines
    )
    refunds = [draw(refund(f"re_{payment.id}{number}", payment)) for number in range(draw(st.integers(1, 3)))]
    amounts = [payment.amount_minor, draw(st.integers(1, payment.amount_minor))]
    same = {"currency": payment.currency}
    back = tuple(replace(row, amount_minor=draw(st.sampled_from(amounts)), **same) for row in refunds)
    disputes = [draw(dispute(f"dp_{payment.id}0", payment))] if draw(st.booleans()) else []
    lost = tuple(replace(row, amount_minor=draw(st.sampled_from(amounts)), **same) for row in disputes)
    return ChargeHistory(payment, back, lost, invoice)


@st.composite
def history(draw: Any, charge: str) -> ChargeHistory:
    targets = draw(st.lists(st.sampled_from(INVOICES), unique=True, max_size=2))
    parts = tuple(ApplicationRow(target, draw(st.integers(1, 400))) for target in targets)
    amount = sum(part.amount_minor for part in parts) + draw(st.sampled_from([0, 0, 250, 1000]))
    looked_up = draw(st.sampled_from([True, True, True, False]))
    payment = PaymentRow(charge, draw(SOMEBODY), draw(CURRENCY), amount, day(0), START, parts, looked_up)
    if len(parts) == 1 and draw(st.booleans()):
        return draw(repaid(payment))
    refunds = tuple(draw(refund(f"re_{charge}{number}", payment)) for number in range(draw(st.integers(0, 3))))
    disputes = tuple(draw(dispute(f"dp_{charge}{number}", payment)) for number in range(draw(st.integers(0, 1))))
    return ChargeHistory(payment, refunds, disputes)


@st.composite
def worlds(draw: Any) -> dict[str, Any]:
    document = st.builds(
        KnownDocument,
        netsuite_id=st.just("7"),
        currency=st.just("usd"),
        total_minor=st.just(1000),
        remaining_minor=st.sampled_from([0, 300, 1000]),
    )
    pool = [*INVOICES, *(f"cm-{key}" for key in INVOICES), *CHARGES, *NOTES, "cus_1"]
    pool += [
        f"{kind}{charge}0" for charge in CHARGES for kind in ("re_", "cm-re_", "rf-re_", "dp_", "cm-dp_", "ri-dp_")
    ]
    return {
        "credit_notes": [draw(credit_note(key)) for key in draw(st.lists(st.sampled_from(NOTES), unique=True))],
        "closed": [draw(closed_invoice(key)) for key in draw(st.lists(st.sampled_from(INVOICES), unique=True))],
        "histories": [draw(history(key)) for key in draw(st.lists(st.sampled_from(CHARGES), unique=True))],
        "known": draw(st.dictionaries(st.sampled_from(pool), document, max_size=12)),
    }


def plan_of(policy: Policy, found: dict[str, Any], elsewhere: Sequence[str] = ()) -> Plan:
    lines = {"il_1": LineRow("il_1", "Seats", 1000, price_id="price_1")}
    kinds = {kind: tuple(found[kind]) for kind in ("credit_notes", "closed", "histories")}
    return make_plan(policy, Rows(CUSTOMERS, invoice_lines=lines, **kinds), found["known"], elsewhere)


def applied(command: Command) -> list[tuple[str, int]]:
    items = command.body.get("apply", {"items": []})["items"]
    return [(part["doc"]["$document"][1], part["amount"]["$minor"][0]) for part in items]


@given(policy=ANY_POLICY, found=worlds())
def test_planning_is_pure(policy: Policy, found: dict[str, Any]):
    """The same rows give the same plan, and planning changes none of them."""
    before = copy.deepcopy(found)
    assert plan_of(policy, found) == plan_of(policy, found)
    assert before == found


@given(policy=ANY_POLICY, found=worlds())
def test_after_everything_is_written_the_plan_is_empty(policy: Policy, found: dict[str, Any]):
    """Once the planned documents are known, nothing of them is planned again, and what was refused still is."""
    first = plan_of(policy, found)
    written = {command.external_id: KnownDocument("1") for command in first.commands}
    second = plan_of(policy, {**found, "known": found["known"] | written})
    assert () == second.commands
    assert first.refusals == second.refusals


@given(policy=ANY_POLICY, found=worlds(), stop=st.integers(0, 20))
def test_a_plan_that_was_cut_short_is_taken_up_where_it_stopped(policy: Policy, found: dict[str, Any], stop: int):
    """Whatever part of it is written, in its order: the rest is planned as it was."""
    first = plan_of(policy, found)
    written = {command.external_id: KnownDocument("1") for command in first.commands[:stop]}
    second = plan_of(policy, {**found, "known": found["known"] | written})
    assert first.commands[stop:] == second.commands


@given(policy=ANY_POLICY, found=worlds(), order=st.randoms(use_true_random=False))
def test_the_order_of_the_input_changes_nothing(policy: Policy, found: dict[str, Any], order: Any):
    """Rows may come in any order, and so may what happened to one charge."""
    mixed = {kind: order.sample(found[kind], len(found[kind])) for kind in ("credit_notes", "closed", "histories")}
    mixed["histories"] = [
        ChargeHistory(
            each.payment,
            tuple(order.sample(each.refunds, len(each.refunds))),
            tuple(order.sample(each.disputes, len(each.disputes))),
        )
        for each in mixed["histories"]
    ]
    assert plan_of(policy, found) == plan_of(policy, {**mixed, "known": found["known"]})


@given(policy=ANY_POLICY, found=worlds(), cuts=st.lists(st.integers(0, 2), min_size=8, max_size=8))
def test_batches_change_nothing(policy: Policy, found: dict[str, Any], cuts: list[int]):
    """Planned batch by batch, each told what the others write, the union is the plan of the whole."""
    whole = plan_of(policy, found)
    elsewhere = [command.external_id for command in whole.commands if command.document == "creditMemo"]
    commands: dict[str, Any] = {}
    refusals: dict[str, Any] = {}
    for batch in range(3):
        kinds = {"credit_notes": cuts, "closed": cuts[2:], "histories": cuts[5:]}
        mine = {
            kind: [row for row, cut in zip(found[kind], mapped, strict=False) if cut == batch]
            for kind, mapped in kinds.items()
        }
        part = plan_of(policy, {**mine, "known": found["known"]}, elsewhere)
        commands |= {command.external_id: command for command in part.commands}
        refusals |= {refusal.external_id: refusal for refusal in part.refusals}
    assert {command.external_id: command for command in whole.commands} == commands
    assert {refusal.external_id: refusal for refusal in whole.refusals} == refusals


@given(policy=ANY_POLICY, found=worlds())
def test_a_refund_pays_out_its_amount_and_not_a_cent_else(policy: Policy, found: dict[str, Any]):
    """The parts of every refund are positive and sum to what Stripe moved; so do the lines of every memo."""
    amounts = {event.id: event.amount_minor for each in found["histories"] for event in (*each.refunds, *each.disputes)}
    for command in plan_of(policy, found).commands:
        parts = [amount for _, amount in applied(command)]
        assert all(amount > 0 for amount in parts)
        if command.document == "customerRefund":
            assert amounts[command.stripe_id] == sum(parts) == command.amount_minor
        elif "item" in command.body:
            lines = [line["amount"]["$minor"][0] for line in command.body["item"]["items"]]
            assert command.amount_minor == sum(lines) >= sum(parts)


@given(policy=POLICIES, found=worlds())
def test_lines_go_back_once_and_whole(policy: Policy, found: dict[str, Any]):
    """A refund's memo is one line, or the lines of an invoice that it pays back whole; a charge has one such memo."""
    histories = {row.id: each for each in found["histories"] for row in each.refunds}
    taken: Counter[str] = Counter()
    for command in plan_of(policy, found).commands:
        if command.document == "creditMemo" and command.stripe_id in histories:
            invoice, lines = histories[command.stripe_id].invoice, command.body["item"]["items"]
            if [line["item"]["$item"] for line in lines] != ["Stripe Refund"]:
                assert invoice is not None
                taken[histories[command.stripe_id].payment.id] += 1
                amounts = [line["amount"]["$minor"][0] for line in lines]
                assert sum(amounts) == command.amount_minor == invoice.total_minor
                assert amounts[:2] == [line.amount_minor for line in invoice.lines]
    assert set(taken.values()) <= {1}


@given(policy=ANY_POLICY, found=worlds())
def test_nothing_gives_more_than_it_has(policy: Policy, found: dict[str, Any]):
    """What refunds take of a memo of their own, of a payment, or of money that came back is at most its amount."""
    spare = {
        each.payment.id: each.payment.amount_minor - sum(part.amount_minor for part in each.payment.applications)
        for each in found["histories"]
    }
    plan = plan_of(policy, {**found, "known": {key: found["known"][key] for key in CHARGES if key in found["known"]}})
    worth = {command.external_id: command.amount_minor for command in plan.commands} | spare
    taken: Counter[str] = Counter()
    for command in plan.commands:
        if command.document in ("customerRefund", "customerPayment"):
            taken.update(dict(applied(command)))
    assert {key: amount for key, amount in taken.items() if key not in NOTES and amount > worth[key]} == {}


@given(policy=ANY_POLICY, found=worlds())
def test_documents_come_after_what_they_lean_on(policy: Policy, found: dict[str, Any]):
    """In the order of the plan, what a document is applied to is there or comes first."""
    seen = set(found["known"])
    for command in plan_of(policy, found).commands:
        assert set(command.depends_on) <= seen
        seen.add(command.external_id)
