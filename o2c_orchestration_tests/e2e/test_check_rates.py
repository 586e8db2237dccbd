"""The preflight of exchange rates: currencies in use have one that counts today, as new as they usually are."""

from datetime import timedelta
from typing import Any

import pytest

from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration_tests.e2e.cli_fixtures import World, books_today
from o2c_orchestration_tests.e2e.test_check import look, world
from o2c_orchestration_tests.e2e.test_check_netsuite import Changed, changed

__all__ = ["changed", "world"]

BANK = {"usd": "Checking", "eur": "Checking EUR"}


def rate(world: World, changed: Changed, age: int, **given: Any) -> Finding | None:
    """What is found of the euro, whose newest rate is so many days old."""
    newest = f"{books_today() - timedelta(days=age)}"
    changed("rates", {"currency": "EUR", "newest": newest, **given}, {"currency": "EUR", "newest": None})
    return look(world, accounts={"bank": BANK}).get("exchange rate EUR")


def test_rates_that_come_daily_are_as_new_as_usual(world: World) -> None:
    """One finding for all of them; the base currency needs none."""
    found = look(world, accounts={"bank": BANK})
    assert found["exchange rates"].ok
    assert "EUR" in found["exchange rates"].detail
    assert "USD" not in found["exchange rates"].detail


@pytest.mark.parametrize(
    ("age", "given", "old"),
    [
        (4, {}, False),
        (6, {}, True),
        (20, {"distance": 7}, False),
        (25, {"distance": 7}, True),
        (30, {"days": 1}, False),
        (40, {"days": 1}, True),
        (90, {"distance": 31, "days": 10}, False),
    ],
)
def test_a_rate_is_old_by_how_often_they_come(
    world: World, changed: Changed, age: int, given: dict[str, int], old: bool
) -> None:
    """A provider that is silent for a week is told, a company that enters them monthly is left alone."""
    found = rate(world, changed, age, **given)
    assert (found is not None) == old
    if found is not None:
        assert (found.ok, found.mark) == (None, "hint")
        assert f"of EUR to USD is of {books_today() - timedelta(days=age)}, {age} days old" in found.detail
        assert "Currency Exchange Rates" in found.to_do
        assert "gain and loss" in found.otherwise


def test_a_rate_that_does_not_count_yet_is_none(world: World, changed: Changed) -> None:
    """It was entered for days to come only."""
    found = rate(world, changed, -3, days=2)
    assert found is not None
    assert "no rate of EUR to USD that counts today" in found.detail
