"""Drift in a whole run: told by the extract asset, before anything is validated, and ended by a person."""

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
import requests

from o2c_orchestration.domain.described import RECORDS
from o2c_orchestration.domain.read_rows import NETSUITE
from o2c_orchestration.orchestration.assets.common import STRIPE_TYPES
from o2c_orchestration.orchestration.deals import DEALS
from o2c_orchestration.sandbox.company import sell
from o2c_orchestration.store import drift as store
from o2c_orchestration.validate.drift import RECORD_VERSION, SUITEQL_VERSION
from o2c_orchestration_tests.e2e.cli_fixtures import (
    QUIET,
    CommandLine,
    World,
    checks,
    definitions,
    run_days,
    sandbox,
    sound_company,
    today,
)

DAYS = 3


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """An empty sandbox."""
    with sandbox(tmp_path, database_url) as made:
        yield made


def _run(world: World) -> dg.ExecuteInProcessResult:
    with world.assembly() as assembly, dg.DagsterInstance.ephemeral() as instance:
        return run_days(assembly, instance, today() - timedelta(days=DAYS), today())


def test_a_sound_company_is_not_warned_of(world: World):
    """No drift, no odd row, nothing that does not fit: what warns without a reason is turned off."""
    world.load_company(sound_company(12, DAYS))
    found = checks(_run(world))
    drifted = {name: found[f"stripe/{name}:fields_have_not_drifted"] for name in STRIPE_TYPES}
    # The demo's Stripe has a type of balance transaction that nobody knows.
    warned = {name: each.metadata["fields"].value for name, each in drifted.items() if not each.passed}
    assert set(warned) <= {"balance_transactions"}
    assert all(found[f"netsuite/{name}:fields_have_not_drifted"].passed for name in ("ledger", "reference_data"))
    with world.assembly() as assembly:
        seen = {kind for kind in NETSUITE if store.catalogue(assembly.engine, kind, SUITEQL_VERSION).objects}
        described = {kind: store.catalogue(assembly.engine, kind, RECORD_VERSION).objects for kind in RECORDS}
    assert described == dict.fromkeys(RECORDS, 1)
    assert seen >= {f"netsuite_{name}" for name in ("transaction", "tax", "application", "customer", "period")}
    assert all(found[f"validated/{name}:rows_make_sense"].passed for name in STRIPE_TYPES)
    assert found["stripe/references:rows_fit_what_they_point_to"].passed


def test_an_odd_record_of_salesforce_is_told(world: World):
    """A way of billing that nobody knows: by its schema and as drift; other assets are sound."""
    sold = sell(sound_company(12, DAYS), today=today(), days=DAYS)
    requests.post(
        f"{world.base_url}/_sandbox/load", json={"salesforce": sold.salesforce}, timeout=60
    ).raise_for_status()
    with world.assembly("observe") as assembly, dg.DagsterInstance.ephemeral() as instance:
        job = definitions(assembly).resolve_job_def(DEALS)
        found = checks(job.execute_in_process(instance=instance, partition_key=f"{today()}", run_config=QUIET))
    told = found["salesforce/opportunities:records_make_sense"]
    assert (told.passed, told.severity, told.metadata["count"].value) == (False, dg.AssetCheckSeverity.WARN, 1)
    assert "O2C_Billing__c is none of One-off, Monthly, Annual" in told.metadata["list"].value
    drifted = found["salesforce/opportunities:fields_have_not_drifted"]
    assert "O2C_Billing__c=Quarterly" in drifted.metadata["fields"].value
    assert drifted.metadata["API version"].value.startswith("v")
    sound = [f"salesforce/{name}" for name in ("accounts", "products")] + ["netsuite/sales_order_mirrors"]
    assert all(found[f"{asset}:fields_have_not_drifted"].passed for asset in sound)


def test_a_field_that_moved_is_told_before_rows_are_judged(world: World, tmp_path: Path):
    """Taxes that lie elsewhere fail no schema; the check names old and new place, and a person ends the warning."""
    made = sound_company(12, DAYS)
    moved = deepcopy(made.stripe)
    for each in moved:
        if each["object"] == "invoice":
            each["tax_summary"] = {"total_taxes": each.pop("total_taxes")}
    world.load(moved, made.netsuite)
    outcome = _run(world)
    told = checks(outcome)["stripe/invoices:fields_have_not_drifted"]
    assert (told.passed, told.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "invoice.total_taxes|moved|" in told.metadata["fields"].value
    assert "tax_summary.total_taxes" in told.metadata["fields"].value
    steps = [str(event.step_key) for event in outcome.all_events if event.is_step_start]
    assert steps.index("stripe__invoices") < steps.index("validated__invoices")
    o2c = CommandLine(tmp_path)
    variables = world.environment()
    listed = o2c("drift", "--json", **variables)
    (found,) = [each for each in json.loads(listed.out) if each["kind"] == "moved"]
    assert (listed.code, found["key"], found["read"]) == (1, "invoice.total_taxes", True)
    assert o2c("drift", "accept", "invoice.nothing", "--reason", "x", **variables).code == 1
    keys = [each["key"] for each in json.loads(listed.out)]
    done = o2c("drift", "accept", *keys, "--reason", "looked at", "--actor", "ann", **variables)
    assert (done.code, "invoice.total_taxes" in done.out) == (0, True)
    assert o2c("drift", **variables).code == 0
    (kept,) = [each for each in json.loads(o2c("drift", "--accepted", "--json", **variables).out)
               if "total_taxes" in each["key"]]  # fmt: skip
    assert (kept["actor"], kept["reason"]) == ("ann", "looked at")
    assert checks(_run(world))["stripe/invoices:fields_have_not_drifted"].passed
