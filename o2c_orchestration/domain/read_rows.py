"""Rows and records as NetSuite's SuiteQL and Salesforce's SOQL give them: the one definition of what we read of them.

The Pandera schemas at these boundaries and what drift is compared with come from here. SuiteQL gives text throughout
and leaves out what is empty; marks say what form the text has. A field that may be empty says `| None`.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from o2c_orchestration.domain.salesforce_fields import BILLING, DETAILS, READ
from o2c_orchestration.domain.stored import Field, Free, FreeText, field_of, fields_of


@dataclass(frozen=True)
class Whole:
    """Text of a whole number, such as NetSuite's internal ids."""


@dataclass(frozen=True)
class Number:
    """A number, or text of one."""


@dataclass(frozen=True)
class Flag:
    """`T` or `F`."""


@dataclass(frozen=True)
class Day:
    """Text that begins with a day, such as 2026-11-30."""


@dataclass(frozen=True)
class Moment:
    """Text of a day and a time of day."""


@dataclass(frozen=True)
class Word:
    """One of few values, of which nobody has a list."""


@dataclass(frozen=True)
class RecordId:
    """An id of a Salesforce record."""


InternalId = Annotated[str, Whole()]
Amount = Annotated[str, Number()]
TrueFalse = Annotated[str, Flag()]
IsoDay = Annotated[str, Day()]
Stamp = Annotated[str, Moment()]
Choice = Annotated[str, Word()]


@dataclass(frozen=True)
class Transaction:
    """Money in transaction currency. `unpaid` is of invoices; an account may lack `subsidiary` and `currency`."""

    id: InternalId
    type: Literal["CustInvc", "CustPymt", "CustDep", "CustCred", "CustRfnd", "Deposit", "Journal"]
    externalid: FreeText | None
    tranid: FreeText | None
    otherrefnum: FreeText | None
    memo: FreeText | None
    entity: InternalId | None
    foreigntotal: Amount | None
    status: Choice | None
    voided: TrueFalse | None
    trandate: IsoDay
    modified: Stamp | None
    unpaid: Amount | None
    subsidiary: InternalId | None
    currency: Choice | None


@dataclass(frozen=True)
class Tax:
    """The tax of an invoice."""

    id: InternalId
    tax: Amount | None


@dataclass(frozen=True)
class Application:
    """What a payment, memo or refund is applied to."""

    payment: InternalId
    invoice: InternalId
    amount: Amount | None


@dataclass(frozen=True)
class Deposited:
    """A payment or refund that a deposit took out of Undeposited Funds."""

    document: InternalId
    deposit: InternalId
    amount: Amount | None


@dataclass(frozen=True)
class DepositLine:
    """Money of a deposit that no payment brought; `book` where the role may see books."""

    deposit: InternalId
    line: InternalId
    account: InternalId | None
    amount: Amount | None
    memo: FreeText | None
    book: InternalId | None


@dataclass(frozen=True)
class Customer:
    """A customer."""

    id: InternalId
    externalid: FreeText | None
    entityid: FreeText | None
    companyname: FreeText | None
    isinactive: TrueFalse | None


@dataclass(frozen=True)
class Relationship:
    """A subsidiary that a customer is in."""

    id: InternalId
    entity: InternalId
    subsidiary: InternalId


@dataclass(frozen=True)
class Period:
    """An accounting period."""

    id: InternalId
    periodname: FreeText | None
    opens: IsoDay
    ends: IsoDay
    closed: TrueFalse | None
    alllocked: TrueFalse | None
    arlocked: TrueFalse | None


@dataclass(frozen=True)
class TaxPeriod:
    """A tax period, where an account has them."""

    id: InternalId
    periodname: FreeText | None
    opens: IsoDay
    ends: IsoDay
    closed: TrueFalse | None


@dataclass(frozen=True)
class Reference:
    """A currency, item, account, subsidiary or segment by name."""

    id: InternalId
    name: FreeText | None


@dataclass(frozen=True)
class Order:
    """A sales order, whoever entered it."""

    id: InternalId
    externalid: FreeText | None
    tranid: FreeText | None
    status: Choice | None
    foreigntotal: Amount | None
    entity: InternalId | None
    trandate: IsoDay
    currency: Choice | None


NETSUITE: Final[dict[str, tuple[Field, ...]]] = {
    "netsuite_transaction": fields_of(Transaction),
    "netsuite_tax": fields_of(Tax),
    "netsuite_application": fields_of(Application),
    "netsuite_deposited": fields_of(Deposited),
    "netsuite_deposit_line": fields_of(DepositLine),
    "netsuite_customer": fields_of(Customer),
    "netsuite_relationship": fields_of(Relationship),
    "netsuite_period": fields_of(Period),
    "netsuite_tax_period": fields_of(TaxPeriod),
    "netsuite_reference": fields_of(Reference),
    "netsuite_order": fields_of(Order),
}

# What Salesforce's fields are, where they are not text of any kind. An org may have made fields of ours itself, as
# text or as numbers: what deals can be read from is no fault.
_Amount = Annotated[float, Number()]
_HINTS: Final[dict[str, Any]] = {
    "Id": Annotated[str, RecordId()],
    **dict.fromkeys(("CreatedDate", "SystemModstamp"), Stamp),
    **dict.fromkeys(("IsDeleted", "IsWon", "IsClosed", "IsActive"), bool),
    **dict.fromkeys(("IsReductionOrder", "IsPersonAccount"), bool | None),
    **dict.fromkeys(("UnitPrice", "Quantity", "TotalPrice"), _Amount),
    **dict.fromkeys(("Amount", "TotalAmount", "Discount", "SortOrder", "O2C_Term_Months__c"), _Amount | None),
    **dict.fromkeys(("O2C_Open__c", "O2C_Overdue__c", "O2C_Billed__c"), _Amount | None),
    **dict.fromkeys(("O2C_Paid__c", "O2C_Remaining__c"), _Amount | None),
    **dict.fromkeys(("CloseDate", "ServiceDate", "EffectiveDate", "EndDate", "O2C_Next_Due_Date__c"), IsoDay | None),
    **dict.fromkeys(("O2C_Start_Date__c", "O2C_End_Date__c"), IsoDay | None),
    **dict.fromkeys(("CurrencyIsoCode", "StatusCode"), Choice | None),
}
_BILLING: Final = Field("O2C_Billing__c", str, nullable=True, values=tuple(BILLING))


def _salesforce(name: str) -> Field:
    return _BILLING if name == _BILLING.name else field_of(name, _HINTS.get(name, Annotated[str, Free()] | None))


# By type of record, in lower case behind the system's name.
SALESFORCE: Final[dict[str, tuple[Field, ...]]] = {
    f"salesforce_{kind.lower()}": tuple(
        _salesforce(name)
        for name in (*names, *(each for some in DETAILS.values() for each in some if kind == "Account"))
    )
    for kind, names in READ.items()
}
READ_ROWS: Final = {**NETSUITE, **SALESFORCE}
