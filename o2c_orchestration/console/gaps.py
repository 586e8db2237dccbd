"""`o2c gaps`: what differs between the systems, as a table, as JSON, or for a spreadsheet."""

from collections.abc import Callable, Iterable
from typing import Annotated

import typer
from sqlalchemy import Engine

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import spreadsheet, tables
from o2c_orchestration.console.explain import gap_hints
from o2c_orchestration.console.reports import for_reports
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import inbox
from o2c_orchestration.store.agreement import agreement
from o2c_orchestration.store.gap_sums import open_gaps, some_gaps
from o2c_orchestration.store.gaps import Gap, each_gap
from o2c_orchestration.store.ledger import LEDGER_CURSOR
from o2c_orchestration.store.left_out import left_out_sums

NOTHING_READ = (
    "Nothing was read yet: `o2c run` reads Stripe and NetSuite and compares them. The demo company, while it is up: "
    "export O2C_ENV_FILE=.o2c/demo/env"
)
_NOT_COMPARED = "nothing was compared yet: NetSuite was never read. `o2c run` does it, or says why it cannot."


def gaps(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="All of them for a spreadsheet.")] = False,
    state: Annotated[str, typer.Option(help="open, resolved or all.")] = "open",
) -> None:
    """List the gaps between Stripe and NetSuite; exit 1 when one is open, or Stripe was read and never compared."""
    if state not in ("open", "resolved", "all"):
        raise typer.BadParameter("--state is open, resolved or all")
    if as_json and as_csv:
        raise typer.BadParameter("--json and --csv are two answers: ask for one")
    tell_all = _gaps_as_json if as_json else spreadsheet.print_gaps if as_csv else None
    assembly = Assembly(load_settings())
    with for_reports(assembly) as engine:
        wrong = _show_gaps(assembly, engine, None if state == "all" else state, tell_all)
    raise typer.Exit(1 if wrong else 0)


def _gaps_as_json(found: Iterable[Gap]) -> None:
    tables.print_json_list(tables.gap_json(gap) for gap in found)


def _show_gaps(
    assembly: Assembly, engine: Engine, asked: str | None, tell_all: Callable[[Iterable[Gap]], None] | None
) -> bool:
    """Whether one is open, or Stripe was read and never compared. `tell_all` prints them for a program."""
    found = some_gaps(engine, 0 if tell_all else tables.GAPS_SHOWN_MAX, asked)
    compared = bool(found.count) or ledger_was_read(engine)
    # It adds up all documents: for the table, or where nothing else tells whether anything was read.
    ties = [] if tell_all and compared else agreement(engine)
    compared = compared or (bool(ties) and assembly.settings.netsuite is None)
    if tell_all:
        tell_all(each_gap(engine, asked))
    elif compared:
        tables.show_gaps(found, gap_hints(engine, found.first))
        tables.show_agreement(ties, names=account_names(assembly))
        tables.show_left_out(left_out_sums(engine))
    elif not ties:
        tables.console.print(NOTHING_READ, markup=False)
    # Not one gap is no all-clear while the ledger was never read.
    if not compared and (ties or tell_all):
        tables.error_console.print(f"o2c: {_NOT_COMPARED}", soft_wrap=True)
    waiting = bool(ties) and not compared
    return waiting or (asked != "resolved" and bool(open_gaps(engine, 0).count))


def account_names(assembly: Assembly) -> dict[str, str]:
    """What the policy calls each Stripe account; of one account alone, nothing."""
    return {account: entity.name for account, entity in assembly.policy.entities.items()}


def ledger_was_read(engine: Engine) -> bool:
    """Whether NetSuite ever was."""
    return inbox.read_cursor(engine, LEDGER_CURSOR) is not None
