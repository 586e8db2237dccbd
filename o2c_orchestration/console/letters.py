"""`o2c dead-letters`: writes that NetSuite refused or that were given up, and what a person decides about them."""

import getpass
import json
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.console.explain import letter_topic
from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.topics import hint
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import actor, letters
from o2c_orchestration.store.letters import DeadLetter, Inspection

app = typer.Typer(help="Writes that need a person: refused by NetSuite, or given up.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Actor = Annotated[str | None, typer.Option("--actor", help="Who decides; the user of this computer by default.")]
Code = Annotated[
    str | None,
    typer.Option("--reason", "--code", metavar="CODE", help="Only those with this error code, such as USER_ERROR."),
]


@app.command("list")
def list_command(
    code: Code = None,
    document: Annotated[
        str | None, typer.Option(help="Only one type: customer, invoice, creditMemo, deposit, …")
    ] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Answered on this day (UTC) or later.")] = None,
    dropped: Annotated[bool, typer.Option("--dropped", help="Those that a person gave up.")] = False,
    as_json: Json = False,
) -> None:
    """Refused and dead writes with NetSuite's words; exit 1 when there is one that nobody has decided about."""
    day = _day(since)
    states = letters.DROPPED if dropped else letters.WAITING
    found = letters.listed(_assembly().engine, states, code=code, document=document, since=day)
    if as_json:
        tables.print_json(found)
    else:
        _show_list(found)
    raise typer.Exit(1 if found and not dropped else 0)


@app.command("show")
def show_command(key: Annotated[str, typer.Argument(metavar="ID", help="External id.")], as_json: Json = False) -> None:
    """One dead letter: the request, the answer, every attempt with its time, the reason, what to do."""
    found = letters.inspect(_assembly().engine, key)
    if found is None:
        tables.error_console.print(f"o2c: {key} is no dead letter. `o2c trace {key}` tells what became of it.")
        raise typer.Exit(1)
    if as_json:
        values = asdict(found)
        tables.print_json({**values.pop("letter"), **values})
    else:
        _show(found)


@app.command("retry")
def retry_command(
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID...", help="External ids.")] = None,
    code: Code = None,
    every: Annotated[bool, typer.Option("--all", help="All that nobody has dropped.")] = False,
    by: Actor = None,
    as_json: Json = False,
) -> None:
    """Put writes back in line: the next apply sends them again, or looks them up first where that is open."""
    if [bool(ids), code is not None, every].count(True) != 1:
        raise typer.BadParameter("name external ids, or give --reason CODE, or --all")
    done = letters.reopen(_assembly().engine, ids or [], acting(by), code=code)
    _report("retried", done, ids or [], missed=code is not None and not done, as_json=as_json)


@app.command("drop")
def drop_command(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="External ids.")],
    reason: Annotated[str, typer.Option(help="Why it is given up; kept in the history and told by the gap.")],
    by: Actor = None,
    as_json: Json = False,
) -> None:
    """Give writes up, with actor and reason; nothing else of them changes, and their gaps stay open."""
    if not reason.strip():
        raise typer.BadParameter("--reason says why, in words")
    done = letters.drop(_assembly().engine, ids, acting(by), reason.strip())
    _report("dropped", done, ids, missed=False, as_json=as_json)


def _report(verb: str, done: list[str], asked: list[str], *, missed: bool, as_json: bool) -> None:
    absent = sorted(set(asked) - set(done))
    if as_json:
        tables.print_json({verb: done, "not_found": absent})
    else:
        tables.console.print(f"{len(done)} {verb}" + (f"; no dead letter: {', '.join(absent)}" if absent else ""))
    raise typer.Exit(1 if absent or missed else 0)


def _assembly() -> Assembly:
    return Assembly(load_settings())


def acting(name: str | None) -> str:
    """The audit trail is told the same name as the history."""
    if name is None:
        return getpass.getuser()
    if not name.strip():
        raise typer.BadParameter("--actor is a name")
    actor.act_as(f"user:{name.strip()}")
    return name.strip()


def _day(text: str | None) -> datetime | None:
    try:
        day = date.fromisoformat(text) if text is not None else None
    except ValueError:
        raise SettingsError(f"--since {text!r} is no date", "write it as YYYY-MM-DD, such as 2026-11-22") from None
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None


def _show_list(found: list[DeadLetter]) -> None:
    if not found:
        tables.console.print("No dead letters.")
    rows = [
        {
            "external id": each.external_id,
            "document": each.document,
            "amount": format_money(each.amount_minor, each.currency),
            "state": each.state,
            "NetSuite says": each.error_detail,
            "to do": _to_do(each),
        }
        for each in found
    ]
    tables.show("Dead letters", rows, right=["amount"])


def _to_do(letter: DeadLetter) -> str:
    if letter.state == "dropped":
        return f"dropped by {letter.decided_by} on {letter.decided_at:%Y-%m-%d}: {letter.decision}"
    topic = letter_topic(letter.error_code, letter.error_detail, letter.external_id)
    return " ".join(filter(None, (letter.fix, hint(topic) if topic else None)))


def _show(found: Inspection) -> None:
    letter = found.letter
    money = format_money(letter.amount_minor, letter.currency)
    _say(f"{letter.document} {letter.external_id}  {money}  {letter.state}")
    _say(f"reason: {letter.error_code}: {letter.error_detail}")
    _say(f"to do: {_to_do(letter)}")
    if found.request is None:
        _say("request: none ever left; this was planned, with names in place of NetSuite's ids:")
    else:
        _say("request, as it was last sent:")
    _say(json.dumps(found.planned if found.request is None else found.request, indent=2, ensure_ascii=False))
    tables.show("Attempts", [_attempt(each) for each in found.attempts])
    history = [{"time (UTC)": _time(each.at), "state": each.state, "what": each.note} for each in found.history]
    tables.show("History", history)


def _attempt(each: letters.Attempt) -> dict[str, Any]:
    answer = " ".join(str(part) for part in (each.status, each.code, each.words) if part is not None)
    sent, answered = _time(each.sent_at), _time(each.answered_at)
    return {
        "attempt": each.attempt,
        "sent (UTC)": sent,
        "answered": answered,
        "outcome": each.outcome,
        "answer": answer,
    }


def _time(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}" if moment else ""


def _say(text: str) -> None:
    tables.console.print(text, markup=False, soft_wrap=True)
