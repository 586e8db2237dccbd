"""`o2c suggest`: items and accounts for what o2c.yaml does not map. It prints lines to paste, and changes nothing."""

from collections.abc import Sequence
from typing import Annotated

import typer

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.domain import metadata
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.mirror.booked import booked_lines
from o2c_orchestration.reconcile.mappings import BookedLine, Suggestion, price_votes, suggestions
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import unmapped

# Documents that are looked at for each price.
_DOCUMENTS = 20
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def suggest(as_json: Json = False) -> None:
    """Items for prices and accounts for types of fees that o2c.yaml does not map, with score and evidence."""
    assembly = Assembly(load_settings())
    found = [*_prices(assembly), *_fees(assembly)]
    if as_json:
        tables.print_json([_json(each) for each in found])
    elif not found:
        tables.console.print("Nothing to suggest: what is not mapped is like nothing that NetSuite has.")
    else:
        _show(found)


def _prices(assembly: Assembly) -> list[Suggestion]:
    engine, items = assembly.engine, assembly.policy.items
    found = unmapped.unmapped_prices(engine, items.prices, metadata.ITEMS)
    lines = unmapped.hand_made(engine, sorted({each.key for each in found}), _DOCUMENTS)
    documents = {each.netsuite_id: each.currency for each in lines}
    booked: list[BookedLine] = []
    if documents and assembly.settings.netsuite is not None:
        booked = [BookedLine(*row) for row in booked_lines(assembly.ledger, documents)]
    votes = price_votes(lines, booked)
    return suggestions("items.prices", found, votes, unmapped.names(engine, "item"), _spare(assembly.policy))


def _fees(assembly: Assembly) -> list[Suggestion]:
    engine, accounts = assembly.engine, assembly.policy.accounts
    found = unmapped.unmapped_fees(engine, accounts.fees)
    votes = unmapped.fee_votes(engine, sorted({each.key for each in found}))
    taken = {accounts.reserves, accounts.returned_payouts, accounts.suspense, *accounts.bank.values()}
    return suggestions("accounts.fees", found, votes, unmapped.names(engine, "account"), taken)


def _spare(policy: Policy) -> set[str]:
    """Items that are for something else than what is sold."""
    items = policy.items
    return {name for name in (items.default, items.discount, items.tax, items.shipping, items.refund, items.dispute,
                              items.bad_debt, items.credit, items.balance, items.grant) if name}  # fmt: skip


def _show(found: Sequence[Suggestion]) -> None:
    rows = [
        {
            "what": each.key,
            "money": format_money(each.minor, each.currency),
            "may belong on": each.candidate,
            "score": each.score,
            "why": each.evidence,
        }
        for each in found
    ]
    tables.show("Suggested mappings", rows, right=["money", "score"])
    tables.console.print("Nothing was changed. The likeliest of each, to paste into o2c.yaml where you agree:\n")
    for setting in dict.fromkeys(each.setting for each in found):
        section, _, name = setting.partition(".")
        tables.console.print(f"{section}:\n  {name}:", markup=False)
        best = {each.key: each for each in reversed(found) if each.setting == setting}
        for each in reversed(best.values()):
            tables.console.print(f"    {each.yaml}   # {each.score}: {each.text}", markup=False, soft_wrap=True)


def _json(each: Suggestion) -> dict[str, object]:
    return {
        "setting": each.setting,
        "key": each.key,
        "text": each.text,
        "currency": each.currency,
        "count": each.count,
        "minor": each.minor,
        "candidate_id": each.candidate_id,
        "candidate": each.candidate,
        "score": each.score,
        "evidence": each.evidence,
        "yaml": each.yaml,
    }
