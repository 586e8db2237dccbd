"""A sandbox with the demo company in any size, in a process of its own, for the benchmarks that need a whole company.

`python -m benchmarks.company STATE --invoices N` is that process: it says where the sandbox listens, and serves until
it is terminated. A large company is several that sold one after the other, since all of it does not fit into memory.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from benchmarks.common import say
from o2c_orchestration.sandbox.company import Company, build
from o2c_orchestration.sandbox.config import SandboxConfig

DAYS = 365
_CHUNK = 5000
_AT_ONCE_MAX = 100_000
# The sandbox's limits are not what is measured.
_CONFIG = "stripe: {requests_per_second: 1000}\naccounts: {bank: {usd: Checking, eur: Checking EUR}}\n"
_TRUTH = "truth.json"
# A key that may read what a run reads.
RESTRICTED_KEY = "rk_test_benchmark"
_READS = (
    "balance_transaction_source charge connected_account coupon credit_note customer dispute event invoice payout plan "
    "refund subscription webhook"
)


@contextmanager
def throwaway_company(invoices: int, policy: str = "") -> Iterator[Path]:
    """A company of its own in `sync`, with an embedded database, both gone at the end; the folder that holds them.

    `policy`: further sections of its o2c.yaml.
    """
    with tempfile.TemporaryDirectory(prefix="o2c-benchmark-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        home.chmod(0o755)
        with running_company(home, invoices, mode="sync", policy=policy):
            # Not at the top: the process that serves the sandbox needs none of the product.
            from o2c_orchestration.store.database import stop_embedded

            try:
                yield home
            finally:
                stop_embedded(home)


@contextmanager
def running_company(
    home: Path, invoices: int, *, mode: str, only: Collection[str] = (), policy: str = "", days: int = DAYS
) -> Iterator[None]:
    """A loaded sandbox in another process, and this process's environment pointed at it; `only` these Stripe objects,
    if any are named.
    """
    state = home / "sandbox"
    command = [sys.executable, "-m", "benchmarks.company", str(state), "--invoices", str(invoices)]
    command += ["--days", str(days), "--only", *only]
    (home / "o2c.yaml").write_text(_CONFIG + policy)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        base = process.stdout.readline().strip()
        os.environ.update(SandboxConfig.demo(state).client_environment(base))
        os.environ.update({"O2C_HOME": str(home), "O2C_MODE": mode, "O2C_CONFIG": str(home / "o2c.yaml")})
        try:
            yield
        finally:
            process.terminate()


def truth(home: Path) -> set[tuple[str, str]]:
    """What is planted: the kind of each gap, and its Stripe id or else its NetSuite id."""
    noted = json.loads((home / "sandbox" / _TRUTH).read_text())
    keys = noted["keys"]
    return {(row["kind"], row["stripe_id"] or keys[row["netsuite_key"][1:]]) for row in noted["truth"]}


def _serve(state: Path, invoices: int, days: int, only: Collection[str]) -> None:
    from o2c_orchestration.sandbox.server import SandboxServer

    restricted = (RESTRICTED_KEY, tuple(f"{name}_read" for name in _READS.split()))
    config = SandboxConfig.demo(state)
    config = replace(config, stripe_requests_per_second=100_000, stripe_restricted_keys=(restricted,))
    with SandboxServer(state, config=config) as server:
        planted, keys = list[dict[str, Any]](), dict[str, str]()
        parts = -(-invoices // _AT_ONCE_MAX)
        for part in range(parts):
            first, last = (days * end // parts for end in (part, part + 1))
            today = datetime.now(UTC).date() - timedelta(days=first)
            made = build(7 + part, -(-invoices // parts), today=today, days=last - first)
            keys |= _load(server.base_url, made, only, closed=part + 1 == parts)
            planted += made.truth
            del made
        (state / _TRUTH).write_text(json.dumps({"truth": planted, "keys": keys}))
        say(server.base_url)
        signal.pause()


def _load(base: str, made: Company, only: Collection[str], *, closed: bool) -> dict[str, str]:
    """Put a company in; with the last one the periods are closed. The NetSuite ids of its keys."""
    objects = [item for item in made.stripe if item["object"] in only or not only]
    for at in range(0, len(objects), _CHUNK):
        _post(base, "load", {"stripe": objects[at : at + _CHUNK]})
    keys = _post(base, "load", {"netsuite": made.netsuite})["netsuite"]
    for name in made.closed_periods if closed else ():
        _post(base, "netsuite/periods", {"name": name, "closed": True})
    return keys


def _post(base: str, path: str, body: object) -> dict[str, dict[str, str]]:
    answer = requests.post(f"{base}/_sandbox/{path}", json=body, timeout=1800)
    answer.raise_for_status()
    return dict(answer.json()) if answer.content else {}


def main() -> None:
    """Serve one company."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("state", type=Path)
    parser.add_argument("--invoices", type=int, required=True)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--only", nargs="*", default=[])
    given = parser.parse_args()
    _serve(given.state, given.invoices, given.days, given.only)


if __name__ == "__main__":
    main()
