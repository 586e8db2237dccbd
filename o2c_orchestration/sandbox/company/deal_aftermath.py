"""What happens to deals and accounts of the demo company after a first run has written them, and the truth about it.

What belongs here: changes that somebody makes in Salesforce, each a gap of deals from then on. No clock, no I/O.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from .catalog import Wire
from .deals import Deals

# By name: what somebody does, and the gaps that it makes: leg and kind.
HAPPENINGS = {
    "renamed": ("the account gets another name", (("salesforce_netsuite", "customer_differs"),)),
    "reopened": (
        "the deal is not won any more",
        (("salesforce_netsuite", "status_mismatch"), ("salesforce_stripe", "status_mismatch")),
    ),
    "sold_more": (
        "a line gets another quantity",
        (("salesforce_netsuite", "terms_mismatch"), ("salesforce_stripe", "terms_mismatch")),
    ),
    "deleted": (
        "the deal is deleted",
        (("salesforce_netsuite", "status_mismatch"), ("salesforce_stripe", "status_mismatch")),
    ),
}


@dataclass(frozen=True)
class Aftermath:
    """changes: what is done in Salesforce, `object`, `id` and new `fields`, None where it is deleted.

    truth: the gaps that there must be then and no others, `leg`, `kind` and `salesforce_id`, with the `mistake`.
    """

    changes: list[Wire] = field(default_factory=list)
    truth: list[Wire] = field(default_factory=list)


def befall(deals: Deals) -> Aftermath:
    """Each of HAPPENINGS once, each to a deal of its own with one recurring line."""
    found = Aftermath()
    # Only a customer who was made for an account was ever called like it.
    strangers = [each for each in deals.won if each["link"] == "none"]
    others = [
        each for each in deals.won if each["link"] != "none" and each["shape"] in ("monthly", "annual", "discount")
    ]
    for mistake, (_, gaps) in HAPPENINGS.items():
        deal = (strangers if mistake == "renamed" else others).pop(0)
        change = _change(mistake, deal, deals)
        found.changes.append(change)
        about = change["id"] if change["object"] == "Account" else deal["opportunity"]
        found.truth.extend({"mistake": mistake, "leg": leg, "kind": kind, "salesforce_id": about} for leg, kind in gaps)
    return found


def _change(mistake: str, deal: Wire, deals: Deals) -> Wire:
    if mistake == "renamed":
        return {"object": "Account", "id": deal["account"], "fields": {"Name": "Renamed Holdings"}}
    if mistake == "reopened":
        return {"object": "Opportunity", "id": deal["opportunity"], "fields": {"StageName": "Prospecting"}}
    if mistake == "deleted":
        return {"object": "Opportunity", "id": deal["opportunity"], "fields": None}
    line = next(each for each in deals.salesforce if each.get("OpportunityId") == deal["opportunity"])
    return {"object": "OpportunityLineItem", "id": line["Id"], "fields": {"Quantity": line["Quantity"] + 3}}
