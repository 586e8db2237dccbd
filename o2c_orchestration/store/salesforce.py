"""Records of Salesforce in the store: the newest read wins, and what did not change is left alone."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Engine

from o2c_orchestration.domain import forget
from o2c_orchestration.domain.salesforce_fields import WRITTEN, Source
from o2c_orchestration.store import forgotten
from o2c_orchestration.store.bulk import Cursor, sql, stage
from o2c_orchestration.store.database import raw_cursor

# By which a record is found from what it belongs to.
_PARENT = {
    "Order": "AccountId",
    "OrderItem": "OrderId",
    "OpportunityLineItem": "OpportunityId",
    "Opportunity": "AccountId",
    "Contact": "AccountId",
    "PricebookEntry": "Product2Id",
}
_STAGED = """id text, object text, modified_at timestamptz, created_at timestamptz, read_at timestamptz,
    deleted boolean, parent_id text, payload jsonb, payload_hash bytea, facts_hash bytea"""
_MERGE = """
INSERT INTO o2c.salesforce_objects AS t
    (id, object, modified_at, created_at, read_at, seen_at, deleted, parent_id, payload, payload_hash,
     facts_hash)
SELECT id, object, modified_at, created_at, read_at, read_at, deleted, parent_id, payload, payload_hash, facts_hash
FROM incoming ORDER BY id
ON CONFLICT (id) DO UPDATE SET
    modified_at = excluded.modified_at, read_at = excluded.read_at, deleted = excluded.deleted,
    parent_id = coalesce(excluded.parent_id, t.parent_id), payload = excluded.payload,
    payload_hash = excluded.payload_hash, facts_hash = excluded.facts_hash,
    facts_at = CASE WHEN (t.facts_hash, t.deleted) = (excluded.facts_hash, excluded.deleted) THEN t.facts_at
                    ELSE clock_timestamp() END, seen_at = excluded.seen_at, stored_at = clock_timestamp()
WHERE t.read_at <= excluded.read_at AND (t.payload_hash <> excluded.payload_hash OR t.deleted <> excluded.deleted)
RETURNING id"""
_SEEN = """
UPDATE o2c.salesforce_objects t SET seen_at = i.read_at FROM incoming i WHERE t.id = i.id AND t.seen_at < i.read_at"""
# Lines of a deal that a complete read of it, begun at that moment, did not show.
_GONE = """
UPDATE o2c.salesforce_objects SET deleted = true, facts_at = clock_timestamp(), stored_at = clock_timestamp()
WHERE object = %(object)s AND parent_id = ANY(%(parents)s) AND NOT deleted AND seen_at < %(began)s RETURNING id"""
_DELETED = """
UPDATE o2c.salesforce_objects SET deleted = true, facts_at = clock_timestamp(), stored_at = clock_timestamp()
WHERE id = ANY(%(ids)s) AND NOT deleted RETURNING id"""

_NOT_HELD = """
UPDATE o2c.quarantine SET released_at = clock_timestamp(), released_by = o2c.audit_actor(), outcome = 'closed',
    release_reason = 'deleted in Salesforce'
