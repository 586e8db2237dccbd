"""What an account says by now of a customer whom we made → a change of his record, or a difference. Pure.

What we would write today is compared with what we wrote last: so a rule of the mapping that gives another name makes no
difference, and neither does what somebody types in NetSuite, unless Salesforce changes too.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from o2c_orchestration.domain.customer_changes import FIELDS, IN_WORDS, CustomerDiffers, MadeCustomer, plain
from o2c_orchestration.domain.deals import AccountRow, DealRow, DealRows
from o2c_orchestration.domain.documents import Command, PlanLine
from o2c_orchestration.domain.keys import customer_field_key
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.deals import customer_of, vanished_trouble
from o2c_orchestration.plan.sales_order import entity_key_of


@dataclass(frozen=True)
class _Field:
    """A field in which an account and its customer differ: its name in o2c.yaml, what we wrote, what is said now."""

    name: str
    account: AccountRow
    deal: DealRow
    made: MadeCustomer
    wanted: Any

    @property
    def was(self) -> Any:
        """What we wrote last."""
        return self.made.written[FIELDS[self.name]].value

    @property
    def changed(self) -> bool:
        """Whether Salesforce says something else than when we wrote it."""
        return plain(self.was) != plain(self.wanted)

    @property
    def shown(self) -> str | None:
        """What NetSuite showed when it was last read, where that is known."""
        return self.made.shown_name if self.name == "name" else None

    @property
    def key(self) -> str:
        """Of the change, in the journal."""
        return customer_field_key(self.made.written[FIELDS[self.name]].journal_id, FIELDS[self.name])


def plan_customer_changes(
    policy: Policy, rows: DealRows, made: Mapping[str, MadeCustomer], conflicts: Mapping[str, str]
) -> tuple[list[Command], list[CustomerDiffers]]:
    """Changes to write, and what is told instead. `made` by account, `conflicts`: accounts that are several customers.

    Who is in `rows.vanished` is told with what to do. A customer whom two accounts claim is left alone: they would
    write over each other's words for ever.
    """
    commands: list[Command] = []
    differences: list[CustomerDiffers] = []
    for each in _differing(policy, rows, made, conflicts):
        gone, reason = rows.vanished.get(each.account.id), _reason(policy, each)
        if reason is None and _is_written(policy, each) and gone is not None:
            trouble = vanished_trouble(each.account, gone)
            reason = f"{trouble.reason}. To do: {trouble.fix}"
        if reason is not None:
            differences.append(_difference(each, reason))
        elif _is_written(policy, each):
            # Also where NetSuite shows it already, whoever wrote it: then nothing is sent, and it counts as ours.
            commands.append(_change(each))
    return commands, differences


def _is_written(policy: Policy, each: _Field) -> bool:
    refused = each.made.refused.get(each.key)
    again = refused is None or refused[0] != plain(each.wanted)
    return getattr(policy.customers.changes, each.name) == "salesforce" and each.changed and again


def _differing(
    policy: Policy, rows: DealRows, made: Mapping[str, MadeCustomer], conflicts: Mapping[str, str]
) -> Iterator[_Field]:
    if policy.customers.mode == "global":
        return
    numbers = {key: account.netsuite_id or _number(made, key) for key, account in rows.accounts.items()}
    claims = Counter(filter(None, numbers.values()))
    seen = set[str]()
    for deal in sorted(rows.deals, key=lambda each: (each.created_at, each.id)):
        account = rows.accounts.get(deal.account_id or "")
        if account is None or account.deleted or account.id in seen or account.id in conflicts:
            continue
        seen.add(account.id)
        if account.id in made and claims[made[account.id].netsuite_id] == 1:
            yield from _fields(policy, rows, deal, account, made[account.id])


def _number(made: Mapping[str, MadeCustomer], account_id: str) -> str | None:
    return made[account_id].netsuite_id if account_id in made else None


def _fields(policy: Policy, rows: DealRows, deal: DealRow, account: AccountRow, made: MadeCustomer) -> Iterator[_Field]:
    wanted = customer_of(policy, deal, account, rows)
    if wanted is None:
        return
    for name, field in FIELDS.items():
        ours, said = made.written.get(field), wanted.body.get(field)
        shown = made.shown_name if name == "name" else None
        if ours is None or not said:
            continue
        if plain(ours.value) != plain(said) or (shown is not None and shown != plain(ours.value)):
            yield _Field(name, account, deal, made, said)


def _reason(policy: Policy, each: _Field) -> str | None:
    """Why it is not carried over, in words; None where it is, or where nobody has to hear of it."""
    master, shown, changed = getattr(policy.customers.changes, each.name), each.shown, each.changed
    if master == "netsuite" or shown == plain(each.wanted):
        return None
    what, who = IN_WORDS[each.name], f"NetSuite customer {each.made.netsuite_id}"
    if master == "none":
        # Whose name came from Stripe was never called as his account is. Other fields `o2c check` tells.
        if each.name != "name" or not changed or not each.made.of_account:
            return None
        text = f"{what} is {plain(each.wanted)!r} in Salesforce by now, and {who} is {shown or plain(each.was)!r}"
        return f"{text}. To do: correct it in NetSuite, or set customers.changes.{each.name} in o2c.yaml"
    if shown is not None and shown != plain(each.was):
        text = f"{who} has {what} {shown!r}, and we wrote {plain(each.was)!r}: somebody changed it. "
        return text + f"Salesforce says {plain(each.wanted)!r}. To do: agree on one of the two, and write it in both"
    # What was refused is sent again once Salesforce says something else, or a person says so.
    value, words = each.made.refused.get(each.key, ("", ""))
    return words if changed and value == plain(each.wanted) else None


def _change(each: _Field) -> Command:
    field, was, wanted = FIELDS[each.name], plain(each.was), plain(each.wanted)
    what = IN_WORDS[each.name]
    return Command(
        document="customerField",
        external_id=each.key,
        stripe_id=each.account.id,
        customer_id=entity_key_of(each.account),
        currency=each.deal.currency,
        amount_minor=0,
        effective_date=each.deal.close_date,
        partition=each.deal.created_at.date(),
        why=f"{what} of NetSuite customer {each.made.netsuite_id} is {wanted!r} in Salesforce by now, and was {was!r}",
        body={"customer": {"id": each.made.netsuite_id}, "change": {field: each.wanted}, "was": {field: each.was}},
        lines=(PlanLine(f"{what}: {was} → {wanted}", 0),),
    )


def _difference(each: _Field, reason: str) -> CustomerDiffers:
    return CustomerDiffers(
        account_id=each.account.id,
        customer=each.account.name,
        stripe_id=each.account.stripe_id,
        netsuite_id=each.made.netsuite_id,
        field=each.name,
        currency=each.deal.currency,
        day=each.deal.close_date,
        reason=reason,
    )
