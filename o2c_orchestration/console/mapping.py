"""`o2c mapping`: where a document's fields come from, what another o2c.yaml would change, the schema for editors."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.domain.documents import Command, Refusal
from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.domain.keys import DEALS, stripe_id_of
from o2c_orchestration.domain.mapping_sources import Trace
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.explain_mapping import Change, ShownDocument, changes, shown, shown_refusal
from o2c_orchestration.policy_file import load_policy
from o2c_orchestration.settings import load_settings
from o2c_orchestration.shadow import shadow_orders, shadow_plan
from o2c_orchestration.store.accounts import owners
from o2c_orchestration.store.mapped import day_of, stripe_id_of_document

app = typer.Typer(help="Which NetSuite field comes from where.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
_DAYS = 30
_SHOWN_MAX = 50


@app.command("show")
def show_command(
    key: Annotated[str, typer.Argument(metavar="ID", help="in_…, ch_…, cm-re_…, cus_…, 006…, 801… or a NetSuite id.")],
    as_json: Json = False,
) -> None:
    """Every field of the documents of one object: its value, where it came from, which rule said so."""
    assembly = Assembly(load_settings())
    found = _documents(assembly, stripe_id_of_document(assembly.engine, key))
    if as_json:
        tables.print_json(found)
    for document in () if as_json else found:
        _show(document)
    if not found:
        tables.error_console.print(
            f"o2c: no document would be made of {key}, or it was never read: see o2c trace {key}"
        )
        raise typer.Exit(1)


def _documents(assembly: Assembly, key: str) -> list[ShownDocument]:
    """Those of the object that a key names: of one document's key only that one, of an object's all of them."""
    traces: dict[str, tuple[Trace, ...]] = {}
    stripe_id, policy = stripe_id_of(key), assembly.policy
    if key.startswith(DEALS):
        plan = shadow_orders(assembly.engine, policy, [key], traces)
    else:
        stripe_id = stripe_id.partition("-")[0]
        day = day_of(assembly.engine, stripe_id)
        if day is None:
            return []
        plan = shadow_plan(assembly.engine, policy, day, day, traces)
    every: tuple[Command | Refusal, ...] = (*plan.commands, *plan.refusals)
    wanted = {item.external_id for item in every if item.stripe_id == stripe_id}
    wanted &= {key} if key in wanted and key != stripe_id else wanted
    own = _policy_of(assembly, stripe_id)
    found = [shown(item, own, traces.get(item.external_id, ())) for item in plan.commands if item.external_id in wanted]
    return [*found, *(shown_refusal(item) for item in plan.refusals if item.external_id in wanted)]


def _policy_of(assembly: Assembly, stripe_id: str) -> Policy:
    if not assembly.policy.entities:
        return assembly.policy
    account = owners(assembly.engine, [stripe_id]).get(stripe_id)
    return assembly.policy.of(account) if account in assembly.policy.stripe_accounts else assembly.policy


def _show(document: ShownDocument) -> None:
    title = f"{document.document} {document.external_id}"
    if document.refused:
        tables.console.print(f"! {title}: {document.refused}", style="yellow", markup=False)
        return
    rows = [
        {"field": each.field, "value": each.value, "from": each.source, "rule": each.rule} for each in document.fields
    ]
    tables.show(title, rows)


@app.command("diff")
def diff_command(
    old: Annotated[Path, typer.Argument(metavar="OLD.yaml")],
    new: Annotated[Path, typer.Argument(metavar="NEW.yaml")],
    days: Annotated[int, typer.Option(help="Objects that Stripe created in so many days before now.")] = _DAYS,
    as_json: Json = False,
) -> None:
    """Which documents another o2c.yaml would make differently, field by field; writes nothing and sends nothing.

    Exit 1 when NEW refuses what OLD writes.
    """
    if days < 1:
        raise SettingsError(f"--days {days} is no number of days", "give 1 or more")
    before, after = (load_policy(path, "the path") for path in (old, new))
    assembly = Assembly(load_settings())
    found = _changes(assembly, before, after, days)
    if as_json:
        tables.print_json([_json(change) for change in found])
    else:
        _show_changes(found, days)
    raise typer.Exit(1 if any(change.kind == "refused" for change in found) else 0)


def _changes(assembly: Assembly, old: Policy, new: Policy, days: int) -> list[Change]:
    last = datetime.now(UTC).date()
    first = last - timedelta(days=days - 1)
    spans = [(max(first, policy.books.start), last) for policy in (old, new)]
    plans = [shadow_plan(assembly.engine, policy, *span) for policy, span in zip((old, new), spans, strict=True)]
    orders = [shadow_orders(assembly.engine, policy, None) for policy in (old, new)]
    return changes(*plans) + [change for change in changes(*orders) if change.document == "salesOrder"]


def _json(change: Change) -> dict[str, object]:
    fields = [{"field": name, "old": was, "new": becomes} for name, was, becomes in change.fields]
    head = {"change": change.kind, "document": change.document, "external_id": change.external_id}
    return {**head, "stripe_id": change.stripe_id, "fields": fields, "reason": change.reason or None}


def _show_changes(found: Sequence[Change], days: int) -> None:
    rows = [
        {"document": change.document, "key": change.external_id, "field": name, "old": was, "new": becomes}
        for change in found
        for name, was, becomes in change.fields or ((change.kind, None, change.reason),)
    ]
    tables.show(f"Changed over the last {days} days", rows[:_SHOWN_MAX])
    if len(rows) > _SHOWN_MAX:
        tables.console.print(f"and {len(rows) - _SHOWN_MAX} more lines: see --json")
    counts = Counter(change.kind for change in found)
    tables.console.print(", ".join(f"{number} {kind}" for kind, number in counts.items()) or "Nothing would change.")


@app.command("schema")
def schema_command() -> None:
    """The JSON schema of o2c.yaml, for editors; it is shipped as o2c.schema.json."""
    from o2c_orchestration.policy_schema import text

    typer.echo(text(), nl=False)
