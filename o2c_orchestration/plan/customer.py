"""Stripe customer → NetSuite customer, created when its first invoice or payment is to be written."""

from dataclasses import replace
from typing import Any

from o2c_orchestration.domain.contact import MADE_WITHOUT
from o2c_orchestration.domain.documents import Command, CustomerRow
from o2c_orchestration.domain.keys import customer_key
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.details import Made, details
from o2c_orchestration.plan.entity import subsidiary


def plan_customer(policy: Policy, row: CustomerRow) -> Command:
    """A company record, or a person's by policy; its name falls back to the e-mail address, then to the Stripe id.

    All currencies of the customer's invoices are put on it, since NetSuite refuses documents in others. Of the details
    that o2c.yaml asks for, those that make no sense are left out, and `why` says so.
    """
    why = f"{_name(row)} is a Stripe customer with documents to write and has no NetSuite customer{_perhaps(row)}"
    return customer_command(policy, replace(row, id=customer_key(row.id)), why, f"Stripe: {row.id}")


def customer_command(policy: Policy, row: CustomerRow, why: str, comments: str) -> Command:
    """The same for a customer whose `id` is the external id already, whatever system it comes from."""
    currencies = row.currencies or (policy.books.currency or "usd",)
    made = details(policy.customers.details, row, _name(row))
    return Command(
        document="customer",
        external_id=row.id,
        stripe_id=row.id,
        customer_id=row.id,
        currency=currencies[0],
        amount_minor=0,
        effective_date=row.created_at.astimezone(policy.books.zone).date(),
        partition=row.created_at.date(),
        why=f"{why}. {MADE_WITHOUT} {'; '.join(made.without)}" if made.without else why,
        body=_body(policy, row, comments, currencies, made),
    )


def _perhaps(row: CustomerRow) -> str:
    if not row.namesakes:
        return ""
    ids = ", ".join(str(number) for number in row.namesakes)
    return f". NetSuite {ids} is called like it and has no external id: if it is the same, write {row.id} there first"


def _name(row: CustomerRow) -> str:
    return next(text.strip() for text in (row.name, row.email, row.id) if text and text.strip())


def _body(policy: Policy, row: CustomerRow, comments: str, currencies: tuple[str, ...], made: Made) -> dict[str, Any]:
    body: dict[str, Any] = {
        "externalId": row.id,
        **made.body,
        "currency": {"$currency": currencies[0]},
        "comments": comments,
    }
    if row.email:
        body["email"] = row.email
    body |= subsidiary(policy)
    if len(currencies) > 1:
        body["currencyList"] = {"items": [{"currency": {"$currency": code}} for code in currencies]}
    return body
