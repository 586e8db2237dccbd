"""The stages of deals put together: Salesforce read, planned, applied, mirrored, reconciled and told.

Deals are planned all at once and not by days: only those that lack something cost anything.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from o2c_orchestration import tracing
from o2c_orchestration.apply.execute import ApplyResult, Executor
from o2c_orchestration.apply.write_back import WriteBackResult, write_back
from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.clients.salesforce import SalesforceReader
from o2c_orchestration.clients.salesforce_write import SalesforceWriter
from o2c_orchestration.clients.stripe_read import StripeReader
from o2c_orchestration.domain.customer_changes import CustomerDiffers
from o2c_orchestration.domain.deals import AccountRow, DealFacts, DealRow, DealRows
from o2c_orchestration.domain.documents import Command, Plan
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.salesforce_fields import OF_ORDERS
from o2c_orchestration.domain.vanished import VanishedCustomer
from o2c_orchestration.extract.billing import read_billing, read_prices_of
from o2c_orchestration.extract.merges import read_merges
from o2c_orchestration.extract.salesforce import POLLED, Polled, SalesforceExtractor
from o2c_orchestration.mirror.orders import read_orders
from o2c_orchestration.mirror.vanished import missing, vanished
from o2c_orchestration.plan.billing import price_of
from o2c_orchestration.plan.customer_changes import plan_customer_changes
from o2c_orchestration.plan.deals import plan_deals
from o2c_orchestration.plan.payer_changes import plan_payer_changes
from o2c_orchestration.plan.sales_order import entity_key_of
from o2c_orchestration.plan.write_back import plan_write_back
from o2c_orchestration.plan_stage import only_sound
from o2c_orchestration.reconcile.deals import gaps_of
from o2c_orchestration.reconcile.matches import suggestions
from o2c_orchestration.reconcile.not_told import not_told
from o2c_orchestration.store import billing, deal_changes, deals, matches, planning, salesforce_marks, write_backs
from o2c_orchestration.store.account_money import read_account_money
from o2c_orchestration.store.contacts import read_contacts
from o2c_orchestration.store.deal_gaps import keep_deal_gaps
from o2c_orchestration.store.deals import StoredDeals
from o2c_orchestration.store.made_customers import read_made
from o2c_orchestration.store.made_payers import read_made_payers
from o2c_orchestration.store.mapped import read_customers
from o2c_orchestration.store.salesforce import counts
from o2c_orchestration.store.salesforce_marks import WHOLE
from o2c_orchestration.store.whereabouts import keys_of
from o2c_orchestration.validate.deal_facts import deal_rows, facts_of
from o2c_orchestration.validate.records import judge

if TYPE_CHECKING:
    from o2c_orchestration.clients.salesforce_events import SalesforceEvents
    from o2c_orchestration.extract.change_events import Heard

# A new account takes two rounds (its customer in Stripe, then the rest), and one more shows that nothing is left.
_ROUNDS = 3
# Of a type of which change events name more records than this, all that changed is polled.
_ONE_BY_ONE = 1000


@dataclass(frozen=True)
class DealChange:
    """What a reconciliation of all deals did."""

    deals: int
    found: int
    opened: int
    resolved: int


class DealStages:
    """Every stage of deals, for one org. The executor and the writers come from whoever may write.

    `stripe` and `ledger` make the readers of systems that are on, when a stage first needs them; `know_customers` sees
    that every customer of Stripe is in the store.
    """

    def __init__(
        self,
        engine: Engine,
        policy: Policy,
        salesforce: SalesforceReader,
        stripe: Callable[[], StripeReader] | None,
        ledger: Callable[[], NetSuiteReader] | None,
        progress: Callable[[str, int], None],
        know_customers: Callable[[], None],
    ) -> None:
        self._engine, self._policy, self._progress = engine, policy, progress
        self._stripe, self._ledger = stripe, ledger
        self._know_customers, self._salesforce = know_customers, salesforce
        overlap = timedelta(minutes=policy.deals.overlap_minutes)
        told = partial(progress, "extract")
        deals_are = policy.deals.source
        earlier = {"Opportunity" if deals_are == "opportunities" else "Order": policy.deals.earlier_fields}
        more = {"Account": policy.account_fields, **earlier}
        self._extractor = SalesforceExtractor(
            *(engine, salesforce, overlap, told, partial(judge, engine), deals_are, more, earlier),
            follow_contacts="email" in policy.customers.changes.stripe.followed,
        )

    @property
    def since(self) -> date:
        """Deals that were closed before are left alone."""
        return self._policy.deals.since or self._policy.books.start

    @property
    def today(self) -> date:
        """In the time zone of the books."""
        return datetime.now(UTC).astimezone(self._policy.books.zone).date()

    @tracing.stage("poll deals")
    def poll(self, kinds: Sequence[str] = POLLED, *, deletions: bool = True) -> Polled:
        """Read what changed in Salesforce since the last poll; orders where they are the deals, or were once."""
        return self._extractor.poll(self._of_interest(kinds), deletions=deletions)

    @tracing.stage("listen", rows=lambda heard: heard.events)
    def listen(self, channel: str, seconds: float) -> "Heard":
        """Mark what this channel of Salesforce's change events names, for `seconds` at most."""
        from o2c_orchestration.extract.change_events import listen

        return listen(self._engine, self._events, channel, seconds)

    def read_marked(self) -> Polled:
        """Read what is marked, which stays so until it is read."""
        marks = salesforce_marks.take(self._engine)
        ids: dict[str, list[str]] = {kind: [] for kind in self._of_interest(POLLED)}
        for mark in marks:
            ids.get(mark.object, []).append(mark.id)
        # By its stamps, a poll gives two thousand to a page.
        whole = {kind for kind, some in ids.items() if WHOLE in some or len(some) > _ONE_BY_ONE}
        found = self._extractor.changed(ids, whole)
        salesforce_marks.settle(self._engine, marks)
        return found

    def _of_interest(self, kinds: Sequence[str]) -> list[str]:
        orders = self._policy.deals.source == "orders" or counts(self._engine, "Order")[0] > 0
        return [kind for kind in kinds if orders or kind not in OF_ORDERS]

    @cached_property
    def _events(self) -> "SalesforceEvents":
        # gRPC and Avro are loaded only where somebody listens.
        from o2c_orchestration.clients.salesforce_events import SalesforceEvents

        return SalesforceEvents(self._salesforce)

    @tracing.stage("plan deals", rows=lambda plan: len(plan.commands))
    def plan(self) -> Plan:
        """Plan what deals lack, and keep the plan."""
        deal_changes.begin(self._engine)
        stored = self._merged(self._read())
        rows = deal_rows(stored, self._policy.deals)
        names = self._price_names(rows)
        if self._stripe is not None:
            read_prices_of(self._engine, self._stripe(), names)
        asleep, deleted_payers = deals.gone_customers(self._engine, stored.accounts.values())
        known = DealRows(
            asleep=asleep,
            vanished=self._vanished(stored, rows),
            deleted_payers=deleted_payers,
            deals=tuple(rows),
            accounts=stored.accounts,
            prices=deals.read_prices(self._engine, names),
            orders=_ordered(stored),
            billed=_billed(stored),
            maybe=self._maybe(stored),
            written=frozenset(
                line.external_id for lines in stored.journal.values() for line in lines if line.state == "done"
            ),
            sources=read_customers(self._engine, _customers_of(stored.accounts), self._policy.mapping),
            contacts=read_contacts(self._engine, _customers_of(stored.accounts), self._policy.customers.details),
            customers=deals.existing_customers(
                self._engine, [entity_key_of(account) for account in stored.accounts.values()]
            ),
        )
        plan = plan_deals(self._policy, known, stored.conflicts)
        changes, _ = self._customer_changes(known, stored.conflicts)
        in_stripe, _ = self._payer_changes(known, stored.conflicts)
        plan = only_sound(replace(plan, commands=(*plan.commands, *changes, *in_stripe)), self._policy)
        planning.save_deals(self._engine, plan)
        self._progress("plan", len(plan.commands) + len(plan.refusals))
        return plan

    @tracing.stage("apply deals", rows=lambda outcome: outcome.written + outcome.adopted)
    def apply(self, executor: Executor) -> ApplyResult:
        """Write the kept plan, and what becomes possible by it."""
        done = 0
        for _ in range(_ROUNDS):
            # The executor counts from its making on.
            result = executor.run(planning.read_deal_plan(self._engine).commands)
            self.plan()
            if result.written + result.adopted == done:
                break
            done = result.written + result.adopted
        return result

    @tracing.stage("mirror deals", rows=lambda found: found[0])
    def mirror(self) -> tuple[int, int, int]:
        """Read NetSuite's sales orders and Stripe's subscription schedules back; (read, changed, deleted) orders."""
        if self._stripe is not None:
            read_billing(self._engine, self._stripe(), billing.schedules_to_read(self._engine))
        if self._ledger is None:
            return 0, 0, 0
        overlap = timedelta(minutes=self._policy.netsuite.overlap_minutes)
        told, taxes = partial(self._progress, "mirror"), self._policy.deals.tax == "netsuite"
        return read_orders(self._engine, self._ledger(), self._policy.books, overlap, told, taxes=taxes)

    def facts(self) -> list[DealFacts]:
        """Every deal with everything that is known of it."""
        stored = self._read()
        spans, plan = billing.read_spans(self._engine), planning.read_deal_plan(self._engine)
        return facts_of(stored, spans, plan, self._policy.deals)

    @tracing.stage("reconcile deals")
    def reconcile(self, facts: Sequence[DealFacts]) -> DealChange:
        """Name what does not hold, and keep it. `facts` are those of all deals."""
        accounts = {each.account.id: each.account for each in facts if each.account is not None}
        known = DealRows(
            deals=tuple(each.deal for each in facts),
            accounts=accounts,
            sources=read_customers(self._engine, _customers_of(accounts), self._policy.mapping),
            contacts=read_contacts(self._engine, _customers_of(accounts), self._policy.customers.details),
        )
        differences = [*self._customer_changes(known, {})[1], *self._payer_changes(known, {})[1]]
        untold = not_told(facts, write_backs.refused(self._engine)) if self._policy.deals.write_back else []
        counts = keep_deal_gaps(self._engine, [*gaps_of(self._policy, facts, self.today), *differences, *untold])
        return DealChange(len(facts), *counts)

    @tracing.stage("write back")
    def write_back(self, writer: SalesforceWriter) -> WriteBackResult:
        """Tell Salesforce what it does not say yet. What it takes or refuses now, and did not before, shows at once."""
        facts, before = self.facts(), write_backs.refused(self._engine)
        accounts = read_account_money(self._engine, self.today)
        changes = plan_write_back(facts, accounts, self.today, children=True)
        outcome = write_back(self._engine, writer, changes)
        if write_backs.refused(self._engine) != before:
            self.reconcile(facts)
        return outcome

    def _customer_changes(
        self, known: DealRows, conflicts: Mapping[str, str]
    ) -> tuple[list[Command], list[CustomerDiffers]]:
        """What accounts say by now of customers whom we made: to be written, or told."""
        made = read_made(self._engine, known.accounts.values())
        found = plan_customer_changes(self._policy, known, made, conflicts)
        if self._ledger is None or not found[0]:
            return found
        # Asked for are those alone for whom something is about to be written.
        numbers = {each.stripe_id: made[each.stripe_id].netsuite_id for each in found[0]}
        keys = {account: keys_of(known.accounts[account]) for account in numbers}
        gone = missing(self._engine, self._ledger(), numbers, keys)
        return plan_customer_changes(self._policy, replace(known, vanished=gone), made, conflicts) if gone else found

    def _payer_changes(
        self, known: DealRows, conflicts: Mapping[str, str]
    ) -> tuple[list[Command], list[CustomerDiffers]]:
        """The same of customers whom we made in Stripe, where policy has one of their fields go by Salesforce."""
        if not self._policy.customers.changes.stripe.followed:
            return [], []
        made = read_made_payers(self._engine, known.accounts.values())
        return plan_payer_changes(self._policy, known, made, conflicts)

    def _merged(self, stored: StoredDeals) -> StoredDeals:
        """The same once accounts that have no customer were asked for others that were merged into them."""
        known = deals.existing_customers(self._engine, stored.accounts)
        new = [
            each.id
            for each in stored.accounts.values()
            if not (each.deleted or each.stripe_id or each.netsuite_id or each.id in known)
        ]
        return self._read() if new and read_merges(self._engine, self._salesforce, new) else stored

    def _read(self) -> StoredDeals:
        policy = self._policy.deals
        return deals.read_deals(self._engine, self.since, policy.source, policy.renewal_field)

    def _vanished(self, stored: StoredDeals, rows: Sequence[DealRow]) -> dict[str, VanishedCustomer]:
        """Of accounts that are to have an order: those whose NetSuite customer is not there any more."""
        if self._ledger is None or not self._policy.deals.orders:
            return {}
        done = _ordered(stored)
        needy = {row.account_id for row in rows if row.won and not (row.deleted or row.counted) and row.id not in done}
        accounts = [stored.accounts[each] for each in sorted(filter(None, needy)) if each in stored.accounts]
        return vanished(self._engine, self._ledger(), accounts)

    def _maybe(self, stored: StoredDeals) -> dict[str, str]:
        """Accounts that wait for a person's word, and what speaks for it: of those that need a customer in Stripe."""
        needy = {account.id for account in stored.accounts.values() if account.stripe_id is None}
        if not self._policy.deals.bills or not needy:
            return {}
        self._know_customers()
        accounts, customers = matches.untied(self._engine)
        found = suggestions([each for each in accounts if each.id in needy], customers)
        # The likeliest of each account comes first, and is the last to be put in.
        return {each.account_id: f"{each.stripe_id}, {each.evidence}" for each in reversed(found)}

    def _price_names(self, rows: Sequence[DealRow]) -> list[str]:
        lines = [line for deal in rows if deal.won for line in deal.lines] if self._policy.deals.bills else []
        named = (price_of(self._policy, line) for line in lines)
        return sorted({name for name in named if name})


