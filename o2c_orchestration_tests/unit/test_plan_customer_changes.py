"""What an account says by now of a customer whom we made in NetSuite: written, adopted, or told."""

from dataclasses import replace
from typing import Any

import pytest

from o2c_orchestration.domain.customer_changes import CustomerDiffers, LastWritten, MadeCustomer
from o2c_orchestration.domain.documents import Command
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.vanished import VanishedCustomer
from o2c_orchestration.plan.customer_changes import plan_customer_changes
from o2c_orchestration_tests.unit.deal_builders import ACCOUNT, ACCOUNT_ID, DEAL, rows

KEY = "cf-12-companyname"
MADE = MadeCustomer("107", {"companyName": LastWritten(12, "Acme Inc")}, "Acme Inc", of_account=True)


def changes(
    said: str, made: MadeCustomer = MADE, master: str = "salesforce", **known: Any
) -> tuple[list[Command], list[CustomerDiffers]]:
    policy = Policy.model_validate({"customers": {"changes": {"name": master}}})
    given = replace(rows(DEAL, account=replace(ACCOUNT, name=said)), **known)
    return plan_customer_changes(policy, given, {ACCOUNT_ID: made}, {})


def test_another_name_is_written() -> None:
    """And one that is the same is not."""
    [[change], told] = changes("Apex Inc")
    assert (change.external_id, change.body["change"], told) == (KEY, {"companyName": "Apex Inc"}, [])
    assert changes("Acme Inc") == ([], [])


def test_the_wanted_name_that_somebody_has_typed_already_is_taken_for_ours() -> None:
    """Nothing is told; the command finds it there, sends nothing, and what is said next is no conflict."""
    [[change], told] = changes("Apex Inc", replace(MADE, shown_name="Apex Inc"))
    assert (change.external_id, told) == (KEY, [])


def test_another_name_that_somebody_has_typed_is_a_conflict() -> None:
    """Both values are told, and nothing is written over it."""
    [commands, [told]] = changes("Apex Inc", replace(MADE, shown_name="Acme Holding"))
    assert (commands, "'Acme Holding'" in told.reason, "'Apex Inc'" in told.reason) == ([], True, True)


@pytest.mark.parametrize("master", ["none", "netsuite"])
def test_where_salesforce_is_not_the_master_nothing_is_taken(master: str) -> None:
    """What stands there is NetSuite's."""
    assert changes("Apex Inc", replace(MADE, shown_name="Apex Inc"), master) == ([], [])


def test_what_was_refused_waits_for_a_person() -> None:
    """Until Salesforce says something else."""
    refused = replace(MADE, shown_name=None, refused={KEY: ("Apex Inc", "NetSuite said no")})
    [commands, [told]] = changes("Apex Inc", refused)
    assert (commands, told.reason) == ([], "NetSuite said no")
    assert len(changes("Able AG", refused)[0]) == 1


def test_one_who_is_gone_is_told_with_who_takes_his_place() -> None:
    """No request is sent that finds nobody."""
    gone = {ACCOUNT_ID: VanishedCustomer("107", "109")}
    [commands, [told]] = changes("Apex Inc", vanished=gone)
    assert commands == []
    assert f"To do: o2c matches confirm {ACCOUNT_ID} cus_1 --netsuite 109" in told.reason
    assert changes("Acme Inc", vanished=gone) == ([], [])
