"""A residual on Suspense whose document can be deposited by now → NetSuite deposit of zero that clears it."""

from collections.abc import Collection, Iterable, Mapping

from o2c_orchestration.domain.documents import Command, KnownDocument, Refusal
from o2c_orchestration.domain.keys import cleared_residual_key
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.payouts import ResidualRow
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.deposit import DOCUMENTS, RESIDUALS, Entry, Head, deposit_body, readable, set_bank
from o2c_orchestration.plan.differences import Differences
from o2c_orchestration.plan.entity import stated_subsidiary
from o2c_orchestration.plan.holdings import Holdings, is_converted
from o2c_orchestration.plan.members import Meaning, classify


def plan_clearing(
    policy: Policy,
    residuals: Iterable[ResidualRow],
    known: Mapping[str, KnownDocument],
    planned: Collection[str],
    refused: Collection[str] = frozenset(),
    differences: Differences | None = None,
) -> list[Command | Refusal]:
    """A deposit `rc-…` for each residual of a deposit in `known` whose document NetSuite holds or is about to.

    It is dated as the payout's deposit, so that Suspense is right from that day on. `known`, `planned`, `refused`
    and `differences` as in `plan_payout`. A residual whose document cannot be deposited yet stays where it is.
    """
    holdings = Holdings(known, planned, refused)
    taken: set[str] = set()
    found = []
    differences = differences or Differences(policy)
    for row in _in_order(residuals):
        if row.deposit_key in known and cleared_residual_key(row.member.id) not in known:
            item = _clear(policy, row, holdings, taken, differences)
            found += [item] if item else []
    return found


def _in_order(residuals: Iterable[ResidualRow]) -> list[ResidualRow]:
    """Each member once: its amount, where its deposit keeps fees of it on Suspense as well."""
    by_id = {
        row.member.id: row
        for row in sorted(residuals, key=lambda row: (row.suspense_minor == row.member.amount_minor, repr(row)))
    }
    return sorted(by_id.values(), key=lambda row: (row.member.created_at, row.member.id))


def _clear(
    policy: Policy, row: ResidualRow, holdings: Holdings, taken: set[str], differences: Differences
) -> Command | Refusal | None:
    meaning = classify(policy.accounts, row.member)
    usable = _usable(row, meaning, holdings, taken, differences)
    if meaning.key is None or not usable:
        return None
    refusal = _refusal(policy, row)
    if refusal is not None:
        return refusal
    taken.add(meaning.key)
    return _command(policy, row, meaning, usable, meaning.key in holdings.known)


def _usable(
    row: ResidualRow, meaning: Meaning, holdings: Holdings, taken: set[str], differences: Differences
) -> list[Entry]:
    """The member's document, perhaps with a difference that policy allows for; nothing while it cannot be deposited."""
    member, currency = row.member, row.payout.currency
    if meaning.key is None:
        return []
    if holdings.obstacle(member, meaning, currency, taken) is None:
        converted = is_converted(member, currency)
        return [Entry(DOCUMENTS, meaning.group, member.amount_minor, key=meaning.key, converted=converted)]
    differences.begin(row.payout, cleared_residual_key(member.id))
    return differences.entries(row.payout, member, meaning, holdings, set(taken)) or []


def _refusal(policy: Policy, row: ResidualRow) -> Refusal | None:
    currency, settled = row.payout.currency, row.member.amount_minor
    if row.member.currency != currency or row.suspense_minor != settled:
        held = format_money(row.suspense_minor, currency)
        text = f"{row.deposit_key} holds {held} of it on Suspense, Stripe settled "
        text += format_money(settled, row.member.currency)
        return _refuse(row, "SUSPENSE_CHANGED", text, f"look at the Suspense lines of deposit {row.deposit_key}")
    if policy.accounts.bank_of(currency, row.payout.destination) is None:
        text = f"no NetSuite bank account is set for payouts in {currency.upper()}"
        return _refuse(row, "BANK_ACCOUNT_UNMAPPED", text, set_bank(currency, row.payout.destination))
    return None


def _refuse(row: ResidualRow, code: str, reason: str, fix: str) -> Refusal:
    payout, key = row.payout, cleared_residual_key(row.member.id)
    day, created = payout.arrival_date, payout.created_at.date()
    return Refusal("deposit", key, row.member.id, None, payout.currency, 0, day, created, code, reason, fix)


def _command(policy: Policy, row: ResidualRow, meaning: Meaning, usable: list[Entry], exists: bool) -> Command:
    payout, member = row.payout, row.member
    key = cleared_residual_key(member.id)
    bank = policy.accounts.bank_of(payout.currency, payout.destination) or ""
    head = Head(key, bank, payout.currency, payout.arrival_date, f"Stripe: {member.id}")
    entries = [*usable, _off_suspense(policy, row)]
    assert sum(entry.amount_minor for entry in entries) == 0
    return Command(
        document="deposit",
        external_id=key,
        stripe_id=member.id,
        customer_id=None,
        currency=payout.currency,
        amount_minor=0,
        effective_date=payout.arrival_date,
        partition=payout.created_at.date(),
        why=f"{meaning.key} can be deposited by now and clears what {row.deposit_key} holds of it on Suspense",
        body={**deposit_body(head, entries), **stated_subsidiary(policy)},
        depends_on=() if exists else (meaning.key or "",),
        lines=readable(entries),
    )


def _off_suspense(policy: Policy, row: ResidualRow) -> Entry:
    memo = f"{row.member.id} {row.member.type}"
    text = f"{memo}: off Suspense"
    return Entry(RESIDUALS, text, -row.member.amount_minor, account=policy.accounts.suspense, memo=memo)
