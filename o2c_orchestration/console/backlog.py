"""`o2c backlog`: what has changed and was not acted on yet, how old that is, and by when it is made up for."""

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import events, inbox
from o2c_orchestration.store.backlog import age_in_words, in_words, lag
from o2c_orchestration.store.events import Received


def show_backlog(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Show what waits to be re-read, and the last event; exit 1 when it waits longer than live.behind_after_minutes."""
    assembly = Assembly(load_settings())
    found, failing, last = lag(assembly.engine), inbox.failing(assembly.engine), events.latest(assembly.engine)
    behind = found.age is not None and found.age.total_seconds() > assembly.policy.live.behind_after_minutes * 60
    if as_json:
        told: dict[str, Any] = {"objects": found.waiting.objects, "urgent": found.waiting.urgent}
        told |= {"failing": failing, "oldest_change_at": found.waiting.changed_at}
        told |= {"last_event": last}
        told |= {"age_seconds": None if found.age is None else round(found.age.total_seconds())}
        tables.print_json({**told, "caught_up_at": found.caught_up_at, "behind": behind})
    else:
        tables.console.print(in_words(assembly.engine).capitalize() + ".")
        tables.console.print(_told(last), highlight=False)
        if failing:
            tables.show("Could not be read or planned yet", failing)
    raise typer.Exit(1 if behind else 0)


def _told(last: Received | None) -> str:
    """Whether anything comes at all: what comes is often read before anybody has looked."""
    if last is None:
        return "No event has come yet."
    ago = age_in_words(datetime.now(UTC) - last.received_at)
    way = "by webhook" if last.source == "webhook" else "from Stripe's list of events"
    text = f"The last event: {last.type} of {last.object_id or 'no object'}, {ago} ago, {way}"
    return f"{text}; nothing follows from it: {last.ignored}." if last.ignored else f"{text}."
