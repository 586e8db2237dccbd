"""Won deals → what they call for in Stripe and NetSuite. Pure; the same rows give the same commands.

An account's Stripe customer comes first: its NetSuite customer goes by that id. So a new account takes two rounds, and
what waits for the first is not planned yet.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from o2c_orchestration.domain import metadata
from o2c_orchestration.domain.contact import Contact, System
from o2c_orchestration.domain.customer_changes import PAYER_FIELDS
from o2c_orchestration.domain.deal_terms import Trouble, trouble_of
from o2c_orchestration.domain.deals import AccountRow, DealRow, DealRows
from o2c_orchestration.domain.documents import Command, CustomerRow, Plan, PlanLine, Refusal, Rows
from o2c_orchestration.domain.keys import account_key, order_key, stripe_customer_key
from o2c_orchestration.domain.mapping_sources import Person, Sources
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.vanished import CODE, VanishedCustomer
from o2c_orchestration.plan.billing import first_of_billing, plan_billing
from o2c_orchestration.plan.customer import customer_command
from o2c_orchestration.plan.mapping import Mapper, Traces
from o2c_orchestration.plan.mapping_facts import FactBook
from o2c_orchestration.plan.payer import NAME_MAX, said
from o2c_orchestration.plan.sales_order import entity_key_of, plan_sales_order

# What a customer in Stripe is made with where o2c.yaml has it follow the account.
_MADE_WITH = ("phone", "billing_address")


def plan_deals(
    policy: Policy, rows: DealRows, conflicts: Mapping[str, str] | None = None, traces: Traces | None = None
) -> Plan:
    """What is to be written for these deals, and what cannot be. `conflicts`: accounts that are several customers.

    `traces`, if given, is told what the mapping has set in each document, by its key.
    """
    commands: dict[str, Command] = {}
    refusals: list[Refusal] = []
    for deal in sorted(rows.deals, key=lambda each: (each.created_at, each.id)):
        for outcome in _deal(policy, deal, rows, conflicts or {}, traces):
            if isinstance(outcome, Command):
                if outcome.external_id in rows.written:
                    continue
                commands.setdefault(outcome.external_id, outcome)
            else:
                refusals.append(_refusal(policy, deal, outcome, rows))
    return Plan(tuple(commands.values()), tuple(refusals))


def _deal(
    policy: Policy, deal: DealRow, rows: DealRows, conflicts: Mapping[str, str], traces: Traces | None
) -> list[Command | Trouble]:
    """The first thing that is wrong, once, or all that is to be written now."""
    if not deal.won or deal.deleted or deal.counted:
        return []
    bills, orders = _is_billed(policy, deal) and deal.id not in rows.billed, _is_ordered(policy, deal, rows)
    # What a reduction order or an amendment changes is changed by hand; where a person names it, that is done.
    if not (bills or orders) or (deal.by_hand and deal.id in rows.orders | rows.billed):
        return []
    wrong = trouble_of(policy, deal, rows.accounts) or _conflict(deal, conflicts)
    if wrong is not None:
        return [wrong]
    account = rows.accounts[deal.account_id or ""]
    if account.stripe_id is None and _is_billed(policy, deal):
        return [_maybe(account, rows) or _stripe_customer(policy, account, deal)]
    if gone := _gone(account, rows, orders=orders, bills=bills):
        return [gone]
    found: list[Command | Trouble] = []
    if orders:
        found += _order(policy, deal, account, rows, traces)
    if bills:
        billing = plan_billing(policy, deal, account.stripe_id, (), rows.prices)
        found += [billing] if isinstance(billing, Trouble) else billing
    # What is wrong with one half is wrong with the deal: nothing is billed that cannot be ordered, nor the reverse.
    wrong = next((item for item in found if isinstance(item, Trouble)), None)
    return found if wrong is None else [wrong]


def _is_billed(policy: Policy, deal: DealRow) -> bool:
    """Whether the policy has Stripe bill a deal like this."""
    return (policy.deals.recurring if deal.recurring else policy.deals.one_off) != "none"


def _is_ordered(policy: Policy, deal: DealRow, rows: DealRows) -> bool:
    return policy.deals.orders and deal.id not in rows.orders


def _conflict(deal: DealRow, conflicts: Mapping[str, str]) -> Trouble | None:
    words = conflicts.get(deal.account_id or "")
    fix = "say which one it is: o2c matches confirm"
    return None if words is None else Trouble("SEVERAL_CUSTOMERS", words, fix)


def _gone(account: AccountRow, rows: DealRows, *, orders: bool, bills: bool) -> Trouble | None:
    """Why the system that is to write for the account's customer would refuse it."""
    if orders and (vanished := rows.vanished.get(account.id)):
        return vanished_trouble(account, vanished)
    if orders and (number := rows.asleep.get(account.id)):
        text = f"NetSuite customer {number} of account {account.name} is inactive"
        fix = "make the customer active in NetSuite, or name the one that takes his place on the account in Salesforce"
        return Trouble("CUSTOMER_INACTIVE", text, fix)
    if bills and account.stripe_id in rows.deleted_payers:
        text = f"Stripe customer {account.stripe_id} of account {account.name} is deleted"
        fix = f"o2c matches confirm {account.id} with the customer that takes his place"
        return Trouble("CUSTOMER_DELETED", text, fix)
    return None


