"""Drift of what NetSuite and Salesforce give: learned as it is read, told before anything fails by it."""

from typing import Any

import pytest
from sqlalchemy import Engine

from o2c_orchestration.domain.drift import Finding
from o2c_orchestration.domain.errors import ProtocolError
from o2c_orchestration.store import drift as store
from o2c_orchestration.store.database import raw_cursor
from o2c_orchestration.validate import drift
from o2c_orchestration.validate.records import judge
from o2c_orchestration_tests.contract.test_mirror_other_ledgers import invoice, mirror
from o2c_orchestration_tests.unit.test_read_rows import DEAL

KIND = "netsuite_transaction"
VERSION = drift.version_of("salesforce_opportunity")


@pytest.fixture
def some() -> list[dict[str, Any]]:
    """Thirty sound invoices."""
    return [invoice(number) for number in range(1, 31)]


def read(engine: Engine, rows: list[dict[str, Any]]) -> None:
    mirror(engine, {"transaction": rows, "customer": [{"id": "7"}]})


def later(engine: Engine) -> None:
    """What was seen was seen nine days ago."""
    with raw_cursor(engine) as cursor:
        for column in ("began_at", "looked_at"):
            cursor.execute(f"UPDATE o2c.seen_objects SET {column} = {column} - interval '9 days'")
        for column in ("first_seen_at", "last_seen_at"):
            cursor.execute(f"UPDATE o2c.seen_fields SET {column} = {column} - interval '9 days'")


def told(engine: Engine, kind: str = KIND) -> list[tuple[str, str, bool]]:
    return [(each.kind, each.key, each.read) for each in drift.look(engine, kind)]


def test_sound_rows_are_learned_and_nothing_is_told(engine: Engine, some: list[dict[str, Any]]) -> None:
    """Of every query of a read; columns that are empty throughout are no drift."""
    read(engine, some)
    assert store.catalogue(engine, KIND, drift.SUITEQL_VERSION).objects == 30
    assert store.catalogue(engine, "netsuite_reference", drift.SUITEQL_VERSION).objects
    assert [each for kind in drift.KINDS for each in drift.look(engine, kind)] == []


def test_a_column_that_is_empty_from_now_on_is_told(engine: Engine, some: list[dict[str, Any]]) -> None:
    """What is unpaid would read as nothing, so that every invoice were paid: no row fails by it."""
    read(engine, some)
    later(engine)
    read(engine, [{name: value for name, value in row.items() if name != "unpaid"} for row in some])
    assert told(engine) == [("missing", f"{KIND}.unpaid", True)]


def test_a_new_status_is_told_after_the_first_day(engine: Engine, some: list[dict[str, Any]]) -> None:
    """What the first day showed is usual; a type of document that nobody asked for is told at once."""
    read(engine, some)
    assert told(engine) == []
    later(engine)
    read(engine, [invoice(31, status="Z")])
    assert told(engine) == [("new_value", f"{KIND}.status=Z", True)]


def test_drift_is_known_though_the_read_fails_by_it(engine: Engine, some: list[dict[str, Any]]) -> None:
    """The error names the rows, the report what is other about all of them."""
    wrong = [invoice(number, foreigntotal="12,50") for number in (4, 5, 6)]
    with pytest.raises(ProtocolError, match=r"transaction 4 cannot be read: foreigntotal: not a number \(as cannot 2"):
        read(engine, [*some[:3], *wrong])
    assert told(engine) == [("retyped", f"{KIND}.foreigntotal", True)]
    (found,) = drift.look(engine, KIND)
    assert found.what == "is string, and was null or number"


def test_a_word_for_true_is_no_silence(engine: Engine) -> None:
    """An invoice that is voided in another word would count as living."""
    with pytest.raises(ProtocolError, match="NetSuite transaction 1 cannot be read: voided: neither T nor F"):
        read(engine, [invoice(1, voided="true")])


def deals(**more: Any) -> list[dict[str, Any]]:
    standard = dict.fromkeys(("Name", "AccountId", "StageName"))
    return [{**DEAL, **standard, "Id": f"0060000000{number:05d}", **more} for number in range(30)]


def opportunity(engine: Engine) -> list[Finding]:
    return drift.look(engine, "salesforce_opportunity")


def test_records_of_salesforce_are_compared_too(engine: Engine) -> None:
    """A field that the user may not see any more, one of another type, and a field that our package added."""
    assert judge(engine, "Opportunity", deals(O2C_Term_Months__c=12)) == {}
    assert opportunity(engine) == []
    later(engine)
    changed = [{name: value for name, value in each.items() if name != "Amount"} for each in deals(CloseDate=20261105)]
    odd = judge(engine, "Opportunity", changed)
    assert len(odd) == 30
    assert set(odd.values()) == {"Opportunity: CloseDate: not a day"}
    found = {(each.kind, each.path, each.read) for each in opportunity(engine)}
    assert found == {
        ("missing", "Amount", True),
        ("retyped", "CloseDate", True),
        ("missing", "O2C_Term_Months__c", True),
    }
    assert {each.api_version for each in opportunity(engine)} == {VERSION}


def test_a_field_that_an_org_never_had_is_no_drift(engine: Engine) -> None:
    """Ours and the currency; a standard one that nobody shows us is told of five records."""
    few = [{name: value for name, value in each.items() if name != "Amount"} for each in deals()[:5]]
    judge(engine, "Opportunity", few)
    assert [(each.kind, each.path) for each in opportunity(engine)] == [("missing", "Amount")]


def test_what_is_declared_anew_is_taken_over(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Our declarations have no version: what they say is compared, and the catalogue follows."""
    judge(engine, "Opportunity", deals())
    before = store.declared_by(engine, "salesforce_opportunity", VERSION)
    shape = drift.declared("salesforce_opportunity")
    monkeypatch.setattr(drift.read_rows, "declared", lambda kind: {name: shape[name] for name in ("Id", "Amount")})
    judge(engine, "Opportunity", deals())
    assert store.declared_by(engine, "salesforce_opportunity", VERSION) != before
    known = store.catalogue(engine, "salesforce_opportunity", VERSION)
    assert {each.path for each in known.fields if each.declared} == {"Id", "Amount"}
