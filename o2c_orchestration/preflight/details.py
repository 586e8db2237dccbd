"""Whether customers whom we made still carry what the masters of their details say. Nothing is written, or kept."""

from dataclasses import dataclass, field

from sqlalchemy import Engine

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.domain.errors import O2CError, ObjectMissing, PermissionDenied
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.details import differing
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.store.contacts import changed_since_made

# So many of those that changed last are looked at in NetSuite, one request for each.
_LOOKED_AT = 50
_SHOWN = 5


@dataclass
class _Compared:
    """What came of it: customers who differ, and in what; and by id those whose record was not shown, and why."""

    differing: list[str] = field(default_factory=list)
    unread: dict[str, O2CError] = field(default_factory=dict)


def customer_details(engine: Engine, ledger: NetSuiteReader, policy: Policy) -> list[Finding]:
    """A hint where NetSuite and the master of a detail say different things, and one where NetSuite does not tell."""
    found = _Compared()
    for account, own in policy.each():
        _compare(found, engine, ledger, policy, account, own)
    return [*_differing(found.differing), *_unread(found.unread)]


def _differing(found: list[str]) -> list[Finding]:
    if not found:
        return []
    detail = f"{len(found)} customers are otherwise in NetSuite than their masters say: {_shown(found)}"
    to_do = "correct them in NetSuite, or at their master; by itself only what customers.changes names is written"
    return [Finding("customers.details", None, detail, to_do, "documents go out with what NetSuite has of them")]


def _unread(found: dict[str, O2CError]) -> list[Finding]:
    if not found:
        return []
    denied = next((each for each in found.values() if isinstance(each, PermissionDenied)), None)
    why = denied or next(iter(found.values()))
    detail = f"{len(found)} customers who changed at their masters were not compared: {_shown(list(found))}; {why.what}"
    to_do = "run o2c check again"
    if denied:
        to_do = "let the integration's role view customers (docs/security.md), of all subsidiaries that it books in"
    return [Finding("customers.details, not read", None, detail, to_do, "what NetSuite has otherwise is not told")]


def _shown(found: list[str]) -> str:
    return ", ".join(found[:_SHOWN]) + (", …" if len(found) > _SHOWN else "")


def _compare(
    found: _Compared, engine: Engine, ledger: NetSuiteReader, policy: Policy, account: str, own: Policy
) -> None:
    details = own.customers.details
    if not details.asked or own.customers.mode == "global":
        return
    for row, netsuite_id in changed_since_made(engine, details, account if policy.entities else None, _LOOKED_AT):
        try:
            record, _ = ledger.record("customer", netsuite_id, sublists=True)
        except ObjectMissing:
            continue  # Deleted, and told with the documents that name him.
        except O2CError as error:
            found.unread[row.id] = error
            continue
        if differences := differing(details, row, row.name or row.id, record):
            found.differing.append(f"{row.id} ({', '.join(differences)})")
