"""The journal of writes: intent → sent → outcome, under a lease with a fencing token.

    intent ──claim──▶ sent ──answer──▶ done | refused
      ▲                │
      │                └─no answer / lease ran out──▶ unknown ──look-up──▶ done (adopted)
      └──────────────────────not found, or not sent at all──────┘   attempts used up ──▶ dead

`sent` is committed before the request leaves, so that a crash at any point leaves a row that says a request
may have happened. Every later change is conditional on the token handed out with the claim: a process that
lost its lease can no longer record anything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from sqlalchemy import Engine

from o2c_orchestration.domain.documents import Command
from o2c_orchestration.domain.keys import fold
from o2c_orchestration.store.bulk import sql, stage
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.planning import command_from

OPEN_STATES = ("intent", "sent", "unknown")

_INTEND = """
INSERT INTO o2c.journal (external_key, document, external_id, stripe_id, customer_id, currency, amount_minor,
                         effective_date, partition_date, state, command, digest, depends_on)
SELECT external_key, document, external_id, stripe_id, customer_id, currency, amount_minor, effective_date,
       partition_date, 'intent', command, digest, depends_on
FROM intents
ON CONFLICT (external_key) DO UPDATE SET
    state = 'intent', command = excluded.command, digest = excluded.digest, depends_on = excluded.depends_on,
    currency = excluded.currency, amount_minor = excluded.amount_minor, attempts = 0,
    effective_date = excluded.effective_date, error_code = NULL, error_detail = NULL, fix = NULL,
    netsuite_id = NULL, next_attempt_at = clock_timestamp()
-- Written documents are not written again; what was refused is tried again only when it has changed.
-- A row is never handed to another id that differs in case only.
WHERE o2c.journal.state IN ('refused', 'dead', 'dropped') AND o2c.journal.digest <> excluded.digest
  AND o2c.journal.external_id = excluded.external_id
RETURNING id"""

# The document of an intent, as far as the mirror knows, whoever entered it.
_ADOPT = """
UPDATE o2c.journal j SET state = 'done', adopted = true, netsuite_id = found.id, answered_at = clock_timestamp(),
    error_code = NULL, error_detail = NULL, fix = NULL
FROM o2c.journal i CROSS JOIN LATERAL (
    SELECT min(id) AS id FROM (
        SELECT d.id FROM o2c.netsuite_documents d
        WHERE d.stripe_ref = i.stripe_id AND d.document = i.document AND d.deleted_at IS NULL
        UNION ALL SELECT c.id FROM o2c.netsuite_customers c
        WHERE i.document = 'customer' AND c.external_id = i.stripe_id) every) found
WHERE i.state = 'intent' AND j.id = i.id AND found.id IS NOT NULL
RETURNING j.id, j.stripe_id"""

# Intents that the newest plan words otherwise, or that are planned again after they were parked.
_RENEW = """
UPDATE o2c.journal j SET command = e.command, digest = e.digest, currency = e.currency,
    amount_minor = e.amount_minor, effective_date = e.effective_date, attempts = 0,
    depends_on = ARRAY(SELECT json_array_elements_text(e.command -> 'depends_on')),
    next_attempt_at = clock_timestamp()
FROM o2c.plan_entries e
WHERE j.state = 'intent' AND e.external_key = j.external_key AND e.external_id = j.external_id
  AND e.outcome = 'write' AND (j.digest <> e.digest OR j.next_attempt_at = 'infinity')
RETURNING j.id"""

_PARK = """
UPDATE o2c.journal j SET next_attempt_at = 'infinity'
WHERE j.state = 'intent' AND j.next_attempt_at < 'infinity' AND NOT j.external_key = ANY(%(keys)s)
  AND NOT EXISTS (SELECT FROM o2c.plan_entries e WHERE e.external_key = j.external_key AND e.outcome = 'write')
RETURNING j.id"""

_READY = """
SELECT j.id FROM o2c.journal j
WHERE j.state = 'intent' AND j.document = %(document)s AND j.next_attempt_at <= clock_timestamp()
  AND NOT EXISTS (
    SELECT FROM unnest(j.depends_on) AS needed (external_id)
    JOIN o2c.journal n ON n.external_key = lower(needed.external_id) WHERE n.state <> 'done')
