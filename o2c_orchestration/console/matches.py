"""`o2c matches`: which accounts of Salesforce may be customers of Stripe's, and what a person says to it."""

from typing import Annotated, Any

import typer

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.console.letters import Actor, acting
from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import matches
from o2c_orchestration.store.matches import Decision

app = typer.Typer(help="Which records of the three systems are one customer.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
_TITLE = "Suggested: o2c matches confirm ACCOUNT CUSTOMER, or reject ACCOUNT"
Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Id of a Salesforce account, 18 characters.")]


@app.command("list")
def list_command(
    decided: Annotated[bool, typer.Option("--decided", help="What was decided, instead of what is open.")] = False,
    as_json: Json = False,
) -> None:
    """Accounts that may be a Stripe customer, with what speaks for it; exit 1 when one waits for a person."""
    assembly = Assembly(load_settings())
    if decided:
        _show(matches.decisions(assembly.engine), as_json=as_json, title="Decided", score=False)
        return
    found = assembly.suggestions()
    _show(found, as_json=as_json, title=_TITLE, score=True)
    raise typer.Exit(1 if found else 0)


@app.command("confirm")
def confirm_command(
    account: Account,
    customer: Annotated[str, typer.Argument(metavar="CUSTOMER", help="Its Stripe customer, cus_….")],
    netsuite: Annotated[int | None, typer.Option(help="Its NetSuite customer too, by internal id.")] = None,
    by: Actor = None,
) -> None:
    """The account is this customer, for good; what waited for it goes on."""
    if not customer.startswith("cus_"):
        raise SettingsError(f"{customer!r} is no Stripe customer", "give its id, cus_…")
    who = acting(by)
    _keep(Decision(account, customer, netsuite, "confirmed", f"{who} says that it is {customer}", who))


@app.command("reject")
def reject_command(account: Account, by: Actor = None) -> None:
    """The account is none of the customers suggested: it gets one of its own when a deal needs it."""
    who = acting(by)
    _keep(Decision(account, None, None, "rejected", f"{who} says that it is none of them", who))


def _keep(decision: Decision) -> None:
    if not matches.decide(Assembly(load_settings()).engine, decision):
        tables.error_console.print(
            f"o2c: no account {decision.account_id} was read from Salesforce. Give all 18 characters."
        )
        raise typer.Exit(1)
    tables.console.print(f"{decision.account_id} {decision.decision}.", markup=False)


def _show(found: list[Any], *, as_json: bool, title: str, score: bool) -> None:
    if as_json:
        tables.print_json(found)
        return
    if not found:
        tables.console.print("Nothing is open." if score else "Nothing was decided.")
        return
    rows = [
        {
            "account": each.account_id,
            "name": each.account,
            "may be": each.stripe_id,
            "called": each.customer,
            "score": each.score,
            "why": each.evidence,
        }
        if score
        else {
            "account": each.account_id,
            "is": each.stripe_id or "none of them",
            "NetSuite": each.netsuite_id,
            "by": each.decided_by,
        }
        for each in found
    ]
    tables.show(title, rows)
