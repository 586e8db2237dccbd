"""Change Data Capture: what changed in the org, as events with a header, kept for three days.

What belongs here: which changes become events, their Avro schemas and payloads, and replay ids. Not the wire: that is
`pubsub.py`. Shapes follow the Change Data Capture Developer Guide.
"""

from __future__ import annotations

import hashlib
import io
import time
from dataclasses import dataclass
from functools import lru_cache

import fastavro
import orjson

from o2c_orchestration.sandbox.salesforce.fields import NUMBERS, SObject
from o2c_orchestration.sandbox.salesforce.org import INTEGRATION_USER
from o2c_orchestration.sandbox.salesforce.store import Row, SalesforceStore

TYPES = (
    *("CREATE", "UPDATE", "DELETE", "UNDELETE"),
    *("GAP_CREATE", "GAP_UPDATE", "GAP_DELETE", "GAP_UNDELETE", "GAP_OVERFLOW"),
)
# Objects that an administrator of a company like the demo's has selected in the set-up.
SELECTED = ("Account", "Contact", "Opportunity", "OpportunityLineItem", "Order", "OrderItem", "Product2")
KEPT_SECONDS = 72 * 3600
# Replay ids are opaque, grow, and leave gaps.
STEP, REPLAY_BYTES = 7, 10
_STAMPS = frozenset({"SystemModstamp", "LastModifiedDate", "LastModifiedById"})
_SCHEMA = """
CREATE TABLE IF NOT EXISTS x_change (seq INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, entity TEXT NOT NULL,
    header TEXT NOT NULL, body TEXT NOT NULL)"""


@dataclass(frozen=True)
class Change:
    """One event: its place in the stream, its object, header and the values that it carries."""

    seq: int
    entity: str
    header: Row
    body: Row


class Changes:
    """The stream of one org's change events. It watches the store from the moment it is made."""

    def __init__(self, store: SalesforceStore) -> None:
        self._store = store
        store.rows(_SCHEMA)
        store.watcher = self._noticed

    @property
    def selected(self) -> tuple[str, ...]:
        """Objects of whose changes there are events."""
        return tuple(self._store.setting("change events", list(SELECTED)))

    def plant(self, entity: str, ids: list[str], change: str, origin: str = "", *, broken: bool = False) -> int:
        """An event that no change of a record has caused; its place in the stream. A broken one cannot be decoded."""
        if change not in TYPES:
            raise ValueError(f"{change} is none of {', '.join(TYPES)}")
        return self._append(entity, {} if broken else _header(entity, ids, change, origin, INTEGRATION_USER), {})

    def expire(self) -> int:
        """Events so far are forgotten, and so are their replay ids; how many there were."""
        dropped = len(self._store.rows("DELETE FROM x_change RETURNING seq"))
        # What is the newest from now on was never handed out.
        self._store.rows("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'x_change'")
        self._store.set("change events expired", self.newest - 1)
        return dropped

    @property
    def newest(self) -> int:
        """The place of the newest event there ever was."""
        found = self._store.rows("SELECT seq FROM sqlite_sequence WHERE name = 'x_change'")
        return int(found[0]["seq"]) if found else 0

    def after(self, seq: int, entity: str | None, limit: int) -> list[Change]:
        """Events behind a place, of one object or of all that are selected."""
        self._store.rows("DELETE FROM x_change WHERE at < ?", [time.time() - KEPT_SECONDS])
        only = "AND entity = ?" if entity else ""
        found = self._store.rows(
            f"SELECT * FROM x_change WHERE seq > ? {only} ORDER BY seq LIMIT ?",
            [seq, *([entity] if entity else []), limit],
        )
        return [
            Change(row["seq"], row["entity"], orjson.loads(row["header"]), orjson.loads(row["body"])) for row in found
        ]

    def knows(self, replay: bytes) -> bool:
        """Whether a subscription may go on behind this replay id."""
        seq, rest = divmod(int.from_bytes(replay, "big"), STEP)
        expired = int(self._store.setting("change events expired", -1))
        return len(replay) == REPLAY_BYTES and rest == 0 and expired < seq <= self.newest

    def schema(self, entity: str) -> tuple[str, str]:
        """(id, JSON) of the Avro schema of an object's events."""
        return _schema(self._store.org.at(entity))

    def schema_by_id(self, schema_id: str) -> str | None:
        """The schema with this id."""
        known = (self.schema(each.name) for each in self._store.org.objects)
        return next((text for each, text in known if each == schema_id), None)

    def payload(self, change: Change) -> bytes:
        """The event in Avro."""
        if not change.header:
            return b"\xff"
        written = io.BytesIO()
        schema = fastavro.parse_schema(orjson.loads(self.schema(change.entity)[1]))
        fastavro.schemaless_writer(written, schema, {"ChangeEventHeader": change.header, **change.body})
        return written.getvalue()

    def _noticed(self, kind: SObject, before: Row | None, after: Row, origin: str) -> None:
        """A record was written, in a transaction that may still be undone, and this with it."""
        if kind.name not in self.selected:
            return
        changed = {name: value for name, value in after.items() if before is None or before.get(name) != value}
        if not changed.keys() - _STAMPS:
            return
        what = _change(before, after)
        body = {} if what == "DELETE" else {name: value for name, value in changed.items() if _tells(kind, name)}
        user = str(after.get("LastModifiedById") or INTEGRATION_USER)
        identifier = str((before or after)["Id"])
        header = _header(kind.name, [identifier], what, origin, user)
        self._append(kind.name, header | {"changedFields": sorted(body) if what == "UPDATE" else []}, body)

    def _append(self, entity: str, header: Row, body: Row) -> int:
        seq = self._store.rows(
            "INSERT INTO x_change (at, entity, header, body) VALUES (?, ?, ?, ?) RETURNING seq",
            [time.time(), entity, orjson.dumps(header).decode(), orjson.dumps(body).decode()],
        )
        return int(seq[0]["seq"])


