"""The gate when an object changes and changes back while several reads of it are under way."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import Engine, text

from o2c_orchestration.store.gate import StripeObject, admit

NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)


def read(second: int, name: str) -> StripeObject:
    payload: dict[str, Any] = {"id": "cus_toandfro", "object": "customer", "created": 1_770_000_000, "name": name}
    return StripeObject.of(payload, NOW + timedelta(seconds=second))


@pytest.mark.parametrize("order", list(permutations([0, 1, 2])))
def test_the_newest_read_wins_although_it_brought_nothing_new(engine: Engine, order: tuple[int, ...]) -> None:
    """A, then B, then A again: whatever comes in last, the object ends as A, which the newest read saw."""
    reads = [read(0, "A"), read(1, "B"), read(2, "A")]
    for number in order:
        admit(engine, [reads[number]])
    with engine.connect() as connection:
        assert connection.execute(text("SELECT payload ->> 'name' FROM o2c.stripe_objects")).scalar() == "A"


def test_of_two_reads_that_began_together_the_later_arrival_stays(engine: Engine) -> None:
    """Also when the first of them found nothing new: a tie never keeps out what came last."""
    for item in (read(0, "A"), read(1, "A"), read(1, "B")):
        admit(engine, [item])
    with engine.connect() as connection:
        assert connection.execute(text("SELECT payload ->> 'name' FROM o2c.stripe_objects")).scalar() == "B"
