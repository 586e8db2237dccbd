"""Tables in the terminal say what they are given, to the letter."""

import pytest

from o2c_orchestration.console import tables


def test_brackets_in_another_systems_words_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    """NetSuite writes keys and values in them."""
    said = "key: [doc,line] and value: [20103,null] [bold]"
    tables.show("Refused", [{"reason": said}])
    assert said in capsys.readouterr().out
