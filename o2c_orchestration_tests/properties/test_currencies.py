"""The planner where customers may lack the currency of their documents: nothing is sent that NetSuite would refuse."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.domain.documents import KnownDocument
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan.currencies import in_question
from o2c_orchestration_tests.properties.test_planner import plan_of, rows

HELD = st.sampled_from([frozenset[str](), frozenset({"usd"}), frozenset({"jpy", "kwd"})])
SETTINGS = st.sampled_from(["add", "refuse"])


@st.composite
def worlds(draw: Any) -> dict[str, Any]:
    """Rows, and what NetSuite says of some of their customers."""
    found = draw(rows())
    people = {key: KnownDocument(key[-1] * 3, currencies=draw(HELD)) for key in ("cus_2", "cus_3")}
    return {**found, "known": {**found["known"], **people}}


@given(setting=SETTINGS, found=worlds())
def test_a_currency_that_is_known_to_lack_comes_first(setting: str, found: dict[str, Any]):
    """Each document of such a customer waits for one addition, which is there; no other addition is planned."""
    policy = Policy.model_validate({"customers": {"currencies": setting}})
    plan = plan_of(policy, found)
    additions = {item.external_id: item for item in plan.commands if item.document == "customerCurrency"}
    used = set()
    for command in (item for item in plan.commands if item.document in ("invoice", "customerPayment")):
        held = found["known"].get(command.customer_id, KnownDocument("0"))
        lacks = setting == "add" and held.currencies and command.currency not in held.currencies
        waits = {key for key in command.depends_on if key.startswith("cc-")}
        assert waits == ({f"cc-{held.netsuite_id}-{command.currency}"} if lacks else set())
        used |= waits
    assert set(additions) == used
    assert len(additions) == sum(1 for item in plan.commands if item.document == "customerCurrency")


@given(found=worlds())
def test_once_it_is_there_nothing_but_the_addition_is_gone(found: dict[str, Any]):
    """The documents are the same, and none of them is in question any more."""
    policy = Policy.model_validate({"customers": {"currencies": "add"}})
    first = plan_of(policy, found)
    asked = in_question(policy, found["known"], first.commands)
    held = {
        key: KnownDocument(
            each.netsuite_id, currencies=each.currencies | {code for who, code in asked if who == each.netsuite_id}
        )
        if key.startswith("cus_")
        else each
        for key, each in found["known"].items()
    }
    second = plan_of(policy, {**found, "known": held})
    bodies = {item.external_id: item.body for item in first.commands if item.document != "customerCurrency"}
    assert {item.external_id: item.body for item in second.commands} == bodies
    assert in_question(policy, held, second.commands) == set()


@given(found=worlds())
def test_by_default_nothing_is_planned_in_a_currency_that_its_customer_lacks(found: dict[str, Any]):
    """It is refused by name, and what nobody knows of is planned as ever."""
    plan = plan_of(Policy(), found)
    of = {key: each.currencies for key, each in found["known"].items() if key.startswith("cus_")}
    for command in (item for item in plan.commands if item.document in ("invoice", "customerPayment")):
        held = of.get(command.customer_id or "")
        assert not held or command.currency in held
    for refusal in (item for item in plan.refusals if item.code == "CUSTOMER_CURRENCY"):
        assert refusal.currency not in of[refusal.customer_id or ""]
