"""Whether NetSuite has what o2c.yaml names: items, accounts, the subsidiary, what the mapping names."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.console.finding import Finding
from o2c_orchestration.domain.errors import O2CError
from o2c_orchestration.domain.policy import Entity, Items, Policy
from o2c_orchestration.mirror import queries
from o2c_orchestration.mirror.read import LEDGER_CURSOR
from o2c_orchestration.store import ledger
from o2c_orchestration.store.inbox import read_cursor
from o2c_orchestration.store.metadata import find_common_customer

Reference = Mapping[tuple[str, str], str]


def names(engine: Engine, reader: NetSuiteReader, policy: Policy) -> list[Finding]:
    """One finding for each name of o2c.yaml; the reference data must have been read. Never raises O2CError."""
    reference = ledger.reference(engine)
    findings = [_name(reference, "item", key, name) for key, name in _items(policy.items)]
    sold = sorted(policy.deals.items.items()) if policy.deals.orders else []
    findings += [_name(reference, "item", f"deals.items.{product}", item) for product, item in sold]
    if policy.books.subsidiary is not None:
        findings.append(_name(reference, "subsidiary", "books.subsidiary", policy.books.subsidiary))
    if policy.customers.common is not None:
        findings.append(_customer(engine, policy.customers.common))
    if policy.netsuite.payment_account is not None:
        findings.append(_payment_account(reference, policy, policy.netsuite.payment_account))
    if policy.off_stripe.account is not None:
        findings.append(_name(reference, "account", "off_stripe.account", policy.off_stripe.account))
    if policy.documents.deposit:
        findings += _accounts(reference, policy, _kinds(reader))
    findings += [_name(reference, kind, key, name) for key, kind, name in sorted(policy.mapping.named_records())]
    return findings


def entity_names(engine: Engine, reader: NetSuiteReader, policy: Policy) -> list[Finding]:
    """The same for what entities name of their own."""
    return [
        finding.at(f"entities.{account}.")
        for account, entity in policy.entities.items()
        for finding in names(engine, reader, policy.of(account))
        if _stated(entity, finding.what)
    ]


def _stated(entity: Entity, key: str) -> bool:
    """Whether an entity says this itself, or has it from the company."""
    section, field = key.split(".")[:2]
    given = getattr(entity, section).model_fields_set
    return ("common" if field == "global" else field) in given


def _customer(engine: Engine, name: str) -> Finding:
    """The mirror tells, which a first run fills."""
    found = find_common_customer(engine, name)
    if found is not None:
        return Finding("customers.global", True, f"{name} is NetSuite customer {found}")
    if read_cursor(engine, LEDGER_CURSOR) is None:
        return Finding(
            "customers.global", None, f"whether NetSuite has a customer {name!r} is not known yet", "run first"
        )
    to_do = (
        "create it, or name another one under customers.global in o2c.yaml, by internal id if the name is not unique"
    )
    return Finding("customers.global", False, f"NetSuite has no customer {name!r}, or more than one", to_do)


def _items(items: Items) -> Iterator[tuple[str, str]]:
    for field, name in items.model_dump(exclude={"prices", "price_metadata"}).items():
        if name is not None:
            yield f"items.{field}", name
    yield from ((f"items.prices.{price}", item) for price, item in items.prices.items())


def _accounts(reference: Reference, policy: Policy, kinds: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    accounts = policy.accounts
    for currency, name in accounts.bank.items():
        yield _bank(reference, currency, _name(reference, "account", f"accounts.bank.{currency}", name), name, kinds)
    single = {"fee": accounts.fee, **{f"fees.{kind}": name for kind, name in accounts.fees.items()}}
    single |= {"reserves": accounts.reserves, "returned_payouts": accounts.returned_payouts}
    single |= {"suspense": accounts.suspense}
    for key, name in single.items():
        yield _name(reference, "account", f"accounts.{key}", name)


def _kinds(reader: NetSuiteReader) -> dict[str, dict[str, Any]]:
    """Type and currency of accounts by id, as far as NetSuite tells: not every account has the column currency."""
    for query in (queries.ACCOUNTS_WITH_CURRENCY, queries.ACCOUNTS):
        try:
            return {str(row["id"]): row for row in reader.suiteql(query)}
        except O2CError:
            continue
    return {}


def _bank(
    reference: Reference, currency: str, found: Finding, name: str, kinds: Mapping[str, Mapping[str, Any]]
) -> Finding:
    """A payout arrives on a bank account of its own currency: NetSuite gives a deposit that account's currency."""
    account = kinds.get(_find(reference, "account", name) or "")
    if account is None:
        return found
    kind, kept_in, own = account.get("type"), account.get("currency"), _find(reference, "currency", currency)
    to_do = f"name the bank account that payouts in {currency.upper()} arrive on under {found.what} in o2c.yaml"
    if kind is not None and kind != "Bank":
        return Finding(found.what, False, f"{found.detail}, which is of type {kind}, not Bank", to_do)
    if kept_in is not None and str(kept_in) != own:
        return Finding(found.what, False, f"{found.detail}, which is not kept in {currency.upper()}", to_do)
    return found


def _payment_account(reference: Reference, policy: Policy, name: str) -> Finding:
    found = _name(reference, "account", "netsuite.payment_account", name)
    if not found.ok or not policy.documents.deposit:
        return found
    detail = f"{found.detail}; deposits can take payments from Undeposited Funds only"
    return Finding(found.what, None, detail, "set it to null, or documents.deposit to false, unless it is that account")


def _name(reference: Reference, kind: str, key: str, name: str) -> Finding:
    found = _find(reference, kind, name)
    if found is not None:
        return Finding(key, True, f"{name} is NetSuite {kind} {found}")
    to_do = f"create it, or name another one under {key} in o2c.yaml"
    return Finding(key, False, f"NetSuite has no {kind} {name!r}", to_do)


def _find(reference: Reference, kind: str, name: str) -> str | None:
    return reference.get((kind, name)) or reference.get((kind, name.lower()))
