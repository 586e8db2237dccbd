"""Which fields of NetSuite's records a mapping may set, which it may not, and which paths of ours it may read.

NetSuite's names and kinds are those of its REST API's record browser, version 2026.1, and those of features that it
does not show (legacy revenue recognition, payment methods without payment options). What moves money, says whose a
document is, or by which it is found again is not for a mapping: a document that carries another key or another amount
than Stripe's would be written a second time, or would not be a mirror.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final, Literal, get_args

# As they are called in o2c.yaml, and as NetSuite calls them.
Mapped = Literal["customer", "invoice", "credit_memo", "payment", "refund", "deposit", "journal_entry", "sales_order"]
RECORD_TYPES: Final[Mapping[str, str]] = {
    "customer": "customer",
    "invoice": "invoice",
    "creditMemo": "credit_memo",
    "customerPayment": "payment",
    "customerRefund": "refund",
    "deposit": "deposit",
    "journalEntry": "journal_entry",
    "salesOrder": "sales_order",
}
MAPPED: Final[tuple[str, ...]] = get_args(Mapped)
Level = Literal["header", "lines"]
# Record types that a value may be the name of, and their fields.
NAMED: Final = ("class", "department", "location")
# A list or record type of the account's own, as NetSuite calls it: a script id.
_OWN_KIND: Final = re.compile(r"custom(list|record)[a-z0-9_]{1,40}")


def is_named(kind: str | None) -> bool:
    """Whether records of this kind are named by name or internal id: classes and the like, and the account's own."""
    return kind in NAMED or is_own_kind(kind)


def is_own_kind(kind: str | None) -> bool:
    """Whether it is the script id of a custom list or record type."""
    return kind is not None and _OWN_KIND.fullmatch(kind) is not None


_PROMISE: Final[Mapping[str, str]] = {
    "externalId": "it is how the document is found again: with another one it would be written twice",
    "id": "NetSuite gives it",
    "memo": "it names the Stripe object, by which a document is recognized; use a custom field of your own",
    "tranId": "NetSuite numbers its documents; Stripe's number is otherRefNum",
    "entity": "whose document it is follows from Stripe's customer; see customers",
    "customer": "whose document it is follows from Stripe's customer; see customers",
    "currency": "it is Stripe's",
    "currencyList": "it follows from the customer's invoices",
    "exchangeRate": "NetSuite's own rate of the day counts",
    "tranDate": "it is Stripe's date in books.time_zone; see periods for closed ones",
    "postingPeriod": "it follows from tranDate; see periods",
    "subsidiary": "it is books.subsidiary, of each entity its own",
    "account": "see accounts, netsuite.payment_account and off_stripe.account",
    "arAcct": "NetSuite's receivables account of the customer counts",
    "payment": "it is the money that Stripe moved",
    "autoApply": "Stripe says what a payment pays",
    "apply": "Stripe says what a document is applied to",
    "item": "see items: prices, metadata and default",
    "line": "see accounts",
    "other": "see accounts",
    "cashback": "see accounts",
    "amount": "it is Stripe's amount, to the cent",
    "rate": "it is Stripe's amount, to the cent",
    "quantity": "with the rate it makes the amount",
    "price": "with the rate it makes the amount",
    "debit": "it is Stripe's amount, to the cent",
    "credit": "it is Stripe's amount, to the cent",
    "paymentAmount": "it is Stripe's amount, to the cent",
    "isPerson": "see customers.details.person",
    "createdFrom": "documents follow from Stripe, not from other documents",
    **dict.fromkeys(
        ("discountItem", "discountRate", "discountAmount", "shippingCost", "handlingCost", "taxItem", "taxCode",
         "taxRate", "taxAmount", "isTaxable", "grossAmt", "promoCode", "shipMethod"),
        "it would change the total, which is Stripe's",
    ),
    **dict.fromkeys(("approvalStatus", "status", "orderStatus", "isInactive", "voided"), "it would change what counts"),
}  # fmt: skip

