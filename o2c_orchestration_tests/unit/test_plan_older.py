"""What leans on something from before the books says so: there is no gap to settle first."""

from datetime import date

import pytest

from o2c_orchestration.domain.documents import Refusal
from o2c_orchestration.plan.older import told

DAY = date(2026, 3, 1)


def refusal(code: str, reason: str) -> Refusal:
    return Refusal("customerPayment", "ch_9", "ch_9", None, "usd", 1, DAY, DAY, code, reason, "settle the gap first")


@pytest.mark.parametrize(("code", "key"), [("INVOICE_MISSING", "in_1Old"), ("PAYMENT_MISSING", "py_3Old")])
def test_the_reason_names_it_and_the_fix_is_to_enter_it(code: str, key: str):
    """An invoice that a payment pays, a charge that a refund takes back."""
    [found] = told([refusal(code, f"the document {key} that it leans on has none")], {"in_1Old", "py_3Old"})
    assert isinstance(found, Refusal)
    assert found.reason.endswith(f"{key} is from before books.start")
    assert found.fix.startswith(f"enter {key} in NetSuite as it was before, with {key} for its external id")


@pytest.mark.parametrize(
    ("code", "reason"),
    [("INVOICE_MISSING", "the invoice in_1OldOther has none"), ("DOES_NOT_FIT", "the invoice in_1Old has 1.00 left")],
)
def test_other_refusals_stay_as_they_are(code: str, reason: str):
    """What is of the books themselves, and what is wrong in another way."""
    given = refusal(code, reason)
    assert list(told([given], {"in_1Old"})) == [given]
