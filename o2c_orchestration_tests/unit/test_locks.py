"""The two locks: what a deployment installs is what the tests ran with."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", re.MULTILINE)


def pins(name: str) -> set[tuple[str, str]]:
    """(package, version) of every line."""
    return set(_PIN.findall((ROOT / name).read_text()))


def test_a_deployment_installs_what_was_tested():
    """No other version, and none of the tools."""
    everything, deployed = pins("requirements.lock"), pins("requirements.runtime.lock")
    assert deployed <= everything, deployed - everything
    assert {"pytest", "mypy", "ruff", "hypothesis"}.isdisjoint(name for name, _ in deployed)


def test_locks_hold_hashes_and_no_addresses():
    """A package is told by its hashes; where it comes from is the installer's setting."""
    for name in ("requirements.lock", "requirements.runtime.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert text.count("--hash=sha256:") >= len(pins(name))
