"""The plan as an accountant reads it, like a diff, and its JSON form."""

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from o2c_orchestration.console.tables import console
from o2c_orchestration.domain.documents import Command, PlanLine, Refusal
from o2c_orchestration.domain.keys import common_customer_name
from o2c_orchestration.domain.money import format_money

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


Planned = Iterable[tuple[Command, str | None]]


def show_plan(planned: Planned, refusals: Iterable[Refusal], names: Mapping[str, str]) -> None:
    """The plan like a diff: document, customer, date, money, lines, why; one after the other, however many.

    `planned`: documents, each with why it is not written as things stand; `names`: a Stripe customer's name by its id.
    """
    count = Counter[bool]()
    for command, held in planned:
        _show_command(command, held, names)
        count[held is None] += 1
    for refusal in refusals:
        _show_refusal(refusal, names)
        count[False] += 1
    console.print(_summary(count[True], count[False]))


def with_what_waits(commands: Iterable[Command], held: Mapping[str, str]) -> Iterator[tuple[Command, str | None]]:
    """Each document, in the order of writing, with why it is not written as things stand.

    `held` maps an external id to that (NetSuite's no, or what it waits for); and whatever leans on what is held waits
    for it: a payment for its invoice, a deposit for that payment.
    """
    found = dict(held)
    for command in commands:
        before = next((key for key in command.depends_on if key in found), None)
        if before is not None and command.external_id not in found:
            found[command.external_id] = f"it waits for {before}: {found[before]}"
        yield command, found.get(command.external_id)


def _show_command(command: Command, held: str | None, names: Mapping[str, str]) -> None:
    sign, style = ("!", "yellow") if held else ("+", "green")
    amount = "" if command.document == "customer" else "  " + format_money(command.amount_minor, command.currency)
    to = f"  to {_name_of(command.body['account'])}" if command.document == "deposit" else ""
    head = f"{sign} {command.document} {command.external_id}  {command.effective_date}{amount}{to}"
    console.print(head, style=style, markup=False, soft_wrap=True)
    if command.document != "customer":
        _show_customer(command.customer_id, names)
        _show_common(command)
    for line, place in _placed(command):
        money = format_money(line.amount_minor, command.currency)
        console.print(f"    {money:>20}  {line.text}{place and f'  → {place}'}", markup=False, soft_wrap=True)
    if command.document == "deposit" and command.amount_minor < 0:
        taken = format_money(-command.amount_minor, command.currency)
        bank = _name_of(command.body["account"])
        console.print(
            f"    NetSuite takes no deposit below zero: its total is 0, and a line takes {taken} from {bank}",
            markup=False,
            soft_wrap=True,
        )
    console.print(f"    why: {held or command.why}", markup=False, style="dim", soft_wrap=True)


def _show_customer(customer: str | None, names: Mapping[str, str]) -> None:
    if customer:
        name = f" ({names[customer]})" if names.get(customer) else ""
        console.print(f"    customer {customer}{name}", markup=False, soft_wrap=True)


def _show_common(command: Command) -> None:
    """The NetSuite customer that a document is booked under, where that is not the customer's own."""
    reference = command.body.get("entity") or command.body.get("customer") or {}
    name = common_customer_name(str(reference.get("$document", ["", ""])[1]))
    if name is not None:
        console.print(f"    booked under {name}", markup=False, soft_wrap=True)


def _placed(command: Command) -> Iterator[tuple[PlanLine, str]]:
    """Lines with the NetSuite item or account that they go on, where they name one."""
    items = [", ".join([_name_of(line["item"]), *_days(line)]) for line in _lines(command, "item")]
    posted = {
        line["memo"]: _name_of(line["account"]) for name in ("other", "cashback") for line in _lines(command, name)
    }
    for place, line in enumerate(command.lines):
        if place < len(items):
            yield line, items[place]
        else:
            # What a deposit notes on a line of an account is the line's text, or the beginning of it.
            yield line, next((posted[memo] for memo in sorted(posted, reverse=True) if line.text.startswith(memo)), "")


def _days(line: Mapping[str, Any]) -> list[str]:
    """Over which days a line is delivered, whatever its fields for that are called."""
    days = [value for name, value in line.items() if name != "description" and _DAY.fullmatch(str(value))]
    return [" to ".join(days)] if days else []


def _lines(command: Command, sublist: str) -> list[dict[str, Any]]:
    return list(command.body.get(sublist, {}).get("items", []))


def _name_of(placeholder: Mapping[str, Any]) -> str:
    """What `{"$item": "Stripe Item"}` and its like name."""
    return str(next(iter(placeholder.values())))


def _show_refusal(refusal: Refusal, names: Mapping[str, str]) -> None:
    money = format_money(refusal.amount_minor, refusal.currency)
    head = f"! {refusal.document} {refusal.external_id}  {refusal.effective_date}  {money}"
    console.print(head, style="yellow", markup=False, soft_wrap=True)
    _show_customer(refusal.customer_id, names)
    console.print(f"    not written: {refusal.reason}\n    to do: {refusal.fix}", markup=False, soft_wrap=True)


def _summary(written: int, held: int) -> str:
    if not written and not held:
        return "Nothing to write: NetSuite has every document."
    return f"{written} documents to write (+), {held} that cannot be written as things stand (!)."


def plan_json(planned: Planned, refusals: Iterable[Refusal]) -> dict[str, Iterator[dict[str, Any]]]:
    """The plan's commands (with NetSuite's refusal, if it gave one) and refusals, one after the other."""
    return {
        "commands": ({**dataclasses.asdict(command), "held": held} for command, held in planned),
        "refusals": (dataclasses.asdict(refusal) for refusal in refusals),
    }
