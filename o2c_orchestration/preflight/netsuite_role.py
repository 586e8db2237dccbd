"""What the integration's role in NetSuite may do that nothing here does, and what it may not and something needs."""

from collections.abc import Sequence

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.domain.errors import O2CError
from o2c_orchestration.domain.netsuite_role import Held
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.preflight.catalog import written_kinds
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.preflight.netsuite_rights import in_words, needed_rights, too_little, too_much

_WHAT = "NetSuite role"
# NetSuite's own role that may do everything; no table lists what.
_ADMINISTRATOR = "3"
_TELLABLE = 8
_DEPLOY = "give the integration the role of deploy/netsuite (docs/security.md)"
_KEY = "whoever gets hold of the key may do it"
_GRANT = f"grant what it lacks, or {_DEPLOY}"
_REFUSED = "NetSuite refuses what it lacks, or hides it, and what is there looks missing (o2c explain permission)"


def role_rights(reader: NetSuiteReader, policy: Policy, *, deals: bool = True) -> Finding:
    """How the role's permissions compare with those that the policy needs. Never raises O2CError.

    What it lacks is wrong, as NetSuite itself told what it has; what it has beyond is a hint, as it stops nothing.
    `deals`: whether orders of Salesforce are written. A role that may not see roles is told of as such: that is how
    the one of deploy/netsuite is, and it may be no more than that.
    """
    try:
        role = reader.own_role()
        if role == _ADMINISTRATOR:
            return Finding(_WHAT, None, "the integration works as Administrator, who may do everything", _DEPLOY, _KEY)
        held = reader.role_permissions(role) if role is not None else []
    except O2CError as error:
        return Finding(_WHAT, None, f"what it may do is not told to it: {error.what}")
    if not held:
        return Finding(_WHAT, None, "what it may do is not told to it")
    return _compared(held, policy, deals=deals)


def _compared(held: Sequence[Held], policy: Policy, *, deals: bool) -> Finding:
    needed = needed_rights(policy, written_kinds(policy, deals=deals), deals=deals)
    extra, lacking = too_much(held, needed), too_little(held, needed)
    parts = [f"it may do more than anything here does: {_list(extra)}"] * bool(extra)
    parts += [f"it lacks what is needed: {', '.join(lacking)}"] * bool(lacking)
    if not parts:
        return Finding(_WHAT, True, f"{len(held)} permissions, and none beyond what is needed")
    harm = [_KEY] * bool(extra) + [_REFUSED] * bool(lacking)
    if lacking:
        return Finding(_WHAT, False, "; ".join(parts), _GRANT, "; ".join(harm))
    return Finding(_WHAT, None, "; ".join(parts), _DEPLOY, "; ".join(harm))


def _list(extra: Sequence[Held]) -> str:
    told = ", ".join(in_words(each) for each in extra[:_TELLABLE])
    return told + (f" and {len(extra) - _TELLABLE} more" if len(extra) > _TELLABLE else "")
