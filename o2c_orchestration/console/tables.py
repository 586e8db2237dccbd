"""Tables in the terminal and their JSON forms. Money for people as decimals, in JSON as minor units."""

import dataclasses
import json
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from o2c_orchestration.domain.money import format_amount, format_money
from o2c_orchestration.domain.policy import MAIN
from o2c_orchestration.preflight.start import Start
from o2c_orchestration.reconcile import summarize
from o2c_orchestration.reconcile.payouts import PayoutEquation, describe
from o2c_orchestration.store.agreement import Agreement
from o2c_orchestration.store.gap_sums import SomeGaps
from o2c_orchestration.store.gaps import Gap
from o2c_orchestration.store.left_out import LeftOutSum
from o2c_orchestration.store.trace import Step

# A file or a pipe has no width; rich would take 80 columns and fold money over two lines.
console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
# One line says what is wrong: it is the terminal that breaks it, and nobody else.
error_console = Console(stderr=True, highlight=False, soft_wrap=True)
_NARROW = 100
# More than anybody reads in a terminal.
GAPS_SHOWN_MAX = 200
_WRONG_MAX = 10
_NO_NAMES: Mapping[str, str] = MappingProxyType({})


def print_json(value: Any) -> None:
    """Stable JSON on standard output: dates as ISO text, keys in the order of the contract."""
    print(_json(value))


def print_json_list(values: Iterable[Any]) -> None:
    """As `print_json` prints a list, one after the other, for as many as there are."""
    _print_items(values, "")
    print()


def print_json_lists(lists: Mapping[str, Iterable[Any]]) -> None:
    """As `print_json` prints an object of lists, likewise; `lists` names at least one."""
    for place, (name, values) in enumerate(lists.items()):
        print("," if place else "{", f'  "{name}": ', sep="\n", end="")
        _print_items(values, "  ")
    print("\n}")


def _print_items(values: Iterable[Any], margin: str) -> None:
    none = True
    for value in values:
        print("[" if none else ",", textwrap.indent(_json(value), f"{margin}  "), sep="\n", end="")
        none = False
    print("[]" if none else f"\n{margin}]", end="")


