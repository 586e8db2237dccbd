"""Whether a month can be closed, and its tie-out to the cent: facts and equations first, then one judgement on them.

Documents count by dates of the books, the Stripe balance by UTC. Undeposited Funds and Suspense are as they were at
the end of the month, receivables as they are now.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Engine

from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.months import Month
from o2c_orchestration.domain.policy import MAIN, Policy
from o2c_orchestration.reconcile.payouts import PayoutEquation, payout_equation
from o2c_orchestration.store.agreement import Agreement, agreement
from o2c_orchestration.store.balance import BalancePeriod, balance, balance_days
from o2c_orchestration.store.clearing import Clearing, clearing
from o2c_orchestration.store.close_facts import Facts, facts
from o2c_orchestration.store.customer_credits import Credit, credits_of_customers, totals
from o2c_orchestration.store.days import DaysRead, days_read
from o2c_orchestration.store.differences import BookedDifferences, booked_differences
from o2c_orchestration.store.evidence import Evidence, evidence
from o2c_orchestration.store.month_locks import MonthLock, locks_of
from o2c_orchestration.store.openings import OpeningBalance, opening_balances
from o2c_orchestration.store.payout_sums import payouts_arriving
from o2c_orchestration.store.periods import LateItem, late_items
from o2c_orchestration.store.receivables import Owing, Receivables, receivables

# What a month's documents come from. Customers have no date that matters.
OBJECTS = (
    "invoice",
    "charge",
    "invoice_payment",
    "credit_note",
    "refund",
    "dispute",
    "balance_transaction",
    "payout",
)


@dataclass(frozen=True)
class Item:
    """One thing that has to hold before a month is closed, whether it does, and what there is to say about it."""

    what: str
    ok: bool
    detail: str


@dataclass(frozen=True)
class Close:
    """A month: what was found, the equations, their evidence, and the judgement.

    `now` is when it was asked, `ends` when the month ended (both UTC); `mirror_max_age` how old the mirror may be.
    `late` are documents that were moved out of the month or into it, since their own period was closed; `names` are
    those of the entities, by Stripe account; `locks` are those of the month, the one in force first. `differences` of
    documents that deposits hold, and the `budget` for them, in minor units by currency, as `opening_credits` are, what
    the company declares that customers had to their credit when the books started.
    """

    month: Month
    now: datetime
    ends: datetime
    mirror_max_age: timedelta
    facts: Facts
    days: DaysRead
    payouts: list[PayoutEquation]
    ties: list[Agreement]
    balance: list[BalancePeriod]
    balance_days: list[tuple[str, date, int, int]]
    clearing: Clearing
    evidence: list[Evidence]
    receivables: list[Receivables] = field(default_factory=list)
    owing: list[Owing] = field(default_factory=list)
    late: list[LateItem] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    items: tuple[Item, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    locks: list[MonthLock] = field(default_factory=list)
    differences: list[BookedDifferences] = field(default_factory=list)
    budget: Mapping[str, int] = field(default_factory=dict)
    openings: list[OpeningBalance] = field(default_factory=list)
    opening_credits: Mapping[str, int] = field(default_factory=dict)

    @property
    def lock(self) -> MonthLock | None:
        """The lock in force."""
        return next((each for each in self.locks if each.unlocked_at is None), None)

    def whose(self, account: str) -> str:
        """The name of a further Stripe account's books, in front of what is said of them; nothing for the main one."""
        return "" if account == MAIN else f"{self.names.get(account, account)}: "

    @property
    def ready(self) -> bool:
        """Whether everything holds."""
        return all(item.ok for item in self.items)


def close_month(engine: Engine, policy: Policy, month: Month, now: datetime) -> Close:
    """Look at everything that closing a month depends on. Writes nothing."""
    return close_months(engine, policy, [month], now)[0]


def close_months(
    engine: Engine, policy: Policy, months: Iterable[Month], now: datetime, first: int | None = None
) -> list[Close]:
    """The same for several months; what is as it is now, and the same for each of them, is looked at once.

    `first`: of documents that wait on one side and have gaps, which may be as many as payments, no more than these.
    """
    write_off = policy.reversals.uncollectible == "write_off"
    further = {account: own.customers for account, own in policy.each() if account != MAIN}
    totals, owing = receivables(engine, write_off=write_off, customers=policy.customers, further=further)
    credits = credits_of_customers(engine, policy.books.cut_over)
    openings = opening_balances(engine, policy)
    found = (_of_month(engine, policy, month, now, first) for month in months)
    whole = [replace(each, receivables=totals, owing=owing, credits=credits, openings=openings) for each in found]
    return [replace(each, items=tuple(judge(each))) for each in whole]


