"""The audit trail: who did what, why, before and after; append-only, hash-chained, provable outside the database.

Changes of journal and gaps are told by triggers (migration 0002). What no table change tells (a plan kept, a policy
that differs from the last one) is told by `record`. `verify` trusts no function of the database: it reads the rows
and computes every hash anew.

    hash = SHA-256( hash of the entry before, 32 zero bytes before the first
                    + the fields seq, at, login, actor, action, subject, stripe_id, why, before, after )

Each field is its length in bytes, a colon, its text in UTF-8 and a semicolon; one that is empty is `-;`. `at` is
written as 2026-11-24T03:00:00.000000Z; `before` and `after` are JSON, taken as the text that is stored.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlalchemy import Engine

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.store.actor import current
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.inbox import read_cursor, write_cursor

GENESIS = bytes(32)
_VERIFIED = "audit_verified"
_PAGE = 5000
_FIELDS = "seq, at, login, actor, action, subject, stripe_id, why, before::text, after::text, hash"


@dataclass(frozen=True)
class Entry:
    """One entry as it is stored. `at` is UTC; `before` and `after` are JSON text; `subject` names what was acted on:
    an external id, a gap id, `policy`, or the days of a plan."""

    seq: int
    at: datetime
    login: str
    actor: str
    action: str
    subject: str
    stripe_id: str | None
    why: str
    before: str | None
    after: str | None
    hash: bytes


@dataclass(frozen=True)
class Head:
    """The newest entry: all that came before it is proved by its hash. `seq` is also how many entries there are."""

    seq: int
    hash: bytes
    published_at: datetime | None = None


@dataclass(frozen=True)
class Broken:
    """The first thing that does not hold. `seq`: the entry where it shows."""

    seq: int
    what: str


@dataclass(frozen=True)
class Verification:
    """What a proof found: the entries read, the last sound head, published heads that match, and what is broken."""

    entries: int
    head: Head
    heads_matched: int
    broken: Broken | None

    @property
    def intact(self) -> bool:
        return self.broken is None


def digest(entry: Entry, previous: bytes) -> bytes:
    """The hash that an entry must have after an entry with the hash `previous`."""
    at = entry.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    who = (entry.login, entry.actor, entry.action, entry.subject, entry.stripe_id)
    fields = (str(entry.seq), at, *who, entry.why, entry.before, entry.after)
    return hashlib.sha256(previous + b"".join(map(_field, fields))).digest()


def _field(value: str | None) -> bytes:
    if value is None:
        return b"-;"
    text = value.encode()
    return b"%d:%s;" % (len(text), text)


def record(
    cursor: Cursor,
    actor: str,
    action: str,
    subject: str,
    why: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    *,
    stripe_id: str | None = None,
) -> int:
    """Append an entry in the caller's transaction; returns its number. `before` and `after` hold no secrets or names.

    From here to the commit nobody else can append: let it be the last statement of a short transaction.
    """
    values = (actor, action, subject, stripe_id, why, _json(before), _json(after))
    cursor.execute("SELECT o2c.audit_append(%s, %s, %s, %s, %s, %s::json, %s::json)", values)
    row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def _json(value: Mapping[str, Any] | None) -> str | None:
    return None if value is None else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def tell_policy(engine: Engine, policy: Policy) -> None:
    """`note_policy` of all that o2c.yaml says: where it decides something, and not whenever somebody looks at gaps."""
    entities = {
        account: entity.model_dump(mode="json", exclude_unset=True) for account, entity in policy.entities.items()
    }
    company = policy.model_dump(mode="json", exclude={"entities"})
    note_policy(engine, company | ({"entities": entities} if entities else {}))


def note_policy(engine: Engine, policy: Mapping[str, Any]) -> bool:
    """Record the mode and policy that a process starts with, if they differ from the last that were seen.

    `policy` is nested plain values. Long values (maps of prices) are kept as their SHA-256.
    """
    now = dict(sorted(_flat(policy)))
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT after FROM o2c.audit WHERE subject = 'policy' ORDER BY seq DESC LIMIT 1")
        row = cursor.fetchone()
        was: dict[str, Any] = row[0] if row else {}
        if was == now:
            return False
        changed = {key for key in was | now if was.get(key) != now.get(key)} if row else set()
        why = f"changed: {', '.join(sorted(changed))}" if row else "seen for the first time"
        record(cursor, current(), "policy_changed", "policy", why, {key: was.get(key) for key in changed}, now)
    return True


def _flat(values: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        name = f"{path}{key}"
        text = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        if len(text) > 200 and path:
            yield name, "sha256:" + hashlib.sha256(text).hexdigest()
        elif isinstance(value, Mapping) and value:
            yield from _flat(value, f"{name}.")
        else:
            yield name, value


def record_plan(cursor: Cursor, first: date, last: date) -> None:
    """Record the plan that this transaction keeps for [first, last], staged as `planned`, unless it is as before.

    What each document is to hold is told when it is taken into the journal, by the hash of its command.
    """
    cursor.execute(
        """SELECT outcome || ' ' || document || ' ' || currency, count(*), sum(amount_minor)::bigint
           FROM planned GROUP BY 1 ORDER BY 1"""
    )
    now = {row[0]: {"documents": row[1], "minor": row[2]} for row in cursor.fetchall()}
    subject = f"plan {first}..{last}"
    cursor.execute("SELECT after FROM o2c.audit WHERE subject = %s ORDER BY seq DESC LIMIT 1", (subject,))
    row = cursor.fetchone()
    was: dict[str, Any] = row[0] if row else {}
    if was != now:
        record(cursor, current(), "plan_saved", subject, "planned from the stored rows", was or None, now)


def publish_head(engine: Engine) -> Head | None:
    """Keep the newest entry as a head that is about to be told to people; None when there is no entry."""
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT o2c.audit_publish(%s)", (current(),))
        row = cursor.fetchone()
        cursor.execute("SELECT seq, hash, published_at FROM o2c.audit_heads WHERE seq = %s", (row[0] if row else None,))
        found = cursor.fetchone()
        return Head(*found) if found else None


def entries(engine: Engine, key: str) -> list[Entry]:
    """What was done to one subject or Stripe object, oldest first."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            sql(f"SELECT {_FIELDS} FROM o2c.audit WHERE subject = %(key)s OR stripe_id = %(key)s ORDER BY seq"),
            {"key": key},
        )
        return [Entry(*row) for row in cursor.fetchall()]


