"""Any text at all as o2c.yaml: a policy, or what is wrong in words, with the file; never another error."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.policy_file import known_keys, load_policy

SIGNS = (
    "\n",
    "\n  ",
    "\n    ",
    ": ",
    ", ",
    "- ",
    "? ",
    "{",
    "}",
    "[",
    "]",
    "'",
    '"',
    "|",
    "#",
    "---",
    "%",
    "\t",
    "<<: ",
    "=",
)
TAGS = (
    *("", "!!int ", "!!float ", "!!bool ", "!!null ", "!!timestamp ", "!!str ", "!!map ", "!!seq ", "!!merge "),
    *("!!set ", "!!omap ", "!!binary ", "!x ", "!!python/object:os.system "),
)
VALUES = (
    *(
        "2026-13-01",
        "2026-11-30",
        "2026-01-01T99:00:00Z",
        "0001-01-01T00:00:00+99:99",
        "1e999",
        ".nan",
        "0x",
        "0o",
        "x",
    ),
    *(
        "9" * 5000,
        "0x" + "f" * 5000,
        "1:99:99",
        "yes",
        "NO",
        "null",
        "~",
        '"\\0"',
        '"\\ud800"',
        "\x07",
        "é",
        "''",
        "[]",
    ),
    *("&a [*a]", "&a {b: *a}", "*a", "{<<: *a}", "&a x", "{<<: 1}", "{[]: 1}", "{? {a: b}}", "{=: 1}", "[[[[x]]]]"),
)
NAMES = (
    *("mapping", "invoice", "header", "class", "tables", "books", "start", "include", "type", "attributes", "o2c"),
    *("o2c_orchestration.component.OrderToCash", "o2c.yaml", "entities", "acct_1", "source", "constant", "number"),
)
TEXTS = ["", ".", "..", "/", "../x", "a/", "usd", "acct_1", "2026-11-30", "%", "(?", "0"]
ODD = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.datetimes()),
    *(st.binary(max_size=3), st.text(max_size=6), st.sampled_from(TEXTS)),
)


def read(text: str, folder: Path) -> None:
    """Reads it, and looks at what is told of what is wrong."""
    path = folder / "o2c.yaml"
    path.write_text(text, newline="")
    told = wrong(path)
    if told is not None:
        assert str(path) in str(told)
        assert len(told.what.splitlines()) == 1 or told.what.split(" ", 1)[1].startswith("things are wrong")
        assert "\0" not in str(told)
        str(told).encode()


def wrong(path: Path) -> SettingsError | None:
    try:
        load_policy(path)
    except SettingsError as error:
        return error
    return None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("policy")


@given(text=st.lists(st.sampled_from((*SIGNS, *TAGS, *VALUES, *NAMES)) | st.text(max_size=3), max_size=25).map("".join))
def test_any_text_is_a_policy_or_told(text: str, folder: Path):
    """Whatever PyYAML makes of it."""
    read(text.encode(errors="ignore").decode(), folder)


@example(lines={"owner": ("", "&a [*a]")})
@given(lines=st.dictionaries(st.sampled_from(NAMES), st.tuples(*map(st.sampled_from, (TAGS, VALUES))), max_size=3))
def test_any_tag_on_any_value_is_read_or_told(lines: dict[str, tuple[str, str]], folder: Path):
    """PyYAML takes any tag on any text, and its readers of values fail as Python's own functions do."""
    read("".join(f"{name}: {tag}{value}\n" for name, (tag, value) in lines.items()), folder)


@st.composite
def sections(draw: st.DrawFn, above: tuple[str, ...] = ()) -> Any:
    """Settings that there are, with anything as their values."""
    names = known_keys(above)
    if not names or len(above) > 4 or draw(st.integers(0, 6)) == 0:
        return draw(st.one_of(ODD, st.lists(ODD, max_size=2), st.dictionaries(ODD, ODD, max_size=2)))
    chosen = draw(st.lists(st.sampled_from(names), max_size=3, unique=True))
    return {name: draw(sections((*above, name))) for name in chosen}


@given(data=sections())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_any_value_of_any_setting_is_taken_or_told(data: Any, folder: Path):
    """No section falls over what is none of its values."""
    read(yaml.safe_dump(data, allow_unicode=True), folder)
