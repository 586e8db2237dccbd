"""The journal of writes: intent → sent → outcome, under a lease with a fencing token.

    intent ──claim──▶ sent ──answer──▶ done | refused
      ▲                │
      │                └─no answer / lease ran out──▶ unknown ──look-up──▶ done (adopted)
      └───────────not sent at all, or not found for certain─────┘   attempts used up ──▶ dead

`sent` is committed before the request leaves, so that a crash at any point leaves a row that says a request
may have happened; `sent_at` is the moment at which it was about to leave. Every later change, and the leaving
itself, is conditional on the token handed out with the claim: a process that lost its lease can neither send nor
record. A claim is conditional on the term of the writer lock too. All times are the database's.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from sqlalchemy import Engine

from o2c_orchestration.domain.documents import STRIPE_DOCUMENTS, Command, system_of
from o2c_orchestration.domain.keys import common_customer_name, fold
from o2c_orchestration.domain.policy import CERTAIN_AFTER_SECONDS
from o2c_orchestration.domain.priority import SWEEP
from o2c_orchestration.store import forgotten
from o2c_orchestration.store.again import plan_again
from o2c_orchestration.store.bulk import sql, stage
from o2c_orchestration.store.database import raw_cursor, reading_cursor
from o2c_orchestration.store.metadata import common_customer
from o2c_orchestration.store.planning import command_from
from o2c_orchestration.store.waiting import FREE, NOT_LOCKED, TOLD_VOID, VOID

OPEN_STATES = ("intent", "sent", "unknown")
WORDS_MAX = 2000
NOT_SENT = "void in Stripe: not sent"
# The one error code that is ours: whether NetSuite did what it was asked to is not known.
OUTCOME_UNKNOWN = "OUTCOME_UNKNOWN"
ATTEMPTS_USED_UP = "ATTEMPTS_USED_UP"

_INTEND = """
INSERT INTO o2c.journal (external_key, document, external_id, stripe_id, customer_id, currency, amount_minor,
                         effective_date, partition_date, state, command, digest, depends_on, priority)
SELECT external_key, document, external_id, stripe_id, customer_id, currency, amount_minor, effective_date,
       partition_date, 'intent', command, digest, depends_on, priority
FROM intents
ON CONFLICT (external_key) DO UPDATE SET
    -- What was given up without knowing whether it is there is looked up before anything is sent.
    state = CASE WHEN o2c.journal.error_code = 'OUTCOME_UNKNOWN' THEN 'unknown' ELSE 'intent' END,
    command = excluded.command, digest = excluded.digest, depends_on = excluded.depends_on,
    priority = excluded.priority, currency = excluded.currency, amount_minor = excluded.amount_minor,
    attempts = 0, look_ups = 0,
    decided_by = NULL, decided_at = NULL, decision = NULL,
    effective_date = excluded.effective_date, error_code = NULL, error_detail = NULL, fix = NULL,
    netsuite_id = NULL, next_attempt_at = clock_timestamp()
-- Written documents are not written again; what was refused is tried again only when it has changed, or when it was we
-- who refused it, for a name that NetSuite may have by now. A row is never handed to an id of another case.
WHERE o2c.journal.state IN ('refused', 'dead', 'dropped') AND o2c.journal.external_id = excluded.external_id
  AND (o2c.journal.digest <> excluded.digest
       OR o2c.journal.state = 'refused' AND o2c.journal.error_code IN ('REFERENCE_MISSING', 'ACCOUNT_CURRENCY'))
RETURNING id, state"""

# What waits for a sweep and is wanted now goes before the sweep's others.
_PREFER = """
UPDATE o2c.journal j SET priority = i.priority FROM intents i
WHERE j.external_key = i.external_key AND j.state = 'intent' AND j.priority > i.priority"""

_FIRST = f"""
SELECT j.id FROM o2c.journal j
WHERE j.state = 'intent' AND j.priority < 2 AND j.document = ANY(%(documents)s)
  AND j.next_attempt_at <= clock_timestamp() AND (j.attempts > 0 OR NOT %(again)s)
  AND {FREE}
