"""Preflight of Salesforce: which objects and fields may be seen, and what is missing from our own package there."""

from o2c_orchestration.clients.salesforce import SalesforceReader
from o2c_orchestration.domain.errors import O2CError, ObjectMissing
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.salesforce_fields import NOT_EVERYWHERE, READ, WRITTEN
from o2c_orchestration.preflight.finding import Finding

_DEPLOY = "deploy the package in salesforce/ (docs/deals.md) and give its permission set to the user the app runs as"


def salesforce_fields(reader: SalesforceReader, policy: Policy) -> list[Finding]:
    """One finding for each object that deals need; fields of ours that are missing are a warning, others an error."""
    return [_object(reader, kind, policy) for kind in (*READ, *(kind for kind in WRITTEN if kind not in READ))]


def _object(reader: SalesforceReader, kind: str, policy: Policy) -> Finding:
    what = f"Salesforce {kind}"
    try:
        there = reader.fields(kind)
    except ObjectMissing:
        if kind in READ:
            return Finding(what, False, "cannot be seen", "give the user that the app runs as read access to it")
        return Finding(what, None, "is not in this org: invoices and payments are not told to it", _DEPLOY)
    except O2CError as error:
        return Finding(what, False, error.what, error.what_to_do)
    wanted = {*READ.get(kind, ()), *(WRITTEN.get(kind, ()) if policy.deals.write_back else ())}
    lacking = sorted(wanted - there - NOT_EVERYWHERE)
    standard = [name for name in lacking if not name.endswith("__c")]
    if standard:
        fix = "give the user that the app runs as read access to these fields"
        return Finding(what, False, f"fields cannot be seen: {', '.join(standard)}", fix)
    if lacking:
        return Finding(what, None, f"fields are not in this org: {', '.join(lacking)}", _DEPLOY)
    return Finding(what, True, f"{len(wanted)} fields can be read")
