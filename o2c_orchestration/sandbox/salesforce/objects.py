"""The standard objects that a sale goes through, with the fields a client of ours may meet.

The fields are a selection. Types, lengths and who may set them follow the describes recorded by CumulusCI
(Account, Contact, Opportunity; API 52.0) and, for the rest, Salesforce's object reference.
"""

from __future__ import annotations

from dataclasses import replace

from o2c_orchestration.sandbox.salesforce.fields import (
    Field,
    SObject,
    address,
    area,
    contact_text,
    currency,
    day,
    detail,
    flag,
    moment,
    number,
    percent,
    picklist,
    reference,
    text,
    whole,
)

# Stage: (probability in percent, forecast category).
STAGES = {
    "Prospecting": (10, "Pipeline"),
    "Qualification": (10, "Pipeline"),
    "Needs Analysis": (20, "Pipeline"),
    "Value Proposition": (50, "Pipeline"),
    "Id. Decision Makers": (60, "Pipeline"),
    "Perception Analysis": (70, "Pipeline"),
    "Proposal/Price Quote": (75, "Pipeline"),
    "Negotiation/Review": (90, "Pipeline"),
    "Closed Won": (100, "Closed"),
    "Closed Lost": (0, "Omitted"),
}
WON, LOST = "Closed Won", "Closed Lost"
CURRENCIES = ("USD", "EUR", "GBP", "CAD", "CHF", "JPY", "KWD")


def system_fields(*, owner: bool = True) -> list[Field]:
    """What every record carries and Salesforce alone sets; the owner may be changed."""
    stamps = [
        replace(moment("CreatedDate", "Created Date"), required=True, defaulted=True),
        replace(reference("CreatedById", "Created By ID", "User"), required=True, defaulted=True),
        replace(moment("LastModifiedDate", "Last Modified Date"), required=True, defaulted=True),
        replace(reference("LastModifiedById", "Last Modified By ID", "User"), required=True, defaulted=True),
        replace(moment("SystemModstamp", "System Modstamp"), required=True, defaulted=True),
    ]
    owned = [replace(reference("OwnerId", "Owner ID", "User", required=True), defaulted=True)] if owner else []
    return owned + [each.read_only() for each in stamps]


def sobject(
    name: str, label: str, plural: str, prefix: str, *fields: Field | list[Field], owner: bool = True
) -> SObject:
    """An object: its id, its own fields, the currency, then what every record carries."""
    flat = [each for given in fields for each in (given if isinstance(given, list) else [given])]
    identity = [
        Field("Id", "id", f"{label} ID", length=18, required=True, defaulted=True, lookup=True).read_only(),
        flag("IsDeleted", "Deleted").read_only(),
    ]
    iso = Field("CurrencyIsoCode", "picklist", f"{label} Currency", length=3, values=CURRENCIES, restricted=True)
    iso = replace(iso, required=True, defaulted=True)
    ordered = [*identity, *flat, iso, *system_fields(owner=owner)]
    return SObject(name, label, plural, prefix, {each.name: each for each in ordered})


def named(length: int, label: str = "Name") -> Field:
    """The name by which people know the record."""
    return replace(text("Name", label, length, required=True), name_field=True, lookup=True)


def shown(length: int, label: str = "Name") -> Field:
    """A name that Salesforce puts together itself."""
    return replace(text("Name", label, length), name_field=True).read_only()


