"""`o2c suggest` on the demo company, a third of whose books others kept."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
import yaml

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
