"""Malformed rows: set aside one by one, or the whole frame stopped when it is not the rows that are wrong."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from o2c_orchestration.sandbox.company import Company
from o2c_orchestration.store import journal, rows
from o2c_orchestration_tests.e2e.cli_fixtures import (
    World,
    checks,
    metadata,
    run_days,
    sandbox,
    sound_company,
    today,
)

DAYS = 3
INVOICES = 12
QUARANTINE = "validated/invoices:no_rows_in_quarantine"
SOUND = "validated/invoices:frame_is_sound"


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """An empty sandbox."""
    with sandbox(tmp_path, database_url) as made:
        yield made


def _bad(made: Company, number: int, **changes: Any) -> dict[str, Any]:
    """A copy of a sound invoice under another id, with some fields changed (None: left out)."""
    sound = next(each for each in made.stripe if each["object"] == "invoice" and each["status"] == "open")
    wrong = {**deepcopy(sound), "id": f"in_1Malformed{number:03d}", "number": f"BAD-{number:04d}", **changes}
    return {name: value for name, value in wrong.items() if value is not None}


def _run(world: World) -> dg.ExecuteInProcessResult:
    with world.assembly() as assembly, dg.DagsterInstance.ephemeral() as instance:
        return run_days(assembly, instance, today() - timedelta(days=DAYS), today())


def _steps(outcome: dg.ExecuteInProcessResult) -> set[str]:
    return {str(event.step_key) for event in outcome.all_events if event.is_step_start}


def test_a_malformed_invoice_is_set_aside_alone(world: World):
    """Invoices that fail their schema wait in quarantine with the reason; the others are written, the run is green."""
    made = sound_company(INVOICES, DAYS)
    world.load_company(made)
    world.load([_bad(made, 1, total=12.5), _bad(made, 2, currency=None)])
    outcome = _run(world)
    assert outcome.success
    found = checks(outcome)
    assert not found[QUARANTINE].passed
    assert found[QUARANTINE].severity == dg.AssetCheckSeverity.WARN
    reasons = found[QUARANTINE].metadata["reasons"].value
    assert "total_minor: not an integer of minor units" in reasons
    assert "currency: missing" in reasons
    assert found[SOUND].passed
    written = metadata(outcome, "apply", "netsuite_documents")["written"]
    with world.assembly() as assembly:
        done = {each.external_id for each in journal.entries(assembly.engine, ["done"])}
    expected = {
        each["id"]
        for each in made.stripe
        if each["object"] == "invoice" and each["status"] in ("open", "paid") and each["total"] > 0
    }
    assert written > 0
    assert expected <= done
    assert not {key for key in done if "Malformed" in key}


def test_a_mended_invoice_leaves_quarantine(world: World):
    """When Stripe sends the row as it should be, the next run takes it in and the check is green again."""
    made = sound_company(INVOICES, DAYS)
    world.load_company(made)
    world.load([_bad(made, 1, total=12.5)])
    assert not checks(_run(world))[QUARANTINE].passed
    world.load([_bad(made, 1)])
    outcome = _run(world)
    assert checks(outcome)[QUARANTINE].passed
    assert outcome.success


def test_a_frame_that_is_mostly_wrong_stops_the_run(world: World):
    """Beyond a fifth of the rows nothing is planned or written, and a second run does not slip past the check."""
    made = sound_company(INVOICES, DAYS)
    world.load_company(made)
    world.load([_bad(made, number, currency="dollars") for number in range(8)])
    for _ in range(2):
        outcome = _run(world)
        assert not outcome.success
        assert not checks(outcome)[SOUND].passed
        assert not {"plan__netsuite_documents", "apply__netsuite_documents"} & _steps(outcome)
    assert world.record_writes() == 0
    with world.assembly() as assembly:
        held = rows.quarantined(assembly.engine, "invoice", today() - timedelta(days=DAYS), today())
    assert len(held) == 8


def test_a_few_wrong_rows_of_a_few_do_not_stop_the_run(world: World):
    """Four wrong rows of six are the rows' fault: below five the frame is not blamed."""
    made = sound_company(2, DAYS)
    world.load_company(made)
    sound = sound_company(INVOICES, DAYS)
    world.load([_bad(sound, number, currency="dollars") for number in range(4)])
    outcome = _run(world)
    assert outcome.success
    assert checks(outcome)[SOUND].passed
    assert not checks(outcome)[QUARANTINE].passed
