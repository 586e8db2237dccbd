"""The decisions a company makes about its books, as typed by `o2c.yaml`. Unknown keys are refused."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

# NetSuite's own limit of a synchronous REST request (15 minutes) and five minutes more.
CERTAIN_AFTER_SECONDS = 1200.0


class Mode(StrEnum):
    """`observe` reads, mirrors, reconciles and plans but writes to no system; `sync` applies the plan."""

    OBSERVE = "observe"
    SYNC = "sync"


def _as_text(value: object) -> object:
    """YAML reads `1` as a number; NetSuite's internal ids are text."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


RecordName = Annotated[str, BeforeValidator(_as_text)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Books(_Section):
    """How the ledger is kept. Dates of documents are in `time_zone`; nothing before `start` is looked at."""

    time_zone: str = "America/Los_Angeles"
    subsidiary: RecordName | None = "1"
    start: date = date(2024, 1, 1)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except Exception as error:
            raise ValueError(f"{value!r} is not an IANA time zone such as America/Los_Angeles") from error
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Items(_Section):
    """NetSuite items, by internal id or name. `prices` maps a Stripe price or product id to its item."""

    default: RecordName | None = "Stripe Item"
    discount: RecordName | None = "Stripe Discount"
    tax: RecordName | None = "Stripe Tax"
    shipping: RecordName | None = "Stripe Shipping"
    refund: RecordName | None = "Stripe Refund"
    dispute: RecordName | None = "Stripe Dispute"
    bad_debt: RecordName | None = "Stripe Bad Debt"
    credit: RecordName | None = "Stripe Credit"
    balance: RecordName | None = "Stripe Customer Balance"
    grant: RecordName | None = "Stripe Credit Grant"
    prices: dict[str, RecordName] = Field(default_factory=dict)


class Accounts(_Section):
    """NetSuite accounts of a payout's deposit, by internal id or name.

    `bank` maps a payout's currency to the bank account it arrives on; `fees` maps Stripe's type of fee (`stripe_fee`,
    `tax`, …, and `dispute` for what a dispute costs) to its account, `fee` takes the types that `fees` does not name.
    """

    bank: dict[str, RecordName] = Field(default_factory=lambda: {"usd": "Checking"})
    fee: RecordName = "Stripe Fees"
    fees: dict[str, RecordName] = Field(
        default_factory=lambda: {
            "payment_method_passthrough_fee": "Stripe Network Fees",
            "dispute": "Stripe Dispute Fees",
            "tax": "Tax on Stripe Fees",
            "application_fee": "Stripe Application Fees",
        }
    )
    reserves: RecordName = "Stripe Reserves"
    returned_payouts: RecordName = "Stripe Returned Payouts"
    suspense: RecordName = "Suspense"

    def names(self) -> set[str]:
        """Every account that a deposit may name."""
        single = {self.fee, self.reserves, self.returned_payouts, self.suspense}
        return single | set(self.bank.values()) | set(self.fees.values())


class Documents(_Section):
    """Which documents `sync` writes; the others are planned and shown only."""

    customer: bool = True
    invoice: bool = True
    payment: bool = True
    credit_memo: bool = True
    refund: bool = True
    deposit: bool = True

    def allows(self, document: str) -> bool:
        """Whether NetSuite documents of this type (`customer`, `invoice`, `customerPayment`, …) are written."""
        return {
            "customer": self.customer,
            "invoice": self.invoice,
            "customerPayment": self.payment,
            "creditMemo": self.credit_memo,
            "customerRefund": self.refund,
            "deposit": self.deposit,
            "journalEntry": self.deposit,
        }[document]


class Reversals(_Section):
    """What a company decides about money that does not come, or goes back.

    `uncollectible`: `write_off` books a credit memo on `items.bad_debt`, `keep_open` leaves the invoice open.
    `uninvoiced`: a charge that pays no invoice becomes an `unapplied` payment, or the planner will `refuse` it.
    """

    uncollectible: Literal["write_off", "keep_open"] = "write_off"
    uninvoiced: Literal["unapplied", "refuse"] = "unapplied"


class StripePolicy(_Section):
    """The share of Stripe's rate limits that extraction may use (25 a second an endpoint by default)."""

    requests_per_second: float = Field(default=20.0, gt=0)
    requests_in_flight: int = Field(default=8, ge=1, le=64)
    event_lag_seconds: int = Field(default=10, ge=0)


class NetSuitePolicy(_Section):
    """How far back a read of the ledger overlaps the one before, and how old the newest read may be, in minutes."""

    overlap_minutes: int = Field(default=120, ge=0)
    mirror_max_age_minutes: int = Field(default=180, ge=1)
    payment_account: RecordName | None = None


class ApplyPolicy(_Section):
    """Bounds of a write whose answer was lost, or that has to be made again.

    `certain_after_seconds` is how long after a request left NetSuite may still commit it: only a look-up that finds
    nothing later than that proves that nothing was written. NetSuite ends a REST request after 15 minutes; the rest
    is for what it may wait on our side and on the way. `attempts_max` bounds requests, `look_ups_max` look-ups,
    before a dead letter. A lease outlasts the slowest request, which the client gives 180 seconds to answer. Within
    one apply, what falls due sooner than `patience_seconds` is waited for; what is later is left to the next sweep.
    """

    attempts_max: int = Field(default=6, ge=1)
    look_ups_max: int = Field(default=30, ge=1)
    lease_seconds: int = Field(default=600, ge=5)
    resolve_after_seconds: float = Field(default=2.0, ge=0)
    certain_after_seconds: float = Field(default=CERTAIN_AFTER_SECONDS, ge=0)
    patience_seconds: float = Field(default=30.0, ge=0)


class Policy(_Section):
    """All of `o2c.yaml`."""

    mode: Mode = Mode.OBSERVE
    owner: str = "team:finance-systems"
    books: Books = Books()
    items: Items = Items()
    accounts: Accounts = Accounts()
    documents: Documents = Documents()
    reversals: Reversals = Reversals()
    stripe: StripePolicy = StripePolicy()
    netsuite: NetSuitePolicy = NetSuitePolicy()
    apply: ApplyPolicy = ApplyPolicy()