def replay_id(seq: int) -> bytes:
    """What a client keeps of a place in the stream."""
    return (seq * STEP).to_bytes(REPLAY_BYTES, "big")


def place(replay: bytes) -> int:
    """The place that a replay id means."""
    return int.from_bytes(replay, "big") // STEP


def _change(before: Row | None, after: Row) -> str:
    if before is None:
        return "CREATE"
    was, is_now = bool(before.get("IsDeleted")), bool(after.get("IsDeleted", before.get("IsDeleted")))
    return "UPDATE" if was == is_now else "DELETE" if is_now else "UNDELETE"


def _header(entity: str, ids: list[str], change: str, origin: str, user: str) -> Row:
    now = int(time.time() * 1000)
    return {
        "entityName": entity,
        "recordIds": ids,
        "changeType": change,
        "changeOrigin": origin,
        "transactionKey": hashlib.blake2b(f"{now}{ids}".encode(), digest_size=16).hexdigest(),
        "sequenceNumber": 1,
        "commitTimestamp": now,
        "commitNumber": now,
        "commitUser": user,
        "nulledFields": [],
        "diffFields": [],
        "changedFields": [],
    }


def _tells(kind: SObject, name: str) -> bool:
    """Whether events carry a field: neither the id nor what is there of deletion and stamps."""
    known = kind.fields.get(name)
    return known is not None and known.stored and name not in ("Id", "IsDeleted", "SystemModstamp")


@lru_cache
def _text_of(name: str, fields: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    header = {
        "type": "record",
        "name": "ChangeEventHeader",
        "fields": [
            {"name": "entityName", "type": "string"},
            {"name": "recordIds", "type": {"type": "array", "items": "string"}},
            {"name": "changeType", "type": {"type": "enum", "name": "ChangeType", "symbols": list(TYPES)}},
            {"name": "changeOrigin", "type": "string"},
            {"name": "transactionKey", "type": "string"},
            {"name": "sequenceNumber", "type": "int"},
            {"name": "commitTimestamp", "type": "long"},
            {"name": "commitNumber", "type": "long"},
            {"name": "commitUser", "type": "string"},
            *(
                {"name": each, "type": {"type": "array", "items": "string"}}
                for each in ("nulledFields", "diffFields", "changedFields")
            ),
        ],
    }
    body = [{"name": field, "type": ["null", kind], "default": None} for field, kind in fields]
    whole = {
        "type": "record",
        "name": f"{name}ChangeEvent",
        "namespace": "com.sforce.eventbus",
        "fields": [{"name": "ChangeEventHeader", "type": header}, *body],
    }
    text = orjson.dumps(whole).decode()
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest(), text


def _schema(kind: SObject) -> tuple[str, str]:
    fields = tuple(
        (name, "double" if each.type in NUMBERS else "int" if each.type == "boolean" else "string")
        for name, each in kind.fields.items()
        if _tells(kind, name)
    )
    return _text_of(kind.name, fields)
