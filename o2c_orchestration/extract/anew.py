"""Objects are read again of which o2c.yaml asks for more than when they were read, or for less."""

from datetime import date

from sqlalchemy import Engine

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.extract.accounts import AccountsExtractor
from o2c_orchestration.store.mapped import kept_beyond, stale

# Customers that a run reads again because more of them is stored than is asked for.
_BEYOND_AT_ONCE = 500


def read_anew(extractor: AccountsExtractor, engine: Engine, policy: Policy, first: date, last: date) -> list[str]:
    """Read those that documents of [first, last] (UTC days) lean on; returns the types of which there were any.

    Of customers of whom too much is stored some in each run, until there are none.
    """
    found = []
    for account, own in policy.each():
        alone = account if policy.entities else None
        for kind, ids in stale(engine, own.kept, first, last, alone).items():
            if ids:
                extractor.objects(kind, ids)
                found.append(kind)
        beyond = kept_beyond(engine, own.kept, alone, _BEYOND_AT_ONCE)
        if beyond:
            extractor.objects("customer", beyond)
            found.append("customer")
    return sorted(set(found))
