"""Reconciling N invoices with N documents, ours beside comparison libraries, in one run on one machine.

    python -m benchmarks.reconcile --rows 1000000 --repeat 3

Ours compares and keeps the gaps over tables that are loaded. The rivals get their data as they like them best:
frames in memory, Parquet on disk, two tables in PostgreSQL. They compare total, tax, currency, customer, month and
status, and report what differs. Each runs in a process of its own, so that peak memory is its own.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Engine

from benchmarks.common import (
    COMPARED,
    Books,
    Measure,
    Meter,
    load_books,
    make_books,
    middle,
    report,
    say,
    throwaway_store,
    vacuum,
)
from o2c_orchestration.store.bulk import sql
from o2c_orchestration.store.database import open_database, raw_cursor
from o2c_orchestration.store.gaps import reconcile

Found = dict[str, int]
COLUMNS = ["key", *COMPARED]


def main() -> None:
    """Measure everybody in turn, `--repeat` times, and print medians."""
    parser = argparse.ArgumentParser(description="Reconcile N invoices with N documents, ours beside others")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=[*CONTENDERS], help="leave the others out")
    parser.add_argument("--child", nargs=2, metavar=("RIVAL", "DATA"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        say(json.dumps(_child(*arguments.child)))
        return
    books = make_books(arguments.rows)
    with tempfile.TemporaryDirectory(prefix="o2c-benchmark-") as folder, throwaway_store() as (engine, meter):
        _write_frames(books, Path(folder))
        load_books(engine, books)
        _load_reladiff(engine, books)
        (Path(folder) / "postmaster").write_text(str(meter.roots[-1]))
        (Path(folder) / "url").write_text(engine.url.render_as_string(hide_password=False))
        runs: dict[str, list[Measure]] = {}
        for _ in range(arguments.repeat):
            for name in arguments.only:
                runs.setdefault(name, []).append(_one(name, folder))
                say(f"  {runs[name][-1]}")
    say(f"\nplanted: {books.planted}")
    report(
        f"{arguments.rows:,} x {arguments.rows:,}, median of {arguments.repeat}",
        [middle(r) for r in runs.values()],
        arguments.only[0],
    )


def _one(name: str, folder: str) -> Measure:
    """One run of one contender in a process of its own, so that its peak memory is its own."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.reconcile", "--child", name, folder]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    if child.returncode:
        return Measure(name, float("nan"), float("nan"), child.stderr.strip().splitlines()[-1][:80])
    seconds, peak, found = json.loads(child.stdout.strip().splitlines()[-1])
    return Measure(name, seconds, peak, ", ".join(f"{count} {kind}" for kind, count in found.items()))


def _child(name: str, folder: str) -> tuple[float, float, Found]:
    """Run one here: (seconds, peak MiB of this process and of PostgreSQL where it is used, what it found)."""
    prepare, compare = CONTENDERS[name]
    given = prepare(Path(folder))
    pids = [psutil.Process().pid]
    if name.startswith(("ours", "reladiff")):
        pids.append(int((Path(folder) / "postmaster").read_text()))
    found: list[Found] = []
    measure = Meter(*pids).run(name, lambda: found.append(compare(given)))
    if name == "ours":
        found.append(_kinds(given))
    return measure.seconds, measure.peak_mib, {kind: int(count) for kind, count in found[-1].items()}


# ---------------------------------------------------------------- the data, as each of them likes it best


def _write_frames(books: Books, folder: Path) -> None:
    """Both sides as Parquet, with the compared columns only."""
    books.stripe[COLUMNS].to_parquet(folder / "stripe.parquet", index=False)
    books.netsuite[COLUMNS].to_parquet(folder / "netsuite.parquet", index=False)


def _load_reladiff(engine: Engine, books: Books) -> None:
    """Both sides as narrow tables of the same PostgreSQL, indexed by key."""
    columns = "key text, total bigint, tax bigint, currency text, customer text, month text, status text"
    with raw_cursor(engine) as cursor:
        # The role that does the product's work may make no tables here.
        cursor.execute("SET LOCAL ROLE NONE")
        for name, frame in (("rival_stripe", books.stripe), ("rival_netsuite", books.netsuite)):
            cursor.execute(sql(f"CREATE TABLE {name} ({columns})"))
            with cursor.copy(sql(f"COPY {name} FROM STDIN (FORMAT csv)")) as copy:
                copy.write(frame[COLUMNS].to_csv(index=False, header=False))
            cursor.execute(sql(f"CREATE INDEX ON {name} (key)"))
    vacuum(engine)


def _store(folder: Path) -> Engine:
    """The store with what it reads in memory, as the rivals' frames are: one run that does not count."""
    engine = open_database((folder / "url").read_text())
    reconcile(engine, full=True)
    with raw_cursor(engine) as cursor:
        cursor.execute("TRUNCATE o2c.gaps")
    return engine


def _kinds(engine: Engine) -> Found:
    with raw_cursor(engine) as cursor:
        cursor.execute("SELECT kind, count(*) FROM o2c.gaps WHERE state = 'open' GROUP BY 1 ORDER BY 1")
        return {str(kind): int(str(count)) for kind, count in cursor.fetchall()}


