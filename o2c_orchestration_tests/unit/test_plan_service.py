"""Service periods on lines of invoices and credit memos: in the fields that o2c.yaml names, or not at all."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from o2c_orchestration.domain.documents import InvoiceRow, KnownDocument, LineRow, Rows
from o2c_orchestration.domain.policy import Policy
from o2c_orchestration.plan import make_plan
from o2c_orchestration_tests.unit.test_plan_metadata import INVOICE, LINE, NOTE, ROWS

START, END = "custcol_service_start", "custcol_service_end"
FIELDS = {"start_field": START, "end_field": END}
# February in Los Angeles.
SEATS = replace(
    LINE,
    period_start=datetime(2026, 2, 1, 8, tzinfo=UTC),
    period_end=datetime(2026, 3, 1, 8, tzinfo=UTC),
    discount_minor=100,
    amount_minor=1100,
)
BILL = replace(INVOICE, lines=(SEATS,), tax_minor=19, shipping_minor=5, total_minor=1024)


def lines_of(rows: Rows, known: dict[str, KnownDocument] | None = None, **revenue: Any) -> list[dict[str, Any]]:
    """The lines of the only document that is planned besides customers."""
    plan = make_plan(Policy.model_validate({"revenue": revenue}), rows, known or {})
    assert plan.refusals == ()
    [command] = [item for item in plan.commands if item.document != "customer"]
    return list(command.body["item"]["items"])


def bill(row: InvoiceRow = BILL) -> Rows:
    return Rows(customers=ROWS.customers, invoices=(row,))


def days(line: dict[str, Any]) -> tuple[Any, Any]:
    return line.get(START), line.get(END)


def test_nothing_is_written_unless_fields_are_named():
    """A line is what it was: item, quantity, text and amount."""
    assert {name for line in lines_of(bill()) for name in line} == {"item", "quantity", "description", "rate", "amount"}


def test_a_line_and_its_discount_say_their_days():
    """Both ends included, in the days of the books; tax and shipping are delivered on no days."""
    seats, discount, shipping, tax = lines_of(bill(), **FIELDS)
    assert days(seats) == days(discount) == ("2026-02-01", "2026-02-28")
    assert days(shipping) == days(tax) == (None, None)


def test_a_line_without_a_period_says_nothing():
    """Stripe gives most lines one; none is made up for the others."""
    line = replace(SEATS, period_end=None)
    assert days(lines_of(bill(replace(BILL, lines=(line,))), **FIELDS)[0]) == (None, None)


def test_whole_days_end_on_the_day_before():
    """A period from ten to ten: the day on which it ends belongs to the next one, if o2c.yaml says so."""
    line = replace(
        SEATS, period_start=datetime(2026, 2, 3, 18, tzinfo=UTC), period_end=datetime(2026, 3, 3, 18, tzinfo=UTC)
    )
    rows = bill(replace(BILL, lines=(line,)))
    assert days(lines_of(rows, **FIELDS)[0]) == ("2026-02-03", "2026-03-03")
    assert days(lines_of(rows, **FIELDS, whole_days=True)[0]) == ("2026-02-03", "2026-03-02")


@pytest.mark.parametrize(
    ("issued", "expected"),
    [
        (date(2026, 1, 20), ("2026-02-01", "2026-02-28")),
        (date(2026, 2, 15), ("2026-02-15", "2026-02-28")),
        (date(2026, 2, 28), ("2026-02-28", "2026-02-28")),
        (date(2026, 4, 2), ("2026-02-28", "2026-02-28")),
    ],
)
def test_a_credit_note_takes_back_what_is_still_to_come(issued: date, expected: tuple[str, str]):
    """From its day on, never before the line's start; of a line that is over, its last day."""
    note = replace(NOTE, issue_date=issued, lines=(LineRow("cnli_1", "Seats", 400, origin="il_1"),))
    rows = Rows(customers=ROWS.customers, credit_notes=(note,), invoice_lines={"il_1": SEATS})
    known = {"in_1": KnownDocument("5", "usd", 1024, 0)}
    assert [days(line) for line in lines_of(rows, known, **FIELDS)] == [expected]


def test_a_line_of_a_credit_note_that_takes_back_none_has_no_days():
    """A line of its own: what it is for, nobody says."""
    note = replace(NOTE, lines=(LineRow("cnli_1", "Goodwill", 400),))
    rows = Rows(customers=ROWS.customers, credit_notes=(note,))
    known = {"in_1": KnownDocument("5", "usd", 1024, 0)}
    assert [days(line) for line in lines_of(rows, known, **FIELDS)] == [(None, None)]


def test_a_void_takes_back_what_is_still_to_come_on_its_day():
    """The memo of a voided invoice has the invoice's own lines, from the day of the void on."""
    void = replace(BILL, status="void", closed_date=date(2026, 2, 10))
    rows = Rows(customers=ROWS.customers, closed=(void,))
    found = lines_of(rows, {"in_1": KnownDocument("5", "usd", 1024, 1024)}, **FIELDS)
    assert [days(line) for line in found] == [("2026-02-10", "2026-02-28")] * 2 + [(None, None)] * 2


@pytest.mark.parametrize("item", ["Stripe Item", "stripe item"])
def test_items_may_have_a_template(item: str):
    """By the item as it is named in o2c.yaml or metadata, whatever its letters; other lines have none."""
    revenue = {"template_field": "custcol_revenue_template", "templates": {item: 7}}
    seats, discount, *_ = lines_of(bill(), **FIELDS, **revenue)
    assert (seats["custcol_revenue_template"], discount.get("custcol_revenue_template")) == ({"id": "7"}, None)


@pytest.mark.parametrize(
    ("revenue", "words"),
    [
        ({"start_field": START}, "go together"),
        ({"start_field": START, "end_field": START.upper()}, "the same field"),
        ({"start_field": "amount", "end_field": END}, "not a field that is free"),
        ({"start_field": "cust col", "end_field": END}, "not a field that is free"),
        ({"templates": {"Seats": 1}}, "template_field"),
        ({"templates": {"Seats": 1, "seats": 2}, "template_field": "custcol_t"}, "the same item"),
    ],
)
def test_fields_that_cannot_be_meant_are_refused(revenue: dict[str, Any], words: str):
    """When o2c.yaml is read, and not by NetSuite for each document."""
    with pytest.raises(ValidationError, match=words):
        Policy.model_validate({"revenue": revenue})
