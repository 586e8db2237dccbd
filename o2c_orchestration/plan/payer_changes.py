"""What an account says by now of a Stripe customer whom we made → a change of a field of his, or a difference. Pure.

As with his customer in NetSuite (`plan/customer_changes.py`): compared is what we would write today with what we wrote
last, and what somebody typed in Stripe since is not overwritten. Each field is a change of its own, so that one which
Stripe refuses holds up no other. What the account leaves empty changes nothing.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from o2c_orchestration.domain.customer_changes import (
    IN_WORDS,
    PAYER_FIELDS,
    CustomerDiffers,
    MadePayer,
    comparable,
    conflict,
)
from o2c_orchestration.domain.deals import AccountRow, DealRow, DealRows
from o2c_orchestration.domain.documents import Command, PlanLine
from o2c_orchestration.domain.keys import payer_field_key
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.payer import said

_TO_DO = "To do: agree on one of the two, and write it in both"


@dataclass(frozen=True)
class _Field:
    """A field in which an account and its customer differ: what we wrote last (`was`), and what is said now.

    `unfit`: why what is said now cannot be written, in words that do not repeat it.
    """

    name: str
    account: AccountRow
    deal: DealRow
    made: MadePayer
    value: Any
    unfit: str | None = None

    @property
    def theirs(self) -> str:
        """The field's name in Stripe."""
        return PAYER_FIELDS[self.name]

    @property
    def was(self) -> str:
        """What we wrote last."""
        return comparable(self.theirs, self.made.written[self.theirs].value)

    @property
    def wanted(self) -> str:
        """What is said now."""
        return comparable(self.theirs, self.value)

    @property
    def shown(self) -> str | None:
        """What Stripe showed when it was last read, where that is known."""
        return self.made.shown.get(self.theirs)

    @property
    def differs(self) -> bool:
        """Whether there is anything to do or to tell."""
        return self.was != self.wanted or (self.shown is not None and self.shown != self.was)

    @property
    def key(self) -> str:
        """Of the change, in the journal."""
        return payer_field_key(self.made.written[self.theirs].journal_id, self.theirs)


def plan_payer_changes(
    policy: Policy, rows: DealRows, made: Mapping[str, MadePayer], conflicts: Mapping[str, str]
) -> tuple[list[Command], list[CustomerDiffers]]:
    """Changes to write, and what is told instead. `made` by account, `conflicts`: accounts that are several customers.

    A customer whom two accounts claim is left alone: they would write over each other's words for ever.
    """
    commands: list[Command] = []
    differences: list[CustomerDiffers] = []
    for each in _differing(policy, rows, made, conflicts):
        refused, reason = each.made.refused.get(each.key), _reason(each)
        if reason is not None:
            differences.append(_difference(each, reason))
        elif each.was != each.wanted and (refused is None or refused[0] != each.wanted):
            # Also where Stripe shows it already, whoever wrote it: then nothing is sent, and it counts as ours.
            commands.append(_change(each))
    return commands, differences


def _differing(
    policy: Policy, rows: DealRows, made: Mapping[str, MadePayer], conflicts: Mapping[str, str]
) -> Iterator[_Field]:
    claims = Counter(account.stripe_id for account in rows.accounts.values() if account.stripe_id)
    seen = set[str]()
    for deal in sorted(rows.deals, key=lambda each: (each.created_at, each.id)):
        account = rows.accounts.get(deal.account_id or "")
        if account is None or account.deleted or account.id in seen or account.id in conflicts:
            continue
        seen.add(account.id)
        payer = made.get(account.id)
        # Whom a person has named since is none of our making.
        if payer is not None and account.stripe_id == payer.stripe_id and claims[payer.stripe_id] == 1:
            found = (_field(name, account, deal, payer) for name in policy.customers.changes.stripe.followed)
            yield from (each for each in found if each is not None and each.wanted and each.differs)


def _field(name: str, account: AccountRow, deal: DealRow, made: MadePayer) -> _Field | None:
    return _Field(name, account, deal, made, *said(account, name)) if PAYER_FIELDS[name] in made.written else None


def _reason(each: _Field) -> str | None:
    """Why it is not carried over, in words; None where it is."""
    if each.shown == each.wanted:
        return None
    if each.shown is not None and each.shown != each.was:
        return f"{conflict(each.made.stripe_id, each.theirs, each.shown, each.was, each.wanted)}. {_TO_DO}"
    if each.unfit is not None and each.was != each.wanted:
        return f"{IN_WORDS[each.name]} of Stripe customer {each.made.stripe_id} cannot be written: {each.unfit}"
    # What was refused is sent again once Salesforce says something else, or a person says so.
    value, words = each.made.refused.get(each.key, ("", ""))
    return words if value == each.wanted else None


def _change(each: _Field) -> Command:
    what, customer = IN_WORDS[each.name], each.made.stripe_id
    body = {"params": {each.theirs: each.value}, "was": {each.theirs: each.made.written[each.theirs].value}}
    return Command(
        document="stripeCustomerField",
        external_id=each.key,
        stripe_id=each.account.id,
        customer_id=None,
        currency=each.deal.currency,
        amount_minor=0,
        effective_date=each.deal.close_date,
        partition=each.deal.created_at.date(),
        why=f"{what} of Stripe customer {customer} is {each.wanted!r} in Salesforce by now, and was {each.was!r}",
        body={"path": f"/v1/customers/{customer}", **body},
        lines=(PlanLine(f"{what}: {each.was} → {each.wanted}", 0),),
    )


def _difference(each: _Field, reason: str) -> CustomerDiffers:
    return CustomerDiffers(
        account_id=each.account.id,
        customer=each.account.name,
        stripe_id=each.made.stripe_id,
        netsuite_id=None,
        field=each.name,
        currency=each.deal.currency,
        day=each.deal.close_date,
        reason=reason,
        leg="salesforce_stripe",
    )
