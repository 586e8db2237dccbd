"""Whether this machine's clock is right, by Stripe's: what a wrong one has refused, and by how much it may be wrong."""

from datetime import UTC, datetime, timedelta

from o2c_orchestration.clients.stripe_read import StripeReader
from o2c_orchestration.domain.errors import O2CError
from o2c_orchestration.preflight.finding import Finding

_NOTICED = timedelta(seconds=30)
# A login at NetSuite or Salesforce states when it was signed and until when it is good, some minutes later.
_WRONG = timedelta(seconds=60)
# Stripe tells whole seconds, the one that runs.
_HALF_A_SECOND = timedelta(milliseconds=500)
_TO_DO = "have the clock of this machine set by NTP (`timedatectl`; in a container it is that of its host)"
_OTHERWISE = (
    "webhooks count as signed too long ago (webhooks.tolerance_seconds), and NetSuite and Salesforce refuse logins "
    "as not valid yet, or no more"
)


def clock(reader: StripeReader) -> Finding:
    """How far the two are apart; a hint from 30 seconds on, wrong from a minute on. Never raises O2CError."""
    began = datetime.now(UTC)
    try:
        theirs = reader.server_time()
    except O2CError as error:
        return Finding("clock", None, f"Stripe does not tell its time: {error.what}")
    if theirs is None:
        return Finding("clock", None, "Stripe's answers come without their time: something between takes it away")
    return difference(began + (datetime.now(UTC) - began) / 2 - theirs - _HALF_A_SECOND)


def difference(ahead: timedelta) -> Finding:
    """What is said of a clock that is so far ahead of Stripe's; behind it, where that is below zero."""
    seconds = round(abs(ahead).total_seconds())
    way = "ahead of" if ahead > timedelta(0) else "behind"
    detail = f"this machine's is {seconds:,} seconds {way} Stripe's"
    if abs(ahead) < _NOTICED:
        return Finding("clock", True, "this machine's is that of Stripe, to within 30 seconds")
    if abs(ahead) < _WRONG:
        return Finding("clock", None, detail, _TO_DO, _OTHERWISE)
    return Finding("clock", False, detail, _TO_DO, _OTHERWISE)
