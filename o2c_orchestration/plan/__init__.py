"""From stored rows to commands: one pure module per NetSuite document. Imports only `domain`.

The same rows give the same commands, whatever their order or batches; once the documents exist the plan is empty.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial
from itertools import chain

from o2c_orchestration.domain.customer_balance import AdjustmentRow
from o2c_orchestration.domain.documents import (
    DOCUMENT_ORDER,
    OF_CUSTOMERS,
    Command,
    CreditNoteRow,
    CustomerRow,
    KnownDocument,
    LeftOut,
    PaymentRow,
    Plan,
    Refusal,
    Rows,
)
from o2c_orchestration.domain.keys import collisions, off_stripe_key
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.adjustment import plan_adjusted, plan_adjustment
from o2c_orchestration.plan.allocate import allocated
from o2c_orchestration.plan.blocked import blocking, screen
from o2c_orchestration.plan.clearing import plan_clearing
from o2c_orchestration.plan.closed_invoice import plan_closed_invoice
from o2c_orchestration.plan.credit_note import plan_credit_note, plan_note_to_balance
from o2c_orchestration.plan.currencies import with_currencies
from o2c_orchestration.plan.customer import plan_customer
from o2c_orchestration.plan.customer_balance import plan_balance
from o2c_orchestration.plan.differences import Differences
from o2c_orchestration.plan.directives import LOOKS_ENTERED, Guard, with_price_items
from o2c_orchestration.plan.invoice import plan_invoice
from o2c_orchestration.plan.mapping import Mapper, Traces, customers_of
from o2c_orchestration.plan.mapping_facts import FactBook
from o2c_orchestration.plan.named_invoice import with_named_invoices
from o2c_orchestration.plan.off_stripe import plan_off_stripe
from o2c_orchestration.plan.older import told
from o2c_orchestration.plan.outcome import Blocked, Skip, Unread, refuse_command
from o2c_orchestration.plan.payment import plan_payment, plan_settled
from o2c_orchestration.plan.payout import plan_payout
from o2c_orchestration.plan.periods import Calendar
from o2c_orchestration.plan.reversal import plan_history
from o2c_orchestration.plan.subsidiaries import with_relationships

Outcome = Command | Refusal | Skip


def make_plan(
    policy: Policy,
    rows: Rows,
    known: Mapping[str, KnownDocument],
    elsewhere: Collection[str] = frozenset(),
    refused: Collection[str] = frozenset(),
    traces: Traces | None = None,
) -> Plan:
    """Plan the documents of these rows. `known` maps an external id to the document that exists for it,
    `elsewhere` holds the external ids of documents that another plan is about to write, `refused` those of documents
    that wait for a person. `traces`, if given, is told what the mapping has set in each document, by its key.

    Customers are planned only for documents that are to be written.
    """
    by_id = {customer.id: customer for customer in rows.customers}
    screened = screen(with_named_invoices(with_price_items(rows)), known)
    rules = _Rules(policy, rows, known, traces)
    found = [*screened.refused, *_documents(rules, screened.rows, by_id, known, elsewhere)]
    planned, held = _ahead(found, known, elsewhere), {*_held(found), *refused}
    found += rules.keep(_deposits(policy, screened.rows, known, planned, held))
    found = with_currencies(policy, known, with_relationships(policy, rows, known, found))
    needed = {key for item in found if isinstance(item, Command) for key in item.depends_on} & by_id.keys()
    accounts = [rules.mapper.check(plan_customer(policy, by_id[key])) for key in sorted(needed - known.keys())]
    return _assemble([*accounts, *told(found, rows.older), *screened.left_out], known)


def together(plans: Iterable[Plan]) -> Plan:
    """The plans of several Stripe accounts as one.

    Two documents that NetSuite would take for one are refused. What several of them need of one customer, a subsidiary
    or a currency, is written once.
    """
    found = list(plans)
    if len(found) == 1:
        return found[0]
    commands = [item for plan in found for item in plan.commands]
    once = {item.external_id: item for item in reversed(commands) if item.document in OF_CUSTOMERS}
    others = (item for item in commands if item.document not in OF_CUSTOMERS)
    joined = _assemble(chain[Outcome](once.values(), others, (item for plan in found for item in plan.refusals)), ())
    skipped = {key: reason for plan in found for key, reason in plan.skipped.items()}
    left_out = tuple(item for plan in found for item in plan.left_out)
    unread = frozenset[str]().union(*(plan.unread for plan in found))
    return replace(joined, skipped=skipped, left_out=left_out, unread=unread)


class _Rules:
    """What no document may break, whatever its type: what metadata forbids first, then the mapping, closed periods."""

    def __init__(
        self, policy: Policy, rows: Rows, known: Mapping[str, KnownDocument], traces: Traces | None = None
    ) -> None:
        self.policy = policy
        self._guard, self._calendar = Guard(policy, rows, known), Calendar(policy, rows.periods)
        people = customers_of(rows.customers, known, partial(plan_customer, policy))
        self.mapper = Mapper(policy, FactBook(rows, policy.books.zone), people, traces)

    def keep(self, found: Iterable[Outcome | None]) -> list[Outcome]:
        """The outcomes in their order, with commands changed or refused where they break a rule."""
        checked = (self._guard.check(item) for item in found if item is not None)
        return self._calendar.keep(self.mapper.check(item) for item in checked)


def _documents(
    rules: _Rules,
    rows: Rows,
    customers: Mapping[str, CustomerRow],
    known: Mapping[str, KnownDocument],
    elsewhere: Collection[str],
) -> list[Outcome]:
    """In the order in which documents lean on each other: what each sees as planned are those before it."""
    policy, keep = rules.policy, rules.keep
    found = keep(plan_invoice(policy, row, customers, known) for row in rows.invoices if row.id not in known)
    ahead = _ahead(found, known, elsewhere)
    found += keep(plan_closed_invoice(policy, row, known, ahead, rows.departed) for row in rows.closed)
    ahead |= _written(found, known)
    for row in rows.balanced:
        found += keep(plan_balance(policy, row, known, ahead))
    for moved in rows.adjustments:
        found += _adjustment(rules, moved, known)
    ahead |= _written(found, known)
    for payment in rows.payments:
        found += _payment(rules, payment, customers, known, ahead)
    outside = (row for row in rows.off_stripe if off_stripe_key(row.id) not in known)
    found += keep(plan_off_stripe(policy, row, known, ahead) for row in outside)
    for note in rows.credit_notes:
        found += _credit_note(rules, note, rows, known, ahead)
    ahead = _ahead(found, known, elsewhere)
    for history in rows.histories:
        found += keep(plan_history(policy, history, known, ahead, rows.departed))
    return found


def _payment(
    rules: _Rules,
    row: PaymentRow,
    customers: Mapping[str, CustomerRow],
    known: Mapping[str, KnownDocument],
    ahead: Collection[str],
) -> list[Outcome]:
    if row.id in known:
        return []
    payment = plan_payment(rules.policy, row, customers, known, ahead)
    return _together(rules, payment, plan_settled(rules.policy, row, payment, known))


def _adjustment(rules: _Rules, row: AdjustmentRow, known: Mapping[str, KnownDocument]) -> list[Outcome]:
    memo = plan_adjustment(rules.policy, row, known)
    return _together(rules, memo, plan_adjusted(rules.policy, row, memo, known))


def _credit_note(
    rules: _Rules, row: CreditNoteRow, rows: Rows, known: Mapping[str, KnownDocument], ahead: Collection[str]
) -> list[Outcome]:
    memo = None if row.id in known else plan_credit_note(rules.policy, row, rows.invoice_lines, known, ahead)
    return _together(rules, memo, plan_note_to_balance(rules.policy, row, memo, known, ahead))


def _together(rules: _Rules, document: Outcome | None, against: Iterable[Outcome]) -> list[Outcome]:
    """A document and what it is set against: those come first, and none of them without it."""
    before, own = rules.keep(against), rules.keep([document])
    alone = bool(own) and not isinstance(own[0], Command)
    return [*(item for item in before if not (alone and isinstance(item, Command))), *own]


def _written(found: Iterable[Outcome], known: Iterable[str]) -> set[str]:
    """External ids that are to be written, less those that NetSuite would take for another one's."""
    written = {item.external_id for item in found if isinstance(item, Command)}
    return written - _clashing([*written, *known])


