"""Commands of documents that give money back, and the parts of their record bodies that they share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from o2c_orchestration.domain.documents import Command, DocumentType, PlanLine
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.entity import entity, leaned_on, stated_subsidiary, subsidiary
from o2c_orchestration.plan.lines import Entry, item_lines, total


@dataclass(frozen=True)
class Part:
    """So many minor units of a document applied to another one, by type and external id."""

    document: DocumentType
    key: str
    amount_minor: int


@dataclass(frozen=True)
class Occasion:
    """What a document is written for: the Stripe object, its day in the books, its partition, and why."""

    stripe_id: str
    customer_id: str | None
    currency: str
    day: date
    partition: date
    why: str


def item_document(
    policy: Policy, document: DocumentType, key: str, what: Occasion, entries: Sequence[Entry], parts: Sequence[Part]
) -> Command:
    """An invoice or credit memo of these lines; a memo is applied to `parts`."""
    body: dict[str, Any] = {
        "externalId": key,
        "entity": entity(policy, what.customer_id),
        "currency": {"$currency": what.currency},
        "tranDate": what.day.isoformat(),
        "memo": f"Stripe: {what.stripe_id}",
        "item": item_lines(policy, entries, what.currency),
    }
    body |= subsidiary(policy)
    if parts:
        body["apply"] = applied(parts, what.currency)
    told = (*(entry.line for entry in entries), *_told(parts))
    return _command(policy, document, key, what, total(entries), body, parts, told)


def refund_document(policy: Policy, key: str, what: Occasion, parts: Sequence[Part]) -> Command:
    """A customer refund out of Undeposited Funds, applied to the memos or payments that it pays back."""
    body: dict[str, Any] = {
        "externalId": key,
        "customer": entity(policy, what.customer_id),
        "currency": {"$currency": what.currency},
        "tranDate": what.day.isoformat(),
        "memo": f"Stripe: {what.stripe_id}",
        "apply": applied(parts, what.currency),
        **stated_subsidiary(policy),
    }
    amount = sum(part.amount_minor for part in parts)
    return _command(policy, "customerRefund", key, what, amount, body, parts, _told(parts))


def payment_document(policy: Policy, key: str, what: Occasion, amount_minor: int, parts: Sequence[Part]) -> Command:
    """A customer payment of money that came back, applied to `parts`; the rest is to the customer's credit."""
    body: dict[str, Any] = {
        "externalId": key,
        "customer": entity(policy, what.customer_id),
        "currency": {"$currency": what.currency},
        "tranDate": what.day.isoformat(),
        "payment": {"$minor": [amount_minor, what.currency]},
        "autoApply": False,
        "memo": f"Stripe: {what.stripe_id}",
        **stated_subsidiary(policy),
    }
    if parts:
        body["apply"] = applied(parts, what.currency)
    if policy.netsuite.payment_account is not None:
        body["account"] = {"$account": policy.netsuite.payment_account}
    told = _told(parts) or (PlanLine("not applied: to the customer's credit", amount_minor),)
    return _command(policy, "customerPayment", key, what, amount_minor, body, parts, told)


def applied(parts: Sequence[Part], currency: str) -> dict[str, Any]:
    """The `apply` sublist of a record body."""
    return {
        "items": [
            {
                "doc": {"$document": [part.document, part.key]},
                "apply": True,
                "amount": {"$minor": [part.amount_minor, currency]},
            }
            for part in parts
        ]
    }


def _told(parts: Sequence[Part]) -> tuple[PlanLine, ...]:
    return tuple(PlanLine(f"applied to {part.key}", part.amount_minor) for part in parts)


def _command(
    policy: Policy,
    document: DocumentType,
    key: str,
    what: Occasion,
    amount_minor: int,
    body: Mapping[str, Any],
    parts: Sequence[Part],
    told: tuple[PlanLine, ...],
) -> Command:
    return Command(
        document=document,
        external_id=key,
        stripe_id=what.stripe_id,
        customer_id=what.customer_id,
        currency=what.currency,
        amount_minor=amount_minor,
        effective_date=what.day,
        partition=what.partition,
        why=what.why,
        body=body,
        depends_on=(*leaned_on(policy, what.customer_id), *(part.key for part in parts)),
        lines=told,
    )
