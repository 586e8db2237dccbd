"""The command line where things are not as they should be: folders, terminals, URLs, an empty database."""

import socket
from pathlib import Path

import pytest

from o2c_orchestration.console import tables
from o2c_orchestration_tests.conftest import NewDatabase
from o2c_orchestration_tests.e2e.cli_fixtures import CommandLine


@pytest.fixture
def o2c(tmp_path: Path) -> CommandLine:
    """Commands as a shell starts them, in an empty folder, with nothing of ours set but what is given."""
    return CommandLine(tmp_path / "terminal")


def test_no_command_prints_the_help(o2c: CommandLine):
    """As it is, line by line; so does a group of commands."""
    for arguments in ([], ["alerts"]):
        told = o2c(*arguments)
        assert told.code == 2
        assert told.err.startswith("Usage: ")
        assert "\n\nCommands:\n" in told.err


def test_an_empty_database_is_not_taken_for_books_that_agree(o2c: CommandLine, empty_database: NewDatabase):
    """`gaps` and `plan` say that nothing was read, and how to."""
    with empty_database() as url:
        for command in ("gaps", "plan"):
            told = o2c(command, O2C_DATABASE_URL=url)
            assert "Nothing was read yet: `o2c run`" in told.out
            assert "agree" not in told.out


def test_a_home_that_cannot_be_used_is_told(o2c: CommandLine, tmp_path: Path):
    """One line with the folder, and no traceback."""
    (tmp_path / "file").write_text("")
    told = o2c("gaps", O2C_HOME=str(tmp_path / "file" / "home"))
    assert told.code == 2
    assert told.err.startswith("o2c: O2C_HOME: ")
    assert told.err.count("\n") == 1


@pytest.mark.parametrize("url", ["mysql://u:p@localhost/d", "sqlite:///books.db"])
def test_another_database_is_refused(o2c: CommandLine, url: str):
    """By its name: ours is PostgreSQL."""
    told = o2c("gaps", O2C_DATABASE_URL=url)
    assert told.code == 2
    assert f"names {url.partition(':')[0]}, and PostgreSQL is what we need" in told.err


def test_a_terminal_without_the_characters_gets_others(o2c: CommandLine):
    """What ASCII cannot show becomes a question mark."""
    told = o2c.alone("explain", "PERIOD_CLOSED", PYTHONIOENCODING="ascii")
    assert told.code == 0
    assert "`its date ? lies in" in told.out


@pytest.mark.parametrize("command", [["sandbox", "--no-company"], ["receiver"]])
def test_a_port_that_is_taken_is_a_wrong_argument(o2c: CommandLine, empty_database: NewDatabase, command: list[str]):
    """Exit 2, and which option gives another one."""
    with socket.socket() as taken, empty_database() as url:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        told = o2c(*command, "--port", port, O2C_DATABASE_URL=url, STRIPE_WEBHOOK_SECRETS="whsec_x")
    assert told.code == 2
    assert f"port {port}" in told.err
    assert "--port" in told.err


def test_an_error_is_one_line_for_whoever_reads_it(o2c: CommandLine, empty_database: NewDatabase):
    """A pipe breaks no line: what it says can be searched for."""
    with empty_database() as url:
        told = o2c("trace", "in_nothingIsKnownOfThisOne", O2C_DATABASE_URL=url)
    assert told.code == 1
    assert told.err.count("\n") == 1


def test_a_path_that_is_no_file_is_told_as_given(o2c: CommandLine):
    """The files of `mapping diff` are arguments: O2C_CONFIG has nothing to do with them."""
    told = o2c("mapping", "diff", "old.yaml", "new.yaml")
    assert told.code == 2
    assert "old.yaml does not exist. Correct the path" in told.err


def test_blocks_keep_ids_whole(capsys: pytest.CaptureFixture[str]):
    """However narrow the terminal: a line of facts, in columns, and what is said of it beneath."""
    name = "in_1" + "x" * 100
    tables.show_blocks("Gaps", [(["a", "12.00 USD"], [name]), (["bcd", "1.00 USD"], ["", "why"])])
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["Gaps", "", "  a    12.00 USD", f"    {name}", "", "  bcd  1.00 USD", "    why", ""]
