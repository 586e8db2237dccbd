"""From stored rows to commands: one pure module per NetSuite document. Imports only `domain`.

The same rows give the same commands, whatever their order or batches; once the documents exist the plan is empty.
"""

from collections.abc import Collection, Iterable, Mapping

from o2c_orchestration.domain.documents import (
    Command,
    CustomerRow,
    InvoiceRow,
    KnownDocument,
    PaymentRow,
    Plan,
    Refusal,
)
from o2c_orchestration.domain.keys import collisions
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.customer import plan_customer
from o2c_orchestration.plan.invoice import plan_invoice
from o2c_orchestration.plan.outcome import Skip
from o2c_orchestration.plan.payment import plan_payment


def make_plan(
    policy: Policy,
    customers: Iterable[CustomerRow],
    invoices: Iterable[InvoiceRow],
    payments: Iterable[PaymentRow],
    known: Mapping[str, KnownDocument],
    elsewhere: Collection[str] = frozenset(),
) -> Plan:
    """Plan the documents of these rows. `known` maps a Stripe id to the document that exists for it,
    `elsewhere` holds the Stripe ids whose documents another plan is about to write.

    Customers are planned only for invoices and payments that are to be written.
    """
    by_id = {customer.id: customer for customer in customers}
    documents = [plan_invoice(policy, row, by_id, known) for row in invoices if row.id not in known]
    written = {item.stripe_id for item in documents if isinstance(item, Command)}
    planned = (written - _clashing([*written, *known])) | set(elsewhere)
    documents += [plan_payment(policy, row, by_id, known, planned) for row in payments if row.id not in known]
    needed = {item.customer_id for item in documents if isinstance(item, Command)} - known.keys()
    accounts = [plan_customer(policy, by_id[key]) for key in sorted(filter(None, needed))]
    return _assemble([*accounts, *documents], known)


def _clashing(ids: Iterable[str]) -> set[str]:
    return {key for group in collisions(ids).values() for key in group}


def _assemble(items: Iterable[Command | Refusal | Skip], known: Iterable[str]) -> Plan:
    found = list(items)
    clashed = _clashing([*(item.external_id for item in found if not isinstance(item, Skip)), *known])
    commands = [item for item in found if isinstance(item, Command)]
    refusals = [item for item in found if isinstance(item, Refusal)]
    refusals += [_same_but_for_case(item) for item in commands if item.external_id in clashed]
    order = {"customer": 0, "invoice": 1, "customerPayment": 2}
    kept = (item for item in commands if item.external_id not in clashed)
    return Plan(
        tuple(sorted(kept, key=lambda item: (order[item.document], item.partition, item.external_id))),
        tuple(sorted(refusals, key=lambda item: (item.partition, item.external_id))),
        {item.stripe_id: item.reason for item in found if isinstance(item, Skip)},
    )


def _same_but_for_case(command: Command) -> Refusal:
    """NetSuite would take the two for one document and hand one customer's money to the other."""
    return Refusal(
        command.document,
        command.external_id,
        command.stripe_id,
        command.customer_id,
        command.currency,
        command.amount_minor,
        command.effective_date,
        command.partition,
        "EXTERNAL_ID_CASE",
        f"another Stripe id differs from {command.external_id} only in upper and lower case, "
        "which NetSuite does not tell apart",
        "enter one of the two documents by hand, with the Stripe id in its memo",
    )
