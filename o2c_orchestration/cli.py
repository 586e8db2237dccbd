"""The command `o2c`. Exit 0: done. 1: found something wrong. 2: arguments or settings, with one line that says what."""

import logging
import sys
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from io import TextIOWrapper
from typing import Annotated, Any

import typer

from o2c_orchestration import logs, tracing
from o2c_orchestration.apply.execute import ApplyResult
from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import (
    alerts,
    drift,
    letters,
    mapping,
    matches,
    plan_text,
    quarantine,
    tables,
    unlinked,
)
from o2c_orchestration.console.backlog import show_backlog
from o2c_orchestration.console.close import close
from o2c_orchestration.console.explain import explain, gap_hints
from o2c_orchestration.console.forget import forget
from o2c_orchestration.console.gaps import NOTHING_READ, account_names, gaps, ledger_was_read
from o2c_orchestration.console.logins import logins
from o2c_orchestration.console.migrate import migrate
from o2c_orchestration.console.pages import serve_pages
from o2c_orchestration.console.receiver import serve_receiver
from o2c_orchestration.console.reports import for_reports
from o2c_orchestration.console.retention import retention
from o2c_orchestration.console.rewrite import rewrite
from o2c_orchestration.console.suggest import suggest
from o2c_orchestration.console.verify import verify_chain
from o2c_orchestration.domain.errors import O2CError, SettingsError
from o2c_orchestration.domain.policy import Mode
from o2c_orchestration.domain.topics import line_of
from o2c_orchestration.preflight.start import require_systems, start_run
from o2c_orchestration.reconcile import reconcile, reconcile_and_tie
from o2c_orchestration.settings import load_settings
from o2c_orchestration.signals import stop_as_on_ctrl_c
from o2c_orchestration.store import journal, planning, trace
from o2c_orchestration.store.gap_sums import open_gaps
from o2c_orchestration.store.left_out import left_out_sums
from o2c_orchestration.store.unsettled import held_for_void

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(alerts.app, name="alerts")
app.add_typer(letters.app, name="dead-letters")
app.add_typer(matches.app, name="matches")
app.add_typer(unlinked.app, name="unlinked")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(drift.app, name="drift")
app.add_typer(mapping.app, name="mapping")

