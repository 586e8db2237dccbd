"""What NetSuite has to be able to do before documents go there: currencies, rates, an open period, requests at once."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import Engine

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.domain.errors import O2CError, PermissionDenied
from o2c_orchestration.domain.periods import PeriodRow
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.preflight.facts import Facts
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.store.needed_currencies import needed_currencies
from o2c_orchestration.store.periods import known_periods

_AHEAD = timedelta(days=7)


def currencies(engine: Engine, facts: Facts, policy: Policy) -> Iterator[Finding]:
    """Each currency that Stripe's documents are in, or that a bank account is named for. Never raises O2CError."""
    needed = needed_currencies(engine) | {name for _, own in policy.each() for name in own.accounts.bank}
    known = _known(facts, policy)
    if not known:
        yield Finding("currencies", None, "NetSuite does not tell them", "let the role see currencies", _UNSENT)
        return
    found = {name: _currency(name, known.get(name), alone=len(known) == 1) for name in sorted(needed)}
    sound = [name.upper() for name, wrong in found.items() if wrong is None]
    if sound:
        yield Finding("currencies", True, f"in NetSuite, with a rate: {', '.join(sound)}")
    yield from (wrong for wrong in found.values() if wrong is not None)


def _known(facts: Facts, policy: Policy) -> dict[str, Mapping[str, str]]:
    """Currencies by code; of an account that keeps one, nothing more is to be known."""
    if policy.books.currency is not None:
        return {policy.books.currency: {}}
    return {str(row.get("name", "")).lower(): row for row in facts.currencies.values()}


_UNSENT = "documents in it are refused before they are sent (o2c explain REFERENCE_MISSING)"


def _currency(name: str, row: Mapping[str, str] | None, *, alone: bool) -> Finding | None:
    what, where = f"currency {name.upper()}", "NetSuite (Lists > Accounting > Currencies)"
    if row is None:
        return Finding(what, False, "is not in NetSuite, and Stripe has documents in it", f"add it in {where}", _UNSENT)
    if row.get("inactive") == "T":
        refused = "NetSuite refuses documents in it (o2c explain currency)"
        return Finding(what, False, "is inactive in NetSuite", f"make it active in {where}", refused)
    told = "base" in row or "rate" in row
    if told and not alone and row.get("base") != "T" and not float(row.get("rate") or 0):
        to_do = "enter one (Lists > Accounting > Currency Exchange Rates)"
        return Finding(what, False, "has no exchange rate in NetSuite", to_do, "NetSuite refuses documents in it")
    return None


def open_periods(engine: Engine, policy: Policy) -> Iterator[Finding]:
    """Whether documents of today have an open period, and those of next week; nothing where periods cannot be read."""
    today = datetime.now(policy.books.zone).date()
    found = known_periods(engine)
    if found:
        yield _period("period of today", today, found, policy)
        yield _period("period of next week", today + _AHEAD, found, policy, ahead=True)


def _period(what: str, day: date, found: Iterable[PeriodRow], policy: Policy, *, ahead: bool = False) -> Finding:
    mine = next((each for each in found if each.first <= day <= each.last and not (each.locked or each.tax)), None)
    refused = "documents of that day are refused (o2c explain PERIOD_CLOSED)"
    if mine is None:
        to_do = "create it in NetSuite (Setup > Accounting > Manage Accounting Periods)"
        detail = f"NetSuite has no accounting period for {day}"
        return Finding(what, None if ahead else False, detail, to_do, "NetSuite refuses documents of that day")
    if mine.closed or mine.receivables_locked:
        moves = policy.periods.closed == "first_open"
        to_do = "open it in NetSuite, or set periods.closed: first_open in o2c.yaml"
        detail = f"{mine.name} is closed or locked for receivables"
        return Finding(what, None if ahead or moves else False, detail, to_do, refused)
    return Finding(what, True, f"{mine.name} is open")


def reads(reader: NetSuiteReader) -> Finding:
    """Whether the role may see what the mirror reads. Never raises O2CError."""
    for table in ("transaction", "customer"):
        try:
            reader.suiteql_page(f"SELECT id FROM {table} ORDER BY id", limit=1)
        except O2CError as error:
            to_do = (
                "give the role Find Transaction and SuiteAnalytics Workbook, and view on what docs/security.md lists"
            )
            otherwise = "the ledger cannot be mirrored: nothing is compared or written"
            return Finding(
                "NetSuite reads", False, f"{table} records cannot be queried: {error.what}", to_do, otherwise
            )
    return Finding("NetSuite reads", True, "transactions and customers can be queried")


def concurrency(reader: NetSuiteReader, ours: int) -> Finding:
    """How many requests at once NetSuite allows, beside how many we make. Never raises O2CError."""
    what = "NetSuite concurrency"
    try:
        told = reader.concurrency_limits()
    except PermissionDenied:
        return Finding(what, None, f"we make up to {ours} requests at once; the limit is told to administrators only")
    except O2CError as error:
        return Finding(what, None, f"the limit cannot be read: {error.what}")
    limit = _limit(told)
    if limit is None:
        return Finding(what, None, f"we make up to {ours} requests at once; NetSuite does not tell the limit")
    shared = (
        "" if told.get("integrationLimitType") == "integrationSpecific" else ", shared with all that use the account"
    )
    detail = f"we make up to {ours} requests at once, NetSuite takes {limit}{shared}"
    if ours <= limit:
        return Finding(what, True, detail)
    to_do = f"set NETSUITE_CONCURRENCY to {limit} or less"
    return Finding(what, None, detail, to_do, "requests beyond it are turned away and made again, ours and others'")


def _limit(told: Mapping[str, object]) -> int | None:
    own = told.get("integrationLimitType") == "integrationSpecific"
    found = told.get("integrationConcurrencyLimit" if own else "accountConcurrencyLimit")
    return found if isinstance(found, int) else None
