"""Whether NetSuite has what o2c.yaml names: items, accounts, the subsidiary, what the mapping names."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.mapping_fields import NAMED, is_own_kind
from o2c_orchestration.domain.policy import Entity, Items, Policy
from o2c_orchestration.domain.section import Section
from o2c_orchestration.mirror.reference import needed_kinds
from o2c_orchestration.preflight.facts import (
    Facts,
    account_finding,
    item_finding,
    missing_item,
    record_finding,
    subsidiary_finding,
)
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.preflight.ids import id_findings
from o2c_orchestration.store import ledger
from o2c_orchestration.store.inbox import read_cursor
from o2c_orchestration.store.ledger import LEDGER_CURSOR
from o2c_orchestration.store.metadata import find_common_customer
from o2c_orchestration.store.needed_currencies import arriving

Reference = Mapping[tuple[str, str], str]


def names(engine: Engine, facts: Facts, policy: Policy) -> list[Finding]:
    """One finding for each name of o2c.yaml; the reference data must have been read. Never raises O2CError."""
    reference = ledger.reference(engine)
    named = list(_named(policy))
    found = {(kind, name): ledger.find(reference, kind, name) for _, kind, name in named}
    facts.items(each for (kind, _), each in found.items() if kind == "item" and each is not None)
    subsidiary = ledger.find(reference, "subsidiary", policy.books.subsidiary) if policy.books.subsidiary else None
    segments = {kind: [each for (one, _), each in found.items() if one == kind and each is not None] for kind in NAMED}
    judge = _Judge(facts, reference, subsidiary, segments, arriving(engine, policy.accounts.destinations))
    findings = [judge.finding(key, kind, name, found[kind, name]) for key, kind, name in named]
    if policy.netsuite.payment_account is not None:
        findings = [_payment_account(each, policy) for each in findings]
    findings += id_findings(facts, policy, subsidiary)
    if policy.customers.common is not None:
        findings.append(_customer(engine, policy.customers.common))
    if policy.customers.details.sales_rep != "none":
        findings.append(_employees(reference))
    return findings


@dataclass(frozen=True)
class _Judge:
    """Findings of names: whether they are there, and what NetSuite says of them."""

    facts: Facts
    reference: Reference
    subsidiary: str | None
    # Ids of all classes, departments and locations that are named, to be asked for at once.
    segments: Mapping[str, Sequence[str]]
    # In which currencies payouts were sent to each destination.
    arriving: Mapping[str, Collection[str]]

    def finding(self, key: str, kind: str, name: str, identifier: str | None) -> Finding:
        found = _name(kind, key, name, identifier)
        if identifier is None:
            return missing_item(found, name, self.facts.inactive_items) if kind == "item" else found
        return self._there(found, key, kind, identifier)

    def _there(self, found: Finding, key: str, kind: str, identifier: str) -> Finding:
        """What NetSuite says of one that is there; of lists of the account's own nothing more."""
        facts, row = self.facts, None
        if kind == "item":
            return item_finding(facts, found, facts.items([identifier]).get(identifier), self.subsidiary)
        if kind == "subsidiary":
            return subsidiary_finding(found, facts.subsidiaries.get(identifier))
        if kind in NAMED and self.subsidiary is not None:
            row = (facts.records(kind, self.segments[kind]) or {}).get(identifier)
            return record_finding(facts, found, kind, row, self.subsidiary)
        if kind != "account":
            return found
        row = facts.accounts.get(identifier)
        judged = account_finding(facts, found, row, self.subsidiary)
        return self._of_payouts(key, judged, row) if judged.ok else judged

    def _of_payouts(self, key: str, judged: Finding, row: Mapping[str, Any] | None) -> Finding:
        """An account on which payouts arrive."""
        if key.startswith("accounts.bank."):
            return _bank(self.reference, key.rpartition(".")[2], judged, row)
        if not key.startswith("accounts.destinations."):
            return judged
        for currency in sorted(self.arriving.get(key.rpartition(".")[2], ())):
            judged = _bank(self.reference, currency, judged, row) if judged.ok else judged
        return _takes_deposits(judged, row) if judged.ok else judged


def _named(policy: Policy) -> Iterator[tuple[str, str, str]]:
    """Key in o2c.yaml, kind of record, name."""
    yield from ((key, "item", name) for key, name in _items(policy.items))
    for product, item in sorted(policy.deals.items.items()) if policy.deals.orders else ():
        yield f"deals.items.{product}", "item", item
    yield from ((f"revenue.templates.{item}", "item", item) for item in sorted(policy.revenue.templates))
    if policy.books.subsidiary is not None:
        yield "books.subsidiary", "subsidiary", policy.books.subsidiary
    for currency, opening in sorted(policy.books.opening.items()):
        yield f"books.opening.{currency}.account", "account", opening.account
    if policy.netsuite.payment_account is not None:
        yield "netsuite.payment_account", "account", policy.netsuite.payment_account
    if policy.off_stripe.account is not None:
        yield "off_stripe.account", "account", policy.off_stripe.account
    if policy.adjustments.item is not None:
        yield "adjustments.item", "item", policy.adjustments.item
    if policy.tolerances.account is not None:
        yield "tolerances.account", "account", policy.tolerances.account
    if policy.documents.deposit:
        yield from ((key, "account", name) for key, name in _accounts(policy))
    if policy.customers.details.terms is not None:
        yield "customers.details.terms", "term", policy.customers.details.terms
    yield from sorted(policy.mapping.named_records())


