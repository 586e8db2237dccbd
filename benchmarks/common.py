"""What the benchmarks share: a throw-away store, books with planted differences, a meter of time and memory."""

import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
import psutil
from sqlalchemy import Engine

from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import open_database, raw_cursor, start_embedded, stop_embedded

PLANTED_KINDS = ("amount_mismatch", "tax_mismatch", "missing_in_netsuite", "duplicate_in_netsuite")
COMPARED = ("total", "tax", "currency", "customer", "month", "status")
_ALPHABET = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", dtype="S1")
_CURRENCIES = np.array(["usd", "eur", "gbp", "jpy"])
_FIRST_DAY = np.datetime64("2026-01-01")
_LINE = (
    '{{"id": "il_1{n:023d}", "description": "1 x Growth plan (at $49.00 / month)", "amount_minor": {net}, '
    '"discount_minor": 0, "tax_exclusive_minor": {tax}, "tax_inclusive_minor": 0, "quantity": "1", '
    '"price_id": "price_1OqWlhLkdIwHu7ix8n2pQ3Rs", "product_id": "prod_PiXk2bV4mQ7sLd", '
    '"period_start": "2026-01-01T00:00:00+00:00", "period_end": "2026-02-01T00:00:00+00:00", "proration": false}}'
)


@dataclass(frozen=True)
class Books:
    """Both sides of the comparison. Amounts in minor units; `key` is the Stripe invoice id."""

    stripe: pd.DataFrame
    netsuite: pd.DataFrame
    planted: dict[str, int]


@dataclass(frozen=True)
class Measure:
    """One run: wall seconds, peak memory in MiB, and what it found."""

    name: str
    seconds: float
    peak_mib: float
    found: str = ""


