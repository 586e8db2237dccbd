"""Section `accounts` of `o2c.yaml`: on which NetSuite accounts the deposit of a payout stands."""

from typing import Annotated

from pydantic import Field

from o2c_orchestration.domain.section import RecordName, Section


class Accounts(Section):
    """NetSuite accounts of a payout's deposit, by internal id or name.

    `bank` maps a payout's currency to the bank account it arrives on, `destinations` Stripe's id of the account that it
    is sent to (`ba_…`, or `card_…`), which goes first; `fees` maps Stripe's type of fee (`stripe_fee`,
    `tax`, …, and `dispute` for what a dispute costs) to its account, `fee` takes the types that `fees` does not name.
    """

    bank: dict[str, RecordName] = Field(default_factory=lambda: {"usd": "Checking"})
    destinations: dict[Annotated[str, Field(pattern=r"^(ba|card)_[A-Za-z0-9]+$")], RecordName] = Field(
        default_factory=dict
    )
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

    @property
    def without_banks(self) -> "Accounts":
        """The same for another subsidiary, which has bank accounts of its own."""
        return self.model_copy(update={"bank": {}, "destinations": {}})

    def bank_of(self, currency: str, destination: str | None) -> str | None:
        """The bank account on which a payout arrives; None where none is set."""
        return self.destinations.get(destination or "") or self.bank.get(currency)

    def names(self) -> set[str]:
        """Every account that a deposit may name."""
        single = {self.fee, self.reserves, self.returned_payouts, self.suspense}
        return single | {*self.bank.values(), *self.destinations.values(), *self.fees.values()}
