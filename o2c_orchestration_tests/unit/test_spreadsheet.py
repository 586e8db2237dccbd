"""Rows for a spreadsheet: numbers are numbers, and what a system says is a text, whatever it begins with."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from o2c_orchestration.console.spreadsheet import cell, print_gaps
from o2c_orchestration.store.gaps import Gap

_WHEN = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _gap(reason: str, **more: object) -> Gap:
    values = {
        **{"gap_id": "g1", "leg": "stripe", "kind": "amount_mismatch", "state": "open", "stripe_id": "in_1"},
        **{"netsuite_id": None, "salesforce_id": None, "customer": "cus_1", "currency": "usd"},
        **{"expected_minor": 1050, "actual_minor": 50, "difference_minor": -1000, "reason": reason},
        **{"effective_date": date(2026, 11, 20), "first_seen_at": _WHEN, "last_seen_at": _WHEN},
    }
    return Gap(**{**values, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "said",
    ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", '=HYPERLINK("http://x","y")', "=cmd|' /C x'!A0"],
)
def test_no_text_is_a_formula(said: str) -> None:
    """It is shown as it is: an apostrophe before it says so."""
    assert cell(said) == f"'{said}"


@given(st.text(max_size=30))
def test_a_text_is_itself_or_has_an_apostrophe_before_it(said: str) -> None:
    """And none begins as a formula does."""
    told = cell(said)
    assert told in (said, f"'{said}")
    assert not told.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60))
def test_every_gap_is_one_row_whatever_its_reason_says(said: str) -> None:
    """Quotes, commas and line breaks in it make no new cells."""
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdout", out)
        print_gaps([_gap(said), _gap("plain")])
    first, second = csv.DictReader(io.StringIO(out.getvalue(), newline=""))
    assert first["reason"] == cell(said)
    assert (second["reason"], second["gap_id"]) == ("plain", "g1")


def test_amounts_are_numbers_in_the_currencys_own_units(capsys: pytest.CaptureFixture[str]) -> None:
    """A difference may be negative, and stays a number; yen have no decimals."""
    print_gaps([_gap("less"), _gap("yen", currency="jpy"), _gap("none", expected_minor=None)])
    dollars, yen, none = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (dollars["expected"], dollars["difference"], dollars["at_stake"]) == ("10.50", "-10.00", "10.00")
    assert (dollars["since"], dollars["first_seen_at"]) == ("2026-11-20", "2026-11-20T12:00:00+00:00")
    assert (yen["currency"], yen["difference"]) == ("JPY", "-1000")
    assert none["expected"] == ""
    assert cell(Decimal("1E+3")) == "1000"
