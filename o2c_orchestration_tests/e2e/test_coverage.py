"""The table of docs/coverage.md: what each of Stripe's objects is in the books, after one run over the demo company.

Only objects without a planted mistake are looked at: those are the subject of `test_company`.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.orchestration import events
from o2c_orchestration.store import gaps
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration_tests.e2e.conftest import Company

TESTS = Path(__file__).parents[1]
COVERAGE = TESTS.parent / "docs" / "coverage.md"

_BOOKED = """
SELECT d.id, d.document, d.stripe_ref, d.total_minor, d.remaining_minor, d.trandate, t.stripe_ref,
       (SELECT json_object_agg(o.stripe_ref, a.amount_minor) FROM o2c.netsuite_applications a
        JOIN o2c.netsuite_documents o ON o.id = a.invoice_id WHERE a.payment_id = d.id)
FROM o2c.netsuite_documents d LEFT JOIN o2c.netsuite_deposited p ON p.document_id = d.id
LEFT JOIN o2c.netsuite_documents t ON t.id = p.deposit_id WHERE d.stripe_ref IS NOT NULL AND NOT d.voided ORDER BY d.id
"""
_LINES = """
SELECT a.name, sum(l.amount_minor)::bigint FROM o2c.netsuite_deposit_lines l
JOIN o2c.netsuite_reference a ON a.kind = 'account' AND a.id = l.account_id::text WHERE l.deposit_id = %s GROUP BY 1"""


@dataclass(frozen=True)
class Booked:
    """A NetSuite document as it was read back, in minor units; `applied` by the key of what it is applied to."""

    id: int
    document: str
    key: str
    total: int
    left: int
    day: date
    deposit: str | None = None
    applied: dict[str, int] = field(default_factory=dict)


@dataclass
class Look:
    """The company and its books."""

    company: Company
    books: dict[tuple[str, str], Booked]
    open: set[str | None]

    def of(self, kind: str, **values: Any) -> list[dict[str, Any]]:
        """Stripe's objects of a kind with these values and no open gap."""
        return [
            each
            for each in self.company.books.of(kind)
            if each["id"] not in self.open and all(each[name] == value for name, value in values.items())
        ]

    def get(self, document: str, key: str) -> Booked:
        return self.books[document, key]

    def lacks(self, key: str) -> bool:
        """Whether no document at all stands for this key."""
        return not any(found == key for _, found in self.books)

    def paid_by(self, charge: str) -> list[str]:
        """The invoices that a charge pays."""
        intent = next(each["payment_intent"] for each in self.company.books.of("charge") if each["id"] == charge)
        links = self.company.books.of("invoice_payment")
        return [each["invoice"] for each in links if each["payment"].get("payment_intent") == intent]

    def lines(self, deposit: Booked) -> dict[str, int]:
        """What a deposit has on each account besides its documents."""
        with raw_cursor(self.company.product.engine) as cursor:
            cursor.execute(_LINES, (deposit.id,))
            return {str(name): int(amount) for name, amount in cursor.fetchall()}


@pytest.fixture(scope="module")
def look(moved: Company) -> Look:
    """The books as they were read back after the run."""
    with raw_cursor(moved.product.engine) as cursor:
        cursor.execute(_BOOKED)
        found = [Booked(*row[:7], row[7] or {}) for row in cursor.fetchall()]
    known = {gap.stripe_id for gap in gaps.list_gaps(moved.product.engine)}
    return Look(moved, {(each.document, each.key): each for each in reversed(found)}, known)


# --- invoices and payments --------------------------------------------------------------------------------------------


def test_a_paid_invoice_is_an_invoice_and_its_payment(look: Look) -> None:
    """invoice.payment_succeeded: the whole total, nothing open, and the payment applied to it."""
    paid = {each["id"]: each for each in look.of("invoice", status="paid") if each["total"] > 0}
    charges = [each for each in look.of("charge", status="succeeded") if set(look.paid_by(each["id"])) & paid.keys()]
    assert charges
    for charge in charges:
        payment = look.get("customerPayment", charge["id"])
        assert payment.total == charge["amount_captured"]
        for key in payment.applied.keys() & paid.keys():
            assert (look.get("invoice", key).total, look.get("invoice", key).left) == (paid[key]["total"], 0)
        assert sum(payment.applied.values()) == payment.total


def test_an_unpaid_invoice_stays_open(look: Look) -> None:
    """invoice.payment_failed, invoice.finalized: open with what Stripe says is left."""
    unpaid = [each for each in look.of("invoice", status="open") if each["total"] > 0]
    assert unpaid
    for each in unpaid:
        assert look.get("invoice", each["id"]).left == each["amount_remaining"]


def test_drafts_and_failed_charges_are_nothing(look: Look) -> None:
    """invoice.created, charge.failed: no document."""
    drafts, failed = look.of("invoice", status="draft"), look.of("charge", status="failed")
    assert drafts
    assert failed
    assert all(look.lacks(each["id"]) for each in (*drafts, *failed))