ACCOUNT = sobject(
    "Account",
    "Account",
    "Accounts",
    "001",
    reference("MasterRecordId", "Master Record ID", "Account", relation="MasterRecord").read_only(),
    replace(named(255, "Account Name"), lookup=False),
    # This org has person accounts: who has a last name is a person, and his name is put together by Salesforce.
    text("LastName", "Last Name", 80),
    text("FirstName", "First Name", 40),
    flag("IsPersonAccount", "Is Person Account").read_only(),
    picklist("Type", "Account Type", "Prospect;Customer - Direct;Customer - Channel;Technology Partner;Other"),
    reference("ParentId", "Parent Account ID", "Account", children="ChildAccounts"),
    address("Billing", "Billing"),
    address("Shipping", "Shipping"),
    contact_text("Phone", "Account Phone", "phone", 40),
    contact_text("Fax", "Account Fax", "phone", 40),
    text("AccountNumber", "Account Number", 40),
    contact_text("Website", "Website", "url", 255),
    picklist("Industry", "Industry", "Agriculture;Biotechnology;Consulting;Education;Retail;Technology;Other"),
    replace(currency("AnnualRevenue", "Annual Revenue"), scale=0),
    whole("NumberOfEmployees", "Employees"),
    area("Description", "Account Description"),
    text("Site", "Account Site", 80),
    picklist("AccountSource", "Account Source", "Web;Phone Inquiry;Partner Referral;Other"),
)
CONTACT = sobject(
    "Contact",
    "Contact",
    "Contacts",
    "003",
    reference("MasterRecordId", "Master Record ID", "Contact", relation="MasterRecord").read_only(),
    replace(reference("AccountId", "Account ID", "Account", children="Contacts"), cascade=True),
    text("LastName", "Last Name", 80, required=True),
    text("FirstName", "First Name", 40),
    picklist("Salutation", "Salutation", "Mr.;Ms.;Mrs.;Dr.;Prof."),
    replace(shown(121, "Full Name"), required=True),
    address("Mailing", "Mailing"),
    contact_text("Phone", "Business Phone", "phone", 40),
    contact_text("MobilePhone", "Mobile Phone", "phone", 40),
    replace(contact_text("Email", "Email", "email", 80), lookup=True),
    text("Title", "Title", 128),
    text("Department", "Department", 80),
    area("Description", "Contact Description"),
)
USER = replace(
    sobject(
        "User",
        "User",
        "Users",
        "005",
        replace(text("Username", "Username", 80, required=True), lookup=True),
        text("LastName", "Last Name", 80, required=True),
        text("FirstName", "First Name", 40),
        replace(shown(121, "Full Name"), required=True),
        contact_text("Email", "Email", "email", 128),
        flag("IsActive", "Active", default=True),
        text("EmployeeNumber", "Employee Number", 20),
        owner=False,
    ),
    createable=False,
    deletable=False,
)
ORGANIZATION = replace(
    sobject("Organization", "Organization", "Organizations", "00D", text("Name", "Name", 80), owner=False),
    createable=False,
    deletable=False,
)
OPPORTUNITY = sobject(
    "Opportunity",
    "Opportunity",
    "Opportunities",
    "006",
    replace(reference("AccountId", "Account ID", "Account", children="Opportunities"), cascade=True),
    flag("IsPrivate", "Private"),
    named(120),
    area("Description", "Description"),
    picklist("StageName", "Stage", ";".join(STAGES), required=True),
    currency("Amount", "Amount"),
    replace(percent("Probability", "Probability (%)"), defaulted=True),
    currency("ExpectedRevenue", "Expected Amount").read_only(),
    day("CloseDate", "Close Date", required=True),
    picklist("Type", "Opportunity Type", "Existing Customer - Upgrade;Existing Customer - Replacement;New Customer"),
    text("NextStep", "Next Step"),
    picklist("LeadSource", "Lead Source", "Web;Phone Inquiry;Partner Referral;Other"),
    flag("IsClosed", "Closed").read_only(),
    flag("IsWon", "Won").read_only(),
    replace(
        picklist(
            "ForecastCategoryName", "Forecast Category", "Omitted;Pipeline;Best Case;Commit;Closed", restricted=True
        ),
        defaulted=True,
    ),
    flag("HasOpportunityLineItem", "Has Line Item").read_only(),
    replace(reference("Pricebook2Id", "Price Book ID", "Pricebook2", children="Opportunities"), defaulted=True),
    replace(reference("ContactId", "Contact ID", "Contact", children="Opportunities"), updateable=False),
    moment("LastStageChangeDate", "Last Stage Change Date").read_only(),
    whole("FiscalYear", "Fiscal Year").read_only(),
    whole("FiscalQuarter", "Fiscal Quarter").read_only(),
)
OPPORTUNITY_LINE_ITEM = sobject(
    "OpportunityLineItem",
    "Opportunity Product",
    "Opportunity Product",
    "00k",
    detail("OpportunityId", "Opportunity ID", "Opportunity", "OpportunityLineItems"),
    whole("SortOrder", "Sort Order"),
    replace(
        reference("PricebookEntryId", "Price Book Entry ID", "PricebookEntry", children="OpportunityLineItems"),
        updateable=False,
    ),
    replace(reference("Product2Id", "Product ID", "Product2", children="OpportunityLineItems"), updateable=False),
    text("ProductCode", "Product Code").read_only(),
    replace(shown(376, "Opportunity Product Name"), calculated=True),
    replace(number("Quantity", "Quantity", 12, 2), required=True),
    currency("TotalPrice", "Total Price"),
    currency("UnitPrice", "Sales Price"),
    currency("ListPrice", "List Price").read_only(),
    currency("Subtotal", "Subtotal").read_only(),
    percent("Discount", "Discount", 5, 2),
    day("ServiceDate", "Date"),
    text("Description", "Line Description"),
    owner=False,
)
PRODUCT = sobject(
    "Product2",
    "Product",
    "Products",
    "01t",
    replace(named(255, "Product Name"), lookup=False),
    text("ProductCode", "Product Code"),
    area("Description", "Product Description", 4000),
    flag("IsActive", "Active"),
    picklist("Family", "Product Family", "None"),
    picklist("QuantityUnitOfMeasure", "Quantity Unit Of Measure", "Each"),
    text("StockKeepingUnit", "Product SKU", 180),
    contact_text("DisplayUrl", "Display URL", "url", 1000),
    text("ExternalId", "External ID"),
    flag("IsArchived", "Archived").read_only(),
    owner=False,
)
PRICEBOOK = sobject(
    "Pricebook2",
    "Price Book",
    "Price Books",
    "01s",
    replace(named(255, "Price Book Name"), lookup=False),
    text("Description", "Description"),
    flag("IsActive", "Active"),
    flag("IsStandard", "Is Standard Price Book").read_only(),
    flag("IsArchived", "Archived").read_only(),
    owner=False,
)
PRICEBOOK_ENTRY = sobject(
    "PricebookEntry",
    "Price Book Entry",
    "Price Book Entries",
    "01u",
    replace(shown(255, "Product Name"), calculated=True),
    replace(
        reference("Pricebook2Id", "Price Book ID", "Pricebook2", children="PricebookEntries", required=True),
        updateable=False,
    ),
    replace(
        reference("Product2Id", "Product ID", "Product2", children="PricebookEntries", required=True),
        updateable=False,
        cascade=True,
    ),
    currency("UnitPrice", "List Price", required=True),
    flag("IsActive", "Active"),
    flag("UseStandardPrice", "Use Standard Price"),
    text("ProductCode", "Product Code").read_only(),
    flag("IsArchived", "Archived").read_only(),
    owner=False,
)
ORDER = sobject(
    "Order",
    "Order",
    "Orders",
    "801",
    reference("AccountId", "Account ID", "Account", children="Orders", required=True),
    reference("OpportunityId", "Opportunity ID", "Opportunity", children="Orders"),
    reference("Pricebook2Id", "Price Book ID", "Pricebook2", children="Orders"),
    day("EffectiveDate", "Order Start Date", required=True),
    day("EndDate", "Order End Date"),
    picklist("Status", "Status", "Draft;Activated", required=True),
    picklist("StatusCode", "Status Category", "Draft;Activated;Canceled;Expired").read_only(),
    replace(
        Field("OrderNumber", "string", "Order Number", length=30, auto_number="", name_field=True), lookup=True
    ).read_only(),
    text("Name", "Order Name", 80),
    picklist("Type", "Order Type", "New;Renewal"),
    text("PoNumber", "PO Number", 80),
    day("PoDate", "PO Date"),
    currency("TotalAmount", "Order Amount").read_only(),
    replace(flag("IsReductionOrder", "Reduction Order"), updateable=False),
    replace(reference("OriginalOrderId", "Original Order ID", "Order", children="Orders"), updateable=False),
    moment("ActivatedDate", "Activated Date").read_only(),
    reference("ActivatedById", "Activated By ID", "User").read_only(),
    reference("BillToContactId", "Bill To Contact ID", "Contact"),
    reference("ShipToContactId", "Ship To Contact ID", "Contact"),
    address("Billing", "Billing"),
    address("Shipping", "Shipping"),
    area("Description", "Description"),
)
ORDER_ITEM = sobject(
    "OrderItem",
    "Order Product",
    "Order Products",
    "802",
    detail("OrderId", "Order ID", "Order", "OrderItems"),
    replace(
        reference("PricebookEntryId", "Price Book Entry ID", "PricebookEntry", children="OrderItems", required=True),
        updateable=False,
    ),
    reference("Product2Id", "Product ID", "Product2", children="OrderItems").read_only(),
    replace(
        Field("OrderItemNumber", "string", "Order Product Number", length=30, auto_number="", name_field=True),
        lookup=True,
    ).read_only(),
    replace(number("Quantity", "Quantity", 18, 2), required=True),
    currency("UnitPrice", "Unit Price"),
    currency("ListPrice", "List Price").read_only(),
    currency("TotalPrice", "Total Price").read_only(),
    number("AvailableQuantity", "Available Quantity", 18, 2).read_only(),
    day("ServiceDate", "Start Date"),
    day("EndDate", "End Date"),
    replace(
        reference("OriginalOrderItemId", "Original Order Product ID", "OrderItem", children="ChildOrderItems"),
        updateable=False,
    ),
    text("Description", "Line Description"),
    owner=False,
)
STANDARD = (
    ACCOUNT,
    CONTACT,
    USER,
    ORGANIZATION,
    OPPORTUNITY,
    OPPORTUNITY_LINE_ITEM,
    PRODUCT,
    PRICEBOOK,
    PRICEBOOK_ENTRY,
    ORDER,
    ORDER_ITEM,
)
