"""Deal of Salesforce → NetSuite sales order, line by line, to the cent."""

from dataclasses import asdict
from typing import Any

from o2c_orchestration.domain.deal_terms import Trouble, end_of, start_of
from o2c_orchestration.domain.deals import AccountRow, DealLine, DealRow
from o2c_orchestration.domain.documents import Command, PlanLine
from o2c_orchestration.domain.keys import account_key, customer_key, order_key
from o2c_orchestration.domain.money import to_major
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.entity import subsidiary
from o2c_orchestration.plan.mapping_facts import MADE_OF

# NetSuite's name for "the rate is what the order says".
_CUSTOM_PRICE = {"id": "-1"}
_MEMO_MAX = 999


def entity_key_of(account: AccountRow) -> str:
    """The external id of an account's NetSuite customer: its Stripe customer's, or else its own."""
    return customer_key(account.stripe_id) if account.stripe_id else account_key(account.id)


def _entity(account: AccountRow) -> dict[str, Any]:
    """The customer of the order: the one that Salesforce or a person names by its internal id, before any other."""
    return {"id": account.netsuite_id} if account.netsuite_id else {"$document": ["customer", entity_key_of(account)]}


def plan_sales_order(policy: Policy, deal: DealRow, account: AccountRow) -> Command | Trouble:
    """The order of a deal, or what is missing for it. Amounts are what was sold, after discount."""
    for line in deal.lines:
        if item_of(policy, line) is None:
            text = f"no NetSuite item is set for product {line.product_code or line.name!r}"
            return Trouble("PRODUCT_UNMAPPED", text, "name it under deals.items in o2c.yaml, or on the product")
    return Command(
        document="salesOrder",
        external_id=order_key(deal.id),
        stripe_id=deal.id,
        customer_id=entity_key_of(account),
        currency=deal.currency,
        amount_minor=deal.total_minor,
        effective_date=deal.close_date,
        partition=deal.created_at.date(),
        why=f"{deal.name} was {deal.became} and has no sales order",
        body=_body(policy, deal, account),
        depends_on=() if account.netsuite_id else (entity_key_of(account),),
        lines=tuple(PlanLine(f"{line.name} × {line.quantity.normalize():f}", line.total_minor) for line in deal.lines),
    )


def item_of(policy: Policy, line: DealLine) -> str | None:
    """The NetSuite item that a product is sold as, by name or internal id: o2c.yaml first, then the product's field."""
    mapped = policy.deals.items
    return mapped.get(line.product_code or "") or mapped.get(line.product_id or "") or line.item


def _body(policy: Policy, deal: DealRow, account: AccountRow) -> dict[str, Any]:
    body: dict[str, Any] = {
        "externalId": order_key(deal.id),
        "entity": _entity(account),
        "currency": {"$currency": deal.currency},
        "tranDate": deal.close_date.isoformat(),
        "memo": f"Salesforce: {deal.name}"[:_MEMO_MAX],
        "item": {"items": [_line(policy, line, deal.currency) for line in deal.lines]},
    }
    end = end_of(deal)
    if deal.recurring and end is not None:
        body |= {"startDate": start_of(deal).isoformat(), "endDate": end.isoformat()}
    return body | subsidiary(policy)


def _line(policy: Policy, line: DealLine, currency: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "item": {"$item": item_of(policy, line)},
        "quantity": float(line.quantity),
        "amount": {"$minor": [line.total_minor, currency]},
        "description": line.name,
        "price": _CUSTOM_PRICE,
    }
    # A rate that does not come out even would give another amount than was sold.
    if line.quantity * line.unit * (100 - line.discount_percent) == 100 * to_major(line.total_minor, currency):
        found["rate"] = float(line.unit * (100 - line.discount_percent) / 100)
    if policy.mapping.maps_lines:
        told = {"role": "item", "description": line.name, "amount_minor": line.total_minor}
        found[MADE_OF] = asdict(line) | told | {"item": item_of(policy, line)}
    return found
