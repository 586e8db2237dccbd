"""What metadata of Stripe objects asks for in NetSuite, as the planner reads it, and what NetSuite holds there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Pointer:
    """A NetSuite document that an object's metadata names under `name`, as typed in `value`.

    `key` is the external id under which we know such a document, `document` its type. Of the document that the mirror
    holds under that internal id: its type (`found`, None: there is none), the key that it stands for already, and
    whether it is booked under the object's customer. `rivals` are other objects that name it too.
    """

    stripe_id: str
    name: str
    value: str
    document: str
    key: str
    netsuite_id: str | None = None
    found: str | None = None
    stands_for: str | None = None
    customer_fits: bool = True
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True)
class NamedInvoice:
    """A NetSuite invoice that a charge's metadata names as what it pays, as typed in `value`.

    Of what the mirror holds under that internal id: its type (`found`, None: there is nothing), the key that it stands
    for, currency, minor units that are left, and whether it is booked under the charge's customer. `applied`: whether
    the charge's payment is applied to it; None: no payment was read yet.
    """

    value: str
    netsuite_id: str | None = None
    found: str | None = None
    stands_for: str | None = None
    currency: str | None = None
    remaining_minor: int | None = None
    customer_fits: bool = True
    applied: bool | None = None


@dataclass(frozen=True)
class LookAlike:
    """A NetSuite document that names no Stripe object and may be one's own; `number` is NetSuite's for people."""

    document: str
    netsuite_id: str
    number: str | None
    day: date


@dataclass(frozen=True)
class Directives:
    """Of the objects that are planned together.

    `blocked`: every object whose metadata has the block key, with its value as typed. `pointers` by Stripe id.
    `customers`: internal ids as typed for customers, by Stripe id. `price_items` and `price_discounts`: items as typed,
    by price. `unread_prices`: prices whose metadata nobody has read yet. `coupon_items`: items as typed, by discount;
    `unread_discounts`: those whose coupon nobody has read yet. `look_alikes` by Stripe id, of objects that
    have no document. `pays`: NetSuite invoices, by the charge that names one. `payers`: internal ids of customers as
    typed, by the charge that names one.
    """

    blocked: Mapping[str, str] = field(default_factory=dict)
    pointers: Mapping[str, tuple[Pointer, ...]] = field(default_factory=dict)
    customers: Mapping[str, str] = field(default_factory=dict)
    price_items: Mapping[str, str] = field(default_factory=dict)
    price_discounts: Mapping[str, str] = field(default_factory=dict)
    unread_prices: frozenset[str] = frozenset()
    coupon_items: Mapping[str, str] = field(default_factory=dict)
    unread_discounts: frozenset[str] = frozenset()
    look_alikes: Mapping[str, LookAlike] = field(default_factory=dict)
    pays: Mapping[str, NamedInvoice] = field(default_factory=dict)
    payers: Mapping[str, str] = field(default_factory=dict)
