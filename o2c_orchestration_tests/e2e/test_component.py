"""A project of Dagster's Components loads ours from its `defs.yaml`, and the commands read the same file."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_DEFINITIONS = """
from pathlib import Path
import dagster as dg
defs = dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
"""
_PROJECT = '[tool.dg]\ndirectory_type = "project"\n[tool.dg.project]\nroot_module = "company"\n'
_DEFS = """
type: o2c_orchestration.component.OrderToCash
attributes:
  owner: team:treasury
  books:
    start: 2026-02-01
    time_zone: Europe/Berlin
"""
_LOOK = """
from company.definitions import defs
import dagster as dg
graph = defs.resolve_asset_graph()
invoices = graph.get(dg.AssetKey(["stripe", "invoices"]))
print(len(list(graph.get_all_asset_keys())), len(defs.schedules), len(defs.sensors))
print(invoices.partitions_def.start.date(), *invoices.owners)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that `dg` would have made, with our Component in it."""
    place = tmp_path / "company" / "defs" / "books"
    place.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(_PROJECT)
    (tmp_path / "company" / "__init__.py").touch()
    (tmp_path / "company" / "definitions.py").write_text(_DEFINITIONS)
    (place / "defs.yaml").write_text(_DEFS)
    return tmp_path


def file_of(project: Path) -> Path:
    return project / "company" / "defs" / "books" / "defs.yaml"


def run(project: Path, config: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python in the project's folder, with O2C_CONFIG naming this file."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("O2C_", "STRIPE_", "DAGSTER_"))}
    root = str(Path(__file__).parents[2])
    environment = {**kept, "PYTHONPATH": f"{root}{os.pathsep}{project}", "O2C_CONFIG": str(config), "COLUMNS": "500"}
    return subprocess.run([sys.executable, *arguments], cwd=project, env=environment, capture_output=True, text=True)


def test_the_component_is_the_whole_code_location(project: Path):
    """As many assets, schedules and sensors as ours, by the settings of its file."""
    there = run(project, file_of(project), "-c", _LOOK)
    assert there.returncode == 0, there.stderr
    ours = run(project, file_of(project), "-c", _LOOK.replace("company.definitions", "o2c_orchestration.definitions"))
    assert there.stdout == ours.stdout
    assert there.stdout.splitlines()[1] == "2026-02-01 team:treasury"


def test_dagsters_own_check_accepts_it(project: Path):
    """`dagster definitions validate` starts a code server, as the webserver does."""
    said = run(project, file_of(project), "-m", "dagster", "definitions", "validate", "-m", "company.definitions")
    assert said.returncode == 0, said.stderr
    assert "All code locations passed" in said.stdout + said.stderr


def test_commands_read_the_components_file(project: Path):
    """Its mistakes are named with file and line, there and in the code location alike."""
    path = file_of(project)
    path.write_text(_DEFS.replace("time_zone", "timezone"))
    command = run(project, path, "-m", "o2c_orchestration.cli", "gaps")
    location = run(project, path, "-c", _LOOK)
    for said in (command, location):
        assert said.returncode != 0
        assert f"{path}:7: unknown setting 'books.timezone'" in said.stdout + said.stderr
        assert "did you mean 'time_zone'?" in (said.stdout + said.stderr).lower()


def test_another_policy_for_the_commands_is_refused(project: Path):
    """What the pages show and what a run follows would be two things."""
    other = project / "o2c.yaml"
    other.write_text("books: {start: 2026-03-01}\n")
    said = run(project, other, "-c", _LOOK)
    assert said.returncode != 0
    assert f"the component's settings are in {file_of(project)}, and O2C_CONFIG names {other}" in said.stderr


def test_editors_get_the_schema_of_the_settings():
    """What `dg` completes and checks with is the schema of o2c.yaml; each reference in it leads somewhere."""
    from o2c_orchestration.component import OrderToCash
    from o2c_orchestration.policy_schema import schema

    found = OrderToCash.get_model_cls().model_json_schema()
    assert found["properties"].keys() == schema()["properties"].keys()
    text = json.dumps(found)
    named = {each.split('"')[0] for each in text.split('"#/$defs/')[1:]}
    assert named
    assert named <= found["$defs"].keys()
    assert "#/definitions/" not in text