def test_a_charge_without_an_invoice_is_an_unapplied_payment(look: Look) -> None:
    """charge.succeeded without an invoice: to the customer's credit, gross."""
    found = [each for each in look.of("charge", status="succeeded") if not look.paid_by(each["id"])]
    assert found
    for each in found:
        payment = look.get("customerPayment", each["id"])
        assert (payment.total, payment.applied) == (each["amount_captured"], {})


def test_a_void_invoice_is_closed_by_a_credit_memo(look: Look) -> None:
    """invoice.voided: what NetSuite held open is taken back; an invoice that was never there stays away."""
    closed, away = [], []
    for each in look.of("invoice", status="void"):
        (away if look.lacks(each["id"]) else closed).append(each["id"])
    assert closed
    for key in closed:
        memo, invoice = look.get("creditMemo", "cm-" + key), look.get("invoice", key)
        assert (invoice.left, memo.applied) == (0, {key: memo.total})
    assert all(look.lacks("cm-" + key) for key in away)


def test_an_uncollectible_invoice_is_written_off(look: Look) -> None:
    """invoice.marked_uncollectible: a credit memo of what was left, applied to the invoice."""
    found = look.of("invoice", status="uncollectible")
    assert found
    for each in found:
        memo = look.get("creditMemo", "cm-" + each["id"])
        assert memo.applied == {each["id"]: each["amount_remaining"]}
        assert look.get("invoice", each["id"]).left == 0


# --- credit notes, refunds, disputes ----------------------------------------------------------------------------------


def test_a_credit_note_is_a_credit_memo_at_once(look: Look) -> None:
    """credit_note.created: its total; before payment applied to the open invoice, without waiting for its payment."""
    notes = [each for each in look.of("credit_note", status="issued") if each["invoice"] not in look.open]
    assert {each["type"] for each in notes} == {"pre_payment", "post_payment", "mixed"}
    for each in notes:
        memo = look.get("creditMemo", each["id"])
        assert memo.total == each["total"]
        assert memo.applied.get(each["invoice"], 0) == each["pre_payment_amount"]


def test_a_refund_of_a_credit_note_pays_its_memo_out(look: Look) -> None:
    """A refund that a credit note names is applied to that memo, and no memo of its own is made."""
    pairs = [(note, part) for note in look.of("credit_note") for part in note["refunds"] if part["refund"]]
    assert pairs
    for note, part in pairs:
        assert look.get("customerRefund", part["refund"]).applied[note["id"]] == part["amount_refunded"]
        assert look.lacks("cm-" + part["refund"])


def _named(look: Look) -> set[str]:
    return {part["refund"] for note in look.company.books.of("credit_note") for part in note["refunds"]}


def test_a_refund_of_an_invoice_takes_the_revenue_back_too(look: Look) -> None:
    """charge.refunded: a credit memo and a customer refund of the same amount, applied to each other."""
    found = [each for each in look.of("refund") if each["id"] not in _named(look) and look.paid_by(each["charge"])]
    assert found
    for each in found:
        refund = look.get("customerRefund", each["id"])
        memo = look.books.get(("creditMemo", "cm-" + each["id"]))
        assert refund.total == each["amount"]
        # Money that an earlier refund brought back when it failed goes first, and needs no memo.
        assert memo is not None or any(key.startswith("rf-") for key in refund.applied)
        assert memo is None or refund.applied[memo.key] == memo.total


def test_a_refund_without_an_invoice_is_applied_to_its_payment(look: Look) -> None:
    """charge.refunded without an invoice: the payment to the customer's credit is paid out, revenue is not touched."""
    found = [each for each in look.of("refund") if not look.paid_by(each["charge"])]
    assert found
    for each in found:
        assert look.get("customerRefund", each["id"]).applied == {each["charge"]: each["amount"]}
        assert look.lacks("cm-" + each["id"])


def test_a_failed_refund_is_the_customers_credit(look: Look) -> None:
    """refund.failed: the refund stays, and a payment to the customer's credit brings its money back."""
    failed = look.of("refund", status="failed")
    assert failed
    for each in failed:
        back = look.get("customerPayment", "rf-" + each["id"])
        assert (back.total, back.applied) == (each["amount"], {})
        assert look.get("customerRefund", each["id"]).total == each["amount"]


def test_a_dispute_takes_revenue_and_money_back(look: Look) -> None:
    """charge.dispute.funds_withdrawn: a credit memo, and a customer refund applied to it."""
    found = [each for each in look.of("dispute") if each["balance_transactions"] and look.paid_by(each["charge"])]
    assert {each["status"] for each in found} >= {"lost", "won"}
    for each in found:
        memo, refund = look.get("creditMemo", "cm-" + each["id"]), look.get("customerRefund", each["id"])
        assert (memo.total, refund.total, refund.applied) == (each["amount"], each["amount"], {memo.key: memo.total})


def test_a_won_dispute_restores_the_receivable_and_pays_it(look: Look) -> None:
    """charge.dispute.funds_reinstated: an invoice that brings the revenue back, and a payment applied to it."""
    won = [each for each in look.of("dispute", status="won") if look.paid_by(each["charge"])]
    assert won
    for each in won:
        invoice, payment = look.get("invoice", "ri-" + each["id"]), look.get("customerPayment", "rp-" + each["id"])
        assert (invoice.total, invoice.left) == (each["amount"], 0)
        assert payment.applied == {invoice.key: each["amount"]}


