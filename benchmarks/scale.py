"""What ten million invoices in the store cost: taking them in, comparing everything or what changed; disk and memory.

    python -m benchmarks.scale --rows 10000000

Two stores, one after the other, since both together need much disk. First Stripe's objects, which come through the gate
a chunk at a time, then some of them again with 1 % changed. Then the books: validated invoices and payments and
NetSuite's documents of them, COPYed in; everything is compared, then 10,000 changed invoices, then 1 % of them, each
beside everything again. 40 GB of disk for ten million.
"""

import argparse
import time
from functools import partial

from sqlalchemy import Engine

from benchmarks.common import Meter, add_books, load_payments, make_books, say, throwaway_store, vacuum
from benchmarks.incremental import one_round
from benchmarks.load import through_the_gate
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.gaps import reconcile

_AGAIN = 100_000
_CHANGED = 10_000
_SIZES = """
SELECT c.relname, pg_total_relation_size(c.oid), pg_indexes_size(c.oid) FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'o2c' AND c.relkind = 'r' AND pg_total_relation_size(c.oid) > 50000000 ORDER BY 2 DESC"""


def main() -> None:
    """Measure objects, then books."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--chunk", type=int, default=1_000_000)
    parser.add_argument("--only", choices=["objects", "books"])
    given = parser.parse_args()
    for name, part in (("objects", _objects), ("books", _books)):
        if given.only in (None, name):
            with throwaway_store() as (engine, meter):
                part(engine, meter, given.rows, given.chunk)


def _objects(engine: Engine, meter: Meter, rows: int, chunk: int) -> None:
    say("\n| objects stored | seconds for the last of them | peak MiB |\n|---:|---:|---:|")
    for first in range(0, rows, chunk):
        taken = meter.run("new", partial(through_the_gate, engine, chunk, 0, first), str)
        say(f"| {first + chunk:,} | {taken.seconds:.1f} | {taken.peak_mib:,.0f} |")
    again = min(_AGAIN, rows // 2)
    taken = meter.run("again", lambda: through_the_gate(engine, again, 2, rows // 2), str)
    say(f"\n{again:,} of the middle again, 1 % changed: {taken.seconds:.2f} s, {taken.found}")
    _sizes(engine)


def _books(engine: Engine, meter: Meter, rows: int, chunk: int) -> None:
    for part, first in enumerate(range(0, rows, chunk)):
        start = time.perf_counter()
        books = make_books(chunk, seed=7 + part)
        books.netsuite["id"] += 2 * first
        add_books(engine, books, 1 + first)
        del books
        say(f"{first + chunk:,} invoices: the last of them in {time.perf_counter() - start:.0f} s")
    start = time.perf_counter()
    load_payments(engine)
    say(f"their payments: {time.perf_counter() - start:.0f} s")
    say(f"everything for the first time: {meter.run('first', lambda: reconcile(engine, full=True), str)}")
    vacuum(engine)
    for seed, changed in enumerate((min(_CHANGED, rows // 100), rows // 100)):
        say(f"{changed:,} changed:")
        one_round(engine, meter, seed, changed)
    _sizes(engine)


def _sizes(engine: Engine) -> None:
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        ((whole,),) = cursor.fetchall()
        say(f"\nThe database: {whole / 1e9:.1f} GB\n\n| table | GB | of it indexes |\n|---|---:|---:|")
        cursor.execute(_SIZES)
        for name, size, indexes in cursor.fetchall():
            say(f"| {name} | {size / 1e9:.2f} | {indexes / 1e9:.2f} |")


if __name__ == "__main__":
    main()
