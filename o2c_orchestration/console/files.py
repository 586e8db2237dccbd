"""Files of the deployment: `dagster.yaml`, `workspace.yaml`, `o2c.yaml`."""

from pathlib import Path

from o2c_orchestration.domain.errors import O2CError


def deployed_file(name: str) -> Path:
    """A file of the deployment (`dagster.yaml`, `o2c.yaml`): of the checkout, else the copy in the package."""
    package = Path(__file__).resolve().parent.parent
    for candidate in (package.parent / name, package / "deploy" / name):
        if candidate.exists():
            return candidate
    raise O2CError(f"{name} is missing from the installation", "install the package anew")