def _ahead(found: Iterable[Outcome], known: Iterable[str], elsewhere: Collection[str]) -> set[str]:
    """External ids of what is to be written, here or elsewhere; what was held up since it was planned there is not."""
    items = list(found)
    return _written(items, known) | (set(elsewhere) - _entered(items))


def _entered(found: Iterable[Outcome]) -> set[str]:
    return {item.external_id for item in found if isinstance(item, Refusal) and item.code == LOOKS_ENTERED}


def _held(found: Iterable[Outcome]) -> set[str]:
    return {item.external_id for item in found if isinstance(item, Refusal)}


def _deposits(
    policy: Policy,
    rows: Rows,
    known: Mapping[str, KnownDocument],
    planned: Collection[str],
    refused: Collection[str],
) -> list[Outcome]:
    """Last, since a deposit takes the documents of all the others; one that cannot be written becomes a residual."""
    found: list[Outcome] = []
    blocked = blocking(rows.directives.blocked)
    mine = {row.id for row in rows.payouts} | {row.member.id for row in rows.residuals}
    differences = Differences(policy, rows.differences, mine)
    for row in allocated(rows.payouts):
        found += plan_payout(policy, row, known, planned, refused, blocked, differences=differences)
    return [*found, *plan_clearing(policy, rows.residuals, known, planned, refused, differences)]


def _clashing(ids: Iterable[str]) -> set[str]:
    return {key for group in collisions(ids).values() for key in group}


def _assemble(items: Iterable[Outcome], known: Iterable[str]) -> Plan:
    found = list(items)
    clashed = _clashing([*(item.external_id for item in found if not isinstance(item, Skip)), *known])
    commands = [item for item in found if isinstance(item, Command)]
    refusals = [item for item in found if isinstance(item, Refusal)]
    refusals += [_same_but_for_case(item) for item in commands if item.external_id in clashed]
    order = {document: place for place, document in enumerate(DOCUMENT_ORDER)}
    kept = (item for item in commands if item.external_id not in clashed)
    return Plan(
        tuple(sorted(kept, key=lambda item: (order[item.document], item.partition, item.external_id))),
        tuple(sorted(refusals, key=lambda item: (item.partition, item.external_id))),
        {item.stripe_id: item.reason for item in found if isinstance(item, Skip)},
        tuple(_left_out(item) for item in found if isinstance(item, Blocked)),
        frozenset(item.stripe_id for item in found if isinstance(item, Unread)),
    )


def _left_out(item: Blocked) -> LeftOut:
    return LeftOut(item.document, item.stripe_id, item.currency, item.amount_minor, item.reason)


def _same_but_for_case(command: Command) -> Refusal:
    """NetSuite would take the two for one document and hand one customer's money to the other."""
    reason = f"another Stripe id differs from {command.external_id} only in upper and lower case, "
    reason += "which NetSuite does not tell apart"
    fix = "enter one of the two documents by hand, with the Stripe id in its memo"
    return refuse_command(command, "EXTERNAL_ID_CASE", reason, fix)
