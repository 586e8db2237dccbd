"""Loading and upserting N Stripe objects through the gate, beside a bare COPY and merge of the same rows.

    python -m benchmarks.load --rows 1000000

Three passes each: everything new, everything again unchanged, everything again with 1 % changed. Ours is the gate as
extraction uses it, in its batches and with its writers. Bare is one COPY, in binary as ours, into a temporary table
and one INSERT … ON CONFLICT DO UPDATE into a table with the same columns and indexes, in one transaction, with nothing
hashed, compared or checked. Each round begins with the other of the two. Processor seconds are those of this process
and of all of PostgreSQL's. insertmanyvalues and to_sql load new rows only, `--slow-rows` of them, and are scaled to N.
"""

import argparse
import json
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice

import pandas as pd
from sqlalchemy import Engine, MetaData, Table, create_engine, insert

from benchmarks.common import Measure, Meter, middle, report, say, throwaway_store, vacuum
from benchmarks.cpu import cpu_seconds
from o2c_orchestration.extract.stripe import _BATCH, _WRITERS
from o2c_orchestration.store.bulk import copy_in, sql
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.gate import Admission, StripeObject, admit

PASSES = ("new", "unchanged", "1 % changed")
_START = datetime(2026, 1, 1, tzinfo=UTC)
_READ = datetime.now(UTC) - timedelta(hours=1)
_PAGE = 100
_BARE = "id text, object text, created_at timestamptz, status text, read_at timestamptz, hash bytea, payload json"
_TYPES = ("text", "text", "timestamptz", "text", "timestamptz", "bytea", "text")
_MERGE = """
INSERT INTO o2c.bare AS t (id, object, created_at, status, read_at, payload_hash, payload) SELECT * FROM incoming
ON CONFLICT (id) DO UPDATE SET object = excluded.object, created_at = excluded.created_at, status = excluded.status,
    read_at = excluded.read_at, payload_hash = excluded.payload_hash, payload = excluded.payload"""


def main() -> None:
    """Measure ours and bare in turn, `--repeat` times, then the slow ones once."""
    parser = argparse.ArgumentParser(description="Load and upsert Stripe objects, ours beside COPY and merge")
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--slow-rows", type=int, default=50_000)
    parser.add_argument("--repeat", type=int, default=3)
    arguments = parser.parse_args()
    runs: dict[str, list[Measure]] = {}
    with throwaway_store() as (engine, meter):
        owner = create_engine(engine.url)  # for what the gate's own role may not: tables, VACUUM
        contestants = [("bare", partial(_bare, owner)), ("ours", partial(through_the_gate, engine))]
        for _ in range(arguments.repeat):
            _empty(owner)
            for number, name in enumerate(PASSES):
                for who, work in contestants:
                    measure = _measured(meter, f"{who}: {name}", partial(work, arguments.rows, number))
                    say(f"  {measure}")
                    runs.setdefault(measure.name, []).append(measure)
            contestants.reverse()
        slow = _slow(owner, meter, arguments.slow_rows, arguments.rows)
        owner.dispose()
    measures = {name: middle(items) for name, items in runs.items()}
    for name in PASSES:
        report(
            f"{arguments.rows:,} rows, {name}", [measures[f"{w}: {name}"] for w in ("bare", "ours")], f"bare: {name}"
        )
    title = f"new rows, {arguments.slow_rows:,} scaled to {arguments.rows:,}"
    report(title, [measures["bare: new"], *slow], "bare: new")


def _measured(meter: Meter, name: str, work: Callable[[], str]) -> Measure:
    """As the meter does, with the processor seconds of this process and of PostgreSQL in what was found."""
    before = [cpu_seconds(pid) for pid in meter.roots]
    measure = meter.run(name, work, str)
    own, server = (cpu_seconds(pid) - start for pid, start in zip(meter.roots, before, strict=True))
    return replace(measure, found=f"{measure.found}, CPU {own:.1f} + {server:.1f} s")


# ---------------------------------------------------------------- rows


