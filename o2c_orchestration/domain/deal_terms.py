"""What a deal says of time and money, before any document is planned: its term, phases and what cannot be."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from o2c_orchestration.domain.deals import AccountRow, DealLine, DealRow
from o2c_orchestration.domain.policy import Policy


@dataclass(frozen=True)
class Trouble:
    """Why a deal cannot become documents: a code, and in the words of those who sell, what is wrong and what to do."""

    code: str
    reason: str
    fix: str


@dataclass(frozen=True)
class Phase:
    """A span of days, the last one not included (None: open), and the recurring lines that are billed in it."""

    start: date
    end: date | None
    lines: tuple[DealLine, ...]


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def start_of(deal: DealRow) -> date:
    """When it starts: as the deal says, else its earliest line if all of them say so, else when it was won."""
    known = [line.start for line in deal.lines if line.start is not None]
    said = min(known) if known and len(known) == len(deal.lines) else deal.close_date
    return deal.start or said


def end_of(deal: DealRow) -> date | None:
    """The first day after its term; None where it has none."""
    if deal.term_months is not None:
        return months_after(start_of(deal), deal.term_months)
    if deal.end is not None:
        return deal.end + timedelta(days=1)
    ends = [line.end for line in deal.lines if line.billing != "one_off"]
    known = [end for end in ends if end is not None]
    # Customers are told the last day of service.
    return max(known) + timedelta(days=1) if known and len(known) == len(ends) else None


def phases(deal: DealRow) -> tuple[Phase, ...]:
    """The spans in which the same recurring lines are billed, in order: a ramp has several."""
    recurring = [line for line in deal.lines if line.billing != "one_off"]
    spans = [(line, *_span(deal, line)) for line in recurring]
    edges = sorted({start for _, start, _ in spans} | {end for _, _, end in spans if end is not None})
    bounds: list[date | None] = [*edges, *([None] if any(end is None for _, _, end in spans) else [])]
    found = []
    for start, end in zip(edges, bounds[1:], strict=False):
        active = tuple(line for line, first, last in spans if first <= start and (last is None or last > start))
        if active:
            found.append(Phase(start, end, active))
    return tuple(found)


def _span(deal: DealRow, line: DealLine) -> tuple[date, date | None]:
    end = line.end + timedelta(days=1) if line.end is not None else end_of(deal)
    return line.start or start_of(deal), end


def trouble_of(policy: Policy, deal: DealRow, accounts: Mapping[str, AccountRow]) -> Trouble | None:
    """The first thing that keeps the whole deal from becoming documents, whichever they are."""
    first = _again(deal) or _earlier(policy, deal) or _no_account(deal, accounts) or _unread(deal)
    return first or next((found for line in deal.lines if (found := _line_trouble(deal, line)) is not None), None)


def _no_account(deal: DealRow, accounts: Mapping[str, AccountRow]) -> Trouble | None:
    account = accounts.get(deal.account_id or "")
    if deal.account_id is None:
        return Trouble("NO_ACCOUNT", f"the {deal.kind} has no account", "choose its account in Salesforce")
    if account is None or account.deleted:
        return Trouble(
            "ACCOUNT_GONE", "its account is deleted, or hidden from us", "choose another account in Salesforce"
        )
    return None


def _unread(deal: DealRow) -> Trouble | None:
    """What of it is not there, or is not what was sold any more."""
    if deal.trouble is not None:
        return Trouble("UNREADABLE", deal.trouble, f"correct the {deal.kind}'s products in Salesforce")
    if deal.reduced:
        text = "reduction orders take from it, and not all of it was written before: what is left would be a guess"
        fix = "enter what is left by hand, and name its ids on the order in Salesforce"
        return Trouble("REDUCED", text, fix)
    if not deal.lines:
        return Trouble("NO_LINES", f"the {deal.kind} has no products", "add its products in Salesforce")
    return None


def _again(deal: DealRow) -> Trouble | None:
    """What would be written a second time, or can only be taken from what was written."""
    if deal.written_as is not None:
        text = f"the same sale was written before as {deal.written_as}: it would be ordered or billed a second time"
        fix = (
            f"name on the {deal.kind} in Salesforce the sales order and what bills it; or, if it is another sale, take "
        )
        fix += "the opportunity off the order"
        return Trouble("WRITTEN_BEFORE", text, fix)
    if deal.reduces is not None:
        text = f"it is a reduction order, and {deal.reduces or 'the order it takes from'} was not written by us"
        fix = "take it off by hand, and name the sales order, or what bills it, on the reduction order in Salesforce"
        return Trouble("REDUCTION", text, fix)
    return None


def _earlier(policy: Policy, deal: DealRow) -> Trouble | None:
    """What follows an earlier deal, and cannot be written beside what was written for that one."""
    if deal.unasked is not None:
        text = f"its field {deal.unasked}, by which it may follow an earlier deal, was not read yet"
        return Trouble("EARLIER_UNREAD", text, "nothing: the next poll of Salesforce reads it")
    if deal.amends is not None:
        text = f"it amends {deal.amends or 'an earlier deal, and names none'}, which was not written by us: "
        text += "an order or a subscription of its own would come on top of what it changes"
        fix = f"change the order, and what bills it, by hand, and name one of the two on the {deal.kind} in Salesforce"
        return Trouble("AMENDMENT", text, fix)
    return None if deal.renews is None else _renewal(policy, deal, deal.earlier)


def _renewal(policy: Policy, deal: DealRow, earlier: DealRow | None) -> Trouble | None:
    """A renewal begins on the day on which the deal before is over, or later."""
    fix = f"correct it on the {deal.kind} in Salesforce"
    if earlier is None or earlier.deleted or not earlier.won or earlier.id == deal.id:
        named = f"{deal.renews}, which is no deal that is won" if deal.renews else "an earlier deal, and names none"
        return Trouble("RENEWAL_UNKNOWN", f"it renews {named}: when that one ends is not known", fix)
    end, starts = end_of(earlier), [line.start for line in deal.lines if line.start is not None]
    begins = min(start_of(deal), *starts) if starts else start_of(deal)
    if end is None and earlier.recurring:
        text = f"it renews {earlier.name} ({earlier.id}), which has no end: both would be billed at once"
        return Trouble("RENEWAL_OVERLAPS", text, f"give {earlier.id} a term in Salesforce")
    if end is not None and begins < end:
        text = f"it begins on {begins}, and {earlier.name} ({earlier.id}), which it renews, lasts until {_last(end)}"
        return Trouble("RENEWAL_OVERLAPS", text, f"let it begin on {end}, or shorten the earlier one's term; {fix}")
    if deal.goes_on is not None and deal.recurring and policy.deals.recurring != "none":
        text = f"{deal.goes_on} goes on billing {earlier.name} ({earlier.id}) after its term: both would be billed"
        return Trouble("RENEWAL_OVERLAPS", text, f"have it end with the term in Stripe: {_until(end)}")
    return None


def _last(end: date) -> str:
    return (end - timedelta(days=1)).isoformat()


def _until(end: date | None) -> str:
    return "end_behavior cancel" if end is None else f"end_behavior cancel, or cancelled as of {end}"


def _amount_trouble(line: DealLine) -> Trouble | None:
    if line.quantity == 0:
        text = f"line {line.name!r} sells a quantity of 0: there is nothing to order or to bill"
        return Trouble("ZERO_QUANTITY", text, "enter how many are sold, or take the line out, in Salesforce")
    if line.total_minor < 0 or line.quantity < 0:
        text = f"line {line.name!r} is negative: neither an order nor a subscription can bill it"
        return Trouble("NEGATIVE_LINE", text, "give the discount on the line that it belongs to")
    return None


def _line_trouble(deal: DealRow, line: DealLine) -> Trouble | None:
    wrong = _amount_trouble(line)
    if wrong is not None:
        return wrong
    if not line.entry_active:
        text = f"line {line.name!r} uses a price that is not active any more"
        return Trouble("INACTIVE_PRICE", text, "choose an active price book entry for it in Salesforce")
    if line.entry_currency is not None and line.entry_currency != deal.currency:
        text = (
            f"line {line.name!r} has a price in {line.entry_currency.upper()}, the deal is in {deal.currency.upper()}"
        )
        return Trouble("CURRENCY", text, f"add a price in {deal.currency.upper()} to the price book, and use that")
    if line.start is not None and line.end is not None and line.end < line.start:
        return Trouble("DATES", f"line {line.name!r} ends before it starts", "correct its dates in Salesforce")
    start, end = _span(deal, line)
    if line.billing != "one_off" and end is not None and end <= start:
        text = f"line {line.name!r} starts on {start}, when the deal's term is over"
        return Trouble("DATES", text, "correct its dates, or the term of the deal, in Salesforce")
    return None
