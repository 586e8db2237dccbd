"""What Stripe changes after its documents are booked: a revised invoice, a credit note that is voided."""

from datetime import UTC, datetime
from typing import Any

import requests

from o2c_orchestration.store import gaps
from o2c_orchestration.store.agreement import agreement
from o2c_orchestration.store.receivables import receivables
from o2c_orchestration_tests.crash.world import open_gaps, run
from o2c_orchestration_tests.e2e.conftest import Company
from o2c_orchestration_tests.e2e.test_drift import Clerk, an_open_invoice

Wire = dict[str, Any]


def stripe(company: Company, path: str, **params: Any) -> Wire:
    """One POST to Stripe's API, as whoever bills would make it."""
    headers = {"Authorization": f"Bearer {company.world.config.stripe_secret_key}"}
    answer = requests.post(f"{company.world.base_url}/v1/{path}", data=params, headers=headers, timeout=30)
    assert answer.ok, answer.text
    return dict(answer.json())


def run_until_now(company: Company) -> None:
    """All stages over the company's days and those since."""
    company.world.forget_requests()
    run(company.product, (company.books.span[0], datetime.now(UTC).date()))


def unexplained(company: Company) -> list[Any]:
    """What documents and receivables leave unexplained."""
    engine = company.product.engine
    totals, owing = receivables(engine, write_off=True)
    loose = [each for each in (*agreement(engine), *totals) if each.residual_minor]
    return [*loose, *(each for each in owing if each.unexplained)]


def bill(company: Company, customer: str, amount: int) -> Wire:
    """A finalized invoice of one line."""
    draft = stripe(company, "invoices", customer=customer, currency="usd", auto_advance="false")
    item = {"customer": customer, "invoice": draft["id"], "amount": amount, "currency": "usd"}
    stripe(company, "invoiceitems", **item, description="Work")
    return stripe(company, f"invoices/{draft['id']}/finalize")


def test_a_revised_invoice_is_an_invoice_of_its_own(synced: Company) -> None:
    """The original is void and closed by a credit memo, the revision is open with its own amount; no gap is left."""
    original = an_open_invoice(synced)
    revision = bill(synced, original["customer"], 4_321)
    void = stripe(synced, f"invoices/{original['id']}/void")
    # What Stripe notes of a revision on both of them.
    since = {"from_invoice": {"action": "revision", "invoice": original["id"]}}
    synced.world.ask("POST", "load", {"stripe": [void | {"latest_revision": revision["id"]}, revision | since]})
    run_until_now(synced)
    clerk = Clerk(synced)
    memo = clerk.find("creditMemo", f"cm-{original['id']}")
    assert clerk.find("invoice", original["id"])["amountRemaining"] == 0
    assert (memo["total"] * 100, memo["unapplied"]) == (original["total"], 0)
    booked = clerk.find("invoice", revision["id"])
    assert (booked["total"] * 100, booked["amountRemaining"] * 100) == (4_321, 4_321)
    assert open_gaps(synced.product) == set()
    assert unexplained(synced) == []


def test_a_voided_credit_note_is_a_gap_until_its_memo_is_gone(synced: Company) -> None:
    """Its amount and what to do; documents and receivables are explained; the gap ends with the memo."""
    invoice = an_open_invoice(synced)
    owed = bill(synced, invoice["customer"], 5_000)
    note = stripe(synced, "credit_notes", invoice=owed["id"], amount=2_000)
    run_until_now(synced)
    assert open_gaps(synced.product) == set()
    stripe(synced, f"credit_notes/{note['id']}/void")
    run_until_now(synced)
    assert synced.world.writes() == []
    (gap,) = gaps.list_gaps(synced.product.engine)
    assert (gap.kind, gap.stripe_id, gap.expected_minor, gap.actual_minor) == ("status_mismatch", note["id"], 0, 2_000)
    assert "To do: void or delete the credit memo" in gap.reason
    assert unexplained(synced) == []
    clerk = Clerk(synced)
    clerk.delete("creditMemo", clerk.find("creditMemo", note["id"])["id"])
    run_until_now(synced)
    assert open_gaps(synced.product) == set()
    assert clerk.find("invoice", owed["id"])["amountRemaining"] * 100 == 5_000
    assert unexplained(synced) == []