ORDER BY j.priority, array_position(%(documents)s, j.document), j.id LIMIT %(limit)s"""

_READY = f"""
SELECT j.id FROM o2c.journal j
WHERE j.state = 'intent' AND j.document = %(document)s AND j.next_attempt_at <= clock_timestamp()
  AND (j.attempts > 0 OR NOT %(again)s)
  AND {FREE}
ORDER BY j.id LIMIT %(limit)s"""

# Whoever has found it ready some time ago may not know that it is not to be sent any more.
_CLAIM = f"""
UPDATE o2c.journal j
SET state = 'sent', attempts = attempts + 1, look_ups = 0, sent_at = NULL, request = NULL,
    lease_token = nextval('o2c.lease_token'), lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
WHERE id = %(id)s AND state = 'intent' AND next_attempt_at < 'infinity'
  AND NOT {VOID} AND NOT {TOLD_VOID} AND {NOT_LOCKED}
  AND (%(term)s::bigint IS NULL OR %(term)s = pg_sequence_last_value('o2c.writer_term'))
RETURNING id, command, attempts, lease_token, look_ups, 0"""

_PARK = f"""
UPDATE o2c.journal j SET next_attempt_at = 'infinity'
WHERE id = %(id)s AND state = 'intent' AND next_attempt_at < 'infinity' AND {VOID} RETURNING id"""

_DEPART = """
UPDATE o2c.journal SET sent_at = clock_timestamp(), request = %(request)s,
    lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
WHERE id = %(id)s AND state = 'sent' AND lease_token = %(token)s RETURNING id"""

# The wait for certainty is measured before the look-up is made, or a commit might slip in between.
# A claim that never left (no sent_at) cannot leave any more: its token is gone.
_CLAIM_UNKNOWN = """
WITH due AS (
    SELECT id, state, attempts, sent_at FROM o2c.journal
    WHERE (state = 'unknown' AND (next_attempt_at <= clock_timestamp() OR %(takeover)s AND lease_token IS NOT NULL))
       OR (state = 'sent' AND (lease_until < clock_timestamp() OR %(takeover)s))
    ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED),
left_behind AS (
    INSERT INTO o2c.journal_attempts (journal_id, attempt, sent_at, outcome, words)
    SELECT id, attempts, sent_at, CASE WHEN sent_at IS NULL THEN 'not_sent' ELSE 'unknown' END,
           'the process that had it recorded no outcome' FROM due WHERE state = 'sent')
UPDATE o2c.journal j
SET state = 'unknown', look_ups = look_ups + 1, lease_token = nextval('o2c.lease_token'),
    lease_until = clock_timestamp() + make_interval(secs => %(lease)s),
    next_attempt_at = clock_timestamp() + make_interval(secs => %(lease)s)
FROM due WHERE j.id = due.id
RETURNING j.id, j.command, j.attempts, j.lease_token, j.look_ups,
    coalesce(extract(epoch FROM j.sent_at - clock_timestamp())::float8 + %(certain_after)s, 0)"""

# Where metadata names a customer, no other will do.
_NETSUITE_IDS = """
WITH named AS (
    SELECT m.stripe_id, c.id FROM o2c.stripe_metadata m LEFT JOIN o2c.netsuite_customers c ON c.id = m.netsuite_id
    WHERE m.stripe_id = ANY(%(ids)s) AND m.name = 'netsuite_customer_id')
SELECT stripe_ref, min(id) FROM o2c.netsuite_documents
WHERE stripe_ref = ANY(%(ids)s) AND deleted_at IS NULL GROUP BY 1
UNION ALL SELECT external_id, min(id) FROM o2c.netsuite_customers
WHERE lower(external_id) = ANY(%(folded)s) AND external_id = ANY(%(ids)s)
  AND external_id NOT IN (SELECT stripe_id FROM named) GROUP BY 1
