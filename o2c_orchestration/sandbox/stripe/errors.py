"""Error answers in Stripe's words and shape, one constructor per failure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from o2c_orchestration.sandbox.stripe.money_text import money

INVALID_REQUEST = "invalid_request_error"


@dataclass
class StripeError(Exception):
    """An answer that is not 2xx: HTTP status, Stripe's error type and code, and what was wrong."""

    status: int
    message: str
    type: str = INVALID_REQUEST
    code: str | None = None
    param: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def body(self, request_id: str) -> dict[str, Any]:
        """The JSON body; absent details are left out, as Stripe leaves them out."""
        error: dict[str, Any] = {"message": self.message, "type": self.type, **self.extra}
        if self.code is not None:
            error["code"] = self.code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        if self.param is not None:
            error["param"] = self.param
        error["request_log_url"] = f"https://dashboard.stripe.com/test/logs/{request_id}"
        return {"error": error}


def no_api_key() -> StripeError:
    """401: the request carried no key at all."""
    return StripeError(
        401,
        "You did not provide an API key. You need to provide your API key in the Authorization header, "
        "using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
        headers={"WWW-Authenticate": 'Bearer realm="Stripe"'},
    )


def wrong_api_key(key: str) -> StripeError:
    """401: the key is not this account's; all but its ends is starred out."""
    message = f"Invalid API Key provided: {hidden_key(key)}"
    return StripeError(401, message, headers={"WWW-Authenticate": 'Bearer realm="Stripe"'})


def expired_api_key(key: str) -> StripeError:
    """401: the key was one of the account's, and is revoked."""
    message = f"Expired API Key provided: {hidden_key(key)}"
    return StripeError(401, message, code="api_key_expired", headers={"WWW-Authenticate": 'Bearer realm="Stripe"'})


def hidden_key(key: str) -> str:
    """A key as Stripe shows it: its ends."""
    return f"{key[:8]}{'*' * max(len(key) - 12, 4)}{key[-4:]}" if len(key) > 12 else "*" * len(key)


def unrecognized_url(method: str, path: str) -> StripeError:
    """404: no such endpoint."""
    return StripeError(
        404,
        f"Unrecognized request URL ({method}: {path}). If you are trying to list objects, remove the "
        "trailing slash. If you are trying to retrieve an object, make sure you passed a valid (non-empty) "
        "identifier in your code. Please see https://stripe.com/docs or we can help at "
        "https://support.stripe.com/.",
    )


def no_such(noun: str, identifier: str, *, param: str = "id", status: int = 404) -> StripeError:
    """404 when the id was in the path, 400 when a parameter named it."""
    return StripeError(status, f"No such {noun}: '{identifier}'", code="resource_missing", param=param)


def unknown_parameter(param: str) -> StripeError:
    """400: the endpoint takes no such parameter."""
    return StripeError(400, f"Received unknown parameter: {param}", code="parameter_unknown", param=param)


def missing_parameter(param: str) -> StripeError:
    """400: a required parameter is absent."""
    return StripeError(400, f"Missing required param: {param}.", code="parameter_missing", param=param)


def invalid_integer(param: str, value: object) -> StripeError:
    """400: a whole number was expected."""
    return StripeError(400, f"Invalid integer: {value}", code="parameter_invalid_integer", param=param)


def expand_too_deep(path: str) -> StripeError:
    """400: more than four levels; the `data.` of a list counts as one."""
    return StripeError(
        400,
        f"You cannot expand more than 4 levels of a property. Property: {path}",
        code="property_expansion_max_depth",
    )


def cannot_expand(path: str, *, hint: bool = False) -> StripeError:
    """400: no such expandable property; `hint` when a list was asked without `data.`."""
    message = f"This property cannot be expanded ({path})."
    if hint:
        message += f" You may want to try expanding 'data.{path}' instead."
    return StripeError(400, message)


def rate_limited() -> StripeError:
    """429: the account's requests per second are used up."""
    return StripeError(
        429,
        "Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.",
        code="rate_limit",
        headers={"Stripe-Rate-Limited-Reason": "global-rate"},
    )


def internal_error() -> StripeError:
    """500: Stripe's own trouble."""
    return StripeError(500, "An unknown error occurred while processing your request.", type="api_error")


def idempotency_mismatch(key: str) -> StripeError:
    """400: the key was used before, for a request with other parameters."""
    return StripeError(
        400,
        "Keys for idempotent requests can only be used with the same parameters they were first used with. "
        f"Try using a key other than '{key}' if you meant to execute a different request.",
        type="idempotency_error",
    )


def card_declined(charge: str, intent: dict[str, Any]) -> StripeError:
    """402: the issuer said no; carries the charge and the intent that failed."""
    return StripeError(
        402,
        "Your card was declined.",
        type="card_error",
        code="card_declined",
        extra={"decline_code": "generic_decline", "charge": charge, "payment_intent": intent},
    )


def invalid_positive_integer(param: str) -> StripeError:
    """400: an amount of nought or less."""
    message = "This value must be greater than or equal to 1."
    return StripeError(400, message, code="parameter_invalid_integer", param=param)


def nothing_to_refund(intent: str) -> StripeError:
    """400: the payment has not succeeded."""
    return StripeError(400, f"This PaymentIntent ({intent}) does not have a successful charge to refund.")


def charge_already_refunded(charge: str) -> StripeError:
    """400: nothing of the charge is left."""
    return StripeError(400, f"Charge {charge} has already been refunded.", code="charge_already_refunded")


def charge_disputed(charge: str) -> StripeError:
    """400: the money is with the customer's bank already."""
    message = f"Charge {charge} has been charged back; cannot issue a refund."
    return StripeError(400, message, code="charge_disputed")


def refund_too_large(amount: int, charged: int, refunded: int, currency: str) -> StripeError:
    """400: more than the charge, or than what is left of it; Stripe gives no code for it."""
    limit = f"unrefunded amount on charge ({money(charged - refunded, currency)})"
    if not refunded:
        limit = f"charge amount ({money(charged, currency)})"
    return StripeError(400, f"Refund amount ({money(amount, currency)}) is greater than {limit}", param="amount")


def balance_insufficient() -> StripeError:
    """400: the available balance does not cover a payout."""
    return StripeError(
        400,
        "You have insufficient funds in your Stripe account for this transfer. Your card balance is too low. "
        "You can use the /v1/balance endpoint to view your Stripe balance "
        "(for more details, see stripe.com/docs/api#balance).",
        code="balance_insufficient",
    )


def credit_too_large(amount: int, left: int, currency: str) -> StripeError:
    """400: a credit note over nothing, or over more than the invoice has left to credit."""
    return StripeError(
        400,
        f"The credit note amount ({money(amount, currency)}) must be positive and must not exceed "
        f"what is left to credit on the invoice ({money(left, currency)}).",
        param="amount",
    )


def credit_not_allocated(allocated: int, due: int, currency: str) -> StripeError:
    """400: what was paid already of a credit note has to go somewhere, all of it and no more."""
    return StripeError(
        400,
        f"The sum of credit amount, refund amount and out of band amount ({money(allocated, currency)}) must equal "
        f"the post payment credit note amount ({money(due, currency)}).",
    )
