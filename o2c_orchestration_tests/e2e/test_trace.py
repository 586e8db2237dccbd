"""One object followed through every stage, in the order in which things happened."""

from typing import Any

import pytest

from o2c_orchestration.store import trace
from o2c_orchestration.store.journal import entries
from o2c_orchestration.store.trace import Step
from o2c_orchestration_tests.crash.world import read_everything, write_and_compare
from o2c_orchestration_tests.e2e.conftest import Company

STAGES = ["extract", "validate", "plan", "apply", "mirror", "reconcile"]


def stages_of(company: Company, key: str) -> list[str]:
    """The stages of one object's own steps, each once, in order of time."""
    steps = trace.trace(company.product.engine, key)
    assert [step.at for step in steps] == sorted(step.at for step in steps)
    return list(dict.fromkeys(step.stage for step in steps if step.id == key))


def test_a_written_invoice_is_followed_from_stripe_to_the_ledger(fresh: Company) -> None:
    """Read, accepted, planned, written and read back, with the ids and amounts on both sides."""
    fresh.run()
    invoice = next(each for each in fresh.books.of("invoice") if each["status"] == "paid" and each["total"] > 0)
    assert stages_of(fresh, invoice["id"]) == STAGES[:-1]
    steps = trace.trace(fresh.product.engine, invoice["id"])
    assert any("NetSuite invoice" in step.what for step in steps if step.stage == "mirror")
    assert any(step.id.startswith("ch_") and step.stage == "apply" for step in steps)


def test_a_refused_invoice_ends_in_its_gap(fresh: Company) -> None:
    """Where NetSuite says no, the trace ends with the refusal and the gap; once settled, with its end."""
    first, last = fresh.books.span
    read_everything(fresh.product, fresh.books.span)
    for day in {first.replace(day=1), last.replace(day=1)}:
        fresh.world.ask("POST", "netsuite/periods", {"name": f"{day:%b %Y}", "closed": True})
    # Closed after the look and before the write, or the planner would refuse it first.
    write_and_compare(fresh.product, fresh.books.span)
    invoice = next(each for each in fresh.books.of("invoice") if each["status"] == "open" and each["total"] > 0)
    assert stages_of(fresh, invoice["id"]) == ["extract", "validate", "plan", "apply", "reconcile"]
    assert any("closed period" in step.what for step in trace.trace(fresh.product.engine, invoice["id"]))


def test_what_waits_for_a_refused_document_says_so(fresh: Company) -> None:
    """A payment whose invoice NetSuite does not take is planned and not sent: its trace names the invoice and why."""
    first, last = fresh.books.span
    read_everything(fresh.product, fresh.books.span)
    for day in {first.replace(day=1), last.replace(day=1)}:
        fresh.world.ask("POST", "netsuite/periods", {"name": f"{day:%b %Y}", "closed": True})
    write_and_compare(fresh.product, fresh.books.span)
    refused = {each.external_id for each in entries(fresh.product.engine, ["refused"]) if each.document == "invoice"}
    waiting = [each for each in entries(fresh.product.engine, ["intent"]) if each.document == "customerPayment"]
    assert waiting
    for each in waiting:
        told = [step.what for step in trace.trace(fresh.product.engine, each.stripe_id) if step.id == each.external_id]
        [waits] = [what for what in told if what.startswith("customerPayment waits for invoice")]
        assert waits.split()[4].rstrip(":") in refused
        assert "closed period" in waits


def test_a_netsuite_id_leads_to_the_same_steps(synced: Company) -> None:
    """Asked by NetSuite's id, the trace shows the Stripe object's steps."""
    invoice = next(each for each in synced.books.of("invoice") if each["status"] == "open" and each["total"] > 0)
    found = synced.product.ledger.find_by_external_id("invoice", invoice["id"])
    assert found is not None
    of_invoice = trace.trace(synced.product.engine, invoice["id"])
    assert of_invoice
    assert [step for step in trace.trace(synced.product.engine, found) if step.id != found] == of_invoice


def test_nothing_is_known_of_a_stranger(synced: Company) -> None:
    """An id that was never seen has no steps."""
    assert trace.trace(synced.product.engine, "in_nobody") == []


# --- from invoice to payout and back ---------------------------------------------------------------------------------


def ask(company: Company, key: str) -> list[Step]:
    return trace.trace(company.product.engine, key)


def ids_in(steps: list[Step], stage: str = "") -> set[str]:
    return {step.id for step in steps if stage in ("", step.stage)}


def invoice_of(company: Company, charge: str) -> str:
    """The invoice that a charge pays, as the wire objects say."""
    intent = next(each["payment_intent"] for each in company.books.of("charge") if each["id"] == charge)
    paid = (each for each in company.books.of("invoice_payment") if each["payment"].get("payment_intent") == intent)
    return str(next(paid)["invoice"])


