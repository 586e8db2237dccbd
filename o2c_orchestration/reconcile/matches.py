"""Which Stripe customers an account of Salesforce may be: suggestions, never links. Pure.

Nothing is linked by a name or an address. Where something is suggested, nothing is made for the account either until a
person has said whether it is the customer: a second one for the same company would have to be merged by hand.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from o2c_orchestration.domain.matching import Evidence, Party
from o2c_orchestration.reconcile.suggest import suggest
from o2c_orchestration.store.matches import UntiedAccount, UntiedCustomer

_SALESFORCE, _STRIPE = "salesforce", "stripe"


@dataclass(frozen=True)
class Suggested:
    """An account may be a Stripe customer; `score` in points (docs/matching.md), and what speaks for it in words."""

    account_id: str
    account: str
    stripe_id: str
    customer: str
    score: int
    evidence: str


def suggestions(accounts: Iterable[UntiedAccount], customers: Iterable[UntiedCustomer]) -> list[Suggested]:
    """By account, the likeliest first."""
    ours = {each.id: each for each in accounts}
    theirs = {each.id: each for each in customers}
    found = []
    for each in suggest([*map(_account, ours.values()), *map(_customer, theirs.values())]):
        ends = dict((each.left, each.right))
        account, customer = ours[ends[_SALESFORCE]], theirs[ends[_STRIPE]]
        words = ", ".join(map(_words, each.evidence))
        name = customer.name or customer.email or customer.id
        found.append(Suggested(account.id, account.name, customer.id, name, each.score, words))
    return sorted(found, key=lambda each: (each.account_id, -each.score, each.stripe_id))


def _words(evidence: Evidence) -> str:
    """`email: ann@example.com`, or both sides where they differ."""
    one, other = evidence.shown
    return f"{evidence.kind}: {one}" if one == other else f"{evidence.kind}: {one} / {other}"


def _account(each: UntiedAccount) -> Party:
    return Party(
        system=_SALESFORCE,
        id=each.id,
        name=each.name,
        emails=each.emails,
        domain=each.website,
        phone=each.phone,
        city=each.city,
        country=each.country,
    )


def _customer(each: UntiedCustomer) -> Party:
    return Party(system=_STRIPE, id=each.id, name=each.name or "", emails=(each.email,) if each.email else ())
