"""Writing: invoices into a NetSuite that takes 200 ms a request and lets five in at once.

The sandbox runs in a process of its own. Customers are written first; what is timed is the executor's run over
the invoices, journal and all. The limit is concurrency / latency = 25 a second.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from benchmarks.common import say
from o2c_orchestration.sandbox.config import SandboxConfig

CONCURRENCY = 5


def serve(state: Path) -> None:
    """The sandbox, until terminated; prints its base URL once it listens."""
    from o2c_orchestration.sandbox.server import serve as serve_sandbox

    config = replace(SandboxConfig.demo(state), netsuite_concurrency=CONCURRENCY, stripe_requests_per_second=10_000)
    serve_sandbox(state, port=0, config=config, on_ready=say)


@contextmanager
def running_sandbox(home: Path) -> Iterator[str]:
    """A sandbox in another process, and this process's environment pointed at it; its base URL."""
    state = home / "sandbox"
    command = [sys.executable, "-m", "benchmarks.write", "--serve", str(state)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        base = process.stdout.readline().strip()
        os.environ.update(SandboxConfig.demo(state).client_environment(base))
        os.environ.update({"O2C_HOME": str(home), "O2C_MODE": "sync", "NETSUITE_CONCURRENCY": str(CONCURRENCY)})
        try:
            yield base
        finally:
            process.terminate()


def one_run(invoices: int, latency_ms: int) -> dict[str, Any]:
    """Seconds, documents a second, refusals of one run on a fresh sandbox and store."""
    with tempfile.TemporaryDirectory(prefix="o2c-benchmark-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        with running_sandbox(home) as base:
            from o2c_orchestration.store.database import stop_embedded

            try:
                return _measured(base, invoices, latency_ms)
            finally:
                stop_embedded(home)


def _measured(base: str, invoices: int, latency_ms: int) -> dict[str, Any]:
    from o2c_orchestration.apply.execute import Executor
    from o2c_orchestration.assembly import Assembly
    from o2c_orchestration.clients.netsuite import NetSuiteWriter
    from o2c_orchestration.domain.policy import ApplyPolicy, Documents
    from o2c_orchestration.sandbox.company import build
    from o2c_orchestration.settings import load_settings
    from o2c_orchestration.store.planning import read_plan

    today = datetime.now(UTC).date()
    company = build(invoices=invoices * 5 // 4, today=today)
    requests.post(f"{base}/_sandbox/load", json={"stripe": company.stripe}, timeout=120).raise_for_status()
    assembly = Assembly(load_settings())
    span = (today.replace(year=today.year - 1), today)
    assembly.extract(["customer", "invoice"], *span)
    assembly.read_reference()
    for kind in ("customer", "invoice"):
        assembly.validate(kind)
    # Customers older than the span.
    assembly.complete(*span)
    assembly.plan(*span)
    commands = read_plan(assembly.engine).commands
    customers = [item for item in commands if item.document == "customer"]
    wanted = [item for item in commands if item.document == "invoice"][:invoices]

    def execute(some: Any, documents: Documents) -> Any:
        writer = NetSuiteWriter(assembly.netsuite)
        return Executor(
            assembly.engine, writer, assembly.ledger, ApplyPolicy(), documents, concurrency=CONCURRENCY
        ).run(some)

    execute(customers, Documents(invoice=False, payment=False))
    rule = {"system": "netsuite", "path_regex": ".*", "kind": "latency", "latency_ms": latency_ms}
    requests.post(f"{base}/_sandbox/faults", json=[rule], timeout=30).raise_for_status()
    requests.delete(f"{base}/_sandbox/stats", timeout=30)
    begin = time.perf_counter()
    result = execute(wanted, Documents(customer=False, payment=False))
    seconds = time.perf_counter() - begin
    stats = requests.get(f"{base}/_sandbox/stats", timeout=30).json()
    sent = assembly.netsuite.slots.requests
    assembly.engine.dispose()
    return {
        "seconds": seconds,
        "written": result.written,
        "refused": result.refused,
        "rate": result.written / seconds,
        "count_429": stats["count_429"],
        "max_concurrent": stats["max_concurrent_netsuite"],
        "requests": sent,
    }


def main() -> None:
    """Run the rounds and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--invoices", type=int, default=1000)
    parser.add_argument("--latency-ms", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
        return
    limit = CONCURRENCY * 1000 / options.latency_ms
    say("| run | written | seconds | documents/s | of the limit | answered 429 | most at once |")
    say("|---|---:|---:|---:|---:|---:|---:|")
    for number in range(options.rounds):
        found = one_run(options.invoices, options.latency_ms)
        share = found["rate"] / limit
        say(
            f"| {number + 1} | {found['written']:,} | {found['seconds']:.1f} | {found['rate']:.1f} | {share:.0%} "
            f"| {found['count_429']} | {found['max_concurrent']} |"
        )


if __name__ == "__main__":
    main()
