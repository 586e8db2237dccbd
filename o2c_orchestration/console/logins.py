"""`o2c logins`: services log in as themselves, with no more rights than they need."""

from pathlib import Path
from typing import Annotated

import typer

from o2c_orchestration.assembly import Assembly
from o2c_orchestration.console import tables
from o2c_orchestration.console.letters import Json
from o2c_orchestration.domain.errors import SettingsError
from o2c_orchestration.settings import load_settings
from o2c_orchestration.store.database import make_logins
from o2c_orchestration.store.logins import PAGES, RUN

_Password = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="The file with the password of this login; without it, none is made."),
]


def logins(run: _Password = None, pages: _Password = None, as_json: Json = False) -> None:
    """Let services log in as o2c_run and o2c_pages; after `o2c migrate` and `dagster instance migrate`."""
    files = {RUN: run, PAGES: pages}
    passwords = {name: _read(file) for name, file in files.items() if file is not None}
    make_logins(Assembly(load_settings()).database_url, passwords)
    if as_json:
        tables.print_json({"logins": list(passwords)})
        return
    tables.console.print(
        f"rights are given; {', '.join(passwords) or 'nobody'} may log in with the password of its file"
    )


def _read(file: Path) -> str:
    try:
        password = file.read_text().strip()
    except (OSError, UnicodeDecodeError):
        password = ""
    if not password:
        raise SettingsError(f"{file} holds no password that can be read", "write one into it, in one line")
    return password
