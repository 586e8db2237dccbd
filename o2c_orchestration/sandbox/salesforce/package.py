"""The fields and objects of our deployable package, as an org has them once it is installed.

Written from the decided names, not from the package's files: a field that the package forgets shows as an error.
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
CUSTOM_FIELDS: dict[str, list[Field]] = {
    "Account": [
        external("Stripe_Customer_Id__c", "Stripe Customer ID"),
        external("NetSuite_Customer_Id__c", "NetSuite Customer ID"),
        currency("O2C_Open__c", "Open"),
        currency("O2C_Overdue__c", "Overdue"),
        picklist("O2C_Credit_Standing__c", "Credit Standing", "Good;Overdue", restricted=True),
    ],
    "Product2": [text("NetSuite_Item__c", "NetSuite Item")],
    "PricebookEntry": [text("Stripe_Price_Id__c", "Stripe Price ID")],
    "Opportunity": [
        day("O2C_Start_Date__c", "Start Date"),
        number("O2C_Term_Months__c", "Term (Months)", 4),
        external("NetSuite_Sales_Order_Id__c", "NetSuite Sales Order ID", unique=False),
        text("NetSuite_Sales_Order_Number__c", "NetSuite Sales Order Number"),
        text("NetSuite_Order_Status__c", "NetSuite Order Status"),
        text("Stripe_Billing_Id__c", "Stripe Billing ID"),
        currency("O2C_Billed__c", "Billed"),
        currency("O2C_Paid__c", "Paid"),
        currency("O2C_Remaining__c", "Remaining"),
        picklist("O2C_Payment_Status__c", "Payment Status", PAYMENT_STATUS, restricted=True),
        text("O2C_Last_Invoice__c", "Last Invoice"),
        day("O2C_Next_Due_Date__c", "Next Due Date"),
    ],
    "OpportunityLineItem": [
        picklist("O2C_Billing__c", "Billing", BILLING, restricted=True),
        day("O2C_Start_Date__c", "Start Date"),
        day("O2C_End_Date__c", "End Date"),
    ],
}


def numbered(label: str, before: str) -> Field:
    """A name that counts up."""
    return Field("Name", "string", label, length=80, auto_number=before, name_field=True, lookup=True).read_only()


INVOICE = sobject(
    "O2C_Invoice__c",
    "O2C Invoice",
    "O2C Invoices",
    "a01",
    numbered("Invoice", "OI-"),
    external("Stripe_Invoice_Id__c", "Stripe Invoice ID"),
    reference("Opportunity__c", "Opportunity", "Opportunity", children="O2C_Invoices__r"),
    reference("Account__c", "Account", "Account", children="O2C_Invoices__r"),
    text("NetSuite_Invoice_Id__c", "NetSuite Invoice ID"),
    text("Number__c", "Number"),
    currency("Amount__c", "Amount"),
    currency("Remaining__c", "Remaining"),
    day("Invoice_Date__c", "Invoice Date"),
    day("Due_Date__c", "Due Date"),
    text("Status__c", "Status"),
)
PAYMENT = sobject(
    "O2C_Payment__c",
    "O2C Payment",
    "O2C Payments",
    "a02",
    numbered("Payment", "OP-"),
    external("Stripe_Charge_Id__c", "Stripe Charge ID"),
    reference("Invoice__c", "Invoice", "O2C_Invoice__c", children="O2C_Payments__r"),
    reference("Account__c", "Account", "Account", children="O2C_Payments__r"),
    currency("Amount__c", "Amount"),
    day("Payment_Date__c", "Payment Date"),
    text("Status__c", "Status"),
)


def installed(standard: SObject) -> SObject:
    """A standard object with what the package adds to it."""
    added = {each.name: each for each in CUSTOM_FIELDS.get(standard.name, [])}
    return replace(standard, fields=standard.fields | added)
