"""One payout of many transactions, from Stripe's list to its deposits in NetSuite, and back into the equation.

    python -m benchmarks.payout --members 50000

A customer with that many charges that are booked in NetSuite already, and one payout that holds them all. Each stage of
a run is timed by itself, with the peak memory of our process and of PostgreSQL; the sandbox runs in another process.
NetSuite's practical limit of lines makes several deposits of it (`plan/payout.py`).
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import psutil
import requests

from benchmarks.common import Measure, Meter, say
from o2c_orchestration.sandbox.config import SandboxConfig

Wire = dict[str, Any]
_CHUNK = 5000
_CONFIG = "stripe: {requests_per_second: 1000}\n"
_AMOUNT, _FEE = 2000, 88


def _deposits(plan: Any) -> str:
    return f"{plan.documents.get('deposit', 0)} deposits"


def main() -> None:
    """One run, one table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=50_000)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        _serve(given.serve, given.members)
        return
    with tempfile.TemporaryDirectory(prefix="o2c-benchmark-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o755)
        with _sandbox(home, given.members):
            from o2c_orchestration.store.database import stop_embedded

            try:
                _show(_stages())
            finally:
                stop_embedded(home)


def _stages() -> Iterator[Measure]:
    from o2c_orchestration.assembly import Assembly
    from o2c_orchestration.reconcile import reconcile
    from o2c_orchestration.reconcile.payouts import payout_equation
    from o2c_orchestration.settings import load_settings
    from o2c_orchestration.store.database import raw_cursor
    from o2c_orchestration.store.payout_sums import payouts_created

    assembly = Assembly(load_settings())
    with raw_cursor(assembly.engine) as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = psutil.Process(int(str((cursor.fetchone() or (0,))[0])))
    postmaster = backend.parent()
    assert postmaster is not None
    meter, today = Meter(os.getpid(), postmaster.pid), datetime.now(UTC).date()
    span = (today - timedelta(days=9), today)
    kinds = ["customer", "charge", "balance_transaction", "payout"]

    def read() -> int:
        found = assembly.extract(kinds, *span)
        for kind in kinds:
            assembly.validate(kind)
        assembly.read_reference()
        return sum(each.changed for each in found.values())

    yield meter.run("Stripe read and validated", read, lambda count: f"{count:,} objects")
    yield meter.run("what they point to", lambda: assembly.complete(*span))
    yield meter.run("ledger read", lambda: assembly.read_ledger(*span), lambda found: f"{found.read:,} documents")
    yield meter.run("planned", lambda: assembly.plan(*span), _deposits)
    yield meter.run("written", lambda: assembly.apply(*span), str)
    yield meter.run("ledger read again", lambda: assembly.read_ledger(*span), lambda found: f"{found.read:,} documents")
    yield meter.run("reconciled", lambda: reconcile(assembly.engine, assembly.policy), lambda found: "")
    suspense = assembly.policy.suspense_accounts
    yield meter.run(
        "the equation",
        lambda: [payout_equation(sums) for sums in payouts_created(assembly.engine, suspense)],
        lambda found: ", ".join(f"{each.sums.members:,} members: {each.state}" for each in found),
    )
    yield meter.run("planned again", lambda: assembly.plan(*span), _deposits)
    assembly.engine.dispose()


def _show(measures: Iterable[Measure]) -> None:
    say("| stage | seconds | peak MiB | |\n|---|---:|---:|---|")
    for each in measures:
        say(f"| {each.name} | {each.seconds:.1f} | {each.peak_mib:,.0f} | {each.found} |")


# --- the sandbox -----------------------------------------------------------------------------------------------------


@contextmanager
def _sandbox(home: Path, members: int) -> Iterator[None]:
    """A loaded sandbox in another process, and this process's environment pointed at it."""
    state = home / "sandbox"
    command = [sys.executable, "-m", "benchmarks.payout", "--members", str(members), "--serve", str(state)]
    (home / "o2c.yaml").write_text(_CONFIG)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        base = process.stdout.readline().strip()
        os.environ.update(SandboxConfig.demo(state).client_environment(base))
        os.environ.update({"O2C_HOME": str(home), "O2C_MODE": "sync", "O2C_CONFIG": str(home / "o2c.yaml")})
        try:
            yield
        finally:
            process.terminate()


def _serve(state: Path, members: int) -> None:
    from o2c_orchestration.sandbox.server import SandboxServer

    config = replace(SandboxConfig.demo(state), stripe_requests_per_second=100_000)
    with SandboxServer(state, config=config) as server:
        begin = time.perf_counter()
        stripe, netsuite = _books(members, datetime.now(UTC).date())
        for some in _chunks(stripe):
            _post(server.base_url, {"stripe": some})
        customer = _post(server.base_url, {"netsuite": [next(netsuite)]})["netsuite"]["payer"]
        for records in _chunks(netsuite):
            _post(server.base_url, {"netsuite": [_of(customer, record) for record in records]})
        print(f"loaded in {time.perf_counter() - begin:.0f} s", file=sys.stderr, flush=True)
        say(server.base_url)
        signal.pause()


def _chunks(things: Iterator[Wire]) -> Iterator[list[Wire]]:
    while some := list(islice(things, _CHUNK)):
        yield some


def _of(customer: str, record: Wire) -> Wire:
    return {**record, "body": {**record["body"], "customer": {"id": customer}}}


def _books(members: int, today: date) -> tuple[Iterator[Wire], Iterator[Wire]]:
    """Wire objects after those of a small demo company, and the payments as they stand in NetSuite."""
    from o2c_orchestration.sandbox.company import build

    made = build(7, 60, today=today, days=9).stripe
    payout = next(each for each in made if each["object"] == "payout" and each["status"] == "paid")
    entries = [each for each in made if each["object"] == "balance_transaction" and each.get("_payout") == payout["id"]]
    entry = next(each for each in entries if each["type"] == "charge")
    charge = next(each for each in made if each["id"] == entry["source"])
    customer = next(each for each in made if each["id"] == charge["customer"])
    own = next(each for each in entries if each["type"] == "payout")
    return _stripe(members, customer, charge, entry, payout, own), _netsuite(members, customer, charge)


def _stripe(members: int, customer: Wire, charge: Wire, entry: Wire, payout: Wire, own: Wire) -> Iterator[Wire]:
    # Texts, so that each object is a copy through and through.
    one, two = json.dumps(charge), json.dumps(entry)
    paid = members * (_AMOUNT - _FEE)
    yield customer
    yield {**payout, "amount": paid}
    yield {**own, "amount": -paid, "net": -paid}
    money = {"amount": _AMOUNT, "fee": _FEE, "net": _AMOUNT - _FEE}
    fees = [{"amount": _FEE, "application": None, "currency": "usd", "description": "Fee", "type": "stripe_fee"}]
    for number in range(members):
        key, transaction = _key(number), f"txn_3Bench{number:018d}"
        links = {"balance_transaction": transaction, "payment_intent": None, "currency": "usd"}
        yield {**json.loads(one), "id": key, "amount": _AMOUNT, "amount_captured": _AMOUNT, **links}
        yield {**json.loads(two), "id": transaction, "source": key, "currency": "usd", **money, "fee_details": fees}


def _netsuite(members: int, customer: Wire, charge: Wire) -> Iterator[Wire]:
    head = {"companyName": customer["name"], "subsidiary": {"id": "1"}, "currency": {"id": "1"}}
    yield {"recordType": "customer", "body": {"_key": "payer", "externalId": customer["id"], **head}}
    day = datetime.fromtimestamp(charge["created"], UTC).date().isoformat()
    for number in range(members):
        body = {"externalId": _key(number), "payment": _AMOUNT / 100, "currency": {"id": "1"}, "tranDate": day}
        yield {"recordType": "customerPayment", "body": body}


def _key(number: int) -> str:
    return f"ch_3Bench{number:018d}"


def _post(base: str, body: object) -> Any:
    answer = requests.post(f"{base}/_sandbox/load", json=body, timeout=1800)
    answer.raise_for_status()
    return answer.json()


if __name__ == "__main__":
    main()
