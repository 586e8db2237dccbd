"""`o2c unlinked`: documents in NetSuite that nobody tied to Stripe, and dismissing those that are other business."""

from datetime import date
from typing import Annotated, NoReturn

import typer

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.console.letters import Actor, acting
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import look_alikes
from o2c_orchestration.store.look_alikes import NotApart, Unlinked

app = typer.Typer(help="Documents in NetSuite of Stripe customers that name no Stripe object.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
_TITLE = "Named by nobody: write the Stripe id into the memo, or o2c unlinked dismiss ID --reason WHY"


@app.command("list")
def list_command(
    dismissed: Annotated[bool, typer.Option("--dismissed", help="Those that are other business, and why.")] = False,
    as_json: Json = False,
) -> None:
    """Which they are; exit 1 when one waits for a person."""
    found = look_alikes.unlinked(Assembly(load_settings()).engine, dismissed=dismissed)
    if as_json:
        tables.print_json(found)
    elif not found:
        tables.console.print("Nothing was dismissed." if dismissed else "Every document names its Stripe object.")
    tables.show("Dismissed" if dismissed else _TITLE, [_row(each) for each in found] if not as_json else [])
    raise typer.Exit(1 if found and not dismissed else 0)


@app.command("dismiss")
def dismiss_command(
    netsuite_id: Annotated[int, typer.Argument(metavar="ID", help="NetSuite's internal id of the document.")],
    reason: Annotated[str, typer.Option(help="Why nothing in Stripe stands behind it, for the audit trail.")],
    none_of_them: Annotated[bool, typer.Option("--none-of-them", help="It holds up several, and is none's.")] = False,
    by: Actor = None,
) -> None:
    """It is other business: it holds up no document of ours any more, and is no gap."""
    if not reason.strip():
        raise typer.BadParameter("--reason says why, in words")
    engine = Assembly(load_settings()).engine
    held = look_alikes.held_by(engine, netsuite_id)
    if len(held) > 1 and not none_of_them:
        ids = ", ".join(key for key, _ in held)
        _fail(f"document {netsuite_id} may be that of {ids}: write the right id into its memo, or give --none-of-them")
    try:
        told = look_alikes.tell_apart(engine, netsuite_id, reason.strip(), acting(by))
    except NotApart as error:
        _fail(f"document {netsuite_id} is that of {error.object_id}: its memo or external id in NetSuite says which")
    if told is None:
        _fail(f"no document {netsuite_id} was read from NetSuite. See o2c unlinked list.")
    tables.console.print(f"{told} {netsuite_id} is other business. {_what_follows(held)}", markup=False, soft_wrap=True)


def _what_follows(held: list[tuple[str, date]]) -> str:
    if not held:
        return "It held nothing up."
    days = [day for _, day in held]
    ids = ", ".join(key for key, _ in held)
    return f"It held up {ids}: o2c run --from {min(days)} --to {max(days)}, or o2c apply, goes on with that."


def _fail(text: str) -> NoReturn:
    tables.error_console.print(f"o2c: {text}", soft_wrap=True)
    raise typer.Exit(1)


def _row(each: Unlinked) -> dict[str, str]:
    told = {} if each.reason is None else {"reason": each.reason, "by": each.by or ""}
    return {
        "id": str(each.netsuite_id),
        "document": f"{each.document} {each.number or ''}".strip(),
        "date": each.date.isoformat(),
        "customer": each.customer_id or "",
        "amount": format_money(each.amount_minor, each.currency),
        "holds up": " ".join(each.holds_up),
        **told,
    }
