"""`o2c suggest` on the demo company, a third of whose books others kept."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
import requests
import yaml

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.unmapped import made_by_others
from o2c_orchestration_tests.e2e.cli_fixtures import World, command_line, company, run_days, sandbox, today

DAYS = 3


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    """An empty sandbox."""
    with sandbox(tmp_path, database_url) as made:
        yield made


def test_what_others_booked_is_suggested_and_nothing_is_changed(world: World, tmp_path: Path):
    """Prices come with the item that hand-made invoices have them on, as YAML to paste; nothing is written."""
    world.load_company(company(40, DAYS))
    with world.assembly(mode="observe") as assembly, dg.DagsterInstance.ephemeral() as instance:
        assert run_days(assembly, instance, today() - timedelta(days=DAYS), today()).success
    policy = {"items": {"default": None}}
    variables = world.environment("observe", **policy)
    before = Path(variables["O2C_CONFIG"]).read_bytes()
    with command_line(tmp_path) as o2c:
        told = o2c("suggest", "--json", **variables)
        shown = o2c("suggest", **variables)
    assert (told.code, shown.code) == (0, 0)
    found = [each for each in json.loads(told.out) if each["setting"] == "items.prices"]
    assert found
    assert all(each["key"].startswith("price_") and each["minor"] for each in found)
    assert any("documents that others made" in each["evidence"] for each in found)
    assert all(yaml.safe_load(each["yaml"]) == {each["key"]: each["candidate"]} for each in found)
    assert "Nothing was changed" in shown.out
    assert Path(variables["O2C_CONFIG"]).read_bytes() == before
    assert world.record_writes() == 0


def test_fields_of_what_others_made_are_suggested(world: World, tmp_path: Path):
    """A class that all invoices have, and one field that follows Stripe's metadata: lines that o2c.yaml takes; once
    they are there nothing is suggested for those fields any more."""
    world.load_company(company(40, DAYS))
    with world.assembly(mode="observe") as assembly, dg.DagsterInstance.ephemeral() as instance:
        assert run_days(assembly, instance, today() - timedelta(days=DAYS), today()).success
        made = [each for each in made_by_others(assembly.engine, None, 12) if each.document == "invoice"]
        with raw_cursor(assembly.engine) as cursor:
            cursor.execute("SELECT id FROM o2c.invoices")
            known = {row[0] for row in cursor.fetchall()}
    assert len(made) >= 5
    screen = f"{world.base_url}/_sandbox/netsuite/records"
    channels: dict[str, str] = {}  # by invoice: some were booked twice
    for each in made:
        channel = channels.setdefault(each.stripe_id, ("web", "partner")[len(channels) % 2])
        if each.stripe_id in known:  # others also book what Stripe does not have
            world.stripe(f"invoices/{each.stripe_id}", **{"metadata[channel]": channel})
        body = {"class": {"id": "2"}, "custbody_channel": channel}
        change = {"do": "change", "recordType": "invoice", "id": str(each.netsuite_id), "body": body}
        requests.post(screen, json=change, timeout=10).raise_for_status()
    with command_line(tmp_path) as o2c:
        agree = round(1000 * sum(each.stripe_id in known for each in made) / len(made))
        told = [each for each in json.loads(o2c("suggest", "--json", **world.environment("observe")).out)
                if each["setting"] == "mapping.invoice.header"]  # fmt: skip
        assert {each["key"]: (each["rule"], each["score"]) for each in told} == {
            "class": ("Services", 1000), "custbody_channel": ({"source": "metadata.channel"}, agree)}  # fmt: skip
        assert told[0]["evidence"] == f"{len(made)} of the last {len(made)} documents that others made have Services"
        shown = o2c("suggest", **world.environment("observe")).out
        pasted = yaml.safe_load(shown[shown.index("mapping:") :])
        assert Policy.model_validate(pasted).mapping.invoice.header["class"][0].constant == "Services"
        again = json.loads(o2c("suggest", "--json", **world.environment("observe", **pasted)).out)
        assert [each for each in again if each["setting"] == "mapping.invoice.header"] == []
    assert world.record_writes() == 0