UNION ALL SELECT external_id, netsuite_id FROM o2c.journal
WHERE external_key = ANY(%(folded)s) AND external_id = ANY(%(ids)s) AND netsuite_id IS NOT NULL
  AND external_id NOT IN (SELECT stripe_id FROM named)
UNION ALL SELECT stripe_id, id FROM named WHERE id IS NOT NULL"""

_RECORD = """
WITH kept AS (
    UPDATE o2c.journal SET state = %(state)s, answered_at = clock_timestamp(), lease_token = NULL, lease_until = NULL,
        next_attempt_at = clock_timestamp() + make_interval(secs => %(wait)s){assignments}
    WHERE id = %(id)s AND lease_token = %(token)s RETURNING id, stripe_id, attempts, sent_at, answered_at),
said AS (
    INSERT INTO o2c.journal_attempts (journal_id, attempt, sent_at, answered_at, outcome, status, code, words)
    SELECT id, attempts, sent_at, answered_at, %(outcome)s, %(status)s, %(code)s, %(words)s
    FROM kept WHERE NOT %(look_up)s)
SELECT stripe_id FROM kept"""


@dataclass(frozen=True)
class Claim:
    """A journal row handed to one worker. `token` fences out whoever held it before.

    `look_ups`: how often its outcome was looked up, this time included; 0 when it is to be sent. `settles_in`:
    seconds until a look-up that finds nothing proves that nothing was written; 0 or less: it does already.
    """

    id: int
    command: Command
    attempts: int
    token: int
    look_ups: int
    settles_in: float


@dataclass(frozen=True)
class JournalEntry:
    """A journal row for people: state, outcome, and what to do. Amounts in minor units."""

    id: int
    document: str
    external_id: str
    stripe_id: str
    currency: str
    amount_minor: int
    state: str
    adopted: bool
    attempts: int
    netsuite_id: int | None
    error_code: str | None
    error_detail: str | None
    fix: str | None
    created_at: Any
    sent_at: Any
    answered_at: Any


def intend(
    engine: Engine, commands: Iterable[Command], priority: Callable[[Command], int] = lambda command: SWEEP
) -> int:
    """Persist commands as intents; returns how many are new. What is already done or in hand is left alone.

    `priority`: 0 urgent, 1 follows a change, 2 of a sweep; what waits already keeps the more urgent of the two.
    """
    columns = """external_key text, document text, external_id text, stripe_id text, customer_id text,
        currency text, amount_minor bigint, effective_date date, partition_date date, command json,
        digest text, depends_on text[], priority smallint"""
    once = {each.external_id: each for each in commands}
    with raw_cursor(engine) as cursor:
        kept = forgotten.nameless(cursor, once.values())
        stage(cursor, "intents", columns, ((*_intent_row(each), priority(each)) for each in kept))
        cursor.execute(_PREFER)
        cursor.execute(sql(_INTEND))
        rows = cursor.fetchall()
        ids = [row[0] for row in rows]
        for state in ("intent", "unknown"):
            note(cursor, [row[0] for row in rows if row[1] == state], state, "planned")
        # A refusal that is tried again is a gap no more.
        cursor.execute("INSERT INTO o2c.dirty (key) SELECT stripe_id FROM o2c.journal WHERE id = ANY(%s)", (ids,))
        return len(ids)


def _intent_row(command: Command) -> tuple[Any, ...]:
    return (
        fold(command.external_id),
        command.document,
        command.external_id,
        command.stripe_id,
        command.customer_id,
        command.currency,
        command.amount_minor,
        command.effective_date,
        command.partition,
        orjson.dumps(asdict(command)).decode(),
        command.digest,
        list(command.depends_on),
    )


def ready(engine: Engine, document: str, limit: int, *, again: bool = False) -> list[int]:
    """Ids of up to `limit` intents of one document type that may be sent now: due, dependencies done.

    `again` leaves out those that were never tried.
    """
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_READY), {"document": document, "limit": limit, "again": again})
        return [int(str(row[0])) for row in cursor.fetchall()]


def first(engine: Engine, documents: Sequence[str], limit: int, *, again: bool = False) -> list[int]:
    """As `ready`, of all these documents: those that go before the documents of a sweep, the most urgent first."""
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_FIRST), {"documents": list(documents), "limit": limit, "again": again})
        return [int(str(row[0])) for row in cursor.fetchall()]


def claim(engine: Engine, journal_id: int, lease_seconds: float, *, term: int | None = None) -> Claim | None:
    """Mark one intent sent and take its lease; None when another worker was faster, or when it is not to be sent.

    With the `term` of the writer lock: None too when another process has taken the lock since.
    """
    with raw_cursor(engine) as cursor:
        # Nothing has left yet, so a claim may be lost in a crash of the server; `depart` waits for the disk for both.
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute(sql(_CLAIM), {"id": journal_id, "lease": lease_seconds, "term": term})
        claims = _claims(cursor, "sent", "request about to leave")
        if not claims:
            # Or it would be found ready for ever.
            cursor.execute(sql(_PARK), {"id": journal_id})
            note(cursor, [row[0] for row in cursor.fetchall()], "intent", NOT_SENT)
        return claims[0] if claims else None


def depart(engine: Engine, claim: Claim, request: Any, lease_seconds: float) -> bool:
    """Put on record that the request leaves now, and with which body; False, and it must not, if the lease is lost."""
    values = {"id": claim.id, "token": claim.token, "lease": lease_seconds, "request": orjson.dumps(request).decode()}
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_DEPART), values)
        return cursor.fetchone() is not None


def claim_unknown(
    engine: Engine,
    limit: int,
    lease_seconds: float,
    *,
    takeover: bool = False,
    certain_after: float = CERTAIN_AFTER_SECONDS,
) -> list[Claim]:
    """Take rows whose outcome is not known: due `unknown` ones and `sent` ones whose lease ran out.

    `takeover` takes those under lease too: for the holder of the writer lock, who knows that no other process is
    at work. `certain_after`: seconds after a request left until NetSuite surely commits it no more.
    """
    values = {"limit": limit, "lease": lease_seconds, "takeover": takeover, "certain_after": certain_after}
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_CLAIM_UNKNOWN), values)
        return _claims(cursor, "unknown", "outcome to be looked up")


def _claims(cursor: Any, state: str, words: str) -> list[Claim]:
    claims = [Claim(row[0], command_from(row[1]), *row[2:]) for row in cursor.fetchall()]
    note(cursor, [claim.id for claim in claims], state, words)
    return sorted(claims, key=lambda claim: claim.id)


def record_done(engine: Engine, claim: Claim, identifier: int | str, *, adopted: bool) -> bool:
    """The document exists, under this id of its system's. False when the lease was lost to another worker."""
    elsewhere = claim.command.document in STRIPE_DOCUMENTS
    words = f"{system_of(claim.command.document)} {identifier}" + (", adopted" if adopted else "")
    where = {"written_id": str(identifier)} if elsewhere else {"netsuite_id": int(identifier)}
    changes = {**where, "adopted": adopted, "error_code": None, "error_detail": None, "fix": None}
    return _record(engine, claim, "done", words, {**changes, "request": None})