_PLANNED_BLINDLY = (
    "NetSuite was never read: what it has already is planned too. `o2c run` reads it, or says why it cannot."
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def _print_version(asked: bool) -> None:
    if asked:
        tables.console.print(f"o2c {version('o2c-orchestration')}", highlight=False)
        raise typer.Exit


@app.callback()
def about(
    _: Annotated[
        bool, typer.Option("--version", help="Print the version and end.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Salesforce, Stripe, NetSuite and the gaps between them."""


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the first table.")] = False,
    reset: Annotated[bool, typer.Option("--reset", help="Forget earlier runs and start anew.")] = False,
    port: Annotated[int, typer.Option(help="Port of the Dagster UI; the next free one if it is taken.")] = 3000,
    sandbox_port: Annotated[int, typer.Option(help="Port of the sandbox.")] = 8940,
    receiver_port: Annotated[int, typer.Option(help="Port of the webhook receiver.")] = 8950,
    pages_port: Annotated[int, typer.Option(help="Port of the pages of gaps and traces.")] = 8960,
) -> None:
    """Run the demo company on the sandbox: backfill 30 days, show what agrees and the gaps, stay up."""
    from o2c_orchestration.console.demo import Ports, run_demo

    run_demo(once=once, reset=reset, ports=Ports(port, sandbox_port, receiver_port, pages_port))


@app.command()
def sandbox(
    host: str = "127.0.0.1",
    port: int = 8940,
    company: Annotated[bool, typer.Option(help="Load the demo company into an empty sandbox.")] = True,
    events_port: Annotated[
        int | None, typer.Option(help="Port of Salesforce's change events; none by default.")
    ] = None,
) -> None:
    """Serve local Stripe, NetSuite and Salesforce over HTTP until Ctrl-C."""
    from o2c_orchestration.console.demo import serve_sandbox

    serve_sandbox(load_settings().home / "sandbox", host, port, company=company, events_port=events_port)


@app.command()
def check(
    as_json: Json = False,
    rights: Annotated[
        bool, typer.Option("--rights", help="Also ask what a restricted Stripe key may write: 11 refused requests.")
    ] = False,
) -> None:
    """Preflight: database, credentials, what Stripe's key may read, and the NetSuite names that o2c.yaml gives."""
    from o2c_orchestration.preflight.run import preflight

    findings = preflight(_assembly(), rights=rights)
    if as_json:
        tables.print_json(findings)
    else:
        rows = [f.row() for f in findings]
        tables.show("Preflight", rows)
    raise typer.Exit(1 if any(f.ok is False for f in findings) else 0)


@app.command()
def run(
    first: Annotated[str | None, typer.Option("--from", metavar="DATE", help="YYYY-MM-DD.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="DATE", help="YYYY-MM-DD.")] = None,
    as_json: Json = False,
) -> None:
    """Extract to reconcile for days of Stripe's `created` (UTC), both included; the last 30 days by default.

    The preflight comes first: what is wrong is told on standard error, and the run goes on where it can.
    """
    assembly = _assembly()
    days = _days(assembly, _date("--from", first), _date("--to", last))
    tables.tell_start(start_run(assembly))
    # Dagster costs a second or two, which nobody has to wait for to be told of a wrong key.
    from o2c_orchestration.console.launch import dagster_instance, run_range
    from o2c_orchestration.console.progress import stage_progress

    with dagster_instance(assembly) as instance:
        if as_json or not sys.stdout.isatty():
            run_id = run_range(assembly, instance, *days)
        else:
            with stage_progress(assembly):
                run_id = run_range(assembly, instance, *days)
    _show_run(assembly, run_id, days, as_json=as_json)


def _show_run(assembly: Assembly, run_id: str, days: tuple[date, date], *, as_json: bool) -> None:
    ties = reconcile_and_tie(assembly.engine, assembly.policy)[1]
    found = open_gaps(assembly.engine, 0 if as_json else tables.GAPS_SHOWN_MAX)
    if as_json:
        counts = journal.counts(assembly.engine)
        summary = {"run_id": run_id, "from": days[0], "to": days[1], "mode": assembly.policy.mode.value}
        blocked = left_out_sums(assembly.engine)
        told = {"journal": counts, "agreement": ties, "open_gaps": found.count, "blocked_by_metadata": blocked}
        tables.print_json({**summary, **told})
        return
    tables.show_agreement(ties, names=account_names(assembly))
    tables.show_gaps(found, gap_hints(assembly.engine, found.first))
    tables.show_left_out(left_out_sums(assembly.engine))
    if assembly.policy.mode is Mode.OBSERVE:
        tables.console.print("mode: observe, nothing was written. `o2c plan` shows what sync would write.")


@app.command()
def plan(as_json: Json = False) -> None:
    """Show what would be written to NetSuite, like a diff; plans anew from the rows that are stored."""
    assembly = _assembly()
    engine = assembly.engine
    assembly.plan(assembly.policy.books.start, datetime.now(UTC).date())
    refused = journal.entries(engine, ["refused", "dead"])
    held = {e.external_id: f"NetSuite refused it: {e.error_detail}" for e in refused} | held_for_void(engine)
    found = plan_text.with_what_waits(planning.each_planned(engine), held), planning.each_refusal(engine)
    count = planning.count_planned(engine)
    if as_json:
        tables.print_json_lists(plan_text.plan_json(*found))
    else:
        plan_text.show_plan(*found, planning.customer_names(engine))
        if not count and not ledger_was_read(engine):
            tables.console.print(NOTHING_READ, markup=False)
    if count and assembly.settings.netsuite is not None and not ledger_was_read(engine):
        tables.error_console.print(f"o2c: {_PLANNED_BLINDLY}", soft_wrap=True)


@app.command()
def apply(as_json: Json = False) -> None:
    """Write what the plan shows to NetSuite (mode: sync only); reads the ledger and plans anew first."""
    assembly = _assembly()
    if assembly.policy.mode is not Mode.SYNC:
        raise SettingsError("mode is observe, which writes to no system", "set O2C_MODE=sync to let go of the brake")
    require_systems(assembly)
    outcome = _apply(assembly)
    if as_json:
        tables.print_json(outcome)
    else:
        tables.console.print(
            f"{outcome.written} written, {outcome.adopted} adopted, {outcome.refused} refused, "
            f"{outcome.open} waiting, {outcome.dead} dead letters"
        )
        if outcome.unknown:
            tables.console.print(
                f"Whether NetSuite wrote {outcome.unknown} of those that wait is unknown: they are looked up by the "
                "next sweep or apply, and not sent again before it is certain."
            )
    raise typer.Exit(1 if outcome.refused or outcome.dead or outcome.unknown else 0)


def _apply(assembly: Assembly) -> ApplyResult:
    """What a person entered since the last read must not be written a second time: look first."""
    today = datetime.now(UTC).date()
    assembly.read_reference()
    assembly.read_ledger(today, today)
    assembly.plan(assembly.policy.books.start, today)
    outcome = assembly.apply()
    assert outcome is not None
    assembly.read_ledger(today, today)
    reconcile(assembly.engine, assembly.policy)
    return outcome


@app.command("trace")
def trace_command(key: Annotated[str, typer.Argument(metavar="ID")], as_json: Json = False) -> None:
    """Follow one object (in_…, ch_…, cn_…, re_…, dp_…, txn_…, po_…, 006… or a NetSuite id) through every stage."""
    with for_reports(_assembly()) as engine:
        steps = trace.trace(engine, key)
    if as_json:
        tables.print_json(steps)
    elif steps:
        tables.show_trace(key, steps)
    if not steps:
        tables.error_console.print(f"o2c: nothing is known of {key}. Run the days it was created on, then try again.")
        raise typer.Exit(1)


app.command("gaps")(gaps)
app.command("close")(close)
app.command("explain")(explain)
app.command("receiver")(serve_receiver)
app.command("pages")(serve_pages)
app.command("backlog")(show_backlog)
app.command("verify-chain")(verify_chain)
app.command("suggest")(suggest)
app.command("rewrite")(rewrite)
app.command("forget")(forget)
app.command("migrate")(migrate)
app.command("logins")(logins)
app.command("retention")(retention)


def _assembly() -> Assembly:
    return Assembly(load_settings())


def _date(option: str, text: str | None) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date() if text is not None else None
    except ValueError:
        raise SettingsError(f"{option} {text!r} is no date", "write it as YYYY-MM-DD, such as 2026-11-22") from None


def _days(assembly: Assembly, first: date | None, last: date | None) -> tuple[date, date]:
    today = datetime.now(UTC).date()
    end = last or today
    start = first or end - timedelta(days=29)
    if start > end:
        raise SettingsError(f"--from {start} is after --to {end}", "swap them")
    if end > today:
        raise SettingsError(f"--to {end} lies in the future", f"use {today} or an earlier day")
    floor = assembly.policy.books.start
    if end < floor:
        raise SettingsError(
            f"--to {end} is before books.start {floor}", "set books.start in o2c.yaml to an earlier day"
        )
    return max(start, floor), end


# Typer carries a click of its own in newer versions and uses the installed one in older: this is the base of both.
_USAGE_ERROR: Any = next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")


def main() -> None:
    """Entry point: errors become one line on standard error and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal or file that cannot show a character gets a question mark, and not a traceback.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    # Errors only: what was refused is shown in tables.
    logs.configure(logging.ERROR)
    tracing.process_is("o2c-cli")
    stop_as_on_ctrl_c()
    sys.exit(_run())


def _run() -> int:
    try:
        return int(app(standalone_mode=False) or 0)
    except typer.Exit as done:
        return done.exit_code
    except (typer.Abort, KeyboardInterrupt):
        tables.error_console.print("o2c: stopped. Nothing is lost: run the same command again to go on.")
        return 130
    except _USAGE_ERROR as error:
        print(_usage(error), file=sys.stderr)
        return 2
    except O2CError as error:
        print(f"o2c: {line_of(error)}", file=sys.stderr)
        return error.exit_code


def _usage(error: Any) -> str:
    """What is wrong with the arguments in one line; the help as it is, where a command was called without any."""
    said = str(error.format_message())
    if said.startswith("Usage:"):
        return said
    line = " ".join(said.split())
    return f"o2c: {line}{'' if line.endswith(('.', '?')) else '.'} See: o2c --help"


if __name__ == "__main__":
    main()
