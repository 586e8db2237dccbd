"""From Stripe's event to NetSuite's document: webhook, receiver, inbox, a run of Dagster, at 100 ms a request.

    python -m benchmarks.live --rate 1.5 --seconds 120        # invoices a second; about seven events each
    python -m benchmarks.live --burst 1000                    # as many as the sandbox takes, at once
    python -m benchmarks.live --burst 1000 --made-before      # made first; their webhooks come when all are there

Everything runs as `make demo` starts it: sandbox, receiver, Dagster's webserver and daemon with the default launcher.
Somebody bills and collects through Stripe's API meanwhile. What counts is the time from the answer that finalized an
invoice to the moment at which NetSuite's answer to its document was recorded.

Stripe makes a burst on machines of its own. Ours makes it on the cores that the product works on, unless it is made
before: then Stripe's events are late by a while, each by as much, and neither delivered nor listed any sooner.
"""

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
import yaml

from benchmarks.common import say
from benchmarks.write import running_sandbox
from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import demo
from o2c_orchestration.console.processes import Child, free_port, stop_all
from o2c_orchestration.sandbox.config import SandboxConfig
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store import inbox, journal
from o2c_orchestration.store.database import stop_embedded
from o2c_orchestration.store.journal import JournalEntry

LATENCY_MS = 100
_IN_FLIGHT = 5
# How long after an event Stripe's list is asked for it, by default.
_LAG_SECONDS = 10
_PATIENCE_SECONDS = 600
_SENDERS = 4
# By so much are events late that are to come when all of the burst is made. A run that follows changes stays as long.
_LATE_SECONDS = 90


@contextmanager
def running(home: Path, lag_seconds: int) -> Iterator[tuple[Assembly, str]]:
    """The demo's processes around an empty company, up to date and with a run that follows changes."""
    children: list[Child] = []
    home.mkdir()
    with running_sandbox(home) as base:
        try:
            yield _everything(home, base, children, lag_seconds), base
        finally:
            stop_all(children)
            stop_embedded(home)


def _everything(home: Path, base: str, children: list[Child], lag_seconds: int) -> Assembly:
    assembly = _assembly(home, lag_seconds)
    today = datetime.now(UTC).date()
    assembly.read_reference()
    assembly.read_ledger(today, today)
    inbox.write_cursor(assembly.engine, "stripe_events", datetime.now(UTC).isoformat())
    demo._start_dagster(assembly, free_port(3000, "Dagster UI", "--port"), children)
    demo._start_receiver(assembly, base, 8950, "whsec_benchmark", children)
    rule = {"kind": "latency", "latency_ms": LATENCY_MS}
    rules = [{**rule, "system": "netsuite"}, {**rule, "system": "stripe", "method": "GET"}]
    requests.post(f"{base}/_sandbox/faults", json=rules, timeout=30).raise_for_status()
    return assembly


def _assembly(home: Path, lag_seconds: int) -> Assembly:
    start = datetime.now(UTC).date() - timedelta(days=3)
    stripe = {"requests_per_second": 80, "event_lag_seconds": lag_seconds}
    policy = {"books": {"start": start}, "stripe": stripe}
    (home / "o2c.yaml").write_text(yaml.safe_dump(policy))
    given = {"O2C_HOME": str(home), "O2C_CONFIG": str(home / "o2c.yaml"), "O2C_MODE": "sync"}
    os.environ.update(given)
    return Assembly(load_settings())


