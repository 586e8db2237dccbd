"""The entries that the members of a payout make in its deposits: documents, fees, accounts and residuals."""

from collections.abc import Collection, Iterable

from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.payouts import MemberRow, PayoutRow
from o2c_orchestration.domain.policy_payouts import Accounts
from o2c_orchestration.plan.deposit import ACCOUNTS, DOCUMENTS, FEES, RESIDUALS, Entry, merged
from o2c_orchestration.plan.differences import Differences
from o2c_orchestration.plan.holdings import Holdings, is_converted
from o2c_orchestration.plan.members import classify, fee_account, is_dispute, is_failed_payment

# What Stripe withholds for a state is no cost of the dispute on which it stands.
_TAXES = ("tax", "withheld_tax")


def in_order(members: Iterable[MemberRow]) -> list[MemberRow]:
    """Members oldest first, each once."""
    by_id = {member.id: member for member in sorted(members, key=repr)}
    return sorted(by_id.values(), key=lambda member: (member.created_at, member.id))


def came_to_nothing(row: PayoutRow, members: Iterable[MemberRow], holdings: Holdings) -> frozenset[str]:
    """Members (ids) of payments that failed before they were booked, where their money came and went in this payout.

    A bank debit is on the balance while it is pending. Together the two are nothing to the cent, and neither has a
    document, so neither needs a line; fees of theirs do.
    """
    found = [each for each in in_order(members) if each.currency == row.currency]
    failed = {each.source_id: each for each in found if is_failed_payment(each)}
    gone: set[str] = set()
    for each in found:
        back = failed.get(each.source_id) if each.type in ("charge", "payment") else None
        if back is None or each.source_id in holdings.known or each.source_id in holdings.planned:
            continue
        if each.amount_minor + back.amount_minor == 0:
            gone |= {each.id, failed.pop(each.source_id).id}
    return frozenset(gone)


def expected_net(row: PayoutRow, member: MemberRow) -> int:
    """What a member adds to its payout: amount less fee. `net_minor` is Stripe's own difference and is not used.

    Of the payout's own transaction only the fee counts (an instant payout has one), of another currency nothing.
    """
    if member.currency != row.currency:
        return 0
    return (0 if _is_own(row, member) else member.amount_minor) - member.fee_minor


def member_entries(
    accounts: Accounts,
    row: PayoutRow,
    member: MemberRow,
    holdings: Holdings,
    taken: set[str],
    differences: Differences,
    nothing: Collection[str] = frozenset(),
) -> list[Entry]:
    """Everything that one member makes; its document, if it is a line, is added to `taken`.

    Of those in `nothing` only fees are left, see `came_to_nothing`.
    """
    if member.currency != row.currency:
        money = format_money(member.amount_minor, member.currency)
        return [residual(accounts, member, 0, f"{money} is not the payout's currency")]
    gross = [] if member.id in nothing else _gross(accounts, row, member, holdings, taken, differences)
    return [*gross, *_fees(accounts, member)]


def _gross(
    accounts: Accounts,
    row: PayoutRow,
    member: MemberRow,
    holdings: Holdings,
    taken: set[str],
    differences: Differences,
) -> list[Entry]:
    if _is_own(row, member) or (member.amount_minor == 0 and not member.source_minor):
        return []
    meaning = classify(accounts, member)
    if meaning.account is not None:
        return [Entry(ACCOUNTS, meaning.group, member.amount_minor, account=meaning.account, memo=meaning.group)]
    problem = meaning.problem or holdings.obstacle(member, meaning, row.currency, taken)
    if problem or meaning.key is None:
        found = None if meaning.problem else differences.entries(row, member, meaning, holdings, taken)
        return found or [residual(accounts, member, member.amount_minor, problem or "")]
    taken.add(meaning.key)
    converted = is_converted(member, row.currency)
    return [Entry(DOCUMENTS, meaning.group, member.amount_minor, key=meaning.key, converted=converted)]


def _fees(accounts: Accounts, member: MemberRow) -> list[Entry]:
    """Fees by type. A fee that Stripe does not itemize has no type; one whose items do not add up is a residual."""
    items = member.fees or (("unspecified", member.fee_minor),)
    entries = [_fee(accounts, "dispute" if _costs_dispute(member, kind) else kind, amount) for kind, amount in items]
    rest = member.fee_minor - sum(amount for _, amount in items)
    if rest:
        entries.append(residual(accounts, member, -rest, "its fees do not add up to its fee"))
    return entries


def _fee(accounts: Accounts, kind: str, amount_minor: int) -> Entry:
    text = f"fees: {kind}"
    return Entry(FEES, text, -amount_minor, account=fee_account(accounts, kind), memo=text)


def residual(accounts: Accounts, member: MemberRow, amount_minor: int, reason: str) -> Entry:
    """What the ledger cannot explain of a member, on Suspense under the member's name."""
    name = f"{member.id} {member.type}"
    return Entry(RESIDUALS, f"{name}: {reason}", amount_minor, account=accounts.suspense, memo=name)


def settled(entries: Iterable[Entry]) -> list[Entry]:
    """Documents, differences and residuals one by one, fees and accounts summed; section by section."""
    found = list(entries)
    single = [entry for entry in found if entry.section not in (FEES, ACCOUNTS)]
    summed = merged(entry for entry in found if entry.section in (FEES, ACCOUNTS))
    return sorted([*single, *summed], key=lambda entry: entry.section)


def _costs_dispute(member: MemberRow, kind: str) -> bool:
    return is_dispute(member) and kind not in _TAXES


def _is_own(row: PayoutRow, member: MemberRow) -> bool:
    return member.type == "payout" and member.source_id == row.id
