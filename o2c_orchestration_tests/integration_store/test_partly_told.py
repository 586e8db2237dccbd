"""What Salesforce refuses of a record field by field: the rest is told, and that it was is no matter of words."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Engine

from o2c_orchestration.apply.write_back import _told
from o2c_orchestration.clients.salesforce_write import Written
from o2c_orchestration.plan.write_back import WriteBack
from o2c_orchestration.store import write_backs

REFUSED = ("A__c", "B__c", "C__c", "D__c", "E__c")
RECORD = {"Id": "006", **dict.fromkeys(REFUSED, "x"), "Fine__c": 7}


class Org:
    """Takes no record with one of the refused fields, and names one of them a time."""

    def __init__(self) -> None:
        self.requests: list[Sequence[Mapping[str, Any]]] = []

    def __call__(self, records: Sequence[Mapping[str, Any]]) -> list[Written]:
        self.requests.append(records)
        return [self._answer(record) for record in records]

    def _answer(self, record: Mapping[str, Any]) -> Written:
        odd = next((name for name in REFUSED if name in record), None)
        return Written("006") if odd is None else Written(None, "BAD", f"{odd} is bad", (odd,))


def test_as_many_fields_as_are_refused_one_after_the_other_are_left_out() -> None:
    """However many there are: the last request has all that Salesforce takes."""
    org = Org()
    [answer] = _told(org, "Id", [RECORD])
    assert org.requests[-1] == [{"Id": "006", "Fine__c": 7}]
    assert len(org.requests) == len(REFUSED) + 1
    assert (answer.id, answer.code) == ("006", "BAD")
    assert all(name in answer.detail for name in REFUSED)


def test_a_record_of_which_nothing_is_taken_ends_too() -> None:
    """When nothing is left to tell, nobody asks again."""
    org = Org()
    [answer] = _told(org, "Id", [{name: value for name, value in RECORD.items() if name != "Fine__c"}])
    assert (answer.id, answer.code) == (None, "BAD")
    assert len(org.requests) == len(REFUSED)


def test_whether_all_else_was_told_is_kept_whatever_the_words_say(engine: Engine) -> None:
    """Words of another system may end with anything, and are blotted out when somebody is forgotten."""
    change = WriteBack("Opportunity", "Id", "006", {"Fine__c": 7})
    write_backs.record(engine, [(change, Written("006", "BAD", "no"))])
    assert [each.partly for each in write_backs.refused(engine)] == [True]
    write_backs.record(engine, [(change, Written(None, "BAD", "all else of it is told"))])
    assert [each.partly for each in write_backs.refused(engine)] == [False]
    write_backs.record(engine, [(change, Written("006"))])
    assert write_backs.refused(engine) == []
