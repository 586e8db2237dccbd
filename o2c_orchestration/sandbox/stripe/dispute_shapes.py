"""How disputes look on the wire when they are made here.

Pure: values in, dictionaries out, every field of endive present. Amounts are integer minor units, times are
seconds since 1970 UTC.
"""

from __future__ import annotations

from o2c_orchestration.sandbox.stripe.money_shapes import DAY
from o2c_orchestration.sandbox.stripe.store import Wire

ANSWER_DAYS = 8
# What Visa calls each reason, and an inquiry for whatever reason.
NETWORK_CODES = {"fraudulent": "10.4", "product_not_received": "13.1"}
INQUIRY_CODE = "10"

EVIDENCE = (
    "access_activity_log",
    "appeal",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "enhanced_evidence",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
)


def dispute(identifier: str, now: int, charge: Wire, reason: str, *, inquiry: bool) -> Wire:
    """A dispute of the whole charge, nothing withdrawn yet; an inquiry moves no money at all."""
    code = INQUIRY_CODE if inquiry else NETWORK_CODES.get(reason)
    return {
        "id": identifier,
        "object": "dispute",
        "amount": charge["amount"],
        "balance_transactions": [],
        "charge": charge["id"],
        "created": now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": _evidence(charge),
        "evidence_details": {
            "due_by": now - now % DAY + (ANSWER_DAYS + 1) * DAY - 1,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "intended_submission_method": None,
        "is_charge_refundable": inquiry,
        "livemode": False,
        "metadata": {},
        "network_reason_code": code,
        "payment_intent": charge.get("payment_intent"),
        "payment_method_details": {
            "card": {
                "brand": "visa",
                "case_type": "inquiry" if inquiry else "chargeback",
                "network": "visa",
                "network_reason_code": code,
            },
            "type": "card",
        },
        "reason": reason,
        "status": "warning_needs_response" if inquiry else "needs_response",
    }


def _evidence(charge: Wire) -> Wire:
    billing = charge.get("billing_details") or {}
    known = {"customer_email_address": billing.get("email"), "customer_name": billing.get("name")}
    return {**dict.fromkeys(EVIDENCE), "enhanced_evidence": {}, **known}
