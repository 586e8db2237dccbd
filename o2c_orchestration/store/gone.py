"""Documents that stood in NetSuite and do not any more: deleted or voided there, by a person.

What was written once is not written again by itself: whoever took it out may have meant it. A person says so.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.keys import fold
from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.journal import mark_dirty, note

GONE = "DELETED_IN_NETSUITE"

# Only what the mirror has seen go, or lose its key, and of which nothing else stands there.
_REWRITE = """
UPDATE o2c.journal j SET state = 'refused', netsuite_id = NULL, adopted = false, digest = '', error_code = %(code)s,
    error_detail = %(words)s, fix = 'the next run of its day, or o2c apply, plans and writes it anew',
    attempts = 0, look_ups = 0, decided_by = %(actor)s, decided_at = clock_timestamp(), decision = %(reason)s
WHERE j.state = 'done' AND j.external_key = ANY(%(folded)s) AND j.external_id = ANY(%(ids)s)
  AND EXISTS (SELECT FROM o2c.netsuite_documents d WHERE d.id = j.netsuite_id
              AND (d.deleted_at IS NOT NULL OR d.stripe_ref IS DISTINCT FROM j.external_id))
  AND NOT EXISTS (SELECT FROM o2c.netsuite_documents d WHERE d.stripe_ref = j.external_id AND d.deleted_at IS NULL)
RETURNING id, external_id, stripe_id, state"""

_WORDS = """(
SELECT ': ' || d.document || ' ' || concat_ws(', ', d.tranid, d.id)
       || CASE WHEN d.deleted_at IS NULL THEN ' is voided there. To do: if it is to stand, delete that one, and '
               ELSE ' was deleted there, or hidden from our role. To do: if it is to stand and is not there, ' END
               || 'o2c rewrite ' || d.stripe_ref
       || '; if not, undo it in Stripe too'
FROM o2c.netsuite_documents d
WHERE d.stripe_ref = {key} AND d.document = {document} AND (d.voided OR d.deleted_at IS NOT NULL)
ORDER BY d.id DESC LIMIT 1)"""


def gone(key: str, document: str) -> str:
    """SQL: what became of the document that a missing one had, to follow the reason of its gap; null for none.

    `key` and `document` are expressions for the external id and the type.
    """
    return _WORDS.format(key=key, document=document)


def rewrite(engine: Engine, external_ids: Sequence[str], actor: str, reason: str) -> list[str]:
    """Let the next plan write these again, which we wrote and which are gone; returns the external ids of those.

    What others wrote, what still stands and what nobody knows is left alone. Journal history and audit trail keep who
    said so and why.
    """
    words = f"it was written and is gone from NetSuite; {actor} wants it again: {reason}"
    values = {"ids": list(external_ids), "folded": [fold(key) for key in external_ids], "code": GONE}
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_REWRITE), {**values, "words": words, "actor": actor, "reason": reason})
        rows: Sequence[Any] = cursor.fetchall()
        for row in rows:
            note(cursor, [row[0]], row[3], f"to be written again, said {actor}: {reason}")
        mark_dirty(cursor, [row[2] for row in rows])
        return [row[1] for row in rows]
