"""Which accounts were merged into some others, asked before anything is made for these.

Salesforce deletes the accounts that lose, and lets them name the one that stays (`MasterRecordId`) for as long as they
lie in the recycle bin; what hung on them hangs on that one at once. So a deal may come under an account that has no
customer before anybody hears that another one, which had one, is gone.
"""

from collections.abc import Sequence

from sqlalchemy import Engine

from o2c_orchestration.clients.salesforce import SalesforceReader
from o2c_orchestration.extract.salesforce import chunks, quoted
from o2c_orchestration.store import merges


def read_merges(engine: Engine, reader: SalesforceReader, accounts: Sequence[str]) -> int:
    """Ask what went into these accounts, and into what went into them; how many were merged."""
    found: dict[str, str] = {}
    asked, ids = set[str](), list(accounts)
    while ids:
        asked |= set(ids)
        for some in chunks(ids):
            soql = (
                f"SELECT Id, MasterRecordId FROM Account WHERE IsDeleted = true AND MasterRecordId IN ({quoted(some)})"
            )
            found |= {str(row["Id"]): str(row["MasterRecordId"]) for row in reader.with_deleted(soql)}
        ids = sorted(found.keys() - asked)
    merges.keep(engine, found)
    return len(found)