WHERE source = 'salesforce' AND id = ANY(%s) AND released_at IS NULL"""


@dataclass(frozen=True)
class SalesforceRecord:
    """A record as SOQL gave it (without `attributes`), of one type, and the UTC start of the read."""

    object: str
    payload: Mapping[str, Any]
    read_at: datetime

    def row(self) -> tuple[Any, ...]:
        """In the order of the staging table."""
        told = self.payload
        body = orjson.dumps(dict(told), option=orjson.OPT_SORT_KEYS, default=str)
        parent = told.get(_PARENT.get(self.object, ""))
        stamps = (told["SystemModstamp"], told.get("CreatedDate") or told["SystemModstamp"])
        deleted = bool(told.get("IsDeleted"))
        return (
            told["Id"],
            self.object,
            *stamps,
            self.read_at,
            deleted,
            parent,
            body.decode(),
            *digests(self.object, told),
        )


def digests(kind: str, told: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """Of a record, and of what it says without what is ours: what is a change, and what is one to act upon."""
    # A stamp that moves without anything else is a roll-up or a system process.
    kept = {name: value for name, value in told.items() if name != "SystemModstamp"}
    ours = WRITTEN.get(kind, ())
    return _digest(kept), _digest({name: value for name, value in kept.items() if name not in ours})


def _digest(values: Mapping[str, Any]) -> bytes:
    body = orjson.dumps(dict(values), option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.blake2b(body, digest_size=16).digest()


def admit(engine: Engine, records: Iterable[SalesforceRecord]) -> list[str]:
    """Store records in one transaction; the ids of those that are new or changed."""
    newest: dict[str, SalesforceRecord] = {}
    for record in records:
        other = newest.get(record.payload["Id"])
        if other is None or other.read_at <= record.read_at:
            newest[record.payload["Id"]] = record
    if not newest:
        return []
    with raw_cursor(engine) as cursor:
        kept = _without_person(cursor, newest.values())
        stage(cursor, "incoming", _STAGED, (record.row() for record in kept))
        cursor.execute(sql(_MERGE))
        changed = [str(row[0]) for row in cursor.fetchall()]
        cursor.execute(sql(_SEEN))
        return changed


def _without_person(cursor: Cursor, records: Iterable[SalesforceRecord]) -> list[SalesforceRecord]:
    """The records as they are kept: forgotten accounts, and what belongs to them, without the person."""
    came = list(records)
    gone = forgotten.ids(cursor, "salesforce")
    if not gone:
        return came
    above = [str(each.payload.get(_PARENT.get(each.object, ""))) for each in came]
    cursor.execute(
        "SELECT id FROM o2c.salesforce_objects WHERE id = ANY(%s) AND parent_id = ANY(%s)", (above, list(gone))
    )
    deals = {str(row[0]) for row in cursor.fetchall()}
    deals |= {each.payload["Id"] for each in came if each.payload.get("AccountId") in gone}
    ours = gone | deals
    return [
        replace(each, payload=forget.salesforce_record(each.object, each.payload))
        if each.payload["Id"] in ours or parent in ours
        else each
        for each, parent in zip(came, above, strict=True)
    ]


def forget_children(engine: Engine, kind: str, parents: Sequence[str], began: datetime) -> int:
    """Mark those children of these parents deleted that a complete read of them, begun then, did not show."""
    with raw_cursor(engine) as cursor:
        cursor.execute(_GONE, {"object": kind, "parents": list(parents), "began": began})
        return len(_out_of_quarantine(cursor))


def _out_of_quarantine(cursor: Cursor) -> list[str]:
    """The ids of records that were just marked deleted: nobody corrects them any more."""
    gone = [str(row[0]) for row in cursor.fetchall()]
    if gone:
        cursor.execute(_NOT_HELD, (gone,))
    return gone


def others(engine: Engine, kind: str, alive: Sequence[str], began: datetime) -> list[str]:
    """Stored records of a type that are not among those alive, and were last seen before `began`."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT id FROM o2c.salesforce_objects
               WHERE object = %s AND NOT deleted AND seen_at < %s AND NOT id = ANY(%s) ORDER BY id""",
            (kind, began, list(alive)),
        )
        return [str(row[0]) for row in cursor.fetchall()]


def unseen(engine: Engine, kind: str, ids: Sequence[str], began: datetime) -> list[str]:
    """Those of these records that are stored and that a read of them, begun then, did not show."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT id FROM o2c.salesforce_objects
               WHERE object = %s AND id = ANY(%s) AND NOT deleted AND seen_at < %s ORDER BY id""",
            (kind, list(ids), began),
        )
        return [str(row[0]) for row in cursor.fetchall()]


def alive_among(engine: Engine, ids: Sequence[str]) -> list[str]:
    """Those of these records that are stored and not deleted, in the order of their ids."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            "SELECT id FROM o2c.salesforce_objects WHERE id = ANY(%s) AND NOT deleted ORDER BY id", (list(ids),)
        )
        return [str(row[0]) for row in cursor.fetchall()]


def mark_deleted(engine: Engine, ids: Sequence[str]) -> list[str]:
    """Records that Salesforce says were deleted; the ids of those that were not known to be."""
    with raw_cursor(engine) as cursor:
        cursor.execute(_DELETED, {"ids": list(ids)})
        return _out_of_quarantine(cursor)


