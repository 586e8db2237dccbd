"""The planner's deposits close the equation of opening balances, which is told in SQL apart from it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from o2c_orchestration.domain.documents import Command
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan
from o2c_orchestration.store import ledger
from o2c_orchestration.store.openings import opening_balances, record_opening
from o2c_orchestration.store.plan_rows import plan_input
from o2c_orchestration_tests.integration_store.sound_books import ARRIVAL, NOON, document, members, netsuite, stripe

ACCOUNTS = {
    "Checking": 1,
    "Suspense": 6,
    "Stripe Fees": 7,
    "Stripe Opening": 9,
    "Stripe Reserves": 10,
    "Stripe Returned Payouts": 11,
}
START = NOON.date()
BEFORE = NOON - timedelta(days=1)
# Type, category, source, amount, fee: every kind that there is a rule for, of before the books.
KINDS: list[tuple[str, str, str | None, int, int]] = [
    ("charge", "charge", "ch_1", 10_000, 320),
    ("payment", "charge", "py_1", 7_000, 80),
    ("refund", "refund", "re_1", -2_500, 0),
    ("refund_failure", "refund_failure", "re_2", 400, 0),
    ("payment_failure_refund", "charge_failure", "py_2", -600, 10),
    ("adjustment", "dispute", "dp_1", -900, 1_500),
    ("adjustment", "dispute_reversal", "dp_2", 800, -1_500),
    ("stripe_fee", "fee", None, -55, 0),
    ("reserve_hold", "risk_reserved_funds", None, -1_000, 0),
    ("payout_failure", "payout_reversal", "po_0", 333, 0),
    ("galactic_levy", "other_adjustment", None, -77, 3),
    ("topup", "topup", "tu_1", 5_000, 0),
]
DOCUMENTS = [
    ("customerPayment", "ch_1", 10_000),
    ("customerRefund", "re_1", 2_500),
    ("customerPayment", "rf-re_2", 400),
    ("customerRefund", "dp_1", 900),
    ("customerPayment", "rp-dp_2", 800),
]


def policy(amount_minor: int) -> Policy:
    opening = {"usd": {"account": "Stripe Opening", "amount_minor": amount_minor}}
    fees = {"accounts": {"fees": {}}}
    return Policy.model_validate({"books": {"start": START, "opening": opening}, **fees})


def load(engine: Engine) -> int:
    """Two payouts that share these members, and some new money in each; what was held (minor units)."""
    ledger.replace_reference(engine, "account", [(str(number), name) for name, number in ACCOUNTS.items()], NOON)
    for number, (kind, category, source, amount, fee) in enumerate(KINDS):
        row = {"type": kind, "category": category, "source_id": source, "amount_minor": amount, "fee_minor": fee}
        stripe(engine, "balance_transactions", {"id": f"txn_{number}", "created_at": BEFORE, **row})
    for payout, some in (("po_1", range(0, 12, 2)), ("po_2", range(1, 12, 2))):
        stripe(engine, "balance_transactions", {"id": f"txn_{payout}", "type": "topup", "category": "topup",
                                                "amount_minor": 50})  # fmt: skip
        total = 50 + sum(KINDS[number][3] - KINDS[number][4] for number in some)
        stripe(engine, "payouts", {"id": payout, "amount_minor": total})
        members(engine, payout, f"txn_{payout}", *(f"txn_{number}" for number in some))
    held = sum(amount - fee for *_, amount, fee in KINDS)
    record_opening(engine, "main", policy(0).books.cut_over, {"usd": held})
    return held


def write(engine: Engine, of: Policy) -> list[Command]:
    """Plan what is missing, and let NetSuite have it."""
    given = plan_input(engine, START, START, "Suspense", books=of.books)
    plan = make_plan(of, given.rows, given.known, given.planned, given.refused)
    made = [each for each in plan.commands if each.document == "deposit"]
    for number, command in enumerate(made, 100):
        keys = [line["id"]["$key"] for line in command.body.get("payment", {"items": []})["items"]]
        netsuite(
            engine,
            document(number, "deposit", command.external_id, command.amount_minor, entity_id=None, trandate=ARRIVAL),
            lines=[(number, n, *line) for n, line in enumerate(posted(command.body), 1)],
            deposited=[(int(given.known[key].netsuite_id), number) for key in keys],
        )
    return made


def posted(body: dict[str, Any]) -> list[tuple[int, int, str]]:
    return [
        (ACCOUNTS[line["account"]["$account"]], sign * line["amount"]["$minor"][0], line["memo"])
        for name, sign in (("other", 1), ("cashback", -1))
        for line in body.get(name, {"items": []})["items"]
    ]


@pytest.mark.parametrize("adopted", range(len(DOCUMENTS) + 1))
@pytest.mark.parametrize("wrong", [0, 1_000, -1_000])
def test_whatever_was_on_the_balance_the_equation_closes(engine: Engine, adopted: int, wrong: int) -> None:
    """Before, between and after the payouts, whatever of it has documents; by what is declared too much it does not.

    What is declared too little is on Suspense in the end, under the names of the payouts.
    """
    held = load(engine)
    for number, (kind, key, total) in enumerate(DOCUMENTS[:adopted], 20):
        netsuite(engine, document(number, kind, key, total))
    [before] = opening_balances(engine, policy(held))
    of = policy((before.due_minor or 0) + wrong)
    assert [each.residual_minor for each in opening_balances(engine, of)] == [wrong]
    made = write(engine, of)
    assert [each.external_id for each in made] == ["po_1", "po_2"]
    [after] = opening_balances(engine, of)
    beyond = sum(line.amount_minor for each in made for line in each.lines if "opening balance beyond" in line.text)
    assert beyond == -min(wrong, 0)
    assert after.residual_minor == max(wrong, 0)
    # What nobody knows is left there until a person puts its line on the account.
    strange = sum(amount - fee for kind, _, _, amount, fee in KINDS if kind in ("galactic_levy", "topup"))
    assert after.still_minor == strange
    assert write(engine, of) == []
