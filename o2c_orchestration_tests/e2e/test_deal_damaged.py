"""Salesforce's records, damaged at random: a deal that makes no sense is refused by name, and all others go on."""

import random
from typing import Any

import orjson
from sqlalchemy import text

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.plan.write_back import plan_write_back
from o2c_orchestration.store.account_money import read_account_money
from o2c_orchestration_tests.damage import damaged
from o2c_orchestration_tests.e2e.test_deal_company import made, sold, world

__all__ = ["made", "sold", "world"]
_SPOIL = text("UPDATE o2c.salesforce_objects SET payload = :payload, facts_at = clock_timestamp() WHERE id = :id")


def test_a_deal_that_makes_no_sense_holds_up_no_other(made: Assembly) -> None:
    """Thirty times a quarter of all records: plan, facts, gaps and what is written back come about all the same."""
    stages = made.deals
    with made.engine.connect() as connection:
        every: list[Any] = list(connection.execute(text("SELECT id, payload FROM o2c.salesforce_objects ORDER BY id")))
    won = {key for key, told in every if told.get("IsWon") is True}
    for seed in range(30):
        chance = random.Random(seed)
        hit = {key for key, _ in every if chance.random() < 0.25}
        spoilt = [(key, damaged(told, chance, ("Id",)) if key in hit else told) for key, told in every]
        with made.engine.begin() as connection:
            connection.execute(_SPOIL, [{"id": key, "payload": body(told)} for key, told in spoilt])
        stages.plan()
        facts = stages.facts()
        stages.reconcile(facts)
        plan_write_back(facts, read_account_money(made.engine, stages.today), stages.today, children=True)
        assert won - hit <= {each.deal.id for each in facts}


def body(told: dict[str, Any]) -> str:
    """PostgreSQL keeps no NUL, and Salesforce has none."""
    return orjson.dumps(told).decode().replace("\\u0000", "")