ORDER BY j.id LIMIT %(limit)s"""

_CLAIM = """
UPDATE o2c.journal
SET state = 'sent', attempts = attempts + 1, sent_at = clock_timestamp(), lease_token = nextval('o2c.lease_token'),
    lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
WHERE id = %(id)s AND state = 'intent'
RETURNING id, command, attempts, lease_token"""

_CLAIM_UNKNOWN = """
WITH due AS (
    SELECT id FROM o2c.journal
    WHERE (state = 'unknown' AND next_attempt_at <= clock_timestamp())
       OR (state = 'sent' AND (lease_until < clock_timestamp() OR %(takeover)s))
    ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
UPDATE o2c.journal j
SET state = 'unknown', lease_token = nextval('o2c.lease_token'),
    lease_until = clock_timestamp() + make_interval(secs => %(lease)s),
    next_attempt_at = clock_timestamp() + make_interval(secs => %(lease)s)
FROM due WHERE j.id = due.id
RETURNING j.id, j.command, j.attempts, j.lease_token"""


@dataclass(frozen=True)
class Claim:
    """A journal row handed to one worker. `token` fences out whoever held it before."""

    id: int
    command: Command
    attempts: int
    token: int


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


def intend(engine: Engine, commands: Iterable[Command]) -> int:
    """Persist commands as intents; returns how many are new. What is already done or in hand is left alone."""
    columns = """external_key text, document text, external_id text, stripe_id text, customer_id text,
        currency text, amount_minor bigint, effective_date date, partition_date date, command json,
        digest text, depends_on text[]"""
    with raw_cursor(engine) as cursor:
        stage(cursor, "intents", columns, (_intent_row(command) for command in commands))
        cursor.execute(sql(_INTEND))
        ids = [row[0] for row in cursor.fetchall()]
        _note(cursor, ids, "intent", "planned")
        # A refusal that is tried again is a gap no more.
        cursor.execute(
            """INSERT INTO o2c.dirty (key) SELECT stripe_id FROM o2c.journal WHERE id = ANY(%s)
               ON CONFLICT (key) DO NOTHING""",
            (ids,),
        )
        return len(ids)


def overtaken(engine: Engine, commands: Iterable[Command]) -> int:
    """Settle intents of earlier runs that the world has overtaken; returns how many are adopted.

    A document that was entered by hand meanwhile is adopted. What the kept plan words otherwise is renewed. What
    neither it nor these commands ask for any more (an invoice voided in Stripe) is parked: it is not sent unless
    it is planned again. Only for the holder of the writer lock: nobody else may be about to send an intent.
    """
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_ADOPT))
        adopted: Sequence[Any] = cursor.fetchall()
        _note(cursor, [row[0] for row in adopted], "done", "found in NetSuite, adopted")
        _mark_dirty(cursor, [row[1] for row in adopted])
        cursor.execute(sql(_RENEW))
        _note(cursor, [row[0] for row in cursor.fetchall()], "intent", "planned anew")
        cursor.execute(sql(_PARK), {"keys": [fold(command.external_id) for command in commands]})
        _note(cursor, [row[0] for row in cursor.fetchall()], "intent", "no longer planned: not sent")
        return len(adopted)


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


def ready(engine: Engine, document: str, limit: int) -> list[int]:
    """Ids of up to `limit` intents of one document type that may be sent now: due, dependencies done."""
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_READY), {"document": document, "limit": limit})
        return [int(str(row[0])) for row in cursor.fetchall()]


def claim(engine: Engine, journal_id: int, lease_seconds: float) -> Claim | None:
    """Mark one intent sent and take its lease; None when another worker was faster."""
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_CLAIM), {"id": journal_id, "lease": lease_seconds})
        claims = _claims(cursor, "sent", "request about to leave")
        return claims[0] if claims else None


def claim_unknown(engine: Engine, limit: int, lease_seconds: float, *, takeover: bool = False) -> list[Claim]:
    """Take rows whose outcome is not known: due `unknown` ones and `sent` ones whose lease ran out.

    `takeover` takes `sent` ones under lease too: for the holder of the writer lock, who knows that no other
    process is at work.
    """
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_CLAIM_UNKNOWN), {"limit": limit, "lease": lease_seconds, "takeover": takeover})
        return _claims(cursor, "unknown", "outcome to be looked up")


def _claims(cursor: Any, state: str, note: str) -> list[Claim]:
    claims = [Claim(row[0], command_from(row[1]), row[2], row[3]) for row in cursor.fetchall()]
    _note(cursor, [claim.id for claim in claims], state, note)
    return sorted(claims, key=lambda claim: claim.id)


def record_done(engine: Engine, claim: Claim, netsuite_id: int, *, adopted: bool) -> bool:
    """The document exists. False when the lease was lost to another worker."""
    note = f"NetSuite {netsuite_id}" + (", adopted" if adopted else "")
    changes = {"netsuite_id": netsuite_id, "adopted": adopted, "error_code": None, "error_detail": None, "fix": None}
    return _record(engine, claim, "done", note, changes)


def record_refused(engine: Engine, claim: Claim, code: str, detail: str, fix: str) -> bool:
    """NetSuite said no for a reason that trying again does not change."""
    return _record(engine, claim, "refused", detail, {"error_code": code, "error_detail": detail, "fix": fix})


def record_unknown(engine: Engine, claim: Claim, detail: str, wait_seconds: float) -> bool:
    """A request left and no answer came: look up after `wait_seconds`."""
    return _record(
        engine, claim, "unknown", detail, {"error_code": "OUTCOME_UNKNOWN", "error_detail": detail}, wait_seconds
    )


def record_not_written(engine: Engine, claim: Claim, detail: str, wait_seconds: float) -> bool:
    """It is certain that nothing was written: try again after `wait_seconds`."""
    return _record(engine, claim, "intent", detail, {"error_detail": detail}, wait_seconds)


def record_dead(engine: Engine, claim: Claim, detail: str, fix: str) -> bool:
    """Attempts are used up: a dead letter, for a person."""
    return _record(
        engine, claim, "dead", detail, {"error_code": "ATTEMPTS_USED_UP", "error_detail": detail, "fix": fix}
    )


def _record(
    engine: Engine, claim: Claim, state: str, note: str, changes: dict[str, Any], wait_seconds: float = 0
) -> bool:
    assignments = "".join(f", {name} = %({name})s" for name in changes)
    statement = f"""UPDATE o2c.journal SET state = %(state)s, answered_at = clock_timestamp(), lease_token = NULL,
        lease_until = NULL, next_attempt_at = clock_timestamp() + make_interval(secs => %(wait)s){assignments}
        WHERE id = %(id)s AND lease_token = %(token)s RETURNING stripe_id"""
    values = {"state": state, "wait": wait_seconds, "id": claim.id, "token": claim.token, **changes}
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(statement), values)
        row = cursor.fetchone()
        if row is None:
            return False
        _note(cursor, [claim.id], state, note)
        _mark_dirty(cursor, [row[0]])
        return True


def _mark_dirty(cursor: Any, stripe_ids: Sequence[str]) -> None:
    cursor.execute(
        "INSERT INTO o2c.dirty (key) SELECT unnest(%s::text[]) ON CONFLICT (key) DO NOTHING", (list(stripe_ids),)
    )


def _note(cursor: Any, ids: Sequence[int], state: str, note: str) -> None:
    cursor.execute(
        "INSERT INTO o2c.journal_history (journal_id, state, note) SELECT unnest(%s::bigint[]), %s, %s",
        (list(ids), state, note[:2000]),
    )


def netsuite_ids(engine: Engine, external_ids: Sequence[str]) -> dict[str, int]:
    """External id → internal id, from the mirror or the journal, for those that are known."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT stripe_ref, min(id) FROM o2c.netsuite_documents
               WHERE stripe_ref = ANY(%(ids)s) AND deleted_at IS NULL
                 AND document IN ('invoice', 'customerPayment') GROUP BY 1
               UNION ALL SELECT external_id, min(id) FROM o2c.netsuite_customers
               WHERE external_id = ANY(%(ids)s) GROUP BY 1
               UNION ALL SELECT external_id, netsuite_id FROM o2c.journal
               WHERE external_id = ANY(%(ids)s) AND state = 'done'""",
            {"ids": list(external_ids)},
        )
        return {str(row[0]): int(str(row[1])) for row in cursor.fetchall()}


def counts(engine: Engine) -> dict[str, int]:
    """Rows by state."""
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT state, count(*) FROM o2c.journal GROUP BY state ORDER BY state")
        return {str(row[0]): int(str(row[1])) for row in cursor.fetchall()}


def next_due_in(engine: Engine, documents: Sequence[str]) -> float | None:
    """Seconds until the next open row may be worked on (0 or less: now); None when none is open.

    Rows that wait for a document that was refused or is dead do not count, nor do parked ones: they have to wait
    for a person, or for a new plan.
    """
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT extract(epoch FROM min(next_attempt_at) - clock_timestamp()) FROM o2c.journal j
               WHERE state = 'unknown' OR (state = 'intent' AND next_attempt_at < 'infinity'
                 AND document = ANY(%s) AND NOT EXISTS (
                 SELECT FROM unnest(j.depends_on) AS needed (external_id)
                 JOIN o2c.journal n ON n.external_key = lower(needed.external_id)
                 WHERE n.state <> 'done'))""",
            (list(documents),),
        )
        row = cursor.fetchone()
        return None if row is None or row[0] is None else float(str(row[0]))


