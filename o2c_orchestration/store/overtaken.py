"""Intents of earlier runs that the world has overtaken: adopted, worded anew, or not sent at all."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.documents import Command
from o2c_orchestration.domain.keys import fold
from o2c_orchestration.store.again import plan_again
from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.journal import NOT_SENT, mark_dirty, note
from o2c_orchestration.store.look_alikes import HELD_INTENTS
from o2c_orchestration.store.waiting import VOID

# The document of an intent, as far as the mirror knows, whoever entered it.
_ADOPT = """
UPDATE o2c.journal j SET state = 'done', adopted = true, netsuite_id = found.id, answered_at = clock_timestamp(),
    error_code = NULL, error_detail = NULL, fix = NULL
FROM o2c.journal i CROSS JOIN LATERAL (
    SELECT min(id) AS id FROM (
        SELECT d.id FROM o2c.netsuite_documents d
        WHERE d.stripe_ref = i.external_id AND d.document = i.document AND d.deleted_at IS NULL
        UNION ALL SELECT c.id FROM o2c.netsuite_customers c
        WHERE i.document = 'customer' AND c.external_id = i.external_id) every) found
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
  AND e.outcome = 'write' AND (j.digest <> e.digest OR j.next_attempt_at = 'infinity' OR EXISTS (
    -- Its customer has the subsidiary or currency by now, whoever did it.
    SELECT FROM unnest(j.depends_on) n WHERE (starts_with(n, 'cs-') OR starts_with(n, 'cc-'))
      AND n NOT IN (SELECT json_array_elements_text(e.command -> 'depends_on'))))
RETURNING j.id"""

_PARK = """
UPDATE o2c.journal j SET next_attempt_at = 'infinity'
WHERE j.state = 'intent' AND j.next_attempt_at < 'infinity' AND NOT j.external_key = ANY(%(keys)s)
  AND NOT EXISTS (SELECT FROM o2c.plan_entries e WHERE e.external_key = j.external_key AND e.outcome = 'write')
RETURNING j.id"""


# Driven by the few objects that are asked about.
_WITHDRAW = f"""
UPDATE o2c.journal j SET next_attempt_at = 'infinity'
WHERE external_key = ANY(%(keys)s) AND external_id = ANY(%(ids)s) AND state = 'intent' AND next_attempt_at < 'infinity'
  AND {VOID} RETURNING id"""


def withdraw(engine: Engine, stripe_ids: Sequence[str]) -> int:
    """Park the intents of those of these objects that are void in Stripe; returns how many. Beside whoever writes, too.

    A claim that is under way is waited for, and a later one looks at the status itself. So afterwards each of them has
    left, which whoever plans then sees, or leaves no more.
    """
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_WITHDRAW), {"ids": list(stripe_ids), "keys": [fold(key) for key in stripe_ids]})
        parked = [row[0] for row in cursor.fetchall()]
        note(cursor, parked, "intent", NOT_SENT)
        return len(parked)


def overtaken(engine: Engine, commands: Iterable[Command], look_alike_days: int | None = None) -> int:
    """Settle intents of earlier runs that the world has overtaken; returns how many are adopted.

    A document that was entered by hand meanwhile is adopted. What the kept plan words otherwise is renewed. What
    neither it nor these commands ask for any more (an invoice voided in Stripe) is parked: it is not sent unless
    it is planned again; nor is one beside which a document by hand has appeared that looks like it, so many days away
    at most. Only for the holder of the writer lock: nobody else may be about to send an intent.
    """
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_ADOPT))
        adopted: Sequence[Any] = cursor.fetchall()
        note(cursor, [row[0] for row in adopted], "done", "found in NetSuite, adopted")
        mark_dirty(cursor, [row[1] for row in adopted])
        plan_again(cursor, [row[1] for row in adopted], "found in NetSuite")
        cursor.execute(sql(_RENEW))
        note(cursor, [row[0] for row in cursor.fetchall()], "intent", "planned anew")
        cursor.execute(sql(_PARK), {"keys": [fold(command.external_id) for command in commands]})
        note(cursor, [row[0] for row in cursor.fetchall()], "intent", "no longer planned: not sent")
        if look_alike_days is not None:
            cursor.execute(sql(HELD_INTENTS), {"within": look_alike_days})
            note(
                cursor, [row[0] for row in cursor.fetchall()], "intent", "NetSuite has one that looks like it: not sent"
            )
        return len(adopted)
