"""`o2c forget`: the personal data of a customer deleted from our database, at his request."""

import re
from typing import Annotated, Any

import typer

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.console.letters import Actor, Json, acting
from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import forget as store
from o2c_orchestration.store.forget import Report

_SUBJECT = re.compile(r"cus_\w+|001\w{15}")
_ELSEWHERE = """Not touched: Stripe, Salesforce and NetSuite, which keep records of their own. In this order, now:
  Stripe      a redaction job for the customer, or DELETE /v1/customers/ID
  Salesforce  delete or anonymize the account, its contacts, and the names of its deals
  NetSuite    Lists > Mass Update > Remove Personal Information; leave the external id, it ties documents to Stripe
Alerts that were sent, backups and log files keep what they said. See docs/operations.md, "forgotten"."""


def forget(
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="cus_… of Stripe, or 001… of Salesforce.")],
    reason: Annotated[str, typer.Option(help="Why, for the audit trail: a number of the request, and no name.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what is kept, and end there.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also a customer who is still to be made: he is made without a name.")
    ] = False,
    by: Actor = None,
    as_json: Json = False,
) -> None:
    """Delete a customer's name, e-mail address, phone number and addresses here; ids, amounts and days stay."""
    _check(subject, reason, asked=as_json and not (yes or dry_run))
    acting(by)
    assembly = Assembly(load_settings())
    common = _common(assembly.policy)
    if dry_run or not yes:
        _show(store.look(assembly.engine, subject, common), as_json=as_json, title="Kept of the customer")
    if dry_run:
        return
    if not yes:
        typer.confirm("Delete it for good?", abort=True)
    done = store.forget(assembly.engine, subject, reason.strip(), common, force=force)
    _show(done, as_json=as_json, title="Deleted", done=True)


def _check(subject: str, reason: str, *, asked: bool) -> None:
    if not _SUBJECT.fullmatch(subject):
        raise SettingsError(f"{subject!r} is neither a customer nor an account", "give cus_…, or 001… in 18 characters")
    if not reason.strip():
        raise typer.BadParameter("--reason says why, in words")
    if asked:
        raise typer.BadParameter("--json asks nobody: give --yes, or --dry-run")


def _common(policy: Policy) -> list[str]:
    return sorted({name.lower() for _, own in policy.each() if (name := own.customers.common)})


def _show(found: Report, *, as_json: bool, title: str, done: bool = False) -> None:
    ids = {"stripe": sorted(found.subject.stripe), "salesforce": sorted(found.subject.salesforce)}
    ids["netsuite"] = sorted(map(str, found.subject.netsuite))
    if as_json:
        held: dict[str, Any] = {"blocked": found.blocked, "waiting": found.waiting}
        tables.print_json({"deleted": done, "ids": ids, "tables": found.tables, **held})
        return
    rows = [{"table": each.table, "rows": each.rows, "what": each.what, "becomes": each.becomes}
            for each in found.tables]  # fmt: skip
    every = ", ".join(key for some in ids.values() for key in some)
    tables.console.print(f"The customer is {every}.", markup=False, soft_wrap=True)
    tables.show(title, rows, right=["rows"])
    if not rows:
        tables.console.print("Nothing personal is kept of it.")
    for key, state in (*found.blocked, *found.waiting) if not done else ():
        tables.console.print(f"Still to be written: {key} ({state}).", markup=False)
    if done:
        tables.console.print(_ELSEWHERE, markup=False, soft_wrap=True)
