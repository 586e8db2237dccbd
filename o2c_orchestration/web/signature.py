"""Whose webhook it is: Stripe's signature over the raw bytes, before anything reads them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import stripe

from o2c_orchestration.domain.errors import SettingsError


@dataclass(frozen=True)
class WebhookSecret:
    """The signing secret of an endpoint; `account` is the Stripe account whose events it delivers, if it is told."""

    secret: str = field(repr=False)
    account: str | None = None


class BadSignature(Exception):
    """Nobody who knows a secret of ours signed these bytes."""


class SignedTooLongAgo(BadSignature):
    """Somebody who knows it did, and longer ago than is allowed: a replay, or one of the two clocks is wrong."""


def parse_secrets(text: str | None) -> list[WebhookSecret]:
    """`whsec_…` or `acct_…=whsec_…`, comma separated, newest first. Raises SettingsError when there is none."""
    found = [_secret(part.strip()) for part in (text or "").split(",") if part.strip()]
    if not found:
        raise SettingsError(
            "STRIPE_WEBHOOK_SECRETS is not set, and without it anybody could send events",
            "set it to the signing secret of the endpoint (whsec_…; Stripe Dashboard > Developers > Webhooks), "
            "or to the Stripe CLI's (stripe listen --print-secret)",
        )
    return found


def _secret(part: str) -> WebhookSecret:
    account, separator, secret = part.partition("=")
    if not part.startswith("acct_"):
        return WebhookSecret(part)
    if not separator or not secret:
        raise SettingsError("an account in STRIPE_WEBHOOK_SECRETS has no secret", "write acct_…=whsec_…")
    return WebhookSecret(secret, account)


def signer(body: bytes, header: str, secrets: Iterable[WebhookSecret], tolerance: int) -> WebhookSecret:
    """The secret that signed `body` no longer than `tolerance` seconds ago. Raises BadSignature, SignedTooLongAgo."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise BadSignature("the body is not UTF-8") from None
    if not header.isascii():
        # Stripe's are digits and letters; Python compares no others in constant time, and the SDK does not ask first.
        raise BadSignature("the signature is not ASCII")
    reason = "no secret is set"
    for each in secrets:
        try:
            stripe.WebhookSignature.verify_header(text, header, each.secret, tolerance)
        except (stripe.SignatureVerificationError, ValueError, OverflowError) as error:
            reason = str(error)
            if _signed(text, header, each.secret):
                raise SignedTooLongAgo(reason) from None
        else:
            return each
    raise BadSignature(reason)


def _signed(text: str, header: str, secret: str) -> bool:
    """Whether it is signed with this secret, whenever that was."""
    try:
        return bool(stripe.WebhookSignature.verify_header(text, header, secret, None))
    except (stripe.SignatureVerificationError, ValueError, OverflowError):
        return False