def make_books(rows: int, *, share: float = 0.001, seed: int = 7) -> Books:
    """`rows` invoices and about as many documents; `share` of them differ, in equal parts by PLANTED_KINDS."""
    rng = np.random.default_rng(seed)
    stripe = _invoices(rows, rng)
    netsuite = stripe.copy()
    each = max(1, int(rows * share) // len(PLANTED_KINDS))
    picked = rng.choice(rows, each * len(PLANTED_KINDS), replace=False).reshape(len(PLANTED_KINDS), each)
    netsuite.loc[picked[0], "total"] += 100
    netsuite.loc[picked[1], ["total", "tax"]] += 7
    doubled = netsuite.loc[picked[3]]
    netsuite = netsuite.drop(index=picked[2])
    # Documents are written about in the order of the invoices, but not quite.
    netsuite = netsuite.iloc[np.argsort(np.arange(len(netsuite)) + rng.uniform(0, 10_000, len(netsuite)))]
    netsuite = pd.concat([netsuite, doubled], ignore_index=True)
    netsuite.insert(0, "id", np.arange(1_000, 1_000 + len(netsuite)))
    return Books(stripe, netsuite, dict.fromkeys(PLANTED_KINDS, each))


def _invoices(rows: int, rng: np.random.Generator) -> pd.DataFrame:
    customers = _ids("cus_P", 13, max(1, rows // 20), rng)
    net = rng.integers(500, 500_000, rows)
    tax = net * rng.integers(0, 20, rows) // 100
    date = _FIRST_DAY + np.sort(rng.integers(0, 300, rows)).astype("timedelta64[D]")
    return pd.DataFrame(
        {
            "key": _ids("in_1", 23, rows, rng),
            "customer": customers[rng.integers(0, len(customers), rows)],
            "currency": _CURRENCIES[rng.integers(0, 4, rows)],
            "total": net + tax,
            "tax": tax,
            "date": date.astype("datetime64[s]"),
            "month": np.datetime_as_string(date, unit="M"),
            "status": np.where(rng.random(rows) < 0.9, "paid", "open"),
        }
    )


def _ids(prefix: str, length: int, count: int, rng: np.random.Generator) -> Any:
    body = _ALPHABET[rng.integers(0, 62, (count, length))].view(f"S{length}").ravel().astype(str)
    return np.char.add(prefix, body)


@contextmanager
def throwaway_store() -> Iterator[tuple[Engine, "Meter"]]:
    """An embedded PostgreSQL of its own, migrated, removed at the end; and a meter that watches it and us."""
    home = Path(tempfile.mkdtemp(prefix="o2c-benchmark-"))
    home.chmod(0o755)
    try:
        engine = open_database(start_embedded(home))
        with raw_cursor(engine) as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = psutil.Process(int(str((cursor.fetchone() or (0,))[0])))
        postmaster = backend.parent()
        assert postmaster is not None
        yield engine, Meter(os.getpid(), postmaster.pid)
        engine.dispose()
    finally:
        stop_embedded(home)
        shutil.rmtree(home, ignore_errors=True)


def load_books(engine: Engine, books: Books) -> None:
    """COPY the books into the store's own tables, then VACUUM ANALYZE as autovacuum would have done by then."""
    with raw_cursor(engine) as cursor:
        cursor.execute(
            """TRUNCATE o2c.invoices, o2c.invoice_lines, o2c.customers, o2c.netsuite_documents, o2c.netsuite_customers,
               o2c.gaps, o2c.dirty"""
        )
    add_books(engine, books)
    vacuum(engine)


def add_books(engine: Engine, books: Books, first_customer: int = 1) -> None:
    """COPY the books to those that are there; NetSuite numbers the customers from `first_customer` on."""
    customers = pd.Series(books.stripe["customer"].unique())
    entity = pd.Series(np.arange(first_customer, first_customer + len(customers)), index=customers)
    with raw_cursor(engine) as cursor:
        _copy(cursor, "o2c.customers (id, deleted, created_at)", ((c, False, "2025-12-31") for c in customers))
        columns = "o2c.netsuite_customers (id, external_id, inactive, read_at)"
        _copy(cursor, columns, ((n, c, False, "2026-11-01") for c, n in entity.items()))
        _copy(cursor, _INVOICE_COLUMNS, _invoice_rows(books.stripe))
        _copy(cursor, "o2c.invoice_lines", _line_rows(books.stripe))
        _copy(cursor, _DOCUMENT_COLUMNS, _document_rows(books.netsuite, entity))


_INVOICE_COLUMNS = """o2c.invoices (id, customer_id, number, currency, status, total_minor, tax_minor,
    amount_paid_minor, amount_remaining_minor, shipping_minor, issue_date, created_at, zero_lines)"""
_DOCUMENT_COLUMNS = """o2c.netsuite_documents (id, document, external_id, stripe_ref, linked_by, tranid, trandate,
    entity_id, currency, total_minor, tax_minor, remaining_minor, status, voided, read_at, row_hash)"""


def _invoice_rows(frame: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    for n, row in enumerate(zip(*(frame[name].tolist() for name in frame.columns), strict=True)):
        key, customer, currency, total, tax, date, _, status = row
        paid = total if status == "paid" else 0
        yield (
            key, customer, f"F{n:08d}-0001", currency, status, total, tax, paid, total - paid, 0, date.date(), date,
            False,
        )  # fmt: skip


def _line_rows(frame: pd.DataFrame) -> Iterator[tuple[str, str]]:
    for n, (key, total, tax) in enumerate(zip(frame["key"], frame["total"], frame["tax"], strict=True)):
        line = _LINE.format(n=n, net=total - tax, tax=tax)
        yield key, f"[{line}, {line}]" if n % 2 else f"[{line}]"


def _document_rows(frame: pd.DataFrame, entity: "pd.Series[int]") -> Iterator[tuple[Any, ...]]:
    ids = entity.loc[frame["customer"]].tolist()
    columns = (frame[name].tolist() for name in frame.columns)
    for customer, (number, key, _, currency, total, tax, date, _, status) in zip(
        ids, zip(*columns, strict=True), strict=True
    ):
        left = 0 if status == "paid" else total
        yield (
            number, "invoice", key, key, "external_id", f"INV{number}", date.date(), customer, currency, total, tax,
            left, "B" if status == "paid" else "A", False, "2026-11-01", "\\x" + "ab" * 16,
        )  # fmt: skip


_PAYMENTS = (
    """INSERT INTO o2c.payments (id, customer_id, payment_intent, currency, status, amount_minor, refunded_minor,
                                 payment_date, created_at)
       SELECT 'ch_3' || substr(id, 5), customer_id, 'pi_3' || substr(id, 5), currency, 'succeeded', total_minor, 0,
              issue_date + 3, created_at + interval '3 days'
       FROM o2c.invoices i JOIN (SELECT stripe_ref, min(total_minor) AS booked FROM o2c.netsuite_documents
                                 GROUP BY 1 HAVING count(*) = 1) d ON d.stripe_ref = i.id AND booked = total_minor
       WHERE status = 'paid'""",
    """INSERT INTO o2c.invoice_payments (id, invoice_id, payment_intent, currency, status, amount_minor, created_at)
       SELECT 'inpay_1' || substr(id, 5), 'in_1' || substr(id, 5), payment_intent, currency, 'paid', amount_minor,
              created_at FROM o2c.payments""",
    """INSERT INTO o2c.netsuite_documents (id, document, external_id, stripe_ref, linked_by, tranid, trandate,
           entity_id, currency, total_minor, tax_minor, remaining_minor, status, voided, read_at, row_hash)
       SELECT 100000000 + i.id, 'customerPayment', p.id, p.id, 'external_id', 'PYMT' || i.id, p.payment_date,
              i.entity_id, p.currency, p.amount_minor, 0, 0, 'B', false, i.read_at, i.row_hash
       FROM o2c.payments p JOIN o2c.netsuite_documents i ON i.stripe_ref = 'in_1' || substr(p.id, 5)""",
    """INSERT INTO o2c.netsuite_applications SELECT id, id - 100000000, total_minor FROM o2c.netsuite_documents
       WHERE document = 'customerPayment'""",
)


def load_payments(engine: Engine) -> None:
    """A payment, applied in full, for each paid invoice that the books hold once and alike: on both sides."""
    with raw_cursor(engine) as cursor:
        for statement in _PAYMENTS:
            cursor.execute(sql(statement))
    vacuum(engine)


def _copy(cursor: Any, target: str, rows: Iterable[Sequence[Any]]) -> None:
    with cursor.copy(sql(f"COPY {target} FROM STDIN")) as copy:
        for row in rows:
            copy.write_row(row)


def vacuum(engine: Engine) -> None:
    """VACUUM ANALYZE and a checkpoint, so that no measurement pays for the load before it."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("RESET ROLE")  # the product's role may do neither
        connection.exec_driver_sql("VACUUM ANALYZE")
        connection.exec_driver_sql("CHECKPOINT")
        connection.invalidate()


class Meter:
    """Times a call and samples the peak of the memory of processes and all their children.

    Proportional set size: memory that PostgreSQL's processes share is counted once.
    """

    def __init__(self, *roots: int) -> None:
        self.roots = roots

    def run(self, name: str, work: Callable[[], Any], describe: Callable[[Any], str] = lambda result: "") -> Measure:
        """Call `work` once; `describe` puts its result into a few words."""
        peak, done = [self._mib()], threading.Event()
        sampler = threading.Thread(target=self._sample, args=(peak, done), daemon=True)
        sampler.start()
        start = time.perf_counter()
        result = work()
        seconds = time.perf_counter() - start
        done.set()
        sampler.join()
        return Measure(name, seconds, peak[0], describe(result))

    def _sample(self, peak: list[float], done: threading.Event) -> None:
        while not done.wait(0.1):
            peak[0] = max(peak[0], self._mib())

    def _mib(self) -> float:
        total, seen = 0, set()
        for root in self.roots:
            for process in (psutil.Process(root), *psutil.Process(root).children(recursive=True)):
                if process.pid not in seen:
                    seen.add(process.pid)
                    total += _pss_kib(process.pid)
        return total / 1024


def _pss_kib(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except (OSError, ProcessLookupError):
        pass  # it ended while we looked
    return 0


def middle(measures: Sequence[Measure]) -> Measure:
    """The median time and the highest peak of repeated runs of one thing."""
    seconds = median(item.seconds for item in measures)
    return Measure(measures[0].name, seconds, max(item.peak_mib for item in measures), measures[-1].found)


def report(title: str, measures: Sequence[Measure], base: str) -> None:
    """Print a table in Markdown; `ratio` is the time over that of the measure named `base`."""
    reference = next(item.seconds for item in measures if item.name == base)
    say(f"\n{title}\n\n| what | seconds | peak MiB | time / {base} | found |\n|---|---:|---:|---:|---|")
    for item in measures:
        ratio = item.seconds / reference
        say(f"| {item.name} | {item.seconds:.2f} | {item.peak_mib:,.0f} | {ratio:.2f} | {item.found} |")


def say(text: str) -> None:
    """Print a line at once: the scripts run for minutes."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
