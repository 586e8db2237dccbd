"""Exchange rates in a group whose subsidiaries keep their books in several currencies, by NetSuite's answers."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.preflight.facts import Facts
from o2c_orchestration.preflight.rates import exchange_rates
from o2c_orchestration.store import ledger
from o2c_orchestration_tests.contract.test_client_netsuite_read import reader, rows
from o2c_orchestration_tests.wire_fake import Reply, Seen, WireFake

GROUP = [("1", "Parent Company"), ("2", "Parent Company : GmbH")]
ROWS = {
    "currencyrate": [{"base": "1", "currency": "2", "newest": "2020-01-01", "oldest": "2020-01-01", "days": "1"}],
    "from subsidiary": [{"id": "1", "inactive": "F", "currency": "1"}, {"id": "2", "inactive": "F", "currency": "2"}],
    "from currency ": [
        {"id": number, "name": name, "inactive": "F", "base": "T", "rate": "1"}
        for number, name in (("1", "USD"), ("2", "EUR"))
    ],
}


def answer(seen: Seen) -> Reply:
    query = json.loads(seen.body)["q"].lower()
    return rows(*next(found for words, found in ROWS.items() if words in query))


@pytest.mark.parametrize(
    ("subsidiary", "told"),
    [("2", "no rate of USD to EUR"), ("parent company : gmbh", "no rate of USD to EUR"), ("1", "of EUR to USD is of")],
)
def test_rates_to_the_base_currency_of_the_books_count(engine: Engine, subsidiary: str, told: str) -> None:
    """By id or name; those of the rest of the group are none of their business."""
    ledger.replace_reference(engine, "subsidiary", GROUP, datetime.now(UTC))
    policy = Policy.model_validate(
        {"books": {"subsidiary": subsidiary}, "accounts": {"bank": {"usd": "Checking", "eur": "Euros"}}}
    )
    with WireFake(answer) as fake:
        (found,) = exchange_rates(engine, Facts(reader(fake.base_url)), policy)
    assert told in found.detail
