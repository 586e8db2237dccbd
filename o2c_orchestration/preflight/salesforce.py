"""Preflight of Salesforce: which objects and fields may be seen, and what is missing from our own package there."""

from o2c_orchestration.clients.salesforce import SalesforceReader
from o2c_orchestration.domain.errors import O2CError, ObjectMissing
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.salesforce_fields import (
    NOT_EVERYWHERE,
    OF_ORDERS,
    OF_PERSONS,
    READ,
    WRITTEN,
    own_field,
    read_objects,
    written_fields,
)
from o2c_orchestration.preflight.finding import Finding

_DEPLOY = "deploy the package in salesforce/ (docs/deals.md) and give its permission set to the user the app runs as"


def salesforce_fields(reader: SalesforceReader, policy: Policy) -> list[Finding]:
    """One finding for each object that deals need; fields of ours that are missing are a warning, others an error."""
    read = read_objects(policy.deals.source)
    return [_object(reader, kind, policy) for kind in (*read, *(kind for kind in WRITTEN if kind not in READ))]


def _object(reader: SalesforceReader, kind: str, policy: Policy) -> Finding:
    what = f"Salesforce {kind}"
    try:
        there = reader.fields(kind)
    except ObjectMissing:
        if kind in READ:
            fix = "give the user that the app runs as read access to it"
            orders = f"{fix}; or switch orders on in Salesforce; or set deals.source to opportunities"
            return Finding(what, False, "cannot be seen", orders if kind in OF_ORDERS else fix)
        return Finding(what, None, "is not in this org: invoices and payments are not told to it", _DEPLOY)
    except O2CError as error:
        return Finding(what, False, error.what, error.what_to_do)
    wanted = {*READ.get(kind, ()), *(written_fields(policy.deals.source, kind) if policy.deals.write_back else ())}
    asked = {own_field(name) for name in policy.account_fields} - OF_PERSONS if kind == "Account" else set[str]()
    lacking = sorted((wanted - there - NOT_EVERYWHERE) | (asked - there))
    standard = [name for name in lacking if not name.endswith("__c")]
    if standard:
        fix = "give the user that the app runs as read access to these fields"
        return Finding(what, False, f"fields cannot be seen: {', '.join(standard)}", fix)
    if lacking:
        return Finding(what, None, f"fields are not in this org: {', '.join(lacking)}", _DEPLOY)
    return Finding(what, True, f"{len(wanted | asked)} fields can be read")


def earlier_deals(reader: SalesforceReader, policy: Policy) -> list[Finding]:
    """Whether the fields by which deals name earlier ones are there; nothing where the policy names none."""
    own = policy.deals
    if not own.earlier_fields:
        return []
    what, kind = "Salesforce renewals and amendments", "Opportunity" if own.source == "opportunities" else "Order"
    try:
        lacking = sorted({own_field(name) for name in own.earlier_fields} - reader.fields(kind))
    except O2CError as error:
        return [Finding(what, False, error.what, error.what_to_do)]
    if not lacking:
        return [Finding(what, True, f"are told by {', '.join(own.earlier_fields)}")]
    fix = "correct deals.renews and deals.amends in o2c.yaml, or let the user that the app runs as see the fields"
    return [Finding(what, False, f"fields cannot be seen: {', '.join(lacking)}", fix, "no deal is read")]


def change_events(reader: SalesforceReader, policy: Policy) -> list[Finding]:
    """Whether the channel of change events that the policy names may be listened to; nothing where it names none."""
    channel = policy.deals.change_events
    if channel is None:
        return []
    # gRPC is loaded only where it is needed.
    from o2c_orchestration.clients.salesforce_events import SalesforceEvents

    what = "Salesforce change events"
    otherwise = "what changes in Salesforce is found by the poll, half a minute later"
    try:
        may = SalesforceEvents(reader).may_listen(channel)
    except O2CError as error:
        return [Finding(what, False, error.what, error.what_to_do, otherwise)]
    if may:
        return [Finding(what, True, f"{channel} can be listened to at {reader.credentials.events}")]
    fix = "give the user that the app runs as View All Records on the objects of the channel"
    return [Finding(what, False, f"{channel} may not be listened to", fix, otherwise)]
