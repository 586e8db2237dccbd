"""`o2c retention`: what is settled and old loses what it said, as `retention` in o2c.yaml says."""

from typing import Annotated, Any

import typer

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.console.letters import Json
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import retention as store
from o2c_orchestration.store.retention import Gone


def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what is old enough, and end there.")] = False,
    as_json: Json = False,
) -> None:
    """Empty or delete what is settled and older than `retention` in o2c.yaml says; the schedule does so daily."""
    assembly = Assembly(load_settings())
    work = store.look if dry_run else store.clean
    found = work(assembly.engine, assembly.policy.retention)
    if as_json:
        tables.print_json({"done": not dry_run, "tables": found})
        return
    tables.show("Old enough" if dry_run else "Done", [_row(each) for each in found], right=["rows", "days"])


def _row(gone: Gone) -> dict[str, Any]:
    since = gone.since and f"{gone.since:%Y-%m-%d}"
    return {"table": gone.table, "rows": gone.rows, "becomes": gone.becomes, "days": gone.days, "oldest": since or ""}
