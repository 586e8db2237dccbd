"""The YAML of o2c.yaml: what cannot be read is told in one line, with its place and what to do."""

from pathlib import Path

import pytest

from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.policy_file import load_policy


def error(folder: Path, text: str) -> SettingsError:
    path = folder / "o2c.yaml"
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_policy(path)
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2026-13-01", "'2026-13-01' is no date (month must be in 1..12)"),
        ("2026-01-01T99:00:00Z", "is no date (hour must be in 0..23"),
        ("!!timestamp hello", "'hello' is no date"),
        ("!!int abc", "'abc' is no whole number"),
        ("!!int ''", "'' is no whole number"),
        ("!!bool hello", "'hello' is no true or false"),
        ("!!float ''", "'' is no number"),
        ("0x" + "f" * 5000, "is too large a number"),
        ("9" * 5000, "is no whole number"),
    ],
)
def test_a_value_that_yaml_cannot_read_is_told(tmp_path, value, words):
    """PyYAML lets Python's own errors through, which say nothing of the file."""
    found = error(tmp_path, f"books:\n  start: {value}\n")
    assert "o2c.yaml:2: " in found.what
    assert words in found.what
    assert "in quotes" in found.what_to_do


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("mode: sync\na: &a [*a]", 2, "an alias (*) stands in what it is an alias of"),
        ("mode: sync\na: &a {b: {c: *a}}", 2, "an alias (*)"),
        ("a: &a\n  <<: *a", 1, "an alias (*)"),
        ("mode: sync\nowner: !!binary aGk=", 2, "the tag '!!binary' has no meaning here"),
        ("!!set {a, b}", 1, "'!!set'"),
        ("owner: !me x", 1, "'!me'"),
        ('mode: sync\nowner: "\\0"', 2, "has a character that is none"),
        ('owner: "\\ud800"', 1, "has a character that is none"),
        ("mode: [" + "[" * 120 + "]" * 121, 1, "is nested deeper"),
        ("mode: sync\nowner: \x07", 2, "is not YAML (line 2, column 8)"),
        ("mode: sync\nmapping: {tables: {countries: {NO: 1}}}", 2, "YAML reads the key NO as true or false"),
        ("mode: sync\nbooks: [", 2, "is not YAML (line 2"),
    ],
)
def test_what_is_no_policy_of_anybody_is_told(tmp_path, text, where, words):
    """Before anything follows an alias or writes a character that no terminal takes."""
    found = error(tmp_path, text)
    assert f"o2c.yaml:{where}: " in found.what
    assert words in found.what


@pytest.mark.parametrize("text", ["mode: " + "[" * 5000, "[" * 5000 + "]" * 5000])
def test_brackets_without_end_are_told(tmp_path, text):
    """They are deeper than Python reads."""
    assert "o2c.yaml: is nested deeper" in error(tmp_path, text).what


def test_aliases_of_aliases_do_not_grow_without_end(tmp_path):
    """Nine lines that come to a thousand million values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "comes to more than 1,000,000 values" in error(tmp_path, "\n".join(lines)).what


def test_a_folder_is_no_file_to_include(tmp_path):
    """It is the include that has to be corrected."""
    found = error(tmp_path, "include: .")
    assert "cannot be read (Is a directory)" in found.what
    assert "correct include" in found.what_to_do