def _json(value: Any) -> str:
    return json.dumps(value, default=_plain, indent=2, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def show(title: str, records: Sequence[Mapping[str, Any]], *, right: Iterable[str] = ()) -> None:
    """A table of records under a title; nothing for no records."""
    if not records:
        return
    numbers = set(right)
    whole = numbers | {"", "since", "oldest", "kind", "document", "arrival", "external id", "time (UTC)", "stage", "id"}
    grid = Table(title=title, title_justify="left", title_style="bold", header_style="bold", box=box.SIMPLE_HEAD)
    for head in records[0]:
        side = "right" if head in numbers else "left"
        # A figure that is cut is a wrong figure: where the terminal is too narrow, its rows run over.
        least = max(len(text) for text in [head, *(str(r[head]) for r in records)]) if head in whole else None
        grid.add_column(head, justify=side, no_wrap=head in whole, overflow="fold", min_width=least)  # type: ignore[arg-type]
    for record in records:
        # What other systems say may hold brackets, which are no markup.
        grid.add_row(*(escape(str("" if value is None else value)) for value in record.values()))
    console.print(grid, crop=False)


def show_blocks(title: str, records: Sequence[tuple[Sequence[str], Sequence[str]]]) -> None:
    """Records that are too long for a table: a line of short facts, in columns, and what is said of it beneath."""
    console.print(f"[bold]{title}[/bold]")
    widths = [max(len(head[n]) for head, _ in records) for n in range(len(records[0][0]))] if records else []
    for head, said in records:
        facts = "  ".join(fact.ljust(width) for fact, width in zip(head, widths, strict=True)).rstrip()
        console.print(f"\n  {facts}", markup=False, soft_wrap=True)
        for line in "\n".join(filter(None, said)).splitlines():
            # A word is never broken: it may be an id that somebody wants to copy.
            folded = textwrap.wrap(line, console.width - 4, break_long_words=False, break_on_hyphens=False)
            console.print(textwrap.indent("\n".join(folded), "    "), markup=False, soft_wrap=True)
    console.print()


def tell_start(start: Start) -> None:
    """Lines on standard error: what the preflight of a run found wrong, and why it goes on in observe mode, if so."""
    for found in start.reined:
        _tell(f"observe, nothing will be written: {found.what}: {found.detail}. {found.to_do}. Then run again.")
    if not start.wrong:
        return
    first, more = start.wrong[:_WRONG_MAX], len(start.wrong) - _WRONG_MAX
    _tell(f"preflight, {len(start.wrong)} found wrong; the run goes on, without what needs it. `o2c check` tells all.")
    for found in first:
        _tell(f"  {found.what}: {found.detail}. To do: {found.to_do}. Otherwise: {found.otherwise}.")
    if more > 0:
        _tell(f"  and {more} more")


def _tell(line: str) -> None:
    error_console.print(f"o2c: {line}", markup=False, soft_wrap=True, highlight=False)


def show_gaps(found: SomeGaps, hints: Mapping[str, str] = _NO_NAMES) -> None:
    """The first gaps one by one, and the sums of all by kind; `hints`: what stands behind a reason, by gap id."""
    if not found.count:
        console.print("No open gaps: the systems agree.")
        return
    gaps = found.first
    if console.width < _NARROW:
        show_blocks("Gaps", [_gap_block(gap, hints.get(gap.gap_id)) for gap in gaps])
    else:
        show("Gaps", [_gap_row(gap, hints.get(gap.gap_id)) for gap in gaps], right=["at stake"])
    if more := found.count - len(gaps):
        console.print(f"… and {more:,} younger ones: `o2c gaps --json` has them all.\n", markup=False)
    show("Gaps by kind", summarize(found.sums), right=["gaps", "at stake"])


def show_left_out(sums: Sequence[LeftOutSum]) -> None:
    """What metadata keeps out of NetSuite, and so out of the comparison; nothing where it keeps nothing out."""
    rows = [
        {"document": each.document, "documents": each.count, "money": format_money(each.minor, each.currency)}
        for each in sums
    ]
    show("Blocked by metadata: not written and not compared", rows, right=["documents", "money"])


def _gap_names(gap: Gap) -> list[str]:
    netsuite = f"NetSuite {gap.netsuite_id}" if gap.netsuite_id else None
    salesforce = f"Salesforce {gap.salesforce_id}" if gap.salesforce_id else None
    return [name for name in (salesforce, gap.stripe_id, netsuite) if name]


def _gap_block(gap: Gap, hint: str | None) -> tuple[list[str], list[str]]:
    """In a narrow terminal ids have lines of their own: one that runs over cannot be copied."""
    head = [str(gap.effective_date or ""), gap.kind, format_money(gap.at_stake_minor, gap.currency)]
    return head, [*_gap_names(gap), gap.reason + (f" {hint}" if hint else "")]


def _gap_row(gap: Gap, hint: str | None) -> dict[str, Any]:
    """Ids and reason share a column."""
    names = "\n".join(_gap_names(gap))
    return {
        "since": gap.effective_date,
        "kind": gap.kind,
        "at stake": format_money(gap.at_stake_minor, gap.currency),
        "document and reason": f"{names}\n{gap.reason}" + (f" {hint}" if hint else ""),
    }


def gap_json(gap: Gap) -> dict[str, Any]:
    """A gap as the contract names its fields."""
    values = dataclasses.asdict(gap)
    reason = values.pop("reason")
    return {**values, "reason": reason}


def show_trace(key: str, steps: Sequence[Step]) -> None:
    """Every step of an object in order of time (UTC)."""
    rows = [{"time (UTC)": f"{s.at:%Y-%m-%d %H:%M:%S}", "stage": s.stage, "id": s.id, "what": s.what} for s in steps]
    show(f"Trace of {key}", rows)


def show_agreement(
    ties: Sequence[Agreement], title: str = "Stripe against NetSuite", names: Mapping[str, str] = _NO_NAMES
) -> None:
    """The tie-out per document type and currency; what gaps explain and what is left are differences.

    Documents of a further Stripe account stand under its entity's name, or its id where `names` has none.
    """
    own = {tie: "" if tie.account == MAIN else f"{names.get(tie.account, tie.account)}: " for tie in ties}
    rows = [
        {
            "document": own[tie] + tie.document,
            "": tie.currency.upper(),
            "count": tie.count,
            "agree": tie.agreed,
            "agreed": format_amount(tie.agreed_minor, tie.currency),
            "Stripe": format_amount(tie.stripe_minor, tie.currency),
            "NetSuite": format_amount(tie.ledger_minor, tie.currency),
            "in gaps": format_amount(tie.explained_minor, tie.currency),
            "unexplained": format_amount(tie.residual_minor, tie.currency),
        }
        for tie in ties
    ]
    show(title, rows, right=list(rows[0])[2:] if rows else [])


def show_payouts(payouts: Sequence[PayoutEquation]) -> None:
    """Payouts with their deposits and what is left of the equations; id and state share a column, as with gaps."""
    rows = []
    for each in payouts:
        row = describe(each)
        state = ": ".join(filter(None, (row.pop("state"), each.why)))
        rows.append({"arrival": each.sums.arrival_date, **row, "payout": f"{row['payout']}\n{state}"})
    show("Payouts", rows, right=["amount", "members", "fees", "deposit", "residual"])
