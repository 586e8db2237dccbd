"""The fields of Salesforce that are read, and those of our own package that are read and written.

The package under `salesforce/` defines the latter; a field that an org does not have is not asked for.
"""

from typing import Final, Literal

SYSTEM: Final = ("Id", "CreatedDate", "SystemModstamp", "IsDeleted")

READ: Final[dict[str, tuple[str, ...]]] = {
    "Account": (
        *SYSTEM,
        *("Name", "Website", "Phone", "BillingCity", "BillingState", "BillingCountry", "CurrencyIsoCode"),
        *(
            "Stripe_Customer_Id__c",
            "NetSuite_Customer_Id__c",
            "O2C_Open__c",
            "O2C_Overdue__c",
            "O2C_Credit_Standing__c",
        ),
    ),
    "Contact": (*SYSTEM, "AccountId", "Email"),
    "Product2": (*SYSTEM, "Name", "ProductCode", "IsActive", "NetSuite_Item__c"),
    "PricebookEntry": (
        *SYSTEM,
        *("Product2Id", "Pricebook2Id", "UnitPrice", "IsActive", "CurrencyIsoCode", "Stripe_Price_Id__c"),
    ),
    "Opportunity": (
        *SYSTEM,
        *("Name", "AccountId", "StageName", "IsWon", "IsClosed", "Amount", "CloseDate", "CurrencyIsoCode"),
        *("O2C_Start_Date__c", "O2C_Term_Months__c"),
        *("NetSuite_Sales_Order_Id__c", "NetSuite_Sales_Order_Number__c", "NetSuite_Order_Status__c"),
        *("Stripe_Billing_Id__c", "O2C_Billed__c", "O2C_Paid__c", "O2C_Remaining__c", "O2C_Payment_Status__c"),
        *("O2C_Last_Invoice__c", "O2C_Next_Due_Date__c"),
    ),
    "OpportunityLineItem": (
        *SYSTEM,
        *("OpportunityId", "PricebookEntryId", "Product2Id", "ProductCode", "Name", "Description", "SortOrder"),
        *("Quantity", "UnitPrice", "TotalPrice", "Discount", "ServiceDate"),
        *("O2C_Billing__c", "O2C_Start_Date__c", "O2C_End_Date__c"),
    ),
}

# What goes back, by object: the names of the fields that we are the only ones to write.
WRITTEN: Final[dict[str, tuple[str, ...]]] = {
    "Account": (
        *("Stripe_Customer_Id__c", "NetSuite_Customer_Id__c"),
        *("O2C_Open__c", "O2C_Overdue__c", "O2C_Credit_Standing__c"),
    ),
    "Opportunity": (
        *("NetSuite_Sales_Order_Id__c", "NetSuite_Sales_Order_Number__c", "NetSuite_Order_Status__c"),
        *("Stripe_Billing_Id__c", "O2C_Billed__c", "O2C_Paid__c", "O2C_Remaining__c", "O2C_Payment_Status__c"),
        *("O2C_Last_Invoice__c", "O2C_Next_Due_Date__c"),
    ),
    "O2C_Invoice__c": (
        *("Stripe_Invoice_Id__c", "Opportunity__c", "Account__c", "NetSuite_Invoice_Id__c", "Number__c"),
        *("Amount__c", "Remaining__c", "Invoice_Date__c", "Due_Date__c", "Status__c"),
    ),
    "O2C_Payment__c": ("Stripe_Charge_Id__c", "Invoice__c", "Account__c", "Amount__c", "Payment_Date__c", "Status__c"),
}

# Orgs with one currency have no such field, and users without the right to see people no e-mail address.
NOT_EVERYWHERE: Final = frozenset({"CurrencyIsoCode", "Email"})

BILLING: Final[dict[str, Literal["one_off", "month", "year"]]] = {
    "One-off": "one_off",
    "Monthly": "month",
    "Annual": "year",
}
