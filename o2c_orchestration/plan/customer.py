"""Stripe customer → NetSuite customer, created when its first invoice or payment is to be written."""

from typing import Any

from o2c_orchestration.domain.documents import Command, CustomerRow
from o2c_orchestration.domain.keys import customer_key
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.entity import subsidiary

# NetSuite's limit for companyName and its siblings.
_NAME_MAX = 83


def plan_customer(policy: Policy, row: CustomerRow) -> Command:
    """A company record; its name falls back to the e-mail address, then to the Stripe id.

    All currencies of the customer's invoices are put on it, since NetSuite refuses documents in others.
    """
    name = next(text.strip() for text in (row.name, row.email, row.id) if text and text.strip())[:_NAME_MAX]
    day = row.created_at.astimezone(policy.books.zone).date()
    currencies = row.currencies or ("usd",)
    return Command(
        document="customer",
        external_id=customer_key(row.id),
        stripe_id=row.id,
        customer_id=row.id,
        currency=currencies[0],
        amount_minor=0,
        effective_date=day,
        partition=row.created_at.date(),
        why=f"{name} is a Stripe customer with documents to write and has no NetSuite customer",
        body=_body(policy, row, name, currencies),
    )


def _body(policy: Policy, row: CustomerRow, name: str, currencies: tuple[str, ...]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "externalId": customer_key(row.id),
        "isPerson": False,
        "companyName": name,
        "currency": {"$currency": currencies[0]},
        "comments": f"Stripe: {row.id}",
    }
    if row.email:
        body["email"] = row.email
    body |= subsidiary(policy)
    if len(currencies) > 1:
        body["currencyList"] = {"items": [{"currency": {"$currency": code}} for code in currencies]}
    return body
