"""What a mapping reads besides the planner's rows: metadata that it names, and names of customers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Engine

from o2c_orchestration.domain.documents import LineRow, Rows
from o2c_orchestration.domain.mapping_sources import DETAIL, KEPT_FOR, LINE, OWN, SUBSCRIPTION, Kept, Person, Sources
from o2c_orchestration.domain.policy_mapping import Mappings
from o2c_orchestration.store.bulk import Cursor, sql, stage
from o2c_orchestration.store.database import raw_cursor, reading_cursor

# (object, the keys that it was kept for, what it says)
Note = tuple[str, list[str], str]

_REPLACE = """
WITH gone AS (DELETE FROM o2c.kept_metadata k WHERE k.stripe_id = ANY(%(ids)s)
              AND NOT EXISTS (SELECT FROM kept_anew n WHERE n.stripe_id = k.stripe_id))
INSERT INTO o2c.kept_metadata AS k SELECT * FROM kept_anew ORDER BY stripe_id
ON CONFLICT (stripe_id) DO UPDATE SET keys = excluded.keys, told = excluded.told
WHERE k.keys <> excluded.keys OR k.told::text <> excluded.told::text"""

_TOLD = "SELECT stripe_id, keys, told FROM o2c.kept_metadata WHERE stripe_id = ANY(%(ids)s)"
_PEOPLE = "SELECT id, name, email FROM o2c.customers WHERE id = ANY(%(ids)s)"

# What documents of these days lean on, and was read before the mapping named a key of it.
_LACK = "NOT EXISTS (SELECT FROM o2c.kept_metadata k WHERE k.stripe_id = n.id AND k.keys @> %(keys)s::text[])"
_DAYS = "{t}.created_at >= %(first)s::date AND {t}.created_at < %(last)s::date + 1"
_STALE = {
    "customer": f"""
SELECT n.id FROM (
    SELECT customer_id AS id FROM o2c.invoices i WHERE {_DAYS.format(t="i")}
    UNION SELECT customer_id FROM o2c.payments p WHERE {_DAYS.format(t="p")}
    UNION SELECT customer_id FROM o2c.credit_notes c WHERE {_DAYS.format(t="c")}
    UNION SELECT p.customer_id FROM o2c.refunds r JOIN o2c.payments p ON p.id = r.charge_id
          WHERE {_DAYS.format(t="r")}) n
WHERE {_LACK}""",
    "invoice": f"""
SELECT n.id FROM (
    SELECT i.id FROM o2c.invoices i WHERE {_DAYS.format(t="i")}
    UNION SELECT invoice_id FROM o2c.credit_notes c WHERE {_DAYS.format(t="c")}) n
WHERE {_LACK}""",
    "price": f"SELECT n.id FROM o2c.prices_named n WHERE {_LACK}",
}
# Customers of whom more is stored than is asked for: what is asked for no more is not kept.
_BEYOND = """
SELECT k.stripe_id FROM o2c.kept_metadata k JOIN o2c.stripe_objects o ON o.id = k.stripe_id
WHERE o.object = 'customer' AND (%(account)s::text IS NULL OR o.account = %(account)s)
  AND EXISTS (SELECT FROM unnest(k.keys) key WHERE key LIKE 'detail:%%' AND NOT key = ANY(%(asked)s))
