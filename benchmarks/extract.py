"""Extraction: invoices from a Stripe that answers after 50 ms, beside rivals and bare connections.

Contestants, each a process of its own against the same `stub_stripe`, one after the other:
ours        StripeExtractor.window into PostgreSQL through the gate, 8 requests in flight
bare        8 threads of http.client that receive the same pages and keep nothing
sdk         the stripe SDK's own auto-paging, objects thrown away
dlt         dlt's verified source stripe_analytics, the extract step alone (no normalize, no load)
tap         Singer's tap-stripe, its output thrown away
The rivals walk one page after another at a steady pace, so they get a shorter window (`--rival-days`).
Processor seconds are those of the contestant without its start, and for ours PostgreSQL's besides.
"""

import argparse
import http.client
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from resource import RUSAGE_SELF, getrusage
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlencode, urlsplit

from benchmarks import stub_stripe
from benchmarks.common import say, throwaway_store
from benchmarks.cpu import cpu_seconds

IN_FLIGHT = 8
_CURSOR = re.compile(rb'\{"id":"(in_\w+)"')

_DLT = """
import sys, time, resource
base, source, start = sys.argv[1:4]
sys.path.insert(0, source)
import dlt, stripe
from stripe_analytics import stripe_source
stripe.api_base = base
pipeline = dlt.pipeline("bench", pipelines_dir=sys.argv[4], destination=dlt.destinations.filesystem(sys.argv[4]))
begin = time.perf_counter()
pipeline.extract(stripe_source(endpoints=("Invoice",), stripe_secret_key="sk_stub", start_date=start))
seconds = time.perf_counter() - begin
print("RESULT", seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""

_TAP = """
import json, os, sys, time, resource
base, start = sys.argv[1:3]
import stripe
stripe.api_base = base
import tap_stripe
tap_stripe.apply_request_timer_to_client = lambda client: None  # it insists on the host api.stripe.com
catalog = tap_stripe.discover()
for stream in catalog["streams"]:
    for item in stream["metadata"]:
        item["metadata"]["selected"] = stream["tap_stream_id"] == "invoices"
json.dump(catalog, open("catalog.json", "w"))
config = {"start_date": start, "account_id": "acct_stub", "client_secret": "sk_stub"}
json.dump(config, open("config.json", "w"))
sys.argv = ["tap-stripe", "--config", "config.json", "--catalog", "catalog.json"]
out, sys.stdout = sys.stdout, open(os.devnull, "w")
begin = time.perf_counter()
tap_stripe.main()
seconds = time.perf_counter() - begin
count = tap_stripe.Context.new_counts["invoices"]
print("RESULT", seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, count, file=out)
"""


def ours(base: str, database: str, first: date, last: date) -> int:
    """Objects that came into the store."""
    from o2c_orchestration.clients.budget import RateBudget
    from o2c_orchestration.clients.credentials import StripeCredentials
    from o2c_orchestration.clients.stripe_read import StripeReader
    from o2c_orchestration.extract.stripe import StripeExtractor
    from o2c_orchestration.store.database import open_database

    engine = open_database(database)
    reader = StripeReader(StripeCredentials(api_key="sk_stub", base_url=base), RateBudget(None, IN_FLIGHT))
    extractor = StripeExtractor(engine, reader, IN_FLIGHT)
    return timed(lambda: extractor.window("invoice", first, last).seen)


def bare(base: str, database: str, first: date, last: date) -> int:
    """Objects received by connections that only look for the cursor."""
    start = datetime.combine(first, datetime.min.time(), UTC)
    step = timedelta(days=(last - first).days + 1) / IN_FLIGHT
    edges = [int((start + step * number).timestamp()) for number in range(IN_FLIGHT + 1)]
    counts = [0] * IN_FLIGHT

    def walk(number: int) -> None:
        connection = http.client.HTTPConnection(str(urlsplit(base).netloc))
        query: dict[str, object] = {"limit": 100, "created[gte]": edges[number], "created[lt]": edges[number + 1]}
        more = True
        while more:
            connection.request("GET", "/v1/invoices?" + urlencode(query))
            body = connection.getresponse().read()
            more = b'"has_more":true,"url":"/v1/invoices"}' in body[-60:]
            # All pages but the last of a walk are full; the last is counted.
            counts[number] += 100 if more else len(_CURSOR.findall(body))
            if more:
                start_of_last = body.rfind(b'{"id":"in_')
                query["starting_after"] = body[start_of_last + 7 : body.index(b'"', start_of_last + 7)].decode()

    def every() -> int:
        threads = [threading.Thread(target=walk, args=(number,)) for number in range(IN_FLIGHT)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sum(counts)

    return timed(every)


def sdk(base: str, database: str, first: date, last: date) -> int:
    """Objects that the SDK's auto-paging yields."""
    import stripe

    client = stripe.StripeClient("sk_stub", base_addresses={"api": base})
    start = int(datetime.combine(first, datetime.min.time(), UTC).timestamp())
    pages = client.v1.invoices.list({"limit": 100, "created": {"gte": start}})
    return timed(lambda: sum(1 for _ in pages.auto_paging_iter()))


