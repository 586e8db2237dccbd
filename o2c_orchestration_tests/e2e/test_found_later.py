"""Documents whose outcome was found out later, by the janitor: what waited for that is written soon, by itself."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from sqlalchemy import text

from o2c_orchestration.orchestration.follow import Follower
from o2c_orchestration.store import inbox, journal, letters
from o2c_orchestration_tests.crash.world import Policy, open_gaps
from o2c_orchestration_tests.e2e.conftest import Company, opened
from o2c_orchestration_tests.e2e.test_afterwards import bill, stripe
from o2c_orchestration_tests.e2e.test_drift import Clerk, an_open_invoice

Wire = dict[str, Any]
# Nobody waits for an answer that is lost, and one look-up in vain is enough for a dead letter.
HASTY: Policy = {"apply": {"patience_seconds": 0, "resolve_after_seconds": 60, "look_ups_max": 1}}
UNANSWERED: Wire = {"method": "POST", "path_regex": "/record/v1/invoice", "kind": "drop_after", "times": 1}
NOT_TO_BE_FOUND: Wire = {"method": "GET", "path_regex": "/record/v1/invoice", "kind": "server_error"}


@pytest.fixture
def company(synced: Company) -> Iterator[Company]:
    """The company at rest, where what has no answer is left to the janitor, and the ledger was read just now."""
    with opened(synced.world, synced.books, synced.database_url, policy=HASTY) as made:
        made.product.read_recent_ledger()
        yield made


def told(company: Company, *objects: Wire) -> None:
    """What a webhook does."""
    inbox.note(company.product.engine, [(each["id"], each["object"], "a webhook") for each in objects])


def newest_charge(company: Company) -> Wire:
    """As Stripe lists it."""
    headers = {"Authorization": f"Bearer {company.world.config.stripe_secret_key}"}
    answer = requests.get(f"{company.world.base_url}/v1/charges?limit=1", headers=headers, timeout=30)
    return dict(answer.json()["data"][0])


def passes(company: Company) -> int:
    """What a run that follows changes does, until nothing is left to do; how many objects it took."""
    taken, follower = 0, Follower(company.product)
    while done := follower.once().taken:
        taken += done
    return taken


def no_gap_is_left(company: Company) -> None:
    """Once the ledger was read back."""
    Follower(company.product).reconcile()
    assert open_gaps(company.product) == set()


def due(company: Company) -> None:
    """Whatever waits for its time is due now."""
    with company.product.engine.begin() as connection:
        waits = "UPDATE o2c.journal SET next_attempt_at = now() WHERE next_attempt_at < 'infinity'"
        connection.execute(text(waits))
        connection.execute(text("UPDATE o2c.inbox SET not_before = now()"))


def sweep(company: Company) -> None:
    """What the janitor does."""
    due(company)
    company.product.sweep()


def states(company: Company) -> dict[str, int]:
    """How many writes are not done, by state."""
    return {state: count for state, count in journal.counts(company.product.engine).items() if state != "done"}


def an_unanswered_invoice(company: Company, **fault: Any) -> Wire:
    """A new invoice of which nobody here knows whether NetSuite has it."""
    invoice = bill(company, an_open_invoice(company)["customer"], 7_000)
    company.world.faults(UNANSWERED | fault)
    told(company, invoice)
    passes(company)
    assert states(company) == {"unknown": 1}
    return invoice


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
def test_what_leans_on_a_document_that_the_janitor_settles_goes_at_once(company: Company, kind: str) -> None:
    """The payment of an invoice that is found after a while, or sent again, is written with no event in between."""
    invoice = an_unanswered_invoice(company, kind=kind)
    stripe(company, f"invoices/{invoice['id']}/pay")
    told(company, newest_charge(company))
    passes(company)
    assert states(company) == {"unknown": 1, "intent": 1}
    while states(company) != {"intent": 1}:
        sweep(company)
    assert passes(company) > 0
    assert states(company) == {}
    assert Clerk(company).find("invoice", invoice["id"])["amountRemaining"] == 0
    no_gap_is_left(company)


def test_an_invoice_that_was_voided_while_it_was_a_dead_letter_is_credited_once_it_is_found(company: Company) -> None:
    """A person says `o2c dead-letters retry`, and nothing else happens to it any more."""
    invoice = an_unanswered_invoice(company)
    company.world.faults(NOT_TO_BE_FOUND)
    sweep(company)
    assert states(company) == {"dead": 1}
    told(company, stripe(company, f"invoices/{invoice['id']}/void"))
    passes(company)
    assert states(company) == {"dead": 1}
    company.world.faults()
    assert letters.reopen(company.product.engine, [], "Ann") == [invoice["id"]]
    assert passes(company) > 0
    assert states(company) == {}, "found by whoever follows changes"
    # The memo is planned when the invoice was read back: the pass has left it in the inbox for that.
    Follower(company.product).reconcile()
    due(company)
    assert passes(company) > 0
    assert states(company) == {}
    assert Clerk(company).find("creditMemo", f"cm-{invoice['id']}")["total"] * 100 == 7_000
    no_gap_is_left(company)
