"""What the oracle is shown of a world: the three systems' own files and a diary, and nothing that the product computes.

What belongs here: the shapes. `World` is kept by the simulation; tests put hand-made ones in its place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Wire = Mapping[str, Any]


@dataclass(frozen=True)
class Rules:
    """What the company has decided about its books, as its people would say it. Amounts in minor units by currency.

    `sales`: what is paid without an invoice is a sale; `deposits`: it is owed to the customer. `as_refunds`: a dispute
    takes the lines of its invoice back.
    `adjustments`: what customers are given or charged on their balance by hand is booked.
    `differences`: the account that takes what a document is off in a deposit, if any may be off: by a rounding, with
    `net_of_fee` also by its own fee, and by no more than `budget` a month.
    """

    sales: bool = False
    as_refunds: bool = False
    differences: str | None = None
    net_of_fee: bool = False
    adjustments: bool = False
    budget: Mapping[str, int] = field(default_factory=dict)
    deposits: bool = False


class World(Protocol):
    """A simulated world as it is this moment. Amounts are minor units, times seconds since 1970 UTC."""

    @property
    def history(self) -> Sequence[Wire]:
        """What people did, oldest first, one record each: `action` and `system`. What changed something in NetSuite

        has `document` (internal id) and `change`: `entered`, `edited`, `deleted` (also voided), `customer` or `period`.
        """
        ...

    @property
    def rules(self) -> Rules:
        """What the company has decided."""
        ...

    @property
    def now(self) -> float:
        """The simulated time."""
        ...

    def stripe_objects(self) -> Mapping[str, Wire]:
        """Wire objects by id. Invoices carry `total`, `total_taxes`; their lines may be only the first ten.

        A balance transaction has as `payout` the one under which Stripe lists it, which is not on the wire, an invoice
        `amount_paid_off_stripe`, if anything was, which is there only if asked for.
        """
        ...

    def netsuite_records(self) -> Sequence[Wire]:
        """Customers (`type`, `id`, `externalId`) and transactions of six types, the deleted ones left out.

        A transaction has `type`, `id`, `externalId`, `memo`, `otherRefNum`, `tranId`, `tranDate` (YYYY-MM-DD),
        `currency` (code), `total`, `tax`, `amountRemaining` (invoice) or `unapplied` (payment, credit
        memo), `applications` as (internal id, minor units), `voided`, `customer` (internal id). A payment is `owed`
        where it is a customer deposit; what is paid back of one is said as if nothing lay between. A deposit has what
        it takes as `deposited` (internal ids); it and a journal entry have `postings`: (account's name, minor, memo).
        """
        ...

    def gaps(self) -> Sequence[Wire]:
        """The open rows of o2c.gaps, less those of deals."""
        ...

    def deal_gaps(self) -> Sequence[Wire]:
        """The open rows of o2c.gaps that are of deals: `salesforce_id` names one."""
        ...

    def journal(self) -> Sequence[Wire]:
        """The rows of o2c.journal, less those of deals."""
        ...

    def deal_journal(self) -> Sequence[Wire]:
        """The rows of o2c.journal that are of deals."""
        ...

    def sales_orders(self) -> Sequence[Wire]:
        """NetSuite's sales orders: `id`, `externalId`, `total` in minor units."""
        ...

    def kept_out(self) -> Sequence[Wire]:
        """What the product did not even send since its period is closed, or its customer lacks its currency: as rows of

        the journal that were refused.
        """
        ...
