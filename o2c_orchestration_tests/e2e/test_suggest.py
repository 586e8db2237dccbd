"""`o2c suggest` on the demo company, a third of whose books others kept."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
import requests
import yaml

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.domain.errors import ObjectMissing
from o2c_orchestration.domain.money import to_major
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.store.unmapped import Made, made_by_others
from o2c_orchestration_tests.e2e.cli_fixtures import CommandLine, World, company, run_days, sandbox, today

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
    o2c = CommandLine(tmp_path)
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
    channels: dict[str, str] = {}  # by invoice: some were booked twice
    for each in made:
        channel = channels.setdefault(each.stripe_id, ("web", "partner")[len(channels) % 2])
        if each.stripe_id in known:  # others also book what Stripe does not have
            world.stripe(f"invoices/{each.stripe_id}", **{"metadata[channel]": channel})
        body = {"class": {"id": "2"}, "custbody_channel": channel}
        by_hand(world, do="change", recordType="invoice", id=str(each.netsuite_id), body=body)
    o2c = CommandLine(tmp_path)
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


def test_fields_of_lines_that_follow_their_price_are_suggested(world: World, tmp_path: Path):
    """Where lines of a document differ, what Stripe says of each line's price tells which has what; a document that was
    deleted since has no say, and that is told beside the JSON."""
    world.load_company(company(40, DAYS))
    with world.assembly(mode="observe") as assembly, dg.DagsterInstance.ephemeral() as instance:
        assert run_days(assembly, instance, today() - timedelta(days=DAYS), today()).success
        made = [each for each in made_by_others(assembly.engine, None, 12) if each.document == "invoice"]
        changed = sum(with_codes(world, assembly, each) for each in made)
    assert changed >= 5
    by_hand(world, do="delete", recordType="invoice", id=str(made[0].netsuite_id))
    o2c = CommandLine(tmp_path)
    ran = o2c("suggest", "--json", **world.environment("observe"))
    found = [each for each in json.loads(ran.out) if each["key"] == "custcol_product"]
    assert {"source": "line.price.metadata.sku"} in [each["rule"] for each in found]
    assert "lines of the last" in found[0]["evidence"]
    assert "1 NetSuite record could not be read and had no say (1 invoice)" in ran.err
    assert world.record_writes() == 0


def with_codes(world: World, assembly: Assembly, made: Made) -> bool:
    """The price of each line gets a code, and the line in NetSuite has it; whether the invoice has such lines."""
    try:
        invoice, _ = assembly.stripe_readers["main"].retrieve(f"/v1/invoices/{made.stripe_id}")
    except ObjectMissing:  # others also book what Stripe does not have
        return False
    record, _ = assembly.ledger.record("invoice", made.netsuite_id, sublists=True)
    prices = {to_major(line["amount"], invoice["currency"]): line["pricing"]["price_details"]["price"]
              for line in invoice["lines"]["data"]}  # fmt: skip
    for price in prices.values():
        world.stripe(f"prices/{price}", **{"metadata[sku]": f"SKU {price[-4:]}"})
    lines = []
    for line in record["item"]["items"]:
        price = prices.get(line["amount"])
        kept = {name: float(line[name]) for name in ("amount", "rate", "quantity") if name in line}
        code = {"custcol_product": f"SKU {price[-4:]}"} if price else {}
        lines.append({"item": {"id": line["item"]["id"]}, **kept, **code})
    body = {"item": {"items": lines}}
    by_hand(world, do="change", recordType="invoice", id=str(made.netsuite_id), body=body, replace=["item"])
    return any("custcol_product" in line for line in lines)


def by_hand(world: World, **change: object) -> None:
    """What an accountant does in NetSuite's screens."""
    answer = requests.post(f"{world.base_url}/_sandbox/netsuite/records", json=change, timeout=10)
    assert answer.status_code == 200, answer.text
