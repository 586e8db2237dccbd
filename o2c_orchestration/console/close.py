"""`o2c close`: whether a month can be closed, and its tie-out to the cent."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.console.lock import decide, decision, show_locks
from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.domain.money import format_money
from o2c_orchestration.domain.months import Month
from o2c_orchestration.reconcile.close import Close, close_month
from o2c_orchestration.reconcile.report import close_data
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store.customer_credits import Credit, totals
from o2c_orchestration.store.receivables import Owing, Receivables


def close(
    month: Annotated[str, typer.Option("--month", metavar="YYYY-MM", help="The month, in the books' time zone.")],
    lock: Annotated[bool, typer.Option("--lock", help="Book nothing in it any more, and keep its figures.")] = False,
    unlock: Annotated[bool, typer.Option("--unlock", help="Take the lock off.")] = False,
    by: Annotated[str | None, typer.Option(help="Who locks or unlocks it.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why; kept in the audit trail.")] = None,
    anyway: Annotated[bool, typer.Option("--anyway", help="Lock it though it is not ready.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
) -> None:
    """Readiness of a month and its tie-out to the cent; exit 0 when it can be closed (or was locked), 1 when not."""
    wanted = decision(lock=lock, unlock=unlock, by=by, reason=reason, anyway=anyway)
    assembly, now = Assembly(load_settings()), datetime.now(UTC)
    asked = _month(assembly, month, now)

    def look() -> Close:
        return close_month(assembly.engine, assembly.policy, asked, now)

    found = decide(assembly, asked, wanted, look) if wanted else look()
    if as_json:
        tables.print_json(close_data(found))
    else:
        _show(found)
    done = found.ready if wanted is None else (found.lock is not None) == wanted.lock
    raise typer.Exit(0 if done else 1)


def _month(assembly: Assembly, text: str, now: datetime) -> Month:
    try:
        month = Month.parse(text)
    except ValueError:
        raise SettingsError(f"--month {text!r} is no month", "write it as YYYY-MM, such as 2026-10") from None
    current = Month.of(now.astimezone(assembly.policy.books.zone).date())
    if month > current:
        raise SettingsError(f"--month {month} lies in the future", f"use {current} or an earlier month")
    start = assembly.policy.books.start
    if month.last < start:
        raise SettingsError(f"--month {month} is before books.start {start}", "set books.start in o2c.yaml earlier")
    return month


def _show(found: Close) -> None:
    marks = {True: "ok", False: "NOT YET"}
    items = [{"what": item.what, "": marks[item.ok], "detail": item.detail} for item in found.items]
    tables.show(f"Close of {found.month}", items)
    tables.show_payouts(found.payouts)
    tables.show_agreement(found.ties, f"Documents of {found.month}: Stripe against NetSuite", found.names)
    _show_balance(found)
    _show_openings(found)
    _show_clearing(found)
    _show_receivables(found)
    _show_credits(found)
    _show_late(found)
    evidence = [
        {"sum": e.what, "rows": e.rows, "total": format_money(e.minor, e.currency), "SHA-256": e.sha256[:16] + "…"}
        for e in found.evidence
    ]
    tables.show("Evidence (whole hashes with --json)", evidence, right=["rows", "total"])
    show_locks(found)
    tables.console.print(_conclusion(found))


def _conclusion(found: Close) -> str:
    if found.lock is not None:
        return f"{found.month} is locked: documents dated in it are refused, or booked later (periods.closed)."
    return f"{found.month} can be closed." if found.ready else f"{found.month} cannot be closed yet."


def _show_balance(found: Close) -> None:
    rows = [
        {
            "": found.whose(each.account) + text,
            "amount": format_money(minor, each.currency),
        }
        for each in found.balance
        for text, minor in (
            ("opening", each.opening_minor),
            (f"movements ({each.transactions})", each.movements_minor),
            ("closing", each.closing_minor),
            ("  documents that no payout took", each.documents_minor),
            ("  other movements that none took", each.other_minor),
            ("  fees on both", -each.fees_minor),
            ("  payouts under way", each.payouts_minor),
            ("  complete payouts", each.imbalance_minor),
        )
    ]
    tables.show("Stripe balance (UTC)", rows, right=["amount"])


def _show_openings(found: Close) -> None:
    rows = [
        {
            "currency": found.whose(each.account) + each.currency.upper(),
            "Stripe held": _maybe(each.balance_minor, each.currency),
            "has documents": format_money(each.adopted_minor, each.currency),
            "declared": _maybe(each.declared_minor, each.currency),
            "deposited": format_money(each.taken_minor, each.currency),
            "left": _maybe(each.left_minor, each.currency),
            "still at Stripe": _maybe(each.still_minor, each.currency),
        }
        for each in found.openings
        if each.declared_minor is not None or each.due_minor
    ]
    if rows:
        tables.show("Opening balances, as they are now", rows, right=list(rows[0])[1:])


def _maybe(minor: int | None, currency: str) -> str:
    return "" if minor is None else format_money(minor, currency)


def _show_clearing(found: Close) -> None:
    rows = [
        {
            "account": f"{found.whose(each.account)}Undeposited Funds",
            "Stripe": format_money(each.stripe_minor, each.currency),
            "NetSuite": format_money(each.ledger_minor, each.currency),
            "explained by gaps": format_money(each.explained_minor, each.currency),
            "unexplained": format_money(each.residual_minor, each.currency),
        }
        for each in found.clearing.waiting
    ]
    for held in found.clearing.suspense:
        named, left = (format_money(minor, held.currency) for minor in (held.named_minor, held.residual_minor))
        there = format_money(held.ledger_minor, held.currency)
        account = f"{found.whose(held.account)}Suspense"
        rows.append({"account": account, "Stripe": "", "NetSuite": there, "explained by gaps": named,
                     "unexplained": left})  # fmt: skip
    tables.show("Clearing at the end of the month", rows, right=list(rows[0])[1:] if rows else [])


def _show_receivables(found: Close) -> None:
    rows = [_owed(f"{found.whose(each.account)}all ({each.customers})", each, "") for each in found.receivables]
    rows += [_owed(each.customer, each, each.gaps or "") for each in found.owing]
    sums = ["Stripe", "NetSuite", "explained by gaps"]
    tables.show("Receivables now: all, and customers that differ", rows, right=sums)


def _show_late(found: Close) -> None:
    rows = [
        {
            "document": f"{each.document} {each.key}",
            "amount": format_money(each.minor, each.currency),
            "dated in Stripe": each.stripe_date.isoformat(),
            "booked on": each.booked_date.isoformat(),
        }
        for each in found.late
    ]
    tables.show("Late items: booked in a later period, since theirs was closed", rows, right=["amount"])


def _show_credits(found: Close) -> None:
    """All customers together, and those whose balance is not all in documents."""
    odd = [each for each in found.credits if _odd(each)]
    rows = [
        {
            "customer": each.customer,
            "Stripe": format_money(each.stripe_minor, each.currency),
            "NetSuite": format_money(each.ledger_minor, each.currency),
            "explained by gaps": format_money(each.explained_minor, each.currency),
            "by hand": format_money(each.by_hand_minor, each.currency),
            "before the books": format_money(each.before_minor, each.currency),
            "unexplained": format_money(each.residual_minor, each.currency),
        }
        for each in (*totals(found.credits), *odd)
    ]
    right = ["Stripe", "NetSuite", "explained by gaps", "by hand", "before the books", "unexplained"]
    tables.show("To customers' credit now: all, and customers that differ", rows, right=right)


def _odd(each: Credit) -> bool:
    """Whether anything but documents tells of it."""
    return any((each.residual_minor, each.by_hand_minor, each.explained_minor, each.before_minor))


def _owed(customer: str, each: Receivables | Owing, gaps: str) -> dict[str, str]:
    return {
        "customer": customer,
        "Stripe": format_money(each.stripe_minor, each.currency),
        "NetSuite": format_money(each.ledger_minor, each.currency),
        "explained by gaps": format_money(each.explained_minor, each.currency),
        "gaps": gaps,
    }