def _customers_of(accounts: Mapping[str, AccountRow]) -> list[str]:
    return [account.stripe_id for account in accounts.values() if account.stripe_id is not None]


def _ordered(stored: StoredDeals) -> frozenset[str]:
    """Deals that have an order: in the mirror or, until it is read back, by the journal; or Salesforce names one."""
    written = {
        deal for deal, lines in stored.journal.items() if any(_done(line.document, line.state) for line in lines)
    }
    told = {deal.id for deal in stored.deals if deal.payload.get("NetSuite_Sales_Order_Id__c")}
    return frozenset({*stored.orders, *written, *told})


def _done(document: str, state: str) -> bool:
    return document == "salesOrder" and state == "done"


def _billed(stored: StoredDeals) -> frozenset[str]:
    """Deals that something in Stripe bills, whoever made it: it says so, or Salesforce does."""
    begun = {
        deal: line.written_id
        for deal, lines in stored.journal.items()
        for line in lines
        if line.document == "stripeInvoice"
    }
    # A draft of ours is named to Salesforce as soon as it is there, and bills nobody before its lines are on it.
    named = ((deal.id, deal.payload.get("Stripe_Billing_Id__c")) for deal in stored.deals)
    told = {deal for deal, thing in named if thing and thing != begun.get(deal)}
    last = ("subscriptionSchedule", "paymentLink", "stripeInvoiceFinal")
    made = {
        deal
        for deal, lines in stored.journal.items()
        if any(line.state == "done" and line.document in last for line in lines)
    }
    # An invoice of which only the draft is made is no reason not to go on with it.
    billed = {deal for deal in stored.invoices if deal not in begun}
    return frozenset(told | made | billed)
