"""NetSuite invoices that metadata of charges names as what they pay: bills that were never Stripe's."""

from dataclasses import replace
from typing import Any

from o2c_orchestration.domain import metadata
from o2c_orchestration.domain.directives import NamedInvoice
from o2c_orchestration.domain.documents import PaymentRow, Rows
from o2c_orchestration.domain.money import format_money


def with_named_invoices(rows: Rows) -> Rows:
    """Charges that pay no invoice in Stripe pay the one that their metadata names.

    What is named after the payment was booked without it changes nothing: documents are not changed.
    """
    if not rows.directives.pays:
        return rows
    histories = tuple(replace(each, payment=_named(rows, each.payment)) for each in rows.histories)
    return replace(rows, payments=tuple(_named(rows, row) for row in rows.payments), histories=histories)


def _named(rows: Rows, row: PaymentRow) -> PaymentRow:
    found = rows.directives.pays.get(row.id)
    if found is None or row.applications or found.applied is False:
        return row
    return replace(row, named=found)


def named_wrongly(row: PaymentRow, named: NamedInvoice) -> tuple[str, str] | None:
    """Why the charge cannot pay the invoice that it names, and what to do; None: it can."""
    problem = _problem(row, named)
    if problem is None:
        return None
    text = f"metadata of {row.id} names NetSuite invoice {named.value!r} as what it pays, {problem}"
    return text, f"correct {metadata.PAYS} of {row.id} in Stripe, or remove it, or correct the invoice in NetSuite"


def _problem(row: PaymentRow, named: NamedInvoice) -> str | None:
    left, money = named.remaining_minor or 0, format_money(row.amount_minor, row.currency)
    problems = (
        (named.netsuite_id is None, "which is no internal id"),
        (named.found is None, "which the ledger, as far as it was read, does not hold"),
        (named.found != "invoice", f"which is of type {named.found}"),
        (named.stands_for is not None, f"which stands for {named.stands_for}, and that is not paid by it"),
        (not named.customer_fits, "which is booked under another customer"),
        (named.currency != row.currency, f"which is in {(named.currency or '').upper()}, not {row.currency.upper()}"),
        (left < row.amount_minor, f"which has {format_money(left, row.currency)} left, not {money}"),
    )
    return next((text for holds, text in problems if holds), None)


def applied_to_named(row: PaymentRow, named: NamedInvoice) -> dict[str, Any]:
    """The `apply` sublist of its payment."""
    amount = {"$minor": [row.amount_minor, row.currency]}
    return {"items": [{"doc": {"id": named.netsuite_id}, "apply": True, "amount": amount}]}
