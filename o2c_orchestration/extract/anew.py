"""Objects that were read before o2c.yaml asked for more of them are read again, for what leans on them."""

from datetime import date

from sqlalchemy import Engine

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.extract.accounts import AccountsExtractor
from o2c_orchestration.store.mapped import stale


def read_anew(extractor: AccountsExtractor, engine: Engine, policy: Policy, first: date, last: date) -> list[str]:
    """Read those that documents of [first, last] (UTC days) read; returns the types of which there were any."""
    found = []
    for account, own in policy.each():
        alone = account if policy.entities else None
        for kind, ids in stale(engine, own.kept, first, last, alone).items():
            if ids:
                extractor.objects(kind, ids)
                found.append(kind)
    return found
