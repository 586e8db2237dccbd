"""Lists of Stripe's that hold what is none of its objects."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from o2c_orchestration.domain.errors import ProtocolError
from o2c_orchestration.extract.stripe import StripeExtractor
from o2c_orchestration_tests.contract.test_client_stripe import reader
from o2c_orchestration_tests.wire_fake import Reply, WireFake

DAY = date(2026, 2, 1)


@pytest.mark.parametrize("odd", [{"object": "customer"}, {"id": None, "object": "customer"}, {"id": 7}, "cus_1", None])
def test_what_has_no_id_is_told_as_no_answer_of_stripes(engine: Engine, odd: Any):
    """By its id alone it could be kept, or set aside: the read ends, and says what to look at."""
    page = {"object": "list", "has_more": False, "data": [{"id": "cus_1", "object": "customer"}, odd]}
    with WireFake(Reply(body=page)) as fake, pytest.raises(ProtocolError, match="no object with an id"):
        StripeExtractor(engine, reader(fake.base_url), 2).window("customer", DAY, DAY)