def record_refused(
    engine: Engine, claim: Claim, code: str, detail: str, fix: str, *, status: int | None = None
) -> bool:
    """NetSuite said no for a reason that trying again does not change."""
    return _record(
        engine, claim, "refused", detail, {"error_code": code, "error_detail": detail, "fix": fix}, status=status
    )


def record_unknown(
    engine: Engine, claim: Claim, detail: str, wait_seconds: float, *, status: int | None = None
) -> bool:
    """A request left and no answer came: look up after `wait_seconds`."""
    changes = {"error_code": OUTCOME_UNKNOWN, "error_detail": detail}
    return _record(engine, claim, "unknown", detail, changes, wait_seconds, status=status)


def record_not_written(
    engine: Engine, claim: Claim, detail: str, wait_seconds: float, *, status: int | None = None
) -> bool:
    """It is certain that nothing was written: try again after `wait_seconds`."""
    changes = {"error_code": None, "error_detail": detail}
    return _record(engine, claim, "intent", detail, changes, wait_seconds, status=status)


def record_dead(
    engine: Engine, claim: Claim, detail: str, fix: str, *, code: str = ATTEMPTS_USED_UP, status: int | None = None
) -> bool:
    """Given up: a dead letter, for a person. Code OUTCOME_UNKNOWN: the document may be there all the same."""
    changes = {"error_code": code, "error_detail": detail, "fix": fix}
    return _record(engine, claim, "dead", detail, changes, status=status)