# Kinds: s text (with the most characters it takes), d date, b true or false, r internal id, class … by name or id, c a
# word of NetSuite's own that stands where an internal id does (`en_US`, `PDF`).
_CLASSES: Final = {name: name for name in NAMED}
_SALES: Final = {
    **_CLASSES, "dueDate": "d", "startDate": "d", "endDate": "d", "terms": "r", "otherRefNum": "s45", "message": "s",
    "email": "s254", "salesRep": "r", "partner": "r", "leadSource": "r", "job": "r", "billAddressList": "r",
    "shipAddressList": "r", "shipDate": "d", "toBeEmailed": "b", "toBePrinted": "b", "toBeFaxed": "b",
    "excludeCommission": "b", "customForm": "r", "messageSel": "r", "revRecStartDate": "d", "revRecEndDate": "d",
    "revRecSchedule": "r", "billAddress": "s", "shipAddress": "s",
}  # fmt: skip
_PAYMENT: Final = {
    **_CLASSES, "paymentMethod": "r", "paymentOption": "r", "checkNumber": "s", "customForm": "r",
    "outputReferenceCode": "s", "inputReferenceCode": "s",
}  # fmt: skip
_CUSTOMER: Final = {
    "companyName": "s83", "email": "s254", "comments": "s", "phone": "s", "altPhone": "s", "fax": "s", "url": "s",
    "altEmail": "s254", "terms": "r", "receivablesAccount": "r", "category": "r", "entityStatus": "r",
    "customForm": "r", "parent": "r", "accountNumber": "s", "vatRegNumber": "s", "resaleNumber": "s",
    "emailPreference": "c", "emailTransactions": "b", "printTransactions": "b", "leadSource": "r", "salesRep": "r",
    "priceLevel": "r", "language": "c", "startDate": "d", "endDate": "d", "printOnCheckAs": "s83", "entityId": "s83",
}  # fmt: skip
_ITEM_LINE: Final = {
    **_CLASSES, "description": "s4000", "units": "s", "revRecStartDate": "d", "revRecEndDate": "d",
    "revRecSchedule": "r", "deferRevRec": "b", "doNotCreateRevenueElement": "b",
}  # fmt: skip
_JOURNAL: Final = {**_CLASSES, "reversalDate": "d", "customForm": "r"}

FREE: Final[Mapping[tuple[str, str], Mapping[str, str]]] = {
    ("customer", "header"): _CUSTOMER,
    ("invoice", "header"): {**_SALES, "fob": "s"},
    ("credit_memo", "header"): _SALES,
    ("sales_order", "header"): {**_SALES, "fob": "s", "shipComplete": "b"},
    ("payment", "header"): {**_PAYMENT, "toBeEmailed": "b"},
    ("refund", "header"): {**_PAYMENT, "toBePrinted": "b"},
    ("deposit", "header"): {**_CLASSES, "customForm": "r"},
    ("journal_entry", "header"): _JOURNAL,
    **{(name, "lines"): _ITEM_LINE for name in ("invoice", "credit_memo", "sales_order")},
    ("deposit", "lines"): {**_CLASSES, "refNum": "s"},
    ("journal_entry", "lines"): _CLASSES,
}
# Names that earlier versions took, or that NetSuite has elsewhere, and what is right.
_GONE: Final[Mapping[tuple[str, str, str], str]] = {
    **{(name, "header", "customerMessage"): "NetSuite's REST API calls it messageSel"
       for name in ("invoice", "credit_memo", "sales_order")},
    ("payment", "header", "toBePrinted"): "NetSuite has it on refunds; a payment has toBeEmailed",
    ("refund", "header", "toBeEmailed"): "NetSuite has it on payments; a refund has toBePrinted",
    ("credit_memo", "header", "fob"): "NetSuite has it on invoices and sales orders, and not on credit memos",
    ("journal_entry", "lines", "refNum"): "NetSuite has it on lines of deposits, and not on those of journal entries",
}  # fmt: skip
# Mandatory in NetSuite: a mapping may fill them and not take them away.
MANDATORY: Final = frozenset({"companyName"})
_CUSTOM: Final[Mapping[tuple[bool, str], str]] = {
    (False, "header"): "custbody",
    (False, "lines"): "custcol",
    (True, "header"): "custentity",
}
_FIELD_ID: Final = re.compile(r"cust[a-z]+[a-z0-9_]*")


# Where lines of a mapping go, by record type.
_SUBLISTS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(("invoice", "creditMemo", "salesOrder"), ("item",)),
    "deposit": ("other", "cashback"),
    "journalEntry": ("line",),
}
# Fields of lines that not every sublist has.
_OF_SOME: Final = {("deposit", "refNum"): ("other",)}


def sublists_of(record: str, field: str) -> tuple[str, ...]:
    """The sublists of a record type whose lines have this field; none of a record without lines of ours."""
    return _OF_SOME.get((record, field), _SUBLISTS.get(record, ()))


def custom_prefix(document: str, level: str) -> str:
    """How the ids of custom fields begin there: `custbody`, `custcol` or `custentity`."""
    return _CUSTOM.get((document == "customer", level), "custcol")


def promised(name: str) -> str | None:
    """Why a mapping may not have this field, in words; None: it may."""
    by_name = {field.lower(): reason for field, reason in _PROMISE.items()}
    return by_name.get(name.lower())


