"""Preflight of Salesforce: which objects and fields may be seen and written, what is missing there of our own package,
and what the user may do that nothing here does."""

from collections.abc import Mapping

from o2c_orchestration.clients.salesforce import DescribedObject, SalesforceReader
from o2c_orchestration.domain.errors import O2CError, ObjectMissing
from o2c_orchestration.domain.policy import Mode, Policy
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

_UNREAD = "what deals need of it is not read, and deals are refused by name or not found"
# Objects of our package, whose records we make.
_MADE = frozenset(kind for kind in WRITTEN if kind.endswith("__c"))
_SET = "give the permission sets in salesforce/ to the user that the app runs as, as they are (docs/security.md)"
_DEPLOY = "deploy the package in salesforce/ (docs/deals.md) and give its permission set to the user the app runs as"


def salesforce_fields(reader: SalesforceReader, policy: Policy) -> list[Finding]:
    """One finding for each object that deals need; fields of ours that are missing are a warning, others an error. One
    more for rights to make and to delete records that nothing here does."""
    read = read_objects(policy.deals.source)
    seen: dict[str, DescribedObject] = {}
    findings = [
        _object(reader, kind, policy, seen) for kind in (*read, *(kind for kind in WRITTEN if kind not in READ))
    ]
    return [*findings, *_too_much(seen)]


def _too_much(seen: Mapping[str, DescribedObject]) -> list[Finding]:
    """Records of the two objects of our package are the only ones that we make, and none is deleted."""
    makes = [kind for kind, each in seen.items() if each.createable and kind not in _MADE]
    deletes = [kind for kind, each in seen.items() if each.deletable]
    parts = [f"{words} {', '.join(kinds)}" for words, kinds in (("make", makes), ("delete", deletes)) if kinds]
    if not parts:
        return []
    fix = "give the user that the app runs as the permission sets of salesforce/ and no profile that grants more"
    otherwise = "whoever has the app's key may do it"
    detail = f"the app's user may {' and '.join(parts)}, and nothing here does"
    return [Finding("Salesforce rights", None, detail, fix, otherwise)]


def _object(reader: SalesforceReader, kind: str, policy: Policy, seen: dict[str, DescribedObject]) -> Finding:
    what = f"Salesforce {kind}"
    try:
        told = seen[kind] = reader.describe(kind)
    except ObjectMissing:
        if kind in READ:
            fix = "give the user that the app runs as read access to it"
            orders = f"{fix}; or switch orders on in Salesforce; or set deals.source to opportunities"
            return Finding(what, False, "cannot be seen", orders if kind in OF_ORDERS else fix, _UNREAD)
        return Finding(what, None, "is not in this org", _DEPLOY, "invoices and payments are not told to it")
    except O2CError as error:
        return Finding(what, False, error.what, error.what_to_do, _UNREAD)
    return _fields(kind, told, policy)


def _fields(kind: str, told: DescribedObject, policy: Policy) -> Finding:
    what = f"Salesforce {kind}"
    there = frozenset(told.fields)
    written = written_fields(policy.deals.source, kind) if policy.deals.write_back else ()
    wanted = {*READ.get(kind, ()), *written}
    asked = {own_field(name) for name in policy.account_fields} - OF_PERSONS if kind == "Account" else set[str]()
    lacking = sorted((wanted - there - NOT_EVERYWHERE) | (asked - there))
    standard = [name for name in lacking if not name.endswith("__c")]
    if standard:
        fix = "give the user that the app runs as read access to these fields"
        return Finding(what, False, f"fields cannot be seen: {', '.join(standard)}", fix, _UNREAD)
    if lacking:
        otherwise = "they are neither read nor told anything"
        return Finding(what, None, f"fields are not in this org: {', '.join(lacking)}", _DEPLOY, otherwise)
    closed = _closed(kind, told, written)
    if closed:
        # Who only looks needs no right to write yet.
        ok = False if policy.mode is Mode.SYNC else None
        detail, otherwise = f"cannot be written: {', '.join(closed)}", "Salesforce refuses what it is told"
        return Finding(what, ok, detail, _SET, otherwise)
    return Finding(
        what, True, f"{len(wanted | asked)} fields can be read" + (f", {len(written)} written" * bool(written))
    )


def _closed(kind: str, told: DescribedObject, written: tuple[str, ...]) -> list[str]:
    """Fields that we fill and may not; of what we make ourselves it is enough that a new record may have them."""
    if kind in _MADE and written and told.createable is False:
        return ["any new record"]
    fields = {name: told.fields[name] for name in written}
    return sorted(name for name, each in fields.items()
                  if not each.updateable and not (kind in _MADE and each.createable))  # fmt: skip


def earlier_deals(reader: SalesforceReader, policy: Policy) -> list[Finding]:
    """Whether the fields by which deals name earlier ones are there; nothing where the policy names none."""
    own = policy.deals
    if not own.earlier_fields:
        return []
    what, kind = "Salesforce renewals and amendments", "Opportunity" if own.source == "opportunities" else "Order"
    try:
        lacking = sorted({own_field(name) for name in own.earlier_fields} - reader.fields(kind))
    except O2CError as error:
        return [Finding(what, False, error.what, error.what_to_do, "no deal is read")]
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
