"""Whether the books have a declared beginning: what Stripe held then, what customers had to their credit there.

Where nothing is declared, how o2c.yaml would say it.
"""

from collections.abc import Iterable, Iterator

from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.policy import MAIN, Policy
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.store.customer_credits import Credit, totals
from o2c_orchestration.store.openings import OpeningBalance

_OTHERWISE = "what of it payouts bring is on Suspense, a gap for each transaction"
_UNPROVED = "nobody knows whether the opening balance is what Stripe held"
_UNKNOWN = "is known once every day since the books started was read, if the key may read GET /v1/balance"


def opening_findings(found: Iterable[OpeningBalance], policy: Policy) -> Iterator[Finding]:
    """One for each Stripe account and currency of which something is declared, or was there. Asks nobody."""
    for each in found:
        where = "" if each.account == MAIN else f"entities.{each.account}."
        what = f"{where}books.opening.{each.currency}"
        if each.declared_minor is None:
            if each.due_minor:
                yield _undeclared(what, each, policy)
        elif each.residual_minor is None:
            yield Finding(what, None, f"what Stripe held {_UNKNOWN}", "run the days of the books first", _UNPROVED)
        else:
            yield _declared(what, each, policy)


def credit_findings(found: Iterable[Credit], policy: Policy) -> Iterator[Finding]:
    """One for each currency in which customers had something to their credit when the books started, or are said to."""
    held = {each.currency: each.before_minor for each in totals(list(found)) if each.before_minor}
    for currency in sorted(held.keys() | policy.books.opening_credits):
        yield _credit(currency, held.get(currency, 0), policy.books.opening_credits.get(currency))


def _credit(currency: str, held_minor: int, declared_minor: int | None) -> Finding:
    what, held = f"books.opening_credits.{currency}", format_money(held_minor, currency)
    detail = f"customers had {held} to their credit when the books started"
    if declared_minor == held_minor:
        return Finding(what, True, f"{detail}, as declared")
    to_do = "see that an entry of yours has it on the account of items.balance in NetSuite, and say so in o2c.yaml: "
    to_do, otherwise = f"{to_do}{what}: {held_minor}", "invoices use it, and nothing brings it to that account"
    if declared_minor is None:
        return Finding(what, None, f"{detail}; nothing is declared", to_do, otherwise)
    return Finding(what, False, f"{detail}, declared {format_money(declared_minor, currency)}", to_do, otherwise)


def _held(each: OpeningBalance, policy: Policy) -> str:
    adopted = f", {_money(each.adopted_minor, each)} of it with documents in NetSuite" if each.adopted_minor else ""
    return f"Stripe held {_money(each.balance_minor, each)} at {policy.books.cut_over:%Y-%m-%d %H:%M} UTC{adopted}"


def _undeclared(what: str, each: OpeningBalance, policy: Policy) -> Finding:
    to_do = (
        f"book it on an account that deposits use for nothing else, and say so in o2c.yaml: {what}: "
        f"{{account: …, amount_minor: {each.due_minor}}}"
    )
    return Finding(what, None, f"{_held(each, policy)}; nothing is declared", to_do, _OTHERWISE)


def _declared(what: str, each: OpeningBalance, policy: Policy) -> Finding:
    detail = f"{_held(each, policy)}, declared {_money(each.declared_minor, each)}"
    if not each.residual_minor:
        return Finding(what, True, f"{detail}, of which {_money(each.taken_minor, each)} is deposited")
    to_do = f"correct {what}.amount_minor in o2c.yaml to {each.due_minor}, and the entry in NetSuite that it stands for"
    return Finding(what, False, detail, to_do, "the account of the opening balance does not come to zero")


def _money(minor: int | None, each: OpeningBalance) -> str:
    return format_money(minor or 0, each.currency)
