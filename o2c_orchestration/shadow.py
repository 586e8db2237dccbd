"""What would be written for stored objects as if nothing was written yet: for showing and comparing, never for sending.

What leans on documents of other days finds them there. An invoice that was voided has no document of its own here: none
would be made for it today.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Engine

from o2c_orchestration.domain.deals import DealRows
from o2c_orchestration.domain.documents import Plan
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan, together
from o2c_orchestration.plan.deals import plan_deals
from o2c_orchestration.plan.mapping import Traces
from o2c_orchestration.plan_stage import only_sound
from o2c_orchestration.store import deals
from o2c_orchestration.store.contacts import read_contacts
from o2c_orchestration.store.mapped import read_customers
from o2c_orchestration.store.plan_rows import plan_input
from o2c_orchestration.validate.deal_facts import deal_rows


def shadow_plan(engine: Engine, policy: Policy, first: date, last: date, traces: Traces | None = None) -> Plan:
    """The plan of [first, last] (UTC days of Stripe's `created`) under a policy. Keeps and writes nothing."""
    found = [_of_account(engine, own, account, first, last, traces, several=bool(policy.entities))
             for account, own in policy.each()]  # fmt: skip
    return only_sound(together(found), policy)


def _of_account(
    engine: Engine, policy: Policy, account: str, first: date, last: date, traces: Traces | None, *, several: bool
) -> Plan:
    given = plan_input(
        engine,
        first,
        last,
        policy.accounts.suspense,
        policy.customers,
        price_metadata=policy.items.price_metadata,
        account=account if several else None,
        subsidiary=policy.books.subsidiary,
        mapping=policy.mapping,
        shadow=True,
        books=policy.books,
    )
    return make_plan(policy, given.rows, given.known, traces=traces)


def shadow_orders(engine: Engine, policy: Policy, ids: Iterable[str] | None, traces: Traces | None = None) -> Plan:
    """The sales orders of won deals (all, or these) and their NetSuite customers; nothing that Stripe bills."""
    since, own = policy.deals.since or policy.books.start, policy.deals
    stored = deals.read_deals(engine, since, own.source, own.renewal_field)
    wanted = None if ids is None else set(ids)
    rows = [row for row in deal_rows(stored, own) if wanted is None or row.id in wanted]
    ordered = policy.deals.model_copy(update={"orders": True, "recurring": "none", "one_off": "none"})
    alone = policy.model_copy(update={"deals": ordered})
    people = [account.stripe_id for account in stored.accounts.values() if account.stripe_id is not None]
    sources = read_customers(engine, people, policy.mapping)
    contacts = read_contacts(engine, people, policy.customers.details)
    known = DealRows(tuple(rows), stored.accounts, sources=sources, contacts=contacts)
    return only_sound(plan_deals(alone, known, stored.conflicts, traces), policy)
