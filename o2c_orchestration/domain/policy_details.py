"""Section of `o2c.yaml` on what a NetSuite customer is made with, and which system is the master of each field."""

from typing import Literal

from o2c_orchestration.domain.contact import ADDRESS, PHONE, SHIPPING
from o2c_orchestration.domain.section import Section

Master = Literal["none", "stripe"]


class Details(Section):
    """What a customer carries from the day on which we create him, besides name, e-mail address and currencies.

    Each field has one master: what that system does not say is not written, whatever the other one says. `none`: the
    field is not written, and what it would be made of is not stored. `person`: customers are companies (`never`), or
    persons whose name is split at its first space (`split_name`). Customers who exist are left as they are.
    """

    billing_address: Master = "none"
    shipping_address: Master = "none"
    phone: Master = "none"
    person: Literal["never", "split_name"] = "never"

    @property
    def of_stripe(self) -> frozenset[str]:
        """The fields of a Stripe customer that are kept for it."""
        masters = {ADDRESS: self.billing_address, SHIPPING: self.shipping_address, PHONE: self.phone}
        return frozenset(name for name, master in masters.items() if master == "stripe")
