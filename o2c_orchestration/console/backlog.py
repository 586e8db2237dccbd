"""`o2c backlog`: what has changed and was not acted on yet, how old that is, and by when it is made up for."""

from typing import Annotated, Any

import typer

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import inbox
from o2c_orchestration.store.backlog import in_words, lag


def show_backlog(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Show what waits to be re-read; exit 1 when the oldest change is older than live.behind_after_minutes."""
    assembly = Assembly(load_settings())
    found, failing = lag(assembly.engine), inbox.failing(assembly.engine)
    behind = found.age is not None and found.age.total_seconds() > assembly.policy.live.behind_after_minutes * 60
    if as_json:
        told: dict[str, Any] = {"objects": found.waiting.objects, "urgent": found.waiting.urgent}
        told |= {"failing": failing, "oldest_change_at": found.waiting.changed_at}
        told |= {"age_seconds": None if found.age is None else round(found.age.total_seconds())}
        tables.print_json({**told, "caught_up_at": found.caught_up_at, "behind": behind})
    else:
        tables.console.print(in_words(assembly.engine).capitalize() + ".")
        if failing:
            tables.show("Could not be read or planned yet", failing)
    raise typer.Exit(1 if behind else 0)