def test_an_inquiry_is_nothing(look: Look) -> None:
    """A dispute of which no money was withdrawn has no document."""
    found = [each for each in look.of("dispute") if not each["balance_transactions"]]
    assert found
    assert all(look.lacks(each["id"]) and look.lacks("cm-" + each["id"]) for each in found)


# --- payouts ----------------------------------------------------------------------------------------------------------


def _settled(look: Look) -> list[dict[str, Any]]:
    return [each for each in look.of("payout") if each["reconciliation_status"] == "completed"]


def test_a_payout_is_a_deposit_to_the_cent_on_its_day(look: Look) -> None:
    """payout.reconciliation_completed: the bank's amount, the day of arrival; nothing before it has settled."""
    settled = _settled(look)
    assert len([each for each in settled if each["amount"] > 0]) > 2
    for each in settled:
        assert look.get("deposit", each["id"]).total == max(each["amount"], 0)
    assert all(look.lacks(each["id"]) for each in look.of("payout", status="in_transit"))


def test_a_payout_below_zero_takes_money_from_the_bank_account(look: Look) -> None:
    """A debit: a deposit of nothing with a line on the bank account itself."""
    below = [each for each in _settled(look) if each["amount"] < 0]
    assert below
    for each in below:
        deposit = look.get("deposit", each["id"])
        assert deposit.total == 0
        assert look.lines(deposit)[Policy().accounts.bank["usd"]] == -each["amount"]


def test_fees_are_in_the_deposit_by_type(look: Look) -> None:
    """Fees of all members, each type on its account, and the documents in the deposit: together they are its total."""
    accounts, told = Policy().accounts, Counter[str]()
    with raw_cursor(look.company.product.engine) as cursor:
        cursor.execute("SELECT payout_id, transaction_id FROM o2c.payout_members")
        members = [(payout, key) for payout, key in cursor.fetchall()]
    entries = {each["id"]: each for each in look.company.books.of("balance_transaction")}
    for payout in _settled(look):
        fees = Counter[str]()
        for key in (key for found, key in members if found == payout["id"]):
            entry = entries[key]
            for fee in entry["fee_details"]:
                disputed = entry["type"] == "adjustment" and fee["type"] != "tax"
                fees[accounts.fees.get("dispute" if disputed else fee["type"], accounts.fee)] -= fee["amount"]
            fees[accounts.fee] += entry["amount"] if entry["type"] == "stripe_fee" else 0
        lines = look.lines(look.get("deposit", payout["id"]))
        assert {name: lines.get(name, 0) for name in fees} == dict(fees), payout["id"]
        told += Counter({name: 1 for name, amount in fees.items() if amount})
    assert told.keys() >= {"Stripe Fees", "Stripe Network Fees", "Tax on Stripe Fees"}


def test_a_failed_payout_is_taken_back_by_a_journal_entry(look: Look) -> None:
    """payout.failed: its deposit, and a journal entry over the same money; a later deposit brings it again."""
    failed = look.of("payout", status="failed")
    assert failed
    for each in failed:
        assert look.get("deposit", each["id"]).total == each["amount"]
        assert look.get("journalEntry", "pf-" + each["id"])
    with raw_cursor(look.company.product.engine) as cursor:
        cursor.execute(
            "SELECT sum(l.amount_minor) FROM o2c.netsuite_deposit_lines l JOIN o2c.netsuite_reference a "
            "ON a.kind = 'account' AND a.id = l.account_id::text WHERE a.name = 'Stripe Returned Payouts'"
        )
        assert (cursor.fetchone() or (0,))[0] == sum(each["amount"] for each in failed)


def test_an_unknown_entry_holds_nothing_up(look: Look) -> None:
    """A balance transaction of a type that nobody knows: its payout is deposited, and it is a residual with a name."""
    (levy,) = (each for each in look.company.books.of("balance_transaction") if each["type"] == "galactic_levy")
    found = [gap for gap in gaps.list_gaps(look.company.product.engine) if gap.stripe_id == levy["id"]]
    assert [(gap.kind, gap.leg, gap.expected_minor, gap.actual_minor) for gap in found] == [
        ("payout_residual", "payout_deposit", levy["amount"], 0)
    ]


# --- the document itself ----------------------------------------------------------------------------------------------


def test_the_table_names_tests_that_exist() -> None:
    """What docs/coverage.md names as a proof can be run."""
    written = {name for path in TESTS.rglob("test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text())}
    files = {path.stem for path in TESTS.rglob("test_*.py")}
    named = set(re.findall(r"`(?:\w+\.)?(test_\w+)`", COVERAGE.read_text()))
    assert len(named) > 20
    assert named - written - files == set()


def test_the_table_tells_every_event_that_is_listened_to() -> None:
    """No event of the sensor is missing from the table."""
    told = COVERAGE.read_text()
    assert [name for name in events.TYPES if f"`{name}`" not in told] == []
