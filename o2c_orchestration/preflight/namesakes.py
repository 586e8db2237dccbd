"""Whether a customer is about to be made a second time."""

from sqlalchemy import Engine

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.store.namesakes import Namesake, namesakes

_SHOWN = 3


def called_alike(engine: Engine, policy: Policy) -> list[Finding]:
    """A hint, where NetSuite has customers without an external id that are called like new ones of Stripe's."""
    if policy.customers.mode == "global":
        return []
    found = namesakes(engine)
    if not found:
        return []
    shown = ", ".join(_told(each) for each in found[:_SHOWN]) + (", …" if len(found) > _SHOWN else "")
    return [
        Finding(
            "customers by hand",
            None,
            f"{len(found)} of Stripe's customers are not in NetSuite, and others without an external id there are "
            f"called like them: {shown}",
            "where it is the same one, write the Stripe id into its external id in NetSuite, or netsuite_customer_id "
            "into the metadata of Stripe's customer",
            "it is made a second time when its first document is written",
        )
    ]


def _told(each: Namesake) -> str:
    ids = ", ".join(str(number) for number in each.netsuite_ids)
    return f"{each.name} ({each.stripe_id}, NetSuite {ids})"