def _pandas_frames(folder: Path) -> tuple[Any, Any]:
    import datacompy  # noqa: F401 - nobody pays for imports
    import pandas as pd

    return pd.read_parquet(folder / "stripe.parquet"), pd.read_parquet(folder / "netsuite.parquet")


def _polars_frames(folder: Path) -> tuple[Any, Any]:
    import datacompy  # noqa: F401
    import polars as pl

    return pl.read_parquet(folder / "stripe.parquet"), pl.read_parquet(folder / "netsuite.parquet")


# ---------------------------------------------------------------- the rivals


def _datacompy_pandas(given: tuple[Any, Any]) -> Found:
    from datacompy import PandasCompare

    result = PandasCompare(*given, join_columns="key", df1_name="stripe", df2_name="netsuite")
    differ = result.all_mismatch(ignore_matching_cols=True)
    return {"differ": len(differ), "only Stripe": len(result.df1_unq_rows), "only NetSuite": len(result.df2_unq_rows)}


def _datacompy_polars(given: tuple[Any, Any]) -> Found:
    from datacompy import PolarsCompare

    result = PolarsCompare(*given, join_columns="key", df1_name="stripe", df2_name="netsuite")
    differ = result.all_mismatch(ignore_matching_cols=True)
    return {"differ": len(differ), "only Stripe": len(result.df1_unq_rows), "only NetSuite": len(result.df2_unq_rows)}


def _pandas_merge(given: tuple[Any, Any]) -> Found:
    """An outer merge sees no duplicates by itself: they are looked for first, as a careful user would."""
    stripe, netsuite = given
    doubled = netsuite["key"].duplicated()
    both = stripe.merge(netsuite[~doubled], on="key", how="outer", suffixes=("", "_ns"), indicator=True)
    joined = both[both["_merge"] == "both"]
    differs = joined["total"] != joined["total_ns"]
    for name in COMPARED[1:]:
        differs |= joined[name] != joined[f"{name}_ns"]
    sides = both["_merge"].value_counts()
    return {
        "differ": int(differs.sum()),
        "only Stripe": sides["left_only"],
        "only NetSuite": sides["right_only"],
        "doubled": int(doubled.sum()),
    }


def _reladiff_tables(folder: Path) -> tuple[Any, Any]:
    import reladiff
    from sqlalchemy.engine import make_url

    url = make_url((folder / "url").read_text())
    where = {"driver": "postgresql", "user": url.username, "host": url.query["host"], "dbname": url.database}
    names = ("rival_stripe", "rival_netsuite")
    stripe, netsuite = (reladiff.connect_to_table(where, name, "key", thread_count=2) for name in names)
    return stripe, netsuite


def _reladiff(given: tuple[Any, Any], algorithm: str) -> Found:
    import reladiff

    options = {"validate_unique_key": False} if algorithm == "JOINDIFF" else {}
    rows = reladiff.diff_tables(
        *given,
        extra_columns=COMPARED,
        algorithm=reladiff.Algorithm[algorithm],
        max_threadpool_size=2,
        **options,
    )
    sides: dict[str, Counter[str]] = {"-": Counter(), "+": Counter()}
    for sign, row in rows:
        sides[sign][row[0]] += 1
    differ = sides["-"].keys() & sides["+"].keys()
    return {
        "differ": len(differ),
        "only Stripe": len(sides["-"].keys() - differ),
        "only NetSuite": len(sides["+"].keys() - differ),
    }


def _parquet(folder: Path) -> Path:
    import duckdb  # noqa: F401

    return folder


def _duckdb(folder: Path) -> Found:
    """Narrow Parquet on disk; duplicates by a second aggregate, since a join cannot tell them."""
    import duckdb

    different = " OR ".join(f"s.{name} IS DISTINCT FROM n.{name}" for name in COMPARED)
    connection = duckdb.connect()
    stripe, netsuite = f"'{folder}/stripe.parquet'", f"'{folder}/netsuite.parquet'"
    pairs = connection.sql(
        f"""SELECT coalesce(s.key, n.key) AS key, CASE WHEN n.key IS NULL THEN 'only Stripe'
                   WHEN s.key IS NULL THEN 'only NetSuite' ELSE 'differ' END AS kind
            FROM {stripe} s FULL JOIN {netsuite} n ON s.key = n.key WHERE {different}"""
    ).fetchall()
    doubled = connection.sql(f"SELECT key FROM {netsuite} GROUP BY key HAVING count(*) > 1").fetchall()
    return dict(Counter(str(kind) for _, kind in pairs)) | {"doubled": len(doubled)}


CONTENDERS: dict[str, tuple[Any, Any]] = {
    "ours": (_store, lambda engine: reconcile(engine, full=True)),
    "datacompy (pandas)": (_pandas_frames, _datacompy_pandas),
    "datacompy (polars)": (_polars_frames, _datacompy_polars),
    "pandas outer merge": (_pandas_frames, _pandas_merge),
    "reladiff (join)": (_reladiff_tables, lambda given: _reladiff(given, "JOINDIFF")),
    "reladiff (checksums)": (_reladiff_tables, lambda given: _reladiff(given, "HASHDIFF")),
    "DuckDB over Parquet": (_parquet, _duckdb),
}

if __name__ == "__main__":
    main()
