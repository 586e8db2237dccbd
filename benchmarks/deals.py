"""Salesforce's first load, and a deal from won to both documents.

The sandbox runs in a process of its own. Measured is how many requests of the daily limit the first load of all
accounts and deals takes, and how long; then, with every request taking some time, how long one won deal takes from the
poll that sees it to its order in NetSuite and its subscription in Stripe. What the sensor's pause and the start of a
run add is not in that: half of 30 seconds on average, and 5 to 8 seconds with the default launcher.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import requests

from benchmarks.common import say
from benchmarks.write import running_sandbox

MOMENT = "2026-11-01T09:00:00.000+0000"


def records(accounts: int, deals: int) -> Iterator[dict[str, Any]]:
    """An org: accounts, ten products with prices, deals that are won, with three lines each."""
    for n in range(10):
        yield _record("Product2", f"01t{n:012d}AAA", Name=f"Plan {n}", ProductCode=f"PLAN-{n}", IsActive=True)
    for n in range(accounts):
        yield _record("Account", f"001{n:012d}AAA", Name=f"Company {n}", CurrencyIsoCode="USD")
    for n in range(deals):
        deal = f"006{n:012d}AAA"
        yield _record("Opportunity", deal, **_deal(n % accounts))
        for line in range(3):
            yield _record("OpportunityLineItem", f"00k{n * 3 + line:012d}AAA", **_line(deal, line))


def _record(kind: str, identifier: str, **fields: Any) -> dict[str, Any]:
    stamps = {"CreatedDate": MOMENT, "SystemModstamp": MOMENT, "LastModifiedDate": MOMENT}
    return {"attributes": {"type": kind}, "Id": identifier, **stamps, **fields}


def _deal(account: int) -> dict[str, Any]:
    day = datetime.now(UTC).date().isoformat()
    named = {"Name": f"Deal of {account}", "AccountId": f"001{account:012d}AAA", "CurrencyIsoCode": "USD"}
    return {**named, "StageName": "Closed Won", "CloseDate": day, "IsWon": True, "IsClosed": True}


def _line(deal: str, number: int) -> dict[str, Any]:
    amounts = {"Quantity": 2, "UnitPrice": 50, "TotalPrice": 100, "CurrencyIsoCode": "USD"}
    return {**amounts, "OpportunityId": deal, "Product2Id": f"01t{number:012d}AAA", "Name": f"Plan {number}"}


def first_load(base: str, accounts: int, deals: int) -> None:
    """Time and requests of the first poll, and of the next one, which finds nothing new."""
    made = list(records(accounts, deals))
    for start in range(0, len(made), 5000):
        body = {"salesforce": made[start : start + 5000]}
        requests.post(f"{base}/_sandbox/load", json=body, timeout=300).raise_for_status()
    from o2c_orchestration.assembly import Assembly
    from o2c_orchestration.settings import load_settings

    assembly = Assembly(load_settings())
    for what in ("first", "next"):
        before, began = assembly.salesforce.requests, time.monotonic()
        found = assembly.deals.poll()
        seconds, sent = time.monotonic() - began, assembly.salesforce.requests - before
        seen = sum(found.seen.values())
        share = sent / len(made)
        say(f"{what} poll: {seen:,} records in {seconds:.1f} s, {sent} requests, {share:.4f} a record of the org")
    began = time.monotonic()
    plan = assembly.deals.plan()
    took = time.monotonic() - began
    say(f"planned: {len(plan.commands):,} documents, {len(plan.refusals):,} refused, in {took:.1f} s")


def won_to_documents(base: str, deals: int, latency_ms: int) -> None:
    """Seconds from the poll that sees a won deal to both of its documents, one deal after the other."""
    from o2c_orchestration.assembly import Assembly
    from o2c_orchestration.sandbox.config import SandboxConfig
    from o2c_orchestration.settings import load_settings
    from o2c_orchestration_tests.e2e.seller import Seller

    config = SandboxConfig.demo(Path(os.environ["O2C_HOME"]) / "sandbox")
    seller, key = Seller(base, config), {"Authorization": f"Bearer {config.stripe_secret_key}"}
    product = requests.post(f"{base}/v1/products", data={"name": "Seat"}, headers=key, timeout=30).json()["id"]
    form = {"product": product, "currency": "usd", "unit_amount": 5000, "recurring[interval]": "month"}
    price = requests.post(f"{base}/v1/prices", data=form, headers=key, timeout=30).json()["id"]
    entry = seller.product("SEAT", 50, price=price)
    day = datetime.now(UTC).date()
    waiting = []
    for n in range(deals):
        deal = seller.deal(seller.account(f"Buyer{n} Inc"), day.isoformat(), stage="Prospecting", O2C_Term_Months__c=12)
        seller.line(deal, entry, 4, 50, O2C_Billing__c="Monthly")
        waiting.append(deal)
    assembly = Assembly(load_settings())
    assembly.read_reference()
    assembly.read_ledger(day, day)
    assembly.deals.poll()
    slow = [{"kind": "latency", "latency_ms": latency_ms}]
    requests.post(f"{base}/_sandbox/faults", json=slow, timeout=30).raise_for_status()
    taken = [_one(assembly, seller, deal) for deal in waiting]
    cuts = quantiles(taken, n=20)
    say(f"{deals} deals, {latency_ms} ms a request: p50 {median(taken):.1f} s, p95 {cuts[-1]:.1f} s")


def _one(assembly: Any, seller: Any, deal: str) -> float:
    seller.change("Opportunity", deal, StageName="Closed Won")
    began = time.monotonic()
    assembly.deals.poll(("Account", "Opportunity", "OpportunityLineItem"), deletions=False)
    assembly.deals.plan()
    result = assembly.apply_deals()
    assert result is not None
    assert result.written == 4, result
    return time.monotonic() - began


def main() -> None:
    """Both, each on a sandbox and a store of its own."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--accounts", type=int, default=10_000)
    options.add_argument("--deals", type=int, default=5_000)
    options.add_argument("--won", type=int, default=20)
    options.add_argument("--latency-ms", type=int, default=100)
    given = options.parse_args()
    _alone(lambda base: first_load(base, given.accounts, given.deals), "")
    _alone(lambda base: won_to_documents(base, given.won, given.latency_ms), "deals: {recurring: subscription}\n")


def _alone(measure: Any, policy: str) -> None:
    from o2c_orchestration.store.database import stop_embedded

    with tempfile.TemporaryDirectory(prefix="o2c-benchmark-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        (home / "o2c.yaml").write_text(policy)
        with running_sandbox(home) as base:
            os.environ["O2C_CONFIG"] = str(home / "o2c.yaml")
            try:
                measure(base)
            finally:
                stop_embedded(home)


if __name__ == "__main__":
    main()