def _record(
    engine: Engine,
    claim: Claim,
    state: str,
    words: str,
    changes: dict[str, Any],
    wait_seconds: float = 0,
    *,
    status: int | None = None,
) -> bool:
    statement = _RECORD.format(assignments="".join(f", {name} = %({name})s" for name in changes))
    outcome = "not_written" if state == "intent" else state
    attempt = {"outcome": outcome, "status": status, "code": changes.get("error_code"), "words": words[:WORDS_MAX]}
    values = {"state": state, "wait": wait_seconds, "id": claim.id, "token": claim.token, **attempt, **changes}
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(statement), {**values, "look_up": claim.look_ups > 0})
        row = cursor.fetchone()
        if row is None:
            return False
        note(cursor, [claim.id], state, words)
        mark_dirty(cursor, [row[0]])
        if state == "done" and claim.look_ups:  # it may have changed since it was sent, and others wait for it
            plan_again(cursor, [row[0]], "found after its answer was lost")
        return True


def mark_dirty(cursor: Any, stripe_ids: Sequence[str]) -> None:
    """These objects are to be reconciled anew."""
    cursor.execute("INSERT INTO o2c.dirty (key) SELECT unnest(%s::text[])", (list(stripe_ids),))


def note(cursor: Any, ids: Sequence[int], state: str, words: str) -> None:
    """A line in the history of each row."""
    cursor.execute(
        "INSERT INTO o2c.journal_history (journal_id, state, note) SELECT unnest(%s::bigint[]), %s, %s",
        (list(ids), state, words[:WORDS_MAX]),
    )


def netsuite_ids(engine: Engine, external_ids: Sequence[str]) -> dict[str, int]:
    """External id → internal id, from the mirror or the journal, for those that are known."""
    with raw_cursor(engine) as cursor:
        cursor.execute(_NETSUITE_IDS, {"ids": list(external_ids), "folded": [fold(key) for key in external_ids]})
        found = {str(row[0]): int(str(row[1])) for row in cursor.fetchall()}
        shared = {key: common_customer(cursor, name) for key in external_ids if (name := common_customer_name(key))}
        return found | {key: number for key, number in shared.items() if number is not None}


def counts(engine: Engine) -> dict[str, int]:
    """Rows by state."""
    with reading_cursor(engine) as cursor:
        cursor.execute("SELECT state, count(*) FROM o2c.journal GROUP BY state ORDER BY state")
        return {str(row[0]): int(str(row[1])) for row in cursor.fetchall()}


_ENTRY = """id, document, external_id, stripe_id, currency, amount_minor, state, adopted, attempts, netsuite_id,
            error_code, error_detail, fix, created_at, sent_at, answered_at"""


def entries(engine: Engine, states: Sequence[str]) -> list[JournalEntry]:
    """Journal rows in the given states, oldest first."""
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(f"SELECT {_ENTRY} FROM o2c.journal WHERE state = ANY(%s) ORDER BY id"), (list(states),))
        rows: Sequence[Any] = cursor.fetchall()
        return [JournalEntry(*row) for row in rows]
