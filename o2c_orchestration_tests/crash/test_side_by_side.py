"""Runs of several partitions at once, all on the same database: nobody waits for each other, no change is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import count
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import Engine, text

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store.gaps import list_gaps, reconcile
from o2c_orchestration.store.gate import StripeObject, admit
from o2c_orchestration.validate.schemas import TABLES
from o2c_orchestration_tests.crash.conftest import Case

SECONDS = 6.0
_numbers = count()


def stored(engine: Engine) -> list[dict[str, Any]]:
    """Every Stripe object of the store."""
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT payload FROM o2c.stripe_objects")).scalars())


def change(assembly: Assembly) -> None:
    """Everything comes anew from Stripe, with other metadata and half of the invoices with another total."""
    number = next(_numbers)
    payloads = stored(assembly.engine)
    for payload in payloads:
        payload["metadata"] = {"number": str(number)}
        if payload["object"] == "invoice" and hash(payload["id"]) % 2:
            payload["lines"]["data"][0]["amount"] += 1
            payload["total"] += 1
    admit(assembly.engine, [StripeObject.of(each, datetime.now(UTC)) for each in payloads])


def validate(assembly: Assembly) -> None:
    """Every type, as runs do, each for all days."""
    for object_type in TABLES:
        assembly.validate(object_type)


def workers(case: Case) -> list[Callable[[Assembly], object]]:
    """What different partitions' runs do at the same moment."""
    span = case.books.span
    return [
        change,
        validate,
        validate,
        lambda one: one.plan(*span),
        lambda one: one.plan(*span),
        lambda one: (one.read_reference(), one.read_ledger(*span)),
        lambda one: (one.read_reference(), one.read_ledger(*span)),
        lambda one: reconcile(one.engine),
        lambda one: reconcile(one.engine, full=True),
    ]


def repeat(work: Callable[[Assembly], object]) -> int:
    """Do it again and again for a while, and twice at least; how often."""
    assembly, until, done = Assembly(load_settings()), monotonic() + SECONDS, 0
    try:
        while monotonic() < until or done < 2:
            work(assembly)
            done += 1
    finally:
        assembly.netsuite.close()
        assembly.engine.dispose()
    return done


def test_runs_side_by_side_neither_fail_nor_lose_a_change(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """All stages of several runs at once; in the end looking at what changed gives what looking at all of it gives."""
    for name, value in case.environment.items():
        monkeypatch.setenv(name, value)
    with ThreadPoolExecutor(9) as pool:
        running = [pool.submit(repeat, work) for work in workers(case)]
        assert all(each.result() for each in running)
    with case.engine() as engine:
        validate(Assembly(load_settings()))
        reconcile(engine)
        seen = {gap.gap_id: gap.difference_minor for gap in list_gaps(engine)}
        again = reconcile(engine, full=True)
        assert again.opened == again.resolved == 0
        assert seen == {gap.gap_id: gap.difference_minor for gap in list_gaps(engine)}
        assert seen
