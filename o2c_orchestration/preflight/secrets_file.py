"""Whether the file of secrets is for those alone who need it."""

from pathlib import Path

from o2c_orchestration.env_file import open_to_others
from o2c_orchestration.preflight.finding import Finding


def secrets_file(path: Path) -> list[Finding]:
    """A hint where anybody on this machine may read or write it; what a group may is that group's business."""
    mode = open_to_others(path)
    if mode is None:
        return []
    otherwise = "whoever has a login on this machine has the keys of all systems"
    detail = f"{path.absolute()} is open to everybody on this machine (mode {mode})"
    return [Finding("file of secrets", None, detail, f"chmod 600 {path.absolute()}", otherwise)]
