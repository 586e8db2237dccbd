"""Whether the Stripe key may read everything that a run reads, and whether payouts say what they hold."""

from collections.abc import Sequence
from typing import Any

from o2c_orchestration.clients.stripe_read import PAGE_SIZE, StripeReader
from o2c_orchestration.domain.errors import O2CError, PermissionDenied
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.extract.stripe import EVERY_PATH, PATHS
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.preflight.stripe_rights import KEYS, needed


def stripe_reads(
    reader: StripeReader, policy: Policy, variable: str = "STRIPE_API_KEY", *, bills: bool = True
) -> list[Finding]:
    """One small read of each list that a run reads; what is denied is a finding of its own. Never raises O2CError.

    Invoices were read just before, or Stripe would not have been reached. `variable` is where the key is set; `bills`:
    it is of the account in which deals are billed.
    """
    allowed, findings, payouts = list[str](), list[Finding](), None
    for name, path in _lists(policy, bills=bills).items():
        if name == _READ_ALREADY:
            allowed.append(name)
            continue
        try:
            page = reader.page(path, {"limit": PAGE_SIZE if name == "payouts" else 1})
        except PermissionDenied as error:
            to_do = f"give the restricted key in {variable} read permission for {name} ({KEYS})"
            findings.append(Finding(f"Stripe {name}", False, error.what, to_do, _unread(name)))
        except O2CError as error:
            findings.append(Finding(f"Stripe {name}", False, error.what, error.what_to_do, _unread(name)))
        else:
            allowed.append(name)
            payouts = page.data if name == "payouts" else payouts
    findings += _coupons(reader, variable) if policy.items.price_metadata else []
    findings.insert(0, Finding("Stripe permissions", True, "can be read: " + ", ".join(allowed)))
    return findings + (_payouts(payouts, policy) if payouts is not None else [])


_READ_ALREADY = "invoices"


def _lists(policy: Policy, *, bills: bool) -> dict[str, str]:
    """Paths by what is listed there. What bills deals is looked for in its list before it is made."""
    wanted = {kind: path for kind, path in PATHS.items() if kind != "price" or policy.items.price_metadata}
    made = needed(policy.deals) if bills else frozenset()
    of_deals = {name: path for name, path in _OF_DEALS.items() if name.replace(" ", "_") in made}
    return {**{_plural(kind): path for kind, path in wanted.items()}, **of_deals, "events": "/v1/events"}


# Invoices, which bill deals as well, are read in any case.
_OF_DEALS = {"subscription schedules": "/v1/subscription_schedules", "payment links": "/v1/payment_links"}


def _coupons(reader: StripeReader, variable: str) -> list[Finding]:
    """Read only for what their metadata may say: a hint, for who uses none can do without."""
    try:
        reader.page(EVERY_PATH["coupon"], {"limit": 1})
    except PermissionDenied as error:
        to_do = f"where coupons name NetSuite items, give the key in {variable} read permission for them ({KEYS})"
        return [Finding("Stripe coupons", None, error.what, to_do, _NO_COUPONS)]
    except O2CError as error:
        return [Finding("Stripe coupons", None, error.what, error.what_to_do, _NO_COUPONS)]
    return []


_NO_COUPONS = "discounts are refused where metadata of Stripe's connector is in use (o2c explain COUPON_UNREAD)"


def _unread(name: str) -> str:
    if name in _OF_DEALS:
        return "nothing is made for deals: whoever writes for them stops at the first"
    return f"{name} are not read: what hangs on them is refused or stays a gap"


def _plural(kind: str) -> str:
    return kind.replace("_", " ") + "s"


def _payouts(payouts: Sequence[dict[str, Any]], policy: Policy) -> list[Finding]:
    """What the newest payouts say: whether they are automatic, and whether their currencies have a bank account."""
    if not payouts:
        return [Finding("Stripe payouts", True, "none yet")]
    manual = [each for each in payouts if not each.get("automatic")]
    if manual:
        detail = f"{len(manual)} of the newest {len(payouts)} are manual or instant: Stripe does not say what they hold"
        to_do = "let Stripe pay out automatically; others are deposited only where one set of entries adds up to them"
        otherwise = "such a payout is refused, and its money stays on Undeposited Funds"
        findings = [Finding("Stripe payouts", None, detail, to_do, otherwise)]
    else:
        findings = [Finding("Stripe payouts", True, f"the newest {len(payouts)} are automatic: deposits are exact")]
    if policy.documents.deposit:
        without = {
            str(each.get("currency"))
            for each in payouts
            if policy.accounts.bank_of(str(each.get("currency")), str(each.get("destination"))) is None
        }
        findings += [_no_bank(currency) for currency in sorted(without)]
    return findings


def _no_bank(currency: str) -> Finding:
    key = f"accounts.bank.{currency}"
    detail = f"Stripe pays out in {currency.upper()}, which has no bank account in o2c.yaml"
    to_do = f"name the NetSuite bank account of these payouts under {key}"
    return Finding(key, False, detail, to_do, "their deposits are refused")
