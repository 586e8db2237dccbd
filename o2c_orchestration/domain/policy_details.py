"""Section of `o2c.yaml` on what a NetSuite customer is made with, and which system is the master of each field."""

from typing import Literal

from o2c_orchestration.domain.contact import ADDRESS, PHONE, SHIPPING
from o2c_orchestration.domain.salesforce_fields import DETAILS
from o2c_orchestration.domain.section import RecordName, Section

Master = Literal["none", "stripe", "salesforce"]


class Details(Section):
    """What a customer carries from the day on which we create him, besides name, e-mail address and currencies.

    Each field has one master: what that system does not say is not written, whatever the other one says. `none`: the
    field is not written, and what it would be made of is not stored. `person`: customers are companies (`never`),
    persons whose name is split at its first space (`split_name`), or persons where their account is a person account
    (`salesforce`). `terms` are those of every customer, by name or internal id. `sales_rep`: with `salesforce` the
    owner of his account, who is looked up among NetSuite's employees by e-mail address. Customers who exist are left
    as they are, but for what `Changes` says.
    """

    billing_address: Master = "none"
    shipping_address: Master = "none"
    phone: Master = "none"
    person: Literal["never", "split_name", "salesforce"] = "never"
    terms: RecordName | None = None
    sales_rep: Literal["none", "salesforce"] = "none"

    @property
    def of_stripe(self) -> frozenset[str]:
        """The fields of a Stripe customer that are kept for it."""
        masters = {ADDRESS: self.billing_address, SHIPPING: self.shipping_address, PHONE: self.phone}
        return frozenset(name for name, master in masters.items() if master == "stripe")

    @property
    def of_salesforce(self) -> tuple[str, ...]:
        """The fields of accounts that are asked for it, besides those that are always read."""
        masters = {name: getattr(self, name) for name in DETAILS}
        return tuple(field for name, master in masters.items() if master == "salesforce" for field in DETAILS[name])

    @property
    def asked(self) -> bool:
        """Whether any system is the master of anything."""
        return bool(self.of_stripe) or self.asks_salesforce

    @property
    def asks_salesforce(self) -> bool:
        """Whether accounts have a say."""
        return "salesforce" in self.model_dump(exclude={"terms"}).values()


# What becomes of a field of a customer who exists, when his account in Salesforce says something else.
Word = Literal["none", "netsuite", "salesforce"]


PayerMaster = Literal["stripe", "salesforce"]


class InStripe(Section):
    """Who is the master of a field of a Stripe customer after we made him, where his account in Salesforce changes.

    `stripe`: what stands there stands, and nothing is told. `salesforce`: the change is written, if Stripe still shows
    what we wrote there last (of phone number and billing address nothing, at first); else it is a gap. `email` is that
    of the account's oldest contact that has one: contacts of accounts with such customers are followed for it.
    """

    name: PayerMaster = "stripe"
    email: PayerMaster = "stripe"
    phone: PayerMaster = "stripe"
    billing_address: PayerMaster = "stripe"

    @property
    def followed(self) -> tuple[str, ...]:
        """The fields that go by Salesforce."""
        return tuple(name for name in type(self).model_fields if getattr(self, name) == "salesforce")

    @property
    def of_salesforce(self) -> tuple[str, ...]:
        """The fields of accounts that are asked for it, besides those that are always read."""
        return tuple(field for name in self.followed for field in DETAILS.get(name, ()))


class Changes(Section):
    """Who is the master of a field of a NetSuite customer after we made him, where his account in Salesforce changes.

    `none`: nothing is written, and another name is told as a gap. `netsuite`: what stands there stands, and nothing is
    told. `salesforce`: the change is written, if NetSuite still shows what we wrote there last; else it is a gap with
    both values. Of phone numbers and representatives Salesforce has to be the master in `details` as well. What
    `stripe` says is of his customer in Stripe.
    """

    name: Word = "none"
    phone: Word = "none"
    sales_rep: Word = "none"
    stripe: InStripe = InStripe()