class Biller:
    """Bills and collects: remembers when each invoice was final."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._key = {"Authorization": f"Bearer {SandboxConfig().stripe_secret_key}"}
        self._session = requests.Session()
        self.final: dict[str, datetime] = {}

    def customer(self) -> str:
        """A new customer."""
        return str(self._post("customers", name="Newcomer", email="n@example.com")["id"])

    def bill(self, customer: str) -> None:
        """One invoice, final and paid."""
        draft = self._post("invoices", customer=customer, currency="usd", auto_advance="false")
        item = {"customer": customer, "invoice": draft["id"], "amount": 1000, "currency": "usd"}
        self._post("invoiceitems", **item, description="Work")
        self._post(f"invoices/{draft['id']}/finalize")
        self.final[draft["id"]] = datetime.now(UTC)
        self._post(f"invoices/{draft['id']}/pay", payment_method="pm_card_visa")

    def _post(self, path: str, **params: Any) -> dict[str, Any]:
        answer = self._session.post(f"{self._base}/v1/{path}", data=params, headers=self._key, timeout=60)
        answer.raise_for_status()
        return dict(answer.json())


def steadily(base: str, rate: float, seconds: float) -> dict[str, datetime]:
    """Invoices at an even pace; when each was final."""
    biller = Biller(base)
    customers = [biller.customer() for _ in range(10)]
    began, count = time.monotonic(), round(rate * seconds)
    for number in range(count):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        biller.bill(customers[number % len(customers)])
    say(f"{count} invoices in {time.monotonic() - began:.0f} s")
    return biller.final


def at_once(base: str, count: int) -> dict[str, datetime]:
    """Invoices as fast as the sandbox takes them; when each was final."""
    billers = [Biller(base) for _ in range(_SENDERS)]

    def work(biller: Biller) -> None:
        customer = biller.customer()
        for _ in range(count // _SENDERS):
            biller.bill(customer)

    began = time.monotonic()
    threads = [threading.Thread(target=work, args=(biller,)) for biller in billers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    say(f"{count} invoices in {time.monotonic() - began:.0f} s")
    return {key: at for biller in billers for key, at in biller.final.items()}


def made_before(base: str, count: int) -> dict[str, datetime]:
    """As `at_once`, with every event of it late; when Stripe tells of each that it is final.

    Meanwhile an invoice every five seconds, so that a run that follows changes is there when they come.
    """
    rules = f"{base}/_sandbox/stripe/webhook_faults"
    late = {"kind": "delay", "delay_ms": _LATE_SECONDS * 1000}
    began = time.monotonic()
    requests.post(rules, json=[late], timeout=30).raise_for_status()
    final = at_once(base, count)
    requests.delete(rules, timeout=30).raise_for_status()
    left = _LATE_SECONDS - (time.monotonic() - began)
    if left < _LATE_SECONDS / 4:
        raise TimeoutError(f"the burst was not made {_LATE_SECONDS / 4:.0f} s before its events come")
    steadily(base, 0.2, left)
    return {key: at + timedelta(seconds=_LATE_SECONDS) for key, at in final.items()}


def answered(assembly: Assembly, wanted: dict[str, datetime]) -> list[JournalEntry]:
    """What was written since the first of these invoices was final, waiting for all of them and as many payments.

    Raises RuntimeError when a sweep was faster, which reads Stripe's lists at :17 and needs no events.
    """
    deadline, began = time.monotonic() + _PATIENCE_SECONDS, min(wanted.values())
    while time.monotonic() < deadline:
        every = journal.entries(assembly.engine, ["done"])
        done = [each for each in every if each.answered_at > began]
        if wanted.keys() & {each.external_id for each in every if each.answered_at <= began}:
            raise RuntimeError("the hourly sweep has written some of the burst before its events came: measure again")
        paid = sum(each.document == "customerPayment" for each in done)
        missing = wanted.keys() - {each.external_id for each in done}
        if not missing and paid >= len(wanted):
            return done
        time.sleep(1)
    raise TimeoutError(f"{len(missing)} invoices were never written")


def _report(assembly: Assembly, base: str, final: dict[str, datetime]) -> None:
    stood = _busy(base)
    done = answered(assembly, final)
    at = {each.external_id: each.answered_at for each in done}
    waits = sorted((at[key] - moment).total_seconds() for key, moment in final.items())
    cuts = statistics.quantiles(waits, n=100) if len(waits) > 1 else waits * 99
    posted = requests.get(f"{base}/_sandbox/stripe/webhook_stats", timeout=30).json()["posted"]
    span = (max(final.values()) - min(final.values())).total_seconds() or 1.0
    say(f"{posted / span:.1f} events a second; seconds from event to document:")
    say(f"p50 {cuts[49]:.1f}  p95 {cuts[94]:.1f}  p99 {cuts[98]:.1f}  longest {waits[-1]:.1f}")
    _tell_pace(min(final.values()), sorted(at.values()))
    (seconds, requested), (before, first) = _busy(base), stood
    each = (seconds - before) / (requested - first)
    say(f"NetSuite had each of {requested - first} requests for {each * 1000:.0f} ms")
    took = (seconds - before) / (max(at.values()) - min(final.values())).total_seconds()
    say(f"of {_IN_FLIGHT} at once {took:.2f} since the report began, {took / _IN_FLIGHT:.0%}")


def _busy(base: str) -> tuple[float, int]:
    """For how long NetSuite has had requests in flight, all of them together, and how many."""
    told = requests.get(f"{base}/_sandbox/stats", timeout=30).json()
    count = sum(sum(by_status.values()) for by_status in told["requests"]["netsuite"].values())
    return told["busy_seconds"]["netsuite"], count


def _tell_pace(began: datetime, written: Sequence[datetime]) -> None:
    """Against what NetSuite takes: from the first event on, and from the first document on."""
    limit = _IN_FLIGHT / (LATENCY_MS / 1000)
    for since, words in ((began, "the first invoice"), (written[0], "the first document")):
        seconds = (written[-1] - since).total_seconds() or 1.0
        pace = len(written) / seconds
        say(f"{len(written)} documents in {seconds:.0f} s from {words}: {pace:.1f} a second, {pace / limit:.0%}")
    counts = Counter(int((moment - began).total_seconds()) // 5 for moment in written)
    say("a second, each five seconds: " + " ".join(f"{counts[number] / 5:.0f}" for number in range(max(counts) + 1)))


def main() -> None:
    """Measure one pace or one burst."""
    parser = argparse.ArgumentParser(description="From event to document")
    parser.add_argument("--rate", type=float, default=1.5, help="invoices a second")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--burst", type=int, help="this many invoices at once instead")
    parser.add_argument("--made-before", action="store_true", help="the burst's events come when all of it is made")
    given = parser.parse_args()
    lag = _LATE_SECONDS + _LAG_SECONDS if given.made_before else _LAG_SECONDS
    with tempfile.TemporaryDirectory(prefix="o2c-benchmark-") as folder:
        home = Path(folder) / "home"
        Path(folder).chmod(0o755)
        with running(home, lag) as (assembly, base):
            warm = steadily(base, 0.2, 30)
            answered(assembly, warm)
            burst = made_before if given.made_before else at_once
            final = burst(base, given.burst) if given.burst else steadily(base, given.rate, given.seconds)
            _report(assembly, base, final)


if __name__ == "__main__":
    main()
