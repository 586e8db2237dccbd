"""Preflight: settings, database, and each system reached with its credentials, before anything is run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.clients.budget import RateBudget
from o2c_orchestration.clients.credentials import StripeCredentials
from o2c_orchestration.clients.netsuite import NetSuiteAccount, NetSuiteReader
from o2c_orchestration.clients.retry import RetryPolicy
from o2c_orchestration.clients.salesforce import SalesforceReader
from o2c_orchestration.clients.stripe_read import StripeReader
from o2c_orchestration.clients.stripe_rights import StripeRights
from o2c_orchestration.domain.errors import O2CError, TransientError, UnreachableError
from o2c_orchestration.domain.policy import MAIN, Mode, Policy
from o2c_orchestration.extract.accounts import check_accounts, check_writer
from o2c_orchestration.mirror import queries
from o2c_orchestration.preflight import netsuite
from o2c_orchestration.preflight.alerts import alert_channels
from o2c_orchestration.preflight.catalog import catalog
from o2c_orchestration.preflight.clock import clock
from o2c_orchestration.preflight.details import customer_details
from o2c_orchestration.preflight.facts import Facts
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.preflight.names import entity_names, names, unread_kinds
from o2c_orchestration.preflight.namesakes import called_alike
from o2c_orchestration.preflight.netsuite_role import role_rights
from o2c_orchestration.preflight.opening import credit_findings, opening_findings
from o2c_orchestration.preflight.periods import periods
from o2c_orchestration.preflight.rates import exchange_rates
from o2c_orchestration.preflight.salesforce import change_events, earlier_deals, salesforce_fields
from o2c_orchestration.preflight.secrets_file import secrets_file
from o2c_orchestration.preflight.stripe import stripe_reads
from o2c_orchestration.preflight.stripe_account import stripe_account, stripe_key
from o2c_orchestration.preflight.stripe_rights import needed
from o2c_orchestration.settings import env_file
from o2c_orchestration.store import roles
from o2c_orchestration.store.customer_credits import credits_of_customers
from o2c_orchestration.store.database import ping
from o2c_orchestration.store.openings import opening_balances

# A person waits for the answer: few attempts, short waits, while a run is patient.
_ATTEMPTS = RetryPolicy(attempts=3)
_TIMEOUT = (5.0, 30.0)


@dataclass
class Reached:
    """What was reached just before and need not be asked again: Stripe accounts, by whether they are live; NetSuite;
    whether keys of several accounts are each their account's.
    """

    stripe: dict[str, bool] = field(default_factory=dict)
    keys: bool = False
    netsuite: bool = False


def reach_systems(assembly: Assembly) -> Reached:
    """One small read of each system that is on, before a run starts; says what was reached.

    Raises AuthenticationError, PermissionDenied, UnreachableError or what else a run would fail with; trouble that
    passes (too many requests, a 5xx) is left to the run, which tries for longer.
    """
    reached = Reached()
    for account, credentials in assembly.settings.stripe_accounts.items():
        live = _passing(partial(_reach_stripe, credentials))
        reached.stripe |= {account: live} if live is not None else {}
    if len(assembly.settings.stripe_accounts) > 1:
        # Whoever makes them asks whose each key is.
        reached.keys = _passing(lambda: assembly.stripe_readers) is not None
    if assembly.settings.netsuite is not None:
        reached.netsuite = _passing(lambda: _reach_netsuite(assembly)) is not None
    return reached


def _passing(look: Callable[[], Any]) -> Any:
    """What it finds, or None for trouble that passes."""
    try:
        return look()
    except UnreachableError:
        raise
    except TransientError:
        return None


def _reach_stripe(credentials: StripeCredentials) -> bool:
    """Whether the account is live."""
    reader = StripeReader(credentials, RateBudget(None, 1), _TIMEOUT, _ATTEMPTS)
    try:
        page = reader.page("/v1/invoices", {"limit": 1})
    finally:
        reader.close()
    return any(item.get("livemode") for item in page.data)


def _reach_netsuite(assembly: Assembly) -> bool:
    """True, where it does not raise."""
    credentials = assembly.settings.netsuite
    assert credentials is not None
    account = NetSuiteAccount(credentials, timeout=_TIMEOUT, retry=_ATTEMPTS)
    try:
        NetSuiteReader(account).suiteql_page(queries.REFERENCE["item"], limit=1)
    finally:
        account.close()
    return True


@contextmanager
def hasty_ledger(assembly: Assembly) -> Iterator[NetSuiteReader]:
    """NetSuite for looks that somebody waits for: it gives up soon, and shares this process's requests in flight."""
    credentials = assembly.settings.netsuite
    assert credentials is not None
    slots = assembly.netsuite.slots
    account = NetSuiteAccount(credentials, timeout=_TIMEOUT, retry=_ATTEMPTS, slots=slots)
    try:
        yield NetSuiteReader(account)
    finally:
        account.close()