def counts(engine: Engine, kind: str) -> tuple[int, int]:
    """(records, deleted ones among them) of one type."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE deleted) FROM o2c.salesforce_objects WHERE object = %s", (kind,)
        )
        row: Any = cursor.fetchone()
        return int(row[0]), int(row[1])


# What names records of a type: a column or field, and the types that have it.
_NAMING = {
    "Account": ("parent_id", ["Opportunity", "Order"]),
    "PricebookEntry": ("payload ->> 'PricebookEntryId'", ["OpportunityLineItem", "OrderItem"]),
    "Product2": ("payload ->> 'Product2Id'", ["OpportunityLineItem", "OrderItem", "PricebookEntry"]),
}


def unread(engine: Engine, kind: str, among: Sequence[str] | None = None) -> list[str]:
    """Ids that stored records name and the store lacks: accounts of deals, entries and products of their lines.

    `among`: only what these records name; None: what any does.
    """
    field, naming = _NAMING[kind]
    some = "" if among is None else "AND id = ANY(%(among)s)"
    with raw_cursor(engine) as cursor:
        cursor.execute(
            sql(f"""SELECT DISTINCT n.id
                    FROM (SELECT {field} FROM o2c.salesforce_objects WHERE object = ANY(%(naming)s) {some}) n (id)
                    WHERE n.id IS NOT NULL AND NOT EXISTS (SELECT FROM o2c.salesforce_objects o WHERE o.id = n.id)
                    ORDER BY 1"""),
            {"naming": naming, "among": None if among is None else list(among)},
        )
        return [str(row[0]) for row in cursor.fetchall()]


def won_among(engine: Engine, kind: str, ids: Sequence[str]) -> list[str]:
    """Won deals of a type (`Opportunity`, `Order`) that these records are, or that these lines belong to."""
    if not ids:
        return []
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT id FROM o2c.salesforce_objects WHERE object = %(kind)s AND NOT deleted
                 AND (payload -> 'IsWon' = 'true' OR payload ->> 'StatusCode' = 'Activated')
                 AND (id = ANY(%(ids)s) OR id IN (
                     SELECT parent_id FROM o2c.salesforce_objects
                     WHERE object IN ('OpportunityLineItem', 'OrderItem') AND id = ANY(%(ids)s)))
               ORDER BY id""",
            {"kind": kind, "ids": list(ids)},
        )
        return [str(row[0]) for row in cursor.fetchall()]


def followed_by_contact(engine: Engine, accounts: Sequence[str] | None = None) -> list[str]:
    """Accounts whose customers we made in Stripe, or of which a contact is stored; all, or those among these."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT id FROM (
                   SELECT stripe_id AS id FROM o2c.journal WHERE document = 'stripeCustomer' AND state = 'done'
                   UNION SELECT parent_id FROM o2c.salesforce_objects WHERE object = 'Contact' AND NOT deleted) a
               WHERE id IS NOT NULL AND (%(accounts)s::text[] IS NULL OR id = ANY(%(accounts)s)) ORDER BY id""",
            {"accounts": None if accounts is None else list(accounts)},
        )
        return [str(row[0]) for row in cursor.fetchall()]


def accounts_without_contact(engine: Engine, ids: Sequence[str], source: Source) -> list[str]:
    """Accounts of won deals that nothing ties to Stripe and of which no contact was read.

    Of those that are among `ids` themselves or by a deal: so who has no contact is not asked for at every poll.
    """
    if not ids:
        return []
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT DISTINCT a.id FROM o2c.salesforce_objects d
               JOIN o2c.salesforce_objects a ON a.id = d.parent_id AND a.object = 'Account' AND NOT a.deleted
               WHERE NOT d.deleted AND CASE %(source)s
                         WHEN 'orders' THEN d.object = 'Order' AND d.payload ->> 'StatusCode' = 'Activated'
                         ELSE d.object = 'Opportunity' AND d.payload -> 'IsWon' = 'true' END
                 AND a.payload ->> 'Stripe_Customer_Id__c' IS NULL
                 AND (a.id = ANY(%(ids)s) OR d.id = ANY(%(ids)s))
                 AND NOT EXISTS (SELECT FROM o2c.salesforce_objects c WHERE c.object = 'Contact' AND c.parent_id = a.id)
               ORDER BY a.id""",
            {"ids": list(ids), "source": source},
        )
        return [str(row[0]) for row in cursor.fetchall()]
