"""Tables in the terminal say what they are given, to the letter."""

import pytest

from o2c_orchestration.console import tables
from o2c_orchestration.store.gap_sums import GapSum, SomeGaps


def test_brackets_in_another_systems_words_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    """NetSuite writes keys and values in them."""
    said = "key: [doc,line] and value: [20103,null] [bold]"
    tables.show("Refused", [{"reason": said}])
    assert said in capsys.readouterr().out


@pytest.mark.parametrize("values", [[], [{"a": 1}], [{"a": [], "b": {"c": "é\n"}}, {}, None, [1, 2]]])
def test_a_list_printed_one_by_one_is_the_list(values: list[object], capsys: pytest.CaptureFixture[str]) -> None:
    """To the letter: `--json` is stable."""
    tables.print_json(values)
    whole = capsys.readouterr().out
    tables.print_json_list(iter(values))
    assert capsys.readouterr().out == whole
    tables.print_json({"none": [], "some": values})
    whole = capsys.readouterr().out
    tables.print_json_lists({"none": (), "some": iter(values)})
    assert capsys.readouterr().out == whole


def test_gaps_that_are_not_shown_are_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody takes the first few for all of them."""
    tables.show_gaps(SomeGaps((GapSum("missing_in_netsuite", "usd", 1_200_000, None, 5),)))
    said = capsys.readouterr().out
    assert "and 1,200,000 younger ones" in said
    assert "1,200,000 younger ones: `o2c gaps --json` has them all" in said
    assert "0.05 USD" in said
