"""The package as others install it: it works outside the checkout, with the files of a deployment inside."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_BUILD = "import hatchling.build as b, sys; print(b.build_wheel(sys.argv[1]))"

_LOOK = """
import o2c_orchestration.definitions as found
from o2c_orchestration.console.files import deployed_file
print(found.__file__)
print(len(list(found.defs.assets)))
print(*(deployed_file(name) for name in ("dagster.yaml", "workspace.yaml", "o2c.yaml")))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked where nothing of the checkout is."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-c", _BUILD, str(folder)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    name = done.stdout.strip().splitlines()[-1]
    with zipfile.ZipFile(folder / name) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


def run(installed: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python with the unpacked wheel before everything else, in an empty folder."""
    place = installed.parent / "empty"
    place.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("O2C_", "STRIPE_", "DAGSTER_"))}
    environment = {**kept, "PYTHONPATH": str(installed)}
    return subprocess.run([sys.executable, *arguments], cwd=place, env=environment, capture_output=True, text=True)


def test_the_command_and_the_code_location_come_from_the_wheel(installed: Path):
    """Neither needs a checkout."""
    said = run(installed, "-c", _LOOK)
    assert said.returncode == 0, said.stderr
    where, assets, *files = said.stdout.splitlines()
    assert where.startswith(str(installed))
    assert int(assets) > 30
    assert all(path.startswith(str(installed)) for path in files[0].split())
    assert "Salesforce" in run(installed, "-m", "o2c_orchestration.cli", "--help").stdout


def test_an_error_is_explained_without_a_checkout(installed: Path):
    """The entries of docs/errors.md come along."""
    said = run(installed, "-m", "o2c_orchestration.cli", "explain", "closed_period")
    assert said.returncode == 0, said.stderr
    assert "period" in said.stdout


def test_no_test_and_no_secret_is_packed(installed: Path):
    """Only the product, and the licence."""
    names = {path.name for path in installed.iterdir()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"o2c_orchestration"}
    assert list(installed.rglob("*.pem")) == []
    assert list(installed.rglob("LICENSE"))