def objects(rows: int, generation: int, first: int = 0) -> Iterator[StripeObject]:
    """`rows` invoices of 1.5 to 3 KB from number `first` on; in generation 2 every hundredth has changed. Read in pages
    of 100.
    """
    templates = [_template(lines) for lines in (1, 2, 3)]
    for n in range(first, first + rows):
        total = 4900 + n % 90_000 + (1 if generation == 2 and n % 100 == 7 else 0)
        key = f"in_1{n * 2_654_435_761 % 2**32:010d}{n:013d}"
        payload = templates[n % 3] % {b"id": key.encode(), b"total": total}
        read_at = _READ + timedelta(minutes=10 * generation, milliseconds=n // _PAGE)
        yield StripeObject(key, "invoice", _START + timedelta(seconds=20 * n), "open", read_at, payload)


def _template(lines: int) -> bytes:
    """An invoice as Stripe renders it, with marks where the id and the total go."""
    line = {
        "id": "il_1OqWlhLkdIwHu7ixABCDEFGH", "object": "line_item", "amount": "TOTAL", "currency": "usd",
        "description": "1 × Growth plan (at $49.00 / month)", "discount_amounts": [], "discountable": True,
        "invoice": "ID", "livemode": False, "metadata": {}, "period": {"end": 1769904000, "start": 1767225600},
        "pricing": {"price_details": {"price": "price_1OqWlhLkdIwHu7ix8n2pQ3Rs", "product": "prod_PiXk2bV4mQ7sLd"},
                    "type": "price_details", "unit_amount_decimal": "4900"},
        "quantity": 1, "taxes": [{"amount": 0, "tax_behavior": "exclusive", "taxable_amount": "TOTAL"}],
    }  # fmt: skip
    invoice = {
        "id": "ID", "object": "invoice", "account_country": "US", "amount_due": "TOTAL", "amount_paid": 0,
        "amount_remaining": "TOTAL", "attempt_count": 1, "attempted": True, "auto_advance": False,
        "billing_reason": "subscription_cycle", "collection_method": "charge_automatically", "created": 1767225600,
        "currency": "usd", "customer": "cus_PiXkYf8gWz2bV4", "default_tax_rates": [], "discounts": [],
        "effective_at": 1767229200, "lines": {"data": [line] * lines, "has_more": False, "object": "list"},
        "livemode": False, "metadata": {"order": "A-10293", "region": "emea"}, "number": "8F3B2C1D-0042",
        "parent": {"subscription_details": {"metadata": {}, "subscription": "sub_1OqWlhLkdIwHu7ixZ8yXw0vU"},
                   "type": "subscription_details"},
        "period_end": 1767225600, "period_start": 1764547200, "status": "open",
        "status_transitions": {"finalized_at": 1767229200, "marked_uncollectible_at": None, "paid_at": None},
        "subtotal": "TOTAL", "total": "TOTAL", "total_taxes": [], "starting_balance": 0, "ending_balance": 0,
    }  # fmt: skip
    text = json.dumps(invoice, sort_keys=True, separators=(",", ":"), ensure_ascii=False).replace("%", "%%")
    return text.replace('"TOTAL"', "%(total)d").replace('"ID"', '"%(id)s"').encode()


# ---------------------------------------------------------------- ours and bare


def _empty(engine: Engine) -> None:
    with raw_cursor(engine) as cursor:
        cursor.execute("DROP TABLE IF EXISTS o2c.bare")
        cursor.execute("CREATE TABLE o2c.bare (LIKE o2c.stripe_objects INCLUDING ALL)")
        cursor.execute("TRUNCATE o2c.stripe_objects, o2c.stripe_confirmed")
    vacuum(engine)


def through_the_gate(engine: Engine, rows: int, generation: int, first: int = 0) -> str:
    """As StripeExtractor does: batches of _BATCH, _WRITERS of them at a time."""
    source = objects(rows, generation, first)
    underway: deque[Future[Admission]] = deque()
    changed = 0
    with ThreadPoolExecutor(_WRITERS) as writers:
        while batch := list(islice(source, _BATCH)):
            if len(underway) == _WRITERS:
                changed += len(underway.popleft().result().changed)
            underway.append(writers.submit(admit, engine, batch))
        changed += sum(len(done.result().changed) for done in underway)
    return f"{changed} stored"


def _bare(engine: Engine, rows: int, generation: int) -> str:
    with raw_cursor(engine) as cursor:
        cursor.execute(sql(f"CREATE TEMPORARY TABLE incoming ({_BARE}) ON COMMIT DROP"))
        copy_in(cursor, "incoming", (_row(item) for item in objects(rows, generation)), _TYPES)
        cursor.execute(_MERGE)
        return f"{cursor.rowcount} written"


def _row(item: StripeObject) -> tuple[object, ...]:
    return (item.id, item.object, item.created_at, item.status, item.read_at, b"", item.payload.decode())


# ---------------------------------------------------------------- the slow ones


def _slow(engine: Engine, meter: Meter, rows: int, scaled_to: int) -> list[Measure]:
    measures = []
    for name, work in (("SQLAlchemy insertmanyvalues", _insertmanyvalues), ("pandas to_sql", _to_sql)):
        _empty(engine)
        measure = meter.run(name, partial(work, engine, rows))
        measures.append(replace(measure, seconds=measure.seconds * scaled_to / rows, found=f"{rows:,} rows, scaled"))
    return measures


def _records(rows: int) -> list[dict[str, object]]:
    names = ("id", "object", "created_at", "status", "read_at", "payload_hash", "payload")
    return [dict(zip(names, _row(item), strict=True)) for item in objects(rows, 0)]


def _insertmanyvalues(engine: Engine, rows: int) -> None:
    table = Table("bare", MetaData(), schema="o2c", autoload_with=engine)
    records = [{**record, "payload": json.loads(str(record["payload"]))} for record in _records(rows)]
    with engine.begin() as connection:
        connection.execute(insert(table).returning(table.c.id), records)


def _to_sql(engine: Engine, rows: int) -> None:
    frame = pd.DataFrame(_records(rows))
    frame.to_sql("to_sql", engine, schema="o2c", if_exists="replace", index=False, method="multi", chunksize=5_000)


if __name__ == "__main__":
    main()