def vanished_trouble(account: AccountRow, vanished: VanishedCustomer) -> Trouble:
    """A person says who he is now: two customers of one name look like a merger, and may be two companies."""
    if account.stripe_id is None:
        fix = f"write {vanished.successor} into NetSuite_Customer_Id__c of the account in Salesforce"
    else:
        fix = f"o2c matches confirm {account.id} {account.stripe_id} --netsuite {vanished.merged_into or '…'}, with "
        fix += f"{vanished.successor}; and for his invoices name that one as {metadata.CUSTOMER} in the metadata of "
        fix += account.stripe_id
    return Trouble(CODE, vanished.words(f"account {account.name}"), fix)


def _maybe(account: AccountRow, rows: DealRows) -> Trouble | None:
    words = rows.maybe.get(account.id)
    if words is None:
        return None
    fix = f"o2c matches confirm {account.id} with the customer that it is, or o2c matches reject {account.id}"
    return Trouble("MAYBE_KNOWN", f"account {account.name} may be a customer whom Stripe knows: {words}", fix)


def _order(
    policy: Policy, deal: DealRow, account: AccountRow, rows: DealRows, traces: Traces | None
) -> list[Command | Trouble]:
    order = plan_sales_order(policy, deal, account)
    key = entity_key_of(account)
    if isinstance(order, Trouble):
        return [order]
    further = account.netsuite_id is None and key not in rows.customers
    made = [_netsuite_customer(policy, deal, account, key, rows)] if further else []
    return _mapped(policy, deal, account, [*made, order], rows.sources, traces)


def _mapped(
    policy: Policy,
    deal: DealRow,
    account: AccountRow,
    commands: list[Command],
    sources: Sources,
    traces: Traces | None,
) -> list[Command | Trouble]:
    """With the fields that o2c.yaml maps; a rule that fails is what is wrong with the deal."""
    key = entity_key_of(account)
    person = CustomerRow(key, account.name, account.email, deal.created_at)
    told = replace(sources, people={key: Person(account.name, account.email)})
    facts = FactBook(Rows(customers=(person,), sources=told), policy.books.zone, {deal.id: deal})
    found = map(Mapper(policy, facts, traces=traces).check, commands)
    return [Trouble(item.code, item.reason, item.fix) if isinstance(item, Refusal) else item for item in found
            if isinstance(item, Command | Refusal)]  # fmt: skip


def customer_of(policy: Policy, deal: DealRow, account: AccountRow, rows: DealRows) -> Command | None:
    """What would make an account's NetSuite customer today; None where a rule of the mapping fails."""
    made = _netsuite_customer(policy, deal, account, entity_key_of(account), rows)
    found = _mapped(policy, deal, account, [made], rows.sources, None)[0]
    return found if isinstance(found, Command) else None


def _netsuite_customer(policy: Policy, deal: DealRow, account: AccountRow, key: str, rows: DealRows) -> Command:
    nobody = Contact(trouble="no customer of Stripe is tied to the account")
    contacts: dict[System, Contact] = {"salesforce": account.contact}
    if policy.customers.details.of_stripe:
        contacts["stripe"] = rows.contacts.get(account.stripe_id or "", nobody)
    row = CustomerRow(key, account.name, account.email, deal.created_at, (deal.currency,), contacts=contacts)
    return customer_command(policy, row, f"{account.name} has won deals and no NetSuite customer", _tie(account))


def _tie(account: AccountRow) -> str:
    known = f"Stripe: {account.stripe_id}; " if account.stripe_id else ""
    return f"{known}Salesforce: {account_key(account.id)}"


def _stripe_customer(policy: Policy, account: AccountRow, deal: DealRow) -> Command:
    params: dict[str, Any] = {"name": account.name[:NAME_MAX], "metadata": {metadata.ACCOUNT: account.id}}
    if account.email:
        params["email"] = account.email
    for name in (each for each in _MADE_WITH if each in policy.customers.changes.stripe.followed):
        value, unfit = said(account, name)
        # What Stripe would refuse holds up nobody: it is told as a change that cannot be written.
        params |= {PAYER_FIELDS[name]: value} if value and unfit is None else {}
    return Command(
        document="stripeCustomer",
        external_id=stripe_customer_key(account.id),
        stripe_id=account.id,
        customer_id=None,
        currency=deal.currency,
        amount_minor=0,
        effective_date=deal.close_date,
        partition=deal.created_at.date(),
        why=f"{account.name} has won deals that Stripe is to bill, and no Stripe customer",
        body={"path": "/v1/customers", "params": params},
        lines=(PlanLine(account.name, 0),),
    )


def _refusal(policy: Policy, deal: DealRow, trouble: Trouble, rows: DealRows) -> Refusal:
    """Of the order where it is lacking, else of what was to bill the deal: one whose order stands is told as well."""
    document, key = first_of_billing(policy, deal)
    if _is_ordered(policy, deal, rows):
        document, key = "salesOrder", order_key(deal.id)
    return Refusal(
        document=document,
        external_id=key,
        stripe_id=deal.id,
        customer_id=None,
        currency=deal.currency,
        amount_minor=deal.total_minor or deal.amount_minor,
        effective_date=deal.close_date,
        partition=deal.created_at.date(),
        code=trouble.code,
        reason=f"{deal.name}: {trouble.reason}",
        fix=trouble.fix,
    )