def timed(work: Callable[[], int]) -> int:
    """Run it and print what the parent reads: seconds, peak MiB of this process, objects, processor seconds."""
    begin, spent = time.perf_counter(), time.process_time()
    count = work()
    seconds, cpu = time.perf_counter() - begin, time.process_time() - spent
    say(f"RESULT {seconds} {getrusage(RUSAGE_SELF).ru_maxrss / 1024} {count} {cpu}")
    return count


CONTESTANTS = {"ours": ours, "bare": bare, "sdk": sdk}


@dataclass(frozen=True)
class Run:
    """Objects, seconds, peak MiB and processor seconds (own, PostgreSQL's) of one contestant, where it tells them."""

    objects: int
    seconds: float
    peak_mib: float
    cpu: float | None = None
    database_cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Objects a second."""
        return self.objects / self.seconds

    def __str__(self) -> str:
        cpu = "" if self.cpu is None else f", CPU {self.cpu:.1f} + {self.database_cpu:.1f} s"
        return f"{self.rate:,.0f} objects/s{cpu}"


def run(name: str, options: argparse.Namespace, base: str, database: str) -> Run:
    """One contestant in a process of its own."""
    days = options.days if name in ("ours", "bare") else options.rival_days
    first = stub_stripe.LAST_DAY - timedelta(days=days - 1)
    with TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "benchmarks.extract", "--one", name, base, database, first.isoformat()]
        if name == "dlt":
            command = [options.dlt_python, "-c", _DLT, base, options.dlt_source, first.isoformat(), scratch]
        elif name == "tap":
            command = [options.tap_python, "-c", _TAP, base, f"{first.isoformat()}T00:00:00Z"]
        where = scratch if name in ("dlt", "tap") else None
        output = subprocess.run(command, cwd=where, check=True, text=True, capture_output=True).stdout
    fields = output[output.index("RESULT") :].split()
    expected = options.objects * days // options.days
    count = int(fields[3]) if len(fields) > 3 else expected
    assert abs(count - expected) <= options.objects // options.days, f"{name} brought {count} of {expected}"
    return Run(count, float(fields[1]), float(fields[2]), float(fields[4]) if len(fields) > 4 else None)


def main() -> None:
    """Run the rounds and print a table in Markdown, or one contestant for the parent."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objects", type=int, default=100_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--rival-days", type=int, default=37, help="window of the contestants that walk page by page")
    parser.add_argument("--latency-ms", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dlt-python", help="python of an environment with dlt and stripe")
    parser.add_argument("--dlt-source", help="folder that holds stripe_analytics, from `dlt init stripe_analytics`")
    parser.add_argument("--tap-python", help="python of an environment with tap-stripe")
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        name, base, database, first = options.one
        CONTESTANTS[name](base, database, date.fromisoformat(first), stub_stripe.LAST_DAY)
        return
    _rounds(options)


def _rounds(options: argparse.Namespace) -> None:
    names = ["bare", "ours", "sdk"]
    names += ["dlt"] if options.dlt_python else []
    names += ["tap"] if options.tap_python else []
    results: dict[str, list[Run]] = {name: [] for name in names}
    with stub_stripe.running(options.objects, options.days, options.latency_ms) as base:
        for number in range(options.rounds):
            for name in names:
                results[name].append(_ours_run(options, base) if name == "ours" else run(name, options, base, ""))
                say(f"round {number + 1}: {name}: {results[name][-1]}, load {os.getloadavg()[0]:.1f}")
    _table(results)


def _ours_run(options: argparse.Namespace, base: str) -> Run:
    with throwaway_store() as (engine, meter):
        server = meter.roots[1]
        before = cpu_seconds(server)
        result = run("ours", options, base, engine.url.render_as_string(hide_password=False))
        return replace(result, database_cpu=cpu_seconds(server) - before)


def _table(results: dict[str, list[Run]]) -> None:
    say("\n| contestant | objects | objects/s (median) | objects/s (each run) | peak MiB | ours is | CPU s |")
    say("|---|---:|---:|---|---:|---:|---:|")
    mine = median(item.rate for item in results["ours"])
    for name, runs in results.items():
        middle, peak = median(item.rate for item in runs), max(item.peak_mib for item in runs)
        each = ", ".join(f"{item.rate:,.0f}" for item in runs)
        cpu = median((item.cpu or 0) + item.database_cpu for item in runs)
        spent = "" if runs[0].cpu is None else f"{cpu:.1f}"
        say(
            f"| {name} | {runs[0].objects:,} | {middle:,.0f} | {each} | {peak:,.0f} | {mine / middle:.2f} x | {spent} |"
        )


if __name__ == "__main__":
    main()
