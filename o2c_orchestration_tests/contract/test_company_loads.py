"""The demo company in a real sandbox: its books load, and what it says is missing can be written to the cent."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from o2c_orchestration.sandbox import company
from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.sandbox.netsuite import NetSuiteSandbox
from o2c_orchestration_tests.contract.company_books import Clerk

UNDEPOSITED, SUSPENSE = 3, 6
SIZES = [(7, 400, 30, date(2026, 11, 22)), (7, 120, 12, date(2026, 11, 20)), (3, 60, 9, date(2026, 3, 2))]


class Finished:
    """A company whose missing documents were all written, and a look into NetSuite's own file."""

    def __init__(self, built: company.Company, state: Path) -> None:
        self.built, self.clerk = built, Clerk(built)
        sandbox = NetSuiteSandbox(state, SandboxConfig())
        self.ids = sandbox.load([*built.netsuite, *self.clerk.records])
        sandbox.close()
        self._db = sqlite3.connect(state / "netsuite.sqlite")

    def ask(self, query: str, *values: Any) -> list[Any]:
        """The rows of a query."""
        return self._db.execute(query, values).fetchall()

    def row(self, name: str) -> tuple[int, int]:
        """What a document comes to and how much of it is applied, in minor units."""
        key = self.clerk.keys[name]
        ((total, paid),) = self.ask('SELECT x_total, x_paid FROM "transaction" WHERE id = ?', int(self.ids[key]))
        return total, paid


@pytest.fixture(scope="module", params=SIZES, ids=["default", "short", "small"])
def finished(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    seed, size, days, today = request.param
    built = company.build(seed, size, today=today, days=days)
    return Finished(built, tmp_path_factory.mktemp("netsuite"))


def test_the_bank_gets_what_stripe_paid_out(finished: Finished) -> None:
    """A deposit of ours is the payout to the cent, one of others differs as its truth says."""
    wrong = {
        row["stripe_id"]: row["actual_minor"] - row["expected_minor"]
        for row in finished.built.truth
        if row["kind"] == "deposit_mismatch"
    }
    wrong |= {row["stripe_id"]: row["expected_minor"] for row in finished.built.truth if row["kind"] == "fee_missing"}
    payouts = [each for each in finished.built.stripe if each["object"] == "payout"]
    banked = {each["id"]: finished.row(each["id"])[0] for each in payouts if each["id"] in finished.clerk.keys}
    done = {each["id"]: each for each in payouts if each["reconciliation_status"] == "completed"}
    assert banked.keys() == done.keys()
    assert banked == {name: max(each["amount"], 0) + wrong.get(name, 0) for name, each in done.items()}


def test_each_invoice_is_open_by_what_is_left(finished: Finished) -> None:
    """Payments, credits and bad debts leave of each right invoice in NetSuite what Stripe says is left to pay."""
    planted = {row["stripe_id"] for row in finished.built.truth}
    planted.discard(None)
    pays = {
        link["invoice"]: finished.clerk.stripe[link["payment"]["payment_intent"]]["latest_charge"]
        for link in finished.built.stripe
        if link["object"] == "invoice_payment"
    }
    looked = 0
    for invoice in (each for each in finished.built.stripe if each["object"] == "invoice"):
        if invoice["id"] not in finished.clerk.keys or {invoice["id"], pays.get(invoice["id"])} & planted:
            continue
        total, paid = finished.row(invoice["id"])
        closed = invoice["status"] in ("void", "uncollectible")
        assert total - paid == (0 if closed else invoice["amount_remaining"]), invoice["id"]
        looked += 1
    assert looked > 20


def test_undeposited_funds_hold_what_is_not_paid_out(finished: Finished) -> None:
    """What stays undeposited is not yet in a payout, was left out or booked wrong; nothing else."""
    ((left,),) = finished.ask(
        """SELECT count(*) FROM "transaction" t WHERE t.type IN ('CustPymt', 'CustRfnd') AND NOT EXISTS
           (SELECT 1 FROM nexttransactionlinelink WHERE previousdoc = t.id AND linktype = 'DepositPayment')"""
    )
    truth = finished.built.truth
    kinds = ("payment_mismatch", "paid_twice", "duplicate_in_netsuite", "deposit_mismatch")
    loose = sum(1 for row in truth if row["kind"] in kinds and "invoice" not in row["netsuite_key"])
    loose -= sum(1 for row in truth if row["kind"] == "duplicate_in_netsuite" and "memo" in row["netsuite_key"])
    loose += sum(1 for row in truth if row["kind"] == "unlinked_in_netsuite" and "payment" in row["netsuite_key"])
    completed = set(finished.clerk.keys)
    waiting = [
        each
        for each in finished.built.stripe
        if each["object"] == "balance_transaction"
        and each.get("_payout") not in completed
        and each["type"] in ("charge", "payment", "refund", "payment_refund", "refund_failure", "adjustment")
    ]
    assert left == loose + len(waiting)


def test_what_is_on_suspense_is_what_the_residuals_say(finished: Finished) -> None:
    """Every cent on the suspense account has a row of the truth."""
    ((amount,),) = finished.ask(
        "SELECT coalesce(sum(x_base), 0) FROM transactionaccountingline WHERE account = ?", SUSPENSE
    )
    residuals = [row["expected_minor"] for row in finished.built.truth if row["kind"] == "payout_residual"]
    assert -amount == sum(residuals) != 0
