"""`o2c rewrite`: a document of ours that a person took out of NetSuite, and that is to be there after all."""

from typing import Annotated

import typer

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.console.letters import Actor, Json, acting
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import gone

_NOT_GONE = (
    "not ours to write again: {ids}. Only what we wrote is, once it was seen to be deleted in NetSuite (`o2c run` "
    "looks); what others wrote is planned again by itself"
)


def rewrite(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="External ids, as gaps and traces tell them.")],
    reason: Annotated[str, typer.Option(help="Why it is to be written again, for the audit trail.")],
    by: Actor = None,
    as_json: Json = False,
) -> None:
    """Let the next plan write again what we wrote and somebody deleted in NetSuite; it is not done by itself."""
    if not reason.strip():
        raise typer.BadParameter("--reason says why, in words")
    done = gone.rewrite(Assembly(load_settings()).engine, ids, acting(by), reason.strip())
    absent = sorted(set(ids) - set(done))
    if as_json:
        tables.print_json({"rewritten": done, "not_found": absent})
    else:
        _report(done, absent)
    raise typer.Exit(1 if absent else 0)


def _report(done: list[str], absent: list[str]) -> None:
    if done:
        tables.console.print(
            f"{', '.join(done)}: the next `o2c apply` or run of its day plans and writes it anew.", soft_wrap=True
        )
    if absent:
        tables.error_console.print(f"o2c: {_NOT_GONE.format(ids=', '.join(absent))}.", soft_wrap=True)
