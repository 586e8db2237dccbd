"""Asking a Stripe key's rights: it can write nothing, and it says what Stripe's answers mean and no more."""

import pytest
import stripe.params

from o2c_orchestration.clients.budget import RateBudget
from o2c_orchestration.clients.credentials import StripeCredentials
from o2c_orchestration.clients.retry import RetryPolicy
from o2c_orchestration.clients.stripe_rights import RIGHTS, Right, StripeRights
from o2c_orchestration.domain.errors import AuthenticationError, TransientError
from o2c_orchestration_tests.wire_fake import Reply, WireFake, closed_port

CANARY = "rk_test_canary_9f8e7d"
QUICK = RetryPolicy(attempts=3, first_wait=0.01, longest_wait=0.05)
DENIED = "Having the 'rak_payout_write' permission would allow this request to continue."


def rights(base_url: str) -> StripeRights:
    return StripeRights(StripeCredentials(CANARY, base_url), RateBudget(1000, 1), (1, 5), QUICK)


def failure(status: int, code: str = "", message: str = "No") -> Reply:
    return Reply(status, {"error": {"type": "invalid_request_error", "code": code, "message": message}})


def ask(*replies: Reply) -> Right:
    with WireFake(*replies) as fake:
        return rights(fake.base_url).ask("payouts")


def test_nothing_but_an_update_of_nothing_is_sent() -> None:
    """One POST for each right to an object's own path, with no parameter, no body and no idempotency key."""
    with WireFake(failure(403)) as fake:
        asker = rights(fake.base_url)
        for name in RIGHTS:
            asker.ask(name)
    assert [(seen.method, seen.query, seen.body) for seen in fake.seen] == [("POST", {}, b"")] * len(RIGHTS)
    assert {tuple(seen.path.split("/"))[:3] for seen in fake.seen} == {("", "v1", name) for name in RIGHTS}
    assert all(seen.path.endswith("_o2cCheckAsksForRights") and seen.path.count("/") == 3 for seen in fake.seen)
    assert not any("Idempotency-Key" in seen.headers for seen in fake.seen)


@pytest.mark.parametrize("name", RIGHTS)
def test_stripe_has_an_update_that_needs_no_parameter(name: str) -> None:
    """By Stripe's own declarations: no answer can be about a missing one, and an update of nothing is complete."""
    words = "".join(word.capitalize() for word in name.removesuffix("s").split("_"))
    declared = getattr(stripe.params, f"{words}UpdateParams")
    assert declared.__required_keys__ == frozenset()


def test_what_an_answer_means() -> None:
    """403: no. No such object: yes. Whatever else is said of the request tells nothing, and that is said."""
    assert ask(failure(403, message=DENIED)) == Right("payouts", False, DENIED)
    assert ask(failure(404, "resource_missing", "No such payout: 'po_x'")).may is True
    assert ask(failure(400, "resource_missing")).may is True
    assert ask(failure(400, "parameter_missing", "Missing")) == Right("payouts", None, "Missing")
    assert ask(failure(404, message="Unrecognized request URL")).may is None
    assert ask(Reply(302)).may is None


def test_trouble_that_passes_is_waited_out() -> None:
    """To ask twice does no more than to ask once; what does not pass is raised, and the key stands in no text."""
    assert ask(failure(500), failure(429), failure(403)).may is False
    with pytest.raises(TransientError):
        ask(failure(500))
    with pytest.raises(TransientError):
        rights(f"http://127.0.0.1:{closed_port()}").ask("payouts")
    with pytest.raises(AuthenticationError):
        ask(failure(401))
    assert CANARY not in ask(failure(403, message=f"The provided key '{CANARY}' may not")).said


def test_no_other_path_can_be_asked_for() -> None:
    """A type that is not listed is an error of the program."""
    with pytest.raises(KeyError):
        rights("http://127.0.0.1:1").ask("accounts")
