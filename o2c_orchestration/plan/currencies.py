"""Currencies that NetSuite's customers lack: added before the documents that need them, or these are refused."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from o2c_orchestration.domain.documents import Command, KnownDocument, Refusal
from o2c_orchestration.domain.keys import customer_currency_key
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.entity import entity_key
from o2c_orchestration.plan.outcome import Skip
from o2c_orchestration.plan.subsidiaries import PERSONAL, first_of

Outcome = Command | Refusal | Skip


def in_question(policy: Policy, known: Mapping[str, KnownDocument], found: Iterable[Command]) -> set[tuple[str, str]]:
    """NetSuite customers (internal id) and currencies of these documents, where they are not known to go together."""
    pairs = ((customer, item.currency) for item in found if (customer := _payer(policy, known, item)))
    return {(customer.netsuite_id, currency) for customer, currency in pairs if currency not in customer.currencies}


def with_currencies(policy: Policy, known: Mapping[str, KnownDocument], found: Iterable[Outcome]) -> list[Outcome]:
    """The outcomes, and before documents in a currency that their customer is known to lack what adds it to him."""
    if policy.customers.currencies == "refuse":
        return list(found)
    needed: dict[str, Command] = {}
    items: list[Outcome] = []
    for item in found:
        customer = _payer(policy, known, item) if isinstance(item, Command) else None
        if not isinstance(item, Command) or customer is None or not _lacks(customer, item.currency):
            items.append(item)
            continue
        added = _addition(item, customer.netsuite_id)
        needed[added.external_id] = min(needed.get(added.external_id, added), added, key=first_of)
        items.append(replace(item, depends_on=(*item.depends_on, added.external_id)))
    return [*(needed[key] for key in sorted(needed)), *items]


def lacking(policy: Policy, known: Mapping[str, KnownDocument], item: Command) -> tuple[str, str, str] | None:
    """Why a document cannot be written, where its customer is known to lack its currency and nobody adds it."""
    customer = _payer(policy, known, item)
    if policy.customers.currencies == "add" or customer is None or not _lacks(customer, item.currency):
        return None
    text = f"NetSuite customer {customer.netsuite_id} takes no documents in {item.currency.upper()}"
    fix = (
        f"add the currency to the customer in NetSuite (Financial > Currencies): {item.external_id} follows by itself; "
    )
    return "CUSTOMER_CURRENCY", text, f"{fix}or set customers.currencies: add in o2c.yaml"


def _payer(policy: Policy, known: Mapping[str, KnownDocument], item: Command) -> KnownDocument | None:
    return known.get(entity_key(policy, item.customer_id) or "") if item.document in PERSONAL else None


def _lacks(customer: KnownDocument, currency: str) -> bool:
    return bool(customer.currencies) and currency not in customer.currencies


def _addition(item: Command, customer: str) -> Command:
    """One line for the customer's sublist of currencies; whatever else his record says stays as it is."""
    return Command(
        document="customerCurrency",
        external_id=customer_currency_key(customer, item.currency),
        stripe_id=item.customer_id or item.stripe_id,
        customer_id=item.customer_id,
        currency=item.currency,
        amount_minor=0,
        effective_date=item.effective_date,
        partition=item.partition,
        why=f"NetSuite customer {customer} is to have documents in {item.currency.upper()}, and lacks that currency",
        body={
            "customer": {"id": customer},
            "currencyList": {"items": [{"currency": {"$currency": item.currency}}]},
        },
    )