def preflight(
    assembly: Assembly, *, rights: bool = False, reached: Reached | None = None, facts: Facts | None = None
) -> list[Finding]:
    """Look at everything that a run needs; never raises for what it finds wrong.

    `rights`: also ask what restricted Stripe keys may write, which leaves refused requests in Stripe's log: where a
    person looks, and not by the clock. `reached` and `facts`: what is known already, and is not asked again.
    """
    reached = reached or Reached()
    findings = [
        Finding("mode", True, _mode(assembly)),
        _look("database", lambda: f"PostgreSQL {ping(assembly.engine)}, schema up to date"),
    ]
    reachable = bool(findings[1].ok)
    findings += secrets_file(env_file())
    findings += [_fence(assembly)] if reachable else []
    if assembly.settings.stripe is None:
        findings.append(_off("Stripe", "STRIPE_API_KEY"))
    for account, credentials in assembly.settings.stripe_accounts.items():
        live = reached.stripe.get(account)
        findings += _stripe_account(assembly, account, credentials, rights=rights, live=live)
    if len(assembly.settings.stripe_accounts) > 1:
        findings.append(_look("Stripe accounts", lambda: _keys(assembly, known=reached.keys)))
    if assembly.settings.netsuite is None:
        findings.append(_off("NetSuite", "NETSUITE_ACCOUNT_ID"))
    else:
        read: dict[str, int] = {}
        findings.append(_look("NetSuite", lambda: _netsuite(assembly, read, known=reached.netsuite)))
        findings += unread_kinds(assembly.policy, read) if findings[-1].ok else []
        if read and reachable:
            with hasty_ledger(assembly) as ledger:
                findings += _books(assembly, facts or Facts(ledger))
    if assembly.settings.salesforce is None:
        findings.append(_off("Salesforce", "SALESFORCE_BASE_URL"))
    else:
        findings.append(_look("Salesforce", lambda: _salesforce(assembly)))
        if findings[-1].ok:
            findings += salesforce_fields(assembly.salesforce, assembly.policy)
            findings += earlier_deals(assembly.salesforce, assembly.policy)
            findings += change_events(assembly.salesforce, assembly.policy)
    return [*findings, *alert_channels(assembly.settings.alert_channels, assembly.policy.alerts)]


def _books(assembly: Assembly, facts: Facts) -> list[Finding]:
    """What NetSuite has to have and to be able to do."""
    engine, ledger, policy = assembly.engine, facts.reader, assembly.policy
    findings = [*names(engine, facts, policy), *entity_names(engine, facts, policy)]
    findings += netsuite.currencies(engine, facts, policy)
    findings += exchange_rates(engine, facts, policy)
    findings += called_alike(engine, policy)
    findings += customer_details(engine, ledger, policy)
    findings += periods(engine, ledger, policy)
    findings += netsuite.open_periods(engine, policy)
    findings += opening_findings(opening_balances(engine, policy), policy)
    findings += credit_findings(credits_of_customers(engine, policy.books.cut_over), policy)
    deals = assembly.settings.salesforce is not None
    findings += [netsuite.reads(ledger), role_rights(ledger, policy, deals=deals)]
    findings += [netsuite.concurrency(ledger, assembly.netsuite.slots.in_flight_max)]
    return [*findings, *catalog(ledger, policy, deals=deals)]


def _fence(assembly: Assembly) -> Finding:
    """A warning where triggers alone keep the audit trail: no reason to stop work."""
    fence = roles.fence(assembly.engine)
    if fence.tight:
        return Finding("audit trail", True, f"works as {fence.role}, which cannot change or delete entries")
    detail = f"works as {fence.role}, which owns the audit trail: triggers alone refuse changes"
    to_do = f"as an administrator: CREATE ROLE {roles.WORKER} NOLOGIN; GRANT {roles.WORKER} TO {fence.role}"
    return Finding("audit trail", None, detail, to_do, "whoever has this login can take the triggers away")


