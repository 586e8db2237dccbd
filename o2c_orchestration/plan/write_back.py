"""What Salesforce is to be told of its deals: ids, status and money, where it does not say so already. Pure.

Only fields that nobody else writes are written, and only when their value is another one: so what we write comes back
to us as a change and is found to be as it should, and there it ends.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from o2c_orchestration.domain.deals import AccountMoney, AccountRow, DealFacts, DealInvoice, DealPayment
from o2c_orchestration.domain.money import to_major

# SuiteQL's letters of a sales order's status, as people read them.
ORDER_STATUS = {
    "A": "Pending Approval",
    "B": "Pending Fulfillment",
    "C": "Cancelled",
    "D": "Partially Fulfilled",
    "E": "Pending Billing/Partially Fulfilled",
    "F": "Pending Billing",
    "G": "Billed",
    "H": "Closed",
}
_DEAD = ("void", "draft", "deleted")
# What a deal is told of its own invoices.
_OWN_MONEY = (
    *("O2C_Billed__c", "O2C_Paid__c", "O2C_Remaining__c"),
    *("O2C_Payment_Status__c", "O2C_Last_Invoice__c", "O2C_Next_Due_Date__c"),
)


@dataclass(frozen=True)
class WriteBack:
    """A change of one record of Salesforce. `key_field` is Id, or an external-id field: then it may be created."""

    object: str
    key_field: str
    key: str
    values: Mapping[str, Any]


def plan_write_back(
    facts: Iterable[DealFacts], accounts: Iterable[AccountMoney], today: date, children: bool
) -> list[WriteBack]:
    """Everything that Salesforce does not say yet. `children`: invoices and payments have records of their own."""
    found: list[WriteBack] = []
    for each in sorted(facts, key=lambda item: item.deal.id):
        # Of a sale that was written as another record, that one is told.
        if each.deal.written_as is None or each.made:
            found += _changed(each.deal.kind.capitalize(), each.deal.id, _deal_values(each, today), each.deal.told)
        if children:
            found += [_invoice(each, invoice) for invoice in each.invoices if invoice.status != "draft"]
            found += [_payment(each, payment) for payment in each.payments]
    for account in sorted(accounts, key=lambda item: item.account.id):
        found += _changed("Account", account.account.id, _account_values(account), account.told)
    return found


def _deal_values(facts: DealFacts, today: date) -> dict[str, Any]:
    if facts.deal.counted and not (facts.made or facts.orders or facts.billing or facts.invoices):
        # Its money is on the deal that it changes: to call it unbilled would count that once more.
        return dict.fromkeys(_OWN_MONEY)
    currency = facts.deal.currency
    counted = [each for each in facts.invoices if each.status not in _DEAD and each.currency == currency]
    billed = sum(each.total_minor for each in counted)
    remaining = sum(each.remaining_minor for each in counted)
    order = facts.orders[0] if facts.orders else None
    due = [each.due_date for each in counted if each.remaining_minor > 0 and each.due_date is not None]
    values: dict[str, Any] = {
        "NetSuite_Sales_Order_Id__c": order.netsuite_id if order else None,
        "NetSuite_Sales_Order_Number__c": order.number if order else None,
        "NetSuite_Order_Status__c": ORDER_STATUS.get(order.status, order.status) if order else None,
    }
    if len(facts.orders) > 1 or (order is None and "salesOrder" not in facts.made):
        # Whoever named an order that we do not know keeps it; so does he who named a second one, which shows by that.
        values = {}
    if facts.billing:
        values["Stripe_Billing_Id__c"] = facts.billing[0].id
    return values | {
        "O2C_Billed__c": _number(billed, currency),
        "O2C_Paid__c": _number(billed - remaining, currency),
        "O2C_Remaining__c": _number(remaining, currency),
        "O2C_Payment_Status__c": _payment_status(counted, today),
        "O2C_Last_Invoice__c": counted[-1].number if counted else None,
        "O2C_Next_Due_Date__c": min(due).isoformat() if due else None,
    }


def _payment_status(invoices: list[DealInvoice], today: date) -> str:
    if not invoices:
        return "Not billed"
    if all(each.remaining_minor == 0 for each in invoices):
        return "Paid"
    if any(each.remaining_minor > 0 and each.due_date is not None and each.due_date < today for each in invoices):
        return "Overdue"
    return "Partly paid" if any(each.remaining_minor < each.total_minor for each in invoices) else "Open"


def _account_values(money: AccountMoney) -> dict[str, Any]:
    account: AccountRow = money.account
    values: dict[str, Any] = {
        "O2C_Open__c": _number(money.open_minor, money.currency),
        "O2C_Overdue__c": _number(money.overdue_minor, money.currency),
        "O2C_Credit_Standing__c": "Overdue" if money.overdue_minor else "Good",
    }
    # An id that a person put there is not taken away when we know none.
    known = {"Stripe_Customer_Id__c": account.stripe_id, "NetSuite_Customer_Id__c": account.netsuite_id}
    return values | {name: value for name, value in known.items() if value is not None}


def _invoice(facts: DealFacts, invoice: DealInvoice) -> WriteBack:
    values = {
        "Opportunity__c" if facts.deal.kind == "opportunity" else "Order__c": facts.deal.id,
        "Account__c": facts.deal.account_id,
        "NetSuite_Invoice_Id__c": invoice.netsuite_id,
        "Number__c": invoice.number,
        "Amount__c": _number(invoice.total_minor, invoice.currency),
        "Remaining__c": _number(invoice.remaining_minor, invoice.currency),
        "Invoice_Date__c": invoice.issue_date.isoformat() if invoice.issue_date else None,
        "Due_Date__c": invoice.due_date.isoformat() if invoice.due_date else None,
        "Status__c": invoice.status,
        "CurrencyIsoCode": invoice.currency.upper(),
    }
    return WriteBack("O2C_Invoice__c", "Stripe_Invoice_Id__c", invoice.id, values)


def _payment(facts: DealFacts, payment: DealPayment) -> WriteBack:
    values = {
        "Invoice__r": {"Stripe_Invoice_Id__c": payment.invoice_id},
        "Account__c": facts.deal.account_id,
        "Amount__c": _number(payment.amount_minor, payment.currency),
        "Payment_Date__c": payment.day.isoformat(),
        "Status__c": payment.status,
        "CurrencyIsoCode": payment.currency.upper(),
    }
    return WriteBack("O2C_Payment__c", "Stripe_Charge_Id__c", payment.id, values)


def _changed(kind: str, key: str, values: Mapping[str, Any], told: Mapping[str, Any]) -> Iterator[WriteBack]:
    """Those values that Salesforce does not say; fields that it does not have are not in `told`."""
    other = {name: value for name, value in values.items() if name in told and not _same(value, told[name])}
    if other:
        yield WriteBack(kind, "Id", key, other)


def _same(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, float | int):
        try:
            return Decimal(str(ours)) == Decimal(str(theirs))
        except InvalidOperation:
            return False
    return (ours or None) == (theirs or None)


def _number(minor: int, currency: str) -> float:
    """As JSON writes it: a float prints the shortest text that reads back the same, exact for 15 digits."""
    return float(to_major(minor, currency))
