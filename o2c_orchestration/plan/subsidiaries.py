"""What may lean on what where there are several entities: documents of one subsidiary, and customers who are in it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from o2c_orchestration.domain.documents import Command, KnownDocument, Refusal, Rows
from o2c_orchestration.domain.keys import relationship_key
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.entity import entity_key, subsidiary
from o2c_orchestration.plan.outcome import Skip

Outcome = Command | Refusal | Skip

# Documents that have a customer.
PERSONAL = frozenset({"invoice", "customerPayment", "creditMemo", "customerRefund"})


def mixed(item: Command, known: Mapping[str, KnownDocument]) -> tuple[str, str, str] | None:
    """Why a document leans on what belongs to another entity, as code, reason and fix; None: it does not."""
    for key in item.depends_on:
        document = known.get(key)
        if document is not None and document.elsewhere is not None:
            text = f"{key}, which it leans on, is in the books of {document.elsewhere}"
            fix = f"look at {key} in NetSuite: a document and what it is applied to belong to one company"
            return "OTHER_ENTITY", text, fix
    return None


def outside(policy: Policy, rows: Rows, item: Command, known: Mapping[str, KnownDocument]) -> str | None:
    """Internal id of the document's customer in NetSuite, if that one is known not to be in its subsidiary."""
    if rows.subsidiary is None or item.document not in PERSONAL:
        return None
    customer = known.get(entity_key(policy, item.customer_id) or "")
    if customer is None or not customer.subsidiaries or rows.subsidiary in customer.subsidiaries:
        return None
    return customer.netsuite_id


def stranger(
    policy: Policy, rows: Rows, item: Command, known: Mapping[str, KnownDocument]
) -> tuple[str, str, str] | None:
    """Why the document's customer cannot take it, where policy does not let us put customers into subsidiaries."""
    customer = outside(policy, rows, item, known)
    if customer is None or policy.customers.subsidiaries == "add":
        return None
    where = f"subsidiary {policy.books.subsidiary}"
    fix = f"add {where} to customer {customer} in NetSuite, or set customers.subsidiaries: add in o2c.yaml"
    return "CUSTOMER_SUBSIDIARY", f"NetSuite customer {customer} is not in {where}", fix


def with_relationships(
    policy: Policy, rows: Rows, known: Mapping[str, KnownDocument], found: Iterable[Outcome]
) -> list[Outcome]:
    """The outcomes, and before the documents of customers who lack the subsidiary what puts them into it."""
    needed: dict[str, Command] = {}
    items: list[Outcome] = []
    for item in found:
        customer = outside(policy, rows, item, known) if isinstance(item, Command) else None
        if customer is None or not isinstance(item, Command):
            items.append(item)
            continue
        relation = _relationship(policy, rows, item, customer)
        needed[relation.external_id] = min(needed.get(relation.external_id, relation), relation, key=first_of)
        items.append(replace(item, depends_on=(*item.depends_on, relation.external_id)))
    return [*(needed[key] for key in sorted(needed)), *items]


def first_of(item: Command) -> tuple[object, ...]:
    """The order in which one of several equal needs is kept, whatever the order of documents."""
    return item.partition, item.effective_date, item.stripe_id, item.currency


def _relationship(policy: Policy, rows: Rows, item: Command, customer: str) -> Command:
    key, where = relationship_key(customer, rows.subsidiary or ""), f"subsidiary {policy.books.subsidiary}"
    return Command(
        document="customerSubsidiaryRelationship",
        external_id=key,
        stripe_id=item.customer_id or item.stripe_id,
        customer_id=item.customer_id,
        currency=item.currency,
        amount_minor=0,
        effective_date=item.effective_date,
        partition=item.partition,
        why=f"NetSuite customer {customer} is to have documents in {where}, and is not in it",
        body={"externalId": key, "entity": {"id": customer}, **subsidiary(policy)},
    )
