"""Under which NetSuite customer documents are booked, by policy."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from o2c_orchestration.domain.documents import Command, KnownDocument, Plan, Rows
from o2c_orchestration.domain.keys import common_customer_key, common_customer_name
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan
from o2c_orchestration_tests.unit.test_plan_metadata import PAYMENT, REFUND, ROWS, ChargeHistory

COMMON = {"$document": ["customer", "global:Everybody"]}
THERE = {"global:Everybody": KnownDocument("9")}


def plan(rows: Rows, known: dict[str, KnownDocument] | None = None, **customers: Any) -> Plan:
    return make_plan(Policy.model_validate({"customers": customers}), rows, THERE if known is None else known)


def named(command: Command) -> Any:
    return command.body.get("entity") or command.body.get("customer")


def test_in_mode_global_every_document_names_the_common_customer():
    """No customer is planned, and no document waits for one; the Stripe customer is still told."""
    found = plan(ROWS, mode="global", **{"global": "Everybody"})
    personal = [item for item in found.commands if item.document != "deposit"]
    assert {item.document for item in personal} == {"invoice", "customerPayment", "creditMemo", "customerRefund"}
    assert [item.external_id for item in personal if named(item) != COMMON] == []
    assert {key for item in found.commands for key in item.depends_on if key.startswith(("cus_", "global:"))} == set()
    assert {item.customer_id for item in personal} == {"cus_1"}


def test_in_mode_global_customers_of_stripe_need_not_be_known():
    """Nothing is booked under them."""
    assert plan(replace(ROWS, customers=()), mode="global", **{"global": "Everybody"}).refusals == ()


@pytest.mark.parametrize("mode", ["each", "global"])
def test_a_charge_of_nobody_goes_to_the_common_customer(mode):
    """With its refunds; in mode each only if a common customer is named."""
    alone = replace(PAYMENT, customer_id=None, applications=())
    rows = Rows(payments=(alone,), histories=(ChargeHistory(alone, (REFUND,)),))
    found = plan(rows, mode=mode, **{"global": "Everybody"})
    assert [(item.external_id, named(item)) for item in found.commands] == [("ch_1", COMMON), ("re_1", COMMON)]
    refused = plan(rows).refusals
    assert [(item.external_id, item.code) for item in refused] == [("ch_1", "NO_CUSTOMER"), ("re_1", "NO_CUSTOMER")]


def test_a_common_customer_that_netsuite_lacks_is_refused_by_name():
    """Every document that would be booked under it is; none goes elsewhere."""
    found = plan(ROWS, {}, mode="global", **{"global": "Everybody"})
    assert {item.document for item in found.commands} == {"deposit"}
    [invoice] = [item for item in found.refusals if item.external_id == "in_1"]
    assert (invoice.code, "'Everybody'" in invoice.reason) == ("GLOBAL_CUSTOMER", True)


def test_mode_global_needs_a_customer():
    """Said when o2c.yaml is read, not when the first document is written."""
    with pytest.raises(ValidationError, match=r"customers\.global"):
        Policy.model_validate({"customers": {"mode": "global"}})


def test_the_key_of_the_common_customer_tells_its_name():
    """A name or an internal id, as o2c.yaml has it; other keys have none."""
    assert common_customer_name(common_customer_key("Everybody")) == "Everybody"
    assert common_customer_name("cus_1") is None
