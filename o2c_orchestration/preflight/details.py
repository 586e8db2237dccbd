"""Whether customers whom we made still carry what the masters of their details say. Nothing is written, or kept."""

from collections.abc import Iterator

from sqlalchemy import Engine

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.domain.errors import O2CError
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.details import differing
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.store.contacts import changed_since_made

# So many of those that changed last are looked at in NetSuite, one request for each.
_LOOKED_AT = 50
_SHOWN = 5


def customer_details(engine: Engine, ledger: NetSuiteReader, policy: Policy) -> list[Finding]:
    """A hint, where NetSuite and the master of a detail say different things."""
    found = [each for account, own in policy.each() for each in _of(engine, ledger, policy, account, own)]
    if not found:
        return []
    shown = ", ".join(found[:_SHOWN]) + (", …" if len(found) > _SHOWN else "")
    detail = f"{len(found)} customers are otherwise in NetSuite than their masters say: {shown}"
    to_do = "correct them in NetSuite, or at their master; a customer who exists is not changed by itself"
    return [Finding("customers.details", None, detail, to_do)]


def _of(engine: Engine, ledger: NetSuiteReader, policy: Policy, account: str, own: Policy) -> Iterator[str]:
    details = own.customers.details
    if not details.asked or own.customers.mode == "global":
        return
    for row, netsuite_id in changed_since_made(engine, details, account if policy.entities else None, _LOOKED_AT):
        try:
            record, _ = ledger.record("customer", netsuite_id, sublists=True)
        except O2CError:
            # Deleted, or not to be read now: that is told elsewhere.
            continue
        if differences := differing(details, row, row.name or row.id, record):
            yield f"{row.id} ({', '.join(differences)})"
