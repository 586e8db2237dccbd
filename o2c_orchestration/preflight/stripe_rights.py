"""What a restricted Stripe key may write: what deals need and it may not, and what it may and nothing here does."""

from collections.abc import Iterator, Sequence

from o2c_orchestration.clients.stripe_rights import RIGHTS, Right, StripeRights
from o2c_orchestration.domain.errors import O2CError
from o2c_orchestration.domain.policy_deals import Deals
from o2c_orchestration.preflight.finding import Finding

KEYS = "Dashboard > Developers > API keys"
# Whoever may write one of these can send money away, or let it be taken.
_MONEY = frozenset({"refunds", "charges", "payment_intents", "payouts", "transfers", "disputes"})


def needed(deals: Deals) -> frozenset[str]:
    """What has to be written in Stripe for deals, by the names of RIGHTS."""
    kinds = {"subscription": "subscription_schedules", "invoice": "invoices", "payment_link": "payment_links"}
    made = {kinds[each] for each in (deals.recurring, deals.one_off) if each in kinds}
    return frozenset(made | {"customers"} if made else made)


def written_rights(asker: StripeRights, wanted: frozenset[str], variable: str) -> Iterator[Finding]:
    """Findings on a restricted key that is set in `variable` and of which `wanted` is needed; never raises O2CError."""
    told = [_ask(asker, name) for name in RIGHTS]
    yield _key(told, wanted, variable)
    lacking = [each for each in told if each.name in wanted and each.may is False]
    if lacking:
        to_do = f"give the restricted key in {variable} write permission for {_list(lacking)} ({KEYS})"
        detail = "deals are billed in Stripe, and the key may not: " + "; ".join(each.said for each in lacking)
        yield Finding("Stripe rights", False, detail, to_do, "Stripe refuses each deal that it is to bill")


def _ask(asker: StripeRights, name: str) -> Right:
    try:
        return asker.ask(name)
    except O2CError as error:
        return Right(name, None, error.what)


def _key(told: Sequence[Right], wanted: frozenset[str], variable: str) -> Finding:
    extra = [each for each in told if each.may and each.name not in wanted]
    unknown = [each for each in told if each.may is None]
    asked = f"asked by {len(told)} updates of objects that there are not, which stand in Stripe's request log"
    too_much = f"it may write {_list(extra)}, as Stripe's answers tell, and nothing here does" if extra else ""
    untold = f"not told: {_list(unknown)} (such as: {unknown[0].said})" if unknown else ""
    detail = "restricted: " + "; ".join(filter(None, [too_much, _fits(told, wanted), untold, asked]))
    if not extra:
        return Finding("Stripe key", None if unknown else True, detail)
    to_do = f"take write permission for {_list(extra)} from the restricted key in {variable} ({KEYS})"
    harm = "move money" if any(each.name in _MONEY for each in extra) else "change what customers owe or what we hear"
    return Finding("Stripe key", None, detail, to_do, f"whoever gets hold of the key can {harm}")


def _fits(told: Sequence[Right], wanted: frozenset[str]) -> str:
    """What is as it should be."""
    may = [each for each in told if each.may and each.name in wanted]
    may_not = [each for each in told if each.may is False and each.name not in wanted]
    right = [f"may write {_list(may)}, as deals need"] if may else []
    right += [f"may not write {_list(may_not)}"] if may_not else []
    return ", ".join(right)


def _list(rights: Sequence[Right]) -> str:
    return ", ".join(each.name.replace("_", " ") for each in rights)
