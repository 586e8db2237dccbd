"""`o2c quarantine`: what failed its schema or was no event, and letting it go after a fix."""

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.console.letters import Actor, acting
from o2c_orchestration.domain.policy import MAIN
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import quarantine
from o2c_orchestration.store.quarantine import Held
from o2c_orchestration.validate.replay import Replay, Replayed

app = typer.Typer(help="What was set aside because it made no sense, and letting it go.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


@app.command("list")
def list_command(
    released: Annotated[bool, typer.Option("--released", help="What was let go, by whom and why.")] = False,
    as_json: Json = False,
) -> None:
    """Objects and records that failed their schema, signed bodies that are no events; exit 1 when one is held."""
    found = quarantine.listed(_assembly().engine, released=released)
    if as_json:
        tables.print_json(found)
    elif not found:
        tables.console.print("Nothing was let go." if released else "Nothing is in quarantine.")
    tables.show("Quarantine", [_row(each) for each in found] if not as_json else [])
    raise typer.Exit(1 if found and not released else 0)


@app.command("show")
def show_command(key: Annotated[str, typer.Argument(metavar="ID")], as_json: Json = False) -> None:
    """One of them with its payload as it is stored: personal data that is not kept elsewhere is not kept here."""
    found = quarantine.find(_assembly().engine, key)
    if not found:
        _absent([key])
        raise typer.Exit(1)
    if as_json:
        tables.print_json([{**asdict(held), "payload": payload} for held, payload in found])
        return
    for held, payload in found:
        _say(f"{held.object} {held.id} ({held.source})")
        _say(f"reason: {held.reason}")
        _say(f"first seen {held.first_seen_at:%Y-%m-%d %H:%M:%S}, last {held.last_seen_at:%Y-%m-%d %H:%M:%S} UTC")
        _say(_state(held))
        _say(json.dumps(payload, indent=2, ensure_ascii=False))


@app.command("release")
def release_command(
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID...")] = None,
    every: Annotated[bool, typer.Option("--all", help="All that is held.")] = False,
    reason: Annotated[
        str | None,
        typer.Option(help="Why, for the audit trail. A body that is no event is closed with it, if named by its ID."),
    ] = None,
    by: Actor = None,
    as_json: Json = False,
) -> None:
    """Look at it again: what passes leaves and is planned like any other, what does not stays with its reason."""
    if bool(ids) == every:
        raise typer.BadParameter("name ids, or give --all")
    if reason is not None and not reason.strip():
        raise typer.BadParameter("--reason says why, in words")
    acting(by)
    assembly = _assembly()
    keys = ids or [each.id for each in quarantine.listed(assembly.engine)]
    found = [pair for key in dict.fromkeys(keys) for pair in quarantine.find(assembly.engine, key)]
    held = [(each, payload) for each, payload in found if each.released_at is None]
    absent = [key for key in keys if not any(each.id.startswith(key) for each, _ in held)]
    done = _release(_replay(assembly), held, reason.strip() if reason else None, close=not every)
    _report(assembly, done, absent, as_json=as_json)
    raise typer.Exit(1 if done.stays or absent else 0)


def _release(replay: Replay, held: list[tuple[Held, Any]], reason: str | None, *, close: bool) -> Replayed:
    done = replay.objects([each for each, _ in held if each.source == "stripe"], reason)
    records = [each for each, _ in held if each.source == "salesforce"]
    if records:
        one = replay.records(records, reason)
        done.released += one.released
        done.stays += one.stays
    for each, payload in held:
        if each.source == "webhook":
            one = replay.body(each, payload, reason, close=close and reason is not None)
            done.released += one.released
            done.closed += one.closed
            done.stays += one.stays
    return done


def _replay(assembly: Assembly) -> Replay:
    zones = {account: own.books.zone for account, own in assembly.policy.each()}
    return Replay(assembly.engine, zones[MAIN], zones, assembly.policy.live, assembly.settings.livemode)


def _report(assembly: Assembly, done: Replayed, absent: list[str], *, as_json: bool) -> None:
    stays = {each.id: each.reason for each in quarantine.listed(assembly.engine) if each.id in done.stays}
    if as_json:
        told = {"released": done.released, "closed": done.closed}
        tables.print_json({**told, "stays": [{"id": key, "reason": stays[key]} for key in stays], "not_found": absent})
        return
    _say(f"{len(done.released)} released, {len(done.closed)} closed, {len(stays)} stay")
    for key, why in stays.items():
        _say(f"{key} stays: {why}")
    if done.released:
        _say("The next run, or `o2c plan`, plans what was released.")
    if absent:
        _absent(absent)


def _row(held: Held) -> dict[str, Any]:
    what = {"since": f"{held.first_seen_at:%Y-%m-%d}", "last seen": f"{held.last_seen_at:%Y-%m-%d}"}
    # Of a body the beginning of its hash is enough for the other commands.
    key = held.id[:16] if held.source == "webhook" else held.id
    why = held.reason if held.released_at is None else f"{held.reason}\n{_state(held)}"
    return {**what, "object": held.object, "id": key, "reason": why}


def _state(held: Held) -> str:
    if held.released_at is None:
        return "held"
    why = f": {held.release_reason}" if held.release_reason else ""
    return f"{held.outcome} on {held.released_at:%Y-%m-%d} by {held.released_by or 'a run'}{why}"


def _absent(keys: list[str]) -> None:
    tables.error_console.print(f"o2c: not held in quarantine: {', '.join(keys)}", markup=False, soft_wrap=True)


def _say(text: str) -> None:
    tables.console.print(text, markup=False, soft_wrap=True)


def _assembly() -> Assembly:
    return Assembly(load_settings())