_ENTRY = """id, document, external_id, stripe_id, currency, amount_minor, state, adopted, attempts, netsuite_id,
            error_code, error_detail, fix, created_at, sent_at, answered_at"""


def entries(engine: Engine, states: Sequence[str]) -> list[JournalEntry]:
    """Journal rows in the given states, oldest first."""
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(f"SELECT {_ENTRY} FROM o2c.journal WHERE state = ANY(%s) ORDER BY id"), (list(states),))
        rows: Sequence[Any] = cursor.fetchall()
        return [JournalEntry(*row) for row in rows]


def reopen(engine: Engine, external_ids: Sequence[str], actor: str) -> list[str]:
    """Put refused and dead rows back to intent (all of them for an empty list); returns their external ids."""
    return _move(engine, external_ids, "intent", f"retried by {actor}")


def drop(engine: Engine, external_ids: Sequence[str], actor: str, reason: str) -> list[str]:
    """Give up refused and dead rows, with actor and reason in their history; returns their external ids."""
    return _move(engine, external_ids, "dropped", f"dropped by {actor}: {reason}")


def _move(engine: Engine, external_ids: Sequence[str], state: str, note: str) -> list[str]:
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """UPDATE o2c.journal SET state = %s, attempts = 0, next_attempt_at = clock_timestamp()
               WHERE state IN ('refused', 'dead') AND (%s OR external_id = ANY(%s))
               RETURNING id, external_id, stripe_id""",
            (state, not external_ids, list(external_ids)),
        )
        rows: Sequence[Any] = cursor.fetchall()
        _note(cursor, [row[0] for row in rows], state, note)
        _mark_dirty(cursor, [row[2] for row in rows])
        return [row[1] for row in rows]


def counts_by_document(engine: Engine) -> list[dict[str, Any]]:
    """Per document type: written, adopted, refused (or dead), waiting."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT document, count(*) FILTER (WHERE state = 'done' AND NOT adopted),
                      count(*) FILTER (WHERE adopted AND state = 'done'),
                      count(*) FILTER (WHERE state IN ('refused', 'dead')),
                      count(*) FILTER (WHERE state IN ('intent', 'sent', 'unknown'))
               FROM o2c.journal GROUP BY document
               ORDER BY array_position(ARRAY['customer', 'invoice', 'customerPayment'], document)"""
        )
        names = ("document", "written", "adopted", "refused", "waiting")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
