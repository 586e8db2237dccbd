"""The fields of Salesforce that are read, and those of our own package that are read and written.

The package under `salesforce/` defines the latter; a field that an org does not have is not asked for.
"""

from typing import Final, Literal

# What the policy calls what is a deal.
Source = Literal["opportunities", "orders"]

SYSTEM: Final = ("Id", "CreatedDate", "SystemModstamp", "IsDeleted")

# What is told of a deal, on whichever of the two it is.
_TOLD: Final = (
    *("NetSuite_Sales_Order_Id__c", "NetSuite_Sales_Order_Number__c", "NetSuite_Order_Status__c"),
    *("Stripe_Billing_Id__c", "O2C_Billed__c", "O2C_Paid__c", "O2C_Remaining__c", "O2C_Payment_Status__c"),
    *("O2C_Last_Invoice__c", "O2C_Next_Due_Date__c"),
)
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
        *_TOLD,
    ),
    "OpportunityLineItem": (
        *SYSTEM,
        *("OpportunityId", "PricebookEntryId", "Product2Id", "ProductCode", "Name", "Description", "SortOrder"),
        *("Quantity", "UnitPrice", "TotalPrice", "Discount", "ServiceDate"),
        *("O2C_Billing__c", "O2C_Start_Date__c", "O2C_End_Date__c"),
    ),
    "Order": (
        *SYSTEM,
        *("OrderNumber", "Name", "AccountId", "OpportunityId", "Status", "StatusCode", "EffectiveDate", "EndDate"),
        *("TotalAmount", "IsReductionOrder", "OriginalOrderId", "CurrencyIsoCode"),
        *_TOLD,
    ),
    "OrderItem": (
        *SYSTEM,
        *("OrderId", "OrderItemNumber", "PricebookEntryId", "Product2Id"),
        *("Quantity", "UnitPrice", "TotalPrice", "ServiceDate", "EndDate", "O2C_Billing__c"),
    ),
}

# Asked of accounts only where o2c.yaml has Salesforce be the master of a customer's details, by their names there.
# Places and phone numbers are read in any case: accounts are known by them.
DETAILS: Final[dict[str, tuple[str, ...]]] = {
    "billing_address": ("BillingStreet", "BillingPostalCode"),
    "shipping_address": (
        *("ShippingStreet", "ShippingCity", "ShippingState", "ShippingPostalCode", "ShippingCountry"),
    ),
    "person": ("IsPersonAccount", "FirstName", "LastName"),
    # By the way to its owner; kept under this name.
    "sales_rep": ("Owner.Email",),
}
_PARTS: Final = ("Street", "City", "State", "PostalCode", "Country")
# Orgs without person accounts have none of these, and nobody in them is a person.
OF_PERSONS: Final = frozenset(DETAILS["person"])

# Contact details: as of Stripe's objects, a copy of a record does without them (extract/redact.py).
CONTACT_DETAILS: Final = (
    *("Phone", "Email", "Owner.Email", "FirstName", "LastName"),
    *(f"{which}{part}" for which in ("Billing", "Shipping") for part in _PARTS),
)

# What goes back, by object: the names of the fields that we are the only ones to write.
WRITTEN: Final[dict[str, tuple[str, ...]]] = {
    "Account": (
        *("Stripe_Customer_Id__c", "NetSuite_Customer_Id__c"),
        *("O2C_Open__c", "O2C_Overdue__c", "O2C_Credit_Standing__c"),
    ),
    "Opportunity": _TOLD,
    "Order": _TOLD,
    "O2C_Invoice__c": (
        *("Stripe_Invoice_Id__c", "Opportunity__c", "Order__c", "Account__c", "NetSuite_Invoice_Id__c", "Number__c"),
        *("Amount__c", "Remaining__c", "Invoice_Date__c", "Due_Date__c", "Status__c"),
    ),
    "O2C_Payment__c": ("Stripe_Charge_Id__c", "Invoice__c", "Account__c", "Amount__c", "Payment_Date__c", "Status__c"),
}

# Orgs with one currency have no such field, those without reduction orders none of theirs, users without the right
# to see people no e-mail address, and details are asked for by few.
NOT_EVERYWHERE: Final = frozenset(
    {
        "CurrencyIsoCode",
        "Email",
        "IsReductionOrder",
        "OriginalOrderId",
        *(name for some in DETAILS.values() for name in some),
    }
)
# Without these nothing of a type could be told: whoever may not see them is told so, and not that there is nothing.
NEEDED: Final[dict[str, tuple[str, ...]]] = {"Order": ("StatusCode", "EffectiveDate", "AccountId", "OpportunityId")}

# Not every org has orders switched on: they are read only where they are the deals, or were once.
OF_ORDERS: Final = ("Order", "OrderItem")
# Ids of orders begin so, in every org.
ORDER_PREFIX: Final = "801"
# The status category of an order that is in force, whatever the company calls its status.
ACTIVATED: Final = "Activated"


def own_field(name: str) -> str:
    """The object's own field by which something is found: of `Owner.Email` it is `OwnerId`, of `Old__r.X` `Old__c`."""
    other, dot, _ = name.partition(".")
    if dot and other.endswith("__r"):
        return f"{other.removesuffix('__r')}__c"
    return f"{other}Id" if dot else name


def read_objects(source: Source) -> tuple[str, ...]:
    """The objects that are read where these are the deals; opportunities are in either case."""
    return tuple(kind for kind in READ if source == "orders" or kind not in OF_ORDERS)


def written_fields(source: Source, kind: str) -> tuple[str, ...]:
    """The fields of an object that are told something where these are the deals; none of the other kind of deals."""
    if kind == ("Opportunity" if source == "orders" else "Order"):
        return ()
    other = "Opportunity__c" if source == "orders" else "Order__c"
    return tuple(name for name in WRITTEN.get(kind, ()) if name != other)


BILLING: Final[dict[str, Literal["one_off", "month", "year"]]] = {
    "One-off": "one_off",
    "Monthly": "month",
    "Annual": "year",
}