def gone(document: str, level: str, name: str) -> str | None:
    """What is right in place of a name that was a field once or is one elsewhere, in words; None: nothing is known."""
    found = ((words, each) for (*where, each), words in _GONE.items() if where == [document, level])
    return next((words for words, each in found if each.lower() == name.lower()), None)


@cache
def kind_of(document: str, level: str, name: str) -> str | None:
    """The kind of a field that a mapping may set; `any` of a custom one; None: there is no such field."""
    if _FIELD_ID.fullmatch(name) and name.startswith(custom_prefix(document, level)):
        return "any"
    return FREE.get((document, level), {}).get(name)


# What a rule may read. `any` are paths that every document has.
_ANY: Final = ("id", "key", "kind", "currency", "amount_minor", "date")
_CUSTOMERS: Final = ("customer.id", "customer.name", "customer.email")
_INVOICE: Final = (
    *("number", "status", "total_minor", "tax_minor", "amount_remaining_minor", "shipping_minor", "balance_minor"),
    *("overpaid_minor", "issue_date", "due_date", "closed_date", "paid_date", "created_at"),
)
_NOTE: Final = ("invoice_id", "status", "total_minor", "tax_minor", "pre_payment_minor", "issue_date", "created_at")
_BACK: Final = (
    *("charge_id", "refund_date", "returned_date", "status", "withdrawn_date", "reinstated_date", "created_at"),
)
_PAID: Final = ("payment_date", "created_at", "status", "paid_minor", "by_stripe_minor")
HEADER_PATHS: Final[Mapping[str, tuple[str, ...]]] = {
    "customer": ("name", "email", "created_at", "deleted"),
    "invoice": (*_INVOICE, *_NOTE, *_BACK),
    "credit_memo": (*_INVOICE, *_NOTE, *_BACK),
    "payment": (*_PAID, *_BACK),
    "refund": _BACK,
    "deposit": ("status", "arrival_date", "automatic", "returned_date", "created_at"),
    "journal_entry": ("status", "arrival_date", "automatic", "returned_date", "created_at"),
    "sales_order": ("name", "stage", "close_date", "start", "term_months", "recurring", "created_at"),
}
_ITEM_PATHS: Final = (
    *("line.role", "line.description", "line.amount_minor", "line.item", "line.id", "line.price_id"),
    *("line.product_id", "line.quantity", "line.period_start", "line.period_end", "line.proration"),
    *("line.discount_minor", "line.tax_exclusive_minor", "line.tax_inclusive_minor", "line.origin"),
)
_POSTING_PATHS: Final = ("line.role", "line.amount_minor", "line.account", "line.memo")
_ORDER_PATHS: Final = (
    *("line.role", "line.description", "line.amount_minor", "line.item", "line.id", "line.price_id", "line.product_id"),
    *("line.product_code", "line.quantity", "line.billing", "line.start", "line.end"),
)
LINE_PATHS: Final[Mapping[str, tuple[str, ...]]] = {
    "invoice": _ITEM_PATHS,
    "credit_memo": _ITEM_PATHS,
    "sales_order": _ORDER_PATHS,
    "deposit": _POSTING_PATHS,
    "journal_entry": _POSTING_PATHS,
}
# Whose metadata a document may read, by how the path begins.
_METADATA: Final[Mapping[str, tuple[str, ...]]] = {
    "customer": ("metadata.",),
    "invoice": ("metadata.", "customer.metadata.", "subscription.metadata."),
    "credit_memo": ("metadata.", "customer.metadata.", "subscription.metadata."),
    "payment": ("metadata.", "customer.metadata."),
    "refund": ("metadata.", "customer.metadata."),
    "deposit": ("metadata.",),
    "journal_entry": ("metadata.",),
    "sales_order": (),
}
_LINE_METADATA: Final[Mapping[str, tuple[str, ...]]] = dict.fromkeys(
    ("invoice", "credit_memo"), ("line.metadata.", "line.price.metadata.")
)


def paths_of(document: str, level: str) -> tuple[str, ...]:
    """Every path that a rule there may read, but for metadata."""
    customers = _CUSTOMERS if document not in ("customer", "deposit", "journal_entry") else ()
    lines = LINE_PATHS.get(document, ()) if level == "lines" else ()
    return tuple(dict.fromkeys((*_ANY, *HEADER_PATHS[document], *customers, *lines)))


def metadata_of(document: str, level: str) -> tuple[str, ...]:
    """How the paths to metadata begin that a rule there may read."""
    return (*_METADATA[document], *(_LINE_METADATA.get(document, ()) if level == "lines" else ()))


def is_readable(document: str, level: str, path: str) -> bool:
    """Whether a rule there may read this path."""
    begins = next((prefix for prefix in metadata_of(document, level) if path.startswith(prefix)), None)
    return len(path) > len(begins) if begins else path in paths_of(document, level)
