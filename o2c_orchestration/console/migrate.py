"""`o2c migrate`: the schema of this version, or back to that of the release before it."""

from typing import Annotated

import typer

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.console.letters import Json
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store.database import go_back, open_and_migrate


def migrate(
    to: Annotated[
        str | None, typer.Option("--to", metavar="REVISION", help="Back to this one, for the version before.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Bring the database to the schema of this version; `--to` back, before the version before is installed."""
    url = Assembly(load_settings()).database_url
    before, after = open_and_migrate(url)[1:] if to is None else go_back(url, to)
    if as_json:
        tables.print_json({"before": before, "after": after})
        return
    tables.console.print(f"schema at revision {after}")
    if to is not None:
        tables.console.print("Start nothing of this version any more: it would bring it forward again.")
