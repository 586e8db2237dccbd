"""The file of secrets, as a file: whether each line of it makes sense, whether it changed, and who may read it."""

import os
import stat
from pathlib import Path

from dotenv.parser import parse_stream

from o2c_orchestration.domain.errors import SettingsError


def check_lines(path: Path) -> None:
    """Raises SettingsError with the number of the first line that is none, and never its text. No file is none wrong.

    Who only read it would go on without what stands there: a system would be off for a quote that nobody closed.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            wrong = next((each.original.line for each in parse_stream(lines) if each.error), None)
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is not UTF-8", "write it as plain text") from None
    except OSError:
        return
    if wrong is not None:
        fix = "write each line as NAME=value or NAME='value', with both quotes or none"
        raise SettingsError(f"{path}: line {wrong} makes no sense", fix)


def stamp(path: Path) -> tuple[int, ...] | None:
    """What changes when somebody writes the file; None while there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def open_to_others(path: Path) -> str | None:
    """Its mode, such as `0644`, where anybody on this machine may read or write it; None elsewhere, and for no file."""
    try:
        mode = stat.S_IMODE(os.stat(path).st_mode)
    except OSError:
        return None
    return f"{mode:04o}" if mode & (stat.S_IROTH | stat.S_IWOTH) else None
