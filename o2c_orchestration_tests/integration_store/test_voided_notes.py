"""A credit note that Stripe voids after NetSuite got its memo: told, since nobody but a person takes a memo back."""

from typing import Any

from o2c_orchestration.reconcile import reconcile
from o2c_orchestration.store import rows
from o2c_orchestration.store.gaps import list_gaps
from o2c_orchestration_tests.integration_store.builders import (
    DAY,
    MOMENT,
    accept,
    ledger_customer,
    ledger_document,
    mirror,
)


def note(engine: Any, status: str) -> None:
    """A credit note of 30 before payment."""
    values = {
        **{"id": "cn_1", "invoice_id": "in_1", "customer_id": "cus_1", "currency": "usd", "status": status},
        **{"total_minor": 30, "tax_minor": 0, "pre_payment_minor": 30, "shipping_minor": 0, "issue_date": DAY},
        **{"created_at": MOMENT, "lines": "[]", "refunds": "[]", "balance_minor": 0},
    }
    rows.accept(engine, "credit_notes", [tuple(values[name] for name in rows.columns("credit_notes"))], [], [])


def found(engine: Any) -> list[tuple[str, str | None, int | None, int | None]]:
    """Open gaps, the same by what changed and by everything."""
    reconcile(engine)
    assert reconcile(engine, full=True).opened == 0
    return [(gap.kind, gap.stripe_id, gap.expected_minor, gap.actual_minor) for gap in list_gaps(engine)]


def test_a_memo_of_a_voided_note_is_a_gap_until_a_person_takes_it_back(engine):
    """It opens when the note is voided and is resolved when the memo is; without a memo there is nothing to tell."""
    accept(engine, "customers", {"id": "cus_1"})
    accept(engine, "invoices", {"id": "in_1", "amount_remaining_minor": 70})
    ledger_customer(engine, 1, "cus_1")
    invoice = ledger_document(1, stripe_ref="in_1", external_id="in_1", remaining_minor=70)
    memo = {"stripe_ref": "cn_1", "external_id": "cn_1", "total_minor": 30, "remaining_minor": 0}
    mirror(engine, [invoice, ledger_document(2, "creditMemo", **memo)])
    note(engine, "issued")
    assert found(engine) == []
    note(engine, "void")
    assert found(engine) == [("status_mismatch", "cn_1", 0, 30)]
    mirror(engine, [ledger_document(2, "creditMemo", **memo, voided=True)])
    assert found(engine) == []
    note(engine, "issued")
    assert [kind for kind, *_ in found(engine)] == ["credit_memo_missing"]
    note(engine, "void")
    assert found(engine) == []
