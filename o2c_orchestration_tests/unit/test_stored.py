"""One definition of a row: the schema says what the class says, and the planner's rows are of the same types."""

import dataclasses
import typing
from datetime import UTC, date, datetime
from typing import Any

import pytest

from o2c_orchestration.domain import documents, payouts
from o2c_orchestration.domain.stored import (
    STORED,
    TABLES,
    CurrencyCode,
    Field,
    Free,
    Holds,
    Id,
    NotNegative,
    Payer,
    fields_of,
)
from o2c_orchestration.store.rows import columns
from o2c_orchestration.validate.flatten import FLATTEN
from o2c_orchestration.validate.schemas import SCHEMAS, failures

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
PLAIN = {str: "x", int: 0, bool: False, date: date(2026, 3, 1), datetime: MOMENT, list: [], dict: {}}
FIELDS = [(kind, each) for kind, table in TABLES.items() for each in fields_of(STORED[table])]


def sound(field: Field) -> Any:
    """A value that a field takes."""
    if field.values:
        return field.values[-1]
    (mark,) = field.marks or (None,)
    known = {Id: lambda: f"{mark.prefixes[0]}_1", Payer: lambda: "cus_1", CurrencyCode: lambda: "usd"}
    return known.get(type(mark), lambda: PLAIN[field.type])()


def row(object_type: str, **changes: Any) -> dict[str, Any]:
    found = {each.name: sound(each) for each in fields_of(STORED[TABLES[object_type]])}
    return {**found, **changes}


WRONG: dict[type, list[Any]] = {
    str: [7, 1.5, {"a": 1}],
    int: [1.0, "1", True, 2**63],
    bool: [0, 1, "true"],
    date: ["2026-03-01", MOMENT, 20260301],
    datetime: ["2026-03-01", date(2026, 3, 1), MOMENT.replace(tzinfo=None)],
}
HELD_WRONG: dict[str, list[Any]] = {
    "lines": [[{"amount_minor": 1}], [{"amount_minor": "1"}], 7, "x"],
    "pairs": [[["a", 1.5]], [[1, 1]], [["a"]], 7],
    "refunds": [[["re_1", 1.5]], [["in_1", 1]], [[None, 1]], [["re_1"]], 7],
    "balances": [{"usd": "1"}, 7, [1]],
}


def wrong(field: Field) -> list[Any]:
    """Values that a field must not take, whatever else it says."""
    (mark,) = field.marks or (None,)
    found = ["unheard of", 7, list(field.values)] if field.values else WRONG.get(field.type, [])
    match mark:
        case Free():
            found = []
        case Id(prefixes):
            found = [*found, "xx_1", f"{prefixes[0]}_", f"{prefixes[0]}_1\n", ["in_1"]]
        case Payer():
            found = [*found, "xx_1", "cus_", "netsuite:", ["cus_1"]]
        case CurrencyCode():
            found = [*found, "USD", "us", "usd\n"]
        case Holds(what):
            found = HELD_WRONG[what]
        case NotNegative():
            found = [*found, -1]
    return found


@pytest.mark.parametrize(("object_type", "field"), FIELDS, ids=lambda value: getattr(value, "name", value))
def test_the_schema_refuses_what_the_class_does_not_say(object_type, field):
    """Every field of every class: empty only where it may be, no other type, no other value; neighbours pass."""
    for value in wrong(field):
        found = failures(object_type, [row(object_type), row(object_type, **{field.name: value}), row(object_type)])
        assert list(found) == [1], (field.name, value)
        assert field.name in found[1]
    found = failures(object_type, [row(object_type, **{field.name: None}), row(object_type)])
    assert list(found) == ([] if field.nullable else [0])


@pytest.mark.parametrize("object_type", sorted(TABLES))
def test_class_schema_store_and_flattener_name_the_same_fields(object_type):
    """In the same order where order matters; a field that one of them lacks fails here."""
    names = [each.name for each in fields_of(STORED[TABLES[object_type]])]
    assert names == list(SCHEMAS[object_type].columns) == columns(TABLES[object_type])
    assert object_type in FLATTEN
    assert [each.nullable for each in fields_of(STORED[TABLES[object_type]])] == [
        each.nullable for each in SCHEMAS[object_type].columns.values()
    ]


# The planner's rows, the stored ones they are made of, and what is put together for them from other rows.
PLANNED = [
    (documents.CustomerRow, "customers", {"currencies", "namesakes", "contacts"}),
    (documents.InvoiceRow, "invoices", {"payers"}),
    (documents.PaymentRow, "payments", {"applications", "looked_up", "named"}),
    (documents.CreditNoteRow, "credit_notes", {"invoice_void"}),
    (documents.RefundRow, "refunds", {"returned_date", "credited"}),
    (documents.DisputeRow, "disputes", set()),
    (payouts.PayoutRow, "payouts", None),
]


@pytest.mark.parametrize(("planned", "table", "joined"), PLANNED, ids=lambda value: getattr(value, "__name__", None))
def test_the_planner_s_rows_are_of_the_stored_types(planned, table, joined):
    """A field of one name is of one type on both sides; what the planner has beyond it is known by name."""
    stored = {each.name: each for each in fields_of(STORED[table])}
    hints = typing.get_type_hints(planned)
    for each in dataclasses.fields(planned):
        if each.name in stored and stored[each.name].type not in (list, dict):
            kinds = set(typing.get_args(hints[each.name])) - {type(None)} or {hints[each.name]}
            assert kinds == {stored[each.name].type}, each.name
            assert stored[each.name].nullable or type(None) not in typing.get_args(hints[each.name]), each.name
    if joined is not None:
        assert {each.name for each in dataclasses.fields(planned)} - stored.keys() == joined
