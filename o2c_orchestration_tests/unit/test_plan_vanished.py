"""Documents of a customer who is not in NetSuite any more: held with what to do, before anything is sent."""

from dataclasses import replace

from o2c_orchestration.domain.directives import Directives
from o2c_orchestration.domain.documents import KnownDocument, Plan, Rows
from o2c_orchestration.domain.keys import named_customer_key
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.vanished import VanishedCustomer
from o2c_orchestration.plan import make_plan
from o2c_orchestration.plan.subsidiaries import PERSONAL
from o2c_orchestration_tests.unit.test_plan_metadata import INVOICE, PAYMENT, ROWS

MERGED = KnownDocument("107", vanished=VanishedCustomer("107", "109"))
DELETED = KnownDocument("107", vanished=VanishedCustomer("107"))
CODE = "CUSTOMER_VANISHED"


def plan(known: dict[str, KnownDocument], rows: Rows = ROWS, policy: Policy | None = None) -> Plan:
    return make_plan(policy or Policy(), rows, known)


def test_every_document_of_his_is_held_and_nobody_is_made_anew():
    """Invoice, payment, memos and refunds, whatever of it is there already; no customer, no currency for him."""
    there = {"in_1": KnownDocument("500", "usd", 1000, 1000), "ch_1": KnownDocument("501", "usd", 1000, 1000)}
    for known, held in (({}, {"in_1", "ch_1", "cn_1", "re_1", "dp_1"}), (there, {"cn_1", "cm-re_1", "cm-dp_1"})):
        found = plan({"cus_1": MERGED, **known})
        assert {item.document for item in found.commands} & {*PERSONAL, "customer", "customerCurrency"} == set()
        codes = {item.external_id: item.code for item in found.refusals if item.document in PERSONAL}
        assert codes.keys() >= held
    assert {codes[key] for key in held} == {CODE}


def test_the_words_say_into_whom_and_the_fix_names_him():
    """As far as it is known; else a person looks him up."""
    [merged, *_] = [item for item in plan({"cus_1": MERGED}).refusals if item.external_id == "in_1"]
    assert "no customer 107 any more, who was Stripe cus_1's: what was booked under him is customer 109's" in (
        merged.reason
    )
    assert merged.fix.startswith("name 109 as netsuite_customer_id in the metadata of cus_1 in Stripe: in_1 follows")
    [deleted, *_] = [item for item in plan({"cus_1": DELETED}).refusals if item.external_id == "in_1"]
    assert "he was deleted, merged into another one, or hidden from our role" in deleted.reason
    assert "name the internal id of the customer that takes his place as netsuite_customer_id" in deleted.fix


def test_once_another_one_is_named_everything_is_written():
    """The link is all that was wrong."""
    found = plan({"cus_1": KnownDocument("109")})
    assert (found.refusals, {item.external_id for item in found.commands} >= {"in_1", "ch_1", "re_1"}) == ((), True)


def test_others_are_written():
    """Only documents of the one who is gone are held."""
    other = replace(INVOICE, id="in_2", customer_id="cus_2")
    found = plan({"cus_1": MERGED, "cus_2": KnownDocument("110")}, Rows(invoices=(INVOICE, other)))
    assert [item.external_id for item in found.commands] == ["in_2"]


def test_of_one_whom_a_charge_names_the_charge_is_to_be_corrected():
    """He is no customer of Stripe's, so there is no other place."""
    key = named_customer_key("107")
    rows = Rows(payments=(replace(PAYMENT, customer_id=key, applications=()),))
    rows = replace(rows, directives=Directives(payers={"ch_1": "107"}, customers={key: "107"}))
    [refusal] = [item for item in plan({key: MERGED}, rows).refusals if item.code == CODE]
    assert refusal.fix.startswith("name 109 as netsuite_customer_id in the metadata of ch_1 in Stripe")


def test_of_the_common_one_the_policy_is_to_be_corrected():
    """Documents of all customers wait for it."""
    policy = Policy.model_validate({"customers": {"mode": "global", "global": "107"}})
    found = plan({"global:107": MERGED}, policy=policy)
    assert {item.fix for item in found.refusals if item.code == CODE} == {"name 109 under customers.global in o2c.yaml"}
