"""Why documents are not in NetSuite, with the code of each reason: what was refused by it, and by us before."""

from dataclasses import dataclass

from sqlalchemy import Engine

from o2c_orchestration.store.database import raw_cursor

_REFUSED = """
SELECT stripe_id, external_id, error_code, coalesce(error_detail, '') FROM o2c.journal
WHERE state IN ('refused', 'dead', 'dropped') AND error_code IS NOT NULL
UNION ALL SELECT stripe_id, external_id, code, reason FROM o2c.plan_entries WHERE outcome = 'refused'"""


@dataclass(frozen=True)
class RefusedWrite:
    """One document that is not written. `stripe_id` is what it is made of, in Stripe or Salesforce."""

    stripe_id: str
    external_id: str
    code: str
    words: str


def refused_writes(engine: Engine) -> list[RefusedWrite]:
    """All of them, those of the newest plan included."""
    with raw_cursor(engine) as cursor:
        cursor.execute(_REFUSED)
        return [RefusedWrite(*(str(value) for value in row)) for row in cursor.fetchall()]
