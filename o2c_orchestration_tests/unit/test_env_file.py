"""The file of secrets while somebody writes it: half of it takes nothing away from a process that stays."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from o2c_orchestration.current_settings import CurrentSettings
from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.preflight.secrets_file import secrets_file
from o2c_orchestration.settings import Environment, load_settings

_WHOLE = {
    "STRIPE_API_KEY": "rk_test_reader",
    "STRIPE_WRITE_KEY": "rk_test_writer",
    "STRIPE_WEBHOOK_SECRETS": "whsec_1",
    "NETSUITE_ACCOUNT_ID": "TSTDRV1",
    "NETSUITE_PRIVATE_KEY": "'-----BEGIN KEY-----\nAAAA\n-----END KEY-----'",
    "SALESFORCE_BASE_URL": "https://acme.my.salesforce.com",
    "SALESFORCE_CLIENT_ID": "app",
}
_TEXT = "".join(f"{name}={value}\n" for name, value in _WHOLE.items())
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes the file of secrets, which alone is in the environment."""
    for name in Environment.model_fields:
        monkeypatch.delenv(Environment.variable(name), raising=False)
    file = tmp_path / "o2c.env"
    monkeypatch.setenv("O2C_ENV_FILE", str(file))
    monkeypatch.chdir(tmp_path)
    written = 0

    def writing(text: str) -> Path:
        nonlocal written
        written += 1
        file.write_text(text)
        os.utime(file, (written, written))  # a moment later, however coarse the clock of files is
        return file

    return writing


def test_a_line_that_makes_no_sense_is_told_by_its_number_alone(write: Write) -> None:
    """At the start already, for what stands behind it would be off; and what stands there is nobody's business."""
    write("# ours\nO2C_MODE=observe\nSTRIPE_API_KEY='rk_test_secret\n")
    with pytest.raises(SettingsError) as told:
        load_settings()
    assert "line 3" in str(told.value)
    assert "rk_test_secret" not in str(told.value)


def test_a_file_that_is_no_text_is_told(write: Write) -> None:
    """Not a traceback that shows it."""
    write("").write_bytes(b"STRIPE_API_KEY=rk_test_\xff\n")
    with pytest.raises(SettingsError, match="not UTF-8"):
        load_settings()


@pytest.mark.parametrize(
    "half", ["", "# nothing\n", "STRIPE_API_KEY='rk_test_reader\n", _TEXT.partition("\n")[0] + "\n"]
)
def test_half_a_file_turns_nothing_off_and_is_told_once(write: Write, half: str) -> None:
    """Emptied, cut, or with a quote that nobody closed: what was there stays, and the log names variables only."""
    write(_TEXT)
    current = CurrentSettings()
    before = current.get()
    write(half)
    with capture_logs() as lines:
        assert current.get() is before
        assert current.get() is before
    assert len(lines) == 1
    assert "rk_test" not in str(lines)
    write(_TEXT.replace("rk_test_reader", "rk_test_newer"))
    stripe = current.get().stripe
    assert stripe is not None
    assert stripe.api_key == "rk_test_newer"


def test_wherever_the_file_is_cut_no_system_goes_off(write: Write) -> None:
    """Editors and `tee` empty a file and write it in parts: each part leaves on what was on."""
    write(_TEXT)
    current = CurrentSettings()
    current.get()
    for end in range(0, len(_TEXT), 3):
        write(_TEXT[:end])
        now = current.get()
        assert (now.stripe is not None, now.netsuite is not None, now.webhook_secrets) == (True, True, "whsec_1"), end
        assert now.salesforce is not None
        assert now.stripe_writer is not None
        assert now.stripe_writer.api_key == "rk_test_writer", end


def test_what_is_lost_is_told_by_name(write: Write) -> None:
    """And a restart takes the file as it is: who wants a system off says so there."""
    write(_TEXT)
    current = CurrentSettings()
    current.get()
    write("".join(f"{name}={value}\n" for name, value in _WHOLE.items() if not name.startswith("NETSUITE_")))
    with capture_logs() as lines:
        current.get()
    assert [line["variables"] for line in lines] == [["NETSUITE_ACCOUNT_ID", "NETSUITE_PRIVATE_KEY"]]
    assert CurrentSettings().get().netsuite is None


@pytest.mark.parametrize(
    ("mode", "told"), [(0o644, True), (0o666, True), (0o602, True), (0o600, False), (0o440, False)]
)
def test_a_file_that_everybody_may_read_is_a_hint(write: Write, mode: int, told: bool) -> None:
    """Which file, and what to do; a group that may read it, as on Kubernetes, is no reason."""
    file = write(_TEXT)
    file.chmod(mode)
    found = secrets_file(file)
    assert [each.mark for each in found] == ["hint"] * told
    assert all(f"chmod 600 {file}" in each.to_do and f"{mode:04o}" in each.detail for each in found)


def test_no_file_is_no_hint(tmp_path: Path) -> None:
    """Keys may stand in the environment."""
    assert secrets_file(tmp_path / "none.env") == []
