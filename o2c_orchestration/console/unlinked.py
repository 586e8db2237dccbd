"""`o2c unlinked`: documents in NetSuite that nobody tied to Stripe, and dismissing those that are other business."""

from typing import Annotated

import typer

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.console.letters import Actor, acting
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import look_alikes
from o2c_orchestration.store.look_alikes import Unlinked

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
    by: Actor = None,
) -> None:
    """It is other business: it holds up no document of ours any more, and is no gap."""
    if not reason.strip():
        raise typer.BadParameter("--reason says why, in words")
    try:
        told = look_alikes.tell_apart(Assembly(load_settings()).engine, netsuite_id, reason.strip(), acting(by))
    except ValueError as error:
        tables.error_console.print(f"o2c: document {netsuite_id} names {error}. Change its memo in NetSuite first.")
        raise typer.Exit(1) from error
    if told is None:
        tables.error_console.print(f"o2c: no document {netsuite_id} was read from NetSuite. See o2c unlinked list.")
        raise typer.Exit(1)
    said = f"{told[0]} {netsuite_id} is other business. What it held up is planned by the next run over its day."
    tables.console.print(said, markup=False)


def _row(each: Unlinked) -> dict[str, str]:
    told = {} if each.reason is None else {"reason": each.reason, "by": each.by or ""}
    return {
        "id": str(each.netsuite_id),
        "document": f"{each.document} {each.number or ''}".strip(),
        "date": each.date.isoformat(),
        "customer": each.customer_id,
        "amount": format_money(each.amount_minor, each.currency),
        **told,
    }
