"""What a preflight costs: seconds, and requests to each system.

    python -m benchmarks.preflight --invoices 400

The demo company on the sandbox, read once so that its currencies are known; then `o2c check` some times over, without
Python's start, and how `o2c run` begins: the same, and what it takes over from it for its stage.
"""

import argparse
import os
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import requests

from benchmarks.common import say
from benchmarks.company import RESTRICTED_KEY, throwaway_company

TIMES = 5


def main() -> None:
    """One table in Markdown."""
    parser = argparse.ArgumentParser(description="Preflight")
    parser.add_argument("--invoices", type=int, default=400)
    given = parser.parse_args()
    with throwaway_company(given.invoices):
        _measure()


def _measure() -> None:
    from o2c_orchestration.assembly import Assembly
    from o2c_orchestration.preflight.run import preflight
    from o2c_orchestration.preflight.start import require_systems
    from o2c_orchestration.settings import load_settings

    # A secret key is not asked what it may write.
    os.environ["STRIPE_API_KEY"] = RESTRICTED_KEY
    assembly = Assembly(load_settings())
    today = assembly.policy.books.start
    assembly.extract(["invoice"], today, _last())
    assembly.validate("invoice")
    wrong = [each for each in preflight(assembly, rights=True) if each.mark == "WRONG"]
    say(f"findings that are wrong: {len(wrong)}")
    say("\n| what | median s | requests | Stripe | NetSuite | Salesforce |\n|---|---:|---:|---:|---:|---:|")
    _row("`o2c check --rights`", lambda: preflight(assembly, rights=True), assembly)
    _row("`o2c check`", lambda: preflight(assembly), assembly)
    _row("`o2c apply`: one small read of each system", lambda: require_systems(assembly), assembly)
    _row("`o2c run`, before its first stage", lambda: _start(assembly), assembly)
    _row("the run's stage that reads reference data anew", assembly.read_reference, assembly)


def _start(assembly: Any) -> None:
    from o2c_orchestration.preflight.start import start_run

    start_run(assembly)
    assembly.read_reference()  # what it has read just now is taken over: no request


def _row(what: str, look: Callable[[], Any], assembly: Any) -> None:
    seconds, counts = [], [0, 0, 0]
    for _ in range(TIMES):
        before, begin = _requests(assembly), time.perf_counter()
        look()
        seconds.append(time.perf_counter() - begin)
        counts = [after - each for after, each in zip(_requests(assembly), before, strict=True)]
    say(f"| {what} | {median(seconds):.2f} | {sum(counts)} | " + " | ".join(str(each) for each in counts) + " |")


def _requests(assembly: Any) -> list[int]:
    url = f"{assembly.settings.stripe.base_url}/_sandbox/requests"
    return [
        len(requests.get(url, {"system": name}, timeout=30).json()) for name in ("stripe", "netsuite", "salesforce")
    ]


def _last() -> Any:
    from datetime import UTC, datetime

    return datetime.now(UTC).date()


if __name__ == "__main__":
    main()