def _mode(assembly: Assembly) -> str:
    if assembly.policy.mode is Mode.OBSERVE:
        return "observe: nothing is written to any system"
    return "sync: the plan is written to NetSuite"


def _look(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, look())
    except O2CError as error:
        return Finding(what, False, error.what, error.what_to_do, "nothing that needs it is looked at or done")


def _off(what: str, variable: str) -> Finding:
    return Finding(what, None, f"off: {variable} is not set")


def _stripe_account(
    assembly: Assembly, account: str, credentials: StripeCredentials, *, rights: bool, live: bool | None
) -> list[Finding]:
    """Findings of a further account stand under its entity's name, and those about o2c.yaml under its key there.

    `live`: whether it is, where it was reached just before.
    """
    policy = assembly.policy
    found = [_look("Stripe", lambda: _stripe(credentials, live))]
    receives = bool(assembly.settings.webhook_secrets)
    if found[0].ok:
        other = account == MAIN and assembly.settings.stripe_writer != credentials
        found += _permissions(credentials, policy.of(account), receives=receives, rights=rights, writes=not other)
        found += _write_key(assembly, rights=rights) if other else []
    if account == MAIN:
        return found
    name, where = f"Stripe {policy.name_of(account)}", f"entities.{account}."
    return [
        replace(each, what=name + each.what.removeprefix("Stripe"))
        if each.what.startswith("Stripe")
        else each.at(where)
        for each in found
    ]


def _keys(assembly: Assembly, *, known: bool) -> str:
    if not known:
        check_accounts(assembly.stripe_readers)
    return f"{len(assembly.stripe_readers)} accounts, each key is its account's"


def _stripe(credentials: StripeCredentials, live: bool | None) -> str:
    live = _reach_stripe(credentials) if live is None else live
    return f"reached, invoices can be read{' (live mode)' if live else ''}"


def _write_key(assembly: Assembly, *, rights: bool) -> list[Finding]:
    """The key that deals are billed with, where it is one of its own."""
    credentials, deals = assembly.settings.stripe_writer, assembly.policy.deals
    assert credentials is not None
    reader = StripeReader(credentials, RateBudget(None, 1), _TIMEOUT, _ATTEMPTS)
    asker = StripeRights(credentials, RateBudget(None, 1), _TIMEOUT, _ATTEMPTS) if rights else None
    try:
        found = list(stripe_key(credentials, needed(deals), asker))
        found.append(_look("Stripe account", lambda: _same_account(assembly, reader)))
        return [replace(each, what="Stripe write" + each.what.removeprefix("Stripe")) for each in found]
    finally:
        reader.close()
        if asker is not None:
            asker.close()


def _same_account(assembly: Assembly, writer: StripeReader) -> str:
    check_writer(assembly.stripe, writer)
    return "that of STRIPE_API_KEY"


def _permissions(
    credentials: StripeCredentials, policy: Policy, *, receives: bool, rights: bool, writes: bool
) -> list[Finding]:
    reader = StripeReader(credentials, RateBudget(None, 1), _TIMEOUT, _ATTEMPTS)
    asker = StripeRights(credentials, RateBudget(None, 1), _TIMEOUT, _ATTEMPTS) if rights else None
    try:
        found = [clock(reader)] if credentials.account is None else []
        found += stripe_reads(reader, policy, credentials.variable, bills=credentials.account is None)
        return [*found, *stripe_account(reader, credentials, policy, receives=receives, asker=asker, writes=writes)]
    finally:
        reader.close()
        if asker is not None:
            asker.close()


def _netsuite(assembly: Assembly, counts: dict[str, int], *, known: bool) -> str:
    if not known:
        _reach_netsuite(assembly)
    counts |= assembly.read_reference()
    return "reached, " + ", ".join(f"{count} {kind} records" for kind, count in counts.items())


def _salesforce(assembly: Assembly) -> str:
    credentials = assembly.settings.salesforce
    assert credentials is not None
    found = list(SalesforceReader(credentials).query_all("SELECT Id FROM Account LIMIT 1"))
    return f"reached, accounts can be read ({len(found)} seen)"