def settled(company: Company, kind: str) -> tuple[dict[str, Any], set[str]]:
    """A refund or dispute of an invoice that we wrote and deposited, and the payouts in its trace."""
    invoiced = {each["payment"].get("payment_intent") for each in company.books.of("invoice_payment")}
    for each in company.books.of(kind):
        charge = next(found for found in company.books.of("charge") if found["id"] == each["charge"])
        written = ids_in(ask(company, each["id"]), "apply")
        payouts = {key for key in written if key.startswith("po_")}
        if payouts and each["id"] in written and charge["payment_intent"] in invoiced:
            return each, payouts
    raise AssertionError(f"no {kind} of an invoice was deposited")


@pytest.mark.parametrize("kind", ["refund", "dispute"])
def test_an_invoice_is_followed_to_the_deposit(moved: Company, kind: str) -> None:
    """Invoice, payment, what took it back, its memo, their balance transactions, payout and deposit, each written."""
    reversal, payouts = settled(moved, kind)
    invoice = invoice_of(moved, reversal["charge"])
    steps = ask(moved, invoice)
    assert {invoice, reversal["charge"], reversal["id"], *payouts} <= ids_in(steps, "extract")
    assert {invoice, reversal["charge"], reversal["id"], *payouts} <= ids_in(steps, "mirror")
    assert {reversal["id"], *payouts} <= ids_in(steps, "apply")
    written = ids_in(steps, "mirror")
    assert "cm-" + reversal["id"] in written or any(key.startswith("cn_") for key in written)
    assert any(key.startswith("txn_") for key in ids_in(steps, "validate"))
    assert any(f"in deposit {found}" in step.what for step in steps for found in deposits(steps) if step.id != found)


def deposits(steps: list[Step]) -> set[str]:
    """NetSuite's ids of the deposits in a trace."""
    return {step.what.split()[2] for step in steps if step.what.startswith("NetSuite deposit ")}


@pytest.mark.parametrize("kind", ["refund", "dispute"])
def test_every_id_of_a_story_tells_the_same_story(moved: Company, kind: str) -> None:
    """Asked by charge, refund, dispute, credit note, balance transaction or a memo's key: the same steps."""
    reversal, _ = settled(moved, kind)
    steps = ask(moved, invoice_of(moved, reversal["charge"]))
    keys = {key for key in ids_in(steps) if "po_" not in key}
    assert {key.partition("_")[0] for key in keys} >= {"in", "ch", "txn"}
    for key in keys:
        assert ask(moved, key) == steps, key


def test_a_payout_is_followed_back_and_no_further(moved: Company) -> None:
    """Its members, their charges and invoices; not the payouts that hold other payments of theirs."""
    failed = {each["id"] for each in moved.books.of("payout") if each["status"] == "failed"}
    payout = min({each for kind in ("refund", "dispute") for each in settled(moved, kind)[1]} - failed)
    steps = ask(moved, payout)
    of_payout = [step for step in steps if step.id == payout]
    assert list(dict.fromkeys(step.stage for step in of_payout)) == ["extract", "validate", "plan", "apply", "mirror"]
    assert any("consists of" in step.what for step in of_payout)
    assert {key.partition("_")[0] for key in ids_in(steps)} >= {"po", "txn", "ch", "in"}
    assert {key for key in ids_in(steps) if key.startswith("po_")} == {payout}
    (deposit,) = deposits(of_payout)
    assert ask(moved, deposit) == steps


def test_a_payout_that_came_back_leads_to_the_one_that_brought_it(moved: Company) -> None:
    """Its deposit, its journal entry, and the later payout with the money."""
    failed = next(each for each in moved.books.of("payout") if each["status"] == "failed")
    steps = ask(moved, failed["id"])
    assert {failed["id"], "pf-" + failed["id"]} <= ids_in(steps, "apply") & ids_in(steps, "mirror")
    assert len({key for key in ids_in(steps) if key.startswith("po_")}) == 2


def test_what_nobody_can_explain_ends_in_its_gap(moved: Company) -> None:
    """An entry of an unknown type: read, accepted, in its payout, and a residual on Suspense."""
    (levy,) = (each for each in moved.books.of("balance_transaction") if each["type"] == "galactic_levy")
    steps = ask(moved, levy["id"])
    own = [step for step in steps if step.id == levy["id"]]
    assert list(dict.fromkeys(step.stage for step in own)) == ["extract", "validate", "reconcile"]
    assert "payout_residual" in own[-1].what
    assert any(step.id.startswith("po_") and step.stage == "mirror" for step in steps)
