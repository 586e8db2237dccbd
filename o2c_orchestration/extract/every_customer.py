"""Every customer of a Stripe account, once: who is not known would be made a second time for a won deal."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from sqlalchemy import Engine

from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.extract.stripe import StripeExtractor
from o2c_orchestration.store import inbox

_CURSOR = "stripe_customers_of_all_time"
# Stripe is no older.
_FIRST = date(2010, 1, 1)


def read_every_customer(engine: Engine, extractor: StripeExtractor, validate: Callable[[str], object]) -> None:
    """Read customers of all time, where that was never done; later ones come with events and sweeps.

    Windows of days read only those that were made in them, and references only those that have an invoice there.
    Raises SettingsError where the key may not list customers.
    """
    if inbox.read_cursor(engine, _CURSOR) is not None:
        return
    began = datetime.now(UTC)
    found = extractor.window("customer", _FIRST, began.date())
    if found.unreadable is not None:
        fix = "let the Stripe key read customers, or set deals.recurring and deals.one_off to none"
        raise SettingsError(f"who is a Stripe customer already cannot be told: {found.unreadable}", fix)
    validate("customer")
    inbox.write_cursor(engine, _CURSOR, began.isoformat())
