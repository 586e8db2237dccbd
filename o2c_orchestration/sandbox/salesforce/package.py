"""The fields and objects of our deployable package, as an org has them once it is installed.

Written out, not read from the package's files: a test compares the two.
"""

from __future__ import annotations

from dataclasses import replace

from o2c_orchestration.sandbox.salesforce.fields import (
    Field,
    SObject,
    currency,
    day,
    external,
    number,
    picklist,
    reference,
    text,
)
from o2c_orchestration.sandbox.salesforce.objects import sobject

BILLING = "One-off;Monthly;Annual"
PAYMENT_STATUS = "Not billed;Open;Overdue;Partly paid;Paid"
# On whichever of the two is a deal.
TOLD = (
    external("NetSuite_Sales_Order_Id__c", "NetSuite Sales Order Id", 32, unique=False),
    text("NetSuite_Sales_Order_Number__c", "NetSuite Sales Order Number", 64),
    text("NetSuite_Order_Status__c", "NetSuite Order Status", 64),
    text("Stripe_Billing_Id__c", "Stripe Billing Id"),
    currency("O2C_Billed__c", "Billed"),
    currency("O2C_Paid__c", "Paid"),
    currency("O2C_Remaining__c", "Remaining"),
    picklist("O2C_Payment_Status__c", "Payment Status", PAYMENT_STATUS, restricted=True),
    text("O2C_Last_Invoice__c", "Last Invoice", 64),
    day("O2C_Next_Due_Date__c", "Next Due Date"),
)
CUSTOM_FIELDS: dict[str, list[Field]] = {
    "Account": [
        external("Stripe_Customer_Id__c", "Stripe Customer Id", case_sensitive=True),
        external("NetSuite_Customer_Id__c", "NetSuite Customer Id", 32, case_sensitive=True),
        currency("O2C_Open__c", "Open"),
        currency("O2C_Overdue__c", "Overdue"),
        picklist("O2C_Credit_Standing__c", "Credit Standing", "Good;Overdue", restricted=True),
    ],
    "Product2": [text("NetSuite_Item__c", "NetSuite Item")],
    "PricebookEntry": [text("Stripe_Price_Id__c", "Stripe Price Id")],
    "Opportunity": [
        day("O2C_Start_Date__c", "Start Date"),
        number("O2C_Term_Months__c", "Term (months)", 4),
        *TOLD,
    ],
    "OpportunityLineItem": [
        picklist("O2C_Billing__c", "Billing", BILLING, restricted=True),
        day("O2C_Start_Date__c", "Billing Start"),
        day("O2C_End_Date__c", "Billing End"),
    ],
    "Order": [*TOLD],
    "OrderItem": [picklist("O2C_Billing__c", "Billing", BILLING, restricted=True)],
}


def numbered(label: str, before: str) -> Field:
    """A name that counts up."""
    return Field("Name", "string", label, length=80, auto_number=before, name_field=True, lookup=True).read_only()


INVOICE = sobject(
    "O2C_Invoice__c",
    "Invoice (O2C)",
    "Invoices (O2C)",
    "a01",
    numbered("Record", "OI-"),
    external("Stripe_Invoice_Id__c", "Stripe Invoice Id", case_sensitive=True),
    reference("Opportunity__c", "Opportunity", "Opportunity", children="O2C_Invoices__r"),
    reference("Order__c", "Order", "Order", children="O2C_Invoices__r"),
    reference("Account__c", "Account", "Account", children="O2C_Invoices__r"),
    text("NetSuite_Invoice_Id__c", "NetSuite Invoice Id", 32),
    text("Number__c", "Number", 64),
    currency("Amount__c", "Amount"),
    currency("Remaining__c", "Remaining"),
    day("Invoice_Date__c", "Invoice Date"),
    day("Due_Date__c", "Due Date"),
    text("Status__c", "Status", 32),
)
PAYMENT = sobject(
    "O2C_Payment__c",
    "Payment (O2C)",
    "Payments (O2C)",
    "a02",
    numbered("Record", "OP-"),
    external("Stripe_Charge_Id__c", "Stripe Charge Id", case_sensitive=True),
    reference("Invoice__c", "Invoice", "O2C_Invoice__c", children="O2C_Payments__r"),
    reference("Account__c", "Account", "Account", children="O2C_Payments__r"),
    currency("Amount__c", "Amount"),
    day("Payment_Date__c", "Payment Date"),
    text("Status__c", "Status", 32),
)


def installed(standard: SObject) -> SObject:
    """A standard object with what the package adds to it."""
    added = {each.name: each for each in CUSTOM_FIELDS.get(standard.name, [])}
    return replace(standard, fields=standard.fields | added)
