"""One object followed through every stage, in the order in which things happened."""

from o2c_orchestration.store import trace
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
    for day in {first.replace(day=1), last.replace(day=1)}:
        fresh.world.ask("POST", "netsuite/periods", {"name": f"{day:%b %Y}", "closed": True})
    fresh.run()
    invoice = next(each for each in fresh.books.of("invoice") if each["status"] == "open" and each["total"] > 0)
    assert stages_of(fresh, invoice["id"]) == ["extract", "validate", "plan", "apply", "reconcile"]
    assert any("closed period" in step.what for step in trace.trace(fresh.product.engine, invoice["id"]))


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
