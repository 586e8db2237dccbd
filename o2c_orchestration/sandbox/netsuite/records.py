"""The record types that the account serves, their properties and sublists.

A property is written `name:kind`. Kinds: `s` text, `n` number, `b` boolean, `d` date, `e` enumeration,
`r.<target>` reference that is checked, `t` bare internal id of a transaction, `a` address, `x` any value that is kept
as it came, `-` computed by NetSuite (accepted in a body and ignored, as NetSuite does).
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Sublist:
    """Lines under a record. `key` is the property that identifies a line, empty when lines only append."""

    name: str
    fields: dict[str, tuple[str, str]]
    key: str = ""


@dataclass(frozen=True)
class RecordType:
    """One record type of record/v1. `fields` and `sublists` are keyed by lower-case name."""

    name: str
    table: str
    fields: dict[str, tuple[str, str]]
    sublists: dict[str, Sublist] = field(default_factory=dict)
    writable: bool = True
    code: str = ""
    abbreviation: str = ""
    display: str = ""


def _fields(text: str) -> dict[str, tuple[str, str]]:
    pairs = (entry.split(":") for entry in text.split())
    return {name.lower(): (name, kind) for name, kind in pairs}


_COMMON = (
    "id:- links:- refName:- externalId:s customForm:x createdDate:- lastModifiedDate:- tranId:s tranDate:d"
    " memo:s currency:r.currency exchangeRate:n subsidiary:r.subsidiary postingPeriod:r.accountingPeriod"
    " class:r.classification department:r.department location:r.location transactionNumber:- status:e"
    " exchangeRateType:x nexus:x source:- currencyName:- total:- account:r.account prevDate:- originator:x"
    # Fields that this account has added to its transactions: a list, text, a date, a check box, a number.
    " custbody_region:r.customList custbody_note:s custbody_channel:s custbody_contract_start:d custbody_urgent:b"
    " custbody_list_amount:n"
)
_SALES = (
    " entity:r.customer dueDate:d startDate:d endDate:d terms:r.term message:s otherRefNum:s email:s"
    " approvalStatus:e toBeEmailed:b toBePrinted:b toBeFaxed:b salesRep:x salesTeam:x partner:x"
    " leadSource:x createdFrom:r.transaction discountItem:r.item discountRate:x discountTotal:- subtotal:-"
    " taxTotal:- taxItem:x isTaxable:b billAddress:s shipAddress:s billAddressList:x shipAddressList:x"
    " billingAddress:x shippingAddress:x shipDate:d shipMethod:x shippingCost:n excludeCommission:b"
    " discountDate:d discountAmount:- deferredRevenue:- recognizedRevenue:- revenueStatus:- job:x"
    " messageSel:x fob:s estGrossProfit:- estGrossProfitPercent:- totalCostEstimate:-"
    " revRecSchedule:x revRecStartDate:d revRecEndDate:d opportunity:x promoCode:x balance:-"
)
_ITEM_LINE = _fields(
    "item:r.item quantity:n rate:n amount:n description:s line:n lineUniqueKey:- class:r.classification"
    " department:r.department location:r.location units:x price:x grossAmt:- taxCode:x isTaxable:b"
    " taxDetailsReference:s orderDoc:r.transaction orderLine:n revRecStartDate:d revRecEndDate:d"
    " revRecSchedule:x revRecTermInMonths:n deferRevRec:b doNotCreateRevenueElement:b options:x"
    " costEstimate:- costEstimateType:x itemType:- itemSubType:- links:- refName:- catalogType:x isClosed:b"
    # Fields that this account has added to its lines.
    " custcol_service_start:d custcol_service_end:d custcol_revenue_template:x custcol_product:s"
    " custcol_region:r.customList custcol_seats:n"
)
_APPLY_LINE = _fields(
    "doc:r.transaction line:n apply:b amount:n applyDate:d due:- total:- refNum:- type:- currency:-"
    " createdFrom:- job:- jobName:- disc:- discAmt:- discDate:- links:- refName:-"
)
_ITEMS = Sublist("item", _ITEM_LINE)
_ORDER_ITEMS = Sublist("item", _ITEM_LINE | _fields("quantityBilled:- quantityFulfilled:- isOpen:- linked:-"))
_APPLY = Sublist("apply", _APPLY_LINE, key="doc")
_PAYMENT_HEAD = (
    " customer:r.customer arAcct:r.account paymentMethod:x paymentOption:x checkNumber:s applied:-"
    " unapplied:- pending:- cleared:b clearedDate:d toBeEmailed:b balance:- transactionToRefund:r.transaction"
    " paymentOperation:x handlingMode:x outputReferenceCode:s inputReferenceCode:s outputAuthCode:s"
    " paymentProcessingProfile:x dynamicDescriptor:s toBePrinted:b"
)

_TRANSACTIONS = [
    RecordType(
        "invoice",
        "transaction",
        _fields(_COMMON + _SALES + " amountPaid:- amountRemaining:-"),
        {"item": _ITEMS},
        code="CustInvc",
        abbreviation="INV",
        display="Invoice",
    ),
    RecordType(
        "creditMemo",
        "transaction",
        _fields(_COMMON + _SALES + " applied:- unapplied:- autoApply:b amountPaid:- amountRemaining:-"),
        {"item": _ITEMS, "apply": _APPLY},
        code="CustCred",
        abbreviation="CM",
        display="Credit Memo",
    ),
    RecordType(
        "salesOrder",
        "transaction",
        _fields(_COMMON + _SALES + " orderStatus:e shipComplete:b intercoTransaction:x billingSchedule:x"),
        {"item": _ORDER_ITEMS},
        code="SalesOrd",
        abbreviation="SO",
        display="Sales Order",
    ),
    RecordType(
        "customerPayment",
        "transaction",
        _fields(_COMMON + _PAYMENT_HEAD + " payment:n undepFunds:e autoApply:b"),
        {"apply": _APPLY},
        code="CustPymt",
        abbreviation="PYMT",
        display="Payment",
    ),
    RecordType(
        "customerDeposit",
        "transaction",
        _fields(_COMMON + _PAYMENT_HEAD + " payment:n undepFunds:e salesOrder:r.transaction"),
        code="CustDep",
        abbreviation="CD",
        display="Customer Deposit",
    ),
    # Nobody posts one: NetSuite makes it out of a deposit.
    RecordType(
        "depositApplication",
        "transaction",
        _fields(_COMMON + " customer:r.customer arAcct:r.account deposit:r.transaction applied:- unapplied:-"),
        {"apply": _APPLY},
        code="DepAppl",
        abbreviation="DA",
        display="Deposit Application",
    ),
    RecordType(
        "customerRefund",
        "transaction",
        _fields(_COMMON + _PAYMENT_HEAD + " address:x"),
        {"apply": _APPLY, "deposit": Sublist("deposit", _APPLY_LINE, key="doc")},
        code="CustRfnd",
        abbreviation="CR",
        display="Customer Refund",
    ),
    RecordType(
        "deposit",
        "transaction",
        _fields(_COMMON + " toBePrinted:b cleared:b"),
        {
            "payment": Sublist(
                "payment",
                _fields(
                    "id:t deposit:b paymentAmount:n transactionAmount:- type:- currency:- entity:- docDate:-"
                    " docNumber:- refNum:- memo:- line:n lineId:- links:- refName:- paymentMethod:x"
                ),
                "id",
            ),
            "other": Sublist(
                "other",
                _fields(
                    "account:r.account amount:n entity:r.customer paymentMethod:x refNum:s memo:s line:n"
                    " class:r.classification department:r.department location:r.location links:- refName:-"
                ),
            ),
            "cashback": Sublist(
                "cashback",
                _fields(
                    "account:r.account amount:n memo:s line:n class:r.classification"
                    " department:r.department location:r.location links:- refName:-"
                ),
            ),
        },
        code="Deposit",
        abbreviation="DEP",
        display="Deposit",
    ),
    RecordType(
        "journalEntry",
        "transaction",
        _fields(
            _COMMON + " approved:b approvalStatus:e reversalDate:d reversalDefer:b accountingBook:x"
            " createdFrom:r.transaction isReversal:- toSubsidiary:x"
        ),
        {
            "line": Sublist(
                "line",
                _fields(
                    "account:r.account debit:n credit:n memo:s entity:r.customer line:n eliminate:b"
                    " class:r.classification department:r.department location:r.location links:- refName:-"
                    " lineUniqueKey:- startDate:d endDate:d"
                ),
            )
        },
        code="Journal",
        abbreviation="JE",
        display="Journal",
    ),
]

_CUSTOMER = RecordType(
    "customer",
    "customer",
    _fields(
        "id:- links:- refName:- externalId:s entityId:s companyName:s isPerson:b firstName:s middleName:s"
        " lastName:s salutation:s email:s altEmail:s phone:s altPhone:s mobilePhone:s homePhone:s fax:s url:s"
        " comments:s subsidiary:r.subsidiary currency:r.currency terms:r.term receivablesAccount:r.account"
        " isInactive:b category:x entityStatus:x customForm:x parent:r.customer accountNumber:s"
        " defaultAddress:s billingAddress:x creditLimit:n taxable:b taxItem:x vatRegNumber:s resaleNumber:s"
        " emailPreference:e emailTransactions:b printTransactions:b faxTransactions:b leadSource:x salesRep:r.employee"
        " priceLevel:x creditHoldOverride:x startDate:d endDate:d dateCreated:- lastModifiedDate:- balance:-"
        " overdueBalance:- unbilledOrders:- depositBalance:- consolBalance:- autoName:b title:s language:x"
        " altName:- isBudgetApproved:b giveAccess:b shipComplete:b stage:- printOnCheckAs:s"
        " custentity_tier:s custentity_region:r.customList"
    ),
    {
        "currencylist": Sublist(
            "currencyList",
            _fields("currency:r.currency balance:- depositBalance:- overdueBalance:- unbilledOrders:- links:-"),
            key="currency",
        ),
        "addressbook": Sublist(
            "addressBook",
            _fields(
                "addressBookAddress:a defaultBilling:b defaultShipping:b isResidential:b label:s"
                " internalId:n id:- addressId:s links:- addressBookAddress_text:s"
            ),
        ),
    },
)

_RELATIONSHIP = RecordType(
    "customerSubsidiaryRelationship",
    "x_relationship",
    _fields(
        "id:- links:- refName:- externalId:s entity:r.customer subsidiary:r.subsidiary isPrimarySub:- name:-"
        " primaryCurrency:- balance:- depositBalance:- unbilledOrders:- lastModifiedDate:-"
    ),
)

_ITEM_FIELDS = _fields(
    "id:- links:- refName:- externalId:s itemId:s displayName:s upcCode:s salesDescription:s description:s"
    " incomeAccount:r.account account:r.account subsidiary:x includeChildren:b isInactive:b taxSchedule:x"
    " customForm:x rate:n nonPosting:b createdDate:- lastModifiedDate:- itemType:- subtype:- isTaxable:b"
    " revenueRecognitionRule:x price:x department:r.department class:r.classification location:r.location"
)
ITEM_TYPES = {
    "serviceSaleItem": "Service",
    "discountItem": "Discount",
    "otherChargeSaleItem": "OthCharge",
    "nonInventorySaleItem": "NonInvtPart",
}

_LISTS = [
    RecordType("subsidiary", "subsidiary", {}, writable=False),
    RecordType("currency", "currency", {}, writable=False),
    RecordType("account", "account", {}, writable=False),
    RecordType("term", "term", {}, writable=False),
    RecordType("accountingPeriod", "accountingperiod", {}, writable=False),
]

RECORD_TYPES: dict[str, RecordType] = {
    record.name.lower(): record
    for record in [
        *_TRANSACTIONS,
        _CUSTOMER,
        _RELATIONSHIP,
        *(RecordType(name, "item", _ITEM_FIELDS) for name in ITEM_TYPES),
        *_LISTS,
    ]
}
BY_CODE: dict[str, RecordType] = {record.code: record for record in _TRANSACTIONS}

# What a REST enumeration shows for a transaction's status letter.
STATUS_NAMES: dict[str, dict[str, str]] = {
    "invoice": {
        "A": "Open",
        "B": "Paid In Full",
        "D": "Pending Approval",
        "E": "Rejected",
        "V": "Voided",
    },
    "creditMemo": {"A": "Open", "B": "Fully Applied", "V": "Voided"},
    "salesOrder": {
        "A": "Pending Approval",
        "B": "Pending Fulfillment",
        "C": "Cancelled",
        "D": "Partially Fulfilled",
        "E": "Pending Billing/Partially Fulfilled",
        "F": "Pending Billing",
        "G": "Billed",
        "H": "Closed",
    },
    "customerPayment": {"A": "Unapproved Payment", "B": "Not Deposited", "C": "Deposited", "R": "Rejected"},
    "customerDeposit": {"A": "Not Deposited", "B": "Deposited", "C": "Fully Applied"},
    "depositApplication": {"A": "Applied"},
    "customerRefund": {"R": "Issued", "V": "Voided"},
    "deposit": {"A": "Deposited"},
    "journalEntry": {"A": "Pending Approval", "B": "Approved for Posting"},
}
APPROVAL_NAMES = {"1": "Pending Approval", "2": "Approved", "3": "Rejected", "11": "Open"}

# NetSuite refuses longer values.
MAX_LENGTHS = {
    "memo": 4000,
    "tranId": 45,
    "otherRefNum": 45,
    "companyName": 83,
    "entityId": 83,
    "firstName": 32,
    "lastName": 32,
    "phone": 32,
    "email": 254,
    "description": 4000,
    "itemId": 60,
}
