"""Stripe customers whom we made for accounts, with what we wrote last into the fields that are followed."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.customer_changes import PAYER_FIELDS, LastWritten, MadePayer, comparable
from o2c_orchestration.domain.deals import AccountRow
from o2c_orchestration.store import forgotten
from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import raw_cursor

# Adopted ones are among them: whether they are as we would have made them is seen before anything is written.
_WRITTEN = """
SELECT j.stripe_id, j.id, j.document, j.written_id, coalesce(j.request, j.command -> 'body'), j.answered_at,
       j.external_id, j.state, coalesce(j.error_detail, '') || coalesce('. To do: ' || j.fix, '')
FROM o2c.journal j
WHERE j.stripe_id = ANY(%(accounts)s) AND j.document IN ('stripeCustomer', 'stripeCustomerField')
ORDER BY j.answered_at, j.id"""
_SHOWN = """
SELECT c.id, o.read_at, json_build_object('name', coalesce(c.name, ''), 'email', coalesce(c.email, ''))
FROM o2c.customers c JOIN o2c.stripe_objects o ON o.id = c.id
WHERE c.id = ANY(%(ids)s) AND NOT c.deleted AND o.validated_hash = o.payload_hash"""


def read_made_payers(engine: Engine, accounts: Iterable[AccountRow]) -> dict[str, MadePayer]:
    """By account; none for who is forgotten or deleted in Stripe, or whom no read has shown yet."""
    with raw_cursor(engine) as cursor:
        gone = forgotten.ids(cursor, "stripe", "salesforce", "netsuite")
        known = [each for each in accounts if each.stripe_id and not gone & {each.id, each.stripe_id}]
        cursor.execute(sql(_WRITTEN), {"accounts": [each.id for each in known]})
        written: dict[str, list[Any]] = {}
        for row in cursor.fetchall():
            written.setdefault(str(row[0]), []).append(row)
        cursor.execute(sql(_SHOWN), {"ids": [each.stripe_id for each in known]})
        shown: dict[str, Any] = {str(row[0]): row for row in cursor.fetchall()}
    made = ((each.id, _payer(written.get(each.id, ()), shown.get(each.stripe_id or ""))) for each in known)
    return {account: payer for account, payer in made if payer is not None}


def _payer(rows: Iterable[Any], shown: Any) -> MadePayer | None:
    """What we wrote of him, oldest first; None where we made nobody, or another one than is shown."""
    customer: str | None = None
    written, moments, refused = dict[str, LastWritten](), dict[str, Any](), dict[str, tuple[str, str]]()
    for _, journal_id, document, made_id, body, at, key, state, words in rows:
        if state == "done":
            customer = str(made_id)
            without = {} if document == "stripeCustomerField" else dict.fromkeys(PAYER_FIELDS.values(), "")
            new = {name: LastWritten(journal_id, value) for name, value in {**without, **_values(body)}.items()}
            written, moments = written | new, moments | dict.fromkeys(new, at)
        elif document == "stripeCustomerField" and state in ("refused", "dead"):
            [(name, value)] = _values(body).items()
            refused[str(key)] = comparable(name, value), str(words)
    if customer is None or shown is None or str(shown[0]) != customer:
        return None
    _, read_at, told = shown
    fresh = {name: comparable(name, value) for name, value in told.items() if read_at > moments[name]}
    return MadePayer(customer, written, fresh, refused)


def _values(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body["params"].items() if name in PAYER_FIELDS.values()}
