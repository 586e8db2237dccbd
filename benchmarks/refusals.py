"""Of the documents that NetSuite would have refused, the share that was stopped before a request.

    python -m benchmarks.refusals --invoices 3000

A year of the demo company in sync mode, with what makes NetSuite refuse: a closed period and customers without a
currency (planted by the company), and what is planted here before the run: an account and an item of o2c.yaml that
somebody made inactive. Stopped: documents that the plan refuses or the journal refuses before they are sent, by a code
that NetSuite has a refusal for. Sent in vain: requests that the sandbox's NetSuite refused.
"""

import argparse
import logging
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import requests
import structlog

from benchmarks.common import say
from benchmarks.company import DAYS, throwaway_company

# What NetSuite itself would say no to. Our other codes are about what it would take, and be wrong.
REFUSABLE = {
    "PERIOD_CLOSED": "closed_period",
    "CUSTOMER_CURRENCY": "currency",
    "REFERENCE_MISSING": "invalid_reference",
    "ITEM_UNMAPPED": "missing_field",
    "NO_CUSTOMER": "missing_field",
    "NEGATIVE_INVOICE": "other",
    "DOES_NOT_FIT": "over_applied",
    "OVER_APPLIED": "over_applied",
    "CUSTOMER_SUBSIDIARY": "invalid_reference",
    "OTHER_ENTITY": "invalid_reference",
    "CUSTOMER_NAMED": "invalid_reference",
    "DOCUMENT_NAMED": "invalid_reference",
    "BANK_ACCOUNT_UNMAPPED": "missing_field",
    "EXTERNAL_ID_CASE": "duplicate",
}
KINDS = [
    "customer", "price", "invoice", "charge", "invoice_payment", "credit_note", "refund", "dispute",
    "balance_transaction", "payout",
]  # fmt: skip
_INACTIVE = (("account", "10"), ("item", "4"))


def main() -> None:
    """One company, one run, one table in Markdown."""
    parser = argparse.ArgumentParser(description="Refusals stopped before the request")
    parser.add_argument("--invoices", type=int, default=3000)
    given = parser.parse_args()
    with throwaway_company(given.invoices):
        _year()


def _year() -> None:
    from o2c_orchestration.assembly import Assembly
    from o2c_orchestration.settings import load_settings

    logging.disable(logging.INFO)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    assembly = Assembly(load_settings())
    assert assembly.settings.stripe is not None
    base = assembly.settings.stripe.base_url
    for kind, identifier in _INACTIVE:
        body = {"recordType": kind, "id": identifier, "inactive": True}
        requests.post(f"{base}/_sandbox/netsuite/inactive", json=body, timeout=30).raise_for_status()
    last = datetime.now(UTC).date()
    _run(assembly, last - timedelta(days=DAYS), last)
    _tell(assembly)
    assembly.engine.dispose()


def _run(assembly: Any, first: date, last: date) -> None:
    """The stages in their order, without Dagster, whose bookkeeping of 365 days takes longer than they do."""
    assembly.read_reference()
    assembly.read_ledger(first, last)
    assembly.extract(KINDS, first, last)
    for kind in KINDS:
        assembly.validate(kind)
    assembly.complete(first, last)
    assembly.plan(first, last)
    assembly.apply()


def _tell(assembly: Any) -> None:
    from o2c_orchestration.console.explain import letter_topic
    from o2c_orchestration.store.reasons import refused_writes

    stopped, vain, others = Counter[str](), Counter[str](), Counter[str]()
    for write in refused_writes(assembly.engine):
        topic = str(letter_topic(write.code, write.words, write.external_id))
        into = stopped if topic in REFUSABLE else others if topic.isupper() else vain
        into[topic] += 1
    say("\n| refused | documents | before the request | sent in vain |\n|---|---:|---:|---:|")
    for name in sorted({*stopped, *vain}):
        say(f"| `{name}` | {stopped[name] + vain[name]} | {stopped[name]} | {vain[name]} |")
    all_of = stopped.total() + vain.total()
    say(f"| all | {all_of} | {stopped.total()} | {vain.total()} |")
    say(f"\nstopped before the request: {stopped.total() / all_of:.1%}" if all_of else "\nnothing was refused")
    say(f"refused by us for reasons that NetSuite does not have: {dict(others)}")


if __name__ == "__main__":
    main()
