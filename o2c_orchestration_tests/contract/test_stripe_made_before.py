"""What Stripe is asked before anything is made there: only what names us is adopted, and no search is no obstacle."""

from datetime import date

import pytest

from o2c_orchestration.apply.stripe import StripeSide
from o2c_orchestration.clients.budget import RateBudget
from o2c_orchestration.clients.credentials import StripeCredentials
from o2c_orchestration.clients.stripe_write import StripeWriter
from o2c_orchestration.domain import metadata
from o2c_orchestration.domain.documents import Command, DocumentType
from o2c_orchestration_tests.contract.test_client_stripe import CANARY, reader
from o2c_orchestration_tests.wire_fake import Reply, WireFake

ACCOUNT, DEAL, DAY = "001gK0000000001QAA", "006gK0000000001QAA", date(2026, 11, 26)


def side(base_url: str) -> StripeSide:
    writer = StripeWriter(StripeCredentials(CANARY, base_url), RateBudget(1000, 4))
    return StripeSide(writer, reader(base_url), lambda key: None, lambda key: 0)


def command(document: DocumentType, stripe_id: str) -> Command:
    body = {"path": "/v1/x", "params": {"customer": "cus_1"}}
    return Command(document, f"stripe:x:{stripe_id}", stripe_id, None, "usd", 0, DAY, DAY, "won", body)


def found(*items: tuple[str, dict[str, str]]) -> Reply:
    data = [{"id": identifier, "metadata": said} for identifier, said in items]
    return Reply(body={"object": "search_result", "data": data, "has_more": False})


def test_only_a_customer_that_names_the_account_is_adopted() -> None:
    """A search that gives somebody else's customer, as an index that lags may, is no reason to bill him."""
    stranger = ("cus_9", {metadata.ACCOUNT: "001other"})
    with WireFake(found(stranger, ("cus_8", {}))) as fake:
        assert side(fake.base_url).made_before(command("stripeCustomer", ACCOUNT)) is None
    with WireFake(found(stranger, ("cus_1", {metadata.ACCOUNT: ACCOUNT}))) as fake:
        assert side(fake.base_url).made_before(command("stripeCustomer", ACCOUNT)) == "cus_1"


@pytest.mark.parametrize("status", [400, 404])
def test_where_stripe_does_not_search_the_customer_is_made(status: int) -> None:
    """Its idempotency key is what keeps it single then."""
    error = {"type": "invalid_request_error", "message": "Search is not available in your region."}
    with WireFake(Reply(status, {"error": error})) as fake:
        assert side(fake.base_url).made_before(command("stripeCustomer", ACCOUNT)) is None


def test_payment_links_are_listed_once_for_many_deals() -> None:
    """Stripe lists those of all customers in one list."""
    with WireFake(found(("plink_1", {metadata.DEAL: DEAL}))) as fake:
        stripe = side(fake.base_url)
        asked = [stripe.made_before(command("paymentLink", deal)) for deal in (DEAL, "006other", "006third")]
        assert asked == ["plink_1", None, None]
        assert len(fake.seen) == 1
