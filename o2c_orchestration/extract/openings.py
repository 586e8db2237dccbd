"""What a Stripe account held when the books started: what is on its balance now, less all that has moved since.

The balance transactions of before are not read for it, of which there may be years: an account's balance is the sum of
its transactions, so those since the books started, which are read anyway, lead back from today's.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import Engine

from o2c_orchestration.domain.policy_books import Books
from o2c_orchestration.extract.stripe import StripeExtractor
from o2c_orchestration.store.days import days_read
from o2c_orchestration.store.openings import moved_since, opening_told, record_opening

log = structlog.get_logger(__name__)

_MOVEMENTS = "balance_transaction"


def ask_openings(engine: Engine, each: Mapping[str, StripeExtractor], books: Books) -> None:
    """Keep the balance at the start of the books of every account of which it is not known, once all since is read."""
    for account, extractor in each.items():
        if not opening_told(engine, account, books.cut_over) and _all_read(engine, account, books):
            found = _at_the_start(engine, account, extractor, books)
            if found is not None:
                record_opening(engine, account, books.cut_over, found)


def _all_read(engine: Engine, account: str, books: Books) -> bool:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    return not days_read(engine, [_MOVEMENTS], books.start, yesterday, [account]).unread


def _at_the_start(engine: Engine, account: str, extractor: StripeExtractor, books: Books) -> dict[str, int] | None:
    """Asked before and after today's movements are read: where it moved meanwhile, the next run asks again."""
    now = extractor.balance()
    if now is None:
        return None
    today = datetime.now(UTC).date()
    read = extractor.window(_MOVEMENTS, max(today - timedelta(days=1), books.start), today)
    since = None if read.unreadable else moved_since(engine, account, books.cut_over)
    if since is None or extractor.balance() != now:
        log.info("the opening balance is asked for again by the next run", account=account)
        return None
    return {code: now.get(code, 0) - since.get(code, 0) for code in now.keys() | since.keys()}
