"""Which closed accounting and tax periods hold documents of Stripe, and what becomes of those not booked yet."""

from collections.abc import Iterator

from sqlalchemy import Engine

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.domain.errors import O2CError
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.mirror.periods import read_periods, read_tax_periods
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.store.periods import ClosedPeriod, closed_with_documents


def periods(engine: Engine, reader: NetSuiteReader, policy: Policy) -> Iterator[Finding]:
    """One finding for all periods, or one for each closed one with documents in it. Never raises O2CError."""
    tax = policy.periods.tax == "lock"
    try:
        count = read_periods(engine, reader)
        if tax and read_tax_periods(engine, reader) is None:
            yield _NO_TAX_PERIODS
    except O2CError as error:
        yield Finding("accounting periods", False, error.what, error.what_to_do, _REFUSED)
        return
    if count is None:
        yield _unreadable(policy)
        return
    found = closed_with_documents(engine, tax=tax)
    if not found:
        yield Finding("accounting periods", True, f"{count} periods; none that is closed holds documents of Stripe")
    yield from (_closed(each, policy) for each in found)


_REFUSED = "a document in a closed period is sent in vain (o2c explain closed_period)"
_NO_TAX_PERIODS = Finding(
    "tax periods",
    False,
    "they cannot be read: this account has none, or this role may not see them",
    "let the role see Setup > Accounting > Manage Tax Periods, or take periods.tax: lock out of o2c.yaml",
    "documents are added to months whose tax return was handed in",
)


def _unreadable(policy: Policy) -> Finding:
    needed = policy.periods.closed == "first_open"
    detail = "they cannot be read, so what lies in a closed one is known only when NetSuite refuses it"
    to_do = "let the role see Setup > Accounting > Manage Accounting Periods, which periods.closed: first_open needs"
    return Finding("accounting periods", False if needed else None, detail, to_do, _REFUSED)


def _closed(period: ClosedPeriod, policy: Policy) -> Finding:
    state = "closed" if period.closed or period.tax else "locked for receivables"
    kind = "tax period" if period.tax else "period"
    what, detail = f"{kind} {period.name}", f"{state}; Stripe dates {period.documents} documents in it"
    if not period.missing:
        return Finding(what, True, f"{detail}, all of them are booked")
    if policy.periods.closed == "first_open":
        return Finding(what, True, f"{detail}, {period.missing} not booked yet go into the first open period after it")
    to_do = "open it in NetSuite, or set periods.closed: first_open in o2c.yaml to book them later"
    return Finding(
        what,
        None,
        f"{detail}, {period.missing} of them are not booked",
        to_do,
        "they are refused (o2c explain PERIOD_CLOSED)",
    )