def verify(engine: Engine, *, expected: bytes | None = None) -> Verification:
    """Prove the whole trail: every hash, no number left out, every published head where it was.

    `expected`: the hash of a head that somebody kept, which must be among the entries.
    """
    return _verify(engine, Head(0, GENESIS), expected)


def verify_new(engine: Engine) -> Verification:
    """Prove what was appended since the last time this was asked, and that the entry it ended with is unchanged."""
    value = read_cursor(engine, _VERIFIED)
    known = Head(0, GENESIS)
    if value is not None:
        seq, _, text = value.partition(":")
        known = Head(int(seq), bytes.fromhex(text))
    found = _lost(engine, known) or _verify(engine, known, None)
    if found.intact and found.head.seq > known.seq:
        write_cursor(engine, _VERIFIED, f"{found.head.seq}:{found.head.hash.hex()}")
    return found


def _lost(engine: Engine, known: Head) -> Verification | None:
    """Whether the entry where the last proof ended is gone or another one now."""
    if known.seq == 0:
        return None
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(f"SELECT {_FIELDS} FROM o2c.audit WHERE seq = %s"), (known.seq,))
        row = cursor.fetchone()
    if row is not None and row[-1] == known.hash:
        return None
    what = "is gone" if row is None else "is another one than when the trail was last proved"
    return Verification(0, Head(0, GENESIS), 0, Broken(known.seq, f"entry {known.seq} {what}"))


def _verify(engine: Engine, start: Head, expected: bytes | None) -> Verification:
    heads, after = _heads(engine, start.seq)
    last, read, matched, kept = start, 0, 0, expected is None or expected == start.hash
    for entry in _read(engine, start.seq):
        broken = _examine(entry, last, heads.get(entry.seq))
        if broken is not None:
            return Verification(read, last, matched, broken)
        last, read = Head(entry.seq, entry.hash), read + 1
        matched += entry.seq in heads
        kept = kept or entry.hash == expected
    return Verification(read, last, matched, _missing(last, after, kept=kept))


def _heads(engine: Engine, after: int) -> tuple[dict[int, bytes], int]:
    """Published heads by number; and the largest number that was published, read before the entries are."""
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT seq, hash FROM o2c.audit_heads WHERE seq > %s", (after,))
        heads = {int(row[0]): bytes(row[1]) for row in cursor.fetchall()}
    return heads, max(heads, default=after)


def _read(engine: Engine, after: int) -> Iterator[Entry]:
    """All entries from here on, in order, in pages: they may be millions."""
    while True:
        with raw_cursor(engine) as cursor:
            cursor.execute(sql(f"SELECT {_FIELDS} FROM o2c.audit WHERE seq > %s ORDER BY seq LIMIT {_PAGE}"), (after,))
            page = [Entry(*row) for row in cursor.fetchall()]
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1].seq


def _examine(entry: Entry, last: Head, published: bytes | None) -> Broken | None:
    if entry.seq != last.seq + 1:
        return Broken(last.seq + 1, f"entry {last.seq + 1} is missing: {last.seq} is followed by {entry.seq}")
    if digest(entry, last.hash) != entry.hash:
        return Broken(entry.seq, f"entry {entry.seq} is not what was hashed: it or its place was changed")
    if published is not None and published != entry.hash:
        return Broken(entry.seq, f"entry {entry.seq} is not the one whose hash was published")
    return None


def _missing(last: Head, published: int, *, kept: bool) -> Broken | None:
    if published > last.seq:
        return Broken(last.seq + 1, f"the trail ends at {last.seq}, but entry {published} was published as its head")
    if not kept:
        return Broken(last.seq, "no entry has the hash that was given with --head")
    return None
