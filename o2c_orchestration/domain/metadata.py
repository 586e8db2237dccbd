"""Keys of metadata that Stripe's connector for NetSuite reads, and what their values, typed by people, mean.

No other metadata is kept, but for what we write ourselves about Salesforce and what a mapping names. A value that is
not what it has to be is kept as it was typed, so that it can be refused by name: what a person meant is not guessed.
"""

import re
from collections.abc import Collection, Mapping
from typing import Any, Final

BLOCK: Final = "netsuite_block_integration"
CUSTOMER: Final = "netsuite_customer_id"
# What we write ourselves on what is made in Stripe for a deal, and for its account.
DEAL: Final = "salesforce_opportunity_id"
ORDER: Final = "salesforce_order_id"
DEALS: Final = (DEAL, ORDER)
ACCOUNT: Final = "salesforce_account_id"
# What a line is sold as; the first that is set counts.
ITEMS: Final = (
    "netsuite_service_sale_item_id",
    "netsuite_service_resale_item_id",
    "netsuite_non_inventory_sale_item_id",
    "netsuite_non_inventory_resale_item_id",
)
DISCOUNT_ITEM: Final = "netsuite_discount_item_id"

# What stands for the item of a line whose price, and of a discount whose coupon has not been read.
PRICE_UNREAD: Final = "(price not read)"
COUPON_UNREAD: Final = "(coupon not read)"

_INVOICE, _PAYMENT, _MEMO = "netsuite_invoice_id", "netsuite_customer_payment_id", "netsuite_credit_memo_id"
_REFUND, _DEPOSIT = "netsuite_customer_refund_id", "netsuite_deposit_id"
# What the connector's forerunner made of a charge that pays no invoice; to us a payment like others.
_OWED = "netsuite_customer_deposit_id"
# On a charge that pays no invoice in Stripe: the NetSuite invoice that it pays.
PAYS: Final = _INVOICE
# What CUSTOMER on a charge is kept as, which is no customer itself.
PAYER: Final = f"charge.{CUSTOMER}"
# Which keys name the document of an object, by the prefix of its id.
_BOTH: Final = (_REFUND, _MEMO)
POINTERS: Final[dict[str, tuple[str, ...]]] = {
    "in": (_INVOICE,),
    "ch": (_PAYMENT, _OWED),
    "py": (_PAYMENT, _OWED),
    "cn": (_MEMO,),
    "re": _BOTH,
    "pyr": _BOTH,
    "dp": _BOTH,
    "du": _BOTH,
    "po": (_DEPOSIT,),
}
_OF_OBJECTS: Final = frozenset(
    {BLOCK, CUSTOMER, *DEALS, ACCOUNT, *(name for names in POINTERS.values() for name in names)}
)
_OF_LINES: Final = frozenset({*ITEMS, DISCOUNT_ITEM})
KEPT: Final = _OF_OBJECTS | _OF_LINES

_ALSO: Final[dict[str, tuple[str, ...]]] = {
    **{"cus": (CUSTOMER, ACCOUNT), "in": DEALS},
    **dict.fromkeys(("ch", "py"), (PAYS,)),
}

# The same for Python and for the JSON schema that editors read.
INTERNAL_ID: Final = "[1-9][0-9]{0,14}"
_INTERNAL_ID = re.compile(INTERNAL_ID)


def kept(metadata: Any, further: Collection[str] = ()) -> dict[str, str]:
    """The part of an object's metadata that is kept: also the `further` keys, which a mapping names."""
    if not isinstance(metadata, Mapping):
        return {}
    wanted = ((name, str(value)) for name, value in metadata.items() if name in KEPT or name in further)
    return {name: value for name, value in wanted if value.strip()}


def of_object(stripe_id: str, metadata: Any, *, names_items: bool = False) -> dict[str, str]:
    """What an object's metadata says of NetSuite, trimmed; keys that mean nothing on such an object are left out.

    That it is a price or coupon, which `names_items`, its id does not tell: they have ids of people's own making.
    """
    prefix = stripe_id.partition("_")[0]
    meant = {BLOCK, *POINTERS.get(prefix, ()), *_ALSO.get(prefix, ())}
    wanted = _OF_LINES if names_items else meant
    return {name: value.strip() for name, value in kept(metadata).items() if name in wanted}


def payer(metadata: Any) -> str | None:
    """The NetSuite customer that a charge's metadata names, as it was typed."""
    return kept(metadata).get(CUSTOMER, "").strip() or None


def internal_id(value: str) -> str | None:
    """The plain internal id that a value is, or None."""
    found = value.strip()
    return found if _INTERNAL_ID.fullmatch(found) else None


def blocks(value: str) -> bool | None:
    """Whether a value of BLOCK blocks; None: it is neither true nor false."""
    return {"true": True, "false": False}.get(value.strip().lower())


def item(metadata: Mapping[str, str]) -> str | None:
    """What the metadata of a line or price says that it is sold as, as it was typed."""
    return next((metadata[name].strip() for name in ITEMS if metadata.get(name, "").strip()), None)


def discount_item(metadata: Mapping[str, str]) -> str | None:
    """On which item its discounts are, as it was typed."""
    return metadata.get(DISCOUNT_ITEM, "").strip() or None
