"""Reference data of NetSuite: records that o2c.yaml names, by name and internal id."""

from datetime import UTC, datetime

import structlog
from sqlalchemy import Engine

from o2c_orchestration.clients.netsuite import NetSuiteReader
from o2c_orchestration.domain.errors import ObjectMissing, PermissionDenied, ProtocolError, Refused, TooManyRows
from o2c_orchestration.domain.money import ONLY_CURRENCY
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.mirror import queries
from o2c_orchestration.mirror.sound import sound
from o2c_orchestration.store import ledger

log = structlog.get_logger(__name__)


def needed_kinds(policy: Policy) -> list[str]:
    """The kinds of records that the policy names, and that NetSuite is asked for."""
    kinds = ["currency"] if policy.books.currency is None else []
    kinds += ["item"]
    every = [own for _, own in policy.each()]
    kinds += ["subsidiary"] if any(own.books.subsidiary is not None for own in every) else []
    accounts = [name for own in every for name in (own.netsuite.payment_account, own.off_stripe.account)]
    kinds += ["account"] if policy.documents.deposit or any(name is not None for name in accounts) else []
    kinds += sorted({kind for own in every for kind in own.mapping.record_kinds})
    return [*kinds, *policy.detail_kinds]


def read_reference(engine: Engine, reader: NetSuiteReader, policy: Policy) -> dict[str, int]:
    """Refresh currencies, items, and what else the policy names records of; rows by kind.

    What cannot be read stays as it was, but for currencies and items, without which nothing is written.
    """
    kinds = needed_kinds(policy)
    counts = {}
    if "employee" not in kinds:
        # They are people: who is not asked for any more is not kept.
        ledger.replace_reference(engine, "employee", [], datetime.now(UTC))
    ledger.drop_own_kinds(engine, kinds)
    if policy.books.currency is not None:
        only = [(ONLY_CURRENCY, policy.books.currency)]
        counts["currency"] = ledger.replace_reference(engine, "currency", only, datetime.now(UTC))
    for kind in kinds:
        read_at = datetime.now(UTC)
        try:
            rows = sound(engine, "netsuite_reference", _named_rows(reader, kind))
        except (Refused, PermissionDenied, TooManyRows) as error:
            # Without them no document that names one can be written, and each says so; all else goes on.
            if kind in ("currency", "item"):
                raise
            log.warning("reference data cannot be read", kind=kind, error=str(error))
            continue
        found = [(row["id"], row.get("name", "")) for row in rows]
        kept_in = _kept_in(reader) if kind == "account" else {}
        counts[kind] = ledger.replace_reference(engine, kind, found, read_at, _inactive(reader, kind), kept_in)
    return counts


def _named_rows(reader: NetSuiteReader, kind: str) -> list[dict[str, str]]:
    """Id and name of each active record of a kind. Raises what the last of its queries raises."""
    *richer, plain = queries.reference(kind)
    for query in richer:
        try:
            return list(reader.suiteql(query))
        except (Refused, PermissionDenied):
            # A column that is not there is refused in either way.
            continue
    return list(reader.suiteql(plain))


def _kept_in(reader: NetSuiteReader) -> dict[str, str]:
    """The currency of each account, by internal ids; none where NetSuite does not tell: then the preflight does not."""
    try:
        rows = reader.suiteql(queries.KEPT_IN)
        return {str(row["id"]): str(row["currency"]) for row in rows if row.get("id") and row.get("currency")}
    except (Refused, PermissionDenied, ObjectMissing, ProtocolError):
        return {}


def _inactive(reader: NetSuiteReader, kind: str) -> set[str]:
    """Ids of inactive records of a kind; none where NetSuite does not tell, and then it refuses what names them."""
    try:
        return {str(row["id"]) for row in reader.suiteql(queries.INACTIVE[kind])} if kind in queries.INACTIVE else set()
    except (Refused, PermissionDenied, ObjectMissing, ProtocolError):
        return set()
