"""`o2c drift`: fields and values of the three systems that are not what they were, and who has looked at them."""

from typing import Annotated

import typer

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.console.letters import Actor, acting
from o2c_orchestration.domain.described import further_fields
from o2c_orchestration.domain.drift import Finding
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import drift as store
from o2c_orchestration.validate.drift import KINDS, report

app = typer.Typer(help="Fields and values of Stripe, NetSuite and Salesforce that are not what they were.")

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


@app.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    accepted: Annotated[bool, typer.Option("--accepted", help="What was accepted, by whom and why.")] = False,
    as_json: Json = False,
) -> None:
    """What drifted and nobody has accepted, what our code reads first; exit 1 when there is something."""
    if context.invoked_subcommand is not None:
        return
    assembly = Assembly(load_settings())
    if accepted:
        _show_accepted(store.accepted(assembly.engine), as_json=as_json)
        return
    found = _report(assembly)
    if as_json:
        tables.print_json([_json(each) for each in found])
    elif found:
        tables.show("Drift: o2c drift accept FIELD --reason '…'", [_row(each) for each in found])
    else:
        tables.console.print("Nothing has drifted: objects look as they did, and as our code reads them.")
    raise typer.Exit(1 if found else 0)


@app.command("accept")
def accept_command(
    fields: Annotated[
        list[str],
        typer.Argument(metavar="FIELD...", help="As listed: invoice.total_taxes; or 'netsuite_record_invoice.*'"),
    ],
    reason: Annotated[str, typer.Option(help="Why it is no problem; the audit trail keeps it.")],
    by: Actor = None,
) -> None:
    """Somebody has looked at these: they warn no more at this API version."""
    assembly = Assembly(load_settings())
    listed = _report(assembly)
    missed = sorted(name for name in fields if not any(_named(each, name) for each in listed))
    found = [each for each in listed if any(_named(each, name) for name in fields)]
    if found:
        store.accept(assembly.engine, found, acting(by), reason)
        tables.console.print(f"accepted: {', '.join(sorted({each.key for each in found}))}", markup=False)
    if missed:
        tables.error_console.print(f"o2c: nothing of this name has drifted: {', '.join(missed)}. See: o2c drift")
        raise typer.Exit(1)


def _report(assembly: Assembly) -> list[Finding]:
    return report(assembly.engine, KINDS, further_fields(assembly.policy))


def _named(finding: Finding, name: str) -> bool:
    """By its key, or all keys that begin so: a release of NetSuite brings dozens of fields."""
    return finding.key == name or (name.endswith("*") and finding.key.startswith(name.removesuffix("*")))


def _row(finding: Finding) -> dict[str, object]:
    return {
        "field": finding.key,
        "kind": finding.kind,
        "what": finding.what,
        "read by us": "yes" if finding.read else "",
        "API version": finding.api_version,
    }


def _json(finding: Finding) -> dict[str, object]:
    return {
        "key": finding.key,
        "object": finding.object,
        "api_version": finding.api_version,
        "kind": finding.kind,
        "path": finding.path,
        "what": finding.what,
        "read": finding.read,
        "detail": finding.detail,
        "since": finding.since,
    }


def _show_accepted(found: list[store.Accepted], *, as_json: bool) -> None:
    if as_json:
        tables.print_json(found)
    elif not found:
        tables.console.print("Nothing was accepted.")
    else:
        rows = [{"since": each.accepted_at.date(), "field": each.key, "by": each.actor, "reason": each.reason}
                for each in found]  # fmt: skip
        tables.show("Accepted", rows)
