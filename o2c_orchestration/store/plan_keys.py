"""Which external ids decide what is planned for some rows."""

from collections.abc import Iterable, Mapping

from o2c_orchestration.domain import keys
from o2c_orchestration.domain.documents import ChargeHistory, KnownDocument, Rows
from o2c_orchestration.store import adjustments
from o2c_orchestration.store.plan_payouts import keys_of


def needed_keys(rows: Rows) -> set[str]:
    """The external ids whose documents decide what is planned for these rows."""
    payments = [*rows.payments, *(history.payment for history in rows.histories)]
    invoices = {part.invoice_id for row in payments for part in row.applications}
    invoices |= {row.id for row in rows.closed} | {row.invoice_id for row in rows.credit_notes}
    invoices |= {row.id for row in rows.off_stripe}
    sales = {keys.sale_key(row.id) for row in payments if not row.applications}
    wanted = sales | invoices | {keys.credit_memo_key(key) for key in invoices}
    wanted |= {keys.reinstated_invoice_key(key) for key in invoices} | set(_keys_of(rows.histories))
    wanted |= {keys.credit_memo_key(refund) for row in rows.credit_notes for refund in row.refunds}
    wanted |= {keys.off_stripe_key(row.id) for row in rows.off_stripe} | set(_balance_keys(rows))
    wanted |= set(keys_of(rows.payouts, rows.residuals)) | set(adjustments.keys_of(rows.adjustments))
    people = [row.customer_id for row in (*rows.invoices, *rows.closed)] + [row.customer_id for row in payments]
    people += [row.customer_id for row in rows.balanced] + [row.customer_id for row in rows.credit_notes]
    people += [row.customer_id for row in rows.off_stripe]
    return wanted | {customer for customer in people if customer}


def _balance_keys(rows: Rows) -> Iterable[str]:
    """Documents on the customer's balance, and those that they come with."""
    overpaid = (part for row in rows.payments for part in row.applications if part.overpaid_minor)
    reversed_ = (part for row in rows.histories for part in row.payment.applications if part.overpaid_minor)
    collected = (part for row in rows.payments for part in row.applications if part.collected_minor)
    yield from (keys.overpayment_key(part.invoice_id) for part in (*overpaid, *reversed_))
    yield from (keys.balance_kept_key(part.invoice_id) for part in collected)
    for row in (*rows.balanced, *(row for row in rows.closed if row.balance_minor)):
        yield from (row.id, keys.credit_memo_key(row.id), keys.balance_used_key(row.id), keys.balance_kept_key(row.id))
        yield from (keys.overpayment_key(row.id), keys.negative_invoice_key(row.id), *row.payers)
    for note in rows.credit_notes:
        yield from (note.id, keys.balance_kept_key(note.id)) if note.balance_minor else ()


def _keys_of(histories: Iterable[ChargeHistory]) -> Iterable[str]:
    for history in histories:
        yield history.payment.id
        for refund in history.refunds:
            yield from (keys.refund_key(refund.id), keys.credit_memo_key(refund.id))
            yield keys.returned_refund_key(refund.id)
            yield from (part.credit_note_id for part in refund.credited)
        for dispute in history.disputes:
            yield from (keys.dispute_key(dispute.id), keys.credit_memo_key(dispute.id))
            yield from (keys.reinstated_invoice_key(dispute.id), keys.returned_dispute_key(dispute.id))


def leaned_on(rows: Rows, wanted: Iterable[str]) -> frozenset[str]:
    """Stripe ids of what is none of these rows and whose documents decide what is planned for them.

    Customers are not among them: they are planned with whatever needs them.
    """
    named = {keys.stripe_id_of(key) for key in wanted} - _objects(rows)
    return frozenset(key for key in named if not key.startswith("cus_"))


def shadowed(rows: Rows, known: Mapping[str, KnownDocument], wanted: Iterable[str]) -> dict[str, KnownDocument]:
    """What would be there if nothing of these rows was written yet, and everything that they lean on was.

    Amounts are left out: what is open in NetSuite today is not what was open then.
    """
    anew = _objects(rows)
    leaned_on = (key for key in wanted if key.startswith(("in_", "ch_", "py_")))
    found = {key: KnownDocument("0") for key in leaned_on if key not in anew}
    kept = {key: KnownDocument(item.netsuite_id, item.currency) for key, item in known.items()}
    return {
        **found,
        **{key: item for key, item in kept.items() if keys.stripe_id_of(key).partition("-")[0] not in anew},
    }


def _objects(rows: Rows) -> set[str]:
    """Stripe ids of what these rows are, but for what they only hang on."""
    found = {row.id for each in (rows.invoices, rows.payments, rows.credit_notes, rows.payouts) for row in each}
    found |= {
        row.id
        for each in (rows.customers, rows.closed, rows.balanced, rows.off_stripe, rows.adjustments)
        for row in each
    }
    for history in rows.histories:
        found |= {row.id for row in history.refunds} | {row.id for row in history.disputes}
    return found
