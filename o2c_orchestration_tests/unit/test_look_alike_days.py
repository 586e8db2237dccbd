"""Whether a document by hand holds up what waits to be sent: only where every entity says so, and says the same."""

from typing import Any

import pytest

from o2c_orchestration.apply.execute import look_alike_days
from o2c_orchestration.domain.policy import Policy


@pytest.mark.parametrize(
    ("given", "days"),
    [
        ({}, 7),
        ({"documents": {"look_alike_days": 3}}, 3),
        ({"documents": {"look_alike_days": None}}, None),
        ({"customers": {"mode": "global", "global": "House"}}, None),
    ],
)
def test_the_policy_decides(given: dict[str, Any], days: int | None) -> None:
    """Under a customer in common everything looks like everything, so nothing is held up."""
    assert look_alike_days(Policy.model_validate(given)) == days
