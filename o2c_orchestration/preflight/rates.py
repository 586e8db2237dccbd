"""Whether exchange rates of the currencies in use are there for today, and as new as they usually are.

A rate counts from its effective date until the next one, so an old one refuses no document: it makes amounts in the
base currency, and gain and loss, wrong. The currency's own record shows the newest rate without its date; the dates
are in SuiteQL's table CurrencyRate (base currency, currency, rate, effective date), which others query so.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.mirror.queries import exchange_rates as query
from o2c_orchestration.preflight.facts import Facts
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.store import ledger
from o2c_orchestration.store.needed_currencies import needed_currencies

# Where a provider brings them daily, a long weekend is no reason to speak; where people enter them, a month is usual.
_DAYS_AT_LEAST, _DAYS_OF_ONE, _TIMES = 5, 35, 3
_WHERE = "NetSuite (Lists > Accounting > Currency Exchange Rates)"
_OLD = "documents of today take the old rate: amounts in the base currency, and gain and loss, are off"
_NONE = "documents of today find no rate of their day, or are refused (o2c explain currency)"


def exchange_rates(engine: Engine, facts: Facts, policy: Policy) -> Iterator[Finding]:
    """Currencies of stored documents and bank accounts against each subsidiary's base currency; hints at most.

    Nothing where NetSuite does not tell its rates, or has one currency only. Never raises O2CError.
    """
    if policy.books.currency is not None:
        return
    today = datetime.now(policy.books.zone).date()
    rows = {(str(row.get("base")), str(row.get("currency"))): row for row in facts.rows(query(today))}
    if not rows:
        return
    # Of what is inactive or has no rate at all another finding tells.
    told = {key: row for key, row in facts.currencies.items() if row.get("inactive") != "T" and row.get("rate")}
    ids = {str(row.get("name", "")).lower(): key for key, row in told.items()}
    names = {key: name.upper() for name, key in ids.items()}
    needed = needed_currencies(engine) | {name for _, own in policy.each() for name in own.accounts.bank}
    used = sorted(name for name in needed if name in ids)
    pairs = [(base, ids[name]) for base in _bases(engine, facts, policy) for name in used if ids[name] != base]
    wrong = [_pair(names.get(base, base), names[key], rows.get((base, key)), today) for base, key in pairs]
    found = [each for each in wrong if each is not None]
    if pairs and not found:
        yield Finding("exchange rates", True, f"as new as usual: {', '.join(sorted({names[key] for _, key in pairs}))}")
    yield from found


def _bases(engine: Engine, facts: Facts, policy: Policy) -> list[str]:
    """Base currencies of the subsidiaries of the books, by internal id; of an account without any, its own."""
    own = {key for key, row in facts.currencies.items() if row.get("base") == "T"}
    reference = ledger.reference(engine)
    named = {ledger.find(reference, "subsidiary", each.books.subsidiary or "") for _, each in policy.each()}
    of = {str(row["currency"]) for key, row in facts.subsidiaries.items() if key in named and row.get("currency")}
    return sorted(of or own)


def _pair(base: str, currency: str, row: Mapping[str, Any] | None, today: date) -> Finding | None:
    what = f"exchange rate {currency}"
    if row is None:
        detail = f"NetSuite has no rate of {currency} to {base} that counts today"
        return Finding(what, None, detail, f"enter one in {_WHERE}", _NONE)
    try:
        newest, oldest, days = date.fromisoformat(row["newest"]), date.fromisoformat(row["oldest"]), int(row["days"])
    except (KeyError, TypeError, ValueError):
        return None
    age, usual = (today - newest).days, (newest - oldest).days / (days - 1) if days > 1 else None
    if age <= (_DAYS_OF_ONE if usual is None else max(_DAYS_AT_LEAST, _TIMES * usual)):
        return None
    before = "" if usual is None else f", and they came every {max(1, round(usual))} days or so before"
    detail = f"the newest rate of {currency} to {base} is of {newest}, {age} days old{before}"
    return Finding(what, None, detail, f"enter today's in {_WHERE}, or see why the provider brings none", _OLD)
