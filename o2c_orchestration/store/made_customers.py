"""NetSuite customers whom we made for accounts, with what we wrote last into the fields that are followed."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.domain.customer_changes import FIELDS, LastWritten, MadeCustomer, plain
from o2c_orchestration.domain.deals import AccountRow
from o2c_orchestration.domain.keys import fold
from o2c_orchestration.store import forgotten
from o2c_orchestration.store.bulk import Cursor, sql
from o2c_orchestration.store.database import raw_cursor

# Adopted ones are among them: whether they are as we would have made them is seen before anything is written.
_MADE = """
SELECT j.external_id, j.id, j.netsuite_id, coalesce(j.request, j.command -> 'body'), j.answered_at,
       c.name, c.read_at, coalesce(c.inactive, false)
FROM o2c.journal j LEFT JOIN o2c.netsuite_customers c ON c.id = j.netsuite_id
WHERE j.document = 'customer' AND j.state = 'done' AND j.external_key = ANY(%(keys)s) AND j.netsuite_id IS NOT NULL
ORDER BY j.id"""
_CHANGED = """
SELECT j.stripe_id, j.id, j.netsuite_id, j.command -> 'body' -> 'change', j.answered_at, j.external_id, j.state,
       coalesce(j.error_detail, '') || coalesce('. To do: ' || j.fix, ''), j.command -> 'body' -> 'customer' ->> 'id'
FROM o2c.journal j WHERE j.document = 'customerField' AND j.stripe_id = ANY(%(accounts)s)
ORDER BY j.answered_at, j.id"""


def read_made(engine: Engine, accounts: Iterable[AccountRow]) -> dict[str, MadeCustomer]:
    """By account, in the order given; none for who is forgotten, inactive, or an account's that somebody has moved."""
    with raw_cursor(engine) as cursor:
        gone = forgotten.ids(cursor, "stripe", "salesforce", "netsuite")
        known = [each for each in accounts if not gone & {each.id, each.stripe_id}]
        made, changed = _made(cursor, known), _changed(cursor, known)
    found = {}
    for account in known:
        rows = [made[key] for key in map(fold, _keys(account)) if key in made]
        if (
            rows
            and account.netsuite_id in (None, str(rows[-1][2]))
            and not rows[-1][7]
            and str(rows[-1][2]) not in gone
        ):
            found[account.id] = _customer(rows[-1], changed.get(account.id, []))
    return found


def _keys(account: AccountRow) -> list[str]:
    """A customer goes by his account's id until the account has one in Stripe."""
    return [account.id, *([account.stripe_id] if account.stripe_id else [])]


def _made(cursor: Cursor, accounts: Iterable[AccountRow]) -> dict[str, Any]:
    keys = sorted({fold(key) for account in accounts for key in _keys(account)})
    cursor.execute(sql(_MADE), {"keys": keys})
    return {fold(str(row[0])): row for row in cursor.fetchall()}


def _changed(cursor: Cursor, accounts: Iterable[AccountRow]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    cursor.execute(sql(_CHANGED), {"accounts": [account.id for account in accounts]})
    for row in cursor.fetchall():
        found.setdefault(str(row[0]), []).append(row)
    return found


def _customer(made: Any, changed: Iterable[Any]) -> MadeCustomer:
    _, journal_id, netsuite_id, body, answered_at, name, read_at, _ = made
    written, refused, named_at = _fields(body, journal_id), dict[str, tuple[str, str]](), answered_at
    for _, change_id, _, change, at, key, state, words, customer in changed:
        if customer != str(netsuite_id):
            continue
        if state == "done":
            written |= _fields(change, change_id)
            named_at = at if FIELDS["name"] in change else named_at
        elif state in ("refused", "dead"):
            [value] = change.values()
            refused[str(key)] = plain(value), str(words)
    newer = read_at is not None and named_at is not None and read_at > named_at
    of_account = "Salesforce:" in str(body.get("comments") or "")
    return MadeCustomer(str(netsuite_id), written, name if newer else None, of_account, refused)


def _fields(body: Mapping[str, Any], journal_id: int) -> dict[str, LastWritten]:
    return {name: LastWritten(journal_id, body[name]) for name in FIELDS.values() if body.get(name)}