def _of_month(engine: Engine, policy: Policy, month: Month, now: datetime, most: int | None) -> Close:
    """What is the month's own."""
    first, last = month.days_in_utc(policy.books.zone)
    begin, end = (datetime.combine(day, time(), UTC) for day in (month.first, month.after.first))
    suspense = policy.suspense_accounts
    return Close(
        month=month,
        now=now,
        ends=month.ends(policy.books.zone),
        mirror_max_age=timedelta(minutes=policy.netsuite.mirror_max_age_minutes),
        facts=facts(engine, month),
        days=days_read(engine, OBJECTS, max(first, policy.books.start), last, policy.stripe_accounts),
        payouts=[payout_equation(sums) for sums in payouts_arriving(engine, suspense, month.first, month.last)],
        ties=agreement(engine, month),
        balance=balance(engine, begin, end),
        balance_days=balance_days(engine, begin, end),
        clearing=clearing(engine, suspense, month.last, most),
        evidence=evidence(engine, month, begin, end, write_off=policy.reversals.uncollectible == "write_off"),
        late=late_items(engine, month),
        names={account: policy.name_of(account) for account in policy.entities},
        locks=locks_of(engine, month),
        differences=booked_differences(engine, policy.tolerances.account, month),
        opening_credits=policy.books.opening_credits,
        budget=policy.tolerances.monthly_budget_minor,
    )


def judge(close: Close) -> Iterator[Item]:
    """The items of a close, from what was found. Pure."""
    yield _over(close)
    yield _days(close.days)
    yield _mirror(close)
    yield _gaps(close.facts)
    yield _writes(close.facts)
    yield from _payouts(close.payouts)
    yield _differences(close)
    yield _ties(close)
    yield _balance(close)
    yield from _openings(close)
    yield from _clearing(close)
    yield _receivables(close)
    yield _credits(close.credits, close.opening_credits)


def _over(close: Close) -> Item:
    over = close.now >= close.ends
    return Item("the month is over", over, f"{'ended' if over else 'ends'} at {close.ends:%Y-%m-%d %H:%M} UTC")


def _days(days: DaysRead) -> Item:
    if not days.unread:
        return Item("every day was read", True, f"newest read {_moment(days.newest)}")
    missing, kinds = sorted({day for _, day in days.unread}), sorted({kind for kind, _ in days.unread})
    text = f"{len(missing)} were not read whole after they ended, from {missing[0]} to {missing[-1]}: run them again"
    text += "" if len(kinds) == len(OBJECTS) else f" ({', '.join(kinds)})"
    return Item("every day was read", False, text)


