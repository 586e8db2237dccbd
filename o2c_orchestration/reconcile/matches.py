"""Which Stripe customers an account of Salesforce may be: suggestions, never links. Pure.

Nothing is linked by a name or an address. Where a suggestion is strong, nothing is made for the account either until a
person has said whether it is the customer: a second one for the same company would have to be merged by hand.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from o2c_orchestration.store.matches import UntiedAccount, UntiedCustomer


@dataclass(frozen=True)
class Suggestion:
    """An account may be a Stripe customer; `score` from 0 to 1, and what speaks for it in words."""

    account_id: str
    account: str
    stripe_id: str
    customer: str
    score: float
    evidence: str


def suggestions(accounts: Iterable[UntiedAccount], customers: Iterable[UntiedCustomer]) -> list[Suggestion]:
    """By account, the likeliest first."""
    by_email, by_name = defaultdict(list), defaultdict(list)
    for customer in customers:
        if customer.email:
            by_email[customer.email].append(customer)
        if customer.name:
            by_name[_plain(customer.name)].append(customer)
    found = []
    for account in accounts:
        same_email = {each.id: each for email in account.emails for each in by_email[email]}
        same_name = {each.id: each for each in by_name[_plain(account.name)]}
        for identifier in sorted(same_email | same_name):
            found.append(_suggestion(account, same_email.get(identifier), same_name.get(identifier)))
    return sorted(found, key=lambda each: (each.account_id, -each.score, each.stripe_id))


def _suggestion(
    account: UntiedAccount, same_email: UntiedCustomer | None, same_name: UntiedCustomer | None
) -> Suggestion:
    customer = same_email or same_name
    assert customer is not None
    evidence = []
    if same_email is not None:
        evidence.append(f"same e-mail address {same_email.email}")
    if same_name is not None:
        evidence.append(f"same name {same_name.name!r}")
    score = 1.0 if same_email is not None and same_name is not None else 0.9 if same_email is not None else 0.7
    name = customer.name or customer.email or customer.id
    return Suggestion(account.id, account.name, customer.id, name, score, " and ".join(evidence))


def _plain(name: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in name.casefold()).split())
