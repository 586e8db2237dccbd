"""What deposits hold: the payments and refunds in them, and their lines on other accounts."""

from collections.abc import Iterable, Sequence

from o2c_orchestration.store.bulk import Cursor, stage

# A payment is in one deposit at most; where it went from one to another, the newer read is right.
_MEMBERS = """
WITH gone AS (
    DELETE FROM o2c.netsuite_deposited a USING staged s
    WHERE a.deposit_id = s.id AND NOT EXISTS (
        SELECT FROM held n WHERE n.document_id = a.document_id AND n.deposit_id = a.deposit_id)
    RETURNING a.document_id, a.deposit_id),
put AS (
    INSERT INTO o2c.netsuite_deposited AS a
    SELECT DISTINCT ON (document_id) * FROM held ORDER BY document_id, deposit_id
    ON CONFLICT (document_id) DO UPDATE SET deposit_id = excluded.deposit_id
    WHERE a.deposit_id <> excluded.deposit_id
    RETURNING document_id, deposit_id)
SELECT document_id, deposit_id FROM gone UNION SELECT document_id, deposit_id FROM put"""

_LINES = """
WITH gone AS (
    DELETE FROM o2c.netsuite_deposit_lines a USING staged s
    WHERE a.deposit_id = s.id AND NOT EXISTS (
        SELECT FROM posted n WHERE (n.deposit_id, n.line) = (a.deposit_id, a.line))
    RETURNING a.deposit_id),
put AS (
    INSERT INTO o2c.netsuite_deposit_lines AS a SELECT * FROM posted
    ON CONFLICT (deposit_id, line) DO UPDATE SET account_id = excluded.account_id,
        amount_minor = excluded.amount_minor, memo = excluded.memo
    WHERE (a.account_id, a.amount_minor, a.memo)
        IS DISTINCT FROM (excluded.account_id, excluded.amount_minor, excluded.memo)
    RETURNING deposit_id)
SELECT deposit_id FROM gone UNION SELECT deposit_id FROM put"""


def merge_deposits(
    cursor: Cursor,
    members: Iterable[tuple[int, int]],
    lines: Iterable[tuple[int, int, int, int, str | None]],
    gone: Sequence[int],
) -> set[int]:
    """Store what the deposits in `staged` hold, and forget what deleted ones (`gone`) held.

    `members` are (document, deposit), `lines` (deposit, line, account, minor units, memo). Returns the ids of documents
    and deposits whose places changed.
    """
    stage(cursor, "held", "document_id bigint, deposit_id bigint", members)
    cursor.execute(_MEMBERS)
    changed = {int(key) for row in cursor.fetchall() for key in row}
    stage(cursor, "posted", "deposit_id bigint, line integer, account_id bigint, amount_minor bigint, memo text", lines)
    cursor.execute(_LINES)
    changed |= {int(row[0]) for row in cursor.fetchall()}
    cursor.execute("DELETE FROM o2c.netsuite_deposited WHERE deposit_id = ANY(%s) RETURNING document_id", (list(gone),))
    return changed | {int(row[0]) for row in cursor.fetchall()}
