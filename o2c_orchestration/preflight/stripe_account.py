"""Preflight of a Stripe account: what kind of key, whose account, payout schedule, API version, webhook endpoints."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from o2c_orchestration.clients.credentials import StripeCredentials
from o2c_orchestration.clients.stripe_read import API_VERSION, StripeReader
from o2c_orchestration.clients.stripe_rights import StripeRights
from o2c_orchestration.domain.errors import O2CError, PermissionDenied
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.stripe_events import TYPES
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.preflight.stripe_rights import needed, written_rights

_PATH = "/webhooks/stripe"  # the receiver's
_ENDPOINTS = "Dashboard > Developers > Webhooks"
# Stripe takes a version at the creation of an endpoint only.
_REPIN = (
    f"make another endpoint with API version {API_VERSION} ({_ENDPOINTS}, or api_version at its creation), put its "
    "secret first in STRIPE_WEBHOOK_SECRETS, and remove this one"
)
_OTHER_SHAPE = (
    "objects are read anew at our version all the same, but an event whose shape changes may not tell which object it "
    "is about, and that is then heard of by the list of events only"
)
_MISSED = "such changes are heard of by the list of events only, some seconds later"
_UNSEEN = "nobody hears here of an endpoint that was switched off; the list of events is polled all the same"
# Asking leaves refused requests in Stripe's log, so a person does it, and not the clock.
_ASK = "`o2c check --rights` asks, once after each change of the key"
_UNASKED = "a right that nothing here uses stays unnoticed, and whoever gets hold of the key has it"
_HELP = "a restricted key needs read permission for webhook endpoints for this look alone"


def stripe_account(
    reader: StripeReader,
    credentials: StripeCredentials,
    policy: Policy,
    *,
    receives: bool,
    asker: StripeRights | None = None,
    writes: bool = True,
) -> Iterator[Finding]:
    """Findings that stop nobody, but for what deals need and the key may not. Never raises O2CError.

    `receives`: a signing secret is set, so webhooks are expected. `asker` asks what a restricted key may write;
    `writes`: no other key bills deals.
    """
    # Deals are billed in the main account alone.
    wanted = needed(policy.deals) if writes and credentials.account is None else frozenset()
    yield from stripe_key(credentials, wanted, asker)
    yield from _account(reader)
    yield from _endpoints(reader, receives=receives)


def stripe_key(credentials: StripeCredentials, wanted: frozenset[str], asker: StripeRights | None) -> Iterator[Finding]:
    """What kind of key it is, and what it may write beside what is `wanted`, by the names of RIGHTS."""
    what, kind = "Stripe key", credentials.api_key.partition("_")[0]
    to_do = f"put a restricted key into {credentials.variable} (docs/security.md lists what it needs)"
    if kind == "rk" and asker is not None:
        yield from written_rights(asker, wanted, credentials.variable)
    elif kind == "rk":
        yield Finding(what, None, "restricted; what it may write is not asked here", _ASK, _UNASKED)
    elif kind == "sk":
        part = ", of which deals need a part" if wanted else ", and needs nothing"
        otherwise = "whoever gets hold of it can move money"
        yield Finding(what, None, f"a secret key: it may write everything{part}", to_do, otherwise)
    else:
        yield Finding(
            what,
            None,
            "neither a secret nor a restricted key, as far as its beginning tells",
            to_do,
            "it may do more than it needs",
        )


def _account(reader: StripeReader) -> Iterator[Finding]:
    what = "Stripe account"
    try:
        account = reader.retrieve("/v1/account")[0]
    except PermissionDenied:
        yield Finding(what, None, "this key may not see its account: payout schedule and name are not known")
        return
    except O2CError as error:
        yield Finding(what, None, f"cannot be read: {error.what}")
        return
    settings = _mapping(account.get("settings"))
    name = _mapping(settings.get("dashboard")).get("display_name") or "without a name"
    money = f"{account.get('country')}, {str(account.get('default_currency')).upper()}"
    yield Finding(what, True, f"{account.get('id')} ({name}), {money}; read with API version {API_VERSION}")
    yield from _schedule(account, _mapping(_mapping(settings.get("payouts")).get("schedule")))


def _schedule(account: Mapping[str, Any], schedule: Mapping[str, Any]) -> Iterator[Finding]:
    what, interval = "Stripe payout schedule", schedule.get("interval")
    if account.get("payouts_enabled") is False:
        to_do = "see what Stripe asks for (Dashboard > Settings > Account status)"
        yield Finding(what, None, "payouts are switched off for this account", to_do, "money stays at Stripe")
    elif interval == "manual":
        to_do = "let Stripe pay out automatically (Dashboard > Settings > Payouts)"
        otherwise = "Stripe does not say what a manual payout holds (o2c explain ALLOCATION_AMBIGUOUS)"
        yield Finding(what, None, "payouts are manual", to_do, otherwise)
    elif interval is not None:
        yield Finding(what, True, f"{interval}, {schedule.get('delay_days')} days after a charge")


def _endpoints(reader: StripeReader, *, receives: bool) -> Iterator[Finding]:
    what = "Stripe webhooks"
    try:
        found = [each for page in reader.iterate("/v1/webhook_endpoints") for each in page.data]
    except PermissionDenied:
        yield Finding(what, None, "this key may not see endpoints", _HELP if receives else "", _UNSEEN * receives)
        return
    except O2CError as error:
        yield Finding(what, None, f"endpoints cannot be read: {error.what}")
        return
    ours = [each for each in found if urlsplit(str(each.get("url"))).path.rstrip("/") == _PATH]
    if not ours:
        yield _none(what, len(found), receives=receives)
    for each in ours:
        yield _endpoint(what, each)


def _none(what: str, others: int, *, receives: bool) -> Finding:
    detail = f"no endpoint leads to {_PATH}" + (f" ({others} lead elsewhere)" if others else "")
    if not receives:
        return Finding(what, None, f"{detail}: Stripe's list of events is polled")
    unless = "ignore this if a proxy changes the path, or the Stripe CLI forwards"
    to_do = f"add an endpoint https://…{_PATH} ({_ENDPOINTS}), or {unless}"
    return Finding(what, None, f"{detail}, though a signing secret is set", to_do, _MISSED)


def _endpoint(what: str, endpoint: Mapping[str, Any]) -> Finding:
    """It works with any API version, as all objects are read anew; pinned to ours, it sends what we know."""
    url, version = endpoint.get("url"), endpoint.get("api_version")
    if endpoint.get("status") != "enabled":
        to_do = f"enable it ({_ENDPOINTS})"
        return Finding(what, False, f"{url} is {endpoint.get('status')}", to_do, _MISSED)
    lacking = _lacking(endpoint.get("enabled_events") or [])
    if lacking:
        detail = f"{url} does not get {len(lacking)} types of events that we follow: {', '.join(lacking)}"
        return Finding(what, None, detail, f"add them, or all events ({_ENDPOINTS})", _MISSED)
    if not _same_payloads(version):
        has = f"API version {version}, not {API_VERSION}" if version else "no version of its own: an upgrade changes it"
        return Finding(what, None, f"{url} is enabled, gets all that we follow, with {has}", _REPIN, _OTHER_SHAPE)
    return Finding(what, True, f"{url} is enabled, gets all that we follow, with API version {version}")


def _same_payloads(version: str | None) -> bool:
    """Ours, or one of the same name behind the date: those of a name only add to each other, by Stripe's versioning."""
    name = API_VERSION.partition(".")[2]
    return version == API_VERSION or (bool(name) and (version or "").partition(".")[2] == name)


def _lacking(enabled: Sequence[str]) -> list[str]:
    return [] if "*" in enabled else sorted(set(TYPES) - set(enabled))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
