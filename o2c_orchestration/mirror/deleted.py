"""Which documents were deleted in NetSuite, however old they are: its list of deleted records, each looked for again.

The list is a hint and proves nothing: its ids are of records of every type, and a role may not see it at all.
"""

from datetime import datetime

import structlog
from sqlalchemy import Engine

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.domain.errors import ObjectMissing, PermissionDenied, ProtocolError, Refused
from o2c_orchestration.mirror import queries
from o2c_orchestration.store.ledger import living

log = structlog.get_logger(__name__)
# Oracle takes no more in a list.
_AT_ONCE = 500


def deleted_since(engine: Engine, reader: NetSuiteReader, since: datetime) -> set[int]:
    """Ids of documents that the mirror holds and NetSuite says it deleted since a moment (NetSuite's clock).

    Nothing where the list cannot be read: what was deleted then shows when a run reads the days of the document.
    """
    try:
        told = {int(row["id"]) for row in reader.suiteql(queries.deleted(since))}
    except (Refused, PermissionDenied, ObjectMissing, ProtocolError) as error:
        log.warning("NetSuite's list of deleted records cannot be read", error=str(error))
        return set()
    asked = sorted(living(engine, told))
    there: set[int] = set()
    for start in range(0, len(asked), _AT_ONCE):
        there |= {int(row["id"]) for row in reader.suiteql(queries.present(asked[start : start + _AT_ONCE]))}
    return set(asked) - there
