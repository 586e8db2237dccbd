"""What the preflight says of the rights of the user that Salesforce knows the app by, as its describe tells them."""

from collections.abc import Callable
from typing import Any

import pytest

from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.domain.salesforce_fields import READ, WRITTEN
from o2c_orchestration.preflight.finding import Finding
from o2c_orchestration.preflight.salesforce import salesforce_fields
from o2c_orchestration_tests.contract.test_client_salesforce import reader, token
from o2c_orchestration_tests.wire_fake import Reply, Seen, WireFake

Change = Callable[[str, dict[str, Any]], None]


def as_granted(kind: str) -> dict[str, Any]:
    """A describe as the user of our permission sets gets it: our fields may be written, our two objects made."""
    ours = kind.endswith("__c")
    fields = [
        {"name": name, "type": "string", "updateable": name in WRITTEN.get(kind, ()), "createable": ours}
        for name in {*READ.get(kind, ()), *WRITTEN.get(kind, ())}
    ]
    return {"fields": fields, "createable": ours, "deletable": False}


def found(change: Change = lambda kind, told: None, mode: str = "sync", **policy: Any) -> dict[str, Finding]:
    def answer(seen: Seen) -> Reply:
        if not seen.path.endswith("/describe"):
            return token()
        kind = seen.path.split("/")[-2]
        told = as_granted(kind)
        change(kind, told)
        return Reply(200, told)

    with WireFake(answer) as fake:
        rows = salesforce_fields(reader(fake.base_url), Policy.model_validate({"mode": mode, "deals": policy}))
    return {each.what: each for each in rows}


def closed(name: str, *flags: str) -> Change:
    def change(kind: str, told: dict[str, Any]) -> None:
        for field in told["fields"]:
            if field["name"] == name:
                field.update(dict.fromkeys(flags, False))

    return change


def test_the_rights_of_our_permission_sets_are_right() -> None:
    """Nothing lacks and nothing is too much."""
    told = found()
    assert {each.ok for each in told.values()} == {True}
    assert "Salesforce rights" not in told
    count = len({*READ["Account"], *WRITTEN["Account"]})
    assert told["Salesforce Account"].detail == f"{count} fields can be read, {len(WRITTEN['Account'])} written"


@pytest.mark.parametrize(("name", "object_"), [("O2C_Paid__c", "Opportunity"), ("Remaining__c", "O2C_Invoice__c")])
def test_a_field_that_is_to_be_written_and_may_not_be_is_wrong(name: str, object_: str) -> None:
    """Visible and read-only: each write would be refused. Who writes nothing back needs no such right."""
    change = closed(name, "updateable", "createable")
    told = found(change)[f"Salesforce {object_}"]
    assert (told.ok, told.detail) == (False, f"cannot be written: {name}")
    assert "permission sets" in told.to_do
    assert {each.ok for each in found(change, write_back=False).values()} == {True}
    assert found(change, mode="observe")[f"Salesforce {object_}"].ok is None


def test_what_only_a_new_record_may_have_is_enough_for_records_that_we_make() -> None:
    """Whose payment it is cannot be changed in Salesforce, by nobody; and nothing can be made without the right to."""
    assert found(closed("Invoice__c", "updateable"))["Salesforce O2C_Payment__c"].ok is True
    told = found(lambda kind, told: told.update(createable=False))["Salesforce O2C_Payment__c"]
    assert (told.ok, told.detail) == (False, "cannot be written: any new record")


def test_rights_that_nothing_here_uses_are_told_and_stop_nobody() -> None:
    """To make or delete records; once for all objects, by name."""

    def change(kind: str, told: dict[str, Any]) -> None:
        if kind in ("Account", "Opportunity"):
            told["createable"] = True
        told["deletable"] = kind in ("Contact", "O2C_Invoice__c")

    told = found(change)["Salesforce rights"]
    assert (told.ok, told.detail) == (
        None,
        "the app's user may make Account, Opportunity and delete Contact, O2C_Invoice__c, and nothing here does",
    )


def test_what_salesforce_does_not_say_is_not_held_against_anybody() -> None:
    """A describe without a word on rights: nothing lacks, nothing is too much."""

    def change(kind: str, told: dict[str, Any]) -> None:
        told["fields"] = [{"name": each["name"]} for each in told["fields"]]
        told.pop("createable")
        told.pop("deletable")

    assert {each.ok for each in found(change).values()} == {True}