ORDER BY k.stripe_id LIMIT %(limit)s"""
_KNOWN = """
SELECT o.id FROM o2c.stripe_objects o WHERE o.id = ANY(%(ids)s) AND o.status <> 'deleted'
  AND (%(account)s::text IS NULL OR o.account = %(account)s) ORDER BY 1"""


def note(stripe_id: str, payload: Any) -> Note | None:
    """What a payload says under the keys that it was kept for; None where it was kept for none."""
    keys = payload.get(KEPT_FOR)
    if not keys:
        return None
    named: dict[str, set[str]] = {OWN: set(), LINE: set(), SUBSCRIPTION: set(), DETAIL: set()}
    for each in keys:
        kind, _, key = each.partition(":")
        named.setdefault(kind, set()).add(key)
    subscription = ((payload.get("parent") or {}).get("subscription_details") or {}).get("metadata")
    lines = (payload.get("lines") or {}).get("data") or [] if named[LINE] else []
    told = {
        OWN: _only(payload.get("metadata"), named[OWN]),
        SUBSCRIPTION: _only(subscription, named[SUBSCRIPTION]),
        LINE: {line["id"]: found for line in lines if (found := _only(line.get("metadata"), named[LINE]))},
    }
    if named[DETAIL]:
        told[DETAIL] = {name: payload[name] for name in named[DETAIL] if payload.get(name)}
    return stripe_id, sorted(keys), orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()


def _only(told: Any, keys: set[str]) -> dict[str, str]:
    return {name: str(value).strip() for name, value in (told or {}).items() if name in keys and str(value).strip()}


def replace(cursor: Cursor, ids: Sequence[str], notes: Iterable[Note | None]) -> None:
    """Keep what these objects say now."""
    found = [each for each in notes if each is not None]
    cursor.execute("SELECT EXISTS (SELECT FROM o2c.kept_metadata WHERE stripe_id = ANY(%s))", (list(ids),))
    if not found and not (cursor.fetchone() or (False,))[0]:
        return
    stage(cursor, "kept_anew", "stripe_id text, keys text[], told json", found)
    cursor.execute(sql(_REPLACE), {"ids": list(ids)})


def read_sources(cursor: Cursor, rows: Rows, mapping: Mappings) -> Sources:
    """Of all that these rows are about or hang on; nothing where the mapping reads none of it."""
    people = _people(cursor, customers(rows)) if mapping.reads_customers else {}
    return Sources(_metadata(cursor, rows) if mapping.kept else {}, people)


def read_customers(engine: Engine, ids: Iterable[str], mapping: Mappings) -> Sources:
    """The metadata of these customers, for what is planned for deals."""
    if "customer" not in mapping.kept:
        return Sources()
    with reading_cursor(engine) as cursor:
        cursor.execute(sql(_TOLD), {"ids": sorted(ids)})
        return Sources({str(key): _paths(keys, told) for key, keys, told in cursor.fetchall()})


def _people(cursor: Cursor, ids: Iterable[str]) -> dict[str, Person]:
    cursor.execute(sql(_PEOPLE), {"ids": sorted(ids)})
    return {str(key): Person(name, email) for key, name, email in cursor.fetchall()}


def _metadata(cursor: Cursor, rows: Rows) -> dict[str, dict[str, str | None]]:
    lines = _lines(rows)
    prices = {line.price_id for group in lines.values() for line in group if line.price_id}
    cursor.execute(sql(_TOLD), {"ids": sorted({*_ids(rows), *lines, *prices})})
    found: dict[str, dict[str, str | None]] = {}
    for key, keys, told in cursor.fetchall():
        found[str(key)] = _paths(keys, told)
        named = [each.partition(":")[2] for each in keys if each.startswith(f"{LINE}:")]
        for line in lines.get(str(key), ()) if named else ():
            own = told[LINE].get(line.origin or line.id, {})
            found[line.origin or line.id] = {f"metadata.{name}": own.get(name) for name in named}
    return found


def _paths(keys: Sequence[str], told: Mapping[str, Any]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for each in keys:
        kind, _, name = each.partition(":")
        if kind in (OWN, SUBSCRIPTION):
            path = f"metadata.{name}" if kind == OWN else f"{SUBSCRIPTION}.metadata.{name}"
            found[path] = told[kind].get(name)
    return found


def _lines(rows: Rows) -> dict[str, list[LineRow]]:
    """The lines of invoices that documents are made of, by invoice."""
    repaid = (history.invoice for history in rows.histories if history.invoice is not None)
    found: dict[str, list[LineRow]] = {}
    for invoice in (*rows.invoices, *rows.closed, *rows.balanced, *repaid):
        found.setdefault(invoice.id, []).extend(invoice.lines)
    for credit in rows.credit_notes:
        found.setdefault(credit.invoice_id, []).extend(line for line in credit.lines if line.origin)
    return found


def _ids(rows: Rows) -> set[str]:
    found = {row.id for each in (rows.invoices, rows.closed, rows.balanced, rows.off_stripe) for row in each}
    found |= {row.id for row in rows.payouts} | {row.id for row in rows.credit_notes} | customers(rows)
    payments = [*rows.payments, *(history.payment for history in rows.histories)]
    found |= {row.id for row in payments} | {part.invoice_id for row in payments for part in row.applications}
    for history in rows.histories:
        found |= {row.id for row in history.refunds} | {row.id for row in history.disputes}
    return found


def customers(rows: Rows) -> set[str]:
    """The customers of everything that is planned."""
    people: set[str | None] = {row.id for row in rows.customers}
    people |= {row.customer_id for each in (rows.invoices, rows.closed, rows.balanced) for row in each}
    people |= {row.customer_id for row in rows.payments} | {row.customer_id for row in rows.credit_notes}
    people |= {row.customer_id for row in rows.off_stripe}
    people |= {history.payment.customer_id for history in rows.histories}
    return {person for person in people if person}


def stale(engine: Engine, kept: Kept, first: date, last: date, account: str | None) -> dict[str, list[str]]:
    """Objects by type that documents of [first, last] (UTC days) read, and that were not kept for all these keys."""
    found: dict[str, list[str]] = {}
    with raw_cursor(engine) as cursor:
        for kind in sorted(kept.keys() & _STALE.keys()):
            keys = sorted(f"{part}:{key}" for part, names in kept[kind].items() for key in names)
            cursor.execute(sql(_STALE[kind]), {"keys": keys, "first": first, "last": last})
            ids = [str(row[0]) for row in cursor.fetchall() if row[0]]
            cursor.execute(sql(_KNOWN), {"ids": ids, "account": account})
            found[kind] = [str(row[0]) for row in cursor.fetchall()]
    return found


def kept_beyond(engine: Engine, kept: Kept, account: str | None, limit: int) -> list[str]:
    """Up to `limit` customers of whom details are stored that these settings do not ask for."""
    asked = [f"{DETAIL}:{name}" for name in kept.get("customer", {}).get(DETAIL, ())]
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_BEYOND), {"asked": asked, "account": account, "limit": limit})
        return [str(row[0]) for row in cursor.fetchall()]


_WHOSE_DAY = """
SELECT min(created_at)::date FROM (
    SELECT created_at FROM o2c.stripe_objects WHERE id = %(key)s AND object <> 'customer'
    UNION ALL SELECT created_at FROM o2c.invoices WHERE customer_id = %(key)s
    UNION ALL SELECT created_at FROM o2c.payments WHERE customer_id = %(key)s) found"""


def stripe_id_of_document(engine: Engine, key: str) -> str:
    """The key of a document that is named by its internal id in NetSuite; any other text as it is."""
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT stripe_ref FROM o2c.netsuite_documents WHERE id::text = %s", (key,))
        found: Any = cursor.fetchone()
        return str(found[0]) if found and found[0] else key


def day_of(engine: Engine, stripe_id: str) -> date | None:
    """The UTC day on which an object was created; of a customer that of his first invoice or payment."""
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(_WHOSE_DAY), {"key": stripe_id})
        found: Any = cursor.fetchone()
        day: date | None = found[0]
        return day
