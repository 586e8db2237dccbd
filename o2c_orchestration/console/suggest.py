"""`o2c suggest`: items, accounts and fields for what o2c.yaml does not map. Prints lines to paste, changes nothing."""

from collections.abc import Sequence
from typing import Annotated

import typer

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.console.suggest_fields import field_suggestions
from o2c_orchestration.domain import metadata
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.mirror.booked import booked_lines
from o2c_orchestration.reconcile.fields import FieldSuggestion
from o2c_orchestration.reconcile.mappings import BookedLine, Suggestion, price_votes, suggestions
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import unmapped

# Documents that are looked at for each price.
_DOCUMENTS = 20
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def suggest(as_json: Json = False) -> None:
    """Items for prices, accounts for types of fees and rules for fields that o2c.yaml does not map, with score and
    evidence."""
    assembly = Assembly(load_settings())
    found, looked = [*_prices(assembly), *_fees(assembly)], field_suggestions(assembly)
    fields = looked.found
    # Not on standard output, which may be JSON.
    for note in looked.notes():
        tables.error_console.print(f"o2c: {note}", markup=False)
    if as_json:
        tables.print_json([*map(_json, found), *map(_field_json, fields)])
    elif not found and not fields:
        tables.console.print("Nothing to suggest: what is not mapped is like nothing that NetSuite has.")
    else:
        _show(found, fields)


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
    banks = {*accounts.bank.values(), *accounts.destinations.values()}
    taken = {accounts.reserves, accounts.returned_payouts, accounts.suspense, *banks}
    return suggestions("accounts.fees", found, votes, unmapped.names(engine, "account"), taken)


def _spare(policy: Policy) -> set[str]:
    """Items that are for something else than what is sold."""
    items = policy.items
    return {name for name in (items.default, items.discount, items.tax, items.shipping, items.refund, items.dispute,
                              items.bad_debt, items.credit, items.balance, items.grant) if name}  # fmt: skip


def _show(found: Sequence[Suggestion], fields: Sequence[FieldSuggestion]) -> None:
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
    if rows:
        tables.show("Suggested mappings", rows, right=["money", "score"])
    if fields:
        told = [{"field": f"{each.setting}.{each.name}", "may be": each.yaml.removeprefix(f"{each.name}: "),
                 "score": each.score, "why": each.evidence} for each in fields]  # fmt: skip
        tables.show("Suggested fields", told, right=["score"])
    tables.console.print("Nothing was changed. The likeliest of each, to paste into o2c.yaml where you agree:\n")
    lines = [(each.setting, each.key, each.yaml, f"{each.score}: {each.text}") for each in found]
    lines += [(each.setting, each.name, each.yaml, f"{each.score}: {each.evidence}") for each in fields]
    best = {(setting, key): (text, why) for setting, key, text, why in reversed(lines)}
    chosen = {(each.setting, each.name): each for each in reversed(fields)}
    for (setting, _), each in reversed(chosen.items()):
        if each.tables_yaml:
            below = f"{setting.partition('mapping.')[0]}mapping.tables"
            best[below, each.tables_yaml] = (each.tables_yaml, f"for {each.name}")
    _paste([(setting, *line) for (setting, _), line in reversed(best.items())])


def _paste(lines: Sequence[tuple[str, str, str]]) -> None:
    """Entries (setting, entry, why) as YAML, each setting once."""
    before: list[str] = []
    for setting, text, why in sorted(lines, key=lambda each: each[0].split(".")):
        path = setting.split(".")
        same = next((n for n, pair in enumerate(zip(path, before, strict=False)) if pair[0] != pair[1]),
                    min(len(path), len(before)))  # fmt: skip
        for depth in range(same, len(path)):
            tables.console.print(f"{'  ' * depth}{path[depth]}:", markup=False)
        tables.console.print(f"{'  ' * len(path)}{text}   # {why}", markup=False, soft_wrap=True)
        before = path


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


def _field_json(each: FieldSuggestion) -> dict[str, object]:
    return {
        "setting": each.setting,
        "key": each.name,
        "rule": each.rule,
        "count": each.count,
        "score": each.score,
        "evidence": each.evidence,
        "yaml": each.yaml,
        "tables_yaml": each.tables_yaml,
    }
