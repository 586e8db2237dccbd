"""What the journal has written, for who needs its ids or counts it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.documents import DOCUMENT_ORDER
from o2c_orchestration.domain.keys import fold
from o2c_orchestration.store.database import raw_cursor, reading_cursor
from o2c_orchestration.store.journal import note


def written_ids(engine: Engine, external_ids: Sequence[str]) -> dict[str, str]:
    """Key → the id that another system than NetSuite gave, for those that were made there."""
    with reading_cursor(engine) as cursor:
        cursor.execute(
            """SELECT external_id, written_id FROM o2c.journal
               WHERE external_key = ANY(%s) AND external_id = ANY(%s) AND written_id IS NOT NULL""",
            ([fold(key) for key in external_ids], list(external_ids)),
        )
        return {str(row[0]): str(row[1]) for row in cursor.fetchall()}


def server_errors(engine: Engine, external_id: str) -> int:
    """How many requests for a document were answered with a 5xx."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT count(*) FROM o2c.journal j JOIN o2c.journal_attempts t ON t.journal_id = j.id
               WHERE j.external_key = %s AND j.external_id = %s AND t.status >= 500""",
            (fold(external_id), external_id),
        )
        row = cursor.fetchone()
        return int(str(row[0])) if row else 0


def counts_by_document(engine: Engine) -> list[dict[str, Any]]:
    """Per document type: written, adopted, refused (or dead), waiting."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """SELECT document, count(*) FILTER (WHERE state = 'done' AND NOT adopted),
                      count(*) FILTER (WHERE adopted AND state = 'done'),
                      count(*) FILTER (WHERE state IN ('refused', 'dead')),
                      count(*) FILTER (WHERE state IN ('intent', 'sent', 'unknown'))
               FROM o2c.journal GROUP BY document
               ORDER BY array_position(%s::text[], document)""",
            (list(DOCUMENT_ORDER),),
        )
        names = ("document", "written", "adopted", "refused", "waiting")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def tell(engine: Engine, journal_id: int, words: str) -> None:
    """A line in the history of a write that is under way, which `o2c trace` shows."""
    with raw_cursor(engine) as cursor:
        note(cursor, [journal_id], "sent", words)