def unread_kinds(policy: Policy, read: Mapping[str, int]) -> list[Finding]:
    """One finding for each kind of record that NetSuite did not tell just now: what is known of it may be gone."""
    to_do = "let the role see them (docs/security.md), or name another list in o2c.yaml if this one was deleted"
    otherwise = "a value that is removed is not noticed before NetSuite refuses a document for it"
    return [
        Finding(f"NetSuite {kind} records", False, "cannot be read", to_do, otherwise)
        for kind in needed_kinds(policy)
        if kind not in read and kind != "employee"
    ]


def entity_names(engine: Engine, facts: Facts, policy: Policy) -> list[Finding]:
    """The same for what entities name of their own, and for what they have from the company and cannot use."""
    company = {each.what: each.mark for each in names(engine, facts, policy)} if policy.entities else {}
    return [
        finding.at(f"entities.{account}.")
        for account, entity in policy.entities.items()
        for finding in names(engine, facts, policy.of(account))
        if _stated(entity, finding.what)
        or (finding.mark in ("WRONG", "hint") and company.get(finding.what) not in (finding.mark, None))
    ]


def _stated(entity: Entity, key: str) -> bool:
    """Whether an entity says this itself, or has it from the company."""
    section, _, rest = key.partition(".")
    field = rest.partition(".")[0]
    said: Section | None = getattr(entity, section, None)
    return said is not None and ("common" if field == "global" else field) in said.model_fields_set


def _customer(engine: Engine, name: str) -> Finding:
    """The mirror tells, which a first run fills."""
    found = find_common_customer(engine, name)
    if found is not None:
        return Finding("customers.global", True, f"{name} is NetSuite customer {found}")
    if read_cursor(engine, LEDGER_CURSOR) is None:
        return Finding(
            "customers.global",
            None,
            f"whether NetSuite has a customer {name!r} is not known yet",
            "run first",
            "documents wait for it",
        )
    to_do = (
        "create it, or name another one under customers.global in o2c.yaml, by internal id if the name is not unique"
    )
    detail = f"NetSuite has no customer {name!r}, or more than one"
    return Finding("customers.global", False, detail, to_do, "every document is refused before it is sent")


def _employees(reference: Reference) -> Finding:
    """Whether there is anybody for an account's owner to be; who may not read employees sees none."""
    what = "customers.details.sales_rep"
    count = len({each for (kind, _), each in reference.items() if kind == "employee"})
    if count:
        return Finding(what, True, f"{count} active sales representatives have an e-mail address in NetSuite")
    to_do = "give the role Employee Record at level VIEW (docs/security.md), or mark employees as sales representatives"
    return Finding(what, None, "no sales representative can be read", to_do, "customers are made without one")


def _items(items: Items) -> Iterator[tuple[str, str]]:
    for field, name in items.model_dump(exclude={"prices", "price_metadata"}).items():
        if name is not None:
            yield f"items.{field}", name
    yield from ((f"items.prices.{price}", item) for price, item in items.prices.items())


def _accounts(policy: Policy) -> Iterator[tuple[str, str]]:
    accounts = policy.accounts
    yield from ((f"accounts.bank.{currency}", name) for currency, name in accounts.bank.items())
    yield from ((f"accounts.destinations.{each}", name) for each, name in accounts.destinations.items())
    yield "accounts.fee", accounts.fee
    yield from ((f"accounts.fees.{kind}", name) for kind, name in accounts.fees.items())
    yield "accounts.reserves", accounts.reserves
    yield "accounts.returned_payouts", accounts.returned_payouts
    yield "accounts.suspense", accounts.suspense


def _bank(reference: Reference, currency: str, found: Finding, account: Mapping[str, Any] | None) -> Finding:
    """A payout arrives on a bank account of its own currency: NetSuite gives a deposit that account's currency."""
    if account is None:
        return found
    found = _takes_deposits(found, account)
    kept_in, own = account.get("currency"), ledger.find(reference, "currency", currency)
    to_do = f"name the bank account that payouts in {currency.upper()} arrive on under {found.what} in o2c.yaml"
    if found.ok and kept_in is not None and str(kept_in) != own:
        detail = f"{found.detail}, which is not kept in {currency.upper()}"
        return Finding(found.what, False, detail, to_do, "deposits would be in another currency than their payouts")
    return found


def _takes_deposits(found: Finding, account: Mapping[str, Any] | None) -> Finding:
    kind = (account or {}).get("type")
    if kind is None or kind == "Bank":
        return found
    detail = f"{found.detail}, which is of type {kind}, not Bank"
    to_do = f"name the bank account that these payouts arrive on under {found.what} in o2c.yaml"
    return Finding(found.what, False, detail, to_do, "NetSuite takes a deposit on a bank account only")


def _payment_account(found: Finding, policy: Policy) -> Finding:
    if found.what != "netsuite.payment_account" or not found.ok or not policy.documents.deposit:
        return found
    detail = f"{found.detail}; deposits can take payments from Undeposited Funds only"
    to_do = "set it to null, or documents.deposit to false, unless it is that account"
    return Finding(found.what, None, detail, to_do, "every payout would be residuals on Suspense")


def _name(kind: str, key: str, name: str, identifier: str | None) -> Finding:
    if identifier is not None:
        return Finding(key, True, f"{name} is NetSuite {kind} {identifier}")
    to_do = f"create it, or name another one under {key} in o2c.yaml"
    to_do += " (or let the role see it: docs/security.md)" if is_own_kind(kind) else ""
    to_do += " (null if the account is not OneWorld)" if kind == "subsidiary" else ""
    otherwise = "what needs it is refused before it is sent (o2c explain REFERENCE_MISSING)"
    if key.startswith("revenue.templates."):
        otherwise = "lines are on another item, and go to NetSuite without this template"
    return Finding(key, False, f"NetSuite has no {kind} {name!r}", to_do, otherwise)
