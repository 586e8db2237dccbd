"""What people do in all three systems to deals that a first run has written, and the truth about it.

What belongs here: steps, told in words that name no way of doing them, each mishap with its gaps. No clock, no I/O.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .catalog import Wire
from .deal_troubles import BILLED, ORDERED, Planted, Troubles

MISHAPS = {
    "order_deleted": Planted("its sales order is deleted", None, ((ORDERED, "order_missing"),)),
    "order_cancelled": Planted("its sales order is cancelled", None, ((ORDERED, "status_mismatch"),)),
    "ordered_twice": Planted("a second order is entered, and named on it", None, ((ORDERED, "duplicate_in_netsuite"),)),
    "customer_asleep": Planted("its customer is made inactive in NetSuite", "CUSTOMER_INACTIVE"),
    "payer_deleted": Planted("its customer is deleted in Stripe", "CUSTOMER_DELETED"),
    "payer_renamed": Planted(
        "somebody gives the customer whom we made in Stripe another name", None, ((BILLED, "customer_differs"),)
    ),
    "accounts_merged": Planted("accounts with a customer each go into its account", "SEVERAL_CUSTOMERS"),
    "customer_deleted": Planted("its customer is deleted in NetSuite", "CUSTOMER_VANISHED"),
    "customer_merged": Planted("its customer is merged into another one in NetSuite", "CUSTOMER_VANISHED"),
    "record_twice_once": Planted("the record of its invoice is there twice", None, ((BILLED, "sync_failed"),)),
    "list_shortened_once": Planted("its payment status is in no list any more", None),
}
# What goes wrong once the company makes activated orders its deals.
ORDER_MISHAPS = {
    "ordered_before": Planted("it is the order of an opportunity that was written", "WRITTEN_BEFORE"),
    "reduced": Planted("it is reduced, and was not written before", "REDUCED"),
    "reduction": Planted("it reduces an order from before the company came", "REDUCTION"),
}
# What goes wrong once the policy names a field for what deals amend that the app's user may not see.
HIDDEN_MISHAPS = {
    "earlier_hidden": Planted("it was read before, and a field that may not be seen would say more", "EARLIER_UNREAD"),
}
HIDDEN_FIELD = "O2C_Extends__c"
# Orders that are activated so many days ago are older than the deals that are ours.
OLD_DAYS = 100
_TWICE = ("accounts_merged", "accounts_merged_too")
# Sound deals that have to be there before, one account each; one is for less than its price in Stripe.
NEEDED = (*MISHAPS, _TWICE[1], "customer_kept", "discounted")


@dataclass(frozen=True)
class Mishaps:
    """steps: what is done, in order, each with `do`.

    truth: the gaps that there must be then besides those before; `opportunity` is the account where a customer differs.
    """

    steps: list[Wire] = field(default_factory=list)
    truth: list[Wire] = field(default_factory=list)


def go_wrong(troubles: Troubles) -> Mishaps:
    """Each of MISHAPS once. A step that sells names the new deal by its mishap, and so does the truth."""
    made = Mishaps()
    for mistake, planted in MISHAPS.items():
        known = troubles.spare[mistake]
        steps = _STEPS[mistake](known, troubles)
        made.steps.extend(steps)
        sold = any(step["do"] == "sell" for step in steps)
        deal = None if sold else known["account" if mistake == "payer_renamed" else "opportunity"]
        made.truth.extend(
            {"mistake": mistake, "code": planted.code, "opportunity": deal, "leg": leg, "kind": kind}
            for leg, kind in planted.gaps
        )
    return made


def go_wrong_unseen(troubles: Troubles) -> Mishaps:
    """Each of HIDDEN_MISHAPS once: sold, and read by a policy that does not name HIDDEN_FIELD yet."""
    known = troubles.spare["discounted"]
    truth = [
        {"mistake": mistake, "code": planted.code, "opportunity": None, "leg": leg, "kind": kind}
        for mistake, planted in HIDDEN_MISHAPS.items()
        for leg, kind in planted.gaps
    ]
    return Mishaps([_sale(mistake, known["account"]) for mistake in HIDDEN_MISHAPS], truth)


def go_wrong_as_orders(troubles: Troubles) -> Mishaps:
    """Each of ORDER_MISHAPS once, all on one account; a reduction of what is reduced is counted there."""
    known = troubles.spare["discounted"]
    steps = [
        _order("ordered_before", known, opportunity=known["opportunity"]),
        _order("reduced", known),
        _order("less of it", known, reduces="reduced"),
        _order("old", known, days_ago=OLD_DAYS),
        _order("reduction", known, reduces="old"),
    ]
    truth = [
        {"mistake": mistake, "code": planted.code, "opportunity": None, "leg": leg, "kind": kind}
        for mistake, planted in ORDER_MISHAPS.items()
        for leg, kind in planted.gaps
    ]
    return Mishaps(steps, truth)


def _order(
    mistake: str, known: Wire, opportunity: str | None = None, reduces: str | None = None, days_ago: int = 0
) -> Wire:
    told = {"opportunity": opportunity, "reduces": reduces, "days_ago": days_ago}
    return {"do": "sell as order", "mistake": mistake, "account": known["account"], **told}


def _deleted(known: Wire, troubles: Troubles) -> list[Wire]:
    return [{"do": "clerk", "what": "delete", "order": known["opportunity"]}]


def _cancelled(known: Wire, troubles: Troubles) -> list[Wire]:
    return [{"do": "clerk", "what": "cancel", "order": known["opportunity"]}]


def _twice(known: Wire, troubles: Troubles) -> list[Wire]:
    return [{"do": "order again", "opportunity": known["opportunity"], "customer": known["customer"]}]


def _asleep(known: Wire, troubles: Troubles) -> list[Wire]:
    return [{"do": "inactive", "customer": known["customer"]}, _sale("customer_asleep", known["account"])]


def _customer_deleted(known: Wire, troubles: Troubles) -> list[Wire]:
    """NetSuite deletes nobody who has documents: it is the one whose only order is gone."""
    one = troubles.spare["order_deleted"]
    return [{"do": "delete customer", "customer": one["customer"]}, _sale("customer_deleted", one["account"])]


def _customer_merged(known: Wire, troubles: Troubles) -> list[Wire]:
    into = {"customer": known["customer"], "into": troubles.spare["customer_kept"]["customer"]}
    return [{"do": "merge customers", **into}, _sale("customer_merged", known["account"])]


def _payer_deleted(known: Wire, troubles: Troubles) -> list[Wire]:
    return [{"do": "delete payer", "customer": known["customer"]}, _sale("payer_deleted", known["account"])]


def _payer_renamed(known: Wire, troubles: Troubles) -> list[Wire]:
    return [{"do": "rename payer", "account": known["account"], "name": "Somebody Else"}]


def _merged(known: Wire, troubles: Troubles) -> list[Wire]:
    """Into an account that nobody has sold to yet."""
    losers = [troubles.spare[name]["account"] for name in _TWICE]
    return [{"do": "merge accounts", "accounts": losers, "name": "Merged Works"}, _sale("accounts_merged", None)]


def _record_twice(known: Wire, troubles: Troubles) -> list[Wire]:
    deal = {"opportunity": known["opportunity"]}
    return [{"do": "copy invoice record", **deal}, {"do": "void invoice", **deal}]


def _list_shortened(known: Wire, troubles: Troubles) -> list[Wire]:
    field_name = {"object": "Opportunity", "field": "O2C_Payment_Status__c", "value": "Paid"}
    return [{"do": "shorten list", **field_name}, {"do": "pay invoice", "opportunity": known["opportunity"]}]


def _sale(mistake: str, account: str | None) -> Wire:
    """A further deal of an account; None: of the one that others were merged into."""
    return {"do": "sell", "mistake": mistake, "account": account}


_STEPS = {
    "order_deleted": _deleted,
    "order_cancelled": _cancelled,
    "ordered_twice": _twice,
    "customer_asleep": _asleep,
    "payer_deleted": _payer_deleted,
    "payer_renamed": _payer_renamed,
    "accounts_merged": _merged,
    "customer_deleted": _customer_deleted,
    "customer_merged": _customer_merged,
    "record_twice_once": _record_twice,
    "list_shortened_once": _list_shortened,
}