def _mirror(close: Close) -> Item:
    read_at = close.facts.ledger_read_at
    if read_at is None:
        return Item("NetSuite was read since", False, "the ledger has not been read")
    fresh = read_at >= close.ends and close.now - read_at <= close.mirror_max_age
    age = int((close.now - read_at).total_seconds() // 60)
    return Item("NetSuite was read since", fresh, f"read {_moment(read_at)}, {age} minutes ago")


def _gaps(found: Facts) -> Item:
    count = sum(group.count for group in found.gaps)
    earlier = f"; {found.earlier_gaps} of earlier months" if found.earlier_gaps else ""
    kinds = ", ".join(f"{each.count} {each.name} {format_money(each.minor, each.currency)}" for each in found.gaps)
    return Item("no open gaps", count == 0, (f"{count}: {kinds}" if count else "none") + earlier)


def _writes(found: Facts) -> Item:
    text = ", ".join(f"{each.count} {each.name} {format_money(each.minor, each.currency)}" for each in found.writes)
    return Item("every write is done", not found.writes, text or "none refused, unknown, dead or waiting")


def _payouts(payouts: list[PayoutEquation]) -> Iterator[Item]:
    late = [each.sums.id for each in payouts if not each.sums.deposits]
    yield Item("every payout is deposited", not late, _some(late) or f"{len(payouts)} payouts")
    still = [f"{each.sums.id}: {each.why}" for each in payouts if each.state == "open" and each.sums.deposits]
    named = sum(1 for each in payouts if each.state == "residuals named")
    closed = sum(1 for each in payouts if each.state == "closed")
    yield Item("payouts add up", not still, _some(still) or f"{closed} closed, {named} with named residuals")


def _differences(close: Close) -> Item:
    """What deposits hold of documents that are not quite Stripe's, whoever entered it."""
    sums: Counter[str] = Counter()
    for each in close.differences:
        sums[each.currency] += each.minor
    over = [currency for currency, minor in sums.items() if minor > close.budget.get(currency, 0)]
    told = [f"{each.lines} {each.code} {format_money(each.minor, each.currency)}" for each in close.differences]
    budget = ", ".join(format_money(close.budget.get(currency, 0), currency) for currency in sorted(sums))
    text = f"{', '.join(told)}; allowed {budget}"
    return Item("differences are within their budget", not over, text if sums else "none")


def _ties(close: Close) -> Item:
    loose = [
        f"{close.whose(tie.account)}{tie.document} {format_money(tie.residual_minor, tie.currency)}"
        for tie in close.ties
        if tie.residual_minor
    ]
    text = f"{len(close.ties)} types and currencies, nothing unexplained"
    return Item("documents tie out", not loose, _some(loose) or text)


def _balance(close: Close) -> Item:
    loose = [
        f"{close.whose(each.account)}{format_money(each.imbalance_minor, each.currency)} of complete payouts, "
        f"{format_money(each.residual_minor, each.currency)} of net unlike amount less fee"
        for each in close.balance
        if not each.closes
    ]
    text = ", ".join(
        close.whose(each.account) + format_money(each.closing_minor, each.currency) for each in close.balance
    )
    return Item("the Stripe balance adds up", not loose, _some(loose) or f"closing {text or 'nothing'}")


def _openings(close: Close) -> Iterator[Item]:
    """Only where something is declared: what was there before the books is nobody's business otherwise."""
    found = [each for each in close.openings if each.declared_minor is not None]
    if not found:
        return
    unknown = [f"{close.whose(each.account)}what Stripe held in {each.currency.upper()} then is not known"
               for each in found if each.residual_minor is None]  # fmt: skip
    loose = [f"{close.whose(each.account)}{format_money(each.residual_minor, each.currency)} in NetSuite less Stripe"
             for each in found if each.residual_minor]  # fmt: skip
    text = ", ".join(
        f"{close.whose(each.account)}{format_money(each.taken_minor, each.currency)} deposited of "
        f"{format_money(each.declared_minor or 0, each.currency)}"
        for each in found
    )
    yield Item("opening balances are what Stripe held", not (unknown or loose), _some([*loose, *unknown]) or text)


def _clearing(close: Close) -> Iterator[Item]:
    found = close.clearing
    loose = [f"{close.whose(each.account)}{each.key} {_between(each.ledger_minor - each.stripe_minor, each.currency)}"
             for each in found.differences if not each.gaps]  # fmt: skip
    text = f"{found.count} differences, each with a gap"
    yield Item("Undeposited Funds is what Stripe holds", not loose, _some(loose) or text)
    nameless = [
        close.whose(each.account) + format_money(each.residual_minor, each.currency)
        for each in found.suspense
        if each.residual_minor
    ]
    held = ", ".join(
        close.whose(each.account) + format_money(each.ledger_minor, each.currency) for each in found.suspense
    )
    yield Item("all of Suspense has a name", not nameless, _some(nameless) or (held or "nothing is on it"))


def _receivables(close: Close) -> Item:
    loose = [f"{each.customer} {', '.join(each.unexplained)}" for each in close.owing if each.unexplained]
    text = f"{len(close.owing)} customers differ, each with gaps" if close.owing else "every customer agrees"
    return Item("receivables agree by customer", not loose, _some(loose) or text)


def _credits(found: list[Credit], declared: Mapping[str, int]) -> Item:
    """What was given by hand is told, for it is on no account until a person enters it.

    What was theirs before the books has to be what is `declared`, where anything is (minor units by currency).
    """
    loose = [f"{each.customer} {format_money(each.residual_minor, each.currency)}"
             for each in found if each.residual_minor]  # fmt: skip
    sums = totals(found)
    held = ", ".join(format_money(each.stripe_minor, each.currency) for each in sums)
    by_hand = ", ".join(format_money(each.by_hand_minor, each.currency) for each in sums if each.by_hand_minor)
    text = f"to customers' credit {held or 'nothing'}"
    to_do = "to be entered by hand, or see adjustments.item in o2c.yaml"
    text += f", of it {by_hand} moved by hand in Stripe: {to_do}" if by_hand else ""
    before = {each.currency: each.before_minor for each in sums if each.before_minor}
    loose += [
        f"{format_money(before.get(code, 0), code)} from before the books, declared {format_money(minor, code)}"
        for code, minor in sorted(declared.items()) if before.get(code, 0) != minor
    ]  # fmt: skip
    older = ", ".join(format_money(minor, code) for code, minor in before.items())
    text += f", {older} from before the books" if older else ""
    return Item("customer balances agree", not loose, _some(loose) or text)


def _between(minor: int, currency: str) -> str:
    return f"{format_money(minor, currency)} in NetSuite less Stripe"


def _some(found: list[str]) -> str:
    more = f" and {len(found) - 5} more" if len(found) > 5 else ""
    return "; ".join(found[:5]) + more


def _moment(at: datetime | None) -> str:
    return "never" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
